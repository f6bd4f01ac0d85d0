"""A figure of the chapter on convolution: a volume, filters as deep as it, and their channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure

from mkdocs_cnn.book.figures.convolution_windows import Place, marked_cells
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.stage import Box, Stage, label_colour, stage
from mkdocs_cnn.figures.parts.weights import weight_colours
from mkdocs_cnn.layers import Conv2d, PlacedConv

DEPTH, SIZE, KERNEL, FILTERS = 3, 6, 3, 2
_LEAN = 1.0
"""From a sheet to the one in front of it, in cells, to the left and downwards."""
_GAP, _HEAD, _FOOT = 3.2, 2.3, 5.4  # ems


def _volume() -> Facts:
    """The filters as a layer on a volume, one of them alone, and channels and size of a filter."""
    layer, one = (
        Conv2d(DEPTH, count, kernel_size=KERNEL, bias=False).on(DEPTH, SIZE, SIZE)
        for count in (FILTERS, 1)
    )
    shape = [layer.input_shape[0], *(axis.kernel_size for axis in layer.axes)]
    return {"layer": layer, "one": one, "filter_shape": shape}


class _Places(NamedTuple):
    """The side of a cell, and what the stacks fill."""

    cell: float
    volume: Box
    filters: tuple[Box, ...]
    output: Box


@figure(
    "channels",
    title="Volumes, filters and channels",
    facts=_volume,
    caption="""A volume of {layer.input_shape[0]} channels and {FILTERS} filters, each as deep as
        the volume. An output is one sum over the whole window, all channels included:
        {layer.fan_in} products. So a filter makes one channel, however many it reads, and {FILTERS}
        filters make {layer.output_shape[0]}. A filter has {one.weights} weights; both have
        {layer.weights}, biases not counted.""",
    alt="""From left to right: {layer.input_shape[0]} stacked sheets of {layer.input_shape[1]} ×
        {layer.input_shape[2]} pixels, with a window of {filter_shape[1]} × {filter_shape[2]} filled
        in the upper left corner of each; {FILTERS} filters one above the other, each a stack of
        {filter_shape[0]} sheets of {filter_shape[1]} × {filter_shape[2]} weights;
        {layer.output_shape[0]} stacked sheets of {layer.output_shape[1]} × {layer.output_shape[2]}
        outputs. An arrow leads from each filter to the upper left output of its own sheet. Below:
        {one.weights} weights for one filter, {layer.weights} for both.""",
    aspect=0.68,
)
def channels(fig: Figure, look: Look, facts: Facts) -> None:
    """A volume, two filters as deep as it, and an output channel from each of them."""
    sheet, window = stage(fig, look), [(row, col) for row in range(KERNEL) for col in range(KERNEL)]
    places, colours = _places(sheet, facts["layer"]), weight_colours(look, FILTERS)
    cell, volume, filters, output = places
    _stack(sheet, volume, cell, window, [look.palette.shared] * DEPTH)
    fronts = _stack(sheet, output, cell, [(0, 0)], colours)
    for at, (box, front, colour) in enumerate(zip(filters, fronts, colours, strict=True)):
        _stack(sheet, box, cell, window, [colour] * DEPTH)
        sheet.heading(box.centre[0], box.y - 0.5, f"filter {at + 1}")
        x, y = front.cell(0, 0, cell).centre
        sheet.text(x, y, str(at + 1), colour=label_colour(colour), small=True)
        start, end = (box.right + 0.2, box.centre[1]), (x - cell / 2 - 0.15, y)
        sheet.arrow(start, end, look.palette.ink, width=1.3)
    sheet.heading(volume.centre[0], volume.y - 0.5, "volume")
    sheet.heading(output.centre[0], output.y - 0.5, "output")
    sheet.text(volume.right + _GAP / 2, volume.centre[1], "⋆", scale=1.6)
    _write_shapes(sheet, places, facts)


def _places(sheet: Stage, layer: PlacedConv) -> _Places:
    """The volume, the filters one above the other, and the output, as large as the sheet allows."""
    lengths = [(SIZE, DEPTH), (KERNEL, DEPTH), (int(layer.output_shape[1]), FILTERS)]
    spans = [size + (deep - 1) * _LEAN for size, deep in lengths]
    down = (sheet.height - _FOOT - FILTERS * _HEAD) / (FILTERS * spans[1])
    cell = min((sheet.width - 1.4 - 2 * _GAP) / sum(spans), down)
    sides = [span * cell for span in spans]
    left = (sheet.width - 2 * _GAP - sum(sides)) / 2
    middle = (sheet.height - _FOOT + 1.2) / 2
    step = sides[1] + _HEAD
    tops = [middle + (at - FILTERS / 2) * step + _HEAD - 0.5 for at in range(FILTERS)]
    return _Places(
        cell,
        Box(left, middle - sides[0] / 2, sides[0], sides[0]),
        tuple(Box(left + sides[0] + _GAP, y, sides[1], sides[1]) for y in tops),
        Box(sheet.width - left - sides[2], middle - sides[2] / 2, sides[2], sides[2]),
    )


def _stack(
    sheet: Stage, box: Box, cell: float, marked: Sequence[Place], colours: Sequence[str]
) -> list[Box]:
    """Square sheets of cells, the first at the back in the upper right corner of the box.

    On each of them the marked cells are filled with its colour. Returns the box of each sheet.
    """
    shift, palette = _LEAN * cell, sheet.look.palette
    side = box.width - (len(colours) - 1) * shift
    edge = {"edgecolors": palette.muted, "linewidths": 0.7 * sheet.look.line, "zorder": 1}
    fronts = []
    for at, colour in enumerate(colours):
        front = Box(box.right - side - at * shift, box.y + at * shift, side, side)
        sheet.fill([front.inset(-0.08)], palette.surface, clip_on=True, **edge)
        marked_cells(sheet, front, cell, marked, colour)
        fronts.append(front)
    return fronts


def _write_shapes(sheet: Stage, places: _Places, facts: Facts) -> None:
    """Below each stack its shape, and below them all the weights of one filter and of both."""
    layer, last = facts["layer"], places.filters[-1]
    shapes = (layer.input_shape, facts["filter_shape"], layer.output_shape)
    for box, shape in zip((places.volume, last, places.output), shapes, strict=True):
        sheet.text(box.centre[0], box.bottom + 1, " × ".join(map(str, shape)), small=True)
    for line, (name, placed) in enumerate((("one filter", facts["one"]), ("both", layer))):
        words = f"{name}: {placed.weights.worked} weights"
        sheet.text(sheet.width / 2, last.bottom + 2.7 + 1.6 * line, words)
