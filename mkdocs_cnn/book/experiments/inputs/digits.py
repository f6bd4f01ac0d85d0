"""Handwritten digits of 8 × 8 pixels, as scikit-learn carries them.

They are the test part of the "Optical Recognition of Handwritten Digits" by E. Alpaydin and
C. Kaynak (1998), UCI Machine Learning Repository, https://doi.org/10.24432/C50P49, under CC BY 4.0:
1,797 digits by 13 writers, reduced to counts from 0 to 16. They are read from the installed
scikit-learn; nothing of them is in this package.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from mkdocs_cnn.experiments.neural.training import Examples, TrainingSettings


@dataclass(frozen=True, eq=False)
class Split:
    """Digits in three parts that share none."""

    train: Examples  # in random order: the first hundred are a training set of a hundred
    validation: Examples  # to choose learning rates on
    test: Examples  # looked at once


@cache
def digits() -> Examples:
    """All of them: `(1797, 1, 8, 8)`, centred, from about -0.3 for paper to 0.7 for ink.

    Raises:
        ModuleNotFoundError: If scikit-learn is not installed.
    """
    from sklearn.datasets import load_digits  # the sites of others do without it

    loaded = load_digits()
    images = loaded.images / 16
    return Examples((images - images.mean())[:, None], loaded.target)


def split(seed: int, settings: TrainingSettings) -> Split:
    """The digits, dealt out at random: what is not for validation or the test is for training."""
    order = np.random.default_rng([seed, 0]).permutation(len(digits()))
    parts = np.split(order, [settings.test, settings.test + settings.validation])
    return Split(digits()[parts[2]], digits()[parts[1]], digits()[parts[0]])
