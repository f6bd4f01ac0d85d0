from __future__ import annotations

import ast
import importlib
from unittest import mock

import pytest

from mkdocs_cnn.figures import catalogue as module
from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.figures.declaration import FIGURES
from mkdocs_cnn.registry import UnknownName

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
    assert catalogue()[name] == f"mkdocs_cnn.figures.{chapter}"


def test_what_is_read_from_source_is_what_the_modules_declare() -> None:
    for module_name in set(catalogue().values()):
        importlib.import_module(module_name)
    assert set(catalogue()) == {name for name in FIGURES if name in catalogue()}
    declared_in = {name: FIGURES[name].draw.__module__ for name in catalogue()}
    assert declared_in == dict(catalogue())


def test_a_misspelt_name_meets_its_neighbour() -> None:
    with pytest.raises(UnknownName, match="no figure named 'tree-ideas'; did you mean 'three-id"):
        catalogue()["tree-ideas"]


def test_two_figures_of_one_name_are_refused() -> None:
    twice = ast.parse('@figure("bars", title="Bars")\ndef bars(): ...')
    with (
        mock.patch.object(module, "syntax", return_value=twice),
        pytest.raises(ValueError, match="there is a figure named 'bars' already"),
    ):
        catalogue.__wrapped__()


def test_only_declarations_count() -> None:
    source = '@cache\ndef one(): ...\n@figure(NAME)\ndef two(): ...\nfigure("three")\n'
    assert list(module._declared_names(ast.parse(source))) == []
