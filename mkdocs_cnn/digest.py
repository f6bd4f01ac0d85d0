"""A fingerprint of our code, read from source: what a drawing or a result rests on.

Nothing is imported, so that a build which finds everything in its cache need not load NumPy or
matplotlib. Comments, layout and docstrings do not count.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path

PACKAGE = "mkdocs_cnn"
_ROOT = Path(__file__).parent
_SOURCES = ("**/*.py", "data/**/*", "experiments/results/*.json")


def digest(*things: object) -> str:
    """The fingerprint of some plain values (anything JSON can hold), as 32 hexadecimal digits."""
    text = json.dumps(things, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def code_digest(*modules: str) -> str:
    """The fingerprint of these modules and of every module of ours that they import.

    Args:
        modules: Full names: "mkdocs_cnn.figures.sharing".

    Raises:
        ModuleNotFoundError: If there is no such module in this package.
    """
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            waiting += imported(module)
    return digest([(module, _own_digest(module)) for module in sorted(found)])


@cache
def sources_digest() -> str:
    """The fingerprint of all our sources, data and results as they are: any edit changes it.

    It takes no parsing. What was found out about the code may be kept under it.
    """
    files = sorted(path for kind in _SOURCES for path in _ROOT.glob(kind) if path.is_file())
    return digest(
        [(str(f.relative_to(_ROOT)), hashlib.sha256(f.read_bytes()).hexdigest()) for f in files]
    )


@cache
def versions(*distributions: str) -> dict[str, str]:
    """The installed versions of these distributions, without importing them.

    Raises:
        PackageNotFoundError: If one is not installed.
    """
    return {name: _version(name) for name in distributions}


def _version(name: str) -> str:
    # importlib.metadata.version parses all of a package's description to find this one line.
    metadata = distribution(name).read_text("METADATA") or ""
    found = re.search(r"^Version: (\S+)", metadata, re.MULTILINE)
    return found[1] if found else version(name)


def source(module: str) -> str:
    """The source of one of our modules, as it is written.

    Raises:
        ModuleNotFoundError: If there is no such module in this package.
    """
    return _path(module).read_text(encoding="utf-8")


@cache
def syntax(module: str) -> ast.Module:
    """The parsed source of one of our modules, without its docstrings: they change no result."""
    tree = ast.parse(source(module))
    for node in ast.walk(tree):
        documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return tree


@cache
def imported(module: str) -> frozenset[str]:
    """The modules of ours that a module imports, anywhere in its source."""
    return frozenset(_imports(syntax(module)))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            candidates = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            # "from package import name" may name a module of the package or something in it.
            candidates = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in candidates:
            if name.split(".")[0] == PACKAGE and _is_module(name):
                yield name


@cache
def _own_digest(module: str) -> str:
    return digest(printed(syntax(module)))


def printed(node: object) -> str:
    """A syntax tree as text, which every interpreter from Python 3.11 on prints alike.

    `ast.dump` does not: Python 3.12 added a field to functions and classes and empty strings to
    f-strings, 3.13 leaves out lists that are empty. This is the form of 3.11, without positions.
    """
    match node:
        case ast.AST():
            return f"{type(node).__name__}({', '.join(_fields(node))})"
        case list():
            return f"[{', '.join(map(printed, node))}]"
    return repr(node)


def _fields(node: ast.AST) -> Iterator[str]:
    for name in node._fields:
        value = getattr(node, name, None)
        absent = value is None and getattr(type(node), name, ...) is None
        if absent or (name == "type_params" and not value):
            continue
        if isinstance(node, ast.JoinedStr):
            value = [part for part in node.values if not _is_empty(part)]
        yield f"{name}={printed(value)}"


def _is_empty(part: ast.expr) -> bool:
    return isinstance(part, ast.Constant) and part.value == ""


def _path(module: str) -> Path:
    if not _is_module(module):
        raise ModuleNotFoundError(f"no module {module!r} in {PACKAGE}", name=module)
    place = _place(module)
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def _place(module: str) -> Path:
    return _ROOT.joinpath(*module.split(".")[1:])


def _is_module(name: str) -> bool:
    place = _place(name)
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()
