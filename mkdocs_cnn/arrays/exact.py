"""Arrays of numbers whose sums of products are exact if the numbers are.

NumPy's integers wrap silently where they have too few bits. So arrays of them are widened before
they are multiplied: to 64 bits, or to Python's integers where a result might need more.
"""

from __future__ import annotations

from numbers import Number
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mkdocs_cnn.quantities.quantity import Quantity

Array = NDArray[Any]


def numbers(name: str, given: ArrayLike) -> Array:
    """What was given as an array of numbers.

    Args:
        name: What the caller calls it, for the error.
        given: Numbers of NumPy's or Python's, or quantities, in any shape.

    Raises:
        TypeError: If anything in it is no number.
    """
    array = np.asarray(given)
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
