"""Errors on tables: where neighbours belong together, and where they do not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mkdocs_cnn import experiments
from mkdocs_cnn.experiments.statistics import Means, curve, difference, parameters_of, share
from mkdocs_cnn.quantities.quantity import Quantity

if TYPE_CHECKING:  # the experiment needs NumPy, its numbers do not
    from mkdocs_cnn.book.experiments.unordered_columns.run import Settings, UnorderedColumnsRun

Runs = Sequence["UnorderedColumnsRun"]


@experiments.findings("unordered-columns")
def findings(runs: Runs, settings: Settings, *, table: str = "sums") -> Mapping[str, Quantity]:
    """The test errors on one table: "series", "sums" or "cells".

    Gives `dense`, `convolution` and `pooled`; `loss`, by how much convolution errs more than dense,
    and `pooled_loss`, by how much pooled convolution does, each with its bar, as in `loss_bar`; and
    `parameters_dense` and so on.

    Raises:
        ValueError: If there is no such table.
    """
    if table not in settings.tables:
        raise ValueError(f"table must be one of {', '.join(settings.tables)}, not {table!r}")
    each, at = runs[0].tested, settings.tables.index(table)
    by_seed = zip(*(run.wrong[at] for run in runs), strict=True)
    by = dict(zip(settings.networks, by_seed, strict=True))
    numbers = {name: share(by[name], each, f"test error on {table}, {name}") for name in by}
    for key, name in (("loss", "convolution"), ("pooled_loss", "pooled")):
        label = f"error of {name} less that of dense, {table}"
        numbers[key], numbers[f"{key}_bar"] = difference(by[name], by["dense"], each, label)
    numbers |= parameters_of(settings.networks, runs[0].parameters)
    return {**numbers, "rows": Quantity(settings.learned, "row", name="rows to learn from")}


def errors(runs: Runs, settings: Settings, table: str) -> Means:
    """The mean test error of each network on a table, and the halves of the error bars."""
    at = settings.tables.index(table)
    return curve([run.wrong[at] for run in runs], runs[0].tested)
