"""Measurements by name: numbers that need arrays, asked for in plain words.

    @measurement("noise")
    def noise(*, size: int = 8, seed: int = 1) -> dict[str, Quantity]: ...

What is asked is an integer, a word or a list of integers, and what is returned some quantities by
name. Both can be kept as JSON, so that a build which finds them kept needs no NumPy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.registry import (
    Declaration,
    Registry,
    clearer_error,
    declarations,
    import_declared,
    place_of,
)

Measure = Callable[..., Mapping[str, Quantity]]
Declared = TypeVar("Declared", bound=Measure)
MEASUREMENTS: dict[str, Measure] = {}  # those whose modules were imported, by name


def measurement(name: str) -> Callable[[Declared], Declared]:
    """Declare the decorated function as a measurement; its package has it in `measurements`.

    The function is pure: who asks the same gets the same. Its parameters are keyword arguments,
    each with a default, and it returns quantities by name. The name, lower-case words joined by
    hyphens, is written out: it is read from the source.
    """

    def declare(function: Declared) -> Declared:
        MEASUREMENTS[name] = function
        return function

    return declare


def measurements() -> Registry[Declaration]:
    """Where each measurement is declared, by name; nothing is imported."""
    return declarations("measurement", "measurements")


def measure(name: str, /, **parameters: Any) -> Mapping[str, Quantity]:
    """The numbers that a measurement gives, by name, for these keyword arguments of its own.

    Raises:
        UnknownNameError: If there is no such measurement.
        TypeError: If an argument is of another kind, or there is none of this name, or if what the
            function returns is not quantities by name.
        ValueError: If an argument is out of range.
    """
    function = import_declared(measurements()[name], MEASUREMENTS)
    try:
        numbers = function(**parameters)
    except TypeError as error:
        raise clearer_error(error, function, parameters) from None
    where = f"({place_of(function)})"
    if not isinstance(numbers, Mapping):
        returned = type(numbers).__name__
        raise TypeError(f"measurement {name!r} returns {returned}, not quantities by name {where}")
    for key, number in numbers.items():
        if not isinstance(number, Quantity):
            raise TypeError(
                f"measurement {name!r} returns {type(number).__name__} {number!r} for {key!r}, not "
                f"a quantity, which is exact: Quantity(round(1000 * x)) / 1000 {where}"
            )
    return numbers
