from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest
from scipy.linalg import solve_toeplitz, toeplitz
from scipy.optimize import lsq_linear
from scipy.special import gamma

from mkdocs_cnn.book.experiments.long_memory import findings as found
from mkdocs_cnn.book.experiments.long_memory.run import (
    ForecastRun,
    Settings,
    autocovariance,
    best_coefficients,
    dealt,
    each_alone,
    embedded,
    fit,
    fitted_coefficients,
    forecast_errors,
    grouped,
    one_lag,
    path,
    split,
    squared_error,
    windows,
)
from mkdocs_cnn.experiments.results import outcome

NAME, SETTINGS = "long-memory", Settings()


# -- processes


def test_long_memory_has_the_autocorrelation_that_hosking_gives() -> None:
    d, k = 0.4, np.arange(40)
    covariance = autocovariance(SETTINGS, "long memory", 40)
    wanted = gamma(1 - d) / gamma(d) * gamma(k + d) / gamma(k + 1 - d)
    assert covariance / covariance[0] == pytest.approx(wanted)
    assert covariance[1] / covariance[0] == pytest.approx(d / (1 - d))


def test_its_autocovariance_is_the_fourier_transform_of_its_spectrum() -> None:
    from scipy.integrate import quad

    def spectrum(frequency: float) -> float:
        return float((2 * np.sin(frequency / 2)) ** -0.8)

    for k, covariance in enumerate(autocovariance(SETTINGS, "long memory", 4)):
        area = quad(lambda w, k=k: spectrum(w) * np.cos(w * k), 0, np.pi, limit=200)[0]
        assert covariance == pytest.approx(area / np.pi, rel=1e-4)


def test_simulated_values_have_that_covariance_and_are_as_normal_as_cholesky_makes_them() -> None:
    covariance = autocovariance(SETTINGS, "long memory", 12)
    rng = np.random.default_rng(4)
    paths = np.array([embedded(covariance, rng) for _ in range(20_000)])
    assert paths.T @ paths / len(paths) == pytest.approx(toeplitz(covariance), abs=0.07)
    assert paths.mean(axis=0) == pytest.approx(np.zeros(12), abs=0.05)
    # Whitened by Cholesky's factor they are independent, with the fourth moment of the normal.
    white = np.linalg.solve(np.linalg.cholesky(toeplitz(covariance)), paths.T)
    assert np.cov(white) == pytest.approx(np.eye(12), abs=0.04)
    assert (white**4).mean() == pytest.approx(3, abs=0.05)


def test_a_covariance_that_fits_on_no_ring_is_refused() -> None:
    with pytest.raises(ValueError, match="covariance on the ring has a negative eigenvalue, -1"):
        embedded(np.array([1.0, 1.0, 0.0]), np.random.default_rng(0))


def test_one_lag_follows_from_ten_before_and_is_stationary_from_the_start() -> None:
    rng = np.random.default_rng(2)
    paths = np.array([one_lag(SETTINGS, 35, rng) for _ in range(20_000)])
    covariance = toeplitz(autocovariance(SETTINGS, "one lag", 35))
    assert paths.T @ paths / len(paths) == pytest.approx(covariance, abs=0.08)
    assert covariance[0, [0, 1, 10, 20]] * (1 - 0.49) == pytest.approx([1, 0, 0.7, 0.49])


def test_paths_differ_by_seed_and_process_and_come_again() -> None:
    first = path(SETTINGS, 3, "long memory")
    assert len(first) == 22 + 5000 + 2000
    assert (first == path(SETTINGS, 3, "long memory")).all()
    assert abs(np.corrcoef(first, path(SETTINGS, 4, "long memory"))[0, 1]) < 0.3
    assert abs(np.corrcoef(first, path(SETTINGS, 3, "one lag"))[0, 1]) < 0.3


# -- models


def test_windows_hold_the_latest_value_first() -> None:
    past, wanted = windows(np.arange(6.0), 3)
    assert past.tolist() == [[2, 1, 0], [3, 2, 1], [4, 3, 2]]
    assert wanted.tolist() == [3, 4, 5]


def test_what_is_learned_from_ends_where_the_test_begins() -> None:
    settings = Settings(tested=5)
    learned, tested = split(settings, np.arange(60.0), 7)
    assert learned[1].tolist() == list(range(48, 55))
    assert tested[1].tolist() == list(range(55, 60))
    assert tested[0][0].tolist() == list(range(54, 32, -1))


def test_groups_are_the_heterogeneous_autoregression() -> None:
    assert grouped(SETTINGS) == ((1,), (2, 3, 4, 5), tuple(range(6, 23)))
    assert each_alone(SETTINGS) == tuple((lag,) for lag in range(1, 23))


def test_dealt_groups_are_as_large_and_hold_every_lag_once() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        groups = dealt(SETTINGS, rng)
        assert [len(group) for group in groups] == [1, 4, 17]
        assert sorted(lag for group in groups for lag in group) == list(range(1, 23))
    assert groups != grouped(SETTINGS)


@pytest.fixture(scope="module")
def data() -> Any:
    return windows(path(SETTINGS, 0, "long memory")[:300], 22)


def test_free_lags_are_least_squares_with_an_intercept(data: Any) -> None:
    past, wanted = data
    constant, coefficients = fit(past, wanted, each_alone(SETTINGS))
    oracle = lsq_linear(np.column_stack([np.ones(len(past)), past]), wanted).x
    assert [constant, *coefficients] == pytest.approx(oracle, abs=1e-8)


def test_shared_lags_are_corsis_regression_on_means_of_1_5_and_22_days(data: Any) -> None:
    past, wanted = data
    means = np.column_stack([past[:, :days].mean(axis=1) for days in (1, 5, 22)])
    day, week, month = np.linalg.lstsq(
        np.column_stack([np.ones(len(past)), means]), wanted, rcond=None
    )[0][1:]
    by_lag = [day + week / 5 + month / 22, *[week / 5 + month / 22] * 4, *[month / 22] * 17]
    assert fit(past, wanted, grouped(SETTINGS))[1] == pytest.approx(by_lag, abs=1e-10)


def test_the_best_forecast_solves_yule_and_walker_and_leaves_what_durbin_and_levinson_say() -> None:
    covariance = autocovariance(SETTINGS, "long memory", 23)
    best = best_coefficients(SETTINGS, "long memory")
    assert best == pytest.approx(solve_toeplitz(covariance[:-1], covariance[1:]))
    assert best[-1] == pytest.approx(0.4 / (22 - 0.4))  # the partial autocorrelation of lag k
    left = covariance[0] - best @ covariance[1:]
    assert left == pytest.approx(
        covariance[0] * prod(1 - (0.4 / (k - 0.4)) ** 2 for k in range(1, 23))
    )
    runs = outcome(NAME).runs
    measured = np.mean([run.errors[0][0][0] for run in runs])
    assert measured == pytest.approx(left, abs=0.01)


def test_the_best_forecast_of_one_lag_is_that_lag() -> None:
    wanted = np.zeros(22)
    wanted[9] = 0.7
    assert best_coefficients(SETTINGS, "one lag") == pytest.approx(wanted)


def test_the_squared_error_is_that_of_a_loop(data: Any) -> None:
    past, wanted = data
    coefficients = np.linspace(0.3, 0, 22)
    total = 0.0
    for lags, value in zip(past.tolist(), wanted.tolist(), strict=True):
        forecast = 0.5 + sum(c * lag for c, lag in zip(coefficients.tolist(), lags, strict=True))
        total += (value - forecast) ** 2
    assert squared_error(past, wanted, 0.5, coefficients) == pytest.approx(total / len(wanted))


# -- the result


@pytest.mark.parametrize(
    ("seed", "process", "length"),
    [(0, "long memory", 50), (41, "one lag", 200), (99, "long memory", 1000)],
)
def test_a_cell_run_again_gives_the_result(seed: int, process: str, length: int) -> None:
    result = outcome(NAME)
    settings = result.settings
    errors = result.runs[seed].errors[settings.processes.index(process)]
    kept = errors[settings.lengths.index(length)]
    # Another library's least squares may differ in the last digit that is kept.
    assert forecast_errors(Settings(), seed, process, length) == pytest.approx(kept, abs=2e-6)


def test_coefficients_fitted_again_are_those_kept() -> None:
    free, shared = fitted_coefficients(Settings(), 12)
    kept = outcome(NAME).runs[12]
    assert free == pytest.approx(kept.unrestricted, abs=2e-4)
    assert shared == pytest.approx(kept.shared, abs=2e-4)


def test_no_forecast_is_better_than_the_innovations_allow() -> None:
    errors = np.array([run.errors for run in outcome(NAME).runs])
    assert errors.shape == (100, 2, 7, 4)
    assert (errors.mean(axis=0) > 0.99).all()  # 1, give or take twice its error of 0.003
    assert (errors[..., 1:].mean(axis=0) > errors[..., :1].mean(axis=0)).all()


# -- findings

SMALL = Settings(lengths=(50, 100), drawn=50)


def made(free: tuple[float, float], shared: tuple[float, float]) -> ForecastRun:
    by_length = tuple((1.0, own, one, 3.0) for own, one in zip(free, shared, strict=True))
    return ForecastRun((by_length, by_length[::-1]), (0.0,) * 22, (0.0,) * 3)


RUNS = (made((2.0, 1.2), (1.5, 1.3)), made((1.6, 1.1), (1.7, 1.4)))


def test_findings_are_means_and_differences_within_seeds() -> None:
    numbers = found.findings(RUNS, SMALL, length=50)
    assert (numbers["best"], numbers["unrestricted"], numbers["shared"]) == pytest.approx(
        (1, 1.8, 1.6)
    )
    assert numbers["dealt"] == 3
    assert numbers["saved"] == pytest.approx(0.2)  # of 0.5 and -0.1
    assert numbers["bar"] == pytest.approx(2 * 0.3)
    assert numbers["won"] == 1
    assert found.findings(RUNS, SMALL, length=100)["won"] == 0
    assert numbers["excess_unrestricted"] == pytest.approx(0.8)
    assert (numbers["lags"], numbers["coefficients"]) == (22, 3)


def test_where_free_lags_overtake_is_the_first_length_of_the_last_stretch() -> None:
    assert found.findings(RUNS, SMALL, length=50)["overtaken"] == 100
    assert found.findings(RUNS, SMALL, length=50, process="one lag")["overtaken"] == 0


def test_the_excess_is_above_the_best_of_each_seed() -> None:
    above = found.excess(RUNS, SMALL, "long memory", "shared")
    assert above.values == pytest.approx([0.6, 0.35])
    assert above.bars == pytest.approx([2 * 0.1, 2 * 0.05])


def test_what_was_not_simulated_is_refused() -> None:
    with pytest.raises(ValueError, match=r"length must be one of \(50, 100\), not 51"):
        found.findings(RUNS, SMALL, length=51)
    with pytest.raises(ValueError, match=r"process must be one of .*, not 'chaos'"):
        found.findings(RUNS, SMALL, length=50, process="chaos")
