"""The effective receptive field: how strongly an output feels each input that it can see.

The theoretical field says which inputs an output can see; it grows with the depth of the network.
How much an input matters falls off from the middle of that field like a bell, and the bell's width
grows with the root of the depth only (Luo, Li, Urtasun and Zemel 2016). Without nonlinearities
that is exact: layers one behind the other are one layer, whose kernel is the convolution of theirs,
and variances add.

    >>> stack_kernel([1, 1, 1], 2)
    (Fraction(1, 1), Fraction(2, 1), Fraction(3, 1), Fraction(2, 1), Fraction(1, 1))
    >>> len(stack_kernel([1, 1, 1], 10)), variance(stack_kernel([1, 1, 1], 10))
    (21, Fraction(20, 3))
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.exact import Array, numbers
from mkdocs_cnn.layers.arguments import whole

# -- how wide a field is


def width(field: ArrayLike, *, axis: int = -1) -> float:
    """The standard deviation of a field along an axis, in pixels.

    Args:
        field: How strongly each input counts, at least 0: a kernel, or a map of two axes.
        axis: The one to measure; over the others the field is summed.

    Raises:
        ValueError: If a value is negative, all are 0, or there is no such axis.
        TypeError: If it does not hold numbers.
    """
    profile = _profile(field, axis)
    at = np.arange(profile.size)
    mean = profile @ at
    return math.sqrt(profile @ (at - mean) ** 2)


def _profile(field: ArrayLike, axis: int) -> Array:
    """The field summed over the other axes, as parts of the whole."""
    values = numbers("field", field).astype(float)
    if not -values.ndim <= axis < values.ndim:
        raise ValueError(f"field has no axis {axis}: it has {values.ndim} (shape {values.shape})")
    if not (values >= 0).all() or not values.any():
        raise ValueError("field must be at least 0 everywhere and more than 0 somewhere")
    sums = np.moveaxis(values, axis, 0).reshape(values.shape[axis], -1).sum(axis=1)
    profile: Array = sums / sums.sum()
    return profile


# -- linear stacks, exactly


def stack_kernel(kernel: Sequence[int | Fraction], depth: int) -> tuple[Fraction, ...]:
    """The kernel of layers one behind the other: one kernel convolved with itself along an axis.

    It has `depth (len(kernel) - 1) + 1` taps: how much each input of the receptive field counts.

    Raises:
        ValueError: If the kernel is empty or the depth negative.
        TypeError: If a tap is not exact, or the depth no integer.
    """
    taps, result = _exact("kernel", kernel), np.array([Fraction(1)])
    for _ in range(int(whole("depth", depth, at_least=0))):
        result = np.convolve(result, taps)
    return tuple(result)


def variance(taps: Sequence[int | Fraction]) -> Fraction:
    """The variance of a kernel, its taps taken as weights of their positions.

    Stacked layers add theirs: `variance(stack_kernel(k, n)) == n * variance(k)`.

    Raises:
        ValueError: If a tap is negative, or all are 0.
        TypeError: If a tap is not exact.
    """
    weights = _exact("taps", taps)
    total = sum(weights)
    if min(weights) < 0 or total == 0:
        raise ValueError(f"taps must be at least 0 and not all 0, not {list(taps)}")
    mean = sum(at * weight for at, weight in enumerate(weights)) / total
    return Fraction(sum((at - mean) ** 2 * weight for at, weight in enumerate(weights)) / total)


def _exact(name: str, taps: Sequence[int | Fraction]) -> tuple[Fraction, ...]:
    if not taps:
        raise ValueError(f"{name} must have at least 1 tap, not 0")
    for tap in taps:
        if isinstance(tap, bool) or not isinstance(tap, int | Fraction):
            raise TypeError(
                f"{name} must be integers or fractions, not {type(tap).__name__} {tap!r}"
            )
    return tuple(map(Fraction, taps))


# -- random networks, by their gradient


def gradient_field(
    depth: int, channels: int, rng: np.random.Generator, *, kernel_size: int = 3, draws: int = 4
) -> Array:
    """How strongly the output of random networks feels each pixel of its receptive field.

    Each network is convolutions (stride 1, no padding, no bias) with ReLUs between them, from one
    channel to one, on an image of normal noise as large as its receptive field, so that there is
    one output. Weights are normal with variance 2 / fan-in (He et al. 2015).

    If the ReLUs opened and closed by chance, the square of the gradient would on average have the
    shape of `stack_kernel([1] * kernel_size, depth)` along each axis, for each layer spreads it
    evenly, and the magnitude nearly that of its root, which is up to √2 times as wide. So it is in
    fact, within a few parts in a hundred.

    Args:
        depth: Convolutions.
        channels: Channels between them.
        rng: Where weights and noise come from.
        kernel_size: Height and width of each kernel.
        draws: Networks, each with noise of its own.

    Returns:
        The magnitude of the gradient with respect to each pixel, as a part of all: the mean over
        the networks, `(size, size)`, where `size` is `depth (kernel_size - 1) + 1`.

    Raises:
        ValueError: If a number is less than 1, or no gradient reaches the input.
        TypeError: If a number is no integer.
    """
    arguments = {"depth": depth, "channels": channels, "kernel_size": kernel_size, "draws": draws}
    for name, number in arguments.items():
        whole(name, number)
    size = depth * (kernel_size - 1) + 1
    fields: Array = np.zeros((size, size))
    for _ in range(draws):
        filters = random_filters(depth, channels, rng, kernel_size=kernel_size)
        magnitude = np.abs(input_gradient(filters, rng.standard_normal((1, size, size))))[0]
        fields += magnitude / (magnitude.sum() or 1)  # a dead network has no say
    if not fields.any():
        raise ValueError(f"no gradient reaches the input: every ReLU is closed ({arguments})")
    fields /= fields.sum()
    return fields


def random_filters(
    depth: int, channels: int, rng: np.random.Generator, *, kernel_size: int = 3
) -> list[Array]:
    """Random weights for convolutions one behind the other, from one channel to one.

    For each layer they are `(out_channels, in_channels, kernel_size, kernel_size)`, normal, with
    variance 2 / fan-in (He et al. 2015).
    """
    widths = pairwise([1, *[channels] * (depth - 1), 1])
    shapes = [(out, into, kernel_size, kernel_size) for into, out in widths]
    return [rng.normal(scale=math.sqrt(2 / math.prod(shape[1:])), size=shape) for shape in shapes]


def input_gradient(filters: Sequence[Array], x: Array) -> Array:
    """The gradient of a network's output, its values added, with respect to its input.

    Both are `(in_channels, height, width)`. Between two convolutions stands a ReLU.
    """
    values, open_ = x, []
    for weight in filters[:-1]:
        values = cross_correlate2d(values, weight)
        open_.append(values > 0)
        values = values * open_[-1]
    gradient = _backwards(np.ones_like(cross_correlate2d(values, filters[-1])), filters[-1])
    for weight, passes in zip(filters[-2::-1], reversed(open_), strict=True):
        gradient = _backwards(gradient * passes, weight)
    return gradient


def _backwards(gradient: Array, weight: Array) -> Array:
    """The gradient before a convolution: correlated with the kernels, turned by half a turn."""
    turned = weight[:, :, ::-1, ::-1].swapaxes(0, 1)
    height, width = weight.shape[2:]
    return cross_correlate2d(gradient, turned, padding=(height - 1, width - 1))
