from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex

from mkdocs_cnn.figures.declaration import find_figure


def lines(fig: Any) -> list[LineCollection]:
    return [c for c in fig.axes[0].collections if isinstance(c, LineCollection)]


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize(
    ("units", "kernel_size", "own", "shared"), [(6, 3, 12, 3), (7, 2, 12, 2), (8, 3, 18, 3)]
)
def test_own_weights_have_a_line_each_and_shared_ones_one_for_each_output(
    drawn: Any, medium: str, units: int, kernel_size: int, own: int, shared: int
) -> None:
    weights = lines(drawn("kernel-at-every-position", medium, units=units, kernel_size=kernel_size))
    assert len(weights) == own + shared
    outputs = units - kernel_size + 1
    assert [len(weight.get_segments()) // 2 for weight in weights] == [1] * own + [outputs] * shared
    for part in (weights[:own], weights[own:]):
        assert len({to_hex(weight.get_colors()[0]) for weight in part}) == len(part)
    assert len({str(weight.get_linestyles()) for weight in weights[own:]}) == shared


def test_the_letters_tell_the_same(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn("kernel-at-every-position"))]
    letters = Counter(text for text in said if len(text) == 1)
    assert letters == Counter("abcdefghijkl") + Counter("abc" * 4)
    assert "12 connections, 12 weights" in said
    assert "12 connections, 3 weights" in said


def test_the_vectorised_image_is_that_of_the_source(drawn: Any, texts: Any) -> None:
    fig = drawn("vectorised-image")
    assert [len(weight.get_segments()) // 2 for weight in lines(fig)] == [4] * 4  # 16 connections
    image, filter_, feature_map, matrix = (
        c for c in fig.axes[0].collections if isinstance(c, PolyCollection)
    )
    sizes = [len(cells.get_paths()) for cells in (image, filter_, feature_map, matrix)]
    assert sizes == [9, 4, 4, 36]
    kernel = [to_hex(colour) for colour in filter_.get_facecolors()]
    assert len(set(kernel)) == 4
    a, b, c, d = kernel
    empty = to_hex(image.get_facecolors()[0])
    rows = [to_hex(colour) for colour in matrix.get_facecolors()]
    assert rows[:9] == [a, b, empty, c, d, empty, empty, empty, empty]
    assert rows[27:] == [empty] * 4 + [a, b, empty, c, d]
    assert rows.count(empty) == 20
    letters = Counter(text.get_text() for text, _ in texts(fig))
    assert [letters[name] for name in "abcd"] == [9] * 4  # filter, four lines, four rows


def test_the_matrix_stands_under_its_inputs(drawn: Any) -> None:
    for medium in ("page", "slide"):
        fig = drawn("vectorised-image", medium)
        *_, inputs, outputs = (c for c in fig.axes[0].collections if len(c.get_offsets()) > 1)
        matrix = [c for c in fig.axes[0].collections if isinstance(c, PolyCollection)][-1]
        columns = [path.vertices[:4, 0].mean() for path in matrix.get_paths()[:9]]
        assert list(inputs.get_offsets()[:, 0]) == pytest.approx(columns)
        assert len(outputs.get_offsets()) == 4


def test_the_words_hold_the_numbers_of_the_audit() -> None:
    figure = find_figure("vectorised-image")
    assert figure.words("caption").numbers == (3, 3, 9, 2, 2, 4, 36, 16, 4)
    assert figure.words("alt").numbers == (9, 4, 4, 4, 9, 5)
    kernel = find_figure("kernel-at-every-position")
    assert kernel.words("caption").numbers == (12, 12, 3, 4)
