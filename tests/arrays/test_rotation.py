from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from scipy.signal import correlate2d

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.equivariance import commutator
from mkdocs_cnn.arrays.rotation import lift, rotate, turn, turned_commutator
from mkdocs_cnn.book.measurements.images import grey_photograph

MODES: Any = ("zeros", "circular", "reflect", "edge")
VERTICAL_EDGE = np.array([[[[1, 0, -1]] * 3]])


def noise(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).integers(-(2**20), 2**20, shape)


def ordinary(weight: Any, **given: Any) -> Any:
    return partial(cross_correlate2d, weight=weight, padding="same", **given)


# -- rotation


def test_a_quarter_turn_to_the_left_by_hand() -> None:
    assert rotate([[1, 2, 3], [4, 5, 6]]).tolist() == [[3, 6], [2, 5], [1, 4]]
    assert rotate([[1, 2], [3, 4]], -1).tolist() == [[3, 1], [4, 2]]


def test_turns_are_transposing_and_flipping_and_four_of_them_are_none() -> None:
    x = noise(1, 2, 3, 5, 7)
    left = x.swapaxes(-2, -1)[..., ::-1, :]
    assert np.array_equal(rotate(x), left)
    assert np.array_equal(rotate(x, 2), x[..., ::-1, ::-1])
    assert np.array_equal(rotate(rotate(rotate(x, 3)), 4), x)
    assert np.array_equal(rotate(x, -3), rotate(x, 1))


# -- ordinary kernels


def test_a_vertical_edge_detector_does_not_follow_the_cat_around() -> None:
    found = turned_commutator(ordinary(VERTICAL_EDGE), grey_photograph())
    assert found.difference.shape == (1, 320, 280)
    assert found.share > 0.9
    assert found.norm > 1
    # It does follow when it is turned itself.
    other = cross_correlate2d(rotate(grey_photograph()), rotate(VERTICAL_EDGE), padding="same")
    assert np.array_equal(other, found.moved_last)


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_only_kernels_that_look_alike_from_all_sides_follow(turns: int) -> None:
    image = noise(2, 1, 8, 8)
    alike = np.array([[[[1, 2, 1], [2, 5, 2], [1, 2, 1]]]])
    assert turned_commutator(ordinary(alike), image, turns).count == 0
    assert turned_commutator(ordinary(noise(3, 1, 1, 3, 3)), image, turns).share == 1
    assert turned_commutator(ordinary(VERTICAL_EDGE), image, turns).share == 1
    # Half a turn only changes its sign.
    absolute = turned_commutator(lambda x: abs(ordinary(VERTICAL_EDGE)(x)), image, turns)
    assert (absolute.count == 0) == (turns == 2)


def test_a_full_turn_breaks_nothing() -> None:
    assert turned_commutator(ordinary(VERTICAL_EDGE), noise(4, 1, 5, 5), 4).count == 0


# -- lifting


def test_each_map_is_what_scipy_correlates_with_the_turned_kernel() -> None:
    image, weight, bias = noise(5, 2, 6, 7), noise(6, 3, 2, 3, 3), noise(7, 3)
    lifted = lift(image, weight, bias)
    assert lifted.shape == (3, 4, 6, 7)
    for out_channel, turns in np.ndindex(3, 4):
        kernels = [np.rot90(kernel, turns) for kernel in weight[out_channel]]
        maps = (correlate2d(x, k, "same") for x, k in zip(image, kernels, strict=True))
        assert np.array_equal(lifted[out_channel, turns], sum(maps) + bias[out_channel])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [1, 3, 5])
@pytest.mark.parametrize("turns", [-1, 1, 2, 3, 5])
def test_a_lifting_convolution_turns_along_exactly(mode: Any, size: int, turns: int) -> None:
    lifting = partial(lift, weight=noise(8, 3, 2, size, size), bias=noise(9, 3), padding_mode=mode)
    last = partial(turn, quarter_turns=turns)
    for shape in [(2, 6, 6), (2, 7, 7), (2, 5, 8)]:
        found = turned_commutator(lifting, noise(10, *shape), turns, last=last)
        assert (found.count, found.norm) == (0, 0)
        assert found.output.any()


def test_without_the_shift_of_the_orientations_it_does_not() -> None:
    lifting = partial(lift, weight=noise(11, 2, 1, 3, 3))
    image = noise(12, 1, 8, 8)
    assert turned_commutator(lifting, image).share == 1
    for turns in range(4):
        wrong = turned_commutator(
            lifting, image, 1, last=lambda y, by=turns: np.roll(rotate(y), by, axis=-3)
        )
        assert wrong.share == (0 if turns == 1 else 1)


def test_the_four_maps_of_the_cat_take_each_others_place() -> None:
    cat = grey_photograph()
    found = turned_commutator(partial(lift, weight=VERTICAL_EDGE), cat, last=turn)
    assert found.output.shape == (1, 4, 280, 320)
    assert found.count == 0
    lifted, turned = found.output[0], found.moved_first[0]
    for place in range(4):
        assert np.array_equal(turned[(place + 1) % 4], np.rot90(lifted[place]))


def test_the_largest_over_the_orientations_follows_as_a_plain_map() -> None:
    def strongest(x: Any) -> Any:
        return lift(x, noise(13, 2, 1, 3, 3)).max(axis=-3)

    for turns in (1, 2, 3):
        assert turned_commutator(strongest, noise(14, 1, 9, 9), turns).count == 0


def test_on_a_ring_lifting_is_equivariant_to_shifts_as_well() -> None:
    lifting = partial(lift, weight=noise(15, 2, 1, 3, 3), padding_mode="circular")
    assert commutator(lifting, noise(16, 1, 8, 8), (3, -2)).count == 0
    zeros = partial(lift, weight=noise(15, 2, 1, 3, 3))
    assert commutator(zeros, noise(16, 1, 8, 8), (3, -2)).count > 0


def test_with_a_stride_that_skips_the_last_row_it_does_not_turn_along() -> None:
    def strided(x: Any) -> Any:
        return lift(x, noise(17, 1, 1, 3, 3))[..., ::2, ::2]

    assert turned_commutator(strided, noise(18, 1, 8, 8), last=turn).share > 0.9
    assert turned_commutator(strided, noise(18, 1, 9, 9), last=turn).count == 0


def test_batches_are_lifted_image_by_image() -> None:
    images, weight = noise(19, 3, 2, 5, 5), noise(20, 4, 2, 3, 3)
    lifted = lift(images, weight)
    assert lifted.shape == (3, 4, 4, 5, 5)
    for image, maps in zip(images, lifted, strict=True):
        assert np.array_equal(maps, lift(image, weight))
    assert np.array_equal(lift(rotate(images), weight), turn(lifted))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: lift(np.zeros((1, 5, 5)), np.zeros((1, 1, 3, 5))),
            ValueError,
            "kernels must be square and odd to be turned, not 3 × 5",
        ),
        (
            lambda: lift(np.zeros((1, 5, 5)), np.zeros((1, 1, 2, 2))),
            ValueError,
            "kernels must be square and odd to be turned, not 2 × 2",
        ),
    ],
)
def test_kernels_that_cannot_turn_are_refused(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message


def test_even_kernels_padded_on_one_side_more_would_not_turn_along() -> None:
    weight = noise(21, 1, 1, 2, 2)

    def lopsided(x: Any) -> Any:
        return np.stack(
            [cross_correlate2d(x, rotate(weight, by), padding="same")[0] for by in range(4)]
        )[None]

    assert turned_commutator(lopsided, noise(22, 1, 6, 6), last=turn).share == 1
