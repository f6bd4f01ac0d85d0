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
from mkdocs_cnn.experiments.results import Outcome, outcome
from mkdocs_cnn.experiments.statistics import Means
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.stage import STROKES, Stroke
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words


def _result() -> Outcome:
    return outcome("neighbouring-pixels")


def _at(distance: int) -> dict[str, Quantity]:
    result = _result()
    return findings(result.runs, result.settings, distance=distance)


# -- the correlation of two pixels


def _correlation_caption() -> Words:
    near, far = _at(1), _at(_result().settings.farthest)
    return Words(
        "How alike the grey values of two pixels are, by the distance between them: the mean of {} "
        "photographs (thick, with a band of two standard errors over them) and each (thin). "
        "Neighbours have a correlation of {}. The dashed line is what an autoregressive series of "
        "order one would have if its neighbours were as alike: at {} pixels {}, where the "
        "photographs have {}. Shuffled, the same pixels have none left.",
        near["photographs"],
        near["correlation"],
        _result().settings.farthest,
        far["series"],
        far["correlation"],
    )


def _correlation_alt() -> Words:
    shown = (1, 2, 4, 8, 16, 32, 60)
    return Words(
        "Correlation against distance in pixels, from {} to {}. The mean of the photographs falls "
        "from {} at distance {}: " + ", ".join(["{} at {}"] * len(shown)) + ". Single photographs "
        "lie from {} to {} at the far end. The dashed series begins like the photographs and ends "
        "at {}. Shuffled pixels stay within {} of zero, on the axis.",
        0,
        _result().settings.farthest,
        1,
        0,
        *(part for d in shown for part in (_at(d)["correlation"], d)),
        _at(60)["least"],
        _at(60)["most"],
        _at(60)["series"],
        _at(60)["farthest_from_zero"],
    )


@figure(
    "correlation-by-distance",
    title="Neighbouring pixels are alike",
    caption=_correlation_caption,
    alt=_correlation_alt,
    aspect=0.85,
    rests_on=("neighbouring-pixels",),
)
def correlation_by_distance(fig: Figure, look: Look) -> None:
    """The mean with its band, each photograph, the series, and shuffled pixels."""
    palette, axes, runs = look.palette, fig.add_subplot(), _result().runs
    for run in runs:
        axes.plot(correlation(run), color=palette.dense, lw=look.line * 0.5, alpha=0.7)
    distances = range(len(runs[0].across))
    _band(axes, look, distances, correlations(runs), palette.ink, STROKES[0])
    axes.plot(series(runs).values, color=palette.sparse, ls=STROKES[1], lw=look.line * 1.4)
    shuffled = [sum(values) / len(runs) for values in zip(*(r.shuffled for r in runs), strict=True)]
    axes.plot(shuffled, color=palette.ring, ls=STROKES[2], lw=look.line * 1.4)
    _say(axes, look, (43, 0.4), "photographs", palette.ink)
    _say(axes, look, (35, 0.045), "series of order one", palette.sparse)
    _say(axes, look, (2.5, -0.055), "shuffled pixels", palette.ring)
    axes.set(xlim=(0, max(distances)), ylim=(-0.12, 1))
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    axes.grid(axis="y")
    _name(axes, look, "distance in pixels", "correlation of two grey values")


# -- eight pixels together


def _explained_caption() -> Words:
    near = _at(1)
    return Words(
        "How much of a pixel's variance eight others explain together, in the best linear "
        "prediction, by their distance: thick the mean of {} photographs with a band of two "
        "standard errors over them, thin each of them. The eight neighbours explain {}; eight "
        "pixels {} away {}. The axis of distances is logarithmic. Shuffled pixels explain {}.",
        near["photographs"],
        near["explained"],
        16,
        _at(16)["explained"],
        near["explained_shuffled"],
    )


def _explained_alt() -> Words:
    groups = _result().settings.groups
    return Words(
        "Share of the variance against distance: "
        + ", ".join(["{} at {}"] * len(groups))
        + ". Single photographs lie below and above; in {} of {} the nearest eight explain more "
        "than eight at any other distance. Shuffled pixels lie on the axis.",
        *(part for d in groups for part in (_at(d)["explained"], d)),
        _at(1)["nearest_best"],
        _at(1)["photographs"],
    )


@figure(
    "explained-by-eight",
    title="What eight pixels say of one",
    caption=_explained_caption,
    alt=_explained_alt,
    aspect=0.8,
    rests_on=("neighbouring-pixels",),
)
def explained_by_eight(fig: Figure, look: Look) -> None:
    """The share of a pixel's variance that a group explains, against the group's distance."""
    palette, axes, result = look.palette, fig.add_subplot(), _result()
    distances = result.settings.groups
    for run in result.runs:
        axes.plot(distances, run.explained, color=palette.dense, lw=look.line * 0.5, alpha=0.7)
    _band(axes, look, distances, explained(result.runs), palette.ink, STROKES[0])
    shuffled = [run.explained_shuffled for run in result.runs]
    means = [sum(values) / len(shuffled) for values in zip(*shuffled, strict=True)]
    axes.plot(distances, means, color=palette.ring, ls=STROKES[2], lw=look.line * 1.4)
    _say(axes, look, (24, 0.47), "photographs", palette.ink)
    _say(axes, look, (1.1, 0.045), "shuffled pixels", palette.ring)
    axes.set(xscale="log", xlim=(1, max(distances)), ylim=(0, 1))
    ticks = [d for d in distances if d in (1, 2, 4, 8, 16, 32, 60)]
    axes.set_xticks(ticks, [str(d) for d in ticks])
    axes.set_xticks([], minor=True)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    axes.grid(axis="y")
    _name(axes, look, "distance of the eight, in pixels", "share of a pixel's variance explained")


# -- parts


def _band(
    axes: Axes, look: Look, x: Sequence[int], curve: Means, colour: str, stroke: Stroke
) -> None:
    low, high = (
        [value + side * bar for value, bar in zip(*curve, strict=True)] for side in (-1, 1)
    )
    axes.fill_between(x, low, high, color=colour, alpha=0.14, lw=0)
    axes.plot(x, curve.values, color=colour, ls=stroke, lw=look.line * 2)


def _say(axes: Axes, look: Look, at: tuple[float, float], words: str, colour: str) -> None:
    axes.text(*at, words, color=colour, weight="bold", size=look.small, va="center")


def _name(axes: Axes, look: Look, across: str, up: str) -> None:
    axes.set_xlabel(across, fontsize=look.small)
    axes.set_title(up, fontsize=look.small, loc="left", color=look.palette.muted)
