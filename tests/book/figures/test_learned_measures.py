from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.figures.declaration import find_figure

LAYERS, TIME = "colour-and-orientation-by-layer", "colour-and-orientation-over-training"
ERRORS, UNITS = "errors-without-colour", "units-by-colour-and-orientation"
MEASURES = ("colour", "orientation")


@pytest.fixture(scope="module")
def result() -> Any:
    return outcome("learned-features")


def spread(values: Any) -> tuple[Any, Any]:
    """Means over the seeds, and two standard errors."""
    values = np.array(values)
    return values.mean(axis=0), 2 * values.std(axis=0, ddof=1) / np.sqrt(len(values))


def curves(axes: Any) -> list[tuple[Any, Any, Any]]:
    """Where, how high and how long the bars, of every curve with error bars."""
    found = []
    for container in axes.containers:
        line, _, (bars,) = container.lines
        ends = np.array([segment[:, 1] for segment in bars.get_segments()])
        found.append((line.get_xdata(), line.get_ydata(), np.ptp(ends, axis=1) / 2))
    return found


def assert_curve(curve: tuple[Any, Any, Any], values: Any) -> None:
    mean, bar = spread(values)
    assert curve[1] == pytest.approx(mean)
    assert curve[2] == pytest.approx(bar)


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_curves_by_layer_are_the_untrained_network_and_both_tasks(
    drawn: Any, result: Any, medium: str
) -> None:
    for axes, measure in zip(drawn(LAYERS, medium).axes, MEASURES, strict=True):
        models = curves(axes)
        for curve, (task, at) in zip(models, ((0, 0), (0, -1), (1, -1)), strict=True):
            values = [[layer[at] for layer in getattr(run, measure)[task]] for run in result.runs]
            assert_curve(curve, values)
            assert list(curve[0]) == [1, 2, 3]


def test_curves_over_training_are_the_layers_of_both_tasks(drawn: Any, result: Any) -> None:
    panels = iter(drawn(TIME).axes)
    for measure in MEASURES:
        for task in range(2):
            for layer, curve in enumerate(curves(next(panels))):
                assert_curve(curve, [getattr(run, measure)[task][layer] for run in result.runs])


def test_steps_are_named_where_they_stand(drawn: Any, result: Any) -> None:
    for axes in drawn(TIME).axes[2:]:
        places = axes.get_xticks().astype(int)
        named = [label.get_text().replace(",", "") for label in axes.get_xticklabels()]
        assert named == [str(result.settings.snapshots[place]) for place in places]
        assert places[-1] == len(result.settings.snapshots) - 1


def test_curves_of_errors_are_the_three_ways_of_showing(drawn: Any, result: Any) -> None:
    for task, axes in enumerate(drawn(ERRORS).axes):
        for way, curve in enumerate(curves(axes)):
            assert_curve(curve, [np.array(run.wrong[task][way]) / 700 for run in result.runs])
        assert axes.lines[0].get_ydata() == pytest.approx([6 / 7, 6 / 7])


def test_every_unit_of_every_network_has_its_mark(drawn: Any, result: Any) -> None:
    for model, axes in enumerate(drawn(UNITS).axes):
        (marks,) = axes.lines
        x, y = marks.get_data()
        for found, measure in ((x, "colour"), (y, "orientation")):
            wanted = [v for run in result.runs for v in getattr(run, f"unit_{measure}")[model][0]]
            assert list(found) == wanted
        inside = axes.get_ylim()[0] <= min(y) <= max(y) <= axes.get_ylim()[1]
        assert inside, "no mark is cut off"


@pytest.mark.parametrize("name", [LAYERS, TIME, ERRORS])
def test_all_means_lie_within_their_panels(drawn: Any, name: str) -> None:
    for axes in drawn(name).axes:
        low, high = axes.get_ylim()
        for _, means, bars in curves(axes):
            assert low <= (means - bars).min() + 0.02
            assert (means + bars).max() <= high + 0.02


@pytest.mark.parametrize("name", [LAYERS, TIME, ERRORS])
def test_curves_differ_in_stroke_and_marker(drawn: Any, name: str) -> None:
    for axes in drawn(name).axes:
        lines = [container.lines[0] for container in axes.containers]
        assert len({str(line._unscaled_dash_pattern) for line in lines}) == 3
        assert len({line.get_marker() for line in lines}) == 3


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize(
    ("name", "names"),
    [
        (LAYERS, {"untrained", "true colours", "shuffled colours"}),
        (TIME, {"layer 1", "layer 2", "layer 3"}),
        (ERRORS, {"in colour", "in grey", "colours alone"}),
    ],
)
def test_curves_bear_their_names(
    drawn: Any, texts: Any, name: str, names: set[str], medium: str
) -> None:
    assert names <= {text.get_text() for text, _ in texts(drawn(name, medium))}


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize("name", [LAYERS, TIME, ERRORS])
def test_names_of_curves_lie_on_no_mean(drawn: Any, texts: Any, name: str, medium: str) -> None:
    fig = drawn(name, medium)
    named = {"untrained", "true colours", "shuffled colours", "in colour", "in grey"}
    named |= {"colours alone", "layer 1", "layer 2", "layer 3"}
    for axes in fig.axes:
        means = [axes.transData.transform(np.stack([x, y], axis=1)) for x, y, _ in curves(axes)]
        for text, box in texts(fig):
            if text.get_text() in named and text.axes is axes and text is not axes.title:
                assert box.count_contains(np.concatenate(means)) == 0, text.get_text()


@pytest.mark.parametrize("name", [LAYERS, TIME, ERRORS, UNITS])
def test_the_words_are_of_these_results(result: Any, name: str) -> None:
    caption, alt = (find_figure(name).words(part) for part in ("caption", "alt"))
    assert caption.numbers[-1 if name != UNITS else 0] == len(result.runs)
    assert alt.text.endswith(".")


def test_the_numbers_of_the_words_by_layer(result: Any) -> None:
    alt = find_figure(LAYERS).words("alt")
    wanted = [1, 3]
    for measure in MEASURES:
        for task, at in ((0, 0), (0, -1), (1, -1)):
            values = [[layer[at] for layer in getattr(run, measure)[task]] for run in result.runs]
            wanted += list(spread(values)[0])
    assert [float(number) for number in alt.numbers] == pytest.approx(wanted, abs=0.0005001)


def test_the_numbers_of_the_words_over_training(result: Any) -> None:
    alt = find_figure(TIME).words("alt")
    wanted: list[float] = [3, 0, 10, 50, 1600]
    for measure in MEASURES:
        for task in range(2):
            mean = spread([getattr(run, measure)[task] for run in result.runs])[0]
            for layer, told in enumerate(mean[:, [0, 2, 4, -1]].tolist(), 1):
                wanted += [layer, *told]
    assert [float(number) for number in alt.numbers] == pytest.approx(wanted, abs=0.0005001)


def test_the_numbers_of_the_words_on_errors(result: Any) -> None:
    alt = find_figure(ERRORS).words("alt")
    wanted: list[float] = [0, 10, 50, 1600]
    for task in range(2):
        mean = np.mean([run.wrong[task] for run in result.runs], axis=0) / 700
        wanted += mean[:, [0, 2, 4, -1]].ravel().tolist()
    assert [float(number) for number in alt.numbers] == pytest.approx(wanted)
