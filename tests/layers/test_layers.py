from __future__ import annotations

import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn import layers
from mkdocs_cnn.layers import (
    LAYERS,
    Conv2d,
    Layer,
    Linear,
    LocallyConnected2d,
    MaxPool2d,
    Placed,
    ReLU,
    Sequential,
)
from mkdocs_cnn.quantities.quantity import Quantity


def numbers(placed: Placed) -> tuple[int, ...]:
    counted = (placed.parameters, placed.weights, placed.macs, placed.connections)
    return tuple(
        int(number) for number in (*counted, placed.dense.weights, placed.unshared.weights)
    )


# -- numbers of the literature

LESSON = Conv2d(3, 6, kernel_size=5).on(3, 32, 32)


@pytest.mark.parametrize(
    ("placed", "expected"),
    [
        (LESSON, (456, 450, 352_800, 352_800, 14_450_688, 352_800)),
        (
            Conv2d(1, 6, kernel_size=5).on(1, 32, 32),
            (156, 150, 117_600, 117_600, 4_816_896, 117_600),
        ),
        (Conv2d(1, 1, kernel_size=3).on(1, 10, 10), (10, 9, 576, 576, 6_400, 576)),
        (
            Conv2d(1, 200, kernel_size=3).on(1, 10, 10),
            (2_000, 1_800, 115_200, 115_200, 1_280_000, 115_200),
        ),
        (Conv2d(1, 1, kernel_size=2).on(1, 3, 3), (5, 4, 16, 16, 36, 16)),
        (Conv2d(1, 64, kernel_size=2).on(1, 3, 3), (320, 256, 1_024, 1_024, 2_304, 1_024)),
        (Conv2d(1, 1, kernel_size=3).on(1, 6, 6), (10, 9, 144, 144, 576, 144)),
        (
            Conv2d(1, 6, kernel_size=5).on(1, 1000, 1000),
            (156, 150, 148_802_400, 148_802_400, 5_952_096_000_000, 148_802_400),
        ),
        (
            Conv2d(3, 6, kernel_size=5).on(3, 1000, 1000),
            (456, 450, 446_407_200, 446_407_200, 17_856_288_000_000, 446_407_200),
        ),
        (
            Conv2d(1, 1, kernel_size=3, bias=False).on(1, 280, 320),
            (9, 9, 795_636, 795_636, 7_920_998_400, 795_636),
        ),
        (
            Conv2d(1, 1, kernel_size=(1, 2), bias=False).on(1, 280, 320),
            (2, 2, 178_640, 178_640, 89_600 * 89_320, 178_640),
        ),
        (
            Conv2d(1, 1, kernel_size=10, padding="same", padding_mode="circular").on(1, 10, 10),
            (101, 100, 10_000, 10_000, 10_000, 10_000),
        ),
    ],
)
def test_counts_are_those_of_the_literature(placed: Placed, expected: tuple[int, ...]) -> None:
    assert numbers(placed) == expected


@pytest.mark.parametrize(
    ("layer", "input_shape", "macs"),
    [
        # VGG-16's first layers, as often recounted
        (Conv2d(3, 64, kernel_size=3, padding=1), (3, 224, 224), 86_704_128),
        (Conv2d(64, 64, kernel_size=3, padding=1), (64, 224, 224), 1_849_688_064),
        # ResNet's stem, and the depthwise layer of MobileNet
        (Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False), (3, 224, 224), 118_013_952),
        (Conv2d(32, 32, kernel_size=3, padding=1, groups=32), (32, 112, 112), 3_612_672),
    ],
)
def test_macs_of_published_networks(
    layer: Conv2d, input_shape: tuple[int, int, int], macs: int
) -> None:
    assert layer.on(*input_shape).macs == macs


def test_parameters_of_the_dense_equivalent_count_one_bias_for_each_output() -> None:
    assert LESSON.dense.parameters == 14_450_688 + 4_704


def test_sparsity_and_sharing_multiply() -> None:
    assert LESSON.sparsity == Fraction(4096, 100)
    assert LESSON.sharing == 784
    assert LESSON.reduction == Fraction(14_450_688, 450)


def test_the_ten_by_ten_image_loses_weights_in_two_steps() -> None:
    small = Conv2d(1, 1, kernel_size=3).on(1, 10, 10)
    assert (small.sparsity, small.sharing) == (Fraction(100, 9), 64)
    assert round(float(small.reduction)) == 711


def test_a_circulant_layer_shares_without_being_sparse() -> None:
    layer = Conv2d(1, 1, kernel_size=10, padding="same", padding_mode="circular").on(1, 10, 10)
    assert (layer.weights, layer.connections, layer.dense.connections) == (100, 10_000, 10_000)
    assert (layer.sparsity, layer.sharing) == (1, 100)


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_stride_changes_outputs_and_macs_and_never_parameters(stride: int) -> None:
    layer = Conv2d(3, 6, kernel_size=5, stride=stride).on(3, 32, 32)
    side = (32 - 5) // stride + 1
    assert layer.parameters == 456
    assert layer.macs == side * side * 450


def test_padding_adds_macs_and_no_connections() -> None:
    layer = Conv2d(1, 1, kernel_size=3, padding=1).on(1, 4, 4)
    assert (layer.macs, layer.connections) == (16 * 9, 10 * 10)


# -- laws


def random_layer(rng: random.Random, **given: Any) -> tuple[Conv2d, tuple[int, int, int]]:
    groups = rng.choice([1, 1, 2, 3])
    layer = Conv2d(
        groups * rng.randint(1, 4),
        groups * rng.randint(1, 4),
        kernel_size=(rng.randint(1, 5), rng.randint(1, 5)),
        stride=rng.randint(1, 3),
        dilation=(rng.randint(1, 2), rng.randint(1, 2)),
        groups=groups,
        bias=rng.random() < 0.5,
        **given,
    )
    return layer, (layer.in_channels, rng.randint(9, 40), rng.randint(9, 40))


def test_laws_hold_without_padding() -> None:
    rng = random.Random(1)
    for _ in range(1000):
        layer, shape = random_layer(rng)
        placed = layer.on(*shape)
        assert placed.connections == placed.macs == placed.unshared.weights
        assert placed.weights * placed.sharing * placed.sparsity == placed.dense.weights


def test_laws_hold_with_padding() -> None:
    rng = random.Random(2)
    for _ in range(1000):
        layer, shape = random_layer(rng, padding=((1, 2), (0, 3)))
        placed = layer.on(*shape)
        inputs, outputs = math.prod(shape), math.prod(map(int, placed.output_shape))
        assert placed.unshared.weights == placed.connections <= placed.macs
        assert placed.dense.weights == inputs * outputs == placed.dense.connections
        assert placed.dense.parameters == (inputs + layer.bias) * outputs
        assert placed.parameters == int(placed.weights) + layer.bias * layer.out_channels
        unshared = placed.unshared
        assert unshared.parameters == int(unshared.weights) + layer.bias * outputs


def test_same_keeps_the_size_and_valid_pads_nothing() -> None:
    rng = random.Random(3)
    for _ in range(300):
        kernel, dilation = rng.randint(1, 6), rng.randint(1, 3)
        layer = Conv2d(1, 1, kernel_size=kernel, dilation=dilation, padding="same")
        assert layer.on(1, 20, 17).output_shape == (1, 20, 17)
        valid = Conv2d(1, 1, kernel_size=kernel, padding="valid").on(1, 20, 17)
        assert valid.macs == Conv2d(1, 1, kernel_size=kernel).on(1, 20, 17).macs


@pytest.mark.parametrize("layer", [LESSON.unshared, LESSON.dense])
def test_a_layer_that_shares_nothing_is_its_own_unshared_layer(layer: Placed) -> None:
    assert layer.unshared is layer
    assert layer.sharing == 1


@pytest.mark.parametrize(
    ("count", "unit"),
    [
        ("weights", "weight"),
        ("parameters", "parameter"),
        ("macs", "MAC"),
        ("connections", "connection"),
    ],
)
@pytest.mark.parametrize("placed", [LESSON, LESSON.unshared, LESSON.dense])
def test_every_count_has_its_unit(placed: Placed, count: str, unit: str) -> None:
    assert getattr(placed, count).unit == unit


def test_different_counts_are_not_added() -> None:
    with pytest.raises(ValueError, match="different units: 450 weight and 352800 MAC"):
        LESSON.weights + LESSON.macs


def test_an_output_is_the_next_layers_input() -> None:
    following = Conv2d(6, 16, kernel_size=5).on(*LESSON.output_shape)
    assert following.output_shape == (16, 24, 24)
    assert following.output_shape[1].worked == "28 − 5 + 1 = 24"
    assert following.output_shape[1].steps[0].worked == "32 − 5 + 1 = 28"
    assert following.output_shape[1].formula == "H − k_h + 1"
    assert following.macs.formula == "C_out H_out W_out k_h k_w C_in"


@pytest.mark.parametrize(
    "layer",
    [
        Conv2d(np.int64(3), 6, kernel_size=np.int64(5)),
        Conv2d(Quantity(3), Quantity(6), kernel_size=Quantity(5)),
        Conv2d(3, 6, kernel_size=[5, 5]),
    ],
)
def test_integers_of_every_kind_make_the_same_layer(layer: Conv2d) -> None:
    assert numbers(layer.on(3, np.int64(32), Quantity(32))) == numbers(LESSON)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Conv2d(3, 6, kernel_size=5), "Conv2d(3, 6, kernel_size=5)"),
        (
            Conv2d(3, 6, 5, stride=(1, 2), bias=False),
            "Conv2d(3, 6, kernel_size=5, stride=(1, 2), bias=False)",
        ),
        (Conv2d(1, 1, 3, padding="same"), "Conv2d(1, 1, kernel_size=3, padding='same')"),
        (LocallyConnected2d(1, 2, 3), "LocallyConnected2d(1, 2, kernel_size=3)"),
        (Linear(10, 20, bias=False), "Linear(10, 20, bias=False)"),
    ],
)
def test_a_layer_shows_the_call_that_makes_it(layer: Layer, text: str) -> None:
    assert repr(layer) == text
    assert eval(text) == layer


# -- integers of every kind


@pytest.mark.parametrize("size", [Quantity(32, "pixel", "H"), Quantity(64, "pixel") / 2])
def test_sizes_that_bear_a_unit_count_as_pure_numbers(size: Quantity) -> None:
    placed = Conv2d(1, 6, kernel_size=Quantity(10, "pixel") / 2, padding=size - size).on(
        Quantity(1, "channel"), size, 32
    )
    assert numbers(placed) == numbers(Conv2d(1, 6, kernel_size=5).on(1, 32, 32))
    assert placed.outputs.unit == ""
    assert Linear(size, size).on(size).parameters == 33 * 32


def test_arrays_without_axes_are_integers_wherever_one_is_taken() -> None:
    two: Any = np.array(2)
    placed = Conv2d(two, two, kernel_size=two, stride=two, groups=two).on(two, 6, 6)
    assert numbers(placed) == numbers(Conv2d(2, 2, kernel_size=2, stride=2, groups=2).on(2, 6, 6))
    assert Linear(two, two).on(two).parameters == 6


@pytest.mark.parametrize("name", ["fan_in", "sparsity", "sharing", "reduction"])
@pytest.mark.parametrize("layer", [Conv2d, LocallyConnected2d])
def test_a_layer_whose_windows_lie_in_the_padding_has_nothing_to_compare(
    layer: Any, name: str
) -> None:
    placed = layer(1, 1, kernel_size=1, padding=1, stride=9).on(1, 3, 3)
    with pytest.raises(ValueError, match="no window touches an input") as error:
        getattr(placed, name)
    assert str(error.value) == (
        "no window touches an input: 0 connections (inputs=9, outputs=1, "
        f"layer={layer.__name__}(1, 1, kernel_size=1, stride=9, padding=1), input=(1, 3, 3))"
    )


# -- what all layers share


def test_every_layer_is_found_by_its_name() -> None:
    assert all(issubclass(layer, Layer) for layer in LAYERS.values())
    assert [layer.__name__ for layer in LAYERS.values()] == list(LAYERS)
    exported = {name for name, thing in vars(layers).items() if is_layer(thing)}
    assert exported - {"Layer"} == set(LAYERS)


def is_layer(exported: Any) -> bool:
    return isinstance(exported, type) and issubclass(exported, Layer)


def test_a_layer_without_weights_has_none_to_share() -> None:
    pool = MaxPool2d(2).on(3, 8, 8)
    assert (pool.fan_in, pool.sparsity, pool.unshared.weights) == (4, 48, 192)
    with pytest.raises(ValueError, match=r"^MaxPool2d\(kernel_size=2\) has no weights to share$"):
        _ = pool.sharing


def test_a_layer_that_connects_nothing_has_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="no window touches an input: 0 connections"):
        _ = ReLU().on(3, 8, 8).sparsity


def test_a_network_is_compared_with_one_dense_layer() -> None:
    network = Sequential(Conv2d(1, 2, 3), ReLU(), Conv2d(2, 1, 3)).on(1, 8, 8)
    connections = 36 * 9 * 2 + 16 * 9 * 2
    assert network.dense.weights == 64 * 16
    assert network.unshared.weights == network.connections == connections
    assert (network.sparsity, network.sharing) == (
        Fraction(64 * 16, connections),
        Fraction(connections, 36),
    )
