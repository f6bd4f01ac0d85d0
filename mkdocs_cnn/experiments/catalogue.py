"""Which experiments there are and what each rests on, read from source.

Running one needs NumPy and more, knowing of it does not: a build whose figures are all in the cache
imports nothing of them. So declarations are read as they are written.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from mkdocs_cnn.experiments.experiment import EXPERIMENTS, Declared
from mkdocs_cnn.fingerprint import PACKAGE, code_digest, digest, source, syntax
from mkdocs_cnn.registry import Registry

DATA = Path(__file__).parent.parent / "data"


@dataclass(frozen=True)
class Known:
    """What the source says of an experiment.

    Attributes:
        name: Its name in pages, commands and files.
        title: A few words for lists.
        module: The full name of the module that declares it.
        seeds: How many seeds it is run with.
        reads: Files in the package's folder `data` that the result rests on.
        needs: Distributions besides NumPy whose versions are kept with the result.
        timed: Whether it measures seconds.
    """

    name: str
    title: str
    module: str
    seeds: int
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    timed: bool = False

    @property
    def protocol(self) -> str:
        """What was decided before the result was known: the docstring of the module."""
        return ast.get_docstring(ast.parse(source(self.module))) or ""

    @property
    def fingerprint(self) -> str:
        """Of the code that it rests on, the docstrings apart, and of the data that it reads."""
        data = [(file, sha256((DATA / file).read_bytes()).hexdigest()) for file in self.reads]
        return digest(code_digest(self.module), data)


@cache
def catalogue() -> Registry[Known]:
    """Every experiment by name.

    Raises:
        ValueError: If two experiments have the same name.
    """
    known: Registry[Known] = Registry("experiment")
    for path in sorted(Path(__file__).parent.glob("*.py")):
        module = f"{PACKAGE}.experiments.{path.stem}"
        for one in _declarations(module) if path.stem != "__init__" else ():
            known.add(one.name, one)
    return known


def declared(name: str) -> Declared:
    """The experiment of this name, to be run; its module is imported.

    Raises:
        UnknownNameError: If there is none.
    """
    importlib.import_module(catalogue()[name].module)
    return EXPERIMENTS[name]


def _declarations(module: str) -> Iterator[Known]:
    for node in syntax(module).body:
        for decorator in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            match decorator:
                case ast.Call(func=ast.Name(id="experiment"), args=[name], keywords=keywords):
                    written = {key.arg or "": _literal(key.value) for key in keywords}
                    yield Known(_literal(name), module=module, **written)


def _literal(node: ast.expr) -> Any:
    return ast.literal_eval(node)
