"""Means, shares and differences over seeds, with their error bars.

An error bar is two standard errors of the mean over the seeds, everywhere in the book. Models that
saw the same seeds are compared by the differences within each seed, which vary less than the models
themselves. Errors are counts: so many `wrong`, seed by seed, of `each` that were asked with each.

    >>> mean([1.0, 2.0, 3.0]), round(standard_error([1.0, 2.0, 3.0]), 4)
    (2.0, 0.5774)
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import significant


def mean(values: Sequence[float]) -> float:
    """The mean over the seeds.

    Raises:
        ValueError: If there is none.
    """
    return statistics.fmean(values)


def standard_error(values: Sequence[float]) -> float:
    """The standard error of the mean: the sample's standard deviation over the root of its size.

    Raises:
        ValueError: If there are fewer than two values.
    """
    return statistics.stdev(values) / math.sqrt(len(values))


def bar(values: Sequence[float]) -> float:
    """Half the length of an error bar: two standard errors."""
    return 2 * standard_error(values)


class Means(NamedTuple):
    """Means over the seeds at several places: what a figure draws as a curve."""

    values: list[float]  # the means
    bars: list[float]  # half the length of each error bar: two standard errors


def differences(first: Sequence[float], second: Sequence[float]) -> list[float]:
    """By how much the first is larger than the second, seed by seed."""
    return [a - b for a, b in zip(first, second, strict=True)]


def means(by_seed: Sequence[Sequence[float]]) -> Means:
    """The mean and the error bar at each place, of the values of each seed at all places."""
    places = list(zip(*by_seed, strict=True))
    return Means([mean(values) for values in places], [bar(values) for values in places])


def share(wrong: Sequence[int], each: int, name: str) -> Quantity:
    """All that were wrong over all that were asked: `841 / 7,164 = 0.117`."""
    asked = Quantity(each * len(wrong), name="asked, over all seeds")
    return (Quantity(sum(wrong), name="wrong, over all seeds") / asked).named(name)


def place_of(wanted: object, measured: Sequence[object], name: str) -> int:
    """Where a setting that a page chose stands among those that were measured, from 0.

    Raises:
        ValueError: If it is not among them.
    """
    if wanted not in measured:
        raise ValueError(f"{name} must be one of {measured}, not {wanted!r}")
    return measured.index(wanted)


def parameters_of(names: Sequence[str], counts: Sequence[int]) -> dict[str, Quantity]:
    """How many parameters each network has, as `parameters_dense` and so on."""
    return {
        f"parameters_{name.replace('-', '_')}": Quantity(count, "parameter", name="parameters")
        for name, count in zip(names, counts, strict=True)
    }


def difference(
    first: Sequence[int], second: Sequence[int], each: int, name: str
) -> tuple[Quantity, Quantity]:
    """By how much a share of errors is larger than another, and the error bar of that.

    Returns:
        The difference, and two standard errors of the mean of the differences within each seed.
    """
    by_seed = [apart / each for apart in differences(first, second)]
    larger = share(first, each, "error") - share(second, each, "error")
    return larger.named(name), measured(bar(by_seed), f"two standard errors of the {name}")


def curve(wrong: Sequence[Sequence[int]], each: int) -> Means:
    """The mean share of errors and its error bar at each place of a curve, counted seed by seed."""
    return means([[count / each for count in counts] for counts in wrong])


def measured(value: float, name: str, unit: str = "", *, digits: int = 3) -> Quantity:
    """A float that was measured, to so many significant digits; its name says what it is."""
    return Quantity(significant(Fraction(value), digits), unit, name=f"measured: {name}")
