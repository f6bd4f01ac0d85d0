from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.linalg import solve_toeplitz
from scipy.special import gamma

from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.figures.declaration import find_figure

KERNEL, ERRORS = "kernel-by-lag", "forecast-error-by-length"
RESULT = outcome("long-memory")
RUNS, LENGTHS = RESULT.runs, RESULT.settings.lengths


def test_dots_are_the_best_coefficients_of_long_memory(drawn: Any) -> None:
    dots = drawn(KERNEL).axes[0].lines[-1].get_xydata()
    k, d = np.arange(23), 0.4
    covariance = gamma(k + d) / gamma(k + 1 - d)
    assert dots[:, 0].tolist() == list(range(1, 23))
    assert dots[:, 1] == pytest.approx(solve_toeplitz(covariance[:-1], covariance[1:]))


def test_bars_reach_one_standard_deviation_to_each_side_of_the_mean(drawn: Any) -> None:
    segments = drawn(KERNEL).axes[0].collections[0].get_segments()
    free = np.array([run.unrestricted for run in RUNS])
    wanted = free.mean(axis=0) + np.outer([-1, 1], free.std(axis=0, ddof=1))
    assert pytest.approx(wanted) == np.array(segments)[:, :, 1].T


def test_steps_are_three_from_lag_1_2_and_6_on(drawn: Any) -> None:
    values, edges, _ = drawn(KERNEL).axes[0].patches[0].get_data()
    first, second, third = np.mean([run.shared for run in RUNS], axis=0)
    assert values == pytest.approx([first] + [second] * 4 + [third] * 17)
    assert edges.tolist() == [lag - 0.5 for lag in range(1, 24)]


def test_errors_are_above_the_best_of_the_same_seed(drawn: Any) -> None:
    errors = np.array([run.errors for run in RUNS])
    above = errors[..., 1:] - errors[..., :1]
    for process, axes in enumerate(drawn(ERRORS).axes):
        for model, container in enumerate(axes.containers):
            line, _, (bars,) = container
            seeds = above[:, process, :, model]
            assert line.get_xdata().tolist() == list(LENGTHS)
            assert line.get_ydata() == pytest.approx(seeds.mean(axis=0))
            ends = np.array(bars.get_segments())[:, :, 1]
            half = 2 * seeds.std(axis=0, ddof=1) / 10
            assert np.diff(ends)[:, 0] / 2 == pytest.approx(half)


def test_panels_share_their_scale_and_differ_in_line_and_colour(drawn: Any) -> None:
    for medium in ("page", "slide"):
        left, right = drawn(ERRORS, medium).axes
        assert left.get_ylim() == right.get_ylim()
        drawn_as = {(line.get_color(), str(line.get_linestyle())) for line in left.lines}
        assert len(drawn_as) == 3


def test_words_say_what_is_drawn() -> None:
    errors = np.array([run.errors for run in RUNS]).mean(axis=0)
    at = LENGTHS.index(200)
    caption = find_figure(ERRORS).words("caption").text
    shared, free = errors[0, at, 2] - errors[0, at, 0], errors[0, at, 1] - errors[0, at, 0]
    assert (
        f"3 shared coefficients are {shared:.2f} above the best, 22 of their own {free:.1f};"
        in caption
    )
    assert "from 5,000 values on the free ones are ahead" in caption
    assert "over 100 seeds" in caption
    alt = find_figure(ERRORS).words("alt").text
    assert "one lag, shared: " in alt
    kernel = find_figure(KERNEL).words("alt").text
    assert "The shared kernel has 3 steps" in kernel
    assert "at lags 2 to 5" in kernel
    assert "at lags 6 to 22" in kernel
    assert "from 200 values" in find_figure(KERNEL).words("caption").text
