from __future__ import annotations

import random
import re
from typing import Any, NamedTuple

import numpy as np
import pytest

from mkdocs_cnn.arrays.correlation import cross_correlate2d_by_definition
from mkdocs_cnn.arrays.matrix import as_matrix
from mkdocs_cnn.arrays.transposed import conv_transpose2d
from mkdocs_cnn.layers import ConvTranspose2d

CASES = 400


class Case(NamedTuple):
    """A small image, filters, biases, all of integers, and the keyword arguments."""

    x: Any
    weight: Any
    bias: Any
    given: dict[str, Any]
    shape: tuple[int, ...]  # of the output, by the layer


def case(seed: int) -> Case:
    """The next layer that gives an output, of random ones."""
    rng, arrays = random.Random(seed), np.random.default_rng(seed)

    def pair(low: int, high: int) -> tuple[int, int]:
        return rng.randint(low, high), rng.randint(low, high)

    while True:
        groups, kernel = rng.choice([1, 1, 2, 3]), pair(1, 4)
        given: dict[str, Any] = {"stride": pair(1, 4), "padding": pair(0, 2)}
        given |= {"output_padding": pair(0, 2), "dilation": pair(1, 2)}
        inner, outer = (groups * rng.randint(1, 2) for _ in range(2))
        size = pair(1, 4)
        try:
            placed = ConvTranspose2d(inner, outer, kernel, **given, groups=groups).on(inner, *size)
        except ValueError:
            continue
        shapes = (inner, *size), (inner, outer // groups, *kernel), (outer,)
        integers = (arrays.integers(-9, 10, shape) for shape in shapes)
        given["groups"] = groups
        return Case(*integers, given, tuple(map(int, placed.output_shape)))


def led_back(given: dict[str, Any]) -> dict[str, Any]:
    """What the cross-correlation from the output to the input is given."""
    return {name: given[name] for name in ("stride", "padding", "dilation", "groups")}


def test_it_is_the_transpose_of_the_matrix_that_leads_back() -> None:
    for seed in range(CASES):
        x, weight, _, given, shape = case(seed)
        matrix = as_matrix(weight, shape, **led_back(given)).values
        result = conv_transpose2d(x, weight, **given)
        assert result.shape == shape
        assert result.dtype == np.int64
        # An output padding of a stride or more leaves room for rows that no input stands for.
        back = cross_correlate2d_by_definition(np.zeros(shape, int), weight, **led_back(given))
        inputs = np.zeros(back.shape, int)
        inputs[:, : x.shape[1], : x.shape[2]] = x
        assert np.array_equal(matrix.T @ inputs.ravel(), result.ravel()), given


def test_it_scatters_as_plain_loops_do() -> None:
    for seed in range(CASES):
        x, weight, bias, given, shape = case(seed)
        down, across = given["padding"]
        sums = np.zeros((shape[0], shape[1] + 2 * down, shape[2] + 2 * across), int)
        inner, outer = (channels // given["groups"] for channels in (len(x), len(bias)))
        for channel, *at in np.ndindex(x.shape):
            for out, *tap in np.ndindex(weight.shape[1:]):
                y, x_ = (
                    position * stride + dilation * step
                    for position, stride, dilation, step in zip(
                        at, given["stride"], given["dilation"], tap, strict=True
                    )
                )
                sums[channel // inner * outer + out, y, x_] += (
                    x[channel, *at] * weight[channel, out, *tap]
                )
        kept = sums[:, down : down + shape[1], across : across + shape[2]]
        expected = kept + bias[:, None, None]
        assert np.array_equal(conv_transpose2d(x, weight, bias, **given), expected), given


def test_it_is_what_pytorch_makes_of_it() -> None:
    torch = pytest.importorskip("torch")
    for seed in range(CASES):
        x, weight, bias, given, shape = case(seed)
        rng = np.random.default_rng(seed)
        arrays = [rng.standard_normal(array.shape) for array in (x, weight, bias)]
        tensors = [torch.from_numpy(array) for array in arrays]
        expected = torch.nn.functional.conv_transpose2d(
            tensors[0][None], *tensors[1:], **given
        ).numpy()[0]
        assert expected.shape == shape
        np.testing.assert_allclose(conv_transpose2d(*arrays, **given), expected, atol=1e-12)


def test_a_filter_is_laid_on_the_output_for_each_input() -> None:
    x, weight = [[[1, 0], [0, 2]]], [[[[1, 2], [3, 4]]]]
    assert conv_transpose2d(x, weight).tolist() == [[[1, 2, 0], [3, 6, 4], [0, 6, 8]]]
    apart = [[1, 2, 0, 0], [3, 4, 0, 0], [0, 0, 2, 4], [0, 0, 6, 8]]
    assert conv_transpose2d(x, weight, stride=2).tolist() == [apart]
    assert conv_transpose2d(x, weight, padding=1).tolist() == [[[6]]]


def test_a_batch_is_its_images_one_by_one() -> None:
    for seed in range(20):
        x, weight, bias, given, shape = case(seed)
        batch = np.stack([x, -x, x + 1])
        expected = [conv_transpose2d(image, weight, bias, **given) for image in batch]
        assert np.array_equal(conv_transpose2d(batch, weight, bias, **given), expected)
        assert conv_transpose2d(batch[:0], weight, bias, **given).shape == (0, *shape)


@pytest.mark.parametrize(
    ("x", "weight", "result"),
    [
        ("uint8", "int8", "int64"),
        ("bool", "bool", "int64"),
        ("float32", "float32", "float32"),
        ("float32", "int8", "float32"),
        ("uint8", "float64", "float64"),
        ("object", "int8", "object"),
    ],
)
def test_integers_stay_integers_and_floats_keep_their_precision(
    x: str, weight: str, result: str
) -> None:
    found = conv_transpose2d(np.ones((1, 2, 2), x), np.ones((1, 1, 2, 2), weight))
    assert found.dtype == result
    assert found.tolist() == [[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]


def test_integers_stay_exact_beyond_64_bits() -> None:
    big = 2**62
    assert conv_transpose2d([[[big, big]]], [[[[1, 1]]]]).tolist() == [[[big, 2**63, big]]]
    two_channels = conv_transpose2d([[[big]], [[big]]], [[[[1]]], [[[2]]]], [-1])
    assert two_channels.item() == 3 * big - 1


def test_what_is_given_is_not_changed() -> None:
    x, weight, bias = np.ones((1, 3, 3)), np.ones((1, 1, 1, 1)), np.ones(1)
    conv_transpose2d(x, weight)[:] = 0
    conv_transpose2d(x, weight, bias)[:] = 0
    assert all(array.all() for array in (x, weight, bias))


@pytest.mark.parametrize(
    ("x", "weight", "bias", "given", "message"),
    [
        ((3, 3), (1, 1, 2, 2), None, {}, "not 2 axes: (3, 3)"),
        ((1, 3, 3), (2, 2), None, {}, "not 2 axes: (2, 2)"),
        (
            (2, 3, 3),
            (3, 1, 2, 2),
            None,
            {},
            "input has 2 channels where the layer expects 3 (in_channels=3, input=(2, 3, 3))",
        ),
        (
            (1, 3, 3),
            (1, 2, 2, 2),
            3,
            {},
            "bias must have one value for each of the 2 output channels, not shape (3,)",
        ),
        (
            (1, 3, 3),
            (1, 1, 2, 2),
            None,
            {"output_padding": 1},
            "output_padding 1 along the height must be smaller than stride 1 or dilation 1",
        ),
        ((1, 1, 1), (1, 1, 1, 1), None, {"padding": 1}, "input=(1, 1, 1))"),
        ((3, 3, 3), (3, 1, 2, 2), None, {"groups": 2}, "(in_channels=2, out_channels=3, groups=2)"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    x: Any, weight: Any, bias: int | None, given: dict[str, Any], message: str
) -> None:
    offsets = None if bias is None else np.ones(bias)
    with pytest.raises(ValueError, match=f"{re.escape(message)}$"):
        conv_transpose2d(np.ones(x), np.ones(weight), offsets, **given)
