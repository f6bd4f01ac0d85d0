"""Layers whose outputs read windows with weights: convolutions, and locally connected ones."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import ClassVar

from mkdocs_cnn.layers.arguments import Padding, PaddingMode, Pair, sides, whole, with_symbol
from mkdocs_cnn.layers.axis import Axis, PlacedWindow, window_axes
from mkdocs_cnn.layers.layer import CheckedLayer, Placed, Shape, count
from mkdocs_cnn.quantities.quantity import Quantity, product


@dataclass(frozen=True, repr=False)
class _Window(CheckedLayer):
    """What layers with windows and weights have in common.

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

    ranks: ClassVar = (3,)

    def __post_init__(self) -> None:
        super().__post_init__()
        sides(self.padding, self.kernel_size, self.stride, self.dilation, self.axis_names)
        for name in ("in_channels", "out_channels"):
            if int(getattr(self, name)) % int(self.groups):
                raise ValueError(
                    f"groups must divide {name}, and {self.groups} does not divide "
                    f"{getattr(self, name)} (in_channels={self.in_channels}, "
                    f"out_channels={self.out_channels}, groups={self.groups})"
                )

    def axes(self, *sizes: Quantity) -> tuple[Axis, ...]:
        """The window's axes on an input of these sizes, channels left out."""
        typed = self.kernel_size, self.stride, self.padding, self.dilation, self.padding_mode
        return window_axes(sizes, *typed, names=self.axis_names)


def _described(first_line: str, second_line: str) -> str:
    """A docstring: two sentences of a layer's own, then the arguments that all have."""
    arguments = (_Window.__doc__ or "").partition("\n")[2]
    return f"{first_line}\n\n    {second_line}\n{arguments}"


class _Convolution(_Window):
    def on(self, *input_shape: int | Quantity) -> PlacedConv:
        """Put the layer on an image (channels, height, width) or a sequence (channels, length)."""
        return PlacedConv(self, self.check_input(input_shape, "in_channels"))


@dataclass(frozen=True, repr=False)
class Conv2d(_Convolution):  # noqa: D101  # its docstring follows
    __doc__ = _described(
        "A convolutional layer: each filter reads a window, with the same weights everywhere.",
        "It computes the cross-correlation, as every deep-learning library does.",
    )


@dataclass(frozen=True, repr=False)
class Conv1d(_Convolution):  # noqa: D101  # its docstring follows
    __doc__ = _described(
        "A convolutional layer on a sequence: `Conv2d` with one axis, the length.",
        "Sizes are one number each; padding may be ((start, end),).",
    )

    ranks: ClassVar = (2,)
    axis_names: ClassVar[tuple[str, ...]] = ("length",)


@dataclass(frozen=True, repr=False)
class LocallyConnected2d(_Window):  # noqa: D101  # its docstring follows
    __doc__ = _described(
        "A locally connected layer: each output reads a window, with weights of its own.",
        "Taps on padding zeros have no weight. Each output has a bias of its own.",
    )

    def on(self, *input_shape: int | Quantity) -> PlacedLocallyConnected2d:
        """Put the layer on an image of shape (channels, height, width)."""
        return PlacedLocallyConnected2d(self, self.check_input(input_shape, "in_channels"))


@dataclass(frozen=True)
class _PlacedWindow(PlacedWindow):
    @cached_property
    def output_shape(self) -> Shape:
        """Sizes of the output: channels, then one for each axis."""
        return Shape([self._out_channels, *(axis.output_size for axis in self.axes)])

    @cached_property
    def connections(self) -> Quantity:
        """Input-output pairs that touch: outputs times the inputs that each of them reads."""
        return count(self._pairs, "connection")

    @cached_property
    def _pairs(self) -> Quantity:
        if any(axis.lost for axis in self.axes):
            touching = (axis.touching for axis in self.axes)
            return product([self._out_channels, *touching, self._depth])
        return product(self.output_shape) * self._filter

    @cached_property
    def _filter(self) -> Quantity:
        return product([*(axis.kernel_size for axis in self.axes), self._depth])

    @cached_property
    def _out_channels(self) -> Quantity:
        return with_symbol(
            whole("out_channels", self.layer.out_channels), "output channels", "C_out"
        )

    @cached_property
    def _depth(self) -> Quantity:
        """Channels that one filter sees."""
        return self.input_shape[0] / with_symbol(whole("groups", self.layer.groups), "groups", "g")


@dataclass(frozen=True)
class PlacedConv(_PlacedWindow):
    """A `Conv2d` layer on an image, or a `Conv1d` layer on a sequence."""

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

    @cached_property
    def unshared(self) -> Placed:
        """The locally connected layer between the same units: one weight per connection."""
        if not isinstance(self.layer, Conv2d):
            return super().unshared
        return PlacedLocallyConnected2d(LocallyConnected2d(**vars(self.layer)), self.input_shape)


@dataclass(frozen=True)
class PlacedLocallyConnected2d(_PlacedWindow):
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
        """The same layer, for no weight is shared."""
        return self
