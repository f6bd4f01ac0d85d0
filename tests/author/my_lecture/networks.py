"""The network of the lecture."""

from __future__ import annotations

from mkdocs_cnn.layers import Conv2d, Flatten, Linear, ReLU, Sequential
from mkdocs_cnn.networks.network import network


@network(
    "two_layers",
    title="Two layers",
    year=2026,
    source="my-source-2026",
    input_shape=(1, 8, 8),
)
def two_layers() -> tuple[Sequential, Sequential]:
    """A convolution, then a dense layer."""
    features = Sequential(conv=Conv2d(1, 4, kernel_size=3, padding=1), relu=ReLU())
    return features, Sequential(flatten=Flatten(), dense=Linear(256, 10))
