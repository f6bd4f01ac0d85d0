from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from mkdocs_cnn.arrays.operations import operations, stacked
from mkdocs_cnn.arrays.pooling import avg_pool2d, blur_pool2d, max_pool2d
from mkdocs_cnn.book.measurements.breaks import (
    MeasuredBreak,
    measured_breaks,
)
from mkdocs_cnn.book.measurements.photograph import grey_photograph

MODES: Any = ("zeros", "circular", "reflect", "edge")
NDIMAGE = {"zeros": "constant", "circular": "wrap", "reflect": "mirror", "edge": "nearest"}
BLUR = np.outer((1, 2, 1), (1, 2, 1))
SHIFTS = ((0, 1), (0, 2), (3, 0), (4, 8))


def noise(*shape: int) -> Any:
    """Whole numbers from so wide a range that none of these are equal by chance."""
    return np.random.default_rng(1).integers(0, 2**30, shape)


@pytest.fixture(scope="module")
def on_noise() -> list[MeasuredBreak]:
    rng = np.random.default_rng(2)
    return list(measured_breaks(noise(1, 32, 32), rng, depths=(1, 2, 3), shifts=SHIFTS))


@pytest.fixture(scope="module")
def on_photograph() -> list[MeasuredBreak]:
    return list(measured_breaks(grey_photograph(), np.random.default_rng(2)))


# -- the table


def test_the_table_has_a_row_for_every_setting(on_noise: list[MeasuredBreak]) -> None:
    settings = {(r.operation, r.padding_mode, r.stride, r.depth, r.by) for r in on_noise}
    assert len(settings) == len(on_noise) == 4 * 4 * 2 * 3 * 4
    assert {row.operation for row in on_noise} == set(operations(noise(1, 1, 3, 3)))


def test_noise_breaks_as_the_formula_says(on_noise: list[MeasuredBreak]) -> None:
    for row in on_noise:
        if row.predicted is not None:
            assert row.share == row.predicted, row
        without = row.operation == "max pooling" and row.count > 0
        assert (row.predicted is None) == without or row.depth == 3, row


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
    on_noise: list[MeasuredBreak],
    operation: str,
    stride: int,
    depth: int,
    by: tuple[int, int],
    by_hand: str,
) -> None:
    found = {
        row.padding_mode: row.share
        for row in on_noise
        if (row.operation, row.stride, row.depth, row.by) == (operation, stride, depth, by)
    }
    share = Fraction(by_hand)
    ring = share if share == 1 else 0
    assert found == {"zeros": share, "circular": ring, "reflect": share, "edge": share}


def test_only_the_ring_is_exact_and_only_on_the_grid_of_the_strides(
    on_noise: list[MeasuredBreak], on_photograph: list[MeasuredBreak]
) -> None:
    for row in on_noise + on_photograph:
        on_grid = all(steps % row.stride**row.depth == 0 for steps in row.by)
        exact = row.padding_mode == "circular" and on_grid
        assert (row.count == 0) == (row.norm == 0), row
        if exact or row.operation != "max pooling" or row.depth < 3:  # 15 × 15 maxima may all stay
            assert (row.count == 0) == exact, row


def test_of_maxima_what_stands_in_the_padding_makes_no_difference(
    on_noise: list[MeasuredBreak],
) -> None:
    # What mirror and edge put there, the window reads already; zeros never win.
    found: dict[Any, set[Any]] = {}
    for row in on_noise:
        if row.operation == "max pooling" and row.padding_mode != "circular" and row.depth == 1:
            setting = (row.stride, row.by)
            found.setdefault(setting, set()).add((row.count, row.norm))
    assert len(found) == 2 * len(SHIFTS)
    assert all(len(results) == 1 for results in found.values())


def test_a_photograph_breaks_by_at_most_the_share_of_the_formula(
    on_photograph: list[MeasuredBreak],
) -> None:
    for row in on_photograph:
        if row.predicted is not None:
            assert 0.94 * row.predicted.value <= row.share <= row.predicted.value, row


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("operation", "kernel"), [("average pooling", np.ones((3, 3), int)), ("blur pooling", BLUR)]
)
def test_a_photograph_breaks_as_scipy_finds_it(
    on_photograph: list[MeasuredBreak], mode: str, operation: str, kernel: Any
) -> None:
    cat = grey_photograph()[0]
    for stride, steps, out in [(1, 1, 1), (1, 2, 2), (2, 2, 1), (2, 1, 0)]:

        def layer(x: Any, stride: int = stride) -> Any:
            return ndimage.correlate(x, kernel, mode=NDIMAGE[mode])[::stride, ::stride]

        first, last = layer(np.roll(cat, steps, 1)), np.roll(layer(cat), out, 1)
        wanted = (operation, mode, stride, 1, (0, steps))
        (row,) = (
            row
            for row in on_photograph
            if (row.operation, row.padding_mode, row.stride, row.depth, row.by) == wanted
        )
        assert row.out_by == (0, out)
        assert (row.count, row.share) == ((first != last).sum(), Fraction(row.count, first.size))
        relative = np.linalg.norm(first - last) / np.linalg.norm(layer(cat))
        assert row.norm == pytest.approx(relative, rel=1e-12)


def test_the_same_seed_gives_the_same_table() -> None:
    image = noise(2, 4, 4)
    tables = [
        [
            (row.count, row.norm)
            for row in measured_breaks(image, np.random.default_rng(seed), depths=(1,))
        ]
        for seed in (3, 3, 4)
    ]
    assert tables[0] == tables[1] != tables[2]


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
    assert np.array_equal(stacked(blur, 2, stride=2, padding_mode="edge")(image), twice)
    assert np.array_equal(stacked(blur, 0)(image), image)


# -- mistakes


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda rng: next(measured_breaks(np.zeros((1, 4, 4)), rng)),
            TypeError,
            "x must hold integers, not dtype float64",
        ),
        (
            lambda rng: list(measured_breaks(noise(1, 8, 6), rng)),
            ValueError,
            "size 6 is no multiple of the strides together, 4",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused(
    call: Callable[[np.random.Generator], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        call(np.random.default_rng(1))
    assert str(caught.value) == message
