"""The photograph on which edges are found: a cat, 320 pixels wide and 280 high.

`mkdocs_cnn/book/data/README.md` says whose it is and where it comes from.
"""

from __future__ import annotations

import hashlib
import io

import numpy as np
from PIL import Image

from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.book import data

PATH = data.FOLDER / "cat_320x280.png"

# Fingerprints are read from sources alone. With the file's own among them, another photograph is
# another source, and every figure that rests on it is drawn anew.
SHA256 = "15060524d8f75c99a778609f9267a222ea394f75a2d4617a415e7e4551b963a4"


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


def _checked(content: bytes) -> bytes:
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise ValueError(
            f"{PATH.name} has SHA-256 {found} where photograph.py expects {SHA256}; "
            "whoever changes the photograph changes it there too"
        )
    return content
