"""Layers of the lecture, counted with ordinary arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from mkdocs_cnn import Quantity
from mkdocs_cnn.layers.layer import Layer, Placed, Shape, count


@dataclass(frozen=True, repr=False)
class LowRankLinear(Layer):
    """A dense layer whose weights are the product of two thin matrices.

    Args:
        in_features: Input units.
        out_features: Output units.
        rank: Columns of the first matrix, and rows of the second.
    """

    in_features: int
    out_features: int
    rank: int

    def on(self, *input_shape: int | Quantity) -> PlacedLowRankLinear:
        """Put the layer on a vector of `in_features` values."""
        return PlacedLowRankLinear(self, self._input_with("in_features", input_shape, "feature"))


@dataclass(frozen=True)
class PlacedLowRankLinear(Placed):
    """A low-rank layer on an input."""

    @cached_property
    def output_shape(self) -> Shape:
        """The output features."""
        return Shape([Quantity(self.layer.out_features, symbol="n", name="outputs")])

    @cached_property
    def _weights(self) -> Quantity:
        rank = Quantity(self.layer.rank, symbol="r", name="rank")
        return self.input_shape[0] * rank + rank * self.output_shape[0]

    @cached_property
    def weights(self) -> Quantity:
        """The entries of both matrices."""
        return count(self._weights, "weight")

    @cached_property
    def parameters(self) -> Quantity:
        """The weights: there are no biases."""
        return count(self._weights, "parameter")

    @cached_property
    def macs(self) -> Quantity:
        """One multiply-add for each weight."""
        return count(self._weights, "MAC")

    @cached_property
    def connections(self) -> Quantity:
        """Every input reaches every output."""
        return count(self.input_shape[0] * self.output_shape[0], "connection")
