"""The order of the house, read from its source: who imports whom, and how large things are."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import mkdocs_cnn

PACKAGE = Path(mkdocs_cnn.__file__).parent
SOURCES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in SOURCES.items()}

# Each room may import itself and the rooms above it; rooms on one rung do not see each other.
LADDER = (
    {"fingerprint", "cache"},
    {"registry"},
    {"quantities"},
    {"layers"},
    {"networks", "arrays"},
    {"experiments", "claims"},
    {"figures"},
    {"pages"},
    {"macros", "cli"},
)
RUNG = {room: rung for rung, rooms in enumerate(LADDER) for room in rooms}
TOP = {"__init__", "macros", "cache", "fingerprint", "registry"}

# Who may import what others wrote; nobody else may.
FOREIGN = {
    "mkdocs": {"macros"},
    "mkdocs_macros": {"macros"},
    "jinja2": {"pages", "macros"},
    "matplotlib": {"figures", "book"},
    "numpy": {"arrays", "experiments", "figures", "book"},
    "PIL": {"book"},
    "click": {"cli"},
    "joblib": {"experiments"},
    "scipy": {"book"},
    "sklearn": {"book"},
    "threadpoolctl": {"experiments", "book"},
    "math_core": {"pages"},
    "bibtexparser": {"claims"},
}


def room(module: str) -> str:
    """The part of the package that a module stands in; "" for the package itself."""
    return module.partition(".")[2].partition(".")[0]


def imports(module: str) -> Iterator[str]:
    """Every module that a module imports, wherever in its source."""
    for node in ast.walk(TREES[module]):
        match node:
            case ast.Import(names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(parent, names, 0) if parent:
                for alias in names:
                    inner = f"{parent}.{alias.name}"
                    yield inner if inner in TREES else parent
            case ast.ImportFrom():
                raise AssertionError(f"{module}:{node.lineno}: imports are written in full")


def functions(module: str) -> Iterator[tuple[ast.FunctionDef, bool]]:
    """Every function of a module, and whether it is public."""
    waiting: list[tuple[ast.AST, bool]] = [(TREES[module], True)]
    while waiting:
        node, public = waiting.pop()
        for child in ast.iter_child_nodes(node):
            named = public and not getattr(child, "name", "").startswith("_")
            if isinstance(child, ast.FunctionDef):
                yield child, named
            inside = named and not isinstance(child, ast.FunctionDef)
            waiting.append((child, inside))


def body_lines(function: ast.FunctionDef) -> int:
    """Lines of a function's body without its docstring."""
    documented = ast.get_docstring(function, clean=False) is not None
    body = function.body[1:] if documented else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_the_top_of_the_package_is_as_it_was_designed() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == TOP
    rooms = {room(module) for module in TREES} - {""}
    assert rooms == {*RUNG, "book"}


@pytest.mark.parametrize("module", TREES)
def test_imports_point_one_way(module: str) -> None:
    here = room(module)
    for name in imports(module):
        there = room(name)
        if name.partition(".")[0] != "mkdocs_cnn" or not there or here in ("", "book", there):
            continue
        assert there != "book", f"{module} imports {name}: the engine finds content by its names"
        assert RUNG[there] < RUNG[here], f"{module} imports {name}: {there} is built on {here}"


@pytest.mark.parametrize("module", [name for name in TREES if room(name) == "book"])
def test_the_book_imports_no_room_that_makes_pages(module: str) -> None:
    assert [name for name in imports(module) if room(name) in ("pages", "macros", "cli")] == []


def test_one_line_names_our_book_outside_of_it() -> None:
    naming = [
        f"{module}: {line.strip()}"
        for module, path in SOURCES.items()
        if room(module) != "book"
        for line in path.read_text(encoding="utf-8").splitlines()
        if "mkdocs_cnn.book" in line
    ]
    assert naming == ['mkdocs_cnn.registry: OUR_BOOK = "mkdocs_cnn.book"']


@pytest.mark.parametrize("module", TREES)
def test_what_others_wrote_stays_in_its_room(module: str) -> None:
    for name in imports(module):
        allowed = FOREIGN.get(name.partition(".")[0])
        assert allowed is None or room(module) in allowed, f"{module} imports {name}"


LIGHT = [
    "mkdocs_cnn",
    "mkdocs_cnn.arrays",
    "mkdocs_cnn.layers",
    "mkdocs_cnn.layers.shift_formulas",
    "mkdocs_cnn.claims",
]


@pytest.mark.parametrize("module", LIGHT)
def test_counting_loads_neither_numpy_nor_matplotlib(module: str) -> None:
    heavy = set(FOREIGN)
    program = f"import sys, {module}; print(*({heavy!r} & sys.modules.keys()))"
    loaded = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=PACKAGE.parent,
    )
    assert loaded.stdout.split() == []


@pytest.mark.parametrize("module", TREES)
def test_a_module_is_read_at_a_sitting(module: str) -> None:
    assert len(SOURCES[module].read_text(encoding="utf-8").splitlines()) <= 350


@pytest.mark.parametrize("module", TREES)
def test_a_module_is_named_after_what_it_holds(module: str) -> None:
    assert not {"utils", "util", "helpers", "common", "misc"} & set(module.split("."))


@pytest.mark.parametrize("module", TREES)
def test_no_function_is_longer_than_a_screen(module: str) -> None:
    long = {function.name: body_lines(function) for function, _ in functions(module)}
    assert {name: lines for name, lines in long.items() if lines > 50} == {}


@pytest.mark.parametrize("module", TREES)
def test_a_function_is_named_after_what_it_gives(module: str) -> None:
    names = [function.name.lstrip("_") for function, _ in functions(module)]
    assert [name for name in names if name.startswith(("get_", "compute_"))] == []


@pytest.mark.parametrize("module", TREES)
def test_every_module_and_public_function_says_what_it_is(module: str) -> None:
    assert ast.get_docstring(TREES[module])
    silent = [
        function.name
        for function, public in functions(module)
        if public and not ast.get_docstring(function)
    ]
    assert silent == []


@pytest.mark.parametrize("module", TREES)
def test_every_public_function_is_typed(module: str) -> None:
    untyped = []
    for function, public in functions(module):
        given = function.args
        arguments = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        bare = [
            argument.arg
            for argument in arguments
            if argument and not argument.annotation and argument.arg not in ("self", "cls")
        ]
        if public and (bare or function.returns is None):
            untyped.append((function.name, bare))
    assert untyped == []


def test_bodies_are_short_by_the_median() -> None:
    lengths = sorted(body_lines(function) for name in TREES for function, _ in functions(name))
    assert lengths[len(lengths) // 2] <= 8
