"""Layers that learn, against finite differences, our core, SciPy and PyTorch."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from scipy.signal import correlate2d

import mkdocs_cnn as core
from mkdocs_cnn.arrays import correlation as correlate
from mkdocs_cnn.arrays import pooling as pool
from mkdocs_cnn.experiments.neural.layers import (
    Conv2d,
    Linear,
    LocallyConnected2d,
    fold,
    pad,
    unfold,
    unpad,
)
from mkdocs_cnn.experiments.neural.network import Network
from mkdocs_cnn.experiments.neural.weightless import (
    BlurPool2d,
    GlobalAvgPool2d,
    MaxPool2d,
    ReLU,
)

SHAPE = (2, 3, 6, 8)

LAYERS: dict[str, tuple[Any, tuple[int, ...]]] = {
    "linear": (Linear(3 * 6 * 8, 5), SHAPE),
    "convolution": (Conv2d(3, 4, 3), SHAPE),
    "convolution, padded": (Conv2d(3, 4, 3, padding=1), SHAPE),
    "convolution, strided": (Conv2d(3, 4, 3, stride=2, padding=1), SHAPE),
    "convolution, on a ring": (Conv2d(3, 4, 3, padding=1, padding_mode="circular"), SHAPE),
    "convolution, on a small ring": (
        Conv2d(1, 2, 5, padding=2, padding_mode="circular"),
        (2, 1, 4, 5),
    ),
    "convolution, of a sequence": (Conv2d(2, 3, (1, 3)), (4, 2, 1, 9)),
    "convolution, of one window": (Conv2d(3, 4, (6, 8)), SHAPE),
    "locally connected": (LocallyConnected2d(3, 4, (6, 8), 3), SHAPE),
    "locally connected, padded": (LocallyConnected2d(3, 4, (6, 8), 3, padding=1), SHAPE),
    "locally connected, strided": (LocallyConnected2d(3, 4, (6, 8), (2, 3), stride=2), SHAPE),
    "rectifier": (ReLU(), SHAPE),
    "max pooling": (MaxPool2d(2), SHAPE),
    "max pooling, overlapping": (MaxPool2d(3, stride=1), SHAPE),
    "blur pooling": (BlurPool2d(), SHAPE),
    "blur pooling, odd": (BlurPool2d(), (2, 3, 5, 7)),
    "blur pooling, of every position": (BlurPool2d(1), SHAPE),
    "global pooling": (GlobalAvgPool2d(), SHAPE),
}


@pytest.fixture(params=LAYERS)
def placed(request: pytest.FixtureRequest) -> tuple[Any, Any, Any]:
    """A layer, random weights and a random input."""
    layer, shape = LAYERS[request.param]
    rng = np.random.default_rng(1)
    weights = tuple(rng.normal(size=weight.shape) for weight in layer.initial(rng))
    return layer, weights, rng.normal(size=shape)


def slope(f: Any, array: Any, direction: Any) -> float:
    """How fast a function of arrays rises as one of them moves, by a small difference."""
    step = 1e-6
    start = array.copy()
    array[...] = start + step * direction
    ahead = f()
    array[...] = start - step * direction
    behind = f()
    array[...] = start
    return float((ahead - behind) / (2 * step))


def test_every_gradient_is_that_of_finite_differences(placed: tuple[Any, Any, Any]) -> None:
    layer, weights, x = placed
    rng = np.random.default_rng(2)
    y, pullback = layer.forward(weights, x)
    upstream = rng.normal(size=y.shape)
    of_x, of_weights = pullback(upstream)
    assert len(of_weights) == len(weights)
    for array, gradient in ((x, of_x), *zip(weights, of_weights, strict=True)):
        assert gradient.shape == array.shape
        for _ in range(4):
            direction = rng.normal(size=array.shape)
            if isinstance(layer, LocallyConnected2d) and array.ndim == 3:
                direction *= layer.connected[..., None]  # the others are no weights
            measured = slope(
                lambda: (upstream * layer.forward(weights, x)[0]).sum(), array, direction
            )
            assert (gradient * direction).sum() == pytest.approx(measured, rel=1e-6, abs=1e-7)


def test_a_forward_pass_changes_neither_its_input_nor_its_weights(
    placed: tuple[Any, Any, Any],
) -> None:
    layer, weights, x = placed
    before = [array.copy() for array in (x, *weights)]
    y, pullback = layer.forward(weights, x)
    pullback(np.ones_like(y))
    for array, copy in zip((x, *weights), before, strict=True):
        assert np.array_equal(array, copy)


def test_folding_is_the_transpose_of_unfolding() -> None:
    rng = np.random.default_rng(3)
    for shape, kernel, stride in (((2, 3, 6, 8), (3, 2), 1), ((2, 1, 7, 7), (3, 3), 2)):
        x = rng.normal(size=shape)
        rows, _ = unfold(x, kernel, stride)
        other = rng.normal(size=rows.shape)
        assert (rows * other).sum() == pytest.approx((x * fold(other, shape, kernel, stride)).sum())


@pytest.mark.parametrize("mode", ["zeros", "circular"])
@pytest.mark.parametrize(("size", "by"), [((6, 8), 0), ((6, 8), 2), ((3, 5), 2), ((2, 3), 2)])
def test_unpadding_is_the_transpose_of_padding(mode: str, size: tuple[int, int], by: int) -> None:
    rng = np.random.default_rng(11)
    x = rng.normal(size=(2, 3, *size))
    wide = pad(x, by, mode)
    rates = rng.normal(size=wide.shape)
    before = rates.copy()
    assert (wide * rates).sum() == pytest.approx((x * unpad(rates, by, mode)).sum())
    assert np.array_equal(rates, before)


# -- against our core, which is tested against others, and SciPy


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 1), (2, 0), (3, 2)])
@pytest.mark.parametrize("mode", ["zeros", "circular"])
def test_a_convolution_is_that_of_our_core(stride: int, padding: int, mode: Any) -> None:
    rng = np.random.default_rng(4)
    layer = Conv2d(3, 4, (3, 2), stride=stride, padding=padding, padding_mode=mode)
    weight, bias = rng.normal(size=(4, 3, 3, 2)), rng.normal(size=4)
    x = rng.normal(size=SHAPE)
    expected = correlate.cross_correlate2d(
        x, weight, bias, stride=stride, padding=padding, padding_mode=mode
    )
    y, _ = layer.forward((weight.reshape(4, -1), bias), x)
    assert np.allclose(y, expected)


def test_a_convolution_of_one_channel_is_scipys_correlation() -> None:
    rng = np.random.default_rng(5)
    x, kernel = rng.normal(size=(9, 7)), rng.normal(size=(3, 3))
    y, _ = Conv2d(1, 1, 3).forward((kernel.reshape(1, -1), np.zeros(1)), x[None, None])
    assert np.allclose(y[0, 0], correlate2d(x, kernel, mode="valid"))


def test_equal_weights_everywhere_make_a_local_layer_a_convolution() -> None:
    rng = np.random.default_rng(6)
    x = rng.normal(size=SHAPE)
    for padding in (0, 1):
        shared = Conv2d(3, 4, 3, padding=padding)
        unshared = LocallyConnected2d(3, 4, (6, 8), 3, padding=padding)
        weight, bias = rng.normal(size=(4, 27)), rng.normal(size=4)
        positions = int(np.prod(unshared.output_size))
        repeated = np.tile(weight.T, (positions, 1, 1)), np.tile(bias, (positions, 1))
        expected, _ = shared.forward((weight, bias), x)
        assert np.allclose(unshared.forward(repeated, x)[0], expected)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (2, 1)])
def test_a_local_layer_is_a_sum_over_each_window_with_weights_of_its_own(
    stride: int, padding: int
) -> None:
    rng = np.random.default_rng(12)
    layer = LocallyConnected2d(3, 4, (6, 8), (3, 2), stride=stride, padding=padding)
    high, wide = layer.output_size
    weight = rng.normal(size=(high * wide, 18, 4))
    bias = rng.normal(size=(high * wide, 4))
    x = rng.normal(size=SHAPE)
    around = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    y, _ = layer.forward((weight, bias), x)
    assert y.shape == (2, 4, high, wide)
    for position, (row, column) in enumerate(np.ndindex(high, wide)):
        top, left = row * stride, column * stride
        window = around[:, :, top : top + 3, left : left + 2].reshape(2, 18)
        assert np.allclose(y[:, :, row, column], window @ weight[position] + bias[position])


def test_a_tap_on_padding_begins_without_a_weight_and_never_gets_one() -> None:
    rng = np.random.default_rng(13)
    layer = LocallyConnected2d(1, 2, (3, 3), 3, padding=1)
    weight, bias = layer.initial(rng)
    corner, on_padding = 0, [0, 1, 2, 3, 6]
    assert not weight[corner, on_padding].any()
    assert weight[corner, [4, 5, 7, 8]].all()
    assert weight[4].all()  # the middle window lies inside
    y, pullback = layer.forward((weight, bias), rng.normal(size=(5, 1, 3, 3)))
    of_weight, _ = pullback(rng.normal(size=y.shape))[1]
    assert not of_weight[corner, on_padding].any()
    assert of_weight[corner, [4, 5, 7, 8]].all()


def test_each_weight_of_a_local_layer_moves_one_output() -> None:
    layer = LocallyConnected2d(1, 2, (4, 4), 2)
    weights = tuple(np.zeros_like(weight) for weight in layer.initial(np.random.default_rng(0)))
    x = np.ones((1, 1, 4, 4))
    for place in ((0, 0, 0), (4, 3, 1), (8, 2, 0)):
        weights[0][...] = 0
        weights[0][place] = 1
        y, _ = layer.forward(weights, x)
        position, _, channel = place
        assert np.argwhere(y[0]).tolist() == [[channel, position // 3, position % 3]]


@pytest.mark.parametrize(("size", "stride"), [(2, None), (3, 1), (3, 2)])
def test_max_pooling_is_that_of_our_core(size: int, stride: int | None) -> None:
    x = np.random.default_rng(7).normal(size=SHAPE)
    largest, _ = MaxPool2d(size, stride).forward((), x)
    assert np.array_equal(largest, pool.max_pool2d(x, size, stride=stride))


def test_blur_and_global_pooling_are_those_of_our_core() -> None:
    x = np.random.default_rng(8).normal(size=SHAPE)
    for layer, stride in ((BlurPool2d(), 2), (BlurPool2d(1), 1)):
        blurred, _ = layer.forward((), x)
        expected = pool.blur_pool2d(x, stride=stride, padding_mode="circular")
        assert np.allclose(blurred, expected)
    means, _ = GlobalAvgPool2d().forward((), x)
    assert np.allclose(means, x.reshape(2, 3, -1).mean(2))


def test_the_first_of_equal_values_takes_the_gradient() -> None:
    _, pullback = MaxPool2d(2).forward((), np.zeros((1, 1, 2, 2)))
    of_x, _ = pullback(np.full((1, 1, 1, 1), 5.0))
    assert of_x[0, 0].tolist() == [[5, 0], [0, 0]]


def test_what_is_not_positive_is_stopped_both_ways() -> None:
    y, pullback = ReLU().forward((), np.array([[-2.0, -1e-9, 0.0, 1e-9, 3.0]]))
    assert y.tolist() == [[0, 0, 0, 1e-9, 3]]
    of_x, of_weights = pullback(np.full((1, 5), -7.0))
    assert abs(of_x).tolist() == [[0, 0, 0, 7, 7]]
    assert of_weights == ()


# -- sizes


COUNTED: list[tuple[Any, Any, tuple[int, ...]]] = [
    (Linear(12, 5), core.Linear(12, 5), (12,)),
    (Conv2d(3, 4, 5, padding=2), core.Conv2d(3, 4, 5, padding=2), (3, 8, 8)),
    (LocallyConnected2d(3, 4, (8, 9), 3), core.LocallyConnected2d(3, 4, 3), (3, 8, 9)),
    (
        LocallyConnected2d(3, 4, (8, 8), 5, padding=2),
        core.LocallyConnected2d(3, 4, 5, padding=2),
        (3, 8, 8),
    ),
    (MaxPool2d(2), core.MaxPool2d(2), (3, 8, 8)),
]


@pytest.mark.parametrize(("layer", "counted", "shape"), COUNTED)
def test_parameters_are_those_that_our_core_counts(
    layer: Any, counted: Any, shape: tuple[int, ...]
) -> None:
    placed = counted.on(*shape)
    assert Network((layer,)).parameters == placed.parameters
    x = np.zeros((1, *shape))
    y, _ = layer.forward(layer.initial(np.random.default_rng(0)), x)
    assert y.shape[1:] == tuple(map(int, placed.output_shape))


def test_weights_begin_with_the_variance_that_keeps_activations_alive() -> None:
    rng = np.random.default_rng(9)
    for layer, fan_in in (
        (Linear(300, 200), 300),
        (Conv2d(16, 200, 5), 400),
        (LocallyConnected2d(16, 8, (12, 12), 5), 400),
    ):
        weight, bias = layer.initial(rng)
        assert weight.mean() == pytest.approx(0, abs=0.002)
        assert weight.var() == pytest.approx(2 / fan_in, rel=0.02)
        assert not bias.any()


@pytest.mark.parametrize("size", [(4, 9), (9, 4)])
def test_a_kernel_larger_than_the_image_is_refused(size: tuple[int, int]) -> None:
    layer = Conv2d(1, 1, 5)
    message = re.escape(f"a kernel of (5, 5) exceeds images of {size}, padding included")
    with pytest.raises(ValueError, match=message):
        layer.forward(layer.initial(np.random.default_rng(0)), np.zeros((1, 1, *size)))


def test_circular_padding_wider_than_the_image_is_refused() -> None:
    layer = Conv2d(1, 1, 7, padding=3, padding_mode="circular")
    message = re.escape("circular padding of 3 exceeds images of (2, 5)")
    with pytest.raises(ValueError, match=message):
        layer.forward(layer.initial(np.random.default_rng(0)), np.zeros((1, 1, 2, 5)))


# -- against PyTorch, where it is installed


@pytest.mark.parametrize(
    "layer",
    [
        Conv2d(3, 4, 3, stride=2, padding=1),
        Conv2d(3, 4, 3, padding=1, padding_mode="circular"),
        Linear(3 * 6 * 8, 5),
        MaxPool2d(3, stride=2),
        ReLU(),
    ],
    ids=str,
)
def test_outputs_and_gradients_are_pytorchs(layer: Any) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(10)
    weights = tuple(rng.normal(size=weight.shape) for weight in layer.initial(rng))
    x = rng.normal(size=SHAPE)
    theirs = torch_layer(torch, layer, weights)
    there = torch.tensor(x, requires_grad=True)
    out = theirs(there.flatten(1) if isinstance(layer, Linear) else there)
    y, pullback = layer.forward(weights, x)
    assert np.allclose(y, out.detach().numpy())
    upstream = rng.normal(size=y.shape)
    out.backward(torch.tensor(upstream))
    of_x, of_weights = pullback(upstream)
    assert np.allclose(of_x, there.grad.numpy())
    for gradient, parameter in zip(of_weights, theirs.parameters(), strict=True):
        assert np.allclose(gradient.ravel(), parameter.grad.numpy().ravel())


def torch_layer(torch: Any, layer: Any, weights: Any) -> Any:
    match layer:
        case Conv2d():
            made = torch.nn.Conv2d(
                layer.in_channels,
                layer.out_channels,
                layer.kernel_size,
                layer.stride,
                layer.padding,
                padding_mode=layer.padding_mode,
            )
        case Linear():
            made = torch.nn.Linear(layer.in_features, layer.out_features)
        case MaxPool2d():
            made = torch.nn.MaxPool2d(layer.kernel_size, layer.stride)
        case _:
            made = torch.nn.ReLU()
    made = made.double()
    with torch.no_grad():
        for parameter, weight in zip(made.parameters(), weights, strict=True):
            parameter.copy_(torch.tensor(weight).reshape(parameter.shape))
    return made
