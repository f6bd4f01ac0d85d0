"""What pages and figures take from the features that convolutions learned from photographs."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from mkdocs_cnn import experiments
from mkdocs_cnn.experiments.statistics import Means, bar, curve, differences, mean, means, share
from mkdocs_cnn.quantities.quantity import Quantity

if TYPE_CHECKING:
    from mkdocs_cnn.book.experiments.learned_features.run import LearnedFeaturesRun, Settings

Runs = Sequence["LearnedFeaturesRun"]

MEASURES = {"colour": "colour content", "orientation": "orientation selectivity"}
SHOWN = ("in colour", "in grey", "colours alone")
"""The ways in which test patches are shown to the network."""


@experiments.findings("learned-features")
def findings(
    runs: Runs,
    settings: Settings,
    *,
    task: str = "true colours",
    layer: int = 1,
    step: int | None = None,
) -> dict[str, Quantity]:
    """The numbers of one task, layer and time.

    Gives, each with a `…_bar`: `colour` and `orientation` of the layer's units, `untrained_colour`
    and `untrained_orientation`, `colour_change` and `orientation_change` since then, `colour_rise`
    and `orientation_rise` from the first layer to the last, `off_grey`, and `link`, the
    correlation of both among the units at the end, and `untrained_link`. Besides, of the network,
    `error`, `grey_error`, `colours_error`; and `prefer_grey`, `units`, `size`, `steps`, `tested`,
    `parameters`.

    Layers are counted from 1; `step` is a number of steps, None the end of the training.

    Raises:
        ValueError: If this task, layer or step was not measured.
    """
    steps = settings.snapshots[-1] if step is None else step
    at = _place(steps, settings.snapshots, "step")
    _place(layer, range(1, len(settings.channels) + 1), "layer")
    which, depth = _place(task, settings.tasks, "task"), layer - 1
    when = f"{task}, after {steps:,} steps"
    return {
        **_measures(runs, which, depth, at, when),
        **_links(runs, which, depth, task),
        **_network(runs, settings, which, at, when),
        **_layer(runs, settings, which, depth, at, when),
        "steps": Quantity(steps, "step", name="steps of training"),
    }


def by_layer(runs: Runs, measure: str, task: int, at: int = -1) -> Means:
    """A measure, "colour" or "orientation", in each layer at a snapshot; 0 is before training."""
    layers = range(len(runs[0].fields))
    return means([[_value(run, measure, task, layer, at) for layer in layers] for run in runs])


def over_time(runs: Runs, measure: str, task: int, layer: int) -> Means:
    """A measure in one layer, counted from 0, at each snapshot."""
    return means([getattr(run, measure)[task][layer] for run in runs])


def errors(runs: Runs, settings: Settings, task: int, way: int) -> Means:
    """The share of test patches, shown in a way of `SHOWN`, that are wrong at each snapshot."""
    return curve([run.wrong[task][way] for run in runs], settings.tested)


def _value(run: LearnedFeaturesRun, measure: str, task: int, layer: int, at: int) -> float:
    value: float = getattr(run, measure)[task][layer][at]
    return value


def _place(wanted: object, measured: Sequence[object], name: str) -> int:
    if wanted not in measured:
        choices = ", ".join(map(str, measured))
        raise ValueError(f"{name} must be one of those measured ({choices}), not {wanted}")
    return measured.index(wanted)


def _with_bar(key: str, by_seed: Sequence[float], name: str) -> dict[str, Quantity]:
    """The mean over the seeds and its error bar."""
    return {
        key: _measured(mean(by_seed), f"{name}, mean over the seeds"),
        f"{key}_bar": _measured(bar(by_seed), f"two standard errors of the {name}"),
    }


def _measures(runs: Runs, task: int, layer: int, at: int, when: str) -> dict[str, Quantity]:
    numbers: dict[str, Quantity] = {}
    for measure, name in MEASURES.items():

        def each(depth: int, time: int, measure: str = measure) -> list[float]:
            return [_value(run, measure, task, depth, time) for run in runs]

        now, before = each(layer, at), each(layer, 0)
        where = f"{name} in layer {layer + 1}"
        numbers |= _with_bar(measure, now, f"{where}, {when}")
        numbers |= _with_bar(f"untrained_{measure}", before, f"{where}, untrained")
        numbers |= _with_bar(
            f"{measure}_change", differences(now, before), f"change of {where}, {when}"
        )
        rise = differences(each(-1, at), each(0, at))
        numbers |= _with_bar(
            f"{measure}_rise", rise, f"rise of {name} from first layer to last, {when}"
        )
    off = [run.off_grey[task][at] for run in runs]
    return numbers | _with_bar(
        "off_grey", off, f"share of the first kernels' energy off grey, {when}"
    )


def _measured(value: float, name: str) -> Quantity:
    """A measured number to three decimals: more than its error bar allows to say."""
    return Quantity(Fraction(f"{value:.3f}"), name=f"measured: {name}")


def _links(runs: Runs, task: int, layer: int, trained: str) -> dict[str, Quantity]:
    """How colour content and orientation selectivity go together among a layer's units."""
    numbers: dict[str, Quantity] = {}
    models = ("link", task + 1, trained), ("untrained_link", 0, "untrained")
    for key, model, which in models:
        pairs = ((run.unit_colour[model], run.unit_orientation[model]) for run in runs)
        by_seed = [statistics.correlation(colour[layer], way[layer]) for colour, way in pairs]
        name = f"correlation of colour content and orientation selectivity in layer {layer + 1}"
        numbers |= _with_bar(key, by_seed, f"{name}, {which}")
    return numbers


def _network(runs: Runs, settings: Settings, task: int, at: int, when: str) -> dict[str, Quantity]:
    numbers: dict[str, Quantity] = {}
    for key, way in (("error", 0), ("grey_error", 1), ("colours_error", 2)):
        wrong = [run.wrong[task][way][at] for run in runs]
        name = f"share of test patches wrong, {SHOWN[way]}, {when}"
        numbers[key] = share(wrong, settings.tested, name)
        shares = [count / settings.tested for count in wrong]
        numbers[f"{key}_bar"] = _measured(bar(shares), f"two standard errors of the {name}")
    return {
        **numbers,
        "tested": Quantity(settings.tested, "patch", name="test patches to a seed"),
        "parameters": Quantity(runs[0].parameters, "parameter", name="parameters of the network"),
    }


def _layer(
    runs: Runs, settings: Settings, task: int, layer: int, at: int, when: str
) -> dict[str, Quantity]:
    units = Quantity(settings.channels[layer], "unit", name=f"units of layer {layer + 1}")
    counts = [run.prefer_grey[task][layer][at] for run in runs]
    name = f"share of units of layer {layer + 1} that answer most to a grey grating, {when}"
    grey = Quantity(
        sum(counts), "unit", name="units that answer most to a grey grating, over all seeds"
    )
    every = units * Quantity(len(runs), name="seeds")
    shares = [count / settings.channels[layer] for count in counts]
    return {
        "units": units,
        "prefer_grey": (grey / every).named(name),
        "prefer_grey_bar": _measured(bar(shares), f"two standard errors of the {name}"),
        "size": Quantity(
            runs[0].fields[layer][0], "pixel", name=f"receptive field of layer {layer + 1}"
        ),
    }
