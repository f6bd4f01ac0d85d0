"""Small slices of the experiments that train, run again and compared with their results.

Another machine may add in another order. A difference of two answers is allowed for that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from mkdocs_cnn.book.experiments.absolute_position import run as absolute_position
from mkdocs_cnn.book.experiments.overfitting import run as overfitting
from mkdocs_cnn.book.experiments.sample_efficiency import run as sample_efficiency
from mkdocs_cnn.book.experiments.shifted_digits import run as shifted_digits
from mkdocs_cnn.book.experiments.unordered_columns import run as unordered_columns
from mkdocs_cnn.experiments.results import outcome

ROUNDING = 2


def again(experiment: str, seed: int, make: Callable[[Any], Any]) -> tuple[Any, Any, Any]:
    """A slice run again, the run that is kept, and the settings of both."""
    kept = outcome(experiment)
    with threadpool_limits(limits=1):
        return make(kept.settings), kept.runs[seed], kept.settings


@pytest.mark.parametrize(
    ("task", "family", "size"), [("digits", "convolution", 20), ("shuffled", "dense", 1000)]
)
def test_sample_efficiency(task: str, family: str, size: int) -> None:
    cell, run, settings = again(
        "sample-efficiency", 3, lambda s: sample_efficiency.cell(s, 3, task, family, size)
    )
    where = settings.tasks.index(task), settings.networks.index(family), settings.sizes.index(size)
    assert cell.wrong == pytest.approx(np.array(run.wrong)[where], abs=ROUNDING)
    assert cell.rate == np.array(run.rates)[where]


@pytest.mark.parametrize(("family", "width"), [("dense", 32), ("convolution", 4)])
def test_overfitting(family: str, width: int) -> None:
    cell, run, settings = again("overfitting", 5, lambda s: overfitting.cell(s, 5, family, width))
    which = settings.families.index(family)
    place = settings.widths[which].index(width)
    assert cell.test_wrong == pytest.approx(run.test_wrong[which][place], abs=ROUNDING)
    assert cell.train_wrong == pytest.approx(run.train_wrong[which][place], abs=ROUNDING)


@pytest.mark.parametrize("name", ["dense", "convolution-dense"])
def test_absolute_position(name: str) -> None:
    wrong, run, settings = again(
        "absolute-position", 2, lambda s: absolute_position.cell(s, 2, name, 100)
    )
    assert wrong == pytest.approx(run.wrong[settings.networks.index(name)][0], abs=ROUNDING)


@pytest.mark.parametrize("table", unordered_columns.Settings().tables)
def test_unordered_columns(table: str) -> None:
    wrong, run, settings = again(
        "unordered-columns", 7, lambda s: unordered_columns.cell(s, 7, table, "dense")
    )
    assert wrong == pytest.approx(run.wrong[settings.tables.index(table)][0], abs=ROUNDING)


def test_shifted_digits() -> None:
    answers, run, _ = again(
        "shifted-digits", 1, lambda s: shifted_digits.cell(s, 1, "dense", (0, 3))
    )
    for shift, wrong, changed in zip((0, 3), answers.wrong, answers.changed, strict=True):
        assert wrong == pytest.approx(run.wrong[0][shift], abs=4 * ROUNDING)  # four directions
        assert changed == pytest.approx(run.changed[0][shift], abs=4 * ROUNDING)
    assert answers.changed[0] == 0


# -- what each task asks, by other means


def test_a_dense_network_cannot_notice_that_pixels_were_shuffled() -> None:
    # Its first weights shuffled likewise, every step is the same; the curves are alike for it.
    from mkdocs_cnn.book.experiments.inputs.digits import digits
    from mkdocs_cnn.experiments.neural.families import network

    some = digits()[:40]
    order = np.random.default_rng(64).permutation(64)
    net = network("dense", 8)
    (weight, bias), middle, last = net.initial(np.random.default_rng(0))
    moved = ((weight[:, order], bias), middle, last)
    plain = net(((weight, bias), middle, last), some.x)
    assert np.allclose(net(moved, sample_efficiency.shuffle_pixels(some, 64).x), plain)


def test_the_label_of_a_canvas_is_the_quarter_of_its_brightest_window() -> None:
    settings = absolute_position.Settings(noise=0.01)
    made = absolute_position.canvases(settings, np.random.default_rng(0), 200)
    assert set(made.y) == {0, 1, 2, 3}
    for canvas, label in zip(made.x[:, 0], made.y, strict=True):
        windows = np.lib.stride_tricks.sliding_window_view(canvas, (3, 3)).sum(axis=(2, 3))
        row, column = np.unravel_index(windows.argmax(), windows.shape)
        assert label == 2 * (row + 1 >= 6) + (column + 1 >= 6)


def test_a_pooled_convolution_on_a_ring_gives_one_answer_wherever_the_square_is() -> None:
    settings = absolute_position.Settings()
    x = np.random.default_rng(1).normal(size=(4, 1, 12, 12))
    moved = np.roll(x, (5, 3), axis=(2, 3))
    for name, same in (("ring-pooled", True), ("zeros-pooled", False), ("dense", False)):
        net = absolute_position.network(settings, name)
        weights = net.initial(np.random.default_rng(2))
        assert np.allclose(net(weights, x), net(weights, moved)) == same


def test_the_answer_of_a_sum_is_linear_in_the_columns_and_their_order_is_drawn() -> None:
    settings = unordered_columns.Settings()
    x, y = unordered_columns.rows(settings, 0, "sums")
    assert x.shape == (550, 30)
    weights = np.linalg.lstsq(x, 2.0 * y - 1, rcond=None)[0]
    assert ((x @ weights > 0) == y).mean() > 0.95
    other, _ = unordered_columns.rows(settings, 1, "sums")
    assert not np.allclose(x, other)


def test_a_series_holds_a_ramp_that_rises_or_falls() -> None:
    x, y = unordered_columns.rows(unordered_columns.Settings(noise=0.01), 2, "series")
    for row, falls in zip(x, y, strict=True):
        place = np.abs(row).argmax()
        first = np.abs(row) > 1.3  # the two ends of the ramp
        assert first.sum() == 2
        ends = np.flatnonzero(first)
        assert ends[1] - ends[0] == 4
        assert place in ends
        assert (row[ends[0]] > row[ends[1]]) == falls


def test_the_cells_are_those_of_scikit_learn_with_columns_in_another_order() -> None:
    from sklearn.datasets import load_breast_cancer

    table = load_breast_cancer()
    x, y = unordered_columns.rows(unordered_columns.Settings(), 3, "cells")
    assert x.shape == (550, 30)
    by_row = {
        tuple(sorted(row)): label for row, label in zip(table.data, table.target, strict=True)
    }
    assert all(by_row[tuple(sorted(row))] == label for row, label in zip(x, y, strict=True))
    totals = {tuple(sorted(column)) for column in table.data.T}
    assert len(totals) == 30


def test_a_moved_digit_is_the_digit_moved() -> None:
    x = np.random.default_rng(5).random((3, 1, 8, 8))
    middle = shifted_digits.place_on_canvas(x, 20)
    assert np.array_equal(middle[:, :, 6:14, 6:14], x)
    assert middle.sum() == pytest.approx(x.sum() + (400 - 64) * 3 * x.min())
    for by in ((6, 0), (-6, 0), (0, 3), (-2, -5)):
        moved = shifted_digits.place_on_canvas(x, 20, by)
        assert np.array_equal(moved, np.roll(middle, by, axis=(2, 3)))
    with pytest.raises(ValueError, match="moved by \\(7, 0\\) leaves a canvas of 20"):
        shifted_digits.place_on_canvas(x, 20, (7, 0))


def test_a_shift_by_the_whole_stride_changes_no_answer_of_a_pooled_network() -> None:
    # Away from the border the stride of four is exactly equivariant, and the mean forgets where.
    settings = shifted_digits.Settings()
    x = np.zeros((5, 1, 8, 8))  # paper is 0, so that padding is paper
    x[:, :, 1:-1, 1:-1] = np.random.default_rng(6).random((5, 1, 6, 6))
    net = shifted_digits.network(settings, "pooled")
    weights = net.initial(np.random.default_rng(7))
    middle, down, left, half = (
        net(weights, shifted_digits.place_on_canvas(x, 20, by))
        for by in ((0, 0), (4, 0), (0, -4), (2, 0))
    )
    assert np.allclose(middle, down)
    assert np.allclose(middle, left)
    assert not np.allclose(middle, half)
