"""The figure on parameters and overfitting."""

from __future__ import annotations

from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.overfitting.findings import errors, findings
from mkdocs_cnn.experiments.neural.families import FAMILIES
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

_PARTS = {"test": "digits not seen before", "train": "digits that were learned"}


def _facts(outcome: Outcome) -> Facts:
    """The errors by part and family, and those of each family's smallest and largest network."""
    runs, settings = outcome.runs, outcome.settings
    widths = dict(zip(FAMILIES, settings.widths, strict=True))
    smallest, largest = (
        findings(runs, settings, **{family: of[end] for family, of in widths.items()})
        for end in (0, -1)
    )
    mistakes = [  # on learned digits with one seed, by any network but the smallest dense one
        wrong
        for run in runs
        for family, by_width in zip(FAMILIES, run.train_wrong, strict=True)
        for wrong in by_width[int(family == "dense") :]
    ]
    means = {
        part: {family: errors(runs, settings, part, family) for family in FAMILIES}
        for part in _PARTS
    }
    most = max(mistakes)
    return {"most_mistakes": most, "smallest": smallest, "largest": largest, "errors": means}


@figure(
    "overfitting",
    title="Errors by number of parameters",
    facts=_facts,
    caption="""Errors after learning from {settings.digits} digits, by the number of parameters,
        which is on a logarithmic axis. All networks but the smallest dense one learn their digits
        with at most {most_mistakes} mistake in a seed. On digits that they have not seen, the mean
        error falls as networks grow, in every family, and most at first. Bars: two standard errors
        of the mean over {seeds} seeds.""",
    alt="""Two panels over the number of parameters. In the one for unseen digits three curves fall:
        dense from {smallest[dense_parameters]} parameters and an error of {smallest[dense_test]} to
        {largest[dense_parameters]} and {largest[dense_test]}, locally connected from
        {smallest[local_parameters]} parameters and an error of {smallest[local_test]} to
        {largest[local_parameters]} and {largest[local_test]}, convolution from
        {smallest[convolution_parameters]} parameters and an error of {smallest[convolution_test]}
        to {largest[convolution_parameters]} and {largest[convolution_test]}. In the one for learned
        digits the smallest dense network errs on {smallest[dense_train]}; all other points lie at
        zero or next to it.""",
    aspect=1.4,
    rests_on=("overfitting",),
)
def overfitting(fig: Figure, look: Look, facts: Facts) -> None:
    """Test errors above, training errors below, with one curve for each family."""
    ratios = (1, 1) if look.wide else (2, 1)
    test, train = panels(fig, look, 2, "parameters", ratios=ratios, sharex=True)
    for axes, (part, heading) in zip((test, train), _PARTS.items(), strict=True):
        for family in FAMILIES:
            draw_curve(axes, look, families(look.palette)[family], *facts["errors"][part][family])
        axes.set_xscale("log")
        plain_ticks(axes.xaxis, (1000, 10000, 100000))
        axes.set_xlim(250, 180000)
        axes.grid(axis="y")
        add_headings(axes, look, heading, "error")
    test.set(yscale="log", ylim=(0.045, 0.4))
    plain_ticks(test.yaxis, (0.05, 0.1, 0.2, 0.3), percent=True)
    train.set_ylim(-0.01, 0.2)
    plain_ticks(train.yaxis, (0, 0.1, 0.2), percent=True)
    key(train if look.wide else test, look, "upper right")
