from __future__ import annotations

from fractions import Fraction

import pytest

from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words


@pytest.mark.parametrize(
    ("template", "numbers", "text"),
    [
        ("No number.", (), "No number."),
        ("{} weights", (14_450_688,), "14,450,688 weights"),
        ("from {} to {}", (Quantity(1, "weight"), Quantity(2)), "from 1 to 2"),
        ("{}{}", (1, -2), "1−2"),
        ("{} times", (Quantity(Fraction(1024, 25)),), "40.96 times"),
        ("the set {a, b} has {}", (2,), "the set {a, b} has 2"),
        ("{0} is no place, {} is", (1,), "{0} is no place, 1 is"),
    ],
)
def test_numbers_stand_in_their_places(
    template: str, numbers: tuple[Quantity | int, ...], text: str
) -> None:
    assert Words(template, *numbers).text == text


@pytest.mark.parametrize(
    ("template", "numbers", "message"),
    [
        ("{} of {}", (1,), r"1 numbers for 2 places: \{\} of \{\}"),
        ("none", (1, 2), "2 numbers for 0 places: none"),
    ],
)
def test_every_place_has_its_number(template: str, numbers: tuple[int, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Words(template, *numbers)


def test_numbers_keep_their_working() -> None:
    made = Quantity(5) * 5
    assert Words("{}", made).numbers[0].worked == "5 · 5 = 25"


@pytest.mark.parametrize("number", [1.5, True, "3"])
def test_what_is_no_exact_number_is_refused(number: int) -> None:
    with pytest.raises(TypeError, match="exact integer or fraction"):
        Words("{}", number)


def test_the_same_words_are_equal() -> None:
    assert Words("{} weights", 3) == Words("{} weights", Quantity(3))
    assert Words("{} weights", 3) != Words("{} weights", 4)
