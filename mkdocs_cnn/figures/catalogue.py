"""Which figures there are and which module draws them, read from source.

Drawing needs NumPy and matplotlib, naming does not: a build whose figures are all in the cache
imports neither. So the names are read from the `@figure("name", …)` lines as they are written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.digest import PACKAGE, code_digest, digest, sources_digest, syntax
from mkdocs_cnn.registry import Registry


@cache
def catalogue() -> Registry[str]:
    """The full name of the module that declares each figure, by the figure's name.

    Raises:
        ValueError: If two figures have the same name.
    """
    modules: Registry[str] = Registry("figure")
    for path in sorted(Path(__file__).parent.glob("*.py")):
        module = f"{PACKAGE}.figures.{path.stem}"
        for name in _declared_names(syntax(module)) if path.stem != "__init__" else ():
            modules.add(name, module)
    return modules


def figure_names(cache_: Cache) -> list[str]:
    """The names of all figures, remembered until a source of ours changes."""
    names: list[str] = cache_.remembered(
        digest(sources_digest(), "figures"), lambda: list(catalogue())
    )
    return names


def figure_code(name: str, cache_: Cache) -> str:
    """The fingerprint of the code that draws a figure, remembered until a source of ours changes.

    Raises:
        UnknownNameError: If there is no such figure.
    """
    code: str = cache_.remembered(
        digest(sources_digest(), "code", name), lambda: code_digest(catalogue()[name], _RENDERER)
    )
    return code


_RENDERER = f"{PACKAGE}.figures.drawing"


def _declared_names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            match decorator:
                case ast.Call(func=ast.Name(id="figure"), args=[ast.Constant(value=str(name))]):
                    yield name
