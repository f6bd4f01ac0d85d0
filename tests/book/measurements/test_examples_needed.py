from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.descent import VERTICAL_EDGE, noise
from mkdocs_cnn.book.measurements.examples_needed import (
    Each,
    examples_needed,
    expected_error,
    fewest_examples,
    new_image_errors,
)
from mkdocs_cnn.layers import Conv2d, MaxPool2d
from mkdocs_cnn.quantities.quantity import Quantity


def rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


# -- counted


def test_a_dense_layer_a_locally_connected_one_and_a_convolution_are_counted_alike() -> None:
    convolution = Conv2d(1, 1, kernel_size=3, bias=False).on(1, 6, 6)
    layers = (convolution.dense, convolution.unshared, convolution)
    counted = [fewest_examples(layer) for layer in layers]
    assert [number.worked for number in counted] == [
        "⌊(576 + 16 − 1) / 16⌋ = 36",
        "⌊(144 + 16 − 1) / 16⌋ = 9",
        "⌊(9 + 16 − 1) / 16⌋ = 1",
    ]
    assert {(number.formula, number.unit) for number in counted} == {
        ("⌊(N_w + n − 1) / n⌋", "example")
    }
    assert "36 · 16 = 576" in [step.worked for step in counted[0].steps]


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    ("layer", "shape", "fewest"),
    [
        (Conv2d(3, 6, kernel_size=5), (3, 32, 32), 1),  # 450 weights, 4,704 equations
        (Conv2d(1, 1, kernel_size=3), (1, 4, 4), 3),  # 9 weights, 4 equations
        (Conv2d(1, 5, kernel_size=3), (1, 4, 4), 3),
        (Conv2d(1, 1, kernel_size=3), (1, 5, 5), 1),  # 9 and 9
        (Conv2d(7, 2, kernel_size=4), (7, 4, 4), 112),
    ],
)
def test_unknowns_over_equations_are_rounded_up(
    layer: Conv2d, shape: tuple[int, ...], fewest: int, bias: bool
) -> None:
    layer = Conv2d(layer.in_channels, layer.out_channels, layer.kernel_size, bias=bias)
    assert fewest_examples(layer.on(*shape)) == fewest
    assert fewest_examples(layer.on(*shape).dense) == math.prod(shape)


def test_a_layer_without_weights_needs_no_example() -> None:
    assert fewest_examples(MaxPool2d(2).on(1, 4, 4)) == 0


# -- measured

SIZES = [(6, 6), (4, 4), (5, 5), (6, 4), (3, 7), (8, 8), (3, 3)]


@pytest.mark.parametrize("size", SIZES)
def test_as_many_examples_are_needed_as_are_counted(size: tuple[int, int]) -> None:
    needed = examples_needed(rng(1), size=size)
    positions = (size[0] - 2) * (size[1] - 2)
    expected = (size[0] * size[1], 9, math.ceil(9 / positions))
    assert tuple(each.measured for each in needed) == expected
    assert tuple(each.counted for each in needed) == expected
    for each in needed:
        assert type(each.measured) is int
        assert type(each.counted) is Quantity


@pytest.mark.parametrize("seed", range(10))
def test_which_images_they_are_does_not_matter(seed: int) -> None:
    needed = examples_needed(rng(seed))
    assert [each.measured for each in needed] == [36, 9, 1]


def test_which_kernel_it_is_does_not_matter() -> None:
    wanted = rng(1).integers(-3, 4, (2, 1, 2, 4))
    assert [each.measured for each in examples_needed(rng(2), wanted=wanted)] == [36, 8, 1]
    assert [each.measured for each in examples_needed(rng(2), wanted=wanted, size=(3, 5))] == [
        15,
        8,
        2,
    ]


def test_the_equations_of_so_many_images_have_the_rank_that_is_needed() -> None:

    x = noise(rng(1), 36)
    windows = np.lib.stride_tricks.sliding_window_view(x[:, 0], (3, 3), axis=(1, 2))
    for m in (1, 8, 9, 35, 36):
        assert np.linalg.matrix_rank(x[:m].reshape(m, 36)) == min(m, 36)
        assert np.linalg.matrix_rank(windows[:m, 2, 1].reshape(m, 9)) == min(m, 9)
        assert np.linalg.matrix_rank(windows[:m].reshape(-1, 9)) == 9


def test_the_convolution_is_exact_from_the_first_example_and_the_others_are_not() -> None:
    errors = new_image_errors(rng(1), range(1, 41))
    assert list(errors) == list(range(1, 41))
    for m, error in errors.items():
        assert error.shared < 1e-20
        assert (error.unshared < 1e-20) == (m >= 9)
        assert (error.dense < 1e-20) == (m >= 36)
    assert errors[35].dense > 1e-3
    assert errors[8].unshared > 1e-2
    assert errors[1].dense > 0.9


@pytest.mark.parametrize("seed", range(5))
def test_one_example_too_few_leaves_the_dense_layer_wrong(seed: int) -> None:
    errors = new_image_errors(rng(seed), [8, 35])
    assert errors[35].dense > 1e-3
    assert errors[8].unshared > 1e-2


def by_numpy(rows: Any, values: Any, new_rows: Any, new_values: Any) -> float:
    learned = np.linalg.lstsq(rows, values)[0]
    return float(((new_rows @ learned - new_values) ** 2).sum() / (new_values**2).sum())


@pytest.mark.parametrize("m", [1, 5, 9, 20, 36, 50])
@pytest.mark.parametrize("sigma", [0, 0.5])
def test_the_errors_are_those_of_numpys_least_squares(m: int, sigma: float) -> None:
    wanted = rng(9).standard_normal((2, 1, 2, 3))
    errors = new_image_errors(rng(1), [m], wanted=wanted, size=(5, 4), sigma=sigma, new=30)[m]
    draws = rng(1)  # the same ones, in the same order
    new_x, x = draws.standard_normal((30, 1, 5, 4)), draws.standard_normal((m, 1, 5, 4))
    new_y, y = cross_correlate2d(new_x, wanted), cross_correlate2d(x, wanted)
    y = y + sigma * draws.standard_normal(y.shape)
    flat = [array.reshape(len(array), -1) for array in (x, y, new_x, new_y)]
    assert errors.dense == pytest.approx(by_numpy(*flat), rel=1e-6, abs=1e-20)

    def windows(images: Any) -> Any:
        """`(images, rows, columns, taps)`."""
        found = np.lib.stride_tricks.sliding_window_view(images[:, 0], (2, 3), axis=(1, 2))
        return found.reshape(*found.shape[:3], 6)

    rows, values, new_rows, new_values = (
        windows(x),
        y.transpose(0, 2, 3, 1),
        windows(new_x),
        new_y.transpose(0, 2, 3, 1),
    )
    shared = by_numpy(
        rows.reshape(-1, 6),
        values.reshape(-1, 2),
        new_rows.reshape(-1, 6),
        new_values.reshape(-1, 2),
    )
    assert errors.shared == pytest.approx(shared, rel=1e-6, abs=1e-20)
    wrong = 0.0
    for row, column in np.ndindex(4, 2):
        learned = np.linalg.lstsq(rows[:, row, column], values[:, row, column])[0]
        said = new_rows[:, row, column] @ learned
        wrong += ((said - new_values[:, row, column]) ** 2).sum()
    unshared = wrong / (new_values**2).sum()
    assert errors.unshared == pytest.approx(unshared, rel=1e-6, abs=1e-20)


def test_an_error_does_not_depend_on_what_else_is_measured() -> None:
    alone, together = new_image_errors(rng(1), [7])[7], new_image_errors(rng(1), [30, 7, 2])
    assert list(together) == [30, 7, 2]
    assert together[7] == alone
    assert new_image_errors(rng(1), []) == {}


# -- expected


def mean_errors(counts: list[int], sigma: float, draws: int) -> dict[int, Each[float]]:
    found = [new_image_errors(rng(seed), counts, sigma=sigma) for seed in range(draws)]
    return {m: Each(*np.mean([errors[m] for errors in found], axis=0)) for m in counts}


def test_without_noise_every_example_takes_away_the_same_part_of_the_error() -> None:
    for m, error in mean_errors([1, 4, 8, 9, 18, 27, 35], 0, 40).items():
        assert error.dense == pytest.approx(expected_error(36, m), abs=0.03)
        assert error.unshared == pytest.approx(expected_error(9, m), abs=0.03)


def test_noise_is_averaged_out_where_equations_are_many() -> None:
    noise_ = 0.25 / 6  # of outputs whose variance is that of six pixels
    for m, error in mean_errors([18, 72], 0.5, 25).items():
        assert error.dense == pytest.approx(expected_error(36, m, noise=noise_), rel=0.1)
        assert error.unshared == pytest.approx(expected_error(9, m, noise=noise_), rel=0.2)
        assert error.shared == pytest.approx(expected_error(9, 16 * m, noise=noise_), rel=0.25)
        assert error.shared < error.unshared < error.dense


def test_as_many_equations_as_unknowns_learn_the_noise_by_heart() -> None:
    errors = mean_errors([18, 36, 72], 0.5, 10)
    assert errors[36].dense > 5 * max(errors[18].dense, errors[72].dense)


def test_the_expected_error_is_that_of_the_textbook() -> None:
    assert [expected_error(36, m) for m in (9, 18, 36, 99)] == [0.75, 0.5, 0, 0]
    assert expected_error(9, 19, noise=0.5) == 0.5 * 9 / 9
    assert expected_error(9, 4, noise=0.5) == 5 / 9 + 0.5 * 4 / 4
    assert [expected_error(9, m, noise=1) for m in (8, 9, 10)] == [math.inf] * 3
    for unknowns, m in [(3, 12), (12, 5)]:
        squares = [np.linalg.pinv(rng(s).standard_normal((m, unknowns))) for s in range(4000)]
        mean = np.mean([(square**2).sum() for square in squares])
        learned = expected_error(unknowns, m, noise=1) - expected_error(unknowns, m)
        assert learned == pytest.approx(mean, rel=0.05)


# -- refused


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: new_image_errors(rng(1), [3, 0]),
            ValueError,
            "examples must be at least 1, not 0",
        ),
        (
            lambda: new_image_errors(rng(1), [1.5]),  # type: ignore[list-item]
            TypeError,
            "examples must be an integer, not float 1.5",
        ),
        (
            lambda: examples_needed(rng(1), wanted=VERTICAL_EDGE[0]),
            ValueError,
            "weight must be (out_channels, in_channels // groups, kernel_height, kernel_width), "
            "not 3 axes: (1, 3, 3)",
        ),
        (
            lambda: examples_needed(rng(1), tolerance=0),
            ValueError,
            "no error is below the tolerance 0: the least with up to 36 examples is ",
        ),
        (
            lambda: examples_needed(rng(1), size=(2, 6)),
            ValueError,
            "kernel extent 3 exceeds padded input 2",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=re.escape(message)) as caught:
        call()
    assert str(caught.value).startswith(message)
