"""Arrays of numbers whose sums of products are exact if the numbers are.

NumPy's integers wrap silently where they have too few bits. So arrays of them are widened before
they are multiplied: to 64 bits, or to Python's integers where a result might need more.
"""

from __future__ import annotations

import math
from numbers import Number
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mkdocs_cnn.quantities.quantity import Quantity

Array = NDArray[Any]


def numbers(name: str, values: ArrayLike) -> Array:
    """Numbers of NumPy's or Python's, or quantities, as an array; the error says their name.

    Raises:
        TypeError: If anything in it is no number.
    """
    array = np.asarray(values)
    if array.dtype.kind not in "biufcO":
        raise TypeError(f"{name} must hold numbers, not dtype {array.dtype}")
    for value in array.flat if array.dtype.kind == "O" else ():
        if not isinstance(value, Number | Quantity):
            raise TypeError(
                f"{name} must hold numbers, not dtype object with {type(value).__name__} {value!r}"
            )
    return array


def is_integer(array: Array) -> bool:
    """Whether these are integers of NumPy's, which overflow silently, or booleans."""
    return array.dtype.kind in "biu"


def largest(integers: Array) -> int:
    """The largest absolute value, as Python's integer: that of int64's least fits no int64."""
    return max(-int(integers.min()), int(integers.max())) if integers.size else 0


def integer_type(bound: int) -> np.dtype[Any]:
    """The type for integers up to a bound: int64, or object (Python's) where it might not fit."""
    return np.dtype(np.int64 if bound < 2**63 else object)


def type_of_sums(array: Array, terms: int) -> np.dtype[Any]:
    """The type in which a sum of so many of these numbers is exact if they are."""
    return integer_type(largest(array) * terms) if is_integer(array) else array.dtype


# -- the operands of operations

_SIZES = {1: "length", 2: "height, width"}


def as_batch(x: ArrayLike, *, axes: int = 2) -> Array:
    """`(channels, …)` or `(n, channels, …)` as the latter: a batch, if need be of one.

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
    """Biases as an array, one for each output channel; zeros of this type where there are none.

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

    A sum has at most so many terms, of which each is a pixel times a weight, and an offset.
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
    """Two factors in types whose sums of so many products are exact if they are."""
    first, second, _ = wide(first, second, np.zeros(1, bool), terms)
    return first, second


def exact_sum(array: Array, axis: tuple[int, ...]) -> Array:
    """The sum along some axes, exact if the numbers are."""
    terms = math.prod(array.shape[along] for along in axis)
    wide = array.astype(type_of_sums(array, terms), copy=False)
    return np.asarray(wide.sum(axis=axis))
