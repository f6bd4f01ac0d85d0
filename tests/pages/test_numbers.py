from __future__ import annotations

import json
from fractions import Fraction

import pytest

from mkdocs_cnn import Conv2d
from mkdocs_cnn.pages.numbers import NumbersOnPage, Record
from mkdocs_cnn.quantities.quantity import Quantity

LESSON = Conv2d(3, 6, kernel_size=5).on(3, 32, 32)


@pytest.fixture
def page() -> NumbersOnPage:
    return NumbersOnPage("ideas/")


def opened(html: str) -> str:
    """The id of what a number opens to."""
    return html.split('popovertarget="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("number", "text", "shown"),
    [
        (Quantity(14_450_688), "", '<data class="quantity" value="14450688">14,450,688</data>'),
        (Quantity(14_450_688), "14.5 million", 'value="14450688">14.5 million</data>'),
        (Quantity(Fraction(1024, 25)), "", 'value="40.96">40.96</data>'),
        (Quantity(Fraction(1, 3)), "", 'value="0.3333333333333333">0.3333</data>'),
        (Quantity(-3), "", 'value="-3">−3</data>'),
        (Quantity(10**30), "", f'value="{10**30}">'),
        (Quantity(1), "a < b", 'value="1">a &lt; b</data>'),
    ],
)
def test_a_number_is_data_with_its_value(
    page: NumbersOnPage, number: Quantity, text: str, shown: str
) -> None:
    assert shown in page.show(number, text)


def test_numbers_made_alike_open_to_the_same_working(page: NumbersOnPage) -> None:
    again = Conv2d(3, 6, kernel_size=5).on(3, 32, 32)
    first = opened(page.show(LESSON.parameters))
    assert opened(page.show(again.parameters)) == first
    assert opened(page.show(LESSON.parameters, "about 500")) == first


@pytest.mark.parametrize(
    "other",
    [
        LESSON.weights,  # another number
        Quantity(456),  # the same value, given
        Quantity(400) + 56,  # the same value, made in another way
        LESSON.parameters.named("something else"),
        LESSON.parameters.named("parameters", symbol="N_p", unit="byte"),
    ],
)
def test_numbers_made_otherwise_open_to_their_own_working(
    page: NumbersOnPage, other: Quantity
) -> None:
    assert opened(page.show(LESSON.parameters)) != opened(page.show(other))


def test_numbers_that_read_alike_open_to_their_own_working(page: NumbersOnPage) -> None:
    # By hand: 32 − 5 + 1 and 30 − 3 + 1 are both 28.
    other = Conv2d(3, 6, kernel_size=3).on(3, 30, 30)
    first, second = page.show(LESSON.outputs), page.show(other.outputs)
    assert opened(first) != opened(second)
    ended = page.filled(page.end(second))
    assert "30 − 3 + 1 = 28" in ended
    assert "32 − 5 + 1 = 28" not in ended


def test_a_record_that_was_kept_opens_to_the_same_as_its_number(page: NumbersOnPage) -> None:
    for number in (LESSON.parameters, LESSON.sparsity, Quantity(1) / 3, Quantity(10**30)):
        kept = Record(*json.loads(json.dumps(Record.of(number), ensure_ascii=False)))
        assert page.opens(kept) == opened(page.show(number))


@pytest.mark.parametrize("field", Record._fields)
def test_a_record_that_differs_anywhere_opens_to_something_else(
    page: NumbersOnPage, field: str
) -> None:
    record = Record.of(LESSON.parameters)
    other = record._replace(**{field: 457 if field == "value" else "other"})
    assert page.opens(record) != page.opens(other)


def test_what_numbers_open_to_stands_once_at_the_end(page: NumbersOnPage) -> None:
    text = f"It has {page.show(LESSON.parameters)} and yes {page.show(LESSON.parameters)} again"
    ended = page.filled(page.end(text))
    assert ended.startswith(text + "\n\n<section")
    assert ended.count("(5 · 5 · 3 + 1) · 6 = 456") == 1
    assert ended.count('id="cnn-1"') == 1
    assert "data-search-exclude" in ended


def test_a_page_without_numbers_stays_as_it_is(page: NumbersOnPage) -> None:
    page.show(LESSON.parameters)  # computed, and not printed
    assert page.end("No number.\n") == "No number.\n"
    assert list(page.entries()) == []


def test_entries_follow_the_page_not_the_computing(page: NumbersOnPage) -> None:
    late, early, unused = (page.show(Quantity(n)) for n in (1, 2, 3))
    page.end(f"{early} {late} {early}")
    entries = list(page.entries())
    assert [entry["value"] for entry in entries] == [2, 1, 2]
    assert [entry["order"] for entry in entries] == [1, 2, 3]
    assert unused


def test_an_entry_says_everything_about_its_number(page: NumbersOnPage) -> None:
    page.end(page.show(LESSON.dense.weights, "14.5 million"))
    assert list(page.entries()) == [
        {
            "page": "ideas/",
            "order": 1,
            "value": 14_450_688,
            "exact": "14450688",
            "text": "14.5 million",
            "unit": "weights",
            "name": LESSON.dense.weights.name,
            "symbol": LESSON.dense.weights.symbol,
            "formula": "m n",
            "worked": "3,072 · 4,704 = 14,450,688",
        }
    ]


def test_a_fraction_keeps_its_exact_value(page: NumbersOnPage) -> None:
    page.end(page.show(Quantity(1) / 3))
    (entry,) = page.entries()
    assert (entry["value"], entry["exact"]) == (1 / 3, "1/3")


def test_text_that_was_escaped_is_published_as_it_reads(page: NumbersOnPage) -> None:
    page.end(page.show(Quantity(1), "<1 & more"))
    assert [entry["text"] for entry in page.entries()] == ["<1 & more"]


def test_a_number_that_an_author_typed_as_html_is_left_alone(page: NumbersOnPage) -> None:
    typed = '<button popovertarget="cnn-7"><data value="3">3</data></button>'
    assert page.end(typed) == typed
    assert list(page.entries()) == []
