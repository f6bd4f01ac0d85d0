"""Pictures on a stage: photographs, what filters make of them, and maps of where things differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import Colormap, LinearSegmentedColormap, Normalize, to_hex, to_rgb

from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.figures.parts.stage import Box, Point, Stage
from mkdocs_cnn.figures.style import Look, Palette
from mkdocs_cnn.quantities.rounding import plain

VERTICAL_EDGE = np.array([[1, 0, -1]] * 3)
"""A filter that answers to vertical edges, `(3, 3)`."""

# As many greys as are still told apart, an odd number, so that zero has the one in the middle.
# A picture with fewer greys makes a smaller file.
GREYS = colormaps["gray"].resampled(33)
_BLACK_TO_WHITE = {-1: "#404040", 0: "#808080", 1: "#c8c8c8"}


def picture(
    sheet: Stage,
    box: Box,
    pixels: Array,
    limits: tuple[float, float] = (0, 255),
    colours: Colormap = GREYS,
) -> None:
    """Lay pixels into a box, each as one rectangle.

    Args:
        sheet: What is drawn on.
        box: Where; a picture of other proportions would be stretched.
        pixels: `(height, width)`, or with colours of their own `(height, width, 3 or 4)`.
        limits: What has the first colour, and what the last.
        colours: From one to the other.
    """
    extent, scale = (box.x, box.right, box.bottom, box.y), Normalize(*limits)
    how: dict[str, Any] = {"aspect": "auto", "interpolation": "none"}
    sheet.axes.imshow(pixels, colours, scale, extent=extent, **how)


def heat(palette: Palette) -> Colormap:
    """Colours for how much: the further from zero, the further from the surface; masked: faint."""
    ramp = LinearSegmentedColormap.from_list("heat", [palette.sparse, palette.ink], N=32)
    return ramp.with_extremes(bad=palette.faint)


# -- matrices


def with_signs(array: Array) -> list[list[str]]:
    """The integers of a matrix as they are printed, with a true minus."""
    return [[plain(int(value)) for value in row] for row in array]


def shades(look: Look, array: Array, low: int, high: int) -> list[list[str]]:
    """The theme's greys for the numbers of a matrix, from a darker for `low` to a lighter."""
    faint, muted = (np.array(to_rgb(colour)) for colour in (look.palette.faint, look.palette.muted))
    dark, light = sorted([faint, (faint + muted) / 2], key=lambda grey: float(grey.sum()))
    part = (array - low) / (high - low)
    return [[to_hex(dark + p * (light - dark)) for p in row] for row in part]


def kernel_greys(kernel: Array) -> list[list[str]]:
    """Greys for weights of −1, 0 and 1: each as dark or light as it makes a pixel's part."""
    return [[_BLACK_TO_WHITE[int(weight)] for weight in row] for row in kernel]


def matrix(
    sheet: Stage, left_middle: Point, array: Array, size: float, limits: tuple[int, int]
) -> Box:
    """Draw a matrix of integers in cells of this size, shaded between limits; what it fills.

    The middle of its left edge stands at a point.
    """
    height, width = (length * size for length in array.shape)
    box = Box(left_middle[0], left_middle[1] - height / 2, width, height)
    sheet.cells(box, shades(sheet.look, array, *limits), with_signs(array))
    return box


# -- a photograph and what filters make of it


class Filtered(NamedTuple):
    """A filter and what it makes of a photograph."""

    name: str  # stands above the picture
    kernel_name: str  # stands above the kernel where that is not below its picture
    kernel: Array  # weights of −1, 0 and 1
    outputs: Array  # (height, width)


def filtered_photograph(
    sheet: Stage,
    photograph: Array,
    filters: Iterable[Filtered],
    limits: tuple[int, int],
    *,
    units: tuple[str, str] = ("", ""),
    drop: float,
) -> None:
    """Draw a photograph, what two filters make of it, their kernels, and one scale of greys.

    Args:
        sheet: What is drawn on.
        photograph: `(height, width)`, from 0 to 255.
        filters: Two.
        limits: The outputs that are drawn black and white.
        units: What the pictures' sizes are counted in, the photograph's and the others'.
        drop: Ems from the upper edge of the sheet's pictures to the kernels' centres, where these
            do not stand below their pictures.
    """
    height, width = photograph.shape
    (first, *others), centres, scale = _places(sheet, height / width, drop)
    _titled(sheet, first, photograph, (0, 255), "photograph", units[0])
    for one, box, centre in zip(filters, others, centres, strict=True):
        _titled(sheet, box, one.outputs, limits, one.name, units[1])
        _kernel(sheet, centre, one)
    _scale(sheet, scale, limits)


def _places(sheet: Stage, ratio: float, drop: float) -> tuple[list[Box], list[Point], Box]:
    """For the pictures, the kernels (their centres) and the scale of greys.

    Three pictures stand in a row on a wide sheet, else two and two with the kernels in the gap.
    """
    columns, gap = (3 if sheet.look.wide else 2), 1.0
    width = (sheet.width - gap * (columns + 1)) / columns
    left = [gap + column * (width + gap) for column in range(columns)]
    if sheet.look.wide:
        boxes = [Box(x, 3.0, width, width * ratio) for x in left]
        down = boxes[0].bottom + 4.9
        kernels = [(box.centre[0], down) for box in boxes[1:]]
        return boxes, kernels, Box(left[0] + 0.8, down - 0.4, width - 1.6, 0.9)
    rows = (2.2, 2.2 + width * ratio + 3.8)
    boxes = [Box(left[c], rows[r], width, width * ratio) for r, c in ((0, 0), (1, 0), (1, 1))]
    kernels = [(left[1] + part * width, rows[0] + drop) for part in (0.26, 0.72)]
    return boxes, kernels, Box(left[1] + 0.8, boxes[0].bottom - 2.8, width - 1.6, 0.9)


def _titled(
    sheet: Stage, box: Box, pixels: Array, limits: tuple[int, int], name: str, unit: str
) -> None:
    """A picture with its heading above and its size below."""
    picture(sheet, box, pixels, limits)
    sheet.heading(box.centre[0], box.y - 0.6, name)
    height, width = pixels.shape
    sheet.text(box.centre[0], box.bottom + 1, f"{height} × {width} {unit}".rstrip(), small=True)


def _kernel(sheet: Stage, centre: Point, one: Filtered, side: float = 1.75) -> None:
    """A kernel in cells of this side, its name above unless it stands below its picture."""
    height, width = (length * side for length in one.kernel.shape)
    box = Box.around(centre, width, height)
    sheet.cells(box, kernel_greys(one.kernel), with_signs(one.kernel))
    if not sheet.look.wide:
        sheet.text(centre[0], centre[1] - 1.5 * side - 0.9, one.kernel_name, small=True)


def _scale(sheet: Stage, box: Box, limits: tuple[int, int]) -> None:
    """A bar with all greys, and what the first, the middle and the last of them mean."""
    picture(sheet, box, np.arange(GREYS.N)[None], (0, GREYS.N - 1))
    sheet.outline(box.inset(-0.06), sheet.look.palette.muted, width=0.6)
    low, high = map(plain, limits)
    means = (f"≤ {low}", "0", f"≥ {high}")
    for x, meaning in zip((box.x, box.centre[0], box.right), means, strict=True):
        sheet.text(x, box.bottom + 0.9, meaning, small=True)
    sheet.text(box.centre[0], box.y - 0.9, "output", small=True)
