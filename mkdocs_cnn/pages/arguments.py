"""What pages hand to macros, checked."""

from __future__ import annotations

import operator
from typing import Any

from mkdocs_cnn.layers import Placed
from mkdocs_cnn.quantities.quantity import Quantity


def layer_on_input(value: object) -> Placed:
    """A layer on an input; a TypeError says that it is something else."""
    if isinstance(value, Placed):
        return value
    raise TypeError(f"takes a layer on an input, as in Conv2d(…).on(…), not {value!r}")


def number(value: object) -> Quantity:
    """A computed number; a TypeError says that it is something else."""
    if isinstance(value, Quantity):
        return value
    raise TypeError(f"takes a computed number, not {type(value).__name__} {value!r}")


def plain(value: Any) -> Any:
    """A value as it is, but with integers in place of quantities.

    Raises:
        TypeError: If a quantity is no integer.
    """
    match value:
        case Quantity():
            return operator.index(value)
        case dict():
            return {key: plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return type(value)(map(plain, value))
    return value
