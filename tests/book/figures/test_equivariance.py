from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import correlate

from mkdocs_cnn.book.figures.equivariance import eye
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.figures.declaration import find_figure

SQUARE, TURNS = "commuting-square", "rotations"
EDGE = np.array([[1, 0, -1]] * 3)


def pictures(fig: Any) -> list[Any]:
    return [np.asarray(picture.get_array()) for picture in fig.axes[0].get_images()]


def said(texts: Any, fig: Any) -> list[str]:
    return [text.get_text() for text, _ in texts(fig)]


# -- both ways round the square


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize(("down", "right"), [(40, 60), (7, 300)])
def test_the_corners_are_what_numpy_and_scipy_make_of_the_photograph(
    drawn: Any, medium: str, down: int, right: int
) -> None:
    grey = grey_photograph()[0]
    edges = correlate(grey, EDGE, mode="wrap")
    found = pictures(drawn(SQUARE, medium, down=down, right=right))
    expected = [grey, edges, *(np.roll(x, (down, right), axis=(0, 1)) for x in (grey, edges))]
    assert len(found) == 4
    for picture, wanted in zip(found, expected, strict=True):
        assert np.array_equal(picture, wanted)


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_pictures_have_the_photographs_proportions(drawn: Any, medium: str) -> None:
    boxes = [picture.get_window_extent() for picture in drawn(SQUARE, medium).axes[0].get_images()]
    assert [box.height / box.width for box in boxes] == pytest.approx([280 / 320] * 4)


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_seams_lie_where_the_borders_have_moved(drawn: Any, medium: str) -> None:
    axes = drawn(SQUARE, medium).axes[0]
    for picture, seams in zip(axes.get_images()[2:], axes.collections[::2], strict=True):
        left, right, bottom, top = picture.get_extent()
        along, up = seams.get_segments()
        assert along[:, 1] == pytest.approx([top + 40 / 280 * (bottom - top)] * 2)
        assert up[:, 0] == pytest.approx([left + 60 / 320 * (right - left)] * 2)


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_no_output_differs_and_the_figure_says_so(drawn: Any, texts: Any, medium: str) -> None:
    words = said(texts, drawn(SQUARE, medium))
    assert "f(g(x)) = g(f(x))" in words
    assert "0 of 89,600 outputs differ" in " ".join(words)
    assert words.count("f") == words.count("g") == 2


def test_arrows_lead_right_and_down(drawn: Any) -> None:
    arrows = [patch._posA_posB for patch in drawn(SQUARE).axes[0].patches]
    steps = [np.subtract(end, start) for start, end in arrows]
    assert [(x > 0, y > 0) for x, y in steps] == [(True, False)] * 2 + [(False, True)] * 2


def test_the_words_of_the_square() -> None:
    figure, given = find_figure(SQUARE), {"down": 4, "right": 5}
    assert figure.words("caption", given).numbers == (3, 3, 4, 5, 0, 280 * 320)
    assert figure.words("alt", given).numbers == (280, 320, 4, 5, 0, 280 * 320)


# -- quarter turns


def turned_maps() -> tuple[list[Any], list[Any]]:
    """The edges of the eye, and of the turned eye, by the kernel in its four turns."""
    return tuple(  # type: ignore[return-value]
        [correlate(image, np.rot90(EDGE, turns), mode="nearest") for turns in range(4)]
        for image in (eye()[0], np.rot90(eye()[0]))
    )


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_first_pictures_are_the_eye_and_its_edges_in_both_orders(
    drawn: Any, medium: str
) -> None:
    upright, turned = turned_maps()
    found = pictures(drawn(TURNS, medium))[:4]
    expected = [eye()[0], np.rot90(eye()[0]), np.rot90(upright[0]), turned[0]]
    for picture, wanted in zip(found, expected, strict=True):
        assert np.array_equal(picture, wanted)


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_other_pictures_are_the_maps_of_the_kernels_four_turns(drawn: Any, medium: str) -> None:
    upright, turned = turned_maps()
    found = pictures(drawn(TURNS, medium))[4:]
    for picture, wanted in zip(found, upright + turned, strict=True):
        assert np.array_equal(picture, wanted)


def test_each_lower_map_is_the_turn_of_the_one_that_it_names(drawn: Any, texts: Any) -> None:
    upright, turned = turned_maps()
    named = [words[0] for words in said(texts, drawn(TURNS)) if words.endswith(" turned")]
    assert named == ["d", "a", "b", "c"]
    for letter, lower in zip(named, turned, strict=True):
        assert np.array_equal(np.rot90(upright["abcd".index(letter)]), lower)


def test_the_share_that_differs_is_counted(drawn: Any, texts: Any) -> None:
    upright, turned = turned_maps()
    percent = 100 * (np.rot90(upright[0]) != turned[0]).mean()
    caption = find_figure(TURNS).words("caption")
    assert caption.numbers == (3, 3, caption.numbers[2], 4, 0, 112 * 112)
    assert float(caption.numbers[2]) == pytest.approx(percent)
    assert find_figure(TURNS).words("alt").numbers == (
        *(112, 112, caption.numbers[2], 4, 4, 0, 112 * 112),
    )
    words = " ".join(said(texts, drawn(TURNS)))
    (shown,) = re.findall(r"([\d.]+) % of outputs differ", words)
    assert float(shown) == pytest.approx(percent, abs=0.05)
    assert "0 of 12,544 positions differ" in words


@pytest.mark.parametrize("name", [SQUARE, TURNS])
def test_whose_photograph_it_is_stands_below(name: str) -> None:
    figure = find_figure(name)
    said_below = figure.words("caption").text
    assert said_below.endswith("Photograph: Stéfan van der Walt, CC0.")
