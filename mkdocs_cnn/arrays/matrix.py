"""Layers as matrices: explicit ones that know their weights, and sparse ones for large images.

A layer without its biases is linear, so there is a matrix with
`output.ravel() == matrix @ input.ravel()`. Of the many entries a convolution has few, and of
these still fewer differ:

    >>> weight = np.array([[[[-1, 1]]]])
    >>> as_matrix(weight, (1, 1, 4)).values
    array([[-1,  1,  0,  0],
           [ 0, -1,  1,  0],
           [ 0,  0, -1,  1]])
    >>> sparse = as_sparse_matrix(weight, (1, 1, 4))
    >>> sparse.entries, sparse.shape
    (6, (3, 4))
    >>> sparse @ [5, 5, 7, 7]
    array([0, 2, 0])
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import singledispatch
from itertools import product
from typing import NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.exact import Array, integer_type, is_integer, largest, numbers
from mkdocs_cnn.arrays.windows import Window, as_filters, placed_filters, unfold
from mkdocs_cnn.layers import Placed, PlacedConv, PlacedLinear, PlacedLocallyConnected2d


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
    weight: ArrayLike, input_shape: tuple[int, int, int], **window: Unpack[Window]
) -> WeightMatrix:
    """The cross-correlation with these filters as an explicit matrix.

    Args:
        weight: `(out_channels, in_channels // groups, kernel_height, kernel_width)`.
        input_shape: `(in_channels, height, width)`.
        **window: As in `cross_correlate2d`.

    Raises:
        ValueError: If the shapes do not fit each other.
        TypeError: If a size is not an integer, or the weights are no numbers.
    """
    filters, sizes = _wide(as_filters(weight)), _sizes(input_shape)
    return _matrix(placed_filters(filters, sizes, **window), filters)


# -- sparse


@dataclass(frozen=True, eq=False)
class SparseMatrix:
    """A layer without its biases as a matrix of which only the connections are stored (CSR).

    Row by row, and from left to right in each row. A weight that is 0 is stored like any other:
    its output and its input touch.

    Args:
        values: `(entries,)`, the number in each entry.
        columns: `(entries,)`, the input that each entry reads.
        row_starts: `(outputs + 1,)`: the entries of output `i` are those from `row_starts[i]` up to
            but not with `row_starts[i + 1]`.
        shape: `(outputs, inputs)`.
    """

    values: Array
    columns: Array
    row_starts: Array
    shape: tuple[int, int]

    @property
    def entries(self) -> int:
        """Stored entries: one for each connection."""
        return self.values.size

    @property
    def nbytes(self) -> int:
        """Bytes in the three arrays."""
        return self.values.nbytes + self.columns.nbytes + self.row_starts.nbytes

    def __matmul__(self, vector: ArrayLike) -> Array:
        """The product with a vector of `(inputs,)`, exact for integers: `(outputs,)`.

        Raises:
            ValueError: If the vector has another shape.
            TypeError: If it does not hold numbers.
        """
        values, read = self._wide(numbers("vector", vector))
        if read.shape != self.shape[1:]:
            raise ValueError(
                f"vector must have one value for each of the {self.shape[1]} columns, "
                f"not shape {read.shape}"
            )
        starts, ends = self.row_starts[:-1], self.row_starts[1:]
        filled = starts < ends  # for an empty row, reduceat would give the next row's first product
        result = np.zeros(self.shape[0], values.dtype)
        result[filled] = np.add.reduceat(values * read[self.columns], starts[filled])
        return result

    def _wide(self, vector: Array) -> tuple[Array, Array]:
        """Values and vector in one type in which their product is exact if they are."""
        dtype = np.result_type(self.values, vector)
        if is_integer(self.values) and is_integer(vector):
            most = int(np.diff(self.row_starts).max())
            dtype = integer_type(largest(self.values) * largest(vector) * most)
        return self.values.astype(dtype), vector.astype(dtype)


def as_sparse_matrix(
    weight: ArrayLike, input_shape: tuple[int, int, int], **window: Unpack[Window]
) -> SparseMatrix:
    """The cross-correlation with these filters as a sparse matrix: `as_matrix` for large images.

    Arguments and errors are the same. Where padding makes more than one weight fall on the same
    input, their sum is one entry.
    """
    filters, sizes = _wide(as_filters(weight)), _sizes(input_shape)
    return _sparse(placed_filters(filters, sizes, **window), filters)


# -- the parts


def _sizes(input_shape: tuple[int, int, int]) -> tuple[int, ...]:
    try:
        return tuple(input_shape)
    except TypeError:
        raise TypeError(
            "input_shape must be (in_channels, height, width), "
            f"not {type(input_shape).__name__} {input_shape!r}"
        ) from None


def _wide(filters: Array) -> Array:
    """The same filters in a type in which sums of weights are exact, for two may meet in a cell."""
    if not is_integer(filters):
        return filters
    return filters.astype(integer_type(largest(filters) * math.prod(filters.shape[1:])))


def _matrix(placed: PlacedConv | PlacedLocallyConnected2d, filters: Array) -> WeightMatrix:
    out_shape, in_shape = tuple(map(int, placed.output_shape)), tuple(map(int, placed.input_shape))
    values = np.zeros((*out_shape, *in_shape), filters.dtype)
    identity = np.full(values.shape, NO_WEIGHT)
    indices = np.arange(filters.size).reshape(filters.shape)
    depth, per_group = filters.shape[1], filters.shape[0] // int(placed.layer.groups)
    for out_channel, *position in np.ndindex(out_shape):
        first = out_channel // per_group * depth
        along = (axis.taps(at) for axis, at in zip(placed.axes, position, strict=True))
        for window in product(*along):
            tap, pixel = zip(*window, strict=True)
            entry = (out_channel, *position, slice(first, first + depth), *pixel)
            weights = (out_channel, slice(None), *tap)
            values[entry] += filters[weights]
            identity[entry] = np.where(identity[entry] == NO_WEIGHT, indices[weights], SEVERAL)
    shape = (math.prod(out_shape), math.prod(in_shape))
    return WeightMatrix(values.reshape(shape), identity.reshape(shape))


def _sparse(placed: PlacedConv, filters: Array) -> SparseMatrix:
    shape = (int(placed.outputs), int(placed.inputs))
    weights, reads = _window_by_window(placed, filters)
    rows, taps = np.nonzero(reads)
    cells = rows * shape[1] + reads[rows, taps] - 1
    entries, entry_of = np.unique(cells, return_inverse=True)  # sorted: row by row
    values = np.zeros(entries.size, filters.dtype)
    np.add.at(values, entry_of, weights[rows, taps])
    filled, columns = np.divmod(entries, shape[1])
    row_starts = np.searchsorted(filled, np.arange(shape[0] + 1))
    index = np.int32 if max(entries.size, *shape) < 2**31 else np.int64
    return SparseMatrix(values, columns.astype(index), row_starts.astype(index), shape)


def _window_by_window(placed: PlacedConv, filters: Array) -> tuple[Array, Array]:
    """For each output its weights, and the inputs on which they fall, counted from 1.

    Returns:
        Two arrays of `(outputs, taps of one filter)`; 0 is no input but a padding zero.
    """
    sizes = tuple(map(int, placed.input_shape))
    pixels = 1 + np.arange(math.prod(sizes)).reshape(1, *sizes)
    reads = unfold(pixels, placed)[0].transpose(0, 2, 1)  # groups, positions, taps
    groups, positions, taps = reads.shape
    weights = filters.reshape(groups, -1, 1, taps)  # groups, filters of each, 1, taps
    shape = (groups, weights.shape[1], positions, taps)
    both = np.broadcast_to(weights, shape), np.broadcast_to(reads[:, None], shape)
    return both[0].reshape(-1, taps), both[1].reshape(-1, taps)


@singledispatch
def weight_identity(placed: Placed) -> Array:
    """Which weight of a linear layer stands between each output and each input, numbered from 0.

    Returns:
        `(outputs, inputs)` of integers; `NO_WEIGHT` where the two do not touch, `SEVERAL` where
        padding makes more than one weight fall on the same input.

    Raises:
        TypeError: If it is no `Linear`, `LocallyConnected2d`, `Conv2d` or `Conv1d` layer.
    """
    raise TypeError(f"{type(placed.layer).__name__} has no weight matrix")


@weight_identity.register
def _(placed: PlacedLinear) -> Array:
    out_features, in_features = int(placed.output_shape[0]), int(placed.input_shape[0])
    positions = int(placed.inputs) // in_features
    identity = np.full((out_features, positions, in_features, positions), NO_WEIGHT)
    at = np.arange(positions)
    identity[:, at, :, at] = np.arange(int(placed.weights)).reshape(out_features, in_features)
    return identity.reshape(int(placed.outputs), int(placed.inputs))


@weight_identity.register
def _(placed: PlacedConv) -> Array:
    return _matrix(placed, np.zeros(_weight_shape(placed))).identity


@weight_identity.register
def _(placed: PlacedLocallyConnected2d) -> Array:
    touching = _matrix(placed, np.zeros(_weight_shape(placed))).identity != NO_WEIGHT
    identity = np.full(touching.shape, NO_WEIGHT)
    identity[touching] = np.arange(np.count_nonzero(touching))
    return identity


def _weight_shape(placed: PlacedConv | PlacedLocallyConnected2d) -> tuple[int, ...]:
    layer, axes = placed.layer, placed.axes
    kernel = (int(axis.kernel_size) for axis in axes)
    return (int(layer.out_channels), int(layer.in_channels) // int(layer.groups), *kernel)
