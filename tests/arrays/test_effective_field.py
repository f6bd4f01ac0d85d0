from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.effective_field import (
    gradient_field,
    input_gradient,
    random_filters,
    stack_kernel,
    variance,
    width,
)

# -- linear stacks


@pytest.mark.parametrize("depth", [0, 1, 2, 7, 40])
def test_two_equal_taps_make_pascals_triangle(depth: int) -> None:
    assert stack_kernel([1, 1], depth) == tuple(math.comb(depth, k) for k in range(depth + 1))


def test_a_stack_is_what_numpy_convolves() -> None:
    rng = np.random.default_rng(1)
    for _ in range(100):
        taps, depth = rng.integers(-9, 10, rng.integers(1, 5)), int(rng.integers(1, 6))
        expected = taps
        for _ in range(depth - 1):
            expected = np.convolve(expected, taps)
        assert list(stack_kernel(taps.tolist(), depth)) == expected.tolist()


def test_a_stack_counts_the_ways_through_the_layers() -> None:
    ways = [sum(steps) for steps in itertools.product(range(3), repeat=5)]
    assert list(stack_kernel([1, 1, 1], 5)) == [ways.count(end) for end in range(11)]


def test_a_stack_is_exact_beyond_64_bits() -> None:
    taps = stack_kernel([Fraction(1, 3)] * 3, 60)
    assert all(type(tap) is Fraction for tap in taps)
    assert sum(taps) == 1
    assert max(stack_kernel([1, 1, 1], 60)) > 2**64


@pytest.mark.parametrize("depth", [1, 2, 5, 10, 40])
def test_three_equal_taps_have_variance_two_thirds_of_the_depth(depth: int) -> None:
    taps = stack_kernel([1, 1, 1], depth)
    assert variance(taps) == Fraction(2 * depth, 3)
    assert len(taps) == 2 * depth + 1


def test_variances_of_stacked_layers_add() -> None:
    rng = np.random.default_rng(2)
    for _ in range(100):
        taps, depth = rng.integers(1, 10, rng.integers(1, 6)).tolist(), int(rng.integers(1, 9))
        assert variance(stack_kernel(taps, depth)) == depth * variance(taps)


def test_variance_is_that_of_the_positions_drawn_by_weight() -> None:
    taps = [1, 4, 0, 3]
    drawn = [at for at, times in enumerate(taps) for _ in range(times)]
    assert float(variance(taps)) == pytest.approx(np.var(drawn))
    assert variance([Fraction(1, 2), Fraction(1, 2)]) == Fraction(1, 4)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: stack_kernel([], 2), ValueError, "kernel must have at least 1 tap, not 0"),
        (lambda: stack_kernel([1], -1), ValueError, "depth must be at least 0, not -1"),
        (lambda: stack_kernel([1], 2.0), TypeError, "depth must be an integer, not float 2.0"),
        (
            lambda: stack_kernel([1, 0.5], 2),
            TypeError,
            "kernel must be integers or fractions, not float 0.5",
        ),
        (
            lambda: variance([True, 1]),
            TypeError,
            "taps must be integers or fractions, not bool True",
        ),
        (
            lambda: variance([2, -1]),
            ValueError,
            "taps must be at least 0 and not all 0, not [2, -1]",
        ),
        (lambda: variance([0, 0]), ValueError, "taps must be at least 0 and not all 0, not [0, 0]"),
    ],
)
def test_what_is_no_exact_kernel_is_refused(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


# -- how wide a field is


@pytest.mark.parametrize("depth", [1, 5, 10, 20, 40])
def test_the_width_of_a_linear_stack_is_the_root_of_its_variance(depth: int) -> None:
    assert width(stack_kernel([1, 1, 1], depth)) == pytest.approx(math.sqrt(2 * depth / 3))


def test_a_map_has_a_width_along_each_axis() -> None:
    down, across = np.array([1, 2, 1]), np.array([0, 1, 0, 0, 1])
    field = 7 * np.outer(down, across)
    assert width(field, axis=0) == pytest.approx(math.sqrt(1 / 2))
    assert width(field) == width(field, axis=1) == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("field", "given", "error", "message"),
    [
        ([1, -1, 1], {}, ValueError, "field must be at least 0 everywhere and more than 0 som"),
        ([0, 0], {}, ValueError, "field must be at least 0 everywhere and more than 0 somewhere"),
        ([], {}, ValueError, "field must be at least 0 everywhere and more than 0 somewhere"),
        ([math.nan, 1], {}, ValueError, "field must be at least 0 everywhere and more than 0 "),
        ([1, 2], {"axis": 1}, ValueError, "field has no axis 1: it has 1 (shape (2,))"),
        ([1, 2], {"axis": -2}, ValueError, "field has no axis -2: it has 1 (shape (2,))"),
        (["a"], {}, TypeError, "field must hold numbers, not dtype <U1"),
    ],
)
def test_what_is_no_field_is_refused(
    field: Any,
    given: dict[str, int],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error) as caught:
        width(field, **given)
    assert str(caught.value).startswith(message)


# -- the gradient


def output(filters: list[Any], x: Any) -> float:
    """The network written out: ReLUs between the convolutions, and what comes out added."""
    for weight in filters[:-1]:
        x = np.maximum(cross_correlate2d(x, weight), 0)
    return float(cross_correlate2d(x, filters[-1]).sum())


@pytest.mark.parametrize(
    ("shapes", "size"),
    [
        ([(1, 1, 3, 3)], (1, 3, 3)),
        ([(4, 2, 3, 3), (1, 4, 3, 3)], (2, 5, 5)),
        ([(4, 1, 2, 3), (5, 4, 3, 1), (2, 5, 1, 2)], (1, 6, 7)),
    ],
)
def test_the_gradient_is_the_quotient_of_small_differences(
    shapes: list[tuple[int, ...]], size: tuple[int, ...]
) -> None:
    rng = np.random.default_rng(3)
    filters, x = [rng.standard_normal(shape) for shape in shapes], rng.standard_normal(size)
    gradient = input_gradient(filters, x)
    assert gradient.shape == size
    for at in np.ndindex(size):
        step = np.zeros(size)
        step[at] = 1e-6  # far smaller than what would open or close a ReLU here
        quotient = (output(filters, x + step) - output(filters, x - step)) / 2e-6
        assert gradient[at] == pytest.approx(quotient, abs=1e-6)


@pytest.mark.parametrize(("depth", "kernel_size"), [(1, 3), (2, 5), (7, 3), (12, 2)])
def test_the_gradient_is_that_of_pytorch(depth: int, kernel_size: int) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(depth)
    filters = random_filters(depth, 6, rng, kernel_size=kernel_size)
    size = depth * (kernel_size - 1) + 1
    x = torch.tensor(rng.standard_normal((1, size, size)), requires_grad=True)
    y = x
    for weight in filters[:-1]:
        y = torch.relu(torch.nn.functional.conv2d(y, torch.tensor(weight)))
    y = torch.nn.functional.conv2d(y, torch.tensor(filters[-1]))
    assert y.shape == (1, 1, 1)
    y.sum().backward()
    assert x.grad.any()
    np.testing.assert_allclose(input_gradient(filters, x.detach().numpy()), x.grad, atol=1e-12)


def test_where_every_relu_is_open_the_gradient_is_the_linear_stack() -> None:
    taps = np.array([1, 2, 4])
    gradient = input_gradient([np.outer(taps, taps)[None, None]] * 5, np.ones((1, 11, 11), int))
    stack = [int(tap) for tap in stack_kernel(taps.tolist(), 5)]
    assert np.array_equal(gradient[0], np.outer(stack, stack))


def test_where_every_relu_is_closed_there_is_no_gradient() -> None:
    filters = [-np.ones((1, 1, 3, 3))] * 2
    assert not input_gradient(filters, np.ones((1, 5, 5))).any()


def test_weights_are_as_he_and_others_draw_them() -> None:
    filters = random_filters(4, 32, np.random.default_rng(4), kernel_size=5)
    shapes = [(32, 1, 5, 5), (32, 32, 5, 5), (32, 32, 5, 5), (1, 32, 5, 5)]
    assert [weight.shape for weight in filters] == shapes
    for weight in filters:
        assert weight.mean() == pytest.approx(0, abs=4 * math.sqrt(weight.var() / weight.size))
        assert weight.var() == pytest.approx(2 / math.prod(weight.shape[1:]), rel=0.2)
    assert [weight.shape for weight in random_filters(1, 9, np.random.default_rng(4))] == [
        (1, 1, 3, 3)
    ]


# -- the field of random networks

DEPTHS = (5, 10, 20, 40)


@pytest.fixture(scope="module")
def fields() -> dict[int, Any]:
    return {depth: gradient_field(depth, 8, np.random.default_rng(depth)) for depth in DEPTHS}


def test_a_field_is_the_parts_of_the_gradient(fields: dict[int, Any]) -> None:
    for depth, field in fields.items():
        assert field.shape == (2 * depth + 1, 2 * depth + 1)
        assert field.min() >= 0
        assert field.sum() == pytest.approx(1)


def test_a_field_is_as_wide_as_the_root_of_the_linear_stack(fields: dict[int, Any]) -> None:
    for depth, field in fields.items():
        by_chance = np.sqrt(np.array(stack_kernel([1, 1, 1], depth), float))
        for axis in (0, 1):
            assert width(field, axis=axis) == pytest.approx(width(by_chance), rel=0.1)


def test_the_width_grows_with_the_root_of_the_depth_and_not_with_the_depth(
    fields: dict[int, Any],
) -> None:
    widths = [(width(field, axis=0) + width(field, axis=1)) / 2 for field in fields.values()]
    exponent = np.polyfit(np.log(DEPTHS), np.log(widths), 1)[0]
    assert 0.45 < exponent < 0.6  # the root is 0.5, in proportion would be 1
    for narrow, wide in itertools.pairwise(widths):
        assert 1.25 < wide / narrow < 1.65  # √2, not 2


def test_a_field_is_the_mean_over_networks_each_with_noise_of_its_own() -> None:
    rng, again = np.random.default_rng(6), np.random.default_rng(6)
    single = [gradient_field(3, 4, rng, draws=1, kernel_size=2) for _ in range(5)]
    together = gradient_field(3, 4, again, draws=5, kernel_size=2)
    np.testing.assert_allclose(together, np.mean(single, axis=0), rtol=1e-12)
    assert together.shape == (4, 4)
    assert not np.allclose(single[0], single[1])


def is_dead(seed: int) -> bool:
    """Whether the one ReLU of a network of one pixel is closed."""
    rng = np.random.default_rng(seed)
    first, _ = random_filters(2, 1, rng, kernel_size=1)
    return (first.item() * rng.standard_normal()) <= 0


def test_a_dead_network_has_no_say() -> None:
    seeds = range(20)
    dead = [seed for seed in seeds if is_dead(seed)]
    assert 0 < len(dead) < len(seeds)
    for seed in dead:
        with pytest.raises(ValueError, match=r"^no gradient reaches the input: every ReLU is clo"):
            gradient_field(2, 1, np.random.default_rng(seed), kernel_size=1, draws=1)
    for seed in set(seeds) - set(dead):
        assert gradient_field(2, 1, np.random.default_rng(seed), kernel_size=1, draws=1) == 1
    mixed = gradient_field(2, 1, np.random.default_rng(1), kernel_size=1, draws=20)
    assert mixed.tolist() == [[1]]


@pytest.mark.parametrize("name", ["depth", "channels", "kernel_size", "draws"])
def test_a_number_that_counts_nothing_is_refused(name: str) -> None:
    given: dict[str, Any] = {"depth": 2, "channels": 2, "kernel_size": 3, "draws": 1, name: 0}
    with pytest.raises(ValueError, match=f"^{name} must be at least 1, not 0$"):
        gradient_field(rng=np.random.default_rng(1), **given)
    given[name] = 1.5
    with pytest.raises(TypeError, match=rf"^{name} must be an integer, not float 1\.5$"):
        gradient_field(rng=np.random.default_rng(1), **given)
