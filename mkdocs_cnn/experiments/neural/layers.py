"""Layers that learn: each turns weights and inputs into outputs and the way back.

A layer holds its sizes and no weights. Its forward pass gives the outputs and a *pullback*: the
function that takes the rates at which something changes with the outputs, and gives the rates at
which it changes with the inputs and with the weights.

    >>> layer = Linear(3, 2)
    >>> weights = (np.array([[1.0, 2, 3], [0, 0, 1]]), np.zeros(2))
    >>> y, pullback = layer.forward(weights, np.array([[1.0, 1, 1]]))
    >>> y
    array([[6., 1.]])
    >>> of_x, of_weights = pullback(np.array([[1.0, 0]]))
    >>> of_x, of_weights[0]
    (array([[1., 2., 3.]]), array([[1., 1., 1.],
           [0., 0., 0.]]))

Images are `(n, channels, height, width)`, in double precision, so that another machine gives the
same digits but for the last ones. The names and arguments are PyTorch's. This is what
`mkdocs_cnn.arrays` does over again, for speed and for training only, and imports nothing of it: an
edit to the counting must not make what was trained stale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Weights = tuple[Array, ...]
Pullback = Callable[[Array], tuple[Array, Weights]]
Pair = int | tuple[int, int]


class Layer(Protocol):
    """What a network is made of."""

    def initial(self, rng: np.random.Generator) -> Weights:
        """Weights to begin with; () where there are none."""

    def forward(self, weights: Weights, x: Array) -> tuple[Array, Pullback]:
        """The outputs, and the function that takes rates of the outputs back."""


def pair(size: Pair) -> tuple[int, int]:
    """A size for both axes, from one number or two."""
    return (size, size) if isinstance(size, int) else size


def he_normal(rng: np.random.Generator, *shape: int, fan_in: int) -> Array:
    """Normal weights with variance 2 / fan_in, which keep the scale of activations under ReLU."""
    return rng.normal(0, np.sqrt(2 / fan_in), shape)


@dataclass(frozen=True)
class Linear:
    """Every input meets every output; what comes is flattened."""

    in_features: int  # values of one example
    out_features: int  # outputs

    def initial(self, rng: np.random.Generator) -> Weights:
        """`(out_features, in_features)` and `(out_features,)`."""
        weight = he_normal(rng, self.out_features, self.in_features, fan_in=self.in_features)
        return weight, np.zeros(self.out_features)

    def forward(self, weights: Weights, x: Array) -> tuple[Array, Pullback]:
        """`(n, out_features)`."""
        weight, bias = weights
        flat = x.reshape(len(x), -1)

        def pullback(upstream: Array) -> tuple[Array, Weights]:
            of_weights = upstream.T @ flat, upstream.sum(0)
            return (upstream @ weight).reshape(x.shape), of_weights

        return flat @ weight.T + bias, pullback


@dataclass(frozen=True)
class Conv2d:
    """The same weights at every position."""

    in_channels: int  # channels that come
    out_channels: int  # filters
    kernel_size: Pair  # height and width of a window, or one number for both
    stride: int = 1  # steps of the window, on both axes
    padding: int = 0  # positions added on each side, of both axes
    # "zeros", or "circular" for what leaves on one side to come in on the other.
    padding_mode: Literal["zeros", "circular"] = "zeros"

    def initial(self, rng: np.random.Generator) -> Weights:
        """`(out_channels, in_channels · kernel_height · kernel_width)` and `(out_channels,)`."""
        taps = self.in_channels * int(np.prod(pair(self.kernel_size)))
        return he_normal(rng, self.out_channels, taps, fan_in=taps), np.zeros(self.out_channels)

    def forward(self, weights: Weights, x: Array) -> tuple[Array, Pullback]:
        """`(n, out_channels, output_height, output_width)`."""
        weight, bias = weights
        wide, kernel = pad(x, self.padding, self.padding_mode), pair(self.kernel_size)
        columns, output = unfold(wide, kernel, self.stride)
        y = weight @ columns + bias[:, None]

        def pullback(upstream: Array) -> tuple[Array, Weights]:
            rates = upstream.transpose(1, 0, 2, 3).reshape(self.out_channels, -1)
            of_wide = fold(weight.T @ rates, wide.shape, kernel, self.stride)
            of_x = unpad(of_wide, self.padding, self.padding_mode)
            return of_x, (rates @ columns.T, rates.sum(1))

        return y.reshape(self.out_channels, len(x), *output).transpose(1, 0, 2, 3), pullback


@dataclass(frozen=True)
class LocallyConnected2d:
    """The connections of a convolution, each with a weight of its own."""

    in_channels: int  # channels that come
    out_channels: int  # outputs at each position
    input_size: tuple[int, int]  # height and width of what comes
    kernel_size: Pair  # height and width of a window, or one number for both
    stride: int = 1  # steps of the window, on both axes
    # Positions of zeros added on each side, of both axes. Weights stand on connections: a tap that
    # falls on padding has none that counts.
    padding: int = 0

    @property
    def output_size(self) -> tuple[int, int]:
        """Height and width of what leaves."""
        high, wide = (
            (size + 2 * self.padding - kernel) // self.stride + 1
            for size, kernel in zip(self.input_size, pair(self.kernel_size), strict=True)
        )
        return high, wide

    @property
    def connected(self) -> Array:
        """1 where a tap of a position meets an input, 0 on padding: `(positions, taps)`."""
        ones = np.ones((1, self.in_channels, *self.input_size))
        return unfold(pad(ones, self.padding), pair(self.kernel_size), self.stride)[0].T

    def initial(self, rng: np.random.Generator) -> Weights:
        """`(positions, taps, out_channels)` and `(positions, out_channels)`."""
        connected = self.connected
        positions, taps = connected.shape
        weight = he_normal(rng, positions, taps, self.out_channels, fan_in=taps)
        return weight * connected[..., None], np.zeros((positions, self.out_channels))

    def forward(self, weights: Weights, x: Array) -> tuple[Array, Pullback]:
        """`(n, out_channels, output_height, output_width)`."""
        weight, bias = weights
        wide, kernel = pad(x, self.padding), pair(self.kernel_size)
        columns, output = unfold(wide, kernel, self.stride)
        by_position = columns.reshape(-1, len(x), len(weight)).transpose(2, 1, 0)
        y = by_position @ weight + bias[:, None]

        def pullback(upstream: Array) -> tuple[Array, Weights]:
            rates = upstream.reshape(len(x), self.out_channels, -1).transpose(2, 0, 1)
            of_columns = (rates @ weight.transpose(0, 2, 1)).transpose(2, 1, 0)
            of_wide = fold(of_columns.reshape(columns.shape), wide.shape, kernel, self.stride)
            # Taps on padding read zeros, so their weights are never changed.
            of_weights = by_position.transpose(0, 2, 1) @ rates, rates.sum(1)
            return unpad(of_wide, self.padding), of_weights

        return y.transpose(1, 2, 0).reshape(len(x), self.out_channels, *output), pullback


# -- windows


def pad(x: Array, by: int, mode: str = "zeros") -> Array:
    """Images with positions added on each side of both axes.

    Raises:
        ValueError: If circular padding is wider than the images, which would wrap round twice.
    """
    if not by:
        return x
    if mode == "circular" and by > min(x.shape[2:]):
        raise ValueError(f"circular padding of {by} exceeds images of {x.shape[2:]}")
    sides = ((0, 0), (0, 0), (by, by), (by, by))
    return np.pad(x, sides, mode="wrap") if mode == "circular" else np.pad(x, sides)


def unpad(rates: Array, by: int, mode: str = "zeros") -> Array:
    """What the rates of padded images come to on the images themselves."""
    if not by:
        return rates
    if mode == "circular":
        for axis in (2, 3):
            turned = np.moveaxis(rates, axis, 0).copy()
            turned[by : 2 * by] += turned[-by:]
            turned[-2 * by : -by] += turned[:by]
            rates = np.moveaxis(turned, 0, axis)
    return rates[:, :, by:-by, by:-by]


def taps(x: Array, kernel: tuple[int, int], stride: int) -> list[Array]:
    """What each tap of a kernel meets, over all positions: views of `x`, row by row of the kernel.

    Raises:
        ValueError: If a kernel is larger than the images.
    """
    high, wide = (
        (size - of_kernel) // stride + 1
        for size, of_kernel in zip(x.shape[2:], kernel, strict=True)
    )
    if high < 1 or wide < 1:
        raise ValueError(f"a kernel of {kernel} exceeds images of {x.shape[2:]}, padding included")
    return [
        x[:, :, row : row + stride * high : stride, column : column + stride * wide : stride]
        for row, column in np.ndindex(kernel)
    ]


def unfold(x: Array, kernel: tuple[int, int], stride: int) -> tuple[Array, tuple[int, int]]:
    """What each tap meets, `(channels · taps, n · positions)`, and the output's height and width.

    Raises:
        ValueError: If a kernel is larger than the images.
    """
    by_tap = taps(x, kernel, stride)
    n, channels, high, wide = by_tap[0].shape
    rows = np.empty((channels, len(by_tap), n, high, wide))
    for row, values in enumerate(by_tap):
        rows[:, row] = values.transpose(1, 0, 2, 3)
    return rows.reshape(-1, n * high * wide), (high, wide)


def fold(rows: Array, shape: tuple[int, ...], kernel: tuple[int, int], stride: int) -> Array:
    """The transpose of `unfold`: every value added to where it was read."""
    images = np.zeros((shape[1], shape[0], *shape[2:])).transpose(1, 0, 2, 3)
    by_tap = taps(images, kernel, stride)
    values = rows.reshape(shape[1], len(by_tap), shape[0], *by_tap[0].shape[2:])
    for row, place in enumerate(by_tap):
        place += values[:, row].transpose(1, 0, 2, 3)
    return images
