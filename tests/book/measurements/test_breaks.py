from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy import ndimage

from mkdocs_cnn.arrays.declaration import measure
from mkdocs_cnn.arrays.operations import OPERATIONS, operations, stack
from mkdocs_cnn.arrays.pooling import avg_pool2d, blur_pool2d, max_pool2d
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.quantities.quantity import Quantity

MODES: Any = ("zeros", "circular", "reflect", "edge")
NDIMAGE = {"zeros": "constant", "circular": "wrap", "reflect": "mirror", "edge": "nearest"}
BLUR = np.outer((1, 2, 1), (1, 2, 1))
SHIFTS = ((0, 1), (0, 2), (3, 0), (4, 8))


def noise(*shape: int) -> Any:
    """Whole numbers from so wide a range that none of these are equal by chance."""
    return np.random.default_rng(1).integers(0, 2**30, shape)


class Setting(NamedTuple):
    """What the measurement "break" is asked."""

    operation: str
    padding_mode: str
    stride: int
    depth: int
    by: tuple[int, int]


Breaks = dict[Setting, Mapping[str, Quantity]]


def breaks(image: str, depths: Sequence[int], shifts: Sequence[tuple[int, int]]) -> Breaks:
    """Every operation, padding mode and stride (1 and 2), at these depths and for these shifts."""
    settings = map(Setting._make, product(OPERATIONS, MODES, (1, 2), depths, shifts))
    return {asked: measure("break", image=image, **asked._asdict()) for asked in settings}


@pytest.fixture(scope="module")
def on_noise() -> Breaks:
    return breaks("noise", (1, 2, 3), SHIFTS)


@pytest.fixture(scope="module")
def on_photograph() -> Breaks:
    return breaks("photograph", (1, 2), ((0, 1), (0, 2)))


def test_noise_breaks_as_the_formula_says(on_noise: Breaks) -> None:
    for asked, found in on_noise.items():
        if "predicted" in found:
            assert found["share"] == found["predicted"], asked
        without = asked.operation == "max pooling" and found["differing"] > 0
        assert ("predicted" not in found) == without or asked.depth == 3, asked


@pytest.mark.parametrize("operation", ["convolution", "average pooling", "blur pooling"])
@pytest.mark.parametrize(
    ("stride", "depth", "by", "by_hand"),
    [
        (1, 1, (0, 1), "3/32"),
        (1, 1, (0, 2), "4/32"),
        (1, 2, (0, 1), "5/32"),
        (1, 3, (0, 2), "8/32"),
        (2, 1, (0, 1), "1"),
        (2, 1, (0, 2), "2/16"),  # one column at the left of either way
        (2, 2, (0, 2), "1"),
        (2, 2, (4, 8), "28/64"),  # 1 − (1 − 2/8)²
        (2, 3, (4, 8), "1"),
    ],
)
def test_sums_break_by_the_share_that_a_hand_counts(
    on_noise: Breaks, operation: str, stride: int, depth: int, by: tuple[int, int], by_hand: str
) -> None:
    share = Fraction(by_hand)
    for mode in MODES:
        expected = 0 if mode == "circular" and share != 1 else share
        assert on_noise[Setting(operation, mode, stride, depth, by)]["share"] == expected


def test_only_the_ring_is_exact_and_only_on_the_grid_of_the_strides(
    on_noise: Breaks, on_photograph: Breaks
) -> None:
    for asked, found in [*on_noise.items(), *on_photograph.items()]:
        on_grid = all(steps % asked.stride**asked.depth == 0 for steps in asked.by)
        exact = asked.padding_mode == "circular" and on_grid
        assert (found["differing"] == 0) == (found["norm"] == 0), asked
        # 15 × 15 maxima may all stay
        if exact or asked.operation != "max pooling" or asked.depth < 3:
            assert (found["differing"] == 0) == exact, asked


def test_of_maxima_what_stands_in_the_padding_makes_no_difference(on_noise: Breaks) -> None:
    # What mirror and edge put there, the window reads already; zeros never win.
    for stride, by in product((1, 2), SHIFTS):
        asked = (
            Setting("max pooling", mode, stride, 1, by) for mode in ("zeros", "reflect", "edge")
        )
        results = {
            (found["differing"], found["norm"]) for found in map(on_noise.get, asked) if found
        }
        assert len(results) == 1


def test_a_photograph_breaks_by_at_most_the_share_of_the_formula(on_photograph: Breaks) -> None:
    for asked, found in on_photograph.items():
        if "predicted" in found:
            predicted = found["predicted"].value
            assert 0.94 * predicted <= found["share"].value <= predicted, asked


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("operation", "kernel"), [("average pooling", np.ones((3, 3), int)), ("blur pooling", BLUR)]
)
def test_a_photograph_breaks_as_scipy_finds_it(
    on_photograph: Breaks, mode: str, operation: str, kernel: Any
) -> None:
    cat = grey_photograph()[0]
    for stride, steps, out in [(1, 1, 1), (1, 2, 2), (2, 2, 1), (2, 1, 0)]:

        def layer(x: Any, stride: int = stride) -> Any:
            return ndimage.correlate(x, kernel, mode=NDIMAGE[mode])[::stride, ::stride]

        first, last = layer(np.roll(cat, steps, 1)), np.roll(layer(cat), out, 1)
        found = on_photograph[Setting(operation, mode, stride, 1, (0, steps))]
        assert (found["differing"], found["outputs"]) == ((first != last).sum(), first.size)
        relative = np.linalg.norm(first - last) / np.linalg.norm(layer(cat))
        assert float(found["norm"]) == pytest.approx(relative, rel=0.005)  # it is rounded


# -- the operations


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("stride", [1, 2])
def test_the_operations_are_those_of_the_pools_but_for_a_factor(mode: Any, stride: int) -> None:
    image = noise(3, 6, 8)
    weight = np.random.default_rng(5).integers(1, 10, (3, 3, 3, 3))
    given = {"stride": stride, "padding_mode": mode}
    known = {name: call(image, **given) for name, call in operations(weight).items()}
    exact = image.astype(object)
    mean = avg_pool2d(exact, 3, stride=stride, padding=1, padding_mode=mode)
    assert np.array_equal(known["average pooling"], 9 * mean)
    assert np.array_equal(known["blur pooling"], 16 * blur_pool2d(exact, **given))
    largest = max_pool2d(image, 3, stride=stride, padding=1, padding_mode=mode)
    assert np.array_equal(known["max pooling"], largest)
    summed = [
        sum(
            ndimage.correlate(channel, kernel, mode=NDIMAGE[mode])
            for channel, kernel in zip(image, filter_, strict=True)
        )
        for filter_ in weight
    ]
    assert np.array_equal(known["convolution"], np.array(summed)[:, ::stride, ::stride])


def test_layers_are_stacked_one_behind_the_other() -> None:
    blur = operations(noise(1, 1, 3, 3))["blur pooling"]
    image = noise(1, 16, 16)
    once = blur(image, stride=2, padding_mode="edge")
    twice = blur(once, stride=2, padding_mode="edge")
    assert np.array_equal(stack(blur, 2, stride=2, padding_mode="edge")(image), twice)
    assert np.array_equal(stack(blur, 0)(image), image)
