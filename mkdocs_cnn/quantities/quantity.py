"""Numbers that remember their unit and how they were made.

A `Quantity` is an exact number (an integer or a fraction) together with the expression that
computed it. Ordinary operators build the expression as they compute the value, so one line of
counting code gives the value, the worked line and the formula, and the three cannot disagree:

    >>> k = Quantity(5, symbol="k")
    >>> channels = Quantity(3, symbol="C_in")
    >>> filters = Quantity(6, symbol="C_out")
    >>> parameters = ((k * k * channels + 1) * filters).named("parameters", symbol="P")
    >>> parameters.worked
    '(5 · 5 · 3 + 1) · 6 = 456'
    >>> parameters.formula
    '(k k C_in + 1) C_out'

A quantity that has been given a name is a leaf in whatever uses it; its own working stays one
step away, in `steps`. `expression` makes a tree of what was recorded, and `notation` writes it.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from numbers import Integral, Rational
from typing import Any

from mkdocs_cnn.quantities import notation
from mkdocs_cnn.quantities.expression import Number, leaves
from mkdocs_cnn.quantities.rounding import Exact
from mkdocs_cnn.quantities.units import product_unit, quotient_unit


def _swapped(operation: Callable[[Any, Any], Any]) -> Callable[[Quantity, Operand], Quantity]:
    """An operation whose left operand is no `Quantity`."""
    return lambda self, other: quantity(operation(quantity(other), self))


def _compared(comparison: Callable[[Any, Any], Any]) -> Callable[[Quantity, Any], bool]:
    return lambda self, other: bool(comparison(self.value, _value(other)))


@dataclass(frozen=True, eq=False, repr=False)
class Quantity(Number):
    """An exact number with a unit, a symbol and the expression that made it.

    Its arguments are those of `Number`, which says what they hold.

    Raises:
        TypeError: If the value is a float or anything else that is not exact, or if the unit,
            the symbol or the name is no text.
    """

    operands: tuple[Quantity, ...] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _exact(self.value))
        if not type(self.unit) is type(self.symbol) is type(self.name) is str:
            _check_texts(unit=self.unit, symbol=self.symbol, name=self.name)

    def named(self, name: str, *, symbol: str = "", unit: str | None = None) -> Quantity:
        """The same number as a step with a name: a leaf in whatever uses it from here on."""
        return replace(self, name=name, symbol=symbol, unit=self.unit if unit is None else unit)

    # -- what it shows

    @cached_property
    def worked(self) -> str:
        """The working with numbers, as plain text: `(5 · 5 · 3 + 1) · 6 = 456`."""
        return notation.worked(self, notation.TEXT)

    @cached_property
    def formula(self) -> str:
        """The working with symbols, as plain text: `(k_h k_w C_in + 1) C_out`."""
        return notation.formula(self, notation.TEXT)

    @cached_property
    def steps(self) -> tuple[Quantity, ...]:
        """The named steps that the worked line rests on and that have a working of their own."""
        parts = leaves(self.expression)
        steps = [part for part in parts if isinstance(part, Quantity) and part.op]
        return tuple({step._appearance: step for step in steps}.values())

    @cached_property
    def _appearance(self) -> tuple[Any, ...]:
        """All that a reader sees of it: steps that read alike may rest on others."""
        return (self.name, self.worked, *(step._appearance for step in self.steps))

    @cached_property
    def steps_below(self) -> int:
        """How many steps its working takes in all, with those of its steps."""
        return sum(1 + step.steps_below for step in self.steps)

    # -- arithmetic

    def __add__(self, other: Operand) -> Quantity:
        other = quantity(other)
        unit = _common_unit("add", self, other)
        return self._result("+", self.value + other.value, unit, self, other)

    def __sub__(self, other: Operand) -> Quantity:
        other = quantity(other)
        unit = _common_unit("subtract", self, other)
        return self._result("-", self.value - other.value, unit, self, other)

    def __mul__(self, other: Operand) -> Quantity:
        other = quantity(other)
        unit = product_unit(self.unit, other.unit)
        return self._result("*", self.value * other.value, unit, self, other)

    def __truediv__(self, other: Operand) -> Quantity:
        other = quantity(other)
        unit = quotient_unit(self.unit, other.unit)
        return self._result("/", Fraction(self.value) / _divisor(self, other), unit, self, other)

    def __floordiv__(self, other: Operand) -> Quantity:
        other = quantity(other)
        unit = quotient_unit(self.unit, other.unit)
        return self._result("//", self.value // _divisor(self, other), unit, self, other)

    def __pow__(self, other: Operand) -> Quantity:
        other = quantity(other)
        if not isinstance(other.value, int) or other.value < 0 or other.unit:
            raise ValueError(f"exponent {other.value} is not a non-negative integer")
        unit = product_unit(*[self.unit] * other.value)
        return self._result("**", self.value**other.value, unit, self, other)

    def __neg__(self) -> Quantity:
        return Quantity(0, self.unit) - self

    def __floor__(self) -> Quantity:
        return self._result("floor", math.floor(self.value), self.unit, self)

    def __radd__(self, other: Operand) -> Quantity:
        # `sum` starts from a 0 of its own, which has no unit and is no part of the working.
        if type(other) is int and other == 0:
            return self
        return quantity(other) + self

    __rsub__ = _swapped(operator.sub)
    __rmul__ = _swapped(operator.mul)
    __rtruediv__ = _swapped(operator.truediv)
    __rfloordiv__ = _swapped(operator.floordiv)
    __rpow__ = _swapped(operator.pow)

    @staticmethod
    def _result(op: str, value: Exact, unit: str, *operands: Quantity) -> Quantity:
        return Quantity(value, unit, op=op, operands=operands)

    # -- as a number

    def __eq__(self, other: object) -> bool:
        return bool(self.value == _value(other))

    def __hash__(self) -> int:
        return hash(self.value)

    __lt__ = _compared(operator.lt)
    __le__ = _compared(operator.le)
    __gt__ = _compared(operator.gt)
    __ge__ = _compared(operator.ge)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __int__(self) -> int:
        return int(self.value)

    def __index__(self) -> int:
        if isinstance(self.value, int):
            return self.value
        raise TypeError(f"{self.value} is not a whole number")

    def __float__(self) -> float:
        return float(self.value)

    def __repr__(self) -> str:
        return str(self.value)

    def __format__(self, spec: str) -> str:
        # Before Python 3.12 a fraction knows no format of its own.
        known = isinstance(self.value, int) or not spec
        return format(self.value if known else float(self.value), spec)


Operand = Quantity | int | Fraction


def quantity(number: Operand, unit: str = "", symbol: str = "", name: str = "") -> Quantity:
    """The number as a `Quantity`; one that is a `Quantity` already is returned as it is.

    Raises:
        TypeError: If the number is not exact, as a float is not.
    """
    return number if isinstance(number, Quantity) else Quantity(number, unit, symbol, name)


def total(numbers: Iterable[Operand]) -> Quantity:
    """The sum of some quantities, with its working; 0 for none."""
    return _in_pairs(operator.add, [quantity(number) for number in numbers] or [Quantity(0)])


def product(numbers: Iterable[Operand]) -> Quantity:
    """The product of some quantities, with its working; 1 for none."""
    return _in_pairs(operator.mul, [quantity(number) for number in numbers] or [Quantity(1)])


def _in_pairs(join: Callable[[Quantity, Quantity], Quantity], terms: list[Quantity]) -> Quantity:
    """All terms joined in their order, two by two, so that a long sum is a shallow tree."""
    if len(terms) == 1:
        return terms[0]
    odd = terms[len(terms) // 2 * 2 :]
    pairs = zip(terms[::2], terms[1::2], strict=False)
    return _in_pairs(join, [join(first, second) for first, second in pairs] + odd)


def to_plain(number: Quantity) -> list[Any]:
    """The quantity with all its working as lists, strings and integers, which JSON can keep."""
    value = [number.value.numerator, number.value.denominator]
    texts = number.unit, number.symbol, number.name, number.op
    return [value, *texts, [to_plain(operand) for operand in number.operands]]


def from_plain(plain: list[Any]) -> Quantity:
    """The quantity that `to_plain` took apart."""
    value, unit, symbol, name, op, operands = plain
    parts = tuple(from_plain(operand) for operand in operands)
    return Quantity(Fraction(*value), unit, symbol, name, op=op, operands=parts)


def _value(number: Any) -> Any:
    return number.value if isinstance(number, Quantity) else number


def _exact(number: Any) -> Exact:
    if type(number) is int:  # nearly all are, and asking an abstract class takes long
        return number
    if isinstance(number, bool) or not isinstance(number, Rational):
        raise TypeError(
            f"a quantity is an exact integer or fraction, not {type(number).__name__} {number!r}"
        )
    if isinstance(number, Integral):
        return int(number)
    exact = Fraction(number)
    return exact.numerator if exact.denominator == 1 else exact


def _check_texts(**texts: object) -> None:
    for word, text in texts.items():
        if not isinstance(text, str):
            raise TypeError(f"{word} must be text, not {type(text).__name__} {text!r}")


def _divisor(dividend: Quantity, divisor: Quantity) -> Exact:
    if divisor.value == 0:
        raise ZeroDivisionError(f"cannot divide {dividend.value} by zero")
    return divisor.value


def _common_unit(verb: str, left: Quantity, right: Quantity) -> str:
    if left.unit == right.unit:
        return left.unit
    said = (f"{number.value} {number.unit or '(a pure number)'}" for number in (left, right))
    raise ValueError(f"cannot {verb} quantities of different units: {' and '.join(said)}")
