"""The working of a quantity as a tree of sums and products, without idle identities.

`simplify` reads the operations that a `Quantity` recorded and leaves out what teaches nothing:
`· 1`, `+ 2 · 0`, `/ 1`, `− 1 + 1`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mkdocs_cnn.quantities.rounding import Exact

if TYPE_CHECKING:
    from mkdocs_cnn.quantities.quantity import Quantity


@dataclass(frozen=True)
class Leaf:
    """A number that was given, or a step with a name and a working of its own."""

    quantity: Quantity

    @property
    def is_literal(self) -> bool:
        """Whether it is a bare number, which formulas show as such."""
        return not (self.quantity.symbol or self.quantity.name)


@dataclass(frozen=True)
class Sum:
    """Terms, each to be added (+1) or subtracted (-1)."""

    terms: tuple[tuple[int, Node], ...]


@dataclass(frozen=True)
class Product:
    """Factors."""

    factors: tuple[Node, ...]


@dataclass(frozen=True)
class Quotient:
    """One number divided by another."""

    top: Node
    bottom: Node


@dataclass(frozen=True)
class Power:
    """A base raised to an exponent."""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Floor:
    """The greatest integer that is not above the inner number."""

    inner: Node


Node = Leaf | Sum | Product | Quotient | Power | Floor


# -- from recorded operations to a tree without idle identities


def simplify(quantity: Quantity) -> Node:
    """The working of a quantity as a tree, without the identities that teach nothing."""
    if not quantity.op:
        return Leaf(quantity)
    operands = [_operand(operand) for operand in quantity.operands]
    return _RULES[quantity.op](quantity, *operands)


def leaves(node: Node) -> Iterator[Quantity]:
    """The quantities at the leaves of a tree, in reading order."""
    match node:
        case Leaf(quantity):
            yield quantity
        case Sum(terms):
            for _, term in terms:
                yield from leaves(term)
        case Product(parts):
            for part in parts:
                yield from leaves(part)
        case Quotient(left, right) | Power(left, right):
            yield from leaves(left)
            yield from leaves(right)
        case Floor(inner):
            yield from leaves(inner)


def _operand(quantity: Quantity) -> Node:
    return Leaf(quantity) if quantity.is_step else quantity.expression


def _is_leaf(node: Node, value: int) -> bool:
    return isinstance(node, Leaf) and node.quantity.value == value


def _add(whole: Quantity, left: Node, right: Node, sign: int = 1) -> Node:
    terms = [*_terms(left, 1), *_terms(right, sign)]
    return _sum(whole, [term for term in terms if not _is_leaf(term[1], 0)])


def _subtract(whole: Quantity, left: Node, right: Node) -> Node:
    return _add(whole, left, right, sign=-1)


def _terms(node: Node, sign: int) -> list[tuple[int, Node]]:
    flat = isinstance(node, Sum) and sign > 0
    return list(node.terms) if flat and isinstance(node, Sum) else [(sign, node)]


def _sum(whole: Quantity, terms: list[tuple[int, Node]]) -> Node:
    idle = _idle_pair(terms)
    if idle:
        return _sum(whole, [term for at, term in enumerate(terms) if at not in idle])
    if not terms:
        return Leaf(replace(whole, symbol="", name="", op="", operands=()))
    if len(terms) == 1 and terms[0][0] > 0:
        return terms[0][1]
    return Sum(tuple(terms))


def _idle_pair(terms: list[tuple[int, Node]]) -> tuple[int, int] | None:
    """Where the same bare number is both added and subtracted."""
    seen: dict[tuple[int, Exact], int] = {}
    for at, (sign, term) in enumerate(terms):
        if isinstance(term, Leaf) and term.is_literal:
            value = term.quantity.value
            if (-sign, value) in seen:
                return seen[-sign, value], at
            seen[sign, value] = at
    return None


def _multiply(whole: Quantity, left: Node, right: Node) -> Node:
    factors = [
        factor
        for node in (left, right)
        for factor in (node.factors if isinstance(node, Product) else (node,))
    ]
    for factor in factors:
        if _is_leaf(factor, 0):
            return factor
    telling = [factor for factor in factors if not _is_leaf(factor, 1)]
    if telling and all(map(_literal, telling)):
        # 2 p stays 2 · 1: what is left of it without its one symbol would say nothing of padding.
        telling = [factor for factor in factors if not (_is_leaf(factor, 1) and _literal(factor))]
    telling = telling or factors[-1:]
    return telling[0] if len(telling) == 1 else Product(tuple(telling))


def _literal(node: Node) -> bool:
    return isinstance(node, Leaf) and node.is_literal


def _divide(whole: Quantity, top: Node, bottom: Node) -> Node:
    return top if _is_leaf(bottom, 1) else Quotient(top, bottom)


def _floor_divide(whole: Quantity, top: Node, bottom: Node) -> Node:
    if _is_leaf(bottom, 1) and whole.operands[0].value == whole.value:
        return top
    return Floor(_divide(whole, top, bottom))


def _power(whole: Quantity, base: Node, exponent: Node) -> Node:
    return base if _is_leaf(exponent, 1) else Power(base, exponent)


def _floor(whole: Quantity, inner: Node) -> Node:
    # Under a division the brackets are kept even where it comes out even: they are the rule.
    idle = whole.operands[0].value == whole.value and not isinstance(inner, Quotient)
    return inner if idle else Floor(inner)


_RULES: dict[str, Callable[..., Node]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "//": _floor_divide,
    "**": _power,
    "floor": _floor,
}
