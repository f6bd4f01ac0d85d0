"""How a count grows with two sizes: the test of what a text writes as O(m · n).

Textbooks use O(…) for the law by which a count grows, not for a mere upper bound. So each size is
doubled in turn: O(m · n) doubles with either, O(m) with the first alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from mkdocs_cnn.quantities.quantity import Quantity


@dataclass(frozen=True)
class Growth:
    """A count that depends on two sizes, at one place and with each size doubled."""

    name: str  # what is counted: "weights"
    count: Callable[[int, int], Quantity]  # the count for a first and a second size
    first: tuple[str, int]  # the first size's name and value: ("inputs", 3072)
    second: tuple[str, int]  # the second's

    @property
    def facts(self) -> dict[str, Quantity]:
        """The count, the count with twice the first size, the count with twice the second."""
        (first, m), (second, n) = self.first, self.second
        return {
            "count": self.count(m, n).named(self.name),
            f"twice_{first}": self.count(2 * m, n).named(f"{self.name}, twice the {first}"),
            f"twice_{second}": self.count(m, 2 * n).named(f"{self.name}, twice the {second}"),
        }

    def follows(self, first: int, second: int) -> bool:
        """Whether doubling each size multiplies the count by these factors."""
        count, first_doubled, second_doubled = self.facts.values()
        return first_doubled == first * count and second_doubled == second * count
