"""A claim of the literature, and what becomes of it when it is computed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass
from enum import Enum
from functools import cached_property

from mkdocs_cnn.claims.source import Source
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import significant
from mkdocs_cnn.quantities.sentences import Words
from mkdocs_cnn.registry import Registry


class Verdict(Enum):
    """What a recomputation says about a claim."""

    EXACT = "exact"
    ROUNDS = "rounds to it"
    DIFFERS = "differs"
    NOT_COMPUTABLE = "not computable here"


_NEEDS_A_WHY = (Verdict.DIFFERS, Verdict.NOT_COMPUTABLE)
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PLACE = re.compile(r"\{(\d+)\}")


def _nothing() -> tuple[Quantity, ...]:
    return ()


@dataclass(frozen=True)
class Claim:
    """What a source says, with its recomputation and the verdict expected of it.

    A claim either states a number (`states`), or something that holds or fails (`holds`), or
    something that counting cannot decide (neither).

    Args:
        name: Lower-case words joined by hyphens, the source's key first: "part-5-other-27".
        quote: The source's own words, verbatim but for white space and the marks of its markup.
        source: Who says it.
        locator: Where in the source: "section 1, second paragraph".
        verdict: The verdict expected; a test holds it against `found`.
        why: One to three sentences that explain. `{0}` stands for the first recomputed number,
            `{1}` for the second. Needed where the claim differs or cannot be computed.
        recomputed: Gives the numbers, each with its name and working; `states` is compared with
            the first.
        states: The number that the source states, with its unit.
        digits: Significant digits to which the source gives it; None where it means it exactly.
        holds: Computes whether a claim without a number is so.

    Raises:
        ValueError: If the name is not of that form, a part is missing, or parts contradict.
    """

    name: str
    quote: str
    source: Source
    locator: str
    _: KW_ONLY
    verdict: Verdict
    why: str = ""
    recomputed: Callable[[], tuple[Quantity, ...]] = _nothing
    states: Quantity | None = None
    digits: int | None = None
    holds: Callable[[], bool] | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(
                f"a claim's name is lower-case words joined by hyphens, not {self.name!r}"
            )
        for part in ("quote", "locator"):
            if not getattr(self, part).strip():
                raise ValueError(f"claim {self.name!r} has no {part}")
        if self.verdict in _NEEDS_A_WHY and not self.why.strip():
            raise ValueError(f"claim {self.name!r} is {self.verdict.value!r} and does not say why")
        if self.states is not None and self.holds is not None:
            raise ValueError(
                f"claim {self.name!r} states {self.states} and has a condition too; it takes one"
            )
        if self.digits is not None and self.states is None:
            raise ValueError(f"claim {self.name!r} has {self.digits} digits of no stated number")

    @cached_property
    def numbers(self) -> tuple[Quantity, ...]:
        """The recomputed numbers; the first is the one to compare."""
        return self.recomputed()

    @cached_property
    def explanation(self) -> Words:
        """Why, with the recomputed numbers in their places.

        Raises:
            ValueError: If a place names a number that is not recomputed.
        """
        places = [int(place) for place in _PLACE.findall(self.why)]
        if places and max(places) >= len(self.numbers):
            raise ValueError(
                f"claim {self.name!r} explains with number {max(places)} "
                f"and recomputes {len(self.numbers)}, counted from 0"
            )
        return Words(_PLACE.sub("{}", self.why), *(self.numbers[place] for place in places))

    def found(self) -> Verdict:
        """The verdict that the recomputation gives.

        Raises:
            ValueError: If there is nothing to compare the stated number with, or its unit differs.
        """
        if self.states is not None:
            return self._compared(self.states)
        if self.holds is not None:
            return Verdict.EXACT if self.holds() else Verdict.DIFFERS
        return Verdict.NOT_COMPUTABLE

    def _compared(self, stated: Quantity) -> Verdict:
        if not self.numbers:
            raise ValueError(f"claim {self.name!r} states {stated} and recomputes nothing")
        found = self.numbers[0]
        if found.unit != stated.unit:
            raise ValueError(
                f"claim {self.name!r} states {stated} {stated.unit or '(a pure number)'} "
                f"and recomputes {found} {found.unit or '(a pure number)'}"
            )
        if found == stated:
            return Verdict.EXACT
        if self.digits is not None and significant(found.value, self.digits) == stated.value:
            return Verdict.ROUNDS
        return Verdict.DIFFERS


def ledger(claims: Iterable[Claim]) -> Registry[Claim]:
    """The claims by name.

    Raises:
        ValueError: If two have the same name.
    """
    registry: Registry[Claim] = Registry("claim")
    for claim in claims:
        registry.add(claim.name, claim)
    return registry
