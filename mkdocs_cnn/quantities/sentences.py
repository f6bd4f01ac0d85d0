"""Sentences with computed numbers in them."""

from __future__ import annotations

from dataclasses import dataclass

from mkdocs_cnn.quantities.quantity import Quantity, quantity
from mkdocs_cnn.quantities.rounding import plain


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
