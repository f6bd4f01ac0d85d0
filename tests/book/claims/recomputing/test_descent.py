from fractions import Fraction

import numpy as np
import pytest

from mkdocs_cnn.arrays.descent import Cost, descend
from mkdocs_cnn.book.claims.recomputing.descent import (
    IMAGES,
    START,
    WANTED,
    cost,
    errors,
    kernel_after,
    losses,
    outputs,
    slope,
    slope_by_differences,
)

# By hand: the kernel (a, b) makes of the first image (2a, 0), of the second (2b, 2a).
KERNELS = [(0, 0), (1, -1), (1, Fraction(-1, 2)), (-3, 5), (4, -2)]


@pytest.mark.parametrize(("a", "b"), KERNELS)
def test_outputs_and_errors_are_those_by_hand(a, b):
    assert [outputs(image, (a, b)) for image in IMAGES] == [(2 * a, 0), (2 * b, 2 * a)]
    assert errors((a, b)) == ((2 * a - 2, 0), (2 * b + 2, 2 * a - 2))


@pytest.mark.parametrize(("a", "b"), KERNELS)
def test_the_cost_is_the_mean_loss_by_hand(a, b):
    first, second = 2 * (a - 1) ** 2, 2 * (a - 1) ** 2 + 2 * (b + 1) ** 2
    assert losses((a, b)) == (first, second)
    assert cost((a, b)) == Fraction(first + second) / 2


@pytest.mark.parametrize(("a", "b"), KERNELS)
def test_the_slope_is_the_derivative_by_hand_and_by_differences(a, b):
    by_hand = [4 * (a - 1), 2 * (b + 1)]
    assert [slope((a, b), tap) for tap in (0, 1)] == by_hand
    assert [slope_by_differences((a, b), tap) for tap in (0, 1)] == by_hand


def test_the_kernel_that_is_wanted_costs_nothing():
    assert cost(WANTED) == slope(WANTED, 0) == slope(WANTED, 1) == 0


def test_descent_goes_where_it_goes_by_hand():
    assert [kernel_after(steps) for steps in (0, 1, 2)] == [
        (0, 0),
        (1, Fraction(-1, 2)),
        (1, Fraction(-3, 4)),
    ]
    assert kernel_after(1, rate=Fraction(1)) == (4, -2)


def test_it_is_the_descent_of_the_chapter_on_learning():
    images = np.array(IMAGES)[:, None, None]
    wanted = np.array([[2, 0], [-2, 2]])[:, None, None]
    path = descend(Cost(images, wanted), np.zeros((1, 1, 1, 2)), rate=0.25, steps=5)
    for steps, point in enumerate(path):
        assert point.kernel.ravel().tolist() == [float(weight) for weight in kernel_after(steps)]
        assert point.cost == float(cost(kernel_after(steps)))


def test_the_working_shows_the_sum_over_all_places():
    assert cost(START).worked == "(2 + 4) / 2 = 3"
    assert slope(START, 0).worked == "(−2 · 2 + (−2) · 2) / 2 = −4"
    assert slope_by_differences(START, 0).worked == "(1 − 9) / 2 = −4"
