"""What may be typed where a layer takes a number, a pair or a padding: checked, and named."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import Any, Literal, get_args

from mkdocs_cnn.quantities.quantity import Operand, Quantity, quantity

PaddingMode = Literal["zeros", "circular", "reflect", "edge"]
Pair = int | Quantity | tuple[int | Quantity, ...]
Padding = Pair | tuple[tuple[int, int], ...] | Literal["same", "valid"]


def whole(name: str, number: Any, *, at_least: int) -> Quantity:
    """The number as a whole `Quantity`; errors call it by the name.

    Raises:
        TypeError: If it is not an integer; booleans and floats are not.
        ValueError: If it is smaller than allowed.
    """
    try:
        index = operator.index(number)
    except TypeError:
        index = None
    if index is None or isinstance(number, bool):
        raise TypeError(f"{name} must be an integer, not {type(number).__name__} {number!r}")
    result = number if isinstance(number, Quantity) else quantity(index)
    if result < at_least:
        raise ValueError(f"{name} must be at least {at_least}, not {result}")
    return result


def padding_mode(mode: str) -> PaddingMode:
    """The padding mode, checked.

    Raises:
        ValueError: If it is none of "zeros", "circular", "reflect" and "edge".
    """
    for known in get_args(PaddingMode):
        if isinstance(mode, str) and mode == known:
            return known  # type: ignore[no-any-return]  # get_args forgets the literals
    raise ValueError(
        f"padding_mode must be one of {', '.join(get_args(PaddingMode))}, not {mode!r}"
    )


def symbolised(number: Quantity, name: str, symbol: str) -> Quantity:
    """The number under its usual name, unless it is a step with a working of its own.

    Either way it is a pure number: what is counted along an axis is no concern of a layer's.
    """
    if not number.op:
        return quantity(number.value, symbol=symbol, name=name)
    return replace(number, unit="") if number.unit else number


def flag(name: str, argument: object) -> None:
    """Check a yes or no.

    Raises:
        TypeError: If it is not a boolean; 0 and 1 are not.
    """
    if not isinstance(argument, bool):
        raise TypeError(f"{name} must be True or False, not {type(argument).__name__} {argument!r}")


IMAGE_AXES = ("height", "width")


def per_axis(
    name: str,
    argument: object,
    *,
    at_least: int,
    symbol: str = "",
    axes: tuple[str, ...] = IMAGE_AXES,
) -> tuple[Quantity, ...]:
    """One number for all axes, or one per axis, as (height, width).

    Errors call it by the name, and formulas by the symbol with the axis for a subscript.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is smaller than allowed, or there are too few or too many.
    """
    values = argument if isinstance(argument, tuple | list) else (argument,) * len(axes)
    if len(values) != len(axes):
        raise ValueError(
            f"{name} takes one number or one per axis ({', '.join(axes)}), not {argument!r}"
        )
    return tuple(
        symbolised(
            whole(f"{name} along the {axis}", value, at_least=at_least),
            f"{name.removesuffix('_size')} {axis}",
            f"{symbol}_{axis[0]}",
        )
        for axis, value in zip(axes, values, strict=True)
    )


def hashable(argument: Any) -> Any:
    """What was typed with lists in it, with tuples in their place."""
    return tuple(map(hashable, argument)) if isinstance(argument, list | tuple) else argument


def sides(
    padding: Any,
    *,
    kernel_size: Pair,
    stride: Pair,
    dilation: Pair,
    axes: tuple[str, ...] = IMAGE_AXES,
) -> tuple[tuple[Quantity, Quantity], ...]:
    """The padding per axis as (before, after).

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is negative, there are too few or too many, the word is neither "same"
            nor "valid", or "same" meets a stride.
    """
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            raise ValueError(
                "padding must be a number, one per axis or side, 'same' or 'valid', "
                f"not {padding!r}"
            )
        padding = 0 if padding == "valid" else _same_sides(kernel_size, stride, dilation, axes)
    argument = padding if isinstance(padding, tuple | list) else (padding,) * len(axes)
    if len(argument) != len(axes):
        raise ValueError(f"padding takes one number, one per axis or one per side, not {padding!r}")
    return tuple(_before_and_after(axis, both) for axis, both in zip(axes, argument, strict=True))


def _same_sides(kernel_size: Pair, stride: Pair, dilation: Pair, axes: tuple[str, ...]) -> Any:
    return tuple(
        same_padding(dilation * (kernel - 1) + 1, stride)
        for kernel, stride, dilation in zip(
            per_axis("kernel_size", kernel_size, at_least=1, axes=axes),
            per_axis("stride", stride, at_least=1, axes=axes),
            per_axis("dilation", dilation, at_least=1, axes=axes),
            strict=True,
        )
    )


_SIDES = {"height": ("top", "bottom"), "width": ("left", "right"), "length": ("start", "end")}


def _before_and_after(axis: str, argument: object) -> tuple[Quantity, Quantity]:
    if not isinstance(argument, tuple | list):
        both = whole(f"padding along the {axis}", argument, at_least=0)
        both = symbolised(both, f"padding {axis}", f"p_{axis[0]}")
        return both, both
    if len(argument) != len(_SIDES[axis]):
        raise ValueError(f"padding along the {axis} takes one number per side, not {argument!r}")
    before, after = (
        symbolised(
            whole(f"padding at the {side}", value, at_least=0), f"padding {side}", f"p_{side}"
        )
        for side, value in zip(_SIDES[axis], argument, strict=True)
    )
    return before, after


def same_padding(extent: Operand, stride: Operand) -> tuple[Quantity, Quantity]:
    """The padding before and after that keeps the size of an axis; the odd one goes after.

    Raises:
        ValueError: If the stride is not 1, for then no padding keeps the size.
    """
    if stride != 1:
        raise ValueError(f"padding 'same' needs stride 1, not {stride}")
    around = quantity(extent).value - 1
    before = int(around // 2)
    return quantity(before), quantity(int(around) - before)
