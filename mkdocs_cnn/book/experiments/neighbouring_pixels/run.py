"""How alike two pixels are, by the distance between them.

The question. A window is a bet that pixels near each other tell more about each other than pixels
far apart. Is that so on photographs, by how much, and how far does it reach?

What is compared. Seven photographs of quite different things, in grey; the same pixels shuffled,
which leaves every grey value in the picture and takes away where it stood; and noise of the same
size, each grey value as likely as any other. Shuffles and noise are made ten times for each
photograph.

What is measured:

- The correlation (Pearson's) of the grey values of two pixels, over all pairs at a distance of 0,
  1, 2 … 60 pixels, along the rows and along the columns.
- How much of a pixel's variance eight others explain together, in the best linear prediction:
  those at the same distance in the eight directions of the compass, one for each direction. For
  all distances they predict the same pixels, those that are 60 or more away from the border.
- How many pairs of neighbours in a row or a column differ by at most 10 of the 255 grey levels.

Beside it stands what an autoregressive series of order one would give, in which each value
follows from the one before. It is computed and not simulated: if neighbours have correlation r,
values at distance d have r to the power of d.

A run is one photograph, and its number is the seed of its shuffles and its noise. Error bars are
two standard errors of the mean over the photographs. Seven do not stand for all photographs there
are; that they agree says more than the bars.

What may flatter the photographs. Each pixel of theirs is a mean over a square of 2 × 2 or 4 × 4
pixels of the original, which takes out some of the camera's noise. A prediction from eight pixels
is judged on the pixels it was fitted to: it explains a few tenths of a percent at most even where
there is nothing to explain, as the shuffled pixels show.

No model is trained and nothing is tuned. Distances, the ten grey levels and the photographs were
chosen before anything was measured.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from mkdocs_cnn.book.experiments.inputs.photographs import PHOTOGRAPHS, photograph
from mkdocs_cnn.experiments.declaration import experiment

Grey = NDArray[np.int64]


@dataclass(frozen=True)
class Settings:
    """What is measured."""

    photographs: tuple[str, ...] = PHOTOGRAPHS  # their names; the seed counts them
    farthest: int = 60  # the largest distance, in pixels
    # The distances from which eight pixels predict one.
    groups: tuple[int, ...] = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 60)
    shuffles: int = 10  # how often each photograph is shuffled, and noise made
    close: int = 10  # grey values that differ by at most this are close


@dataclass(frozen=True)
class PhotographRun:
    """One photograph, beside its shuffled pixels and noise."""

    photograph: str
    height: int  # of it, in pixels
    width: int  # of it, in pixels
    across: tuple[float, ...]  # the correlation at distance 0, 1, 2 … along the rows
    down: tuple[float, ...]  # the same along the columns
    # The same of the shuffled pixels, the mean over both directions and all shuffles.
    shuffled: tuple[float, ...]
    noise: tuple[float, ...]  # the same of the noise
    # The size of the largest correlation, of either sign, that shuffled pixels had at any distance
    # above 0, in either direction, in any shuffle.
    farthest_from_zero: float
    # The share of a pixel's variance that eight pixels at each distance of `groups` explain.
    explained: tuple[float, ...]
    explained_shuffled: tuple[float, ...]  # the same of shuffled pixels, the mean over the shuffles
    neighbours: int  # pairs of pixels that stand side by side, or one below the other
    close: int  # those of them whose grey values are close
    close_shuffled: int  # the same of the shuffled pixels, added up over the shuffles


@experiment(
    "neighbouring-pixels",
    title="Correlation of pixels by their distance",
    seeds=7,
    reads=("photographs/*.png",),
)
def neighbouring_pixels(settings: Settings, seed: int) -> PhotographRun:
    """Measure one photograph."""
    name = settings.photographs[seed]
    image = grey(name)
    shuffles = [shuffle_pixels(image, seed, n) for n in range(settings.shuffles)]
    noises = [noise(image, seed, n) for n in range(settings.shuffles)]
    by_shuffle = [both for one in shuffles for both in _both(one, settings.farthest)]
    by_noise = [both for one in noises for both in _both(one, settings.farthest)]
    across, down = _both(image, settings.farthest)
    beyond_zero = [value for curve in by_shuffle for value in curve[1:]]
    return PhotographRun(
        photograph=name,
        height=image.shape[0],
        width=image.shape[1],
        across=_rounded(across),
        down=_rounded(down),
        shuffled=_rounded(_means(by_shuffle)),
        noise=_rounded(_means(by_noise)),
        farthest_from_zero=round(max(map(abs, beyond_zero)), 6),
        explained=_rounded(_by_group(image, settings)),
        explained_shuffled=_rounded(_means(_by_group(one, settings) for one in shuffles)),
        neighbours=neighbours(image.shape),
        close=close(image, settings.close),
        close_shuffled=sum(close(one, settings.close) for one in shuffles),
    )


# -- the pictures


def grey(name: str) -> Grey:
    """A photograph in grey, with the weights of luma in Recommendation ITU-R BT.601, rounded.

    It is `(height, width)` integers from 0 to 255.
    """
    red, green, blue = photograph(name).astype(np.int64)
    luma: Grey = (299 * red + 587 * green + 114 * blue + 500) // 1000
    return luma


def shuffle_pixels(image: Grey, seed: int, number: int) -> Grey:
    """The same grey values, each at a place drawn by chance."""
    rng = np.random.default_rng([seed, 0, number])
    return rng.permutation(image.ravel()).reshape(image.shape)


def noise(image: Grey, seed: int, number: int) -> Grey:
    """Independent grey values from 0 to 255, in the shape of the image."""
    rng = np.random.default_rng([seed, 1, number])
    return rng.integers(0, 255, image.shape, endpoint=True)


# -- what is measured of one


def autocorrelation(image: Grey, farthest: int) -> tuple[float, ...]:
    """The correlation of pixels in a row, over all pairs at distance 0, 1 … `farthest`.

    The image is `(height, width)` integers; for distances along the columns, its transpose.
    """
    width = image.shape[1]
    return tuple(correlation(image[:, : width - d], image[:, d:]) for d in range(farthest + 1))


def correlation(first: Grey, second: Grey) -> float:
    """Pearson's correlation of grey values that stand at the same place of two arrays."""
    # Below 2^53 every sum of integers is exact in float64, in whatever order a library adds.
    a, b = (pixels.ravel().astype(np.float64) for pixels in (first, second))
    n, sum_a, sum_b = a.size, int(a.sum()), int(b.sum())
    covariance = n * int(a @ b) - sum_a * sum_b
    variances = (n * int(a @ a) - sum_a**2) * (n * int(b @ b) - sum_b**2)
    return covariance / math.sqrt(variances)


def explained_share(image: Grey, distance: int, margin: int) -> float:
    """The share of a pixel's variance that eight pixels at a distance explain, by least squares.

    Only pixels `margin` away from the border are predicted, the same for all distances.
    """
    height, width = image.shape

    def moved(down: int, right: int) -> NDArray[np.float64]:
        rows = slice(margin + down, height - margin + down)
        columns = slice(margin + right, width - margin + right)
        return image[rows, columns].ravel().astype(np.float64)

    steps = (-distance, 0, distance)
    group = [moved(*step) for step in product(steps, steps) if step != (0, 0)]
    predictors, wanted = np.array(group).T, moved(0, 0)
    predictors -= predictors.mean(axis=0)
    wanted -= wanted.mean()
    together, alone = predictors.T @ predictors, predictors.T @ wanted
    return float(alone @ np.linalg.solve(together, alone) / (wanted @ wanted))


def neighbours(shape: tuple[int, ...]) -> int:
    """How many pairs of pixels stand side by side, or one below the other."""
    height, width = shape
    return height * (width - 1) + (height - 1) * width


def close(image: Grey, most: int) -> int:
    """How many of them differ by at most so many grey levels."""
    steps = (np.abs(np.diff(image, axis=axis)) for axis in (0, 1))
    return sum(int(np.count_nonzero(step <= most)) for step in steps)


# -- over distances and pictures


def _both(image: Grey, farthest: int) -> Iterator[tuple[float, ...]]:
    yield autocorrelation(image, farthest)
    yield autocorrelation(image.T, farthest)


def _by_group(image: Grey, settings: Settings) -> tuple[float, ...]:
    return tuple(
        explained_share(image, distance, settings.farthest) for distance in settings.groups
    )


def _means(curves: Iterable[tuple[float, ...]]) -> list[float]:
    return [math.fsum(values) / len(values) for values in zip(*curves, strict=True)]


def _rounded(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(value, 6) for value in values)
