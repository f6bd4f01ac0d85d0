"""Test errors by training set: the advantage of convolution, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mkdocs_cnn import experiments
from mkdocs_cnn.experiments.statistics import (
    Means,
    curve,
    difference,
    parameters_of,
    place_of,
    share,
)
from mkdocs_cnn.quantities.quantity import Quantity

if TYPE_CHECKING:  # the experiment needs NumPy, its numbers do not
    from mkdocs_cnn.book.experiments.sample_efficiency.run import SampleEfficiencyRun, Settings

# Differences by name: of whose errors whose are taken away.
_COMPARED = (
    ("advantage", "dense", "convolution"),
    ("shared_advantage", "local", "convolution"),
    ("pooled_advantage", "pooled-twice", "convolution"),
    ("pooled_loss", "pooled-twice", "dense"),
)

Runs = Sequence["SampleEfficiencyRun"]


@experiments.findings("sample-efficiency")
def findings(runs: Runs, settings: Settings, *, digits: int = 100) -> Mapping[str, Quantity]:
    """The test errors after training on so many digits.

    Gives `dense`, `local`, `convolution` and `pooled_twice`, and the same as `shuffled_…`;
    `advantage`, by how much dense errs more than convolution, with `advantage_bar`, two standard
    errors of it; `shared_advantage`, by how much the locally connected network does, and
    `pooled_advantage`, by how much the convolution that pools twice does; `pooled_loss`, by how
    much that one errs more than dense; with their bars; and the same as `shuffled_…`. The
    parameters of each are `parameters_dense` and so on.

    Raises:
        ValueError: If nothing was trained on so many digits.
    """
    size = place_of(digits, settings.sizes, "digits")
    numbers = {
        "tested": Quantity(runs[0].tested, "digit", name="tested"),
        **parameters_of(settings.networks, runs[0].parameters),
    }
    for task in settings.tasks:
        numbers |= _of_task(runs, settings, task, size)
    return numbers


def _of_task(runs: Runs, settings: Settings, task: str, size: int) -> dict[str, Quantity]:
    prefix, on = ("", "digits") if task == "digits" else ("shuffled_", "shuffled digits")
    each = runs[0].tested
    by = {
        family: [at[size] for at in _wrong(runs, settings, task, family)]
        for family in settings.networks
    }
    numbers = {
        prefix + family.replace("-", "_"): share(wrong, each, f"test error on {on}, {family}")
        for family, wrong in by.items()
    }
    for key, worse, better in _COMPARED:
        name = f"error of {worse} less that of {better}, {on}"
        larger, bar = difference(by[worse], by[better], each, name)
        numbers |= {prefix + key: larger, f"{prefix}{key}_bar": bar}
    return numbers


def _wrong(runs: Runs, settings: Settings, task: str, family: str) -> list[tuple[int, ...]]:
    """How many test digits were answered wrongly, seed by seed, for each size."""
    which, network = settings.tasks.index(task), settings.networks.index(family)
    return [run.wrong[which][network] for run in runs]


def errors(runs: Runs, settings: Settings, task: str, family: str) -> Means:
    """The mean test error for each size, and the half of its error bar."""
    return curve(_wrong(runs, settings, task, family), runs[0].tested)
