"""Figures of the chapter on equivariance: strides, and what stays where the input moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.equivariance import Break, Function, commutator, invariance, shift
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.pooling import blur_pool2d, global_avg_pool2d, max_pool2d
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.stage import STROKES, Box, Stage, Stroke, stage
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.layers.shift_formulas import nearest_shift, output_shift, share_of_maxima_kept
from mkdocs_cnn.quantities.quantity import Quantity, quantity
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.quantities.sentences import Words

# -- fractions of a stride

_LENGTH, _STRIDE, _HIGH = 16, 2, 8
_BUMP = slice(5, 8)  # three pixels about an even one, which the stride meets
_SHIFTS = (0, 1, 2)
_every_second = partial(cross_correlate2d, weight=[[[[1]]]], stride=(1, _STRIDE))
# An image of one row on a ring: what the blur does from row to row leaves it as it is.
_blurred = partial(blur_pool2d, stride=(1, _STRIDE), padding_mode="circular")
_WAYS: tuple[tuple[str, Function], ...] = (("every second", _every_second), ("blurred", _blurred))


def bump() -> Array:
    """A row of pixels, three of which are high: `(1, 1, 16)` integers."""
    row = np.zeros((1, 1, _LENGTH), int)
    row[..., _BUMP] = _HIGH
    return row


@cache
def _strided(right: int) -> tuple[Break, ...]:
    """The bump shifted first against the output shifted last, by either way."""
    by, stride = (0, right), (1, _STRIDE)
    out_by = nearest_shift(by, stride)
    return tuple(commutator(way, bump(), by, out_by=out_by) for _, way in _WAYS)


def _norm(found: Break) -> Quantity:
    """The norm of the difference, to two decimals, which a root has to be rounded to."""
    name = "norm of the difference, as a part of that of the output, rounded"
    return Quantity(Fraction(f"{found.norm:.2f}"), name=name)


def _sums(found: Break) -> list[Quantity]:
    """The sum of the outputs before the shift and after."""
    return [
        quantity(int(row.sum()), name="sum of the outputs")
        for row in (found.output, found.moved_first)
    ]


def _moved(right: int) -> Quantity:
    return output_shift((0, right), (1, _STRIDE))[1]


def _strides_caption() -> Words:
    plainly, blurred = _strided(1)
    return Words(
        "A bump of {} pixels, read with stride {}. A shift by {} pixels moves the output by {}. A "
        "shift by {} would have to move it by {}, which is no whole output: where every second "
        "pixel is read, the bump becomes {} times as large, and differs from the unshifted output "
        "by {} of that one's norm. Blurred first (weights {}, {}, {}), its sum stays {}, and the "
        "difference is {}.",
        int(np.count_nonzero(bump())),
        _STRIDE,
        2,
        _moved(2),
        1,
        _moved(1),
        _sums(plainly)[1] / _sums(plainly)[0],
        _norm(plainly),
        *(1, 2, 1),
        _sums(blurred)[1],
        _norm(blurred),
    )


def _strides_alt() -> Words:
    return Words(
        "Bars in three columns, input, every second pixel, blurred and every second, and three "
        "rows. Not shifted: {} bars of {} in the input; every second, {}; blurred, {}, {} and {}. "
        "Shifted by {}: every second, {} and {}; blurred, {} and {}; the norms of the difference "
        "are {} and {}. Shifted by {}: the outputs of the first row, moved by {}; the norms are {} "
        "and {}.",
        int(np.count_nonzero(bump())),
        _HIGH,
        *(
            int(value)
            for found in _strided(0)
            for value in found.moved_first[found.moved_first > 0]
        ),
        1,
        *(
            int(value)
            for found in _strided(1)
            for value in found.moved_first[found.moved_first > 0]
        ),
        *map(_norm, _strided(1)),
        2,
        _moved(2),
        *map(_norm, _strided(2)),
    )


@figure(
    "fractions-of-a-stride",
    title="Fractions of a stride",
    caption=_strides_caption,
    alt=_strides_alt,
    aspect=0.95,
)
def fractions_of_a_stride(fig: Figure, look: Look) -> None:
    """Rows of bars: the input and two outputs, for each shift."""
    sheet, colours = (
        stage(fig, look),
        (look.palette.muted, look.palette.sparse, look.palette.shared),
    )
    left, gap, top = 0.8, 1.2, 2.9
    width = (sheet.width - 2 * left - 2 * gap) / 3
    pitch = (sheet.height - top) / len(_SHIFTS)
    boxes = [Box(left + column * (width + gap), top, width, pitch - 3.8) for column in range(3)]
    names = ["input", "every second", "blurred first"]
    for box, name, colour in zip(boxes, names, colours, strict=True):
        sheet.heading(box.centre[0], 1.5, name, colour=colour)
    for row, right in enumerate(_SHIFTS):
        maps = [shift(bump(), (0, right)), *(found.moved_first for found in _strided(right))]
        for box, values, colour in zip(boxes, maps, colours, strict=True):
            _bars(sheet, box._replace(y=top + row * pitch + 0.9), values[0, 0], colour)
    _notes(sheet, boxes, pitch)


def _bars(sheet: Stage, box: Box, values: Array, colour: str) -> None:
    """One bar for each value, with numbers above."""
    sheet.bars(box, values / _HIGH, colour)
    step, places = box.width / len(values), np.flatnonzero(values)
    if step < 1:  # the narrow bars of the input are of one height, and have one number together
        places = places[len(places) // 2, None]
    for place in places:
        x, y = box.x + (place + 0.5) * step, box.bottom - values[place] / _HIGH * box.height
        sheet.text(x, y - 0.7, plain(int(values[place])), small=True)


def _notes(sheet: Stage, boxes: Sequence[Box], pitch: float) -> None:
    """Below each row by how much it is shifted, and how the outputs differ."""
    for row, right in enumerate(_SHIFTS):
        y = boxes[0].bottom + row * pitch + 1.8
        said = f"shift {right} = {_moved(right).value} output" if right else "not shifted"
        sheet.text(boxes[0].centre[0], y, said, small=True)
        for box, found in zip(boxes[1:], _strided(right), strict=True):
            if right:
                norm = f"difference {plain(_norm(found).value)}"
                sheet.text(box.centre[0], y, norm, small=True, bold=True)


# -- pooling and invariance

_SIDE = 256
_SEED = 2017
_STEPS = range(7)
_WINDOWS = (4, 2)


@cache
def _noise() -> Array:
    """Noise without ties: each number once."""
    rng = np.random.default_rng(_SEED)
    return rng.permutation(_SIDE**2).reshape(1, _SIDE, _SIDE)


@cache
def _kept(pooling: Callable[..., Array], right: int, window: int = 0) -> Quantity:
    """The share of the outputs on noise that stay what they are when the input is shifted."""
    pool = partial(pooling, kernel_size=window) if window else pooling
    found = invariance(pool, _noise(), (0, right))
    return quantity(found.share_kept, name="outputs kept, as a part of all, counted")


def _on_photograph(window: int) -> Quantity:
    pool = partial(max_pool2d, kernel_size=window)
    found = invariance(pool, grey_photograph(), (0, 1))
    hundredths = Quantity(Fraction(f"{float(found.share_kept):.2f}"))
    return hundredths.named("outputs kept, as a part of all, counted and rounded", symbol="s")


def _kept_caption() -> Words:
    large, small = _WINDOWS
    return Words(
        "How many outputs of a pooling layer stay what they are when the input is shifted; lines "
        "by formula, markers counted on {} × {} pixels of noise. Of maxima of {} × {} a shift by "
        "{} pixel leaves {}, of {} × {} {}; a shift by the window's width leaves none. The global "
        "average is invariant. In the photograph of the cat, where grey rises and falls smoothly, "
        "maxima of {} × {} keep {} at the first step, fewer than in noise.",
        _SIDE,
        _SIDE,
        small,
        small,
        1,
        share_of_maxima_kept(small, (0, 1)),
        large,
        large,
        share_of_maxima_kept(large, (0, 1)),
        small,
        small,
        _on_photograph(small),
    )


def _kept_alt() -> Words:
    large, small = _WINDOWS
    return Words(
        "Three lines of the share kept against shifts from {} to {} pixels. Global average: level "
        "at {}. Maxima of {} × {}: from {} through {}, {} and {} to {} at a shift of {}. Maxima of "
        "{} × {}: from {} through {} to {} at a shift of {}. Markers lie on the lines or close to "
        "them.",
        _STEPS[0],
        _STEPS[-1],
        1,
        large,
        large,
        *(share_of_maxima_kept(large, (0, right)) for right in range(large + 1)),
        large,
        small,
        small,
        *(share_of_maxima_kept(small, (0, right)) for right in range(small + 1)),
        small,
    )


@figure(
    "pooling-and-invariance",
    title="Pooling and invariance",
    caption=_kept_caption,
    alt=_kept_alt,
    aspect=0.9,
)
def pooling_and_invariance(fig: Figure, look: Look) -> None:
    """Three lines by formula with markers that are counted, and the one third marked."""
    palette, axes = look.palette, fig.add_subplot()
    mean = [_kept(global_avg_pool2d, right) for right in _STEPS]
    _line(axes, look, [quantity(1)] * len(_STEPS), mean, palette.muted, "^", STROKES[0])
    styles = zip("so", STROKES[1:3], (palette.shared, palette.sparse), strict=True)
    for window, (marker, stroke, colour) in zip(_WINDOWS, styles, strict=True):
        expected = [share_of_maxima_kept(window, (0, right)) for right in _STEPS]
        counted = [_kept(max_pool2d, right, window) for right in _STEPS]
        _line(axes, look, expected, counted, colour, marker, stroke)
    axes.set(xticks=_STEPS, xlim=(-0.15, _STEPS[-1] + 0.15), ylim=(0, 1.04))
    axes.set_yticks([0, 1 / 3, 2 / 3, 1], ["0", "1/3", "2/3", "1"])
    axes.grid(axis="y")
    axes.set_xlabel("shift, pixels", fontsize=look.small)
    says = "share of the outputs that stay the same"
    axes.set_title(says, fontsize=look.small, loc="left", color=palette.muted)
    for x, y, name, colour in (
        (1.12, 0.37, "1/3", palette.sparse),
        (6, 0.94, "global average", palette.muted),
        (2.4, 0.44, "maxima of 4 × 4", palette.shared),
        (0.2, 0.12, "maxima\nof 2 × 2", palette.sparse),
    ):
        right = "right" if x == _STEPS[-1] else "left"
        axes.text(x, y, name, color=colour, weight="bold", size=look.small, ha=right, va="center")


def _line(
    axes: Axes,
    look: Look,
    expected: Sequence[Quantity],
    counted: Sequence[Quantity],
    colour: str,
    marker: str,
    stroke: Stroke,
) -> None:
    axes.plot(_STEPS, [float(share) for share in expected], color=colour, ls=stroke)
    axes.plot(
        _STEPS,
        [float(share) for share in counted],
        marker,
        color=colour,
        ms=look.line * 4,
        clip_on=False,
    )
