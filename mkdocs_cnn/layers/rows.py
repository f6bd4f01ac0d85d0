"""The layers of a network one by one, each with what is counted of it and what it sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mkdocs_cnn.quantities.quantity import Quantity

if TYPE_CHECKING:
    from mkdocs_cnn.layers.layer import Placed, Shape
    from mkdocs_cnn.layers.receptive_field import ReceptiveField


@dataclass(frozen=True)
class Row:
    """One layer where it stands in a network.

    Attributes:
        name: Its place: "layer1.0.conv2".
        placed: The layer on its input.
        before: The receptive field of what it reads.
    """

    name: str
    placed: Placed
    before: ReceptiveField

    @property
    def kind(self) -> str:
        """What it is: "Conv2d"."""
        return type(self.placed.layer).__name__

    @property
    def output_shape(self) -> Shape:
        """Sizes of its output, channels first."""
        return self.placed.output_shape

    @property
    def outputs(self) -> Quantity:
        """Output units."""
        return self.placed.outputs

    @property
    def weights(self) -> Quantity:
        """Distinct weights, without biases."""
        return self.placed.weights

    @property
    def parameters(self) -> Quantity:
        """What learning may change."""
        return self.placed.parameters

    @property
    def macs(self) -> Quantity:
        """Multiply-adds for one input."""
        return self.placed.macs

    @property
    def connections(self) -> Quantity:
        """Pairs of an input and an output that touch."""
        return self.placed.connections

    @property
    def activations(self) -> Quantity:
        """Values that the next layer reads."""
        return self.placed.activations

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """What its outputs see of the network's input."""
        return self.before.then(self.placed.receptive_field)


class Rows(tuple[Row, ...]):
    """The layers of a network in order; its counts are the sums over them."""

    __slots__ = ()

    def only(self, *kinds: str) -> Rows:
        """The layers of these kinds: `only("Conv2d")`."""
        return Rows(row for row in self if row.kind in kinds)

    @property
    def parameters(self) -> Quantity:
        """Parameters of all of them."""
        return self._total("parameters", "parameter")

    @property
    def weights(self) -> Quantity:
        """Weights of all of them."""
        return self._total("weights", "weight")

    @property
    def macs(self) -> Quantity:
        """Multiply-adds of all of them."""
        return self._total("macs", "MAC")

    @property
    def connections(self) -> Quantity:
        """Connections of all of them."""
        return self._total("connections", "connection")

    @property
    def outputs(self) -> Quantity:
        """Output units of all of them."""
        return self._total("outputs", "output")

    def _total(self, what: str, unit: str) -> Quantity:
        # Which layers they are says more than a sum of some hundred terms.
        value = sum(int(getattr(row, what)) for row in self)
        name = "MACs" if what == "macs" else what
        return Quantity(value, unit, name=f"{name} of {len(self)} layers")
