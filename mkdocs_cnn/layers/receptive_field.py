"""Receptive fields: which stretch of the input an output can see, by the recurrence.

Along one axis a window has a size `r`, a stride `j` (inputs from one output's window to the
next) and a padding `p` (inputs by which the first window begins before the first input). A window
of windows is a window again, so a network's receptive field is its layers' windows, one put behind
the other (Araujo, Norris and Sim 2019):

    >>> first = Field("height", Quantity(3), Quantity(2), Quantity(1))
    >>> both = first.then(Field("height", Quantity(3), Quantity(1), Quantity(1)))
    >>> both.size, both.stride, both.padding
    (7, 2, 3)
    >>> both.size.worked
    '3 + (3 − 1) · 2 = 7'

Output number `i` sees the inputs from `i j - p` to `i j - p + r - 1`, as far as there are any.

Behind a layer that makes the map larger, outputs side by side see differently, and the recurrence
does not hold: there the first and the last input that each output sees are followed output by
output, until what they see repeats. The size is the most that any of them sees:

    >>> doubling = of_pattern("width", Quantity(1) / 2, [range(1), range(1)])
    >>> both = doubling.then(Field("width", Quantity(2), Quantity(1), Quantity(0)))
    >>> both.size, both.fewest, [both.sees(output) for output in range(3)]
    (2, 1, [range(0, 1), range(0, 2), range(1, 2)])

That is the theoretical receptive field. How strongly an output feels each of those inputs is
another matter, and the business of `mkdocs_cnn.arrays.effective_field`.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from mkdocs_cnn.quantities.quantity import Quantity

MOST_POSITIONS = 2048  # outputs that are followed one by one


@dataclass(frozen=True)
class Field:
    """A receptive field along one axis, all in inputs."""

    axis: str  # "height", "width" or "length"
    size: Quantity  # from the first to the last that an output can see; the most of any output
    stride: Quantity  # from one output's field to the next output's, on average
    padding: Quantity  # by which the first output's field begins before the first input
    # What each output reads, output by output until it repeats; left out where every output reads
    # all inputs from the first to the last.
    pattern: tuple[range, ...] = ()

    @cached_property
    def reads(self) -> tuple[range, ...]:
        """The inputs that each output reads, output by output until it repeats."""
        first = -math.ceil(self.padding.value)
        return self.pattern or (range(first, first + math.ceil(self.size.value)),)

    @property
    def _step(self) -> Fraction:
        """Inputs after which the pattern repeats."""
        return len(self.reads) * Fraction(self.stride.value)

    @property
    def is_estimate(self) -> bool:
        """Whether outputs see differently, and too many of them to be followed one by one."""
        return self._step.denominator != 1

    @property
    def is_even(self) -> bool:
        """Whether all outputs see the same from where they stand."""
        return len(self.reads) == 1

    @property
    def is_identity(self) -> bool:
        """Whether every output sees just its own input."""
        return self.size == 1 and self.stride == 1 and self.padding == 0 and not self.pattern

    @property
    def fewest(self) -> Quantity:
        """Inputs from the first to the last of the output that sees fewest."""
        least = min(map(_span_of, self.reads))
        return self.size if self.is_even else Quantity(least, name="smallest receptive field")

    @cached_property
    def centre(self) -> Fraction:
        """The middle of the first output's field, counted from the first input.

        Where outputs see differently, it is where it would be if they stood at equal distances.
        """
        if self.is_even:
            return Fraction(self.size.value - 1) / 2 - self.padding.value
        stride = Fraction(self.stride.value)
        middles = [
            Fraction(reads[0] + reads[-1], 2) - output * stride
            for output, reads in enumerate(self.reads)
            if reads
        ]
        return sum(middles, Fraction(0)) / max(len(middles), 1)

    @property
    def end(self) -> Fraction:
        """The first input behind the first output's field."""
        return Fraction(self.size.value - self.padding.value)

    def then(self, window: Field) -> Field:
        """The field of what stands behind a further window: one step of the recurrence."""
        if window.is_identity:
            return self
        r = Quantity(self.size.value, symbol="r_in", name="receptive field before")
        j = Quantity(self.stride.value, symbol="j_in", name="stride before")
        p = Quantity(self.padding.value, symbol="p_in", name="padding before")
        stride = window.stride * j
        if not (self.is_even and window.is_even) and (pattern := self._follow(window)):
            return of_pattern(self.axis, stride, pattern)
        return named_field(self.axis, r + (window.size - 1) * j, stride, p + window.padding * j)

    def _follow(self, window: Field) -> list[range]:
        """What outputs behind a window see until it repeats; nothing if that takes too many."""
        if self.is_estimate or window.is_estimate:
            return []
        outputs, step = len(self.reads), int(window._step)
        turns = outputs // math.gcd(step, outputs)
        if turns * len(window.reads) > MOST_POSITIONS:
            return []
        return [
            self._all_seen_by(_moved(reads, turn * step))
            for turn in range(turns)
            for reads in window.reads
        ]

    def _all_seen_by(self, units: range) -> range:
        """From the first to the last input that any of these units sees."""
        # A unit one turn of the pattern further on sees nothing before what the first one sees.
        turn = len(self.reads)
        ends = [*units] if len(units) <= 2 * turn else [*units[:turn], *units[-turn:]]
        return _hull([seen for seen in map(self.sees, ends) if seen])

    def sees(self, output: int) -> range:
        """The inputs that one output can see, were there no end to them."""
        turn, place = divmod(output, len(self.reads))
        return _moved(self.reads[place], math.floor(turn * self._step))


def _span_of(reads: range) -> int:
    return reads[-1] - reads[0] + 1 if reads else 0


def _moved(reads: range, by: int) -> range:
    return range(reads.start + by, reads.stop + by, reads.step) if reads else reads


def of_pattern(axis: str, stride: Quantity, pattern: Sequence[range]) -> Field:
    """The field of outputs of which each reads inputs of its own, in a pattern that repeats.

    Args:
        axis: "height", "width" or "length".
        stride: Inputs from one output's field to the next output's, on average; times the outputs
            of the pattern it is a whole number.
        pattern: The inputs that each output reads, up to the output behind which it repeats.
    """
    pattern = _once(pattern, Fraction(stride.value))
    widest = max(range(len(pattern)), key=lambda output: _span_of(pattern[output]))
    reads, place = pattern[widest], f"output {widest + 1} of {len(pattern)}"
    size = Quantity(0)
    if reads:
        last = Quantity(reads[-1], name=f"last input that {place} sees")
        size = last - Quantity(reads[0], name=f"first input that {place} sees") + 1
    padding = -next((reads[0] for reads in pattern if reads), 0)
    even = len(pattern) == 1 and reads.step == 1
    return named_field(axis, size, stride, Quantity(padding), () if even else pattern)


def _once(pattern: Sequence[range], stride: Fraction) -> tuple[range, ...]:
    """The part of a pattern after which it repeats itself."""
    for outputs in range(1, len(pattern)):
        step = outputs * stride
        if len(pattern) % outputs == 0 and step.denominator == 1:
            later = (_moved(reads, int(step)) for reads in pattern)
            if all(map(operator.eq, pattern[outputs:], later)):
                return tuple(pattern[:outputs])
    return tuple(pattern)


def named_field(
    axis: str,
    size: Quantity,
    stride: Quantity,
    padding: Quantity,
    pattern: tuple[range, ...] = (),
) -> Field:
    """The field, its numbers under their usual names and symbols."""
    return Field(
        axis,
        size.named("receptive field", symbol="r"),
        stride.named("stride of the receptive field", symbol="j"),
        padding.named("padding of the receptive field", symbol="p"),
        pattern,
    )


def identity(axis: str) -> Field:
    """The field of an output that sees just its own input."""
    return Field(axis, Quantity(1), Quantity(1), Quantity(0))


def unite_fields(branches: Sequence[tuple[str, Field]]) -> tuple[Field, tuple[str, ...]]:
    """The smallest field that holds those of all branches, which have names, and warnings.

    There is one for each branch that is misaligned with the first one: whose stride differs, or
    whose fields have other centres.
    """
    fields = [field for _, field in branches]
    warnings = tuple(_misalignments(*branches))
    if not all(field.is_even for field in fields) and (pattern := _side_by_side(fields)):
        return of_pattern(fields[0].axis, fields[0].stride, pattern), warnings
    widest = max(fields, key=lambda field: (field.size, field.padding))
    first = max(fields, key=lambda field: field.padding)
    last = max(fields, key=lambda field: field.end)
    if widest.padding == first.padding and widest.end == last.end:
        return widest, warnings
    size = (last.size - last.padding) + first.padding
    return named_field(widest.axis, size, widest.stride, first.padding), warnings


def _side_by_side(fields: Sequence[Field]) -> list[range]:
    """What outputs of branches see together until it repeats; nothing if they do not keep pace."""
    outputs = math.lcm(*(len(field.reads) for field in fields))
    strides = {field.stride for field in fields}
    if len(strides) > 1 or outputs > MOST_POSITIONS or any(field.is_estimate for field in fields):
        return []
    seen = ([field.sees(output) for field in fields] for output in range(outputs))
    return [_hull(list(filter(None, ranges))) for ranges in seen]


def _hull(ranges: Sequence[range]) -> range:
    """From the first to the last number in any of these."""
    if not ranges:
        return range(0)
    return range(min(one[0] for one in ranges), max(one[-1] for one in ranges) + 1)


def _misalignments(first: tuple[str, Field], *others: tuple[str, Field]) -> Iterable[str]:
    name, field = first
    for other_name, other in others:
        for what in ("stride", "centre"):
            here, there = getattr(field, what), getattr(other, what)
            if here != there:
                yield (
                    f"branches {name!r} and {other_name!r} are misaligned along the {field.axis}: "
                    f"{what}s {here} and {there}"
                )


@dataclass(frozen=True)
class ReceptiveField:
    """A receptive field along all axes."""

    fields: tuple[Field, ...]  # one for each axis of the input but the channels; none for a vector
    reasons: tuple[str, ...] = ()  # why it is not the whole truth, if it is not

    @property
    def warnings(self) -> tuple[str, ...]:
        """Why its sizes are not the whole truth: the reasons, and where outputs see differently."""
        spread: dict[str, list[str]] = {}
        for field in self.fields:
            if field.is_estimate:
                text = "the receptive field is an estimate: it repeats after too many outputs"
                spread.setdefault(text, []).append(field.axis)
            elif field.fewest != field.size:
                text = f"outputs see from {field.fewest} to {field.size} inputs, by position"
                spread.setdefault(text, []).append(field.axis)
        by_axis = (f"along the {' and the '.join(axes)} {text}" for text, axes in spread.items())
        return (*self.reasons, *by_axis)

    @property
    def size(self) -> Quantity:
        """Inputs along an axis that an output can see; the most, where outputs see differently.

        Raises:
            ValueError: If the axes differ, or there is none.
        """
        return self._common("size")

    @property
    def fewest(self) -> Quantity:
        """Inputs along an axis of the output that sees fewest; raises as `size` does."""
        return self._common("fewest")

    @property
    def stride(self) -> Quantity:
        """Inputs from one output's field to the next output's; raises as `size` does."""
        return self._common("stride")

    @property
    def padding(self) -> Quantity:
        """Inputs by which the first field begins before the input; raises as `size` does."""
        return self._common("padding")

    @property
    def is_even(self) -> bool:
        """Whether all outputs see the same from where they stand."""
        return all(field.is_even for field in self.fields)

    def _common(self, what: str) -> Quantity:
        values = {field.axis: getattr(field, what) for field in self.fields}
        if len(set(values.values())) == 1:
            common: Quantity = next(iter(values.values()))
            return common
        text = ", ".join(f"{axis} {value}" for axis, value in values.items())
        raise ValueError(f"the receptive field has no {what} common to its axes ({text or 'none'})")

    def then(self, window: ReceptiveField) -> ReceptiveField:
        """The field behind a further window; what has no axes, as a vector, adds nothing."""
        reasons = tuple(dict.fromkeys(self.reasons + window.reasons))
        if not window.fields:
            return ReceptiveField(self.fields, reasons)
        both = zip(self.fields, window.fields, strict=True)
        return ReceptiveField(tuple(field.then(inner) for field, inner in both), reasons)
