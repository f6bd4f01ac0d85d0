from __future__ import annotations

import copy
import math
import operator
import pickle
import random
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.quantities.quantity import Quantity, quantity, total

# -- the value is what Python's own exact arithmetic says

OPERATIONS = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_arithmetic_is_that_of_fractions(operation: Callable[[Any, Any], Any]) -> None:
    rng = random.Random(1)
    for _ in range(1000):
        a, b = (Fraction(rng.randint(-99, 99), rng.randint(1, 9)) for _ in range(2))
        if b == 0 and operation in (operator.truediv, operator.floordiv):
            continue
        expected = operation(a, b)
        assert operation(Quantity(a), Quantity(b)) == expected
        assert operation(Quantity(a), b) == expected
        assert operation(a, Quantity(b)) == expected


@pytest.mark.parametrize("exponent", range(5))
def test_powers_are_those_of_fractions(exponent: int) -> None:
    for base in (-3, 0, 1, 2, Fraction(2, 3)):
        assert Quantity(base) ** exponent == base**exponent


def test_an_integer_is_raised_to_a_quantity() -> None:
    assert 2 ** Quantity(5) == 32


@pytest.mark.parametrize("value", [-4, Fraction(-7, 2), 0, Fraction(7, 2), 4])
def test_floor_and_minus_are_those_of_fractions(value: int | Fraction) -> None:
    assert math.floor(Quantity(value)) == math.floor(value)
    assert -Quantity(value) == -value


def test_huge_numbers_stay_exact() -> None:
    assert Quantity(10**60) * 10**60 + 1 == 10**120 + 1


def test_a_quotient_that_is_whole_is_an_integer() -> None:
    assert type((Quantity(6) / 2).value) is int
    assert type(Quantity(Fraction(6, 2)).value) is int


def test_a_quotient_that_is_not_whole_stays_an_exact_fraction() -> None:
    assert (Quantity(14_450_688) / 352_800).value == Fraction(1024, 25)


@pytest.mark.parametrize("number", [np.int64(7), np.uint8(7)])
def test_integers_of_numpy_become_integers(number: Any) -> None:
    assert type(Quantity(number).value) is int


@pytest.mark.parametrize(
    ("numbers", "value"), [([], 0), ([5], 5), ([5, 6, 7], 18), ([Fraction(1, 2), Quantity(2)], 2.5)]
)
def test_a_total_is_the_sum(numbers: list[Any], value: float) -> None:
    assert total(numbers) == value


def test_a_total_shows_its_terms() -> None:
    assert total([5, 6, 7]).worked == "5 + 6 + 7 = 18"


def test_a_quantity_is_returned_as_it_is() -> None:
    number = Quantity(5, "weight", "k", "kernel size")
    assert quantity(number) is number


def test_pythons_sum_starts_from_a_zero_without_a_unit() -> None:
    weights = sum([Quantity(18, "weight"), Quantity(36, "weight")])
    assert isinstance(weights, Quantity)
    assert (weights.worked, weights.unit) == ("18 + 36 = 54", "weight")


def test_a_zero_that_was_counted_keeps_its_unit_in_a_sum() -> None:
    with pytest.raises(ValueError, match="cannot add quantities of different units"):
        Quantity(0) + Quantity(18, "weight")
    with pytest.raises(ValueError, match="cannot add quantities of different units"):
        Quantity(18, "weight") + 0


# -- what is not exact is refused


@pytest.mark.parametrize("word", ["unit", "symbol", "name"])
@pytest.mark.parametrize(("given", "said"), [(4, "int 4"), (None, "NoneType None")])
def test_words_that_are_no_text_are_refused(word: str, given: Any, said: str) -> None:
    with pytest.raises(TypeError, match=f"^{word} must be text, not {said}$"):
        Quantity(3, **{word: given})


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (0.5, "a quantity is an exact integer or fraction, not float 0.5"),
        (5.0, "not float 5.0"),
        (math.nan, "not float nan"),
        (math.inf, "not float inf"),
        (True, "not bool True"),
        (np.float32(1), "not float32"),
        (np.True_, "not bool"),
        (1j, "not complex 1j"),
        ("5", "not str '5'"),
        (None, "not NoneType None"),
        (Decimal("0.5"), "not Decimal"),
        ([5], "not list"),
    ],
)
def test_a_number_that_is_not_exact_is_refused(number: Any, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        Quantity(number)


@pytest.mark.parametrize("operation", [*OPERATIONS, operator.pow])
@pytest.mark.parametrize("number", [0.5, True, "5", None])
def test_arithmetic_with_what_is_not_exact_is_refused(
    operation: Callable[[Any, Any], Any], number: Any
) -> None:
    with pytest.raises(TypeError, match="exact integer or fraction"):
        operation(Quantity(5), number)
    with pytest.raises(TypeError, match="exact integer or fraction"):
        operation(number, Quantity(5))


@pytest.mark.parametrize("operation", [operator.truediv, operator.floordiv])
def test_a_division_by_zero_says_what_was_divided(operation: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(ZeroDivisionError, match=r"^cannot divide 352800 by zero$"):
        operation(Quantity(352_800), Quantity(3) - 3)


@pytest.mark.parametrize("exponent", [-1, Fraction(1, 2), Quantity(2, "weight")])
def test_an_exponent_is_a_whole_pure_number_that_is_not_negative(exponent: Any) -> None:
    with pytest.raises(ValueError, match=r"exponent .* is not a non-negative integer"):
        Quantity(5) ** exponent


# -- units

WEIGHTS, BYTES, EACH = Quantity(450, "weight"), Quantity(64, "byte"), Quantity(4, "byte/weight")


@pytest.mark.parametrize(
    ("number", "unit"),
    [
        (WEIGHTS + WEIGHTS, "weight"),
        (WEIGHTS - WEIGHTS, "weight"),
        (-WEIGHTS, "weight"),
        (WEIGHTS * 3, "weight"),
        (3 * WEIGHTS, "weight"),
        (WEIGHTS / 3, "weight"),
        (WEIGHTS // 4, "weight"),
        (math.floor(WEIGHTS / 4), "weight"),
        (WEIGHTS * EACH, "byte"),
        (EACH * WEIGHTS, "byte"),
        (WEIGHTS / WEIGHTS, ""),
        (BYTES / WEIGHTS, "byte/weight"),
        (BYTES / EACH, "weight"),
        (BYTES // EACH, "weight"),
        (BYTES // WEIGHTS, "byte/weight"),
        (1 / WEIGHTS, "/weight"),
        (1 / (1 / WEIGHTS), "weight"),
        (WEIGHTS * BYTES, "byte·weight"),
        (BYTES * WEIGHTS, "byte·weight"),
        (WEIGHTS**2, "weight·weight"),
        (WEIGHTS**2 / WEIGHTS, "weight"),
        (WEIGHTS**0, ""),
        (EACH / BYTES, "/weight"),
        (WEIGHTS.named("weights", unit="parameter"), "parameter"),
        (WEIGHTS.named("weights"), "weight"),
        (WEIGHTS.named("ratio", unit=""), ""),
    ],
)
def test_units_follow_the_arithmetic(number: Any, unit: str) -> None:
    assert number.unit == unit


@pytest.mark.parametrize(
    ("operation", "left", "right", "message"),
    [
        (
            operator.add,
            WEIGHTS,
            BYTES,
            "cannot add quantities of different units: 450 weight and 64 byte",
        ),
        (
            operator.sub,
            BYTES,
            WEIGHTS,
            "cannot subtract quantities of different units: 64 byte and 450 weight",
        ),
        (
            operator.add,
            WEIGHTS,
            1,
            r"cannot add quantities of different units: 450 weight and 1 \(a pure number\)",
        ),
        (
            operator.sub,
            1,
            WEIGHTS,
            r"cannot subtract quantities of different units: 1 \(a pure number\) and 450 weight",
        ),
    ],
)
def test_different_units_are_not_added(
    operation: Callable[[Any, Any], Any], left: Any, right: Any, message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        operation(left, right)


# -- as a number


def test_comparisons_are_those_of_the_values() -> None:
    rng = random.Random(2)
    comparisons = [operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge]
    for _ in range(500):
        a, b = (Fraction(rng.randint(-3, 3), rng.randint(1, 3)) for _ in range(2))
        for compare in comparisons:
            assert compare(Quantity(a), Quantity(b)) is compare(a, b)
            assert compare(Quantity(a), b) is compare(a, b)
            assert compare(a, Quantity(b)) is compare(a, b)


@pytest.mark.parametrize("other", ["5", None, (5,)])
def test_a_quantity_differs_from_what_is_no_number(other: object) -> None:
    assert Quantity(5) != other


def test_equal_quantities_have_equal_hashes() -> None:
    numbers = {Quantity(5), Quantity(5, "weight", "k"), Quantity(2) + 3, 5, Fraction(5)}
    assert len(numbers) == 1


@pytest.mark.parametrize(
    ("convert", "expected"),
    [
        (int, 456),
        (float, 456.0),
        (bool, True),
        (operator.index, 456),
        (str, "456"),
        (repr, "456"),
        (lambda number: f"{number:,}|{number:>5}|{number:x}", "456|  456|1c8"),
        (lambda number: list(range(1000))[number], 456),
        (lambda number: max(number, 3), 456),
    ],
)
def test_a_quantity_serves_as_a_number(convert: Callable[[Any], Any], expected: object) -> None:
    assert convert(Quantity(456, "parameter", "P")) == expected


def test_a_quantity_that_is_zero_is_false() -> None:
    assert not Quantity(0)


def test_numbers_are_formatted_by_pythons_rules() -> None:
    assert f"{Quantity(14_450_688):,}" == "14,450,688"
    assert f"{Quantity(Fraction(1, 3))}" == "1/3"


def test_a_fraction_is_no_index() -> None:
    with pytest.raises(TypeError, match=r"^1/2 is not a whole number$"):
        operator.index(Quantity(1) / 2)


def test_int_cuts_a_fraction_off_as_python_does() -> None:
    assert (int(Quantity(7) / 2), int(Quantity(-7) / 2)) == (3, -3)


def test_a_quantity_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        Quantity(5).value = 6


@pytest.mark.parametrize("again", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_a_copy_remembers_its_working(again: Callable[[Quantity], Quantity]) -> None:
    number = (Quantity(5, symbol="k") * 3).named("taps", symbol="t")
    assert (again(number), again(number).worked, again(number).formula) == (
        15,
        "5 · 3 = 15",
        "k · 3",
    )


# -- steps


def lesson_size() -> Quantity:
    size, kernel = Quantity(32, symbol="H"), Quantity(5, symbol="k")
    return (size - kernel + 1).named("output height", symbol="H_out")


def test_a_step_with_a_name_is_a_leaf_in_what_uses_it() -> None:
    outputs = lesson_size() * 6
    assert (outputs.worked, outputs.formula) == ("28 · 6 = 168", "H_out · 6")


def test_a_step_keeps_its_own_working() -> None:
    (step,) = (lesson_size() * 6).steps
    assert (step.name, step.worked, step.formula) == (
        "output height",
        "32 − 5 + 1 = 28",
        "H − k + 1",
    )


def test_a_number_that_was_given_is_no_step() -> None:
    given = Quantity(3, symbol="C", name="channels")
    assert (given * 6).steps == ()
    assert given.is_step


def test_a_step_used_twice_is_listed_once() -> None:
    size = lesson_size()
    assert [step.name for step in (size * size).steps] == ["output height"]


def test_steps_of_one_size_and_different_workings_are_both_listed() -> None:
    other = (Quantity(30) - 2).named("output height", symbol="H_out")
    assert [step.worked for step in (lesson_size() * other).steps] == [
        "32 − 5 + 1 = 28",
        "30 − 2 = 28",
    ]


def test_steps_are_listed_in_reading_order_and_not_below_each_other() -> None:
    first = lesson_size()
    second = (first * 2).named("doubled", symbol="D")
    assert [step.name for step in (second - first).steps] == ["doubled", "output height"]
    assert [step.name for step in (second + 1).steps] == ["doubled"]


def test_an_unnamed_step_is_written_out() -> None:
    taps = Quantity(5) * 5
    assert ((taps + 1) * 6).worked == "(5 · 5 + 1) · 6 = 156"


def test_a_name_given_again_replaces_the_first() -> None:
    number = lesson_size().named("rows", symbol="R", unit="row")
    assert (number.name, number.symbol, number.unit) == ("rows", "R", "row")
    assert number.worked == "32 − 5 + 1 = 28"


def test_a_quantity_is_never_a_step_of_itself() -> None:
    nothing = (Quantity(5) - 5).named("nothing", symbol="z")
    assert (nothing.worked, nothing.formula, nothing.steps) == ("0", "0", ())


def test_a_given_number_shows_itself() -> None:
    number = Quantity(14_450_688, "weight", "N", "weights")
    assert (number.worked, number.formula, number.steps) == ("14,450,688", "N", ())


def test_steps_that_read_alike_but_rest_on_others_are_both_listed() -> None:
    inputs = [(Quantity(10) + 2).named("padded"), (Quantity(6) * 2).named("doubled")]
    one, other = ((padded - 3).named("output height", symbol="H_out") for padded in inputs)
    assert one.worked == other.worked == "12 − 3 = 9"
    assert len((one * other).steps) == 2


def test_steps_are_counted_on_all_levels() -> None:
    one = (Quantity(2) * 3).named("one")
    two = (one + 1).named("two")
    assert [number.steps_below for number in (Quantity(5), one, two, two * one)] == [0, 0, 1, 3]
