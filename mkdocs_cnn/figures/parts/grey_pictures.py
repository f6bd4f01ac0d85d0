"""Numbers in greys: kernels beside what they make of a photograph, and matrices of integers."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex, to_rgb

from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.figures.parts.pixels import GREYS, picture
from mkdocs_cnn.figures.parts.stage import Box, Point, Stage
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.quantities.rounding import plain

_BLACK_TO_WHITE = {-1: "#404040", 0: "#808080", 1: "#c8c8c8"}


def picture_of_kernel(sheet: Stage, centre: Point, kernel: Array, side: float = 1.75) -> Box:
    """A kernel of −1, 0 and 1, each weight as dark or light as it makes a pixel's part.

    Args:
        sheet: Where it stands.
        centre: Its middle.
        kernel: `(height, width)`.
        side: Of a cell, in ems.

    Returns:
        What it fills.
    """
    height, width = (length * side for length in kernel.shape)
    box = Box(centre[0] - width / 2, centre[1] - height / 2, width, height)
    sheet.cells(box, [[_BLACK_TO_WHITE[int(w)] for w in row] for row in kernel], signed(kernel))
    return box


def scale_of_greys(sheet: Stage, box: Box, limit: int, name: str) -> None:
    """A bar with all greys, from minus the limit to the limit, its name above."""
    picture(sheet, box, np.arange(GREYS.N)[None], (0, GREYS.N - 1))
    sheet.outline(box.inset(-0.06), sheet.look.palette.muted, width=0.6)
    means = (f"≤ {plain(-limit)}", "0", f"≥ {plain(limit)}")
    for x, meaning in zip((box.x, box.centre[0], box.right), means, strict=True):
        sheet.text(x, box.bottom + 0.9, meaning, small=True)
    sheet.text(box.centre[0], box.y - 0.9, name, small=True)


def signed(array: Array) -> list[list[str]]:
    """The integers of a matrix as they are printed, with a true minus."""
    return [[plain(int(value)) for value in row] for row in array]


def shades(look: Look, array: Array, low: int, high: int) -> list[list[str]]:
    """The theme's greys for the numbers of a matrix, from a darker for `low` to a lighter."""
    faint, muted = (np.array(to_rgb(colour)) for colour in (look.palette.faint, look.palette.muted))
    dark, light = sorted([faint, (faint + muted) / 2], key=lambda grey: float(grey.sum()))
    part = (array - low) / (high - low)
    return [[to_hex(dark + p * (light - dark)) for p in row] for row in part]
