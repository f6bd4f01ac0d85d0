"""Handwritten digits of 8 × 8 pixels, as scikit-learn carries them.

They are the test part of the "Optical Recognition of Handwritten Digits" by E. Alpaydin and
C. Kaynak (1998), UCI Machine Learning Repository, https://doi.org/10.24432/C50P49, under CC BY 4.0:
1,797 digits by 13 writers, reduced to counts from 0 to 16. They are read from the installed
scikit-learn; nothing of them is in this package.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mkdocs_cnn.experiments.neural.layers import Array

Labels = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Digits:
    """Some digits.

    Attributes:
        x: `(n, 1, 8, 8)`, centred: from about -0.3 for paper to 0.7 for ink.
        y: `(n,)`: which digits they are.
    """

    x: Array
    y: Labels

    def __len__(self) -> int:
        """How many they are."""
        return len(self.y)

    def __getitem__(self, chosen: slice | Labels) -> Digits:
        """Some of them."""
        return Digits(self.x[chosen], self.y[chosen])


@dataclass(frozen=True, eq=False)
class Split:
    """Digits in three parts that share none.

    Attributes:
        train: In random order: the first hundred are a training set of a hundred.
        validation: To choose learning rates on.
        test: Looked at once.
    """

    train: Digits
    validation: Digits
    test: Digits


@cache
def digits() -> Digits:
    """All of them.

    Raises:
        ModuleNotFoundError: If scikit-learn is not installed.
    """
    from sklearn.datasets import load_digits  # the sites of others do without it

    loaded = load_digits()
    images = loaded.images / 16
    return Digits((images - images.mean())[:, None], loaded.target)


def split(seed: int, *, validation: int, test: int) -> Split:
    """The digits, dealt out at random.

    Args:
        seed: The same seed deals the same hands.
        validation: How many are for validation.
        test: How many are for the test; the rest are for training.
    """
    order = np.random.default_rng([seed, 0]).permutation(len(digits()))
    parts = np.split(order, [test, test + validation])
    return Split(digits()[parts[2]], digits()[parts[1]], digits()[parts[0]])
