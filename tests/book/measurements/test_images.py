from __future__ import annotations

import ast
import struct
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mkdocs_cnn.book.measurements import images as module
from mkdocs_cnn.book.measurements.images import (
    filters,
    grey_photograph,
    image,
    images,
    middle_square,
    photograph,
)
from mkdocs_cnn.fingerprint import syntax


def test_no_two_pixels_of_the_noise_are_equal_and_all_of_the_range_is_used() -> None:
    pixels = image("noise")
    assert pixels.shape == (1, 32, 32)
    assert len(np.unique(pixels)) == 1024
    assert 0 <= pixels.min() < 2**22
    assert 2**30 - 2**22 < pixels.max() < 2**30


def test_the_same_name_gives_the_same_image_of_the_size_that_is_asked() -> None:
    assert np.array_equal(image("noise", 8), image("noise", 8))
    assert image("noise", 8).shape == (1, 8, 8)
    assert {name: pixels.shape for name, pixels in images(16).items()} == {
        "noise": (1, 16, 16),
        "photograph": (1, 280, 320),
    }


def test_the_photograph_is_not_to_be_written_on() -> None:
    assert np.array_equal(image("photograph"), grey_photograph())
    with pytest.raises(ValueError, match="read-only"):
        image("photograph")[0, 0, 0] = 0


def test_the_middle_square_leaves_as_much_on_either_side() -> None:
    wide = np.arange(2 * 6).reshape(1, 2, 6)
    assert middle_square(wide).tolist() == [[[2, 3], [8, 9]]]
    assert middle_square(wide.swapaxes(1, 2)).tolist() == [[[2, 8], [3, 9]]]
    assert middle_square(wide[:, :, :2]).tolist() == [[[0, 1], [6, 7]]]


def test_filters_are_whole_numbers_from_one_to_nine() -> None:
    weight = filters(200)
    assert weight.shape == (200, 1, 3, 3)
    assert set(weight.flat) == set(range(1, 10))


# -- the pixels of the photograph, by a decoder of our own


def chunks(png: bytes) -> dict[bytes, bytes]:
    """What a PNG file holds, by the type of the chunk; those of the pixels joined."""
    found: dict[bytes, bytes] = {}
    at = 8
    while at < len(png):
        length, kind = struct.unpack_from(">I4s", png, at)
        found[kind] = found.get(kind, b"") + png[at + 8 : at + 8 + length]
        at += 12 + length
    return found


def paeth(left: int, above: int, corner: int) -> int:
    nearest = left + above - corner
    return min((left, above, corner), key=lambda value: abs(nearest - value))


def decoded(png: bytes) -> Any:
    """The pixels, (height, width, 3), as the PNG specification says: one filter for each row."""
    found = chunks(png)
    width, height, *kind = struct.unpack(">IIBBBBB", found[b"IHDR"])
    assert kind == [8, 2, 0, 0, 0], "8 bits, RGB, not interlaced"
    raw, length = zlib.decompress(found[b"IDAT"]), 3 * width
    rows = [[0] * length]
    for at in range(0, height * (length + 1), length + 1):
        above, row = rows[-1], []
        for x, byte in enumerate(raw[at + 1 : at + 1 + length]):
            left, corner = (row[x - 3], above[x - 3]) if x >= 3 else (0, 0)
            guesses = (0, left, above[x], (left + above[x]) // 2, paeth(left, above[x], corner))
            row.append((byte + guesses[raw[at]]) % 256)
        rows.append(row)
    return np.array(rows[1:]).reshape(height, width, 3)


def test_the_photograph_is_the_pixels_of_the_file_channels_first() -> None:
    colours = photograph()
    assert (colours.shape, colours.dtype) == ((3, 280, 320), np.uint8)
    assert np.array_equal(colours.transpose(1, 2, 0), decoded(module.PATH.read_bytes()))


# -- grey


def test_grey_is_the_nearest_integer_to_the_weighted_sum() -> None:
    grey = grey_photograph()
    assert grey.shape == (1, 280, 320)
    weights = (Fraction(299, 1000), Fraction(587, 1000), Fraction(114, 1000))
    pixels = photograph().reshape(3, -1).T.tolist()
    for pixel, value in list(zip(pixels, grey.ravel().tolist(), strict=True))[::7]:
        exact = sum(weight * colour for weight, colour in zip(weights, pixel, strict=True))
        assert abs(value - exact) <= Fraction(1, 2)


def test_grey_is_pillows_but_for_its_rounding() -> None:
    with Image.open(module.PATH) as opened:
        pillows = np.asarray(opened.convert("L")).astype(int)
    assert np.abs(grey_photograph()[0] - pillows).max() <= 1
    assert np.mean(grey_photograph()[0] == pillows) > 0.99


def test_grey_can_be_subtracted() -> None:
    grey = grey_photograph()
    assert grey.dtype == np.int64
    assert (grey - grey.max()).min() < 0


# -- the file and its fingerprint


@pytest.mark.parametrize("reads", [photograph, grey_photograph])
def test_another_file_is_refused(
    reads: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "cat_320x280.png"
    content = bytearray(module.PATH.read_bytes())
    content[-20] ^= 1
    other.write_bytes(content)
    monkeypatch.setattr(module, "PATH", other)
    with pytest.raises(
        ValueError, match=r"^cat_320x280\.png has SHA-256 [0-9a-f]{64} where "
    ) as caught:
        reads()
    assert module.SHA256 in str(caught.value)


def test_the_fingerprint_of_the_code_holds_that_of_the_file() -> None:
    assert module.SHA256 in ast.dump(syntax("mkdocs_cnn.book.measurements.images"))


def test_the_readme_beside_the_file_gives_author_licence_and_fingerprint() -> None:
    text = (module.PATH.parent / "README.md").read_text(encoding="utf-8")
    for words in (module.PATH.name, module.SHA256, "Stéfan van der Walt", "CC0 1.0"):
        assert words in text
