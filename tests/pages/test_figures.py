from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.figures.rendering import Described, Drawing
from mkdocs_cnn.pages import figures
from mkdocs_cnn.pages import html as render
from mkdocs_cnn.pages.figures import PublishedFigures
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.quantities.sentences import Words

VILE = "<i>&\"'"  # what HTML must not take for markup
DESCRIBED = Described(VILE, Words(f"{VILE} {{}}", 3), Words(f"{VILE} {{}}", 5), 0.5)


def show(number: Quantity) -> str:
    return render.number(number, plain(number.value), "cnn-111111111111")


def test_a_figure_shows_one_image_a_theme_whose_room_is_known() -> None:
    soup = BeautifulSoup(figures.figure("bars", DESCRIBED, "../", show), "html.parser")
    assert [image["src"] for image in soup.select("img")] == [
        "../figures/bars.light.svg#only-light",
        "../figures/bars.dark.svg#only-dark",
    ]
    for image in soup.select("img"):
        assert int(str(image["height"])) == round(int(str(image["width"])) * DESCRIBED.aspect)
        assert image["alt"] == f"{VILE} 5"
        assert image["loading"] == "lazy"


def test_a_figure_can_be_downloaded_in_every_theme_and_format() -> None:
    soup = BeautifulSoup(figures.figure("bars", DESCRIBED, "", show), "html.parser")
    assert [link["href"] for link in soup.select("a[download]")] == [
        f"figures/bars.{theme}.{format_}"
        for theme in ("light", "dark")
        for format_ in ("svg", "png", "pdf")
    ]
    assert all(VILE in str(link["aria-label"]) for link in soup.select("a"))


def test_an_explorer_is_its_settings_around_the_figure_and_a_script_below_the_root() -> None:
    html = figures.explorer("a-b", {"kernel_size": 2, "size": 3}, "<b>still</b>", "../../")
    soup = BeautifulSoup(html, "html.parser")
    element = soup.select_one("cnn-a-b")
    assert element is not None
    assert element.attrs == {"kernel-size": "2", "size": "3"}
    assert str(element.b) == "<b>still</b>"
    assert soup.script is not None
    assert soup.script["src"] == "../../assets/mkdocs_cnn/explorers/a-b.js"


def test_the_name_of_a_figure_is_text() -> None:
    assert BeautifulSoup(figures.figure_name(VILE), "html.parser").get_text() == VILE


# -- addresses

NAME, OTHER = list(catalogue())[:2]
WORDS = Described("Title", Words("{} bars.", 3), Words("A bar of {}.", 5), 0.75)


class Drawn(Drawing):
    """A drawing whose files are made at once."""

    def described(self) -> Described:
        return WORDS

    def files(self, *_: Any) -> dict[tuple[str, str], Path]:
        themes = ("light", "dark")
        return {
            (theme, "svg"): self.cache.write(f"{self.name}-{theme}", "svg", theme.encode())
            for theme in themes
        }


class Failing(Drawn):
    def files(self, *_: Any) -> dict[tuple[str, str], Path]:
        raise ValueError("cannot be drawn")


@pytest.fixture
def published() -> PublishedFigures:
    return PublishedFigures()


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path)


def drawn(cache: Cache, name: str = NAME, parameters: Mapping[str, Any] | None = None) -> Drawn:
    return Drawn(name, parameters or {}, cache)


def test_files_stand_below_the_address(published: PublishedFigures, cache: Cache) -> None:
    files = published.publish(drawn(cache), "bars", page="").files
    assert {uri: path.read_text() for uri, path in files.items()} == {
        "figures/bars.light.svg": "light",
        "figures/bars.dark.svg": "dark",
    }


def test_the_same_drawing_is_shown_twice(published: PublishedFigures, cache: Cache) -> None:
    first = published.publish(drawn(cache), "bars", page="b/")
    second = published.publish(drawn(cache), "bars", page="a/")
    assert first is second
    assert first.pages == ["b/", "a/"]


@pytest.mark.parametrize(
    ("name", "parameters"), [(NAME, {"n": 5}), (OTHER, {})], ids=["parameters", "figure"]
)
def test_an_address_has_one_drawing(
    published: PublishedFigures, cache: Cache, name: str, parameters: dict[str, int]
) -> None:
    published.publish(drawn(cache), "bars", page="a/")
    with pytest.raises(
        ValueError, match=f"figures/bars is figure '{NAME}' with its defaults on"
    ) as e:
        published.publish(drawn(cache, name, parameters), "bars", page="b/")
    assert str(e.value).endswith("page 'a/'; give this one an address of its own: id='…'")


def test_the_drawing_that_has_the_address_is_described(
    published: PublishedFigures, cache: Cache
) -> None:
    published.publish(drawn(cache, NAME, {"n": 5}), "bars", page=None)
    with pytest.raises(ValueError, match=r"with \{'n': 5\} on page with all figures; give"):
        published.publish(drawn(cache), "bars", page="b/")


def test_another_address_takes_the_same_figure_with_other_parameters(
    published: PublishedFigures, cache: Cache
) -> None:
    published.publish(drawn(cache), "bars", page="a/")
    published.publish(drawn(cache, NAME, {"n": 5}), "more-bars", page="a/")
    assert [entry["parameters"] for entry in published.index()] == [{}, {"n": 5}]


@pytest.mark.parametrize("address", ["", "../bars", "a b", 'a"b', "Bars", "bars.svg", "a--b", "ä"])
def test_an_address_is_words_joined_by_hyphens(
    published: PublishedFigures, cache: Cache, address: str
) -> None:
    with pytest.raises(ValueError, match="a figure's id is lower-case words joined by hyphens"):
        published.publish(drawn(cache), address, page="")


def test_a_drawing_that_fails_has_no_address(published: PublishedFigures, cache: Cache) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        published.publish(Failing(NAME, {}, cache), "bars", page="")
    assert published.index() == []
    published.publish(drawn(cache, OTHER), "bars", page="")


def test_the_index_lists_figures_by_address_with_their_fingerprints(
    published: PublishedFigures, cache: Cache
) -> None:
    published.publish(drawn(cache, OTHER), "z", page=None)
    published.publish(drawn(cache), "a", page=None)
    published.publish(drawn(cache), "a", page="ideas/")
    first, second = published.index()
    assert first == {
        "name": NAME,
        "address": "a",
        "title": "Title",
        "caption": "3 bars.",
        "alt": "A bar of 5.",
        "page": "ideas/",
        "parameters": {},
        "files": [
            {"path": f"figures/a.{theme}.svg", "sha256": hashlib.sha256(theme.encode()).hexdigest()}
            for theme in ("light", "dark")
        ],
    }
    assert (second["address"], second["page"]) == ("z", None)


class Telling(Drawn):
    """A drawing whose words tell its parameters."""

    def described(self) -> Described:
        said = Words("{}", self.parameters["n"])
        return Described(f"Title {self.parameters['n']}", said, said, 0.75)


class Silent(Telling):
    def described(self) -> Described:
        raise AssertionError("described again")


def test_the_words_of_the_index_are_remembered_for_each_drawing(cache: Cache) -> None:
    for drawing in (Telling, Silent):
        published = PublishedFigures()
        published.publish(drawing(NAME, {"n": 5}, cache), "five", page="")
        published.publish(drawing(NAME, {"n": 7}, cache), "seven", page="")
        words = [(entry["title"], entry["caption"]) for entry in published.index()]
        assert words == [("Title 5", "5"), ("Title 7", "7")]
