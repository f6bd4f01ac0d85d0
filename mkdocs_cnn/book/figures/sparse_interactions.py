"""Figures of the chapter on sparse interactions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.matrix import weight_identity
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.pictures import VERTICAL_EDGE, matrix
from mkdocs_cnn.figures.parts.stage import Box, Stroke, stage
from mkdocs_cnn.figures.parts.wiring import row_of_units, wiring
from mkdocs_cnn.layers import Conv2d, PlacedConv
from mkdocs_cnn.layers.window_sum import window_sum
from mkdocs_cnn.quantities.quantity import Quantity

# -- connections, dense and sparse


@figure(
    "connections-dense-and-sparse",
    title="Dense and sparse connections",
    facts=row_of_units,
    caption="""Between the same {layer.inputs} inputs and {layer.outputs} outputs a dense layer has
        {layer.dense.connections} connections, a sparse one {layer.connections}. The connections of
        one output are drawn strongly: in the sparse layer they stay {layer.fan_in}, however many
        inputs there are.""",
    alt="""Two diagrams with {layer.inputs} inputs below and {layer.outputs} outputs above. In the
        dense one, lines run from every output to all {layer.inputs} inputs,
        {layer.dense.connections} in all; in the sparse one each output reads {layer.fan_in}
        neighbouring inputs, {layer.connections} lines in all. In both, one output and the lines to
        the inputs that it reads are emphasised.""",
    aspect=0.5,
)
def connections_dense_and_sparse(
    fig: Figure, look: Look, facts: dict[str, PlacedConv], *, units: int = 6, kernel_size: int = 3
) -> None:
    """The same units connected twice: every pair, and neighbours only."""
    sheet, layer = stage(fig, look), facts["layer"]
    half = sheet.width / 2
    panels = ("dense", layer.dense, look.palette.dense), ("sparse", layer, look.palette.sparse)
    for column, (name, placed, colour) in enumerate(panels):
        box = Box(column * half + 0.5, 2.4, half - 1, sheet.height - 5.8)
        sheet.heading(box.centre[0], 1.9, name, colour=colour)
        diagram = wiring(sheet, box, weight_identity(placed))
        chosen = (int(placed.outputs) - 1) // 2
        for own, width in ((False, 0.5), (True, 2)):
            pairs = [pair for pair in diagram.pairs if (pair[0] == chosen) == own]
            diagram.connect(pairs, colour, width=width)
        diagram.label(marked=[chosen], colour=colour)
        counts = f"{placed.connections} connections\n{placed.fan_in} inputs for each output"
        sheet.text(box.centre[0], box.bottom + 1.6, counts, small=True)


# -- what one output reads

EDGE_IMAGE = np.array([[10, 10, 10, 0, 0, 0]] * 6)


class _Followed(NamedTuple):
    """An output that is followed to the pixels that it reads."""

    row: int
    column: int
    output: Quantity
    working: str


def _one_output() -> Facts:
    """An image with an edge, a filter, its outputs, and two of these that are followed."""
    outputs = cross_correlate2d(EDGE_IMAGE[None], VERTICAL_EDGE[None, None])[0]
    return {
        "layer": Conv2d(1, 1, VERTICAL_EDGE.shape).on(1, *EDGE_IMAGE.shape),
        "left": int(EDGE_IMAGE[0, 0]),
        "right": int(EDGE_IMAGE[0, -1]),
        "columns": VERTICAL_EDGE[0].tolist(),
        "outputs": outputs,
        "each_row": outputs[0].tolist(),
        "flat": _followed(0, 0),
        "edge": _followed(3, 2),
    }


def _followed(row: int, column: int) -> _Followed:
    """The output at this place, and the sum that it is, column by column of the filter."""
    height, width = VERTICAL_EDGE.shape
    window = EDGE_IMAGE[row : row + height, column : column + width]
    output = window_sum(window.tolist(), VERTICAL_EDGE.tolist()).named("one output")
    signs = VERTICAL_EDGE > 0, VERTICAL_EDGE < 0
    added, taken = (" + ".join(map(str, window[part])) for part in signs)
    return _Followed(row, column, output, f"{added} − ({taken}) = {output}")


@figure(
    "one-output-reads",
    title="What one output reads",
    facts=_one_output,
    caption="""A {VERTICAL_EDGE.shape: × } filter for vertical edges on an image whose left half is
        {left} and whose right half is {right}, laid (⋆) on every window. Each of the
        {layer.outputs} outputs reads {layer.fan_in} of the {layer.inputs} pixels: where the window
        is flat the answer is {flat.output}, across the edge it is {edge.output}.""",
    alt="""An image of {EDGE_IMAGE.shape: × } pixels, {left} in the left half and {right} in the
        right, cross-correlated with a filter whose columns are {columns}, gives an output of
        {layer.output_shape[1]} × {layer.output_shape[2]}, every row of which is {each_row:, }. A
        dashed outline joins an output of {flat.output} to the {layer.fan_in} pixels that it reads,
        a solid one an output of {edge.output} to its {layer.fan_in}.""",
    aspect=0.62,
)
def one_output_reads(fig: Figure, look: Look, facts: Facts) -> None:
    """The edge image, the filter and the output, with two outputs followed to their pixels."""
    sheet, palette = stage(fig, look), look.palette
    arrays = {"image": EDGE_IMAGE, "filter": VERTICAL_EDGE, "output": facts["outputs"]}
    gap, columns = 2.0, sum(array.shape[1] for array in arrays.values())
    across = (sheet.width - 1 - 2 * gap) / columns
    size = min(across, (sheet.height - 7) / len(EDGE_IMAGE))
    middle = 2.4 + len(EDGE_IMAGE) * size / 2
    boxes, x = [], 0.5 + (across - size) * columns / 2
    for name, array in arrays.items():
        boxes.append(box := matrix(sheet, (x, middle), array, size, (array.min(), array.max())))
        x = box.right + gap
        sheet.heading(box.centre[0], box.y - 0.6, name)
    for box, sign in zip(boxes, "⋆=", strict=False):
        sheet.text(box.right + gap / 2, middle, sign, scale=1.6)
    ways: list[tuple[_Followed, str, Stroke]] = [
        (facts["flat"], palette.sparse, (0, (2.2, 1))),
        (facts["edge"], palette.shared, "solid"),
    ]
    for line, (followed, colour, stroke) in enumerate(ways):
        corner = boxes[0].cell(followed.row, followed.column, size)
        window = Box(*corner[:2], boxes[1].width, boxes[1].height)
        output = boxes[2].cell(followed.row, followed.column, size)
        key = Box(sheet.width / 2 - 10.2, boxes[0].bottom + 1 + 1.8 * line, 1, 1)
        for box in (window.inset(0.12), output.inset(0.12), key):
            sheet.outline(box, colour, width=1.7, stroke=stroke)
        sheet.text(key.right + 0.8, key.centre[1], followed.working, colour=colour, ha="left")
