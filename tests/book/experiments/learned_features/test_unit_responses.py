from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mkdocs_cnn import layers as counted
from mkdocs_cnn.book.experiments.learned_features.unit_responses import (
    convolve,
    depths,
    exciting,
    field,
    first_kernels,
    quantise,
    strongest,
)
from mkdocs_cnn.experiments.neural.layers import Conv2d, Linear
from mkdocs_cnn.experiments.neural.network import Network
from mkdocs_cnn.experiments.neural.weightless import GlobalAvgPool2d, ReLU

RNG = np.random.default_rng(8)
SMALL = Network(
    (
        *(Conv2d(3, 4, 5, 2), ReLU(), Conv2d(4, 3, 3, 2), ReLU(), Conv2d(3, 2, 3), ReLU()),
        *(GlobalAvgPool2d(), Linear(2, 7)),
    )
)
WEIGHTS = SMALL.initial(RNG)
PICTURES = [RNG.normal(size=(3, 40, 52)), RNG.normal(size=(3, 44, 36))]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_field_is_what_the_counting_of_the_book_says(depth: int) -> None:
    stack = counted.Sequential(
        *[
            counted.Conv2d(3, 3, size, stride=stride)
            for size, stride in ((5, 2), (3, 2), (3, 1))[:depth]
        ]
    ).on(3, 60, 60)
    seen = stack.receptive_field
    assert field(SMALL, depth) == (seen.size, seen.stride)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_unit_sees_its_field_to_the_edge_and_nothing_else(depth: int) -> None:
    size, stride = field(SMALL, depth)
    picture = PICTURES[0]
    whole = convolve(SMALL, WEIGHTS, picture[None], depth)[0]
    row, column = 2, 3
    cut = picture[:, row * stride :, column * stride :][:, :size, :size]
    alone = convolve(SMALL, WEIGHTS, cut[None], depth)[0]
    assert alone.shape[1:] == (1, 1)
    assert alone[:, 0, 0] == pytest.approx(whole[:, row, column])
    changed = cut.copy()
    changed[:, -1, -1] += 100  # the field's last corner
    assert (convolve(SMALL, WEIGHTS, changed[None], depth)[0] != alone).any()


def test_answers_are_those_before_the_activation() -> None:
    assert list(depths(SMALL)) == [1, 2, 3]
    for depth, layer in ((1, 0), (2, 2), (3, 4)):
        answers = convolve(SMALL, WEIGHTS, PICTURES[0][None], depth)
        wanted = SMALL.activations(WEIGHTS, PICTURES[0][None])[layer]
        assert answers == pytest.approx(wanted)
        assert answers.min() < 0


def by_brute_force(unit: int, count: int, size: int, stride: int, depth: int) -> Any:
    """The places of a unit by sorting the answers to all patches, each seen alone."""
    found = []
    for n, picture in enumerate(PICTURES):
        for row in range(0, picture.shape[1] - size + 1, stride):
            for column in range(0, picture.shape[2] - size + 1, stride):
                cut = picture[None, :, row : row + size, column : column + size]
                answer = convolve(SMALL, WEIGHTS, cut, depth)[0, unit, 0, 0]
                found.append((answer, (n, row, column)))
    kept: list[tuple[int, int, int]] = []
    for _, place in sorted(found, reverse=True):
        overlaps = [
            place[0] == n and abs(place[1] - row) < size and abs(place[2] - column) < size
            for n, row, column in kept
        ]
        if not any(overlaps):
            kept.append(place)
    return tuple(kept[:count])


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_strongest_patches_are_those_found_by_trying_all(depth: int) -> None:
    size, stride = field(SMALL, depth)
    every = exciting(SMALL, WEIGHTS, PICTURES, count=3)
    assert every[depth - 1] == tuple(
        by_brute_force(unit, 3, size, stride, depth) for unit in range((4, 3, 2)[depth - 1])
    )


def test_of_equal_patches_that_overlap_one_is_taken() -> None:
    flat = np.zeros((3, 20, 20))
    flat[:, 4:9, 4:9] = 1

    def brightness(x: Any) -> Any:
        return x[:, :1, ::2, ::2]

    places = strongest(brightness, [flat], size=5, stride=2, count=2)[0]
    assert places[0] == (0, 4, 4)
    assert max(abs(places[1][1] - 4), abs(places[1][2] - 4)) >= 5


def test_the_first_kernels_are_the_weights_that_meet_a_window() -> None:
    kernels = first_kernels(SMALL, WEIGHTS)
    window = PICTURES[0][:, :5, :5]
    answers = convolve(SMALL, WEIGHTS, window[None], 1)[0, :, 0, 0]
    assert (kernels * window).sum(axis=(1, 2, 3)) == pytest.approx(answers)


def test_kernels_are_kept_in_eight_bits_relative_to_their_largest_weight() -> None:
    kernels = np.array([[[[0.5, -0.25], [0.0, 0.1]]], [[[-3.0, 0], [0, 1]]]])
    assert quantise(kernels) == (
        *((((64 * 2 - 1, -64), (0, 25)),),),
        *((((-127, 0), (0, 42)),),),
    )
