from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import optimize, signal, special

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.descent import (
    LOGISTIC,
    SQUARED_ERROR,
    VERTICAL_EDGE,
    Cost,
    Loss,
    descend,
    equations,
    learn,
    noise,
)
from mkdocs_cnn.arrays.gradients import gradients, shared_gradient, unshared_gradient

CASES = 100


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


# -- the gradient of a shared weight


def locally_connected(x: Any, weight: Any) -> Any:
    """A layer without padding whose weights are `(out, rows, columns, in, height, width)`."""
    _, rows, columns, _, height, width = weight.shape
    out = [
        [
            np.tensordot(x[:, :, r : r + height, c : c + width], weight[:, r, c], ([1, 2, 3],) * 2)
            for c in range(columns)
        ]
        for r in range(rows)
    ]
    return np.array(out).transpose(2, 3, 0, 1)


def upstream_for(case: Any, seed: int) -> Any:
    shape = tuple(map(int, case.placed.output_shape))
    return rng(seed).integers(-9, 10, (2, *shape))


@pytest.mark.parametrize("seed", range(CASES))
def test_the_parts_add_up_to_the_gradient_of_the_shared_weights(
    random_case: Callable[[int], Any], seed: int
) -> None:
    case = random_case(seed)
    x, upstream = rng(seed).integers(-9, 10, (2, *case.x.shape)), upstream_for(case, seed)
    parts = unshared_gradient(x, case.weight, upstream, **case.given)
    shared = shared_gradient(parts)
    assert parts.shape == (*upstream.shape[1:], *case.weight.shape[1:])
    assert parts.dtype == shared.dtype == np.int64
    assert np.array_equal(shared, gradients(x, case.weight, upstream, **case.given).weight)
    # The sum of upstream times output is linear in each weight: a step of 1 measures it exactly.
    for at in np.ndindex(case.weight.shape):
        step = np.zeros_like(case.weight)
        step[at] = 1
        assert shared[at] == (upstream * cross_correlate2d(x, step, **case.given)).sum()


@pytest.mark.parametrize("seed", range(CASES))
def test_a_part_is_what_goes_in_at_its_position_times_what_comes_from_upstream(
    random_case: Callable[[int], Any], seed: int
) -> None:
    case = random_case(seed)
    upstream = upstream_for(case, seed)[0]
    parts = unshared_gradient(case.x, case.weight, upstream, **case.given)
    layer, (down, across) = case.placed.layer, case.placed.axes
    per_group, depth = layer.out_channels // layer.groups, case.weight.shape[1]
    for o, row, column, channel, i, j in np.ndindex(parts.shape):
        rows, columns = dict(down.taps(row)), dict(across.taps(column))
        inside = i in rows and j in columns
        into = o // per_group * depth + channel
        read = case.x[into, rows[i], columns[j]] if inside else 0
        assert parts[o, row, column, channel, i, j] == upstream[o, row, column] * read


def test_the_parts_are_the_gradient_of_a_locally_connected_layer() -> None:
    x, upstream = rng(1).standard_normal((3, 2, 6, 5)), rng(2).standard_normal((3, 4, 4, 4))
    weight = rng(3).standard_normal((4, 4, 4, 2, 3, 2))
    parts = unshared_gradient(x, weight[:, 0, 0], upstream)
    for seed in range(20):
        direction = rng(seed).standard_normal(weight.shape)
        ahead, behind = (
            (upstream * locally_connected(x, weight + by * direction)).sum() for by in (1e-3, -1e-3)
        )
        assert (parts * direction).sum() == pytest.approx((ahead - behind) / 2e-3, rel=1e-6)


def test_a_kernel_at_all_positions_is_a_locally_connected_layer_with_equal_weights() -> None:
    x, kernel = rng(1).standard_normal((3, 2, 6, 5)), rng(2).standard_normal((4, 2, 3, 2))
    weight = np.broadcast_to(kernel[:, None, None], (4, 4, 4, 2, 3, 2))
    np.testing.assert_allclose(locally_connected(x, weight), cross_correlate2d(x, kernel))


def test_the_parts_are_those_of_pytorch() -> None:
    torch = pytest.importorskip("torch")
    x, upstream = rng(1).standard_normal((3, 2, 6, 5)), rng(2).standard_normal((3, 4, 4, 4))
    own = torch.zeros((4, 16, 2 * 3 * 2), dtype=torch.float64, requires_grad=True)
    columns = torch.nn.functional.unfold(torch.tensor(x), (3, 2))
    out = torch.einsum("opt,ntp->nop", own, columns)
    (out.reshape(upstream.shape) * torch.tensor(upstream)).sum().backward()
    parts = unshared_gradient(x, np.empty((4, 2, 3, 2)), upstream)
    np.testing.assert_allclose(parts, own.grad.reshape(4, 4, 4, 2, 3, 2), rtol=1e-12)


def test_the_gradient_of_integers_is_exact_beyond_64_bits() -> None:
    x, upstream = np.full((2, 1, 1, 4), 2**31), np.full((2, 1, 1, 3), -(2**31))
    parts = unshared_gradient(x, [[[[0, 0]]]], upstream)
    assert parts.ravel().tolist() == [-2 * 2**62] * 6
    assert shared_gradient(parts).ravel().tolist() == [-6 * 2**62] * 2


def test_bytes_do_not_wrap() -> None:
    parts = unshared_gradient(
        np.full((1, 2, 2), 200, np.uint8), [[[[1]]]], np.full((1, 2, 2), 100, np.int8)
    )
    assert parts.ravel().tolist() == [20_000] * 4


@pytest.mark.parametrize(
    ("upstream", "message"),
    [
        (
            np.zeros((1, 3, 3)),
            "upstream must have the shape of the output (1, 2, 3), not (1, 3, 3)",
        ),
        (
            np.zeros((1, 1, 2, 3)),
            "upstream must have the shape of the output (1, 2, 3), not (1, 1, 2, 3)",
        ),
    ],
)
def test_upstream_has_the_shape_of_the_outputs(upstream: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        unshared_gradient(np.zeros((1, 4, 5)), np.zeros((1, 1, 3, 3)), upstream)


# -- the cost


def test_the_cost_is_the_mean_over_the_examples_of_the_losses_added() -> None:
    x, y = [[[[1, 2, 3]]], [[[0, 1, 0]]]], [[[[1, 2]]], [[[5, 0]]]]
    point = Cost(np.array(x), np.array(y)).at([[[[1, 1]]]])
    assert point.outputs.tolist() == [[[[3, 5]]], [[[1, 1]]]]
    assert point.cost == ((4 + 9) / 2 + (16 + 1) / 2) / 2
    assert point.upstream.tolist() == [[[[1, 1.5]]], [[[-2, 0.5]]]]
    assert point.gradient.tolist() == [[[[1 * 1 + 1.5 * 2 + 0.5, 1 * 2 + 1.5 * 3 - 2]]]]


@pytest.mark.parametrize("loss", [SQUARED_ERROR, LOGISTIC])
def test_examples_that_come_twice_change_nothing(loss: Loss) -> None:
    x, y, kernel = noise(rng(1), 3), rng(2).random((3, 2, 4, 4)), rng(3).random((2, 1, 3, 3))
    once = Cost(x, y, loss).at(kernel)
    twice = Cost(np.tile(x, (2, 1, 1, 1)), np.tile(y, (2, 1, 1, 1)), loss).at(kernel)
    assert twice.cost == pytest.approx(once.cost, rel=1e-12)
    np.testing.assert_allclose(twice.gradient, once.gradient, rtol=1e-12)
    assert twice.under.largest_rate == pytest.approx(once.under.largest_rate)


@pytest.mark.parametrize("loss", [SQUARED_ERROR, LOGISTIC])
def test_a_loss_has_the_slope_and_the_curvature_that_it_says(loss: Loss) -> None:
    out, y = np.linspace(-4, 4, 81), np.array([[0], [0.25], [1]])
    slopes = (loss.value(out + 1e-5, y) - loss.value(out - 1e-5, y)) / 2e-5
    np.testing.assert_allclose(loss.slope(out, y), slopes, atol=1e-9)
    curvatures = (loss.slope(out + 1e-5, y) - loss.slope(out - 1e-5, y)) / 2e-5
    assert curvatures.max() == pytest.approx(loss.curvature, rel=1e-6)


def test_the_logistic_loss_is_minus_the_logarithm_of_the_probability_however_small() -> None:
    out = np.array([-1000, -3, 0, 3, 1000])
    np.testing.assert_allclose(LOGISTIC.value(out, np.ones(5)), -special.log_expit(out))
    np.testing.assert_allclose(LOGISTIC.value(out, np.zeros(5)), -special.log_expit(-out))
    np.testing.assert_allclose(LOGISTIC.slope(out, np.ones(5)), special.expit(out) - 1, atol=1e-15)


def some_cost(loss: Loss = SQUARED_ERROR, seed: int = 1) -> Cost:
    """Three channels to two, a kernel of 2 x 3, and outputs that no kernel gives."""
    y = rng(seed).integers(0, 2, (4, 2, 4, 3))
    return Cost(rng(seed + 1).standard_normal((4, 3, 5, 5)), y, loss)


@pytest.mark.parametrize("loss", [SQUARED_ERROR, LOGISTIC])
@pytest.mark.parametrize("seed", range(10))
def test_the_gradient_is_the_slope_in_any_direction(loss: Loss, seed: int) -> None:
    cost = some_cost(loss)
    point = cost.at(rng(seed).standard_normal(cost.kernel_shape))
    direction = rng(seed + 100).standard_normal(cost.kernel_shape)
    predicted = (point.gradient * direction).sum()
    assert point.slope(direction) == pytest.approx(predicted, rel=1e-6)

    def along(step: float) -> float:
        """The cost with SciPy's correlation, and no line of ours."""
        kernel = point.kernel + step * direction
        out = np.array(
            [
                [
                    sum(map(lambda a, b: signal.correlate2d(a, b, "valid"), image, filter_))
                    for filter_ in kernel
                ]
                for image in cost.x
            ]
        )
        if loss is SQUARED_ERROR:
            return float(((out - cost.y) ** 2).sum() / 2 / 4)
        right = np.where(cost.y == 1, out, -out)
        return float(-special.log_expit(right).sum() / 4)

    assert point.cost == pytest.approx(along(0), rel=1e-12)
    measured = (along(1e-4) - along(-1e-4)) / 2e-4
    assert measured == pytest.approx(predicted, rel=1e-6)


@pytest.mark.parametrize("loss", [SQUARED_ERROR, LOGISTIC])
def test_the_gradient_of_the_cost_is_the_sum_of_its_parts(loss: Loss) -> None:
    cost = some_cost(loss)
    point = cost.at(rng(7).standard_normal(cost.kernel_shape))
    assert point.unshared_gradient.shape == (2, 4, 3, 3, 2, 3)
    parts = shared_gradient(point.unshared_gradient)
    np.testing.assert_allclose(parts, point.gradient, rtol=1e-12)
    general = gradients(cost.x, point.kernel, point.upstream).weight
    np.testing.assert_allclose(general, point.gradient, rtol=1e-12)
    np.testing.assert_allclose(point.outputs, cross_correlate2d(cost.x, point.kernel), rtol=1e-12)


@pytest.mark.parametrize("loss", [SQUARED_ERROR, LOGISTIC])
def test_cost_and_gradient_are_those_of_pytorch(loss: Loss) -> None:
    torch = pytest.importorskip("torch")
    cost = some_cost(loss)
    kernel = torch.tensor(rng(3).standard_normal(cost.kernel_shape), requires_grad=True)
    out, y = torch.nn.functional.conv2d(torch.tensor(cost.x), kernel), torch.tensor(cost.y)
    theirs = {
        id(SQUARED_ERROR): lambda: torch.nn.functional.mse_loss(out, y, reduction="sum") / 2,
        id(LOGISTIC): lambda: torch.nn.functional.binary_cross_entropy_with_logits(
            out, y, reduction="sum"
        ),
    }[id(loss)]() / 4
    theirs.backward()
    point = cost.at(kernel.detach().numpy().copy())
    assert point.cost == pytest.approx(theirs.item(), rel=1e-12)
    np.testing.assert_allclose(point.gradient, kernel.grad, rtol=1e-10, atol=1e-14)


def test_each_output_is_an_equation_in_the_taps() -> None:
    x, kernel = rng(1).integers(-9, 10, (3, 2, 5, 6)), rng(2).integers(-9, 10, (1, 2, 2, 3))
    rows = equations(x, kernel.shape)
    assert rows.shape == (3, 4 * 4, 2 * 2 * 3)
    assert np.array_equal(rows @ kernel.ravel(), cross_correlate2d(x, kernel).reshape(3, 16))


def test_the_curvature_is_how_fast_the_gradient_changes() -> None:
    cost = some_cost()
    kernel, taps = rng(1).standard_normal(cost.kernel_shape), 3 * 2 * 3
    columns = []
    for at in range(taps):
        step = np.zeros((2, taps))
        step[0, at] = 1
        step = step.reshape(cost.kernel_shape)
        change = cost.at(kernel + step).gradient - cost.at(kernel - step).gradient
        columns.append(change[0].ravel() / 2)
        assert np.abs(change[1]).max() < 1e-12  # each filter for itself
    np.testing.assert_allclose(cost.curvature, np.array(columns).T, atol=1e-12)


def test_a_kernel_that_was_looked_at_does_not_change_any_more() -> None:
    kernel = np.zeros((1, 1, 3, 3))
    point = Cost(noise(rng(1), 1), np.zeros((1, 1, 4, 4))).at(kernel)
    with pytest.raises(ValueError, match="read-only"):
        point.kernel[0, 0, 0, 0] = 1
    kernel[0, 0, 0, 0] = 1  # the caller's own is the caller's
    assert not point.kernel.any()


SHAPES = (
    "x and y must be (m, channels, height, width) with the same m, at least 1, and "
    "outputs no larger than the inputs, not "
)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ((2, 1, 6, 6), (3, 1, 4, 4)),
        ((0, 1, 6, 6), (0, 1, 4, 4)),
        ((2, 1, 6, 6), (2, 1, 7, 4)),
        ((2, 1, 6, 6), (2, 1, 4, 7)),
        ((2, 1, 6, 6), (2, 0, 4, 4)),
        ((2, 6, 6), (2, 4, 4)),
        ((2, 1, 6, 6), (2, 16)),
    ],
)
def test_examples_that_do_not_fit_are_refused(x: tuple[int, ...], y: tuple[int, ...]) -> None:
    message = f"{SHAPES}x {x} and y {y}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        Cost(np.zeros(x), np.zeros(y))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: some_cost().at(np.zeros((2, 3, 3, 3))),
            ValueError,
            "kernel must have shape (2, 3, 2, 3), not (2, 3, 3, 3)",
        ),
        (
            lambda: learn(np.zeros((2, 1, 6, 6))),
            ValueError,
            "x must not be 0 everywhere (shape (2, 1, 6, 6))",
        ),
        (lambda: learn(noise(rng(1), 1), steps=-1), ValueError, "steps must be at least 0, not -1"),
        (
            lambda: learn(noise(rng(1), 1), steps=1.5),  # type: ignore[arg-type]
            TypeError,
            "steps must be an integer, not float 1.5",
        ),
        (
            lambda: Cost(np.array([[[["a"]]]]), np.zeros((1, 1, 1, 1))),
            TypeError,
            "x must hold numbers, not dtype <U1",
        ),
    ],
)
def test_what_cannot_be_learned_from_is_refused(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


# -- descent


def off(point: Any, wanted: Any) -> float:
    return float(np.abs(point.kernel - wanted).max())


@pytest.mark.parametrize("seed", range(10))
def test_the_edge_detector_is_learned_from_four_images(seed: int) -> None:
    path = learn(noise(rng(seed), 4))
    assert not path[0].kernel.any()
    assert off(path[100], VERTICAL_EDGE) < 1e-3
    costs = [point.cost for point in path[:30]]
    assert costs == sorted(costs, reverse=True)


def test_the_edge_detector_is_learned_from_a_single_image() -> None:
    path = learn(noise(rng(1), 1))
    errors = [off(path[step], VERTICAL_EDGE) for step in (0, 1, 3, 10, 30, 100, 300)]
    assert errors == sorted(errors, reverse=True)
    assert errors[0] == 1
    assert errors[-2] > 1e-3 > errors[-1]


def test_bright_images_teach_more_slowly_for_one_direction_is_steep() -> None:
    bright = learn(rng(1).random((16, 1, 6, 6)))
    assert off(bright[100], VERTICAL_EDGE) > 1e-2
    assert off(bright[300], VERTICAL_EDGE) < 1e-3
    values, vectors = np.linalg.eigh(bright[0].under.curvature)
    # The kernel that adds all nine pixels up: their mean is 1/2, their variance 1/12.
    assert abs(vectors[:, -1].sum()) / 3 > 0.99
    assert values[-1] == pytest.approx(16 * (9 / 4 + 1 / 12), rel=0.05)
    dark = np.linalg.eigvalsh(learn(noise(rng(1), 16), steps=0)[0].under.curvature)
    assert values[-1] / values[0] > 10 * dark[-1] / dark[0]


@pytest.mark.parametrize("seed", range(5))
def test_any_kernel_is_learned(seed: int) -> None:
    wanted = rng(seed).integers(-3, 4, (2, 3, 2, 3))
    path = learn(rng(seed + 1).standard_normal((20, 3, 6, 6)), wanted, steps=200)
    assert off(path[-1], wanted) < 1e-6


def test_the_path_is_the_one_that_the_curvature_predicts() -> None:
    cost = some_cost()
    start, rate = rng(5).standard_normal(cost.kernel_shape), 0.7 * cost.largest_rate
    windows = equations(cost.x, cost.kernel_shape).reshape(-1, 18)
    best, *_ = np.linalg.lstsq(windows, cost.y.transpose(0, 2, 3, 1).reshape(-1, 2))
    shrinks = np.eye(18) - rate * windows.T @ windows / 4
    for n, point in enumerate(descend(cost, start, rate=rate, steps=40)):
        error = np.linalg.matrix_power(shrinks, n) @ (start.reshape(2, 18).T - best)
        np.testing.assert_allclose(point.kernel.reshape(2, 18).T, best + error, atol=1e-10)


def test_the_path_is_that_of_pytorch() -> None:
    torch = pytest.importorskip("torch")
    cost = some_cost(LOGISTIC)
    kernel = torch.zeros(cost.kernel_shape, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.SGD([kernel], lr=0.3)
    for point in descend(cost, np.zeros(cost.kernel_shape), rate=0.3, steps=20):
        np.testing.assert_allclose(point.kernel, kernel.detach().numpy(), atol=1e-12)
        optimiser.zero_grad()
        out = torch.nn.functional.conv2d(torch.tensor(cost.x), kernel)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(
            out, torch.tensor(cost.y), reduction="sum"
        )
        (loss / 4).backward()
        optimiser.step()


def test_another_loss_is_brought_down_to_where_scipy_finds_the_bottom() -> None:
    y = rng(1).random((10, 2, 4, 3))  # odds, so that no kernel can be sure of all its answers
    cost = Cost(rng(2).standard_normal((10, 3, 5, 5)), y, LOGISTIC)
    start = np.zeros(cost.kernel_shape)
    *_, last = descend(cost, start, rate=cost.largest_rate / 2, steps=200)
    found = optimize.minimize(
        lambda flat: cost.at(flat.reshape(start.shape)).cost, start.ravel(), method="BFGS"
    )
    assert last.cost == pytest.approx(found.fun, rel=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_above_the_largest_rate_descent_diverges_and_below_it_converges(seed: int) -> None:
    def error(part: float, step: int) -> float:
        return off(learn(noise(rng(seed), 4), steps=step, part=part)[-1], VERTICAL_EDGE)

    assert error(1.02, 2000) > 1e6
    assert error(0.98, 2000) < 1e-9
    assert learn(noise(rng(seed), 4), part=1.02)[-1].cost > learn(noise(rng(seed), 4))[0].cost


def test_along_the_steepest_direction_a_step_multiplies_the_error_by_1_minus_twice_the_part() -> (
    None
):
    x = noise(rng(1), 4)
    for part, factor in [(0.25, 0.5), (0.5, 0), (1, -1), (1.5, -2)]:
        path = learn(x, steps=3, part=part)
        steepest = np.linalg.eigh(path[0].under.curvature)[1][:, -1]
        errors = [(point.kernel - VERTICAL_EDGE).ravel() @ steepest for point in path]
        for before, after in itertools.pairwise(errors):
            assert after == pytest.approx(factor * before, abs=1e-12)


def test_a_history_has_a_point_for_each_step() -> None:
    assert len(learn(noise(rng(1), 1), steps=7)) == 8
    assert len(learn(noise(rng(1), 1), steps=0)) == 1


def test_a_dense_layer_which_is_a_kernel_of_the_images_size_descends_to_the_smallest_weights() -> (
    None
):
    x = noise(rng(1), 20)
    y = cross_correlate2d(x, VERTICAL_EDGE)
    cost = Cost(x, y.reshape(20, 16, 1, 1))
    assert cost.kernel_shape == (16, 1, 6, 6)
    *_, last = descend(cost, np.zeros(cost.kernel_shape), rate=cost.largest_rate / 2, steps=4000)
    flat, outputs = x.reshape(20, 36), y.reshape(20, 16)
    smallest, *_ = np.linalg.lstsq(flat, outputs)
    np.testing.assert_allclose(last.kernel.reshape(16, 36).T, smallest, atol=1e-6)
    np.testing.assert_allclose(last.outputs.reshape(20, 16), outputs, atol=1e-6)
    unseen = noise(rng(2), 100)
    wrong = unseen.reshape(100, 36) @ smallest - cross_correlate2d(unseen, VERTICAL_EDGE).reshape(
        100, 16
    )
    assert (wrong**2).mean() > 1  # of 6, were the answer always 0


def test_noise_is_normal_and_every_pixel_is_on_its_own() -> None:
    images = noise(rng(1), 4000, (3, 4))
    assert images.shape == (4000, 1, 3, 4)
    pixels = images.reshape(4000, 12)
    assert np.abs(pixels.mean(axis=0)).max() < 0.08
    np.testing.assert_allclose(np.cov(pixels.T), np.eye(12), atol=0.1)
    assert np.array_equal(images, noise(rng(1), 4000, (3, 4)))


def test_the_edge_detector_is_the_one_of_the_lesson() -> None:
    assert VERTICAL_EDGE.tolist() == [[[[1, 0, -1], [1, 0, -1], [1, 0, -1]]]]
