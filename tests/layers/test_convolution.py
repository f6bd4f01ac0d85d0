from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.layers import Conv1d, Conv2d, LocallyConnected2d, Placed

NUMPY_PAD = {"zeros": "constant", "circular": "wrap", "reflect": "reflect", "edge": "edge"}


def brute_force(layer: Any, shape: tuple[int, ...]) -> tuple[Any, int]:
    """What each output gives when one input is 1, and how many multiplications it took.

    Every weight is 1. Sizes are per axis and the padding is per side, both plain integers.

    Returns:
        `(inputs, *output_shape)`, and the multiplications for one image.
    """
    images = np.eye(math.prod(shape), dtype=int).reshape(-1, *shape)
    padded = np.pad(images, [(0, 0), (0, 0), *layer.padding], NUMPY_PAD[layer.padding_mode])
    extents = [d * (k - 1) + 1 for d, k in zip(layer.dilation, layer.kernel_size, strict=True)]
    sizes = zip(padded.shape[2:], extents, layer.stride, strict=True)
    starts = [range(0, size - extent + 1, stride) for size, extent, stride in sizes]
    result = np.zeros((len(images), layer.out_channels, *map(len, starts)), int)
    depth, per_group = (n // layer.groups for n in (layer.in_channels, layer.out_channels))
    multiplications = 0
    for _, out_channel, *at in np.argwhere(result[:1] == 0):
        first = out_channel // per_group * depth
        taps = [
            slice(along[i], along[i] + extent, dilation)
            for along, i, extent, dilation in zip(starts, at, extents, layer.dilation, strict=True)
        ]
        window = padded[:, first : first + depth, *taps]
        result[:, out_channel, *at] = window.reshape(len(images), -1).sum(axis=1)
        multiplications += window[0].size
    return result, multiplications


def random_case(rng: random.Random, kind: Any, axes: int) -> tuple[Any, tuple[int, ...]]:
    """A small layer with all that it can have, on an input which it fits."""

    def each(low: int, high: int) -> tuple[int, ...]:
        return tuple(rng.randint(low, high) for _ in range(axes))

    kernel, dilation, groups = each(1, 3), each(1, 2), rng.choice([1, 1, 2, 3])
    mode = rng.choice(list(NUMPY_PAD))
    padding = tuple((rng.randint(0, 2), rng.randint(0, 2)) for _ in range(axes))
    inner, outer = groups * rng.randint(1, 2), groups * rng.randint(1, 2)
    given = {"stride": each(1, 3), "padding": padding, "dilation": dilation, "groups": groups}
    layer = kind(inner, outer, kernel, **given, padding_mode=mode, bias=rng.random() < 0.5)
    least = 1 if mode == "zeros" else 3
    extents = (d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True))
    smallest = (
        max(extent - sum(sides), least) for extent, sides in zip(extents, padding, strict=True)
    )
    return layer, (inner, *(size + rng.randint(0, 2) for size in smallest))


# -- counts by brute force


@pytest.mark.parametrize(("kind", "axes"), [(Conv1d, 1), (Conv2d, 2)])
def test_a_convolution_counts_what_loops_over_windows_count(kind: Any, axes: int) -> None:
    rng = random.Random(1)
    for _ in range(250):
        layer, shape = random_case(rng, kind, axes)
        placed, (moved, multiplications) = layer.on(*shape), brute_force(layer, shape)
        weights = math.prod((layer.in_channels // layer.groups, *layer.kernel_size))
        weights *= layer.out_channels
        assert placed.output_shape == moved.shape[1:], (layer, shape)
        assert placed.macs == multiplications, (layer, shape)
        assert placed.connections == np.count_nonzero(moved), (layer, shape)
        assert placed.weights == weights, (layer, shape)
        assert placed.parameters == weights + layer.bias * layer.out_channels, (layer, shape)


def test_a_locally_connected_layer_has_one_weight_for_each_pair_that_touches() -> None:
    rng = random.Random(2)
    for _ in range(100):
        layer, shape = random_case(rng, LocallyConnected2d, 2)
        placed, (moved, _) = layer.on(*shape), brute_force(layer, shape)
        touching = np.count_nonzero(moved)
        assert placed.output_shape == moved.shape[1:], (layer, shape)
        assert placed.weights == placed.macs == placed.connections == touching, (layer, shape)
        assert placed.parameters == touching + layer.bias * moved[0].size, (layer, shape)


@pytest.mark.parametrize(("kind", "axes"), [(Conv1d, 1), (Conv2d, 2)])
def test_unshared_is_one_weight_for_each_pair_and_one_bias_for_each_output(
    kind: Any, axes: int
) -> None:
    rng = random.Random(3)
    for _ in range(100):
        layer, shape = random_case(rng, kind, axes)
        unshared, (moved, _) = layer.on(*shape).unshared, brute_force(layer, shape)
        touching = np.count_nonzero(moved)
        assert unshared.output_shape == moved.shape[1:]
        assert unshared.weights == unshared.macs == unshared.connections == touching
        assert unshared.parameters == touching + layer.bias * moved[0].size
        assert unshared.unshared is unshared
        assert unshared.receptive_field == layer.on(*shape).receptive_field


def test_a_depthwise_layer_has_one_filter_for_each_channel() -> None:
    placed = Conv2d(32, 32, 3, padding=1, groups=32, bias=False).on(32, 10, 10)
    assert (placed.weights, placed.macs, placed.connections) == (288, 28_800, 32 * 28 * 28)


@pytest.mark.parametrize(
    ("kernel_size", "dilation", "sides"),
    [((3, 5), 1, ((1, 1), (2, 2))), ((2, 4), 1, ((0, 1), (1, 2))), ((4, 2), 3, ((4, 5), (1, 2)))],
)
def test_same_is_half_the_window_and_the_odd_one_goes_after(
    kernel_size: tuple[int, int], dilation: int, sides: Any
) -> None:
    same, typed = (
        Conv2d(1, 1, kernel_size, dilation=dilation, padding=padding).on(1, 9, 9)
        for padding in ("same", sides)
    )
    assert same.output_shape == typed.output_shape == (1, 9, 9)
    assert same.connections == typed.connections
    assert same.receptive_field == typed.receptive_field


# -- workings


CONV_1D = Conv1d(4, 6, 3, stride=2, padding=1, groups=2).on(4, 9)
PADDED = Conv2d(3, 8, 3, padding=1).on(3, 5, 7)
LOCAL = LocallyConnected2d(3, 6, 5).on(3, 32, 32)


@pytest.mark.parametrize(
    ("placed", "name", "worked", "formula"),
    [
        (CONV_1D, "weights", "3 · (4 / 2) · 6 = 36", "k_l (C_in / g) C_out"),
        (CONV_1D, "parameters", "(3 · (4 / 2) + 1) · 6 = 42", "(k_l (C_in / g) + 1) C_out"),
        (CONV_1D, "macs", "6 · 5 · 3 · (4 / 2) = 180", "C_out L_out k_l (C_in / g)"),
        (CONV_1D, "connections", "6 · 13 · (4 / 2) = 156", "C_out T_l (C_in / g)"),
        (CONV_1D.unshared, "parameters", "156 + 30 = 186", "N_c + n"),
        (PADDED, "weights", "3 · 3 · 3 · 8 = 216", "k_h k_w C_in C_out"),
        (PADDED, "parameters", "(3 · 3 · 3 + 1) · 8 = 224", "(k_h k_w C_in + 1) C_out"),
        (PADDED, "macs", "8 · 5 · 7 · 3 · 3 · 3 = 7,560", "C_out H_out W_out k_h k_w C_in"),
        (PADDED, "connections", "8 · 13 · 19 · 3 = 5,928", "C_out T_h T_w C_in"),
        (PADDED, "fan_in", "5,928 / 280 = 741/35 ≈ 21.17", "N_c / n"),
        (LOCAL, "weights", "6 · 28 · 28 · 5 · 5 · 3 = 352,800", "C_out H_out W_out k_h k_w C_in"),
        (LOCAL, "parameters", "6 · 28 · 28 · 5 · 5 · 3 + 4,704 = 357,504", None),
    ],
)
def test_the_working_is_that_of_the_textbook(
    placed: Placed, name: str, worked: str, formula: str | None
) -> None:
    number = getattr(placed, name)
    assert number.worked == worked
    assert formula in (None, number.formula)


def test_the_length_of_a_sequence_has_a_working_of_its_own() -> None:
    assert CONV_1D.output_shape == (6, 5)
    assert CONV_1D.output_shape[1].worked == "⌊(9 + 2 · 1 − 3) / 2⌋ + 1 = 5"
    assert CONV_1D.output_shape[1].formula == "⌊(L + 2 p_l − k_l) / s_l⌋ + 1"


# -- bad input: the rule, and every value


def conv(*input_shape: Any, in_channels: Any = 3, out_channels: Any = 6, **given: Any) -> Placed:
    return Conv2d(in_channels, out_channels, **{"kernel_size": 5, **given}).on(*input_shape)


IMAGE = (3, 32, 32)


@pytest.mark.parametrize(
    ("input_shape", "given", "message"),
    [
        (
            (1, 32, 32),
            {},
            "input has 1 channel where the layer expects 3 (in_channels=3, input=(1, 32, 32))",
        ),
        (
            (4, 32, 32),
            {},
            "input has 4 channels where the layer expects 3 (in_channels=3, input=(4, 32, 32))",
        ),
        (
            (3, 4, 32),
            {},
            "kernel extent 5 exceeds padded input 4 along the height "
            "(size=4, padding=0, kernel_size=5, dilation=1)",
        ),
        (
            (3, 32, 6),
            {"padding": 1, "dilation": 2},
            "kernel extent 9 exceeds padded input 8 along the width "
            "(size=6, padding=1, kernel_size=5, dilation=2)",
        ),
        (
            IMAGE,
            {"groups": 2},
            "groups must divide in_channels, and 2 does not divide 3 "
            "(in_channels=3, out_channels=6, groups=2)",
        ),
        (
            IMAGE,
            {"groups": 3, "out_channels": 5},
            "groups must divide out_channels, and 3 does not divide 5 "
            "(in_channels=3, out_channels=5, groups=3)",
        ),
        (IMAGE, {"in_channels": 0}, "in_channels must be at least 1, not 0"),
        (IMAGE, {"out_channels": -6}, "out_channels must be at least 1, not -6"),
        (IMAGE, {"groups": 0}, "groups must be at least 1, not 0"),
        (IMAGE, {"kernel_size": 0}, "kernel_size along the height must be at least 1, not 0"),
        (IMAGE, {"kernel_size": (5, -1)}, "kernel_size along the width must be at least 1, not -1"),
        (IMAGE, {"stride": 0}, "stride along the height must be at least 1, not 0"),
        (IMAGE, {"dilation": 0}, "dilation along the height must be at least 1, not 0"),
        (IMAGE, {"padding": -1}, "padding along the height must be at least 0, not -1"),
        ((3, 0, 32), {}, "input height must be at least 1, not 0"),
        ((3, 32, -32), {}, "input width must be at least 1, not -32"),
        (
            (3, 32),
            {},
            "Conv2d takes an input of 3 sizes (channels, height, width), not 2: (3, 32)",
        ),
        (
            (1, 3, 32, 32),
            {},
            "Conv2d takes an input of 3 sizes (channels, height, width), not 4: (1, 3, 32, 32)",
        ),
        ((), {}, "Conv2d takes an input of 3 sizes (channels, height, width), not 0: ()"),
        (
            IMAGE,
            {"kernel_size": (5, 5, 5)},
            "kernel_size takes one number or one per axis (height, width), not (5, 5, 5)",
        ),
        (IMAGE, {"padding": "same", "stride": 2}, "padding 'same' needs stride 1, not 2"),
        (IMAGE, {"padding": "same", "stride": (1, 3)}, "padding 'same' needs stride 1, not 3"),
        (
            IMAGE,
            {"padding": "full"},
            "padding must be a number, one per axis or side, 'same' or 'valid', not 'full'",
        ),
        (
            IMAGE,
            {"padding_mode": "wrap"},
            "padding_mode must be one of zeros, circular, reflect, edge, not 'wrap'",
        ),
        (
            (3, 4, 4),
            {"padding": 4, "padding_mode": "reflect"},
            "reflect padding 4 exceeds 3 along the height (size=4)",
        ),
        (
            (3, 9, 4),
            {"padding": 5, "padding_mode": "circular"},
            "circular padding 5 exceeds 4 along the width (size=4)",
        ),
    ],
)
def test_an_impossible_layer_names_the_rule_and_every_value(
    input_shape: tuple[Any, ...], given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the whole message is compared
        conv(*input_shape, **given)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("input_shape", "given", "message"),
    [
        (IMAGE, {"in_channels": 3.0}, "in_channels must be an integer, not float 3.0"),
        (IMAGE, {"in_channels": True}, "in_channels must be an integer, not bool True"),
        (IMAGE, {"out_channels": "6"}, "out_channels must be an integer, not str '6'"),
        (IMAGE, {"out_channels": None}, "out_channels must be an integer, not NoneType None"),
        (IMAGE, {"groups": True}, "groups must be an integer, not bool True"),
        (
            IMAGE,
            {"kernel_size": math.nan},
            "kernel_size along the height must be an integer, not float nan",
        ),
        (
            IMAGE,
            {"kernel_size": "5"},
            "kernel_size along the height must be an integer, not str '5'",
        ),
        (
            IMAGE,
            {"kernel_size": (5, 5.0)},
            "kernel_size along the width must be an integer, not float 5.0",
        ),
        (IMAGE, {"stride": 1.5}, "stride along the height must be an integer, not float 1.5"),
        (IMAGE, {"stride": True}, "stride along the height must be an integer, not bool True"),
        (
            IMAGE,
            {"dilation": None},
            "dilation along the height must be an integer, not NoneType None",
        ),
        (IMAGE, {"padding": 0.5}, "padding along the height must be an integer, not float 0.5"),
        (IMAGE, {"bias": 1}, "bias must be True or False, not int 1"),
        (IMAGE, {"bias": None}, "bias must be True or False, not NoneType None"),
        ((3, 32.0, 32), {}, "input height must be an integer, not float 32.0"),
        ((3, 32, True), {}, "input width must be an integer, not bool True"),
        (("3", 32, 32), {}, "input channels must be an integer, not str '3'"),
        ((IMAGE,), {}, None),
    ],
)
def test_a_size_that_is_no_integer_names_itself(
    input_shape: tuple[Any, ...], given: dict[str, Any], message: str | None
) -> None:
    with pytest.raises((TypeError, ValueError)) as error:
        conv(*input_shape, **given)
    if message:
        assert type(error.value) is TypeError
        assert str(error.value) == message


def test_a_locally_connected_layer_keeps_the_same_rules() -> None:
    with pytest.raises(ValueError, match="LocallyConnected2d takes an input of 3 sizes"):
        LocallyConnected2d(3, 6, kernel_size=5).on(3)
    with pytest.raises(ValueError, match="groups must divide in_channels"):
        LocallyConnected2d(3, 6, kernel_size=5, groups=2)


@pytest.mark.parametrize(
    ("input_shape", "given", "message"),
    [
        ((3, 9, 9), {}, "Conv1d takes an input of 2 sizes (channels, length), not 3: (3, 9, 9)"),
        (
            (3, 4),
            {},
            "kernel extent 5 exceeds padded input 4 along the length "
            "(size=4, padding=0, kernel_size=5, dilation=1)",
        ),
        (
            (3, 2),
            {"padding": ((0, 1),)},
            "kernel extent 5 exceeds padded input 3 along the length "
            "(size=2, padding=(0, 1), kernel_size=5, dilation=1)",
        ),
        (
            (3, 9),
            {"stride": (1, 1)},
            "stride takes one number or one per axis (length), not (1, 1)",
        ),
        ((3, 0), {}, "input length must be at least 1, not 0"),
        ((3, 9), {"padding": ((1, -1),)}, "padding at the end must be at least 0, not -1"),
    ],
)
def test_an_impossible_layer_on_a_sequence_names_the_rule_and_every_value(
    input_shape: tuple[int, ...], given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the whole message is compared
        Conv1d(3, 6, 5, **given).on(*input_shape)
    assert str(error.value) == message
