"""This repository's own site, as readers get it."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import check_site
import pytest
from bs4 import BeautifulSoup

from mkdocs_cnn import networks
from mkdocs_cnn.claims import claims
from mkdocs_cnn.figures.catalogue import catalogue

PROMISED = [
    14_450_688,
    352_800,
    456,
    6_400,
    576,
    9,
    1_280_000,
    36,
    16,
    4,
    5_952_096_000_000,
    # receptive fields, the photograph, networks
    7,
    11,
    212,
    427,
    483,
    178_640,
    267_960,
    795_636,
    7_920_998_400,
    16_006_144_000,
    25_557_032,
    138_357_544,
    3_857_973_248,
    4_089_184_256,
]

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def numbers(site: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((site / "numbers.json").read_text("utf-8"))
    return entries


@pytest.fixture(scope="module")
def figures(site: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((site / "figures/index.json").read_text("utf-8"))
    return entries


@pytest.fixture(scope="module")
def parsed(site: Path) -> check_site.Site:
    return check_site.Site.read(site)


@pytest.fixture(scope="module")
def pages(parsed: check_site.Site) -> dict[str, BeautifulSoup]:
    return {name: page.soup for name, page in parsed.pages.items()}


def test_the_site_has_no_problem(parsed: check_site.Site) -> None:
    # Among others: nothing is loaded from another host, every link leads somewhere, and every
    # number is the one that numbers.json lists.
    assert list(check_site.problems(parsed)) == []


# -- numbers


@pytest.mark.parametrize("value", PROMISED)
def test_numbers_json_holds_a_number_with_its_worked_line(
    numbers: list[dict[str, Any]], value: int
) -> None:
    worked = {entry["worked"] for entry in numbers if entry["value"] == value}
    assert any(line.endswith(f" = {value:,}") for line in worked), worked


def test_every_network_is_published_as_a_file_that_adds_up_to_its_row(site: Path) -> None:
    with (site / "networks.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert list(rows) == list(networks)
    for name, row in rows.items():
        with (site / f"networks/{name}.csv").open(encoding="utf-8", newline="") as file:
            layers = list(csv.DictReader(file))
        for column in ("parameters", "macs", "connections"):
            assert sum(int(layer[column]) for layer in layers) == int(row[column]), (name, column)


def test_every_number_says_where_it_stands_and_how_it_was_made(
    numbers: list[dict[str, Any]],
) -> None:
    for entry in numbers:
        assert {"page", "order", "value", "unit", "formula", "worked"} <= set(entry)
        assert entry["worked"]
        assert entry["text"]


def test_a_number_that_was_computed_has_a_worked_line_that_ends_in_it(
    numbers: list[dict[str, Any]],
) -> None:
    computed = [entry for entry in numbers if entry["worked"].count(" ") > 1]
    assert len(computed) > 100
    for entry in computed:
        assert re.search(r" [=≈] −?[\d,./]+$", entry["worked"]), entry


def test_all_that_numbers_open_to_is_on_the_page(pages: dict[str, BeautifulSoup]) -> None:
    for page in pages.values():
        panels = {str(panel["id"]) for panel in page.select("[popover]")}
        assert {str(button["popovertarget"]) for button in page.select("button.cnn-number")} == (
            panels
        )


# -- figures


def test_the_index_of_figures_is_complete(figures: list[dict[str, Any]]) -> None:
    assert {entry["name"] for entry in figures} == set(catalogue())
    for entry in figures:
        expected = {
            f"figures/{entry['address']}.{theme}.{format_}"
            for theme in ("light", "dark")
            for format_ in ("svg", "png", "pdf")
        }
        assert {file["path"] for file in entry["files"]} == expected
        assert all(len(entry[key]) > 5 for key in ("title", "caption", "alt"))
        assert isinstance(entry["parameters"], dict)


def test_every_file_of_a_figure_has_the_checksum_that_is_published(
    site: Path, figures: list[dict[str, Any]]
) -> None:
    for file in (file for entry in figures for file in entry["files"]):
        content = (site / file["path"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"], file["path"]


def test_no_file_of_a_figure_is_missing_in_the_index(
    site: Path, figures: list[dict[str, Any]]
) -> None:
    listed = {file["path"] for entry in figures for file in entry["files"]}
    there = {f"figures/{path.name}" for path in (site / "figures").glob("*.*.*")}
    assert there == listed


@pytest.mark.parametrize(
    ("format_", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")]
)
def test_a_file_is_what_its_name_says(site: Path, format_: str, begins: bytes) -> None:
    for path in (site / "figures").glob(f"*.{format_}"):
        assert path.read_bytes().startswith(begins), path.name


def test_every_figure_is_on_the_page_of_its_index_entry(
    figures: list[dict[str, Any]], pages: dict[str, BeautifulSoup]
) -> None:
    for entry in figures:
        if entry["page"] is not None:
            page = pages[f"{entry['page']}index.html"]
            assert page.select(f"figure#figure-{entry['address']}"), entry["address"]


# -- pages


def test_every_image_says_what_it_shows(pages: dict[str, BeautifulSoup]) -> None:
    images = [image for page in pages.values() for image in page.select("article img")]
    assert len(images) > 10
    for image in images:
        assert len(str(image["alt"])) > 40, image["src"]
        assert image["width"]
        assert image["height"]


def test_the_ledger_shows_every_claim(pages: dict[str, BeautifulSoup]) -> None:
    shown = {str(tag["id"]) for tag in pages["claims/index.html"].select(".cnn-claim")}
    assert shown == {f"claim-{name}" for name in claims()}


def test_the_page_for_authors_shows_every_file_of_the_site_that_is_tested(
    pages: dict[str, BeautifulSoup],
) -> None:
    page = pages["write-your-own-book/index.html"]
    shown = [code.get_text().strip() for code in page.select("pre code")]
    folder = ROOT / "tests" / "author"
    files = [*folder.glob("my_lecture/*.*"), folder / "mkdocs.yml", folder / "docs" / "index.md"]
    wanted = {path.name: path.read_text(encoding="utf-8").strip() for path in files}
    assert {name for name, text in wanted.items() if text not in shown} == {"__init__.py"}


def test_mathematics_is_mathml(pages: dict[str, BeautifulSoup]) -> None:
    for name in ("sparse-interactions", "parameter-sharing"):
        assert pages[f"{name}/index.html"].select("article math")
    assert not any(page.select("script[src*=mathjax], .arithmatex") for page in pages.values())


def test_the_search_index_has_no_working(site: Path) -> None:
    index = (site / "search" / "search_index.json").read_text("utf-8")
    assert "given, not computed" not in index
    assert "cnn-" not in index


# -- building

LISTS_MODULES = """
import atexit, runpy, sys
atexit.register(lambda: print("MODULES", *sys.modules, file=open("modules.txt", "w")))
sys.argv[0] = "mkdocs"
runpy.run_module("mkdocs", run_name="__main__", alter_sys=True)
"""


def contents(site: Path) -> dict[str, str]:
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def test_a_copy_with_another_name_place_time_and_cache_gives_the_same_bytes(
    site: Path, site_elsewhere: Path
) -> None:
    assert contents(site_elsewhere) == contents(site)


def test_a_build_with_a_warm_cache_imports_neither_matplotlib_nor_numpy(
    site: Path, repository: Path, tmp_path: Path, build_repository: Callable[..., Path]
) -> None:
    warm = shutil.copytree(repository, tmp_path / "warm")
    assert contents(build_repository(warm, "-c", LISTS_MODULES)) == contents(site)
    modules = set((warm / "modules.txt").read_text().split())
    assert {"mkdocs", "mkdocs_cnn.macros", "mkdocs_cnn.figures.rendering"} <= modules
    assert not {"matplotlib", "numpy"} & modules
