"""Figures on how many examples a network needs, and on shuffled pixels."""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.sample_efficiency.findings import errors, findings
from mkdocs_cnn.experiments.results import Outcome
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import (
    add_headings,
    draw_curve,
    families,
    key,
    panels,
    plain_ticks,
)
from mkdocs_cnn.figures.parts.pictures import picture
from mkdocs_cnn.figures.parts.stage import Box, stage
from mkdocs_cnn.quantities.quantity import Quantity

_HEADINGS = {"digits": "digits as they are", "shuffled": "the same, pixels shuffled"}
_DIGITS = 100  # to learn from, of which the caption speaks


def _efficiency(outcome: Outcome) -> Facts:
    """The test errors by task and network, and those with the fewest digits and the most."""
    runs, settings = outcome.runs, outcome.settings
    fewest, *_, most = settings.sizes
    few, some, many = (findings(runs, settings, digits=n) for n in (fewest, _DIGITS, most))
    means = {
        task: {network: errors(runs, settings, task, network) for network in settings.networks}
        for task in settings.tasks
    }
    return {"few": few, "some": some, "many": many, "most": most, "errors": means}


@figure(
    "sample-efficiency",
    title="Test error by training set",
    facts=_efficiency,
    caption="""The share of test digits that four networks answer wrongly, by the number of digits
        that they learned from; both axes are logarithmic. After {_DIGITS} digits the dense network
        errs on {some[dense]} and the convolutional one on {some[convolution]}; with shuffled
        pixels, on {some[shuffled_dense]} and {some[shuffled_convolution]}. Bars: two standard
        errors of the mean over {seeds} seeds.""",
    alt="""Two panels, each with four falling curves of test error from {settings.sizes[0]} training
        digits to {most}. Digits as they are: Dense from {few[dense]} to {many[dense]}, locally
        connected from {few[local]} to {many[local]}, convolution from {few[convolution]} to
        {many[convolution]}, pooled twice from {few[pooled_twice]} to {many[pooled_twice]}. Shuffled
        pixels: Dense from {few[shuffled_dense]} to {many[shuffled_dense]}, locally connected from
        {few[shuffled_local]} to {many[shuffled_local]}, convolution from
        {few[shuffled_convolution]} to {many[shuffled_convolution]}, pooled twice from
        {few[shuffled_pooled_twice]} to {many[shuffled_pooled_twice]}.""",
    aspect=1.5,
    rests_on=("sample-efficiency",),
)
def sample_efficiency(fig: Figure, look: Look, facts: Facts) -> None:
    """One panel for each task, with one curve for each network."""
    sizes, curves = facts["settings"].sizes, families(look.palette)
    shown = panels(fig, look, 2, "training digits", sharex=True, sharey=True)
    for axes, (task, by_network) in zip(shown, facts["errors"].items(), strict=True):
        for network, means in by_network.items():
            draw_curve(axes, look, curves[network], sizes, *means)
        axes.set(xscale="log", yscale="log", ylim=(0.012, 0.9))
        plain_ticks(axes.xaxis, sizes)
        plain_ticks(axes.yaxis, (0.02, 0.05, 0.1, 0.2, 0.5), percent=True)
        axes.grid(axis="y")
        add_headings(axes, look, _HEADINGS[task], "test error")
    key(shown[0], look, "upper right")


# -- what is shuffled

_EDGE = 0.25  # ems between pictures
_INK = colormaps["gray_r"].resampled(17)  # from paper to ink, as many greys as there are counts


def _shuffled(outcome: Outcome) -> Facts:
    """A row of digits, and one with the same pixels in another order, each `(digit, pixel)`."""
    rows = outcome.runs[0].shown
    pixels = Quantity(len(rows[0][0]), "pixel", name="pixels of a digit")
    last = len(rows[0]) - 1
    return {"rows": rows, "pixels": pixels, "last": last, "count": last + 1}


@figure(
    "shuffled-digits",
    title="Digits with shuffled pixels",
    facts=_shuffled,
    caption="""Above, one handwritten digit of each kind. Below, the same digits with their {pixels}
        pixels in another order, which is the same for all of them.""",
    alt="""Two rows of {count} small grey pictures. In the upper row they are the digits from {0} to
        {last}; in the lower row dark and light pixels lie scattered and no digit is to be seen.""",
    aspect=0.25,
    rests_on=("sample-efficiency",),
)
def shuffled_digits(fig: Figure, look: Look, facts: Facts) -> None:
    """Each digit above the same pixels in another order."""
    sheet, rows = stage(fig, look), facts["rows"]
    step = (sheet.width - _EDGE) / len(rows[0])
    top = (sheet.height - len(rows) * step - 1.2) / 2
    for row, pictures in enumerate(rows):
        for digit, ink in enumerate(pictures):
            box = Box(_EDGE + digit * step, top + 1.2 + row * step, step - _EDGE, step - _EDGE)
            picture(sheet, box, np.reshape(ink, (round(len(ink) ** 0.5), -1)), (0, 16), _INK)
            sheet.outline(box, look.palette.muted, width=0.5)
            if row == 0:
                sheet.text(box.centre[0], top + 0.6, str(digit), small=True)
