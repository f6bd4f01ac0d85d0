"""What measurements are made on: seeded noise, the photograph in grey, and filters.

Noise is whole numbers from so wide a range that none are equal by chance.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.book.measurements.photograph import grey_photograph
from mkdocs_cnn.layers.arguments import whole
from mkdocs_cnn.registry import UnknownNameError

IMAGES = ("noise", "photograph")
NOISE_FROM, FILTERS_FROM = 1, 2  # the seeds


def image(name: str, size: int | None = None, *, otherwise: int = 32) -> Array:
    """An image by name.

    Args:
        name: "noise" or "photograph".
        size: Pixels along each side of the noise; None for as many as `otherwise` says.
        otherwise: See there.

    Returns:
        `(1, height, width)` of integers, from 0 up to but not with 2**30, or to 255.

    Raises:
        UnknownNameError: If there is no such image.
        ValueError: If the size is less than 1, or one is given for the photograph.
        TypeError: If the size is not an integer.
    """
    if name == "noise":
        side = int(whole("size", otherwise if size is None else size, at_least=1))
        return np.random.default_rng(NOISE_FROM).integers(0, 2**30, (1, side, side))
    if name != "photograph":
        raise UnknownNameError("image", name, IMAGES)
    if size is not None:
        raise ValueError(f"size is that of noise, and the photograph has its own; not {size!r}")
    return _photograph()


def images(size: int) -> dict[str, Array]:
    """Noise of this size, and the photograph, by name."""
    return {"noise": image("noise", size), "photograph": image("photograph")}


@cache
def _photograph() -> Array:
    pixels = grey_photograph()
    pixels.flags.writeable = False  # it is handed out again and again
    return pixels


def middle_square(pixels: Array) -> Array:
    """The largest square in the middle of an image `(channels, height, width)`."""
    _, height, width = pixels.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[:, top : top + side, left : left + side]


def filters(count: Any) -> Array:
    """Filters of integers from 1 to 9: `(count, 1, 3, 3)`.

    Raises:
        ValueError: If there is to be none.
        TypeError: If `count` is not an integer.
    """
    shape = (int(whole("filters", count, at_least=1)), 1, 3, 3)
    return np.random.default_rng(FILTERS_FROM).integers(1, 10, shape)
