"""Layers from text: what somebody typed is read as data and never run as code.

    >>> layer_from("Sequential(Conv2d(3, 6, kernel_size=5), ReLU())").on(3, 32, 32).parameters
    456

Python's own parser reads the text, and of what it finds a few kinds of nodes become layers and
their arguments. The parser runs out of stack or time on some texts, so it is only handed what is
short, shallow and written with signs that a layer needs.
"""

from __future__ import annotations

import ast
import inspect
import math
import re
import warnings
from collections.abc import Mapping, Sequence
from keyword import iskeyword
from typing import Any

from mkdocs_cnn.layers import known_layers
from mkdocs_cnn.layers.layer import Layer
from mkdocs_cnn.registry import UnknownNameError, clearer_error, did_you_mean

MOST_CHARACTERS = 100_000  # the longest network that we have takes a fifth of them
MOST_NESTED = 50  # and nests 7 deep
MOST_PIECES = 8  # without a comma; `name=-5` are four
MOST_DIGITS = 25  # with point and exponent; floats print with 24
MOST_QUOTED = 500  # of what a layer says of its arguments, which may be long

EXAMPLE = "Conv2d(3, 6, kernel_size=5)"


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
            quotes the piece that is wrong with its column, counted from 1 behind leading spaces.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(
            f"text of {len(text):,} characters where a layer takes at most {MOST_CHARACTERS:,}"
        )
    if not text.strip():
        raise ValueError(f"an empty text describes no layer; one is written as in {EXAMPLE}")
    line = re.sub(r"\s", " ", text.strip(), flags=re.ASCII)
    _check_pieces(line)
    layer = _Reader(line, known_layers()).value(_parse(line))
    if not isinstance(layer, Layer):
        raise ValueError(f"{quote(text)} is no layer; one is written as in {EXAMPLE}")
    return layer


def quote(piece: str, most: int = 40) -> str:
    """The piece in quotes, cut off where it is longer than a line of an error has room for."""
    return repr(piece if len(piece) <= most else f"{piece[: most - 1]}…")


def _wrong(piece: str, at: int, why: str) -> ValueError:
    return ValueError(f"{quote(piece)} (column {at + 1}) {why}")


# -- before Python's parser sees the text

_PIECE = re.compile(
    r"""(?P<space>   \ +                           )
      | (?P<quote>   '[\w .,:/-]*' | "[\w .,:/-]*" )
      | (?P<number>  \.?\d[\w.]*                   )
      | (?P<word>    [A-Za-z_]\w* (?:\.\w+){0,2}   )
      | (?P<sign>    [()\[\],=+*/-]                )""",
    re.VERBOSE | re.ASCII,
)
_CLOSING = {"(": ")", "[": "]"}
_NOT_READ = "is no layer, number, quoted text, True, False, None or list"


def _check_pieces(line: str) -> None:
    """Refuse a text with anything in it that no layer needs, or that nests too deep.

    What nests in an expression without brackets, as `--5`, takes a piece for each level. So few
    pieces between commas are few levels.
    """
    at = 0
    opened: list[int] = []  # where the brackets stand that are open
    pieces = [0]  # since the last comma: outside all brackets, and in each that is open
    while at < len(line):
        match = _PIECE.match(line, at)
        if not match or (match.lastgroup == "word" and _is_of_no_use(match[0])):
            raise _wrong(_piece_at(line, at), at, _NOT_READ)
        piece = match[0]
        if match.lastgroup == "number" and len(piece) > MOST_DIGITS:
            digits = f"has {len(piece):,} digits where a number has at most {MOST_DIGITS}"
            raise _wrong(piece, at, digits)
        if piece in (")", "]"):
            _check_closing(line, at, opened)
            opened.pop()
            pieces.pop()
        elif piece == ",":
            pieces[-1] = 0
        elif match.lastgroup != "space":
            pieces[-1] += 1
            if pieces[-1] > MOST_PIECES:
                raise _wrong(_piece_at(line, at), at, "stands where a comma should")
        if piece in _CLOSING:
            opened.append(at)
            pieces.append(0)
            if len(opened) > MOST_NESTED:
                raise _wrong(line[at:], at, f"is nested more than {MOST_NESTED} deep")
        at = match.end()
    if opened:
        start = opened[-1]
        raise _wrong(line[start:], start, f"is never closed with {_CLOSING[line[start]]!r}")


def _is_of_no_use(word: str) -> bool:
    return iskeyword(word) and word not in ("True", "False", "None")


def _check_closing(line: str, at: int, opened: Sequence[int]) -> None:
    if not opened:
        raise _wrong(line[at], at, "closes no bracket")
    closing = _CLOSING[line[opened[-1]]]
    if line[at] != closing:
        raise _wrong(line[at], at, f"stands where ',' or {closing!r} should")


def _piece_at(line: str, at: int) -> str:
    """What is quoted of a text that is wrong from here on: a word, or all that follows."""
    word = re.compile(r"[\w.]+", re.ASCII).match(line, at)
    return word[0] if word else line[at:]


def _parse(line: str) -> ast.expr:
    """What Python's parser makes of a text without line breaks."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about `5and`, which is refused anyhow
            return ast.parse(line, mode="eval").body
    except SyntaxError as error:
        at = min(max(error.offset or 1, 1), len(line)) - 1
        raise _wrong(line[at:], at, f"cannot be read: {error.msg}") from None
    except (MemoryError, RecursionError):
        raise ValueError(f"{quote(line)} cannot be read: it is too much for Python") from None


# -- what the parser found


class _Reader:
    """Makes layers and their arguments from nodes of Python's syntax tree.

    Args:
        line: The text, to be quoted in errors.
        layers: All layers by name.
    """

    def __init__(self, line: str, layers: Mapping[str, type[Layer]]) -> None:
        self.line, self.layers = line, layers

    def value(self, node: ast.expr) -> Any:
        """The layer, number, text, constant or tuple that a node stands for."""
        match node:
            case ast.Call(func=ast.Name(id=name)):
                return self._layer(name, node)
            case ast.Call(func=ast.Attribute() as name_with_dots):
                raise self._unknown(name_with_dots)
            case ast.Constant(value=bool() | str() | None):
                return node.value
            case ast.Constant(value=int() | float() | complex() as number):
                return self._number(number, node)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
                return -self._number(number, node)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return tuple(map(self.value, items))  # a layer can be hashed, and so can these
        raise self._unknown(node)

    def _number(self, number: complex, node: ast.expr) -> float:
        if isinstance(number, bool | complex) or not math.isfinite(number):
            raise self._wrong(node, "is no number")
        return number

    def _layer(self, name: str, call: ast.Call) -> Layer:
        if name not in self.layers:
            raise ValueError(str(UnknownNameError("layer", name, self.layers)))
        by_name: dict[str, Any] = {}
        for keyword in call.keywords:
            if keyword.arg is None:
                raise self._wrong(keyword, _NOT_READ)
            if keyword.arg in by_name:
                raise _wrong(keyword.arg, keyword.col_offset, "is given twice")
            by_name[keyword.arg] = self.value(keyword.value)
        return _make(self.layers[name], list(map(self.value, call.args)), by_name)

    def _wrong(self, node: ast.expr | ast.keyword, why: str) -> ValueError:
        return _wrong(self.line[node.col_offset : node.end_col_offset], node.col_offset, why)

    def _unknown(self, node: ast.expr) -> ValueError:
        """What is neither a layer nor anything that a layer takes."""
        piece = ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        if piece in self.layers:
            return self._wrong(node, f"is a layer without its brackets, as in {piece}(…)")
        if near := did_you_mean(piece, [*self.layers, "True", "False", "None"]):
            return self._wrong(node, f"is not known{near}")
        return self._wrong(node, _NOT_READ)


def _make(layer: type[Layer], positional: Sequence[Any], by_name: dict[str, Any]) -> Layer:
    """The layer with these arguments; whatever it refuses is said after its name."""
    try:
        _check_places(layer, len(positional))
        inspect.signature(layer).bind(*positional, **by_name)  # its messages do not speak of `self`
        return layer(*positional, **by_name)
    except TypeError as error:
        raise _refusal(layer.__name__, clearer_error(error, layer, by_name)) from None
    except ValueError as error:
        raise _refusal(layer.__name__, error) from None


def _refusal(name: str, error: Exception) -> ValueError:
    text = str(error)
    text = text if len(text) <= MOST_QUOTED else f"{text[: MOST_QUOTED - 1]}…"
    return ValueError(text if text.startswith(f"{name} ") else f"{name}: {text}")


def _check_places(layer: type[Layer], number: int) -> None:
    """Refuse more arguments without a name than a layer takes."""
    parameters = inspect.signature(layer).parameters.values()
    places = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    if number > len(places) and not any(one.kind is one.VAR_POSITIONAL for one in parameters):
        others = [one.name for one in parameters if one.kind is one.KEYWORD_ONLY]
        by_name = f"; by name it takes {', '.join(others)}" if others else ""
        places_text = f"{len(places)} ({', '.join(places)})" if places else "none"
        raise ValueError(f"takes {places_text} without a name, not {number}{by_name}")
