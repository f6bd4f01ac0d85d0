"""Every example in a docstring is run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import mkdocs_cnn

MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(mkdocs_cnn.__path__, "mkdocs_cnn.")
    if not found.name.endswith("__main__")
)


@pytest.mark.parametrize("name", ["mkdocs_cnn", *MODULES])
def test_examples_give_what_they_say(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", ["quantities.quantity", "layers", "arrays.correlation"])
def test_the_modules_that_a_newcomer_reads_first_have_examples(name: str) -> None:
    module = importlib.import_module(f"mkdocs_cnn.{name}")
    assert sum(len(test.examples) for test in doctest.DocTestFinder().find(module)) >= 3
