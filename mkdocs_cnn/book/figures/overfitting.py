"""The figure on parameters and overfitting."""

from __future__ import annotations

from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.overfitting import findings as found
from mkdocs_cnn.experiments.neural.families import FAMILIES
from mkdocs_cnn.experiments.results import Outcome, outcome
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.curves import draw_curve, families, headed, key, plain_ticks
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words

_PARTS = {"test": "digits not seen before", "train": "digits that were learned"}


def _outcome() -> Outcome:
    return outcome("overfitting")


def _ends(family: str) -> tuple[Quantity, ...]:
    """Parameters and test error of the smallest network of a family, and of the largest."""
    gave = _outcome()
    widths = gave.settings.widths[FAMILIES.index(family)]
    at = [found.findings(gave.runs, gave.settings, **{family: w}) for w in (widths[0], widths[-1])]
    return tuple(one[f"{family}_{what}"] for one in at for what in ("parameters", "test"))


def _most_mistakes() -> int:
    """On learned digits with one seed, by any network but the smallest dense one."""
    mistakes: list[int] = [
        wrong
        for run in _outcome().runs
        for family, by_width in zip(FAMILIES, run.train_wrong, strict=True)
        for wrong in by_width[int(family == "dense") :]
    ]
    return max(mistakes)


def _caption() -> Words:
    gave = _outcome()
    return Words(
        "Errors after learning from {} digits, by the number of parameters, which is on a "
        "logarithmic axis. All networks but the smallest dense one learn their digits with at most "
        "{} mistake in a seed. On digits that they have not seen, the mean error falls as networks "
        "grow, in every family, and most at first. Bars: two standard errors of the mean over {} "
        "seeds.",
        gave.settings.digits,
        _most_mistakes(),
        len(gave.runs),
    )


def _alt() -> Words:
    gave = _outcome()
    narrowest = gave.settings.widths[FAMILIES.index("dense")][0]
    said = ", ".join(
        f"{name} from {{}} parameters and an error of {{}} to {{}} and {{}}"
        for name in ("dense", "locally connected", "convolution")
    )
    return Words(
        "Two panels over the number of parameters. In the one for unseen digits three curves fall: "
        f"{said}. In the one for learned digits the smallest dense network errs on {{}}; all other "
        "points lie at zero or next to it.",
        *(number for family in FAMILIES for number in _ends(family)),
        found.findings(gave.runs, gave.settings, dense=narrowest)["dense_train"],
    )


@figure(
    "overfitting",
    title="Errors by number of parameters",
    caption=_caption,
    alt=_alt,
    aspect=1.4,
    rests_on=("overfitting",),
)
def overfitting(fig: Figure, look: Look) -> None:
    """Test errors above, training errors below, with one curve for each family."""
    if look.wide:
        panels = fig.subplots(1, 2, sharex=True)
    else:
        panels = fig.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    gave = _outcome()
    for axes, (part, heading) in zip(panels, _PARTS.items(), strict=True):
        for family in FAMILIES:
            curve = families(look.palette)[family]
            counts, means, bars = found.errors(gave.runs, gave.settings, part, family)
            draw_curve(axes, look, curve, counts, means, bars)
        axes.set_xscale("log")
        plain_ticks(axes.xaxis, (1000, 10000, 100000))
        axes.set_xlim(250, 180000)
        axes.grid(axis="y")
        along = "parameters" if look.wide or axes is panels[-1] else ""
        headed(axes, look, heading, "error", along)
    panels[0].set_yscale("log")
    panels[0].set_ylim(0.045, 0.4)
    plain_ticks(panels[0].yaxis, (0.05, 0.1, 0.2, 0.3), percent=True)
    panels[1].set_ylim(-0.01, 0.2)
    panels[1].set_yticks([0, 0.1, 0.2], ["0%", "10%", "20%"])
    key(panels[int(look.wide)], look, "upper right")
