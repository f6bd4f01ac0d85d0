"""Computed numbers, worked examples and figures that explain why convolutions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
from mkdocs_cnn.quantity import Quantity

if TYPE_CHECKING:
    from mkdocs_cnn.core.networks import networks

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


def __getattr__(name: str) -> Any:
    if name == "networks":  # a site that shows none need not load their layers
        from mkdocs_cnn.core.networks import networks

        return networks
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
