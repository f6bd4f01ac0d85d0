"""What breaks equivariance and by how much: operations, paddings, strides and depths, measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import product
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.core.arguments import PaddingMode
from mkdocs_cnn.core.correlate import cross_correlate2d
from mkdocs_cnn.core.equivariance import Function, commutator
from mkdocs_cnn.core.exact import Array, is_integer, numbers
from mkdocs_cnn.core.pool import max_pool2d
from mkdocs_cnn.core.shifts import Shift, nearest_shift, share_that_differs
from mkdocs_cnn.quantity import Quantity

Operation = Callable[..., Array]


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


def stacked(
    operation: Operation, depth: int, *, stride: int = 1, padding_mode: PaddingMode = "zeros"
) -> Function:
    """The same operation, several times one behind the other, as one function of an image."""

    def layers(x: Array) -> Array:
        for _ in range(depth):
            x = operation(x, stride=stride, padding_mode=padding_mode)
        return x

    return layers


# -- the operations


def operations(weight: Array) -> Mapping[str, Operation]:
    """The operations by name, all with windows of 3 × 3 and a padding of 1.

    Each is called with an image `(channels, height, width)`, `stride` and `padding_mode`. In place
    of averages stand the sums, which are integers: 9 times the mean, 16 times the blur. Padding
    zeros count in them; in a maximum they never win.

    Args:
        weight: `(channels, channels, 3, 3)`, of the convolution.
    """
    return {
        "convolution": partial(_convolution, weight=weight),
        "max pooling": _max_pooling,
        "average pooling": partial(_channelwise, kernel=np.ones((3, 3), int)),
        "blur pooling": partial(_channelwise, kernel=np.outer((1, 2, 1), (1, 2, 1))),
    }


def _convolution(x: Array, *, weight: Array, stride: int, padding_mode: PaddingMode) -> Array:
    return cross_correlate2d(x, weight, stride=stride, padding=1, padding_mode=padding_mode)


def _max_pooling(x: Array, *, stride: int, padding_mode: PaddingMode) -> Array:
    return max_pool2d(x, 3, stride=stride, padding=1, padding_mode=padding_mode)


def _channelwise(x: Array, *, kernel: Array, stride: int, padding_mode: PaddingMode) -> Array:
    one_by_one = x[:, None]  # a batch of images with one channel each
    weight = kernel[None, None]
    maps = _convolution(one_by_one, weight=weight, stride=stride, padding_mode=padding_mode)
    return maps[:, 0]
