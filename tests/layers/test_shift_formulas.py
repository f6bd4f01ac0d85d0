from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import binary_dilation
from scipy.signal import correlate2d

from mkdocs_cnn.layers.shift_formulas import (
    nearest_shift,
    output_shift,
    share_of_maxima_kept,
    share_that_differs,
    share_that_sees_padding,
)

NUMPY_PAD: Any = {"zeros": "constant", "circular": "wrap", "reflect": "reflect", "edge": "edge"}

# -- strides


def test_an_edge_at_10_20_moves_by_5_3_to_15_23_and_with_stride_2_by_a_half() -> None:
    assert [
        place + step for place, step in zip((10, 20), output_shift((5, 3), 1), strict=True)
    ] == [
        15,
        23,
    ]
    assert output_shift((5, 3), 2) == (Fraction(5, 2), Fraction(3, 2))
    assert output_shift((-4, 6), (4, 2)) == (-1, 3)
    assert output_shift((5, 3), 2)[0].worked == "5 / 2 = 2.5"


def test_the_nearest_shift_is_as_near_as_any() -> None:
    for step, stride in itertools.product(range(-12, 13), range(1, 6)):
        found = nearest_shift((step, 0), stride)[0]
        far = [abs(Fraction(step, stride) - other) for other in range(-13, 14)]
        assert abs(Fraction(step, stride) - found) == min(far)
    assert nearest_shift((1, -1), 2) == (0, -1)
    assert nearest_shift((2, -2), 4) == (0, -1)


# -- borders


@pytest.mark.parametrize(
    ("depth", "by_hand"),
    [(1, "31/256"), (2, "15/64"), (4, "7/16"), (8, "3/4"), (16, "1"), (17, "1")],
)
def test_the_border_grows_with_depth_until_nothing_is_left(depth: int, by_hand: str) -> None:
    share = share_that_sees_padding(32, 3, depth=depth)
    assert share == Fraction(by_hand) == 1 - max(1 - Fraction(2 * depth, 32), 0) ** 2


def test_the_border_is_told_with_its_working() -> None:
    share = share_that_sees_padding(32, 3, depth=4)
    assert share.worked == "1 − (1 − 2 · 4 / 32)^2 = 0.4375"
    assert share.formula == "1 − (1 − 2 r / n)^2"
    assert share.steps[0].worked == "4 · ⌊3 / 2⌋ = 4"
    across = share_that_sees_padding((280, 320), 5, depth=2)
    assert across.worked.startswith("1 − (1 − 2 · 4 / 280) · (1 − 2 · 4 / 320) = ")


def test_the_border_is_what_a_stain_reaches_layer_by_layer() -> None:
    sizes, kernels, depths = (1, 2, 5, 8, 13), (1, 3, 5), (1, 2, 3, 6)
    for height, width, kernel, depth in itertools.product(sizes, sizes, kernels, depths):
        stained = np.zeros((height, width), bool)
        window = np.ones((kernel, kernel), bool)
        stained = binary_dilation(stained, window, iterations=depth, border_value=1)
        share = share_that_sees_padding((height, width), kernel, depth=depth)
        assert share == Fraction(int(stained.sum()), height * width)


def test_one_shift_along_an_axis_of_32_breaks_3_of_32_and_a_longer_one_4() -> None:
    for away in (1, 31, -1, 33):
        assert share_that_differs(32, 3, (0, away)) == Fraction(3, 32)
    for away in (2, 3, 16, 30, -2):
        assert share_that_differs(32, 3, (away, 0)) == Fraction(4, 32)
    for none in (0, 32, -64):
        assert share_that_differs(32, 3, (none, none)) == 0
    assert share_that_differs(32, 3, (2, 2)) == 1 - Fraction(28, 32) ** 2
    assert share_that_differs(32, 3, (0, 2), padding_mode="circular") == 0


def test_the_working_shows_both_borders() -> None:
    assert share_that_differs(32, 3, (0, 2)).formula == "(2 r + 2 r) / n"
    for by, depth, worked in [
        ((0, 2), 1, "(2 · 1 + 2 · 1) / 32 = "),
        ((1, 0), 1, "(2 · 1 + 1) / 32 = "),
        ((0, 5), 4, "(2 · 4 + 5) / 32 = "),
        ((1, 2), 1, "1 − (1 − (2 · 1 + 1) / 32) · (1 − (2 · 1 + 2 · 1) / 32) = "),
    ]:
        assert share_that_differs(32, 3, by, depth=depth).worked.startswith(worked)


def generic_layers(
    rng: np.random.Generator, kernel: int, stride: int, depth: int, mode: str
) -> Any:
    """Linear layers along the first axis, of large whole weights: nothing is equal by chance."""
    weights = [[int(tap) for tap in rng.integers(1, 10**6, kernel)] for _ in range(depth)]

    def layers(x: Any) -> Any:
        for taps in weights:
            size, around = len(x), kernel // 2
            padded = np.pad(x, [(around, around), (0, 0)], NUMPY_PAD[mode])
            reads = (padded[at : at + kernel] for at in range(0, size, stride))
            x = np.array(
                [sum(w * row for w, row in zip(taps, rows, strict=True)) for rows in reads]
            )
        return x

    return layers


@pytest.mark.parametrize("mode", NUMPY_PAD)
@pytest.mark.parametrize(("stride", "depth"), [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1)])
def test_two_matrices_differ_in_as_many_rows_as_predicted(
    mode: str, stride: int, depth: int
) -> None:
    rng = np.random.default_rng(depth)
    jump = stride**depth
    for size, kernel in itertools.product((3, 4, 5, 6, 8, 9, 12), (1, 3, 5, 7)):
        if size % jump:
            continue
        layers = generic_layers(rng, kernel, stride, depth, mode)
        pixels = np.eye(size, dtype=int).astype(object)  # the images of one pixel each: a matrix
        last = layers(pixels)
        for steps in range(-size, size + 1):
            first = layers(np.roll(pixels, steps, 0))
            nearest = np.roll(last, nearest_shift((0, steps), jump)[1], 0)
            rows = (first != nearest).any(axis=1)
            share = share_that_differs(
                size, kernel, (0, steps), depth=depth, stride=stride, padding_mode=mode
            )
            assert share == Fraction(int(rows.sum()), len(rows)), (size, kernel, steps)


def test_off_the_grid_of_the_stride_every_row_differs_from_every_whole_shift() -> None:
    rng = np.random.default_rng(9)
    layers = generic_layers(rng, 3, 2, 1, "circular")
    pixels = np.eye(12, dtype=int).astype(object)
    first, last = layers(np.roll(pixels, 3, 0)), layers(pixels)
    for whole in range(6):
        assert (first != np.roll(last, whole, 0)).any(axis=1).all()
    assert share_that_differs(12, 3, (3, 0), stride=2, padding_mode="circular") == 1


@pytest.mark.parametrize("mode", ["zeros", "reflect", "edge"])
def test_diagonal_shifts_break_a_frame_that_scipy_finds_too(mode: str) -> None:
    rng = np.random.default_rng(3)
    for height, width, kernel in [(6, 9, 3), (9, 7, 5), (8, 8, 3), (5, 12, 1)]:
        image = rng.integers(0, 2**20, (height, width))
        weight = rng.integers(1, 2**10, (kernel, kernel))

        def layer(x: Any, weight: Any = weight, around: int = kernel // 2) -> Any:
            return correlate2d(np.pad(x, around, NUMPY_PAD[mode]), weight, "valid")

        for by in itertools.product(range(-3, 4), range(-4, 5)):
            differ = layer(np.roll(image, by, (0, 1))) != np.roll(layer(image), by, (0, 1))
            share = share_that_differs((height, width), kernel, by, padding_mode=mode)
            assert share == Fraction(int(differ.sum()), height * width), (height, width, kernel, by)


# -- maxima


@pytest.mark.parametrize(
    ("kernel", "by", "by_hand"),
    [
        ((2, 2), (0, 1), Fraction(1, 3)),
        ((2, 2), (-1, 0), Fraction(1, 3)),
        ((2, 2), (1, 1), Fraction(1, 7)),
        ((1, 3), (0, 1), Fraction(1, 2)),
        ((2, 1), (1, 0), Fraction(1, 3)),
        ((2, 2), (0, 0), Fraction(1)),
        ((2, 2), (0, 2), Fraction(0)),
        ((1, 2), (0, 5), Fraction(0)),
    ],
)
def test_a_maximum_stays_in_the_orders_in_which_the_largest_pixel_is_shared(
    kernel: tuple[int, int], by: tuple[int, int], by_hand: Fraction
) -> None:
    window = set(itertools.product(range(kernel[0]), range(kernel[1])))
    moved = {(row + by[0], column + by[1]) for row, column in window}
    pixels = sorted(window | moved)
    orders = [
        dict(zip(pixels, order, strict=True))
        for order in itertools.permutations(range(len(pixels)))
    ]
    stay = sum(
        max(value[at] for at in window) == max(value[at] for at in moved) for value in orders
    )
    assert share_of_maxima_kept(kernel, by) == Fraction(stay, len(orders)) == by_hand


def test_a_third_is_told_with_its_working() -> None:
    third = share_of_maxima_kept(2, (0, 1))
    assert third.value == Fraction(1, 3)
    assert third.worked.startswith("2 / (2 · 2 · 2 − 2) = ")


# -- mistakes


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: output_shift((1, 0.5), 1),
            TypeError,
            "by must be two integers (down, right), not (1, 0.5)",
        ),
        (lambda: output_shift(3, 1), TypeError, "by must be two integers (down, right), not 3"),
        (
            lambda: output_shift((1, 2, 3), 1),
            TypeError,
            "by must be two integers (down, right), not (1, 2, 3)",
        ),
        (
            lambda: output_shift((1, 2), 0),
            ValueError,
            "stride along the height must be at least 1, not 0",
        ),
        (
            lambda: share_that_sees_padding(32, 4),
            ValueError,
            "kernel_size must be odd for a border of equal sides, not 4",
        ),
        (
            lambda: share_that_sees_padding(32, 3, depth=0),
            ValueError,
            "depth must be at least 1, not 0",
        ),
        (
            lambda: share_that_differs(30, 3, (0, 4), stride=2, depth=2),
            ValueError,
            "size 30 is no multiple of the strides together, 4",
        ),
        (
            lambda: share_that_differs(30, 3, (0, 4), padding_mode="ring"),
            ValueError,
            "padding_mode must be one of zeros, circular, reflect, edge, not 'ring'",
        ),
        (
            lambda: share_of_maxima_kept((2, 0), (0, 1)),
            ValueError,
            "kernel_size along the width must be at least 1, not 0",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message
