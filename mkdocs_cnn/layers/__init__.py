"""Layers in PyTorch's words, and what can be counted once a layer is put on an input.

A layer is a specification and holds no weights. Put on an input it answers with exact counts,
each of which remembers its working:

    >>> lesson = Conv2d(3, 6, kernel_size=5).on(3, 32, 32)
    >>> lesson.output_shape
    (6, 28, 28)
    >>> lesson.parameters
    456
    >>> lesson.parameters.worked
    '(5 · 5 · 3 + 1) · 6 = 456'
    >>> lesson.dense.weights, lesson.unshared.weights, lesson.weights
    (14450688, 352800, 450)

Shapes are channels first, without a batch. One multiply and one add are 1 MAC; biases are not
counted among the MACs.
"""

# mypy: implicit-reexport
# ruff: noqa: F401  # what is imported here is imported from here

from __future__ import annotations

import inspect
from importlib import import_module

from mkdocs_cnn.layers.branches import Concat, Gate, Residual, squeeze_excitation
from mkdocs_cnn.layers.convolution import (
    Conv1d,
    Conv2d,
    LocallyConnected2d,
    PlacedConv,
    PlacedLocallyConnected2d,
)
from mkdocs_cnn.layers.layer import Layer, Placed, Row, Rows, Shape, count
from mkdocs_cnn.layers.linear import Linear, PlacedLinear
from mkdocs_cnn.layers.normalisation import BatchNorm2d, LayerNorm, Scale
from mkdocs_cnn.layers.pooling import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d
from mkdocs_cnn.layers.sequential import PlacedCombined, PlacedSequential, Sequential
from mkdocs_cnn.layers.transposed_convolution import ConvTranspose2d
from mkdocs_cnn.layers.weightless import (
    GELU,
    Dropout,
    Flatten,
    Identity,
    LocalResponseNorm,
    ReLU,
    ReLU6,
    Select,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
)
from mkdocs_cnn.registry import modules, place_of, twice

LAYERS: dict[str, type[Layer]] = {
    name: thing
    for name, thing in globals().items()
    if inspect.isclass(thing) and issubclass(thing, Layer) and thing is not Layer
}
"""Every layer of this package by its name."""


def known_layers() -> dict[str, type[Layer]]:
    """Every layer by its name, as pages and the command line may write it.

    Besides those of this package they are the public layers that content packages define in their
    module `layers`, or in the modules of that package.

    Raises:
        ValueError: If a name is taken.
    """
    layers = dict(LAYERS)
    for module in modules("layers"):
        for layer in _defined_in(module):
            name = layer.__name__
            if name in layers:
                places = place_of(layers[name]), place_of(layer)
                raise twice(f"layer {name!r} is defined", *places)
            layers[name] = layer
    return layers


def _defined_in(module: str) -> list[type[Layer]]:
    """The public layers that a module itself defines, not those that it imports."""
    classes = dict.fromkeys(filter(inspect.isclass, vars(import_module(module)).values()))
    layers = [one for one in classes if issubclass(one, Layer) and one.__module__ == module]
    return [layer for layer in layers if not layer.__name__.startswith("_")]
