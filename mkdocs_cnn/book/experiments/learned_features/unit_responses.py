"""The units of a stack of convolutions: what they see, and what excites them most."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mkdocs_cnn.experiments.neural.layers import Conv2d, pair
from mkdocs_cnn.experiments.neural.network import Network, NetworkWeights

Array = NDArray[Any]
Place = tuple[int, int, int]
"""The number of a photograph, and the row and column of the corner of a patch of it."""


def depths(network: Network) -> range:
    """The convolutions of a network, counted from 1."""
    return range(1, 1 + sum(isinstance(layer, Conv2d) for layer in network.layers))


def convolve(network: Network, weights: NetworkWeights, x: Array, depth: int) -> Array:
    """The outputs of a convolution before its activation; the first has the depth 1.

    The network holds convolutions and layers that keep the shape; the images `(n, channels, height,
    width)` are of any size that the kernels fit into.
    """
    for layer, of_layer in zip(network.layers, weights, strict=True):
        x, _ = layer.forward(of_layer, x)
        depth -= isinstance(layer, Conv2d)
        if not depth:
            break
    return x


def field(network: Network, depth: int) -> tuple[int, int]:
    """The receptive field of a convolution's units: its size and its stride, in pixels.

    Convolutions are counted from 1; they have square kernels and no padding.
    """
    size, stride = 1, 1
    for layer in [layer for layer in network.layers if isinstance(layer, Conv2d)][:depth]:
        size += (pair(layer.kernel_size)[0] - 1) * stride
        stride *= layer.stride
    return size, stride


def exciting(
    network: Network, weights: NetworkWeights, photographs: Sequence[Array], *, count: int
) -> tuple[tuple[tuple[Place, ...], ...], ...]:
    """By layer and unit, the places in photographs that excite it most."""
    by_layer = []
    for depth in depths(network):
        size, stride = field(network, depth)
        respond = partial(convolve, network, weights, depth=depth)
        by_layer.append(strongest(respond, photographs, size=size, stride=stride, count=count))
    return tuple(by_layer)


def strongest(
    respond: Callable[[Array], Array],
    photographs: Sequence[Array],
    *,
    size: int,
    stride: int,
    count: int,
) -> tuple[tuple[Place, ...], ...]:
    """For each unit the patches that excite it most, the strongest first; no two overlap.

    Args:
        respond: Takes pictures `(1, channels, height, width)`, gives `(1, units, rows, columns)`.
        photographs: Where they are looked for: each `(channels, height, width)`.
        size: Of what a unit sees, in pixels.
        stride: Pixels from one of its places to the next.
        count: How many to each unit.
    """
    answers = [respond(photograph[None])[0] for photograph in photographs]
    places = np.concatenate([_places(n, each, stride) for n, each in enumerate(answers)])
    flat = np.concatenate([each.reshape(len(each), -1) for each in answers], axis=1)
    return tuple(_apart(unit, places, size, count) for unit in flat)


def _places(photograph: int, answers: Array, stride: int) -> Array:
    """Where the answers of a unit stand, one row for each."""
    corners = np.mgrid[: answers.shape[1], : answers.shape[2]].reshape(2, -1).T * stride
    return np.insert(corners, 0, photograph, axis=1)


def _apart(answers: Array, places: Array, size: int, count: int) -> tuple[Place, ...]:
    left, chosen = answers.copy(), []
    for _ in range(count):
        photograph, row, column = places[left.argmax()]
        chosen.append((int(photograph), int(row), int(column)))
        near = np.abs(places[:, 1:] - (row, column)).max(axis=1) < size
        left[near & (places[:, 0] == photograph)] = -np.inf
    return tuple(chosen)


def first_kernels(network: Network, weights: NetworkWeights) -> Array:
    """The kernels of the first convolution: `(units, 3, height, width)`."""
    first = network.layers[0]
    assert isinstance(first, Conv2d)
    size = pair(first.kernel_size)
    return weights[0][0].reshape(first.out_channels, first.in_channels, *size)


def quantise(kernels: Array) -> Any:
    """Kernels `(units, channels, height, width)` as nested tuples; the largest weights are ±127."""
    largest = np.abs(kernels).max(axis=(1, 2, 3), keepdims=True)

    def frozen(held: Any) -> Any:
        return tuple(map(frozen, held)) if isinstance(held, list) else held

    return frozen(np.rint(127 * kernels / largest).astype(int).tolist())
