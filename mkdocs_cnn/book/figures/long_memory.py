"""Figures of a kernel in one dimension: coefficients by lag, and what sharing them does."""

from __future__ import annotations

from math import sqrt
from statistics import fmean, stdev
from typing import Any

from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.long_memory.findings import excess, findings
from mkdocs_cnn.book.experiments.long_memory.run import best_coefficients, grouped
from mkdocs_cnn.experiments.results import Outcome
from mkdocs_cnn.experiments.statistics import measured
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import draw_marks, label, name_axes, panels, plain_ticks
from mkdocs_cnn.figures.parts.stage import STROKES

# -- the kernel


def _kernel(outcome: Outcome) -> Facts:
    """The coefficients by lag: the best, free and shared; and how much they scatter."""
    runs, settings = outcome.runs, outcome.settings
    groups = grouped(settings)
    free = [*zip(*(run.unrestricted for run in runs), strict=True)]  # lag, seed
    shared = [*zip(*(run.shared for run in runs), strict=True)]  # group, seed
    steps, deviations = [fmean(seeds) for seeds in shared], [stdev(seeds) for seeds in free]
    best = best_coefficients(settings, "long memory")
    places, spread = ("lag 1", "the second step", "the last step"), "standard deviation of"
    scatter = sqrt(fmean(deviation**2 for deviation in deviations[groups[-1][0] - 1 :]))
    return {
        "numbers": findings(runs, settings, length=settings.drawn),
        "last": len(best),
        "best": best,
        "best_first": measured(best[0], "best coefficient of lag 1", digits=2),
        "best_tenth": measured(best[9], "best coefficient of lag 10", digits=2),
        "means": [fmean(seeds) for seeds in free],
        "deviations": deviations,
        "shared": [value for value, group in zip(steps, groups, strict=True) for _ in group],
        "count": len(groups),
        "steps": [
            measured(value, f"shared coefficient of {place}", digits=2)
            for value, place in zip(steps, places, strict=True)
        ],
        "scatter": measured(scatter, f"{spread} a free coefficient", digits=2),
        "shared_scatter": measured(stdev(shared[-1]), f"{spread} a shared coefficient", digits=2),
    }


@figure(
    "kernel-by-lag",
    title="A shared kernel in one dimension",
    facts=_kernel,
    caption="""A kernel with shared weights in one dimension: what the last {numbers[lags]} values
        count in a forecast of the next, learned from {settings.drawn} values with long memory.
        Orange: {numbers[coefficients]} coefficients, each shared by the lags of a step, the mean
        over the seeds. Grey: {numbers[lags]} coefficients of their own; a bar reaches one standard
        deviation over {seeds} seeds to each side of the mean, for that is how much one fit differs
        from another. Dots: the best coefficients, which only a simulation knows.""",
    alt="""Coefficients against lag, from {1} to {last}. The best ones fall from {best_first} at lag
        {1} to {best_tenth} at lag {10}, and rise a little at the end. The shared kernel has {count}
        steps: {steps[0]} at lag {1}, {steps[1]} at lags {settings.groups[1]: to }, {steps[2]} at
        lags {settings.groups[2]: to }. Bars reach about {scatter} up and down; the shared
        coefficient of the last step scatters by {shared_scatter}.""",
    aspect=0.75,
    rests_on=("long-memory",),
)
def kernel_by_lag(fig: Figure, look: Look, facts: Facts) -> None:
    """Coefficients against lag: free with their scatter, shared as steps, the best as dots."""
    palette, axes, best = look.palette, fig.add_subplot(), facts["best"]
    means, deviations = facts["means"], facts["deviations"]
    lags = range(1, len(best) + 1)
    axes.axhline(0, color=palette.muted, lw=look.line * 0.6)
    axes.errorbar(
        lags, means, yerr=deviations, fmt="none", ecolor=palette.dense, elinewidth=look.line * 1.6
    )
    edges = [lag - 0.5 for lag in (*lags, lags[-1] + 1)]
    axes.stairs(facts["shared"], edges, color=palette.shared, lw=look.line * 2, baseline=None)
    draw_marks(axes, look, lags, best, palette.ink, size=2.4)
    label(axes, look, (2.2, 0.3), f"shared: {facts['count']} coefficients", palette.shared)
    label(axes, look, (8, 0.17), f"free: {len(lags)} coefficients", palette.dense)
    label(axes, look, (2.2, 0.4), "best", palette.ink)
    axes.set(xlim=(0.2, lags[-1] + 0.8), xticks=[1, 5, 10, 15, 22])
    plain_ticks(axes.yaxis, (0, 0.2, 0.4))
    axes.grid(axis="y")
    name_axes(axes, look, "lag", "coefficient")


# -- the errors

_LENGTH = 200  # of training, of which the caption speaks
_DRAWN = {"unrestricted": "free", "shared": "shared", "dealt": "dealt by chance"}
_PLACES = {  # of the models' names, among their points
    "long memory": ((600, 0.1), (60, 0.06), (5000, 0.42)),
    "one lag": ((100, 0.06), (5000, 1.4), (5000, 0.45)),
}
_TITLES = {"long memory": "long memory: sharing helps", "one lag": "one strong lag: sharing harms"}


def _errors(outcome: Outcome) -> Facts:
    """By how much each model's error is above the best, by process and length of training."""
    runs, settings = outcome.runs, outcome.settings
    by_process = [
        {n: findings(runs, settings, length=n, process=process) for n in settings.lengths}
        for process in settings.processes
    ]
    memory, lag = (
        {key: [at[key] for at in numbers.values()] for key in numbers[_LENGTH]}
        for numbers in by_process
    )
    above = {
        process: {model: excess(runs, settings, process, model) for model in _DRAWN}
        for process in settings.processes
    }
    at_length = {"memory_at": by_process[0][_LENGTH], "lag_at": by_process[1][_LENGTH]}
    return {**at_length, "memory": memory, "lag": lag, "excess": above}


@figure(
    "forecast-error-by-length",
    title="Sharing lags, by length of training",
    facts=_errors,
    caption="""By how much a forecast's mean squared error is above that of the best one, against
        the values learned from, out of sample; both axes are logarithmic. With long memory, learned
        from {_LENGTH} values, {memory_at[coefficients]} shared coefficients are
        {memory_at[excess_shared]} above the best, {memory_at[lags]} of their own
        {memory_at[excess_unrestricted]}; from {memory_at[overtaken]} values on the free ones are
        ahead. Groups dealt by chance never are. Where one lag counts alone, sharing is
        {lag_at[excess_shared]} above the best and stays there. Bars: two standard errors over
        {seeds} seeds, each compared within itself.""",
    alt="""Two panels of falling lines, error above the best against {settings.lengths:, } values
        learned from. Long memory, free: {memory[excess_unrestricted]:, }; long memory, shared:
        {memory[excess_shared]:, }; one lag, free: {lag[excess_unrestricted]:, }; one lag, shared:
        {lag[excess_shared]:, }. With long memory the two lines cross near the right end; with one
        lag the shared one is flat. The line of groups dealt by chance is flat in both.""",
    aspect=1.45,
    rests_on=("long-memory",),
)
def forecast_error_by_length(fig: Figure, look: Look, facts: Facts) -> None:
    """Two panels, one for each process, with the excess of three models."""
    palette, lengths = look.palette, facts["settings"].lengths
    colours = (palette.dense, palette.shared, palette.ring)
    shown = panels(fig, look, 2, "values learned from", sharex=True, sharey=True)
    for axes, (process, by_model) in zip(shown, facts["excess"].items(), strict=True):
        styles = zip(colours, STROKES, _PLACES[process], strict=False)
        for (model, above), (colour, stroke, place) in zip(by_model.items(), styles, strict=True):
            how: dict[str, Any] = {"lw": look.line * 1.5, "elinewidth": look.line, "marker": "o"}
            how |= {"ms": look.line * 2.4, "label": _DRAWN[model]}
            axes.errorbar(lengths, *above, color=colour, ls=stroke, **how)
            label(axes, look, place, _DRAWN[model], colour, "left" if place[0] < 1000 else "right")
        axes.set(xscale="log", yscale="log", ylim=(0.0015, 4))
        plain_ticks(axes.xaxis, lengths[:: 2 if look.wide else 1])
        plain_ticks(axes.yaxis, (0.01, 0.1, 1))
        axes.grid(axis="y")
        axes.set_title(_TITLES[process], fontsize=look.small, loc="left", color=palette.muted)
