"""Figures of the chapter on efficiency: small kernels stacked, and depthwise separable ones."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import chain
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.stage import STROKES, Box, Stage, Stroke, stage
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.layers import Conv2d, Placed, Sequential
from mkdocs_cnn.layers.layer import Row
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import rounded
from mkdocs_cnn.quantities.sentences import Words

# -- small kernels, stacked

_SMALL = 3
_DEPTHS = (2, 3)
_CHANNELS, _SIDE = 64, 56  # any others give the same multiples of C²
_COUNTS = {1: "one", 2: "two", 3: "three"}


def _same(kernel_size: int, depth: int = 1) -> Placed:
    """So many layers of this kernel, which keep channels and positions."""
    layer = Conv2d(_CHANNELS, _CHANNELS, kernel_size, padding=kernel_size // 2, bias=False)
    return Sequential(*[layer] * depth).on(_CHANNELS, _SIDE, _SIDE)


def _fields(depth: int) -> list[Quantity]:
    """What an output sees along a side, through no layer, one layer, and so on."""
    return [Quantity(1), *(_same(_SMALL, n).receptive_field.size for n in range(1, depth + 1))]


def _per_square(placed: Placed) -> Quantity:
    """Its weights as a multiple of C²; as many are its MACs for each position."""
    return placed.weights / Quantity(_CHANNELS, symbol="C") ** 2


class _Rivals(NamedTuple):
    """A stack of small kernels and the one kernel that sees as much."""

    depth: int
    field: Quantity
    stacked: Quantity
    single: Quantity


@cache
def _rivals() -> list[_Rivals]:
    """The pairs that are compared; both costs are multiples of C²."""
    found = []
    for depth in _DEPTHS:
        field = _fields(depth)[-1]
        costs = _per_square(_same(_SMALL, depth)), _per_square(_same(int(field)))
        found.append(_Rivals(depth, field, *costs))
    return found


def _stacked_caption() -> Words:
    return Words(
        "One output sees as much through two layers of {} × {} as through one of {} × {}, and as "
        "much through three as through one of {} × {}. With C channels in and out the stacks have "
        "{} C² weights instead of {} C², and {} C² instead of {} C². At each position there "
        "are as many multiply-adds as weights.",
        *(_SMALL, _SMALL),
        *chain.from_iterable((pair.field, pair.field) for pair in _rivals()),
        *chain.from_iterable((pair.stacked, pair.single) for pair in _rivals()),
    )


def _stacked_alt() -> Words:
    two, three = _rivals()
    return Words(
        "Two rows. In the first, squares lie in each other: one output, the {} × {} inputs that "
        "it sees through one layer, and the {} × {} that it sees through two. Beside them a bar "
        "for two layers of {} × {}, {} C² long, and a longer one for one layer of {} × {}, "
        "{} C². In the second row the squares go on to {} × {}, and the bars are {} C² for "
        "three layers of {} × {} and {} C² for one of {} × {}.",
        *(_SMALL, _SMALL, two.field, two.field),
        *(_SMALL, _SMALL, two.stacked, two.field, two.field, two.single),
        *(three.field, three.field),
        *(three.stacked, _SMALL, _SMALL, three.single, three.field, three.field),
    )


@figure(
    "stacked-kernels",
    title="Small kernels, stacked",
    caption=_stacked_caption,
    alt=_stacked_alt,
    aspect=0.84,
)
def stacked_kernels(fig: Figure, look: Look) -> None:
    """Nested windows, and beside them the costs of the stack and of the single kernel."""
    sheet = stage(fig, look)
    height = (sheet.height - 4.2) / len(_DEPTHS)
    cell = min(1.5, (height - 0.6) / int(_rivals()[-1].field))
    side = cell * int(_rivals()[-1].field)
    windows = Box(3.5 if look.wide else 1.0, 0, side, side)
    bars = Box(windows.right + 2.2, 0, sheet.width - windows.right - 3.2, 0)
    sheet.heading(windows.centre[0], 1.9, "one output sees")
    sheet.heading(bars.x, 1.9, "weights", ha="left")
    sheet.text(bars.x, 2.9, "and MACs at each position", small=True, ha="left")
    for row, pair in enumerate(_rivals()):
        middle = 3.6 + height * (row + 0.5)
        _nested(sheet, (windows.centre[0], middle), pair.depth, cell)
        _costs(sheet, bars, middle, pair)


def _nested(sheet: Stage, centre: tuple[float, float], depth: int, cell: float) -> None:
    """The windows of one, two and more layers in each other, around one output."""
    sizes = [int(size) for size in _fields(depth)]
    palette, whole = sheet.look.palette, sizes[-1]
    far, near = (np.array(to_rgb(colour)) for colour in (palette.faint, palette.shared))
    tints = [to_hex(near + (far - near) * n / depth) for n in range(depth + 1)]
    distances = abs(np.arange(whole) - whole // 2)
    rings = np.maximum.outer(distances, distances)
    box = Box(
        centre[0] - whole * cell / 2, centre[1] - whole * cell / 2, whole * cell, whole * cell
    )
    labels = [[""] * whole for _ in range(whole)]
    for ring, size in enumerate(sizes[1:], start=1):
        middle = whole // 2
        labels[middle - ring][middle - 1 : middle + 2] = [str(size), "×", str(size)]
    sheet.cells(box, [[tints[ring] for ring in row] for row in rings], labels)


def _costs(sheet: Stage, bars: Box, middle: float, pair: _Rivals) -> None:
    """Two bars, the stack's above: the name over each, the cost at its end."""
    palette, longest = sheet.look.palette, int(_rivals()[-1].single)
    room = bars.width - 4.2
    small, field = f"{_SMALL} × {_SMALL}", f"{pair.field} × {pair.field}"
    for name, cost, colour, top in (
        (f"{_COUNTS[pair.depth]} {small}", pair.stacked, palette.shared, middle - 4.2),
        (f"one {field}", pair.single, palette.muted, middle + 0.3),
    ):
        bar = Box(bars.x, top + 1.6, room * int(cost) / longest, 1.5)
        sheet.heading(bars.x, top + 1.1, name, colour=colour, ha="left")
        sheet.axes.add_patch(Rectangle((bar.x, bar.y), bar.width, bar.height, color=colour, lw=0))
        sheet.text(bar.right + 0.5, bar.centre[1], f"{cost} C²", bold=True, ha="left")


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


def _limit(kernel_size: int) -> Quantity:
    """What the relative cost comes near to as output channels grow."""
    return 1 / Quantity(kernel_size, symbol="k") ** 2


def _course(kernel_size: int) -> tuple[Quantity, ...]:
    """A curve in words: its kernel, where it begins and ends, and its limit."""
    k = Quantity(kernel_size)
    first, last = (_relative(channels, kernel_size) for channels in (_FEWEST, _MOST))
    return k, k, first, last, _limit(kernel_size)


class _Block(NamedTuple):
    """A depthwise separable block: its output channels, and its relative cost."""

    channels: int
    cost: Quantity


def _is_grouped(row: Row) -> bool:
    return bool(row.placed.layer.groups > 1)


@cache
def _blocks() -> list[_Block]:
    """Those of MobileNetV1, each against the full convolution between the same units."""
    found = []
    for _, block in networks["mobilenet_v1"].on().parts:
        depthwise = [row.placed.layer for row in block.rows.only("Conv2d") if _is_grouped(row)]
        if depthwise:
            channels = int(block.output_shape[0])
            full = replace(depthwise[0], out_channels=channels, groups=1).on(*block.input_shape)
            found.append(_Block(channels, _ratio(block, full)))
    return found


def _separable_caption() -> Words:
    blocks = _blocks()
    return Words(
        "Multiply-adds of a depthwise and a pointwise convolution, relative to the one full "
        "convolution that they replace. The more output channels N there are, the nearer they come "
        "to one in k², the pixels of the window. The {} blocks of MobileNetV1 take {} to {} times "
        "fewer than full convolutions of {} × {} would.",
        Quantity(len(blocks), name="depthwise separable blocks, counted"),
        1 / max(block.cost for block in blocks),
        1 / min(block.cost for block in blocks),
        _KERNELS[0],
        _KERNELS[0],
    )


def _separable_alt() -> Words:
    blocks = _blocks()
    few, many = max(blocks, key=lambda one: one.cost), min(blocks, key=lambda one: one.cost)
    return Words(
        "Three falling curves over {} to {} output channels, which flatten towards dashed lines. "
        + " ".join("For {} × {} from {} to {}, towards {}." for _ in _KERNELS)
        + " On the first curve lie the blocks of MobileNetV1, from {} times fewer multiply-adds "
        "at {} channels to {} times fewer at {}.",
        _FEWEST,
        _MOST,
        *chain.from_iterable(map(_course, _KERNELS)),
        *(1 / few.cost, few.channels, 1 / many.cost, many.channels),
    )


@figure(
    "depthwise-separable-cost",
    title="The cost of depthwise separable convolutions",
    caption=_separable_caption,
    alt=_separable_alt,
    aspect=0.95,
)
def depthwise_separable_cost(fig: Figure, look: Look) -> None:
    """Three curves against output channels, their limits, and the blocks of a network."""
    palette, axes = look.palette, fig.add_subplot()
    colours = (palette.shared, palette.sparse, palette.muted)
    for kernel_size, colour, stroke in zip(_KERNELS, colours, STROKES, strict=False):
        _draw_relative(axes, look, kernel_size, colour, stroke)
    _draw_blocks(axes, look, palette.shared)
    axes.set_xscale("log", base=2)
    axes.set(xlim=(_FEWEST * 0.93, _MOST * 1.1), ylim=(0, 0.25))
    axes.set_xticks([2**n for n in range(3, 11)], [f"{2**n:,}" for n in range(3, 11)])
    axes.set_yticks([n / 20 for n in range(6)], [f"{5 * n}%" for n in range(6)])
    axes.grid(axis="y")
    axes.set_xlabel("output channels N", fontsize=look.small)
    says = "MACs, relative to the full convolution"
    axes.set_title(says, fontsize=look.small, loc="left", color=palette.muted)


def _draw_relative(axes: Axes, look: Look, kernel_size: int, colour: str, stroke: Stroke) -> None:
    """A curve, its limit as a thin line, and the name of both at their end."""
    channels = np.unique(np.geomspace(_FEWEST, _MOST, 60).round()).astype(int).tolist()
    costs = [float(_relative(count, kernel_size)) for count in channels]
    limit = _limit(kernel_size)
    axes.plot(channels, costs, color=colour, ls=stroke, lw=look.line * 1.6)
    axes.axhline(float(limit), color=colour, ls=(0, (6, 4)), lw=look.line * 0.7)
    axes.annotate(
        f"{kernel_size} × {kernel_size}: {limit.value}",
        (1, float(limit)),
        (look.sheet.type_size * 0.4, 0),
        xycoords=axes.get_yaxis_transform(),
        textcoords="offset points",
        color=colour,
        weight="bold",
        size=look.small,
        va="center_baseline",
    )


def _draw_blocks(axes: Axes, look: Look, colour: str) -> None:
    """Each block as a point on its curve, numbered with how many times fewer MACs it takes."""
    blocks = sorted(set(_blocks()))
    at, costs = [block.channels for block in blocks], [float(block.cost) for block in blocks]
    axes.plot(at, costs, "o", color=colour, ms=look.line * 5, mec=look.palette.surface)
    for x, cost, block in zip(at, costs, blocks, strict=True):
        says = rounded((1 / block.cost).value, digits=2)
        shift = 0, look.sheet.type_size * 0.6
        axes.annotate(
            says, (x, cost), shift, textcoords="offset points", size=look.small, ha="center"
        )
    axes.annotate(
        "MobileNetV1:\ntimes fewer MACs",
        (at[0], costs[0]),
        (0, look.sheet.type_size * 1.8),
        textcoords="offset points",
        size=look.small,
        weight="bold",
        color=colour,
    )
