from __future__ import annotations

import importlib
from pathlib import Path
from unittest import mock

import pytest

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.figures import catalogue as module
from mkdocs_cnn.figures.catalogue import catalogue, figure_code, figure_names
from mkdocs_cnn.figures.declaration import FIGURES
from mkdocs_cnn.registry import UnknownNameError

SPINE = {
    "three-ideas": "index",
    "connections-dense-and-sparse": "sparse_interactions",
    "one-output-reads": "sparse_interactions",
    "kernel-at-every-position": "parameter_sharing",
    "vectorised-image": "parameter_sharing",
    "weight-matrices": "sparse_or_shared",
    "from-dense-to-shared": "sparse_or_shared",
    "weights-by-image-size": "sparse_or_shared",
}


@pytest.mark.parametrize(("name", "chapter"), SPINE.items())
def test_a_figure_is_found_in_the_module_of_its_chapter(name: str, chapter: str) -> None:
    assert catalogue()[name].module == f"mkdocs_cnn.book.figures.{chapter}"


def test_what_is_read_from_source_is_what_the_modules_declare() -> None:
    for place in catalogue().values():
        importlib.import_module(place.module)
    assert set(catalogue()) == {name for name in FIGURES if name in catalogue()}
    declared_in = {name: FIGURES[name].draw.__module__ for name in catalogue()}
    assert declared_in == {name: place.module for name, place in catalogue().items()}


def test_a_misspelt_name_meets_its_neighbour() -> None:
    with pytest.raises(UnknownNameError, match="'tree-ideas'; did you mean 'three-ideas'"):
        catalogue()["tree-ideas"]


def test_what_is_known_of_the_code_is_remembered_until_a_source_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path)
    first = figure_names(cache), figure_code("three-ideas", cache)
    monkeypatch.setattr(module, "catalogue", mock.Mock(side_effect=AssertionError("read again")))
    assert (figure_names(cache), figure_code("three-ideas", cache)) == first
    monkeypatch.setattr("mkdocs_cnn.cache.sources_digest", lambda: "edited")
    with pytest.raises(AssertionError, match="read again"):
        figure_code("three-ideas", cache)
