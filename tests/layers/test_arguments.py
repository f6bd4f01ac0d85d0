from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.layers.arguments import (
    flag,
    padding_mode,
    per_axis,
    same_padding,
    sides,
    whole,
    with_symbol,
)
from mkdocs_cnn.quantities.quantity import Quantity


@pytest.mark.parametrize("number", [5, np.int64(5), np.uint8(5), Quantity(5), np.array(5)])
def test_whole_numbers_of_every_kind_are_taken(number: Any) -> None:
    assert whole("stride", number, at_least=1).value == 5


def test_a_step_stays_the_step_that_it_was() -> None:
    size = (Quantity(30) - 2).named("output height", symbol="H_out")
    assert whole("size", size, at_least=1) is size


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (5.0, "stride must be an integer, not float 5.0"),
        (math.nan, "stride must be an integer, not float nan"),
        (True, "stride must be an integer, not bool True"),
        (np.True_, "stride must be an integer, not bool"),
        (np.float64(5), r"stride must be an integer, not float64 np.float64\(5.0\)"),
        (np.array([5]), r"stride must be an integer, not ndarray array\(\[5\]\)"),
        ("5", "stride must be an integer, not str '5'"),
        (None, "stride must be an integer, not NoneType None"),
        (Fraction(5), r"stride must be an integer, not Fraction Fraction\(5, 1\)"),
        (Quantity(5) / 2, "stride must be an integer, not Quantity 5/2"),
        ((5,), r"stride must be an integer, not tuple \(5,\)"),
    ],
)
def test_what_is_no_integer_is_refused(number: Any, message: str) -> None:
    with pytest.raises(TypeError, match=f"^{message}"):
        whole("stride", number, at_least=1)


@pytest.mark.parametrize(("number", "at_least"), [(0, 1), (-5, 1), (-1, 0), (Quantity(-2), 0)])
def test_what_is_too_small_is_refused(number: Any, at_least: int) -> None:
    with pytest.raises(ValueError, match=f"^stride must be at least {at_least}, not {number}$"):
        whole("stride", number, at_least=at_least)


@pytest.mark.parametrize("mode", ["zeros", "circular", "reflect", "edge"])
def test_every_padding_mode_is_known(mode: str) -> None:
    assert padding_mode(mode) == mode


@pytest.mark.parametrize(
    "mode", ["replicate", "Zeros", "", None, 0, ["zeros"], np.array(["zeros"] * 2)]
)
def test_other_padding_modes_are_refused_and_the_known_ones_named(mode: Any) -> None:
    with pytest.raises(ValueError, match="must be one of zeros, circular, reflect, edge, not") as e:
        padding_mode(mode)
    assert str(e.value).endswith(repr(mode))


@pytest.mark.parametrize("given", [0, 1, "yes", None, np.True_])
def test_a_flag_is_true_or_false(given: Any) -> None:
    with pytest.raises(TypeError, match=r"^bias must be True or False, not "):
        flag("bias", given)


@pytest.mark.parametrize(("given", "expected"), [(5, (5, 5)), ((3, 5), (3, 5)), ([3, 5], (3, 5))])
def test_a_pair_is_one_number_or_one_per_axis(given: Any, expected: tuple[int, int]) -> None:
    assert per_axis("kernel_size", given) == expected


def test_a_pair_is_named_after_its_axes() -> None:
    down, across = per_axis("kernel_size", 5)
    assert (down.name, down.symbol) == ("kernel height", "k_h")
    assert (across.name, across.symbol) == ("kernel width", "k_w")


@pytest.mark.parametrize("given", [(), (5,), (3, 5, 7)])
def test_a_pair_is_never_one_or_three(given: Any) -> None:
    with pytest.raises(ValueError, match=r"kernel_size takes one number or one per axis") as e:
        per_axis("kernel_size", given)
    assert str(e.value).endswith(f"not {given!r}")


def test_the_error_in_a_pair_names_the_axis() -> None:
    with pytest.raises(ValueError, match=r"^dilation along the width must be at least 1, not 0$"):
        per_axis("dilation", (1, 0))


@pytest.mark.parametrize(
    ("padding", "expected"),
    [
        (0, ((0, 0), (0, 0))),
        (2, ((2, 2), (2, 2))),
        (Quantity(2), ((2, 2), (2, 2))),
        ((1, 2), ((1, 1), (2, 2))),
        ([1, 2], ((1, 1), (2, 2))),
        (((1, 2), (3, 4)), ((1, 2), (3, 4))),
        ((1, (3, 4)), ((1, 1), (3, 4))),
        ("valid", ((0, 0), (0, 0))),
        ("same", ((1, 1), (3, 4))),
    ],
)
def test_padding_is_read_as_before_and_after_per_axis(padding: Any, expected: object) -> None:
    assert sides(padding, kernel_size=(3, 8), stride=1, dilation=1) == expected


@pytest.mark.parametrize(
    ("padding", "error", "message"),
    [
        ("SAME", ValueError, "'same' or 'valid', not 'SAME'"),
        ("", ValueError, "'same' or 'valid', not ''"),
        (-1, ValueError, "padding along the height must be at least 0, not -1"),
        ((0, -1), ValueError, "padding along the width must be at least 0, not -1"),
        (((0, -1), 0), ValueError, "padding at the bottom must be at least 0, not -1"),
        ((0, (-1, 0)), ValueError, "padding at the left must be at least 0, not -1"),
        ((1, 2, 3), ValueError, r"one per axis or one per side, not \(1, 2, 3\)"),
        (
            ((1, 2, 3), 0),
            ValueError,
            r"along the height takes one number per side, not \(1, 2, 3\)",
        ),
        (1.0, TypeError, "padding along the height must be an integer, not float 1.0"),
        (True, TypeError, "padding along the height must be an integer, not bool True"),
        (None, TypeError, "padding along the height must be an integer, not NoneType None"),
        (np.array([1, 2]), TypeError, "padding along the height must be an integer, not ndarray"),
    ],
)
def test_bad_padding_is_refused_by_side(padding: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        sides(padding, kernel_size=3, stride=1, dilation=1)


@pytest.mark.parametrize("kernel", range(1, 9))
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_same_padding_keeps_the_size(kernel: int, dilation: int) -> None:
    extent = dilation * (kernel - 1) + 1
    before, after = same_padding(extent, 1)
    assert 10 + before + after - extent + 1 == 10
    assert after - before in (0, 1)


def test_same_padding_needs_stride_1() -> None:
    with pytest.raises(ValueError, match=r"^padding 'same' needs stride 1, not 2$"):
        same_padding(5, 2)


def test_a_given_number_gets_its_usual_name_and_a_step_keeps_its_own() -> None:
    step = (Quantity(30) - 2).named("output height", symbol="H_out")
    assert with_symbol(Quantity(5), "kernel height", "k_h").symbol == "k_h"
    assert with_symbol(step, "input height", "H") is step


def test_a_layers_numbers_are_pure() -> None:
    given, step = Quantity(5, "pixel"), Quantity(30, "pixel") - Quantity(2, "pixel")
    assert with_symbol(given, "kernel height", "k_h").unit == ""
    assert with_symbol(step, "kernel height", "k_h").unit == ""
    assert with_symbol(step, "kernel height", "k_h").worked == "30 − 2 = 28"
