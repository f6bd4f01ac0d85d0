"""Errors as shares: how many were wrong out of all that were asked, over all seeds."""

from __future__ import annotations

from collections.abc import Sequence

from mkdocs_cnn.experiments.findings.measuring import measured
from mkdocs_cnn.experiments.findings.spread import Means, bar, means
from mkdocs_cnn.quantity import Quantity


def share(wrong: Sequence[int], each: int, name: str) -> Quantity:
    """All that were wrong over all that were asked: `841 / 7,164 = 0.117`.

    Args:
        wrong: How many were wrong, seed by seed.
        each: How many were asked with each seed.
        name: What prose calls the share.
    """
    asked = Quantity(each * len(wrong), name="asked, over all seeds")
    return (Quantity(sum(wrong), name="wrong, over all seeds") / asked).named(name)


def difference(
    first: Sequence[int], second: Sequence[int], each: int, name: str
) -> tuple[Quantity, Quantity]:
    """By how much a share of errors is larger than another, and the error bar of that.

    Args:
        first: How many were wrong, seed by seed.
        second: The same of the other, with the same seeds.
        each: How many were asked with each seed.
        name: What prose calls the difference.

    Returns:
        The difference, and two standard errors of the mean of the differences within each seed.
    """
    by_seed = [(a - b) / each for a, b in zip(first, second, strict=True)]
    larger = share(first, each, "error") - share(second, each, "error")
    return larger.named(name), measured(bar(by_seed), f"two standard errors of the {name}")


def curve(wrong: Sequence[Sequence[int]], each: int) -> Means:
    """Errors for a figure.

    Args:
        wrong: How many were wrong, seed by seed, at each place of the curve.
        each: How many were asked with each seed.
    """
    return means([[count / each for count in counts] for counts in wrong])
