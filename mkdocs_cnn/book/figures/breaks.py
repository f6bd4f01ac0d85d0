"""Figures of the chapter on equivariance: where padding and strides break it, and how far in."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.equivariance import Break, Function, commutator
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.operations import operations, stacked
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.pictures import heat, picture
from mkdocs_cnn.figures.parts.stage import Box, Stage, stage
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.layers.arguments import PaddingMode
from mkdocs_cnn.layers.shift_formulas import (
    nearest_shift,
    share_that_differs,
    share_that_sees_padding,
)
from mkdocs_cnn.quantities.quantity import Quantity, quantity
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.quantities.sentences import Words

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
    return stacked(convolution, depth, stride=stride, padding_mode=padding_mode)


# -- where the two ways differ


class _Case(NamedTuple):
    """One layer and a shift to the right, on a ring."""

    padding_mode: PaddingMode
    stride: int
    right: int

    @property
    def found(self) -> Break:
        """What shifting first and shifting last have between them."""
        return _found(self)

    @property
    def predicted(self) -> Quantity:
        """The share of the outputs that differ, by formula."""
        return share_that_differs(
            _SIZE, _TAPS, (0, self.right), stride=self.stride, padding_mode=self.padding_mode
        )

    @property
    def share(self) -> str:
        """The share as it is counted: columns of all columns."""
        columns = self.found.map.shape[1]
        return f"{plain(self.found.share * columns)}/{columns}"


@cache
def _found(case: _Case) -> Break:
    by = (0, case.right)
    layers = _layers(_kernel(), 1, case.padding_mode, case.stride)
    return commutator(layers, _noise(), by, out_by=nearest_shift(by, case.stride))


_CASES = (
    _Case("circular", 1, 2),
    _Case("zeros", 1, 2),
    _Case("reflect", 1, 2),
    _Case("edge", 1, 2),
    _Case("circular", 2, 2),
    _Case("circular", 2, 1),
)


def _maps_caption() -> Words:
    ring, zeros, *_, even, odd = _CASES
    return Words(
        "Where filtering the shifted noise and shifting the filtered noise differ, and by how "
        "much: {} × {} pixels on a ring, one {} × {} convolution. At stride {} and a shift of {} "
        "pixels to the right, {} columns differ with circular padding; with zeros or with "
        "mirrored or repeated pixels in it, {} of {} differ, which are {} of the outputs. At "
        "stride {} a shift by {} moves the output by one. A shift by {} would have to move it by "
        "half of one, and all {} outputs differ.",
        _SIZE,
        _SIZE,
        _TAPS,
        _TAPS,
        ring.stride,
        ring.right,
        ring.predicted * _SIZE,
        zeros.predicted * _SIZE,
        _SIZE,
        zeros.predicted,
        even.stride,
        even.right,
        odd.right,
        quantity(odd.found.count, name="outputs that differ, counted"),
    )


def _maps_alt() -> Words:
    zeros, even, odd = _CASES[1], *_CASES[-2:]
    columns = sorted(int(column) + 1 for column in np.flatnonzero(zeros.found.map.all(axis=0)))
    return Words(
        "Six maps in two rows. Circular padding at stride {}: empty. Zeros, reflect and edge: "
        "empty but for columns {}, {}, {} and {} of {}, which are filled with differences of all "
        "sizes. At stride {}, {} × {} outputs: empty after a shift by {}, "
        "filled everywhere after a shift by {}.",
        zeros.stride,
        *columns,
        _SIZE,
        even.stride,
        *even.found.map.shape,
        even.right,
        odd.right,
    )


@figure(
    "commutator-maps",
    title="Where shifting first and last differ",
    caption=_maps_caption,
    alt=_maps_alt,
    aspect=1.0,
)
def commutator_maps(fig: Figure, look: Look) -> None:
    """Six maps of differences, each with its case above and its share below, and their scale."""
    sheet = stage(fig, look)
    limit = max(abs(case.found.difference).max() for case in _CASES)
    side = min((sheet.width - 3.4) / 3, (sheet.height - 12.4) / 2)
    gap, pitch = (sheet.width - 3 * side) / 4, side + (5.0 if look.wide else 5.3)
    for place, case in enumerate(_CASES):
        row, column = divmod(place, 3)
        box = Box(gap + column * (side + gap), 3.4 + row * pitch, side, side)
        _map(sheet, box, case, limit)
    _scale(sheet, sheet.height - 1.2)


def _map(sheet: Stage, box: Box, case: _Case, limit: float) -> None:
    palette, size = sheet.look.palette, abs(case.found.difference[0])
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
_SHOWN = (1, 4, 8)
_PADDINGS: tuple[PaddingMode, PaddingMode] = ("circular", "zeros")


@cache
def _reached(depth: int) -> Break:
    """What the padding does to the outputs: with zeros in it, and with the ring in it."""
    # Of ones alone, so that a zero in a sum always makes it smaller.
    image, weight = np.ones((1, _SIZE, _SIZE), int), np.ones_like(_kernel())
    ring, zeros = (_layers(weight, depth, mode)(image) for mode in _PADDINGS)
    return Break(ring, zeros, ring)


def _predicted(depth: int) -> Quantity:
    return share_that_sees_padding(_SIZE, _TAPS, depth=depth)


def _reach_caption() -> Words:
    return Words(
        "The border grows with depth. Behind L layers of {} × {} on {} × {} pixels, what stands in "
        "the padding has changed a frame L pixels wide. Line: by formula. Circles: counted, "
        "by comparing zeros with circular padding. {} layers: {} of the "
        "outputs; {} layers: {}; {} layers: {}, and no output is free of the border.",
        _TAPS,
        _TAPS,
        _SIZE,
        _SIZE,
        *(number for depth in (4, 8, 16) for number in (depth, _predicted(depth))),
    )


def _reach_alt() -> Words:
    first, *_, last = _DEPTHS
    return Words(
        "Above, {} squares with a dark frame that is {}, {} and {} pixels wide: {}, {} and {} of "
        "the square. Below, a curve of the share against the layers rises from {} at {} layer, "
        "steeply and then less so, to {} at {} layers; on it lie {} circles, one for each depth.",
        len(_SHOWN),
        *_SHOWN,
        *map(_predicted, _SHOWN),
        _predicted(first),
        first,
        _predicted(last),
        last,
        len(_DEPTHS),
    )


@figure(
    "border-reach",
    title="How far the border reaches",
    caption=_reach_caption,
    alt=_reach_alt,
    aspect=1.1,
)
def border_reach(fig: Figure, look: Look) -> None:
    """Three frames, and the share by depth: above and below, or side by side."""
    if look.wide:
        grid = fig.add_gridspec(3, 2, width_ratios=(1, 2.9))
        frames, rest = [grid[row, 0] for row in range(3)], grid[:, 1]
    else:
        grid = fig.add_gridspec(2, 3, height_ratios=(1, 1.9))
        frames, rest = [grid[0, column] for column in range(3)], grid[1, :]
    for depth, place in zip(_SHOWN, frames, strict=True):
        _frame(fig.add_subplot(place), look, depth)
    _curve(fig.add_subplot(rest), look)


def _frame(axes: Axes, look: Look, depth: int) -> None:
    """The outputs that see padding, dark, among those that do not."""
    palette = look.palette
    colours = ListedColormap([palette.faint, palette.sparse])
    axes.imshow(_reached(depth).map, cmap=colours, vmin=0, vmax=1, interpolation="none")
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)
    name = "1 layer" if depth == 1 else f"{depth} layers"
    share = plain(_predicted(depth).value)
    if look.wide:
        axes.set_ylabel(name, fontsize=look.small)
        axes.text(1.06, 0.5, share, transform=axes.transAxes, weight="bold", va="center")
    else:
        axes.set_title(name, fontsize=look.small)
        axes.set_xlabel(share, fontweight="bold")


def _curve(axes: Axes, look: Look) -> None:
    """The share by formula as a line, as it is counted as circles on it."""
    palette = look.palette
    axes.plot(_DEPTHS, [float(_predicted(depth)) for depth in _DEPTHS], color=palette.sparse)
    axes.plot(
        _DEPTHS,
        [float(_reached(depth).share) for depth in _DEPTHS],
        "o",
        color=palette.shared,
        mfc="none",
        mew=look.line * 1.1,
        ms=look.line * 5.5,
        clip_on=False,
    )
    axes.set(xticks=[1, 2, 4, 8, 16], xlim=(0.5, _DEPTHS[-1] + 0.3), ylim=(0, 1.02))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "1/4", "1/2", "3/4", "1"])
    axes.grid(axis="y")
    axes.set_xlabel("layers L", fontsize=look.small)
    says = "share of the outputs that see padding"
    axes.set_title(says, fontsize=look.small, loc="left", color=palette.muted)
    for x, y, name, colour in (
        (8.6, 0.56, f"line: 1 − (1 − 2L/{_SIZE})²", palette.sparse),
        (8.6, 0.42, "circles: counted", palette.shared),
    ):
        axes.text(x, y, name, color=colour, weight="bold", size=look.small, va="center")
