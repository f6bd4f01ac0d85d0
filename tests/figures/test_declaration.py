from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.figures import declaration
from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.figures.declaration import FigureDeclaration, figure, find_figure
from mkdocs_cnn.networks import networks
from mkdocs_cnn.registry import UnknownNameError

ALL = sorted(catalogue())
TITLES = [network.title for network in networks.values()]
PARTS = [name for name, _ in networks["vgg16"].on().parts]
WORDS = ["CC0", "im2col"]
MOST = 8
NAME = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, [*TITLES, *PARTS, *WORDS]))})(?!\w)")
"""Has digits but is no number: a network's title, a part of the one taken apart, two words."""


@pytest.fixture
def registry() -> Iterator[dict[str, FigureDeclaration]]:
    with mock.patch.dict(declaration.FIGURES, clear=True) as empty:
        yield empty


def bars(fig: Any, look: Any, *, count: int = 3, name: str = "a") -> None: ...


def declare(name: str = "bars") -> None:
    figure(name, title="Bars", caption="Some bars.", alt="Bars.")(bars)


def test_the_parameters_are_the_keywords_of_the_drawing_function(
    registry: dict[str, FigureDeclaration],
) -> None:
    declare()
    assert registry["bars"].parameters == {"count": 3, "name": "a"}
    assert registry["bars"].bound({"count": 5}) == {"count": 5, "name": "a"}


@pytest.mark.parametrize("name", ["", "Bars", "two words", "a_b", "-a", "a-", "a--b", "é", "a/b"])
def test_a_name_is_lower_case_words_joined_by_hyphens(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case words joined by hyphens"):
        declare(name)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"cuont": 4}, "has no parameter 'cuont'; did you mean 'count'? (it has: count, name)"),
        ({"zzz": 4}, "figure 'bars' has no parameter 'zzz' (it has: count, name)"),
        ({"count": "4"}, "count of figure 'bars' must be int, not str '4'"),
        ({"count": True}, "count of figure 'bars' must be int, not bool True"),
        ({"count": 4.0}, "count of figure 'bars' must be int, not float 4.0"),
        ({"name": 1}, "name of figure 'bars' must be str, not int 1"),
    ],
)
def test_a_parameter_that_does_not_fit_is_named(
    registry: dict[str, FigureDeclaration], given: dict[str, Any], message: str
) -> None:
    declare()
    with pytest.raises(TypeError, match=re.escape(message)):
        registry["bars"].bound(given)


def test_a_figure_without_parameters_says_so() -> None:
    with pytest.raises(TypeError, match=r"has no parameter 'size' \(it has: none\)"):
        find_figure("three-ideas").bound({"size": 3})


def test_an_unknown_figure_meets_its_neighbour() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'weight-matrices'"):
        find_figure("weight-matrix")


def declared_with(caption: Any, **facts: Any) -> FigureDeclaration:
    known = figure("x", title="X", caption=caption, alt="x", facts=lambda *, count: facts)
    known(lambda fig, look, facts, *, count=3: None)
    return declaration.FIGURES["x"]


@pytest.mark.usefixtures("registry")
def test_a_sentence_is_plain_or_a_template_or_made_of_the_facts() -> None:
    assert declared_with("Bars.").words("caption").text == "Bars."
    assert declared_with("{bars} bars.", bars=1200).words("caption").text == "1,200 bars."
    assert declared_with(lambda facts: "{a} or {b}", a=1, b=2).words("caption").text == "1 or 2"


@pytest.mark.usefixtures("registry")
def test_a_fact_that_is_not_there_is_named_with_its_neighbour() -> None:
    message = "caption of figure 'x': no fact named 'bras'; did you mean 'bars'?"
    with pytest.raises(LookupError, match=re.escape(message)):
        declared_with("{bras} bars.", bars=3).words("caption")


@pytest.mark.usefixtures("registry")
def test_facts_are_made_of_all_parameters_and_shared_with_the_drawing() -> None:
    drawn: list[Any] = []
    facts = lambda *, count, name: {"twice": 2 * count}  # noqa: E731
    figure("x", title="X", caption="{twice}", alt="{twice}", facts=facts)(
        lambda fig, look, facts, *, count=3, name="a": drawn.append((facts["twice"], count))
    )
    known = declaration.FIGURES["x"]
    assert known.words("alt", {"count": 5}).text == "10"
    known.drawn_on(None, None, known.bound({"count": 4}))  # type: ignore[arg-type]
    assert drawn == [(8, 4)]


@pytest.mark.usefixtures("registry")
def test_parameters_and_constants_of_the_module_need_not_be_repeated_as_facts() -> None:
    words = declared_with("{count} bars of {MOST}, {most} here.", most=2).words("caption")
    assert words.text == f"3 bars of {MOST}, 2 here."


def test_a_figure_that_rests_on_an_experiment_knows_its_settings_and_seeds() -> None:
    facts = find_figure("overfitting").known({})
    assert facts["seeds"] == len(outcome("overfitting").runs)
    assert facts["settings"] == outcome("overfitting").settings


@pytest.mark.usefixtures("registry")
def test_line_breaks_in_a_sentence_are_spaces() -> None:
    caption = """Few
        {bars:;  } bars."""
    assert declared_with(caption, bars=[1, 2]).words("caption").text == "Few 1;  2 bars."


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("part", ["caption", "alt"])
def test_captions_and_alternatives_are_sentences_with_computed_numbers(
    name: str, part: str
) -> None:
    this = find_figure(name)
    words = this.words(part)
    assert re.match("[A-Z0-9]", words.text)
    assert words.text.endswith(".")
    assert words.numbers
    assert not re.search(r"\d", NAME.sub("", words.template))


def test_a_name_with_digits_is_no_number_but_its_like_is() -> None:
    said = NAME.sub("", "VGG-16, SqueezeNet 1.0, MobileNetV1 and its fc8, CC0; VGG-17, 1.0, CC01")
    assert said == ", ,  and its , ; VGG-17, 1.0, CC01"


@pytest.mark.parametrize("name", ALL)
def test_titles_are_a_few_words(name: str) -> None:
    assert 1 <= len(find_figure(name).title.split()) <= 8
