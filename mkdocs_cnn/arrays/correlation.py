"""Cross-correlation and convolution on arrays, by definition and by im2col.

A convolutional layer computes a cross-correlation: the kernel is not flipped. Mathematics'
convolution turns it by half a turn first, and here bears that name. Arrays are
`(channels, height, width)` or `(n, channels, height, width)`; weights are
`(out_channels, in_channels // groups, kernel_height, kernel_width)`; sequences have a length in
place of height and width. Integers stay exact: where a sum might need more than 64 bits, the
result is an object array of Python's integers.

    >>> image = np.array([[[10, 10, 0, 0]]])
    >>> edge = np.array([[[[1, -1]]]])
    >>> cross_correlate2d(image, edge)
    array([[[ 0, 10,  0]]])
    >>> convolve2d(image, edge)
    array([[[  0, -10,   0]]])

Two more routes to the same numbers are in `matrix.py` and `fourier.py`.
"""

from __future__ import annotations

import math
from typing import Any, TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.exact import Array, numbers
from mkdocs_cnn.arrays.operands import as_batch, as_offsets, wide
from mkdocs_cnn.layers import Conv1d, Conv2d, PlacedConv
from mkdocs_cnn.layers.arguments import Padding, PaddingMode, Pair, whole
from mkdocs_cnn.layers.axis import Axis

_NUMPY_PAD: dict[str, Any] = {"circular": "wrap", "reflect": "reflect", "edge": "edge"}


class Window(TypedDict, total=False):
    """How a kernel moves over its input: the keyword arguments of `cross_correlate2d`."""

    stride: Pair
    padding: Padding
    dilation: Pair
    groups: int
    padding_mode: PaddingMode


def cross_correlate2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> Array:
    """Cross-correlate images with filters, by im2col: unfold the windows, then one matrix product.

    Args:
        x: `(in_channels, height, width)`, or the same with a batch axis in front.
        weight: `(out_channels, in_channels // groups, kernel_height, kernel_width)`.
        bias: `(out_channels,)`, or None.
        stride: Steps of the window, per axis or one number for both.
        padding: A number, one per axis, one per side, "same" or "valid".
        dilation: Distance between taps, per axis or one number for both.
        groups: Parts into which the channels are divided.
        padding_mode: "zeros", "circular", "reflect" or "edge".

    Returns:
        `(out_channels, output_height, output_width)`, with the batch axis if there was one.

    Raises:
        ValueError: If the shapes do not fit each other, as `Conv2d(…).on(…)` would.
        TypeError: If a size is not an integer, or an array holds what is no number.
    """
    images, filters, offsets = operands(x, weight, bias)
    placed = placed_filters(
        filters, images.shape[1:], stride, padding, dilation, groups, padding_mode
    )
    result = _by_im2col(images, filters, placed)
    # Adding zeros would be another pass over the output, which can take as long as the product.
    result = result if bias is None else result + offsets[:, None, None]
    return result if np.ndim(x) == images.ndim else result[0]


def cross_correlate1d(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, **window: Unpack[Window]
) -> Array:
    """Cross-correlate sequences with filters: `cross_correlate2d` with one axis, the length.

    Args:
        x: `(in_channels, length)`, or the same with a batch axis in front.
        weight: `(out_channels, in_channels // groups, kernel_length)`.
        bias: `(out_channels,)`, or None.
        **window: As in `cross_correlate2d`; padding may be `((start, end),)`.

    Returns:
        `(out_channels, output_length)`, with the batch axis if there was one.

    Raises:
        ValueError: If the shapes do not fit each other, as `Conv1d(…).on(…)` would.
        TypeError: If a size is not an integer, or an array holds what is no number.
    """
    sequences, filters, offsets = operands(x, weight, bias, axes=1)
    placed = placed_filters(filters, sequences.shape[1:], **window)
    result = _by_im2col(sequences, filters, placed)
    result = result if bias is None else result + offsets[:, None]
    return result if np.ndim(x) == sequences.ndim else result[0]


def convolve2d(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, **window: Unpack[Window]
) -> Array:
    """Convolve images with filters, as mathematics does: each kernel is turned by half a turn.

    Only the kernels are turned. The rest is `cross_correlate2d`, in its arguments, its result and
    its errors: padding "same" puts the odd line at the end here too.
    """
    return cross_correlate2d(x, _turned(as_filters(weight)), bias, **window)


def convolve1d(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, **window: Unpack[Window]
) -> Array:
    """Convolve sequences with filters: `cross_correlate1d` with each kernel back to front."""
    return cross_correlate1d(x, _turned(as_filters(weight, axes=1)), bias, **window)


def cross_correlate2d_by_definition(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> Array:
    """The same as `cross_correlate2d`, as its definition says it: one loop for each sum and index.

    Slow, and meant to be read: every other route is checked against this one.
    """
    images, filters, offsets = operands(x, weight, bias)
    placed = placed_filters(
        filters, images.shape[1:], stride, padding, dilation, groups, padding_mode
    )
    down, across = placed.axes
    depth, per_group = filters.shape[1], filters.shape[0] // groups
    shape = (images.shape[0], *map(int, placed.output_shape))
    result = np.zeros(shape, np.result_type(images, filters, offsets))
    for n, out_channel, row, column in np.ndindex(shape):
        value = offsets[out_channel]
        first_channel = out_channel // per_group * depth
        for channel in range(depth):
            for tap_down, y in down.taps(row):
                for tap_across, x_ in across.taps(column):
                    pixel = images[n, first_channel + channel, y, x_]
                    value = value + filters[out_channel, channel, tap_down, tap_across] * pixel
        result[n, out_channel, row, column] = value
    return result if np.ndim(x) == images.ndim else result[0]


# -- the parts, which the other routes are made of too

_KERNEL_SIZES = {1: "kernel_length", 2: "kernel_height, kernel_width"}


def operands(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None, *, axes: int = 2
) -> tuple[Array, Array, Array]:
    """Input with a batch axis, filters and biases, in types whose sums of products are exact.

    Args:
        x: `(in_channels, …)` or `(n, in_channels, …)`, with as many sizes as there are axes.
        weight: `(out_channels, in_channels // groups, …)`.
        bias: `(out_channels,)`, or None for zeros.
        axes: 1 for sequences, 2 for images.

    Raises:
        ValueError: If there are too few or too many axes, or biases.
        TypeError: If one of them does not hold numbers.
    """
    images, filters = as_batch(x, axes=axes), as_filters(weight, axes=axes)
    offsets = as_offsets(bias, filters.shape[0], np.result_type(images, filters))
    return wide(images, filters, offsets, math.prod(filters.shape[1:]))


def as_filters(weight: ArrayLike, *, axes: int = 2) -> Array:
    """What was given as an array of filters.

    Args:
        weight: `(out_channels, in_channels // groups, …)`.
        axes: 1 for sequences, 2 for images.

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
    filters: Array,
    input_shape: tuple[int, ...],
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> PlacedConv:
    """The layer that these filters belong to, on an input of `(in_channels, …)`.

    Raises:
        ValueError: If the shapes do not fit each other.
        TypeError: If a size is not an integer.
    """
    layer = (Conv1d if filters.ndim == 3 else Conv2d)(
        filters.shape[1] * int(whole("groups", groups, at_least=1)),
        filters.shape[0],
        kernel_size=filters.shape[2:],
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    return layer.on(*input_shape)


def padded(images: Array, axes: tuple[Axis, ...], fill: Any = 0) -> Array:
    """Images with what stands in their padding.

    Args:
        images: `(n, channels, …)`.
        axes: The axes of the window that is to slide over them.
        fill: What stands in the padding in mode "zeros"; among Python's integers one of them, for
            NumPy's own would make sums of both as narrow as 64 bits.
    """
    sides = [(0, 0), (0, 0), *(tuple(map(int, axis.padding)) for axis in axes)]
    if not np.any(sides):
        return images
    if axes[0].mode == "zeros":
        return np.pad(images, sides, constant_values=np.array(fill, images.dtype))
    return np.pad(images, sides, _NUMPY_PAD[axes[0].mode])


def unfold(images: Array, placed: PlacedConv) -> Array:
    """Every window as a column (im2col).

    Args:
        images: `(n, in_channels, …)`.
        placed: The layer whose windows they are, a `Conv1d` or `Conv2d`.

    Returns:
        `(n, groups, taps of one filter, positions)`; zeros stand where padding zeros are.
    """
    axes, groups = placed.axes, int(placed.layer.groups)
    ahead, along = len(axes) + 2, range(2, len(axes) + 2)
    windows = np.lib.stride_tricks.sliding_window_view(
        padded(images, axes), [int(axis.extent) for axis in axes], axis=tuple(along)
    )
    steps = [int(axis.stride) for axis in axes] + [int(axis.dilation) for axis in axes]
    windows = windows[:, :, *(slice(None, None, step) for step in steps)]
    positions = math.prod(windows.shape[2:ahead])
    taps = math.prod(windows.shape[ahead:]) * images.shape[1] // groups
    taps_first = windows.transpose(0, 1, *range(ahead, windows.ndim), *along)
    return taps_first.reshape(images.shape[0], groups, taps, positions)


def _by_im2col(images: Array, filters: Array, placed: PlacedConv) -> Array:
    columns = unfold(images, placed)
    rows = filters.reshape(columns.shape[1], -1, columns.shape[2])
    return (rows @ columns).reshape(images.shape[0], *map(int, placed.output_shape))


def _turned(filters: Array) -> Array:
    return np.flip(filters, tuple(range(2, filters.ndim)))
