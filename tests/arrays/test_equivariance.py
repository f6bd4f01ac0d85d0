from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.equivariance import Break, both_ways, commutator, invariance, shift
from mkdocs_cnn.arrays.pooling import avg_pool2d, blur_pool2d, global_avg_pool2d, max_pool2d
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.layers.shift_formulas import share_of_maxima_kept

NDIMAGE = {"zeros": "constant", "circular": "grid-wrap", "reflect": "mirror", "edge": "nearest"}
MODES = tuple(NDIMAGE)


def noise(seed: int, *shape: int) -> Any:
    """Whole numbers so large that hardly two are equal by chance."""
    return np.random.default_rng(seed).integers(0, 2**20, shape)


WEIGHT = np.random.default_rng(0).integers(1, 2**10, (2, 1, 3, 3))


def convolution(mode: Any = "circular", stride: int = 1, weight: Any = WEIGHT) -> Any:
    return partial(cross_correlate2d, weight=weight, stride=stride, padding=1, padding_mode=mode)


def subsampled(x: Any) -> Any:
    return x[..., ::2, ::2]


def dense_maxima(x: Any) -> Any:
    padding = ((0, 1), (0, 1))
    return max_pool2d(x, 2, stride=1, padding=padding, padding_mode="circular")


# -- shifts


def test_on_a_ring_nothing_is_lost_as_numpy_rolls() -> None:
    for height, width in itertools.product((1, 2, 5), (1, 3, 6)):
        x = noise(1, 2, 3, height, width)
        for by in itertools.product(range(-7, 8), range(-8, 9)):
            assert np.array_equal(shift(x, by), np.roll(x, by, (-2, -1)))


@pytest.mark.parametrize("mode", MODES)
def test_what_comes_in_is_what_scipy_lets_in(mode: Any) -> None:
    for height, width in itertools.product((2, 5), (3, 6)):
        x = noise(2, height, width)
        for by in itertools.product(range(-4, 5), range(-4, 5)):
            expected = ndimage.shift(x, by, order=0, mode=NDIMAGE[mode])
            moved = shift(x, by, mode=mode)
            assert np.array_equal(moved, expected), by
            assert moved.dtype == x.dtype


def test_down_and_right_are_positive_and_the_image_given_stays() -> None:
    x = np.array([[1, 2], [3, 4]])
    assert shift(x, (1, 0), mode="zeros").tolist() == [[0, 0], [1, 2]]
    assert shift(x, (0, 1), mode="zeros").tolist() == [[0, 1], [0, 3]]
    assert shift(x, (0, 1), mode="edge").tolist() == [[1, 1], [3, 3]]
    assert shift(x, (-1, -1), mode="zeros").tolist() == [[4, 0], [0, 0]]
    assert shift(x, (5, 5), mode="zeros").tolist() == [[0, 0], [0, 0]]
    assert x.tolist() == [[1, 2], [3, 4]]


def test_shifts_on_a_ring_add() -> None:
    x = noise(3, 1, 5, 7)
    assert np.array_equal(shift(shift(x, (2, 3)), (-4, 6)), shift(x, (-2, 9)))
    lost = shift(shift(x, (0, 3), mode="zeros"), (0, -3), mode="zeros")
    assert not np.array_equal(lost, x)


# -- the commutator


def test_the_commutator_is_the_difference_of_both_ways_by_hand() -> None:
    found = commutator(lambda x: x * np.arange(4), [[[1, 2, 3, 4]]], (0, 1))
    assert found.output.tolist() == [[[0, 2, 6, 12]]]
    assert found.moved_first.tolist() == [[[0, 1, 4, 9]]]
    assert found.moved_last.tolist() == [[[12, 0, 2, 6]]]
    assert found.difference.tolist() == [[[-12, 1, 2, 3]]]
    assert found.map.tolist() == [[True] * 4]
    assert (found.count, found.share, found.share_kept) == (4, 1, 0)
    assert found.norm == pytest.approx(math.sqrt((144 + 1 + 4 + 9) / (4 + 36 + 144)))


def test_a_position_differs_if_any_channel_does() -> None:
    zero = np.zeros((2, 2, 2), int)
    other = zero.copy()
    other[0, 0, 0] = other[1, 0, 0] = other[1, 1, 0] = 1
    found = Break(zero, other, zero)
    assert found.map.tolist() == [[True, False], [True, False]]
    assert (found.count, found.share) == (2, Fraction(1, 2))


def test_narrow_integers_do_not_wrap_and_fractions_stay_exact() -> None:
    small, large = np.zeros((1, 1, 1), np.uint8), np.full((1, 1, 1), 255, np.uint8)
    assert Break(large, small, large).difference.tolist() == [[[-255]]]
    least = np.full((1, 1, 1), -(2**63))
    assert Break(least, -1 - least, least).difference.tolist() == [[[2**64 - 1]]]
    third = np.full((1, 1, 1), Fraction(1, 3), object)
    assert Break(third, third, third * 2).difference.tolist() == [[[Fraction(-1, 3)]]]
    truth = np.array([[[True]]])
    assert Break(truth, ~truth, truth).difference.tolist() == [[[-1]]]


def test_the_norm_of_nothing_is_0_and_of_something_against_nothing_infinite() -> None:
    zero = np.zeros((1, 2, 2))
    assert Break(zero, zero, zero).norm == 0
    assert Break(zero, zero + 1, zero).norm == math.inf


# -- what is equivariant, and what is not


@pytest.mark.parametrize("image", [noise(4, 1, 32, 32), grey_photograph()], ids=["noise", "cat"])
def test_on_a_ring_with_stride_1_nothing_breaks_at_any_depth(image: Any) -> None:
    def deep(x: Any) -> Any:
        x = np.maximum(convolution()(x - x.max() // 2), 0)
        x = max_pool2d(x, 3, stride=1, padding=1, padding_mode="circular")
        return convolution(weight=WEIGHT.reshape(1, 2, 3, 3))(x)

    for by in [(0, 1), (3, 0), (-5, 17)]:
        assert commutator(convolution(), image, by).count == 0
        found = commutator(deep, image, by)
        assert (found.share, found.norm) == (0, 0)
        assert (found.output != 0).any()


@pytest.mark.parametrize("mode", ["zeros", "reflect", "edge"])
@pytest.mark.parametrize(("steps", "by_hand"), [(1, 3), (2, 4), (3, 4), (16, 4), (31, 3)])
def test_any_other_padding_breaks_4_of_32_or_3(mode: str, steps: int, by_hand: int) -> None:
    for by in [(0, steps), (steps, 0)]:
        found = commutator(convolution(mode), noise(5, 1, 32, 32), by)
        assert (found.share, found.count) == (Fraction(by_hand, 32), by_hand * 32)
        assert found.norm > 0


def test_the_map_shows_the_borders_of_both_ways() -> None:
    found = commutator(convolution("zeros"), noise(6, 1, 8, 8), (0, 3))
    assert np.flatnonzero(found.map[4]).tolist() == [0, 2, 3, 7]
    assert (found.map == found.map[0]).all()


def test_away_from_borders_a_shift_with_an_edge_breaks_nothing() -> None:
    for mode, padding in itertools.product(("zeros", "edge"), MODES):
        found = commutator(convolution(padding), noise(7, 1, 12, 12), (2, 3), mode=mode)
        assert not found.map[3:-1, 4:-1].any()
        assert found.count > 0


@pytest.mark.parametrize("steps", [1, 2, 7])
def test_with_an_edge_the_seam_and_the_end_break_one_column_each(steps: int) -> None:
    # Before the seam a window reaches what has moved away from the edge; at the end it misses what
    # has moved out. In all other columns it reads the same, zeros included.
    found = commutator(convolution("zeros"), noise(20, 1, 32, 32), (0, steps), mode="zeros")
    assert np.flatnonzero(found.map.any(axis=0)).tolist() == [steps - 1, 31]
    assert found.share == Fraction(2, 32)
    assert not found.moved_last[..., :steps].any()


@pytest.mark.parametrize("steps", range(-5, 6))
def test_stride_2_is_exact_for_even_shifts_only(steps: int) -> None:
    layer = convolution(stride=2)
    if steps % 2 == 0:
        assert commutator(layer, noise(8, 1, 16, 16), (steps, steps), stride=2).count == 0
        return
    with pytest.raises(ValueError, match="by a fraction"):
        commutator(layer, noise(8, 1, 16, 16), (steps, steps), stride=2)
    for near in (steps // 2, steps // 2 + 1):
        found = commutator(layer, noise(8, 1, 16, 16), (steps, 0), out_by=(near, 0))
        assert found.share == 1


def test_a_shift_by_2_moves_the_output_of_stride_2_by_1_and_no_other() -> None:
    layer, image = convolution(stride=2), noise(9, 1, 16, 16)
    for out in range(8):
        found = commutator(layer, image, (0, 2), out_by=(0, out))
        assert found.share == (0 if out == 1 else 1)


def test_strides_may_differ_between_the_axes() -> None:
    def layer(x: Any) -> Any:
        return x[..., ::3, ::2]

    assert commutator(layer, noise(10, 1, 12, 12), (3, 4), stride=(3, 2)).count == 0
    with pytest.raises(ValueError, match=r"fraction, \(2/3, 2\) \(by=\(2, 4\), stride=\(3, 2\)\)"):
        commutator(layer, noise(10, 1, 12, 12), (2, 4), stride=(3, 2))


def test_the_edge_at_10_20_fires_at_15_23() -> None:
    image = np.zeros((1, 40, 40), int)
    image[0, 10, 20] = 1

    def detector(x: Any) -> Any:
        return cross_correlate2d(x, [[[[0, 0, 0], [0, 1, 0], [0, 0, 0]]]], padding=1)

    found = commutator(detector, image, (5, 3), mode="zeros")
    assert np.argwhere(found.moved_first[0]).tolist() == [[15, 23]]
    assert found.count == 0


# -- invariance


def test_max_pooling_keeps_a_third_of_independent_inputs() -> None:
    image = np.random.default_rng(11).standard_normal((1, 600, 600))
    for by in [(0, 1), (1, 0), (1, 1), (0, 2)]:
        expected = float(share_of_maxima_kept(2, by))
        found = invariance(partial(max_pool2d, kernel_size=2), image, by)
        deviation = math.sqrt(expected * (1 - expected) / 300**2)
        assert abs(float(found.share_kept) - expected) <= 4 * deviation, by
        other_way = commutator(partial(max_pool2d, kernel_size=2), image, by, out_by=(0, 1))
        if by == (0, 1):  # the nearest whole shift on the other side keeps as much
            assert abs(float(other_way.share_kept) - expected) <= 4 * deviation


def test_equivariance_is_not_invariance() -> None:
    found = invariance(convolution(), noise(12, 1, 16, 16), (0, 1))
    assert found.share == 1
    assert commutator(convolution(), noise(12, 1, 16, 16), (0, 1)).share == 0


@pytest.mark.parametrize("image", [noise(13, 1, 24, 24), grey_photograph()], ids=["noise", "cat"])
def test_global_average_pooling_is_invariant_after_a_circular_convolution(image: Any) -> None:
    def network(x: Any, mode: Any) -> Any:
        return global_avg_pool2d(np.maximum(convolution(mode)(x).astype(object), 0))

    for by in [(0, 1), (7, -3)]:
        found = invariance(partial(network, mode="circular"), image[:, :24, :24], by)
        assert (found.count, found.norm, found.output.shape) == (0, 0, (2, 1, 1))
        for mode in ("zeros", "reflect", "edge"):
            assert invariance(partial(network, mode=mode), image[:, :24, :24], by).share == 1


def test_global_average_pooling_does_not_survive_what_a_shift_brings_in() -> None:
    found = invariance(global_avg_pool2d, noise(14, 1, 8, 8), (0, 1), mode="zeros")
    assert found.share == 1


def test_global_average_pooling_does_not_survive_a_stride() -> None:
    def network(x: Any) -> Any:
        return global_avg_pool2d(convolution(stride=2)(x))

    assert invariance(network, noise(15, 1, 8, 8), (0, 1)).share == 1
    assert invariance(network, noise(15, 1, 8, 8), (0, 2)).share == 0


# -- blur pooling


@pytest.mark.parametrize("image", [noise(16, 1, 64, 64), grey_photograph()], ids=["noise", "cat"])
@pytest.mark.parametrize("out_by", [(0, 0), (0, 1)])
def test_blur_pooling_lessens_the_norm_of_the_break_though_not_its_share(
    image: Any, out_by: tuple[int, int]
) -> None:
    edge = np.array([[[[1, 0, -1]] * 3]])
    blurred = partial(blur_pool2d, padding_mode="circular")
    for before in (lambda x: x, convolution(weight=edge), dense_maxima):
        plain = commutator(lambda x, f=before: subsampled(f(x)), image, (0, 1), out_by=out_by)
        blur = commutator(lambda x, f=before: blurred(f(x)), image, (0, 1), out_by=out_by)
        assert 0 < blur.norm < 0.8 * plain.norm
        assert plain.share <= blur.share
    # Of maxima alone many stay as they are; of blurred ones hardly any.
    assert plain.share < 0.8
    assert blur.share > 0.9


def test_blur_pooling_is_exact_for_even_shifts() -> None:
    image = noise(19, 1, 12, 12).astype(object)
    blurred = partial(blur_pool2d, padding_mode="circular")
    assert commutator(blurred, image, (2, -4), stride=2).count == 0
    assert commutator(blur_pool2d, image, (2, -4), stride=2).count > 0


def test_max_pooling_with_stride_is_dense_max_pooling_subsampled() -> None:
    image = noise(17, 1, 10, 10)
    assert np.array_equal(max_pool2d(image, 2), subsampled(dense_maxima(image)))


def test_average_pooling_with_stride_2_is_equivariant_to_even_shifts() -> None:
    image = noise(18, 1, 12, 12).astype(object)
    assert commutator(partial(avg_pool2d, kernel_size=2), image, (4, -2), stride=2).count == 0


# -- mistakes


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: shift(np.zeros(3), (0, 1)),
            ValueError,
            "x must be (…, height, width), not 1 axes: (3,)",
        ),
        (
            lambda: shift(np.zeros((3, 3)), (0, 0.5)),
            TypeError,
            "by must be two integers (down, right), not (0, 0.5)",
        ),
        (
            lambda: shift(np.zeros((3, 3)), (0, 1), mode="wrap"),
            ValueError,
            "padding_mode must be one of zeros, circular, reflect, edge, not 'wrap'",
        ),
        (
            lambda: commutator(subsampled, np.zeros((1, 4, 4)), (0, 3), stride=2),
            ValueError,
            "the output would have to move by a fraction, (0, 3/2) (by=(0, 3), stride=2); "
            "out_by=(0, 1) would be nearest",
        ),
        (
            lambda: both_ways(subsampled, np.zeros((1, 4, 4)), lambda x: x[..., :2], lambda y: y),
            ValueError,
            "both ways must end in the same shape (…, height, width), "
            "not (1, 2, 1) (moved first) and (1, 2, 2) (moved last)",
        ),
    ],
)
def test_what_cannot_be_is_refused(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message
