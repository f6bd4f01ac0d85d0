from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.layers import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d, Placed

Shape = tuple[int, int, int]


def starts(size: int, extent: int, stride: int, padding: int, ceil_mode: bool) -> list[int]:
    """Where windows begin on the padded axis, one by one, by PyTorch's rules in words."""
    padded, found = size + 2 * padding, []
    for start in range(0, padded, stride):
        inside = start + extent <= padded
        # A last window may hang over if the one before left something, and if it begins on an
        # input or on the padding before them.
        left_over = start - stride + extent < padded and start < size + padding
        if inside or (ceil_mode and left_over):
            found.append(start)
    return found


def brute_force(layer: Any, shape: Shape) -> Any:
    """What each output gives when one input is 1: `(inputs, *output_shape)`."""
    images = np.eye(math.prod(shape)).reshape(-1, *shape)
    dilation = getattr(layer, "dilation", (1, 1))
    extents = [d * (k - 1) + 1 for d, k in zip(dilation, layer.kernel_size, strict=True)]
    strides = layer.kernel_size if layer.stride is None else layer.stride
    sizes = zip(shape[1:], extents, strides, layer.padding, strict=True)
    down, across = (starts(*along, layer.ceil_mode) for along in sizes)
    hanging = [
        (padding, padding + extent) for padding, extent in zip(layer.padding, extents, strict=True)
    ]
    padded = np.pad(images, [(0, 0), (0, 0), *hanging])
    result = np.zeros((*images.shape[:2], len(down), len(across)))
    pool = np.max if isinstance(layer, MaxPool2d) else np.mean
    for (i, top), (j, left) in itertools.product(enumerate(down), enumerate(across)):
        window = padded[
            ..., top : top + extents[0] : dilation[0], left : left + extents[1] : dilation[1]
        ]
        result[..., i, j] = pool(window, axis=(2, 3))
    return result


def random_case(rng: random.Random, kind: Any) -> tuple[Any, Shape]:
    kernel = rng.randint(1, 4), rng.randint(1, 4)
    dilation = (rng.randint(1, 2), rng.randint(1, 3)) if kind is MaxPool2d else (1, 1)
    layer = kind(
        kernel,
        stride=rng.choice([None, (rng.randint(1, 4), rng.randint(1, 4))]),
        padding=tuple(rng.randint(0, k // 2) for k in kernel),
        ceil_mode=rng.random() < 0.6,
        **({"dilation": dilation} if kind is MaxPool2d else {}),
    )
    extents = (d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True))
    smallest = (
        max(extent - 2 * padding, 1) for extent, padding in zip(extents, layer.padding, strict=True)
    )
    return layer, (rng.randint(1, 2), *(size + rng.randint(0, 5) for size in smallest))


# -- counts by brute force


@pytest.mark.parametrize("kind", [MaxPool2d, AvgPool2d])
def test_pooling_counts_what_loops_over_windows_count(kind: Any) -> None:
    rng = random.Random(1)
    for _ in range(300):
        layer, shape = random_case(rng, kind)
        placed, moved = layer.on(*shape), brute_force(layer, shape)
        assert placed.output_shape == moved.shape[1:], (layer, shape)
        assert placed.connections == np.count_nonzero(moved), (layer, shape)
        assert placed.weights == placed.parameters == placed.macs == 0
        assert placed.activations == placed.outputs == moved[0].size


@pytest.mark.parametrize(
    ("size", "given", "floor", "ceil"),
    [
        (5, {"kernel_size": 2}, 2, 3),  # the last window hangs over by one
        (6, {"kernel_size": 2}, 3, 3),  # nothing is left over
        (2, {"kernel_size": 1, "stride": 4}, 1, 1),  # it would begin behind the last input
        (4, {"kernel_size": 2, "stride": 3, "padding": 1}, 2, 2),  # nothing is left over
        (5, {"kernel_size": 2, "stride": 3, "padding": 1}, 2, 2),  # it would begin in the padding
        (6, {"kernel_size": 2, "stride": 3, "padding": 1}, 3, 3),
        (112, {"kernel_size": 3, "stride": 2}, 55, 56),  # GoogLeNet and SqueezeNet
        (112, {"kernel_size": 3, "stride": 2, "padding": 1}, 56, 57),
    ],
)
@pytest.mark.parametrize("kind", [MaxPool2d, AvgPool2d])
def test_the_last_window_in_ceil_mode_begins_on_an_input(
    kind: Any, size: int, given: dict[str, int], floor: int, ceil: int
) -> None:
    sizes = [kind(**given, ceil_mode=mode).on(1, size, size) for mode in (False, True)]
    assert [placed.output_shape[1] for placed in sizes] == [floor, ceil]


def test_in_ceil_mode_a_window_may_be_larger_than_the_input() -> None:
    placed = MaxPool2d(3, stride=2, ceil_mode=True).on(1, 2, 2)
    assert (placed.output_shape, placed.connections) == ((1, 1, 1), 4)


def test_count_include_pad_changes_no_count() -> None:
    either = [AvgPool2d(3, padding=1, count_include_pad=given) for given in (True, False)]
    first, second = (layer.on(2, 7, 7) for layer in either)
    assert either[0] != either[1]
    assert first.connections == second.connections == 2 * 8 * 8 - 2 * 15


def overlapping(size: int, outputs: int) -> int:
    """Pairs of an input and an output of which the one's stretch overlaps the other's."""
    return sum(
        Fraction(i * size, outputs) < j + 1 and j < Fraction((i + 1) * size, outputs)
        for i in range(outputs)
        for j in range(size)
    )


def test_adaptive_pooling_joins_what_overlaps() -> None:
    for size in range(1, 13):
        for outputs in range(1, 13):
            placed = AdaptiveAvgPool2d((outputs, 2)).on(3, size, 4)
            assert placed.output_shape == (3, outputs, 2)
            assert placed.connections == 3 * 4 * overlapping(size, outputs), (size, outputs)
            assert placed.weights == placed.parameters == placed.macs == 0
            assert placed.activations == placed.outputs == 3 * outputs * 2


def test_global_pooling_joins_every_input_of_a_channel() -> None:
    placed = AdaptiveAvgPool2d(1).on(5, 7, 9)
    assert (placed.output_shape, placed.connections) == ((5, 1, 1), 5 * 7 * 9)
    assert placed.receptive_field.fields[1].size == 9


# -- workings


PADDED = MaxPool2d(3, stride=2, padding=1).on(64, 112, 112)
CEIL = MaxPool2d(3, stride=2, ceil_mode=True).on(1, 6, 6)


@pytest.mark.parametrize(
    ("number", "worked", "formula"),
    [
        (PADDED.output_shape[1], "⌊(112 + 2 · 1 − 3) / 2⌋ + 1 = 56", None),
        (PADDED.connections, "64 · 167 · 167 = 1,784,896", "C_in T_h T_w"),
        (AvgPool2d(2).on(6, 28, 28).output_shape[2], "⌊(28 − 2) / 2⌋ + 1 = 14", None),
        (AvgPool2d(2).on(6, 28, 28).connections, "6 · 14 · 2 · 14 · 2 = 4,704", None),
        (CEIL.output_shape[1], "⌊(6 − 3 + 2 − 1) / 2⌋ + 1 = 3", "⌊(H − k_h + s_h − 1) / s_h⌋ + 1"),
        (CEIL.axes[0].lost, "1", None),
        (CEIL.connections, "8 · 8 = 64", "T_h T_w"),
        (AdaptiveAvgPool2d((4, 3)).on(3, 10, 10).connections, "3 · 12 · 12 = 432", "C_in T_h T_w"),
        (PADDED.activations, "64 · 56 · 56 = 200,704", "C_in H_out W_out"),
    ],
)
def test_the_working_is_that_of_the_textbook(number: Any, worked: str, formula: str | None) -> None:
    assert number.worked == worked
    assert formula in (None, number.formula)


def test_a_window_that_would_begin_behind_the_inputs_is_not_in_the_working() -> None:
    size = AvgPool2d(2, stride=3, padding=1, ceil_mode=True).on(1, 5, 5).output_shape[1]
    assert size.worked == "⌊(5 + 2 · 1 − 2 + 3 − 1) / 3⌋ = 2"


# -- calls and mistakes


def test_all_but_the_kernel_size_is_given_by_name() -> None:
    for kind in (MaxPool2d, AvgPool2d):
        call: Any = kind
        with pytest.raises(TypeError, match="takes 2 positional arguments but 3 were given"):
            call(2, 2)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (MaxPool2d(2), "MaxPool2d(kernel_size=2)"),
        (
            MaxPool2d([3, 2], stride=2, padding=1, dilation=2, ceil_mode=True),
            "MaxPool2d(kernel_size=(3, 2), stride=2, padding=1, ceil_mode=True, dilation=2)",
        ),
        (
            AvgPool2d(3, count_include_pad=False),
            "AvgPool2d(kernel_size=3, count_include_pad=False)",
        ),
        (AdaptiveAvgPool2d([1, 2]), "AdaptiveAvgPool2d(output_size=(1, 2))"),
    ],
)
def test_a_layer_shows_the_call_that_makes_it(layer: Any, text: str) -> None:
    assert repr(layer) == text
    assert eval(text) == layer
    assert hash(eval(text)) == hash(layer)


def on(layer: Any, shape: Any = (1, 9, 9), **given: Any) -> Placed:
    return layer(**{"kernel_size": 3, **given}).on(*shape)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"padding": 2}, ValueError, "padding 2 along the height exceeds half the kernel size 3"),
        (
            {"padding": 2, "dilation": 2, "layer": MaxPool2d},
            ValueError,
            "padding 2 along the height exceeds half the kernel size 3",
        ),
        (
            {"kernel_size": (4, 1), "padding": (2, 1)},
            ValueError,
            "padding 1 along the width exceeds half the kernel size 1",
        ),
        (
            {"shape": (1, 9, 2)},
            ValueError,
            "kernel extent 3 exceeds padded input 2 along the width "
            "(size=2, padding=0, kernel_size=3, dilation=1)",
        ),
        (
            {"shape": (1, 1, 9), "stride": 2, "ceil_mode": True},
            ValueError,
            "kernel extent 3 exceeds padded input 1 along the height "
            "(size=1, padding=0, kernel_size=3, dilation=1)",
        ),
        ({"kernel_size": 0}, ValueError, "kernel_size along the height must be at least 1, not 0"),
        ({"stride": 0}, ValueError, "stride along the height must be at least 1, not 0"),
        ({"padding": -1}, ValueError, "padding along the height must be at least 0, not -1"),
        (
            {"dilation": 0, "layer": MaxPool2d},
            ValueError,
            "dilation along the height must be at least 1, not 0",
        ),
        ({"ceil_mode": 1}, TypeError, "ceil_mode must be True or False, not int 1"),
        (
            {"count_include_pad": None},
            TypeError,
            "count_include_pad must be True or False, not NoneType None",
        ),
        (
            {"shape": (9, 9)},
            ValueError,
            "AvgPool2d takes an input of 3 sizes (channels, height, width), not 2: (9, 9)",
        ),
    ],
)
def test_an_impossible_pooling_names_the_rule_and_every_value(
    given: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        on(**{"layer": AvgPool2d, **given})
    assert str(caught.value) == message


@pytest.mark.parametrize("output_size", [0, (2, 0), 1.5, (1, 2, 3), None])
def test_adaptive_pooling_refuses_what_is_no_size(output_size: Any) -> None:
    with pytest.raises((TypeError, ValueError), match=r"^output_size (along|takes)"):
        AdaptiveAvgPool2d(output_size)
