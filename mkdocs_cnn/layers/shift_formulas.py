"""What a shift of the input does to a layer's output, by formula: pure integers and fractions.

An equivariant layer moves its output along with its input. Padding breaks that at the border, a
stride everywhere. `equivariance.py` measures by how much; here it is predicted.

    >>> share_that_differs(32, 3, (0, 2)).worked
    '(2 · 1 + 2 · 1) / 32 = 0.125'
    >>> share_that_sees_padding(32, 3, depth=4).worked
    '1 − (1 − 2 · 4 / 32)^2 = 0.4375'
    >>> share_of_maxima_kept(2, (0, 1)).value
    Fraction(1, 3)

Shifts are `(down, right)` in pixels; negative numbers go up and left.
"""

from __future__ import annotations

import math
import operator
from fractions import Fraction

from mkdocs_cnn.layers.arguments import PaddingMode, Pair, per_axis, whole, with_symbol
from mkdocs_cnn.layers.arguments import padding_mode as checked_mode
from mkdocs_cnn.quantities.quantity import Operand, Quantity, quantity

Shift = tuple[int, int]


def whole_shift(name: str, by: object) -> Shift:
    """The shift in pixels (down, right), checked; the error calls it by the name.

    Raises:
        TypeError: If it is no pair of integers.
    """
    steps = by if isinstance(by, tuple | list) else ()
    try:
        down, right = map(operator.index, steps)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be two integers (down, right), not {by!r}") from None
    return down, right


# -- strides


def output_shift(by: Shift, stride: Pair) -> tuple[Quantity, Quantity]:
    """How far the output moves when the input does, in outputs: the shift divided by the stride.

        >>> output_shift((5, 3), 2)
        (5/2, 3/2)

    The stride of layers one behind the other is the product of theirs.

    Raises:
        TypeError: If a number is no integer.
        ValueError: If the stride is less than 1.
    """
    down, right = map(quantity, whole_shift("by", by))
    strides = per_axis("stride", stride)
    return down / strides[0], right / strides[1]


def nearest_shift(by: Shift, stride: Pair) -> Shift:
    """The whole shift of the output that comes nearest to `output_shift`; a half goes up or left.

    Arguments and errors are those of `output_shift`.
    """
    down, right = (math.ceil(step.value - Fraction(1, 2)) for step in output_shift(by, stride))
    return down, right


# -- borders


def share_that_sees_padding(
    size: Operand | tuple[Operand, Operand], kernel_size: Operand, *, depth: Operand = 1
) -> Quantity:
    """The share of the outputs that padding has reached after some layers.

    Each layer carries what stands in the padding one half of its kernel further in. The border is
    as wide on all four sides, and what it has not reached is a rectangle in the middle.

    Args:
        size: Pixels along each axis, or height and width; every layer keeps them.
        kernel_size: Taps of every layer along each axis, an odd number; the stride is 1.
        depth: Layers, one behind the other.

    Raises:
        ValueError: If a number is less than 1, or the kernel even.
        TypeError: If a number is no integer.
    """
    height, width = _sizes(size)
    reach = _reach(kernel_size, depth)
    if height == width:
        return 1 - _untouched(height, reach) ** 2
    return 1 - _untouched(height, reach) * _untouched(width, reach)


def share_that_differs(
    size: Operand | tuple[Operand, Operand],
    kernel_size: Operand,
    by: Shift,
    *,
    depth: Operand = 1,
    stride: Operand = 1,
    padding_mode: PaddingMode = "zeros",
) -> Quantity:
    """The share of the outputs at which shifting first and shifting last disagree.

    It is that of linear layers with padding "same" on a ring: what leaves the input on one side
    comes in on the other. The border that sees padding stands at one place if the image is shifted
    first, at another if the output is shifted; an output differs if it lies in either. So no
    formula depends on what stands in the padding, unless it is the ring itself. Where the shift is
    no multiple of the stride, the outputs have no place to move to, and all of them differ.

    It holds for numbers in general position: chance, flat patches, and maxima in the place of sums
    make it fewer. And it holds for axes of three or more: of two pixels the mirror image is the
    ring.

    Args:
        size: Pixels along each axis, or height and width.
        kernel_size: Taps of every layer along each axis, an odd number.
        by: The shift of the input.
        depth: Layers, one behind the other.
        stride: The stride of each of them.
        padding_mode: What stands in the padding.

    Raises:
        ValueError: If a number is less than 1, the kernel even, a size no multiple of the strides
            together, or the padding mode unknown.
        TypeError: If a number is no integer.
    """
    jump = _jump(depth, stride)
    border = _border(kernel_size, depth, stride)
    sizes = [_outputs(axis, jump) for axis in _sizes(size)]
    steps = output_shift(by, jump)
    if any(step.value.denominator > 1 for step in steps):
        return quantity(1, name="all outputs")
    if checked_mode(padding_mode) == "circular":
        return quantity(0, name="no output")
    down, across = (_differing(n, border, int(step)) for n, step in zip(sizes, steps, strict=True))
    return 1 - (1 - down) * (1 - across) if down and across else down + across


def _differing(size: Quantity, border: Quantity, steps: int) -> Quantity:
    """The share of an axis that lies in the border, or in the border moved along the ring."""
    ahead = steps % int(size)
    apart = quantity(min(ahead, int(size) - ahead))
    either = border + min(border, apart)
    return min(either, size) / size if ahead else quantity(0)


def _border(kernel_size: Operand, depth: Operand, stride: Operand) -> Quantity:
    """Outputs along an axis that see padding, on both sides together."""
    if stride == 1:
        return 2 * _reach(kernel_size, depth)
    half, step, before, after = int(_reach(kernel_size, 1)), int(stride), 0, 0
    for _ in range(int(depth)):
        # The first window is centred on the first input; the last, one stride short of the end.
        before = (before + half + step - 1) // step
        after = (after + half) // step
    return quantity(before + after, name="outputs along an axis that see padding", symbol="B")


def _reach(kernel_size: Operand, depth: Operand) -> Quantity:
    taps = with_symbol(whole("kernel_size", kernel_size), "kernel size", "k")
    layers = with_symbol(whole("depth", depth), "layers", "L")
    if taps.value % 2 == 0:
        raise ValueError(f"kernel_size must be odd for a border of equal sides, not {taps}")
    return (layers * (taps // 2)).named("reach of the padding", symbol="r")


def _untouched(size: Quantity, reach: Quantity) -> Quantity:
    """The share of an axis that lies between the borders."""
    return 1 - min(2 * reach / size, quantity(1))


def _sizes(size: Operand | tuple[Operand, Operand]) -> tuple[Quantity, ...]:
    if isinstance(size, tuple):
        return per_axis("size", size)
    return (with_symbol(whole("size", size), "size", "n"),) * 2


def _jump(depth: Operand, stride: Operand) -> int:
    layers, each = whole("depth", depth), whole("stride", stride)
    return int(each**layers)


def _outputs(size: Quantity, jump: int) -> Quantity:
    if int(size) % jump:
        raise ValueError(f"size {size} is no multiple of the strides together, {jump}")
    return size if jump == 1 else quantity(int(size) // jump, symbol=size.symbol, name="outputs")


# -- maxima


def share_of_maxima_kept(kernel_size: Pair, by: Shift) -> Quantity:
    """The chance that the maximum of a window stays what it is when the input is shifted.

    The window reads other pixels then; some it has read before. Both maxima are the same if the
    largest of all these pixels is one that both read. For independent pixels without ties every one
    is as likely to be the largest, so it is the shared ones divided by all.

    Args:
        kernel_size: Height and width of the window, or one number for both.
        by: The shift of the input; the output is not shifted.

    Raises:
        ValueError: If the window has no pixel.
        TypeError: If a number is no integer.
    """
    height, width = per_axis("kernel_size", kernel_size)
    down, right = (abs(steps) for steps in whole_shift("by", by))
    rows, columns = height - min(down, int(height)), width - min(right, int(width))
    shared = (rows * columns).named("pixels that both windows read", symbol="S")
    return shared / (2 * height * width - shared)
