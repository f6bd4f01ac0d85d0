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
from typing import NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.exact import Array, numbers, type_of_sums, wide_factors
from mkdocs_cnn.arrays.windows import Window, as_filters, placed_filters, unfold
from mkdocs_cnn.layers import Placed, PlacedConv, PlacedLinear, PlacedLocallyConnected2d


class WeightMatrix(NamedTuple):
    """A layer without its biases as one matrix: `output.ravel() = values @ input.ravel()`.

    Both arrays are `(outputs, inputs)`. The identity says which weight stands in each entry, as an
    index into `weight.ravel()`: `NO_WEIGHT` where input and output do not touch, `SEVERAL` where
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
    placed, weights = _layer(weight, input_shape, window)
    outputs, inputs, indices = _touching(placed)
    identity = _identity(placed)
    values = np.zeros(identity.shape, weights.dtype)
    np.add.at(values, (outputs, inputs), weights[indices])
    return WeightMatrix(values, identity)


# -- sparse


@dataclass(frozen=True, eq=False)
class SparseMatrix:
    """A layer without its biases as a matrix of which only the connections are stored (CSR).

    Row by row, and from left to right in each row: the entries of output `i` are those from
    `row_starts[i]` up to but not with `row_starts[i + 1]`. A weight that is 0 is stored like any
    other: its output and its input touch.
    """

    values: Array  # (entries,)
    columns: Array  # (entries,), the input that each entry reads
    row_starts: Array  # (outputs + 1,)
    shape: tuple[int, int]  # (outputs, inputs)

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
        terms = int(np.diff(self.row_starts).max())
        values, read = wide_factors(self.values, numbers("vector", vector), terms)
        if read.shape != self.shape[1:]:
            raise ValueError(
                f"vector must have one value for each of the {self.shape[1]} columns, "
                f"not shape {read.shape}"
            )
        starts, ends = self.row_starts[:-1], self.row_starts[1:]
        filled = starts < ends  # for an empty row, reduceat would give the next row's first product
        products = values * read[self.columns]
        result = np.zeros(self.shape[0], products.dtype)
        result[filled] = np.add.reduceat(products, starts[filled])
        return result


def as_sparse_matrix(
    weight: ArrayLike, input_shape: tuple[int, int, int], **window: Unpack[Window]
) -> SparseMatrix:
    """The cross-correlation with these filters as a sparse matrix: `as_matrix` for large images.

    Arguments and errors are the same. Where padding makes more than one weight fall on the same
    input, their sum is one entry.
    """
    placed, weights = _layer(weight, input_shape, window)
    outputs, inputs, indices = _touching(placed)
    shape = (int(placed.outputs), int(placed.inputs))
    entries, entry_of = np.unique(outputs * shape[1] + inputs, return_inverse=True)  # row by row
    values = np.zeros(entries.size, weights.dtype)
    np.add.at(values, entry_of, weights[indices])
    rows, columns = np.divmod(entries, shape[1])
    row_starts = np.searchsorted(rows, np.arange(shape[0] + 1))
    index = np.int32 if max(entries.size, *shape) < 2**31 else np.int64
    return SparseMatrix(values, columns.astype(index), row_starts.astype(index), shape)


# -- the parts


def _layer(
    weight: ArrayLike, input_shape: tuple[int, int, int], window: Window
) -> tuple[PlacedConv, Array]:
    """The layer on its input, and its weights one behind the other.

    They have a type in which their sums are exact, for two may meet in an entry.
    """
    filters = as_filters(weight)
    try:
        sizes = tuple(input_shape)
    except TypeError:
        raise TypeError(
            "input_shape must be (in_channels, height, width), "
            f"not {type(input_shape).__name__} {input_shape!r}"
        ) from None
    placed = placed_filters(filters, sizes, **window)
    wide = type_of_sums(filters, math.prod(filters.shape[1:]))
    return placed, filters.astype(wide).ravel()


def _touching(placed: PlacedConv | PlacedLocallyConnected2d) -> tuple[Array, Array, Array]:
    """For each tap of each output that falls on an input: the output, the input, the weight.

    All are numbered from 0, the weights as if they were shared.
    """
    sizes = tuple(map(int, placed.input_shape))
    pixels = 1 + np.arange(math.prod(sizes)).reshape(1, *sizes)  # 0 is a padding zero
    reads = unfold(pixels, placed)[0].swapaxes(1, 2)[:, None]
    groups, _, _, taps = reads.shape
    indices = np.arange(int(placed.layer.out_channels) * taps).reshape(groups, -1, 1, taps)
    both = np.broadcast_arrays(reads, indices)
    inputs, weights = (array.reshape(-1, taps) for array in both)
    outputs, at = np.nonzero(inputs)
    return outputs, inputs[outputs, at] - 1, weights[outputs, at]


def _identity(placed: PlacedConv | PlacedLocallyConnected2d) -> Array:
    outputs, inputs, indices = _touching(placed)
    identity = np.full((int(placed.outputs), int(placed.inputs)), NO_WEIGHT)
    identity[outputs, inputs] = indices
    weights = np.zeros(identity.shape, int)
    np.add.at(weights, (outputs, inputs), 1)
    identity[weights > 1] = SEVERAL
    return identity


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
    return _identity(placed)


@weight_identity.register
def _(placed: PlacedLocallyConnected2d) -> Array:
    identity = _identity(placed)
    touching = identity != NO_WEIGHT
    identity[touching] = np.arange(np.count_nonzero(touching))
    return identity
