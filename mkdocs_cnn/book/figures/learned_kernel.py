"""The figure of a kernel that forms, and the frames that the explorer `learned-kernel` plays."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cache

import numpy as np
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.descent import VERTICAL_EDGE, Point, learn, noise
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import draw_marks, to_places
from mkdocs_cnn.figures.parts.pictures import picture, with_signs
from mkdocs_cnn.figures.parts.stage import Box, Cells, Stage, stage
from mkdocs_cnn.figures.style import Palette
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain, significant

_SEED = 1
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


# -- numbers with a sign, and costs


def signed_colour(palette: Palette, value: float, most: float) -> str:
    """Blue below zero, orange above, the fuller the farther; `most` and beyond are full."""
    full = np.array(to_rgb(palette.shared if value > 0 else palette.sparse))
    empty = np.array(to_rgb(palette.faint))
    return to_hex(tuple(empty + min(abs(value) / most, 1) * (full - empty)))


def cost_said(cost: float) -> str:
    """A cost with two significant digits; below a thousandth with a power of ten."""
    if cost >= 0.001:
        return plain(significant(Fraction(cost), 2))
    digits, _, exponent = f"{cost:.1e}".partition("e")
    return f"{digits} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def _one_decimal(value: float) -> str:
    return f"{round(value, 1) + 0:.1f}".replace("-", "−")  # + 0: there is no −0.0


def signed_cells(
    sheet: Stage, box: Box, values: Array, most: float = 0, labels: Cells | None = None
) -> None:
    """Fill a box with numbers with a sign: by default integers, of which the largest is full."""
    palette, most = sheet.look.palette, most or float(np.abs(values).max())
    fills = [[signed_colour(palette, value, most) for value in row] for row in values]
    sheet.cells(box, fills, labels or with_signs(values))


# -- the kernel forms

_STILLS = (0, 1, 3, 10, 30, 100, 300)  # the kernels of the figure
_LATER = 30  # the step of which the caption speaks
_FRAMES = (
    *(0, 1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 25, 30, 40, 50, 65, 80),
    *(100, 125, 150, 175, 200, 250, 300),
)


@cache
def _descent() -> tuple[Array, tuple[Point, ...]]:
    """One image, `(1, 1, height, width)`, and the kernel and its cost after each step."""
    image = noise(np.random.default_rng(_SEED), 1)
    return image, learn(image, steps=_STILLS[-1])


def frames() -> dict[str, str]:
    """What the explorer `learned-kernel` plays, as JSON by attribute.

    Returns:
        The `steps` that it shows, the `costs` and the `kernels` there (nine weights each, row by
        row), and the kernel that is `wanted`.
    """
    path = [_descent()[1][step] for step in _FRAMES]
    columns = {
        "steps": _FRAMES,
        "costs": [float(f"{point.cost:.6g}") for point in path],
        "kernels": [[round(weight, 4) for weight in point.kernel.flat] for point in path],
        "wanted": VERTICAL_EDGE.ravel().tolist(),
    }
    return {name: json.dumps(column, separators=(",", ":")) for name, column in columns.items()}


def _facts() -> Facts:
    """The image, its edge map, and the kernels and costs on the way from one to the other."""
    image, path = _descent()
    error = float(np.abs(path[-1].kernel - VERTICAL_EDGE).max())
    return {
        "image": image[0, 0],
        "edges": cross_correlate2d(image, VERTICAL_EDGE)[0, 0],
        "kernels": {step: path[step].kernel[0, 0] for step in _STILLS},
        "costs": [point.cost for point in path],
        "last": _STILLS[-1],
        "cost_at_start": _cost(path, 0),
        "cost_later": _cost(path, _LATER),
        "bound": Quantity(Fraction(10) ** math.ceil(math.log10(error)), name="bound of the error"),
        "columns": _columns(path, 1),
        "last_columns": [column[0] for column in _columns(path, _STILLS[-1])],
    }


def _cost(path: Sequence[Point], step: int) -> Quantity:
    exact = Fraction(path[step].cost)
    return Quantity(significant(exact, 2), name=f"cost at step {step}, rounded")


def _columns(path: Sequence[Point], step: int) -> list[list[Quantity]]:
    """The weights of a kernel, column by column."""
    name = f"weight at step {step}, rounded"
    return [[to_places(w, 1, name) for w in column] for column in path[step].kernel[0, 0].T]


@figure(
    "kernel-forms",
    title="A kernel forms",
    facts=_facts,
    caption="""Gradient descent finds the kernel between one image and its edge map, beginning with
        zeros. In {_LATER} steps the cost falls from {cost_at_start} to {cost_later} (the axis is
        logarithmic); after {last} every weight is that of the wanted kernel to within {bound}.
        Orange is above zero, blue below.""",
    alt="""An image of {image.shape: × } random pixels and its edge map of {edges.shape: × }. Beside
        them the cost falls on a logarithmic axis, steeply at first and then along a straight line,
        from {cost_at_start} at step {0} to {cost_later} at step {_LATER}. Below, kernels of
        {kernels[0].shape: × } weights at steps {_STILLS}, beside the wanted one. At step {0} all
        weights are {0}; at step {1} the left column is {columns[0]:, } and the right one
        {columns[2]:, }; at step {last} the columns are all {last_columns[0]}, all {last_columns[1]}
        and all {last_columns[2]}, as wanted.""",
    aspect=1.02,
    explorer="learned-kernel",
    frames=frames,
)
def kernel_forms(fig: Figure, look: Look, facts: Facts) -> None:
    """An image and its edge map, the falling cost, and kernels in two rows of four."""
    sheet, wide = stage(fig, look), look.wide
    cell = (2.4, 1.45 if wide else 1.6)
    row = 3 * cell[1] + 3.2  # a kernel with its heading and its cost
    top = sheet.height - 2 * row
    left = 9.2 if wide else 0.3
    _draw_pair(sheet, facts, Box(0.8 if wide else 0.3, 0, 7.5 if wide else 6, sheet.height))
    beside = left + 3 if wide else 10.6
    _draw_cost(fig, sheet, facts["costs"], Box(beside, 1.8, sheet.width - beside - 1.4, top - 3.8))
    step = (sheet.width - 0.3 - left - 3 * cell[0]) / 3
    for place, at in enumerate([*_STILLS, None]):
        down, across = divmod(place, 4)
        corner = left + across * step, top + down * row + 2.6
        _draw_kernel(sheet, facts, Box(*corner, 3 * cell[0], 3 * cell[1]), at)


def _draw_pair(sheet: Stage, facts: Facts, box: Box) -> None:
    """The image and, below it, its edge map, whose pixels are as large."""
    y = 1.7
    for name, values in (("one image", facts["image"]), ("its edge map", facts["edges"])):
        side = box.width * len(values) / len(facts["image"])
        sheet.text(box.x, y - 0.4, name, bold=True, small=True, ha="left", va="baseline")
        most, palette = float(np.abs(values).max()), sheet.look.palette
        colours = [[to_rgb(signed_colour(palette, v, most)) for v in row] for row in values]
        # Pixels: as an image they take a tenth of the bytes that cells do.
        picture(sheet, Box(box.x, y, side, side), np.array(colours))
        y += side + 1.9


def _draw_kernel(sheet: Stage, facts: Facts, box: Box, step: int | None) -> None:
    """The kernel at a step, or the wanted one, with its numbers."""
    if step is None:
        values = VERTICAL_EDGE[0, 0]
        name, cost, labels = "wanted", "", None
    else:
        values = facts["kernels"][step]
        name, cost = f"step {step}", f"cost {cost_said(facts['costs'][step])}"
        labels = [[_one_decimal(weight) for weight in row] for row in values]
    x, muted = box.centre[0], sheet.look.palette.muted
    sheet.text(x, box.y - 1.65, name, bold=True, small=True, va="baseline")
    sheet.text(x, box.y - 0.4, cost, colour=muted, small=True, va="baseline")
    signed_cells(sheet, box, values, 1, labels)


def _draw_cost(fig: Figure, sheet: Stage, costs: list[float], box: Box) -> None:
    """The cost after each step on a log axis; the steps whose kernels are shown have dots."""
    look, palette = sheet.look, sheet.look.palette
    axes = sheet.axes_in(fig, box)
    axes.plot(costs, color=palette.ink)
    dots = [costs[step] for step in _STILLS]
    draw_marks(axes, look, _STILLS, dots, palette.ink, size=3.5, clip_on=False)
    axes.set(yscale="log", ylim=(1e-10, 100), xlim=(0, _STILLS[-1]))
    powers = range(-8, 1, 4)
    names = ["1" if n == 0 else "10" + str(n).translate(_SUPERSCRIPTS) for n in powers]
    axes.set_yticks([10.0**n for n in powers], names)
    axes.minorticks_off()
    ticks = range(0, _STILLS[-1] + 1, 100)
    axes.set_xticks(ticks, [f"step {tick}" if tick == 0 else str(tick) for tick in ticks])
    axes.grid(axis="y")
    axes.set_title("cost", fontsize=look.small, loc="left", color=palette.muted)
