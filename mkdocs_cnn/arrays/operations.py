"""Operations to be compared: the same window, padding and stride, whatever they do with them.

>>> sums = operations(np.ones((1, 1, 3, 3), int))["average pooling"]
>>> sums(np.ones((1, 2, 2), int), stride=1, padding_mode="zeros")
array([[[4, 4],
        [4, 4]]])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Unpack

import numpy as np

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.equivariance import Function
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.pooling import max_pool2d
from mkdocs_cnn.arrays.windows import Window
from mkdocs_cnn.layers.arguments import PaddingMode

Operation = Callable[..., Array]

OPERATIONS = ("convolution", "max pooling", "average pooling", "blur pooling")
"""The names of all."""


def stack(
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
        "convolution": partial(cross_correlate2d, weight=weight, padding=1),
        "max pooling": partial(max_pool2d, kernel_size=3, padding=1),
        "average pooling": partial(_channelwise, np.ones((3, 3), int), padding=1),
        "blur pooling": partial(_channelwise, np.outer((1, 2, 1), (1, 2, 1)), padding=1),
    }


def _channelwise(kernel: Array, x: Array, **window: Unpack[Window]) -> Array:
    one_by_one = x[:, None]  # a batch of images with one channel each
    return cross_correlate2d(one_by_one, kernel[None, None], **window)[:, 0]
