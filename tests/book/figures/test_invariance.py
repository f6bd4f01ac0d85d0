from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection

from mkdocs_cnn.book.figures import invariance
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.figures.declaration import find_figure

STRIDES, POOLING = "fractions-of-a-stride", "pooling-and-invariance"

# -- fractions of a stride

BUMP = np.array([0] * 5 + [8] * 3 + [0] * 8)


def every_second(row: Any) -> Any:
    return row[::2]


def blurred(row: Any) -> Any:
    return ((np.roll(row, 1) + 2 * row + np.roll(row, -1)) / 4)[::2]


def rows() -> list[Any]:
    """What the bars show, row by row."""
    shifted = [np.roll(BUMP, right) for right in range(3)]
    return [values for x in shifted for values in (x, every_second(x), blurred(x))]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_bars_are_the_bump_every_second_of_it_and_the_same_of_its_blur(
    drawn: Any, medium: str
) -> None:
    groups = [
        c for c in drawn(STRIDES, medium).axes[0].collections if isinstance(c, PolyCollection)
    ]
    unit = np.ptp(groups[0].get_paths()[0].vertices[:, 1]) / 8
    for group, values in zip(groups, rows(), strict=True):
        heights = [np.ptp(path.vertices[:, 1]) / unit for path in group.get_paths()]
        assert heights == pytest.approx(values[values > 0].tolist())


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_bars_stand_where_the_values_are(drawn: Any, medium: str) -> None:
    collections = drawn(STRIDES, medium).axes[0].collections
    for group, ground, values in zip(collections[::2], collections[1::2], rows(), strict=True):
        (left, _), (right, _) = ground.get_segments()[0]
        middles = [
            path.get_extents().x0 + path.get_extents().width / 2 for path in group.get_paths()
        ]
        places = (np.array(middles) - left) / (right - left) * len(values) - 0.5
        assert places == pytest.approx(np.flatnonzero(values))


def norms(right: int, out: int) -> list[float]:
    """The norms of the differences, as parts of those of the unshifted outputs."""
    return [
        np.linalg.norm(way(np.roll(BUMP, right)) - np.roll(way(BUMP), out))
        / np.linalg.norm(way(BUMP))
        for way in (every_second, blurred)
    ]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_differences_stand_below_the_outputs(drawn: Any, texts: Any, medium: str) -> None:
    said = [text.get_text() for text, _ in texts(drawn(STRIDES, medium))]
    found = [float(words.split()[1]) for words in said if words.startswith("difference")]
    assert found == pytest.approx([*norms(1, 0), *norms(2, 1)], abs=0.005)
    assert found == [1, 0.58, 0, 0]
    steps = [words for words in said if "shift" in words]
    assert steps == ["not shifted", "shift 1 = 1/2 output", "shift 2 = 1 output"]


def test_the_words_of_the_strides() -> None:
    caption, alt = (find_figure(STRIDES).words(part) for part in ("caption", "alt"))
    half, rounded = Fraction(1, 2), Fraction(58, 100)
    assert [number.value for number in caption.numbers] == [
        *(3, 2, 2, 1, 1, half, 2, 1, 1, 2, 1, 12, rounded)
    ]
    assert [number.value for number in alt.numbers] == [
        *(3, 8, 8, 2, 8, 2, 1, 8, 8, 6, 6, 1, rounded, 2, 1, 0, 0)
    ]


# -- pooling and invariance


def kept(image: Any, window: int, right: int) -> float:
    """The share of the maxima that stay what they are, by reshaping alone."""

    def maxima(x: Any) -> Any:
        height, width = x.shape
        blocks = x.reshape(height // window, window, width // window, window)
        return blocks.max(axis=(1, 3))

    return float((maxima(np.roll(image, right, axis=1)) == maxima(image)).mean())


def test_the_noise_has_no_ties() -> None:
    assert len(np.unique(invariance._noise())) == invariance._noise().size


def test_lines_are_shared_pixels_divided_by_all(drawn: Any) -> None:
    mean, large, small = (line.get_ydata() for line in drawn(POOLING).axes[0].lines[::2])
    assert mean == pytest.approx([1] * 7)
    assert large == pytest.approx([1, 12 / 20, 8 / 24, 4 / 28, 0, 0, 0])
    assert small == pytest.approx([1, 1 / 3, 0, 0, 0, 0, 0])


def test_markers_are_counted_and_lie_near_the_lines(drawn: Any) -> None:
    lines = [line.get_ydata() for line in drawn(POOLING).axes[0].lines]
    for window, expected, counted in ((4, *lines[2:4]), (2, *lines[4:6])):
        image = invariance._noise()[0]
        assert counted == pytest.approx([kept(image, window, right) for right in range(7)])
        windows = image.size / window**2
        # Four standard deviations of the share, were the windows independent.
        assert np.all(abs(np.subtract(counted, expected)) <= 2 / np.sqrt(windows))
    assert lines[1] == pytest.approx([1] * 7)


def test_lines_differ_in_stroke_and_marker(drawn: Any) -> None:
    lines = drawn(POOLING).axes[0].lines
    assert len({str(line._unscaled_dash_pattern) for line in lines[::2]}) == 3
    assert len({line.get_marker() for line in lines[1::2]}) == 3


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_one_third_is_marked(drawn: Any, texts: Any, medium: str) -> None:
    said = [text.get_text() for text, _ in texts(drawn(POOLING, medium))]
    assert said.count("1/3") == 2  # on the axis, and beside its point
    assert {"global average", "maxima of 4 × 4", "maxima\nof 2 × 2"} < set(said)


def test_the_words_of_pooling() -> None:
    caption, alt = (find_figure(POOLING).words(part) for part in ("caption", "alt"))
    on_photograph = round(kept(grey_photograph()[0], 2, 1), 2)
    assert [float(number) for number in caption.numbers] == pytest.approx(
        [256, 256, 2, 2, 1, 1 / 3, 4, 4, 0.6, 2, 2, on_photograph]
    )
    assert on_photograph < 1 / 3
    assert [float(number) for number in alt.numbers] == pytest.approx(
        [0, 6, 1, 4, 4, 1, 0.6, 1 / 3, 1 / 7, 0, 4, 2, 2, 1, 1 / 3, 0, 2]
    )
