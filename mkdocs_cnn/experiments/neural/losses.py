"""What outputs cost, and how the cost changes with them.

>>> value, slope = cross_entropy(np.array([[0.0, 0.0]]), np.array([1]))
>>> round(value, 4), slope
(0.6931, array([[ 0.5, -0.5]]))
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mkdocs_cnn.experiments.neural.layers import Array

Loss = Callable[[Array, NDArray[Any]], tuple[float, Array]]


def cross_entropy(logits: Array, labels: NDArray[Any]) -> tuple[float, Array]:
    """Minus the logarithm of the probability of the right answer, by softmax; the mean.

    Args:
        logits: `(n, classes)`.
        labels: `(n,)`: the right classes, counted from 0.

    Returns:
        The loss, in nats, and its gradient in the shape of `logits`.
    """
    shifted = logits - logits.max(axis=1, keepdims=True)  # or the exponential overflows
    powers = np.exp(shifted)
    sums = powers.sum(axis=1, keepdims=True)
    each = np.arange(len(labels))
    loss = np.log(sums[:, 0]) - shifted[each, labels]
    slope = powers / sums
    slope[each, labels] -= 1
    return float(loss.mean()), slope / len(labels)


def squared_error(out: Array, wanted: NDArray[Any]) -> tuple[float, Array]:
    """Half the squared error, summed over outputs; the mean over examples.

    Args:
        out: `(n, …)`.
        wanted: Of the same shape.

    Returns:
        The loss, and its gradient in the shape of `out`.
    """
    error = out - wanted
    return float((error**2).sum() / 2 / len(out)), error / len(out)
