"""What networks make of digits that have moved since training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mkdocs_cnn import experiments
from mkdocs_cnn.experiments.statistics import Means, curve, parameters_of, place_of, share
from mkdocs_cnn.quantities.quantity import Quantity

if TYPE_CHECKING:  # the experiment needs NumPy, its numbers do not
    from mkdocs_cnn.book.experiments.shifted_digits.run import Settings, ShiftedDigitsRun

Runs = Sequence["ShiftedDigitsRun"]


@experiments.findings("shifted-digits")
def findings(runs: Runs, settings: Settings, *, by: int = 1) -> Mapping[str, Quantity]:
    """Errors at one distance in pixels, over the four directions.

    Gives `dense`, `places`, `places_blur`, `pooled` and `pooled_blur`; the shares of answers that
    are other than in the middle, as in `dense_changed`; and `parameters_dense` and so on.

    Raises:
        ValueError: If it was not measured so far away.
    """
    at, each = place_of(by, settings.shifts, "by"), runs[0].tested
    numbers = parameters_of(settings.networks, runs[0].parameters)
    for which, name in enumerate(settings.networks):
        key = name.replace("-", "_")
        wrong = [run.wrong[which][at] for run in runs]
        changed = [run.changed[which][at] for run in runs]
        numbers[key] = share(wrong, each, f"test error, {name}, moved by {by}")
        numbers[f"{key}_changed"] = share(changed, each, f"answers that changed, {name}")
    return numbers


def errors(runs: Runs, settings: Settings, name: str) -> Means:
    """The mean test error of a network at each distance, and the half of its error bar."""
    which = settings.networks.index(name)
    return curve([run.wrong[which] for run in runs], runs[0].tested)
