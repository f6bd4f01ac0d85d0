from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from scipy.signal import correlate2d

from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.style import THEMES

SUM, NEEDED = "gradient-is-a-sum", "examples-needed"

# Copied from the picture; all else follows from it.
IMAGE = np.array(
    [
        [3, 0, 0, 0, 0, 3],
        [3, 2, 0, 0, 1, 1],
        [2, 1, 1, 0, 2, 2],
        [0, 0, 1, 1, 3, 2],
        [1, 1, 2, 2, 0, 2],
        [3, 3, 3, 1, 1, 2],
    ]
)
ERRORS = -correlate2d(IMAGE, [[1, 0, -1]] * 3, mode="valid")
PARTS = [[0, 0, 0, 18], [0, 0, 4, 4], [1, 0, 2, 6], [2, 0, -6, 4]]  # by hand


def cells(texts: Any, fig: Any) -> list[int]:
    words = (text.get_text().replace("−", "-") for text, _ in texts(fig))
    return [int(word) for word in words if word.lstrip("-").isdigit()]


# -- the gradient is a sum


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_numbers_are_those_found_by_hand(drawn: Any, texts: Any, medium: str) -> None:
    shown = cells(texts, drawn(SUM, medium))
    assert shown[:36] == IMAGE.ravel().tolist()
    assert shown[36:52] == ERRORS.ravel().tolist()
    assert shown[52:68] == np.ravel(PARTS).tolist()
    assert shown[68:73] == [18, 8, 9, 0, 35]  # a sum for each row, and theirs
    assert shown[73:] == [-30, 10, 35, -25, 4, 40, 5, 27, 42]


def test_the_gradient_is_what_the_cost_does_when_a_weight_moves(drawn: Any, texts: Any) -> None:
    wanted = correlate2d(IMAGE, [[1, 0, -1]] * 3, mode="valid")

    def cost(kernel: Any) -> float:
        return float(((correlate2d(IMAGE, kernel, mode="valid") - wanted) ** 2).sum() / 2)

    moves = np.eye(9).reshape(9, 3, 3)  # the cost is a parabola: a central difference is exact
    slopes = [(cost(move) - cost(-move)) / 2 for move in moves]
    assert cells(texts, drawn(SUM))[73:] == pytest.approx(slopes)


def test_the_outlines_are_around_the_pixels_and_the_gradient_of_one_weight(drawn: Any) -> None:
    fig = drawn(SUM)
    rectangles = [p for p in fig.axes[0].patches if isinstance(p, Rectangle)]
    pixels, own = ([p.get_bbox() for p in rectangles])[1::2]  # each lies on a wider, clear one
    matrices = [c for c in fig.axes[0].collections if isinstance(c, PolyCollection)]
    places = [[path.get_extents() for path in matrix.get_paths()] for matrix in matrices]
    inside = [n for n, at in enumerate(places[0]) if pixels.count_contains([at.min, at.max]) == 2]
    assert inside == [6 * row + column for row in range(4) for column in range(2, 6)]
    assert [n for n, at in enumerate(places[3]) if own.count_contains([at.min, at.max]) == 2] == [2]


@pytest.mark.parametrize("theme", THEMES)
def test_the_largest_contribution_is_full_orange_and_none_is_empty(drawn: Any, theme: str) -> None:
    matrices = [c for c in drawn(SUM, theme=theme).axes[0].collections if hasattr(c, "get_paths")]
    colours = [to_hex(face) for face in matrices[2].get_facecolors()]
    assert colours[3] == THEMES[theme].shared
    assert [n for n, colour in enumerate(colours) if colour == THEMES[theme].faint] == [
        n for n, part in enumerate(np.ravel(PARTS)) if part == 0
    ]


def test_the_words_of_the_sum() -> None:
    figure = find_figure(SUM)
    caption = figure.words("caption")
    assert "at each of the 4 × 4 places" in caption.text.lower()
    assert "All 16 contributions add up to 35," in caption.text
    assert caption.numbers[-1].worked == "18 + 8 + 9 = 35"  # a 0 teaches nothing
    alt = figure.words("alt").text
    assert "0, 0, 0, 18; 0, 0, 4, 4; 1, 0, 2, 6; 2, 0, −6, 4." in alt
    assert "The rows add up to 18, 8, 9 and 0, and these to 35." in alt


# -- how many examples


def curves(fig: Any) -> list[tuple[Any, Any]]:
    """For each layer the expected line and the measured dots."""
    lines = [line.get_xydata() for line in fig.axes[0].lines]
    return list(zip(lines[::2], lines[1::2], strict=True))


def test_lines_fall_from_one_to_zero_at_36_9_and_1(drawn: Any) -> None:
    for (line, _), most in zip(curves(drawn(NEEDED)), (36, 9, 1), strict=True):
        examples, error = line.T
        assert examples.tolist() == list(range(41))
        assert error == pytest.approx(np.maximum(0, 1 - examples / most))


def test_dots_are_zero_exactly_from_there_on_and_near_the_lines_before(drawn: Any) -> None:
    for (line, dots), most in zip(curves(drawn(NEEDED)), (36, 9, 1), strict=True):
        assert dots[:, 0].tolist() == list(range(1, 41))
        assert (dots[most - 1 :, 1] < 1e-9).all()
        assert (dots[: most - 1, 1] > 0.01).all()
        assert dots[:, 1] == pytest.approx(line[1:, 1], abs=0.1)


def test_dense_dots_are_those_of_another_least_squares(drawn: Any) -> None:
    rng = np.random.default_rng(1)
    new, x = rng.standard_normal((500, 36)), rng.standard_normal((40, 36))
    wanted = [
        correlate2d(unit.reshape(6, 6), [[1, 0, -1]] * 3, mode="valid").ravel()
        for unit in np.eye(36)
    ]
    for m in (1, 10, 30, 35):
        learned = np.linalg.lstsq(x[:m], x[:m] @ np.array(wanted), rcond=None)[0]
        error = (((new @ (learned - wanted)) ** 2).sum()) / ((new @ np.array(wanted)) ** 2).sum()
        assert curves(drawn(NEEDED))[0][1][m - 1, 1] == pytest.approx(error)


def test_layers_differ_in_stroke_and_mark_and_bear_their_number(drawn: Any, texts: Any) -> None:
    fig = drawn(NEEDED)
    lines = fig.axes[0].lines
    assert len({str(line._unscaled_dash_pattern) for line in lines[::2]}) == 3
    assert len({line.get_marker() for line in lines[1::2]}) == 3
    said = {text.get_text() for text, _ in texts(fig)}
    names = {"dense:\n36 examples", "locally connected:\n9 examples", "convolution:\n1 example"}
    assert names < said


def test_names_lie_on_no_line_and_no_dot(drawn: Any, texts: Any) -> None:
    for medium in ("page", "slide"):
        fig = drawn(NEEDED, medium)
        axes = fig.axes[0]
        drawn_at = np.concatenate(
            [axes.transData.transform(line.get_xydata()) for line in axes.lines]
        )
        between = [
            axes.transData.transform(np.linspace(*ends, 200))
            for line in axes.lines[::2]
            for ends in zip(line.get_xydata(), line.get_xydata()[1:], strict=False)
        ]
        for text, box in texts(fig):
            if "example" in text.get_text() and ":" in text.get_text():
                assert box.count_contains(np.concatenate([drawn_at, *between])) == 0, text


def test_the_words_of_the_examples() -> None:
    figure = find_figure(NEEDED)
    caption = figure.words("caption")
    assert caption.numbers[:2] == (6, 6)
    assert [number.worked for number in caption.numbers[2:]] == [
        "⌊(576 + 16 − 1) / 16⌋ = 36",
        "⌊(144 + 16 − 1) / 16⌋ = 9",
        "⌊(9 + 16 − 1) / 16⌋ = 1",
    ]
    alt = figure.words("alt")
    assert alt.numbers[:-1] == (0, 40, 1, 0, 1, 0, 9, 0, 36, 18)
    assert float(alt.numbers[-1]) == pytest.approx(0.5, abs=0.1)
