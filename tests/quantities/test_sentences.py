from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

import pytest

from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words, fill


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


# -- facts by name


class Layer(NamedTuple):
    inputs: Quantity
    sizes: tuple[int, ...]


LAYER = Layer(Quantity(1024, "input"), (2, 3, 5))


@pytest.mark.parametrize(
    ("template", "text", "numbers"),
    [
        ("no place", "no place", ()),
        ("{layer.inputs} inputs", "1,024 inputs", (1024,)),
        ("{layer.sizes[1]} and {n}, {n}", "3 and 7, 7", (3, 7, 7)),
        ("of {layer.sizes}", "of 2, 3 and 5", (2, 3, 5)),
        ("{pair}", "one and 7", (7,)),
        ("{layer.sizes:; }", "2; 3; 5", (2, 3, 5)),
        ("{rows:; }.", "1 and 2; 3 of 4.", (1, 2, 3, 4)),
        ("{none}.", ".", ()),
        ("{3} of {10} {word}", "3 of 10 shared", (3, 10)),
        ("{{braces}} {word}", "{braces} shared", ()),
    ],
)
def test_places_name_facts(template: str, text: str, numbers: tuple[int, ...]) -> None:
    facts = {"layer": LAYER, "n": 7, "pair": ["one", 7], "none": [], "word": "shared"}
    facts["rows"] = [(1, 2), fill("{part} of {whole}", {"part": 3, "whole": 4})]
    words = fill(template, facts)
    assert (words.text, words.numbers) == (text, numbers)


def test_facts_may_be_attributes() -> None:
    assert fill("{inputs} of {sizes[0]}", LAYER).text == "1,024 of 2"


@pytest.mark.parametrize(
    ("template", "error", "message"),
    [
        ("{inptus}", LookupError, "no fact named 'inptus'; did you mean 'inputs'?"),
        ("{sizes[9]}", LookupError, "no fact named 'sizes[9]'"),
        ("{inputs.colour}", LookupError, "no fact named 'inputs.colour'"),
        ("{}", LookupError, "no fact named ''"),
    ],
)
def test_a_place_without_a_fact_is_named(
    template: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)):
        fill(template, LAYER)


def test_a_fact_that_is_not_exact_is_refused() -> None:
    with pytest.raises(TypeError, match=r"fact 'x': .* not float 0\.5"):
        fill("{x}", {"x": 0.5})
