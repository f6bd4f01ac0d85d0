"""Figures of the chapter on sparse interactions."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.matrix import weight_identity
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.stage import MOST_UNITS, Box, Stage, Stroke, check_drawable, stage
from mkdocs_cnn.figures.parts.wiring import wiring
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.layers import Conv2d, Placed, PlacedConv
from mkdocs_cnn.layers.window_sum import window_sum
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words

# -- connections, dense and sparse


def _row_of_units(units: int, kernel_size: int) -> PlacedConv:
    check_drawable(MOST_UNITS, units=units, kernel_size=kernel_size)
    return Conv2d(1, 1, kernel_size=(1, kernel_size)).on(1, 1, units)


def _connections_caption(units: int, kernel_size: int) -> Words:
    layer = _row_of_units(units, kernel_size)
    return Words(
        "Between the same {} inputs and {} outputs a dense layer has {} connections, a sparse one "
        "{}. The connections of one output are drawn strongly: in the sparse layer they stay {}, "
        "however many inputs there are.",
        layer.inputs,
        layer.outputs,
        layer.dense.connections,
        layer.connections,
        layer.fan_in,
    )


def _connections_alt(units: int, kernel_size: int) -> Words:
    layer = _row_of_units(units, kernel_size)
    return Words(
        "Two diagrams with {} inputs below and {} outputs above. In the dense one, lines run from "
        "every output to all {} inputs, {} in all; in the sparse one each output reads {} "
        "neighbouring inputs, {} lines in all. In both, one output and the lines to the inputs "
        "that it reads are emphasised.",
        layer.inputs,
        layer.outputs,
        layer.inputs,
        layer.dense.connections,
        layer.fan_in,
        layer.connections,
    )


@figure(
    "connections-dense-and-sparse",
    title="Dense and sparse connections",
    caption=_connections_caption,
    alt=_connections_alt,
    aspect=0.5,
)
def connections_dense_and_sparse(
    fig: Figure, look: Look, *, units: int = 6, kernel_size: int = 3
) -> None:
    """The same units connected twice: every pair, and neighbours only."""
    layer = _row_of_units(units, kernel_size)
    sheet = stage(fig, look)
    half = sheet.width / 2
    for column, (name, placed, colour) in enumerate(
        [("dense", layer.dense, look.palette.dense), ("sparse", layer, look.palette.sparse)]
    ):
        box = Box(column * half + 0.5, 2.4, half - 1, sheet.height - 5.8)
        sheet.heading(box.centre[0], 1.9, name, colour=colour)
        _one_output_emphasised(sheet, box, placed, colour)
        says = f"{placed.connections} connections\n{placed.fan_in} inputs for each output"
        sheet.text(box.centre[0], box.bottom + 1.6, says, small=True)


def _one_output_emphasised(sheet: Stage, box: Box, placed: Placed, colour: str) -> None:
    diagram = wiring(sheet, box, weight_identity(placed))
    chosen = (int(placed.outputs) - 1) // 2
    others = [pair for pair in diagram.pairs if pair[0] != chosen]
    diagram.connect(others, colour, width=0.5)
    diagram.connect([pair for pair in diagram.pairs if pair[0] == chosen], colour, width=2)
    diagram.label(marked=[chosen], colour=colour)


# -- what one output reads


VERTICAL_EDGE = np.array([[1, 0, -1]] * 3)
EDGE_IMAGE = np.array([[10, 10, 10, 0, 0, 0]] * 6)
_FLAT, _EDGE = (0, 0), (3, 2)  # the two outputs that are followed to what they read


def _edge_map() -> Array:
    edges: Array = cross_correlate2d(EDGE_IMAGE[None], VERTICAL_EDGE[None, None])[0]
    return edges


def _edge_layer() -> PlacedConv:
    return Conv2d(1, 1, kernel_size=len(VERTICAL_EDGE)).on(1, *EDGE_IMAGE.shape)


def _output_at(place: tuple[int, int]) -> Quantity:
    row, column = place
    height, width = VERTICAL_EDGE.shape
    window = EDGE_IMAGE[row : row + height, column : column + width]
    return window_sum(window.tolist(), VERTICAL_EDGE.tolist()).named("one output")


def _reads_caption() -> Words:
    layer = _edge_layer()
    return Words(
        "A {} × {} filter for vertical edges on an image whose left half is {} and whose right "
        "half is {}, laid (⋆) on every window. Each of the {} outputs reads {} of the {} pixels: "
        "where the window is flat the answer is {}, across the edge it is {}.",
        *VERTICAL_EDGE.shape,
        int(EDGE_IMAGE[0, 0]),
        int(EDGE_IMAGE[0, -1]),
        layer.outputs,
        layer.fan_in,
        layer.inputs,
        _output_at(_FLAT),
        _output_at(_EDGE),
    )


def _reads_alt() -> Words:
    layer, row = _edge_layer(), [int(value) for value in _edge_map()[0]]
    return Words(
        "An image of {} × {} pixels, {} in the left half and {} in the right, cross-correlated "
        "with a filter whose columns are {}, {} and {}, gives an output of {} × {}, every row "
        "of which is "
        + ", ".join("{}" for _ in row)
        + ". A dashed outline joins an output of {} to the {} pixels that it reads, a solid one an "
        "output of {} to its {}.",
        *EDGE_IMAGE.shape,
        int(EDGE_IMAGE[0, 0]),
        int(EDGE_IMAGE[0, -1]),
        *(int(weight) for weight in VERTICAL_EDGE[0]),
        *layer.output_shape[1:],
        *row,
        _output_at(_FLAT),
        layer.fan_in,
        _output_at(_EDGE),
        layer.fan_in,
    )


@figure(
    "one-output-reads",
    title="What one output reads",
    caption=_reads_caption,
    alt=_reads_alt,
    aspect=0.62,
)
def one_output_reads(fig: Figure, look: Look) -> None:
    """The edge image, the filter and the output, with two outputs followed to their pixels."""
    sheet = stage(fig, look)
    edges = _edge_map()
    arrays = [EDGE_IMAGE, VERTICAL_EDGE, edges]
    gap = 2.0
    across = (sheet.width - 1 - 2 * gap) / sum(array.shape[1] for array in arrays)
    size = min(across, (sheet.height - 7) / len(EDGE_IMAGE))
    middle = 2.4 + len(EDGE_IMAGE) * size / 2
    boxes, x = [], 0.5 + (across - size) * sum(array.shape[1] for array in arrays) / 2
    for array, name in zip(arrays, ["image", "filter", "output"], strict=True):
        height, width = (length * size for length in array.shape)
        boxes.append(box := Box(x, middle - height / 2, width, height))
        x = box.right + gap
        sheet.cells(box, _greys(look, array), _signed(array))
        sheet.heading(box.centre[0], box.y - 0.6, name)
    for box, sign in zip(boxes, "⋆=", strict=False):
        sheet.text(box.right + gap / 2, middle, sign, scale=1.6)
    palette = look.palette
    dashed: Stroke = (0, (2.2, 1))
    for line, (place, colour, stroke) in enumerate(
        [(_FLAT, palette.sparse, dashed), (_EDGE, palette.shared, "solid")]
    ):
        _follow(sheet, boxes, size, place, colour, stroke)
        key = Box(sheet.width / 2 - 10.2, boxes[0].bottom + 1 + 1.8 * line, 1, 1)
        sheet.outline(key, colour, width=1.7, stroke=stroke)
        sheet.text(key.right + 0.8, key.centre[1], _working(place), colour=colour, ha="left")


def _follow(
    sheet: Stage, boxes: list[Box], size: float, place: tuple[int, int], colour: str, stroke: Stroke
) -> None:
    image, _, output = boxes
    row, column = place
    corner = image.cell(row, column, size)
    window = Box(corner.x, corner.y, *(length * size for length in VERTICAL_EDGE.shape[::-1]))
    sheet.outline(window.inset(0.12), colour, width=1.7, stroke=stroke)
    sheet.outline(output.cell(row, column, size).inset(0.12), colour, width=1.7, stroke=stroke)


def _working(place: tuple[int, int]) -> str:
    """The sum that one output is, column by column of the filter."""
    row, column = place
    height, width = VERTICAL_EDGE.shape
    window = EDGE_IMAGE[row : row + height, column : column + width]
    added, taken = (
        " + ".join(str(value) for value in window[part])
        for part in (VERTICAL_EDGE > 0, VERTICAL_EDGE < 0)
    )
    return f"{added} − ({taken}) = {int((window * VERTICAL_EDGE).sum())}"


def _signed(array: Array) -> list[list[str]]:
    return [[str(value).replace("-", "−") for value in row] for row in array]


def _greys(look: Look, array: Array) -> list[list[str]]:
    """From a darker grey for the smallest value to a lighter one for the largest."""
    faint, muted = (np.array(to_rgb(colour)) for colour in (look.palette.faint, look.palette.muted))
    low, high = sorted([faint, (faint + muted) / 2], key=lambda grey: float(grey.sum()))
    part = (array - array.min()) / np.ptp(array)
    return [[to_hex(low + p * (high - low)) for p in row] for row in part]
