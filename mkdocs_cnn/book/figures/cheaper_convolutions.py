"""Figures of the chapter on efficiency: small kernels stacked, and depthwise separable ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import draw_marks, name_axes, note, plain_ticks
from mkdocs_cnn.figures.parts.stage import STROKES, Box, Point, Stage, Stroke, stage
from mkdocs_cnn.layers import Conv2d, Placed, Sequential
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import round_to_digits

# -- small kernels, stacked

_SMALL = 3
_CHANNELS, _SIDE = 64, 56  # any others give the same multiples of C²


def _same(kernel_size: int, depth: int = 1) -> Placed:
    """So many layers of this kernel, which keep channels and positions."""
    layer = Conv2d(_CHANNELS, _CHANNELS, kernel_size, padding=kernel_size // 2, bias=False)
    return Sequential(*[layer] * depth).on(_CHANNELS, _SIDE, _SIDE)


class Rivals(NamedTuple):
    """A stack of small kernels and the one kernel that sees as much.

    Their weights are multiples of C²; as many are their MACs for each position.
    """

    fields: list[Quantity]  # what an output sees along a side, through no layer, one, and so on
    stacked: Quantity
    single: Quantity

    @property
    def field(self) -> Quantity:
        """What an output sees through all layers."""
        return self.fields[-1]


def _stacks() -> Facts:
    return {"two": _rivals(2), "three": _rivals(3)}


def _rivals(depth: int) -> Rivals:
    sizes = (_same(_SMALL, n).receptive_field.size for n in range(1, depth + 1))
    fields = [Quantity(1), *sizes]
    square = Quantity(_CHANNELS, symbol="C") ** 2
    stack, single = _same(_SMALL, depth), _same(int(fields[-1]))
    return Rivals(fields, stack.weights / square, single.weights / square)


@figure(
    "stacked-kernels",
    title="Small kernels, stacked",
    facts=_stacks,
    caption="""One output sees as much through two layers of {_SMALL} × {_SMALL} as through one of
        {two.field} × {two.field}, and as much through three as through one of {three.field} ×
        {three.field}. With C channels in and out the stacks have {two.stacked} C² weights instead
        of {two.single} C², and {three.stacked} C² instead of {three.single} C². At each position
        there are as many multiply-adds as weights.""",
    alt="""Two rows. In the first, squares lie in each other: one output, the {_SMALL} × {_SMALL}
        inputs that it sees through one layer, and the {two.field} × {two.field} that it sees
        through two. Beside them a bar for two layers of {_SMALL} × {_SMALL}, {two.stacked} C² long,
        and a longer one for one layer of {two.field} × {two.field}, {two.single} C². In the second
        row the squares go on to {three.field} × {three.field}, and the bars are {three.stacked} C²
        for three layers of {_SMALL} × {_SMALL} and {three.single} C² for one of {three.field} ×
        {three.field}.""",
    aspect=0.84,
)
def stacked_kernels(fig: Figure, look: Look, facts: Facts) -> None:
    """Nested windows, and beside them the costs of the stack and of the single kernel."""
    sheet, rows = stage(fig, look), {layers: facts[layers] for layers in ("two", "three")}
    height, widest = (sheet.height - 4.2) / len(rows), int(rows["three"].field)
    cell = min(1.5, (height - 0.6) / widest)
    side = cell * widest
    windows = Box(3.5 if look.wide else 1.0, 0, side, side)
    bars = Box(windows.right + 2.2, 0, sheet.width - windows.right - 3.2, 0)
    sheet.heading(windows.centre[0], 1.9, "one output sees")
    sheet.heading(bars.x, 1.9, "weights", ha="left")
    sheet.text(bars.x, 2.9, "and MACs at each position", small=True, ha="left")
    em = (bars.width - 4.2) / int(rows["three"].single)  # for each C²
    for row, (layers, pair) in enumerate(rows.items()):
        middle = 3.6 + height * (row + 0.5)
        _nested(sheet, (windows.centre[0], middle), pair.fields, cell)
        names = f"{layers} {_SMALL} × {_SMALL}", f"one {pair.field} × {pair.field}"
        ways = zip(names, pair[1:], (look.palette.shared, look.palette.muted), strict=True)
        for top, (name, cost, colour) in zip((middle - 4.2, middle + 0.3), ways, strict=True):
            bar = Box(bars.x, top + 1.6, em * int(cost), 1.5)
            sheet.heading(bar.x, bar.y - 0.5, name, colour=colour, ha="left")
            sheet.axes.add_patch(Rectangle(bar[:2], *bar[2:], color=colour, lw=0))
            sheet.text(bar.right + 0.5, bar.centre[1], f"{cost} C²", bold=True, ha="left")


def _nested(sheet: Stage, centre: Point, fields: Sequence[Quantity], cell: float) -> None:
    """The windows of one, two and more layers in each other, around one output."""
    sizes = [int(size) for size in fields]
    palette, whole, depth = sheet.look.palette, sizes[-1], len(fields) - 1
    far, near = (np.array(to_rgb(colour)) for colour in (palette.faint, palette.shared))
    tints = [to_hex(near + (far - near) * n / depth) for n in range(depth + 1)]
    distances = abs(np.arange(whole) - whole // 2)
    rings = np.maximum.outer(distances, distances)
    middle, box = whole // 2, Box.around(centre, whole * cell, whole * cell)
    labels = [[""] * whole for _ in range(whole)]
    for ring, size in enumerate(sizes[1:], start=1):
        labels[middle - ring][middle - 1 : middle + 2] = [str(size), "×", str(size)]
    sheet.cells(box, [[tints[ring] for ring in row] for row in rings], labels)


# -- depthwise separable

_KERNELS = (3, 5, 7)
_FEWEST, _MOST = 8, 1024  # output channels
_IN = 32  # input channels: the ratio is the same for any


def _ratio(separable: Placed, full: Placed) -> Quantity:
    """Multiply-adds of the separable convolution for each of the full one."""
    return (separable.macs / full.macs).named("relative cost")


def _relative(out_channels: int, kernel_size: int) -> Quantity:
    """The relative cost of a depthwise and a pointwise layer."""
    padding = kernel_size // 2
    separable = Sequential(
        depthwise=Conv2d(_IN, _IN, kernel_size, padding=padding, groups=_IN, bias=False),
        pointwise=Conv2d(_IN, out_channels, 1, bias=False),
    )
    full = Conv2d(_IN, out_channels, kernel_size, padding=padding, bias=False)
    return _ratio(separable.on(_IN, _SIDE, _SIDE), full.on(_IN, _SIDE, _SIDE))


class Course(NamedTuple):
    """A curve: its kernel, its relative cost for the fewest and the most channels, its limit."""

    kernel_size: int
    first: Quantity
    last: Quantity

    @property
    def limit(self) -> Quantity:
        """The cost that it comes near to."""
        return 1 / Quantity(self.kernel_size, symbol="k") ** 2


class Block(NamedTuple):
    """A depthwise separable block: its output channels, and its relative cost."""

    channels: int
    cost: Quantity

    @property
    def fewer(self) -> Quantity:
        """How many times fewer multiply-adds than the full convolution it takes."""
        return 1 / self.cost


@cache
def _separable() -> Facts:
    """The blocks, those of the highest and the lowest cost, and the course of each curve."""
    blocks = list(_mobile_blocks())
    return {
        "courses": [Course(k, *(_relative(n, k) for n in (_FEWEST, _MOST))) for k in _KERNELS],
        "blocks": blocks,
        "block_count": Quantity(len(blocks), name="depthwise separable blocks, counted"),
        "dearest": max(blocks, key=lambda block: block.cost),
        "cheapest": min(blocks, key=lambda block: block.cost),
    }


def _mobile_blocks() -> Iterator[Block]:
    """Those of MobileNetV1, each against the full convolution between the same units."""
    for _, block in networks["mobilenet_v1"].on().parts:
        convolutions = (row.placed.layer for row in block.rows.only("Conv2d"))
        depthwise = next((layer for layer in convolutions if layer.groups > 1), None)
        if depthwise:
            channels = int(block.output_shape[0])
            full = replace(depthwise, out_channels=channels, groups=1).on(*block.input_shape)
            yield Block(channels, _ratio(block, full))


@figure(
    "depthwise-separable-cost",
    title="The cost of depthwise separable convolutions",
    facts=_separable,
    caption="""Multiply-adds of a depthwise and a pointwise convolution, relative to the one full
        convolution that they replace. The more output channels N there are, the nearer they come to
        one in k², the pixels of the window. The {block_count} blocks of MobileNetV1 take
        {dearest.fewer} to {cheapest.fewer} times fewer than full convolutions of
        {courses[0].kernel_size} × {courses[0].kernel_size} would.""",
    alt="""Three falling curves over {_FEWEST} to {_MOST} output channels, which flatten towards
        dashed lines. For {courses[0].kernel_size} × {courses[0].kernel_size} from
        {courses[0].first} to {courses[0].last}, towards {courses[0].limit}. For
        {courses[1].kernel_size} × {courses[1].kernel_size} from {courses[1].first} to
        {courses[1].last}, towards {courses[1].limit}. For {courses[2].kernel_size} ×
        {courses[2].kernel_size} from {courses[2].first} to {courses[2].last}, towards
        {courses[2].limit}. On the first curve lie the blocks of MobileNetV1, from {dearest.fewer}
        times fewer multiply-adds at {dearest.channels} channels to {cheapest.fewer} times fewer at
        {cheapest.channels}.""",
    aspect=0.95,
)
def depthwise_separable_cost(fig: Figure, look: Look, facts: Facts) -> None:
    """Three curves against output channels, their limits, and the blocks of a network."""
    palette, axes = look.palette, fig.add_subplot()
    colours = (palette.shared, palette.sparse, palette.muted)
    for course, colour, stroke in zip(facts["courses"], colours, STROKES, strict=False):
        _draw_course(axes, look, course, colour, stroke)
    _draw_blocks(axes, look, facts["blocks"], palette.shared)
    axes.set_xscale("log", base=2)
    axes.set(xlim=(_FEWEST * 0.93, _MOST * 1.1), ylim=(0, 0.25))
    plain_ticks(axes.xaxis, [2**n for n in range(3, 11)])
    plain_ticks(axes.yaxis, [n / 20 for n in range(6)], percent=True)
    axes.grid(axis="y")
    name_axes(axes, look, "output channels N", "MACs, relative to the full convolution")


def _draw_course(axes: Axes, look: Look, course: Course, colour: str, stroke: Stroke) -> None:
    """A curve, its limit as a thin line, and the name of both at their end."""
    kernel_size, limit = course.kernel_size, course.limit
    channels = np.unique(np.geomspace(_FEWEST, _MOST, 60).round()).astype(int).tolist()
    costs = [float(_relative(count, kernel_size)) for count in channels]
    axes.plot(channels, costs, color=colour, ls=stroke, lw=look.line * 1.6)
    axes.axhline(float(limit), color=colour, ls=(0, (6, 4)), lw=look.line * 0.7)
    words, end = f"{kernel_size} × {kernel_size}: {limit.value}", (1, float(limit))
    how = {"xycoords": axes.get_yaxis_transform(), "va": "center_baseline"}
    shift = (look.sheet.type_size * 0.4, 0)
    note(axes, look, words, end, shift, color=colour, weight="bold", **how)


def _draw_blocks(axes: Axes, look: Look, all_blocks: list[Block], colour: str) -> None:
    """Each block as a point on its curve, numbered with how many times fewer MACs it takes."""
    blocks = sorted(set(all_blocks))
    at, costs = [block.channels for block in blocks], [float(block.cost) for block in blocks]
    draw_marks(axes, look, at, costs, colour, size=5, mec=look.palette.surface)
    em = look.sheet.type_size
    for x, cost, block in zip(at, costs, blocks, strict=True):
        fewer = round_to_digits(block.fewer.value, digits=2)
        note(axes, look, fewer, (x, cost), (0, em * 0.6), ha="center")
    heading, first = "MobileNetV1:\ntimes fewer MACs", (at[0], costs[0])
    note(axes, look, heading, first, (0, em * 1.8), color=colour, weight="bold")
