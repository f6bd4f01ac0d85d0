"""Equivariance, measured: shift then compute, compute then shift, and what lies between the two.

A layer f is equivariant to a shift g if f(g(x)) = g'(f(x)), where g' shifts the output. The
commutator is the difference of the two. With integers it is exact, and so is what is counted:

    >>> image = np.array([[[0, 10, 10, 20]]])
    >>> def slope(x: Array) -> Array:
    ...     return x - shift(x, (0, 1), mode="zeros")
    >>> found = commutator(slope, image, (0, 1))
    >>> found.difference, found.share
    (array([[[ 10, -20,   0,   0]]]), Fraction(1, 2))

`shifts.py` predicts such shares, `breaks.py` tabulates them, `rotation.py` turns images instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, partial

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.exact import Array, integer_type, is_integer, largest, numbers
from mkdocs_cnn.layers.arguments import PaddingMode, Pair, padding_mode
from mkdocs_cnn.layers.axis import input_index
from mkdocs_cnn.layers.shift_formulas import Shift, nearest_shift, output_shift, whole_shift

Function = Callable[[Array], Array]


def shift(x: ArrayLike, by: Shift, *, mode: PaddingMode = "circular") -> Array:
    """The image, moved by whole pixels; its size stays.

    Args:
        x: `(…, height, width)`.
        by: Pixels down and right; negative ones go up and left.
        mode: What comes in at the border that the image leaves, in the words of padding:
            "circular" (what has left on the other side), "zeros", "edge" or "reflect".

    Raises:
        ValueError: If the array has no two axes, or the mode is unknown.
        TypeError: If it does not hold numbers, or the shift is no pair of integers.
    """
    moved, steps = numbers("x", x), whole_shift("by", by)
    if moved.ndim < 2:
        raise ValueError(f"x must be (…, height, width), not {moved.ndim} axes: {moved.shape}")
    for axis, along in zip((-2, -1), steps, strict=True):
        positions = range(-along, moved.shape[axis] - along)
        moved = _read(moved, axis, positions, padding_mode(mode))
    return moved


def _read(array: Array, axis: int, positions: range, mode: PaddingMode) -> Array:
    """The array at these positions of an axis, which may lie outside, where the padding is."""
    sources = [input_index(at, array.shape[axis], mode) for at in positions]
    read = array.take([source or 0 for source in sources], axis)
    read.swapaxes(axis, -1)[..., [source is None for source in sources]] = 0
    return read


# -- both ways round the square


@dataclass(frozen=True, eq=False)
class Break:
    """How far a function is from being equivariant, on one input.

    Raises:
        ValueError: If the two ways end in different shapes, or in no map.
    """

    output: Array  # f(x), (…, height, width)
    moved_first: Array  # f(g(x)), in the shape of the next
    moved_last: Array  # g'(f(x))

    def __post_init__(self) -> None:
        first, last = self.moved_first.shape, self.moved_last.shape
        if first != last or len(first) < 2:
            raise ValueError(
                "both ways must end in the same shape (…, height, width), "
                f"not {first} (moved first) and {last} (moved last)"
            )

    @cached_property
    def difference(self) -> Array:
        """The commutator f(g(x)) − g'(f(x)), exact where they are."""
        first, last = self.moved_first, self.moved_last
        if is_integer(first) and is_integer(last):  # narrow ones would wrap
            wide = integer_type(largest(first) + largest(last))
            first, last = first.astype(wide), last.astype(wide)
        result: Array = first - last
        return result

    @cached_property
    def map(self) -> Array:
        """Where the two differ, in any channel: `(height, width)` of True and False."""
        differs = self.moved_first != self.moved_last
        anywhere: Array = differs.reshape(-1, *differs.shape[-2:]).any(axis=0)
        return anywhere

    @property
    def count(self) -> int:
        """Output positions that differ."""
        return int(self.map.sum())

    @property
    def share(self) -> Fraction:
        """Output positions that differ, as a part of all."""
        return Fraction(self.count, self.map.size)

    @property
    def share_kept(self) -> Fraction:
        """Output positions that agree, as a part of all."""
        return 1 - self.share

    @cached_property
    def norm(self) -> float:
        """The Euclidean norm of the difference, as a part of that of f(x)."""
        broken, whole = _norm(self.difference), _norm(self.output)
        return broken / whole if broken and whole else math.inf if broken else 0.0


def _norm(array: Array) -> float:
    return float(np.linalg.norm(array.astype(float)))


def both_ways(f: Function, x: ArrayLike, first: Function, last: Function) -> Break:
    """Compare two ways round a square: move the input first and then compute f, or move f's output.

    The input `x` is `(…, height, width)`.
    """
    image = numbers("x", x)
    output = f(image)
    return Break(output, f(first(image)), last(output))


def commutator(
    f: Function,
    x: ArrayLike,
    by: Shift,
    *,
    stride: Pair = 1,
    mode: PaddingMode = "circular",
    out_by: Shift | None = None,
) -> Break:
    """What f(shift(x)) and shift(f(x)) have between them.

    Args:
        f: The function of an image that is tested.
        x: `(channels, height, width)`.
        by: The shift of the input.
        stride: Inputs from one output to the next.
        mode: What comes in at the border, as in `shift`; the same for input and output.
        out_by: The shift of the output. Unless given, it is `by / stride`, and must be whole.

    Raises:
        ValueError: If the output would have to move by a fraction of its pixels.
    """
    steps = _whole_steps(by, stride) if out_by is None else out_by
    return both_ways(f, x, partial(shift, by=by, mode=mode), partial(shift, by=steps, mode=mode))


def _whole_steps(by: Shift, stride: Pair) -> Shift:
    down, right = output_shift(by, stride)
    if any(step.value.denominator > 1 for step in (down, right)):
        raise ValueError(
            f"the output would have to move by a fraction, ({down}, {right}) (by={by}, "
            f"stride={stride}); out_by={nearest_shift(by, stride)} would be nearest"
        )
    return int(down), int(right)


def invariance(f: Function, x: ArrayLike, by: Shift, *, mode: PaddingMode = "circular") -> Break:
    """What f(shift(x)) and f(x) have between them: an invariant output stays where it is."""
    return commutator(f, x, by, mode=mode, out_by=(0, 0))
