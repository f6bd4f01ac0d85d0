"""One dimension: a forecast from 22 lags with 3 shared coefficients, against 22 of their own.

The question. Volatility, how much a price moves in a day, is forecast from its last 22 values.
The heterogeneous autoregression (Corsi 2009) is a convolution kernel with shared weights: lag 1
has one coefficient, lags 2 to 5 share one, lags 6 to 22 share one. When does that beat an
autoregression with 22 coefficients of their own, and when does it lose?

What is compared. Three linear forecasts of the next value, each with an intercept, each fitted by
least squares to the same values:

- unrestricted: 22 coefficients;
- shared: 3 coefficients, for the lags as above;
- dealt: 3 coefficients too, for groups of the same sizes, into which the lags were dealt by
  chance, anew for each seed. It is what shuffled pixels are to an image: the same saving, and no
  neighbourhood. The unrestricted forecast would not notice a shuffle.

Beside them stands the best forecast from 22 lags, whose coefficients are computed from the
autocorrelation of the process. It is not fitted, and nobody has it outside a simulation.

Two processes, both normal with mean 0:

- long memory: fractionally integrated noise, ARFIMA(0, d, 0) with d = 0.4, as the logarithm of
  volatility is often modelled. Its autocorrelation falls so slowly that it has no finite sum. It
  is simulated exactly, by circulant embedding (Davies and Harte 1987);
- one lag: each value is 0.7 times the value 10 earlier, plus noise. Here sharing is wrong, for
  the coefficient of lag 10 has nothing in common with those of its group.

Both have innovations of variance 1, so that no forecast can have an expected squared error below
1.

Data and split. A seed makes one path of each process. Its last 2,000 values are the test; the
models are fitted once, to the last 50, 100, 200, 500, 1,000, 2,000 or 5,000 values before it
(each with the 22 lags that precede it), and forecast each test value one step ahead from the 22
true values before it. The test values are used for nothing else. Least squares has nothing to
tune, so there are no learning rates and no validation set.

Seeds and error bars. 100 seeds. The forecasts of one seed meet the same test values, and are
compared by their differences within each seed; error bars are two standard errors of the mean
over the seeds.

What this is not. It is a simulation: it shows what sharing does where its assumption holds, about
right or not at all, and says nothing of any market.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import gamma

import numpy as np
from numpy.typing import NDArray

from mkdocs_cnn.experiments.declaration import experiment

Array = NDArray[np.float64]
Groups = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Settings:
    """What is simulated and fitted."""

    processes: tuple[str, ...] = ("long memory", "one lag")
    models: tuple[str, ...] = ("best", "unrestricted", "shared", "dealt")  # of the forecasts
    d: float = 0.4  # the order of fractional integration of the process with long memory
    lag: int = 10  # the one lag of the other process
    strength: float = 0.7  # its coefficient
    groups: tuple[tuple[int, int], ...] = ((1, 1), (2, 5), (6, 22))  # first and last lag of each
    lengths: tuple[int, ...] = (50, 100, 200, 500, 1000, 2000, 5000)  # how many values are fitted
    tested: int = 2000  # how many values are forecast
    drawn: int = 200  # the length whose coefficients are kept


@dataclass(frozen=True)
class ForecastRun:
    """What one path of each process gave."""

    # The mean squared error on the test values, for each process, for each length, for each model.
    errors: tuple[tuple[tuple[float, ...], ...], ...]
    # The coefficients of lag 1, 2 … of the unrestricted forecast, fitted to `drawn` values with
    # long memory.
    unrestricted: tuple[float, ...]
    shared: tuple[float, ...]  # the coefficient of each group of the shared one, fitted to the same


@experiment("long-memory", title="Forecasts with shared and with free lags", seeds=100)
def long_memory(settings: Settings, seed: int) -> ForecastRun:
    """Simulate both processes, fit all models to all lengths, forecast."""
    return ForecastRun(
        tuple(_by_length(settings, seed, process) for process in settings.processes),
        *fitted_coefficients(settings, seed),
    )


def _by_length(settings: Settings, seed: int, process: str) -> tuple[tuple[float, ...], ...]:
    return tuple(forecast_errors(settings, seed, process, length) for length in settings.lengths)


def forecast_errors(settings: Settings, seed: int, process: str, length: int) -> tuple[float, ...]:
    """One cell: the mean squared error of each model on one path, fitted to so many values."""
    learned, tested = split(settings, path(settings, seed, process), length)
    chance = np.random.default_rng([seed, len(settings.processes)])
    models = {
        "best": (0.0, best_coefficients(settings, process)),
        "unrestricted": fit(*learned, each_alone(settings)),
        "shared": fit(*learned, grouped(settings)),
        "dealt": fit(*learned, dealt(settings, chance)),
    }
    return tuple(round(squared_error(*tested, *models[name]), 6) for name in settings.models)


def fitted_coefficients(
    settings: Settings, seed: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The coefficients to be drawn: of every lag where all are free, of every group where not."""
    learned, _ = split(settings, path(settings, seed, settings.processes[0]), settings.drawn)
    free = fit(*learned, each_alone(settings))[1]
    shared = fit(*learned, grouped(settings))[1]
    of_groups = (shared[first - 1] for first, _ in settings.groups)
    return _rounded(free), _rounded(of_groups)


def _rounded(coefficients: Iterable[float]) -> tuple[float, ...]:
    return tuple(round(float(one), 4) for one in coefficients)


# -- models


def lag_count(settings: Settings) -> int:
    """How many lags a forecast sees."""
    return settings.groups[-1][1]


def grouped(settings: Settings) -> Groups:
    """The lags of each group that shares a coefficient."""
    return tuple(tuple(range(first, last + 1)) for first, last in settings.groups)


def each_alone(settings: Settings) -> Groups:
    """Every lag a group of its own."""
    return tuple((lag,) for lag in range(1, lag_count(settings) + 1))


def dealt(settings: Settings, rng: np.random.Generator) -> Groups:
    """Groups of the same sizes, with lags dealt by chance."""
    lags = [int(lag) for lag in rng.permutation(lag_count(settings)) + 1]
    return tuple(tuple(sorted(lags[first - 1 : last])) for first, last in settings.groups)


Windows = tuple[Array, Array]


def split(settings: Settings, values: Array, length: int) -> tuple[Windows, Windows]:
    """What a forecast is fitted to and what it is tested on, each as lags and values."""
    past, wanted = windows(values, lag_count(settings))
    end = len(wanted) - settings.tested
    learned, tested = slice(end - length, end), slice(end, None)
    return (past[learned], wanted[learned]), (past[tested], wanted[tested])


def windows(values: Array, lags: int) -> Windows:
    """The lags of every value that has so many before it, the latest first, and these values.

    Of values `(time,)` they are `(time - lags, lags)` and `(time - lags,)`.
    """
    every = np.lib.stride_tricks.sliding_window_view(values, lags + 1)[:, ::-1]
    return every[:, 1:], every[:, 0]


def fit(past: Array, wanted: Array, groups: Groups) -> tuple[float, Array]:
    """The intercept and the coefficient of each lag, by least squares; a group has one in common.

    `past` is `(values, lags)`, lag 1 first; `wanted` is `(values,)`. Each lag is in one group.
    """
    sums = np.stack([past[:, np.array(group) - 1].sum(axis=1) for group in groups], axis=1)
    design = np.column_stack([np.ones(len(sums)), sums])
    constant, *weights = np.linalg.lstsq(design, wanted, rcond=None)[0]
    coefficients = np.zeros(past.shape[1])
    for group, weight in zip(groups, weights, strict=True):
        coefficients[np.array(group) - 1] = weight
    return float(constant), coefficients


def squared_error(past: Array, wanted: Array, constant: float, coefficients: Array) -> float:
    """The mean squared error of a forecast."""
    return float(np.mean((wanted - constant - past @ coefficients) ** 2))


def best_coefficients(settings: Settings, process: str) -> Array:
    """The coefficients of the best linear forecast from the lags, by the Yule–Walker equations."""
    lags = lag_count(settings)
    covariance = autocovariance(settings, process, lags + 1)
    apart = np.abs(np.subtract.outer(np.arange(lags), np.arange(lags)))
    best = np.linalg.solve(covariance[apart], covariance[1:])
    return best.astype(np.float64, copy=False)


# -- processes


def path(settings: Settings, seed: int, process: str) -> Array:
    """As many values of a process as the longest training and the test take, lags included."""
    count = lag_count(settings) + max(settings.lengths) + settings.tested
    rng = np.random.default_rng([seed, settings.processes.index(process)])
    simulate: dict[str, Callable[[], Array]] = {
        "long memory": lambda: embedded(autocovariance(settings, process, count), rng),
        "one lag": lambda: one_lag(settings, count, rng),
    }
    return simulate[process]()


def autocovariance(settings: Settings, process: str, count: int) -> Array:
    """The autocovariance of a process at distance 0, 1 … `count - 1`.

    With innovations of variance 1. That of long memory begins with Γ(1 − 2d) / Γ(1 − d)², and each
    is (k − 1 + d) / (k − d) times the one before (Hosking 1981).
    """
    if process == "one lag":
        steps, between = np.divmod(np.arange(count), settings.lag)
        variance = 1 / (1 - settings.strength**2)
        return np.where(between == 0, variance * settings.strength**steps, 0.0)
    d, k = settings.d, np.arange(1, count)
    variance = gamma(1 - 2 * d) / gamma(1 - d) ** 2
    return np.cumprod(np.concatenate([[variance], (k - 1 + d) / (k - d)]))


def embedded(covariance: Array, rng: np.random.Generator) -> Array:
    """Normal values with exactly this autocovariance `(time,)`, by circulant embedding.

    The values are the beginning of a longer series on a ring, whose covariance matrix the Fourier
    transform makes diagonal.

    Raises:
        ValueError: If there is no such series on a ring.
    """
    ring = np.concatenate([covariance, covariance[-2:0:-1]])
    powers = np.fft.fft(ring).real
    if powers.min() < 0:
        raise ValueError(f"covariance on the ring has a negative eigenvalue, {powers.min():.3g}")
    noise = rng.standard_normal(len(ring)) + 1j * rng.standard_normal(len(ring))
    series: Array = np.fft.fft(np.sqrt(powers / len(ring)) * noise).real
    return series[: len(covariance)]


def one_lag(settings: Settings, count: int, rng: np.random.Generator) -> Array:
    """Values that follow each from the one so many earlier, from the very first on."""
    lag, strength = settings.lag, settings.strength
    values = rng.standard_normal(count)
    values[:lag] /= np.sqrt(1 - strength**2)
    for at in range(lag, count):
        values[at] += strength * values[at - lag]
    return values
