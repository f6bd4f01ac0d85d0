"""What tells the weights of a layer apart: colours, names, and the cells of its matrix."""

from __future__ import annotations

from string import ascii_lowercase

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import to_hex

from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.matrix import NO_WEIGHT
from mkdocs_cnn.figures.parts.stage import Box, Stage
from mkdocs_cnn.figures.style import Look


def weight_colours(look: Look, count: int) -> list[str]:
    """One colour for each of so many weights, along the theme's ramp."""
    name, first, last = look.palette.ramp
    return [to_hex(colour) for colour in colormaps[name](np.linspace(first, last, count))]


def weight_names(count: int) -> list[str]:
    """One name for each of so many weights: letters while they last, else numbers from 1."""
    return list(ascii_lowercase[:count]) if count <= 26 else weight_numbers(count)


def weight_numbers(count: int) -> list[str]:
    """Numbers from 1 for so many weights."""
    return [str(n + 1) for n in range(count)]


def weight_cells(sheet: Stage, box: Box, identity: Array, names: list[str] | None) -> None:
    """Fill a box with a weight matrix: each entry has its weight's colour and, if any, its name.

    `identity` is `(outputs, inputs)`, as `weight_identity` gives it.
    """
    colours = weight_colours(sheet.look, int(identity.max()) + 1)
    by_weight = {NO_WEIGHT: sheet.look.palette.faint, **dict(enumerate(colours))}
    labels = {NO_WEIGHT: "", **dict(enumerate(names or []))}
    fills = [[by_weight[weight] for weight in row] for row in identity.tolist()]
    words = [[labels[weight] for weight in row] for row in identity.tolist()] if names else None
    sheet.cells(box, fills, words)


def subscript(letter: str, number: int) -> str:
    """The letter with the number below the line: x₁."""
    return letter + str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
