from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from mkdocs_cnn import fingerprint as digest_module
from mkdocs_cnn.fingerprint import code_digest, digest, imports_of, versions

PACKAGE = Path(digest_module.__file__).parent
DRAWN = "mkdocs_cnn.figures.rendering"
CACHED = (
    code_digest,
    digest_module.syntax,
    digest_module._imports,
    digest_module._linked,
    digest_module._own_digest,
)


def forget() -> None:
    for function in CACHED:
        function.cache_clear()


@pytest.fixture(scope="module")
def before() -> str:
    """The digest of the drawing module; that of a copy is the same until it is edited."""
    forget()
    return code_digest(DRAWN)


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the package's sources, which the digests are taken of."""
    copy = tmp_path / "mkdocs_cnn"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setitem(digest_module._folders, "mkdocs_cnn", copy)
    forget()
    yield copy
    forget()


def edited(path: Path, old: str, new: str) -> str:
    """The digest of the drawing module after an edit of one of the package's files."""
    source = path.read_text(encoding="utf-8")
    assert old in source
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    forget()
    return code_digest(DRAWN)


# -- plain values


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a",), ("b",)),
        (("a", "b"), ("ab",)),
        ((1,), ("1",)),
        ((1,), (True,)),
        ((["a"], "b"), (["a", "b"],)),
        (({"a": 1},), ({"a": 2},)),
        ((), ("",)),
    ],
)
def test_different_values_have_different_fingerprints(
    one: tuple[object, ...], other: tuple[object, ...]
) -> None:
    assert digest(*one) != digest(*other)


def test_the_order_of_keys_does_not_count() -> None:
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    assert digest("conv", 5, {"k": "ä"}) == "9f5b9019f6d73178b52805c906ea8be9"


# -- code: the same on every Python

SAMPLE = Path(__file__).parent / "samples" / "syntax.py"


@pytest.fixture
def sample(package: Path) -> Path:
    """A module of the package with the syntax that Python's versions print differently."""
    return Path(shutil.copy(SAMPLE, package / "sample.py"))


def test_a_fingerprint_of_code_is_the_same_on_every_python(sample: Path) -> None:
    # Results are sealed with such fingerprints; any Python that finds another one calls them stale.
    assert code_digest("mkdocs_cnn.sample") == "7039933d1bb436999e50cc6f0cfe1217"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax of Python 3.12")
@pytest.mark.parametrize(
    ("newer", "older"),
    [
        ("""f"{names["a"]} {'\\n'.join(names)}\"""", ""),
        ("def first[T](values: list[T]) -> T: ...", "def first(values: list[T]) -> T: ..."),
        ("class Stack[T]: pass", "class Stack: pass"),
        ("type Pair[T] = tuple[T, T]", ""),
    ],
)
def test_syntax_that_only_newer_pythons_know_counts(sample: Path, newer: str, older: str) -> None:
    def digest_of(source: str) -> str:
        sample.write_text(source, encoding="utf-8")
        forget()
        return code_digest("mkdocs_cnn.sample")

    assert digest_of(newer) == digest_of(f"{newer}  # and a comment")
    assert digest_of(newer) != digest_of(older)


# -- code: what changes nothing


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("figures/rendering.py", '"""Declared figures made', '"""Other words about figures made'),
        ("figures/rendering.py", "import io\n", "# a comment\nimport io\n"),
        (
            "figures/rendering.py",
            'FORMATS = ("svg", "png", "pdf")',
            "FORMATS = (\n    'svg','png',\n 'pdf')",
        ),
        (
            "quantities/quantity.py",
            '"""An exact number with a unit',
            '"""An exact NUMBER with a unit',
        ),
        (
            "quantities/quantity.py",
            "        return bool(self.value)\n",
            "        return bool(self.value)  # so\n\n",
        ),
        (
            "pages/mistakes.py",
            "import sys\n",
            "import sys\nimport os\n",
        ),  # drawing does not import it
    ],
)
def test_words_layout_and_what_is_not_imported_do_not_count(
    package: Path, before: str, file: str, old: str, new: str
) -> None:
    assert edited(package / file, old, new) == before


# -- code: what changes something


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("figures/rendering.py", '("svg", "png", "pdf")', '("svg", "pdf")'),
        ("figures/style.py", 'dense="#6f7683"', 'dense="#6f7684"'),  # imported by it
        (
            "quantities/rounding.py",
            "digits: int = 4",
            "digits: int = 5",
        ),  # by way of words and quantity
        ("quantities/expression.py", "def simplify(", "def simplified("),
    ],
)
def test_code_counts_in_a_module_and_in_all_that_it_imports(
    package: Path, before: str, file: str, old: str, new: str
) -> None:
    assert edited(package / file, old, new) != before


def test_a_string_that_is_no_docstring_counts(package: Path) -> None:
    module = package / "alone.py"
    module.write_text('def f():\n    """Words."""\n    return "one"\n', encoding="utf-8")
    before = code_digest("mkdocs_cnn.alone")
    module.write_text('def f():\n    """Other words."""\n    return "two"\n', encoding="utf-8")
    forget()
    assert code_digest("mkdocs_cnn.alone") != before


def test_modules_that_swap_their_code_have_another_digest(package: Path) -> None:
    one, two = package / "one.py", package / "two.py"
    both = ("mkdocs_cnn.one", "mkdocs_cnn.two")
    one.write_text("x = 1\n", encoding="utf-8")
    two.write_text("x = 2\n", encoding="utf-8")
    before = code_digest(*both)
    one.write_text("x = 2\n", encoding="utf-8")
    two.write_text("x = 1\n", encoding="utf-8")
    forget()
    assert code_digest(*both) != before


def test_modules_that_import_each_other_have_a_digest(package: Path) -> None:
    (package / "one.py").write_text("import mkdocs_cnn.two\n", encoding="utf-8")
    (package / "two.py").write_text("from mkdocs_cnn import one\n", encoding="utf-8")
    assert code_digest("mkdocs_cnn.one") == code_digest("mkdocs_cnn.two")


# -- code: where it stands does not count


@pytest.fixture
def user(package: Path) -> Callable[..., str]:
    """A function that writes a module, another that imports it, and gives the other's digest."""

    def digest_of(module: str, imports: str, *, value: int = 1) -> str:
        name = f"mkdocs_cnn.{module}"
        place = package.joinpath(*module.split("."))
        place.parent.mkdir(exist_ok=True)
        place.with_suffix(".py").write_text(f"VALUE = {value}\nOTHER = 3\n", encoding="utf-8")
        (package / "user.py").write_text(imports.replace("MODULE", name), encoding="utf-8")
        forget()
        return code_digest("mkdocs_cnn.user")

    return digest_of


TAKES_A_NAME = "import json\nfrom MODULE import VALUE\n\nx = VALUE + 1\n"


def test_a_module_that_moved_keeps_the_fingerprints_of_all_that_import_it(
    user: Callable[..., str],
) -> None:
    before = user("here", TAKES_A_NAME)
    assert user("elsewhere.renamed", TAKES_A_NAME) == before
    assert user("elsewhere.renamed", TAKES_A_NAME, value=2) != before
    assert user("here", TAKES_A_NAME.replace("VALUE", "OTHER")) != before
    assert user("here", TAKES_A_NAME.replace("VALUE", "OTHER as VALUE", 1)) != before


def test_a_module_that_is_used_by_its_name_may_be_renamed(user: Callable[..., str]) -> None:
    before = user("here", "from mkdocs_cnn import here\n\nx = here.VALUE\n")
    assert user("there", "from mkdocs_cnn import there\n\nx = there.VALUE\n") == before
    assert user("there", "import mkdocs_cnn.there\n\nx = mkdocs_cnn.there.VALUE\n") == before
    assert user("there", "from mkdocs_cnn import there as t\n\nx = t.VALUE\n") == before
    assert user("there", "from mkdocs_cnn import there\n\nx = there.OTHER\n") != before


def test_the_order_of_imports_does_not_count(user: Callable[..., str], package: Path) -> None:
    one = "from MODULE import VALUE\nfrom mkdocs_cnn.quantities.sentences import Words\n"
    two = "from mkdocs_cnn.quantities.sentences import Words\nfrom MODULE import VALUE\n"
    assert user("here", one) == user("here", two)


def test_which_of_two_modules_says_what_counts(package: Path) -> None:
    user = "from mkdocs_cnn import one, two\n\nx = one.VALUE - two.VALUE\n"
    (package / "user.py").write_text(user, encoding="utf-8")
    digests = []
    for values in ((1, 2), (2, 1)):
        for module, value in zip(("one", "two"), values, strict=True):
            (package / f"{module}.py").write_text(f"VALUE = {value}\n", encoding="utf-8")
        forget()
        digests.append(code_digest("mkdocs_cnn.user"))
    assert len(set(digests)) == 2


# -- imports


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import mkdocs_cnn.quantities.sentences", {"mkdocs_cnn.quantities.sentences"}),
        ("import mkdocs_cnn.quantities.sentences as w, json", {"mkdocs_cnn.quantities.sentences"}),
        ("from mkdocs_cnn import cache, Conv2d", {"mkdocs_cnn", "mkdocs_cnn.cache"}),
        ("from mkdocs_cnn.quantities.sentences import Words", {"mkdocs_cnn.quantities.sentences"}),
        ("def f():\n    from mkdocs_cnn.layers.axis import Axis", {"mkdocs_cnn.layers.axis"}),
        ("import numpy\nfrom matplotlib.figure import Figure\nimport mkdocs", set()),
    ],
)
def test_imports_of_ours_are_found_wherever_they_stand(
    package: Path, source: str, found: set[str]
) -> None:
    (package / "alone.py").write_text(source, encoding="utf-8")
    assert imports_of("mkdocs_cnn.alone") == found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_every_import_of_ours_names_its_module_in_full(path: Path) -> None:
    # Relative imports would have to be resolved to be found.
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [n.lineno for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level] == []


@pytest.mark.parametrize(
    "name", ["mkdocs_cnn.gone", "mkdocs_cnn.figures.gone", "mkdocs_cnn.pages.assets"]
)
def test_a_module_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(ModuleNotFoundError, match=f"no module '{name}' in mkdocs_cnn"):
        code_digest(name)


IMPORTS_NOTHING = """
import sys
from mkdocs_cnn.fingerprint import code_digest
before = set(sys.modules)
code_digest("mkdocs_cnn.figures.rendering", "mkdocs_cnn.macros", "mkdocs_cnn.arrays.correlation")
print(sorted(name for name in set(sys.modules) - before))
"""


def test_a_digest_imports_nothing() -> None:
    command = [sys.executable, "-c", IMPORTS_NOTHING]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_versions_are_those_installed() -> None:
    assert versions("numpy", "matplotlib") == {
        "numpy": version("numpy"),
        "matplotlib": version("matplotlib"),
    }
