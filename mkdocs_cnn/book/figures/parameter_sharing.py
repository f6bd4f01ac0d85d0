"""Figures of the chapter on parameter sharing."""

from __future__ import annotations

import math

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.matrix import weight_identity
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.stage import MOST_UNITS, Box, Stage, check_drawable, stage
from mkdocs_cnn.figures.parts.weights import subscript, weight_cells, weight_colours, weight_names
from mkdocs_cnn.figures.parts.wiring import row_of_units, wiring
from mkdocs_cnn.layers import Conv2d, Placed, PlacedConv

# -- the same kernel at every position


@figure(
    "kernel-at-every-position",
    title="The same kernel at every position",
    facts=row_of_units,
    caption="""The same {layer.connections} connections twice. A locally connected layer has a
        weight for each of them, {layer.unshared.weights} in all; a convolution uses the
        {layer.weights} weights of one kernel at all {layer.outputs} positions.""",
    alt="""Two diagrams with {layer.inputs} inputs below, {layer.outputs} outputs above and the same
        {layer.connections} connections. In the first every connection has a weight and a colour of
        its own, {layer.unshared.weights} of them; in the second the same {layer.weights} weights
        come back at each output in the same order, with the same colours and strokes.""",
    aspect=0.86,
)
def kernel_at_every_position(
    fig: Figure, look: Look, facts: dict[str, PlacedConv], *, units: int = 6, kernel_size: int = 3
) -> None:
    """The same connections twice: every one a weight of its own, and one kernel everywhere."""
    sheet, layer = stage(fig, look), facts["layer"]
    panels: list[tuple[str, Placed, str]] = [
        ("own weights", layer.unshared, look.palette.sparse),
        ("shared weights", layer, look.palette.shared),
    ]
    height = sheet.height / len(panels)
    for row, (name, placed, colour) in enumerate(panels):
        counts = f"{placed.connections} connections", f"{placed.weights} weights"
        if look.wide:
            box = Box(11, row * height + 0.8, sheet.width - 11.5, height - 1.6)
            sheet.heading(1, box.centre[1] - 1.2, name, colour=colour, ha="left")
            sheet.text(1, box.centre[1] - 0.6, "\n".join(counts), small=True, ha="left", va="top")
        else:
            box = Box(0.8, row * height + 2.2, sheet.width - 1.6, height - 4.2)
            sheet.heading(box.centre[0], box.y - 0.5, name, colour=colour)
            sheet.text(box.centre[0], box.bottom + 0.9, ", ".join(counts), small=True)
        diagram = wiring(sheet, box, weight_identity(placed))
        diagram.connect_by_weight(letters_at=0.36, strokes=placed.weights < placed.connections)
        diagram.label()


# -- an image as a vector


_MOST_PIXELS = math.isqrt(MOST_UNITS)  # along a side: all of them stand in one row


def _vectorised(*, size: int, kernel_size: int) -> Facts:
    """A layer on an image that is read as a vector: pixels that a unit reads, and does not."""
    check_drawable(_MOST_PIXELS, size=size, kernel_size=kernel_size)
    layer = Conv2d(1, 1, kernel_size=kernel_size).on(1, size, size)
    names = weight_names(int(layer.weights))
    return {
        "layer": layer,
        "read": layer.connections / layer.outputs,
        "unread": (layer.dense.connections - layer.connections) / layer.outputs,
        "names": [names[0], names[-1]],
    }


@figure(
    "vectorised-image",
    title="An image as a vector",
    facts=_vectorised,
    caption="""A {layer.input_shape[1]} × {layer.input_shape[2]} image read as a vector of
        {layer.inputs} inputs, and a {kernel_size} × {kernel_size} filter as the {layer.outputs}
        units of a layer. A dense layer would have {layer.dense.weights} weights, windows with
        weights of their own {layer.unshared.weights}; with shared weights the same {layer.weights}
        stand in every row. Elsewhere there is no connection.""",
    alt="""{layer.inputs} numbered pixels in a square and again in a row; above the row stand
        {layer.outputs} units, each with lines to the {read} pixels that it reads. Below, a matrix
        of {layer.outputs} rows and {layer.inputs} columns: each row holds the letters {names: to }
        once, in the columns of the pixels that the unit reads, and its other {unread} entries are
        empty.""",
    aspect=1.02,
    explorer="vectorised-image",
)
def vectorised_image(
    fig: Figure, look: Look, facts: Facts, *, size: int = 3, kernel_size: int = 2
) -> None:
    """Image and filter, the same as units and connections, and the same as a matrix."""
    sheet, layer = stage(fig, look), facts["layer"]
    if look.wide:
        _as_images(sheet, Box(0.5, 0.3, 7, sheet.height - 0.8), layer)
        _as_vectors(sheet, Box(9.5, 0.6, sheet.width - 10.3, sheet.height - 1.4), layer)
    else:
        _as_images(sheet, Box(0.6, 0, sheet.width - 1.2, 8.2), layer)
        _as_vectors(sheet, Box(2, 9.2, sheet.width - 2.6, sheet.height - 9.8), layer)


def _as_images(sheet: Stage, box: Box, layer: PlacedConv) -> None:
    """The image, the filter and the feature map: one above the other in an upright box."""
    palette = sheet.look.palette
    colours = weight_colours(sheet.look, int(layer.weights))
    numbers = [str(n + 1) for n in range(int(layer.inputs))]
    units = [subscript("f", n + 1) for n in range(int(layer.outputs))]
    squares = {"image": numbers, "filter": weight_names(len(colours)), "feature map": units}
    lengths = list(map(math.isqrt, map(len, squares.values())))
    upright = box.height > box.width
    room = (box.height - 7.6) / sum(lengths) if upright else (box.height - 1.9) / max(lengths)
    size, pitch, y = min(2.0, room), box.width / (1 if upright else len(squares)), box.y
    for place, ((name, labels), length) in enumerate(zip(squares.items(), lengths, strict=True)):
        middle = box.x + pitch * (0.5 if upright else place + 0.5)
        square = Box(middle - length * size / 2, y + 1.9, length * size, length * size)
        fills = np.array(colours if name == "filter" else [palette.faint] * length**2)
        sheet.heading(middle, square.y - 0.6, name)
        shape = length, length
        sheet.cells(square, fills.reshape(shape).tolist(), np.reshape(labels, shape).tolist())
        y += square.height + 2.8 if upright else 0


def _as_vectors(sheet: Stage, box: Box, layer: PlacedConv) -> None:
    """Units and connections, and below them, column under unit, the matrix."""
    identity = weight_identity(layer)
    outputs, inputs = identity.shape
    size = min(box.width / inputs, box.height / 2 / outputs, 2.1)
    matrix = Box(box.x, box.bottom - outputs * size, box.width, outputs * size)
    diagram = wiring(sheet, Box(*box[:3], matrix.y - box.y - 0.4), identity, spread=2)
    diagram.connect_by_weight(letters_at=0.3)
    diagram.label(outputs="f", inputs="")
    weight_cells(sheet, matrix, identity, weight_names(int(layer.weights)))
    for output in range(outputs):
        y = matrix.y + (output + 0.5) * size
        sheet.text(matrix.x - 0.9, y, subscript("f", output + 1), small=True)
