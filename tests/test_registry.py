from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from mkdocs_cnn import registry
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.experiments import results
from mkdocs_cnn.experiments.catalogue import load_experiment
from mkdocs_cnn.figures.catalogue import figure_code
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.fingerprint import code_digest, imports_of
from mkdocs_cnn.registry import (
    OUR_BOOK,
    Registry,
    UnknownNameError,
    clearer_error,
    content_packages,
    declarations,
    did_you_mean,
    place_in_content,
    use_content,
)


@pytest.fixture
def figures() -> Registry[str]:
    registry: Registry[str] = Registry("figure")
    registry.add("params-by-kernel", "bars")
    registry.add("dense-matrix", "cells")
    return registry


def test_what_is_added_is_returned_and_found(figures: Registry[str]) -> None:
    assert figures.add("edge", "lines") == "lines"
    assert figures["edge"] == "lines"


def test_things_stay_in_the_order_in_which_they_were_added(figures: Registry[str]) -> None:
    assert list(figures) == ["params-by-kernel", "dense-matrix"]
    assert len(figures) == 2


def test_a_name_is_given_once(figures: Registry[str]) -> None:
    with pytest.raises(ValueError, match="there is a figure named 'dense-matrix' already"):
        figures.add("dense-matrix", "others")
    assert figures["dense-matrix"] == "cells"


def test_a_misspelt_name_meets_its_neighbour(figures: Registry[str]) -> None:
    with pytest.raises(UnknownNameError) as error:
        figures["parms-by-kernel"]
    assert str(error.value) == (
        "no figure named 'parms-by-kernel'; did you mean 'params-by-kernel'?"
    )


@pytest.mark.parametrize("name", ["zzz", 3, None])
def test_a_name_like_no_other_is_refused_without_a_guess(figures: Registry[str], name: str) -> None:
    with pytest.raises(UnknownNameError) as error:
        figures[name]
    assert str(error.value) == f"no figure named {name!r}"


def test_asking_whether_a_name_is_there_raises_nothing(figures: Registry[str]) -> None:
    assert "dense-matrix" in figures
    assert "dense" not in figures


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("kernel", ["kernal", "other"], "; did you mean 'kernal'?"),
        ("kernel", ["stride"], ""),
        ("sample", ["overfitting", "sample-efficiency"], "; did you mean 'sample-efficiency'?"),
        ("", ["stride"], ""),
        ("kernel", [], ""),
    ],
)
def test_a_hint_names_the_nearest_name_or_none(name: str, known: list[str], hint: str) -> None:
    assert did_you_mean(name, known) == hint


def takes(kernel_size: int, *, stride: int = 1) -> None:
    """One argument by place or name, one by name."""


@pytest.mark.parametrize(
    ("function", "names", "said"),
    [
        (takes, ["strid"], "no argument 'strid'; did you mean 'stride'?"),
        (takes, ["kernel_size", "zzz"], "no argument 'zzz'"),
        (takes, ["kernel_size", "stride"], "as it was"),
        (dict, ["anything"], "as it was"),
        (lambda **anything: None, ["strid"], "as it was"),
        (3, ["strid"], "as it was"),
    ],
)
def test_a_failed_call_says_which_argument_was_meant(
    function: Any, names: list[str], said: str
) -> None:
    assert str(clearer_error(TypeError("as it was"), function, names)) == said


# -- content packages


@pytest.fixture
def package(tmp_path: Path) -> Iterator[Callable[[str, dict[str, str]], None]]:
    """A function that writes a content package, and has it used with those before."""
    names: list[str] = []

    def write(name: str, files: dict[str, str]) -> None:
        for file, text in {"__init__.py": "", **files}.items():
            path = tmp_path / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        names.append(name)
        use_content(names, tmp_path)

    yield write
    use_content(())
    sys.path.remove(str(tmp_path))


BARS = '@figure("{name}", title="Bars", rests_on=("one",), facts=facts)\ndef bars(): ...\n'


def test_our_book_is_always_content() -> None:
    assert content_packages()[0] == OUR_BOOK
    assert "three-ideas" in declarations("figure", "figures")


def test_what_a_package_declares_is_read_from_a_module_or_a_package_of_modules(
    package: Callable[..., None],
) -> None:
    package("lecture_a", {"figures.py": "import nowhere\n\n" + BARS.format(name="a-bars")})
    package("lecture_b", {"figures/__init__.py": "", "figures/one.py": BARS.format(name="b-bars")})
    found = declarations("figure", "figures")
    assert {name: found[name].module for name in ("a-bars", "b-bars")} == {
        "a-bars": "lecture_a.figures",
        "b-bars": "lecture_b.figures.one",
    }
    assert found["a-bars"].line == 3
    assert found["a-bars"].literals == {"title": "Bars", "rests_on": ("one",)}
    assert found["a-bars"].computed == {"facts"}


def test_a_name_that_two_packages_declare_is_refused_with_both_places(
    package: Callable[..., None],
) -> None:
    package("lecture_a", {"figures.py": BARS.format(name="bars-of-two")})
    package("lecture_b", {"figures.py": "\n" + BARS.format(name="bars-of-two")})
    both = r"at .*lecture_a/figures\.py:1 and at .*lecture_b/figures\.py:2"
    with pytest.raises(ValueError, match=f"figure 'bars-of-two' is declared twice: {both}"):
        declarations("figure", "figures")


def test_a_name_that_is_not_written_out_is_refused_with_its_place(
    package: Callable[..., None],
) -> None:
    package("lecture_a", {"figures.py": 'NAME = "bars"\n\n\n@figure(NAME)\ndef bars(): ...\n'})
    with pytest.raises(
        ValueError, match=r"lecture_a/figures\.py:4: the name of a figure is written"
    ):
        declarations("figure", "figures")


def test_other_decorators_and_calls_do_not_count(package: Callable[..., None]) -> None:
    source = '@cache\ndef one(): ...\n@of.figures("two")\ndef two(): ...\nfigure("three")\n'
    package("lecture_a", {"figures.py": source})
    assert not {"one", "two", "three"} & set(declarations("figure", "figures"))


def test_a_package_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match="no package 'lecture_of_nobody'"):
        use_content(["lecture_of_nobody"], tmp_path)
    use_content(())


def test_an_edit_is_seen_when_the_content_is_used_anew(package: Callable[..., None]) -> None:
    package("lecture_a", {"figures.py": BARS.format(name="old-bars"), "data.py": "VALUE = 1\n"})
    assert import_module("lecture_a.data").VALUE == 1
    package("lecture_a", {"figures.py": BARS.format(name="new-bars"), "data.py": "VALUE = 22\n"})
    assert import_module("lecture_a.data").VALUE == 22
    names = set(declarations("figure", "figures"))
    assert "new-bars" in names
    assert "old-bars" not in names


def test_an_installed_package_announces_itself(
    package: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    package("lecture_a", {})
    point = EntryPoint("any name", "lecture_a", "mkdocs_cnn.content")
    monkeypatch.setattr(registry, "entry_points", lambda group: [point] * (group == point.group))
    use_content(())
    assert content_packages() == (OUR_BOOK, "lecture_a")


def test_an_error_in_content_has_a_place_and_one_of_ours_has_none(
    package: Callable[..., None],
) -> None:
    package("lecture_a", {"figures.py": "def fails():\n    return 1 / 0\n", "broken.py": "x = (\n"})
    for module, line in (("figures", 2), ("broken", 1)):
        with pytest.raises((ZeroDivisionError, SyntaxError)) as caught:
            import_module(f"lecture_a.{module}").fails()
        assert place_in_content(caught.value).endswith(f"lecture_a/{module}.py:{line}")
    with pytest.raises(UnknownNameError) as caught:
        Registry[int]("number")["one"]
    assert place_in_content(caught.value) == ""


# -- mistakes of declarations, read from the source


@pytest.mark.parametrize("above", ["if True:", "try:", "with one as two:"])
def test_a_declaration_below_a_condition_is_found(package: Callable[..., None], above: str) -> None:
    end = "except ImportError: ...\n" if above == "try:" else ""
    below = BARS.format(name="bars-below").replace("def bars", "    def bars")
    package("lecture_a", {"figures.py": f"{above}\n    {below}{end}"})
    assert declarations("figure", "figures")["bars-below"].line == 2


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('@figure("a")\nasync def a(): ...\n', r":1: @figure takes a plain function: write def"),
        ('def f():\n    @figure("a")\n    def a(): ...\n', r":2: @figure stands within a function"),
        ('class A:\n    @figure("a")\n    def a(): ...\n', r":2: @figure stands within a function"),
        ('@figure("a", aspect="wide")\ndef a(): ...\n',
         r":1: aspect of figure 'a' is a number above 0, not 'wide'"),
        ('@figure("a", rests_on="one")\ndef a(): ...\n',
         r":1: rests_on of figure 'a' is several names, as in \(\"one\",\), not 'one'"),
        ('@figure("a", title=3)\ndef a(): ...\n', r":1: title of figure 'a' is text, not 3"),
        ('@figure("a", facts="a")\ndef a(): ...\n', r":1: facts of figure 'a' is a function, not"),
    ],
)  # fmt: skip
def test_a_declaration_that_is_none_is_refused_with_its_place(
    package: Callable[..., None], source: str, said: str
) -> None:
    package("lecture_a", {"figures.py": source})
    with pytest.raises(ValueError, match=rf"lecture_a/figures\.py{said}"):
        declarations("figure", "figures")


def test_a_declaration_that_an_import_does_not_come_by_is_refused(
    package: Callable[..., None],
) -> None:
    package("lecture_a", {"figures.py": 'if False:\n    @figure("no-bars")\n    def bars(): ...\n'})
    with pytest.raises(ValueError, match=r"figures\.py:2: importing .* not declare 'no-bars'"):
        find_figure("no-bars")


EXPERIMENT = '''from mkdocs_cnn.experiments import experiment
from dataclasses import dataclass
@dataclass(frozen=True)
class Settings: ...
@dataclass(frozen=True)
class Run: ...
class Loose: ...
@experiment("e-one", title="One", seeds=1)
def run({settings}, seed: int){returns}: ...
'''  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "returns", "said"),
    [
        ("settings: Settings", " -> dict[str, int]", r"returns dict\[str, int\]; it must return a"),
        ("settings: Settings", " -> Loose", "returns Loose; it must return a dataclass of its own"),
        ("settings: Settings", "", "does not say what it takes and returns"),
        ("settings", " -> Run", "does not say what it takes and returns"),
    ],
)
def test_an_experiment_that_returns_no_dataclass_is_refused_where_it_is_declared(
    package: Callable[..., None], settings: str, returns: str, said: str
) -> None:
    source = EXPERIMENT.format(settings=settings, returns=returns)
    package("lecture_a", {"experiments.py": source})
    with pytest.raises(ValueError, match=rf"experiments\.py:8: experiment 'e-one' {said}"):
        load_experiment("e-one")


def test_an_experiment_without_findings_is_named_with_its_place(
    package: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = EXPERIMENT.format(settings="settings: Settings", returns=" -> Run")
    package("lecture_a", {"experiments.py": source})
    monkeypatch.setattr(results, "raw_outcome", lambda name: None)
    with pytest.raises(ValueError, match=r"experiments\.py:8: experiment 'e-one' has no findings"):
        results.numbers_of("e-one")


NETWORK = """from mkdocs_cnn.layers import Linear, Sequential
from mkdocs_cnn.networks.network import network
@network("mine", title="Mine", year=2026)
def mine(): return Sequential(a=Linear(2, {units})), Sequential(b=Linear({units}, 1))
"""


def test_an_edit_of_a_network_redraws_the_figures_that_may_show_it(
    package: Callable[..., None], tmp_path: Path
) -> None:
    head = "from mkdocs_cnn.networks import networks\n"
    figures = {"figures/a.py": head + BARS.format(name="a").replace('("one",)', "()"),
               "figures/b.py": BARS.format(name="b").replace('("one",)', "()")}  # fmt: skip
    digests = []
    for units in (3, 4):
        package("lecture_a", {**figures, "networks.py": NETWORK.format(units=units)})
        digests.append([figure_code(name, Cache(tmp_path / "cache")) for name in ("a", "b")])
    assert digests[0][0] != digests[1][0]
    assert digests[0][1] == digests[1][1]


def test_imports_that_begin_with_dots_are_followed(package: Callable[..., None]) -> None:
    files = {"figures/__init__.py": "from . import one\nfrom .. import data\n",
             "figures/one.py": "from ..data import VALUE\n", "data.py": "VALUE = 1\n"}  # fmt: skip
    package("lecture_a", files)
    within = imports_of("lecture_a.figures"), imports_of("lecture_a.figures.one")
    assert within == ({"lecture_a.figures.one", "lecture_a.data"}, {"lecture_a.data"})


def test_marks_of_windows_in_a_file_change_nothing(
    package: Callable[..., None], tmp_path: Path
) -> None:
    source = '"""Étude."""\nTEXT = """two\nlines"""\n' + BARS.format(name="w")
    package("lecture_a", {"figures.py": source})
    before = code_digest("lecture_a.figures")
    windows = b"\xef\xbb\xbf" + source.replace("\n", "\r\n").encode()
    (tmp_path / "lecture_a/figures.py").write_bytes(windows)
    use_content(["lecture_a"], tmp_path)
    assert "w" in declarations("figure", "figures")
    assert code_digest("lecture_a.figures") == before


def test_sites_one_after_the_other_have_each_its_own_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))
    for site in ("one site", "zweite Größe"):
        (tmp_path / site / "lecture").mkdir(parents=True)
        (tmp_path / site / "lecture/__init__.py").write_text(f"SITE = {site!r}", encoding="utf-8")
    for site in ("one site", "zweite Größe", "one site"):
        use_content(["lecture"], tmp_path / site)
        assert site == import_module("lecture").SITE
    use_content(())
