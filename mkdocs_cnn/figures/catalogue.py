"""Which figures there are and which module draws them, read from source.

Drawing needs NumPy and matplotlib, naming does not: a build whose figures are all in the cache
imports neither. So the names are read from the `@figure("name", …)` lines as they are written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mkdocs_cnn.digest import PACKAGE, syntax
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


def _declared_names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            match decorator:
                case ast.Call(func=ast.Name(id="figure"), args=[ast.Constant(value=str(name))]):
                    yield name
