"""Seven colour photographs under open licences, made smaller, from which experiments take patches.

`mkdocs_cnn/book/data/photographs/LICENCES.md` says whose they are, and what was done to them. What
is computed from them says so (`reads=("photographs/*.png",)`), so that others make it stale.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mkdocs_cnn.book import data

FOLDER = data.FOLDER / "photographs"
PHOTOGRAPHS = ("astronaut", "chelsea", "china", "coffee", "flower", "hubble", "rocket")


def photograph(name: str) -> NDArray[np.uint8]:
    """One of the photographs, in colour.

    Returns:
        `(3, height, width)` integers from 0 to 255: red, green, blue.

    Raises:
        FileNotFoundError: If there is no such photograph.
    """
    with Image.open(FOLDER / f"{name}.png") as image:
        return np.ascontiguousarray(np.asarray(image).transpose(2, 0, 1))
