"""Which figures there are and what each rests on, read from source.

Drawing needs NumPy and matplotlib, naming does not: a build whose figures are all in the cache
imports neither.
"""

from __future__ import annotations

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.experiments.results import seal
from mkdocs_cnn.fingerprint import PACKAGE, all_imports_of, code_digest, digest
from mkdocs_cnn.registry import Declaration, Registry, declarations, modules

_RENDERER = f"{PACKAGE}.figures.rendering"
# Who imports one of these may ask by name for what content packages have in a room.
_ASKED_BY_NAME = {
    f"{PACKAGE}.networks": "networks",
    f"{PACKAGE}.layers.parsing": "layers",
    f"{PACKAGE}.arrays.declaration": "measurements",
    f"{PACKAGE}.claims": "claims",
}


def catalogue() -> Registry[Declaration]:
    """Every figure by name, with the place where it is declared.

    Raises:
        ValueError: If two figures have the same name.
    """
    return declarations("figure", "figures")


def explorers() -> dict[str, str]:
    """The figure that each explorer brings to life, by the explorer's name."""
    figures = catalogue().values()
    return {one.literals["explorer"]: one.name for one in figures if one.literals.get("explorer")}


def figure_names(cache: Cache) -> list[str]:
    """The names of all figures."""
    names: list[str] = cache.answer("figures", make=lambda: list(catalogue()))
    return names


def figure_code(name: str, cache: Cache) -> str:
    """The fingerprint of what a figure rests on: the code that draws it, and results it shows.

    Raises:
        UnknownNameError: If there is no such figure.
        StaleError: If a result that it shows cannot be used.
    """
    code: str = cache.answer("code", name, make=lambda: _code(catalogue()[name]))
    return code


def _code(figure: Declaration) -> str:
    rooms = [_ASKED_BY_NAME[one] for one in all_imports_of(figure.module) if one in _ASKED_BY_NAME]
    asked = [module for room in rooms for module in modules(room)]
    code = code_digest(figure.module, _RENDERER, *asked)
    return digest(code, list(map(seal, _rests_on(figure))))


def figure_rests_on(name: str, cache: Cache) -> list[str]:
    """The experiments whose results a figure shows.

    Raises:
        UnknownNameError: If there is no such figure.
    """
    names: list[str] = cache.answer("rests on", name, make=lambda: _rests_on(catalogue()[name]))
    return names


def _rests_on(figure: Declaration) -> list[str]:
    return list(figure.literals.get("rests_on", ()))
