from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from mkdocs_cnn import registry
from mkdocs_cnn.registry import (
    OUR_BOOK,
    Registry,
    UnknownNameError,
    clearer_error,
    content_packages,
    declarations,
    did_you_mean,
    import_declared,
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


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            '@figure("bars")\nasync def bars(): ...\n',
            "s.py:1: @figure takes a plain function",
        ),
        (
            'def make():\n    @figure("bars")\n    def bars(): ...\n',
            "s.py:2: @figure stands w",
        ),
        (
            'for n in 1, 2:\n    @figure("bars")\n    def bars(): ...\n',
            "s.py:2: @figure stands",
        ),
        (
            '@figure("bars", aspect="wide")\ndef bars(): ...\n',
            "aspect of figure 'bars' is a number",
        ),
        ('@figure("bars", aspect=0)\ndef bars(): ...\n', "is a number above 0, not 0"),
        ('@figure("bars", rests_on="one")\ndef bars(): ...\n', "'bars' is several names, as in"),
        ('@figure("bars", title=3)\ndef bars(): ...\n', "title of figure 'bars' is text, not 3"),
    ],
)
def test_a_declaration_that_cannot_be_used_is_refused_with_its_place(
    package: Callable[..., None], source: str, says: str
) -> None:
    package("lecture_a", {"figures.py": source})
    with pytest.raises(ValueError, match=re.escape(says)) as error:
        declarations("figure", "figures")
    assert re.search(r"figures\.py:\d+", str(error.value))


def test_a_declaration_may_stand_below_a_condition_that_holds(package: Callable[..., None]) -> None:
    lines = "    @figure({!r})\n    def bars(): ...\n"
    head = "def figure(name):\n    return lambda draw: draw\n"
    source = f"{head}if True:\n{lines.format('one')}try:\n{lines.format('two')}finally:\n    pass\n"
    package("lecture_a", {"figures.py": source})
    known = declarations("figure", "figures")
    assert {"one", "two"} <= set(known)
    with pytest.raises(
        ValueError, match=r"figures\.py:4: importing the module does not declare 'one'"
    ):
        import_declared(known["one"], {})


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
