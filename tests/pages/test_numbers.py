from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from mkdocs_cnn import Conv2d
from mkdocs_cnn.pages.html import Show
from mkdocs_cnn.pages.numbers import NumbersOnPage, Record, with_records
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
    page.end(second)
    assert "30 − 3 + 1 = 28" in page.derivations()
    assert "32 − 5 + 1 = 28" not in page.derivations()


def test_a_record_that_was_kept_opens_to_the_same_as_its_number(page: NumbersOnPage) -> None:
    for number in (LESSON.parameters, LESSON.sparsity, Quantity(1) / 3, Quantity(10**30)):
        kept = Record(*json.loads(json.dumps(Record.of(number), ensure_ascii=False)))
        assert kept.id == opened(page.show(number))


def test_a_number_has_the_same_id_on_every_page_whatever_stands_before_it() -> None:
    one, other = NumbersOnPage("one/"), NumbersOnPage("other/")
    one.show(Quantity(7))
    assert one.show(LESSON.weights) == other.show(LESSON.weights)


@pytest.mark.parametrize("field", Record._fields)
def test_a_record_that_differs_anywhere_opens_to_something_else(field: str) -> None:
    record = Record.of(LESSON.parameters)
    other = record._replace(**{field: 457 if field == "value" else "other"})
    assert record.id != other.id


def test_what_numbers_open_to_stands_once(page: NumbersOnPage) -> None:
    text = f"It has {page.show(LESSON.parameters)} and yes {page.show(LESSON.parameters)} again"
    assert page.end(text) == text
    section = page.derivations()
    assert section.startswith('<section class="cnn-derivations" data-search-exclude><div popover ')
    assert section.count("(5 · 5 · 3 + 1) · 6 = 456") == 1
    assert section.count(f'id="{opened(text)}"') == 1


def test_a_page_without_numbers_stays_as_it_is(page: NumbersOnPage) -> None:
    page.show(LESSON.parameters)  # computed, and not printed
    assert page.end("No number.\n") == "No number.\n"
    assert (page.derivations(), list(page.entries())) == ("", [])


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
    typed = '<button popovertarget="cnn-777777777777"><data value="3">3</data></button>'
    assert page.end(typed) == typed
    assert list(page.entries()) == []


# -- HTML that was kept, with its numbers


def sentence(show: Show) -> str:
    """A line with one number twice, and with another that is made and not printed."""
    show(Quantity(7))
    return f"a {show(LESSON.parameters)} b {show(LESSON.weights)} c {show(LESSON.parameters)}"


def kept(make: Callable[[Show], str]) -> Any:
    """What JSON gives back of it."""
    return json.loads(json.dumps(with_records(make)))


def test_html_that_was_kept_is_published_as_if_it_were_made_on_the_page() -> None:
    live, again = NumbersOnPage("a/"), NumbersOnPage("a/")
    made = live.show(LESSON.macs) + sentence(live.show)
    text, records = kept(sentence)
    again.add(records)
    assert again.show(LESSON.macs) + text == made
    for page in (live, again):
        page.end(made)
    assert again.derivations() == live.derivations()
    assert list(again.entries()) == list(live.entries())
    assert "(5 · 5 · 3 + 1) · 6 = 456" in again.derivations()


def test_a_number_of_the_page_and_one_that_was_kept_share_what_they_open_to() -> None:
    page = NumbersOnPage("")
    alone = page.show(LESSON.weights)
    text, records = kept(sentence)
    page.add(records)
    assert alone in text
    page.end(alone + text)
    assert page.derivations().count("5 · 5 · 3 · 6 = 450") == 1


def test_a_number_that_changed_in_what_was_kept_is_seen() -> None:
    text, records = kept(sentence)
    (changed,) = (fields for fields in records.values() if fields[0] == 456)
    changed[0] = 457
    page = NumbersOnPage("")
    page.add(records)
    page.end(text)
    assert [entry["value"] for entry in page.entries()] == [457, 450, 457]
