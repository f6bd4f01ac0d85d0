"""Cross-correlation through the frequencies: where images are large and kernels too.

On a ring, the Fourier transform of a cross-correlation is the product of the image's transform and
the kernel's, conjugated. An image with its padding is laid on a ring, and the outputs whose
windows run round it are dropped.

    >>> cross_correlate2d_by_fft([[[10, 10, 0, 0]]], [[[[1, -1]]]]).round(9) + 0
    array([[[ 0., 10.,  0.]]])
"""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.correlation import operands
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.windows import Window, pad, placed_filters, tap_slice
from mkdocs_cnn.layers.axis import Axis


def cross_correlate2d_by_fft(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None = None, **window: Unpack[Window]
) -> Array:
    """The same as `cross_correlate2d` to rounding, by the fast Fourier transform.

    The answer is always in floats, for the frequencies are: float64 for integers, whose last digits
    are rounded like any other's. The rounding is in proportion to the largest values of an image,
    not to each output. All outputs of stride 1 are computed, and those of the stride kept.

    Arguments and errors are those of `cross_correlate2d`.

    Raises:
        TypeError: Besides, if an array holds complex numbers.
    """
    images, filters, offsets = _floats(*operands(x, weight, bias))
    placed = placed_filters(filters, images.shape[1:], **window)
    rings = pad(images, placed.axes)
    full = _on_rings(rings, _spread(filters, placed.axes), int(placed.layer.groups))
    outputs = (tap_slice(axis, 0, int(axis.output_size)) for axis in placed.axes)
    result = full[:, :, *outputs] + offsets[:, None, None]
    return result if np.ndim(x) == images.ndim else result[0]


def _floats(*arrays: Array) -> tuple[Array, ...]:
    """The arrays in the floating-point type that holds them all, float64 for what is none."""
    dtype = np.result_type(*arrays)
    if dtype.kind == "c":
        raise TypeError(f"the fast Fourier transform takes real numbers here, not dtype {dtype}")
    dtype = dtype if dtype.kind == "f" else np.dtype(np.float64)
    return tuple(array.astype(dtype, copy=False) for array in arrays)


def _spread(filters: Array, axes: tuple[Axis, ...]) -> Array:
    """The filters with zeros between their taps, as far apart as the dilation says."""
    spread = np.zeros((*filters.shape[:2], *(int(axis.extent) for axis in axes)), filters.dtype)
    spread[:, :, *(slice(None, None, int(axis.dilation)) for axis in axes)] = filters
    return spread


def _on_rings(rings: Array, filters: Array, groups: int) -> Array:
    """Each channel a ring in both directions: `(n, out_channels, height, width)`."""
    n, channels, *sizes = rings.shape
    images: Any = np.fft.rfft2(rings)
    kernels: Any = np.fft.rfft2(filters, sizes).conj()
    by_group = images.reshape(n, groups, channels // groups, *images.shape[2:])
    rows = kernels.reshape(groups, -1, *kernels.shape[1:])
    sums = np.einsum("ngchw,gochw->ngohw", by_group, rows)
    return np.fft.irfft2(sums.reshape(n, len(filters), *images.shape[2:]), sizes)
