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

    Args:
        template: The sentence, with `{}` for each number.
        numbers: Quantities or integers, in order.

    Raises:
        ValueError: If there are more or fewer numbers than places.
    """

    template: str
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
        first, *rest = self.template.split("{}")
        numbers = (plain(number.value) for number in self.numbers)
        return first + "".join(map("".join, zip(numbers, rest, strict=True)))


def fill(template: str, facts: Any) -> Words:
    """The sentence with facts in its places.

    A place names a fact, and perhaps something of it, as Python's format strings do: `{units}`,
    `{layer.inputs}`, `{sizes[0]}`. A number opens on a page, text stands as it is, and of several
    numbers or texts the last follows an "and".

    Args:
        template: The sentence, with `{name}` for each fact, and `{{` for a brace.
        facts: Facts by name, or an object whose attributes they are.

    Raises:
        LookupError: If there is no fact of a name; the message suggests the nearest.
        TypeError: If a fact is neither an exact number nor text, nor several of these.
    """
    pieces: list[str] = []
    numbers: list[Quantity] = []
    for literal, place, *_ in Formatter().parse(template):
        pieces.append(literal)
        for part in _parts(place, _fact(place, facts)) if place is not None else ():
            pieces.append(part if isinstance(part, str) else "{}")
            numbers += [] if isinstance(part, str) else [part]
    return Words("".join(pieces), *numbers)


def _fact(place: str, facts: Any) -> Any:
    """What a place names."""
    name = place.partition(".")[0].partition("[")[0]
    known = facts if isinstance(facts, Mapping) else _attributes(facts)
    if name not in known:
        raise LookupError(f"no fact named {name!r}{did_you_mean(name, known)}")
    try:
        return Formatter().get_field(place, (), known)[0]
    except (AttributeError, LookupError) as error:
        raise LookupError(f"no fact named {place!r}: {error}") from None


def _attributes(facts: Any) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in dir(facts) if not name.startswith("_")}


def _parts(place: str, fact: Any) -> Iterator[str | Quantity]:
    """A fact as text and numbers in turn."""
    if isinstance(fact, list | tuple):
        for position, one in enumerate(fact):
            if position:
                yield " and " if position == len(fact) - 1 else ", "
            yield from _parts(place, one)
    elif isinstance(fact, str | Quantity):
        yield fact
    else:
        try:
            yield quantity(fact)
        except TypeError as error:
            raise TypeError(f"fact {place!r}: {error}") from None
