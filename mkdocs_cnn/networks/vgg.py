"""VGG (Simonyan and Zisserman 2014): configurations A, B, D and E of table 1."""

from __future__ import annotations

from mkdocs_cnn.layers.convolution import Conv2d
from mkdocs_cnn.layers.layer import Layer
from mkdocs_cnn.layers.linear import Linear
from mkdocs_cnn.layers.pooling import AdaptiveAvgPool2d, MaxPool2d
from mkdocs_cnn.layers.sequential import Sequential
from mkdocs_cnn.layers.weightless import Dropout, Flatten, ReLU
from mkdocs_cnn.networks.network import network

CHANNELS = (64, 128, 256, 512, 512)
CONVOLUTIONS = {  # before each pooling
    11: (1, 1, 2, 2, 2),
    13: (2, 2, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
    19: (2, 2, 4, 4, 4),
}


def _features(convolutions: tuple[int, ...]) -> Sequential:
    layers: dict[str, Layer] = {}
    below = 3
    for block, (channels, depth) in enumerate(zip(CHANNELS, convolutions, strict=True), start=1):
        for at in range(1, depth + 1):
            layers[f"conv{block}_{at}"] = Conv2d(below, channels, kernel_size=3, padding=1)
            layers[f"relu{block}_{at}"] = ReLU()
            below = channels
        layers[f"pool{block}"] = MaxPool2d(2)
    return Sequential(**layers)


def _classifier() -> Sequential:
    return Sequential(
        avgpool=AdaptiveAvgPool2d(7),
        flatten=Flatten(),
        fc6=Linear(512 * 7 * 7, 4096),
        relu6=ReLU(),
        dropout6=Dropout(),
        fc7=Linear(4096, 4096),
        relu7=ReLU(),
        dropout7=Dropout(),
        fc8=Linear(4096, 1000),
    )


def _declare(depth: int) -> None:
    @network(f"vgg{depth}", title=f"VGG-{depth}", year=2014, source="simonyan-2014")
    def vgg() -> tuple[Sequential, Sequential]:
        return _features(CONVOLUTIONS[depth]), _classifier()


for _depth in CONVOLUTIONS:
    _declare(_depth)
