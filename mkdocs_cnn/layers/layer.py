"""What a layer is, and what can be counted once it stands on an input."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, ClassVar

from mkdocs_cnn.layers.arguments import whole
from mkdocs_cnn.layers.costs import Costs
from mkdocs_cnn.layers.receptive_field import ReceptiveField, identity
from mkdocs_cnn.layers.rows import Row, Rows
from mkdocs_cnn.quantities.quantity import Quantity, product

Leaf = tuple[str, "Placed", ReceptiveField]
"""A layer's place, the layer on its input, and the receptive field of what it reads."""


class Shape(tuple[Quantity, ...]):
    """Sizes of an array, channels first; a tuple whose entries remember their working."""

    __slots__ = ()


SIZES = {
    1: (("features", "m"),),
    2: (("channels", "C_in"), ("length", "L")),
    3: (("channels", "C_in"), ("height", "H"), ("width", "W")),
}
"""Name and symbol of each size of an input, by how many there are."""


class Layer(ABC):
    """A layer's specification: what it is, not yet where it stands."""

    ranks: ClassVar[tuple[int, ...]] = (1, 2, 3)  # how many sizes its input may have

    @abstractmethod
    def on(self, *input_shape: int | Quantity) -> Placed:
        """Put the layer on an input of this shape, channels first, without a batch."""

    def _input(self, input_shape: tuple[int | Quantity, ...]) -> Shape:
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
        checked = (
            # The output of another layer keeps its working, under the name that it has here.
            # Sizes are pure numbers: pixels times pixels would count nothing that a layer knows.
            whole(f"input {name}", size, at_least=1).named(f"input {name}", symbol=symbol, unit="")
            for (name, symbol), size in zip(SIZES[len(input_shape)], input_shape, strict=True)
        )
        return Shape(checked)

    def _input_with(
        self, name: str, input_shape: tuple[int | Quantity, ...], noun: str = "channel"
    ) -> Shape:
        """The input's shape, if it has as many channels as the argument of this name says."""
        shape, expected = self._input(input_shape), getattr(self, name)
        if shape[0] != expected:
            raise ValueError(
                f"input has {shape[0]} {noun}{'' if shape[0] == 1 else 's'} where the layer "
                f"expects {expected} ({name}={expected}, input={shape})"
            )
        return shape

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


@dataclass(frozen=True)
class Placed(Costs):
    """A layer on an input: everything about it that can be counted.

    Attributes:
        layer: The specification.
        input_shape: Sizes of the input, channels first.
    """

    layer: Any
    input_shape: Shape

    @property
    @abstractmethod
    def output_shape(self) -> Shape:
        """Sizes of the output, channels first."""

    @property
    @abstractmethod
    def weights(self) -> Quantity:
        """Distinct weights, without biases."""

    @property
    @abstractmethod
    def connections(self) -> Quantity:
        """Pairs of an input and an output that touch; taps that fall on padding are not."""

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

    @cached_property
    def rows(self) -> Rows:
        """The layers that it is made of, one for each: of a single layer, itself."""
        placed = self.leaves("", nothing_between(self.input_shape))
        return Rows(Row(name, layer, before) for name, layer, before in placed)

    def leaves(self, name: str, before: ReceptiveField) -> Iterator[Leaf]:
        """Its layers with their places, each with the receptive field of what it reads.

        Args:
            name: Its own place.
            before: The receptive field of its input.
        """
        yield name, self, before

    @cached_property
    def inputs(self) -> Quantity:
        """Input units."""
        return product(self.input_shape).named("inputs", symbol="m")

    @cached_property
    def outputs(self) -> Quantity:
        """Output units."""
        return product(self.output_shape).named("outputs", symbol="n")

    @cached_property
    def dense(self) -> Placed:
        """The `Linear` layer between the same units; without biases if this layer has none."""
        from mkdocs_cnn.layers.linear import (
            Linear,  # a layer itself, it is made of what stands here
        )

        layer = Linear(self.inputs, self.outputs, bias=getattr(self.layer, "bias", True))
        return layer.on(self.inputs)

    @cached_property
    def fan_in(self) -> Quantity:
        """Inputs that each output reads; the average, where the border takes some away."""
        self._check_connected()
        each = self.connections / self.outputs
        return each.named("inputs that each output reads", symbol="r", unit="")

    @cached_property
    def sparsity(self) -> Quantity:
        """How many times fewer weights a layer needs because its connections are sparse."""
        self._check_connected()
        factor = self.dense_weights / self.unshared_weights
        return factor.named("factor by sparsity", symbol="f_sparse")

    @cached_property
    def sharing(self) -> Quantity:
        """How many times fewer weights it needs again because they are shared."""
        self._check_connected()
        if not self.weights:
            raise ValueError(f"{self.layer!r} has no weights to share")
        factor = self.unshared_weights / self.weights
        return factor.named("factor by sharing", symbol="f_shared")

    @cached_property
    def dense_weights(self) -> Quantity:
        """`dense.weights`, under the name that tells it from the layer's own."""
        return self.dense.weights.named("weights of the dense layer", symbol="N_dense")

    @cached_property
    def unshared_weights(self) -> Quantity:
        """`unshared.weights`, under the name that tells it from the layer's own."""
        return self.unshared.weights.named("weights without sharing", symbol="N_unshared")

    @cached_property
    def reduction(self) -> Quantity:
        """Both factors multiplied: weights of the dense layer for each weight of this one."""
        return (self.sparsity * self.sharing).named("factor in all", symbol="f")

    def _check_connected(self) -> None:
        """Refuse to compare what is not there: every window may lie in the padding."""
        if not self.connections:
            raise ValueError(
                f"no window touches an input: 0 connections (inputs={self.inputs}, "
                f"outputs={self.outputs}, layer={self.layer!r}, input={self.input_shape})"
            )


@dataclass(frozen=True)
class Unshared(Placed):
    """The connections of another layer, each with a weight of its own.

    Attributes:
        of: The other layer on its input.
    """

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
        """Itself: no weight is shared."""
        return self

    @property
    def receptive_field(self) -> ReceptiveField:
        """The other layer's."""
        return self.of.receptive_field


# -- naming what was counted


_COUNTED = {"weight": "N_w", "parameter": "N_p", "MAC": "N_mac", "connection": "N_c"}


def count(number: Quantity, unit: str) -> Quantity:
    """The number as a count of weights, parameters, MACs or connections."""
    return number.named("MACs" if unit == "MAC" else f"{unit}s", symbol=_COUNTED[unit], unit=unit)


def nothing_between(shape: Shape) -> ReceptiveField:
    """The receptive field of the units of an input of this shape: each sees itself."""
    return ReceptiveField(tuple(identity(name) for name, _ in SIZES[len(shape)][1:]))
