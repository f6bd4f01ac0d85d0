from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mkdocs_cnn.book.experiments.inputs.photographs import FOLDER, PHOTOGRAPHS, photograph
from mkdocs_cnn.experiments.catalogue import ExperimentDeclaration, catalogue
from mkdocs_cnn.experiments.results import problem_with

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


@pytest.mark.parametrize("name", ["learned-features", "neighbouring-pixels"])
def test_another_photograph_makes_what_was_computed_from_them_stale(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declaration = catalogue()[name]
    shutil.copytree(FOLDER, tmp_path / "photographs")
    monkeypatch.setattr(ExperimentDeclaration, "_data", tmp_path)
    assert declaration.fingerprint == json.loads(declaration.result.read_text())["fingerprint"]
    coffee = tmp_path / "photographs" / "coffee.png"
    coffee.write_bytes(coffee.read_bytes() + b" ")
    assert "code or data that changed" in problem_with(name)
    shutil.rmtree(tmp_path / "photographs")
    with pytest.raises(FileNotFoundError, match=r"reads 'photographs/\*\.png', but .* holds none"):
        problem_with(name)


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
