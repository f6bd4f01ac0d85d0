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
That is the theoretical receptive field. How strongly an output feels each of those inputs is
another matter, and the business of `mkdocs_cnn.arrays.effective_field`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from mkdocs_cnn.quantities.quantity import Quantity, product, total


@dataclass(frozen=True)
class Field:
    """A receptive field along one axis, all in inputs."""

    axis: str  # "height", "width" or "length"
    size: Quantity  # from the first to the last that an output can see
    stride: Quantity  # from one output's field to the next output's
    padding: Quantity  # by which the first output's field begins before the first input

    @property
    def is_identity(self) -> bool:
        """Whether every output sees just its own input."""
        return self.size == 1 and self.stride == 1 and self.padding == 0

    @property
    def centre(self) -> Fraction:
        """The middle of the first output's field, counted from the first input."""
        return Fraction(self.size.value - 1) / 2 - self.padding.value

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
        return _named(
            self.axis, r + (window.size - 1) * j, window.stride * j, p + window.padding * j
        )

    def sees(self, output: int) -> range:
        """The inputs that one output can see, were there no end to them.

        Where the stride is a fraction, the field may begin between two inputs: both are in it.
        """
        first = output * Fraction(self.stride.value) - self.padding.value
        return range(math.floor(first), math.ceil(first + self.size.value))


def _named(axis: str, size: Quantity, stride: Quantity, padding: Quantity) -> Field:
    return Field(
        axis,
        size.named("receptive field", symbol="r"),
        stride.named("stride of the receptive field", symbol="j"),
        padding.named("padding of the receptive field", symbol="p"),
    )


def identity(axis: str) -> Field:
    """The field of an output that sees just its own input."""
    return Field(axis, Quantity(1), Quantity(1), Quantity(0))


def chained(axis: str, windows: Iterable[tuple[str, Field, int]]) -> Field:
    """The field of windows one behind the other, as one sum: `1 + (k_1 - 1) j_1 + …`.

    Each window has a name, a field, and a number of times that it stands there.
    """
    sizes, strides, paddings = [Quantity(1)], [Quantity(1)], [Quantity(0)]
    stride_before = Quantity(1).value
    for name, window, times in _terms(windows):
        short = short_span(name)
        before = Quantity(stride_before, symbol=f"j_{short}", name=f"stride before {name}")
        if window.size != 1:
            size = window.size.named(f"window of {name}", symbol=f"k_{short}")
            sizes.append(times * (size - 1) * before)
        if window.padding:
            padding = window.padding.named(f"padding of {name}", symbol=f"p_{short}")
            paddings.append(times * padding * before)
        if window.stride != 1:
            strides.append(window.stride.named(f"stride of {name}", symbol=f"s_{short}"))
        stride_before *= window.stride.value
    return _named(axis, total(sizes), product(strides), total(paddings))


def short_span(span: str) -> str:
    """A span of names as a subscript: "conv1…conv3" for "conv1 to conv3, each"."""
    return span.removesuffix(", each").replace(" to ", "…")


def _terms(windows: Iterable[tuple[str, Field, int]]) -> Iterator[tuple[str, Field, int]]:
    """Like windows as one term of the sum, where no stride lies between them."""
    names: list[str] = []
    like: list[Field] = []
    for name, window, times in windows:
        for _ in range(0 if window.is_identity else times):
            if like and not (window == like[-1] and window.stride == 1):
                yield _span(names), like[0], len(like)
                names, like = [], []
            names.append(name)
            like.append(window)
    if like:
        yield _span(names), like[0], len(like)


def _span(names: Sequence[str]) -> str:
    first, last = names[0].partition(" to ")[0], names[-1].rpartition(" to ")[2]
    last = last.removesuffix(", each")
    return first if first == last else f"{first} to {last}, each"


def united(branches: Sequence[tuple[str, Field]]) -> tuple[Field, tuple[str, ...]]:
    """The smallest field that holds those of all branches, which have names, and warnings.

    There is one for each branch that is misaligned with the first one: whose stride differs, or
    whose fields have other centres.
    """
    fields = [field for _, field in branches]
    widest = max(fields, key=lambda field: (field.size, field.padding))
    first = max(fields, key=lambda field: field.padding)
    last = max(fields, key=lambda field: field.end)
    warnings = tuple(_misalignments(*branches))
    if widest.padding == first.padding and widest.end == last.end:
        return widest, warnings
    size = (last.size - last.padding) + first.padding
    return _named(widest.axis, size, widest.stride, first.padding), warnings


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
    warnings: tuple[str, ...] = ()  # why it is not the whole truth, if it is not

    @property
    def size(self) -> Quantity:
        """Inputs along an axis that an output can see.

        Raises:
            ValueError: If the axes differ, or there is none.
        """
        return self._common("size")

    @property
    def stride(self) -> Quantity:
        """Inputs from one output's field to the next output's; raises as `size` does."""
        return self._common("stride")

    @property
    def padding(self) -> Quantity:
        """Inputs by which the first field begins before the input; raises as `size` does."""
        return self._common("padding")

    def _common(self, what: str) -> Quantity:
        values = {field.axis: getattr(field, what) for field in self.fields}
        if len(set(values.values())) == 1:
            common: Quantity = next(iter(values.values()))
            return common
        text = ", ".join(f"{axis} {value}" for axis, value in values.items())
        raise ValueError(f"the receptive field has no {what} common to its axes ({text or 'none'})")

    def then(self, window: ReceptiveField) -> ReceptiveField:
        """The field behind a further window; what has no axes, as a vector, adds nothing."""
        warnings = tuple(dict.fromkeys(self.warnings + window.warnings))
        if not window.fields:
            return ReceptiveField(self.fields, warnings)
        both = zip(self.fields, window.fields, strict=True)
        return ReceptiveField(tuple(field.then(inner) for field, inner in both), warnings)
