"""How the working of a number is written, as plain text or as MathML.

A worked line and a formula are the same tree with its leaves written as numbers or as symbols, so
they match term by term.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from mkdocs_cnn.quantities.expression import (
    Floor,
    Node,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    leaves,
)
from mkdocs_cnn.quantities.rounding import Exact, as_decimal, short


@dataclass(frozen=True, kw_only=True)
class Notation:
    """A way to write mathematics: its signs, and templates with `{}` for each part.

    Where nothing else is said, they are those of plain text.
    """

    plus: str = " + "
    minus: str = " − "
    times: str = " · "
    juxtaposed: str = " "  # between factors that need no sign between them
    equals: str = " = "
    about: str = " ≈ "
    decimal: str = "{}"  # without a sign
    ratio: str = "{}/{}"  # a fraction that is one number, 1/3
    quotient: str = "{} / {}"
    power: str = "{}^{}"
    brackets: str = "({})"
    floor: str = "⌊{}⌋"
    line: str = "{}"
    symbol: Callable[[str], str] = str  # "C_in" has a subscript
    words: Callable[[str], str] = str
    tall_fractions: bool = False  # which need fewer brackets than a / b


TEXT = Notation()


def _with_subscript(symbol: str) -> str:
    letter, _, subscript = symbol.partition("_")
    if not subscript:
        return f"<mi>{escape(letter)}</mi>"
    tag = "mi" if len(subscript) == 1 else "mtext"
    return f"<msub><mi>{escape(letter)}</mi><{tag}>{escape(subscript)}</{tag}></msub>"


MATHML = Notation(  # MathML Core, which browsers set without a script
    plus="<mo>+</mo>",
    minus="<mo>−</mo>",
    times="<mo>·</mo>",
    juxtaposed="<mo>&#8290;</mo>",  # invisible times: read aloud, not seen
    equals="<mo>=</mo>",
    about="<mo>≈</mo>",
    decimal="<mn>{}</mn>",
    ratio="<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>",
    quotient="<mfrac><mrow>{}</mrow><mrow>{}</mrow></mfrac>",
    power="<msup><mrow>{}</mrow><mrow>{}</mrow></msup>",
    brackets="<mrow><mo>(</mo>{}<mo>)</mo></mrow>",
    floor="<mrow><mo>⌊</mo>{}<mo>⌋</mo></mrow>",
    line="<math>{}</math>",
    symbol=_with_subscript,
    words=lambda text: f"<mtext>{escape(text)}</mtext>",
    tall_fractions=True,
)


def worked(number: Number, notation: Notation) -> str:
    """The working with numbers and the result; the result alone where there is no working."""
    writer = _Writer(notation, numbers=True)
    result = writer.number(number.value)
    line = working(number, notation) or result
    if line.replace(" ", "") != result:  # 1 / 3 needs no "= 1/3"
        line += notation.equals + result
    if as_decimal(number.value) is None:
        line += notation.about + writer.number(short(number.value), most_places=400)
    return notation.line.format(line)


def working(number: Number, notation: Notation) -> str:
    """The working with numbers, without the result; nothing where there is none."""
    return _Writer(notation, numbers=True).write(number.expression) if number.op else ""


def formula(number: Number, notation: Notation) -> str:
    """The working with symbols; the symbol alone where there is no working."""
    return notation.line.format(_Writer(notation, numbers=False).write(number.expression))


def definition(number: Number, notation: Notation) -> str:
    """The formula with what it defines before it: `H_out = H − k_h + 1`."""
    writer = _Writer(notation, numbers=False)
    defined = writer.write(number) + notation.equals if number.symbol and number.op else ""
    return notation.line.format(defined + writer.write(number.expression))


def symbol(number: Number, notation: Notation) -> str:
    """What stands for the number in a formula: its symbol, its name, or its value."""
    return notation.line.format(_Writer(notation, numbers=False).write(number))


_SUM, _PRODUCT, _POWER, _ATOM = range(4)  # how tightly a part binds, loosest first


@dataclass(frozen=True)
class _Writer:
    """Writes a tree, its leaves as numbers or as symbols."""

    notation: Notation
    numbers: bool

    def write(self, node: Node, at_least: int = _SUM) -> str:
        """The tree, in brackets unless it binds as tightly as its place asks for."""
        line, binding = self._parts(node, at_front=at_least != _PRODUCT)
        return line if binding >= at_least else self.notation.brackets.format(line)

    def number(self, value: Exact, most_places: int = 4) -> str:
        """An exact number: `352,800`, `40.96`, `1/3`, `−1`."""
        if value < 0:
            return self.notation.minus.strip() + self.number(-value, most_places)
        decimal = as_decimal(value, most_places)
        if decimal is not None:
            return self.notation.decimal.format(decimal)
        top, bottom = self.number(value.numerator), self.number(value.denominator)
        return self.notation.ratio.format(top, bottom)

    def _parts(self, node: Node, *, at_front: bool) -> tuple[str, int]:
        """The tree without brackets around it, and how tightly it binds."""
        match node:
            case Number():
                return self._leaf(node)
            case Sum(terms):
                return self._sum(terms), _SUM
            case Product(factors):
                return self._product(factors, at_front=at_front), _PRODUCT
            case Quotient(top, bottom):
                return self._quotient(top, bottom)
            case Power(base, exponent):
                powers = self.write(base, _ATOM), self.write(exponent, _ATOM)
                return self.notation.power.format(*powers), _POWER
            case Floor(inner):
                return self.notation.floor.format(self.write(inner)), _ATOM

    def _leaf(self, number: Number) -> tuple[str, int]:
        if not self.numbers and number.symbol:
            return self.notation.symbol(number.symbol), _ATOM
        if not self.numbers and number.name:
            return self.notation.words(number.name), _ATOM
        binding = _ATOM if as_decimal(number.value) is not None else self._fraction
        return self.number(number.value), _SUM if number.value < 0 else binding

    def _sum(self, terms: tuple[tuple[int, Node], ...]) -> str:
        line = ""
        for sign, term in terms:
            operator = self.notation.minus if sign < 0 else self.notation.plus
            if not line:  # a leading minus has no space around it, a leading plus is not written
                operator = operator.strip() if sign < 0 else ""
            line += operator + self.write(term, _PRODUCT if operator else _SUM)
        return line

    def _product(self, factors: tuple[Node, ...], *, at_front: bool) -> str:
        first, *others = factors
        # A number below zero needs brackets anywhere but at the front: −5 · (−3).
        line = self.write(first, _SUM if isinstance(first, Number) and at_front else _PRODUCT)
        for factor in others:
            line += self._between(factor) + self.write(factor, _POWER)
        return line

    def _between(self, factor: Node) -> str:
        """What stands before a factor: nothing seen between symbols, a sign before a number."""
        first = next(leaves(factor))
        number = isinstance(factor, Number | Power | Quotient) and not first.symbol
        return self.notation.times if self.numbers or number else self.notation.juxtaposed

    def _quotient(self, top: Node, bottom: Node) -> tuple[str, int]:
        tall = self.notation.tall_fractions
        above = self.write(top, _SUM if tall else _PRODUCT)
        below = self.write(bottom, _SUM if tall else _POWER)
        return self.notation.quotient.format(above, below), self._fraction

    @property
    def _fraction(self) -> int:
        """How tightly a fraction binds; a tall one needs brackets under an exponent only."""
        return _POWER if self.notation.tall_fractions else _PRODUCT
