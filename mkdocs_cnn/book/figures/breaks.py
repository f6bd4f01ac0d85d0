"""Figures of the chapter on equivariance: where padding and strides break it, and how far in."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.equivariance import Break, Function, commutator
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.operations import operations, stack
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import draw_marks, label, name_axes
from mkdocs_cnn.figures.parts.pictures import heat, picture
from mkdocs_cnn.figures.parts.stage import Box, Stage, stage
from mkdocs_cnn.layers.arguments import PaddingMode
from mkdocs_cnn.layers.shift_formulas import (
    nearest_shift,
    share_that_differs,
    share_that_sees_padding,
)
from mkdocs_cnn.quantities.quantity import Quantity, quantity
from mkdocs_cnn.quantities.rounding import plain

_SIZE, _TAPS = 32, 3
_SEED = 2019
_LARGEST = 10**6  # of the noise: so wide a range that sums are equal only where they must be


@cache
def _noise() -> Array:
    rng = np.random.default_rng(_SEED)
    return rng.integers(0, _LARGEST, (1, _SIZE, _SIZE))


@cache
def _kernel() -> Array:
    return np.random.default_rng(_SEED + 1).integers(1, 10, (1, 1, _TAPS, _TAPS))


def _layers(weight: Array, depth: int, padding_mode: PaddingMode, stride: int = 1) -> Function:
    """So many convolutions with one kernel, one behind the other."""
    convolution = operations(weight)["convolution"]
    return stack(convolution, depth, stride=stride, padding_mode=padding_mode)


# -- where the two ways differ


class Case(NamedTuple):
    """One layer and a shift to the right, on a ring, in pixels."""

    padding_mode: PaddingMode
    stride: int
    right: int
    orders: Break  # what shifting first and shifting last have between them
    predicted: Quantity  # the share of the outputs that differ, by formula

    @property
    def columns(self) -> Quantity:
        """Columns that differ at stride 1, by formula."""
        return self.predicted * _SIZE

    @property
    def differ(self) -> Quantity:
        """Outputs that differ."""
        return quantity(self.orders.count, name="outputs that differ, counted")

    @property
    def share(self) -> str:
        """The share as it is counted: columns of all columns."""
        columns = self.orders.map.shape[1]
        return f"{plain(self.orders.share * columns)}/{columns}"


def _case(padding_mode: PaddingMode, stride: int, right: int) -> Case:
    by = (0, right)
    layers = _layers(_kernel(), 1, padding_mode, stride)
    orders = commutator(layers, _noise(), by, out_by=nearest_shift(by, stride))
    share = share_that_differs(_SIZE, _TAPS, by, stride=stride, padding_mode=padding_mode)
    return Case(padding_mode, stride, right, orders, share)


@cache
def _maps() -> Facts:
    """The cases, in the order in which they stand; which columns differ with zeros."""
    cases = {
        "ring": _case("circular", 1, 2),
        "zeros": _case("zeros", 1, 2),
        "reflect": _case("reflect", 1, 2),
        "edge": _case("edge", 1, 2),
        "even": _case("circular", 2, 2),
        "odd": _case("circular", 2, 1),
    }
    columns = np.flatnonzero(cases["zeros"].orders.map.all(axis=0)) + 1
    return {**cases, "cases": list(cases.values()), "columns": columns.tolist()}


@figure(
    "commutator-maps",
    title="Where shifting first and last differ",
    facts=_maps,
    caption="""Where filtering the shifted noise and shifting the filtered noise differ, and by how
        much: {_SIZE} × {_SIZE} pixels on a ring, one {_TAPS} × {_TAPS} convolution. At stride
        {ring.stride} and a shift of {ring.right} pixels to the right, {ring.columns} columns differ
        with circular padding; with zeros or with mirrored or repeated pixels in it, {zeros.columns}
        of {_SIZE} differ, which are {zeros.predicted} of the outputs. At stride {even.stride} a
        shift by {even.right} moves the output by one. A shift by {odd.right} would have to move it
        by half of one, and all {odd.differ} outputs differ.""",
    alt="""Six maps in two rows. Circular padding at stride {zeros.stride}: empty. Zeros, reflect
        and edge: empty but for columns {columns} of {_SIZE}, which are filled with differences of
        all sizes. At stride {even.stride}, {even.orders.map.shape: × } outputs: empty after a shift
        by {even.right}, filled everywhere after a shift by {odd.right}.""",
    aspect=1.0,
)
def commutator_maps(fig: Figure, look: Look, facts: Facts) -> None:
    """Six maps of differences, each with its case above and its share below, and their scale."""
    sheet, cases = stage(fig, look), facts["cases"]
    limit = max(abs(case.orders.difference).max() for case in cases)
    side = min((sheet.width - 3.4) / 3, (sheet.height - 12.4) / 2)
    gap, pitch = (sheet.width - 3 * side) / 4, side + (5.0 if look.wide else 5.3)
    for place, case in enumerate(cases):
        row, column = divmod(place, 3)
        box = Box(gap + column * (side + gap), 3.4 + row * pitch, side, side)
        _map(sheet, box, case, limit)
    _scale(sheet, sheet.height - 1.2)


def _map(sheet: Stage, box: Box, case: Case, limit: float) -> None:
    palette, size = sheet.look.palette, abs(case.orders.difference[0])
    picture(sheet, box, np.ma.masked_equal(size, 0), (0, limit), heat(palette))
    sheet.outline(box.inset(-0.06), palette.muted, width=0.6)
    middle = box.centre[0]
    sheet.heading(middle, box.y - 2.1, case.padding_mode)
    sheet.text(middle, box.y - 1.0, f"stride {case.stride}, shift {case.right}", small=True)
    sheet.text(middle, box.bottom + 1.0, case.share, bold=True)


def _scale(sheet: Stage, y: float) -> None:
    """No difference, and the colours from small to large."""
    palette, middle = sheet.look.palette, sheet.width / 2
    sheet.text(middle - 5.2, y, "no difference", small=True, ha="right")
    sheet.cells(Box(middle - 4.9, y - 0.45, 0.9, 0.9), [[palette.faint]])
    sheet.text(middle - 1.2, y, "small", small=True, ha="right")
    bar = Box(middle - 0.8, y - 0.45, 6, 0.9)
    picture(sheet, bar, np.arange(32)[None], (0, 31), heat(palette))
    sheet.text(bar.right + 0.4, y, "large", small=True, ha="left")


# -- how far the border reaches

_DEPTHS = range(1, 17)
_PADDINGS: tuple[PaddingMode, PaddingMode] = ("circular", "zeros")


class Reach(NamedTuple):
    """How far the border reaches behind so many layers."""

    depth: int
    predicted: Quantity  # the share of the outputs that see padding, by formula
    outputs: Break  # what the padding does to them: with zeros in it, and with the ring in it


def _reach(depth: int) -> Reach:
    # Of ones alone, so that a zero in a sum always makes it smaller.
    image, weight = np.ones((1, _SIZE, _SIZE), int), np.ones_like(_kernel())
    ring, zeros = (_layers(weight, depth, mode)(image) for mode in _PADDINGS)
    predicted = share_that_sees_padding(_SIZE, _TAPS, depth=depth)
    return Reach(depth, predicted, Break(ring, zeros, ring))


@cache
def _reaches() -> Facts:
    """The reach by depth, and that of the depths whose frames are framed."""
    reaches = {depth: _reach(depth) for depth in _DEPTHS}
    framed = [reaches[depth] for depth in (1, 4, 8)]
    counts = {"depth_count": len(reaches), "frame_count": len(framed)}
    return {"behind": reaches, "framed": framed, **counts}


@figure(
    "border-reach",
    title="How far the border reaches",
    facts=_reaches,
    caption="""The border grows with depth. Behind L layers of {_TAPS} × {_TAPS} on {_SIZE} ×
        {_SIZE} pixels, what stands in the padding has changed a frame L pixels wide. Line: by
        formula. Circles: counted, by comparing zeros with circular padding. {behind[4].depth}
        layers: {behind[4].predicted} of the outputs; {behind[8].depth} layers:
        {behind[8].predicted}; {behind[16].depth} layers: {behind[16].predicted}, and no output is
        free of the border.""",
    alt="""Above, {frame_count} squares with a dark frame that is {behind[1].depth},
        {behind[4].depth} and {behind[8].depth} pixels wide: {behind[1].predicted},
        {behind[4].predicted} and {behind[8].predicted} of the square. Below, a curve of the share
        against the layers rises from {behind[1].predicted} at {behind[1].depth} layer, steeply and
        then less so, to {behind[16].predicted} at {behind[16].depth} layers; on it lie
        {depth_count} circles, one for each depth.""",
    aspect=1.1,
)
def border_reach(fig: Figure, look: Look, facts: Facts) -> None:
    """Three frames, and the share by depth: above and below, or side by side."""
    if look.wide:
        grid = fig.add_gridspec(3, 2, width_ratios=(1, 2.9))
        frames, rest = [grid[row, 0] for row in range(3)], grid[:, 1]
    else:
        grid = fig.add_gridspec(2, 3, height_ratios=(1, 1.9))
        frames, rest = [grid[0, column] for column in range(3)], grid[1, :]
    for reach, place in zip(facts["framed"], frames, strict=True):
        _frame(fig.add_subplot(place), look, reach)
    _curve(fig.add_subplot(rest), look, list(facts["behind"].values()))


def _frame(axes: Axes, look: Look, reach: Reach) -> None:
    """The outputs that see padding, dark, among those that do not."""
    palette = look.palette
    colours = ListedColormap([palette.faint, palette.sparse])
    axes.imshow(reach.outputs.map, cmap=colours, vmin=0, vmax=1, interpolation="none")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    name = "1 layer" if reach.depth == 1 else f"{reach.depth} layers"
    share = plain(reach.predicted.value)
    if look.wide:
        axes.set_ylabel(name, fontsize=look.small)
        axes.text(1.06, 0.5, share, transform=axes.transAxes, weight="bold", va="center")
    else:
        axes.set_title(name, fontsize=look.small)
        axes.set_xlabel(share, fontweight="bold")


def _curve(axes: Axes, look: Look, reaches: list[Reach]) -> None:
    """The share by formula as a line, as it is counted as circles on it."""
    palette = look.palette
    axes.plot(_DEPTHS, [float(reach.predicted) for reach in reaches], color=palette.sparse)
    counted = [float(reach.outputs.share) for reach in reaches]
    ring: dict[str, Any] = {"size": 5.5, "mfc": "none", "mew": look.line * 1.1, "clip_on": False}
    draw_marks(axes, look, _DEPTHS, counted, palette.shared, **ring)
    axes.set(xticks=[1, 2, 4, 8, 16], xlim=(0.5, _DEPTHS[-1] + 0.3), ylim=(0, 1.02))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "1/4", "1/2", "3/4", "1"])
    axes.grid(axis="y")
    name_axes(axes, look, "layers L", "share of the outputs that see padding")
    label(axes, look, (8.6, 0.56), f"line: 1 − (1 − 2L/{_SIZE})²", palette.sparse)
    label(axes, look, (8.6, 0.42), "circles: counted", palette.shared)
