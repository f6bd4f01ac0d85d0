"""Layers made of layers, on an input: every count is the sum over the parts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from mkdocs_cnn.layers.layer import Leaf, Placed, Shape, nothing_between
from mkdocs_cnn.layers.receptive_field import ReceptiveField, chained, united
from mkdocs_cnn.layers.weightless import Identity
from mkdocs_cnn.quantities.quantity import Quantity, total


@dataclass(frozen=True)
class PlacedCombined(Placed):
    """Layers as one on an input; every count is the sum over the parts.

    Attributes:
        parts: The parts on their inputs, with their names.
    """

    parts: tuple[tuple[str, Placed], ...]

    @cached_property
    def weights(self) -> Quantity:
        """Distinct weights of all parts."""
        return self._sum("weights", "N_w", "weight")

    @cached_property
    def parameters(self) -> Quantity:
        """Parameters of all parts."""
        return self._sum("parameters", "N_p", "parameter")

    @cached_property
    def macs(self) -> Quantity:
        """Multiply-adds of all parts; additions of branches are not counted."""
        return self._sum("macs", "N_mac", "MAC")

    @cached_property
    def connections(self) -> Quantity:
        """Connections of all parts."""
        return self._sum("connections", "N_c", "connection")

    @cached_property
    def activations(self) -> Quantity:
        """Values that parts compute for other parts to read."""
        return self._sum("activations", "N_a", "activation")

    @cached_property
    def bytes_moved(self) -> Quantity:
        """Bytes moved by all parts, each by itself."""
        return self._sum("bytes_moved", "B", "byte")

    @cached_property
    def runs(self) -> list[tuple[str, Placed, int]]:
        """The parts, like ones that follow each other as one: name, part, how many."""
        found = []
        for _, group in groupby(self.parts, key=lambda part: id(part[1])):
            names, placed = zip(*group, strict=True)
            found.append((_span(names), placed[0], len(names)))
        return found

    def _sum(self, what: str, symbol: str, unit: str) -> Quantity:
        terms = []
        for name, part, times in self.runs:
            counted: Quantity = getattr(part, what)
            if counted:
                named = counted.named(name, symbol=f"{symbol[0]}_{_short(name)}")
                terms.append(times * named if times > 1 else named)
        counted = total(terms) if terms else Quantity(0, unit)
        name = "MACs" if what == "macs" else what.replace("_", " ")
        return counted.named(name, symbol=symbol)


def _span(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}, each"


def _short(span: str) -> str:
    """A span of names as a subscript."""
    return span.removesuffix(", each").replace(" to ", "…")


@dataclass(frozen=True)
class PlacedSequential(PlacedCombined):
    """A `Sequential` on an input."""

    @property
    def output_shape(self) -> Shape:
        """Sizes of the last part's output."""
        return self.parts[-1][1].output_shape

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """What the last part's outputs see of the input."""
        start = nothing_between(self.input_shape)
        windows = [(name, part.receptive_field, n) for name, part, n in self.runs]
        telling = [(name, field, n) for name, field, n in windows if field.fields]
        fields = tuple(
            chained(axis.axis, [(name, field.fields[at], n) for name, field, n in telling])
            for at, axis in enumerate(start.fields)
        )
        warnings = dict.fromkeys(w for _, field, _ in windows for w in field.warnings)
        return ReceptiveField(fields, tuple(warnings))

    def leaves(self, name: str, before: ReceptiveField) -> Iterator[Leaf]:
        """The layers of all parts, in order."""
        for own, part in self.parts:
            yield from part.leaves(_joined(name, own), before)
            before = before.then(part.receptive_field)


@dataclass(frozen=True)
class _PlacedBranches(PlacedCombined):
    """Branches that read the same input."""

    def leaves(self, name: str, before: ReceptiveField) -> Iterator[Leaf]:
        """The layers of all branches, branch by branch."""
        for own, part in self.parts:
            yield from part.leaves(_joined(name, own), before)

    def _warnings(self) -> list[str]:
        return [warning for _, part in self.parts for warning in part.receptive_field.warnings]

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """The smallest field that holds those of all branches."""
        fields, warnings = [], self._warnings()
        branches = [(name, part.receptive_field.fields) for name, part in self.parts]
        for at in range(len(branches[0][1])):
            both, misaligned = united([(name, field[at]) for name, field in branches])
            fields.append(both)
            if len(self.output_shape) > 1:  # the units of a vector have no places to be compared
                warnings += misaligned
        return ReceptiveField(tuple(fields), tuple(dict.fromkeys(warnings)))


@dataclass(frozen=True)
class PlacedResidual(_PlacedBranches):
    """A `Residual` on an input."""

    @property
    def output_shape(self) -> Shape:
        """Sizes of either branch's output."""
        return self.parts[0][1].output_shape

    def leaves(self, name: str, before: ReceptiveField) -> Iterator[Leaf]:
        """The layers of the body under the block's own name, then those of the shortcut."""
        (_, body), (own, shortcut) = self.parts
        yield from body.leaves(name, before)
        if not isinstance(shortcut.layer, Identity):
            yield from shortcut.leaves(_joined(name, own), before)


@dataclass(frozen=True)
class PlacedConcat(_PlacedBranches):
    """A `Concat` on an input."""

    @cached_property
    def output_shape(self) -> Shape:
        """Sizes of the output: the channels of all branches."""
        shapes = {name: part.output_shape for name, part in self.parts}
        channels = total(shape[0].named(f"channels of {name}") for name, shape in shapes.items())
        named = channels.named("output channels", symbol="C_out")
        return Shape([named, *self.parts[0][1].output_shape[1:]])


@dataclass(frozen=True)
class PlacedGate(_PlacedBranches):
    """A `Gate` on an input."""

    @property
    def output_shape(self) -> Shape:
        """Sizes of the output: those of the input."""
        return self.input_shape

    def leaves(self, name: str, before: ReceptiveField) -> Iterator[Leaf]:
        """The layers of the branch, under the gate's own name."""
        ((_, branch),) = self.parts
        yield from branch.leaves(name, before)

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """What is multiplied: each output sees its own input. The gate itself is left out."""
        fields = self.parts[0][1].receptive_field.fields
        beyond = any(not field.is_identity for field in fields)
        warning = "through a gate every output sees more of the input than its receptive field"
        left_out = [warning] if beyond else []
        own = nothing_between(self.input_shape).fields
        return ReceptiveField(own, (*self._warnings(), *left_out))


def _joined(*names: str) -> str:
    return ".".join(filter(None, names))
