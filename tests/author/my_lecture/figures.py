"""Figures of the lecture."""

from __future__ import annotations

from typing import NamedTuple

from matplotlib.figure import Figure

from mkdocs_cnn import Quantity
from mkdocs_cnn.figures import Look, figure


class Averages(NamedTuple):
    """Windows, and the share of its spread that noise keeps when it is averaged over each."""

    windows: list[int]
    shares: list[Quantity]


def averages_facts(*, largest: int) -> Averages:
    """The facts: the spread of a mean of k × k independent values is 1 / k of theirs."""
    windows = list(range(1, largest + 1))
    return Averages(windows, [1 / Quantity(k, symbol="k") for k in windows])


@figure(
    "averages",
    title="Averages of noise",
    facts=averages_facts,
    caption=(
        "Noise that is averaged over windows of {windows} pixels a side keeps {shares} of its spread."
    ),
    alt="Falling bars of the heights {shares}, one for each of the windows of {windows} pixels.",
    aspect=0.6,
)
def averages(fig: Figure, look: Look, facts: Averages, *, largest: int = 4) -> None:
    """One bar for each window."""
    axes = fig.subplots()
    axes.bar(facts.windows, [float(share) for share in facts.shares], color=look.palette.shared)
    axes.set_xticks(facts.windows)
    axes.set_xlabel("pixels a side")
    axes.set_ylabel("spread that is kept")
