"""Figures of the chapter on convolution: channels, where windows stand, what pooling keeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.pooling import avg_pool2d, max_pool2d
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.pictures import with_signs
from mkdocs_cnn.figures.parts.stage import STROKES, Box, Stage, check_drawable, label_colour, stage
from mkdocs_cnn.figures.parts.weights import weight_colours
from mkdocs_cnn.layers import Conv2d, PlacedConv
from mkdocs_cnn.quantities.quantity import quantity, total
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.quantities.sentences import fill

Place = tuple[int, int]
"""Row and column."""

# -- channels

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


# -- stride and dilation

_MOST_TAPS, _MOST_PIXELS = 5, 12
_DASHED = (0, (2.2, 1))


def _steps(*, kernel_size: int, size: int) -> Facts:
    check_drawable(_MOST_TAPS, kernel_size=kernel_size)
    check_drawable(_MOST_PIXELS, size=size)
    if kernel_size < 2:
        raise ValueError(f"kernel_size must be at least 2 to be dilated, not {kernel_size}")
    if size < 2 * kernel_size:
        raise ValueError(
            f"size must be at least {2 * kernel_size} for two windows of kernel_size "
            f"{kernel_size} and dilation 2, not {size}"
        )
    plain_, strided, dilated = (
        Conv2d(1, 1, kernel_size, stride=stride, dilation=dilation).on(1, size, size)
        for stride, dilation in ((1, 1), (2, 1), (1, 2))
    )
    gap = dilated.axes[0].dilation - 1
    return {"plain": plain_, "strided": strided, "dilated": dilated, "gap": gap}


@figure(
    "stride-and-dilation",
    title="Stride and dilation",
    facts=_steps,
    caption="""Where a {kernel_size} × {kernel_size} window stands on {size} × {size} pixels, the
        first time (filled) and the second (ringed), and the outputs that it makes there. With
        stride {strided.axes[0].stride} it moves {strided.axes[0].stride} pixels at a time:
        {strided.output_shape[1]} outputs along each axis instead of {plain.output_shape[1]}. With
        dilation {dilated.axes[0].dilation} its taps stand {dilated.axes[0].dilation} pixels apart,
        so that it reaches over {dilated.axes[0].extent} pixels: {dilated.output_shape[1]} outputs,
        from the same number of weights.""",
    alt="""Three grids of {size} × {size} pixels with two positions of a window of {kernel_size} ×
        {kernel_size} taps, the first filled, the second with rings, each above the grid of its
        outputs. Stride {plain.axes[0].stride}: the second window stands {plain.axes[0].stride}
        pixel to the right of the first; {plain.output_shape[1]} × {plain.output_shape[2]} outputs.
        Stride {strided.axes[0].stride}: it stands {strided.axes[0].stride} pixels to the right;
        {strided.output_shape[1]} × {strided.output_shape[2]} outputs. Dilation
        {dilated.axes[0].dilation}: the taps of a window are spread over {dilated.axes[0].extent} ×
        {dilated.axes[1].extent} pixels, with gaps of {gap} between them; {dilated.output_shape[1]}
        × {dilated.output_shape[2]} outputs.""",
    aspect=0.84,
)
def stride_and_dilation(
    fig: Figure, look: Look, facts: Facts, *, kernel_size: int = 3, size: int = 7
) -> None:
    """Three windows on the same grid, each in its first two positions, above their outputs."""
    names = {"stride 1": "plain", "stride 2": "strided", "dilation 2": "dilated"}
    panels: dict[str, PlacedConv] = {name: facts[key] for name, key in names.items()}
    sheet = stage(fig, look)
    most = max(int(layer.output_shape[1]) for layer in panels.values())
    column = sheet.width / len(panels)
    cell = min((column - 1) / size, (sheet.height - 9.2) / (size + most))
    top = (sheet.height - cell * (size + most) - 8.2) / 2 + 2.2
    for at, (name, layer) in enumerate(panels.items()):
        centre, width = (at + 0.5) * column, int(layer.output_shape[1]) * cell
        pixels = Box(centre - size * cell / 2, top, size * cell, size * cell)
        outputs = Box(centre - width / 2, pixels.bottom + 2, width, width)
        sheet.heading(centre, top - 0.6, name)
        _windows(sheet, pixels, outputs, layer, cell)
        sheet.arrow((centre, pixels.bottom + 0.35), (centre, outputs.y - 0.35), look.palette.muted)
        _sizes(sheet, centre, outputs.y + most * cell + 1.2, layer)


def _windows(sheet: Stage, pixels: Box, outputs: Box, layer: PlacedConv, cell: float) -> None:
    """The first window filled and outlined, the second dotted and dashed, on inputs and outputs."""
    palette, (down, across) = sheet.look.palette, layer.axes
    windows = [
        [(row, column) for _, row in down.taps(0) for _, column in across.taps(output)]
        for output in (0, 1)
    ]
    for box, (first, second) in ((pixels, windows), (outputs, [[(0, 0)], [(0, 1)]])):
        marked_cells(sheet, box, cell, first, palette.shared)
        sheet.outline(_span(box, second, cell), palette.sparse, width=1.3, stroke=_DASHED)
        sheet.outline(_span(box, first, cell), palette.shared, width=1.3)
        centres = np.array([box.cell(*place, cell).centre for place in second])
        fills = [palette.surface] * len(second)
        sheet.units(centres, [""] * len(second), fills, palette.sparse, 0.19 * cell)


def _span(box: Box, places: Sequence[Place], cell: float) -> Box:
    """From the first of these cells to the last."""
    first, last = box.cell(*places[0], cell), box.cell(*places[-1], cell)
    return Box(first.x, first.y, last.right - first.x, last.bottom - first.y)


def marked_cells(sheet: Stage, box: Box, cell: float, marked: Sequence[Place], colour: str) -> None:
    """A box of faint cells, some of them, given by row and column, in a colour."""
    rows, columns = round(box.height / cell), round(box.width / cell)
    fills = [[sheet.look.palette.faint] * columns for _ in range(rows)]
    for row, column in marked:
        fills[row][column] = colour
    sheet.cells(box, fills)


def _sizes(sheet: Stage, x: float, y: float, layer: PlacedConv) -> None:
    """How many outputs there are along an axis, worked; above, a spread window's extent."""
    axis = layer.axes[0]
    if axis.dilation > 1:
        sheet.text(x, y, axis.extent.worked, small=True)
    sheet.text(x, y + 1.5, axis.output_size.worked, small=True)


# -- pooling

POOLED_IMAGE = np.array([[4, 8, 1, 3], [2, 10, 7, 5], [6, 2, 9, 9], [2, 2, 1, 4]])
_POOLS = max_pool2d, avg_pool2d
POOL = 2
"""Height, width and stride of the windows."""


def _pooled() -> Facts:
    """The image, its first window, and the largest and the mean of each window, row by row."""
    image = POOLED_IMAGE.astype(object)[None]
    largest, mean = ([quantity(n) for n in pool(image, POOL).flat] for pool in _POOLS)
    first = POOLED_IMAGE[:POOL, :POOL].ravel().tolist()
    return {
        "rows": [fill("{row:, }", {"row": row}) for row in POOLED_IMAGE.tolist()],
        "windows": len(mean),
        "output_size": len(POOLED_IMAGE) // POOL,
        "first": first,
        # With its working, which arrays do not keep.
        "first_mean": (total(first) / quantity(POOL**2)).named("mean of the first window"),
        "largest": largest,
        "mean": mean,
    }


@figure(
    "max-and-average-pooling",
    title="Largest and mean of each window",
    facts=_pooled,
    caption="""An image of {POOLED_IMAGE.shape: × } pooled by windows of {POOL} × {POOL} that do not
        overlap. Of each window one number remains: its largest, or its mean. The first window holds
        {first:, }; its largest is {largest[0]}, its mean {first_mean}. Nothing is learned here:
        there are no weights.""",
    alt="""An image with the rows {rows:; }, cut into {windows} windows of {POOL} × {POOL}, which
        differ in colour and in the stroke of their outline. Two outputs of {output_size} ×
        {output_size} in the same colours and strokes: the largest of each window, row by row
        {largest:, }; the mean of each, {mean:, }.""",
    aspect=0.63,
)
def max_and_average_pooling(fig: Figure, look: Look, facts: Facts) -> None:
    """A small image in four windows, and what two kinds of pooling leave of each."""
    sheet = stage(fig, look)
    count = len(POOLED_IMAGE)
    left, gap = 0.8, 2.6
    cell = min((sheet.width - 2 * left - 2 * gap) / (2 * count), (sheet.height - 7.4) / count)
    left = (sheet.width - 2 * count * cell - 2 * gap) / 2
    middle = 2.6 + count * cell / 2 + max(0.0, (sheet.height - 7.2 - count * cell) / 2)
    image = Box(left, middle - count * cell / 2, count * cell, count * cell)
    _four_windows(sheet, image, with_signs(POOLED_IMAGE))
    sheet.heading(image.centre[0], image.y - 0.7, "image")
    x = image.right
    for name in ("largest", "mean"):
        box = Box(x + gap, middle - count * cell / 4, count * cell / 2, count * cell / 2)
        labels = [plain(number.value) for number in facts[name]]
        _four_windows(sheet, box, [labels[:2], labels[2:]])
        sheet.heading(box.centre[0], box.y - 0.7, name)
        x = box.right
    sheet.arrow((image.right + 0.6, middle), (image.right + gap - 0.5, middle), look.palette.muted)
    largest = f"largest of {', '.join(map(str, facts['first']))}: {facts['largest'][0]}"
    for line, words in enumerate((largest, f"mean: {facts['first_mean'].worked}")):
        sheet.text(sheet.width / 2, image.bottom + 1.7 + 1.7 * line, words)


def _four_windows(sheet: Stage, box: Box, labels: list[list[str]]) -> None:
    """A square of numbers in four windows, each with its colour and its stroke."""
    colours = np.reshape(weight_colours(sheet.look, len(STROKES)), (2, 2))
    half = len(labels) // 2
    sheet.cells(box, colours.repeat(half, axis=0).repeat(half, axis=1).tolist(), labels)
    for quarter, stroke in zip(box.grid(2, 2).values(), STROKES, strict=True):
        sheet.outline(quarter.inset(0.1), sheet.look.palette.ink, width=1.4, stroke=stroke)
