"""How the working of a quantity is written: as text, LaTeX or MathML.

A worked line and a formula are the same tree with its leaves written as numbers or as symbols, so
they match term by term.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from mkdocs_cnn.quantities.expression import (
    Floor,
    Leaf,
    Node,
    Power,
    Product,
    Quotient,
    Sum,
    leaves,
)
from mkdocs_cnn.quantities.rounding import Exact, as_decimal, short

if TYPE_CHECKING:
    from mkdocs_cnn.quantities.quantity import Quantity


class Text:
    """Plain text: `⌊(32 − 5) / 2⌋ + 1`."""

    minus, plus, times, about = " − ", " + ", " · ", " ≈ "
    juxtaposed = " "
    inline_fractions = True  # a / b on one line needs brackets that a tall fraction does not

    def number(self, value: Exact, most_places: int = 4) -> str:
        """An exact number: `352,800`, `40.96`, `1/3`, `−1`."""
        sign, size = (self.minus.strip(), -value) if value < 0 else ("", value)
        decimal = as_decimal(size, most_places)
        if decimal is not None:
            return sign + self.digits(decimal)
        return sign + self.ratio(self.number(size.numerator), self.number(size.denominator))

    def digits(self, decimal: str) -> str:
        """A decimal that is not negative: `352,800`."""
        return decimal

    def ratio(self, top: str, bottom: str) -> str:
        """A fraction that is one number: `1/3`."""
        return f"{top}/{bottom}"

    def symbol(self, name: str) -> str:
        """A symbol with its subscript: `C_in`."""
        return name

    def words(self, text: str) -> str:
        """Words inside mathematics."""
        return text

    def brackets(self, inner: str) -> str:
        """The inner part in round brackets."""
        return f"({inner})"

    def floor(self, inner: str) -> str:
        """The inner part in floor brackets."""
        return f"⌊{inner}⌋"

    def quotient(self, top: str, bottom: str) -> str:
        """A fraction."""
        return f"{top} / {bottom}"

    def power(self, base: str, exponent: str) -> str:
        """A power."""
        return f"{base}^{exponent}"

    def equation(self, left: str, right: str) -> str:
        """Both sides of an equals sign."""
        return f"{left} = {right}"

    def finish(self, line: str) -> str:
        """The line, ready to be used."""
        return line


class Latex(Text):
    r"""LaTeX: `\left\lfloor\frac{32 - 5}{2}\right\rfloor + 1`."""

    minus, plus, times, about = " - ", " + ", r" \cdot ", r" \approx "
    juxtaposed = r" \, "
    inline_fractions = False

    def digits(self, decimal: str) -> str:
        """A decimal that is not negative: `352{,}800`."""
        return decimal.replace(",", "{,}")

    def ratio(self, top: str, bottom: str) -> str:
        """A fraction that is one number."""
        return self.quotient(top, bottom)

    def symbol(self, name: str) -> str:
        r"""A symbol with its subscript: `C_{\text{in}}`."""
        letter, _, subscript = name.partition("_")
        if not subscript:
            return letter
        return f"{letter}_{subscript if len(subscript) == 1 else self._braced_text(subscript)}"

    def _braced_text(self, text: str) -> str:
        return "{" + self.words(text) + "}"

    def words(self, text: str) -> str:
        """Words inside mathematics."""
        return rf"\text{{{text}}}"

    def brackets(self, inner: str) -> str:
        """The inner part in round brackets that grow with it."""
        return rf"\left({inner}\right)"

    def floor(self, inner: str) -> str:
        """The inner part in floor brackets that grow with it."""
        return rf"\left\lfloor {inner}\right\rfloor"

    def quotient(self, top: str, bottom: str) -> str:
        """A tall fraction."""
        return rf"\frac{{{top}}}{{{bottom}}}"

    def power(self, base: str, exponent: str) -> str:
        """A power."""
        return f"{base}^{{{exponent}}}"


class MathML(Text):
    """MathML Core, which browsers set without a script."""

    minus, plus, times = "<mo>−</mo>", "<mo>+</mo>", "<mo>·</mo>"
    about = "<mo>≈</mo>"
    juxtaposed = "<mo>&#8290;</mo>"  # invisible times: read aloud, not seen
    inline_fractions = False

    def digits(self, decimal: str) -> str:
        """A decimal that is not negative."""
        return f"<mn>{decimal}</mn>"

    def ratio(self, top: str, bottom: str) -> str:
        """A fraction that is one number."""
        return self.quotient(top, bottom)

    def symbol(self, name: str) -> str:
        """A symbol with its subscript."""
        letter, _, subscript = name.partition("_")
        if not subscript:
            return f"<mi>{escape(letter)}</mi>"
        tag = "mi" if len(subscript) == 1 else "mtext"
        return f"<msub><mi>{escape(letter)}</mi><{tag}>{escape(subscript)}</{tag}></msub>"

    def words(self, text: str) -> str:
        """Words inside mathematics."""
        return f"<mtext>{escape(text)}</mtext>"

    def brackets(self, inner: str) -> str:
        """The inner part in round brackets."""
        return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"

    def floor(self, inner: str) -> str:
        """The inner part in floor brackets."""
        return f"<mrow><mo>⌊</mo>{inner}<mo>⌋</mo></mrow>"

    def quotient(self, top: str, bottom: str) -> str:
        """A tall fraction."""
        return f"<mfrac><mrow>{top}</mrow><mrow>{bottom}</mrow></mfrac>"

    def power(self, base: str, exponent: str) -> str:
        """A power."""
        return f"<msup><mrow>{base}</mrow><mrow>{exponent}</mrow></msup>"

    def equation(self, left: str, right: str) -> str:
        """Both sides of an equals sign."""
        return f"{left}<mo>=</mo>{right}"

    def finish(self, line: str) -> str:
        """The line as one `<math>` element."""
        return f"<math>{line}</math>"


TEXT, LATEX, MATHML = Text(), Latex(), MathML()


def worked(quantity: Quantity, notation: Text) -> str:
    """The working with numbers and the result; the result alone where there is no working."""
    result = notation.number(quantity.value)
    line = working(quantity, notation) or result
    if line.replace(" ", "") != result:  # 1 / 3 needs no "= 1/3"
        line = notation.equation(line, result)
    if as_decimal(quantity.value) is None:
        line += notation.about + notation.number(short(quantity.value), most_places=400)
    return notation.finish(line)


def working(quantity: Quantity, notation: Text) -> str:
    """The working with numbers, without the result; nothing where there is none."""
    return _Writer(notation, numbers=True).write(quantity.expression) if quantity.op else ""


def formula(quantity: Quantity, notation: Text) -> str:
    """The working with symbols; the symbol alone where there is no working."""
    return notation.finish(_Writer(notation, numbers=False).write(quantity.expression))


def definition(quantity: Quantity, notation: Text) -> str:
    """The formula with what it defines before it: `H_out = H − k_h + 1`."""
    writer = _Writer(notation, numbers=False)
    line = writer.write(quantity.expression)
    if quantity.symbol and quantity.op:
        line = notation.equation(writer.write(Leaf(quantity)), line)
    return notation.finish(line)


def symbol(quantity: Quantity, notation: Text) -> str:
    """What stands for the quantity in a formula: its symbol, its name, or its value."""
    return notation.finish(_Writer(notation, numbers=False).write(Leaf(quantity)))


_SUM, _PRODUCT, _POWER, _ATOM = range(4)  # how tightly a part binds, loosest first


@dataclass(frozen=True)
class _Writer:
    notation: Text
    numbers: bool

    def write(self, node: Node, at_least: int = _SUM) -> str:
        line, binding = self._parts(node, at_front=at_least != _PRODUCT)
        return line if binding >= at_least else self.notation.brackets(line)

    def _parts(self, node: Node, *, at_front: bool) -> tuple[str, int]:
        match node:
            case Leaf(quantity):
                return self._leaf(quantity)
            case Sum(terms):
                return self._sum(terms), _SUM
            case Product(factors):
                return self._product(factors, at_front=at_front), _PRODUCT
            case Quotient(top, bottom):
                return self._quotient(top, bottom)
            case Power(base, exponent):
                powers = self.write(base, _ATOM), self.write(exponent, _ATOM)
                return self.notation.power(*powers), _POWER
            case Floor(inner):
                return self.notation.floor(self.write(inner)), _ATOM

    def _leaf(self, quantity: Quantity) -> tuple[str, int]:
        if not self.numbers and quantity.symbol:
            return self.notation.symbol(quantity.symbol), _ATOM
        if not self.numbers and quantity.name:
            return self.notation.words(quantity.name), _ATOM
        line = self.notation.number(quantity.value)
        if quantity.value < 0:
            return line, _SUM
        if as_decimal(quantity.value) is not None:
            return line, _ATOM
        return line, self._fraction

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
        line = self.write(first, _SUM if isinstance(first, Leaf) and at_front else _PRODUCT)
        for factor in others:
            line += self._between(factor) + self.write(factor, _POWER)
        return line

    def _between(self, factor: Node) -> str:
        first = next(iter(leaves(factor)))
        number = isinstance(factor, Leaf | Power | Quotient) and not first.symbol
        return self.notation.times if self.numbers or number else self.notation.juxtaposed

    def _quotient(self, top: Node, bottom: Node) -> tuple[str, int]:
        inline = self.notation.inline_fractions
        above = self.write(top, _PRODUCT if inline else _SUM)
        below = self.write(bottom, _POWER if inline else _SUM)
        return self.notation.quotient(above, below), self._fraction

    @property
    def _fraction(self) -> int:
        """How tightly a fraction binds; a tall one needs brackets under an exponent only."""
        return _PRODUCT if self.notation.inline_fractions else _POWER
