"""What may be typed where a layer takes a number, a pair or a padding: checked, and named."""

from __future__ import annotations

import operator
from dataclasses import replace
from typing import Any, Literal, get_args

from mkdocs_cnn.quantities.quantity import Operand, Quantity, quantity

PaddingMode = Literal["zeros", "circular", "reflect", "edge"]
Pair = int | Quantity | tuple[int | Quantity, ...]
Padding = Pair | tuple[tuple[int, int], ...] | Literal["same", "valid"]


def whole(name: str, number: Any, *, at_least: int = 1) -> Quantity:
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
    modes: tuple[PaddingMode, ...] = get_args(PaddingMode)
    if isinstance(mode, str) and mode in modes:
        return mode
    raise ValueError(f"padding_mode must be one of {', '.join(modes)}, not {mode!r}")


def with_symbol(number: Quantity, name: str, symbol: str) -> Quantity:
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

_SYMBOLS = {"size": "n", "kernel_size": "k", "stride": "s", "dilation": "d"}
_MAY_BE_0 = {"padding": "p", "output_padding": "o"}


def per_axis(
    name: str, argument: object, axes: tuple[str, ...] = IMAGE_AXES
) -> tuple[Quantity, ...]:
    """One number for all axes, or one per axis, as (height, width).

    Errors call it by the name of the layer's argument, and formulas by the symbol of that, with the
    axis for a subscript.

    Raises:
        TypeError: If a number is not an integer.
        ValueError: If one is less than 1 (of a padding, than 0), or there are too few or too many.
    """
    values = argument if isinstance(argument, tuple | list) else (argument,) * len(axes)
    if len(values) != len(axes):
        raise ValueError(
            f"{name} takes one number or one per axis ({', '.join(axes)}), not {argument!r}"
        )
    noun, symbol = name.removesuffix("_size"), (_SYMBOLS | _MAY_BE_0).get(name, "")
    numbers = []
    for axis, value in zip(axes, values, strict=True):
        number = whole(f"{name} along the {axis}", value, at_least=int(name not in _MAY_BE_0))
        numbers.append(with_symbol(number, f"{noun} {axis}", f"{symbol}_{axis[0]}"))
    return tuple(numbers)


def hashable(argument: Any) -> Any:
    """What was typed with lists in it, with tuples in their place."""
    return tuple(map(hashable, argument)) if isinstance(argument, list | tuple) else argument


def sides(
    padding: Any,
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
    along = zip(
        per_axis("kernel_size", kernel_size, axes),
        per_axis("stride", stride, axes),
        per_axis("dilation", dilation, axes),
        strict=True,
    )
    return tuple(same_padding(apart * (taps - 1) + 1, step) for taps, step, apart in along)


_SIDES = {"height": ("top", "bottom"), "width": ("left", "right"), "length": ("start", "end")}


def _before_and_after(axis: str, argument: object) -> tuple[Quantity, Quantity]:
    if not isinstance(argument, tuple | list):
        (both,) = per_axis("padding", argument, (axis,))
        return both, both
    if len(argument) != len(_SIDES[axis]):
        raise ValueError(f"padding along the {axis} takes one number per side, not {argument!r}")
    before, after = map(_side, _SIDES[axis], argument)
    return before, after


def _side(side: str, padding: object) -> Quantity:
    number = whole(f"padding at the {side}", padding, at_least=0)
    return with_symbol(number, f"padding {side}", f"p_{side}")


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
