from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex
from scipy.ndimage import correlate

from mkdocs_cnn.book.figures import breaks
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.style import THEMES

MAPS, REACH = "commutator-maps", "border-reach"
SCIPY = {"circular": "wrap", "zeros": "constant", "reflect": "mirror", "edge": "nearest"}
CASES = [
    ("circular", 1, 2),
    ("zeros", 1, 2),
    ("reflect", 1, 2),
    ("edge", 1, 2),
    ("circular", 2, 2),
    ("circular", 2, 1),
]


def by_scipy(mode: str, stride: int, right: int) -> Any:
    """The sizes of the differences, without any of our code but the numbers that were drawn."""
    noise, kernel = breaks._noise()[0], breaks._kernel()[0, 0]

    def layer(x: Any) -> Any:
        return correlate(x, kernel, mode=SCIPY[mode])[::stride, ::stride]

    first = layer(np.roll(noise, right, axis=1))
    return abs(first - np.roll(layer(noise), right // stride, axis=1))


# -- where the two ways differ


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_maps_are_the_differences_that_scipy_finds(drawn: Any, medium: str) -> None:
    *maps, _ = drawn(MAPS, medium).axes[0].get_images()
    for picture, case in zip(maps, CASES, strict=True):
        assert np.array_equal(np.ma.filled(picture.get_array(), 0), by_scipy(*case))


def test_all_maps_have_one_scale_that_ends_at_the_largest_difference(drawn: Any) -> None:
    *maps, _ = drawn(MAPS).axes[0].get_images()
    largest = max(by_scipy(*case).max() for case in CASES)
    assert {picture.get_clim() for picture in maps} == {(0, largest)}


@pytest.mark.parametrize("theme", THEMES)
def test_no_difference_has_a_colour_of_its_own(drawn: Any, theme: str) -> None:
    palette, images = THEMES[theme], drawn(MAPS, "page", theme).axes[0].get_images()
    pixels = images[1].to_rgba(images[1].get_array())
    assert to_hex(pixels[16, 16]) == palette.faint
    assert to_hex(pixels[16, 0]) != palette.faint


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_each_map_has_its_case_above_and_its_share_below(
    drawn: Any, texts: Any, medium: str
) -> None:
    said = [text.get_text() for text, _ in texts(drawn(MAPS, medium))]
    shares = ["0/32", "4/32", "4/32", "4/32", "0/16", "16/16"]
    assert [words for words in said if "/" in words] == shares
    assert [words for words in said if words in SCIPY] == [mode for mode, _, _ in CASES]
    assert [words for words in said if words.startswith("stride")] == [
        f"stride {stride}, shift {right}" for _, stride, right in CASES
    ]


def test_a_shift_by_one_makes_three_columns_differ() -> None:
    case = breaks._case("zeros", 1, 1)
    assert case.share == "3/32"
    assert case.predicted == Fraction(3, 32)


def test_the_words_of_the_maps() -> None:
    caption, alt = (find_figure(MAPS).words(part).numbers for part in ("caption", "alt"))
    assert [number.value for number in caption] == [
        *(32, 32, 3, 3, 1, 2, 0, 4, 32, Fraction(4, 32)),
        *(2, 2, 1, 256),
    ]
    assert alt == (1, 1, 2, 3, 32, 32, 2, 16, 16, 2, 1)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "edge"])
def test_the_columns_of_the_alternative_are_those_that_differ(mode: str) -> None:
    differs = by_scipy(mode, 1, 2) > 0
    assert np.flatnonzero(differs.all(axis=0)).tolist() == [0, 1, 2, 31]
    assert differs.sum() == 4 * 32


# -- how far the border reaches


def frame(depth: int) -> Any:
    seen = np.ones((32, 32), bool)
    seen[depth : 32 - depth, depth : 32 - depth] = False
    return seen


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_frames_are_as_wide_as_there_are_layers(drawn: Any, medium: str) -> None:
    frames = [axes.get_images()[0].get_array() for axes in drawn(REACH, medium).axes[:3]]
    for found, depth in zip(frames, (1, 4, 8), strict=True):
        assert np.array_equal(found, frame(depth))


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_line_and_circles_have_the_shares_of_the_frames(drawn: Any, medium: str) -> None:
    line, circles = drawn(REACH, medium).axes[-1].lines
    by_hand = [[depth, frame(depth).mean()] for depth in range(1, 17)]
    assert line.get_xydata() == pytest.approx(np.array(by_hand))
    assert circles.get_xydata() == pytest.approx(np.array(by_hand))


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_shares_stand_beside_the_frames(drawn: Any, texts: Any, medium: str) -> None:
    said = [text.get_text() for text, _ in texts(drawn(REACH, medium))]
    assert {"1 layer", "4 layers", "8 layers", "0.1211", "0.4375", "0.75"} < set(said)


def test_the_words_of_the_reach() -> None:
    caption, alt = (find_figure(REACH).words(part) for part in ("caption", "alt"))
    four, eight = Fraction(7, 16), Fraction(3, 4)
    assert [number.value for number in caption.numbers] == [
        *(3, 3, 32, 32, 4, four, 8, eight, 16, 1)
    ]
    one = Fraction(31, 256)
    assert [number.value for number in alt.numbers] == [
        *(3, 1, 4, 8, one, four, eight, one, 1, 1, 16, 16)
    ]
