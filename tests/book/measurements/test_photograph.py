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
from mkdocs_cnn.book.measurements.images import grey_photograph, photograph
from mkdocs_cnn.fingerprint import syntax

# -- the pixels, by a decoder of our own


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
    with Image.open(module.PATH) as image:
        pillows = np.asarray(image.convert("L")).astype(int)
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
