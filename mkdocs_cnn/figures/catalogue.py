"""Which figures there are and what each rests on, read from source.

Drawing needs NumPy and matplotlib, naming does not: a build whose figures are all in the cache
imports neither.
"""

from __future__ import annotations

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.experiments.results import seal
from mkdocs_cnn.fingerprint import PACKAGE, code_digest, digest, sources_digest
from mkdocs_cnn.registry import Declaration, Registry, declarations

_RENDERER = f"{PACKAGE}.figures.rendering"


def catalogue() -> Registry[Declaration]:
    """Every figure by name, with the place where it is declared.

    Raises:
        ValueError: If two figures have the same name.
    """
    return declarations("figure", "figures")


def figure_names(cache_: Cache) -> list[str]:
    """The names of all figures, remembered until a source changes."""
    names: list[str] = cache_.remembered(
        digest(sources_digest(), "figures"), lambda: list(catalogue())
    )
    return names


def figure_code(name: str, cache_: Cache) -> str:
    """The fingerprint of what a figure rests on: the code that draws it, and results it shows.

    It is remembered until a source changes.

    Raises:
        UnknownNameError: If there is no such figure.
        StaleError: If a result that it shows cannot be used.
    """
    code: str = cache_.remembered(
        digest(sources_digest(), "code", name), lambda: _code(catalogue()[name])
    )
    return code


def _code(figure: Declaration) -> str:
    shown = [seal(name) for name in figure.literals.get("rests_on", ())]
    return digest(code_digest(figure.module, _RENDERER), shown)


def figure_rests_on(name: str, cache_: Cache) -> list[str]:
    """The experiments whose results a figure shows, remembered until a source changes.

    Raises:
        UnknownNameError: If there is no such figure.
    """
    names: list[str] = cache_.remembered(
        digest(sources_digest(), "rests on", name),
        lambda: list(catalogue()[name].literals.get("rests_on", ())),
    )
    return names
