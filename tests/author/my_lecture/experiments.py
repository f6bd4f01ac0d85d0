"""Noise is averaged over 3 × 3 again and again: how much of its spread is left?

For each seed, the noise of a small image and of a larger one is averaged over the window around
every pixel, where what leaves the image on one side comes in on the other. The report gives the
spread after each layer as a share of the spread before the first. Nothing is chosen afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mkdocs_cnn import Quantity
from mkdocs_cnn.experiments import experiment, findings


@dataclass(frozen=True)
class Settings:
    """The sizes of the images, and how often they are averaged."""

    sizes: tuple[int, ...] = (32, 64)
    layers: int = 3


@dataclass(frozen=True)
class Run:
    """The shares of the spread that are kept, by size and layer, in thousandths."""

    kept: tuple[tuple[int, ...], ...]


@experiment("repeated-averages", title="Noise averaged again and again", seeds=5)
def repeated_averages(settings: Settings, seed: int) -> Run:
    """Average the noise of one seed."""
    rng = np.random.default_rng(seed)
    return Run(tuple(_kept(rng.standard_normal((n, n)), settings.layers) for n in settings.sizes))


def _kept(noise: np.ndarray, layers: int) -> tuple[int, ...]:
    shares, image = [], noise
    for _ in range(layers):
        rows = (image + np.roll(image, 1, 0) + np.roll(image, -1, 0)) / 3
        image = (rows + np.roll(rows, 1, 1) + np.roll(rows, -1, 1)) / 3
        shares.append(round(1000 * image.std() / noise.std()))
    return tuple(shares)


@findings("repeated-averages")
def shares_kept(runs: Sequence[Run], settings: Settings, *, layers: int = 1) -> dict[str, Quantity]:
    """The `share` that is kept after so many layers of the larger image, the mean of all seeds."""
    thousandths = [run.kept[-1][layers - 1] for run in runs]
    mean = sum(map(Quantity, thousandths), Quantity(0)) / (1000 * len(runs))
    return {"share": mean.named("share of the spread that is kept")}
