"""The pages' own text: what it names exists, and it types inputs, never results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from jinja2 import Environment, nodes
from jinja2.meta import find_undeclared_variables
from mkdocs.config import load_config

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.claims import claims, sources
from mkdocs_cnn.experiments.catalogue import catalogue as experiments
from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.networks import networks
from mkdocs_cnn.pages.vocabulary import Vocabulary

ROOT = Path(__file__).parent.parent
PAGES = sorted(path.relative_to(ROOT / "docs").as_posix() for path in ROOT.glob("docs/**/*.md"))
JINJA = Environment(comment_start_string="<#", comment_end_string="#>")
BUILT_IN = set(JINJA.filters)
VOCABULARY = Vocabulary(cast(Any, None), Cache(ROOT))  # of a site without pages
JINJA.filters |= VOCABULARY.filters()

every_page = pytest.mark.parametrize("page", PAGES)


@cache
def source(page: str) -> tuple[dict[str, str], str]:
    """The front matter of a page, and its text."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    _, matter, body = text.split("---\n", 2) if text.startswith("---\n") else ("", "{}", text)
    return yaml.safe_load(matter), body


@cache
def parsed(page: str) -> nodes.Template:
    return JINJA.parse(source(page)[1])


def calls(page: str, name: str) -> Iterator[tuple[list[Any], dict[str, Any]]]:
    """The literal arguments of every call of a macro; None stands for what is computed."""
    for call in parsed(page).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == name:
            arguments = [getattr(argument, "value", None) for argument in call.args]
            yield arguments, {item.key: getattr(item.value, "value", None) for item in call.kwargs}


def first_arguments(page: str, name: str) -> list[Any]:
    return [arguments[0] if arguments else "" for arguments, _ in calls(page, name)]


# -- names


@every_page
def test_every_name_of_a_page_is_one_of_ours(page: str) -> None:
    assert find_undeclared_variables(parsed(page)) <= set(VOCABULARY.macros())


@every_page
def test_every_filter_of_a_page_is_ours_or_jinjas(page: str) -> None:
    used = {filter_.name for filter_ in parsed(page).find_all(nodes.Filter)}
    assert used <= set(VOCABULARY.filters()) | BUILT_IN


@every_page
@pytest.mark.parametrize(
    ("macro", "known"),
    [
        ("figure", set(catalogue())),
        ("claim", set(claims())),
        ("claims", {"", *sources()}),
        ("cite", set(sources())),
        ("experiment", set(experiments())),
        ("protocol", set(experiments())),
    ],
    ids=["figure", "claim", "claims", "cite", "experiment", "protocol"],
)
def test_everything_that_a_page_calls_by_name_exists(
    page: str, macro: str, known: set[str]
) -> None:
    assert set(first_arguments(page, macro)) <= known


def test_every_figure_stands_on_a_page_or_in_the_list_of_all() -> None:
    shown = {name for page in PAGES for name in first_arguments(page, "figure")}
    listed = set(catalogue()) if list(calls("figures.md", "figures")) else set()
    assert shown | listed == set(catalogue())


def test_every_claim_stands_in_the_ledger() -> None:
    sources = first_arguments("claims.md", "claims")
    listed = {name for name, claim in claims().items() if {"", claim.source.key} & set(sources)}
    listed |= set(first_arguments("claims.md", "claim"))
    assert listed == set(claims())


def test_every_experiment_has_its_protocol_below_its_name() -> None:
    text = source("experiments.md")[1]
    for name in experiments():
        heading, macro = f"{{ #{name} }}\n", f'{{{{ protocol("{name}") }}}}'
        assert heading in text, f"a heading with the id {name}"
        assert text.partition(heading)[2].partition("\n## ")[0].strip().endswith(macro)


def test_every_source_stands_in_the_list_of_references() -> None:
    assert list(calls("references.md", "references"))


# -- numbers


@pytest.fixture(scope="module", params=PAGES)
def page(request: pytest.FixtureRequest) -> str:
    return str(request.param)


MARKUP = re.compile(
    r"^```.*?^```$|^~~~.*?^~~~$"  # fences, mathematics among them
    r"|`[^`\n]+`"  # code and mathematics in a line
    r"|\]\([^)]*\)|^\[[^]]+\]:.*?$|https?://\S+"  # where links lead
    r"|^\s*\d+\.\s"  # an item of a numbered list
    r"|\{[ .#:][^}\n]*\}"  # attribute lists
    r"|<[^>]+>",
    re.MULTILINE | re.DOTALL,
)
# A licence has a number in its name, and so have networks.
NAMES = re.compile(
    "|".join(["CC BY 4.0", *sorted({re.escape(net.title) for net in networks.values()})])
)
NUMBER = re.compile(r"(?<![A-Za-z_\d.])\d[\d,]*(?:\.\d+)?")


def prose(page: str) -> str:
    """What the page says in words: outside Jinja, code, mathematics and addresses."""
    matter, _ = source(page)
    shown = "".join(data.data for data in parsed(page).find_all(nodes.TemplateData))
    text = "\n".join([MARKUP.sub(" ", shown), *map(str, matter.values()), *headings(page)])
    return NAMES.sub("", text)


def headings(page: str) -> Iterator[str]:
    """The words that the page hands to tables: captions and headings."""
    for call in parsed(page).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "table":
            constants = (constant.value for constant in call.find_all(nodes.Const))
            yield from (value for value in constants if isinstance(value, str))


def numbers_in(text: str) -> set[Fraction]:
    return {Fraction(number.rstrip(",").replace(",", "")) for number in NUMBER.findall(text)}


def typed_inputs(page: str) -> set[Fraction]:
    """The numbers that the page hands to macros as such."""
    constants = (constant.value for constant in parsed(page).find_all(nodes.Const))
    return {Fraction(str(value)) for value in constants if type(value) in (int, float)}


def test_every_number_that_a_page_writes_is_an_input_that_it_computes_with(page: str) -> None:
    assert numbers_in(prose(page)) <= typed_inputs(page)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("14,450,688 weights, 40.96 times", {14_450_688, Fraction(1024, 25)}),
        ("a 3 × 3 or 5x5 window.", {3, 5}),
        ("float32, Conv2d and C_1", set()),
        ("1, 2, and 3.", {1, 2, 3}),
    ],
)
def test_numbers_are_found_in_prose(text: str, numbers: set[Fraction]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    "text",
    [
        "`#!math 1 + 1`",
        "```math\n1 + 1\n```",
        "[a link](https://a.example/2016/)",
        "1. an item",
        "## A heading {: #section-3 }",
    ],
)
def test_numbers_in_code_mathematics_and_addresses_are_not_prose(text: str) -> None:
    assert numbers_in(MARKUP.sub(" ", text)) == set()


# -- form


@every_page
def test_a_page_has_a_description_and_one_heading_of_the_first_order(page: str) -> None:
    matter, body = source(page)
    assert len(matter["description"].split()) > 4
    unfenced = re.sub(r"^```.*?^```$", "", body, flags=re.MULTILINE | re.DOTALL)
    assert len(re.findall(r"^# \S", unfenced, flags=re.MULTILINE)) == 1


@every_page
def test_every_image_says_what_it_shows(page: str) -> None:
    _, body = source(page)
    images = re.findall(r"!\[([^]]*)\]", body)
    tags = re.findall(r"<img\b[^>]*>", body)
    assert all(alt.strip() for alt in images)
    assert all(re.search(r'alt="[^"]+"', tag) for tag in tags)


def in_navigation(items: list[Any]) -> Iterator[str]:
    for item in items:
        if isinstance(item, dict):
            for entry in item.values():
                yield from in_navigation(entry if isinstance(entry, list) else [entry])
        else:
            yield item


def test_every_page_stands_in_the_navigation_once() -> None:
    config = load_config(str(ROOT / "mkdocs.yml"))
    assert sorted(in_navigation(config.nav)) == PAGES
