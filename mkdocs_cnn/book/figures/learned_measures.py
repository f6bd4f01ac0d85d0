"""Figures of the chapter on learned features: colour and orientation by layer and over training."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.inputs.photographs import PHOTOGRAPHS
from mkdocs_cnn.book.experiments.learned_features import findings as found
from mkdocs_cnn.experiments.results import Outcome, outcome
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.curves import Curve, draw_curve, headed, name_curve, plain_ticks
from mkdocs_cnn.figures.style import Look, Palette
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words

_HEADINGS = {"colour": "colour content", "orientation": "orientation selectivity"}
_EARLY, _LATER = 10, 50  # steps of which captions speak
_HIGHEST = {"colour": 1.0, "orientation": 0.25}  # of the axes
_TICKS = {"colour": (0, 0.5, 1), "orientation": (0, 0.1, 0.2)}


def _outcome() -> Outcome:
    return outcome("learned-features")


@cache
def _at(task: str, layer: int, step: int | None = None) -> dict[str, Quantity]:
    gave = _outcome()
    return found.findings(gave.runs, gave.settings, task=task, layer=layer, step=step)


def _tasks() -> tuple[str, ...]:
    tasks: tuple[str, ...] = _outcome().settings.tasks
    return tasks


def _layers() -> range:
    return range(1, len(_outcome().settings.channels) + 1)


def _steps() -> tuple[int, ...]:
    steps: tuple[int, ...] = _outcome().settings.snapshots
    return steps


def _bars() -> str:
    return "Bars: two standard errors of the mean over {} seeds."


# -- by layer


def _models(palette: Palette) -> list[tuple[Curve, int, int]]:
    """How each network is drawn, its task, and when: 0 for before training, −1 for the end."""
    true, shuffled = _tasks()
    return [
        (Curve("untrained", palette.dense, "s", 1), 0, 0),
        (Curve(true, palette.shared, "o", 0), 0, -1),
        (Curve(shuffled, palette.sparse, "^", 2), 1, -1),
    ]


def _layer_caption() -> Words:
    true, shuffled = _tasks()
    first, last = _layers()[0], _layers()[-1]
    return Words(
        "Colour content and orientation selectivity of the units, means by layer. In true colours "
        "the colour content rises with depth, from {} to {}, and the first layer sees more colour, "
        "not less, than the untrained one with {}. With shuffled colours it is {} and {}. Oriented "
        "is the first layer by {} in true colours and by {} with shuffled ones; untrained kernels "
        f"are so by {{}}, by accident. {_bars()}",
        _at(true, first)["colour"],
        _at(true, last)["colour"],
        _at(true, first)["untrained_colour"],
        _at(shuffled, first)["colour"],
        _at(shuffled, last)["colour"],
        _at(true, first)["orientation"],
        _at(shuffled, first)["orientation"],
        _at(true, first)["untrained_orientation"],
        len(_outcome().runs),
    )


def _layer_alt() -> Words:
    said, numbers = [], []
    for measure, heading in _HEADINGS.items():
        lines = []
        for name, task, key in _said(measure):
            lines.append(f"{name} " + ", ".join("{}" for _ in _layers()))
            numbers += [_at(task, layer)[key] for layer in _layers()]
        said.append(f"{heading.capitalize()}: {'; '.join(lines)}.")
    return Words(
        f"Two panels with three curves over layers {{}} to {{}}. {' '.join(said)}",
        _layers()[0],
        _layers()[-1],
        *numbers,
    )


def _said(measure: str) -> list[tuple[str, str, str]]:
    """Each network's name, its task, and what the findings call its numbers."""
    trained = [(task, task, measure) for task in _tasks()]
    return [("untrained", _tasks()[0], f"untrained_{measure}"), *trained]


@figure(
    "colour-and-orientation-by-layer",
    title="Colour and orientation by layer",
    caption=_layer_caption,
    alt=_layer_alt,
    aspect=0.75,
    rests_on=("learned-features",),
)
def colour_and_orientation_by_layer(fig: Figure, look: Look) -> None:
    """A panel for each measure, in it a curve for each network."""
    gave, layers = _outcome(), list(_layers())
    for axes, measure in zip(fig.subplots(1, 2), _HEADINGS, strict=True):
        for curve, task, time in _models(look.palette):
            means = found.by_layer(gave.runs, measure, task, time)
            draw_curve(axes, look, curve, layers, *means)
        axes.set(xticks=layers, xlim=(layers[0] - 0.25, layers[-1] + 0.25))
        axes.set_ylim(0, _HIGHEST[measure])
        plain_ticks(axes.yaxis, _TICKS[measure])
        axes.grid(axis="y")
        headed(axes, look, _HEADINGS[measure], "0: none, 1: nothing else", "layer")
    names, places = _models(look.palette), ((0.97, 0.15), (0.05, 0.8), (0.97, 0.61))
    for (curve, *_), place in zip(names, places, strict=True):
        ha = "left" if place[0] < 0.5 else "right"
        name_curve(fig.axes[0], look, curve, place, ha, "center")


# -- over training


def _time_caption() -> Words:
    true, shuffled = _tasks()
    return Words(
        "The same over the steps of training, which are not evenly spaced. With shuffled colours "
        "the first layer's colour content falls at first, from {} to {} after {} steps: it adds up "
        "brightness. In true colours it soon rises, to {} after {}. By then the orientation of the "
        "random kernels, {}, is lost in both, down to {} and {}. With shuffled colours it is "
        f"learned after that, and is {{}} in the end. {_bars()}",
        _at(shuffled, 1)["untrained_colour"],
        _at(shuffled, 1, _EARLY)["colour"],
        _EARLY,
        _at(true, 1, _LATER)["colour"],
        _LATER,
        _at(true, 1)["untrained_orientation"],
        _at(true, 1, _LATER)["orientation"],
        _at(shuffled, 1, _LATER)["orientation"],
        _at(shuffled, 1)["orientation"],
        len(_outcome().runs),
    )


def _time_alt() -> Words:
    said: list[str] = []
    numbers: list[Quantity | int] = []
    for measure, heading in _HEADINGS.items():
        for task in _tasks():
            lines = "; ".join("layer {}: {}, {}, {} and {}" for _ in _layers())
            said.append(f"{heading.capitalize()}, {task}, {lines}.")
            for layer in _layers():
                numbers += [layer, *(_at(task, layer, step)[measure] for step in _told_steps())]
    return Words(
        "Four panels, each with a curve for each of {} layers against the steps of training. Given "
        f"are the values after {{}}, {{}}, {{}} and {{}} steps. {' '.join(said)}",
        len(_layers()),
        *_told_steps(),
        *numbers,
    )


def _told_steps() -> tuple[int, ...]:
    return 0, _EARLY, _LATER, _steps()[-1]


@figure(
    "colour-and-orientation-over-training",
    title="Colour and orientation over training",
    caption=_time_caption,
    alt=_time_alt,
    aspect=1.25,
    rests_on=("learned-features",),
)
def colour_and_orientation_over_training(fig: Figure, look: Look) -> None:
    """A row for each measure, a column for each task; a curve for each layer."""
    gave, curves = _outcome(), _layer_curves(look.palette)
    panels = fig.subplots(2, 2, sharex=True, sharey="row")
    for row, measure in zip(panels, _HEADINGS, strict=True):
        for task, axes in enumerate(row):
            for layer, curve in enumerate(curves):
                means = found.over_time(gave.runs, measure, task, layer)
                draw_curve(axes, look, curve, range(len(_steps())), *means)
            _time_axis(axes, look, _tasks()[task], _HEADINGS[measure])
            axes.set_ylim(0, _HIGHEST[measure])
            plain_ticks(axes.yaxis, _TICKS[measure])
    for axes in panels[1]:
        axes.set_xlabel("steps", fontsize=look.small)
    for curve, x in zip(curves, (0.0, 0.36, 0.72), strict=True):
        name_curve(panels[0, 1], look, curve, (x + 0.02, 0.86), "left", "center")


def _layer_curves(palette: Palette) -> list[Curve]:
    styles = zip(
        _layers(), (palette.muted, palette.sparse, palette.shared), "s^o", (1, 2, 0), strict=True
    )
    return [Curve(f"layer {n}", colour, mark, stroke) for n, colour, mark, stroke in styles]


def _time_axis(axes: Axes, look: Look, heading: str, what: str) -> None:
    """Steps at equal distances, some of them named; and the panel's heading."""
    steps = _steps()
    named = [at for at in range(len(steps)) if at % 3 == 0]
    axes.set_xticks(named, [f"{steps[at]:,}" for at in named])
    axes.grid(axis="y")
    headed(axes, look, heading, what, "")


# -- what the network loses in grey


def _grey_caption() -> Words:
    true, shuffled = _tasks()
    return Words(
        "Test patches of which the network names the wrong photograph: shown as in training, in "
        "grey, and with their colours alone. After {} steps in true colours it errs on {} of the "
        "grey ones and {} of the colours alone; in the end on {} and {}, and on {} of whole "
        "patches. With shuffled colours, in the end: {}, {} and {}. Guessing errs on {} of {}. "
        f"{_bars()}",
        _EARLY,
        _at(true, 1, _EARLY)["grey_error"],
        _at(true, 1, _EARLY)["colours_error"],
        *(_at(true, 1)[key] for key in ("grey_error", "colours_error", "error")),
        *(_at(shuffled, 1)[key] for key in ("grey_error", "colours_error", "error")),
        len(PHOTOGRAPHS) - 1,
        len(PHOTOGRAPHS),
        len(_outcome().runs),
    )


def _grey_alt() -> Words:
    said, numbers = [], []
    keys = ("error", "grey_error", "colours_error")
    for task in _tasks():
        lines = "; ".join(f"{way} {{}}, {{}}, {{}} and {{}}" for way in found.SHOWN)
        said.append(f"{task.capitalize()}: {lines}.")
        numbers += [_at(task, 1, step)[key] for key in keys for step in _told_steps()]
    return Words(
        "Two panels of the share wrong against the steps of training, each with three curves. "
        f"Given are the values after {{}}, {{}}, {{}} and {{}} steps. {' '.join(said)}",
        *_told_steps(),
        *numbers,
    )


@figure(
    "errors-without-colour",
    title="Errors in grey and with colours alone",
    caption=_grey_caption,
    alt=_grey_alt,
    aspect=0.8,
    rests_on=("learned-features",),
)
def errors_without_colour(fig: Figure, look: Look) -> None:
    """A panel for each task, a curve for each way of showing the patches."""
    gave, guessing = _outcome(), 1 - 1 / len(PHOTOGRAPHS)
    panels = fig.subplots(1, 2, sharey=True)
    for task, axes in enumerate(panels):
        axes.axhline(guessing, color=look.palette.muted, lw=look.line * 0.6, ls=":")
        for way, curve in enumerate(_ways(look.palette)):
            means = found.errors(gave.runs, gave.settings, task, way)
            draw_curve(axes, look, curve, range(len(_steps())), *means)
        _time_axis(axes, look, _tasks()[task], "share wrong")
        axes.set(ylim=(0, 1), xlabel="steps")
    for curve, place in zip(
        _ways(look.palette), ((0.4, 0.18), (0.97, 0.77), (0.97, 0.42)), strict=True
    ):
        name_curve(panels[0], look, curve, place, "right", "center")


def _ways(palette: Palette) -> list[Curve]:
    styles = zip(
        found.SHOWN, (palette.shared, palette.muted, palette.sparse), "os^", (0, 1, 2), strict=True
    )
    return [Curve(*style) for style in styles]


# -- unit by unit


def _units_caption() -> Words:
    true, shuffled = _tasks()
    return Words(
        "Each mark is a unit of the first layer, of all {} networks. After training the units "
        "share the work: few of those that answer to colour have an orientation, and few of those "
        "with an orientation see colour. The correlation of the two, in each network by itself, is "
        "{} ± {} before training, {} ± {} in true colours and {} ± {} with shuffled ones.",
        len(_outcome().runs),
        *_both(_at(true, 1), "untrained_link"),
        *_both(_at(true, 1), "link"),
        *_both(_at(shuffled, 1), "link"),
    )


def _both(numbers: Mapping[str, Quantity], key: str) -> tuple[Quantity, Quantity]:
    return numbers[key], numbers[f"{key}_bar"]


def _units_alt() -> Words:
    return Words(
        "Three scatter plots of orientation selectivity against colour content, {} units each. "
        "Untrained: one cloud. True colours: most units at high colour content near the bottom. "
        "Shuffled colours: some units at low colour content high up, the others near the bottom.",
        len(_outcome().runs) * _outcome().settings.channels[0],
    )


@figure(
    "units-by-colour-and-orientation",
    title="Units by colour and orientation",
    caption=_units_caption,
    alt=_units_alt,
    aspect=0.52,
    rests_on=("learned-features",),
)
def units_by_colour_and_orientation(fig: Figure, look: Look) -> None:
    """A panel for each network, a mark for each unit."""
    gave, panels = _outcome(), fig.subplots(1, 3, sharex=True, sharey=True)
    for model, (axes, (curve, _, _)) in enumerate(zip(panels, _models(look.palette), strict=True)):
        axes.plot(
            [each for run in gave.runs for each in run.unit_colour[model][0]],
            [each for run in gave.runs for each in run.unit_orientation[model][0]],
            curve.marker,
            color=curve.colour,
            ms=look.line * 1.8,
            mew=0,
            alpha=0.7,
            rasterized=True,  # lighter than paths
        )
        axes.set(xlim=(0, 1), ylim=(0, 0.6), xticks=[0, 0.5, 1])
        axes.grid()
        axes.set_title(curve.name, fontsize=look.small, fontweight="bold", color=curve.colour)
    panels[1].set_xlabel("colour content", fontsize=look.small)
    panels[0].set_ylabel("orientation selectivity", fontsize=look.small)
