from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import signal

from mkdocs_cnn.arrays.correlation import (
    convolve2d,
    cross_correlate2d,
    cross_correlate2d_by_definition,
)
from mkdocs_cnn.layers import Conv2d

MODES = ("zeros", "circular", "reflect", "edge")
ROUTES = [cross_correlate2d, cross_correlate2d_by_definition]


def integers(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    return rng.integers(-9, 10, shape)


# -- SciPy as oracle; more of it in test_routes.py


@pytest.mark.parametrize("route", ROUTES)
def test_one_channel_is_what_scipy_correlates(route: Callable[..., Any]) -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        height, width = rng.integers(1, 9, 2)
        kernel = rng.integers(1, height + 1), rng.integers(1, width + 1)
        x, weight = rng.standard_normal((height, width)), rng.standard_normal(kernel)
        result = route(x[None], weight[None, None])[0]
        np.testing.assert_allclose(result, signal.correlate2d(x, weight, "valid"), atol=1e-12)
        full = route(x[None], weight[None, None], padding=(kernel[0] - 1, kernel[1] - 1))[0]
        np.testing.assert_allclose(full, signal.correlate2d(x, weight, "full"), atol=1e-12)


# -- PyTorch's layers as oracle, where installed


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("padding", [0, 1, (2, 1), "same", "valid"])
@pytest.mark.parametrize("mode", MODES)
def test_layers_of_pytorch_agree(padding: Any, mode: str) -> None:
    torch = pytest.importorskip("torch")
    layer = torch.nn.Conv2d(
        4, 6, (3, 4), padding=padding, groups=2, padding_mode={"edge": "replicate"}.get(mode, mode)
    ).double()
    x = torch.randn(2, 4, 7, 8, generator=torch.Generator().manual_seed(1)).double()
    weight, bias = (parameter.detach().numpy() for parameter in layer.parameters())
    result = cross_correlate2d(
        x.numpy(),
        weight,
        bias,
        padding=padding,
        groups=2,
        padding_mode=mode,
    )
    np.testing.assert_allclose(result, layer(x).detach().numpy(), atol=1e-12)
    placed = Conv2d(4, 6, (3, 4), padding=padding, groups=2, padding_mode=mode).on(4, 7, 8)
    assert placed.parameters == sum(parameter.numel() for parameter in layer.parameters())


# -- counts by brute force


def test_the_loops_of_the_definition_turn_as_often_as_macs_are_counted(
    random_case: Callable[[int], Any],
) -> None:
    for seed in range(300):
        placed, *_ = random_case(seed)
        layer, (down, across) = placed.layer, placed.axes
        turns = 0
        sizes = [
            size + sum(map(int, axis.padding))
            for size, axis in zip(map(int, placed.input_shape[1:]), (down, across), strict=True)
        ]
        reach = [d * (k - 1) for d, k in zip(layer.dilation, layer.kernel_size, strict=True)]
        stride = (layer.stride,) * 2 if isinstance(layer.stride, int) else layer.stride
        for _ in range(layer.out_channels):
            for _ in range(0, sizes[0] - reach[0], stride[0]):
                for _ in range(0, sizes[1] - reach[1], stride[1]):
                    for _ in range(layer.in_channels // layer.groups):
                        turns += math.prod(layer.kernel_size)
        assert placed.macs == turns, layer


# -- worked examples

EDGE_IMAGE = np.array([[[10, 10, 10, 0, 0, 0]] * 6])
VERTICAL_EDGE = np.array([[[[1, 0, -1]] * 3]])


@pytest.mark.parametrize("route", ROUTES)
def test_the_edge_image_gives_0_30_30_0(route: Callable[..., Any]) -> None:
    assert route(EDGE_IMAGE, VERTICAL_EDGE).tolist() == [[[0, 30, 30, 0]] * 4]


@pytest.mark.parametrize("route", ROUTES)
def test_the_edge_image_gives_minus_30_under_true_convolution(route: Callable[..., Any]) -> None:
    flipped = VERTICAL_EDGE[:, :, ::-1, ::-1]
    assert route(EDGE_IMAGE, flipped).tolist() == [[[0, -30, -30, 0]] * 4]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("x_shape", "weight_shape", "given", "shape"),
    [
        ((1, 1, 1), (1, 1, 1, 1), {}, (1, 1, 1)),
        ((1, 1, 1), (1, 1, 3, 3), {"padding": 1}, (1, 1, 1)),
        ((2, 4, 3), (5, 2, 4, 3), {}, (5, 1, 1)),
        ((1, 5, 5), (1, 1, 2, 4), {}, (1, 4, 2)),
        ((1, 5, 5), (1, 1, 1, 1), {"stride": 4}, (1, 2, 2)),
        ((1, 5, 5), (1, 1, 2, 2), {"stride": 9}, (1, 1, 1)),
        ((1, 1, 9), (1, 1, 1, 3), {"dilation": 4}, (1, 1, 1)),
        ((4, 3, 3), (4, 1, 2, 2), {"groups": 4}, (4, 2, 2)),
        ((1, 3, 3), (1, 1, 3, 3), {"padding": 3, "padding_mode": "circular"}, (1, 7, 7)),
        ((3, 1, 4, 4), (2, 1, 3, 3), {}, (3, 2, 2, 2)),
        ((0, 1, 4, 4), (2, 1, 3, 3), {}, (0, 2, 2, 2)),
    ],
)
def test_degenerate_sizes_have_the_shape_that_they_should(
    route: Callable[..., Any],
    x_shape: tuple[int, ...],
    weight_shape: tuple[int, ...],
    given: dict[str, Any],
    shape: tuple[int, ...],
) -> None:
    x, weight = np.ones(x_shape, int), np.ones(weight_shape, int)
    assert route(x, weight, **given).shape == shape


@pytest.mark.parametrize("route", ROUTES)
def test_a_kernel_as_large_as_the_input_is_one_sum(route: Callable[..., Any]) -> None:
    rng = np.random.default_rng(3)
    x, weight = integers(rng, (2, 4, 3)), integers(rng, (5, 2, 4, 3))
    assert route(x, weight).ravel().tolist() == [int((x * taps).sum()) for taps in weight]


@pytest.mark.parametrize("route", ROUTES)
def test_a_batch_is_its_images_one_by_one(route: Callable[..., Any]) -> None:
    rng = np.random.default_rng(4)
    x, weight, bias = integers(rng, (3, 4, 5, 6)), integers(rng, (2, 2, 3, 3)), integers(rng, (2,))
    given = {"groups": 2, "padding": 1, "stride": 2}
    expected = [route(image, weight, bias, **given) for image in x]
    assert np.array_equal(route(x, weight, bias, **given), expected)


@pytest.mark.parametrize("route", ROUTES)
def test_a_bias_is_added_to_every_output_of_its_channel(route: Callable[..., Any]) -> None:
    x, weight = np.zeros((1, 2, 2), int), np.ones((2, 1, 1, 1), int)
    assert route(x, weight, [3, -4]).tolist() == [[[3, 3], [3, 3]], [[-4, -4], [-4, -4]]]


@pytest.mark.parametrize("route", ROUTES)
def test_plain_lists_are_arrays(route: Callable[..., Any]) -> None:
    assert route([[[1, 2], [3, 4]]], [[[[1, 1]]]]).tolist() == [[[3], [7]]]


# -- dtypes


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("x", "weight", "result"),
    [
        ("int64", "int64", "int64"),
        ("uint8", "int8", "int64"),
        ("bool", "bool", "int64"),
        ("float32", "float32", "float32"),
        ("float64", "float64", "float64"),
        ("float32", "int8", "float32"),
        ("uint8", "float64", "float64"),
        ("complex128", "float64", "complex128"),
    ],
)
def test_integers_stay_integers_and_floats_keep_their_precision(
    route: Callable[..., Any], x: str, weight: str, result: str
) -> None:
    assert route(np.ones((1, 3, 3), x), np.ones((1, 1, 2, 2), weight)).dtype == result


@pytest.mark.parametrize("route", ROUTES)
def test_a_photograph_in_bytes_does_not_overflow(route: Callable[..., Any]) -> None:
    x, weight = np.full((1, 3, 3), 255, np.uint8), np.full((1, 1, 3, 3), -128, np.int8)
    assert route(x, weight).item() == -128 * 255 * 9


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("objects", [(True, False, False), (False, True, False), (0, 0, 1)])
def test_pythons_integers_stay_exact_beside_narrow_ones(
    route: Callable[..., Any], objects: tuple[bool, ...]
) -> None:
    arrays = np.full((1, 2, 2), 100), np.full((1, 1, 2, 2), 100), np.full(1, 100)
    given = [
        array.astype(object if python else np.int8)
        for array, python in zip(arrays, objects, strict=True)
    ]
    assert route(*given).tolist() == [[[4 * 100 * 100 + 100]]]


BIG = 2**62


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("x", "weight", "bias", "expected"),
    [
        (np.array([2**63 + 5, 1], np.uint64), [1, 1], [0], 2**63 + 6),
        ([BIG, BIG], [1, 1], [0], 2**63),
        ([BIG, BIG], [2, 2], [-1], 2**64 - 1),
        ([BIG - 1, BIG], [1, 1], [0], 2**63 - 1),
        ([-BIG, -BIG], [1, 2], [0], -3 * BIG),
        ([-(2**63), 0], [-1, 0], [0], 2**63),
        ([1, 1], [1, 1], np.array([2**63], np.uint64), 2**63 + 2),
        ([1, 1], [1, 1], np.array([7], np.uint64), 9),
    ],
)
def test_integers_stay_exact_beyond_64_bits(
    route: Callable[..., Any], x: Any, weight: Any, bias: Any, expected: int
) -> None:
    result = route(np.asarray(x)[None, None], np.asarray(weight)[None, None, None], bias)
    assert result.item() == expected
    assert type(result.item()) is int


@pytest.mark.parametrize("route", ROUTES)
def test_beyond_64_bits_biases_that_are_not_exact_make_floats(route: Callable[..., Any]) -> None:
    result = route([[[BIG, BIG]]], [[[[2, 2]]]], [0.5])
    assert (result.dtype, result.item()) == (np.float64, 2.0**64)


@pytest.mark.parametrize("route", ROUTES)
def test_what_is_given_is_not_changed(route: Callable[..., Any]) -> None:
    x, weight, bias = np.ones((1, 3, 3)), np.ones((1, 1, 2, 2)), np.ones(1)
    before = [array.copy() for array in (x, weight, bias)]
    route(x, weight, bias, padding=1)[:] = 0
    assert all(map(np.array_equal, before, (x, weight, bias)))


# -- convolution


def test_a_convolution_is_scipys() -> None:
    rng = np.random.default_rng(6)
    for _ in range(100):
        height, width = rng.integers(1, 9, 2)
        kernel = rng.integers(1, height + 1), rng.integers(1, width + 1)
        x, weight = integers(rng, (height, width)), integers(rng, kernel)
        arrays, full = (x[None], weight[None, None]), (kernel[0] - 1, kernel[1] - 1)
        assert np.array_equal(convolve2d(*arrays)[0], signal.convolve2d(x, weight, "valid"))
        everything = convolve2d(*arrays, padding=full)[0]
        assert np.array_equal(everything, signal.convolve2d(x, weight, "full"))
        ring = convolve2d(*arrays, padding=((full[0], 0), (full[1], 0)), padding_mode="circular")
        wrapped = signal.convolve2d(x, weight, "full", boundary="wrap")[:height, :width]
        assert np.array_equal(ring[0], wrapped)


def test_a_convolution_passes_every_argument_on(random_case: Callable[[int], Any]) -> None:
    for seed in range(100):
        _, given, x, weight, bias = random_case(seed)
        turned = weight[:, :, ::-1, ::-1]
        expected = cross_correlate2d_by_definition(x, turned, bias, **given)
        assert np.array_equal(convolve2d(x, weight, bias, **given), expected)


def test_the_edge_image_gives_minus_30_under_convolution() -> None:
    assert convolve2d(EDGE_IMAGE, VERTICAL_EDGE).tolist() == [[[0, -30, -30, 0]] * 4]


# -- bad input

IMAGE, FILTERS = np.ones((3, 8, 8), int), np.ones((6, 3, 5, 5), int)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("arrays", "given", "error", "message"),
    [
        (
            (np.ones((8, 8)), FILTERS),
            {},
            ValueError,
            "x must be (channels, height, width) or (n, channels, height, width), "
            "not 2 axes: (8, 8)",
        ),
        ((np.ones((1, 1, 3, 8, 8)), FILTERS), {}, ValueError, "not 5 axes: (1, 1, 3, 8, 8)"),
        (
            (IMAGE, np.ones((5, 5))),
            {},
            ValueError,
            "weight must be (out_channels, in_channels // groups, kernel_height, kernel_width), "
            "not 2 axes: (5, 5)",
        ),
        (
            (IMAGE, FILTERS, np.ones(5)),
            {},
            ValueError,
            "bias must have one value for each of the 6 output channels, not shape (5,)",
        ),
        ((IMAGE, FILTERS, np.ones((6, 1))), {}, ValueError, "not shape (6, 1)"),
        ((IMAGE, FILTERS, 1), {}, ValueError, "not shape ()"),
        (
            (np.ones((1, 8, 8)), FILTERS),
            {},
            ValueError,
            "input has 1 channel where the layer expects 3 (in_channels=3, input=(1, 8, 8))",
        ),
        (
            (np.ones((3, 4, 8)), FILTERS),
            {},
            ValueError,
            "kernel extent 5 exceeds padded input 4 along the height "
            "(size=4, padding=0, kernel_size=5, dilation=1)",
        ),
        (
            (np.ones((12, 8, 8)), FILTERS),
            {"groups": 4},
            ValueError,
            "groups must divide out_channels, and 4 does not divide 6 "
            "(in_channels=12, out_channels=6, groups=4)",
        ),
        ((IMAGE, FILTERS), {"groups": 0}, ValueError, "groups must be at least 1, not 0"),
        ((IMAGE, FILTERS), {"groups": 1.0}, TypeError, "groups must be an integer, not float 1.0"),
        ((IMAGE, FILTERS), {"groups": True}, TypeError, "groups must be an integer, not bool True"),
        ((IMAGE, FILTERS), {"stride": 0}, ValueError, "along the height must be at least 1, not 0"),
        ((IMAGE, FILTERS), {"stride": 2.0}, TypeError, "must be an integer, not float 2.0"),
        ((IMAGE, FILTERS), {"padding": -1}, ValueError, "must be at least 0, not -1"),
        (
            (IMAGE, FILTERS),
            {"padding": "same", "stride": 2},
            ValueError,
            "padding 'same' needs stride 1, not 2",
        ),
        (
            (IMAGE, FILTERS),
            {"padding": 8, "padding_mode": "reflect"},
            ValueError,
            "reflect padding 8 exceeds 7 along the height (size=8)",
        ),
        (
            (IMAGE, FILTERS),
            {"padding_mode": "replicate"},
            ValueError,
            "padding_mode must be one of zeros, circular, reflect, edge, not 'replicate'",
        ),
        ((np.ones((3, 0, 8)), FILTERS), {}, ValueError, "input height must be at least 1, not 0"),
        (
            (IMAGE, np.ones((6, 3, 0, 5))),
            {},
            ValueError,
            "kernel_size along the height must be at least 1, not 0",
        ),
        ((IMAGE, np.ones((0, 3, 5, 5))), {}, ValueError, "out_channels must be at least 1, not 0"),
        ((IMAGE.astype(str), FILTERS), {}, TypeError, "x must hold numbers, not dtype <U21"),
        (
            (IMAGE, FILTERS.astype("datetime64[s]")),
            {},
            TypeError,
            "weight must hold numbers, not dtype datetime64[s]",
        ),
        (
            (IMAGE, FILTERS, [None] * 6),
            {},
            TypeError,
            "bias must hold numbers, not dtype object with NoneType None",
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused_with_the_rule_and_the_values(
    route: Callable[..., Any],
    arrays: tuple[Any, ...],
    given: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error) as caught:
        route(*arrays, **given)
    assert str(caught.value).endswith(message)


def test_sums_beyond_64_bits_stay_exact_beside_padding_zeros() -> None:
    # Without padding 9 taps of 2**62 times 9; at the border 6, in the corner 4 of them.
    image = np.full((1, 3, 3), 2**62, dtype=object)
    found = cross_correlate2d(image, np.full((1, 1, 3, 3), 9), padding=1)
    taps = [[4, 6, 4], [6, 9, 6], [4, 6, 4]]
    assert found[0].tolist() == [[2**62 * 9 * count for count in row] for row in taps]
