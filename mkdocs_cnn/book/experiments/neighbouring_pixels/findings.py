"""What pages and figures take from the correlation of pixels by their distance."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import TYPE_CHECKING

from mkdocs_cnn import experiments
from mkdocs_cnn.experiments.statistics import Means, mean, means, measured
from mkdocs_cnn.quantities.quantity import Quantity

if TYPE_CHECKING:
    from mkdocs_cnn.book.experiments.neighbouring_pixels.run import PhotographRun, Settings

Runs = Sequence["PhotographRun"]


@experiments.findings("neighbouring-pixels")
def findings(runs: Runs, settings: Settings, *, distance: int = 1) -> dict[str, Quantity]:
    """The numbers at one distance.

    Gives `correlation` with its `bar`, `least` and `most` of the photographs, `across` and `down`,
    `shuffled`, `noise`, `series` (an autoregressive one of order one), `explained` and
    `explained_shuffled` where eight pixels at this distance were asked, and, whatever the distance,
    `photographs`, `farthest_from_zero`, `half`, `close`, `close_shuffled`.

    Raises:
        ValueError: If this distance was not measured.
    """
    if not 0 <= distance <= settings.farthest:
        raise ValueError(f"distance must be from 0 to {settings.farthest}, not {distance}")
    return {
        **_at(runs, distance),
        **_explained(runs, settings, distance),
        **_whatever(runs, settings),
    }


def correlations(runs: Runs) -> Means:
    """The correlation of two pixels at distance 0, 1, 2 …."""
    return means([correlation(run) for run in runs])


def series(runs: Runs) -> Means:
    """The correlation in an autoregressive series whose neighbours are as alike as the pixels."""
    by_run = [correlation(run) for run in runs]
    return means([[curve[1] ** d for d in range(len(curve))] for curve in by_run])


def explained(runs: Runs) -> Means:
    """The share of a pixel's variance that eight others explain, for each of the distances."""
    return means([run.explained for run in runs])


def correlation(run: PhotographRun) -> list[float]:
    """The correlation in one photograph, the mean of both directions."""
    return [fmean(both) for both in zip(run.across, run.down, strict=True)]


def _at(runs: Runs, d: int) -> dict[str, Quantity]:
    curve = correlations(runs)
    each = [correlation(run)[d] for run in runs]
    numbers = {
        "correlation": (curve.values[d], "correlation of pixels, mean over the photographs"),
        "bar": (curve.bars[d], "two standard errors of the correlation"),
        "least": (min(each), "correlation of pixels in the photograph where it is lowest"),
        "most": (max(each), "correlation of pixels in the photograph where it is highest"),
        "across": (mean([run.across[d] for run in runs]), "correlation along the rows"),
        "down": (mean([run.down[d] for run in runs]), "correlation along the columns"),
        "shuffled": (mean([run.shuffled[d] for run in runs]), "correlation of shuffled pixels"),
        "noise": (mean([run.noise[d] for run in runs]), "correlation of noise"),
        "series": (series(runs).values[d], "correlation in an autoregressive series"),
    }
    return {key: measured(value, f"{name}, {d} apart") for key, (value, name) in numbers.items()}


def _explained(runs: Runs, settings: Settings, distance: int) -> dict[str, Quantity]:
    if distance not in settings.groups:
        return {}
    at = settings.groups.index(distance)
    share, shuffled = explained(runs), mean([run.explained_shuffled[at] for run in runs])
    name = f"share of the variance that eight pixels explain, {distance} apart"
    return {
        "explained": measured(share.values[at], name),
        "explained_bar": measured(share.bars[at], f"two standard errors: {name}"),
        "explained_least": measured(
            min(run.explained[at] for run in runs), f"in the photograph where it is lowest: {name}"
        ),
        "explained_shuffled": measured(shuffled, f"shuffled pixels: {name}"),
    }


def _whatever(runs: Runs, settings: Settings) -> dict[str, Quantity]:
    farthest = max(run.farthest_from_zero for run in runs)
    shuffles = Quantity(settings.shuffles, name="shuffles")
    pairs = Quantity(sum(run.neighbours for run in runs), "pair", name="pairs of neighbours")
    close = Quantity(sum(run.close for run in runs), "pair", name="pairs that are close")
    close_shuffled = sum(run.close_shuffled for run in runs)
    by_chance = Quantity(close_shuffled, "pair", name="pairs of shuffled that are close")
    share = "share of {}neighbours that are close"
    return {
        "photographs": Quantity(len(runs), "photograph", name="photographs"),
        "farthest_from_zero": measured(farthest, "correlation of shuffled pixels, the largest"),
        "half": _first_below_half(runs),
        "close": (close / pairs).named(share.format("")),
        "close_shuffled": (by_chance / (pairs * shuffles)).named(share.format("shuffled ")),
        **_nearest_is_best(runs, settings),
    }


def _first_below_half(runs: Runs) -> Quantity:
    values = correlations(runs).values
    first = next(d for d, value in enumerate(values) if value < 1 / 2)
    return Quantity(first, "pixel", name="distance from which on the correlation is below a half")


def _nearest_is_best(runs: Runs, settings: Settings) -> dict[str, Quantity]:
    """In how many photographs the nearest eight explain more than any others, or than distant.

    Distant is 8 pixels or further. That was drawn when the results were known; the first of the two
    counts needs no line.
    """
    distant = [at for at, distance in enumerate(settings.groups) if distance >= 8]
    best = sum(run.explained[0] == max(run.explained) for run in runs)
    better = sum(run.explained[0] > max(run.explained[at] for at in distant) for run in runs)
    name = "photographs where the nearest eight explain "
    further = f"{name}more than any at 8 or further"
    return {
        "nearest_best": Quantity(best, "photograph", name=f"{name}most of all"),
        "nearest_over_distant": Quantity(better, "photograph", name=further),
    }
