"""Cross-correlation on arrays: by definition, by im2col and as an explicit matrix.

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
from functools import singledispatch
from numbers import Number
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mkdocs_cnn.core.arguments import Padding, PaddingMode, Pair, whole
from mkdocs_cnn.core.layers import (
    Conv2d,
    Placed,
    PlacedConv2d,
    PlacedLinear,
    PlacedLocallyConnected2d,
)
from mkdocs_cnn.quantity import Quantity

Array = NDArray[Any]

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
    placed = _layer(filters, images.shape[1:], stride, padding, dilation, groups, padding_mode)
    columns = _unfold(images, placed)  # n, groups, taps of one filter, positions
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
    placed = _layer(filters, images.shape[1:], stride, padding, dilation, groups, padding_mode)
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


class WeightMatrix(NamedTuple):
    """A layer without its biases as one matrix: `output.ravel() = values @ input.ravel()`.

    Attributes:
        values: `(outputs, inputs)`, the number in each entry.
        identity: `(outputs, inputs)`, which weight stands in each entry, as an index into
            `weight.ravel()`; `NO_WEIGHT` where input and output do not touch, `SEVERAL` where
            padding makes more than one weight fall on the same input.
    """

    values: Array
    identity: Array


NO_WEIGHT, SEVERAL = -1, -2


def as_matrix(
    weight: ArrayLike,
    input_shape: tuple[int, int, int],
    *,
    stride: Pair = 1,
    padding: Padding = 0,
    dilation: Pair = 1,
    groups: int = 1,
    padding_mode: PaddingMode = "zeros",
) -> WeightMatrix:
    """The cross-correlation with these filters as an explicit matrix.

    Args:
        weight: `(out_channels, in_channels // groups, kernel_height, kernel_width)`.
        input_shape: `(in_channels, height, width)`.
        stride: As in `cross_correlate2d`, like the arguments that follow.
        padding: As in `cross_correlate2d`.
        dilation: As in `cross_correlate2d`.
        groups: As in `cross_correlate2d`.
        padding_mode: As in `cross_correlate2d`.

    Raises:
        ValueError: If the shapes do not fit each other.
        TypeError: If a size is not an integer, or the weights are no numbers.
    """
    filters = _filters(weight)
    try:
        sizes = tuple(input_shape)
    except TypeError:
        raise TypeError(
            "input_shape must be (in_channels, height, width), "
            f"not {type(input_shape).__name__} {input_shape!r}"
        ) from None
    placed = _layer(filters, sizes, stride, padding, dilation, groups, padding_mode)
    exact = _sum_type(1, filters, 0) if _is_integer(filters) else filters.dtype
    return _matrix(placed, filters.astype(exact))


def weight_identity(placed: Placed) -> Array:
    """Which weight stands between each output and each input, numbered from 0.

    Args:
        placed: A `Linear`, `LocallyConnected2d` or `Conv2d` layer on an input.

    Returns:
        `(outputs, inputs)` of integers; `NO_WEIGHT` where the two do not touch, `SEVERAL` where
        padding makes more than one weight fall on the same input.
    """
    return _identity(placed)


@singledispatch
def _identity(placed: Placed) -> Array:
    raise TypeError(f"{type(placed.layer).__name__} has no weight matrix")


@_identity.register
def _(placed: PlacedLinear) -> Array:
    return np.arange(int(placed.weights)).reshape(int(placed.outputs), int(placed.inputs))


@_identity.register
def _(placed: PlacedConv2d) -> Array:
    return _matrix(placed, np.zeros(_weight_shape(placed))).identity


@_identity.register
def _(placed: PlacedLocallyConnected2d) -> Array:
    touching = _matrix(placed, np.zeros(_weight_shape(placed))).identity != NO_WEIGHT
    identity = np.full(touching.shape, NO_WEIGHT)
    identity[touching] = np.arange(np.count_nonzero(touching))
    return identity


# -- the parts


def _weight_shape(placed: PlacedConv2d | PlacedLocallyConnected2d) -> tuple[int, ...]:
    layer, axes = placed.layer, placed.axes
    kernel = (int(axis.kernel_size) for axis in axes)
    return (int(layer.out_channels), int(layer.in_channels) // int(layer.groups), *kernel)


def _arrays(x: ArrayLike, weight: ArrayLike, bias: ArrayLike | None) -> tuple[Array, Array, Array]:
    images, filters = _numbers("x", x), _filters(weight)
    if images.ndim not in (3, 4):
        raise ValueError(
            f"x must be (channels, height, width) or (n, channels, height, width), "
            f"not {images.ndim} axes: {images.shape}"
        )
    no_bias = np.zeros(filters.shape[0], np.result_type(images, filters))
    offsets = no_bias if bias is None else _numbers("bias", bias)
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
    if _is_integer(images) and _is_integer(filters):
        exact = _is_integer(offsets)
        sums = _sum_type(_largest(images), filters, _largest(offsets) if exact else 0)
        # With biases that are not exact the answer is not either: theirs is the type of wide sums.
        dtype = sums if exact or sums == np.int64 else dtype
        offsets = offsets.astype(dtype) if exact else offsets
        return images.astype(dtype), filters.astype(dtype), offsets
    # Python's numbers and NumPy's do not mix: a product of the two may be as narrow as int8.
    if dtype.kind == "O":
        return images.astype(object), filters.astype(object), offsets.astype(object)
    return images, filters, offsets


def _sum_type(pixel: int, filters: Array, offset: int) -> np.dtype[Any]:
    """int64, or object where a sum of products might not fit, for it would be cut silently."""
    bound = pixel * _largest(filters) * math.prod(filters.shape[1:]) + offset
    return np.dtype(np.int64 if bound < 2**63 else object)


def _largest(integers: Array) -> int:
    """The largest absolute value, as Python's integer: that of int64's least fits no int64."""
    return max(-int(integers.min()), int(integers.max())) if integers.size else 0


def _filters(weight: ArrayLike) -> Array:
    filters = _numbers("weight", weight)
    if filters.ndim != 4:
        raise ValueError(
            "weight must be (out_channels, in_channels // groups, kernel_height, kernel_width), "
            f"not {filters.ndim} axes: {filters.shape}"
        )
    return filters


def _numbers(name: str, given: ArrayLike) -> Array:
    array = np.asarray(given)
    if array.dtype.kind not in "biufcO":
        raise TypeError(f"{name} must hold numbers, not dtype {array.dtype}")
    for value in array.flat if array.dtype.kind == "O" else ():
        if not isinstance(value, Number | Quantity):
            raise TypeError(
                f"{name} must hold numbers, not dtype object with {type(value).__name__} {value!r}"
            )
    return array


def _is_integer(array: Array) -> bool:
    """Whether sums of products are made 64 bits wide, for narrow integers overflow silently."""
    return array.dtype.kind in "biu"


def _layer(
    filters: Array,
    input_shape: tuple[int, ...],
    stride: Pair,
    padding: Padding,
    dilation: Pair,
    groups: int,
    padding_mode: PaddingMode,
) -> PlacedConv2d:
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


def _unfold(images: Array, placed: PlacedConv2d) -> Array:
    """Every window as a column: (n, groups, taps of one filter, positions)."""
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


def _matrix(placed: PlacedConv2d | PlacedLocallyConnected2d, filters: Array) -> WeightMatrix:
    down, across = placed.axes
    out_shape = tuple(map(int, placed.output_shape))
    in_shape = tuple(map(int, placed.input_shape))
    values = np.zeros((*out_shape, *in_shape), filters.dtype)
    identity = np.full(values.shape, NO_WEIGHT)
    numbers = np.arange(filters.size).reshape(filters.shape)
    depth, per_group = filters.shape[1], filters.shape[0] // int(placed.layer.groups)
    for out_channel, row, column in np.ndindex(out_shape):
        first = out_channel // per_group * depth
        for tap_down, y in down.taps(row):
            for tap_across, x in across.taps(column):
                entry = (out_channel, row, column, slice(first, first + depth), y, x)
                tap = (out_channel, slice(None), tap_down, tap_across)
                values[entry] += filters[tap]
                identity[entry] = np.where(identity[entry] == NO_WEIGHT, numbers[tap], SEVERAL)
    shape = (int(np.prod(out_shape)), int(np.prod(in_shape)))
    return WeightMatrix(values.reshape(shape), identity.reshape(shape))
