from __future__ import annotations

import json
from pathlib import Path

import pytest

from mkdocs_cnn import Conv2d
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.pages.fragments import Fragment
from mkdocs_cnn.pages.html import Show
from mkdocs_cnn.pages.numbers import NumbersOnPage
from mkdocs_cnn.quantities.quantity import Quantity

LESSON = Conv2d(3, 6, kernel_size=5).on(3, 32, 32)


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path)


def sentence(show: Show) -> str:
    """A line with one number twice, and with another that is made and not printed."""
    show(Quantity(7))
    return f"a {show(LESSON.parameters)} b {show(LESSON.weights)} c {show(LESSON.parameters)}"


def never(show: Show) -> str:
    raise AssertionError("made again")


def file(cache: Cache) -> Path:
    return cache.path("key", "json")


def finished(page: NumbersOnPage, html: str) -> tuple[str, list[object]]:
    """All that is published of a page."""
    return page.filled(page.end(html)), list(page.entries())


def test_a_fragment_replayed_is_published_as_if_it_were_made_on_the_page(cache: Cache) -> None:
    Fragment.remembered(cache, "key", sentence)
    live, replayed = NumbersOnPage("a/"), NumbersOnPage("a/")
    before = [page.show(LESSON.macs) for page in (live, replayed)]
    shown = before[0] + sentence(live.show)
    again = before[1] + Fragment.remembered(cache, "key", never).on(replayed)
    assert again == shown
    assert finished(replayed, again) == finished(live, shown)
    assert "(5 · 5 · 3 + 1) · 6 = 456" in finished(replayed, again)[0]


def test_a_number_of_the_page_and_one_of_a_fragment_share_what_they_open_to(cache: Cache) -> None:
    page = NumbersOnPage("")
    alone = page.show(LESSON.weights)
    html = Fragment.remembered(cache, "key", sentence).on(page)
    assert alone in html
    assert page.filled(page.end(html)).count("5 · 5 · 3 · 6 = 450") == 1


def test_two_fragments_on_one_page_keep_their_numbers_apart() -> None:
    page = NumbersOnPage("")
    first = Fragment.made(lambda show: show(Quantity(1)))
    second = Fragment.made(lambda show: show(Quantity(2)))
    page.end(first.on(page) + second.on(page) + first.on(page))
    assert [entry["value"] for entry in page.entries()] == [1, 2, 1]


def test_more_than_nine_numbers_keep_their_order() -> None:
    page = NumbersOnPage("")
    page.show(Quantity(99))
    many = Fragment.made(lambda show: "".join(show(Quantity(n)) for n in range(1, 25)))
    page.end(many.on(page))
    assert [entry["value"] for entry in page.entries()] == list(range(1, 25))


def test_a_number_that_changed_in_what_was_kept_is_seen(cache: Cache) -> None:
    Fragment.remembered(cache, "key", sentence)
    html, numbers = json.loads(file(cache).read_bytes())
    at = next(at for at, number in enumerate(numbers) if number[0] == 456)
    numbers[at][0] = 457
    file(cache).write_text(json.dumps([html, numbers]), encoding="utf-8")
    page = NumbersOnPage("")
    page.end(Fragment.remembered(cache, "key", never).on(page))
    assert [entry["value"] for entry in page.entries()] == [457, 450, 457]


def test_what_is_no_number_of_ours_is_left_alone() -> None:
    typed = 'see popovertarget=&quot;cnn-1&quot; and <a href="#cnn-1">cnn-1</a> '
    page = NumbersOnPage("")
    page.show(Quantity(99))
    html = Fragment.made(lambda show: typed + show(Quantity(1))).on(page)
    assert html.startswith(typed)
    assert 'popovertarget="cnn-2"' in html


def test_another_fingerprint_is_made_anew(cache: Cache) -> None:
    Fragment.remembered(cache, "key", sentence)
    other = Fragment.remembered(cache, "other", lambda show: "other")
    assert other == Fragment("other", [])


@pytest.mark.parametrize("share", [0, 0.3, 0.9])
def test_an_entry_that_was_cut_short_is_made_anew(cache: Cache, share: float) -> None:
    whole = Fragment.remembered(cache, "key", sentence)
    kept = file(cache).read_bytes()
    cut = kept[: int(len(kept) * share)].decode(errors="ignore").encode()
    file(cache).write_bytes(cut)
    assert Fragment.remembered(cache, "key", sentence) == whole
    assert file(cache).read_bytes() == kept


def test_a_failure_is_not_kept(cache: Cache) -> None:
    def fails(show: Show) -> str:
        show(Quantity(1))
        raise ValueError("no such thing")

    for _ in range(2):
        with pytest.raises(ValueError, match="no such thing"):
            Fragment.remembered(cache, "key", fails)
    assert not file(cache).exists()
