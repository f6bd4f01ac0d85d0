"""A claim of the literature, and what becomes of it when it is computed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cached_property
from inspect import signature

from mkdocs_cnn.claims.source import Source, sources
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import significant
from mkdocs_cnn.quantities.sentences import Words, fill
from mkdocs_cnn.registry import Registry, UnknownNameError, did_you_mean


class Verdict(Enum):
    """What a recomputation says about a claim."""

    RIGHT = "right"
    ROUNDED = "rounded"
    CUT = "cut"
    WRONG = "wrong"
    BORNE_OUT = "borne out"
    NOT_BORNE_OUT = "not borne out"
    IMPRECISE = "imprecise"
    DEPENDS = "depends"
    ANSWERED = "answered"
    NOT_SHOWN = "not shown"


_JUDGED = (Verdict.IMPRECISE, Verdict.DEPENDS, Verdict.ANSWERED, Verdict.NOT_SHOWN)
_NEEDS_NO_WHY = (Verdict.RIGHT, Verdict.ROUNDED, Verdict.BORNE_OUT)
_GROUNDS = ("states", "holds", "borne_out", "judged")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Claim:
    """What a source says, and its recomputation, from which the verdict follows.

    It takes one of these: a number that it `states`, a condition that `holds` or fails exactly, a
    condition that an experiment has `borne_out` or not, or, where there is nothing to compare, how
    it is `judged`.

    Args:
        name: Lower-case words joined by hyphens, the source's key first: "part-5-other-27".
        quote: The source's own words, verbatim but for white space and the marks of its markup.
        locator: Where in the source: "section 1, second paragraph".
        why: One to three sentences that explain, with `{name}` for each recomputed number; line
            breaks are blanks. Needed unless the claim is right, rounded or borne out.
        recomputed: Computes the numbers by name, each with its working; `states` is compared with
            the first.
        states: The number that the source states, with its unit.
        digits: Significant digits to which the source gives it. Zeros at the end of a round number
            count only if this says so.
        holds: Computes whether a claim without a number is so. It is handed those recomputed
            numbers that its parameters name.
        borne_out: The same of a claim that rests on measurements.
        judged: Imprecise, depends, answered or not shown.

    Raises:
        ValueError: If the name is not of that form, a part is missing, or parts contradict.
    """

    name: str
    quote: str
    locator: str
    _: KW_ONLY
    why: str = ""
    recomputed: Callable[[], Mapping[str, Quantity]] = dict
    states: Quantity | None = None
    digits: int | None = None
    holds: Callable[..., bool] | None = None
    borne_out: Callable[..., bool] | None = None
    judged: Verdict | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError(
                f"a claim's name is lower-case words joined by hyphens, not {self.name!r}"
            )
        for part in ("quote", "locator"):
            if not getattr(self, part).strip():
                raise self._error(f"has no {part}")
        grounds = [ground for ground in _GROUNDS if getattr(self, ground) is not None]
        if len(grounds) != 1:
            has = " and ".join(grounds) or "none"
            raise self._error(f"takes one of {', '.join(_GROUNDS)}, and has {has}")
        if self.judged not in (None, *_JUDGED):
            words = ", ".join(verdict.value for verdict in _JUDGED)
            raise self._error(f"is judged {self.judged}; without a computation it is {words}")
        if self.digits is not None and self.states is None:
            raise self._error(f"has {self.digits} digits of no stated number")

    def _error(self, message: str) -> ValueError:
        return ValueError(f"claim {self.name!r} {message}")

    @property
    def source(self) -> Source:
        """Who says it: the source with whose key the name begins, the longest if several do.

        Raises:
            UnknownNameError: If there is none.
        """
        keys = [key for key in sources() if self.name.startswith(f"{key}-")]
        if not keys:
            raise UnknownNameError("source of the claim", self.name, sources())
        return sources()[max(keys, key=len)]

    @cached_property
    def facts(self) -> Mapping[str, Quantity]:
        """The recomputed numbers by name; the first is the one to compare.

        A number that has no name of its own is called by this one.
        """
        return {
            name: number if number.name else number.named(name.replace("_", " "))
            for name, number in self.recomputed().items()
        }

    @property
    def numbers(self) -> tuple[Quantity, ...]:
        """The recomputed numbers, in order."""
        return tuple(self.facts.values())

    @cached_property
    def explanation(self) -> Words:
        """Why, with the recomputed numbers in their places.

        Raises:
            LookupError: If a place names a number that is not recomputed.
        """
        try:
            return fill(" ".join(self.why.split()), self.facts)
        except LookupError as error:
            raise LookupError(f"why of claim {self.name!r}: {error}") from None

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict that the recomputation gives.

        Raises:
            ValueError: If there is nothing to compare the stated number with, if its unit differs,
                or if the verdict asks for a reason and there is none.
        """
        verdict = self._computed_verdict()
        if verdict not in _NEEDS_NO_WHY and not self.why.strip():
            raise self._error(f"is {verdict.value!r} and does not say why")
        return verdict

    def _computed_verdict(self) -> Verdict:
        if self.states is not None:
            return self._verdict_on(self.states)
        if self.holds is not None:
            return Verdict.RIGHT if self._is_so(self.holds) else Verdict.WRONG
        if self.borne_out is not None:
            return Verdict.BORNE_OUT if self._is_so(self.borne_out) else Verdict.NOT_BORNE_OUT
        return self.judged or Verdict.NOT_SHOWN

    def _is_so(self, condition: Callable[..., bool]) -> bool:
        names = signature(condition).parameters
        for name in names.keys() - self.facts.keys():
            raise self._error(f"recomputes no {name!r}{did_you_mean(name, self.facts)}")
        return condition(**{name: self.facts[name] for name in names})

    def _verdict_on(self, stated: Quantity) -> Verdict:
        if not self.numbers:
            raise self._error(f"states {stated} and recomputes nothing")
        computed = self.numbers[0]
        if computed.unit != stated.unit:
            raise self._error(
                f"states {stated} {stated.unit or '(a pure number)'} "
                f"and recomputes {computed} {computed.unit or '(a pure number)'}"
            )
        digits, place = _digits_and_place(stated.value, self.digits)
        if computed == stated:
            return Verdict.RIGHT
        if significant(computed.value, digits) == stated.value:
            return Verdict.ROUNDED
        beyond = computed.value - stated.value if stated.value > 0 else 0
        return Verdict.CUT if 0 < beyond < place else Verdict.WRONG


def _digits_and_place(stated: int | Fraction, digits: int | None) -> tuple[int, Fraction]:
    """The digits of a stated number, and what a one in the last of them is worth.

    Of 28 million, 2 and a million.
    """
    decimal = (Decimal(stated.numerator) / stated.denominator).normalize().as_tuple()
    zeros = 0 if digits is None else digits - len(decimal.digits)
    return len(decimal.digits) + zeros, Fraction(10) ** (int(decimal.exponent) - zeros)


def ledger(claims: Iterable[Claim]) -> Registry[Claim]:
    """The claims by name.

    Raises:
        ValueError: If two have the same name.
    """
    registry: Registry[Claim] = Registry("claim")
    for claim in claims:
        registry.add(claim.name, claim)
    return registry
