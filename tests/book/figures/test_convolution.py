from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.colors import to_hex
from matplotlib.patches import FancyArrowPatch, Rectangle
from scipy.signal import convolve2d, correlate2d

from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.rendering import Drawing
from mkdocs_cnn.figures.style import THEMES

DIRECTIONS, TURNED, PADDING = "vertical-and-horizontal", "kernel-turned", "padding-modes"
STEPS, CHANNELS, POOLING = "stride-and-dilation", "channels", "max-and-average-pooling"
ALL = [DIRECTIONS, TURNED, PADDING, STEPS, CHANNELS, POOLING]
LIGHT = THEMES["light"]


def matrices(fig: Any) -> list[PolyCollection]:
    """All cells, matrix by matrix, in the order of drawing."""
    return [c for c in fig.axes[0].collections if isinstance(c, PolyCollection)]


def outlines(fig: Any) -> list[Rectangle]:
    """What is outlined, without the clearings below the outlines."""
    edges = [patch for patch in fig.axes[0].patches if isinstance(patch, Rectangle)]
    return edges[1::2]


def centres(cells: PolyCollection) -> Any:
    return np.array([path.vertices[:4].mean(axis=0) for path in cells.get_paths()])


def within(outline: Rectangle, points: Any) -> list[bool]:
    (x0, y0), (x1, y1) = outline.get_bbox().get_points()
    return [bool(x0 < x < x1 and y0 < y < y1) for x, y in points]


def filled(cells: PolyCollection, colour: str) -> list[int]:
    return [at for at, fill in enumerate(cells.get_facecolors()) if to_hex(fill) == colour]


def fills(cells: PolyCollection) -> list[str]:
    return [to_hex(fill) for fill in cells.get_facecolors()]


def said_in(texts: Any, fig: Any, cells: PolyCollection) -> list[str]:
    """What is written in the cells, one by one; "" in an empty one."""
    at = {tuple(np.round(text.get_position(), 6)): text.get_text() for text, _ in texts(fig)}
    return [at.get(tuple(np.round(centre, 6)), "") for centre in centres(cells)]


def square(numbers: str) -> list[str]:
    return numbers.replace("-", "−").split()


# -- all of them


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize("name", ALL)
def test_no_text_lies_on_another_or_off_the_sheet(
    drawn: Any, texts: Any, name: str, medium: str
) -> None:
    fig = drawn(name, medium)
    for (one, here), (other, there) in itertools.combinations(texts(fig), 2):
        assert not here.overlaps(there), (one, other)
    for text, box in texts(fig):
        assert fig.bbox.x0 < box.x0 < box.x1 < fig.bbox.x1, text
        assert fig.bbox.y0 < box.y0 < box.y1 < fig.bbox.y1, text


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize("name", ALL)
def test_what_is_drawn_stays_on_the_sheet(drawn: Any, name: str, medium: str) -> None:
    axes = drawn(name, medium).axes[0]
    width, height = axes.get_xlim()[1], axes.get_ylim()[0]
    corners = [
        *(path.vertices for cells in matrices(axes.figure) for path in cells.get_paths()),
        *(outline.get_bbox().get_points() for outline in outlines(axes.figure)),
        *(np.reshape(image.get_extent(), (2, 2)).T for image in axes.get_images()),
    ]
    for x, y in np.concatenate(corners):
        assert 0 < x < width
        assert 0 < y < height


# -- vertical and horizontal edges


@pytest.fixture(scope="module")
def grey() -> Any:
    return grey_photograph()[0]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_pictures_are_the_photograph_and_its_edges_in_two_directions(
    drawn: Any, grey: Any, medium: str
) -> None:
    photograph, vertical, horizontal, _ = drawn(DIRECTIONS, medium).axes[0].get_images()
    upright = [[1, 0, -1], [1, 0, -1], [1, 0, -1]]
    lying = [[1, 1, 1], [0, 0, 0], [-1, -1, -1]]
    assert np.array_equal(photograph.get_array(), grey)
    assert np.array_equal(vertical.get_array(), correlate2d(grey, upright, mode="valid"))
    assert np.array_equal(horizontal.get_array(), correlate2d(grey, lying, mode="valid"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_directions_have_one_scale_on_which_zero_is_mid_grey(drawn: Any, theme: str) -> None:
    photograph, *edges, scale = drawn(DIRECTIONS, "page", theme).axes[0].get_images()
    assert photograph.get_clim() == (0, 255)
    for picture in edges:
        assert picture.get_clim() == (-96, 96)
        black, middle, white = picture.to_rgba(np.array([[-96.0, 0.0, 96.0]]))[0]
        assert [black[0], middle[0], white[0]] == [0, 0.5, 1]
    greys = scale.to_rgba(scale.get_array())[0]
    assert np.array_equal(greys[:, 0], np.linspace(0, 1, 33))


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_each_kernel_is_shown_and_a_weight_is_dark_if_it_makes_outputs_dark(
    drawn: Any, texts: Any, medium: str
) -> None:
    fig = drawn(DIRECTIONS, medium)
    upright, lying = matrices(fig)
    assert said_in(texts, fig, upright) == square("1 0 -1 1 0 -1 1 0 -1")
    assert said_in(texts, fig, lying) == square("1 1 1 0 0 0 -1 -1 -1")
    greys = upright.get_facecolors()[:, 0].reshape(3, 3)
    assert greys[0, 0] > greys[0, 1] > greys[0, 2]
    assert np.array_equal(greys.T, lying.get_facecolors()[:, 0].reshape(3, 3))


def test_on_a_slide_each_kernel_stands_below_its_picture(drawn: Any) -> None:
    fig = drawn(DIRECTIONS, "slide")
    _, *pictures, _ = fig.axes[0].get_images()
    for picture, kernel in zip(pictures, matrices(fig), strict=True):
        left, right, bottom, _ = picture.get_extent()
        middle = centres(kernel).mean(axis=0)
        assert middle[0] == pytest.approx((left + right) / 2)
        assert middle[1] > bottom


def test_the_words_of_the_directions() -> None:
    figure = find_figure(DIRECTIONS)
    caption = figure.words("caption")
    assert caption.numbers == (3, 3)
    assert caption.text.endswith("Photograph: Stéfan van der Walt, CC0.")
    numbers = figure.words("alt").numbers
    assert numbers == (280, 320, 278, 318, 3, 1, 0, -1, 1, 0, -1, -96, 96)


def test_whiskers_answer_to_the_horizontal_kernel_and_the_nose_to_the_vertical(drawn: Any) -> None:
    _, vertical, horizontal, _ = drawn(DIRECTIONS).axes[0].get_images()
    upright, lying = abs(vertical.get_array()), abs(horizontal.get_array())
    whiskers, nose = (slice(200, 260), slice(0, 80)), (slice(60, 190), slice(140, 230))
    assert lying[whiskers].mean() > 1.5 * upright[whiskers].mean()
    assert upright[nose].mean() > 1.2 * lying[nose].mean()


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_three_pictures_make_no_large_file(cache_folder: Cache, medium: str) -> None:
    files = Drawing(DIRECTIONS, {}, cache_folder, medium).files(["light"], ["svg"])
    assert files["light", "svg"].stat().st_size < 300_000


# -- the kernel turned

EDGE_ROWS = [[10, 10, 10, 0, 0, 0]] * 6
KERNEL = [[1, 0, -1]] * 3


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_turn_changes_the_sign_of_the_answer(drawn: Any, texts: Any, medium: str) -> None:
    fig = drawn(TURNED, medium)
    image, kernel, correlated, turned, convolved = (
        said_in(texts, fig, cells) for cells in matrices(fig)
    )
    assert image == square("10 10 10 0 0 0 " * 6)
    assert kernel == square("1 0 -1 " * 3)
    assert turned == square("-1 0 1 " * 3)
    assert correlated == square("0 30 30 0 " * 4)
    assert convolved == square("0 -30 -30 0 " * 4)


def test_scipy_gives_the_same_two_answers(drawn: Any, texts: Any) -> None:
    fig = drawn(TURNED)
    _, _, correlated, _, convolved = (said_in(texts, fig, cells) for cells in matrices(fig))
    for said, answer in (
        (correlated, correlate2d(EDGE_ROWS, KERNEL, mode="valid")),
        (convolved, convolve2d(EDGE_ROWS, KERNEL, mode="valid")),
    ):
        assert [int(words.replace("−", "-")) for words in said] == answer.ravel().tolist()


def test_the_outlined_weight_goes_to_the_opposite_corner(drawn: Any) -> None:
    fig = drawn(TURNED)
    _, kernel, _, turned, _ = matrices(fig)
    before, after = outlines(fig)
    assert within(before, centres(kernel)) == [True, *[False] * 8]
    assert within(after, centres(turned)) == [*[False] * 8, True]
    assert not any(within(before, centres(turned)))


def test_opposite_answers_have_opposite_greys(drawn: Any) -> None:
    _, _, correlated, _, convolved = (
        cells.get_facecolors()[:4, 0] for cells in matrices(drawn(TURNED))
    )
    assert correlated[1] > correlated[0] == convolved[0] > convolved[1]


def test_the_words_of_the_turn() -> None:
    figure = find_figure(TURNED)
    assert figure.words("caption").numbers == (30, -30)
    alt = figure.words("alt")
    assert "every row 0, 30, 30 and 0." in alt.text
    assert alt.text.count("0, −30, −30 and 0") == 1
    assert alt.numbers == (6, 6, 10, 0, 1, 0, -1, 4, 4, 0, 30, 30, 0, -1, 0, 1, 0, -30, -30, 0)


# -- what fills the padding

BY_HAND = {
    "zeros": "0 0 1 2 3 0 0",
    "circular": "2 3 1 2 3 1 2",
    "reflect": "3 2 1 2 3 2 1",
    "edge": "1 1 1 2 3 3 3",
}
NUMPY = {"zeros": "constant", "circular": "wrap", "reflect": "reflect", "edge": "edge"}


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_each_mode_pads_the_row_of_numbers_as_by_hand(drawn: Any, texts: Any, medium: str) -> None:
    fig = drawn(PADDING, medium)
    rows = [said_in(texts, fig, cells) for cells in matrices(fig)]
    assert rows == [square(row) for row in BY_HAND.values()]
    names = [text.get_text() for text, _ in texts(fig) if text.get_text() in BY_HAND]
    assert names == list(BY_HAND)


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_each_mode_pads_the_eye_as_numpy_does(drawn: Any, grey: Any, medium: str) -> None:
    pictures = drawn(PADDING, medium).axes[0].get_images()
    eye = grey[70:150, 56:152]
    for picture, mode in zip(pictures, NUMPY.values(), strict=True):
        assert np.array_equal(picture.get_array(), np.pad(eye, 24, mode=mode))
        assert picture.get_clim() == (0, 255)


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_outlines_hold_what_was_there_before_the_padding(drawn: Any, medium: str) -> None:
    fig = drawn(PADDING, medium)
    frames, rows = outlines(fig)[::2], outlines(fig)[1::2]
    for picture, frame in zip(fig.axes[0].get_images(), frames, strict=True):
        left, right, bottom, top = picture.get_extent()
        pixel = (right - left) / 144
        assert (bottom - top) / 128 == pytest.approx(pixel)
        inner = [left + 24 * pixel, top + 24 * pixel, right - 24 * pixel, bottom - 24 * pixel]
        assert frame.get_bbox().get_points().ravel() == pytest.approx(inner)
    for cells, row in zip(matrices(fig), rows, strict=True):
        assert within(row, centres(cells)) == [False] * 2 + [True] * 3 + [False] * 2


def test_the_words_of_the_padding() -> None:
    figure = find_figure(PADDING)
    assert figure.words("caption").numbers == (24, 80, 96, 2, 1, 2, 3)
    alt = figure.words("alt")
    assert alt.numbers[:3] == (80, 96, 24)
    for row in BY_HAND.values():
        assert ", ".join(row.split()) in alt.text


# -- stride and dilation


def panels(fig: Any) -> list[tuple[PolyCollection, PolyCollection, Any, Any]]:
    """Of each panel the inputs, the outputs, and the rings on either."""
    grids = matrices(fig)
    rings = [c.get_offsets() for c in fig.axes[0].collections if isinstance(c, PathCollection)]
    return list(zip(grids[::2], grids[1::2], rings[::2], rings[1::2], strict=True))


def ringed(cells: PolyCollection, rings: Any) -> list[int]:
    """The cells in whose middle a ring stands."""
    gaps = np.linalg.norm(centres(cells)[:, None] - rings[None], axis=2)
    assert (gaps.min(axis=0) < 1e-6).all()
    return [at for at, gap in enumerate(gaps.min(axis=1)) if gap < 1e-6]


def taps(rows: tuple[int, ...], columns: tuple[int, ...], size: int) -> list[int]:
    return [row * size + column for row in rows for column in columns]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_windows_stand_where_stride_and_dilation_put_them(drawn: Any, medium: str) -> None:
    plain, strided, dilated = panels(drawn(STEPS, medium))
    near, far = (0, 1, 2), (0, 2, 4)
    for (inputs, _, rings, _), rows, first, second in (
        (plain, near, near, (1, 2, 3)),
        (strided, near, near, (2, 3, 4)),
        (dilated, far, far, (1, 3, 5)),
    ):
        assert filled(inputs, LIGHT.shared) == taps(rows, first, 7)
        assert ringed(inputs, rings) == taps(rows, second, 7)


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize(
    ("parameters", "sides"),
    [
        ({}, [5, 3, 3]),
        ({"kernel_size": 5, "size": 12}, [8, 4, 4]),
        ({"kernel_size": 2, "size": 4}, [3, 2, 2]),
        ({"kernel_size": 2, "size": 12}, [11, 6, 10]),
    ],
)
def test_there_are_as_many_outputs_as_windows_fit(
    drawn: Any, medium: str, parameters: Any, sides: list[int]
) -> None:
    drawing = panels(drawn(STEPS, medium, **parameters))
    assert [len(outputs.get_paths()) for _, outputs, _, _ in drawing] == [n * n for n in sides]
    size = parameters.get("size", 7)
    assert {len(inputs.get_paths()) for inputs, *_ in drawing} == {size * size}
    for _, outputs, _, rings in drawing:
        assert filled(outputs, LIGHT.shared) == [0]
        assert ringed(outputs, rings) == [1]


def test_outlines_span_the_window_and_differ_in_stroke(drawn: Any) -> None:
    fig = drawn(STEPS)
    edges = iter(outlines(fig))
    for inputs, outputs, rings, _ in panels(fig):
        for cells in (inputs, outputs):
            second, first = next(edges), next(edges)
            assert first.get_linestyle() != second.get_linestyle()
            assert all(within(first, centres(cells)[filled(cells, LIGHT.shared)]))
            assert sum(within(first, centres(cells))) == sum(within(second, centres(cells)))
            if cells is inputs:
                assert all(within(second, rings))


def test_the_sizes_are_worked_below(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(STEPS))]
    for words in ("7 − 3 + 1 = 5", "⌊(7 − 3) / 2⌋ + 1 = 3", "2 · (3 − 1) + 1 = 5", "7 − 5 + 1 = 3"):
        assert said.count(words) == 1


def test_the_words_of_the_steps() -> None:
    figure = find_figure(STEPS)
    caption = figure.words("caption")
    assert caption.numbers == (3, 3, 7, 7, 2, 2, 3, 5, 2, 2, 5, 3)
    alt = figure.words("alt")
    assert alt.numbers == (7, 7, 3, 3, 1, 1, 5, 5, 2, 2, 3, 3, 2, 5, 5, 1, 3, 3)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"kernel_size": 6, "size": 12}, "kernel_size must be at most 5 to be drawn, not 6"),
        ({"size": 13}, "size must be at most 12 to be drawn, not 13"),
        ({"kernel_size": 1}, "kernel_size must be at least 2 to be dilated, not 1"),
        (
            {"size": 5},
            "size must be at least 6 for two windows of kernel_size 3 and dilation 2, not 5",
        ),
    ],
)
def test_what_has_no_second_window_or_no_room_is_refused(
    parameters: dict[str, int], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        find_figure(STEPS).words("caption", parameters)


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize(
    "parameters", [{"kernel_size": 5, "size": 12}, {"kernel_size": 2, "size": 12}]
)
def test_no_texts_overlap_in_the_largest_grids(
    drawn: Any, texts: Any, medium: str, parameters: Any
) -> None:
    fig = drawn(STEPS, medium, **parameters)
    for (one, here), (other, there) in itertools.combinations(texts(fig), 2):
        assert not here.overlaps(there), (one, other)
    assert all(fig.bbox.x0 < box.x0 and box.x1 < fig.bbox.x1 for _, box in texts(fig))


# -- channels


def stacks(fig: Any) -> list[list[PolyCollection]]:
    """The cells of the volume's, the output's and the two filters' sheets."""
    cells = matrices(fig)[1::2]  # before each sheet's cells comes its ground
    return [cells[:3], cells[3:5], cells[5:8], cells[8:]]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_filters_are_as_deep_as_the_volume_and_each_makes_a_channel(
    drawn: Any, medium: str
) -> None:
    volume, output, first, second = stacks(drawn(CHANNELS, medium))
    assert [len(sheet.get_paths()) for sheet in volume] == [36] * 3
    assert [len(sheet.get_paths()) for sheet in first] == [9] * 3
    assert [len(sheet.get_paths()) for sheet in second] == [9] * 3
    assert [len(sheet.get_paths()) for sheet in output] == [16] * 2


def test_the_window_is_filled_in_every_channel(drawn: Any) -> None:
    volume, *_ = stacks(drawn(CHANNELS))
    for sheet in volume:
        assert filled(sheet, LIGHT.shared) == [0, 1, 2, 6, 7, 8, 12, 13, 14]


def test_each_filter_has_the_colour_and_the_number_of_its_output(drawn: Any, texts: Any) -> None:
    fig = drawn(CHANNELS)
    _, outputs, *filters = stacks(fig)
    colours = []
    for number, (output, sheets) in enumerate(zip(outputs, filters, strict=True), start=1):
        (colour,) = {fill for sheet in sheets for fill in fills(sheet)}
        assert filled(output, colour) == [0]
        assert said_in(texts, fig, output) == [str(number), *[""] * 15]
        colours.append(colour)
    assert colours[0] != colours[1]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_an_arrow_leads_from_each_filter_to_its_output(drawn: Any, medium: str) -> None:
    fig = drawn(CHANNELS, medium)
    arrows = [patch for patch in fig.axes[0].patches if isinstance(patch, FancyArrowPatch)]
    _, outputs, *filters = stacks(fig)
    for arrow, output, sheets in zip(arrows, outputs, filters, strict=True):
        start, end = arrow._posA_posB
        places = np.concatenate([centres(sheet) for sheet in sheets])
        side = centres(output)[1, 0] - centres(output)[0, 0]
        assert 0 < start[0] - places[:, 0].max() < 1.2 * side
        assert places[:, 1].min() < start[1] < places[:, 1].max()
        assert end[1] == pytest.approx(centres(output)[0, 1])
        assert 0 < centres(output)[0, 0] - end[0] < side


def test_every_marked_cell_of_the_output_is_in_sight(drawn: Any) -> None:
    back, front = stacks(drawn(CHANNELS))[1]
    x, y = centres(back)[0]
    side = centres(front)[1, 0] - centres(front)[0, 0]
    assert y + side / 2 <= centres(front)[0, 1] - side / 2 + 1e-6
    assert x > centres(front)[0, 0]


def test_shapes_and_weights_stand_below(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(CHANNELS))]
    for words in (
        "3 × 6 × 6",
        "3 × 3 × 3",
        "2 × 4 × 4",
        "one filter: 3 · 3 · 3 = 27 weights",
        "both: 3 · 3 · 3 · 2 = 54 weights",
    ):
        assert said.count(words) == 1


def test_the_words_of_the_channels() -> None:
    figure = find_figure(CHANNELS)
    assert figure.words("caption").numbers == (3, 2, 27, 2, 2, 27, 54)
    assert figure.words("alt").numbers == (3, 6, 6, 3, 3, 2, 3, 3, 3, 2, 4, 4, 27, 54)


# -- pooling

IMAGE = "4 8 1 3 2 10 7 5 6 2 9 9 2 2 1 4"
LARGEST, MEAN = "10 7 6 9", "6 4 3 5.75"
QUARTERS = [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 3, 3, 2, 2, 3, 3]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_largest_and_the_mean_of_each_window_remain(
    drawn: Any, texts: Any, medium: str
) -> None:
    fig = drawn(POOLING, medium)
    image, largest, mean = (said_in(texts, fig, cells) for cells in matrices(fig))
    assert [image, largest, mean] == [square(IMAGE), square(LARGEST), square(MEAN)]


def test_a_window_and_what_remains_of_it_have_one_colour_and_one_stroke(drawn: Any) -> None:
    fig = drawn(POOLING)
    image, largest, mean = matrices(fig)
    colours = fills(largest)
    assert len(set(colours)) == 4
    assert fills(mean) == colours
    assert fills(image) == [colours[quarter] for quarter in QUARTERS]
    edges = outlines(fig)
    strokes = [str(edge._unscaled_dash_pattern) for edge in edges]
    assert len(set(strokes[:4])) == 4
    assert strokes[:4] == strokes[4:8] == strokes[8:]
    for quarter, edge in enumerate(edges[:4]):
        assert within(edge, centres(image)) == [at == quarter for at in QUARTERS]


def test_the_first_window_is_worked_below(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(POOLING))]
    assert "largest of 4, 8, 2, 10: 10" in said
    assert "mean: (4 + 8 + 2 + 10) / 4 = 6" in said


def test_the_words_of_the_pooling() -> None:
    figure = find_figure(POOLING)
    caption = figure.words("caption")
    assert caption.numbers == (4, 4, 2, 2, 4, 8, 2, 10, 10, 6)
    assert caption.numbers[-1].worked == "(4 + 8 + 2 + 10) / 4 = 6"
    text = figure.words("alt").text
    assert "the rows 4, 8, 1, 3; 2, 10, 7, 5; 6, 2, 9, 9; 2, 2, 1, 4, cut into 4 windows" in text
    assert "row by row 10, 7, 6, 9; the mean of each, 6, 4, 3, 5.75." in text
