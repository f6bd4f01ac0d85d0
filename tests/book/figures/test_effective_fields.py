from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from mkdocs_cnn.book.figures import effective_fields
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.style import THEMES

PROFILES, LAW = "effective-receptive-field", "square-root-law"
DEPTHS = [1, 2, 5, 10, 20, 40]
LIGHT = THEMES["light"]


# -- profiles


def panels(fig: Any) -> list[tuple[Any, Any, Any]]:
    """For each panel the box, the heights of the bars by place, and the dots."""
    found = []
    for axes in fig.axes:
        box, *bars = axes.patches
        assert {to_hex(bar.get_facecolor()) for bar in bars} == {LIGHT.sparse}
        heights = {round(bar.get_x() + bar.get_width() / 2, 6): bar.get_height() for bar in bars}
        found.append((box, heights, axes.lines[0].get_xydata()))
    return found


def test_boxes_are_the_theoretical_fields(drawn: Any, texts: Any) -> None:
    fig = drawn(PROFILES)
    edges = [(box.get_x(), box.get_x() + box.get_width()) for box, *_ in panels(fig)]
    assert edges == [(-5.5, 5.5), (-10.5, 10.5), (-20.5, 20.5)]
    said = [text.get_text() for text, _ in texts(fig)]
    for depth, size in ((5, 11), (10, 21), (20, 41)):
        assert f"{depth} layers see {size} inputs" in said


def test_bars_are_trinomial_coefficients(drawn: Any) -> None:
    _, heights, _ = panels(drawn(PROFILES))[0]
    fifth = [1, 5, 15, 30, 45, 51, 45, 30, 15, 5, 1]  # (1 + x + x²)⁵
    assert heights == pytest.approx({at - 5: tap / 51 for at, tap in enumerate(fifth)})


def test_bars_come_close_to_a_bell_of_variance_two_thirds_of_the_depth(drawn: Any) -> None:
    for (_, heights, _), depth in zip(panels(drawn(PROFILES)), (5, 10, 20), strict=True):
        at, height = (np.array(part) for part in zip(*heights.items(), strict=True))
        assert (at**2 * height).sum() / height.sum() == pytest.approx(2 * depth / 3)
        assert np.allclose(height, np.exp(-(at**2) / (4 * depth / 3)), atol=0.25 / depth)


def test_dots_are_a_symmetric_bell_wider_than_the_bars(drawn: Any) -> None:
    for (_, heights, dots), depth in zip(panels(drawn(PROFILES)), (5, 10, 20), strict=True):
        at, height = dots.T
        assert at.tolist() == list(heights)
        assert height.max() == 1
        assert np.allclose(height, height[::-1])
        spread = (at**2 * height).sum() / height.sum()
        assert 2 * depth / 3 * 1.3 < spread < 2 * depth / 3 * 2.1  # twice in the limit


def test_the_words_of_the_profiles() -> None:
    figure = find_figure(PROFILES)
    caption = figure.words("caption")
    assert caption.numbers[:10] == (5, 10, 20, 3, 8, 5, 20, 11, 41, caption.numbers[9])
    assert (  # 2 √(10/3) and 2 √(40/3)
        "grows from 11 inputs to 41, the bell of bars, measured one standard deviation to each "
        "side, which holds about two thirds of it, only from 3.65 to 7.3." in caption.text
    )
    alt = figure.words("alt")
    assert alt.numbers[:6] == (5, 10, 20, 11, 21, 41)
    assert "one standard deviation to each side they are 3.65, 5.16 and 7.3 inputs" in alt.text


def test_the_widths_of_the_words_hold_about_two_thirds_of_each_bell(drawn: Any) -> None:
    said = [float(number) for number in find_figure(PROFILES).words("alt").numbers[-6:]]
    shown = zip(panels(drawn(PROFILES)), said[:3], said[3:], strict=True)
    for (_, bars, dots), exact, measured in shown:
        for heights, width in ((list(bars.values()), exact), (dots[:, 1], measured)):
            edges = np.arange(len(heights) + 1) - len(heights) / 2  # each is one input wide
            below = np.cumsum([0, *heights]) / sum(heights)
            held = np.interp(width / 2, edges, below) - np.interp(-width / 2, edges, below)
            assert held == pytest.approx(2 / 3, abs=0.04)


def test_widths_open_to_what_they_are() -> None:
    *_, first, last = find_figure(PROFILES).words("caption").numbers
    assert [number.name for number in (first, last)] == [
        "two standard deviations, 2 √(10/3), rounded",
        "two standard deviations, 2 √(40/3), rounded",
    ]
    alt = find_figure(PROFILES).words("alt").numbers
    law = find_figure(LAW).words("caption").numbers
    assert {number.name for number in (*alt[-3:], *law[-3:-1])} == {
        "two standard deviations, measured: mean over 8 networks of random weights"
    }


# -- the law


def laws(fig: Any) -> list[Any]:
    """The heights of the three lines, each of which has its marks."""
    *lines, step = fig.axes[0].lines
    assert len(step.get_xdata()) == 3
    for line, marks in zip(lines[::2], lines[1::2], strict=True):
        assert line.get_xdata().tolist() == marks.get_xdata().tolist() == DEPTHS
    return [np.array(line.get_ydata()) for line in lines[::2]]


def test_the_size_grows_as_the_depth_and_the_exact_width_as_its_root(drawn: Any) -> None:
    size, _, exact = laws(drawn(LAW))
    assert size.tolist() == [2 * n + 1 for n in DEPTHS]
    assert exact == pytest.approx([2 * sqrt(2 * n / 3) for n in DEPTHS])


def test_the_measured_width_grows_about_as_the_root(drawn: Any) -> None:
    _, measured, exact = laws(drawn(LAW))
    ratio = measured / exact
    assert ratio[0] == pytest.approx(1, abs=0.1)
    assert ratio[-1] == pytest.approx(sqrt(2), rel=0.1)
    slope = np.polyfit(np.log(DEPTHS[2:]), np.log(measured[2:]), 1)[0]
    assert slope == pytest.approx(0.5, abs=0.08)


def test_the_axis_says_how_bells_are_measured(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(LAW))]
    assert "inputs (bells: one standard deviation to each side)" in said


def test_both_axes_are_logarithmic_and_say_so(drawn: Any, texts: Any) -> None:
    axes = drawn(LAW).axes[0]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert "logarithmic" in find_figure(LAW).words("caption").text


def test_the_step_is_four_times_as_deep_and_twice_as_wide(drawn: Any, texts: Any) -> None:
    fig = drawn(LAW)
    near, corner, far = fig.axes[0].lines[-1].get_xydata()
    assert (near[0], far[0]) == (10, 40)
    assert corner.tolist() == [far[0], near[1]]
    assert far[1] / near[1] == pytest.approx(2)
    said = [text.get_text() for text, _ in texts(fig)]
    assert [words for words in said if words.startswith("×")] == ["× 4", "× 2"]


def test_lines_differ_in_stroke_and_mark_and_bear_their_last_number(drawn: Any, texts: Any) -> None:
    fig = drawn(LAW)
    lines = fig.axes[0].lines[:-1]
    assert len({str(line._unscaled_dash_pattern) for line in lines[::2]}) == 3
    assert len({marks.get_marker() for marks in lines[1::2]}) == 3
    said = [text.get_text() for text, _ in texts(fig)]
    assert {"81", "10.3", f"{laws(fig)[1][-1]:.3g}"} <= set(said)


def test_the_words_of_the_law() -> None:
    figure = find_figure(LAW)
    caption = figure.words("caption")
    assert caption.numbers[:5] == (10, 3, 40, 21, 81)
    assert "one standard deviation to each side, which holds about two thirds of it" in caption.text
    assert "from 5.16 to 10.33 without ReLUs" in caption.text
    alt = figure.words("alt")
    assert alt.numbers[:4] == (1, 40, 3, 81)
    assert "one standard deviation to each side, rises from 1.63 to 10.33" in alt.text
    assert "to 10.33; a step marks that 4 times the depth makes 2 times" in alt.text


def test_the_same_networks_are_drawn_every_time() -> None:
    drawn_once = effective_fields._measured(5)
    effective_fields._measured.cache_clear()
    assert np.array_equal(drawn_once, effective_fields._measured(5))
    assert not np.array_equal(drawn_once, drawn_once.T)
