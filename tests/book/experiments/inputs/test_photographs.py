from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mkdocs_cnn.book.experiments.inputs import photographs as module
from mkdocs_cnn.book.experiments.inputs.photographs import FOLDER, PHOTOGRAPHS, photograph

# Where each comes from: the package, its file, the side of a square, whether it is a JPEG.
ORIGINS = {
    "astronaut": ("skimage.data", "astronaut.png", 2, False),
    "chelsea": ("skimage.data", "chelsea.png", 2, False),
    "china": ("sklearn.datasets.images", "china.jpg", 2, True),
    "coffee": ("skimage.data", "coffee.png", 2, False),
    "flower": ("sklearn.datasets.images", "flower.jpg", 2, True),
    "hubble": ("skimage.data", "hubble_deep_field.jpg", 4, True),
    "rocket": ("skimage.data", "rocket.jpg", 2, True),
}


def smaller(original: Any, side: int) -> Any:
    """Means of squares, by a loop over the pixels of a square, halves rounded up."""
    height, width = (size - size % side for size in original.shape[:2])
    total = np.zeros((height // side, width // side, 3), int)
    for row in range(side):
        for column in range(side):
            total += original[row:height:side, column:width:side]
    return np.floor(total / side**2 + 0.5).astype(int)


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_a_photograph_is_its_original_made_smaller(name: str) -> None:
    package, file, side, lossy = ORIGINS[name]
    pytest.importorskip(package.partition(".")[0])
    with Image.open(str(resources.files(package) / file)) as image:
        original = np.asarray(image.convert("RGB"))
    found = photograph(name).transpose(1, 2, 0).astype(int)
    wanted = smaller(original, side)
    assert found.shape == wanted.shape
    assert np.abs(found - wanted).max() <= (2 if lossy else 0)  # decoders of JPEG differ


def test_all_photographs_are_in_colour_and_have_channels_first() -> None:
    assert set(PHOTOGRAPHS) == set(ORIGINS) == {path.stem for path in FOLDER.glob("*.png")}
    for name in PHOTOGRAPHS:
        pixels = photograph(name)
        assert (pixels.dtype, pixels.shape[0]) == (np.uint8, 3)
        assert min(pixels.shape[1:]) >= 150
        assert (pixels[0] != pixels[2]).any()


def test_all_photographs_together_are_below_700_kilobytes() -> None:
    assert sum(path.stat().st_size for path in FOLDER.glob("*.png")) < 700_000


def test_another_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray((FOLDER / "coffee.png").read_bytes())
    content[-20] ^= 1
    (tmp_path / "coffee.png").write_bytes(content)
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"^coffee\.png has SHA-256 [0-9a-f]{64} where "):
        photograph("coffee")


@pytest.mark.parametrize(
    ("name", "author", "licence"),
    [
        ("astronaut", "NASA", "public domain"),
        ("chelsea", "Stéfan van der Walt", "CC0 1.0"),
        ("china", "danielbuechele", "CC BY 2.0"),
        ("coffee", "Rachel Michetti", "CC0 1.0"),
        ("flower", "vultilion", "CC BY 2.0"),
        ("hubble", "NASA", "public domain"),
        ("rocket", "SpaceX", "public domain"),
    ],
)
def test_author_and_licence_stand_beside_the_file(name: str, author: str, licence: str) -> None:
    text = (FOLDER / "LICENCES.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith(f"| `{name}.png`")]
    assert author in row
    assert licence in row
