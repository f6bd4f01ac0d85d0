"""Figures on what is lost where neighbourhood or sameness of places means nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.absolute_position import findings as found_positions
from mkdocs_cnn.book.experiments.absolute_position import run as positions
from mkdocs_cnn.book.experiments.unordered_columns import findings as found_columns
from mkdocs_cnn.experiments.results import Outcome, outcome
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.curves import headed
from mkdocs_cnn.figures.style import Look, Palette
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words

_POSITION, _COLUMNS = "absolute-position", "unordered-columns"


def draw_bars(
    axes: Axes, look: Look, names: Sequence[str], means: Sequence[float], bars: Sequence[float]
) -> None:
    """Lying bars with their error bars, named on the left and numbered on the right, top first."""
    palette = look.palette
    places = -np.arange(len(names))
    axes.barh(places, means, height=0.62, color=[_colour(palette, name) for name in names])
    axes.errorbar(
        means,
        places,
        xerr=bars,
        fmt="none",
        ecolor=palette.ink,
        lw=look.line,
        capsize=look.line * 2,
    )
    for place, mean, bar in zip(places, means, bars, strict=True):
        axes.annotate(
            f"{100 * mean:.3g}%",
            (mean + bar, place),
            (look.line * 4, 0),
            textcoords="offset points",
            size=look.small,
            va="center_baseline",
            # Clear of a line below it.
            bbox={"boxstyle": "square,pad=0.1", "fc": palette.surface, "ec": "none"},
        )
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", length=0, labelcolor=palette.ink)
    axes.spines["left"].set_visible(False)


def _colour(palette: Palette, name: str) -> str:
    if name.startswith("dense"):
        return palette.dense
    return palette.sparse if name.startswith("local") else palette.shared


# -- positions

_NAMES = {
    "dense": "dense",
    "local": "locally connected,\ndense head",
    "convolution-dense": "convolution,\ndense head",
    "zeros-pooled": "convolution, zeros,\nmean of all places",
    "ring-pooled": "convolution, ring,\nmean of all places",
}


def _position(canvases: int) -> dict[str, Quantity]:
    gave = outcome(_POSITION)
    return dict(found_positions.findings(gave.runs, gave.settings, canvases=canvases))


def _most(gave: Outcome) -> int:
    return int(gave.settings.sizes[-1])


def _position_caption() -> Words:
    gave = outcome(_POSITION)
    at = _position(_most(gave))
    return Words(
        "Which quarter of the canvas does a square lie in? Test errors after learning from {} "
        "canvases. A network that takes the mean of all places on a ring guesses: the dashed line "
        "is chance, {}. Zero padding tells the places near the border apart. Bars: two standard "
        "errors of the mean over {} seeds.",
        _most(gave),
        at["chance"],
        len(gave.runs),
    )


def _position_alt() -> Words:
    gave = outcome(_POSITION)
    at = _position(_most(gave))
    said = "; ".join(name.replace("\n", " ") + " {}" for name in _NAMES.values())
    return Words(
        "A noisy canvas with a bright square, and five bars of test error: "
        f"{said}. A dashed line at {{}} marks chance.",
        *(at[name.replace("-", "_")] for name in _NAMES),
        at["chance"],
    )


@figure(
    "absolute-position",
    title="Asked for a position",
    caption=_position_caption,
    alt=_position_alt,
    aspect=1.05,
    rests_on=("absolute-position",),
)
def absolute_position(fig: Figure, look: Look) -> None:
    """A canvas, and the errors of five networks."""
    gave = outcome(_POSITION)
    if look.wide:
        left, right = fig.subplots(1, 2, width_ratios=(1, 2.2))
    else:
        left, right = fig.subplots(2, 1, height_ratios=(1, 1.9))
    _draw_canvas(left, look, gave.settings)
    errors = [found_positions.errors(gave.runs, gave.settings, name) for name in _NAMES]
    means, bars = ([parts[which][-1] for parts in errors] for which in (0, 1))
    draw_bars(right, look, list(_NAMES.values()), means, bars)
    chance = 1 - 1 / gave.settings.quarters
    right.axvline(chance, color=look.palette.ink, ls=(0, (4, 3)), lw=look.line)
    right.set_xlim(0, 1)
    right.set_xticks([0, 0.25, 0.5, 0.75], ["0", "25%", "50%", "75%\n(chance)"])
    headed(right, look, "which quarter?", "test error", "")


def _draw_canvas(axes: Axes, look: Look, settings: positions.Settings) -> None:
    """The first canvas that the first seed is tested on, and its quarters."""
    rng = np.random.default_rng([0, 2])
    canvas = positions.canvases(settings, rng, 1).x[0, 0]
    axes.imshow(canvas, cmap="gray", interpolation="none")
    middle = settings.size / 2 - 0.5
    for line in (axes.axhline, axes.axvline):
        line(middle, color=look.palette.shared, lw=look.line)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_title("a canvas", fontweight="bold")


# -- columns

_TABLES = {
    "series": "series:\npattern anywhere",
    "sums": "sums:\nno order",
    "cells": "cells:\nno order",
}
_NETWORKS = {
    "dense": "dense",
    "convolution": "convolution,\ndense head",
    "pooled": "convolution,\npooled",
}


def _columns(table: str) -> dict[str, Quantity]:
    gave = outcome(_COLUMNS)
    return dict(found_columns.findings(gave.runs, gave.settings, table=table))


def _columns_caption() -> Words:
    gave = outcome(_COLUMNS)
    series, sums = _columns("series"), _columns("sums")
    return Words(
        "Test errors on three tables of {} columns. In a series neighbours belong together and the "
        "place does not matter: pooled convolution errs on {}, dense on {}. Where the order of the "
        "columns means nothing it is the other way round: {} and {}. Bars: two standard errors of "
        "the mean over {} seeds.",
        gave.settings.columns,
        series["pooled"],
        series["dense"],
        sums["pooled"],
        sums["dense"],
        len(gave.runs),
    )


def _columns_alt() -> Words:
    said = "dense {}, convolution {}, pooled convolution {}"
    return Words(
        f"Three groups of three bars of test error. Series: {said}. Sums: {said}. Cells: {said}.",
        *(_columns(table)[name] for table in _TABLES for name in _NETWORKS),
    )


@figure(
    "unordered-columns",
    title="Tables with and without order",
    caption=_columns_caption,
    alt=_columns_alt,
    aspect=1.35,
    rests_on=("unordered-columns",),
)
def unordered_columns(fig: Figure, look: Look) -> None:
    """One panel for each table, with one bar for each network."""
    grid = (1, 3) if look.wide else (3, 1)
    panels = fig.subplots(*grid, sharex=True, sharey=look.wide, squeeze=False).ravel()
    gave = outcome(_COLUMNS)
    for axes, (table, heading) in zip(panels, _TABLES.items(), strict=True):
        names = [_NETWORKS[name] for name in gave.settings.networks]
        draw_bars(axes, look, names, *found_columns.errors(gave.runs, gave.settings, table))
        axes.set_title(
            heading if look.wide else heading.replace("\n", " "), weight="bold", loc="left"
        )
        axes.set_xlim(0, 0.68 if look.wide else 0.6)
        axes.set_xticks([0, 0.25, 0.5], ["0", "25%", "50%"])
    panels[-1].set_xlabel("test error", fontsize=look.small)
