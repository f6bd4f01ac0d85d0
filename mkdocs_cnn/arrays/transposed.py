"""The transposed convolution on arrays: the transpose of a cross-correlation's matrix.

Where a cross-correlation gathers, its transpose scatters: each input lays the filter, times its
value, on the output, and what overlaps is added.

    >>> conv_transpose2d([[[1, 0, 2]]], [[[[1, -1]]]], stride=(1, 2))
    array([[[ 1, -1,  0,  0,  2, -2]]])
"""

from __future__ import annotations

from typing import TypedDict, Unpack

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.exact import Array, as_batch, as_offsets, wide
from mkdocs_cnn.arrays.windows import as_filters, placed_filters, scatter
from mkdocs_cnn.layers import ConvTranspose2d
from mkdocs_cnn.layers.arguments import Pair, whole


class TransposedWindow(TypedDict, total=False):
    """How a filter is laid on the output: arguments of the layer with their defaults."""

    stride: Pair
    padding: Pair
    dilation: Pair
    groups: int


def conv_transpose2d(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    output_padding: Pair = 0,
    **window: Unpack[TransposedWindow],
) -> Array:
    """Apply the transpose of the cross-correlation that leads from the output back to the input.

    Integers stay exact, as in `cross_correlate2d`, whose shapes input and bias have. The weights
    are `(in_channels, out_channels // groups, kernel_height, kernel_width)`. All other arguments
    are those of the layer `ConvTranspose2d`.

    Returns:
        `(out_channels, output_height, output_width)`, with the batch axis if there was one.

    Raises:
        ValueError: If the shapes do not fit each other, as `ConvTranspose2d(…).on(…)` would.
        TypeError: If a size is not an integer, or an array holds what is no number.
    """
    images, filters = as_batch(x), as_filters(weight)
    in_channels, depth, *kernel_size = filters.shape
    channels = in_channels, depth * int(whole("groups", window.get("groups", 1)))
    layer = ConvTranspose2d(*channels, tuple(kernel_size), output_padding=output_padding, **window)
    shape = tuple(map(int, layer.on(*images.shape[1:]).output_shape))
    offsets = as_offsets(bias, shape[0], np.result_type(images, filters))
    terms = filters.size // filters.shape[1]  # more than overlap anywhere
    images, filters, offsets = wide(images, filters, offsets, terms)
    result = scatter(images, filters, placed_filters(filters, shape, **window))
    result = result if bias is None else result + offsets[:, None, None]
    return result if np.ndim(x) == images.ndim else result[0]
