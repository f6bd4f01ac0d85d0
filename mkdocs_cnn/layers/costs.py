"""What follows from a layer's counts: bytes, operations, and how many weights it saves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mkdocs_cnn.quantities.quantity import Quantity, product

if TYPE_CHECKING:
    from mkdocs_cnn.layers.layer import Placed

FLOAT32 = 4
"""Bytes of a float32."""


def _bytes_per(unit: str) -> Quantity:
    return Quantity(FLOAT32, f"byte/{unit}", symbol="b", name="bytes of a float32")


class Shape(tuple[Quantity, ...]):
    """Sizes of an array, channels first; a tuple whose entries remember their working."""

    __slots__ = ()


class Costs(ABC):
    """The costs of a layer on an input, from what is counted of it."""

    layer: Any
    input_shape: Shape

    @property
    @abstractmethod
    def output_shape(self) -> Shape:
        """Sizes of the output, channels first."""

    @property
    @abstractmethod
    def parameters(self) -> Quantity:
        """Weights and biases, each counted once."""

    @property
    @abstractmethod
    def macs(self) -> Quantity:
        """Multiply-adds for one input; biases are not counted, taps on padding are."""

    @property
    @abstractmethod
    def weights(self) -> Quantity:
        """Distinct weights, without biases."""

    @property
    @abstractmethod
    def connections(self) -> Quantity:
        """Pairs of an input and an output that touch; taps that fall on padding are not."""

    @property
    @abstractmethod
    def unshared(self) -> Costs:
        """The layer between the same units with one weight for each connection."""

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
        # A layer itself, it is made of what stands here.
        from mkdocs_cnn.layers.linear import Linear

        layer = Linear(self.inputs, self.outputs, bias=getattr(self.layer, "bias", True))
        return layer.on(self.inputs)

    @cached_property
    def activations(self) -> Quantity:
        """Values that the layer computes and that the next one reads."""
        return self.outputs.named("activations", symbol="N_a", unit="activation")

    @cached_property
    def flops(self) -> Quantity:
        """Floating-point operations: two for each MAC."""
        return (Quantity(2, "FLOP/MAC") * self.macs).named("FLOPs", symbol="N_flop")

    @cached_property
    def parameter_bytes(self) -> Quantity:
        """Bytes of the parameters in float32."""
        size = _bytes_per("parameter") * self.parameters
        return size.named("memory of the parameters", symbol="B_p")

    @cached_property
    def activation_bytes(self) -> Quantity:
        """Bytes of the activations in float32, for one input."""
        size = _bytes_per("activation") * self.activations
        return size.named("memory of the activations", symbol="B_a")

    @cached_property
    def bytes_moved(self) -> Quantity:
        """Bytes in float32 if each input and parameter is read once and each output written once.

        That is the least: a machine whose fast memory is small moves more.
        """
        parameters = self.parameters.named("parameters", symbol="N_p", unit="")
        values = self.inputs + parameters + self.outputs
        size = _bytes_per("value") * values.named("values moved", symbol="N_v", unit="value")
        return size.named("bytes moved", symbol="B")

    @cached_property
    def intensity(self) -> Quantity:
        """Arithmetic intensity: MACs for each byte moved.

        Raises:
            ZeroDivisionError: If nothing is moved.
        """
        return (self.macs / self.bytes_moved).named("arithmetic intensity", symbol="I")

    # -- compared with a dense layer

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
