from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.signal import convolve2d

from mkdocs_cnn.layers import Conv2d, ConvTranspose2d

Shape = tuple[int, int, int]


def brute_force(layer: ConvTranspose2d, shape: Shape, sizes: tuple[int, ...]) -> tuple[Any, int]:
    """What each output gives when one input is 1: every input lays a filter of ones.

    Returns:
        `(inputs, out_channels, *sizes)`, and the multiplications, those cut off among them.
    """
    images = np.eye(math.prod(shape), dtype=int).reshape(-1, *shape)
    result = np.zeros((len(images), layer.out_channels, *sizes), int)
    depth, per_group = (n // layer.groups for n in (layer.out_channels, layer.in_channels))
    multiplications = 0
    taps = list(itertools.product(*map(range, layer.kernel_size)))
    for (channel, *at), tap in itertools.product(np.ndindex(shape), taps):
        multiplications += depth
        places = zip(at, layer.stride, layer.padding, layer.dilation, tap, sizes, strict=True)
        to = [(i * s - p + t * d, size) for i, s, p, d, t, size in places]
        if all(0 <= place < size for place, size in to):
            first = channel // per_group * depth
            (row, _), (column, _) = to
            result[:, first : first + depth, row, column] += images[:, channel, *at, None]
    return result, multiplications


def output_sizes(layer: ConvTranspose2d, shape: Shape) -> tuple[int, ...]:
    """By laying the last filter: its last tap, what is cut off, what is added."""
    given = layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.output_padding
    return tuple(
        [at * s + d * t for at in range(n) for t in range(k)][-1] + 1 - 2 * p + more
        for n, k, s, p, d, more in zip(shape[1:], *given, strict=True)
    )


def random_case(rng: random.Random) -> tuple[ConvTranspose2d, Shape]:
    def pair(low: int, high: int) -> tuple[int, int]:
        return rng.randint(low, high), rng.randint(low, high)

    groups = rng.choice([1, 1, 2])
    while True:
        stride, dilation = pair(1, 3), pair(1, 3)
        more = tuple(rng.randint(0, max(both) - 1) for both in zip(stride, dilation, strict=True))
        layer = ConvTranspose2d(
            groups * rng.randint(1, 2),
            groups * rng.randint(1, 2),
            pair(1, 3),
            stride=stride,
            padding=pair(0, 2),
            output_padding=more,
            dilation=dilation,
            groups=groups,
            bias=rng.random() < 0.5,
        )
        shape = (layer.in_channels, *pair(1, 3))
        if min(output_sizes(layer, shape)) >= 1:
            return layer, shape


def test_a_transposed_convolution_counts_what_laying_filters_counts() -> None:
    rng = random.Random(1)
    for _ in range(300):
        layer, shape = random_case(rng)
        sizes = output_sizes(layer, shape)
        placed, (moved, multiplications) = layer.on(*shape), brute_force(layer, shape, sizes)
        weights = layer.in_channels * layer.out_channels // layer.groups
        weights *= math.prod(layer.kernel_size)
        assert placed.output_shape == (layer.out_channels, *sizes), (layer, shape)
        assert placed.macs == multiplications, (layer, shape)
        assert placed.connections == np.count_nonzero(moved), (layer, shape)
        assert placed.weights == weights, (layer, shape)
        assert placed.parameters == weights + layer.bias * layer.out_channels, (layer, shape)
        assert placed.unshared.weights == np.count_nonzero(moved), (layer, shape)


def moved_by_convolution(layer: Conv2d, shape: Shape, sizes: tuple[int, ...]) -> Any:
    """`(inputs, out_channels, *sizes)`: what each output gives when one input is 1."""
    result = np.zeros((*shape, layer.out_channels, *sizes), int)
    depth, per_group = (n // layer.groups for n in (layer.in_channels, layer.out_channels))
    given = layer.stride, layer.padding, layer.dilation
    for outer, inner in itertools.product(range(layer.out_channels), range(layer.in_channels)):
        if outer // per_group == inner // depth:
            for *at, down, across in np.ndindex(*sizes, *layer.kernel_size):
                places = zip(at, (down, across), *given, strict=True)
                row, column = (i * s - p + t * d for i, t, s, p, d in places)
                if 0 <= row < shape[1] and 0 <= column < shape[2]:
                    result[inner, row, column, outer, *at] += 1
    return result.reshape(-1, layer.out_channels, *sizes)


def leading_back(layer: ConvTranspose2d) -> Conv2d:
    given = {name: getattr(layer, name) for name in ("stride", "padding", "dilation", "groups")}
    return Conv2d(layer.out_channels, layer.in_channels, layer.kernel_size, **given)


def test_its_matrix_is_the_transpose_of_the_convolutions_that_leads_back() -> None:
    rng = random.Random(2)
    for _ in range(60):
        layer, shape = random_case(rng)
        sizes = output_sizes(layer, shape)
        there, _ = brute_force(layer, shape, sizes)
        back = moved_by_convolution(leading_back(layer), (layer.out_channels, *sizes), shape[1:])
        inputs, outputs = len(there), len(back)
        assert (there.reshape(inputs, outputs) == back.reshape(outputs, inputs).T).all()


def test_the_convolution_that_leads_back_has_as_many_connections() -> None:
    rng, compared = random.Random(3), 0
    while compared < 150:
        layer, shape = random_case(rng)
        if any(more >= s for more, s in zip(layer.output_padding, layer.stride, strict=True)):
            continue  # more outputs than the convolution has inputs for
        placed = layer.on(*shape)
        back = leading_back(layer).on(*placed.output_shape)
        assert back.output_shape == shape
        assert back.connections == placed.connections
        assert back.weights == placed.weights
        compared += 1


def test_output_padding_leads_back_to_every_size_that_a_stride_rounds_off() -> None:
    for size, kernel, stride in itertools.product(range(4, 12), range(1, 5), range(1, 4)):
        down = Conv2d(2, 5, kernel, stride=stride).on(2, size, 7)
        more = (size - kernel) % stride, (7 - kernel) % stride
        up = ConvTranspose2d(5, 2, kernel, stride=stride, output_padding=more)
        back = up.on(*down.output_shape)
        assert back.output_shape == (2, size, 7)
        assert back.connections == down.connections == down.macs == back.macs


def test_with_stride_1_it_is_scipys_full_convolution() -> None:
    for kernel, size in itertools.product(range(1, 5), range(1, 6)):
        full = convolve2d(np.ones((size, 4)), np.ones((kernel, 2)), mode="full")
        placed = ConvTranspose2d(1, 1, (kernel, 2)).on(1, size, 4)
        assert placed.output_shape == (1, *full.shape)
        assert placed.connections == full.sum()


# -- receptive fields


def test_its_receptive_field_holds_all_that_an_output_reads() -> None:
    rng = random.Random(4)
    for _ in range(100):
        layer, shape = random_case(rng)
        sizes = output_sizes(layer, shape)
        moved, _ = brute_force(layer, shape, sizes)
        reads = moved.reshape(*shape, layer.out_channels, *sizes).any(axis=(0, 2, 3, 5))
        field = layer.on(*shape).receptive_field.fields[0]
        for output in range(sizes[0]):
            assert set(np.flatnonzero(reads[:, output])) <= set(field.sees(output)), (layer, shape)


def test_its_receptive_field_is_the_most_that_an_output_reads() -> None:
    for kernel, stride in itertools.product(range(1, 6), range(1, 4)):
        layer = ConvTranspose2d(1, 1, (kernel, 1), stride=(stride, 1), padding=(0, 0))
        far = layer.on(1, 9, 1)
        reads = [[at for at in range(9) if 0 <= o - at * stride < kernel] for o in range(9)]
        assert far.receptive_field.fields[0].size == max(map(len, reads))
        assert far.receptive_field.fields[0].fewest == min(map(len, reads[kernel:]))


def test_its_receptive_field_moves_by_a_fraction_of_an_input() -> None:
    field = ConvTranspose2d(1, 1, 4, stride=2, padding=1).on(1, 8, 8).receptive_field
    assert (field.size, field.stride, field.padding) == (2, Fraction(1, 2), 1)
    assert (field.fewest, field.warnings) == (2, ())
    uneven = ConvTranspose2d(1, 1, (3, 1), stride=2, padding=(1, 0)).on(1, 8, 8).receptive_field
    assert uneven.warnings == (
        "along the height outputs see from 1 to 2 inputs, by position",
        "along the width outputs see from 0 to 1 inputs, by position",
    )


# -- workings, calls, mistakes


PLACED = ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2).on(4, 5, 5)


@pytest.mark.parametrize(
    ("number", "worked", "formula"),
    [
        (
            PLACED.output_shape[1],
            "(5 − 1) · 2 − 2 · 1 + 3 + 1 = 10",
            "(H − 1) s_h − 2 p_h + k_h + o_h",
        ),
        (PLACED.weights, "3 · 3 · (6 / 2) · 4 = 108", "k_h k_w (C_out / g) C_in"),
        (PLACED.parameters, "3 · 3 · (6 / 2) · 4 + 6 = 114", "k_h k_w (C_out / g) C_in + C_out"),
        (PLACED.macs, "4 · 5 · 5 · 3 · 3 · (6 / 2) = 2,700", "C_in H W k_h k_w (C_out / g)"),
        (PLACED.connections, "4 · 14 · 14 · (6 / 2) = 2,352", "C_in T_h T_w (C_out / g)"),
        (PLACED.connections.steps[0], "5 · 3 − 1 = 14", None),
        (PLACED.unshared.parameters, "2,352 + 600 = 2,952", "N_c + n"),
    ],
)
def test_the_working_is_that_of_the_textbook(number: Any, worked: str, formula: str | None) -> None:
    assert number.worked == worked
    assert formula in (None, number.formula)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (ConvTranspose2d(4, 6, 3), "ConvTranspose2d(4, 6, kernel_size=3)"),
        (
            ConvTranspose2d(4, 6, [3, 2], stride=[2, 2], dilation=[1, 1], bias=False),
            "ConvTranspose2d(4, 6, kernel_size=(3, 2), stride=(2, 2), dilation=(1, 1), bias=False)",
        ),
    ],
)
def test_a_layer_shows_the_call_that_makes_it(layer: Any, text: str) -> None:
    assert repr(layer) == text
    assert eval(text) == layer
    assert hash(eval(text)) == hash(layer)


@pytest.mark.parametrize(
    ("given", "shape", "message"),
    [
        (
            {"stride": 2, "output_padding": 2},
            (3, 4, 4),
            "output_padding 2 along the height must be smaller than stride 2 or dilation 1",
        ),
        (
            {"stride": (3, 1), "dilation": (1, 2), "output_padding": (2, 2)},
            (3, 4, 4),
            "output_padding 2 along the width must be smaller than stride 1 or dilation 2",
        ),
        ({"output_padding": -1}, (3, 4, 4), "output_padding along the height must be at least 0"),
        ({"padding": -1}, (3, 4, 4), "padding along the height must be at least 0, not -1"),
        ({"stride": 0}, (3, 4, 4), "stride along the height must be at least 1, not 0"),
        ({"groups": 4}, (3, 4, 4), "groups must divide in_channels, and 4 does not divide 6"),
        ({"bias": 0}, (3, 4, 4), "bias must be True or False, not int 0"),
        ({}, (4, 4, 4), "input has 4 channels where the layer expects 3 (in_channels=3, input="),
        ({}, (1, 4, 4), "input has 1 channel where the layer expects 3 (in_channels=3, input="),
        (
            {"padding": (0, 3)},
            (3, 4, 4),
            "padding (0, 3) leaves no output: (6, 6, 0) (layer=ConvTranspose2d(3, 6, kernel_size=3"
            ", padding=(0, 3)), input=(3, 4, 4))",
        ),
        ({}, (3, 4), "ConvTranspose2d takes an input of 3 sizes (channels, height, width), not 2"),
    ],
)
def test_an_impossible_layer_names_the_rule_and_every_value(
    given: dict[str, Any], shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises((TypeError, ValueError)) as error:
        ConvTranspose2d(3, 6, 3, **given).on(*shape)
    assert str(error.value).startswith(message)


@pytest.mark.parametrize("name", ["stride", "padding", "output_padding", "dilation"])
def test_as_much_output_padding_as_stride_or_dilation_hides_is_allowed(name: str) -> None:
    layer = ConvTranspose2d(1, 1, 1, **{"stride": 3, "dilation": 3, name: 2})
    size = layer.on(1, 4, 4).output_shape[1]
    assert size == {"stride": 7, "padding": 6, "output_padding": 12, "dilation": 10}[name]
