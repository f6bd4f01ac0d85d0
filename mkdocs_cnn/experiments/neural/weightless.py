"""Layers without weights: activations and pooling."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mkdocs_cnn.experiments.neural.layers import (
    Array,
    Pullback,
    Weights,
    pad,
    pair,
    taps,
    unpad,
)

_BINOMIAL = [down * right / 16 for down in (1, 2, 1) for right in (1, 2, 1)]


class Unweighted:
    """A layer without weights."""

    def initial(self, rng: np.random.Generator) -> Weights:
        """None."""
        return ()


@dataclass(frozen=True)
class ReLU(Unweighted):
    """What is negative becomes 0."""

    def forward(self, weights: Weights, x: Array) -> tuple[Array, Pullback]:
        """Of the shape of `x`."""
        passed = x > 0
        return x * passed, lambda upstream: (upstream * passed, ())


@dataclass(frozen=True)
class MaxPool2d(Unweighted):
    """The largest value of each window; of equal ones the first takes the gradient."""

    kernel_size: int  # height and width of the window
    stride: int | None = None  # steps of the window; None for its size

    def forward(self, weights: Weights, x: Array) -> tuple[Array, Pullback]:
        """`(n, channels, output_height, output_width)`."""
        kernel, stride = pair(self.kernel_size), self.stride or self.kernel_size
        by_tap = np.stack(taps(x, kernel, stride))
        best = by_tap.argmax(axis=0)

        def pullback(upstream: Array) -> tuple[Array, Weights]:
            of_x = np.zeros(x.shape)
            for tap, place in enumerate(taps(of_x, kernel, stride)):
                place += upstream * (best == tap)
            return of_x, ()

        return by_tap.max(axis=0), pullback


@dataclass(frozen=True)
class BlurPool2d(Unweighted):
    """A binomial blur of 3 × 3 on a ring, of which every second value is kept (Zhang 2019)."""

    stride: int = 2  # steps of the window

    def forward(self, weights: Weights, x: Array) -> tuple[Array, Pullback]:
        """`(n, channels, output_height, output_width)`."""
        wide = pad(x, 1, "circular")
        by_tap = taps(wide, (3, 3), self.stride)
        y = np.zeros(by_tap[0].shape)
        for weight, values in zip(_BINOMIAL, by_tap, strict=True):
            y += weight * values

        def pullback(upstream: Array) -> tuple[Array, Weights]:
            of_wide = np.zeros(wide.shape)
            places = taps(of_wide, (3, 3), self.stride)
            for weight, place in zip(_BINOMIAL, places, strict=True):
                place += weight * upstream
            return unpad(of_wide, 1, "circular"), ()

        return y, pullback


@dataclass(frozen=True)
class GlobalAvgPool2d(Unweighted):
    """The mean of each channel."""

    def forward(self, weights: Weights, x: Array) -> tuple[Array, Pullback]:
        """`(n, channels)`."""
        area = x.shape[2] * x.shape[3]

        def pullback(upstream: Array) -> tuple[Array, Weights]:
            return np.broadcast_to(upstream[:, :, None, None] / area, x.shape), ()

        return x.mean(axis=(2, 3)), pullback
