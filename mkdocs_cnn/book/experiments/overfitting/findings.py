"""Errors on what was learned and on what was not, by family and number of parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mkdocs_cnn import experiments
from mkdocs_cnn.experiments.statistics import curve, difference, share
from mkdocs_cnn.quantities.quantity import Quantity

if TYPE_CHECKING:  # the experiment needs NumPy, its numbers do not
    from mkdocs_cnn.book.experiments.overfitting.run import OverfittingRun, Settings

Runs = Sequence["OverfittingRun"]
Part = str  # "train" or "test"


@experiments.findings("overfitting")
def findings(
    runs: Runs, settings: Settings, *, dense: int = 64, local: int = 4, convolution: int = 16
) -> Mapping[str, Quantity]:
    """The errors of one network of each family.

    Gives `dense_train`, `dense_test`, `dense_parameters` and so on; `advantage`, by how much the
    dense network errs more in the test than the convolutional one, with `advantage_bar`; and
    `digits`, the size of the training set.

    Each is chosen by its width.

    Raises:
        ValueError: If no network of this width was trained.
    """
    widths = {"dense": dense, "local": local, "convolution": convolution}
    numbers = {"digits": Quantity(settings.digits, "digit", name="digits to learn from")}
    wrong: dict[str, list[int]] = {}
    for family, width in widths.items():
        place = _place(settings, family, width)
        count = runs[0].parameters[settings.families.index(family)][place]
        numbers[f"{family}_parameters"] = Quantity(count, "parameter", name="parameters")
        for part, each in (("train", settings.digits), ("test", settings.test)):
            key = f"{family}_{part}"
            wrong[key] = [at[place] for at in _wrong(runs, settings, part, family)]
            numbers[key] = share(wrong[key], each, f"{part} error, {family}")
    name = "test error of dense less that of convolution"
    larger, bar = difference(wrong["dense_test"], wrong["convolution_test"], settings.test, name)
    return {**numbers, "advantage": larger, "advantage_bar": bar}


def errors(
    runs: Runs, settings: Settings, part: Part, family: str
) -> tuple[tuple[int, ...], list[float], list[float]]:
    """The parameters of each network of a family, its mean error, and the half of its error bar."""
    each = settings.digits if part == "train" else settings.test
    return runs[0].parameters[settings.families.index(family)], *curve(
        _wrong(runs, settings, part, family), each
    )


def _wrong(runs: Runs, settings: Settings, part: Part, family: str) -> list[tuple[int, ...]]:
    which = settings.families.index(family)
    return [(run.train_wrong if part == "train" else run.test_wrong)[which] for run in runs]


def _place(settings: Settings, family: str, width: int) -> int:
    widths = settings.widths[settings.families.index(family)]
    if width not in widths:
        raise ValueError(f"{family} must be one of the widths {widths}, not {width}")
    return widths.index(width)
