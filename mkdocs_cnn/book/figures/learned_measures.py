"""Figures of the chapter on learned features: colour and orientation by layer and over training."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.inputs.photographs import PHOTOGRAPHS
from mkdocs_cnn.book.experiments.learned_features import findings as measured
from mkdocs_cnn.book.experiments.learned_features.findings import MEASURES, SHOWN
from mkdocs_cnn.experiments.results import Outcome
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import (
    Curve,
    add_headings,
    draw_curve,
    name_curve,
    plain_ticks,
)
from mkdocs_cnn.figures.style import Palette
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words, fill

_EARLY, _LATER = 10, 50  # steps of which captions speak
_HIGHEST = {"colour": 1.0, "orientation": 0.25}  # of the axes
_TICKS = {"colour": (0, 0.5, 1), "orientation": (0, 0.1, 0.2)}


def _layers(outcome: Outcome) -> list[int]:
    return list(range(1, len(outcome.settings.channels) + 1))


def _steps(outcome: Outcome) -> tuple[int, ...]:
    """The steps whose values are written out."""
    return 0, _EARLY, _LATER, outcome.settings.snapshots[-1]


def _numbers(
    outcome: Outcome, task: str, layer: int = 1, step: int | None = None
) -> dict[str, Quantity]:
    return measured.findings(outcome.runs, outcome.settings, task=task, layer=layer, step=step)


def _first_layer(outcome: Outcome) -> Facts:
    """The numbers of both tasks, in the end, early and later; and the steps."""
    numbers = {
        name + when: _numbers(outcome, task, step=step)
        for name, task in zip(("true", "shuffled"), outcome.settings.tasks, strict=True)
        for when, step in (("", None), ("_early", _EARLY), ("_later", _LATER))
    }
    return {**numbers, "steps": _steps(outcome)}


def _panel(
    outcome: Outcome, task: str, heading: str, lines: Iterable[tuple[str | Words, int, str]]
) -> Words:
    """A panel in words: for each line (its name, its layer and its key) the values at the steps."""
    sentences = []
    for name, layer, key in lines:
        values = [_numbers(outcome, task, layer, step)[key] for step in _steps(outcome)]
        sentences.append(fill("{name} {values}", {"name": name, "values": values}))
    return fill("{heading}{lines:; }.", {"heading": heading, "lines": sentences})


# -- by layer

_MODELS = ((0, 0), (0, -1), (1, -1))  # the task of each network, and when: 0 before training


def _curves(palette: Palette) -> list[Curve]:
    """How each network is drawn."""
    names = ("untrained", "true colours", "shuffled colours")
    colours = (palette.dense, palette.shared, palette.sparse)
    return list(map(Curve, names, colours, "so^", (1, 0, 2)))


def _by_layer(outcome: Outcome) -> Facts:
    """Both measures in each layer of each network."""
    layers = _layers(outcome)
    by_task = [[_numbers(outcome, task, n) for n in layers] for task in outcome.settings.tasks]
    true, shuffled = ({key: [at[key] for at in by] for key in by[0]} for by in by_task)
    means = {
        measure: [measured.by_layer(outcome.runs, measure, *model) for model in _MODELS]
        for measure in MEASURES
    }
    return {"true": true, "shuffled": shuffled, "layers": layers, "means": means}


@figure(
    "colour-and-orientation-by-layer",
    title="Colour and orientation by layer",
    facts=_by_layer,
    caption="""Colour content and orientation selectivity of the units, means by layer. In true
        colours the colour content rises with depth, from {true[colour][0]} to {true[colour][2]},
        and the first layer sees more colour, not less, than the untrained one with
        {true[untrained_colour][0]}. With shuffled colours it is {shuffled[colour][0]} and
        {shuffled[colour][2]}. Oriented is the first layer by {true[orientation][0]} in true colours
        and by {shuffled[orientation][0]} with shuffled ones; untrained kernels are so by
        {true[untrained_orientation][0]}, by accident. Bars: two standard errors of the mean over
        {seeds} seeds.""",
    alt="""Two panels with three curves over layers {layers[0]} to {layers[2]}. Colour content:
        untrained {true[untrained_colour]:, }; true colours {true[colour]:, }; shuffled colours
        {shuffled[colour]:, }. Orientation selectivity: untrained {true[untrained_orientation]:, };
        true colours {true[orientation]:, }; shuffled colours {shuffled[orientation]:, }.""",
    aspect=0.75,
    rests_on=("learned-features",),
)
def colour_and_orientation_by_layer(fig: Figure, look: Look, facts: Facts) -> None:
    """A panel for each measure, in it a curve for each network."""
    layers, curves = facts["layers"], _curves(look.palette)
    for axes, measure in zip(fig.subplots(1, 2), MEASURES, strict=True):
        for curve, means in zip(curves, facts["means"][measure], strict=True):
            draw_curve(axes, look, curve, layers, *means)
        axes.set(xticks=layers, xlim=(layers[0] - 0.25, layers[-1] + 0.25))
        axes.set_ylim(0, _HIGHEST[measure])
        plain_ticks(axes.yaxis, _TICKS[measure])
        axes.grid(axis="y")
        add_headings(axes, look, MEASURES[measure], "0: none, 1: nothing else")
        axes.set_xlabel("layer", fontsize=look.small)
    for curve, place in zip(curves, ((0.97, 0.15), (0.05, 0.8), (0.97, 0.61)), strict=True):
        name_curve(fig.axes[0], look, curve, place, "left" if place[0] < 0.5 else "right")


# -- over training


def _over_training(outcome: Outcome) -> Facts:
    """Both measures in each layer at each snapshot of both trainings."""
    runs, tasks, layers = outcome.runs, outcome.settings.tasks, _layers(outcome)
    panels, means = [], {}
    for (measure, name), (at, task) in product(MEASURES.items(), enumerate(tasks)):
        lines = [(fill("layer {n}:", {"n": layer}), layer, measure) for layer in layers]
        panels.append(_panel(outcome, task, f"{name.capitalize()}, {task}, ", lines))
        means[measure, task] = [measured.over_time(runs, measure, at, n - 1) for n in layers]
    return {**_first_layer(outcome), "layers": len(layers), "panels": panels, "means": means}


@figure(
    "colour-and-orientation-over-training",
    title="Colour and orientation over training",
    facts=_over_training,
    caption="""The same over the steps of training, which are not evenly spaced. With shuffled
        colours the first layer's colour content falls at first, from {shuffled[untrained_colour]}
        to {shuffled_early[colour]} after {_EARLY} steps: it adds up brightness. In true colours it
        soon rises, to {true_later[colour]} after {_LATER}. By then the orientation of the random
        kernels, {true[untrained_orientation]}, is lost in both, down to {true_later[orientation]}
        and {shuffled_later[orientation]}. With shuffled colours it is learned after that, and is
        {shuffled[orientation]} in the end. Bars: two standard errors of the mean over {seeds}
        seeds.""",
    alt="""Four panels, each with a curve for each of {layers} layers against the steps of training.
        Given are the values after {steps} steps. {panels: }""",
    aspect=1.25,
    rests_on=("learned-features",),
)
def colour_and_orientation_over_training(fig: Figure, look: Look, facts: Facts) -> None:
    """A row for each measure, a column for each task; a curve for each layer."""
    palette, settings = look.palette, facts["settings"]
    colours = (palette.muted, palette.sparse, palette.shared)
    curves = list(map(Curve, ("layer 1", "layer 2", "layer 3"), colours, "s^o", (1, 2, 0)))
    panels = fig.subplots(2, 2, sharex=True, sharey="row")
    for row, measure in zip(panels, MEASURES, strict=True):
        for task, axes in zip(settings.tasks, row, strict=True):
            for curve, means in zip(curves, facts["means"][measure, task], strict=True):
                draw_curve(axes, look, curve, range(len(means.values)), *means)
            _time_axis(axes, look, settings.snapshots, task, MEASURES[measure])
            axes.set_ylim(0, _HIGHEST[measure])
            plain_ticks(axes.yaxis, _TICKS[measure])
    for axes in panels[1]:
        axes.set_xlabel("steps", fontsize=look.small)
    for curve, x in zip(curves, (0.0, 0.36, 0.72), strict=True):
        name_curve(panels[0, 1], look, curve, (x + 0.02, 0.86), "left")


def _time_axis(axes: Axes, look: Look, steps: Sequence[int], heading: str, what: str) -> None:
    """Steps at equal distances, some of them named; and the panel's heading."""
    named = [at for at in range(len(steps)) if at % 3 == 0]
    axes.set_xticks(named, [f"{steps[at]:,}" for at in named])
    axes.grid(axis="y")
    add_headings(axes, look, heading, what)


# -- what the network loses in grey


def _without_colour(outcome: Outcome) -> Facts:
    """The share of test patches wrong, for each way of showing them, at each snapshot."""
    keys = [*zip(SHOWN, (1, 1, 1), ("error", "grey_error", "colours_error"), strict=True)]
    tasks, ways = outcome.settings.tasks, range(len(SHOWN))
    every = len(PHOTOGRAPHS)
    return {
        **_first_layer(outcome),
        "wrong": every - 1,
        "photographs": every,
        "panels": [_panel(outcome, task, f"{task.capitalize()}: ", keys) for task in tasks],
        "means": [
            [measured.errors(outcome.runs, outcome.settings, task, way) for way in ways]
            for task in range(len(tasks))
        ],
    }


@figure(
    "errors-without-colour",
    title="Errors in grey and with colours alone",
    facts=_without_colour,
    caption="""Test patches of which the network names the wrong photograph: shown as in training,
        in grey, and with their colours alone. After {_EARLY} steps in true colours it errs on
        {true_early[grey_error]} of the grey ones and {true_early[colours_error]} of the colours
        alone; in the end on {true[grey_error]} and {true[colours_error]}, and on {true[error]} of
        whole patches. With shuffled colours, in the end: {shuffled[grey_error]},
        {shuffled[colours_error]} and {shuffled[error]}. Guessing errs on {wrong} of {photographs}.
        Bars: two standard errors of the mean over {seeds} seeds.""",
    alt="""Two panels of the share wrong against the steps of training, each with three curves.
        Given are the values after {steps} steps. {panels: }""",
    aspect=0.8,
    rests_on=("learned-features",),
)
def errors_without_colour(fig: Figure, look: Look, facts: Facts) -> None:
    """A panel for each task, a curve for each way of showing the patches."""
    settings, palette = facts["settings"], look.palette
    guessing = facts["wrong"] / facts["photographs"]
    colours = (palette.shared, palette.muted, palette.sparse)
    curves = list(map(Curve, SHOWN, colours, "os^", (0, 1, 2)))
    panels = fig.subplots(1, 2, sharey=True)
    for axes, task, ways in zip(panels, settings.tasks, facts["means"], strict=True):
        axes.axhline(guessing, color=palette.muted, lw=look.line * 0.6, ls=":")
        for curve, means in zip(curves, ways, strict=True):
            draw_curve(axes, look, curve, range(len(means.values)), *means)
        _time_axis(axes, look, settings.snapshots, task, "share wrong")
        axes.set_ylim(0, 1)
        axes.set_xlabel("steps", fontsize=look.small)
    for curve, place in zip(curves, ((0.4, 0.18), (0.97, 0.77), (0.97, 0.42)), strict=True):
        name_curve(panels[0], look, curve, place, "right")


# -- unit by unit


def _units(outcome: Outcome) -> Facts:
    """The colour content and the orientation of every unit of the first layer, by network."""
    runs, models = outcome.runs, range(len(_MODELS))
    return {
        **_first_layer(outcome),
        "units": len(runs) * outcome.settings.channels[0],
        "colour": [[n for run in runs for n in run.unit_colour[at][0]] for at in models],
        "orientation": [[n for run in runs for n in run.unit_orientation[at][0]] for at in models],
    }


@figure(
    "units-by-colour-and-orientation",
    title="Units by colour and orientation",
    facts=_units,
    caption="""Each mark is a unit of the first layer, of all {seeds} networks. After training the
        units share the work: few of those that answer to colour have an orientation, and few of
        those with an orientation see colour. The correlation of the two, in each network by itself,
        is {true[untrained_link]} ± {true[untrained_link_bar]} before training, {true[link]} ±
        {true[link_bar]} in true colours and {shuffled[link]} ± {shuffled[link_bar]} with shuffled
        ones.""",
    alt="""Three scatter plots of orientation selectivity against colour content, {units} units
        each. Untrained: one cloud. True colours: most units at high colour content near the bottom.
        Shuffled colours: some units at low colour content high up, the others near the bottom.""",
    aspect=0.52,
    rests_on=("learned-features",),
)
def units_by_colour_and_orientation(fig: Figure, look: Look, facts: Facts) -> None:
    """A panel for each network, a mark for each unit."""
    panels = fig.subplots(1, 3, sharex=True, sharey=True)
    for axes, curve, colour, orientation in zip(
        panels, _curves(look.palette), facts["colour"], facts["orientation"], strict=True
    ):
        how = {"alpha": 0.7, "mew": 0, "rasterized": True}  # lighter than paths
        style = {"color": curve.colour, "ms": look.line * 1.8, **how}
        axes.plot(colour, orientation, curve.marker, **style)
        axes.set(xlim=(0, 1), ylim=(0, 0.6), xticks=[0, 0.5, 1])
        axes.grid()
        axes.set_title(curve.name, fontsize=look.small, fontweight="bold", color=curve.colour)
    panels[1].set_xlabel("colour content", fontsize=look.small)
    panels[0].set_ylabel("orientation selectivity", fontsize=look.small)
