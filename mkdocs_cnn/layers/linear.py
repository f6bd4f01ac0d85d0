"""The fully connected layer."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from functools import cached_property

from mkdocs_cnn.layers.arguments import whole, with_symbol
from mkdocs_cnn.layers.layer import CheckedLayer, Placed, Shape, count
from mkdocs_cnn.quantities.quantity import Quantity, product


@dataclass(frozen=True, repr=False)
class Linear(CheckedLayer):
    """A fully connected layer: every output has a weight of its own for every input.

    On an input with positions, (features, length) or (features, height, width), it stands at each
    of them with the same weights, as a convolution of 1 x 1 does.

    Args:
        in_features: Input units.
        out_features: Output units.
        bias: Whether each output has a bias.
    """

    in_features: int | Quantity
    out_features: int | Quantity
    _: KW_ONLY
    bias: bool = True

    def on(self, *input_shape: int | Quantity) -> PlacedLinear:
        """Put the layer on a vector of `in_features` values, or on one at each position."""
        return PlacedLinear(self, self.check_input(input_shape, "in_features", "feature"))


@dataclass(frozen=True)
class PlacedLinear(Placed):
    """A `Linear` layer on an input."""

    @cached_property
    def output_shape(self) -> Shape:
        """Sizes of the output: as the input's, but for the features."""
        out_features = with_symbol(whole("out_features", self.layer.out_features), "outputs", "n")
        return Shape([out_features, *self.input_shape[1:]])

    @cached_property
    def _pairs(self) -> Quantity:
        return product([*self.input_shape[1:], self.input_shape[0], self.output_shape[0]])

    @cached_property
    def connections(self) -> Quantity:
        """Every pair of an input and an output at the same position."""
        return count(self._pairs, "connection")

    @cached_property
    def weights(self) -> Quantity:
        """One weight for each pair of an input and an output feature."""
        return count(self.input_shape[0] * self.output_shape[0], "weight")

    @cached_property
    def parameters(self) -> Quantity:
        """Weights and one bias for each output feature."""
        each = self.input_shape[0] + int(self.layer.bias)
        return count(each * self.output_shape[0], "parameter")

    @cached_property
    def macs(self) -> Quantity:
        """One multiply-add for each weight, at each position."""
        return count(self._pairs, "MAC")

    @property
    def unshared(self) -> Placed:
        """The same layer where no weight is shared: on a vector."""
        return self if len(self.input_shape) == 1 else super().unshared
