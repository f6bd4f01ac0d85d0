"""Fingerprints: of plain values, and of code, which is read from source and never imported.

What is kept under the fingerprint of all that it depends on is found again as long as nothing of
that changes. For code, what counts is what it says: comments, layout, docstrings and the place of
a module do not.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path
from typing import NamedTuple

PACKAGE = "mkdocs_cnn"
_SOURCES = ("**/*.py", "**/*.json", "**/*.bib", "**/data/**/*")

# Where the packages lie whose code counts: this one, and those with a site's own content.
_folders: dict[str, Path] = {PACKAGE: Path(__file__).parent}


def digest(*things: object) -> str:
    """The fingerprint of some plain values (anything JSON can hold), as 32 hexadecimal digits."""
    text = json.dumps(things, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@cache
def code_digest(*modules: str) -> str:
    """The fingerprint of modules, by their full names, and of every one of ours that they import.

    A module that is moved or renamed keeps its fingerprint, and so does whatever imports it: where
    an import names a module, the fingerprint holds what that module says in place of its name.

    Raises:
        ModuleNotFoundError: If there is no such module in the packages that count.
    """
    return digest([_linked(one) for one in modules], sorted(map(_linked, all_imports_of(*modules))))


def all_imports_of(*modules: str) -> list[str]:
    """Modules by their full names, then every one of ours that they import, or those import."""
    found = list(modules)
    for module in found:  # it grows while it is read
        found += sorted(imports_of(module) - set(found))
    return found


@cache
def sources_digest() -> str:
    """The fingerprint of all sources, data and results as they are: any edit changes it.

    It takes no parsing. What was found out about the code may be kept under it.
    """
    return digest([[package, _files(folder)] for package, folder in sorted(_folders.items())])


def _files(folder: Path) -> list[tuple[str, str]]:
    """Each file of a package that counts, by its path, with the fingerprint of its bytes."""
    files = sorted({path for kind in _SOURCES for path in folder.glob(kind) if path.is_file()})
    return [
        (path.relative_to(folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in files
    ]


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


# -- source


def count_packages(folders: Mapping[str, Path]) -> None:
    """Say which top-level packages count besides this one, and forget what was read of any."""
    _folders.clear()
    _folders.update({**folders, PACKAGE: Path(__file__).parent})
    for read in (code_digest, sources_digest, syntax, _imports, _linked, _own_digest):
        read.cache_clear()


def module_path(module: str) -> Path:
    """The file of a module of a package that counts.

    Raises:
        ModuleNotFoundError: If there is no such module.
    """
    if not is_module(module):
        raise ModuleNotFoundError(f"no module {module!r} in {', '.join(_folders)}", name=module)
    place = _place(module)
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


def source(module: str) -> bytes:
    """The source of a module, as it is written; Python knows its encoding and its line ends.

    Raises:
        ModuleNotFoundError: If there is no such module in the packages that count.
    """
    return module_path(module).read_bytes()


@cache
def syntax(module: str) -> ast.Module:
    """The parsed source of a module, without its docstrings: they change no result.

    Imports that begin with dots are written out.

    Raises:
        ModuleNotFoundError: If there is no such module in the packages that count.
        SyntaxError: If it is no Python; the error knows file and line.
    """
    tree = ast.parse(source(module), filename=str(module_path(module)))
    for node in ast.walk(tree):
        documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
        if isinstance(node, documented) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
        if isinstance(node, ast.ImportFrom) and node.level:
            package = module_path(module).name == "__init__.py"
            parents = module.split(".")[: package - node.level or None]
            node.module = ".".join([*parents, *filter(None, [node.module])])
            node.level = 0
    return tree


def imports_of(module: str) -> frozenset[str]:
    """The modules of packages that count that a module imports, anywhere in its source."""
    return frozenset(one.module for one in _imports(module))


class _Import(NamedTuple):
    """A name that a module imports from a module of ours."""

    module: str  # its full name
    name: str  # what is taken from it; "" where it is the module itself
    known_as: str  # what the importing module calls it


@cache
def _imports(module: str) -> tuple[_Import, ...]:
    found: list[_Import] = []
    for node in ast.walk(syntax(module)):
        if isinstance(node, ast.Import):
            names = [alias for alias in node.names if is_module(alias.name)]
            found += [_Import(alias.name, "", alias.asname or alias.name) for alias in names]
        elif isinstance(node, ast.ImportFrom) and is_module(node.module or ""):
            found += [_from(node.module or "", alias) for alias in node.names]
    return tuple(dict.fromkeys(found))


def _from(parent: str, alias: ast.alias) -> _Import:
    """One name of `from parent import …`, which may be a module or something in the parent."""
    inner, known_as = f"{parent}.{alias.name}", alias.asname or alias.name
    if is_module(inner):
        return _Import(inner, "", known_as)
    return _Import(parent, alias.name, known_as)


def _place(module: str) -> Path:
    package, *inner = module.split(".")
    return _folders[package].joinpath(*inner)


def is_module(name: str) -> bool:
    """Whether there is a module, or a package with an `__init__`, of this name that counts."""
    if name.split(".")[0] not in _folders:
        return False
    place = _place(name)
    return place.with_suffix(".py").is_file() or (place / "__init__.py").is_file()


# -- what the source says


@cache
def _linked(module: str) -> str:
    """The fingerprint of a module, with what the modules say that it imports."""
    says = {one.module: _own_digest(one.module) for one in _imports(module)}
    return _said(module, says)


@cache
def _own_digest(module: str) -> str:
    """The fingerprint of what a module says, whatever stands in the modules that it imports."""
    return _said(module, {})


def _said(module: str, says: Mapping[str, str]) -> str:
    found = [(says.get(one.module, ""), one) for one in _imports(module)]
    names = sorted((said, one.name, one.known_as) for said, one in found if one.name)
    whole = {one.known_as: said for said, one in found if not one.name}
    return digest(names, sorted(whole.values()), _Printer(whole).printed(syntax(module)))


class _Printer:
    """Prints a syntax tree as text, which every interpreter from Python 3.11 on prints alike.

    `ast.dump` does not: Python 3.12 added a field to functions and classes and empty strings to
    f-strings, 3.13 leaves out lists that are empty. So whatever is empty is left out here, and text
    is written in ASCII, since which letters can be printed depends on the version, too.

    Args:
        modules: What to print for the name of a module of ours. Imports of ours are left out.
    """

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules

    def printed(self, node: object) -> str:
        """A node, a list of nodes or a plain value."""
        match node:
            case ast.Name() | ast.Attribute() if (name := _dotted_name(node)) in self._modules:
                return f"module {self._modules[name]}"
            case ast.Constant(value=value):
                return ascii(value)
            case ast.AST():
                return f"{type(node).__name__}({', '.join(self._fields(node))})"
            case list():
                return f"[{', '.join(map(self.printed, node))}]"
        return ascii(node)

    def _fields(self, node: ast.AST) -> Iterator[str]:
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                value = [part for part in value if not _says_nothing(part, within=node)]
            if not (value is None or value == [] or isinstance(value, ast.expr_context)):
                yield f"{name}={self.printed(value)}"


def _says_nothing(part: object, *, within: ast.AST) -> bool:
    """Whether a part is an import of ours, which is told elsewhere, or no text in an f-string."""
    match part:
        case ast.Constant(value=""):
            return isinstance(within, ast.JoinedStr)
        case ast.ImportFrom(module=str(module)):
            return is_module(module)
        case ast.Import(names=names):
            return all(is_module(alias.name) for alias in names)
        case ast.alias(name=name):
            return isinstance(within, ast.Import) and is_module(name)
    return False


def _dotted_name(node: ast.expr) -> str:
    """`a.b.c` as it is written; "" for anything else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=owner, attr=name) if before := _dotted_name(owner):
            return f"{before}.{name}"
    return ""
