"""What a layer costs besides multiplications: bytes, values kept, and MACs for each byte moved."""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property

from mkdocs_cnn.quantities.quantity import Quantity

FLOAT32 = 4
"""Bytes of a float32."""


def _bytes_per(unit: str) -> Quantity:
    return Quantity(FLOAT32, f"byte/{unit}", symbol="b", name="bytes of a float32")


class Costs(ABC):
    """The costs of a layer on an input, from what is counted of it."""

    @property
    @abstractmethod
    def inputs(self) -> Quantity:
        """Input units."""

    @property
    @abstractmethod
    def outputs(self) -> Quantity:
        """Output units."""

    @property
    @abstractmethod
    def parameters(self) -> Quantity:
        """Weights and biases, each counted once."""

    @property
    @abstractmethod
    def macs(self) -> Quantity:
        """Multiply-adds for one input; biases are not counted, taps on padding are."""

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
        size = _bytes_per("value") * (self.inputs + parameters + self.outputs).named(
            "values moved", symbol="N_v", unit="value"
        )
        return size.named("bytes moved", symbol="B")

    @cached_property
    def intensity(self) -> Quantity:
        """Arithmetic intensity: MACs for each byte moved.

        Raises:
            ZeroDivisionError: If nothing is moved.
        """
        return (self.macs / self.bytes_moved).named("arithmetic intensity", symbol="I")
