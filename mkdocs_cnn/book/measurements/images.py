"""What measurements are made on: seeded noise, a photograph, and filters.

Noise is whole numbers from so wide a range that none are equal by chance. The photograph is a cat,
320 pixels wide and 280 high; `mkdocs_cnn/book/data/README.md` says whose it is and where it comes
from.
"""

from __future__ import annotations

import hashlib
import io
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.book import data
from mkdocs_cnn.layers.arguments import whole
from mkdocs_cnn.registry import UnknownNameError

IMAGES = ("noise", "photograph")
NOISE_FROM, FILTERS_FROM = 1, 2  # the seeds

PATH = data.FOLDER / "cat_320x280.png"

# Fingerprints are read from sources alone. With the file's own among them, another photograph is
# another source, and every figure that rests on it is drawn anew.
SHA256 = "15060524d8f75c99a778609f9267a222ea394f75a2d4617a415e7e4551b963a4"


def image(name: str, size: int | None = None) -> Array:
    """An image by name.

    Args:
        name: "noise" or "photograph".
        size: Pixels along each side of the noise; None for 32.

    Returns:
        `(1, height, width)` of integers, from 0 up to but not with 2**30, or to 255.

    Raises:
        UnknownNameError: If there is no such image.
        ValueError: If the size is less than 1, or one is given for the photograph.
        TypeError: If the size is not an integer.
    """
    if name == "noise":
        side = int(whole("size", 32 if size is None else size, at_least=1))
        return np.random.default_rng(NOISE_FROM).integers(0, 2**30, (1, side, side))
    if name != "photograph":
        raise UnknownNameError("image", name, IMAGES)
    if size is not None:
        raise ValueError(f"size is that of noise, and the photograph has its own; not {size!r}")
    return _photograph()


def images(size: int) -> dict[str, Array]:
    """Noise of this size, and the photograph, by name."""
    return {"noise": image("noise", size), "photograph": image("photograph")}


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


# -- the photograph


def photograph() -> Array:
    """The photograph in colour.

    Returns:
        `(3, 280, 320)` integers from 0 to 255 (uint8): red, green, blue.

    Raises:
        ValueError: If the file is not the one that this module was written for.
    """
    with Image.open(io.BytesIO(_checked(PATH.read_bytes()))) as image:
        return np.ascontiguousarray(np.asarray(image).transpose(2, 0, 1))


def grey_photograph() -> Array:
    """The photograph in grey: 0.299 red + 0.587 green + 0.114 blue, rounded to the nearest integer.

    These are the weights of luma in Recommendation ITU-R BT.601.

    Returns:
        `(1, 280, 320)` integers from 0 to 255 (int64).

    Raises:
        ValueError: If the file is not the one that this module was written for.
    """
    red, green, blue = photograph().astype(np.int64)
    grey: Array = (299 * red + 587 * green + 114 * blue + 500) // 1000
    return grey[None]


@cache
def _photograph() -> Array:
    pixels = grey_photograph()
    pixels.flags.writeable = False  # it is handed out again and again
    return pixels


def _checked(content: bytes) -> bytes:
    digest = hashlib.sha256(content).hexdigest()
    if digest != SHA256:
        raise ValueError(
            f"{PATH.name} has SHA-256 {digest} where images.py expects {SHA256}; "
            "whoever changes the photograph changes it there too"
        )
    return content
