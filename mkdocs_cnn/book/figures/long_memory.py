"""Figures of a kernel in one dimension: coefficients by lag, and what sharing them does."""

from __future__ import annotations

from math import sqrt
from statistics import fmean, stdev

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.long_memory.findings import excess, findings
from mkdocs_cnn.book.experiments.long_memory.run import best_coefficients, grouped
from mkdocs_cnn.experiments.results import Outcome, outcome
from mkdocs_cnn.experiments.statistics import measured
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.stage import STROKES
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words


def _result() -> Outcome:
    return outcome("long-memory")


def _at(length: int, process: str = "long memory") -> dict[str, Quantity]:
    result = _result()
    return findings(result.runs, result.settings, length=length, process=process)


# -- the kernel


def _by_lag() -> list[tuple[float, float]]:
    """For each lag the mean of the free coefficient over the seeds, and its standard deviation."""
    lags = zip(*(run.unrestricted for run in _result().runs), strict=True)
    return [(fmean(seeds), stdev(seeds)) for seeds in lags]


def _shared() -> list[float]:
    """The shared coefficient of each lag, the mean over the seeds."""
    groups = [fmean(seeds) for seeds in zip(*(run.shared for run in _result().runs), strict=True)]
    lags = grouped(_result().settings)
    return [value for value, group in zip(groups, lags, strict=True) for _ in group]


def _spread(of: str) -> Quantity:
    """By how much a coefficient of the last group scatters over the seeds, root mean square."""
    runs = _result().runs
    last = grouped(_result().settings)[-1]
    free = [deviation**2 for _, deviation in _by_lag()[last[0] - 1 :]]
    shared = [stdev(run.shared[-1] for run in runs) ** 2]
    found = sqrt(fmean(free if of == "free" else shared))
    return measured(found, f"standard deviation of a {of} coefficient", digits=2)


def _kernel_caption() -> Words:
    settings, numbers = _result().settings, _at(_result().settings.drawn)
    return Words(
        "A kernel with shared weights in one dimension: what the last {} values count in a "
        "forecast of the next, learned from {} values with long memory. Orange: {} coefficients, "
        "each shared by the lags of a step, the mean over the seeds. Grey: {} coefficients of "
        "their own; a bar reaches one standard deviation over {} seeds to each side of the mean, "
        "for that is how much one fit differs from another. Dots: the best coefficients, which "
        "only a simulation knows.",
        numbers["lags"],
        settings.drawn,
        numbers["coefficients"],
        numbers["lags"],
        len(_result().runs),
    )


def _kernel_alt() -> Words:
    best = best_coefficients(_result().settings, "long memory")
    shared, groups = _shared(), _result().settings.groups
    return Words(
        "Coefficients against lag, from {} to {}. The best ones fall from {} at lag {} to {} at "
        "lag {}, and rise a little at the end. The shared kernel has {} steps: {} at lag {}, {} at "
        "lags {} to {}, {} at lags {} to {}. Bars reach about {} up and down; the shared "
        "coefficient of the last step scatters by {}.",
        1,
        len(best),
        measured(float(best[0]), "best coefficient of lag 1", digits=2),
        1,
        measured(float(best[9]), "best coefficient of lag 10", digits=2),
        10,
        len(groups),
        measured(shared[0], "shared coefficient of lag 1", digits=2),
        1,
        measured(shared[1], "shared coefficient of the second step", digits=2),
        *groups[1],
        measured(shared[-1], "shared coefficient of the last step", digits=2),
        *groups[2],
        _spread("free"),
        _spread("shared"),
    )


@figure(
    "kernel-by-lag",
    title="A shared kernel in one dimension",
    caption=_kernel_caption,
    alt=_kernel_alt,
    aspect=0.75,
    rests_on=("long-memory",),
)
def kernel_by_lag(fig: Figure, look: Look) -> None:
    """Coefficients against lag: free with their scatter, shared as steps, the best as dots."""
    palette, axes, result = look.palette, fig.add_subplot(), _result()
    lags = range(1, len(result.runs[0].unrestricted) + 1)
    means, deviations = zip(*_by_lag(), strict=True)
    axes.axhline(0, color=palette.muted, lw=look.line * 0.6)
    axes.errorbar(
        lags, means, yerr=deviations, fmt="none", ecolor=palette.dense, elinewidth=look.line * 1.6
    )
    edges = [lag - 0.5 for lag in (*lags, lags[-1] + 1)]
    axes.stairs(_shared(), edges, color=palette.shared, lw=look.line * 2, baseline=None)
    best = best_coefficients(result.settings, "long memory")
    axes.plot(lags, best, "o", color=palette.ink, ms=look.line * 2.4)
    groups = len(result.settings.groups)
    for (x, y), words, colour in (
        ((2.2, 0.3), f"shared: {groups} coefficients", palette.shared),
        ((8, 0.17), f"free: {len(lags)} coefficients", palette.dense),
        ((2.2, 0.4), "best", palette.ink),
    ):
        axes.text(x, y, words, color=colour, weight="bold", size=look.small, va="center")
    axes.set(xlim=(0.2, lags[-1] + 0.8), xticks=[1, 5, 10, 15, 22])
    axes.set_yticks([0, 0.2, 0.4], ["0", "0.2", "0.4"])
    axes.grid(axis="y")
    axes.set_xlabel("lag", fontsize=look.small)
    axes.set_title("coefficient", fontsize=look.small, loc="left", color=palette.muted)


# -- the errors

_DRAWN = (("unrestricted", "free"), ("shared", "shared"), ("dealt", "dealt by chance"))
_TITLES = {"long memory": "long memory: sharing helps", "one lag": "one strong lag: sharing harms"}


def _error_caption() -> Words:
    memory, lag = _at(200), _at(200, "one lag")
    return Words(
        "By how much a forecast's mean squared error is above that of the best one, against the "
        "values learned from, out of sample; both axes are logarithmic. With long memory, learned "
        "from {} values, {} shared coefficients are {} above the best, {} of their own {}; from {} "
        "values on the free ones are ahead. Groups dealt by chance never are. Where one lag counts "
        "alone, sharing is {} above the best and stays there. Bars: two standard errors over {} "
        "seeds, each compared within itself.",
        200,
        memory["coefficients"],
        memory["excess_shared"],
        memory["lags"],
        memory["excess_unrestricted"],
        memory["overtaken"],
        lag["excess_shared"],
        len(_result().runs),
    )


def _error_alt() -> Words:
    lengths = _result().settings.lengths
    said, numbers = [], []
    for process in _result().settings.processes:
        for key, name in (("excess_unrestricted", "free"), ("excess_shared", "shared")):
            said.append(f"{process}, {name}: " + ", ".join(["{}"] * len(lengths)))
            numbers += [_at(length, process)[key] for length in lengths]
    return Words(
        "Two panels of falling lines, error above the best against "
        + ", ".join(["{}"] * len(lengths))
        + " values learned from. "
        + "; ".join(said).capitalize()
        + ". With long memory the two lines cross near the right end; with one lag the shared one "
        "is flat. The line of groups dealt by chance is flat in both.",
        *lengths,
        *numbers,
    )


@figure(
    "forecast-error-by-length",
    title="Sharing lags, by length of training",
    caption=_error_caption,
    alt=_error_alt,
    aspect=1.45,
    rests_on=("long-memory",),
)
def forecast_error_by_length(fig: Figure, look: Look) -> None:
    """Two panels, one for each process, with the excess of three models."""
    rows, columns = (1, 2) if look.wide else (2, 1)
    panels = fig.subplots(rows, columns, sharex=True, sharey=True)
    for panel, process in zip(panels, _result().settings.processes, strict=True):
        _draw_errors(panel, look, process)
    for panel in fig.axes if look.wide else fig.axes[-1:]:
        panel.set_xlabel("values learned from", fontsize=look.small)


def _draw_errors(axes: Axes, look: Look, process: str) -> None:
    palette, result = look.palette, _result()
    colours = (palette.dense, palette.shared, palette.ring)
    for (model, name), colour, stroke in zip(_DRAWN, colours, STROKES, strict=False):
        above = excess(result.runs, result.settings, process, model)
        axes.errorbar(
            result.settings.lengths,
            above.values,
            yerr=above.bars,
            color=colour,
            ls=stroke,
            lw=look.line * 1.5,
            elinewidth=look.line,
            marker="o",
            ms=look.line * 2.4,
            label=name,
        )
        x, y, side = _PLACES[process][model]
        axes.text(x, y, name, color=colour, weight="bold", size=look.small, va="center", ha=side)
    axes.set(xscale="log", yscale="log", ylim=(0.0015, 4))
    ticks = result.settings.lengths[:: 2 if look.wide else 1]
    axes.set_xticks(ticks, [f"{length:,}" for length in ticks])
    axes.set_xticks([], minor=True)
    axes.set_yticks([0.01, 0.1, 1], ["0.01", "0.1", "1"])
    axes.set_yticks([], minor=True)
    axes.grid(axis="y")
    axes.set_title(_TITLES[process], fontsize=look.small, loc="left", color=palette.muted)


_PLACES: dict[str, dict[str, tuple[float, float, str]]] = {
    "long memory": {
        "unrestricted": (600, 0.1, "left"),
        "shared": (60, 0.06, "left"),
        "dealt": (5000, 0.42, "right"),
    },
    "one lag": {
        "unrestricted": (100, 0.06, "left"),
        "shared": (5000, 1.4, "right"),
        "dealt": (5000, 0.45, "right"),
    },
}
