"""Figures on what is lost where neighbourhood or sameness of places means nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.absolute_position import findings as position_findings
from mkdocs_cnn.book.experiments.absolute_position import run as positions
from mkdocs_cnn.book.experiments.unordered_columns import findings as column_findings
from mkdocs_cnn.experiments.results import Outcome
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import add_headings, note, panels


def draw_bars(
    axes: Axes, look: Look, names: Sequence[str], means: Sequence[float], bars: Sequence[float]
) -> None:
    """Lying bars with their error bars, named on the left and numbered on the right, top first."""
    palette = look.palette
    places = [-float(place) for place in range(len(names))]
    colours = {"dense": palette.dense, "local": palette.sparse}
    fills = [colours.get(name[:5], palette.shared) for name in names]
    axes.barh(places, means, height=0.62, color=fills)
    line = look.line
    axes.errorbar(
        means, places, xerr=bars, fmt="none", ecolor=palette.ink, lw=line, capsize=2 * line
    )
    clear = {"boxstyle": "square,pad=0.1", "fc": palette.surface, "ec": "none"}  # of lines below
    for place, mean, bar in zip(places, means, bars, strict=True):
        words, end = f"{100 * mean:.3g}%", (mean + bar, place)
        note(axes, look, words, end, (line * 4, 0), va="center_baseline", bbox=clear)
    axes.set_yticks(places, names)
    axes.tick_params(axis="y", length=0, labelcolor=palette.ink)
    axes.spines["left"].set_visible(False)


# -- positions

_NAMES = {
    "dense": "dense",
    "local": "locally connected,\ndense head",
    "convolution-dense": "convolution,\ndense head",
    "zeros-pooled": "convolution, zeros,\nmean of all places",
    "ring-pooled": "convolution, ring,\nmean of all places",
}


def _position(outcome: Outcome) -> Facts:
    """The errors of all networks after the largest training set, and chance."""
    runs, settings, most = outcome.runs, outcome.settings, outcome.settings.sizes[-1]
    errors = [position_findings.errors(runs, settings, name) for name in _NAMES]
    return {
        "canvases": most,
        "error": position_findings.findings(runs, settings, canvases=most),
        "means": [each.values[-1] for each in errors],
        "bars": [each.bars[-1] for each in errors],
    }


@figure(
    "absolute-position",
    title="Asked for a position",
    facts=_position,
    caption="""Which quarter of the canvas does a square lie in? Test errors after learning from
        {canvases} canvases. A network that takes the mean of all places on a ring guesses: the
        dashed line is chance, {error[chance]}. Zero padding tells the places near the border apart.
        Bars: two standard errors of the mean over {seeds} seeds.""",
    alt="""A noisy canvas with a bright square, and five bars of test error: dense {error[dense]};
        locally connected, dense head {error[local]}; convolution, dense head
        {error[convolution_dense]}; convolution, zeros, mean of all places {error[zeros_pooled]};
        convolution, ring, mean of all places {error[ring_pooled]}. A dashed line at {error[chance]}
        marks chance.""",
    aspect=1.05,
    rests_on=("absolute-position",),
)
def absolute_position(fig: Figure, look: Look, facts: Facts) -> None:
    """A canvas, and the errors of five networks."""
    left, right = panels(fig, look, 2, ratios=(1, 2.2 if look.wide else 1.9))
    _draw_canvas(left, look, facts["settings"])
    draw_bars(right, look, list(_NAMES.values()), facts["means"], facts["bars"])
    chance = float(facts["error"]["chance"])
    right.axvline(chance, color=look.palette.ink, ls=(0, (4, 3)), lw=look.line)
    right.set_xlim(0, 1)
    right.set_xticks([0, 0.25, 0.5, 0.75], ["0", "25%", "50%", "75%\n(chance)"])
    add_headings(right, look, "which quarter?", "test error")


def _draw_canvas(axes: Axes, look: Look, settings: positions.Settings) -> None:
    """The first canvas that the first seed is tested on, and its quarters."""
    rng = np.random.default_rng([0, 2])
    canvas = positions.canvases(settings, rng, 1).x[0, 0]
    axes.imshow(canvas, cmap="gray", interpolation="none")
    middle = settings.size / 2 - 0.5
    for line in (axes.axhline, axes.axvline):
        line(middle, color=look.palette.shared, lw=look.line)
    axes.set(xticks=[], yticks=[])
    axes.set_title("a canvas", fontweight="bold")


# -- columns

_TABLES = {"series": "pattern anywhere", "sums": "no order", "cells": "no order"}
_NETWORKS = ["dense", "convolution,\ndense head", "convolution,\npooled"]


def _columns(outcome: Outcome) -> Facts:
    """The errors of all networks on each table."""
    runs, settings = outcome.runs, outcome.settings
    tables = {table: column_findings.findings(runs, settings, table=table) for table in _TABLES}
    means = {table: column_findings.errors(runs, settings, table) for table in _TABLES}
    return {**tables, "errors": means}


@figure(
    "unordered-columns",
    title="Tables with and without order",
    facts=_columns,
    caption="""Test errors on three tables of {settings.columns} columns. In a series neighbours
        belong together and the place does not matter: pooled convolution errs on {series[pooled]},
        dense on {series[dense]}. Where the order of the columns means nothing it is the other way
        round: {sums[pooled]} and {sums[dense]}. Bars: two standard errors of the mean over {seeds}
        seeds.""",
    alt="""Three groups of three bars of test error. Series: dense {series[dense]}, convolution
        {series[convolution]}, pooled convolution {series[pooled]}. Sums: dense {sums[dense]},
        convolution {sums[convolution]}, pooled convolution {sums[pooled]}. Cells: dense
        {cells[dense]}, convolution {cells[convolution]}, pooled convolution {cells[pooled]}.""",
    aspect=1.35,
    rests_on=("unordered-columns",),
)
def unordered_columns(fig: Figure, look: Look, facts: Facts) -> None:
    """One panel for each table, with one bar for each network."""
    shown = panels(fig, look, 3, sharex=True, sharey=look.wide)
    for axes, (table, order) in zip(shown, _TABLES.items(), strict=True):
        draw_bars(axes, look, _NETWORKS, *facts["errors"][table])
        between = ":\n" if look.wide else ": "
        axes.set_title(table + between + order, weight="bold", loc="left")
        axes.set_xlim(0, 0.68 if look.wide else 0.6)
        axes.set_xticks([0, 0.25, 0.5], ["0", "25%", "50%"])
    axes.set_xlabel("test error", fontsize=look.small)
