"""Windows on arrays: filters and their layer, padding, and each window as a column and back."""

from __future__ import annotations

import math
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.exact import Array, numbers
from mkdocs_cnn.layers import Conv1d, Conv2d, PlacedConv
from mkdocs_cnn.layers.arguments import Padding, PaddingMode, Pair, whole
from mkdocs_cnn.layers.axis import Axis, PlacedWindow, input_index

_NUMPY_PAD: dict[str, Any] = {"circular": "wrap", "reflect": "reflect", "edge": "edge"}
_KERNEL_SIZES = {1: "kernel_length", 2: "kernel_height, kernel_width"}


class Window(TypedDict, total=False):
    """How a kernel moves over its input: arguments of the layer with their defaults."""

    stride: Pair  # steps of the window, per axis or one number for all
    padding: Padding  # a number, one per axis, one per side, "same" or "valid"
    dilation: Pair  # distance between taps, per axis or one number for all
    groups: int  # parts into which the channels are divided
    padding_mode: PaddingMode


def as_filters(weight: ArrayLike, *, axes: int = 2) -> Array:
    """Filters as an array `(out_channels, in_channels // groups, …)`.

    Raises:
        ValueError: If there are too few or too many axes.
        TypeError: If it does not hold numbers.
    """
    filters = numbers("weight", weight)
    if filters.ndim != axes + 2:
        raise ValueError(
            f"weight must be (out_channels, in_channels // groups, {_KERNEL_SIZES[axes]}), "
            f"not {filters.ndim} axes: {filters.shape}"
        )
    return filters


def placed_filters(
    filters: Array, input_shape: tuple[int, ...], **window: Unpack[Window]
) -> PlacedConv:
    """The layer that these filters belong to, on an input of `(in_channels, …)`.

    Raises:
        ValueError: If the shapes do not fit each other.
        TypeError: If a size is not an integer.
    """
    kind = Conv1d if filters.ndim == 3 else Conv2d
    out_channels, depth, *kernel_size = filters.shape
    in_channels = depth * int(whole("groups", window.get("groups", 1)))
    return kind(in_channels, out_channels, tuple(kernel_size), **window).on(*input_shape)


def pad(images: Array, axes: tuple[Axis, ...], fill: Any = 0) -> Array:
    """Images `(n, channels, …)` with what stands in their padding, in mode "zeros" the `fill`.

    Among Python's integers that is one of them: NumPy's would make sums as narrow as 64 bits.
    """
    sides = [(0, 0), (0, 0), *(tuple(map(int, axis.padding)) for axis in axes)]
    if not np.any(sides):
        return images
    if axes[0].mode == "zeros":
        return np.pad(images, sides, constant_values=np.array(fill, images.dtype))
    return np.pad(images, sides, _NUMPY_PAD[axes[0].mode])


def unfold(images: Array, placed: PlacedWindow) -> Array:
    """Every window of a layer with groups as a column (im2col).

    Of images `(n, in_channels, …)` it makes `(n, groups, taps of one filter, positions)`; zeros
    stand where padding zeros are.
    """
    axes, groups = placed.axes, int(placed.layer.groups)
    ahead, along = len(axes) + 2, range(2, len(axes) + 2)
    windows = np.lib.stride_tricks.sliding_window_view(
        pad(images, axes), [int(axis.extent) for axis in axes], axis=tuple(along)
    )
    steps = [int(axis.stride) for axis in axes] + [int(axis.dilation) for axis in axes]
    windows = windows[:, :, *(slice(None, None, step) for step in steps)]
    positions = math.prod(windows.shape[2:ahead])
    taps = math.prod(windows.shape[ahead:]) * images.shape[1] // groups
    taps_first = windows.transpose(0, 1, *range(ahead, windows.ndim), *along)
    return taps_first.reshape(images.shape[0], groups, taps, positions)


def scatter(outputs: Array, filters: Array, placed: PlacedConv) -> Array:
    """The transpose of a layer's matrix, times what stands where its outputs do.

    Of `(n, out_channels, …)`, of the sizes of the layer's output or less, it makes
    `(n, in_channels, …)`, of the sizes of its input.
    """
    groups, (n, channels, *positions) = int(placed.layer.groups), outputs.shape
    by_group = outputs.reshape(n, groups, channels // groups, math.prod(positions))
    rows = filters.reshape(groups, channels // groups, -1)
    columns = rows.swapaxes(1, 2) @ by_group
    kernel = filters.shape[2:]
    return fold(columns.reshape(n, filters.shape[1] * groups, *kernel, *positions), placed)


def fold(columns: Array, placed: PlacedConv) -> Array:
    """Add up, at each input, the values in the columns that `unfold` fills from it: its transpose.

    Of `(n, in_channels, taps along each axis, positions along each axis)` it makes
    `(n, in_channels, …)`; what falls on padding zeros is lost.
    """
    axes, count = placed.axes, len(placed.axes)
    kernel, positions = columns.shape[2 : 2 + count], columns.shape[2 + count :]
    sizes = (int(axis.size) + sum(map(int, axis.padding)) for axis in axes)
    sums = np.zeros((*columns.shape[:2], *sizes), columns.dtype)
    for tap in np.ndindex(*kernel):
        sums[:, :, *map(tap_slice, axes, tap, positions)] += columns[:, :, *tap]
    for along, axis in enumerate(axes, start=2):
        sums = _without_padding(sums, axis, along)
    return sums


def tap_slice(axis: Axis, tap: int, windows: int) -> slice:
    """Where one tap of each of so many windows falls on the padded axis."""
    first, step = tap * int(axis.dilation), int(axis.stride)
    return slice(first, first + (windows - 1) * step + 1, step)


def _without_padding(sums: Array, axis: Axis, along: int) -> Array:
    """The sums without padding, each of whose lines is added to the input that it copies."""
    before, size = int(axis.padding[0]), int(axis.size)
    lines = np.moveaxis(sums, along, 0)
    inside = lines[before : before + size]
    for at in (*range(before), *range(before + size, len(lines))):
        copied = input_index(at - before, size, axis.mode)
        if copied is not None:
            inside[copied] += lines[at]
    return np.moveaxis(inside, 0, along)
