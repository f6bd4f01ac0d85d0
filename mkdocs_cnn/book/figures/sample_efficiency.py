"""Figures on how many examples a network needs, and on shuffled pixels."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.sample_efficiency import findings as found
from mkdocs_cnn.experiments.results import Outcome, outcome
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.curves import draw_curve, families, headed, key, plain_ticks
from mkdocs_cnn.figures.parts.pixels import picture
from mkdocs_cnn.figures.parts.stage import Box, stage
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words

_HEADINGS = {"digits": "digits as they are", "shuffled": "the same, pixels shuffled"}
_SAID = 100  # digits to learn from, of which captions speak


def _outcome() -> Outcome:
    return outcome("sample-efficiency")


@cache
def _found(digits: int) -> dict[str, Quantity]:
    gave = _outcome()
    return dict(found.findings(gave.runs, gave.settings, digits=digits))


def _caption() -> Words:
    at = _found(_SAID)
    return Words(
        "The share of test digits that four networks answer wrongly, by the number of digits that "
        "they learned from; both axes are logarithmic. After {} digits the dense network errs on "
        "{} and the convolutional one on {}; with shuffled pixels, on {} and {}. Bars: two "
        "standard errors of the mean over {} seeds.",
        _SAID,
        at["dense"],
        at["convolution"],
        at["shuffled_dense"],
        at["shuffled_convolution"],
        len(_outcome().runs),
    )


def _alt() -> Words:
    sizes = _outcome().settings.sizes
    first, last = _found(sizes[0]), _found(sizes[-1])
    said = (
        "Dense from {} to {}, locally connected from {} to {}, convolution from {} to {}, pooled "
        "twice from {} to {}."
    )
    return Words(
        "Two panels, each with four falling curves of test error from {} training digits to {}. "
        f"Digits as they are: {said} Shuffled pixels: {said}",
        sizes[0],
        sizes[-1],
        *(
            at[prefix + name.replace("-", "_")]
            for prefix in ("", "shuffled_")
            for name in _outcome().settings.networks
            for at in (first, last)
        ),
    )


@figure(
    "sample-efficiency",
    title="Test error by training set",
    caption=_caption,
    alt=_alt,
    aspect=1.5,
    rests_on=("sample-efficiency",),
)
def sample_efficiency(fig: Figure, look: Look) -> None:
    """One panel for each task, with one curve for each network."""
    grid = (1, 2) if look.wide else (2, 1)
    panels = fig.subplots(*grid, sharex=True, sharey=True, squeeze=False).ravel()
    for axes, task in zip(panels, _outcome().settings.tasks, strict=True):
        _draw(axes, look, task)
        along = "training digits" if look.wide or axes is panels[-1] else ""
        headed(axes, look, _HEADINGS[task], "test error", along)
    key(panels[0], look, "upper right")


def _draw(axes: Axes, look: Look, task: str) -> None:
    gave = _outcome()
    for family in gave.settings.networks:
        curve, means = families(look.palette)[family], (gave.runs, gave.settings, task, family)
        draw_curve(axes, look, curve, gave.settings.sizes, *found.errors(*means))
    axes.set(xscale="log", yscale="log", ylim=(0.012, 0.9))
    plain_ticks(axes.xaxis, gave.settings.sizes)
    plain_ticks(axes.yaxis, (0.02, 0.05, 0.1, 0.2, 0.5), percent=True)
    axes.grid(axis="y")


# -- what is shuffled


def _shown_caption() -> Words:
    pixels = len(_outcome().runs[0].shown[0][0])
    return Words(
        "Above, one handwritten digit of each kind. Below, the same digits with their {} pixels in "
        "another order, which is the same for all of them.",
        Quantity(pixels, "pixel", name="pixels of a digit"),
    )


def _shown_alt() -> Words:
    return Words(
        "Two rows of {} small grey pictures. In the upper row they are the digits from {} to {}; "
        "in the lower row dark and light pixels lie scattered and no digit is to be seen.",
        len(_outcome().runs[0].shown[0]),
        0,
        len(_outcome().runs[0].shown[0]) - 1,
    )


_EDGE = 0.25  # ems between pictures
_INK = colormaps["gray_r"].resampled(17)  # from paper to ink, as many greys as there are counts


@figure(
    "shuffled-digits",
    title="Digits with shuffled pixels",
    caption=_shown_caption,
    alt=_shown_alt,
    aspect=0.25,
    rests_on=("sample-efficiency",),
)
def shuffled_digits(fig: Figure, look: Look) -> None:
    """Each digit above the same pixels in another order."""
    rows = _outcome().runs[0].shown
    sheet = stage(fig, look)
    step = (sheet.width - _EDGE) / len(rows[0])
    top = (sheet.height - len(rows) * step - 1.2) / 2
    for row, pictures in enumerate(rows):
        for digit, ink in enumerate(pictures):
            box = Box(_EDGE + digit * step, top + 1.2 + row * step, step - _EDGE, step - _EDGE)
            picture(sheet, box, np.reshape(ink, (round(len(ink) ** 0.5), -1)), (0, 16), _INK)
            sheet.outline(box, look.palette.muted, width=0.5)
            if row == 0:
                sheet.text(box.centre[0], top + 0.6, str(digit), small=True)
