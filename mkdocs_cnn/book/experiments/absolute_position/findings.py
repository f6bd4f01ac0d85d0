"""Errors of networks that are asked for a position."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mkdocs_cnn import experiments
from mkdocs_cnn.experiments.statistics import Means, bar, curve, measured, place_of, share
from mkdocs_cnn.quantities.quantity import Quantity

if TYPE_CHECKING:  # the experiment needs NumPy, its numbers do not
    from mkdocs_cnn.book.experiments.absolute_position.run import AbsolutePositionRun, Settings

Runs = Sequence["AbsolutePositionRun"]


@experiments.findings("absolute-position")
def findings(runs: Runs, settings: Settings, *, canvases: int = 1000) -> Mapping[str, Quantity]:
    """The test errors after learning from so many canvases.

    Gives `dense`, `local`, `convolution_dense`, `zeros_pooled` and `ring_pooled`, each with its
    error bar, as in `dense_bar`; and `chance`, the error of who guesses.

    Raises:
        ValueError: If nothing was trained on so many canvases.
    """
    size = place_of(canvases, settings.sizes, "canvases")
    quarters = Quantity(settings.quarters, name="quarters of the canvas")
    numbers = {"chance": (1 - 1 / quarters).named("error of who guesses")}
    for which, name in enumerate(settings.networks):
        wrong = [run.wrong[which][size] for run in runs]
        key, each = name.replace("-", "_"), runs[0].tested
        numbers[key] = share(wrong, each, f"test error, {name}")
        numbers[f"{key}_bar"] = measured(bar([w / each for w in wrong]), "two standard errors")
    return numbers


def errors(runs: Runs, settings: Settings, name: str) -> Means:
    """The mean test error of a network for each size, and the half of its error bar."""
    which = settings.networks.index(name)
    return curve([run.wrong[which] for run in runs], runs[0].tested)
