"""Gradients of a cross-correlation with respect to its input, its weights and its biases.

A function of the outputs changes with each of them at a rate that is called upstream here. A
weight is used at every position, so its rate is the sum over the positions; an input reaches
outputs through the transpose of the layer's matrix.

    >>> found = gradients([[[1, 2, 3]]], [[[[10, 20]]]], [[[1, 1]]])
    >>> found.x, found.weight, found.bias
    (array([[[10, 30, 20]]]), array([[[[3, 5]]]]), array([2]))

A convolution uses each weight at every position, so the gradient of a weight is a sum over them:

    >>> x, weight, upstream = [[[1, 2, 3, 4]]], [[[[-1, 1]]]], [[[1, 0, 2]]]
    >>> at_each = unshared_gradient(x, weight, upstream)
    >>> at_each[0, 0, :, 0, 0]  # two weights at each of three positions
    array([[1, 2],
           [0, 0],
           [6, 8]])
    >>> shared_gradient(at_each)[0, 0, 0]
    array([ 7, 10])
"""

from __future__ import annotations

import math
from typing import NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.exact import Array, as_batch, exact_sum, numbers, wide_factors
from mkdocs_cnn.arrays.windows import Window, as_filters, placed_filters, scatter, unfold
from mkdocs_cnn.layers import PlacedConv


class Gradients(NamedTuple):
    """What each number would change, if it grew by a little, divided by that little.

    Those of weights and biases are the sums over a batch.
    """

    x: Array  # of the shape of the input
    weight: Array  # of the shape of the weights
    bias: Array  # (out_channels,)


def gradients(
    x: ArrayLike, weight: ArrayLike, upstream: ArrayLike, **window: Unpack[Window]
) -> Gradients:
    """The gradients of `sum(upstream * cross_correlate2d(x, weight, bias, **window))`.

    They are exact for integers. Sequences, whose weights have three axes, are treated likewise.

    Args:
        x: `(in_channels, height, width)`, or the same with a batch axis in front.
        weight: `(out_channels, in_channels // groups, kernel_height, kernel_width)`.
        upstream: Of the shape of the output: the rates at which something changes with it.
        **window: As in `cross_correlate2d`.

    Raises:
        ValueError: If the shapes do not fit each other.
        TypeError: If a size is not an integer, or an array holds what is no number.
    """
    axes = 1 if np.ndim(weight) == 3 else 2
    images, filters = as_batch(x, axes=axes), as_filters(weight, axes=axes)
    placed = placed_filters(filters, images.shape[1:], **window)
    rates = _rates(upstream, np.shape(x)[: -axes - 1], placed)
    of_x = scatter(*wide_factors(rates, filters, _most_reached(filters, placed)), placed)
    return Gradients(
        of_x.reshape(np.shape(x)),
        _of_weight(images, rates, placed).reshape(filters.shape),
        exact_sum(rates, axis=(0, *range(2, rates.ndim))),
    )


def _rates(upstream: ArrayLike, batch: tuple[int, ...], placed: PlacedConv) -> Array:
    """What comes from upstream, as a batch."""
    rates, shape = numbers("upstream", upstream), (*batch, *map(int, placed.output_shape))
    if rates.shape != shape:
        raise ValueError(f"upstream must have the shape of the output {shape}, not {rates.shape}")
    return rates if batch else rates[None]


def _of_weight(images: Array, rates: Array, placed: PlacedConv) -> Array:
    """For each filter, its taps' inputs times the rates, over all positions of all images."""
    images, rates = wide_factors(images, rates, rates[:, :1].size)
    columns = unfold(images, placed)
    n, groups, _, positions = columns.shape
    by_group = rates.reshape(n, groups, rates.shape[1] // groups, positions)
    return np.asarray((by_group @ columns.swapaxes(2, 3)).sum(axis=0))


def _most_reached(filters: Array, placed: PlacedConv) -> int:
    """At least as many products as meet in one input: a padding that copies it has its own."""
    copies = math.prod(1 + sum(map(int, axis.padding)) for axis in placed.axes)
    per_group = filters.shape[0] // int(placed.layer.groups)
    return int(copies * per_group * math.prod(filters.shape[2:]))


# -- the gradient of a shared weight


def unshared_gradient(
    x: ArrayLike, weight: ArrayLike, upstream: ArrayLike, **window: Unpack[Window]
) -> Array:
    """The gradient of the weights if every position had its own, as in `LocallyConnected2d`.

    Arguments and errors are those of `gradients`; of the weights the shape alone matters. It is
    summed over the batch, of integers exactly: `(out_channels, output_height, output_width,
    in_channels // groups, kernel_height, kernel_width)`.
    """
    images, filters = as_batch(x), as_filters(weight)
    placed = placed_filters(filters, images.shape[1:], **window)
    outputs = tuple(map(int, placed.output_shape))
    rates = _rates(upstream, np.shape(x)[:-3], placed)
    # Wide enough for the sum over the positions too.
    images, rates = wide_factors(images, rates, len(images) * math.prod(outputs[1:]))
    columns = unfold(images, placed)
    by_group = rates.reshape(*columns.shape[:2], -1, columns.shape[-1])
    result: Array = np.einsum("ngop,ngtp->gopt", by_group, columns)
    return result.reshape(*outputs, *filters.shape[1:])


def shared_gradient(unshared: Array) -> Array:
    """The gradient of weights that all positions share: the sum over the positions.

    Of what `unshared_gradient` gives it makes the `weight` of `gradients`, in its shape.
    """
    return np.asarray(unshared.sum(axis=(1, 2)))
