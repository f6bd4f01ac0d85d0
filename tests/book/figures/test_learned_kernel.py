from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex, to_rgb
from scipy.signal import correlate2d

from mkdocs_cnn.book.figures.learned_kernel import cost_said, frames, signed_colour
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.style import THEMES

FORMS = "kernel-forms"
STEPS = [0, 1, 3, 10, 30, 100, 300]
WANTED = np.array([[1, 0, -1]] * 3)
IMAGE = np.random.default_rng(1).standard_normal((6, 6))
EDGES = correlate2d(IMAGE, WANTED, mode="valid")


def descended() -> list[tuple[float, Any]]:
    """Cost and kernel after 0, 1 … 300 steps, by SciPy and a loop."""
    windows = np.lib.stride_tricks.sliding_window_view(IMAGE, (3, 3)).reshape(16, 9)
    rate = 1 / np.linalg.norm(windows, 2) ** 2  # half of two by the largest eigenvalue of XᵀX
    found, kernel = [], np.zeros((3, 3))
    for _ in range(301):
        errors = correlate2d(IMAGE, kernel, mode="valid") - EDGES
        found.append(((errors**2).sum() / 2, kernel))
        kernel = kernel - rate * correlate2d(IMAGE, errors, mode="valid")
    return found


PATH = descended()


def grids(fig: Any) -> list[list[str]]:
    """The colours of the cells of each kernel."""
    matrices = [c for c in fig.axes[0].collections if isinstance(c, PolyCollection)]
    return [[to_hex(face) for face in matrix.get_facecolors()] for matrix in matrices]


def written(texts: Any, fig: Any) -> list[str]:
    return [text.get_text() for text, _ in texts(fig)]


def numbers(words: list[str]) -> list[float]:
    cells = [w.replace("−", "-") for w in words]
    return [float(w) for w in cells if w.lstrip("-").replace(".", "", 1).isdigit() and "." in w]


# -- what is drawn


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_cells_hold_the_kernels_that_another_descent_finds(
    drawn: Any, texts: Any, medium: str
) -> None:
    shown = numbers(written(texts, drawn(FORMS, medium)))
    kernels = [PATH[step][1] for step in STEPS]
    assert np.reshape(shown, (7, 3, 3)) == pytest.approx(np.array(kernels), abs=0.05001)
    said = written(texts, drawn(FORMS, medium))
    at = said.index("wanted") + 1
    assert said[at : at + 9] == ["1", "0", "−1"] * 3


def test_the_last_kernel_cannot_be_told_from_the_wanted_one(drawn: Any) -> None:
    *_, last, wanted = grids(drawn(FORMS))
    channels = [[to_rgb(colour) for colour in kernel] for kernel in (last, wanted)]
    assert np.allclose(*channels, atol=1.01 / 255)


def test_no_cell_says_minus_zero(drawn: Any, texts: Any) -> None:
    assert "−0.0" not in written(texts, drawn(FORMS))


def test_the_line_is_the_cost_of_another_descent_on_a_log_axis(drawn: Any) -> None:
    axes = drawn(FORMS).axes[1]
    line, dots = axes.lines
    assert axes.get_yscale() == "log"
    assert line.get_ydata() == pytest.approx([cost for cost, _ in PATH], rel=1e-4)
    assert dots.get_xdata().tolist() == STEPS
    assert dots.get_ydata() == pytest.approx([PATH[step][0] for step in STEPS], rel=1e-4)


def test_the_whole_line_lies_within_the_axes(drawn: Any) -> None:
    axes = drawn(FORMS).axes[1]
    low, high = axes.get_ylim()
    assert all(low < cost < high for cost, _ in PATH)


def test_every_kernel_bears_its_step_and_its_cost(drawn: Any, texts: Any) -> None:
    words = written(texts, drawn(FORMS))
    assert [w for w in words if w in {f"step {step}" for step in STEPS}][:7] == [
        f"step {step}" for step in STEPS
    ]
    # 32.73, 7.91, 1.71, 0.2358, 0.0104, 1.73e-05 and 1.07e-10
    costs = ["33", "7.9", "1.7", "0.24", "0.01", "1.7 × 10⁻⁵", "1.1 × 10⁻¹⁰"]
    assert [w.removeprefix("cost ") for w in words if w.startswith("cost ")] == costs


@pytest.mark.parametrize("theme", THEMES)
def test_image_and_edge_map_are_orange_where_positive_and_blue_where_negative(
    drawn: Any, theme: str
) -> None:
    shown = [image.get_array() for image in drawn(FORMS, theme=theme).axes[0].images]
    for values, colours in zip((IMAGE, EDGES), shown, strict=True):
        most = np.abs(values).max()
        for value, colour in zip(values.flat, np.reshape(colours, (-1, 3)), strict=True):
            red, _, blue = colour - np.array(to_rgb(THEMES[theme].faint))
            if abs(value) > 0.05 * most:
                assert (red > blue) == (value > 0)


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_no_number_leaves_its_cell_and_no_word_the_sheet(
    drawn: Any, texts: Any, medium: str
) -> None:
    fig = drawn(FORMS, medium)
    width, height = fig.get_size_inches() * fig.dpi
    em = {"page": 9.5, "slide": 24}[medium] * fig.dpi / 72
    for text, box in texts(fig):
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= width, text
        assert box.y1 <= height, text
        if text.get_text().lstrip("−").replace(".", "", 1).isdigit() and "." in text.get_text():
            assert box.width < 2.4 * em


# -- colours and costs


@pytest.mark.parametrize("theme", THEMES)
def test_the_scale_goes_from_blue_over_the_empty_cell_to_orange(theme: str) -> None:
    palette = THEMES[theme]
    ends = [signed_colour(palette, value, 2) for value in (-2, 0, 2)]
    assert ends == [palette.sparse, palette.faint, palette.shared]
    assert [signed_colour(palette, value, 2) for value in (-9, 9)] == [ends[0], ends[2]]
    half = (np.array(to_rgb(palette.faint)) + np.array(to_rgb(palette.shared))) / 2
    assert np.allclose(to_rgb(signed_colour(palette, 1, 2)), half, atol=1 / 255)


# What the two who cannot tell red from green, and the one who cannot blue from yellow, see of a
# colour: Machado et al. 2009, severity 1, on linear light.
SIMULATED = {
    "protan": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deutan": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritan": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour: str) -> Any:
    c = np.array(to_rgb(colour))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


@pytest.mark.parametrize("sight", SIMULATED)
@pytest.mark.parametrize("theme", THEMES)
def test_below_and_above_zero_stay_apart_for_colour_blind_readers(theme: str, sight: str) -> None:
    blue, orange = (
        np.array(SIMULATED[sight]) @ linear(signed_colour(THEMES[theme], value, 1))
        for value in (-1, 1)
    )
    assert np.abs(blue - orange).max() > 0.25


@pytest.mark.parametrize(
    ("cost", "said"),
    [
        (330.0, "330"),
        (32.73, "33"),
        (0.2358, "0.24"),
        (0.00149, "0.0015"),
        (0.00098, "9.8 × 10⁻⁴"),
        (1.07e-10, "1.1 × 10⁻¹⁰"),
    ],
)
def test_costs_have_two_digits(cost: float, said: str) -> None:
    assert cost_said(cost) == said


# -- frames


def test_the_frames_are_steps_of_another_descent() -> None:
    film = {name: json.loads(column) for name, column in frames().items()}
    steps = film["steps"]
    assert set(STEPS) < set(steps)
    assert steps == sorted(set(steps))
    assert 20 <= len(steps) <= 30
    assert film["costs"] == pytest.approx([PATH[step][0] for step in steps], rel=1e-4)
    kernels = [PATH[step][1].ravel() for step in steps]
    assert np.array(film["kernels"]) == pytest.approx(np.array(kernels), abs=1e-4)
    assert film["wanted"] == [1, 0, -1] * 3


# -- words


def test_the_words_of_the_kernel() -> None:
    figure = find_figure(FORMS)
    caption = figure.words("caption")
    assert "In 30 steps the cost falls from 33 to 0.01 (" in caption.text
    assert "after 300 every weight is that of the wanted kernel to within 0.0001." in caption.text
    assert np.abs(PATH[300][1] - WANTED).max() < 1e-4
    assert np.abs(PATH[300][1] - WANTED).max() > 1e-5  # so that a closer bound would be wrong
    alt = figure.words("alt")
    assert alt.numbers[:8] == (6, 6, 4, 4, 33, 0, Fraction(1, 100), 30)
    assert "at steps 0, 1, 3, 10, 30, 100 and 300, beside the wanted one" in alt.text
    first, last = (PATH[1][1][:, column] for column in (0, 2))
    said = [float(number) for number in alt.numbers[-10:-4]]
    assert said == pytest.approx([*first, *last], abs=0.05001)
    assert alt.text.endswith("at step 300 the columns are all 1, all 0 and all −1, as wanted.")
