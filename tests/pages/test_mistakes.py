from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from jinja2 import DictLoader, Environment, TemplateError, pass_context
from markdown import markdown

from mkdocs_cnn.pages.mistakes import box, guard

Reports = list[tuple[int | None, str]]


class Layer:
    """What a page might put on an input."""

    weights = 450
    macs = 352_800

    def on(self, *sizes: int) -> Layer:
        if len(sizes) != 3:
            raise ValueError(f"takes 3 sizes, not {len(sizes)}")
        return self

    @property
    def fails(self) -> int:
        raise ValueError("cannot be counted")

    @property
    def forgets(self) -> int:
        return self.weigths  # type: ignore[attr-defined, no-any-return]

    def loses_a_key(self) -> None:
        raise KeyError("kernel")

    def loses_its_file(self) -> None:
        raise OSError("no such file")

    def ends_it_all(self) -> None:
        raise SystemExit(3)

    def stops_iterating(self) -> None:
        raise StopIteration


class Page:
    """A bare Jinja environment, guarded, and what it reported."""

    def __init__(self, files: dict[str, str] | None = None) -> None:
        self.reports: Reports = []
        self.environment = Environment(loader=DictLoader(files or {}))
        self.environment.globals |= {"lesson": Layer(), "listed": lambda rows: sorted(rows)}

    def render(self, source: str, write: Callable[[Any], Any] = lambda value: value) -> str:
        guard(self.environment, lambda line, message: self.reports.append((line, message)), write)
        return self.environment.from_string(source).render()


@pytest.fixture
def page() -> Page:
    return Page()


# -- what is well is left alone


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ lesson.on(3, 32, 32).weights }}", "450"),
        ("{{ 7 // 2 + 2 ** 3 - 1 % 2 * -1 / +1 }}", "12.0"),
        ("{{ 'a' ~ 1 }}{{ 'b' | upper }}{{ [3, 1] | sort | join('-') }}", "a1B1-3"),
        ("{{ [1, 2] | map('string') | map('upper') | list }}", "['1', '2']"),
        ("{% if 4 is even and 3 is not even %}yes{% endif %}", "yes"),
        ("{{ misspelt is defined }} {{ misspelt is undefined }}", "False True"),
        ("{{ misspelt | default('none') }} {{ misspelt | d(3) }}", "none 3"),
        ("{{ lesson.wights | default('none') }}", "none"),
        ("{% if misspelt is defined and misspelt %}yes{% else %}no{% endif %}", "no"),
        ("{{ 3 in [1, 3] }} {{ 1 < 2 }} {{ none == none }}", "True True True"),
        ("{% set a = 1 %}{% for n in [1, 2] %}{{ loop.index + a }}{% endfor %}", "23"),
        ("{% macro twice(n) %}{{ n * 2 }}{% endmacro %}{{ twice(4) }}", "8"),
        ("{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}x{% endcall %}", "<x>"),
    ],
)
def test_a_page_without_mistakes_is_rendered_as_ever(page: Page, source: str, text: str) -> None:
    assert page.render(source) == text
    assert page.reports == []


def test_what_is_printed_may_be_shown_otherwise(page: Page) -> None:
    assert page.render("{{ 1 }} {{ 'a' }}", write=lambda value: f"<{value}>") == "<1> <a>"


# -- every mistake is reported once


@pytest.mark.parametrize(
    ("source", "message"),
    [
        # names
        ("{{ leson }}", "no name 'leson'; did you mean 'lesson'?"),
        ("{{ zzz }}", "no name 'zzz'"),
        ("{% set kernel = 5 %}{{ kernal }}", "no name 'kernal'; did you mean 'kernel'?"),
        ("{{ leson.on(3, 32, 32).dense.weights }}", "no name 'leson'; did you mean 'lesson'?"),
        ("{{ -(leson + 1) * 2 // 3 }}", "no name 'leson'; did you mean 'lesson'?"),
        ("{{ [leson] }}", "no name 'leson'; did you mean 'lesson'?"),
        ("{{ 'a' ~ leson }}", "no name 'leson'; did you mean 'lesson'?"),
        ("{{ leson.message }}", "no name 'leson'; did you mean 'lesson'?"),
        ("{{ leson['message'] }}", "no name 'leson'; did you mean 'lesson'?"),
        # names that are used without being printed
        ("{% if leson %}x{% endif %}", "no name 'leson'; did you mean 'lesson'?"),
        ("{% for n in leson %}x{% endfor %}", "no name 'leson'; did you mean 'lesson'?"),
        ("{% if leson == 3 %}x{% endif %}", "no name 'leson'; did you mean 'lesson'?"),
        ("{% if leson.weights > 3 %}x{% endif %}", "no name 'leson'; did you mean 'lesson'?"),
        ("{% if 3 in leson %}x{% endif %}", "no name 'leson'; did you mean 'lesson'?"),
        ("{% if leson is even %}x{% endif %}", "no name 'leson'; did you mean 'lesson'?"),
        ("{% set n = leson | length %}", "no name 'leson'; did you mean 'lesson'?"),
        # attributes
        ("{{ lesson.wights }}", "Layer has no 'wights'; did you mean 'weights'?"),
        ("{{ lesson.on(3, 32, 32).zzz }}", "Layer has no 'zzz'"),
        ("{{ {'macs': 1}.mac }}", "dict has no 'mac'; did you mean 'macs'?"),
        ("{{ [1, 2][5] }}", "list has no 5"),
        ("{{ lesson.fails }}", "fails: cannot be counted"),
        ("{{ lesson.forgets + 1 }}", "forgets: AttributeError: 'Layer' object has no attribute"),
        ("{{ leson.environment }}", "no name 'leson'; did you mean 'lesson'?"),
        # calls
        ("{{ lesson.on(3) }}", "on: takes 3 sizes, not 1"),
        ("{{ lesson.on(size=3) }}", "on: no argument 'size'; did you mean 'sizes'?"),
        ("{{ lesson.on(zzz=3) }}", "on: no argument 'zzz'"),
        ("{{ lesson.loses_a_key() }}", "loses_a_key: KeyError: 'kernel'"),
        ("{{ lesson.loses_its_file() }}", "loses_its_file: OSError: no such file"),
        ("{{ lesson() }}", "'Layer' object is not callable"),
        ("{{ lesson.on(leson, 1, 1) }}", "no name 'leson'; did you mean 'lesson'?"),
        ("{{ listed({'a': [leson]}) }}", "no name 'leson'; did you mean 'lesson'?"),
        # operators
        ("{{ 1 + 'a' }}", "unsupported operand type(s) for +: 'int' and 'str'"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ -'a' }}", "bad operand type for unary -: 'str'"),
        # filters and tests
        ("{{ 'a' | round }}", "round: type str doesn't define __round__ method"),
        ("{{ 'a' | uper }}", "no filter named 'uper'; did you mean 'upper'?"),
        ("{{ ['a'] | map('uper') | list }}", "no filter named 'uper'; did you mean 'upper'?"),
        ("{{ [] | first | upper }}", "No first item, sequence was empty."),
        ("{% if 'a' is evn %}x{% endif %}", "no test named 'evn'; did you mean 'even'?"),
        ("{% if 'a' is even %}x{% endif %}", "even: not all arguments converted"),
    ],
)
def test_a_mistake_is_reported_once_and_the_page_goes_on(
    page: Page, source: str, message: str
) -> None:
    text = page.render(f"before\n\n{source}\nafter")
    [(line, said)] = page.reports
    assert line == 3
    assert said.startswith(message)
    assert text.startswith("before\n")
    assert text.endswith("\nafter")


@pytest.mark.parametrize(
    "source", ["{{ leson }}", "{{ leson.on(3).macs }}", "{{ 1 / 0 }}", "{{ 'a' | uper }}"]
)
def test_a_mistake_leaves_a_box_with_its_message(page: Page, source: str) -> None:
    assert page.render(source) == box(page.reports[0][1])


@pytest.mark.parametrize("said", ["<b> & 'it'", "__init__ of *args", "`a` [b](c) \\* é"])
def test_a_box_shows_markup_of_html_and_markdown_as_text(said: str) -> None:
    html = f"<p>{box(said)}</p>"
    assert BeautifulSoup(html, "html.parser").get_text() == said
    assert markdown(box(said)) == html


def test_what_cannot_be_shown_is_a_mistake(page: Page) -> None:
    def write(value: object) -> object:
        raise ValueError(f"cannot show {value}")

    assert page.render("a {{ 3 }} b", write) == f"a {box('cannot show 3')} b"
    assert page.reports == [(1, "cannot show 3")]


def test_a_mistake_that_is_kept_and_used_often_is_reported_once_where_it_began(page: Page) -> None:
    source = "\n{% set kept = lesson.on(1) %}\n{{ kept }} {{ kept.macs }}\n{{ kept + 1 }}"
    text = page.render(source)
    assert page.reports == [(2, "on: takes 3 sizes, not 1")]
    assert text.count("mkdocs-cnn-error") == 3


def test_a_mistake_in_a_loop_leaves_its_other_calls_alone(page: Page) -> None:
    source = "{% for n in [1] %}{% set a = leson.x %}{{ lesson.on(1, 2, n).macs }}{% endfor %}"
    assert page.render(source) == "352800"
    assert page.reports == []  # for nobody used it


def test_a_name_is_misspelt_where_it_stands_not_where_it_is_printed(page: Page) -> None:
    page.render("\n{% set kept = leson %}\n\n{{ kept }}")
    assert [line for line, _ in page.reports] == [2]


# -- lines

EVERYWHERE = """first line
{% for n in [1, 2] %}
{{ in_for }}
{% endfor %}
{% if true %}
text
{{ in_if }}
{% else %}
{{ never }}
{% endif %}
{% macro twice(n) %}

{{ in_macro }}
{{ caller() }}
{% endmacro %}
{% call twice(1) %}
{{ in_call }}
{% endcall %}
{% set block %}
{{ in_set }}
{% endset %}
{% filter upper %}
{{ in_filter }}
{% endfilter %}
{{ block }} {{
  on_the_second_line }} {{ same_line }}
last line"""


def test_several_mistakes_are_each_reported_on_their_own_line(page: Page) -> None:
    text = page.render(EVERYWHERE)
    assert text.endswith("last line")
    assert sorted(set(page.reports), key=str) == sorted(
        [
            (3, "no name 'in_for'"),
            (7, "no name 'in_if'"),
            (13, "no name 'in_macro'"),
            (17, "no name 'in_call'"),
            (20, "no name 'in_set'"),
            (23, "no name 'in_filter'"),
            (26, "no name 'on_the_second_line'"),
            (26, "no name 'same_line'"),
        ],
        key=str,
    )


INCLUDED = {
    "part.md": "a\n{{ in_part }}\n{% macro called() %}\n\n{{ zzz }}{% endmacro %}",
    "broken.md": "a\n\n{% for %}",
    "parent.md": "{{ in_parent }}\n{% block body %}{% endblock %}",
}


@pytest.mark.parametrize(
    ("source", "reports"),
    [
        ("\n{% include 'part.md' %}", [(2, "part.md:2: no name 'in_part'")]),
        (
            "{% import 'part.md' as part %}\n\n{{ part.called() }}",
            [(1, "part.md:2: no name 'in_part'"), (3, "part.md:5: no name 'zzz'")],
        ),
        (
            "{% extends 'parent.md' %}\n{% block body %}\n{{ in_page }}{% endblock %}",
            [(1, "parent.md:1: no name 'in_parent'"), (3, "no name 'in_page'")],
        ),
    ],
)
def test_a_mistake_in_an_included_file_names_both_places(source: str, reports: Reports) -> None:
    page = Page(INCLUDED)
    page.render(source)
    assert page.reports == reports


# -- what no page survives


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("\n\n{{ 1 + }}\nmore", 3, "unexpected 'end of print statement'"),
        ("\n{% for n in [1] %}\n", 2, "Unexpected end of template."),
        ("\n{% endfor %}", 2, "Encountered unknown tag 'endfor'."),
        ("\n{% include 'broken.md' %}", 2, "broken.md:3: Expected an expression"),
        ("\n{% include 'gone.md' %}", 2, "TemplateNotFound: gone.md"),
    ],
)
def test_what_stops_a_page_is_reported_once_with_its_line(
    source: str, line: int, message: str
) -> None:
    page = Page(INCLUDED)
    with pytest.raises(TemplateError):
        page.render(source)
    [(reported, said)] = page.reports
    assert reported == line
    assert said.startswith(message)


def test_a_page_after_one_that_stopped_is_rendered(page: Page) -> None:
    for _ in range(2):
        with pytest.raises(TemplateError):
            page.render("{{ 1 + }}")
    assert page.render("{{ 1 + 1 }}") == "2"
    assert len(page.reports) == 2


# -- an author's own macros and filters


def test_an_authors_functions_keep_working(page: Page) -> None:
    @pass_context
    def where(context: Any, name: str) -> str:
        return f"{name}={context[name]}"

    def bracketed(function: Callable[..., str]) -> Callable[..., str]:
        @functools.wraps(function)
        def wrapper(value: str) -> str:
            return f"[{function(value)}]"

        return wrapper

    page.environment.globals["where"] = where
    page.environment.filters["shouted"] = bracketed(lambda value: value.upper())
    page.environment.tests["short"] = lambda value: len(value) < 3
    source = "{% set a = 1 %}{{ where('a') }} {{ 'b' | shouted }} {{ 'b' is short }}"
    assert [page.render(source) for _ in range(3)] == ["a=1 [B] True"] * 3


def test_a_filter_that_is_added_later_is_guarded_too(page: Page) -> None:
    page.render("")
    page.environment.filters["fails"] = lambda value: 1 / 0
    page.render("{{ 3 | fails }}")
    assert page.reports == [(1, "fails: division by zero")]


def test_a_function_that_stops_iterating_is_a_mistake(page: Page) -> None:
    page.render("{{ lesson.stops_iterating() }}")
    assert [line for line, _ in page.reports] == [1]
    assert "StopIteration" in page.reports[0][1]


def test_whoever_stops_the_build_is_not_held_up(page: Page) -> None:
    def stopped() -> None:
        raise KeyboardInterrupt

    page.environment.globals["stopped"] = stopped
    with pytest.raises(KeyboardInterrupt):
        page.render("{{ stopped() }}")


def test_what_calls_for_the_end_does_not_end_the_build(page: Page) -> None:
    assert page.render("{{ lesson.ends_it_all() }} on").endswith(" on")
    assert page.reports == [(1, "ends_it_all: SystemExit: 3")]
