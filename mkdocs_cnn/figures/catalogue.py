"""Which figures there are and which module draws them, read from source.

Drawing needs NumPy and matplotlib, naming does not: a build whose figures are all in the cache
imports neither. So the names are read from the `@figure("name", …)` lines as they are written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.experiments.store import seal
from mkdocs_cnn.fingerprint import PACKAGE, code_digest, digest, sources_digest, syntax
from mkdocs_cnn.registry import Registry


class Place(NamedTuple):
    """Where a figure comes from.

    Attributes:
        module: The full name of the module that declares it.
        rests_on: The experiments whose results it shows.
    """

    module: str
    rests_on: tuple[str, ...]


@cache
def catalogue() -> Registry[Place]:
    """Where each figure comes from, by its name.

    Raises:
        ValueError: If two figures have the same name.
    """
    places: Registry[Place] = Registry("figure")
    for path in sorted(Path(__file__).parent.glob("*.py")):
        module = f"{PACKAGE}.figures.{path.stem}"
        for name, rests_on in _declared(syntax(module)) if path.stem != "__init__" else ():
            places.add(name, Place(module, rests_on))
    return places


def figure_names(cache_: Cache) -> list[str]:
    """The names of all figures, remembered until a source of ours changes."""
    names: list[str] = cache_.remembered(
        digest(sources_digest(), "figures"), lambda: list(catalogue())
    )
    return names


def figure_code(name: str, cache_: Cache) -> str:
    """The fingerprint of what a figure rests on: the code that draws it, and results it shows.

    It is remembered until a source of ours changes.

    Raises:
        UnknownNameError: If there is no such figure.
        StaleError: If a result that it shows cannot be used.
    """
    code: str = cache_.remembered(
        digest(sources_digest(), "code", name), lambda: _code(catalogue()[name])
    )
    return code


def _code(place: Place) -> str:
    return digest(code_digest(place.module, _RENDERER), [seal(name) for name in place.rests_on])


def figure_rests_on(name: str, cache_: Cache) -> list[str]:
    """The experiments whose results a figure shows, remembered until a source of ours changes.

    Raises:
        UnknownNameError: If there is no such figure.
    """
    names: list[str] = cache_.remembered(
        digest(sources_digest(), "rests on", name), lambda: list(catalogue()[name].rests_on)
    )
    return names


_RENDERER = f"{PACKAGE}.figures.drawing"


def _declared(tree: ast.Module) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each figure's name, and the experiments that it rests on."""
    for node in tree.body:
        for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            match decorator:
                case ast.Call(ast.Name("figure"), [ast.Constant(str(name))], keywords):
                    yield name, next(map(ast.literal_eval, _named("rests_on", keywords)), ())


def _named(name: str, keywords: list[ast.keyword]) -> Iterator[ast.expr]:
    return (keyword.value for keyword in keywords if keyword.arg == name)
