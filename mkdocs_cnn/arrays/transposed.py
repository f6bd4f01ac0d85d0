"""The transposed convolution on arrays: the transpose of a cross-correlation's matrix.

Where a cross-correlation gathers, its transpose scatters: each input lays the filter, times its
value, on the output, and what overlaps is added.

    >>> conv_transpose2d([[[1, 0, 2]]], [[[[1, -1]]]], stride=(1, 2))
    array([[[ 1, -1,  0,  0,  2, -2]]])
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.correlation import as_filters, placed_filters
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.operands import as_batch, as_offsets, wide
from mkdocs_cnn.layers import ConvTranspose2d, PlacedConv
from mkdocs_cnn.layers.arguments import Pair, whole
from mkdocs_cnn.layers.axis import Axis, input_index


def conv_transpose2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    output_padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> Array:
    """Apply the transpose of the cross-correlation that leads from the output back to the input.

    Integers stay exact, as in `cross_correlate2d`.

    Args:
        x: `(in_channels, height, width)`, or the same with a batch axis in front.
        weight: `(in_channels, out_channels // groups, kernel_height, kernel_width)`.
        bias: `(out_channels,)`, or None.
        stride: Outputs from one input's filter to the next one's.
        padding: Rows and columns that are cut off the output, on both sides.
        output_padding: Rows and columns added at the output's bottom and right; below the stride
            or the dilation.
        dilation: Distance between the filter's taps.
        groups: Parts into which the channels are divided.

    Returns:
        `(out_channels, output_height, output_width)`, with the batch axis if there was one.

    Raises:
        ValueError: If the shapes do not fit each other, as `ConvTranspose2d(…).on(…)` would.
        TypeError: If a size is not an integer, or an array holds what is no number.
    """
    images, filters = as_batch(x), as_filters(weight)
    layer = ConvTranspose2d(
        filters.shape[0],
        filters.shape[1] * int(whole("groups", groups, at_least=1)),
        filters.shape[2:],
        stride=stride,
        padding=padding,
        output_padding=output_padding,
        dilation=dilation,
        groups=groups,
    )
    shape = tuple(map(int, layer.on(*images.shape[1:]).output_shape))
    offsets = as_offsets(bias, shape[0], np.result_type(images, filters))
    terms = filters.size // filters.shape[1]  # more than overlap anywhere
    images, filters, offsets = wide(images, filters, offsets, terms)
    back = placed_filters(filters, shape, stride, padding, dilation, groups)
    result = scattered(images, filters, back)
    result = result if bias is None else result + offsets[:, None, None]
    return result if np.ndim(x) == images.ndim else result[0]


# -- the parts, which gradients are made of too


def scattered(outputs: Array, filters: Array, placed: PlacedConv) -> Array:
    """The transpose of a layer's matrix, times what stands where its outputs do.

    Args:
        outputs: `(n, out_channels, …)`, of the sizes of the layer's output or less.
        filters: `(out_channels, in_channels // groups, …)`.
        placed: The layer, a `Conv1d` or `Conv2d` on its input.

    Returns:
        `(n, in_channels, …)`, of the sizes of the layer's input.
    """
    groups, (n, channels, *positions) = int(placed.layer.groups), outputs.shape
    by_group = outputs.reshape(n, groups, channels // groups, math.prod(positions))
    rows = filters.reshape(groups, channels // groups, -1)
    columns = rows.swapaxes(1, 2) @ by_group
    kernel = filters.shape[2:]
    return fold(columns.reshape(n, filters.shape[1] * groups, *kernel, *positions), placed)


def fold(columns: Array, placed: PlacedConv) -> Array:
    """Add up, at each input, the values in the columns that `unfold` fills from it: its transpose.

    Args:
        columns: `(n, in_channels, taps along each axis, positions along each axis)`.
        placed: The layer whose windows they are, a `Conv1d` or `Conv2d`.

    Returns:
        `(n, in_channels, …)`; what falls on padding zeros is lost.
    """
    axes, count = placed.axes, len(placed.axes)
    kernel, positions = columns.shape[2 : 2 + count], columns.shape[2 + count :]
    sizes = (int(axis.size) + sum(map(int, axis.padding)) for axis in axes)
    sums = np.zeros((*columns.shape[:2], *sizes), columns.dtype)
    for tap in np.ndindex(*kernel):
        under = (
            _under(axis, at, windows)
            for axis, at, windows in zip(axes, tap, positions, strict=True)
        )
        sums[:, :, *under] += columns[:, :, *tap]
    for along, axis in enumerate(axes, start=2):
        sums = _given_back(sums, axis, along)
    return sums


def _under(axis: Axis, tap: int, windows: int) -> slice:
    """Where one tap of each window falls on the padded axis."""
    first, step = tap * int(axis.dilation), int(axis.stride)
    return slice(first, first + (windows - 1) * step + 1, step)


def _given_back(sums: Array, axis: Axis, along: int) -> Array:
    """The sums without padding, each of whose lines is added to the input that it copies."""
    before, size = int(axis.padding[0]), int(axis.size)
    lines = np.moveaxis(sums, along, 0)
    inside = lines[before : before + size]
    for at in (*range(before), *range(before + size, len(lines))):
        copied = input_index(at - before, size, axis.mode)
        if copied is not None:
            inside[copied] += lines[at]
    return np.moveaxis(inside, 0, along)
