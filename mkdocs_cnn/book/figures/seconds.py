"""Figures of time: which way of convolving is the fastest, and what multiply-adds say of it."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.seconds_and_flops.findings import (
    OFTEN,
    Timing,
    findings,
    timed,
    timings,
)
from mkdocs_cnn.experiments.results import Outcome
from mkdocs_cnn.experiments.statistics import measured
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import draw_marks, label, name_axes, plain_ticks
from mkdocs_cnn.figures.parts.stage import STROKES, Stroke
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words, fill

_MARKS: dict[str, Any] = {"size": 3.2, "edge": 0.3}


def _styles(look: Look) -> dict[str, tuple[str, Stroke, str]]:
    """One colour, one line and one mark for each way."""
    palette = look.palette
    return {
        "dense": (palette.dense, STROKES[0], "D"),
        "sparse": (palette.sparse, STROKES[3], "s"),
        "im2col": (palette.shared, STROKES[0], "o"),
        "shifts": (palette.shared, STROKES[2], "v"),
        "direct": (palette.ink, STROKES[1], "^"),
        "FFT": (palette.ring, STROKES[0], "P"),
    }


# -- by kernel size


def _by_kernel(outcome: Outcome) -> Facts:
    """The time of each way by kernel size, and from which size on the FFT is faster."""
    sizes, cells = outcome.settings.kernel_sizes, timings(outcome.runs)
    ends = min(sizes), max(sizes)
    numbers = findings(outcome.runs, outcome.settings)
    passes = {way: numbers[f"fft_passes_{way}"] for way in OFTEN[:-1]}
    name = "kernel size from which on the FFT is the fastest"
    own = [cell for cell in cells if cell.task == "photograph"]
    by_way = {way: [cell for cell in own if cell.way == way] for way in OFTEN}
    return {
        "cells": by_way,
        "ends": ends,
        "times": [_times([cell for cell in by_way[way] if cell.size in ends]) for way in OFTEN],
        "passes": passes,
        "fastest_from": Quantity(max(map(int, passes.values())), "pixel", name=name),
    }


def _times(cells: list[Timing]) -> Words:
    """The milliseconds of one way with the smallest kernel and, where it was timed, the largest."""
    times = [
        measured(cell.seconds * 1e3, f"milliseconds, {cell.way}, {cell.size}", digits=2)
        for cell in cells
    ]
    early = "" if len(cells) == 2 else ", which ends before the largest"
    return fill("{way} {times: to }{early}", {"way": cells[0].way, "times": times, "early": early})


@figure(
    "seconds-by-kernel-size",
    title="Time by kernel size",
    facts=_by_kernel,
    caption="""Time to filter the photograph with one k × k kernel, in five ways, by k; both axes
        are logarithmic. All ways but the FFT take longer as the kernel grows. The FFT takes about
        as long for any, and is the fastest from {fastest_from} on. It passes SciPy's direct loops
        at {passes[direct]}, the sparse matrix at {passes[sparse]}, shifts at {passes[shifts]},
        im2col at {passes[im2col]}. Medians over {seeds} seeds on one thread of one machine;
        elsewhere the crossings lie elsewhere.""",
    alt="""Five lines of milliseconds against kernel size, from {ends: to }: {times:; }. All rise
        but that of the FFT, which is nearly level and crosses the others.""",
    aspect=0.95,
    rests_on=("seconds-and-flops",),
)
def seconds_by_kernel_size(fig: Figure, look: Look, facts: Facts) -> None:
    """Milliseconds against kernel size, a line for each way."""
    axes, styles = fig.add_subplot(), _styles(look)
    for way, cells in facts["cells"].items():
        colour, stroke, mark = styles[way]
        sizes, times = [cell.size for cell in cells], [cell.seconds * 1e3 for cell in cells]
        draw_marks(axes, look, sizes, times, colour, marker=mark, ls=stroke, **_MARKS)
        # The sparse matrix ends where other lines pass: its name stands at the beginning.
        x, y = (2, times[0] * 2.5) if way == "sparse" else (cells[-1].size * 1.08, times[-1])
        label(axes, look, (x, y), way, colour)
    axes.set(xscale="log", yscale="log", xlim=(1.85, 60))
    plain_ticks(axes.xaxis, (2, 3, 5, 7, 11, 15, 21, 31))
    plain_ticks(axes.yaxis, (0.1, 1, 10, 100))
    name_axes(axes, look, "side of the kernel, k", "milliseconds")


# -- by multiply-adds


def _by_macs(outcome: Outcome) -> Facts:
    """Every cell, the least and the most of them all, and how far equal work is apart."""
    cells, numbers = timings(outcome.runs), findings(outcome.runs, outcome.settings)
    macs = [cell.macs for cell in cells]
    rate, other = (numbers[f"layer_{layer}_per_billion"] for layer in ("depthwise", "three"))
    name, billion = "time for a multiply-add, depthwise over three", "a billion multiply-adds"
    return {
        "cells": cells,
        "marks": len(cells),
        "same_macs": numbers["photograph_direct_macs"],
        "apart": numbers["apart"],
        "depthwise": measured(float(rate) / float(other), name, digits=2),
        "macs": (min(macs), max(macs)),
        "milliseconds": _range([cell.seconds * 1e3 for cell in cells], "milliseconds"),
        "seconds": _range([cell.per_billion for cell in cells], f"seconds for {billion}"),
    }


def _range(values: list[float], name: str) -> list[Quantity]:
    ends = (min(values), "least"), (max(values), "most")
    return [measured(value, f"{name}, {end}", digits=2) for value, end in ends]


@figure(
    "seconds-by-macs",
    title="Seconds against multiply-adds",
    facts=_by_macs,
    caption="""Seconds against multiply-adds: each mark is one computation, on the photograph, on a
        square cut from it, or (rings) of a network's layer. If multiply-adds predicted time, all
        would lie on one of the slanting lines, of so many seconds for a billion. With the same
        {same_macs} multiply-adds, a {3} × {3} kernel on the photograph takes {apart} times longer
        in the slowest way than in the fastest; for each of its multiply-adds a depthwise layer
        takes {depthwise} times longer than an ordinary one. The FFT does fewer than the definition,
        which is counted.""",
    alt="""{marks} marks on two logarithmic axes, from {macs: to } multiply-adds and from
        {milliseconds: to } milliseconds. On the left the marks lie on levels, the FFT's on the
        right too; elsewhere they rise along the slanting lines, on several of them. From the
        fastest to the slowest a billion multiply-adds take from {seconds: to } seconds.""",
    aspect=1.15,
    rests_on=("seconds-and-flops",),
)
def seconds_by_macs(fig: Figure, look: Look, facts: Facts) -> None:
    """Every cell as a mark, over lines of equal speed."""
    axes, styles, cells = fig.add_subplot(), _styles(look), facts["cells"]
    axes.set(xscale="log", yscale="log", xlim=(20, 1e9), ylim=(5e-7, 0.4))
    for rate in (0.01, 0.1, 1, 10, 100):
        ends = (1, 1e10)
        axes.plot(ends, [x * rate / 1e9 for x in ends], color=look.palette.faint, lw=look.line)
    for way, (colour, _, mark) in styles.items():
        own = [cell for cell in cells if cell.way == way and cell.task != "layer"]
        macs, seconds = [cell.macs for cell in own], [cell.seconds for cell in own]
        draw_marks(axes, look, macs, seconds, colour, marker=mark, label=way, **_MARKS)
    _name_layers(axes, look, cells)
    _name_rates(axes, look)
    narrow = {"ncols": 2, "handletextpad": 0.1, "columnspacing": 0.8}
    axes.legend(loc="upper left", fontsize=look.small, **narrow)
    axes.set_xticks([1e3, 1e6, 1e9], ["thousand", "million", "billion"])
    axes.set_yticks([1e-6, 1e-3], ["1 µs", "1 ms"])
    axes.minorticks_off()
    name_axes(axes, look, "multiply-adds", "time")


_LAYERS = {  # where each name stands, and whether a line leads there
    "3 × 3": (2e8, 2.9e-3),
    "1 × 1": (1e8, 1.4e-3),
    "dense": (1.8e8, 2.1e-2),
    "depthwise": (1.3e7, 1.1e-4),
}


def _name_layers(axes: Axes, look: Look, cells: list[Timing]) -> None:
    """The four layers as rings, each with its name."""
    ink, legend = look.palette.ink, {"depthwise": "layers"}  # one name for all four
    for name, cell in timed(cells, "layer").items():
        x, y = _LAYERS[name]
        if name == "depthwise":
            axes.plot([cell.macs, x * 0.9], [cell.seconds, y * 1.2], color=ink, lw=look.line * 0.6)
        ring: dict[str, Any] = {"size": 5, "mfc": look.palette.surface, "mew": look.line}
        draw_marks(axes, look, cell.macs, cell.seconds, ink, **ring, label=legend.get(name, ""))
        axes.text(x, y, name, color=ink, size=look.small, ha="left", va="center")


def _name_rates(axes: Axes, look: Look) -> None:
    """What each slanting line stands for, where it leaves the sheet."""
    how: dict[str, Any] = {"color": look.palette.muted, "size": look.small}
    for rate in (1, 10, 100):
        axes.text(0.2 / rate * 1e9 * 0.8, 0.2, f"{rate} s", ha="right", va="bottom", **how)
    for x, word in ((7e3, "0.1 s"), (7e4, "0.01 s")):
        axes.text(x, 5.5e-7, word, ha="left", va="bottom", **how)
