from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.book.experiments.inputs.photographs import PHOTOGRAPHS, photograph
from mkdocs_cnn.book.experiments.learned_features import findings as found
from mkdocs_cnn.book.experiments.learned_features.run import Course, Settings, network, scene
from mkdocs_cnn.book.experiments.learned_features.unit_responses import (
    exciting,
    first_kernels,
    quantise,
)
from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.layers import Conv2d, Sequential

SETTINGS = Settings()
SEED = 3
TASKS = range(2)


@pytest.fixture(scope="module")
def result() -> Any:
    return outcome("learned-features")


# -- a slice of it again


@pytest.mark.parametrize("task", TASKS)
def test_the_first_steps_of_a_seed_give_what_the_result_says(result: Any, task: int) -> None:
    run = result.runs[SEED]
    course = Course(SETTINGS, SEED, task, scene(SETTINGS, SEED))
    first, _ = course.snapshots(run.rates[task], SETTINGS.snapshots[:3])
    for layer in range(3):
        for measure in ("colour", "orientation"):
            means = [getattr(at, measure)[layer].mean() for at in first]
            assert means == pytest.approx(getattr(run, measure)[task][layer][:3], abs=2e-4)
        grey = [(at.axis[layer] == 0).sum() for at in first]
        assert grey == pytest.approx(run.prefer_grey[task][layer][:3], abs=1)
    for way, wrong in enumerate(run.wrong[task]):
        # Another BLAS may round otherwise, and tip a patch that stood between two answers.
        assert [at.wrong[way] for at in first] == pytest.approx(wrong[:3], abs=3)


def test_the_untrained_kernels_and_places_of_the_seed_shown_are_what_the_result_says(
    result: Any,
) -> None:
    seen = scene(SETTINGS, SETTINGS.shown_seed)
    course = Course(SETTINGS, SETTINGS.shown_seed, 0, seen)
    weights, run = course.initial(), result.runs[SETTINGS.shown_seed]
    assert run.kernels[0] == quantise(first_kernels(course.network, weights))
    places = exciting(course.network, weights, seen.photographs, count=SETTINGS.shown_patches)
    same = np.array(run.places[0][0]) == np.array(places[0])
    assert same.mean() > 0.99


def test_a_trial_is_the_beginning_of_the_full_training() -> None:
    short = replace(SETTINGS, trial_steps=4, snapshots=(0, 2, 4), tested=14, probed=14)
    course = Course(short, 1, 0, scene(short, 1))
    kept: dict[str, Any] = {}

    def watch(step: int, weights: Any) -> None:
        kept[str(step)] = weights[0][0].copy()

    course.run(0.01, 4, watch)
    _, weights = course.snapshots(0.01, (0, 2, 4))
    assert np.array_equal(kept["4"], weights[0][0])
    assert not np.array_equal(kept["2"], weights[0][0])


# -- what it is made of


def test_both_tasks_begin_with_the_same_weights_and_a_first_layer_of_a_tenth() -> None:
    seen = scene(SETTINGS, SEED)
    first, second = (Course(SETTINGS, SEED, task, seen).initial() for task in TASKS)
    for one, other in zip(first, second, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    fans = 3 * 7 * 7, 24 * 3 * 3, 24 * 3 * 3
    sizes = [first[layer][0].std() for layer in (0, 2, 4)]
    usual = [np.sqrt(2 / fan) for fan in fans]
    assert sizes == pytest.approx([usual[0] / 10, *usual[1:]], rel=0.05)


def test_the_fields_are_those_that_the_book_counts(result: Any) -> None:
    for depth, (size, stride) in enumerate(result.runs[0].fields, 1):
        stack = Sequential(
            *[
                Conv2d(3, 3, kernel, stride=step)
                for kernel, step in list(zip(SETTINGS.kernel_sizes, SETTINGS.strides, strict=True))[
                    :depth
                ]
            ]
        ).on(3, SETTINGS.patch, SETTINGS.patch)
        assert stack.receptive_field.size == size
        assert stack.receptive_field.stride == stride


def test_the_parameters_are_those_that_the_book_counts(result: Any) -> None:
    counted = 24 * (3 * 49 + 1) + 24 * (24 * 9 + 1) + 32 * (24 * 9 + 1) + 7 * 33
    assert network(SETTINGS).parameters == counted
    assert {run.parameters for run in result.runs} == {counted}


def test_pixels_are_standardised_by_one_mean_and_one_deviation_and_grey_stays_grey() -> None:
    seen = scene(SETTINGS, SEED)
    pixels = np.concatenate([each.ravel() for each in seen.photographs])
    assert (pixels.mean(), pixels.std()) == pytest.approx((0, 1), abs=1e-9)
    raw = photograph(PHOTOGRAPHS[0])
    for channel in range(3):
        slope = np.polyfit(raw[channel].ravel(), seen.photographs[0][channel].ravel(), 1)
        assert slope == pytest.approx(np.polyfit(raw[0].ravel(), seen.photographs[0][0].ravel(), 1))


def test_patches_to_probe_are_cut_from_the_squares_for_testing() -> None:
    seen, side, size = scene(SETTINGS, SEED), SETTINGS.square, SETTINGS.patch
    rows = {
        photograph[:, row, left : left + size].tobytes()
        for photograph, squares in zip(seen.photographs, seen.squares, strict=True)
        for top, corner in squares.test
        for row in range(top, top + side)
        for left in range(corner, corner + side - size + 1)
    }
    assert len(seen.probe) == SETTINGS.probed
    for patch in seen.probe:
        assert {patch[:, 0].tobytes(), patch[:, 0, ::-1].tobytes()} & rows


def test_only_one_task_shuffles_colours() -> None:
    seen = scene(SETTINGS, SEED)
    for task, same in ((0, True), (1, False)):
        course = Course(SETTINGS, SEED, task, seen)
        shown, plain = (
            one.patches("test", 70, np.random.default_rng(1))
            for one in (course, Course(SETTINGS, SEED, 0, seen))
        )
        assert np.array_equal(shown.y, plain.y)
        assert np.array_equal(shown.x, plain.x) == same
        assert np.allclose(np.sort(shown.x, axis=1), np.sort(plain.x, axis=1))


def test_kernels_and_places_are_kept_for_one_seed_alone(result: Any) -> None:
    for seed, run in enumerate(result.runs):
        shown = seed == SETTINGS.shown_seed
        assert (len(run.kernels), len(run.places)) == ((3, 3) if shown else (0, 0))


def test_a_rate_is_that_of_the_fewest_validation_patches_wrong(result: Any) -> None:
    for run in result.runs:
        for rate, wrong in zip(run.rates, run.validation_wrong, strict=True):
            assert wrong[SETTINGS.rates.index(rate)] == min(wrong)


def test_all_places_lie_within_their_photographs_and_do_not_overlap(result: Any) -> None:
    run = result.runs[SETTINGS.shown_seed]
    shapes = [photograph(name).shape[1:] for name in PHOTOGRAPHS]
    for model in run.places:
        for (size, stride), units in zip(run.fields, model, strict=True):
            for unit in units:
                for n, row, column in unit:
                    assert row % stride == column % stride == 0
                    assert row + size <= shapes[n][0]
                    assert column + size <= shapes[n][1]
                for (n, row, column), (m, down, across) in pairwise(unit):
                    assert n != m or abs(row - down) >= size or abs(column - across) >= size


def test_means_by_layer_are_those_of_the_units_at_both_ends(result: Any) -> None:
    for run in result.runs:
        for measure in ("colour", "orientation"):
            units = getattr(run, f"unit_{measure}")
            for layer in range(3):
                for task in TASKS:
                    over_time = getattr(run, measure)[task][layer]
                    assert over_time[0] == pytest.approx(np.mean(units[0][layer]), abs=2e-4)
                    assert over_time[-1] == pytest.approx(np.mean(units[task + 1][layer]), abs=2e-4)


# -- what is found


def spread(values: Any) -> tuple[float, float]:
    return float(np.mean(values)), float(2 * np.std(values, ddof=1) / np.sqrt(len(values)))


def three_decimals(wanted: float) -> Any:
    return pytest.approx(wanted, abs=0.0005001)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("layer", [1, 3])
@pytest.mark.parametrize("step", [10, 1600, None])
def test_means_bars_and_paired_changes_are_those_of_the_seeds(
    result: Any, task: int, layer: int, step: int | None
) -> None:
    at = SETTINGS.snapshots.index(step) if step else -1
    numbers = found.findings(
        result.runs, result.settings, task=SETTINGS.tasks[task], layer=layer, step=step
    )
    for measure in ("colour", "orientation"):
        values = np.array([getattr(run, measure)[task] for run in result.runs])
        for key, by_seed in (
            (measure, values[:, layer - 1, at]),
            (f"untrained_{measure}", values[:, layer - 1, 0]),
            (f"{measure}_change", values[:, layer - 1, at] - values[:, layer - 1, 0]),
            (f"{measure}_rise", values[:, 2, at] - values[:, 0, at]),
        ):
            mean, bar = spread(by_seed)
            assert float(numbers[key]) == three_decimals(mean), key
            assert float(numbers[f"{key}_bar"]) == three_decimals(bar), key
    off = spread([run.off_grey[task][at] for run in result.runs])
    assert float(numbers["off_grey"]) == three_decimals(off[0])


@pytest.mark.parametrize("task", TASKS)
def test_errors_are_exact_shares_of_all_test_patches(result: Any, task: int) -> None:
    numbers = found.findings(result.runs, result.settings, task=SETTINGS.tasks[task])
    for way, key in enumerate(("error", "grey_error", "colours_error")):
        wrong = sum(run.wrong[task][way][-1] for run in result.runs)
        assert numbers[key].value == pytest.approx(wrong / (700 * len(result.runs)))
        assert f"{wrong:,} / 7,000" in numbers[key].worked


@pytest.mark.parametrize("layer", [1, 2])
def test_links_are_correlations_within_a_network(result: Any, layer: int) -> None:
    numbers = found.findings(result.runs, result.settings, task=SETTINGS.tasks[1], layer=layer)
    for key, model in (("link", 2), ("untrained_link", 0)):
        by_seed = [
            np.corrcoef(run.unit_colour[model][layer - 1], run.unit_orientation[model][layer - 1])
            for run in result.runs
        ]
        mean, bar = spread([matrix[0, 1] for matrix in by_seed])
        assert float(numbers[key]) == three_decimals(mean)
        assert float(numbers[f"{key}_bar"]) == three_decimals(bar)


def test_units_that_prefer_grey_are_counted_over_all_seeds(result: Any) -> None:
    numbers = found.findings(result.runs, result.settings, layer=1, step=10)
    count = sum(run.prefer_grey[0][0][2] for run in result.runs)
    assert numbers["prefer_grey"].value == pytest.approx(count / (24 * len(result.runs)))
    assert (numbers["units"], numbers["size"], numbers["steps"]) == (24, 7, 10)


def test_curves_are_means_with_two_standard_errors(result: Any) -> None:
    values = np.array([run.colour[1] for run in result.runs])
    by_layer = found.by_layer(result.runs, "colour", 1)
    over_time = found.over_time(result.runs, "colour", 1, 2)
    for curve, columns in ((by_layer, values[:, :, -1]), (over_time, values[:, 2])):
        wanted = [spread(column) for column in columns.T]
        assert curve.values == pytest.approx([mean for mean, _ in wanted])
        assert curve.bars == pytest.approx([bar for _, bar in wanted])


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"task": "colours"}, "task must be one of those measured"),
        ({"layer": 4}, r"layer must be one of those measured \(1, 2, 3\), not 4"),
        ({"step": 7}, "step must be one of those measured"),
    ],
)
def test_what_was_not_measured_is_refused(result: Any, asked: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        found.findings(result.runs, result.settings, **asked)
