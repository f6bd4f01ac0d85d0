from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import same_color
from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.sample_efficiency.run import Settings
from mkdocs_cnn.figures.parts.curves import (
    Curve,
    add_headings,
    draw_curve,
    draw_marks,
    families,
    key,
    name_curve,
    note,
    panels,
    plain_ticks,
    powers,
)
from mkdocs_cnn.figures.parts.stage import STROKES
from mkdocs_cnn.figures.style import MEDIA, THEMES, Look

LOOK = Look(THEMES["light"], MEDIA["page"], wide=False)
CURVE = Curve("a name", "#123456", "^", 2)


@pytest.fixture
def axes() -> Any:
    return Figure().add_subplot()


def test_a_curve_goes_through_its_means_and_its_bars_are_halves(axes: Any) -> None:
    draw_curve(axes, LOOK, CURVE, [1, 10, 100], [0.5, 0.3, 0.2], [0.05, 0.0, 0.1])
    ((line, caps, (bars,)),) = axes.containers
    assert line.get_xydata().tolist() == [[1, 0.5], [10, 0.3], [100, 0.2]]
    ends = np.array(bars.get_segments())
    assert ends[:, :, 0].tolist() == [[1, 1], [10, 10], [100, 100]]
    assert ends[:, :, 1] == pytest.approx(np.array([[0.45, 0.55], [0.3, 0.3], [0.1, 0.3]]))
    assert len(caps) == 2


def test_a_curve_is_drawn_as_it_says(axes: Any) -> None:
    draw_curve(axes, LOOK, CURVE, [1, 2], [0.5, 0.3], [0.1, 0.1])
    (container,) = axes.containers
    line = container.lines[0]
    assert (line.get_color(), line.get_marker()) == ("#123456", "^")
    assert line._unscaled_dash_pattern == plain_line(STROKES[2])
    assert container.get_label() == "a name"


def plain_line(stroke: Any) -> Any:
    """The dashes of a line that Matplotlib was given no curve for."""
    line: Any = Figure().add_subplot().plot([0, 1], ls=stroke)[0]
    return line._unscaled_dash_pattern


@pytest.mark.parametrize("theme", THEMES)
def test_families_are_told_apart_with_and_without_colour(theme: str) -> None:
    palette = THEMES[theme]
    drawn = families(palette)
    assert tuple(drawn) == Settings().networks
    assert [curve.colour for curve in drawn.values()] == [
        *(palette.dense, palette.sparse, palette.shared, palette.ring),
    ]
    for without_colour in ("marker", "stroke", "name"):
        assert len({getattr(curve, without_colour) for curve in drawn.values()}) == len(drawn)
    assert all(curve.stroke in range(len(STROKES)) for curve in drawn.values())


def test_a_key_names_every_curve_in_its_colour(axes: Any) -> None:
    drawn = families(LOOK.palette)
    for curve in drawn.values():
        draw_curve(axes, LOOK, curve, [1, 2], [0.5, 0.3], [0.1, 0.1])
    key(axes, LOOK, "lower left")
    names = axes.get_legend().get_texts()
    assert [name.get_text() for name in names] == [curve.name for curve in drawn.values()]
    for name, curve in zip(names, drawn.values(), strict=True):
        assert same_color(name.get_color(), curve.colour)
        assert name.get_weight() == "bold"


def test_marks_have_their_shape_and_size_and_no_line_unless_one_is_asked_for(axes: Any) -> None:
    draw_marks(axes, LOOK, [1, 2], [3, 4], "#123456", marker="s", size=2, edge=0.5)
    draw_marks(axes, LOOK, [1, 2], [3, 4], "#123456", ls="-")
    marks, joined = axes.lines
    assert marks.get_xydata().tolist() == [[1, 3], [2, 4]]
    assert (marks.get_marker(), marks.get_linestyle()) == ("s", "None")
    assert (marks.get_markersize(), marks.get_markeredgewidth()) == (2 * LOOK.line, LOOK.line / 2)
    assert marks.get_markeredgecolor() == LOOK.palette.surface
    assert (joined.get_marker(), joined.get_linestyle()) == ("o", "-")


def test_a_name_stands_at_its_place_in_its_colour(axes: Any) -> None:
    name_curve(axes, LOOK, CURVE, (0.25, 0.75), "left")
    (text,) = axes.texts
    axes.set(xlim=(0, 40), ylim=(0, 4))
    said = text.get_transform().transform(text.get_position())
    assert said == pytest.approx(axes.transData.transform((10, 3)))
    assert (text.get_text(), text.get_color()) == ("a name", "#123456")
    assert (text.get_ha(), text.get_va()) == ("left", "center")


def test_ticks_are_read_as_they_are_said(axes: Any) -> None:
    axes.set(xscale="log", yscale="log", xlim=(20, 2000), ylim=(0.015, 1))
    plain_ticks(axes.xaxis, (20, 100, 1000))
    plain_ticks(axes.yaxis, (0.02, 0.5, 0.125), percent=True)
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["20", "100", "1,000"]
    assert axes.get_xticks().tolist() == [20, 100, 1000]
    assert [tick.get_text() for tick in axes.get_yticklabels()] == ["2%", "50%", "12.5%"]
    assert axes.get_yticks().tolist() == [0.02, 0.5, 0.125]
    for axis in (axes.xaxis, axes.yaxis):
        assert not axis.get_minorticklocs().size


def test_what_is_measured_stands_between_the_heading_and_the_panel(axes: Any) -> None:
    add_headings(axes, LOOK, "digits", "test error")
    FigureCanvasAgg(axes.figure).draw()
    assert axes.get_title(loc="left") == "digits"
    (what,) = axes.texts
    assert what.get_text() == "test error"
    box, heading = what.get_window_extent(), axes._left_title.get_window_extent()
    assert axes.get_window_extent().y1 < box.y0
    assert box.y1 < heading.y0


@pytest.mark.parametrize(("wide", "across", "down"), [(True, 3, 1), (False, 1, 3)])
def test_panels_stand_side_by_side_on_a_wide_sheet_only(wide: bool, across: int, down: int) -> None:
    shown = panels(Figure(), replace(LOOK, wide=wide), 3, "time", ratios=(1, 1, 2), sharex=True)
    grid = shown[0].get_gridspec()
    assert (grid.ncols, grid.nrows) == (across, down)
    assert (grid.get_width_ratios() if wide else grid.get_height_ratios()) == (1, 1, 2)
    assert [axes.get_xlabel() for axes in shown] == ["time"] * 3 if wide else ["", "", "time"]


def on_lines(fig: Any) -> Any:
    """Points on all lines of a figure, close to each other, in pixels."""
    return np.concatenate(
        [
            np.linspace(a, b, 50)
            for axes in fig.axes
            for line in axes.lines
            if line.get_linestyle() != "None"
            for ends in [axes.transData.transform(line.get_xydata())]
            for a, b in pairwise(ends)
        ]
    )


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize(
    "name",
    [
        "sample-efficiency",
        "overfitting",
        "shifted-digits",
        "forecast-error-by-length",
        "seconds-by-kernel-size",
    ],
)
def test_no_line_runs_through_a_name(drawn: Any, texts: Any, name: str, medium: str) -> None:
    fig = drawn(name, medium)
    boxes = [box for text, box in texts(fig) if text.get_weight() == "bold"]
    boxes += [axes.get_legend().get_window_extent() for axes in fig.axes if axes.get_legend()]
    assert len(boxes) >= 3
    for box in boxes:
        assert box.count_contains(on_lines(fig)) == 0


def test_powers_of_a_thousand_are_ticks_in_words_up_to_the_highest(axes: Any) -> None:
    axes.set(yscale="log", ylim=(1, 1e8))
    powers(axes.yaxis, 5_000_000)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["1", "1,000", "1 million"]
    assert axes.get_yticks(minor=True).tolist() == []


def test_a_note_stands_so_many_points_beside_its_point(axes: Any) -> None:
    note(axes, LOOK, "here", (1, 2), (3, 4), color="red")
    (words,) = axes.texts
    assert (words.get_text(), words.xy, words.get_position()) == ("here", (1, 2), (3, 4))
    assert words.get_size() == LOOK.small
