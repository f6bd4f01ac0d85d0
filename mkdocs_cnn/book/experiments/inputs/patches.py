"""Square patches of photographs: which part of a photograph is for training, which for testing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Regions(NamedTuple):
    """The squares that one photograph is divided into: the row and column of each one's corner."""

    train: Array  # half of them, from which patches for training are taken
    validation: Array  # a quarter of them
    test: Array  # a quarter of them


def regions(height: int, width: int, side: int, rng: np.random.Generator) -> Regions:
    """A photograph's squares, dealt out at random; what is left over at its edges is not used.

    Sizes are in pixels, of the photograph and of the side of a square.
    """
    corners = np.mgrid[: height // side, : width // side].reshape(2, -1).T * side
    dealt = rng.permutation(corners)
    quarter = len(dealt) // 4
    return Regions(dealt[2 * quarter :], dealt[quarter : 2 * quarter], dealt[:quarter])


def draw_patches(
    photographs: Sequence[Array],
    squares: Sequence[Array],
    count: int,
    *,
    side: int,
    size: int,
    rng: np.random.Generator,
) -> tuple[Array, Array]:
    """Patches at random places, each within one square, half of them mirrored.

    Args:
        photographs: Each `(channels, height, width)`.
        squares: For each photograph the corners of the squares that may be used.
        count: How many patches; each photograph gives as many, but for a remainder.
        side: Of a square, in pixels.
        size: Of a patch, in pixels.
        rng: Chooses.

    Returns:
        The patches, `(count, channels, size, size)`, and for each the number of its photograph.
    """
    labels = rng.permutation(np.arange(count) % len(photographs))
    patches = np.empty((count, len(photographs[0]), size, size))
    for patch, label in zip(patches, labels, strict=True):
        row, column = rng.choice(squares[label]) + rng.integers(0, side - size + 1, 2)
        cut = photographs[label][:, row : row + size, column : column + size]
        patch[...] = cut[:, :, ::-1] if rng.integers(2) else cut
    return patches, labels


def grey(patches: Array) -> Array:
    """Each pixel's three colours replaced by their mean: `(n, 3, height, width)` as given."""
    return np.broadcast_to(patches.mean(axis=1, keepdims=True), patches.shape)


def shuffled_colours(patches: Array, rng: np.random.Generator) -> Array:
    """The three channels of each patch in a random order, one order for all its pixels.

    Their mean, the grey patch, stays what it was.
    """
    orders = np.array(list(permutations(range(3))))[rng.integers(6, size=len(patches))]
    return np.take_along_axis(patches, orders[:, :, None, None], axis=1)
