from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgba_array
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mkdocs_cnn.arrays.matrix import NO_WEIGHT
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.parts.stage import Box, Stage, stage
from mkdocs_cnn.figures.parts.weights import (
    subscript,
    weight_cells,
    weight_colours,
    weight_names,
    weight_numbers,
)
from mkdocs_cnn.figures.style import MEDIA, THEMES, Look


@pytest.fixture(params=["page", "slide"])
def sheet(request: pytest.FixtureRequest) -> Stage:
    medium = MEDIA[request.param]
    look = Look(THEMES["light"], medium, wide=False)
    return stage(Figure(figsize=(medium.width, medium.height or medium.width)), look)


def test_a_stage_is_measured_in_the_height_of_its_type(sheet: Stage) -> None:
    inches = sheet.axes.get_figure().get_size_inches()
    assert sheet.width == pytest.approx(inches[0] * 72 / sheet.look.sheet.type_size)
    assert sheet.height == pytest.approx(inches[1] * 72 / sheet.look.sheet.type_size)
    corners = sheet.axes.transData.transform([(0, sheet.height), (sheet.width, 0)])
    assert np.allclose(corners, sheet.axes.get_figure().bbox.get_points())


def test_a_page_holds_about_as_many_ems_as_a_slide() -> None:
    ems = [medium.width * 72 / medium.type_size for medium in MEDIA.values()]
    assert max(ems) / min(ems) < 1.3


def test_boxes_know_their_edges_and_cells() -> None:
    box = Box(1, 2, 6, 4)
    assert (box.right, box.bottom, box.centre) == (7, 6, (4, 4))
    assert box.cell(1, 2, 2) == Box(5, 4, 2, 2)
    assert box.inset(0.5) == Box(1.5, 2.5, 5, 3)
    assert Box.around((4, 4), 6, 4) == box


def test_the_cells_of_a_grid_fill_their_box_row_by_row() -> None:
    cells = Box(1, 2, 6, 4).grid(2, 3)
    assert list(cells) == [(row, column) for row in range(2) for column in range(3)]
    assert cells[0, 0] == Box(1, 2, 2, 2)
    assert cells[1, 2] == Box(5, 4, 2, 2)


def test_axes_in_a_box_fill_it(sheet: Stage) -> None:
    box = Box(2, 3, 5, 4)
    axes = sheet.axes_in(sheet.axes.figure, box)  # type: ignore[arg-type]
    corners = sheet.axes.transData.transform([(box.x, box.bottom), (box.right, box.y)])
    assert np.allclose(axes.bbox.get_points(), corners)


def test_a_weights_entries_have_its_colour_and_name_and_the_others_none(sheet: Stage) -> None:
    identity = np.array([[0, 1, NO_WEIGHT], [NO_WEIGHT, 0, 1]])
    weight_cells(sheet, Box(0, 0, 3, 2), identity, weight_numbers(2))
    assert [text.get_text() for text in sheet.axes.texts] == ["1", "2", "1", "2"]
    (cells,) = (c for c in sheet.axes.collections if isinstance(c, PolyCollection))
    first, second = weight_colours(sheet.look, 2)
    faint = sheet.look.palette.faint
    expected = [first, second, faint, faint, first, second]
    assert np.allclose(cells.get_facecolors(), to_rgba_array(expected))


def test_cells_fill_their_box_row_by_row(sheet: Stage) -> None:
    sheet.cells(Box(0, 0, 3, 2), [["#ff0000", "#00ff00", "#0000ff"], ["#ffffff"] * 3])
    (cells,) = (c for c in sheet.axes.collections if isinstance(c, PolyCollection))
    centres = [path.vertices[:4].mean(axis=0) for path in cells.get_paths()]
    assert np.allclose(
        centres, [(0.5, 0.5), (1.5, 0.5), (2.5, 0.5), (0.5, 1.5), (1.5, 1.5), (2.5, 1.5)]
    )
    assert np.allclose(cells.get_facecolors()[0], (1, 0, 0, 1))


def test_a_cell_without_a_label_has_no_text(sheet: Stage) -> None:
    sheet.cells(Box(0, 0, 2, 1), [["#ffffff", "#000000"]], [["", "7"]])
    assert [(t.get_text(), t.get_color()) for t in sheet.axes.texts] == [("7", "#ffffff")]


def test_bars_are_as_high_as_their_values(sheet: Stage) -> None:
    sheet.bars(Box(0, 0, 4, 10), [0, 0.5, 1, 0.25], "#000000")
    (bars,) = (c for c in sheet.axes.collections if isinstance(c, PolyCollection))
    assert [np.ptp(path.vertices[:, 1]) for path in bars.get_paths()] == [5, 10, 2.5]


def test_lines_grow_with_the_sheet(sheet: Stage) -> None:
    sheet.lines([[(0, 0), (1, 1)]], "#000000", width=2)
    (lines,) = (c for c in sheet.axes.collections if isinstance(c, LineCollection))
    assert lines.get_linewidths() == [2 * sheet.look.line]


def test_an_outline_is_cleared_before_it_is_drawn(sheet: Stage) -> None:
    sheet.outline(Box(1, 1, 2, 2), "#000000", width=2)
    below, above = (patch for patch in sheet.axes.patches if isinstance(patch, Rectangle))
    assert below.get_linewidth() > above.get_linewidth()
    assert below.get_bbox().bounds == above.get_bbox().bounds == (1, 1, 2, 2)


def test_one_weight_has_a_colour_too(sheet: Stage) -> None:
    assert len(weight_colours(sheet.look, 1)) == 1


@pytest.mark.parametrize(
    ("count", "names"), [(3, ["a", "b", "c"]), (26, None), (27, [str(n) for n in range(1, 28)])]
)
def test_weights_are_named_by_letters_while_they_last(count: int, names: list[str] | None) -> None:
    assert weight_names(count) == (names or list("abcdefghijklmnopqrstuvwxyz"))


def test_numbers_stand_below_the_line() -> None:
    assert subscript("x", 10) == "x₁₀"


@pytest.mark.parametrize(
    ("name", "parameter", "most"),
    [
        ("connections-dense-and-sparse", "units", 60),
        ("connections-dense-and-sparse", "kernel_size", 60),
        ("kernel-at-every-position", "units", 60),
        ("kernel-at-every-position", "kernel_size", 60),
        ("vectorised-image", "size", 7),
        ("vectorised-image", "kernel_size", 7),
        ("weight-matrices", "units", 60),
        ("from-dense-to-shared", "size", 3000),
        ("from-dense-to-shared", "in_channels", 1000),
        ("from-dense-to-shared", "out_channels", 1000),
        ("from-dense-to-shared", "kernel_size", 100),
        ("weights-by-image-size", "largest", 3000),
        ("weights-by-image-size", "in_channels", 1000),
        ("weights-by-image-size", "out_channels", 1000),
        ("weights-by-image-size", "kernel_size", 100),
    ],
)
def test_what_is_too_large_to_be_drawn_is_neither_described_nor_drawn(
    drawn: Any, name: str, parameter: str, most: int
) -> None:
    figure = find_figure(name)
    message = f"^{parameter} must be at most {most} to be drawn, not 100000$"
    for made in (
        lambda: figure.words("caption", figure.bound({parameter: 100_000})),
        lambda: figure.words("alt", figure.bound({parameter: 100_000})),
        lambda: drawn(name, **{parameter: 100_000}),
    ):
        with pytest.raises(ValueError, match=message):
            made()


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("connections-dense-and-sparse", {"units": 60}),
        ("vectorised-image", {"size": 7}),
        ("weight-matrices", {"units": 60}),
        ("from-dense-to-shared", {"size": 3000, "in_channels": 1000, "out_channels": 1000}),
        ("weights-by-image-size", {"largest": 3000, "in_channels": 1000, "out_channels": 1000}),
    ],
)
def test_the_largest_figures_can_be_drawn(
    drawn: Any, name: str, parameters: dict[str, int]
) -> None:
    assert drawn(name, **parameters).axes
