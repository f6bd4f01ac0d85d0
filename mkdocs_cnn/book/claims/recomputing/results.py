"""What trained networks say of claims that counting cannot decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mkdocs_cnn.claims.claim import Claim
from mkdocs_cnn.experiments.results import numbers_of, raw_outcome
from mkdocs_cnn.experiments.statistics import difference
from mkdocs_cnn.quantities.quantity import Quantity

PIXELS = "neighbouring-pixels"
_DIGITS = 100  # to learn from


def some_of(
    experiment: str, *names: str, prefix: str = "", **parameters: Any
) -> dict[str, Quantity]:
    """Some numbers of an experiment, by their names, perhaps with a prefix to tell them apart."""
    numbers = numbers_of(experiment, **parameters)
    return {prefix + name: numbers[name] for name in names}


def training_set(source: str, quote: str, locator: str, *, misprint: str = "") -> Claim:
    """That sparsity makes do with smaller training sets and is less prone to overfitting."""
    return Claim(
        f"{source}-training-set",
        quote,
        locator,
        borne_out=lambda: convolution_needs_fewer_digits() and fewer_parameters_overfit_less(),
        recomputed=lambda: errors_after_few_digits() | errors_by_parameters(),
        why=misprint + _TRAINING_SET,
    )


_TRAINING_SET = """The first half holds for one of our two convolutions: after learning from
{digits} digits dense errs on {dense} and convolution on {convolution}, but with shuffled pixels on
{shuffled_dense} and {shuffled_convolution}. The second does not: networks that all fit their digits
err less the more parameters they have, dense ones on {small_error} with {small_parameters} and on
{large_error} with {large_parameters}."""


def convolution_needs_fewer_digits() -> bool:
    """Whether convolution errs less than dense after few digits, by more than the error bar."""
    few = numbers_of("sample-efficiency", digits=_DIGITS)
    return few["advantage"] > few["advantage_bar"]


def fewer_parameters_overfit_less() -> bool:
    """Whether, in every family, the smaller of two networks that fit all errs less on the rest."""
    small, large = _fitting()
    return all(small[error] < large[error] for error in ("dense_test", "convolution_test"))


def errors_after_few_digits() -> dict[str, Quantity]:
    """How few digits; then errors of dense and convolution, as they are and shuffled."""
    names = ("dense", "convolution", "shuffled_dense", "shuffled_convolution")
    digits = Quantity(_DIGITS, "digit", name="digits to learn from")
    return {"digits": digits, **some_of("sample-efficiency", *names, digits=_DIGITS)}


def errors_by_parameters() -> dict[str, Quantity]:
    """Parameters and test error of a small dense network and of a large one."""
    return {
        f"{size}_{what}": at[f"dense_{key}"].named(f"{name} of the {size} dense network")
        for size, at in zip(("small", "large"), _fitting(), strict=True)
        for what, key, name in (("parameters",) * 3, ("error", "test", "test error"))
    }


def convolution_changes_fewer_labels() -> bool:
    """Whether digits moved by one pixel change fewer labels of a usual convolution than of dense.

    Fewer by more than the error bar.
    """
    result = raw_outcome("shifted-digits")
    one_pixel = result.settings.shifts.index(1)
    dense, places = (
        [run.changed[result.settings.networks.index(name)][one_pixel] for run in result.runs]
        for name in ("dense", "places")
    )
    fewer, bar = difference(dense, places, result.runs[0].tested, "fewer labels that changed")
    return fewer > bar


def _fitting() -> tuple[Mapping[str, Quantity], Mapping[str, Quantity]]:
    """Small and large networks that both answer nearly all that they learned rightly."""
    small = numbers_of("overfitting", dense=8, convolution=8)
    return small, numbers_of("overfitting", dense=512, convolution=32)
