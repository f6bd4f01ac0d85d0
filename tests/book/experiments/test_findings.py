"""What pages take from results, by hand and against SciPy."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.stats import sem

from mkdocs_cnn.book.experiments.absolute_position import findings as positions
from mkdocs_cnn.book.experiments.absolute_position import run as absolute_position
from mkdocs_cnn.book.experiments.overfitting import findings as overfitted
from mkdocs_cnn.book.experiments.overfitting import run as overfitting
from mkdocs_cnn.book.experiments.sample_efficiency import findings as samples
from mkdocs_cnn.book.experiments.sample_efficiency import run as sample_efficiency
from mkdocs_cnn.book.experiments.shifted_digits import findings as shifted
from mkdocs_cnn.book.experiments.shifted_digits import run as shifted_digits
from mkdocs_cnn.book.experiments.unordered_columns import findings as columns
from mkdocs_cnn.book.experiments.unordered_columns import run as unordered_columns
from mkdocs_cnn.experiments.statistics import bar, curve, difference, mean, share, standard_error


def test_spread_is_scipys() -> None:
    values = [0.31, 0.25, 0.28, 0.4]
    assert mean(values) == pytest.approx(np.mean(values))
    assert standard_error(values) == pytest.approx(sem(values))
    assert bar(values) == pytest.approx(2 * sem(values))
    with pytest.raises(ValueError, match="at least two"):
        standard_error([1.0])


def test_a_share_counts_all_seeds_together() -> None:
    found = share([3, 5, 1], 20, "test error")
    assert found.value == Fraction(9, 60)
    assert found.worked == "9 / 60 = 0.15"
    assert found.name == "test error"


def test_a_difference_is_taken_within_each_seed() -> None:
    larger, half = difference([30, 50, 70], [20, 42, 60], 100, "difference")
    assert larger.value == Fraction(150 - 122, 300)
    assert float(half) == pytest.approx(2 * sem([0.10, 0.08, 0.10]), rel=0.005)
    alike, none = difference([30, 50, 70], [20, 40, 60], 100, "difference")
    assert (float(alike), float(none)) == (0.1, pytest.approx(0, abs=1e-12))


def test_a_curve_has_a_mean_and_a_bar_at_each_place() -> None:
    means, bars = curve([(10, 20), (30, 22)], 100)
    assert means == pytest.approx([0.2, 0.21])
    assert bars == pytest.approx([2 * sem([0.1, 0.3]), 2 * sem([0.2, 0.22])])


def test_sample_efficiency_by_hand() -> None:
    settings = sample_efficiency.Settings(sizes=(10, 100))
    runs = [
        sample_efficiency.SampleEfficiencyRun(
            wrong=(digits, shuffled), rates=(), tested=100, parameters=(1, 2, 3, 4), shown=()
        )
        for digits, shuffled in (
            (((50, 30), (40, 20), (40, 10), (9, 16)), ((50, 31), (45, 30), (60, 33), (9, 9))),
            (((52, 34), (40, 22), (40, 12), (9, 18)), ((50, 31), (45, 30), (60, 35), (9, 9))),
        )
    ]
    found = samples.findings(runs, settings, digits=100)
    assert [found[name].value for name in ("dense", "local", "convolution")] == [
        Fraction(64, 200),
        Fraction(42, 200),
        Fraction(22, 200),
    ]
    assert found["advantage"].value == Fraction(42, 200)
    assert found["advantage_bar"].value == Fraction(2, 100)  # 2 · 0.01414 / √2
    assert found["shared_advantage"].value == Fraction(20, 200)
    assert found["pooled_twice"].value == Fraction(34, 200)
    assert found["pooled_loss"].value == Fraction(34 - 64, 200)
    assert found["pooled_loss_bar"].value == Fraction(2, 100)
    assert found["pooled_advantage"].value == Fraction(34 - 22, 200)
    assert found["parameters_pooled_twice"] == 4
    assert found["shuffled_advantage"].value == Fraction(62 - 68, 200)
    assert found["shuffled_dense"].worked == "62 / 200 = 0.31"
    assert [found[f"parameters_{name}"].value for name in ("dense", "local", "convolution")] == [
        1,
        2,
        3,
    ]
    means, _ = samples.errors(runs, settings, "shuffled", "local")
    assert means == pytest.approx([0.45, 0.30])
    with pytest.raises(ValueError, match=r"digits must be one of \(10, 100\), not 20"):
        samples.findings(runs, settings, digits=20)


def test_overfitting_by_hand() -> None:
    settings = overfitting.Settings(widths=((4, 64), (4,), (16,)), digits=50, test=100)
    runs = [
        overfitting.OverfittingRun(
            train_wrong=((9, 1), (0,), (2,)),
            test_wrong=((60, wrong), (20,), (10,)),
            rates=(),
            parameters=((310, 2410), (4026,), (3130,)),
        )
        for wrong in (30, 34)
    ]
    found = overfitted.findings(runs, settings)
    assert found["dense_test"].value == Fraction(64, 200)
    assert found["dense_train"].value == Fraction(2, 100)
    assert found["convolution_train"].value == Fraction(4, 100)
    assert found["advantage"].value == Fraction(44, 200)
    assert (found["dense_parameters"], found["local_parameters"]) == (2410, 4026)
    assert overfitted.findings(runs, settings, dense=4)["dense_test"].value == Fraction(120, 200)
    counts, means, bars = overfitted.errors(runs, settings, "test", "dense")
    assert (counts, means) == ((310, 2410), pytest.approx([0.6, 0.32]))
    assert bars == pytest.approx([0, 2 * sem([0.3, 0.34])])
    with pytest.raises(ValueError, match="local must be one of the widths"):
        overfitted.findings(runs, settings, local=5)


def test_absolute_position_by_hand() -> None:
    settings = absolute_position.Settings(sizes=(100, 1000))
    runs = [
        absolute_position.AbsolutePositionRun(
            wrong=((9, 8), (7, 6), (5, 4), (50, extra), (75, 76)), tested=100, parameters=()
        )
        for extra in (40, 44)
    ]
    found = positions.findings(runs, settings, canvases=1000)
    names = ("dense", "local", "convolution_dense", "zeros_pooled", "ring_pooled")
    assert [float(found[name]) for name in names] == [0.08, 0.06, 0.04, 0.42, 0.76]
    assert found["zeros_pooled_bar"].value == Fraction(4, 100)
    assert found["chance"].value == Fraction(3, 4)
    with pytest.raises(ValueError, match=r"canvases must be one of \(100, 1000\), not 10"):
        positions.findings(runs, settings, canvases=10)


def test_unordered_columns_by_hand() -> None:
    runs = [
        unordered_columns.UnorderedColumnsRun(
            wrong=((40, 35, 10), (8, 14 + more, 44), (4, 4, 8)),
            tested=100,
            parameters=(794, 650, 250),
        )
        for more in (0, 2)
    ]
    settings = unordered_columns.Settings()
    found = columns.findings(runs, settings, table="sums")
    assert [found[name].value for name in ("dense", "convolution", "pooled")] == [
        Fraction(8, 100),
        Fraction(30, 200),
        Fraction(44, 100),
    ]
    assert (found["loss"].value, found["loss_bar"].value) == (Fraction(14, 200), Fraction(2, 100))
    assert found["pooled_loss"].value == Fraction(36, 100)
    assert (found["rows"], found["parameters_pooled"]) == (200, 250)
    assert columns.errors(runs, settings, "series")[0] == pytest.approx([0.4, 0.35, 0.1])
    with pytest.raises(ValueError, match="table must be one of series, sums, cells, not 'wine'"):
        columns.findings(runs, settings, table="wine")


def test_shifted_digits_by_hand() -> None:
    settings = shifted_digits.Settings(shifts=(0, 1))
    tables = tuple((n, 10 * n + 5) for n in range(1, 6)), tuple((0, n) for n in range(1, 6))
    runs = [shifted_digits.ShiftedDigitsRun(*tables, tested=100, parameters=(1, 2, 3, 4, 5))] * 2
    found = shifted.findings(runs, settings, by=1)
    names = ("dense", "places", "places_blur", "pooled", "pooled_blur")
    assert [float(found[name]) for name in names] == [0.15, 0.25, 0.35, 0.45, 0.55]
    assert [float(found[f"{name}_changed"]) for name in names] == [0.01, 0.02, 0.03, 0.04, 0.05]
    assert found["parameters_places_blur"] == 3
    assert shifted.errors(runs, settings, "pooled") == (pytest.approx([0.04, 0.45]), [0, 0])
    with pytest.raises(ValueError, match=r"by must be one of \(0, 1\), not 9"):
        shifted.findings(runs, settings, by=9)
