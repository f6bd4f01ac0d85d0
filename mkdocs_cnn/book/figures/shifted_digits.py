"""The figure on digits that have moved since training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.shifted_digits.findings import errors, findings
from mkdocs_cnn.experiments.results import Outcome
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.curves import Curve, draw_curve, headed, key, plain_ticks
from mkdocs_cnn.figures.style import Look, Palette

_STRIDE = 4  # of the last feature map, behind two halvings


def _facts(outcome: Outcome) -> dict[str, Any]:
    """The test errors by network, for each shift."""
    runs, settings, shifts = outcome.runs, outcome.settings, outcome.settings.shifts
    numbers = {by: findings(runs, settings, by=by) for by in shifts}
    keys = [name.replace("-", "_") for name in settings.networks]
    return {
        "one": 1,
        "by_one": numbers[1],
        "stride": _STRIDE,
        "by_stride": numbers[_STRIDE],
        "shifts": shifts,
        "farthest": shifts[-1],
        "test": {key: [numbers[by][key] for by in shifts] for key in keys},
        "seeds": len(runs),
        "errors": {name: errors(runs, settings, name) for name in settings.networks},
    }


@figure(
    "shifted-digits",
    title="Digits that have moved since training",
    facts=_facts,
    caption=(
        "Test errors on digits that were in the middle in training and have moved since. Moved by "
        "{one} pixel, a dense network errs on {by_one[dense]}, a convolutional one with a dense "
        "head on {by_one[places]}, with blur pooling on {by_one[places_blur]}. With global average "
        "pooling it is {by_one[pooled]}, and {by_one[pooled_blur]} with blur pooling; moved by "
        "{stride} pixels, a whole stride, {by_stride[pooled]} and {by_stride[pooled_blur]}. Bars: "
        "two standard errors of the mean over {seeds} seeds."
    ),
    alt=(
        "Two panels of test error over shifts from {shifts[0]} to {farthest} pixels. Dense head: "
        "the dense network {test[dense]:, }; convolution with max pooling {test[places]:, }; with "
        "max and blur pooling {test[places_blur]:, }. Global average pooling: with max pooling "
        "{test[pooled]:, }; with max and blur pooling {test[pooled_blur]:, }."
    ),
    aspect=1.5,
    rests_on=("shifted-digits",),
)
def shifted_digits(fig: Figure, look: Look, facts: dict[str, Any]) -> None:
    """Test error against distance, one panel for each way to end, one curve for each network."""
    grid = (1, 2) if look.wide else (2, 1)
    panels = fig.subplots(*grid, sharex=True, sharey=True, squeeze=False).ravel()
    panels[0].set_ylim(0, 1)
    plain_ticks(panels[0].yaxis, (0, 0.25, 0.5, 0.75, 1), percent=True)
    for axes, (heading, curves) in zip(panels, _panels(look.palette).items(), strict=True):
        for name, curve in curves.items():
            draw_curve(axes, look, curve, facts["shifts"], *facts["errors"][name])
        axes.set_xticks(facts["shifts"])
        axes.grid(axis="y")
        along = "moved by so many pixels" if look.wide or axes is panels[-1] else ""
        headed(axes, look, heading, "test error", along)
    key(panels[0], look, "lower right")
    key(panels[1], look, "upper right")


def _panels(palette: Palette) -> Mapping[str, Mapping[str, Curve]]:
    """The curves of each panel, by heading and network."""
    plain = Curve("max pooling", palette.shared, "D", 2)
    blurred = Curve("max + blur", palette.shared, "o", 0)
    dense = Curve("dense", palette.dense, "s", 1)
    return {
        "a dense head": {"dense": dense, "places": plain, "places-blur": blurred},
        "global average pooling": {"pooled": plain, "pooled-blur": blurred},
    }
