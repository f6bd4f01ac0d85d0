from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.book.experiments.learned_features.selectivity import (
    AXES,
    PERIODS,
    colour_content,
    gratings,
    off_grey,
    tuning,
)

SIZE = 7
Y, X = np.mgrid[:SIZE, :SIZE] - SIZE // 2
GREY, RED_GREEN = (1, 1, 1), (1, -1, 0)


def kernel(shape: Any, colour: tuple[int, int, int] = GREY) -> Any:
    return np.array(colour, float)[:, None, None] * shape


def units(*kernels: Any) -> Callable[[Any], Any]:
    """Linear units with these kernels, each giving one answer to a picture."""
    return lambda x: np.einsum("nchw,uchw->nu", x, np.array(kernels))


def gabor(period: float, degrees: float, phase: float = 0) -> Any:
    """Stripes under a bell: the textbook's orientation-selective unit."""
    angle = np.deg2rad(degrees)
    along = X * np.cos(angle) + Y * np.sin(angle)
    return np.exp(-(X**2 + Y**2) / 8) * np.cos(2 * np.pi * along / period + phase)


def bell(width: float) -> Any:
    return np.exp(-(X**2 + Y**2) / width)


# -- colour content

NOISE = np.random.default_rng(3).normal(size=(400, 3, SIZE, SIZE))


@pytest.mark.parametrize(
    ("colour", "share"), [(GREY, 0), (RED_GREEN, 1), ((0, 1, -1), 1), ((1, 0, 0), 2 / 3)]
)
def test_of_pure_noise_the_colour_content_is_the_kernels_share_off_grey(
    colour: tuple[int, int, int], share: float
) -> None:
    weights = kernel(bell(4), colour)
    assert off_grey(weights[None]) == pytest.approx([share], abs=1e-12)
    # Both variances have a relative error of the root of 2 / 400, in opposite directions at worst.
    assert colour_content(units(weights), NOISE) == pytest.approx([share], abs=0.05)


def test_a_unit_that_adds_brightness_and_colour_has_the_share_of_their_variances() -> None:
    rng = np.random.default_rng(4)
    bright, tint = 3 * rng.normal(size=(2, 5000, 1, 1, 1))
    pictures = bright + tint / 3 * np.array(RED_GREEN)[:, None, None] * np.ones((1, 3, 1, 1))
    both = units(np.array([2.0, 0, 1])[:, None, None])  # 3 times the brightness, 2 times the tint
    assert colour_content(both, pictures) == pytest.approx([4 / (4 + 81)], rel=0.1)


def test_constants_and_scales_do_not_change_the_colour_content() -> None:
    one = units(kernel(bell(4), (1, 0, 0)))
    assert colour_content(lambda x: 7 - 5 * one(x), NOISE) == pytest.approx(
        colour_content(one, NOISE)
    )


def test_a_unit_with_answers_at_many_places_is_measured_over_all_of_them() -> None:
    pixelwise = colour_content(lambda x: x[:, :1], NOISE)
    assert pixelwise == pytest.approx([2 / 3], abs=0.02)


def test_two_thirds_of_a_random_kernel_lie_off_grey() -> None:
    kernels = np.random.default_rng(1).normal(size=(500, 3, SIZE, SIZE))
    assert off_grey(kernels).mean() == pytest.approx(2 / 3, abs=0.01)


# -- gratings


def test_the_axes_of_colour_are_orthogonal_and_equally_long() -> None:
    assert pytest.approx(3 * np.eye(3)) == AXES @ AXES.T


def test_gratings_repeat_after_their_period_along_their_direction() -> None:
    stripes = gratings(19)
    assert stripes.shape == (3, 4, 8, 8, 3, 19, 19)
    for n, period in enumerate(PERIODS):
        across, down = stripes[0, n, 0, :, 0], stripes[0, n, 4, :, 0]  # 0 and 90 degrees
        assert across[..., period:] == pytest.approx(across[..., :-period])
        assert down[..., period:, :] == pytest.approx(down[..., :-period, :])
        assert np.ptp(across, axis=-2) == pytest.approx(0)
        assert np.ptp(down, axis=-1) == pytest.approx(0)


def test_each_pixel_of_a_grating_is_zero_on_average_over_the_phases() -> None:
    assert gratings(5).mean(axis=3) == pytest.approx(0)


# -- orientation selectivity


@pytest.mark.parametrize("colour", [GREY, RED_GREEN])
@pytest.mark.parametrize(
    ("shape", "low", "high"),
    [
        (gabor(4, 0), 0.7, 1),
        (gabor(4, 90), 0.7, 1),
        (gabor(5, 45), 0.5, 1),
        (np.sign(X), 0.4, 0.5),  # the edge between two halves
        (np.sign(X + Y), 0.3, 0.4),
        (bell(4), 0, 0.02),
        (bell(2) - bell(8) / 4, 0, 0.02),  # a centre and its surround
        (np.ones((SIZE, SIZE)), 0, 0.02),
    ],
)
def test_stripes_and_edges_are_selective_and_blobs_are_not(
    shape: Any, low: float, high: float, colour: tuple[int, int, int]
) -> None:
    found = tuning(units(kernel(shape, colour)), SIZE)
    assert low <= found.selectivity[0] <= high
    assert found.axis[0] == (colour == RED_GREEN)


def test_the_selectivity_does_not_depend_on_the_phase_of_the_stripes() -> None:
    even, odd = units(kernel(gabor(4, 0))), units(kernel(gabor(4, 0, np.pi / 2)))
    assert tuning(even, SIZE).selectivity == pytest.approx(tuning(odd, SIZE).selectivity, rel=0.1)


def test_a_unit_that_answers_to_stripes_whatever_their_phase_is_selective_too() -> None:
    pair = units(kernel(gabor(4, 0)), kernel(gabor(4, 0, np.pi / 2)))

    def energy(x: Any) -> Any:
        return (pair(x) ** 2).sum(axis=1, keepdims=True)

    assert tuning(energy, SIZE).selectivity[0] > 0.7


def test_scale_and_what_is_answered_to_a_plain_picture_do_not_matter() -> None:
    one = units(kernel(gabor(5, 45)))
    moved = tuning(lambda x: 3 - 2 * one(x), SIZE)
    assert moved.selectivity == pytest.approx(tuning(one, SIZE).selectivity)


def test_a_unit_that_sees_one_orientation_alone_has_one() -> None:
    stripes = gratings(SIZE).reshape(3, 4, 8, 8, -1)
    only = stripes[0, 1, 3].reshape(8, -1)

    def detector(x: Any) -> Any:
        same = np.abs(x.reshape(len(x), 1, -1) - only).max(axis=2) < 1e-9
        return same.any(axis=1, keepdims=True).astype(float)

    assert tuning(detector, SIZE).selectivity == pytest.approx([1])
