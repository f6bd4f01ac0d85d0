"""The figure on digits that have moved since training."""

from __future__ import annotations

from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.shifted_digits.findings import errors, findings
from mkdocs_cnn.experiments.results import Outcome
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import (
    Curve,
    add_headings,
    draw_curve,
    families,
    key,
    panels,
    plain_ticks,
)

_STRIDE = 4  # of the last feature map, behind two halvings


def _facts(outcome: Outcome) -> Facts:
    """The test errors by network, for each shift."""
    runs, settings = outcome.runs, outcome.settings
    numbers = [findings(runs, settings, by=by) for by in settings.shifts]
    return {
        "by_one": numbers[settings.shifts.index(1)],
        "by_stride": numbers[settings.shifts.index(_STRIDE)],
        "farthest": settings.shifts[-1],
        "test": {key: [at[key] for at in numbers] for key in numbers[0]},
        "errors": {name: errors(runs, settings, name) for name in settings.networks},
    }


@figure(
    "shifted-digits",
    title="Digits that have moved since training",
    facts=_facts,
    caption="""Test errors on digits that were in the middle in training and have moved since. Moved
        by {1} pixel, a dense network errs on {by_one[dense]}, a convolutional one with a dense head
        on {by_one[places]}, with blur pooling on {by_one[places_blur]}. With global average pooling
        it is {by_one[pooled]}, and {by_one[pooled_blur]} with blur pooling; moved by {_STRIDE}
        pixels, a whole stride, {by_stride[pooled]} and {by_stride[pooled_blur]}. Bars: two standard
        errors of the mean over {seeds} seeds.""",
    alt="""Two panels of test error over shifts from {settings.shifts[0]} to {farthest} pixels.
        Dense head: the dense network {test[dense]:, }; convolution with max pooling
        {test[places]:, }; with max and blur pooling {test[places_blur]:, }. Global average pooling:
        with max pooling {test[pooled]:, }; with max and blur pooling {test[pooled_blur]:, }.""",
    aspect=1.5,
    rests_on=("shifted-digits",),
)
def shifted_digits(fig: Figure, look: Look, facts: Facts) -> None:
    """Test error against distance, one panel for each way to end, one curve for each network."""
    palette, shifts = look.palette, facts["settings"].shifts
    plain = Curve("max pooling", palette.shared, "D", 2)
    blurred = Curve("max + blur", palette.shared, "o", 0)
    dense = families(palette)["dense"]
    first, second = panels(fig, look, 2, "moved by so many pixels", sharex=True, sharey=True)
    first.set_ylim(0, 1)
    plain_ticks(first.yaxis, (0, 0.25, 0.5, 0.75, 1), percent=True)
    add_headings(first, look, "a dense head", "test error")
    add_headings(second, look, "global average pooling", "test error")
    places = {"dense": dense, "places": plain, "places-blur": blurred}
    pooled = {"pooled": plain, "pooled-blur": blurred}
    for axes, curves in ((first, places), (second, pooled)):
        for name, curve in curves.items():
            draw_curve(axes, look, curve, shifts, *facts["errors"][name])
        axes.set_xticks(shifts)
        axes.grid(axis="y")
    key(first, look, "lower right")
    key(second, look, "upper right")
