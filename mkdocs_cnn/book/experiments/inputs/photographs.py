"""Seven colour photographs under open licences, made smaller, from which experiments take patches.

`mkdocs_cnn/book/data/photographs/LICENCES.md` says whose they are, and what was done to them.
"""

from __future__ import annotations

import hashlib
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from mkdocs_cnn.book import data

FOLDER = data.FOLDER / "photographs"

# With the files' own fingerprints in the source, other photographs are another source, and what
# rests on them is made anew.
SHA256 = {
    "astronaut": "7f7078de41a0d6632ad9e7674ce1fa441323c84030bc6e1b1907fb004329715e",
    "chelsea": "80b0fc1b8d10e6af95934424305bd5cb70c86e23b652d2b6face976b5ba29e08",
    "china": "6aa43bd256d7e2ba1a782b401832c810510dd9ef513733920c0b629fdb3ce7a6",
    "coffee": "415df59a8eb542f74a0dc3f217b9132e63ea5b01c2b124d4315f675d8cb2d982",
    "flower": "6fedd419ab231ca59a94ae8d9ebf13ca48f9b1ba3292afaf378fbcb4dddc4476",
    "hubble": "27412f01e3bfe6d6b4849716e70b2ddbef7be0450177912cdc604ff32747181e",
    "rocket": "f90da6eb46ee21e1f4afa3cd92b8e5d87fb2a1c1a06384085019b1ec733e6845",
}
PHOTOGRAPHS = tuple(SHA256)
"""The names of all, in alphabetical order."""


def photograph(name: str) -> NDArray[np.uint8]:
    """One of the photographs, in colour.

    Returns:
        `(3, height, width)` integers from 0 to 255: red, green, blue.

    Raises:
        KeyError: If there is no such photograph.
        ValueError: If its file is not the one that this module was written for.
    """
    wanted, path = SHA256[name], FOLDER / f"{name}.png"
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != wanted:
        raise ValueError(
            f"{path.name} has SHA-256 {found} where photographs.py expects {wanted}; "
            "whoever changes the photograph changes it there too"
        )
    with Image.open(io.BytesIO(content)) as image:
        return np.ascontiguousarray(np.asarray(image).transpose(2, 0, 1))
