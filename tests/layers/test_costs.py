from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from mkdocs_cnn.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Concat,
    Conv2d,
    Linear,
    MaxPool2d,
    Placed,
    ReLU,
    Sequential,
)

LESSON = Conv2d(3, 6, kernel_size=5).on(3, 32, 32)
DENSE = Linear(400, 120).on(400)
POOL = MaxPool2d(2).on(6, 28, 28)
GLOBAL = AdaptiveAvgPool2d(1).on(6, 28, 28)
NETWORK = Sequential(
    conv=Conv2d(3, 6, kernel_size=5), relu=ReLU(), pool=MaxPool2d(2), norm=BatchNorm2d(6)
).on(3, 32, 32)
COSTS = (
    "activations",
    "flops",
    "parameter_bytes",
    "activation_bytes",
    "bytes_moved",
    "intensity",
)
UNITS = ("activation", "FLOP", "byte", "byte", "byte", "MAC/byte")


@pytest.mark.parametrize(
    ("placed", "by_hand"),
    [
        # 6 x 28 x 28 = 4704 outputs, 456 parameters, 352,800 MACs; 3072 + 456 + 4704 = 8232 values
        (LESSON, (4_704, 705_600, 1_824, 18_816, 32_928, Fraction(352_800, 32_928))),
        # 400 + 48,120 + 120 = 48,640 values
        (DENSE, (120, 96_000, 192_480, 480, 194_560, Fraction(48_000, 194_560))),
        # 4704 values in, 1176 out
        (POOL, (1_176, 0, 0, 4_704, 23_520, 0)),
        (GLOBAL, (6, 0, 0, 24, 18_840, 0)),
        # the convolution and the pooling; 456 + 12 parameters
        (NETWORK, (5_880, 705_600, 1_872, 23_520, 56_448, Fraction(352_800, 56_448))),
    ],
)
def test_costs_are_those_counted_by_hand(placed: Placed, by_hand: tuple[Any, ...]) -> None:
    assert tuple(getattr(placed, name) for name in COSTS) == by_hand


@pytest.mark.parametrize("placed", [LESSON, DENSE, POOL, GLOBAL, NETWORK])
def test_every_cost_has_its_unit(placed: Placed) -> None:
    assert tuple(getattr(placed, name).unit for name in COSTS) == UNITS


@pytest.mark.parametrize(
    ("placed", "name", "worked", "formula"),
    [
        (LESSON, "activations", "6 · 28 · 28 = 4,704", "C_out H_out W_out"),
        (LESSON, "flops", "2 · 352,800 = 705,600", "2 N_mac"),
        (LESSON, "parameter_bytes", "4 · 456 = 1,824", "b N_p"),
        (LESSON, "activation_bytes", "4 · 4,704 = 18,816", "b N_a"),
        (LESSON, "bytes_moved", "4 · 8,232 = 32,928", "b N_v"),
        (LESSON, "intensity", "352,800 / 32,928 = 75/7 ≈ 10.71", "N_mac / B"),
        (NETWORK, "activations", "4,704 + 1,176 = 5,880", "N_conv + N_pool"),
        (NETWORK, "bytes_moved", "32,928 + 23,520 = 56,448", "B_conv + B_pool"),
        (NETWORK, "parameter_bytes", "4 · 468 = 1,872", "b N_p"),
    ],
)
def test_the_working_is_that_of_the_textbook(
    placed: Placed, name: str, worked: str, formula: str
) -> None:
    number = getattr(placed, name)
    assert (number.worked, number.formula) == (worked, formula)


def test_what_is_moved_is_read_once_and_written_once() -> None:
    (values,) = LESSON.bytes_moved.steps
    assert (values.worked, values.formula) == ("3,072 + 456 + 4,704 = 8,232", "m + N_p + n")
    assert values.unit == "value"


@pytest.mark.parametrize("name", COSTS[:-1])
def test_the_cost_of_a_sequence_is_the_sum_over_its_parts(name: str) -> None:
    parts = [getattr(part, name) for _, part in NETWORK.parts]
    assert getattr(NETWORK, name) == sum(map(int, parts))


def test_the_intensity_of_a_sequence_is_no_sum() -> None:
    assert NETWORK.intensity == Fraction(int(NETWORK.macs), int(NETWORK.bytes_moved))
    assert NETWORK.intensity < LESSON.intensity


def test_joining_branches_costs_nothing_more() -> None:
    branches = Concat(a=AvgPool2d(2), b=Conv2d(3, 4, 2, stride=2)).on(3, 8, 8)
    assert branches.activations == branches.outputs == (3 + 4) * 16


def test_what_moves_nothing_has_no_intensity() -> None:
    with pytest.raises(ZeroDivisionError, match="cannot divide 0 by zero"):
        _ = ReLU().on(3, 8, 8).intensity
