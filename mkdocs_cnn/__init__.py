"""Computed numbers, worked examples and figures that explain why convolutions."""

# mypy: implicit-reexport
# ruff: noqa: F401  # what is imported here is imported from here

from mkdocs_cnn.layers import (
    GELU,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Concat,
    Conv1d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    Gate,
    Identity,
    Layer,
    LayerNorm,
    Linear,
    LocallyConnected2d,
    LocalResponseNorm,
    MaxPool2d,
    ReLU,
    ReLU6,
    Residual,
    Scale,
    Select,
    Sequential,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
    squeeze_excitation,
)
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity
