"""Pooling: windows without weights."""

from __future__ import annotations

from collections import Counter
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import ClassVar

from mkdocs_cnn.layers.arguments import IMAGE_AXES, Pair, per_axis
from mkdocs_cnn.layers.axis import Axis, PlacedWindow, named_output, window_axes
from mkdocs_cnn.layers.costs import Costs
from mkdocs_cnn.layers.layer import CheckedLayer, Shape, count
from mkdocs_cnn.layers.receptive_field import Field, ReceptiveField, of_pattern
from mkdocs_cnn.layers.weightless import PlacedWeightless
from mkdocs_cnn.quantities.quantity import Quantity, product, total


@dataclass(frozen=True, repr=False)
class _Pool2d(CheckedLayer):
    kernel_size: Pair
    _: KW_ONLY
    stride: Pair | None = None
    padding: Pair = 0
    ceil_mode: bool = False

    ranks: ClassVar = (3,)

    def __post_init__(self) -> None:
        super().__post_init__()
        kernels, paddings = (
            per_axis("kernel_size", self.kernel_size),
            per_axis("padding", self.padding),
        )
        for axis, k, p in zip(IMAGE_AXES, kernels, paddings, strict=True):
            if 2 * p > k:  # PyTorch's rule, which does not ask for the dilation
                raise ValueError(f"padding {p} along the {axis} exceeds half the kernel size {k}")

    def axes(self, *sizes: Quantity) -> tuple[Axis, ...]:
        """The window's axes on an image of this height and width."""
        stride = self.kernel_size if self.stride is None else self.stride
        typed = self.kernel_size, stride, self.padding, getattr(self, "dilation", 1)
        return window_axes(sizes, *typed, ceil_mode=self.ceil_mode)

    def on(self, *input_shape: int | Quantity) -> PlacedPool2d:
        """Put the layer on an image of shape (channels, height, width)."""
        return PlacedPool2d(self, self.check_input(input_shape))


@dataclass(frozen=True, repr=False, kw_only=True)
class MaxPool2d(_Pool2d):
    """The largest value of each window, channel by channel.

    Args:
        kernel_size: Height and width of the window, or one number for both.
        stride: Steps of the window; None for those of its own size.
        padding: Rows and columns added on every side, at most half the kernel; they never win.
        ceil_mode: Whether a last window may hang over the end.
        dilation: Distance between the window's taps.
    """

    dilation: Pair = 1


@dataclass(frozen=True, repr=False, kw_only=True)
class AvgPool2d(_Pool2d):
    """The mean of each window, channel by channel.

    Args:
        kernel_size: Height and width of the window, or one number for both.
        stride: Steps of the window; None for those of its own size.
        padding: Rows and columns of zeros added on every side, at most half the kernel.
        ceil_mode: Whether a last window may hang over the end.
        count_include_pad: Whether the padding counts in the mean. It changes the values and no
            count: taps on padding connect to nothing either way.
    """

    count_include_pad: bool = True


@dataclass(frozen=True)
class _PlacedPooling(PlacedWeightless):
    """Free of weights, and yet its outputs are values of their own, which are written and read."""

    activations = Costs.activations
    bytes_moved = Costs.bytes_moved

    @property
    def pools_all(self) -> bool:
        """Whether it is global average pooling."""
        averages = isinstance(self.layer, AvgPool2d | AdaptiveAvgPool2d)
        return averages and bool(product(self.output_shape[1:]) == 1)


@dataclass(frozen=True)
class PlacedPool2d(PlacedWindow, _PlacedPooling):
    """A pooling layer on an image."""

    @cached_property
    def output_shape(self) -> Shape:
        """Sizes of the output: as many channels as the input's."""
        return Shape([self.input_shape[0], *(axis.output_size for axis in self.axes)])

    @cached_property
    def connections(self) -> Quantity:
        """Input-output pairs that touch."""
        touching = (
            axis.touching if axis.lost else axis.output_size * axis.kernel_size
            for axis in self.axes
        )
        return count(product([self.input_shape[0], *touching]), "connection")


# -- adaptive


@dataclass(frozen=True, repr=False)
class AdaptiveAvgPool2d(CheckedLayer):
    """The mean of windows that are as large as it takes to make an output of a given size.

    Output `i` of `n` reads the inputs from `⌊i H / n⌋` to `⌈(i + 1) H / n⌉`, the last not among
    them. With `output_size=1` it is global average pooling.

    Args:
        output_size: Height and width of the output, or one number for both.
    """

    output_size: Pair

    ranks: ClassVar = (3,)

    def on(self, *input_shape: int | Quantity) -> PlacedAdaptiveAvgPool2d:
        """Put the layer on an image of shape (channels, height, width)."""
        return PlacedAdaptiveAvgPool2d(self, self.check_input(input_shape))


@dataclass(frozen=True)
class PlacedAdaptiveAvgPool2d(_PlacedPooling):
    """An `AdaptiveAvgPool2d` layer on an image."""

    @cached_property
    def output_shape(self) -> Shape:
        """Sizes of the output: as many channels as the input's."""
        sizes = per_axis("output_size", self.layer.output_size)
        return Shape([self.input_shape[0], *map(named_output, sizes, IMAGE_AXES)])

    @cached_property
    def _windows(self) -> list[list[range]]:
        """The inputs of each window, along each axis."""
        sizes = zip(map(int, self.input_shape[1:]), map(int, self.output_shape[1:]), strict=True)
        return [
            [range(i * size // n, -(-(i + 1) * size // n)) for i in range(n)] for size, n in sizes
        ]

    @cached_property
    def connections(self) -> Quantity:
        """Input-output pairs that touch."""
        along = (
            _taps(windows).named(f"connections along the {axis}", symbol=f"T_{axis[0]}")
            for axis, windows in zip(IMAGE_AXES, self._windows, strict=True)
        )
        return count(product([self.input_shape[0], *along]), "connection")

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """The windows; where the sizes do not divide, they differ in size."""
        sizes = zip(IMAGE_AXES, self._windows, self.input_shape[1:], strict=True)
        return ReceptiveField(tuple(_field(axis, windows, size) for axis, windows, size in sizes))


def _taps(windows: list[range]) -> Quantity:
    """Inputs of all windows, those of one size together."""
    return total(length * Quantity(times) for length, times in Counter(map(len, windows)).items())


def _field(axis: str, windows: list[range], size: Quantity) -> Field:
    stride = (size / len(windows)).named(f"stride {axis}", symbol=f"s_{axis[0]}")
    widest = Quantity(max(map(len, windows)), symbol=f"k_{axis[0]}", name=f"window {axis}")
    if stride.value == stride.value // 1:
        return Field(axis, widest, stride, Quantity(0))
    return of_pattern(axis, stride, windows)
