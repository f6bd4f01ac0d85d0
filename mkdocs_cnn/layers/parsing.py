"""Layers from text: what somebody typed is read as data and never run as code.

    >>> layer_from("Sequential(Conv2d(3, 6, kernel_size=5), ReLU())").on(3, 32, 32).parameters
    456

A layer is written as Python would have it, but of Python nothing else is read. So the reader is
its own and small; Python's parser takes all of the language, warns, and runs out of stack on what
nests deep.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from mkdocs_cnn.layers import LAYERS
from mkdocs_cnn.layers.layer import Layer
from mkdocs_cnn.registry import UnknownNameError, did_you_mean, explained

MOST_CHARACTERS = 100_000  # the longest network that we have takes a fifth of them
MOST_NESTED = 50  # and nests 7 deep
MOST_DIGITS = 25  # with sign, point and exponent; floats print with 24
MOST_SAID = 500  # of what a layer says of its arguments, which may be long

EXAMPLE = "Conv2d(3, 6, kernel_size=5)"

T = TypeVar("T")


def layer_from(text: str) -> Layer:
    """The layer that a text describes, in the words in which layers are made.

        >>> layer_from("Conv2d(3, 6, kernel_size=5)")
        Conv2d(3, 6, kernel_size=5)
        >>> layer_from("Residual(body=Conv2d(8, 8, 3, padding='same'))").on(8, 16, 16).parameters
        584
        >>> layer_from("__import__('os')")
        Traceback (most recent call last):
        ValueError: no layer named '__import__'

    What a layer prints as is read back: `layer_from(repr(layer)) == layer`.

    Args:
        text: Calls of the layers by their names, their arguments with or without a name. An
            argument is a layer, a number, text in quotes, True, False, None, or a list or tuple
            of those. Nothing else is read: no names, attributes, sums or calls of anything else.

    Raises:
        ValueError: If the text is no such description, has more than 100,000 characters or nests
            more than 50 deep, or if a layer refuses its arguments. The message is one line; it
            quotes the piece that is wrong with its column, the first being 1.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"text of {len(text):,} characters where a layer takes at most {MOST_CHARACTERS:,}"
        )
    if not text.strip():
        raise ValueError(f"an empty text describes no layer; one is written as in {EXAMPLE}")
    layer = _Reader(text).whole()
    if not isinstance(layer, Layer):
        raise ValueError(f"{quoted(text)} is no layer; one is written as in {EXAMPLE}")
    return layer


def quoted(piece: str, most: int = 40) -> str:
    """The piece in quotes, cut off where it is longer than a line of an error has room for."""
    return repr(piece if len(piece) <= most else f"{piece[: most - 1]}…")


_TOKEN = re.compile(
    r"""(?P<number>  -?\.?\d[\w.]* (?:(?<=[eE])[-+]\d+)? )
      | (?P<word>    [A-Za-z_]\w* )
      | (?P<quote>   '[^'\\]*' | "[^"\\]*" )
      | (?P<bracket> [(\[] )""",
    re.VERBOSE | re.ASCII,
)
_CALL = re.compile(r"\w+\s*\(", re.ASCII)
_NAMED = re.compile(r"([A-Za-z_]\w*)\s*=", re.ASCII)
_SPACE = re.compile(r"\s*", re.ASCII)
_PIECE = re.compile(r"[\w.]+|.+", re.DOTALL)  # what is quoted when it is wrong

_CONSTANTS = {"True": True, "False": False, "None": None}
_CLOSING = {"(": ")", "[": "]"}


class _Reader:
    """Reads a text from its beginning to its end.

    Args:
        text: The text.

    Attributes:
        at: How much of it has been read.
        depth: How many brackets are open there.
    """

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0
        self._pass("")

    def whole(self) -> Any:
        """The one value that the text consists of."""
        value = self._value()
        if self.at < len(self.text):
            raise self._wrong("stands behind the end of the layer")
        return value

    # -- values

    def _value(self) -> Any:
        token = _TOKEN.match(self.text, self.at)
        kind, piece = (token.lastgroup, token[0]) if token else ("", "")
        match kind:
            case "number":
                return self._number(piece)
            case "word":
                return self._word(piece)
            case "quote":
                self._pass(piece)
                return piece[1:-1]
            case "bracket":
                return self._sequence(piece)
        raise self._unknown()

    def _number(self, digits: str) -> int | float:
        if len(digits) > MOST_DIGITS:
            raise self._wrong(
                f"has {len(digits):,} digits where a number has at most {MOST_DIGITS}"
            )
        for kind in (int, float):
            try:
                number: int | float = kind(digits)
            except ValueError:
                continue
            if math.isfinite(number):
                self._pass(digits)
                return number
        raise self._wrong("is no number")

    def _word(self, word: str) -> Any:
        if word in _CONSTANTS:
            self._pass(word)
            return _CONSTANTS[word]
        if not _CALL.match(self.text, self.at):
            raise self._unknown()
        if word not in LAYERS:
            raise ValueError(str(UnknownNameError("layer", word, LAYERS)))
        self._pass(word)
        arguments, _ = self._items("(", partial(self._argument, set()))
        given = [value for name, value in arguments if not name]
        return _made(word, given, {name: value for name, value in arguments if name})

    def _sequence(self, opening: str) -> Any:
        """A list or tuple, as a tuple: a layer can be hashed, and so can its arguments."""
        items, comma = self._items(opening, self._value)
        return items[0] if opening == "(" and len(items) == 1 and not comma else tuple(items)

    def _items(self, opening: str, read: Callable[[], T]) -> tuple[list[T], bool]:
        """What stands between brackets, and whether a comma stands behind the last of it."""
        opened, closing = self.at, _CLOSING[opening]
        self.depth += 1
        if self.depth > MOST_NESTED:
            raise self._wrong(f"is nested more than {MOST_NESTED} deep")
        self._pass(opening)
        items: list[T] = []
        comma = False
        while not self._passed(closing):
            if self.at == len(self.text):
                self.at = opened
                raise self._wrong(f"is never closed with {closing!r}")
            if items and not comma:
                raise self._wrong(f"stands where ',' or {closing!r} should")
            items.append(read())
            comma = self._passed(",")
        self.depth -= 1
        return items, comma

    def _argument(self, names: set[str]) -> tuple[str, Any]:
        """An argument with its name, which must be new; "" where it has none."""
        named = _NAMED.match(self.text, self.at)
        if not named and names:
            raise self._wrong("has no name, and stands behind an argument that has one")
        if not named:
            return "", self._value()
        if named[1] in names:
            raise self._wrong("is given twice")
        names.add(named[1])
        self._pass(named[0])
        return named[1], self._value()

    # -- places

    def _here(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        return found[0] if found else ""

    def _pass(self, piece: str) -> None:
        """Go on behind a piece and the space that follows it."""
        self.at += len(piece)
        self.at += len(self._here(_SPACE))

    def _passed(self, mark: str) -> bool:
        here = self.text.startswith(mark, self.at)
        if here:
            self._pass(mark)
        return here

    def _wrong(self, what: str) -> ValueError:
        return ValueError(f"{quoted(self._here(_PIECE))} (column {self.at + 1}) {what}")

    def _unknown(self) -> ValueError:
        """What is neither a layer nor anything that a layer takes."""
        piece = self._here(_PIECE)
        if not piece:
            return ValueError(f"the text ends where a value should stand (column {self.at + 1})")
        if piece in LAYERS:
            return self._wrong(f"is a layer without its brackets, as in {piece}(…)")
        if near := did_you_mean(piece, [*LAYERS, *_CONSTANTS]):
            return self._wrong(f"is not known{near}")
        return self._wrong("is no layer, number, quoted text, True, False, None or list")


def _made(name: str, given: Sequence[Any], named: dict[str, Any]) -> Layer:
    """The layer of this name with these arguments; whatever it refuses is said after its name."""
    layer = LAYERS[name]
    try:
        _check_places(layer, len(given))
        inspect.signature(layer).bind(*given, **named)  # its messages do not speak of `self`
        return layer(*given, **named)
    except TypeError as error:
        raise _said_by(name, explained(error, layer, named)) from None
    except ValueError as error:
        raise _said_by(name, error) from None


def _said_by(name: str, error: Exception) -> ValueError:
    said = str(error)
    said = said if len(said) <= MOST_SAID else f"{said[: MOST_SAID - 1]}…"
    return ValueError(said if said.startswith(f"{name} ") else f"{name}: {said}")


def _check_places(layer: type[Layer], given: int) -> None:
    parameters = inspect.signature(layer).parameters.values()
    places = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    if given > len(places) and not any(one.kind is one.VAR_POSITIONAL for one in parameters):
        others = [one.name for one in parameters if one.kind is one.KEYWORD_ONLY]
        by_name = f"; by name it takes {', '.join(others)}" if others else ""
        said = f"{len(places)} ({', '.join(places)})" if places else "none"
        raise ValueError(f"takes {said} without a name, not {given}{by_name}")
