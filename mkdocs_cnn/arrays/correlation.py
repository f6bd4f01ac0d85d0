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
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.exact import Array, as_batch, as_offsets, wide
from mkdocs_cnn.arrays.windows import Window, as_filters, placed_filters, unfold


def cross_correlate2d(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, **window: Unpack[Window]
) -> Array:
    """Cross-correlate images with filters, by im2col: unfold the windows, then one matrix product.

    Args:
        x: `(in_channels, height, width)`, or the same with a batch axis in front.
        weight: `(out_channels, in_channels // groups, kernel_height, kernel_width)`.
        bias: `(out_channels,)`, or None.
        **window: How the kernel moves: stride, padding, dilation, groups and padding mode.

    Returns:
        `(out_channels, output_height, output_width)`, with the batch axis if there was one.

    Raises:
        ValueError: If the shapes do not fit each other, as `Conv2d(…).on(…)` would.
        TypeError: If a size is not an integer, or an array holds what is no number.
    """
    return _by_im2col(x, weight, bias, 2, window)


def cross_correlate1d(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, **window: Unpack[Window]
) -> Array:
    """`cross_correlate2d` for sequences, of one axis; padding may be `((start, end),)`."""
    return _by_im2col(x, weight, bias, 1, window)


def convolve2d(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, **window: Unpack[Window]
) -> Array:
    """Convolve images with filters, as mathematics does: each kernel is turned by half a turn.

    The rest is `cross_correlate2d`: padding "same" puts the odd line at the end here too.
    """
    return cross_correlate2d(x, _turned(as_filters(weight)), bias, **window)


def convolve1d(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, **window: Unpack[Window]
) -> Array:
    """`cross_correlate1d` with each kernel back to front."""
    return cross_correlate1d(x, _turned(as_filters(weight, axes=1)), bias, **window)


def cross_correlate2d_by_definition(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, **window: Unpack[Window]
) -> Array:
    """The same as `cross_correlate2d`, as its definition says it: one loop for each sum and index.

    Slow, and meant to be read: every other route is checked against this one.
    """
    images, filters, offsets = operands(x, weight, bias)
    placed = placed_filters(filters, images.shape[1:], **window)
    down, across = placed.axes
    depth, per_group = filters.shape[1], filters.shape[0] // int(placed.layer.groups)
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


# -- the parts


def operands(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None, *, axes: int = 2
) -> tuple[Array, Array, Array]:
    """Input with a batch axis, filters and biases, in types whose sums of products are exact.

    They are checked as `as_batch`, `as_filters` and `as_offsets` do, and raise as those.
    """
    images, filters = as_batch(x, axes=axes), as_filters(weight, axes=axes)
    offsets = as_offsets(bias, filters.shape[0], np.result_type(images, filters))
    return wide(images, filters, offsets, math.prod(filters.shape[1:]))


def _by_im2col(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None, axes: int, window: Window
) -> Array:
    images, filters, offsets = operands(x, weight, bias, axes=axes)
    placed = placed_filters(filters, images.shape[1:], **window)
    columns = unfold(images, placed)
    rows = filters.reshape(columns.shape[1], -1, columns.shape[2])
    result = (rows @ columns).reshape(len(images), *map(int, placed.output_shape))
    if bias is not None:  # zeros would be another pass, which can take as long as the product
        result = result + offsets.reshape(-1, *[1] * axes)
    return result if np.ndim(x) == images.ndim else result[0]


def _turned(filters: Array) -> Array:
    return np.flip(filters, tuple(range(2, filters.ndim)))
