from __future__ import annotations

from typing import Any

import pytest

from mkdocs_cnn.registry import Registry, UnknownNameError, did_you_mean, explained


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
    assert str(explained(TypeError("as it was"), function, names)) == said
