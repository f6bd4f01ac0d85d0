"""The transposed convolution on arrays: the transpose of a cross-correlation's matrix.

Where a cross-correlation gathers, its transpose scatters: each input lays the filter, times its
value, on the output, and what overlaps is added.

    >>> conv_transpose2d([[[1, 0, 2]]], [[[[1, -1]]]], stride=(1, 2))
    array([[[ 1, -1,  0,  0,  2, -2]]])
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.exact import Array, as_batch, as_offsets, wide
from mkdocs_cnn.arrays.windows import Window, as_filters, placed_filters, scattered
from mkdocs_cnn.layers import ConvTranspose2d
from mkdocs_cnn.layers.arguments import Pair, whole


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
    layer = ConvTranspose2d(
        filters.shape[0],
        filters.shape[1] * int(whole("groups", groups)),
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
    window: Window = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    result = scattered(images, filters, placed_filters(filters, shape, **window))
    result = result if bias is None else result + offsets[:, None, None]
    return result if np.ndim(x) == images.ndim else result[0]
