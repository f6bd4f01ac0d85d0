"""Figures of the chapter on receptive fields: what an output can see of the input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import draw_marks, name_axes, note, plain_ticks
from mkdocs_cnn.figures.parts.stage import STROKES, Box, Point, Stage, check_drawable, stage
from mkdocs_cnn.layers import Conv1d, PlacedSequential, Sequential
from mkdocs_cnn.layers.receptive_field import Field, identity
from mkdocs_cnn.quantities.quantity import Quantity

_ENDLESS = 4096
"""Inputs enough for any stack of layers in these figures, where only its windows are asked for."""


def _stack(layers: Sequence[Conv1d], inputs: int = _ENDLESS) -> PlacedSequential:
    return Sequential(*layers).on(1, inputs)


def _fields(placed: PlacedSequential) -> list[Field]:
    """What a unit sees of the input, layer by layer."""
    return [row.receptive_field.fields[0] for row in placed.rows]


# -- one output followed down to the input

_TOP_UNITS = 3  # the one in the middle is followed, the others show that it is one of many
_SPAN = 1.25  # ems from one span below the input to the next
_MOST_TAPS, _MOST_LAYERS = 5, 4


@dataclass(frozen=True)
class Cone:
    """Layers on an input, and all that the middle unit of the last of them sees."""

    placed: PlacedSequential  # on just as many inputs as the units of the last layer need

    @cached_property
    def windows(self) -> list[Field]:
        """What a unit reads of the level below it, layer by layer."""
        return [row.placed.receptive_field.fields[0] for row in self.placed.rows]

    @cached_property
    def levels(self) -> list[Field]:
        """What a unit sees of the input, level by level; the input itself is the first."""
        return [identity("length"), *_fields(self.placed)]

    @cached_property
    def units(self) -> list[int]:
        """Units of each level."""
        rows = self.placed.rows
        return [int(self.placed.inputs), *(int(row.placed.outputs) for row in rows)]

    @cached_property
    def seen(self) -> list[set[int]]:
        """The units of each level that the middle unit of the last one sees."""
        levels = [{self.units[-1] // 2}]
        for window in reversed(self.windows):
            levels.append({below for unit in levels[-1] for below in window.sees(unit)})
        return levels[::-1]

    @cached_property
    def sizes(self) -> list[Quantity]:
        """Inputs that a unit sees, layer by layer."""
        return [level.size for level in self.levels[1:]]

    @property
    def seen_from_top(self) -> list[int]:
        """How many units of each level are seen, from the last level down."""
        return [len(units) for units in reversed(self.seen)]

    @property
    def stride(self) -> Quantity:
        """Of the first layer."""
        return self.windows[0].stride

    @property
    def added(self) -> Quantity:
        """Inputs by which a layer of stride 1 extends what its units see."""
        return self.windows[0].size - 1


def _growth(*, kernel_size: int, depth: int) -> Facts:
    """The same windows twice: with stride 1 everywhere, and with stride 2 in the first layer."""
    check_drawable(_MOST_TAPS, kernel_size=kernel_size)
    check_drawable(_MOST_LAYERS, depth=depth)
    even, strided = (_cone(kernel_size, depth, first=stride) for stride in (1, 2))
    return {"even": even, "strided": strided}


def _cone(kernel_size: int, depth: int, *, first: int) -> Cone:
    strides = [first, *[1] * (depth - 1)]
    layers = [Conv1d(1, 1, kernel_size, stride=stride) for stride in strides]
    inputs = _fields(_stack(layers))[-1].sees(_TOP_UNITS - 1).stop
    return Cone(_stack(layers, inputs))


@figure(
    "receptive-field-growth",
    title="What one output sees, layer by layer",
    facts=_growth,
    caption="""One output followed down to the input, through windows of size {kernel_size}. At
        stride {even.stride} every layer adds {even.added} to what its units see: {even.sizes}
        inputs, layer by layer. Stride {strided.stride} in the first layer doubles what each later
        layer adds: {strided.sizes} inputs.""",
    alt="""Two diagrams of units in rows, the input at the bottom, the last of {depth} layers at the
        top. In each, one unit of the last layer and all that it sees are filled and joined by
        strong lines: from the top down {even.seen_from_top} units at stride {even.stride};
        {strided.seen_from_top} units at stride {strided.stride} in the first layer. Beside each
        layer and on spans below the input stands how many inputs one of its units sees: from the
        bottom up {even.sizes} at stride {even.stride}; {strided.sizes} at stride {strided.stride}
        in the first layer.""",
    aspect=1.3,
)
def receptive_field_growth(
    fig: Figure, look: Look, facts: Facts, *, kernel_size: int = 3, depth: int = 3
) -> None:
    """The cone of one output, twice: with stride 1, and with stride 2 in the first layer."""
    sheet, even, strided = stage(fig, look), facts["even"], facts["strided"]
    beside, below = 5.4, _SPAN * (depth + 1)
    counts = even.units[0], strided.units[0]
    across, down = (sum(counts), 1) if look.wide else (max(counts), 2)
    pitch = (sheet.width - 1.2 - beside * (2 if look.wide else 1)) / across
    height = sheet.height / down - below - 2.9
    x, y = 0.6, 1.6
    for cone, name, colour in (
        (even, "stride 1", look.palette.sparse),
        (strided, "stride 2 in layer 1", look.palette.shared),
    ):
        width = pitch * cone.units[0]
        indent = 0 if look.wide else (pitch * across - width) / 2
        box = Box(x + indent, y + 1, width, height)
        sheet.heading(x, y, name, colour=colour, ha="left")
        _draw_cone(sheet, box, cone, colour)
        _write_sizes(sheet, box, cone, colour, box.right + indent + 0.9)
        x, y = (box.right + beside, y) if look.wide else (x, y + sheet.height / 2)


def _radius(box: Box, cone: Cone) -> float:
    return min(0.36 * box.width / cone.units[0], 0.75)


def _draw_cone(sheet: Stage, box: Box, cone: Cone, colour: str) -> None:
    palette, places = sheet.look.palette, _places(box, cone)
    lines: dict[bool, list[tuple[Point, Point]]] = {False: [], True: []}  # by whether it is seen
    for level, window in enumerate(cone.windows):
        for unit, top in enumerate(places[level + 1]):
            ends = [(top, places[level][below]) for below in window.sees(unit)]
            lines[unit in cone.seen[level + 1]] += ends
    sheet.lines(lines[False], palette.faint, width=0.8)
    sheet.lines(lines[True], colour, width=min(1.6, 2 * box.width / cone.units[0]))
    for units, seen in zip(places, cone.seen, strict=True):
        for filled, edge, fill in ((False, palette.muted, palette.surface), (True, colour, colour)):
            chosen = np.array([at for unit, at in enumerate(units) if (unit in seen) == filled])
            n = len(chosen)
            sheet.units(chosen.reshape(-1, 2), [""] * n, [fill] * n, edge, _radius(box, cone))


def _write_sizes(sheet: Stage, box: Box, cone: Cone, colour: str, x: float) -> None:
    """Name the levels, and mark on the input how much of it a middle unit of each layer sees."""
    pitch, places = box.width / cone.units[0], _places(box, cone)
    sheet.text(x, places[0][0][1], "input", small=True, ha="left")
    for layer, (field, seen) in enumerate(zip(cone.levels, cone.seen, strict=True)):
        if layer:
            y, size = places[layer][0][1], str(field.size)
            sheet.text(x, y - 0.1, f"layer {layer}", small=True, ha="left", va="bottom")
            sheet.text(x, y + 0.05, f"sees {size}", colour=colour, bold=True, ha="left", va="top")
            inputs = field.sees(sorted(seen)[len(seen) // 2])
            left, right = box.x + (inputs.start + 0.1) * pitch, box.x + (inputs.stop - 0.1) * pitch
            _span(sheet, left, right, box.bottom + _SPAN * layer, size, colour)


def _span(sheet: Stage, left: float, right: float, y: float, size: str, colour: str) -> None:
    """A line with stops at both ends and its length written in its middle."""
    middle, gap = (left + right) / 2, 0.35 + 0.35 * len(size)
    lines = [((left, y), (middle - gap, y)), ((middle + gap, y), (right, y))]
    stops = [((x, y - 0.35), (x, y + 0.35)) for x in (left, right)]
    sheet.lines(lines + stops, colour)
    sheet.text(middle, y, size, colour=colour, bold=True, small=True)


def _places(box: Box, cone: Cone) -> list[list[Point]]:
    """The centres of the units, each above the middle of what it sees; the input is at the foot."""
    pitch, radius = box.width / cone.units[0], _radius(box, cone)
    step = (box.height - 2 * radius) / len(cone.windows)
    places = []
    for level, (field, units) in enumerate(zip(cone.levels, cone.units, strict=True)):
        centres = (float(field.centre) + unit * int(field.stride) + 0.5 for unit in range(units))
        y = box.bottom - radius - level * step
        places.append([(box.x + centre * pitch, y) for centre in centres])
    return places


# -- ways to see further

_DEPTH, _TAPS, _STRIDE = 10, 3, 2


class Way(NamedTuple):
    """A way to put layers one behind the other, and what a unit sees, layer by layer."""

    name: str
    sizes: list[Quantity]

    @property
    def reach(self) -> Quantity:
        """What a unit of the last layer sees."""
        return self.sizes[-1]


def _ways() -> Facts:
    """Three ways, and by how much each layer extends what a unit sees in the plainest."""
    layer, wide = Conv1d(1, 1, _TAPS), Conv1d(1, 1, _TAPS, stride=_STRIDE)
    spread = [Conv1d(1, 1, _TAPS, dilation=2**n) for n in range(_DEPTH)]
    doubled = _way("dilation 1, 2, 4, …", spread)
    strided = _way(f"stride 1, {_STRIDE}, 1, …", [layer, wide] * (_DEPTH // 2))
    plain = _way("stride 1", [layer] * _DEPTH)
    added = plain.sizes[1] - plain.sizes[0]
    return {"doubled": doubled, "strided": strided, "plain": plain, "added": added}


def _way(name: str, layers: Sequence[Conv1d]) -> Way:
    return Way(name, [field.size for field in _fields(_stack(layers))])


@figure(
    "receptive-field-by-depth",
    title="Receptive field by depth",
    facts=_ways,
    caption="""What a unit sees of the input behind up to {_DEPTH} layers of {_TAPS} taps each; the
        axis is logarithmic. At stride {1} every layer adds {added}, which makes {plain.reach} in
        the end. Stride {_STRIDE} in every second layer reaches {strided.reach}, a dilation that
        doubles from layer to layer {doubled.reach}, and neither needs more weights.""",
    alt="""Three lines start from {plain.sizes[0]} inputs behind {1} layer and run to {_DEPTH}
        layers, on a logarithmic axis. Dilation that doubles rises straight to {doubled.reach},
        stride {_STRIDE} in every second layer less steeply to {strided.reach}, and stride {1}
        flattens out at {plain.reach}.""",
    aspect=0.9,
)
def receptive_field_by_depth(fig: Figure, look: Look, facts: Facts) -> None:
    """Three lines on a log axis, named and numbered where they end."""
    palette, axes = look.palette, fig.add_subplot()
    depths, ways = range(1, _DEPTH + 1), (facts[way] for way in ("doubled", "strided", "plain"))
    styles = zip("^so", STROKES, [palette.ring, palette.shared, palette.sparse], strict=False)
    for (name, sizes), (marker, stroke, colour) in zip(ways, styles, strict=True):
        heights = [int(size) for size in sizes]
        axes.plot(depths, heights, color=colour, ls=stroke)
        draw_marks(axes, look, depths, heights, colour, marker=marker, clip_on=False)
        words, shift = f"{name}\n{sizes[-1]:,}", (look.line * 2, look.line * 5)
        end = (_DEPTH, heights[-1])
        note(axes, look, words, end, shift, color=colour, weight="bold", ha="right")
    axes.set_yscale("log", base=2)
    plain_ticks(axes.yaxis, [2**n for n in range(1, 12, 2)])
    axes.set(xticks=depths, xlim=(0.7, _DEPTH + 0.2), ylim=(2, 4096))
    axes.grid(axis="y")
    name_axes(axes, look, "layers", "inputs that a unit sees")
