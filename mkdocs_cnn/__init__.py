"""Computed numbers, worked examples and figures that explain why convolutions."""

from mkdocs_cnn.core.layers import Conv2d, Linear, LocallyConnected2d
from mkdocs_cnn.quantity import Quantity

__all__ = ["Conv2d", "Linear", "LocallyConnected2d", "Quantity"]
