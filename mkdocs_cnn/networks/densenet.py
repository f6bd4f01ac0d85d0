"""DenseNet-121 (Huang, Liu, van der Maaten and Weinberger 2016)."""

from __future__ import annotations

from mkdocs_cnn.layers.branches import Concat
from mkdocs_cnn.layers.convolution import Conv2d
from mkdocs_cnn.layers.layer import Layer
from mkdocs_cnn.layers.linear import Linear
from mkdocs_cnn.layers.normalisation import BatchNorm2d
from mkdocs_cnn.layers.pooling import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d
from mkdocs_cnn.layers.sequential import Sequential
from mkdocs_cnn.layers.weightless import Flatten, Identity, ReLU
from mkdocs_cnn.networks.network import network

GROWTH = 32
"""Channels that each layer adds."""
LAYERS = (6, 12, 24, 16)
"""In each of four blocks: table 1 of the paper."""


def _dense_layer(below: int) -> Concat:
    new = Sequential(
        norm1=BatchNorm2d(below),
        relu1=ReLU(),
        conv1=Conv2d(below, 4 * GROWTH, 1, bias=False),
        norm2=BatchNorm2d(4 * GROWTH),
        relu2=ReLU(),
        conv2=Conv2d(4 * GROWTH, GROWTH, 3, padding=1, bias=False),
    )
    return Concat(old=Identity(), new=new)


def _transition(below: int) -> Sequential:
    return Sequential(
        norm=BatchNorm2d(below),
        relu=ReLU(),
        conv=Conv2d(below, below // 2, 1, bias=False),
        pool=AvgPool2d(2),
    )


@network("densenet121", title="DenseNet-121", year=2016, source="huang-2016")
def densenet121() -> tuple[Sequential, Sequential]:
    """Every layer reads all those before it in its block."""
    layers: dict[str, Layer] = {
        "conv0": Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
        "norm0": BatchNorm2d(64),
        "relu0": ReLU(),
        "pool0": MaxPool2d(3, stride=2, padding=1),
    }
    channels = 64
    for at, depth in enumerate(LAYERS, start=1):
        block = [_dense_layer(channels + GROWTH * number) for number in range(depth)]
        layers[f"denseblock{at}"] = Sequential(
            **{f"denselayer{number}": layer for number, layer in enumerate(block, start=1)}
        )
        channels += GROWTH * depth
        if at < len(LAYERS):
            layers[f"transition{at}"] = _transition(channels)
            channels //= 2
    layers |= {"norm5": BatchNorm2d(channels), "relu5": ReLU()}
    classifier = Sequential(
        avgpool=AdaptiveAvgPool2d(1), flatten=Flatten(), classifier=Linear(channels, 1000)
    )
    return Sequential(**layers), classifier
