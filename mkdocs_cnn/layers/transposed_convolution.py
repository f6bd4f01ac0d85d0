"""The transposed convolution."""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from itertools import chain
from typing import ClassVar

from mkdocs_cnn.layers.arguments import IMAGE_AXES, Pair, per_axis, whole, with_symbol
from mkdocs_cnn.layers.axis import Axis, named_output
from mkdocs_cnn.layers.convolution import Conv2d
from mkdocs_cnn.layers.layer import CheckedLayer, Placed, Shape, count
from mkdocs_cnn.layers.receptive_field import MOST_POSITIONS, Field, ReceptiveField, of_pattern
from mkdocs_cnn.quantities.quantity import Quantity, product


@dataclass(frozen=True, repr=False)
class ConvTranspose2d(CheckedLayer):
    """A transposed convolution: each input lays a weighted filter on the output, and they add up.

    Its matrix is the transpose of the matrix of the `Conv2d` that leads from its output to its
    input.

    Args:
        in_channels: Channels of the input.
        out_channels: Channels of the output.
        kernel_size: Height and width of the filter, or one number for both.
        stride: Outputs from one input's filter to the next one's.
        padding: Rows and columns that are cut off the output, on both sides.
        output_padding: Rows and columns added at the output's bottom and right; below the stride
            or the dilation.
        dilation: Distance between the filter's taps.
        groups: Parts into which the channels are divided.
        bias: Whether there are biases.
    """

    in_channels: int
    out_channels: int
    kernel_size: Pair
    _: KW_ONLY
    stride: Pair = 1
    padding: Pair = 0
    output_padding: Pair = 0
    dilation: Pair = 1
    groups: int = 1
    bias: bool = True

    ranks: ClassVar = (3,)

    def __post_init__(self) -> None:
        super().__post_init__()
        self._behind  # noqa: B018  # checks the groups
        sizes = self.per_axis("output_padding", "stride", "dilation")
        for axis, more, stride, dilation in zip(IMAGE_AXES, *sizes, strict=True):
            if more >= max(stride, dilation):
                raise ValueError(
                    f"output_padding {more} along the {axis} must be smaller than stride {stride} "
                    f"or dilation {dilation}"
                )

    def per_axis(self, *names: str) -> list[tuple[Quantity, ...]]:
        """These arguments, each along the height and the width."""
        return [per_axis(name, getattr(self, name)) for name in names]

    @property
    def _behind(self) -> Conv2d:
        """The convolution from the output to the input."""
        return Conv2d(
            self.out_channels,
            self.in_channels,
            self.kernel_size,
            stride=self.stride,
            padding=self.padding,
            dilation=self.dilation,
            groups=self.groups,
        )

    def on(self, *input_shape: int | Quantity) -> PlacedConvTranspose2d:
        """Put the layer on an image of shape (channels, height, width)."""
        return PlacedConvTranspose2d(self, self.check_input(input_shape, "in_channels"))


@dataclass(frozen=True)
class PlacedConvTranspose2d(Placed):
    """A `ConvTranspose2d` layer on an image."""

    def __post_init__(self) -> None:
        if min(self.output_shape) < 1:
            raise ValueError(
                f"padding {self.layer.padding} leaves no output: {self.output_shape} "
                f"(layer={self.layer!r}, input={self.input_shape})"
            )

    @cached_property
    def output_shape(self) -> Shape:
        """Sizes of the output: `(H - 1) s - 2 p + d (k - 1) + output_padding + 1` along an axis."""
        names = ("kernel_size", "stride", "padding", "output_padding", "dilation")
        along = zip(self.input_shape[1:], *self.layer.per_axis(*names), strict=True)
        sizes = [
            (size - 1) * s - 2 * p + d * (k - 1) + more + 1 for size, k, s, p, more, d in along
        ]
        out_channels = whole("out_channels", self.layer.out_channels)
        channels = with_symbol(out_channels, "output channels", "C_out")
        return Shape([channels, *map(named_output, sizes, IMAGE_AXES)])

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The axes of the convolution that leads back, on the output."""
        axes: tuple[Axis, ...] = self.layer._behind.axes(*self.output_shape[1:])
        return axes

    @cached_property
    def _filter(self) -> Quantity:
        """Weights that leave each input."""
        return product([*(axis.kernel_size for axis in self.axes), self._depth])

    @cached_property
    def _depth(self) -> Quantity:
        """Output channels that each input reaches."""
        return self.output_shape[0] / with_symbol(whole("groups", self.layer.groups), "groups", "g")

    @cached_property
    def weights(self) -> Quantity:
        """Weights of all filters."""
        return count(self._filter * self.input_shape[0], "weight")

    @cached_property
    def parameters(self) -> Quantity:
        """Weights, and one bias for each output channel."""
        biases = int(self.layer.bias) * self.output_shape[0]
        return count(self._filter * self.input_shape[0] + biases, "parameter")

    @cached_property
    def macs(self) -> Quantity:
        """Inputs times the weights that leave each; those that are cut off are counted too."""
        return count(product(self.input_shape) * self._filter, "MAC")

    @cached_property
    def connections(self) -> Quantity:
        """Input-output pairs that touch: those of the convolution that leads back."""
        sizes = zip(self.axes, self.input_shape[1:], strict=True)
        touching = (_touching(axis, inputs) for axis, inputs in sizes)
        return count(product([self.input_shape[0], *touching, self._depth]), "connection")

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """What the outputs read; between the places of two inputs each reads otherwise."""
        return ReceptiveField(tuple(map(_field, self.axes)))


def _field(axis: Axis) -> Field:
    """What outputs read along one axis, of which the axis of the convolution back is given."""
    stride = int(axis.stride)
    if stride <= MOST_POSITIONS:
        reads = [_reads(axis, output) for output in range(stride)]
        return of_pattern(axis.name, 1 / axis.stride, reads)
    reach, step = axis.extent - 1, axis.stride
    return Field(axis.name, reach // step + 1, 1 / step, (reach - axis.padding[0]) / step)


def _reads(axis: Axis, output: int) -> range:
    """The inputs whose filters reach an output: `i s + t d = output + p` for a tap `t`."""
    s, k, d = int(axis.stride), int(axis.kernel_size), int(axis.dilation)
    place = output + int(axis.padding[0])
    together = math.gcd(s, d)
    if place % together:
        return range(0)
    turn = s // together  # taps from one that reaches the output to the next
    tap = place // together * pow(d // together, -1, turn) % turn
    taps = len(range(tap, k, turn))
    last = (place - tap * d) // s
    step = d // together
    return range(last - (taps - 1) * step, last + 1, step)


def _touching(axis: Axis, inputs: Quantity) -> Quantity:
    """Pairs along one axis: taps of the inputs' filters that are not cut off."""
    cut = (at for at in chain(*axis.border) if at < inputs)
    lost = sum(int(axis.kernel_size) - sum(1 for _ in axis.taps(at)) for at in cut)
    pairs = inputs * axis.kernel_size - lost
    return pairs.named(f"connections along the {axis.name}", symbol=f"T_{axis.name[0]}")
