"""Operations to be compared: the same window, padding and stride, whatever they do with them.

>>> sums = operations(np.ones((1, 1, 3, 3), int))["average pooling"]
>>> sums(np.ones((1, 2, 2), int), stride=1, padding_mode="zeros")
array([[[4, 4],
        [4, 4]]])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.equivariance import Function
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.pooling import max_pool2d
from mkdocs_cnn.layers.arguments import PaddingMode

Operation = Callable[..., Array]

OPERATIONS = ("convolution", "max pooling", "average pooling", "blur pooling")
"""The names of all."""


def stacked(
    operation: Operation, depth: int, *, stride: int = 1, padding_mode: PaddingMode = "zeros"
) -> Function:
    """The same operation, several times in a row, as one function of an image."""

    def layers(x: Array) -> Array:
        for _ in range(depth):
            x = operation(x, stride=stride, padding_mode=padding_mode)
        return x

    return layers


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
