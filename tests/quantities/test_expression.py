from __future__ import annotations

import math
import re
from fractions import Fraction

import pytest

from mkdocs_cnn.quantities.expression import (
    Floor,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    leaves,
    simplify,
)
from mkdocs_cnn.quantities.quantity import Quantity

K = Quantity(5, symbol="k")
ONE = Quantity(1, symbol="s")
ZERO = Quantity(0, symbol="p")
HALF = Quantity(Fraction(1, 2))


@pytest.mark.parametrize(
    ("quantity", "worked", "formula"),
    [
        (K * 1, "5", "k"),
        (1 * K, "5", "k"),
        (K * ONE, "5", "k"),
        (K * ONE * 1 * 3, "5 · 3 = 15", "k · 3"),
        (K / 1, "5", "k"),
        (K / ONE, "5", "k"),
        (K // ONE, "5", "k"),
        ((K + 3) // ONE, "5 + 3 = 8", "k + 3"),
        (K**1, "5", "k"),
        (K + 0, "5", "k"),
        (0 + K, "5", "k"),
        (K - 0, "5", "k"),
        (K + 2 * ZERO, "5", "k"),
        (K + 2 * ZERO - 3, "5 − 3 = 2", "k − 3"),
        (K - 1 + 1, "5", "k"),
        (1 - Quantity(1) + K, "5", "k"),
        (K + 1 - 1, "5", "k"),
        (ONE * (K - 1) + 1, "5", "k"),
        ((K - 1) * 1 + 1 + 2, "5 + 2 = 7", "k + 2"),
        (1 + K * 3 - 1, "5 · 3 = 15", "k · 3"),
        (math.floor(K * 3), "5 · 3 = 15", "k · 3"),
        (K * 0, "0", "0"),
        (K * ZERO, "0", "p"),
        (ONE * ONE, "1", "s"),
        (2 * ONE, "2 · 1 = 2", "2 s"),
        (Quantity(3) - 3, "0", "0"),
        (Quantity(0) + 0, "0", "0"),
    ],
)
def test_identities_that_teach_nothing_are_left_out(
    quantity: Quantity, worked: str, formula: str
) -> None:
    assert (quantity.worked, quantity.formula) == (worked, formula)


@pytest.mark.parametrize(
    ("quantity", "worked", "formula"),
    [
        (K - 5, "5 − 5 = 0", "k − 5"),
        (5 - K, "5 − 5 = 0", "5 − k"),
        (ONE - 1, "1 − 1 = 0", "s − 1"),
        (ONE - 1 + 1, "1", "s"),
        (1 - Quantity(1, name="channels") + K, "1 − 1 + 5 = 5", "1 − channels + k"),
        (K - K, "5 − 5 = 0", "k − k"),
        (K + 1 + 1, "5 + 1 + 1 = 7", "k + 1 + 1"),
        (K - 1 - 1, "5 − 1 − 1 = 3", "k − 1 − 1"),
        (K - 2 + 1, "5 − 2 + 1 = 4", "k − 2 + 1"),
        (1 / K, "1 / 5 = 0.2", "1 / k"),
        (1 - K, "1 − 5 = −4", "1 − k"),
        (0 - K, "−5", "−k"),
        (0 / K, "0 / 5 = 0", "0 / k"),
        (K**0, "5^0 = 1", "k^0"),
        (1**K, "1^5 = 1", "1^k"),
        (K // 2, "⌊5 / 2⌋ = 2", "⌊k / 2⌋"),
        (Quantity(6) // 2, "⌊6 / 2⌋ = 3", "⌊6 / 2⌋"),
        (math.floor(K / 2), "⌊5 / 2⌋ = 2", "⌊k / 2⌋"),
        (math.floor(Quantity(6) / 2), "⌊6 / 2⌋ = 3", "⌊6 / 2⌋"),
        (HALF // 1, "⌊0.5⌋ = 0", "⌊0.5⌋"),
        (math.floor(K * HALF), "⌊5 · 0.5⌋ = 2", "⌊k · 0.5⌋"),
    ],
)
def test_what_teaches_something_is_kept(quantity: Quantity, worked: str, formula: str) -> None:
    assert (quantity.worked, quantity.formula) == (worked, formula)


@pytest.mark.parametrize(
    ("quantity", "node"),
    [
        (K, K),
        (K + 1 + 2, Sum(((1, K), (1, Quantity(1)), (1, Quantity(2))))),
        (K - (K - 2), Sum(((1, K), (-1, Sum(((1, K), (-1, Quantity(2)))))))),
        (2 * (K * 3), Product((Quantity(2), K, Quantity(3)))),
        (K / 2 / 3, Quotient(Quotient(K, Quantity(2)), Quantity(3))),
        (K // 2, Floor(Quotient(K, Quantity(2)))),
        (K**2, Power(K, Quantity(2))),
    ],
)
def test_sums_and_products_are_flat_and_the_rest_is_nested(
    quantity: Quantity, node: object
) -> None:
    assert simplify(quantity) == node


def test_leaves_come_in_reading_order() -> None:
    numbers = (Quantity(2) + 3) * 4 / Quantity(5) - (Quantity(6) // 7) ** 8
    assert [leaf.value for leaf in leaves(simplify(numbers))] == [2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(("op", "numbers"), [("%", 2), ("+", 1), ("floor", 2)])
def test_an_operation_that_is_none_is_refused(op: str, numbers: int) -> None:
    with pytest.raises(ValueError, match=f"^no operation '{re.escape(op)}' of {numbers} numbers$"):
        simplify(Number(5, op=op, operands=(K,) * numbers))
