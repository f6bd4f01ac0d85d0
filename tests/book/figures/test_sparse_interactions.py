from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from mkdocs_cnn.figures.declaration import find_figure


def segments(fig: Any) -> list[int]:
    lines = [c for c in fig.axes[0].collections if isinstance(c, LineCollection)]
    return [len(line.get_segments()) for line in lines]


@pytest.mark.parametrize(
    ("parameters", "dense", "sparse", "each_dense", "each_sparse"),
    [
        ({}, 24, 12, 6, 3),
        ({"units": 8, "kernel_size": 5}, 32, 20, 8, 5),
        ({"units": 3}, 3, 3, 3, 3),
    ],
)
def test_every_connection_is_drawn_and_one_outputs_emphasised(
    drawn: Any,
    parameters: dict[str, int],
    dense: int,
    sparse: int,
    each_dense: int,
    each_sparse: int,
) -> None:
    fig = drawn("connections-dense-and-sparse", **parameters)
    thin_dense, strong_dense, thin_sparse, strong_sparse = segments(fig)
    assert (thin_dense + strong_dense, strong_dense) == (dense, each_dense)
    assert (thin_sparse + strong_sparse, strong_sparse) == (sparse, each_sparse)


def test_the_words_count_the_connections() -> None:
    figure = find_figure("connections-dense-and-sparse")
    assert figure.words("caption").numbers == (6, 4, 24, 12, 3)
    assert figure.words("alt").numbers == (6, 4, 6, 24, 3, 12)


def cells(texts: Any, fig: Any) -> list[tuple[int, float, float]]:
    """The numbers in cells, with the centres of their labels in ems."""
    place = fig.axes[0].transData.inverted().transform
    found = []
    for text, _ in texts(fig):
        words = text.get_text().replace("−", "-")
        if words.lstrip("-").isdigit():
            found.append((int(words), *place(text.get_transform().transform(text.get_position()))))
    return found


def test_the_edge_image_the_filter_and_the_output(drawn: Any, texts: Any) -> None:
    numbers = [number for number, _, _ in cells(texts, drawn("one-output-reads"))]
    assert numbers[:36] == [10, 10, 10, 0, 0, 0] * 6
    assert numbers[36:45] == [1, 0, -1] * 3
    assert numbers[45:] == [0, 30, 30, 0] * 4


def test_an_output_and_the_nine_pixels_it_reads_are_outlined_alike(drawn: Any, texts: Any) -> None:
    fig = drawn("one-output-reads")
    labels = cells(texts, fig)
    surface = fig.get_facecolor()
    outlines: dict[tuple[Any, Any], list[list[int]]] = {}
    for patch in fig.axes[0].patches:
        if isinstance(patch, Rectangle) and patch.get_edgecolor() != surface:
            box = patch.get_bbox()
            inside = [number for number, x, y in labels if box.contains(x, y)]
            if inside:  # else it is the key beside the sum
                style = (patch.get_edgecolor(), patch.get_linestyle())
                outlines.setdefault(style, []).append(inside)
    assert sorted(outlines.values()) == [[[10, 0, 0] * 3, [30]], [[10] * 9, [0]]]
    colours, strokes = zip(*outlines, strict=True)
    assert len(set(colours)) == 2
    assert len(set(map(str, strokes))) == 2


def test_the_sums_are_written_out(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn("one-output-reads"))]
    assert "10 + 10 + 10 − (10 + 10 + 10) = 0" in said
    assert "10 + 10 + 10 − (0 + 0 + 0) = 30" in said


def test_the_caption_counts_pixels() -> None:
    caption = find_figure("one-output-reads").words("caption")
    assert caption.numbers == (3, 3, 10, 0, 16, 9, 36, 0, 30)
    assert np.all(
        np.array(find_figure("one-output-reads").words("alt").numbers)[-4:] == [0, 9, 30, 9]
    )
