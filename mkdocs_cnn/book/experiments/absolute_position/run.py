"""Where the answer is a place: what does a network lose that treats all places alike?

A bright square lies somewhere on a noisy canvas, and the network has to say in which quarter of the
canvas its middle is. What is to be found looks the same everywhere; only where it is matters.

Five networks are compared. A dense one, and a locally connected one with a dense layer behind it,
have their own weights at every place. A convolution with a dense layer behind it shares its
weights, but what follows sees places apart. A convolution on a ring with global average pooling
behind it gives, by the laws of the chapter on equivariance, the same answer wherever the square is:
it can do no better than guess. The last one is the same with zero padding instead of the ring,
whose border tells its outputs apart.

For each seed new canvases are drawn for training, validation and test. A network is trained with
each of several learning rates; the one that gets fewest of the validation canvases wrong is tested,
once. Steps, batches and the optimiser (Adam) are the same for all. What is reported is how many
test canvases are answered wrongly, for each network and size of the training set.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mkdocs_cnn.experiments.declaration import experiment
from mkdocs_cnn.experiments.neural.families import dense
from mkdocs_cnn.experiments.neural.layers import Conv2d, Linear, LocallyConnected2d
from mkdocs_cnn.experiments.neural.network import Network
from mkdocs_cnn.experiments.neural.training import Examples, TrainingSettings, train_with_best_rate
from mkdocs_cnn.experiments.neural.weightless import GlobalAvgPool2d, MaxPool2d, ReLU


@dataclass(frozen=True)
class Settings(TrainingSettings):
    """What is compared."""

    networks: tuple[str, ...] = (
        "dense",
        "local",
        "convolution-dense",
        "zeros-pooled",
        "ring-pooled",
    )
    quarters: int = 4  # the possible answers
    size: int = 12  # height and width of the canvas; even
    square: int = 3  # height and width of the square; odd
    noise: float = 0.3  # standard deviation of the noise; the square is 1 brighter than it
    units: int = 16  # hidden units of the dense network
    channels: int = 8  # of the other networks
    sizes: tuple[int, ...] = (100, 1000)  # how many canvases there are to learn from
    rates: tuple[float, ...] = (0.003, 0.01, 0.03)
    validation: int = 300
    test: int = 600


@dataclass(frozen=True)
class AbsolutePositionRun:
    """What one seed gave, by network and size of the training set."""

    wrong: tuple[tuple[int, ...], ...]  # test canvases that were answered wrongly
    tested: int  # how many were asked
    parameters: tuple[int, ...]  # of each network


@experiment("absolute-position", title="A task whose answer is a position", seeds=12)
def absolute_position(settings: Settings, seed: int) -> AbsolutePositionRun:
    """Train every network on every size, with one seed."""
    return AbsolutePositionRun(
        tuple(
            tuple(cell(settings, seed, name, size) for size in settings.sizes)
            for name in settings.networks
        ),
        settings.test,
        tuple(network(settings, name).parameters for name in settings.networks),
    )


def cell(settings: Settings, seed: int, name: str, size: int) -> int:
    """How many test canvases one network gets wrong, trained with the rate that validates best."""
    examples, validation, test = (
        canvases(settings, np.random.default_rng([seed, part]), count)
        for part, count in enumerate((max(settings.sizes), settings.validation, settings.test))
    )
    net, key = network(settings, name), [seed, 3, settings.networks.index(name), size]
    return train_with_best_rate(net, examples[:size], validation, settings, key).wrong(test)


def canvases(settings: Settings, rng: np.random.Generator, count: int) -> Examples:
    """Squares in noise, `(count, 1, size, size)`, and in which quarter each is, row by row."""
    size, side = settings.size, settings.square
    x = settings.noise * rng.standard_normal((count, 1, size, size))
    corners = rng.integers(0, size - side + 1, (count, 2))
    for canvas, (row, column) in zip(x[:, 0], corners, strict=True):
        canvas[row : row + side, column : column + side] += 1
    below, right = (corners + side // 2 >= size // 2).T
    return Examples(x, 2 * below + right)


def network(settings: Settings, name: str) -> Network:
    """One of the networks that are compared, by its name."""
    size, channels = settings.size, settings.channels
    head = Linear(channels * (size // 2) ** 2, settings.quarters)
    if name == "dense":
        return dense(size**2, settings.units, settings.quarters)
    if name == "local":
        local = LocallyConnected2d(1, channels, (size, size), 3, padding=1)
        return Network((local, ReLU(), MaxPool2d(2), head))
    if name == "convolution-dense":
        return Network((Conv2d(1, channels, 3, padding=1), ReLU(), MaxPool2d(2), head))
    ring = name == "ring-pooled"  # or among zeros
    first, second = (
        Conv2d(into, channels, 3, padding=1, padding_mode="circular" if ring else "zeros")
        for into in (1, channels)
    )
    pooled = GlobalAvgPool2d(), Linear(channels, settings.quarters)
    return Network((first, ReLU(), second, ReLU(), *pooled))
