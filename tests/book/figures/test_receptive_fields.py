from __future__ import annotations

import itertools
from typing import Any, NamedTuple

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.colors import to_hex

from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.style import THEMES

GROWTH, BY_DEPTH = "receptive-field-growth", "receptive-field-by-depth"
LIGHT = THEMES["light"]
COLOURS = {"stride 1": LIGHT.sparse, "stride 2": LIGHT.shared}


# -- one output followed down to the input


class Cone(NamedTuple):
    """What is drawn in a diagram's colour, and what surrounds it."""

    filled: list[Any]
    spans: list[Any]
    strong: list[Any]
    faint: list[Any]


def cones(fig: Any) -> list[Cone]:
    """The two diagrams, from the order in which they are drawn."""
    artists = fig.axes[0].collections
    lines = [c for c in artists if isinstance(c, LineCollection)]
    units = [c for c in artists if isinstance(c, PathCollection)]
    half, depth = len(lines) // 2, len(lines) // 2 - 2
    found = []
    for first, colour in zip((0, 1), COLOURS.values(), strict=True):
        faint, strong, *spans = lines[first * half : first * half + half]
        assert len(spans) == depth
        assert to_hex(faint.get_colors()[0]) == LIGHT.faint
        assert {to_hex(line.get_colors()[0]) for line in (strong, *spans)} == {colour}
        mine = units[first * len(units) // 2 : (first + 1) * len(units) // 2]
        filled = [u.get_offsets() for u in mine if to_hex(u.get_facecolors()[0]) == colour]
        segments = (strong.get_segments(), faint.get_segments())
        found.append(Cone(filled, [span.get_segments() for span in spans], *segments))
    return found


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize(
    ("parameters", "stride_1", "stride_2"),
    [
        ({}, [7, 5, 3, 1], [11, 5, 3, 1]),
        ({"kernel_size": 5, "depth": 2}, [9, 5, 1], [13, 5, 1]),
        ({"kernel_size": 2, "depth": 3}, [4, 3, 2, 1], [6, 3, 2, 1]),
    ],
)
def test_all_that_one_output_sees_is_filled(
    drawn: Any, medium: str, parameters: Any, stride_1: list[int], stride_2: list[int]
) -> None:
    diagrams = cones(drawn(GROWTH, medium, **parameters))
    counts = [[len(places) for places in diagram.filled] for diagram in diagrams]
    assert counts == [stride_1, stride_2]


def test_connections_of_the_middle_output_are_strong_and_the_others_faint(drawn: Any) -> None:
    for diagram in cones(drawn(GROWTH)):
        followed = diagram.filled[-1][0, 0]
        tops = {top[0] for top, _ in diagram.faint if top[1] == diagram.filled[-1][0, 1]}
        assert min(tops) < followed < max(tops)
        assert len(diagram.strong) == 3 * (1 + 3 + 5)
        assert len(diagram.faint) == 3 * (3 + 5 + 7) - 27
    lines = [c for c in drawn(GROWTH).axes[0].collections if isinstance(c, LineCollection)]
    assert lines[1].get_linewidth()[0] == 2 * lines[0].get_linewidth()[0]


def test_filled_units_are_those_that_strong_lines_reach(drawn: Any) -> None:
    for diagram in cones(drawn(GROWTH)):
        ends = {tuple(np.round(end, 6)) for line in diagram.strong for end in line}
        filled = {tuple(np.round(place, 6)) for level in diagram.filled for place in level}
        assert ends == filled


def test_every_unit_stands_above_the_middle_of_what_it_reads(drawn: Any) -> None:
    for diagram in cones(drawn(GROWTH)):
        read: dict[Any, list[float]] = {}
        for top, bottom in [*diagram.strong, *diagram.faint]:
            read.setdefault(tuple(top), []).append(bottom[0])
        assert {len(inputs) for inputs in read.values()} == {3}
        for top, inputs in read.items():
            assert np.mean(inputs) == pytest.approx(top[0])


@pytest.mark.parametrize(
    ("parameters", "sizes"),
    [({}, [[3, 5, 7], [3, 7, 11]]), ({"kernel_size": 5, "depth": 2}, [[5, 9], [5, 13]])],
)
def test_spans_are_as_long_as_the_receptive_fields(
    drawn: Any, parameters: Any, sizes: list[list[int]]
) -> None:
    for diagram, expected in zip(cones(drawn(GROWTH, **parameters)), sizes, strict=True):
        pitch = np.diff(diagram.filled[0][:, 0])[0]
        edges = [(min(span[0][:, 0]), max(span[1][:, 0])) for span in diagram.spans]
        lengths = [(right - left) / pitch + 0.2 for left, right in edges]
        assert lengths == pytest.approx(expected)
        inputs = diagram.filled[0][:, 0]
        assert edges[-1][0] < inputs[0] < inputs[-1] < edges[-1][1]


def test_the_sizes_stand_beside_the_layers_and_on_the_spans(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(GROWTH))]
    beside = [words for words in said if words.startswith("sees")]
    assert beside == ["sees 3", "sees 5", "sees 7", "sees 3", "sees 7", "sees 11"]
    assert [words for words in said if words.isdigit()] == ["3", "5", "7", "3", "7", "11"]


def test_the_words_of_the_growth() -> None:
    figure = find_figure(GROWTH)
    assert figure.words("caption").numbers == (3, 1, 2, 3, 5, 7, 2, 3, 7, 11)
    alt = figure.words("alt")
    assert alt.numbers == (3, 1, 3, 5, 7, 1, 1, 3, 5, 11, 2, 3, 5, 7, 1, 3, 7, 11, 2)
    assert (
        "1, 3, 5 and 7 units at stride 1; 1, 3, 5 and 11 units at stride 2 in the first" in alt.text
    )
    assert figure.words("caption", {"kernel_size": 3, "depth": 1}).numbers == (3, 1, 2, 3, 2, 3)


@pytest.mark.parametrize(("parameter", "most"), [("kernel_size", 5), ("depth", 4)])
def test_what_is_too_large_is_refused(parameter: str, most: int) -> None:
    message = f"^{parameter} must be at most {most} to be drawn, not {most + 1}$"
    with pytest.raises(ValueError, match=message):
        find_figure(GROWTH).words("caption", {parameter: most + 1})


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_no_texts_overlap_in_the_largest(drawn: Any, texts: Any, medium: str) -> None:
    fig = drawn(GROWTH, medium, kernel_size=5, depth=4)
    for (one, here), (other, there) in itertools.combinations(texts(fig), 2):
        assert not here.overlaps(there), (one, other)
    assert all(fig.bbox.containsx(box.x1) for _, box in texts(fig))


# -- ways to see further


def curves(fig: Any) -> list[list[int]]:
    """The heights of each line; after it come its marks, at the same places."""
    lines = fig.axes[0].lines
    for line, marks in zip(lines[::2], lines[1::2], strict=True):
        assert np.array_equal(line.get_xydata(), marks.get_xydata())
        assert line.get_xdata().tolist() == list(range(1, 11))
    return [line.get_ydata().tolist() for line in lines[::2]]


def test_the_three_ways_grow_by_their_laws(drawn: Any) -> None:
    doubled, strided, plain = curves(drawn(BY_DEPTH))
    assert doubled == [2 ** (n + 1) - 1 for n in range(1, 11)]
    assert strided == [3, 5, 9, 13, 21, 29, 45, 61, 93, 125]  # 1 + 2 + 2 + 4 + 4 + 8 + 8 + …
    assert plain == [2 * n + 1 for n in range(1, 11)]


def test_lines_differ_in_stroke_and_mark_and_bear_their_last_number(drawn: Any, texts: Any) -> None:
    fig = drawn(BY_DEPTH)
    assert len({str(line._unscaled_dash_pattern) for line in fig.axes[0].lines[::2]}) == 3
    assert len({marks.get_marker() for marks in fig.axes[0].lines[1::2]}) == 3
    said = [text.get_text() for text, _ in texts(fig)]
    for label in ("dilation 1, 2, 4, …\n2,047", "stride 1, 2, 1, …\n125", "stride 1\n21"):
        assert label in said


def test_the_axis_doubles(drawn: Any) -> None:
    axis = drawn(BY_DEPTH).axes[0].yaxis
    assert axis.get_transform().base == 2
    labels = [tick.get_text().replace(",", "") for tick in axis.get_ticklabels()]
    assert [int(label) for label in labels] == axis.get_ticklocs().tolist()


def test_the_words_of_the_ways() -> None:
    figure = find_figure(BY_DEPTH)
    assert figure.words("caption").numbers == (10, 3, 1, 2, 21, 2, 125, 2047)
    assert figure.words("alt").numbers == (3, 1, 10, 2047, 2, 125, 1, 21)
