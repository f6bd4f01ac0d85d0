"""The working of a number as a tree of sums and products.

A `Number` records the operation that made it. `simplify` turns such records into a tree with
numbers for leaves, and leaves out what teaches nothing: `· 1`, `+ 2 · 0`, `/ 1`, `− 1 + 1`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeGuard

from mkdocs_cnn.quantities.rounding import Exact


@dataclass(frozen=True, eq=False, repr=False)
class Number:
    """An exact number and the operation that made it; `Quantity` is one, and adds arithmetic.

    In a tree it is a leaf: a number that was given, or a step with a working of its own.
    """

    value: Exact  # a fraction that is whole becomes an integer
    unit: str = ""  # what is counted, in the singular: "byte/weight"; "" for a pure number
    symbol: str = ""  # how formulas write it, with "_" before a subscript: "C_in"
    name: str = ""  # what prose calls it: "input channels"
    op: str = field(default="", kw_only=True)  # that made it; "" for a number that was given
    operands: tuple[Number, ...] = field(default=(), kw_only=True)

    @property
    def is_step(self) -> bool:
        """Whether it is a leaf in the expressions that use it."""
        return bool(self.name) or not self.op

    @cached_property
    def expression(self) -> Node:
        """The operations that made it, without the identities that teach nothing."""
        return simplify(self)


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


Node = Number | Sum | Product | Quotient | Power | Floor


def leaves(node: Node) -> Iterator[Number]:
    """The numbers at the leaves of a tree, in reading order."""
    match node:
        case Number():
            yield node
        case Sum(terms):
            for _, term in terms:
                yield from leaves(term)
        case Product(factors):
            for factor in factors:
                yield from leaves(factor)
        case Quotient(left, right) | Power(left, right):
            yield from leaves(left)
            yield from leaves(right)
        case Floor(inner):
            yield from leaves(inner)


def simplify(number: Number) -> Node:
    """The working of a number as a tree, without the identities that teach nothing.

    Raises:
        ValueError: If there is no such operation.
    """
    if not number.op:
        return number
    parts = [part if part.is_step else part.expression for part in number.operands]
    same = number.value == number.operands[0].value  # rounding down changed nothing
    match number.op, parts:
        case "+", [left, right]:
            return _sum([*_terms(left), *_terms(right)])
        case "-", [left, right]:
            return _sum([*_terms(left), (-1, right)])
        case "*", [left, right]:
            return _product([*_factors(left), *_factors(right)])
        case "/", [top, bottom]:
            return _quotient(top, bottom)
        case "//", [top, bottom]:
            return top if same and _is(1, bottom) else Floor(_quotient(top, bottom))
        case "**", [base, exponent]:
            return base if _is(1, exponent) else Power(base, exponent)
        case "floor", [inner]:
            # Around a division the brackets stay even where it comes out even: they are the rule.
            return inner if same and not isinstance(inner, Quotient) else Floor(inner)
    raise ValueError(f"no operation {number.op!r} of {len(parts)} numbers")


def _is(value: int, node: Node) -> bool:
    return isinstance(node, Number) and node.value == value


def _is_literal(node: Node) -> TypeGuard[Number]:
    return isinstance(node, Number) and not (node.symbol or node.name)


def _terms(node: Node) -> tuple[tuple[int, Node], ...]:
    return node.terms if isinstance(node, Sum) else ((1, node),)


def _factors(node: Node) -> tuple[Node, ...]:
    return node.factors if isinstance(node, Product) else (node,)


def _sum(terms: list[tuple[int, Node]]) -> Node:
    terms = [(sign, term) for sign, term in terms if not _is(0, term)]
    while pair := _cancelling_pair(terms):
        terms = [term for at, term in enumerate(terms) if at not in pair]
    match terms:
        case []:
            return Number(0)
        case [(1, term)]:
            return term
    return Sum(tuple(terms))


def _cancelling_pair(terms: list[tuple[int, Node]]) -> tuple[int, int] | None:
    """Where the same bare number is both added and subtracted."""
    places: dict[tuple[int, Exact], int] = {}
    for at, (sign, term) in enumerate(terms):
        if _is_literal(term):
            if (-sign, term.value) in places:
                return places[-sign, term.value], at
            places[sign, term.value] = at
    return None


def _product(factors: list[Node]) -> Node:
    for factor in factors:
        if _is(0, factor):
            return factor
    kept = [factor for factor in factors if not _is(1, factor)]
    if kept and all(map(_is_literal, kept)):
        # 2 p stays 2 · 1: what is left of it without its one symbol would say nothing of padding.
        kept = [factor for factor in factors if not (_is(1, factor) and _is_literal(factor))]
    kept = kept or factors[-1:]
    return kept[0] if len(kept) == 1 else Product(tuple(kept))


def _quotient(top: Node, bottom: Node) -> Node:
    return top if _is(1, bottom) else Quotient(top, bottom)
