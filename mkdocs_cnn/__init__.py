"""Computed numbers, worked examples and figures that explain why convolutions."""

from mkdocs_cnn.core.layers import (
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
from mkdocs_cnn.core.networks import networks
from mkdocs_cnn.quantity import Quantity

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
