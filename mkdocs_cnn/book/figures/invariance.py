"""Figures of the chapter on equivariance: strides, and what stays where the input moves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.equivariance import Break, Function, commutator, invariance, shift
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.pooling import blur_pool2d, global_avg_pool2d, max_pool2d
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import draw_marks, label, name_axes, to_places
from mkdocs_cnn.figures.parts.stage import STROKES, Box, Stage, stage
from mkdocs_cnn.layers.shift_formulas import nearest_shift, output_shift, share_of_maxima_kept
from mkdocs_cnn.quantities.quantity import Quantity, quantity
from mkdocs_cnn.quantities.rounding import plain

# -- fractions of a stride

_LENGTH, _STRIDE, _HIGH = 16, 2, 8
_BUMP = slice(5, 8)  # three pixels about an even one, which the stride meets
_every_second = partial(cross_correlate2d, weight=[[[[1]]]], stride=(1, _STRIDE))
# An image of one row on a ring: what the blur does from row to row leaves it as it is.
_blurred = partial(blur_pool2d, stride=(1, _STRIDE), padding_mode="circular")


def bump() -> Array:
    """A row of pixels, three of which are high: `(1, 1, 16)` integers."""
    row = np.zeros((1, 1, _LENGTH), int)
    row[..., _BUMP] = _HIGH
    return row


class Shifted(NamedTuple):
    """A shift to the right, by how much it would move the output, and what it does, by either way.

    The bump shifted first is held against the output shifted last: plainly, and blurred.
    """

    right: int
    moved: Quantity
    ways: tuple[Break, ...]

    @property
    def heights(self) -> list[list[int]]:
        """The outputs that are not zero, by either way."""
        outputs = (way.moved_first[way.moved_first > 0] for way in self.ways)
        return [[int(height) for height in heights] for heights in outputs]

    @property
    def norms(self) -> list[Quantity]:
        """Norms of the differences, to two decimals, which a root has to be rounded to."""
        name = "norm of the difference, as a part of that of the output, rounded"
        return [to_places(way.norm, 2, name) for way in self.ways]

    @property
    def sums(self) -> list[Quantity]:
        """Sums of the outputs, by either way."""
        return [_sum(way.moved_first) for way in self.ways]


def _shifted(right: int) -> Shifted:
    by, stride = (0, right), (1, _STRIDE)
    out_by = nearest_shift(by, stride)
    ways = (commutator(way, bump(), by, out_by=out_by) for way in (_every_second, _blurred))
    return Shifted(right, output_shift(by, stride)[1], tuple(ways))


def _sum(outputs: Array) -> Quantity:
    return quantity(int(outputs.sum()), name="sum of the outputs")


@cache
def _fractions() -> Facts:
    """The bump, the stride, the blur's weights, and what three shifts do."""
    still, half, whole = map(_shifted, (0, 1, 2))
    growth = half.sums[0] / _sum(half.ways[0].output)
    width = int(np.count_nonzero(bump()))
    return {"width": width, "growth": growth, "still": still, "half": half, "whole": whole}


@figure(
    "fractions-of-a-stride",
    title="Fractions of a stride",
    facts=_fractions,
    caption="""A bump of {width} pixels, read with stride {_STRIDE}. A shift by {whole.right} pixels
        moves the output by {whole.moved}. A shift by {half.right} would have to move it by
        {half.moved}, which is no whole output: where every second pixel is read, the bump becomes
        {growth} times as large, and differs from the unshifted output by {half.norms[0]} of that
        one's norm. Blurred first (weights {1}, {2}, {1}), its sum stays {half.sums[1]}, and the
        difference is {half.norms[1]}.""",
    alt="""Bars in three columns, input, every second pixel, blurred and every second, and three
        rows. Not shifted: {width} bars of {_HIGH} in the input; every second, {still.heights[0]};
        blurred, {still.heights[1]}. Shifted by {half.right}: every second, {half.heights[0]};
        blurred, {half.heights[1]}; the norms of the difference are {half.norms}. Shifted by
        {whole.right}: the outputs of the first row, moved by {whole.moved}; the norms are
        {whole.norms}.""",
    aspect=0.95,
)
def fractions_of_a_stride(fig: Figure, look: Look, facts: Facts) -> None:
    """Rows of bars: the input and two outputs, for each shift."""
    sheet, palette = stage(fig, look), look.palette
    colours = palette.muted, palette.sparse, palette.shared
    rows: list[Shifted] = [facts[name] for name in ("still", "half", "whole")]
    left, gap, top = 0.8, 1.2, 2.9
    width = (sheet.width - 2 * left - 2 * gap) / 3
    pitch = (sheet.height - top) / len(rows)
    boxes = [Box(left + column * (width + gap), top, width, pitch - 3.8) for column in range(3)]
    names = ["input", "every second", "blurred first"]
    for box, name, colour in zip(boxes, names, colours, strict=True):
        sheet.heading(box.centre[0], 1.5, name, colour=colour)
    for row, shifted in enumerate(rows):
        maps = [shift(bump(), (0, shifted.right)), *(way.moved_first for way in shifted.ways)]
        for box, values, colour in zip(boxes, maps, colours, strict=True):
            _bars(sheet, box._replace(y=top + row * pitch + 0.9), values[0, 0], colour)
    for row, shifted in enumerate(rows):
        _notes(sheet, boxes, boxes[0].bottom + row * pitch + 1.8, shifted)


def _bars(sheet: Stage, box: Box, values: Array, colour: str) -> None:
    """One bar for each value, with numbers above."""
    sheet.bars(box, values / _HIGH, colour)
    step, places = box.width / len(values), np.flatnonzero(values)
    if step < 1:  # the narrow bars of the input are of one height, and have one number together
        places = places[len(places) // 2, None]
    for place in places:
        x, y = box.x + (place + 0.5) * step, box.bottom - values[place] / _HIGH * box.height
        sheet.text(x, y - 0.7, plain(int(values[place])), small=True)


def _notes(sheet: Stage, boxes: Sequence[Box], y: float, shifted: Shifted) -> None:
    """Below a row by how much it is shifted, and how the outputs differ."""
    moved = f"shift {shifted.right} = {shifted.moved.value} output"
    sheet.text(boxes[0].centre[0], y, moved if shifted.right else "not shifted", small=True)
    for box, norm in zip(boxes[1:], shifted.norms, strict=True):
        if shifted.right:
            difference = f"difference {plain(norm.value)}"
            sheet.text(box.centre[0], y, difference, small=True, bold=True)


# -- pooling and invariance

_SIDE = 256
_SEED = 2017
_STEPS = range(7)
_KEPT = "outputs kept, as a part of all, counted"


@cache
def _noise() -> Array:
    """Noise without ties: each number once."""
    rng = np.random.default_rng(_SEED)
    return rng.permutation(_SIDE**2).reshape(1, _SIDE, _SIDE)


class Maxima(NamedTuple):
    """Shares of the maxima of a window that are kept, shift by shift: by formula, and counted."""

    window: int
    expected: list[Quantity]
    counted: list[Quantity]


@cache
def _shares() -> Facts:
    """The shares of the outputs that stay what they are when the input is shifted."""
    large, small = map(_maxima, (4, 2))
    counted = [_kept(global_avg_pool2d, right) for right in _STEPS]
    mean = Maxima(_SIDE, [quantity(1)] * len(_STEPS), counted)
    pool, name = partial(max_pool2d, kernel_size=small.window), f"{_KEPT} and rounded"
    kept = float(invariance(pool, grey_photograph(), (0, 1)).share_kept)
    on_photograph = to_places(kept, 2, name).named(name, symbol="s")
    return {"mean": mean, "large": large, "small": small, "on_photograph": on_photograph}


def _maxima(window: int) -> Maxima:
    pool = partial(max_pool2d, kernel_size=window)
    expected = [share_of_maxima_kept(window, (0, right)) for right in _STEPS]
    return Maxima(window, expected, [_kept(pool, right) for right in _STEPS])


def _kept(pool: Function, right: int) -> Quantity:
    kept = invariance(pool, _noise(), (0, right))
    return quantity(kept.share_kept, name=_KEPT)


@figure(
    "pooling-and-invariance",
    title="Pooling and invariance",
    facts=_shares,
    caption="""How many outputs of a pooling layer stay what they are when the input is shifted;
        lines by formula, markers counted on {_SIDE} × {_SIDE} pixels of noise. Of maxima of
        {small.window} × {small.window} a shift by {_STEPS[1]} pixel leaves {small.expected[1]}, of
        {large.window} × {large.window} {large.expected[1]}; a shift by the window's width leaves
        none. The global average is invariant. In the photograph of the cat, where grey rises and
        falls smoothly, maxima of {small.window} × {small.window} keep {on_photograph} at the first
        step, fewer than in noise.""",
    alt="""Three lines of the share kept against shifts from {0} to {_STEPS[6]} pixels. Global
        average: level at {mean.expected[0]}. Maxima of {large.window} × {large.window}: from
        {large.expected[0]} through {large.expected[1]}, {large.expected[2]} and {large.expected[3]}
        to {large.expected[4]} at a shift of {large.window}. Maxima of {small.window} ×
        {small.window}: from {small.expected[0]} through {small.expected[1]} to {small.expected[2]}
        at a shift of {small.window}. Markers lie on the lines or close to them.""",
    aspect=0.9,
)
def pooling_and_invariance(fig: Figure, look: Look, facts: Facts) -> None:
    """Three lines by formula with markers that are counted, and the one third marked."""
    palette, axes = look.palette, fig.add_subplot()
    colours = (palette.muted, palette.shared, palette.sparse)
    styles = zip(("mean", "large", "small"), colours, "^so", STROKES, strict=False)
    for pool, colour, marker, stroke in styles:
        axes.plot(_STEPS, list(map(float, facts[pool].expected)), color=colour, ls=stroke)
        counted = list(map(float, facts[pool].counted))
        draw_marks(axes, look, _STEPS, counted, colour, marker=marker, clip_on=False)
    axes.set(xticks=_STEPS, xlim=(-0.15, _STEPS[-1] + 0.15), ylim=(0, 1.04))
    axes.set_yticks([0, 1 / 3, 2 / 3, 1], ["0", "1/3", "2/3", "1"])
    axes.grid(axis="y")
    name_axes(axes, look, "shift, pixels", "share of the outputs that stay the same")
    label(axes, look, (1.12, 0.37), "1/3", palette.sparse)
    label(axes, look, (6, 0.94), "global average", palette.muted, "right")
    label(axes, look, (2.4, 0.44), "maxima of 4 × 4", palette.shared)
    label(axes, look, (0.2, 0.12), "maxima\nof 2 × 2", palette.sparse)
