"""Cross-correlation on arrays: by definition and by im2col; as a matrix, see `matrix.py`.

A convolutional layer computes a cross-correlation: the kernel is not flipped. Arrays are
`(channels, height, width)` or `(n, channels, height, width)`; weights are
`(out_channels, in_channels // groups, kernel_height, kernel_width)`. Integers stay exact: where a
sum might need more than 64 bits, the result is an object array of Python's integers.

    >>> image = np.array([[[10, 10, 0, 0]]])
    >>> edge = np.array([[[[1, -1]]]])
    >>> cross_correlate2d(image, edge)
    array([[[ 0, 10,  0]]])
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.core.arguments import Padding, PaddingMode, Pair, whole
from mkdocs_cnn.core.exact import Array, integer_type, is_integer, largest, numbers
from mkdocs_cnn.core.layers import Conv2d, PlacedConv

_NUMPY_PAD: dict[str, Any] = {
    "zeros": "constant",
    "circular": "wrap",
    "reflect": "reflect",
    "edge": "edge",
}


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
    images, filters, offsets = _arrays(x, weight, bias)
    placed = placed_filters(
        filters, images.shape[1:], stride, padding, dilation, groups, padding_mode
    )
    columns = unfold(images, placed)  # n, groups, taps of one filter, positions
    rows = filters.reshape(groups, filters.shape[0] // groups, -1)
    result = (rows @ columns).reshape(images.shape[0], *map(int, placed.output_shape))
    result = result + offsets[:, None, None]
    return result if np.ndim(x) == images.ndim else result[0]


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
    images, filters, offsets = _arrays(x, weight, bias)
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


# -- the parts, which the matrix is made of too


def as_filters(weight: ArrayLike) -> Array:
    """What was given as an array of filters.

    Args:
        weight: `(out_channels, in_channels // groups, kernel_height, kernel_width)`.

    Raises:
        ValueError: If it has not four axes.
        TypeError: If it does not hold numbers.
    """
    filters = numbers("weight", weight)
    if filters.ndim != 4:
        raise ValueError(
            "weight must be (out_channels, in_channels // groups, kernel_height, kernel_width), "
            f"not {filters.ndim} axes: {filters.shape}"
        )
    return filters


def placed_filters(
    filters: Array,
    input_shape: tuple[int, ...],
    stride: Pair,
    padding: Padding,
    dilation: Pair,
    groups: int,
    padding_mode: PaddingMode,
) -> PlacedConv:
    """The layer that these filters belong to, on an input of `(in_channels, height, width)`.

    Raises:
        ValueError: If the shapes do not fit each other.
        TypeError: If a size is not an integer.
    """
    layer = Conv2d(
        filters.shape[1] * int(whole("groups", groups, at_least=1)),
        filters.shape[0],
        kernel_size=(filters.shape[2], filters.shape[3]),
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
        padding_mode=padding_mode,
    )
    return layer.on(*input_shape)


def unfold(images: Array, placed: PlacedConv) -> Array:
    """Every window as a column (im2col).

    Args:
        images: `(n, in_channels, height, width)`.
        placed: The layer whose windows they are, a `Conv2d`.

    Returns:
        `(n, groups, taps of one filter, positions)`; zeros stand where padding zeros are.
    """
    down, across = placed.axes
    sides = [(int(before), int(after)) for before, after in (down.padding, across.padding)]
    padded = np.pad(images, [(0, 0), (0, 0), *sides], _NUMPY_PAD[placed.layer.padding_mode])
    windows = np.lib.stride_tricks.sliding_window_view(
        padded, (int(down.extent), int(across.extent)), axis=(2, 3)
    )
    windows = windows[
        :,
        :,
        :: int(down.stride),
        :: int(across.stride),
        :: int(down.dilation),
        :: int(across.dilation),
    ]
    n, channels, height, width, *kernel = windows.shape
    taps_first = windows.transpose(0, 1, 4, 5, 2, 3)
    groups = int(placed.layer.groups)
    taps = channels // groups * kernel[0] * kernel[1]
    return taps_first.reshape(n, groups, taps, height * width)


def _arrays(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None) -> tuple[Array, Array, Array]:
    images, filters = numbers("x", x), as_filters(weight)
    if images.ndim not in (3, 4):
        raise ValueError(
            f"x must be (channels, height, width) or (n, channels, height, width), "
            f"not {images.ndim} axes: {images.shape}"
        )
    no_bias = np.zeros(filters.shape[0], np.result_type(images, filters))
    offsets = no_bias if bias is None else numbers("bias", bias)
    if offsets.shape != filters.shape[:1]:
        raise ValueError(
            f"bias must have one value for each of the {filters.shape[0]} output channels, "
            f"not shape {offsets.shape}"
        )
    images, filters, offsets = _wide(images, filters, offsets)
    return images if images.ndim == 4 else images[None], filters, offsets


def _wide(images: Array, filters: Array, offsets: Array) -> tuple[Array, Array, Array]:
    """The same numbers in types whose sums of products are exact if the numbers are."""
    dtype = np.result_type(images, filters, offsets)
    if is_integer(images) and is_integer(filters):
        exact = is_integer(offsets)
        products = largest(images) * largest(filters) * math.prod(filters.shape[1:])
        sums = integer_type(products + (largest(offsets) if exact else 0))
        # With biases that are not exact the answer is not either: theirs is the type of wide sums.
        dtype = sums if exact or sums == np.int64 else dtype
        offsets = offsets.astype(dtype) if exact else offsets
        return images.astype(dtype), filters.astype(dtype), offsets
    # Python's numbers and NumPy's do not mix: a product of the two may be as narrow as int8.
    if dtype.kind == "O":
        return images.astype(object), filters.astype(object), offsets.astype(object)
    return images, filters, offsets
