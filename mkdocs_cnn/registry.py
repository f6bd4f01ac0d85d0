"""Things found by name, and the content packages that declare them.

A content package is an importable package with any of the modules `figures`, `measurements`,
`experiments`, `claims`, `layers` and `networks`, each a module or a package of modules, and the
file `references.bib`. Our book is one. A site names its own in `mkdocs.yml`, and an installed
package can announce itself by an entry point of the group `mkdocs_cnn.content`.

What they declare is read from the source, where `@figure("name", …)` stands, so that a build that
takes everything from the cache imports none of it.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.metadata import entry_points
from pathlib import Path
from traceback import walk_tb
from typing import Any, NamedTuple, NoReturn, TypeVar

from mkdocs_cnn.fingerprint import PACKAGE, count_packages, is_module, module_path, syntax

Thing = TypeVar("Thing")


class UnknownNameError(LookupError):
    """No thing of this kind has this name; the message suggests the nearest one."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        super().__init__(f"no {kind} named {name!r}{did_you_mean(str(name), known)}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'params-by-kernel'?`, or an empty string where no known name is near."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1)
    # Half a name is not near the whole one, by the letters that differ.
    near = near or [one for one in names if name and name in one]
    return f"; did you mean {near[0]!r}?" if near else ""


def clearer_error(
    error: TypeError, function: Callable[..., Any], arguments: Iterable[str]
) -> TypeError:
    """The error of a call, or a clearer one where the function has no argument of some name."""
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):  # what is not callable, and some of Python's own functions
        return error
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return error
    for name in arguments:
        if name not in parameters:
            return TypeError(f"no argument {name!r}{did_you_mean(name, parameters)}")
    return error


class Registry(dict[str, Thing]):
    """Things of one kind by name, in the order in which they were added; errors name the kind."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def add(self, name: str, thing: Thing) -> Thing:
        """Add a thing, and return it.

        Raises:
            ValueError: If the name is taken.
        """
        if name in self:
            raise ValueError(f"there is a {self.kind} named {name!r} already")
        self[name] = thing
        return thing

    def __missing__(self, name: str) -> NoReturn:
        """Refuse to look up a name that is not there.

        Raises:
            UnknownNameError: Always.
        """
        raise UnknownNameError(self.kind, name, self)


# -- content packages

OUR_BOOK = "mkdocs_cnn.book"
ENTRY_POINTS = "mkdocs_cnn.content"

_packages: list[str] = []  # as found; empty until somebody asks or says
_said: Content | None = None


class Content(NamedTuple):
    """The arguments of `use_content`, so that another process can call it with the same."""

    packages: tuple[str, ...] = ()  # the full names of those that a site names
    folder: Path | None = None  # in which they are looked for first


@dataclass(frozen=True)
class Declaration:
    """A decorator as it stands in a module: `@figure("bars", title="Weights")`."""

    name: str  # its first argument
    module: str  # the full name of the module
    line: int  # of the file, on which the decorator stands
    literals: Mapping[str, Any] = field(
        compare=False
    )  # keyword arguments whose values are literals
    computed: frozenset[str] = frozenset()  # the names of the others
    function: ast.FunctionDef | None = field(default=None, compare=False)  # what it decorates

    @property
    def place(self) -> str:
        """File and line: "my_lecture/figures.py:12"."""
        return f"{as_written(module_path(self.module))}:{self.line}"


def content_packages() -> tuple[str, ...]:
    """The full names of all content packages: our book, installed ones, those that a site names."""
    if not _packages:
        use_content(())
    return tuple(_packages)


def content() -> Content:
    """The content in use; another process takes the same with `use_content(*content())`."""
    return _said or Content()


def use_content(packages: Iterable[str], folder: Path | None = None) -> None:
    """Make these packages the content of the site, besides our book and the installed ones.

    Modules imported from them before are dropped, so that a rebuild reads them as they are now.
    They are named as in an `import` statement, and looked for in the site's folder first.

    Raises:
        ModuleNotFoundError: If there is no such package.
    """
    global _said
    said = Content(tuple(packages), folder)
    if folder is not None and sys.path[:1] != [str(folder)]:
        sys.path[:] = [str(folder), *(one for one in sys.path if one != str(folder))]
    announced = [point.value for point in entry_points(group=ENTRY_POINTS)]
    found = list(dict.fromkeys([OUR_BOOK, *announced, *said.packages]))
    tops = {name.partition(".")[0] for name in found} - {PACKAGE}
    folders = {top: _folder(top) for top in sorted(tops)}
    for module in [name for name in sys.modules if name.partition(".")[0] in tops]:
        del sys.modules[module]
    count_packages(folders)
    declarations.cache_clear()
    for name in found:
        if not is_module(name):
            raise ModuleNotFoundError(f"no package {name!r} with an __init__.py")
    _packages[:], _said = found, said


def content_folders() -> list[Path]:
    """The folders of the content packages besides our book."""
    return [module_path(name).parent for name in content_packages() if name != OUR_BOOK]


def _folder(package: str) -> Path:
    """The folder of a top-level package, found without importing it."""
    PathFinder.invalidate_caches()
    found = PathFinder.find_spec(package, sys.path)
    if found is None or not found.submodule_search_locations:
        looked = f"looked in {sys.path[0]} and where Python does"
        raise ModuleNotFoundError(f"no package {package!r}; {looked}")
    return Path(next(iter(found.submodule_search_locations)))


def has_room(package: str, room: str) -> bool:
    """Whether a content package has a module, or a package of modules, of this name."""
    return is_module(f"{package}.{room}")


def modules(room: str) -> Iterator[str]:
    """The full names of the modules of one room in all content packages.

    A room such as `figures` is one module, or a package with modules in it.
    """
    for package in content_packages():
        place = module_path(package).parent / room
        if place.with_suffix(".py").is_file():
            yield f"{package}.{room}"
        for path in sorted(place.rglob("*.py")):
            inner = path.relative_to(place).with_suffix("").parts
            yield ".".join([package, room, *inner]).removesuffix(".__init__")


@cache
def declarations(decorator: str, room: str) -> Registry[Declaration]:
    """All that modules of a room, "figures", declare with a decorator, "figure", by name.

    Raises:
        ValueError: If a name is declared twice, or is not a string literal.
        SyntaxError: If a module is not valid Python.
    """
    known: Registry[Declaration] = Registry(decorator)
    for module in modules(room):
        for declaration in _declared(decorator, module):
            name = declaration.name
            if name in known:
                what = f"{decorator} {name!r} is declared"
                raise twice(what, known[name].place, declaration.place)
            known.add(name, declaration)
    return known


def import_declared(declaration: Declaration, things: Mapping[str, Thing]) -> Thing:
    """What a declaration has put among things by name; its module is imported."""
    import_module(declaration.module)
    if declaration.name not in things:
        raise ValueError(
            f"{declaration.place}: importing the module does not declare {declaration.name!r}: it "
            "stands below a condition that does not hold, or its decorator is not ours"
        )
    return things[declaration.name]


def twice(what: str, first: str, second: str) -> ValueError:
    """The error of a name that stands at two places: "figure 'bars' is declared twice: at …"."""
    return ValueError(f"{what} twice: at {first} and at {second}")


def _declared(decorator: str, module: str) -> Iterator[Declaration]:
    for function, is_found in _functions(syntax(module).body):
        for call in function.decorator_list:
            match call:
                case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if (
                    name == decorator
                ):
                    where = f"{as_written(module_path(module))}:{call.lineno}: @{decorator}"
                    if isinstance(function, ast.AsyncFunctionDef):
                        raise ValueError(
                            f"{where} takes a plain function: write def, not async def"
                        )
                    if not is_found:
                        raise ValueError(f"{where} {_TOO_DEEP}")
                    yield _read(decorator, module, call, function)
                case ast.Name(id=name) | ast.Attribute(attr=name) if name == decorator:
                    raise _nameless(decorator, module, call.lineno)


_TOO_DEEP = (
    "stands within a function, class or loop; it must stand at the left margin of its module, or "
    "below `if`, `try` or `with` there"
)
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_PASSED = ast.If | ast.Try | ast.With | ast.ExceptHandler


def _functions(nodes: Iterable[ast.AST], found: bool = True) -> Iterator[tuple[_Function, bool]]:
    """Functions at any depth, and whether importing the module defines them, once at most."""
    for node in nodes:
        if isinstance(node, _Function):
            yield node, found
        if not isinstance(node, ast.expr):
            passed = found and isinstance(node, _PASSED)
            yield from _functions(ast.iter_child_nodes(node), passed)


def _read(decorator: str, module: str, call: ast.Call, function: ast.FunctionDef) -> Declaration:
    match call.args:
        case [ast.Constant(value=str(name))]:
            given = {key.arg: key.value for key in call.keywords if key.arg}
            literals = dict(_literals(given))
            computed = frozenset(given.keys() - literals.keys())
            read = Declaration(name, module, call.lineno, literals, computed, function)
            for key in literals.keys() & _KINDS.keys():
                kind, is_one = _KINDS[key]
                if not is_one(literals[key]):
                    what = f"{read.place}: {key} of {decorator} {name!r}"
                    raise ValueError(f"{what} is {kind}, not {literals[key]!r}")
            return read
    raise _nameless(decorator, module, call.lineno)


# What an argument of a decorator is, where it is written out: in words, and as a test.
_TEXT = "text", lambda value: isinstance(value, str)
_COUNT = "a whole number above 0", lambda value: type(value) is int and value > 0
_NAMES = 'several names, as in ("one",)', lambda value: _several(value, str)
_FUNCTION = "a function", lambda value: value is None
_KINDS: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    **dict.fromkeys(("title", "caption", "alt", "explorer", "source", "variant"), _TEXT),
    **dict.fromkeys(("seeds", "year"), _COUNT),
    **dict.fromkeys(("reads", "needs", "rests_on"), _NAMES),
    **dict.fromkeys(("facts", "frames"), _FUNCTION),
    "aspect": ("a number above 0", lambda value: type(value) in (int, float) and value > 0),
    "timed": ("True or False", lambda value: isinstance(value, bool)),
    "input_shape": ("sizes, as in (3, 224, 224)", lambda value: _several(value, int)),
}


def _several(value: object, kind: type) -> bool:
    return isinstance(value, list | tuple) and all(type(one) is kind for one in value)


def _nameless(decorator: str, module: str, line: int) -> ValueError:
    return ValueError(
        f"{as_written(module_path(module))}:{line}: the name of a {decorator} is written "
        f'out: @{decorator}("name", …)'
    )


def _literals(arguments: Mapping[str, ast.expr]) -> Iterator[tuple[str, Any]]:
    for name, node in arguments.items():
        try:
            yield name, ast.literal_eval(node)
        except ValueError:  # a name, a call, a lambda
            continue


def place_of(definition: type | Callable[..., Any]) -> str:
    """File and line of a class or function: "my_lecture/layers.py:12"."""
    line = inspect.getsourcelines(definition)[1]
    return f"{as_written(module_path(definition.__module__))}:{line}"


def as_written(path: Path) -> str:
    """The path relative to the current folder where it lies within it, else in full."""
    here = Path.cwd()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


def place_in_content(error: BaseException) -> str:
    """Where in a content package of the site an error arose: "my_lecture/figures.py:12", or "".

    The innermost line counts. Our own book is left out: what readers of its errors look for is the
    line of their page.
    """
    folders = content_folders()
    lines = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename:
        lines.append((Path(error.filename), error.lineno or 0))
    for path, line in reversed(lines):
        if any(path.is_relative_to(folder) for folder in folders):
            return f"{as_written(path)}:{line}"
    return ""
