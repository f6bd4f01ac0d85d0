"""Pooling on arrays: the largest value or the mean of each window, channel by channel.

Arrays are `(channels, height, width)` or `(n, channels, height, width)`. The largest of integers is
an integer. A mean of NumPy's integers is a float64; one of Python's numbers (dtype object) is a
`Fraction` and exact.

    >>> image = np.array([[[1, 2, 5, 0], [3, 4, 1, 2]]])
    >>> max_pool2d(image, 2)
    array([[[4, 5]]])
    >>> avg_pool2d(image, 2)
    array([[[2.5, 2. ]]])
    >>> avg_pool2d(image.astype(object), 2)[0, 0, 0]
    Fraction(5, 2)
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.exact import Array, as_batch, exact_sum, is_integer, type_of_sums
from mkdocs_cnn.arrays.windows import pad, tap_slice
from mkdocs_cnn.layers import Identity
from mkdocs_cnn.layers.arguments import Padding, PaddingMode, Pair, flag, whole
from mkdocs_cnn.layers.arguments import padding_mode as checked_mode
from mkdocs_cnn.layers.axis import Axis, window_axes


def max_pool2d(
    x: ArrayLike,
    kernel_size: Pair,
    *,
    stride: Pair | None = None,
    padding: Padding = 0,
    dilation: Pair = 1,
    ceil_mode: bool = False,
    padding_mode: PaddingMode = "zeros",
) -> Array:
    """The largest value of each window; a NaN among them wins.

    Args:
        x: `(channels, height, width)`, or the same with a batch axis in front.
        kernel_size: Height and width of the window, or one number for both.
        stride: Steps of the window; None for those of its own size.
        padding: A number, one per axis, one per side, "same" or "valid".
        dilation: Distance between the window's taps.
        ceil_mode: Whether a last window may hang over the end.
        padding_mode: "zeros" for padding that never wins, of at most half the kernel; in
            "circular", "reflect" and "edge" it holds values of the image, which may win.

    Raises:
        ValueError: If the window does not fit, or one of them reads no input.
        TypeError: If a size is not an integer, or the numbers have no order.
    """
    images = as_batch(x)
    axes = _axes(images, kernel_size, stride, padding, dilation, ceil_mode, padding_mode)
    least = _least(images.dtype)
    nothing = np.full(_shape(images, axes), least, images.dtype)
    result = reduce(np.maximum, _taps(images, axes, least), nothing)
    return result if np.ndim(x) == images.ndim else result[0]


def avg_pool2d(
    x: ArrayLike,
    kernel_size: Pair,
    *,
    stride: Pair | None = None,
    padding: Padding = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    padding_mode: PaddingMode = "zeros",
) -> Array:
    """The mean of each window. What hangs over the end in `ceil_mode` never counts.

    Arguments are those of `max_pool2d` without `dilation`. `count_include_pad` says whether padding
    zeros count in the mean; padding that holds values of the image always does.

    Raises:
        ValueError: If the window does not fit, or `count_include_pad` is False and the padding
            holds values.
        TypeError: If a size is not an integer.
    """
    images = as_batch(x)
    axes = _axes(images, kernel_size, stride, padding, 1, ceil_mode, padding_mode)
    flag("count_include_pad", count_include_pad)
    if not count_include_pad and padding_mode != "zeros":
        raise ValueError(
            f"count_include_pad=False needs padding_mode 'zeros', not {padding_mode!r}: "
            "other padding holds values"
        )
    along = (_counted(axis, padding=count_include_pad) for axis in axes)
    taps = math.prod(int(axis.kernel_size) for axis in axes)
    nothing = np.zeros(_shape(images, axes), type_of_sums(images, taps))
    sums = reduce(np.add, _taps(images, axes, 0), nothing)
    result = _mean(images.dtype, sums, np.multiply.outer(*along))
    return result if np.ndim(x) == images.ndim else result[0]


def global_avg_pool2d(x: ArrayLike) -> Array:
    """The mean of each channel: `(channels, 1, 1)`, with the batch axis if there was one.

    Raises:
        ValueError: If there are too few or too many axes, or one of them is empty.
        TypeError: If the array does not hold numbers.
    """
    images = as_batch(x)
    pixels = np.array(math.prod(map(int, _sizes(images))))
    result = _mean(images.dtype, exact_sum(images, (2, 3)), pixels)
    return result.reshape(*np.shape(x)[:-2], 1, 1)


def blur_pool2d(
    x: ArrayLike,
    *,
    stride: Pair = 2,
    kernel: Sequence[int] = (1, 2, 1),
    padding_mode: PaddingMode = "reflect",
) -> Array:
    """A weighted mean of each window, in steps: subsampling after a low-pass filter (Zhang 2019).

    Padding makes an output of `⌈size / stride⌉`; of an even kernel the odd line goes to the end.

    Args:
        x: As in `max_pool2d`.
        stride: Steps of the window, per axis or one number for both.
        kernel: The weights along either axis, whole numbers, of which each is divided by their sum.
        padding_mode: "zeros", "circular", "reflect" (as in the paper's code) or "edge".

    Raises:
        ValueError: If the image is too small for the padding, or the kernel's sum is 0.
        TypeError: If a size or weight is not an integer.
    """
    images = as_batch(x)
    taps = [int(whole("kernel weight", weight, at_least=0)) for weight in kernel]
    if not sum(taps):
        raise ValueError(f"kernel must have a sum above 0, not {tuple(kernel)}")
    before = (len(taps) - 1) // 2
    sides = ((before, len(taps) - 1 - before),) * 2
    channels = images.shape[1]
    dtype = np.dtype(np.int64) if is_integer(images) else images.dtype
    kernels = np.multiply.outer([[taps]] * channels, taps).astype(dtype)
    sums = cross_correlate2d(
        images, kernels, stride=stride, padding=sides, groups=channels, padding_mode=padding_mode
    )
    result = _mean(images.dtype, sums, np.array(sum(taps) ** 2))
    return result if np.ndim(x) == images.ndim else result[0]


# -- windows


def _axes(
    images: Array,
    kernel_size: Pair,
    stride: Pair | None,
    padding: Padding,
    dilation: Pair,
    ceil_mode: bool,
    padding_mode: PaddingMode,
) -> tuple[Axis, ...]:
    flag("ceil_mode", ceil_mode)
    stride = kernel_size if stride is None else stride
    window = kernel_size, stride, padding, dilation, checked_mode(padding_mode), ceil_mode
    axes = window_axes(_sizes(images), *window)
    for axis in axes:
        _check_reads(axis)
    return axes


def _sizes(images: Array) -> tuple[Any, ...]:
    """Height and width, checked."""
    return Identity().on(*images.shape[1:]).input_shape[1:]


def _check_reads(axis: Axis) -> None:
    """Refuse windows that read nothing, and the padding that PyTorch refuses for their sake."""
    if axis.mode != "zeros":
        return
    if 2 * max(axis.padding) > axis.kernel_size:
        raise ValueError(
            f"padding {max(axis.padding)} along the {axis.name} exceeds half the kernel size "
            f"{axis.kernel_size}"
        )
    if axis.dilation > 1 and not all(axis.reads()):
        raise ValueError(
            f"a window reads no input along the {axis.name} (size={axis.size}, "
            f"kernel_size={axis.kernel_size}, padding={axis.padding}, dilation={axis.dilation})"
        )


def _shape(images: Array, axes: tuple[Axis, ...]) -> tuple[int, ...]:
    return (*images.shape[:2], *(int(axis.output_size) for axis in axes))


def _taps(images: Array, axes: tuple[Axis, ...], fill: Any) -> Iterator[Array]:
    """For each tap what it reads in all windows: `(n, channels, output height, output width)`."""
    whole_images, windows = pad(images, axes, fill), _shape(images, axes)[2:]
    # How much of each padded axis it takes to hold all windows.
    ends = (int((axis.output_size - 1) * axis.stride + axis.extent) for axis in axes)
    over = [max(0, end - size) for end, size in zip(ends, whole_images.shape[2:], strict=True)]
    if any(over):
        sides = [(0, 0), (0, 0), *((0, more) for more in over)]
        filling = np.array(fill, whole_images.dtype)
        whole_images = np.pad(whole_images, sides, constant_values=filling)
    for tap in np.ndindex(*(int(axis.kernel_size) for axis in axes)):
        yield whole_images[:, :, *map(tap_slice, axes, tap, windows)]


# -- values


def _least(dtype: np.dtype[Any]) -> Any:
    """What every number of this type beats or equals."""
    if dtype.kind == "c":
        raise TypeError(f"x must hold numbers that have an order, not dtype {dtype}")
    if dtype.kind == "b":
        return False
    return np.iinfo(dtype).min if dtype.kind in "iu" else -math.inf


def _counted(axis: Axis, *, padding: bool) -> Array:
    """How many values of each window count in its mean, along one axis."""
    before, after = map(int, axis.padding)
    low, high = (-before, int(axis.size) + after) if padding else (0, int(axis.size))
    starts = np.arange(int(axis.output_size)) * int(axis.stride) - before
    return np.minimum(starts + int(axis.kernel_size), high) - np.maximum(starts, low)


def _mean(dtype: np.dtype[Any], sums: Array, counted: Array) -> Array:
    """Sums over counts, in floats; in fractions where Python's own numbers were given."""
    if dtype.kind == "O":
        shares = [Fraction(1, int(number)) for number in counted.flat]
        return np.asarray(sums * np.array(shares, object).reshape(counted.shape))
    if dtype.kind in "biu":
        return np.asarray(sums / counted).astype(np.float64)
    return np.asarray(sums / counted.astype(sums.dtype))
