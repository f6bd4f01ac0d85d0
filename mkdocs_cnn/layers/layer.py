"""What a layer is, and what can be counted once it stands on an input."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from mkdocs_cnn.layers.arguments import IMAGE_AXES, flag, hashable, padding_mode, per_axis, whole
from mkdocs_cnn.layers.costs import Costs
from mkdocs_cnn.layers.costs import Shape as Shape
from mkdocs_cnn.layers.receptive_field import ReceptiveField, identity
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.registry import did_you_mean

Leaf = tuple[str, "Placed", ReceptiveField]
"""A layer's place, the layer on its input, and the receptive field of what it reads."""


SIZES = {
    1: (("features", "m"),),
    2: (("channels", "C_in"), ("length", "L")),
    3: (("channels", "C_in"), ("height", "H"), ("width", "W")),
}
"""Name and symbol of each size of an input, by how many there are."""


class Layer(ABC):
    """A layer's specification: what it is, not yet where it stands.

    A layer type of one's own is two frozen dataclasses: the specification, and what is counted of
    it on an input. The counts are ordinary arithmetic with the sizes and the layer's arguments.
    Numbers that have a symbol appear in the formula:

        @dataclass(frozen=True, repr=False)
        class LowRank(Layer):
            \"\"\"A dense layer whose matrix is a product of two thin ones.\"\"\"

            in_features: int
            out_features: int
            rank: int

            def on(self, *input_shape: int | Quantity) -> Placed:
                return PlacedLowRank(self, self.check_input(input_shape, "in_features"))

        @dataclass(frozen=True)
        class PlacedLowRank(Placed):
            @cached_property
            def output_shape(self) -> Shape:
                return Shape([quantity(self.layer.out_features, symbol="n", name="outputs")])

            @cached_property
            def weights(self) -> Quantity:
                rank = quantity(self.layer.rank, symbol="r", name="rank")
                return count((self.input_shape[0] + self.output_shape[0]) * rank, "weight")

            @cached_property
            def parameters(self) -> Quantity:
                return count(self.weights, "parameter")

            @cached_property
            def macs(self) -> Quantity:
                return count(self.weights, "MAC")

            @cached_property
            def connections(self) -> Quantity:
                return count(self.inputs * self.outputs, "connection")

    In the module `layers` of a content package it can be used by name on pages and on the command
    line, like `Conv2d`. A layer with windows says what it sees with `receptive_field`; one without
    weights is a `PlacedWeightless` of `mkdocs_cnn.layers.weightless`, which counts 0 of everything.
    """

    ranks: ClassVar[tuple[int, ...]] = (1, 2, 3)  # how many sizes its input may have

    @abstractmethod
    def on(self, *input_shape: int | Quantity) -> Placed:
        """Put the layer on an input of this shape, channels first, without a batch.

        Raises:
            ValueError: If the layer does not take an input of this shape.
            TypeError: If a size is not an integer.
        """

    def check_input(
        self, input_shape: tuple[int | Quantity, ...], channels: str = "", noun: str = "channel"
    ) -> Shape:
        """The input's shape, its sizes with their names and symbols.

        Args:
            input_shape: Channels first.
            channels: The argument of the layer that says how many channels there must be.
            noun: What a channel is called.

        Raises:
            ValueError: If there are too few or too many sizes, one is below 1, or the channels
                are not as many as the argument says.
            TypeError: If a size is not an integer.
        """
        if len(input_shape) not in self.ranks:
            wanted = " or ".join(
                f"{rank} {'size' if rank == 1 else 'sizes'} "
                f"({', '.join(name for name, _ in SIZES[rank])})"
                for rank in self.ranks
            )
            raise ValueError(
                f"{type(self).__name__} takes an input of {wanted}, "
                f"not {len(input_shape)}: {input_shape}"
            )
        shape = Shape(
            # The output of another layer keeps its working, under the name that it has here.
            # Sizes are pure numbers: pixels times pixels would count nothing that a layer knows.
            whole(f"input {name}", size, at_least=1).named(f"input {name}", symbol=symbol, unit="")
            for (name, symbol), size in zip(SIZES[len(input_shape)], input_shape, strict=True)
        )
        expected = getattr(self, channels) if channels else shape[0]
        if shape[0] != expected:
            raise ValueError(
                f"input has {shape[0]} {noun}{'' if shape[0] == 1 else 's'} where the layer "
                f"expects {expected} ({channels}={expected}, input={shape})"
            )
        return shape

    if not TYPE_CHECKING:  # or else a type checker would believe in every attribute

        def __getattr__(self, name: str) -> None:
            """Say of what only a layer on an input has that it is to be put on one."""
            hint = did_you_mean(name, [key for key in dir(self) if not key.startswith("_")])
            if hasattr(Placed, name):
                sizes = ", ".join(size for size, _ in SIZES[max(self.ranks)])
                hint = f"; put it on an input first: .on({sizes})"
            raise AttributeError(f"{type(self).__name__} has no {name!r}{hint}")

    def __repr__(self) -> str:
        """The call that makes this layer, without the defaults."""
        required, optional = [], []
        for field in fields(self):  # type: ignore[arg-type]  # every layer is a dataclass
            value = getattr(self, field.name)
            if field.name in ("in_channels", "out_channels", "in_features", "out_features"):
                required.append(repr(value))
            elif value != field.default:
                optional.append(f"{field.name}={value!r}")
        return f"{type(self).__name__}({', '.join(required + optional)})"


class CheckedLayer(Layer):
    """A layer whose arguments are checked by their types; lists among them become tuples.

    A number is an integer of at least 1, a pair is one for all axes or one per axis, and a flag is
    True or False.
    """

    axis_names: ClassVar[tuple[str, ...]] = IMAGE_AXES

    def __post_init__(self) -> None:
        for field in fields(self):  # type: ignore[arg-type]  # every layer is a dataclass
            name, value = field.name, hashable(getattr(self, field.name))
            object.__setattr__(self, name, value)
            match field.type:  # as it is written, for all our modules import annotations
                case "int" | "int | Quantity":
                    whole(name, value)
                case "Pair":
                    per_axis(name, value, self.axis_names)
                case "Pair | None" if value is not None:
                    per_axis(name, value, self.axis_names)
                case "bool":
                    flag(name, value)
                case "PaddingMode":
                    padding_mode(value)


@dataclass(frozen=True)
class Placed(Costs):
    """A layer on an input: everything about it that can be counted."""

    layer: Any  # the specification
    input_shape: Shape  # sizes of the input, channels first

    @property
    def unshared(self) -> Placed:
        """The layer between the same units with one weight for each connection."""
        return Unshared(self.layer, self.input_shape, self)

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """What each output sees of the input, by size, stride and padding along each axis.

        A layer without windows, as this default has it, sees one position.
        """
        return nothing_between(self.input_shape)

    @property
    def flattens(self) -> bool:
        """Whether it makes a vector of what has positions."""
        return len(self.output_shape) == 1 < len(self.input_shape)

    @property
    def pools_all(self) -> bool:
        """Whether it is a pooling of all positions to one, as it stands before a classifier."""
        return False

    def seen_behind(self, before: ReceptiveField) -> ReceptiveField:
        """What its outputs see of an input of which its own inputs see this."""
        return before.then(self.receptive_field)

    @cached_property
    def rows(self) -> Rows:
        """The layers that it is made of, one for each: of a single layer, itself."""
        placed = self.leaves("", nothing_between(self.input_shape))
        return Rows(Row(name, layer, before) for name, layer, before in placed)

    def leaves(self, name: str, before: ReceptiveField) -> Iterator[Leaf]:
        """Its layers with their places, each with the receptive field of what it reads.

        They begin with its own place, and the receptive field of its input.
        """
        yield name, self, before


@dataclass(frozen=True)
class Unshared(Placed):
    """The connections of another layer, each with a weight of its own."""

    of: Placed

    @property
    def output_shape(self) -> Shape:
        """Sizes of the output, as the other layer's."""
        return self.of.output_shape

    @property
    def connections(self) -> Quantity:
        """The other layer's connections."""
        return self.of.connections

    @cached_property
    def weights(self) -> Quantity:
        """One weight for each connection."""
        return count(self.of.connections, "weight")

    @cached_property
    def parameters(self) -> Quantity:
        """One weight for each connection, and one bias for each output if there are biases."""
        biases = int(getattr(self.layer, "bias", False)) * self.outputs
        connections = self.of.connections.named("connections", symbol="N_c", unit="")
        return count(connections + biases, "parameter")

    @cached_property
    def macs(self) -> Quantity:
        """One multiply-add for each weight."""
        return count(self.of.connections, "MAC")

    @property
    def unshared(self) -> Unshared:
        """The same layer, for no weight is shared."""
        return self

    @property
    def receptive_field(self) -> ReceptiveField:
        """The other layer's."""
        return self.of.receptive_field


# -- naming what was counted


_SYMBOLS = {
    "weight": "N_w",
    "parameter": "N_p",
    "MAC": "N_mac",
    "connection": "N_c",
    "activation": "N_a",
}


def count(number: Quantity, unit: str) -> Quantity:
    """The number as a count, under its usual name and symbol.

    The unit is "weight", "parameter", "MAC", "connection" or "activation".
    """
    return number.named("MACs" if unit == "MAC" else f"{unit}s", symbol=_SYMBOLS[unit], unit=unit)


def nothing_between(shape: Shape) -> ReceptiveField:
    """The receptive field of the units of an input of this shape: each sees itself."""
    return ReceptiveField(tuple(identity(name) for name, _ in SIZES[len(shape)][1:]))


# -- layer by layer


@dataclass(frozen=True)
class Row:
    """One layer where it stands in a network."""

    name: str  # its place: "layer1.0.conv2"
    placed: Placed
    before: ReceptiveField  # of what it reads

    def __getattr__(self, name: str) -> Any:
        """What can be counted of the layer on its input: `row.macs` is `row.placed.macs`."""
        if name.startswith("_"):  # while a copy is made there is no `placed` yet
            raise AttributeError(name)
        return getattr(self.placed, name)

    @property
    def kind(self) -> str:
        """What it is: "Conv2d"."""
        return type(self.placed.layer).__name__

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """What its outputs see of the network's input."""
        return self.placed.seen_behind(self.before)


def _total(what: str, unit: str) -> property:
    """A count of `Rows` as the sum over them."""

    def total(rows: Rows) -> Quantity:
        # Which layers they are says more than a sum of some hundred terms.
        value = sum(int(getattr(row.placed, what)) for row in rows)
        name = "MACs" if what == "macs" else what
        return Quantity(value, unit, name=f"{name} of {len(rows)} layers")

    return property(total, doc=f"The {what} of all of them.")


class Rows(tuple[Row, ...]):
    """The layers of a network in order; its counts are the sums over them."""

    __slots__ = ()

    def only(self, *kinds: str) -> Rows:
        """The layers of these kinds: `only("Conv2d")`."""
        return Rows(row for row in self if row.kind in kinds)

    parameters = _total("parameters", "parameter")
    weights = _total("weights", "weight")
    macs = _total("macs", "MAC")
    connections = _total("connections", "connection")
    outputs = _total("outputs", "output")
