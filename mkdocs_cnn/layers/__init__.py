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

from __future__ import annotations

from mkdocs_cnn.layers.branches import PlacedCombined, PlacedSequential
from mkdocs_cnn.layers.convolution import (
    Conv1d,
    Conv2d,
    LocallyConnected2d,
    PlacedConv,
    PlacedLocallyConnected2d,
)
from mkdocs_cnn.layers.layer import Layer, Placed, Shape
from mkdocs_cnn.layers.linear import Linear, PlacedLinear
from mkdocs_cnn.layers.normalisation import BatchNorm2d, LayerNorm, Scale
from mkdocs_cnn.layers.pooling import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d
from mkdocs_cnn.layers.sequential import Concat, Gate, Residual, Sequential, squeeze_excitation
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

LAYERS: dict[str, type[Layer]] = {
    layer.__name__: layer
    for layer in (
        Conv1d,
        Conv2d,
        ConvTranspose2d,
        LocallyConnected2d,
        Linear,
        MaxPool2d,
        AvgPool2d,
        AdaptiveAvgPool2d,
        BatchNorm2d,
        LayerNorm,
        LocalResponseNorm,
        Scale,
        Identity,
        ReLU,
        ReLU6,
        SiLU,
        GELU,
        Sigmoid,
        Tanh,
        Softmax,
        Dropout,
        Flatten,
        Select,
        Sequential,
        Residual,
        Concat,
        Gate,
    )
}
"""Every layer by its name, as pages and the command line may write it."""

__all__ = [
    "GELU",
    "LAYERS",
    "AdaptiveAvgPool2d",
    "AvgPool2d",
    "BatchNorm2d",
    "Concat",
    "Conv1d",
    "Conv2d",
    "ConvTranspose2d",
    "Dropout",
    "Flatten",
    "Gate",
    "Identity",
    "Layer",
    "LayerNorm",
    "Linear",
    "LocalResponseNorm",
    "LocallyConnected2d",
    "MaxPool2d",
    "Placed",
    "PlacedCombined",
    "PlacedConv",
    "PlacedLinear",
    "PlacedLocallyConnected2d",
    "PlacedSequential",
    "ReLU",
    "ReLU6",
    "Residual",
    "Scale",
    "Select",
    "Sequential",
    "Shape",
    "SiLU",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "squeeze_excitation",
]
