"""Things found by name: duplicates are refused, a misspelt name meets its neighbour."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

Thing = TypeVar("Thing")


class UnknownNameError(LookupError):
    """No thing of this kind has this name; the message suggests the nearest one."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        super().__init__(f"no {kind} named {name!r}{did_you_mean(str(name), known)}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'params-by-kernel'?`, or nothing where no known name is near."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def explained(
    error: TypeError, function: Callable[..., Any], arguments: Iterable[str]
) -> TypeError:
    """Why a call failed: the error, or one that says which argument was probably meant.

    Args:
        error: What the call raised.
        function: What was called.
        arguments: The names that arguments were given.
    """
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):  # what is not callable, and some of Python's own functions
        return error
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return error
    for name in arguments:
        if name not in parameters:
            return TypeError(f"no argument {name!r}{did_you_mean(name, parameters)}")
    return error


class Registry(Mapping[str, Thing], Generic[Thing]):
    """Things of one kind by name, in the order in which they were added.

    Args:
        kind: What one of them is called in errors: "figure".
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._things: dict[str, Thing] = {}

    def add(self, name: str, thing: Thing) -> Thing:
        """Add a thing, and return it.

        Raises:
            ValueError: If the name is taken.
        """
        if name in self._things:
            raise ValueError(f"there is a {self.kind} named {name!r} already")
        self._things[name] = thing
        return thing

    def __getitem__(self, name: str) -> Thing:
        """The thing of this name.

        Raises:
            UnknownNameError: If there is none.
        """
        try:
            return self._things[name]
        except KeyError:
            raise UnknownNameError(self.kind, name, self._things) from None

    def __contains__(self, name: object) -> bool:
        return name in self._things  # Mapping's own asks for a KeyError

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)
