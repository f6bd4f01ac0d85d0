"""What pages and figures take from the forecasts with shared and with free lags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mkdocs_cnn import experiments
from mkdocs_cnn.experiments.statistics import (
    Means,
    bar,
    differences,
    mean,
    means,
    measured,
    place_of,
)
from mkdocs_cnn.quantities.quantity import Quantity

if TYPE_CHECKING:
    from mkdocs_cnn.book.experiments.long_memory.run import ForecastRun, Settings

Runs = Sequence["ForecastRun"]


@experiments.findings("long-memory")
def findings(
    runs: Runs, settings: Settings, *, length: int = 200, process: str = "long memory"
) -> dict[str, Quantity]:
    """The numbers of one process, the models fitted to so many values.

    Gives the mean squared error of each model, `best`, `unrestricted`, `shared` and `dealt`;
    `saved`, by how much the unrestricted error is above the shared one, with its `bar`; `won`, the
    seeds in which it is; `excess_unrestricted` and `excess_shared`, above the best; `lags`,
    `coefficients`, `tested` values, and `overtaken`, the first length from which on unrestricted is
    below shared on average, 0 if it never is.

    Raises:
        ValueError: If this length or this process was not simulated.
    """
    at = place_of(length, settings.lengths, "length")
    place_of(process, settings.processes, "process")
    by_model = {model: errors(runs, settings, process, model)[at] for model in settings.models}
    return {
        **_means(by_model),
        **_differences(by_model),
        **_sizes(settings),
        "overtaken": _overtaken(runs, settings, process),
    }


def errors(runs: Runs, settings: Settings, process: str, model: str) -> list[list[float]]:
    """The mean squared error of a model, for each length, for each seed."""
    first, last = settings.processes.index(process), settings.models.index(model)
    by_length = zip(*(run.errors[first] for run in runs), strict=True)
    return [[by_model[last] for by_model in seeds] for seeds in by_length]


def excess(runs: Runs, settings: Settings, process: str, model: str) -> Means:
    """By how much a model's error is above the best forecast's, for each length."""
    own, best = (errors(runs, settings, process, name) for name in (model, "best"))
    pairs = zip(own, best, strict=True)
    return means(list(zip(*(differences(*pair) for pair in pairs), strict=True)))


def _means(by_model: dict[str, list[float]]) -> dict[str, Quantity]:
    return {
        model: measured(mean(seeds), f"squared error, {model}", digits=4)
        for model, seeds in by_model.items()
    }


def _differences(by_model: dict[str, list[float]]) -> dict[str, Quantity]:
    saved = differences(by_model["unrestricted"], by_model["shared"])
    own, one = (
        differences(by_model[model], by_model["best"]) for model in ("unrestricted", "shared")
    )
    return {
        "saved": measured(mean(saved), "squared error, unrestricted less shared", digits=2),
        "bar": measured(bar(saved), "two standard errors of that difference", digits=2),
        "won": Quantity(sum(d > 0 for d in saved), "seed", name="seeds in which shared is better"),
        "excess_unrestricted": measured(mean(own), "squared error, unrestricted less best"),
        "excess_shared": measured(mean(one), "squared error, shared less best"),
    }


def _sizes(settings: Settings) -> dict[str, Quantity]:
    lags, groups = settings.groups[-1][1], len(settings.groups)
    return {
        "lags": Quantity(lags, "lag", name="lags"),
        "coefficients": Quantity(groups, "coefficient", name="free coefficients"),
        "tested": Quantity(settings.tested, "value", name="values forecast"),
    }


def _overtaken(runs: Runs, settings: Settings, process: str) -> Quantity:
    own, one = (
        [mean(seeds) for seeds in errors(runs, settings, process, model)]
        for model in ("unrestricted", "shared")
    )
    since = 0
    for length, free, shared in zip(settings.lengths, own, one, strict=True):
        since = (since or length) if free < shared else 0
    return Quantity(since, "value", name="length from which on unrestricted is better on average")
