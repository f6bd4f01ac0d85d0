"""Figures of how alike two pixels are, by the distance between them."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.neighbouring_pixels.findings import (
    correlation,
    correlations,
    explained,
    findings,
    series,
)
from mkdocs_cnn.experiments.results import Outcome
from mkdocs_cnn.experiments.statistics import means
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import label, name_axes, plain_ticks
from mkdocs_cnn.figures.parts.stage import STROKES
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words, fill


def _at(outcome: Outcome, distances: Sequence[int]) -> dict[int, dict[str, Quantity]]:
    return {d: findings(outcome.runs, outcome.settings, distance=d) for d in distances}


def _each(numbers: dict[int, dict[str, Quantity]], key: str) -> list[Words]:
    """A number at each distance: "0.8 at 1"."""
    return [fill("{n} at {d}", {"n": at[key], "d": distance}) for distance, at in numbers.items()]


# -- the correlation of two pixels

_NAMED = (1, 2, 4, 8, 16, 32, 60)  # distances


def _correlation(outcome: Outcome) -> Facts:
    """The correlation by distance: in each photograph, their mean, the series, shuffled pixels."""
    runs, numbers = outcome.runs, _at(outcome, _NAMED)
    return {
        "near": numbers[1],
        "far": numbers[outcome.settings.farthest],
        "numbers": _each(numbers, "correlation"),
        "each": [correlation(run) for run in runs],
        "mean": correlations(runs),
        "series": series(runs).values,
        "shuffled": means([run.shuffled for run in runs]).values,
    }


@figure(
    "correlation-by-distance",
    title="Neighbouring pixels are alike",
    facts=_correlation,
    caption="""How alike the grey values of two pixels are, by the distance between them: the mean
        of {near[photographs]} photographs (thick, with a band of two standard errors over them) and
        each (thin). Neighbours have a correlation of {near[correlation]}. The dashed line is what
        an autoregressive series of order one would have if its neighbours were as alike: at
        {settings.farthest} pixels {far[series]}, where the photographs have {far[correlation]}.
        Shuffled, the same pixels have none left.""",
    alt="""Correlation against distance in pixels, from {0} to {settings.farthest}. The mean of the
        photographs falls from {1} at distance {0}: {numbers:, }. Single photographs lie from
        {far[least]} to {far[most]} at the far end. The dashed series begins like the photographs
        and ends at {far[series]}. Shuffled pixels stay within {far[farthest_from_zero]} of zero, on
        the axis.""",
    aspect=0.85,
    rests_on=("neighbouring-pixels",),
)
def correlation_by_distance(fig: Figure, look: Look, facts: Facts) -> None:
    """The mean with its band, each photograph, the series, and shuffled pixels."""
    palette, axes = look.palette, fig.add_subplot()
    distances = range(len(facts["series"]))
    _draw_photographs(axes, look, distances, facts)
    axes.plot(facts["series"], color=palette.sparse, ls=STROKES[1])
    axes.plot(facts["shuffled"], color=palette.ring, ls=STROKES[2])
    label(axes, look, (43, 0.4), "photographs", palette.ink)
    label(axes, look, (35, 0.045), "series of order one", palette.sparse)
    label(axes, look, (2.5, -0.055), "shuffled pixels", palette.ring)
    axes.set(xlim=(0, max(distances)), ylim=(-0.12, 1))
    name_axes(axes, look, "distance in pixels", "correlation of two grey values")


# -- eight pixels together


def _explained(outcome: Outcome) -> Facts:
    """The share of a pixel's variance that eight others explain, by their distance."""
    runs, numbers = outcome.runs, _at(outcome, outcome.settings.groups)
    return {
        "near": numbers[1],
        "distant": numbers[16],
        "numbers": _each(numbers, "explained"),
        "each": [run.explained for run in runs],
        "mean": explained(runs),
        "shuffled": means([run.explained_shuffled for run in runs]).values,
    }


@figure(
    "explained-by-eight",
    title="What eight pixels say of one",
    facts=_explained,
    caption="""How much of a pixel's variance eight others explain together, in the best linear
        prediction, by their distance: thick the mean of {near[photographs]} photographs with a band
        of two standard errors over them, thin each of them. The eight neighbours explain
        {near[explained]}; eight pixels {16} away {distant[explained]}. The axis of distances is
        logarithmic. Shuffled pixels explain {near[explained_shuffled]}.""",
    alt="""Share of the variance against distance: {numbers:, }. Single photographs lie below and
        above; in {near[nearest_best]} of {near[photographs]} the nearest eight explain more than
        eight at any other distance. Shuffled pixels lie on the axis.""",
    aspect=0.8,
    rests_on=("neighbouring-pixels",),
)
def explained_by_eight(fig: Figure, look: Look, facts: Facts) -> None:
    """The share of a pixel's variance that a group explains, against the group's distance."""
    palette, axes, distances = look.palette, fig.add_subplot(), facts["settings"].groups
    _draw_photographs(axes, look, distances, facts)
    axes.plot(distances, facts["shuffled"], color=palette.ring, ls=STROKES[2])
    label(axes, look, (24, 0.47), "photographs", palette.ink)
    label(axes, look, (1.1, 0.045), "shuffled pixels", palette.ring)
    axes.set(xscale="log", xlim=(1, max(distances)), ylim=(0, 1))
    plain_ticks(axes.xaxis, [d for d in distances if d in _NAMED])
    along = "distance of the eight, in pixels"
    name_axes(axes, look, along, "share of a pixel's variance explained")


def _draw_photographs(axes: Axes, look: Look, x: Sequence[int], facts: Facts) -> None:
    """A thin line for each photograph, and their mean with its band."""
    palette, mean = look.palette, facts["mean"]
    for values in facts["each"]:
        axes.plot(x, values, color=palette.dense, lw=look.line * 0.5, alpha=0.7)
    low, high = ([value + side * bar for value, bar in zip(*mean, strict=True)] for side in (-1, 1))
    axes.fill_between(x, low, high, color=palette.ink, alpha=0.14, lw=0)
    axes.plot(x, mean.values, color=palette.ink, ls=STROKES[0], lw=look.line * 2)
    plain_ticks(axes.yaxis, (0, 0.25, 0.5, 0.75, 1))
    axes.grid(axis="y")
