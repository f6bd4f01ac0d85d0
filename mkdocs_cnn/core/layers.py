"""Layers in PyTorch's words, and what can be counted once a layer is put on an input.

A layer is a specification and holds no weights. Put on an input it answers with exact counts,
each of which remembers its working:

    >>> lesson = Conv2d(3, 6, kernel_size=5).on(3, 32, 32)
    >>> lesson.output_shape
    (6, 28, 28)
    >>> lesson.parameters
    456
    >>> lesson.parameters.worked
    '(5 · 5 · 3 + 1) · 6 = 456'
    >>> lesson.dense.weights, lesson.unshared.weights, lesson.weights
    (14450688, 352800, 450)

Shapes are channels first, without a batch. One multiply and one add are 1 MAC; biases are not
counted among the MACs.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, fields
from functools import cached_property
from typing import ClassVar

from mkdocs_cnn.core.arguments import (
    Padding,
    PaddingMode,
    Pair,
    flag,
    padding_mode,
    pair,
    sides,
    symbolised,
    whole,
)
from mkdocs_cnn.core.layer import Layer, Linear, Placed, PlacedLinear, Shape, count, product
from mkdocs_cnn.core.shapes import Axis
from mkdocs_cnn.quantity import Quantity

__all__ = [
    "Conv2d",
    "Layer",
    "Linear",
    "LocallyConnected2d",
    "Placed",
    "PlacedConv2d",
    "PlacedLinear",
    "PlacedLocallyConnected2d",
    "Shape",
]


@dataclass(frozen=True, repr=False)
class _Window2d(Layer):
    """What `Conv2d` and `LocallyConnected2d` have in common.

    Args:
        in_channels: Channels of the input.
        out_channels: Channels of the output (filters).
        kernel_size: Height and width of the window, or one number for both.
        stride: Steps of the window down and to the right, or one number for both.
        padding: Rows and columns added around the input: a number, one per axis, one per side as
            ((top, bottom), (left, right)), "same" or "valid".
        dilation: Distance between the window's taps, per axis or one number for both.
        groups: Parts into which the channels are divided; each output sees one part only.
        bias: Whether there are biases.
        padding_mode: "zeros", "circular", "reflect" or "edge".
    """

    in_channels: int
    out_channels: int
    kernel_size: Pair
    _: KW_ONLY
    stride: Pair = 1
    padding: Padding = 0
    dilation: Pair = 1
    groups: int = 1
    bias: bool = True
    padding_mode: PaddingMode = "zeros"

    sizes: ClassVar = (("channels", "C_in"), ("height", "H"), ("width", "W"))

    def __post_init__(self) -> None:
        for name in ("in_channels", "out_channels", "groups"):
            whole(name, getattr(self, name), at_least=1)
        for name in ("kernel_size", "stride", "dilation"):
            pair(name, getattr(self, name), at_least=1)
        self._sides()
        flag("bias", self.bias)
        padding_mode(self.padding_mode)
        for name in ("in_channels", "out_channels"):
            if int(getattr(self, name)) % int(self.groups):
                raise ValueError(
                    f"groups must divide {name}, and {self.groups} does not divide "
                    f"{getattr(self, name)} (in_channels={self.in_channels}, "
                    f"out_channels={self.out_channels}, groups={self.groups})"
                )

    def _placed_input(self, input_shape: tuple[int | Quantity, ...]) -> Shape:
        shape = self._input(input_shape)
        if shape[0] != self.in_channels:
            raise ValueError(
                f"input has {shape[0]} {'channel' if shape[0] == 1 else 'channels'} where the "
                f"layer expects {self.in_channels} (in_channels={self.in_channels}, input={shape})"
            )
        return shape

    def _sides(self) -> tuple[tuple[Quantity, Quantity], tuple[Quantity, Quantity]]:
        return sides(
            self.padding,
            kernel_size=self.kernel_size,
            stride=self.stride,
            dilation=self.dilation,
        )

    def axes(self, height: Quantity, width: Quantity) -> tuple[Axis, Axis]:
        """The window's two axes on an image of this height and width."""
        kernel = pair("kernel_size", self.kernel_size, at_least=1, symbol="k")
        stride = pair("stride", self.stride, at_least=1, symbol="s")
        dilation = pair("dilation", self.dilation, at_least=1, symbol="d")
        down, across = self._sides()
        return (
            Axis("height", height, kernel[0], stride[0], down, dilation[0], self.padding_mode),
            Axis("width", width, kernel[1], stride[1], across, dilation[1], self.padding_mode),
        )


@dataclass(frozen=True, repr=False)
class Conv2d(_Window2d):  # noqa: D101  # its docstring follows
    __doc__ = (
        "A convolutional layer: each filter reads a window, with the same weights everywhere.\n\n"
        "    It computes the cross-correlation, as every deep-learning library does.\n"
    ) + (_Window2d.__doc__ or "").partition("\n")[2]

    def on(self, *input_shape: int | Quantity) -> PlacedConv2d:
        """Put the layer on an image of shape (channels, height, width).

        Raises:
            ValueError: If the channels differ from `in_channels`, or the window does not fit.
            TypeError: If a size is not an integer.
        """
        return PlacedConv2d(self, self._placed_input(input_shape))


@dataclass(frozen=True, repr=False)
class LocallyConnected2d(_Window2d):  # noqa: D101  # its docstring follows
    __doc__ = (
        "A locally connected layer: each output reads a window, with weights of its own.\n\n"
        "    Taps on padding zeros have no weight. Each output has a bias of its own.\n"
    ) + (_Window2d.__doc__ or "").partition("\n")[2]

    def on(self, *input_shape: int | Quantity) -> PlacedLocallyConnected2d:
        """Put the layer on an image of shape (channels, height, width).

        Raises:
            ValueError: If the channels differ from `in_channels`, or the window does not fit.
            TypeError: If a size is not an integer.
        """
        return PlacedLocallyConnected2d(self, self._placed_input(input_shape))


@dataclass(frozen=True)
class _PlacedWindow2d(Placed):
    def __post_init__(self) -> None:
        self.axes  # noqa: B018  # a window that does not fit is an error here, not later

    @cached_property
    def axes(self) -> tuple[Axis, Axis]:
        """The two axes, height first."""
        _, height, width = self.input_shape
        axes: tuple[Axis, Axis] = self.layer.axes(height, width)
        return axes

    @cached_property
    def output_shape(self) -> Shape:
        """Sizes of the output: channels, height, width."""
        down, across = self.axes
        return Shape([self._out_channels, down.output_size, across.output_size])

    @cached_property
    def connections(self) -> Quantity:
        """Input-output pairs that touch: outputs times the inputs that each of them reads."""
        return count(self._pairs, "connection")

    @cached_property
    def _pairs(self) -> Quantity:
        down, across = self.axes
        if down.lost or across.lost:
            return self._out_channels * down.touching * across.touching * self._depth
        return product(self.output_shape) * self._filter

    @cached_property
    def _filter(self) -> Quantity:
        down, across = self.axes
        return down.kernel_size * across.kernel_size * self._depth

    @cached_property
    def _out_channels(self) -> Quantity:
        out_channels = whole("out_channels", self.layer.out_channels, at_least=1)
        return symbolised(out_channels, "output channels", "C_out")

    @cached_property
    def _depth(self) -> Quantity:
        """Channels that one filter sees."""
        groups = symbolised(whole("groups", self.layer.groups, at_least=1), "groups", "g")
        return self.input_shape[0] / groups

    @cached_property
    def unshared(self) -> PlacedLocallyConnected2d:
        """The locally connected layer between the same units: one weight per connection."""
        given = {field.name: getattr(self.layer, field.name) for field in fields(self.layer)}
        return PlacedLocallyConnected2d(LocallyConnected2d(**given), self.input_shape)


@dataclass(frozen=True)
class PlacedConv2d(_PlacedWindow2d):
    """A `Conv2d` layer on an image."""

    @cached_property
    def weights(self) -> Quantity:
        """Weights of all filters."""
        return count(self._filter * self._out_channels, "weight")

    @cached_property
    def parameters(self) -> Quantity:
        """Weights, and one bias for each filter."""
        return count((self._filter + int(self.layer.bias)) * self._out_channels, "parameter")

    @cached_property
    def macs(self) -> Quantity:
        """Outputs times the weights of one filter."""
        return count(product(self.output_shape) * self._filter, "MAC")


@dataclass(frozen=True)
class PlacedLocallyConnected2d(_PlacedWindow2d):
    """A `LocallyConnected2d` layer on an image."""

    @cached_property
    def weights(self) -> Quantity:
        """One weight for each connection."""
        return count(self._pairs, "weight")

    @cached_property
    def parameters(self) -> Quantity:
        """One weight for each connection, and one bias for each output."""
        return count(self._pairs + int(self.layer.bias) * self.outputs, "parameter")

    @cached_property
    def macs(self) -> Quantity:
        """One multiply-add for each weight."""
        return count(self._pairs, "MAC")

    @property
    def unshared(self) -> PlacedLocallyConnected2d:
        """Itself: no weight is shared."""
        return self
