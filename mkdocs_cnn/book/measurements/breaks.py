"""What breaks equivariance and by how much: operations, paddings, strides and depths, measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.equivariance import commutator
from mkdocs_cnn.arrays.exact import Array, is_integer, numbers
from mkdocs_cnn.arrays.operations import operations, stacked
from mkdocs_cnn.layers.arguments import PaddingMode
from mkdocs_cnn.layers.shift_formulas import Shift, nearest_shift, share_that_differs
from mkdocs_cnn.quantities.quantity import Quantity


@dataclass(frozen=True)
class MeasuredBreak:
    """By how much layers of one kind break equivariance, on one input.

    Attributes:
        operation: "convolution", "max pooling", "average pooling" or "blur pooling".
        padding_mode: What stands in the padding.
        stride: The stride of every layer.
        depth: Layers.
        by: The shift of the input, on a ring.
        out_by: That of the output: by / stride ** depth, or the whole shift nearest to it.
        count: Output positions that differ.
        share: The same as a part of all.
        norm: The Euclidean norm of the difference, as a part of that of the output.
        predicted: The share by formula, where there is one.
    """

    operation: str
    padding_mode: PaddingMode
    stride: int
    depth: int
    by: Shift
    out_by: Shift
    count: int
    share: Fraction
    norm: float
    predicted: Quantity | None


def measured_breaks(
    x: ArrayLike,
    rng: np.random.Generator,
    *,
    depths: Sequence[int] = (1, 2),
    shifts: Sequence[Shift] = ((0, 1), (0, 2)),
) -> Iterator[MeasuredBreak]:
    """Every operation, padding mode and stride (1 and 2), at every depth and for every shift.

    Args:
        x: `(channels, height, width)` of integers, so that equal means equal; height and width are
            multiples of 2 ** depth.
        rng: Where the filters of the convolution come from: integers from 1 to 9, one filter for
            each channel, the same in every layer.
        depths: Numbers of layers.
        shifts: Shifts of the input.

    Raises:
        ValueError: If a size is no multiple of the strides together.
        TypeError: If x does not hold integers.
    """
    image = numbers("x", x)
    if not is_integer(image):
        raise TypeError(f"x must hold integers, not dtype {image.dtype}")
    channels = image.shape[0]
    known = operations(rng.integers(1, 10, (channels, channels, 3, 3)))
    for name, mode, stride, depth, by in product(
        known, get_args(PaddingMode), (1, 2), depths, shifts
    ):
        layers = stacked(known[name], depth, stride=stride, padding_mode=mode)
        out_by = nearest_shift(by, stride**depth)
        found = commutator(layers, image, by, out_by=out_by)
        yield MeasuredBreak(
            operation=name,
            padding_mode=mode,
            stride=stride,
            depth=depth,
            by=by,
            out_by=out_by,
            count=found.count,
            share=found.share,
            norm=found.norm,
            predicted=_predicted(name, image, by, depth, stride, mode),
        )


def _predicted(
    operation: str, image: Array, by: Shift, depth: int, stride: int, mode: PaddingMode
) -> Quantity | None:
    height, width = image.shape[-2:]
    share = share_that_differs(
        (height, width), 3, by, depth=depth, stride=stride, padding_mode=mode
    )
    # A maximum that lies on the border may lie in the window still: how often, no formula says.
    return None if operation == "max pooling" and share else share
