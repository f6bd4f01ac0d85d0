"""Figures of the chapter on convolution: where windows stand, and what pooling keeps of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.pooling import avg_pool2d, max_pool2d
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.stage import (
    STROKES,
    Box,
    Point,
    Stage,
    Stroke,
    check_drawable,
    stage,
    weight_colours,
)
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.layers import Conv2d, PlacedConv
from mkdocs_cnn.quantities.quantity import Quantity, quantity, total
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.quantities.sentences import Words

Place = tuple[int, int]
"""Row and column."""

# -- stride and dilation

_MOST_TAPS, _MOST_PIXELS = 5, 12
_STEPS = {"stride 1": (1, 1), "stride 2": (2, 1), "dilation 2": (1, 2)}
"""Stride and dilation of each panel."""
_DASHED: Stroke = (0, (2.2, 1))


def _panels(kernel_size: int, size: int) -> dict[str, PlacedConv]:
    check_drawable(_MOST_TAPS, kernel_size=kernel_size)
    check_drawable(_MOST_PIXELS, size=size)
    if kernel_size < 2:
        raise ValueError(f"kernel_size must be at least 2 to be dilated, not {kernel_size}")
    if size < 2 * kernel_size:
        raise ValueError(
            f"size must be at least {2 * kernel_size} for two windows of kernel_size "
            f"{kernel_size} and dilation 2, not {size}"
        )
    return {
        name: Conv2d(1, 1, kernel_size, stride=stride, dilation=dilation).on(1, size, size)
        for name, (stride, dilation) in _STEPS.items()
    }


def _steps_caption(kernel_size: int, size: int) -> Words:
    plain_, strided, dilated = _panels(kernel_size, size).values()
    return Words(
        "Where a {} × {} window stands on {} × {} pixels, the first time (filled) and the second "
        "(ringed), and the outputs that it makes there. With stride {} it moves {} pixels at a "
        "time: {} outputs along each axis instead of {}. With dilation {} its taps stand {} pixels "
        "apart, so that it reaches over {} pixels: {} outputs, from the same number of weights.",
        *(kernel_size, kernel_size, size, size),
        *(strided.axes[0].stride, strided.axes[0].stride),
        *(strided.output_shape[1], plain_.output_shape[1]),
        *(dilated.axes[0].dilation, dilated.axes[0].dilation),
        *(dilated.axes[0].extent, dilated.output_shape[1]),
    )


def _steps_alt(kernel_size: int, size: int) -> Words:
    plain_, strided, dilated = _panels(kernel_size, size).values()
    return Words(
        "Three grids of {} × {} pixels with two positions of a window of {} × {} taps, the first "
        "filled, the second with rings, each above the grid of its outputs. Stride {}: the second "
        "window stands {} pixel to the right of the first; {} × {} outputs. Stride {}: it stands "
        "{} pixels to the right; {} × {} outputs. Dilation {}: the taps of a window are spread "
        "over {} × {} pixels, with gaps of {} between them; {} × {} outputs.",
        *(size, size, kernel_size, kernel_size),
        *(plain_.axes[0].stride, plain_.axes[0].stride, *plain_.output_shape[1:]),
        *(strided.axes[0].stride, strided.axes[0].stride, *strided.output_shape[1:]),
        dilated.axes[0].dilation,
        *(axis.extent for axis in dilated.axes),
        dilated.axes[0].dilation - 1,
        *dilated.output_shape[1:],
    )


@figure(
    "stride-and-dilation",
    title="Stride and dilation",
    caption=_steps_caption,
    alt=_steps_alt,
    aspect=0.84,
)
def stride_and_dilation(fig: Figure, look: Look, *, kernel_size: int = 3, size: int = 7) -> None:
    """Three windows on the same grid, each in its first two positions, above their outputs."""
    sheet, panels = stage(fig, look), _panels(kernel_size, size)
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
        _sizes(sheet, (centre, outputs.y + most * cell + 1.2), layer)


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


def _sizes(sheet: Stage, at: Point, layer: PlacedConv) -> None:
    """How many outputs there are along an axis, worked; above, a spread window's extent."""
    axis = layer.axes[0]
    if axis.dilation > 1:
        sheet.text(*at, axis.extent.worked, small=True)
    sheet.text(at[0], at[1] + 1.5, axis.output_size.worked, small=True)


# -- pooling

POOLED_IMAGE = np.array([[4, 8, 1, 3], [2, 10, 7, 5], [6, 2, 9, 9], [2, 2, 1, 4]])
POOL = 2
"""Height, width and stride of the windows."""


def _pooled() -> dict[str, list[list[Quantity]]]:
    """The largest and the mean of each window, exact."""
    image = POOLED_IMAGE.astype(object)[None]
    answers = {"largest": max_pool2d(image, POOL)[0], "mean": avg_pool2d(image, POOL)[0]}
    return {name: [[quantity(n) for n in row] for row in rows] for name, rows in answers.items()}


def _windows_of_pool() -> list[tuple[slice, slice]]:
    starts = range(0, len(POOLED_IMAGE), POOL)
    return [(slice(r, r + POOL), slice(c, c + POOL)) for r in starts for c in starts]


def _first_window() -> list[int]:
    return [int(pixel) for pixel in POOLED_IMAGE[_windows_of_pool()[0]].flat]


def _first_mean() -> Quantity:
    """With its working, which arrays do not keep."""
    return (total(_first_window()) / quantity(POOL**2)).named("mean of the first window")


def _pooling_caption() -> Words:
    pixels = _first_window()
    return Words(
        "An image of {} × {} pooled by windows of {} × {} that do not overlap. Of each window one "
        "number remains: its largest, or its mean. The first window holds "
        + ", ".join("{}" for _ in pixels)
        + "; its largest is {}, its mean {}. Nothing is learned here: there are no weights.",
        *POOLED_IMAGE.shape,
        POOL,
        POOL,
        *pixels,
        _pooled()["largest"][0][0],
        _first_mean(),
    )


def _pooling_alt() -> Words:
    rows = POOLED_IMAGE.tolist()
    answers = [[n for row in grid for n in row] for grid in _pooled().values()]
    said = [", ".join("{}" for _ in row) for row in (*rows, *answers)]
    return Words(
        f"An image with the rows {'; '.join(said[: len(rows)])}, cut into {{}} windows of {{}} × "
        "{}, which differ in colour and in the stroke of their outline. Two outputs of {} × {} in "
        f"the same colours and strokes: the largest of each window, row by row {said[-2]}; the "
        f"mean of each, {said[-1]}.",
        *(pixel for row in rows for pixel in row),
        len(_windows_of_pool()),
        POOL,
        POOL,
        *(len(rows) // POOL for _ in range(2)),
        *(number for row in answers for number in row),
    )


@figure(
    "max-and-average-pooling",
    title="Largest and mean of each window",
    caption=_pooling_caption,
    alt=_pooling_alt,
    aspect=0.63,
)
def max_and_average_pooling(fig: Figure, look: Look) -> None:
    """A small image in four windows, and what two kinds of pooling leave of each."""
    sheet, answers = stage(fig, look), _pooled()
    count = len(POOLED_IMAGE)
    left, gap = 0.8, 2.6
    cell = min((sheet.width - 2 * left - 2 * gap) / (2 * count), (sheet.height - 7.4) / count)
    left = (sheet.width - 2 * count * cell - 2 * gap) / 2
    middle = 2.6 + count * cell / 2 + max(0.0, (sheet.height - 7.2 - count * cell) / 2)
    image = Box(left, middle - count * cell / 2, count * cell, count * cell)
    _four(sheet, image, [[plain(int(n)) for n in row] for row in POOLED_IMAGE])
    sheet.heading(image.centre[0], image.y - 0.7, "image")
    x = image.right
    for name, numbers in answers.items():
        box = Box(x + gap, middle - count * cell / 4, count * cell / 2, count * cell / 2)
        _four(sheet, box, [[plain(number.value) for number in row] for row in numbers])
        sheet.heading(box.centre[0], box.y - 0.7, name)
        x = box.right
    sheet.arrow((image.right + 0.6, middle), (image.right + gap - 0.5, middle), look.palette.muted)
    pixels = ", ".join(map(str, _first_window()))
    largest = f"largest of {pixels}: {answers['largest'][0][0]}"
    for line, words in enumerate((largest, f"mean: {_first_mean().worked}")):
        sheet.text(sheet.width / 2, image.bottom + 1.7 + 1.7 * line, words)


def _four(sheet: Stage, box: Box, labels: list[list[str]]) -> None:
    """A square of numbers in four windows, each with its colour and its stroke."""
    half, size = box.width / 2, len(labels)
    colours = weight_colours(sheet.look, len(STROKES))
    fills = [
        [colours[2 * (2 * r // size) + 2 * c // size] for c in range(size)] for r in range(size)
    ]
    sheet.cells(box, fills, labels)
    for at, stroke in enumerate(STROKES):
        quarter = Box(box.x + at % 2 * half, box.y + at // 2 * half, half, half)
        sheet.outline(quarter.inset(0.1), sheet.look.palette.ink, width=1.4, stroke=stroke)
