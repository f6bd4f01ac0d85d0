"""What operations on arrays are given: a batch, biases, factors in types wide enough."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.exact import Array, integer_type, is_integer, largest, numbers

_SIZES = {1: "length", 2: "height, width"}


def as_batch(x: ArrayLike, *, axes: int = 2) -> Array:
    """What was given as `(n, channels, …)`: a batch, if need be of one.

    Args:
        x: `(channels, …)` or `(n, channels, …)`.
        axes: 1 for sequences, 2 for images.

    Raises:
        ValueError: If there are too few or too many axes.
        TypeError: If it does not hold numbers.
    """
    batch = numbers("x", x)
    if batch.ndim not in (axes + 1, axes + 2):
        raise ValueError(
            f"x must be (channels, {_SIZES[axes]}) or (n, channels, {_SIZES[axes]}), "
            f"not {batch.ndim} axes: {batch.shape}"
        )
    return batch if batch.ndim == axes + 2 else batch[None]


def as_offsets(bias: ArrayLike | None, out_channels: int, dtype: np.dtype[Any]) -> Array:
    """What was given as an array of biases, one for each output channel.

    Args:
        bias: `(out_channels,)`, or None for zeros.
        out_channels: How many there must be.
        dtype: The type of the zeros.

    Raises:
        ValueError: If there are too few or too many.
        TypeError: If it does not hold numbers.
    """
    offsets = np.zeros(out_channels, dtype) if bias is None else numbers("bias", bias)
    if offsets.shape != (out_channels,):
        raise ValueError(
            f"bias must have one value for each of the {out_channels} output channels, "
            f"not shape {offsets.shape}"
        )
    return offsets


def wide(images: Array, filters: Array, offsets: Array, terms: int) -> tuple[Array, Array, Array]:
    """The same numbers in types whose sums of products are exact if the numbers are.

    Args:
        images: One factor of each product.
        filters: The other.
        offsets: What is added to the sums.
        terms: How many products a sum has at most.
    """
    dtype = np.result_type(images, filters, offsets)
    if is_integer(images) and is_integer(filters):
        exact = is_integer(offsets)
        products = largest(images) * largest(filters) * terms
        sums = integer_type(products + (largest(offsets) if exact else 0))
        # With biases that are not exact the answer is not either: theirs is the type of wide sums.
        dtype = sums if exact or sums == np.int64 else dtype
        offsets = offsets.astype(dtype) if exact else offsets
        return images.astype(dtype, copy=False), filters.astype(dtype, copy=False), offsets
    # Python's numbers and NumPy's do not mix: a product of the two may be as narrow as int8.
    if dtype.kind == "O":
        return images.astype(object), filters.astype(object), offsets.astype(object)
    return images, filters, offsets


def wide_factors(first: Array, second: Array, terms: int) -> tuple[Array, Array]:
    """Two factors in types whose sums of products are exact if they are; nothing is added.

    Args:
        first: One factor of each product.
        second: The other.
        terms: How many products a sum has at most.
    """
    first, second, _ = wide(first, second, np.zeros(1, bool), terms)
    return first, second


def exact_sum(array: Array, axis: tuple[int, ...]) -> Array:
    """The sum along some axes, exact if the numbers are."""
    if is_integer(array):
        terms = math.prod(array.shape[along] for along in axis)
        array = array.astype(integer_type(largest(array) * terms))
    return np.asarray(array.sum(axis=axis))
