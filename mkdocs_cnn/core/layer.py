"""What a layer is, what can be counted once it stands on an input, and the fully connected one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import KW_ONLY, dataclass, fields
from functools import cached_property
from typing import Any, ClassVar

from mkdocs_cnn.core.arguments import flag, symbolised, whole
from mkdocs_cnn.quantity import Quantity


class Shape(tuple[Quantity, ...]):
    """Sizes of an array, channels first; a tuple whose entries remember their working."""

    __slots__ = ()


class Layer(ABC):
    """A layer's specification: what it is, not yet where it stands."""

    sizes: ClassVar[tuple[tuple[str, str], ...]]  # the input's (name, symbol), axis by axis

    @abstractmethod
    def on(self, *input_shape: int | Quantity) -> Placed:
        """Put the layer on an input of this shape, channels first, without a batch."""

    def _input(self, input_shape: tuple[int | Quantity, ...]) -> Shape:
        if len(input_shape) != len(self.sizes):
            names = ", ".join(name for name, _ in self.sizes)
            sizes = "size" if len(self.sizes) == 1 else "sizes"
            raise ValueError(
                f"{type(self).__name__} takes an input of {len(self.sizes)} {sizes} ({names}), "
                f"not {len(input_shape)}: {input_shape}"
            )
        checked = (
            # The output of another layer keeps its working, under the name that it has here.
            # Sizes are pure numbers: pixels times pixels would count nothing that a layer knows.
            whole(f"input {name}", size, at_least=1).named(f"input {name}", symbol=symbol, unit="")
            for (name, symbol), size in zip(self.sizes, input_shape, strict=True)
        )
        return Shape(checked)

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
class Placed(ABC):
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
    def parameters(self) -> Quantity:
        """Weights and biases, each counted once."""

    @property
    @abstractmethod
    def macs(self) -> Quantity:
        """Multiply-adds for one input; biases are not counted, taps on padding are."""

    @property
    @abstractmethod
    def connections(self) -> Quantity:
        """Pairs of an input and an output that touch; taps that fall on padding are not."""

    @property
    @abstractmethod
    def unshared(self) -> Placed:
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
        """The `Linear` layer between the same units."""
        layer = Linear(self.inputs, self.outputs, bias=self.layer.bias)
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


# -- fully connected


@dataclass(frozen=True, repr=False)
class Linear(Layer):
    """A fully connected layer: every output has a weight of its own for every input.

    Args:
        in_features: Input units.
        out_features: Output units.
        bias: Whether each output has a bias.
    """

    in_features: int | Quantity
    out_features: int | Quantity
    _: KW_ONLY
    bias: bool = True

    sizes: ClassVar = (("features", "m"),)

    def __post_init__(self) -> None:
        for name in ("in_features", "out_features"):
            whole(name, getattr(self, name), at_least=1)
        flag("bias", self.bias)

    def on(self, *input_shape: int | Quantity) -> PlacedLinear:
        """Put the layer on a vector of `in_features` values."""
        shape = self._input(input_shape)
        if shape[0] != self.in_features:
            raise ValueError(
                f"input has {shape[0]} features where the layer expects {self.in_features} "
                f"(in_features={self.in_features}, input={shape})"
            )
        return PlacedLinear(self, shape)


@dataclass(frozen=True)
class PlacedLinear(Placed):
    """A `Linear` layer on an input."""

    @cached_property
    def output_shape(self) -> Shape:
        """Sizes of the output: one."""
        out_features = whole("out_features", self.layer.out_features, at_least=1)
        return Shape([symbolised(out_features, "outputs", "n")])

    @cached_property
    def connections(self) -> Quantity:
        """Every pair of an input and an output."""
        return count(self.input_shape[0] * self.output_shape[0], "connection")

    @cached_property
    def weights(self) -> Quantity:
        """One weight for each pair of an input and an output."""
        return count(self.input_shape[0] * self.output_shape[0], "weight")

    @cached_property
    def parameters(self) -> Quantity:
        """Weights and one bias for each output."""
        return count(
            (self.input_shape[0] + int(self.layer.bias)) * self.output_shape[0], "parameter"
        )

    @cached_property
    def macs(self) -> Quantity:
        """One multiply-add for each weight."""
        return count(self.input_shape[0] * self.output_shape[0], "MAC")

    @property
    def unshared(self) -> PlacedLinear:
        """Itself: no weight is shared."""
        return self


# -- naming what was counted


_COUNTED = {"weight": "N_w", "parameter": "N_p", "MAC": "N_mac", "connection": "N_c"}


def count(number: Quantity, unit: str) -> Quantity:
    """The number as a count of weights, parameters, MACs or connections."""
    return number.named("MACs" if unit == "MAC" else f"{unit}s", symbol=_COUNTED[unit], unit=unit)


def product(sizes: Shape) -> Quantity:
    """The product of the sizes: how many units there are."""
    units = sizes[0]
    for size in sizes[1:]:
        units = units * size
    return units
