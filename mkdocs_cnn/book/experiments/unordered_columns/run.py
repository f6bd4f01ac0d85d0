"""A table has columns in no order: what does a network lose that relies on their neighbourhood?

Three tables. *Series*: a short pattern lies somewhere in a row of noise, or its mirror image does,
and the network has to say which. Here neighbours belong together, and the place does not matter:
what a convolution assumes is so. *Sums*: the columns are independent numbers, and the answer is
whether a weighted sum of all of them is positive, with weights drawn once per seed. *Cells*: the
Breast Cancer Wisconsin (Diagnostic) data, thirty measurements of cell nuclei, benign or malignant.
For sums and cells the order of the columns means nothing; each seed draws its own.

Three networks. The dense one joins all columns to hidden units. *Convolution* runs two layers of
windows of three columns over the row, with a dense layer behind them that sees every place apart.
*Pooled convolution* has the same windows and the mean over all places behind them: it assumes all
that a convolution can. Their widths make the first two about equally large.

For each seed rows are dealt out anew for training, validation and test. A network is trained with
each of several learning rates; the one that gets fewest validation rows wrong is tested, once.
Steps, batches and the optimiser (Adam) are the same for all. Columns are brought to mean 0 and
variance 1 by the training rows. What is reported is how many test rows are answered wrongly.

The cell data are scikit-learn's copy of those of Wolberg, Mangasarian, Street and Street (UCI
Machine Learning Repository, 1993, CC BY 4.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mkdocs_cnn.experiments.declaration import experiment
from mkdocs_cnn.experiments.neural.families import dense
from mkdocs_cnn.experiments.neural.layers import Array, Conv2d, Linear
from mkdocs_cnn.experiments.neural.network import Network
from mkdocs_cnn.experiments.neural.training import Examples, TrainingSettings, train_with_best_rate
from mkdocs_cnn.experiments.neural.weightless import GlobalAvgPool2d, ReLU

CLASSES = 2


@dataclass(frozen=True)
class Settings(TrainingSettings):
    """What is compared."""

    tables: tuple[str, ...] = ("series", "sums", "cells")
    networks: tuple[str, ...] = ("dense", "convolution", "pooled")
    columns: int = 30  # of every table; the cells have as many
    pattern: int = 5  # how many columns the pattern of the series covers
    noise: float = 0.5  # standard deviation of the noise around the pattern, whose own is 1
    units: int = 24  # hidden units of the dense network
    channels: int = 8  # of each convolution
    learned: int = 200  # rows to learn from
    rates: tuple[float, ...] = (0.001, 0.003, 0.01, 0.03)
    validation: int = 150
    test: int = 200


@dataclass(frozen=True)
class UnorderedColumnsRun:
    """What one seed gave."""

    wrong: tuple[tuple[int, ...], ...]  # test rows that were answered wrongly, by table and network
    tested: int  # how many were asked
    parameters: tuple[int, ...]  # of each network


@experiment(
    "unordered-columns",
    title="Tables whose columns have no order",
    seeds=20,
    needs=("scikit-learn",),
)
def unordered_columns(settings: Settings, seed: int) -> UnorderedColumnsRun:
    """Train every network on every table, with one seed."""
    return UnorderedColumnsRun(
        tuple(
            tuple(cell(settings, seed, table, name) for name in settings.networks)
            for table in settings.tables
        ),
        settings.test,
        tuple(network(settings, name).parameters for name in settings.networks),
    )


def cell(settings: Settings, seed: int, table: str, name: str) -> int:
    """How many test rows one network gets wrong, trained with the rate that validates best."""
    x, y = rows(settings, seed, table)
    places = np.split(np.arange(len(y)), np.cumsum([settings.learned, settings.validation]))
    mean, scale = x[places[0]].mean(axis=0), x[places[0]].std(axis=0)
    images = ((x - mean) / scale)[:, None, None]
    examples, validation, test = (Examples(images[at], y[at]) for at in places)
    net = network(settings, name)
    key = [seed, 1, settings.tables.index(table), settings.networks.index(name)]
    return train_with_best_rate(net, examples, validation, settings, key).wrong(test)


def network(settings: Settings, name: str) -> Network:
    """One of the networks, by its name; rows are images that are one pixel high."""
    columns, channels = settings.columns, settings.channels
    if name == "dense":
        return dense(columns, settings.units, CLASSES)
    windows = Conv2d(1, channels, (1, 3)), ReLU(), Conv2d(channels, channels, (1, 3)), ReLU()
    if name == "pooled":
        return Network((*windows, GlobalAvgPool2d(), Linear(channels, CLASSES)))
    return Network((*windows, Linear(channels * (columns - 4), CLASSES)))


# -- the tables


def rows(settings: Settings, seed: int, table: str) -> tuple[Array, NDArray[Any]]:
    """The rows of a table in random order, as many as are needed, and their answers."""
    rng = np.random.default_rng([seed, 0, settings.tables.index(table)])
    count = settings.learned + settings.validation + settings.test
    if table == "series":
        return _series(settings, rng, count)
    x, y = _sums(settings, rng, count) if table == "sums" else _cells(rng, count)
    return x[:, rng.permutation(settings.columns)], y


def _series(settings: Settings, rng: np.random.Generator, count: int) -> tuple[Array, NDArray[Any]]:
    """A rising ramp or a falling one, somewhere in noise."""
    x = settings.noise * rng.standard_normal((count, settings.columns))
    y = rng.integers(0, CLASSES, count)
    ramp = np.linspace(-1, 1, settings.pattern)
    ramp /= ramp.std()
    starts = rng.integers(0, settings.columns - settings.pattern + 1, count)
    for row, falls, start in zip(x, y, starts, strict=True):
        row[start : start + settings.pattern] += ramp[::-1] if falls else ramp
    return x, y


def _sums(settings: Settings, rng: np.random.Generator, count: int) -> tuple[Array, NDArray[Any]]:
    """Independent columns, and whether a weighted sum of them is positive."""
    weights = rng.standard_normal(settings.columns)
    x = rng.standard_normal((count, settings.columns))
    return x, (x @ weights > 0).astype(int)


def _cells(rng: np.random.Generator, count: int) -> tuple[Array, NDArray[Any]]:
    """Measurements of cell nuclei, and whether the tumour is benign."""
    from sklearn.datasets import load_breast_cancer  # the sites of others do without it

    table = load_breast_cancer()
    chosen = rng.permutation(len(table.target))[:count]
    return table.data[chosen], table.target[chosen]
