"""Runs networks: a small interpreter of layer specifications, apart from all that counts them.

It works on arrays of shape (images, channels, height, width), a vector being an image of 1 x 1. It
draws its weights as it goes, and asks a layer for nothing but its arguments. What an output sees is
found by running the same network on images that differ in one pixel.

Receptive fields do not depend on channels, so a convolution may be given fewer of them than it
asks for; every layer behind it takes what it gets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn import layers as of

Array = Any
EPSILON = 1e-6  # of normalisations


@dataclass
class Machine:
    """Runs a network with random weights, all positive, so that no two paths cancel.

    Attributes:
        rng: Draws the weights.
        channels: At most as many come out of a convolution; None for as many as it asks for.
        shifts: Whether convolutions and normalisations add something. If they do not, the answer
            to a black image is exactly 0, and rounding cannot hide what moves a little.
        frozen: Whether gates stay at the values that they have for the first image of a batch.
        parameters: As many were drawn.
        macs: As many products were added up by convolutions and dense layers, for each image.
    """

    rng: np.random.Generator
    channels: int | None = None
    shifts: bool = True
    frozen: bool = False
    parameters: int = 0
    macs: int = 0

    def run(self, layer: of.Layer, x: Array) -> Array:
        """What the layer makes of the images."""
        match layer:
            case of.Sequential(parts=parts):
                return reduce(lambda so_far, part: self.run(part[1], so_far), parts, x)
            case of.Residual(parts=((_, body), (_, shortcut))):
                return self.run(body, x) + self.run(shortcut, x)
            case of.Concat(parts=parts):
                return np.concatenate([self.run(branch, x) for _, branch in parts], axis=1)
            case of.Gate(parts=((_, branch),)):
                gate = self.run(branch, x)
                return x * (gate[:1] if self.frozen else gate)
            case of.Conv2d():
                return self._convolved(layer, x)
            case of.Linear():
                everywhere = of.Conv2d(layer.in_features, layer.out_features, 1, bias=layer.bias)
                return self._convolved(everywhere, x)
            case of.BatchNorm2d():
                return self._scaled(x, shift=True)
            case of.LayerNorm():
                return self._scaled(normalised(x), shift=True)
            case of.Scale():
                return self._scaled(x, shift=layer.bias)
            case _:
                return WITHOUT_PARAMETERS[type(layer)](layer, x)

    def _convolved(self, layer: Any, x: Array) -> Array:
        images, given = x.shape[:2]
        groups, filters = layer.groups, min(layer.out_channels, self.channels or layer.out_channels)
        if 1 < groups == layer.in_channels:  # depthwise: as many groups as channels come
            groups, filters = given, given * (layer.out_channels // layer.in_channels)
        each = (filters // groups, given // groups)
        weights = self._weights(layer, (groups, *each))
        apply = np.multiply if each == (1, 1) else np.matmul  # the same, but faster
        y = sum(
            apply(weight, tap.reshape(images, groups, each[1], -1))
            for weight, tap in zip(weights, taps(layer, x), strict=True)
        )
        self.macs += weights.size * y.shape[-1]
        y = y.reshape(images, filters, *(length(layer, x, axis) for axis in (0, 1)))
        return self._shifted(y) if layer.bias else y

    def _weights(self, layer: Any, shape: tuple[int, int, int]) -> Array:
        """One matrix for each tap and group; those of one output add up to about 1."""
        number = int(np.prod(both(layer.kernel_size)))
        return self._drawn(0.5, 1.5, number, *shape) / (number * shape[-1])

    def _scaled(self, x: Array, *, shift: bool) -> Array:
        y = x * self._drawn(0.5, 1.5, x.shape[1], 1, 1)
        return self._shifted(y) if shift else y

    def _shifted(self, x: Array) -> Array:
        # Little, for residual blocks double what there is, and a ReLU6 cuts it off.
        return x + self._drawn(0, 0.001, x.shape[1], 1, 1) if self.shifts else x

    def _drawn(self, low: float, high: float, *shape: int) -> Array:
        self.parameters += int(np.prod(shape))
        return self.rng.uniform(low, high, shape)


# -- layers without parameters


def largest(layer: Any, x: Array) -> Array:
    return reduce(np.maximum, taps(layer, x, outside=-np.inf))


def mean(layer: Any, x: Array) -> Array:
    return sum(taps(layer, x)) / np.prod(both(layer.kernel_size))


def adaptive_mean(layer: Any, x: Array) -> Array:
    for axis, number in zip((2, 3), both(layer.output_size), strict=True):
        size = x.shape[axis]
        parts = [range(i * size // number, -(-(i + 1) * size // number)) for i in range(number)]
        x = np.stack([x.take(part, axis).mean(axis) for part in parts], axis)
    return x


def normalised(x: Array) -> Array:
    centred = x - x.mean(axis=1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + EPSILON)


def local_response_norm(layer: Any, x: Array) -> Array:
    half = layer.size // 2
    squares = np.pad(x**2, ((0, 0), (half, half), (0, 0), (0, 0)))
    around = sum(squares[:, k : k + x.shape[1]] for k in range(2 * half + 1))
    return x / (2 + 1e-4 * around) ** 0.75


def sigmoid(x: Array) -> Array:
    return 1 / (1 + np.exp(-x))


def gelu(x: Array) -> Array:
    return x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x * x * x)))


WITHOUT_PARAMETERS: dict[type[of.Layer], Callable[[Any, Array], Array]] = {
    of.MaxPool2d: largest,
    of.AvgPool2d: mean,
    of.AdaptiveAvgPool2d: adaptive_mean,
    of.LocalResponseNorm: local_response_norm,
    of.Select: lambda layer, x: x[:, list(layer.channels)],
    of.Flatten: lambda _, x: x.reshape(len(x), -1, 1, 1),
    of.Identity: lambda _, x: x,
    of.Dropout: lambda _, x: x,  # as when a network is used, not trained
    of.ReLU: lambda _, x: np.maximum(x, 0),
    of.ReLU6: lambda _, x: np.clip(x, 0, 6),
    of.SiLU: lambda _, x: x * sigmoid(x),
    of.GELU: lambda _, x: gelu(x),
    of.Sigmoid: lambda _, x: sigmoid(x),
    of.Tanh: lambda _, x: np.tanh(x),
}


# -- windows


def both(value: int | tuple[int, int]) -> tuple[int, int]:
    """A value for each axis."""
    return value if isinstance(value, tuple) else (value, value)


def steps(layer: Any) -> tuple[int, int]:
    """The stride along each axis; a pooling layer that does not say has its kernel's."""
    return both(layer.kernel_size if layer.stride is None else layer.stride)


def length(layer: Any, x: Array, axis: int) -> int:
    """Windows along an axis."""
    given = (both(layer.kernel_size), steps(layer), both(layer.padding))
    (k, s, p), n = (pair[axis] for pair in given), x.shape[2 + axis]
    if not getattr(layer, "ceil_mode", False):
        return int((n + 2 * p - k) // s + 1)
    windows = int(-((k - n - 2 * p) // s) + 1)
    return windows - ((windows - 1) * s >= n + p)  # the last must not begin behind the image


def taps(layer: Any, x: Array, outside: float = 0.0) -> Iterator[Array]:
    """For each tap of the window, what it reads in every place of the window."""
    assert both(getattr(layer, "dilation", 1)) == (1, 1)  # no network here has gaps
    kernel, stride = both(layer.kernel_size), steps(layer)
    counts = [length(layer, x, axis) for axis in (0, 1)]
    # A window may hang over the end by less than its own size.
    sides = [(p, p + k) for p, k in zip(both(layer.padding), kernel, strict=True)]
    padded = np.pad(x, ((0, 0), (0, 0), *sides), constant_values=outside)
    for tap in np.ndindex(kernel):
        rows, columns = (
            slice(at, at + s * (count - 1) + 1, s)
            for at, s, count in zip(tap, stride, counts, strict=True)
        )
        yield padded[:, :, rows, columns]


# -- what tests ask for


@pytest.fixture(scope="session")
def machine() -> type[Machine]:
    """What runs networks."""
    return Machine


@pytest.fixture(scope="session")
def moved() -> Callable[..., Array]:
    """A function that brightens pixels of an image, one at a time, and says what moves.

    It takes layers, an image, the pixels and options of the machine, and gives for each pixel and
    each place of the output whether any channel there differs from the first image's.
    """

    def moving(
        layers: of.Layer, image: Array, pixels: list[tuple[int, int]], **options: Any
    ) -> Array:
        images = np.stack([image] * (1 + len(pixels)))
        for at, (row, column) in enumerate(pixels, start=1):
            images[at, :, row, column] += 100
        y = Machine(np.random.default_rng(0), **options).run(layers, images)
        assert np.isfinite(y).all()
        return (y[1:] != y[:1]).any(axis=1)

    return moving
