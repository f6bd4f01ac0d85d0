"""Layers in a row, whose pullbacks run the other way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mkdocs_cnn.experiments.neural.layers import Array, Layer, LocallyConnected2d, Weights

NetworkWeights = tuple[Weights, ...]
NetworkPullback = Callable[[Array], tuple[Array, NetworkWeights]]


@dataclass(frozen=True)
class Network:
    """Layers, each fed with the outputs of the one before."""

    layers: tuple[Layer, ...]  # in order from the input

    def initial(self, rng: np.random.Generator) -> NetworkWeights:
        """Weights to begin with, layer by layer."""
        return tuple(layer.initial(rng) for layer in self.layers)

    @property
    def parameters(self) -> int:
        """How many numbers are learned, weights and biases."""
        return sum(map(_parameters, self.layers))

    def __call__(self, weights: NetworkWeights, x: Array, *, batch_size: int = 256) -> Array:
        """The outputs; computed some examples at a time, which costs less memory."""
        parts = [x[start : start + batch_size] for start in range(0, len(x), batch_size)]
        return np.concatenate([self.activations(weights, part)[-1] for part in parts])

    def activations(self, weights: NetworkWeights, x: Array) -> tuple[Array, ...]:
        """The outputs of each layer."""
        outputs = []
        for layer, of_layer in zip(self.layers, weights, strict=True):
            x, _ = layer.forward(of_layer, x)
            outputs.append(x)
        return tuple(outputs)

    def forward(self, weights: NetworkWeights, x: Array) -> tuple[Array, NetworkPullback]:
        """The outputs, and the function that takes their rates back."""
        pullbacks = []
        for layer, of_layer in zip(self.layers, weights, strict=True):
            x, pullback = layer.forward(of_layer, x)
            pullbacks.append(pullback)

        def back(upstream: Array) -> tuple[Array, NetworkWeights]:
            gradients = []
            for pullback in reversed(pullbacks):
                upstream, of_layer = pullback(upstream)
                gradients.append(of_layer)
            return upstream, tuple(reversed(gradients))

        return x, back


def _parameters(layer: Layer) -> int:
    """Those of one layer; weights that stand on no connection are none."""
    shapes = layer.initial(np.random.default_rng(0))
    absent = 0
    if isinstance(layer, LocallyConnected2d):
        absent = int((1 - layer.connected).sum()) * layer.out_channels
    return sum(weight.size for weight in shapes) - absent
