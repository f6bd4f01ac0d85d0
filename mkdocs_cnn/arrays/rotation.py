"""Beyond shifts: quarter turns, which an ordinary kernel does not follow and a lifting one does.

A lifting convolution (Cohen and Welling 2016) lays each kernel on the image in all four quarter
turns. If the image turns, each of the four maps turns along, and takes the place of the next:

    >>> image, edge = np.arange(9).reshape(1, 3, 3), np.array([[[[1, 0, -1]] * 3]])
    >>> lifted = lift(image, edge)
    >>> lifted.shape
    (1, 4, 3, 3)
    >>> np.array_equal(lift(rotate(image), edge), turn(lifted))
    True
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.equivariance import Break, Function, both_ways
from mkdocs_cnn.arrays.exact import Array, numbers
from mkdocs_cnn.arrays.windows import as_filters
from mkdocs_cnn.layers.arguments import PaddingMode


def rotate(x: ArrayLike, quarter_turns: int = 1) -> Array:
    """The image turned to the left by quarter turns, about its middle.

    Args:
        x: `(…, height, width)`.
        quarter_turns: Negative ones turn to the right.

    Returns:
        `(…, width, height)` after an odd number of turns, else `(…, height, width)`.
    """
    return np.rot90(numbers("x", x), quarter_turns, axes=(-2, -1))


def lift(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    padding_mode: PaddingMode = "zeros",
) -> Array:
    """Cross-correlate images with filters in all four quarter turns, padded to keep the size.

    Whatever stands in the padding, it is the same for every turn, so the border does no harm here.

    Args:
        x: `(in_channels, height, width)`, or the same with a batch axis in front.
        weight: `(out_channels, in_channels, size, size)`; the size is odd, that the kernel may turn
            about a pixel.
        bias: `(out_channels,)`, or None; the same for all turns.
        padding_mode: "zeros", "circular", "reflect" or "edge".

    Returns:
        `(out_channels, 4, height, width)`, with the batch axis if there was one. The orientation
        axis counts quarter turns of the kernel to the left.

    Raises:
        ValueError: If the kernels are not square and odd, or as `cross_correlate2d` does.
        TypeError: If an array holds what is no number.
    """
    filters = as_filters(weight)
    height, width = filters.shape[2:]
    if height != width or height % 2 == 0:
        raise ValueError(f"kernels must be square and odd to be turned, not {height} × {width}")
    turned = np.stack([rotate(filters, turns) for turns in range(4)], axis=1)
    kernels = turned.reshape(-1, *filters.shape[1:])
    offsets = None if bias is None else np.repeat(numbers("bias", bias), 4)
    maps = cross_correlate2d(x, kernels, offsets, padding="same", padding_mode=padding_mode)
    return maps.reshape(*maps.shape[:-3], -1, 4, *maps.shape[-2:])


def turn(lifted: ArrayLike, quarter_turns: int = 1) -> Array:
    """What `lift` gives of the image turned to the left, from what it gives of the image.

    Of `(…, 4, height, width)` each map turns, and the orientations shift on their ring.
    """
    return np.roll(rotate(lifted, quarter_turns), quarter_turns, axis=-3)


def turned_commutator(
    f: Function, x: ArrayLike, quarter_turns: int = 1, *, last: Function | None = None
) -> Break:
    """What f(rotate(x)) and rotate(f(x)) have between them.

    The image `x` is `(channels, height, width)` and turns to the left. `last` says how the output
    is turned: by `rotate` unless it is given; that of `lift` needs `turn`.
    """
    turned = partial(rotate, quarter_turns=quarter_turns)
    return both_ways(f, x, turned, turned if last is None else last)
