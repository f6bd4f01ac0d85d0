"""Computed numbers, worked examples and figures that explain why convolutions."""

from mkdocs_cnn.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Concat,
    Conv1d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    LayerNorm,
    Linear,
    LocallyConnected2d,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
)
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity

__all__ = [
    "AdaptiveAvgPool2d",
    "AvgPool2d",
    "BatchNorm2d",
    "Concat",
    "Conv1d",
    "Conv2d",
    "ConvTranspose2d",
    "Flatten",
    "LayerNorm",
    "Linear",
    "LocallyConnected2d",
    "MaxPool2d",
    "Quantity",
    "ReLU",
    "Residual",
    "Sequential",
    "networks",
]
