"""What pages hand to macros, checked."""

from __future__ import annotations

import operator
from typing import Any

from mkdocs_cnn.layers import Placed
from mkdocs_cnn.quantities.quantity import Quantity


def placed(given: object) -> Placed:
    """A layer on an input.

    Raises:
        TypeError: If it is something else.
    """
    if isinstance(given, Placed):
        return given
    raise TypeError(f"takes a layer on an input, as in Conv2d(…).on(…), not {given!r}")


def plain(parameter: Any) -> Any:
    """A parameter as it is, but with integers in place of quantities."""
    match parameter:
        case Quantity():
            return operator.index(parameter)
        case dict():
            return {key: plain(value) for key, value in parameter.items()}
        case list() | tuple():
            return type(parameter)(map(plain, parameter))
    return parameter


def number(given: object) -> Quantity:
    """A computed number.

    Raises:
        TypeError: If it is something else.
    """
    if isinstance(given, Quantity):
        return given
    raise TypeError(f"takes a computed number, not {type(given).__name__} {given!r}")
