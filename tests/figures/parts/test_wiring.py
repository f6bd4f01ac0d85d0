from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.matrix import weight_identity
from mkdocs_cnn.figures.parts.stage import Box, stage
from mkdocs_cnn.figures.parts.wiring import Wiring, wiring
from mkdocs_cnn.figures.style import MEDIA, THEMES, Look
from mkdocs_cnn.layers import Conv2d

LAYER = Conv2d(1, 1, kernel_size=(1, 3)).on(1, 1, 6)


@pytest.fixture
def diagram() -> Wiring:
    sheet = stage(Figure(figsize=(4, 3)), Look(THEMES["light"], MEDIA["page"], wide=False))
    return wiring(sheet, Box(1, 1, 18, 12), weight_identity(LAYER))


def lines(diagram: Wiring) -> list[LineCollection]:
    return [c for c in diagram.stage.axes.collections if isinstance(c, LineCollection)]


def test_every_output_stands_above_the_middle_of_what_it_reads(diagram: Wiring) -> None:
    for output, place in enumerate(diagram.outputs):
        read = [diagram.inputs[i] for o, i in diagram.pairs if o == output]
        assert place[0] == pytest.approx(np.mean(read, axis=0)[0])
        assert place[1] < diagram.inputs[0, 1]


def test_units_stay_in_their_box_and_off_each_other(diagram: Wiring) -> None:
    assert diagram.inputs[0, 0] - diagram.radius >= 1
    assert diagram.inputs[-1, 0] + diagram.radius <= 19
    assert diagram.outputs[0, 1] - diagram.radius >= 1
    assert diagram.inputs[0, 1] + diagram.radius <= 13
    assert np.diff(diagram.inputs[:, 0]).min() > 2 * diagram.radius


def test_every_connection_is_drawn_from_unit_to_unit(diagram: Wiring) -> None:
    diagram.connect(diagram.pairs, "#000000")
    segments = lines(diagram)[0].get_segments()
    assert len(segments) == LAYER.connections == 12
    for (output, input_), (start, end) in zip(diagram.pairs, segments, strict=True):
        assert np.linalg.norm(start - diagram.outputs[output]) == pytest.approx(diagram.radius)
        assert np.linalg.norm(end - diagram.inputs[input_]) == pytest.approx(diagram.radius)


def test_a_weight_has_one_colour_and_one_stroke_wherever_it_is_used(diagram: Wiring) -> None:
    diagram.connect_by_weight()
    assert [len(weight.get_segments()) for weight in lines(diagram)] == [4, 4, 4]
    assert len({tuple(weight.get_colors()[0]) for weight in lines(diagram)}) == 3
    assert len({str(weight.get_linestyles()) for weight in lines(diagram)}) == 3


def test_a_letter_stands_in_a_gap_of_its_line(diagram: Wiring) -> None:
    diagram.connect_by_weight(letters_at=0.36)
    letters = [text.get_text() for text in diagram.stage.axes.texts]
    assert sorted(letters) == sorted("abc" * 4)
    for weight in lines(diagram):
        segments = weight.get_segments()
        for before, after in zip(segments[::2], segments[1::2], strict=True):
            assert np.linalg.norm(after[0] - before[1]) == pytest.approx(1.24)


def test_a_marked_output_is_filled_with_what_it_reads(diagram: Wiring) -> None:
    diagram.label(marked=[1], colour="#ff0000")
    inputs, outputs = (
        [tuple(face) == (1, 0, 0, 1) for face in units.get_facecolors()]
        for units in diagram.stage.axes.collections
    )
    assert inputs == [False, True, True, True, False, False]
    assert outputs == [False, True, False, False]
    assert [t.get_text() for t in diagram.stage.axes.texts][:2] == ["x₁", "x₂"]


def test_letters_and_names_are_left_out_where_there_is_no_room() -> None:
    sheet = stage(Figure(figsize=(4, 3)), Look(THEMES["light"], MEDIA["page"], wide=False))
    crowded = wiring(sheet, Box(1, 1, 8, 12), weight_identity(LAYER))
    crowded.connect_by_weight(letters_at=0.4)
    crowded.label()
    assert not sheet.axes.texts
    assert [len(weight.get_segments()) for weight in lines(crowded)] == [4, 4, 4]
