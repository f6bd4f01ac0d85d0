"""Means over seeds, and how sure they are.

An error bar is two standard errors of the mean over the seeds, everywhere in the book. Models that
saw the same seeds are compared by the differences within each seed, which vary less than the models
themselves.

    >>> mean([1.0, 2.0, 3.0]), round(standard_error([1.0, 2.0, 3.0]), 4)
    (2.0, 0.5774)
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple


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
    """Means over the seeds at several places: what a figure draws as a curve.

    Attributes:
        values: The means.
        bars: Half the length of each error bar: two standard errors.
    """

    values: list[float]
    bars: list[float]


def means(by_seed: Sequence[Sequence[float]]) -> Means:
    """The mean and the error bar at each place.

    Args:
        by_seed: For each seed, its value at each place.
    """
    places = list(zip(*by_seed, strict=True))
    return Means([mean(values) for values in places], [bar(values) for values in places])
