"""Sentences with computed numbers in them.

>>> fill("{weights} weights serve {sizes}", {"weights": 1234, "sizes": [2, 3, "more"]}).text
'1,234 weights serve 2, 3 and more'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from mkdocs_cnn.quantities.quantity import Quantity, quantity
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.registry import did_you_mean


@dataclass(frozen=True, init=False)
class Words:
    """A sentence with computed numbers in it, which a page can open.

    Raises:
        ValueError: If there are more or fewer numbers than places.
    """

    template: str  # with `{}` for each number
    numbers: tuple[Quantity, ...]

    def __init__(self, template: str, *numbers: Quantity | int) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "numbers", tuple(quantity(number) for number in numbers))
        if template.count("{}") != len(numbers):
            raise ValueError(
                f"{len(numbers)} numbers for {template.count('{}')} places: {template}"
            )

    @property
    def text(self) -> str:
        """The sentence as plain text."""
        return "".join(one if isinstance(one, str) else plain(one.value) for one in self.parts())

    def parts(self) -> Iterator[str | Quantity]:
        """Text and numbers in turn."""
        first, *rest = self.template.split("{}")
        yield first
        for number, text in zip(self.numbers, rest, strict=True):
            yield number
            yield text


def fill(template: str, facts: Any) -> Words:
    """The sentence with facts in its places.

    A place names a fact, and perhaps something of it, as Python's format strings do: `{units}`,
    `{layer.inputs}`, `{sizes[0]}`; digits stand for their number, `{3}`. A number opens on a page,
    text stands as it is, and so do words that were filled before. Of several of these the last
    follows an "and"; behind a colon stands what to put between them instead: `{sizes:, }`. Facts
    are had by name, or are the attributes of an object.

    Raises:
        LookupError: If there is no fact of a name; the message suggests the nearest.
        TypeError: If a fact is neither an exact number nor text nor words, nor several of these.
    """
    pieces: list[str] = []
    numbers: list[Quantity] = []
    for literal, place, between, _ in Formatter().parse(template):
        pieces.append(literal)
        for part in _parts(place, _fact(place, facts), between) if place is not None else ():
            pieces.append(part if isinstance(part, str) else "{}")
            numbers += [] if isinstance(part, str) else [part]
    return Words("".join(pieces), *numbers)


def _fact(place: str, facts: Any) -> Any:
    """What a place names."""
    if place.isdecimal():
        return int(place)
    name = place.partition(".")[0].partition("[")[0]
    known = facts
    if not isinstance(facts, Mapping):
        known = {key: getattr(facts, key) for key in dir(facts) if not key.startswith("_")}
    if name not in known:
        raise LookupError(f"no fact named {name!r}{did_you_mean(name, known)}")
    try:
        return Formatter().get_field(place, (), known)[0]
    except (AttributeError, LookupError) as error:
        raise LookupError(f"no fact named {place!r}: {error}") from None


def _parts(place: str, fact: Any, between: str | None = None) -> Iterator[str | Quantity]:
    """A fact as text and numbers in turn; `between` stands between several of one list."""
    if isinstance(fact, Words):
        yield from fact.parts()
    elif isinstance(fact, list | tuple):
        for position, one in enumerate(fact):
            if position:
                yield between or (" and " if position == len(fact) - 1 else ", ")
            yield from _parts(place, one)
    elif isinstance(fact, str | Quantity):
        yield fact
    else:
        try:
            yield quantity(fact)
        except TypeError as error:
            raise TypeError(f"fact {place!r}: {error}") from None
