"""DenseNet-121 (Huang, Liu, van der Maaten and Weinberger 2016)."""

from __future__ import annotations

from mkdocs_cnn import layers as nn
from mkdocs_cnn.networks.network import FeaturesAndClassifier, network

GROWTH = 32
"""Channels that each layer adds."""
LAYERS = (6, 12, 24, 16)
"""In each of four blocks: table 1 of the paper."""


def _dense_layer(below: int) -> nn.Concat:
    new = nn.Sequential(
        norm1=nn.BatchNorm2d(below),
        relu1=nn.ReLU(),
        conv1=nn.Conv2d(below, 4 * GROWTH, 1, bias=False),
        norm2=nn.BatchNorm2d(4 * GROWTH),
        relu2=nn.ReLU(),
        conv2=nn.Conv2d(4 * GROWTH, GROWTH, 3, padding=1, bias=False),
    )
    return nn.Concat(old=nn.Identity(), new=new)


def _transition(below: int) -> nn.Sequential:
    return nn.Sequential(
        norm=nn.BatchNorm2d(below),
        relu=nn.ReLU(),
        conv=nn.Conv2d(below, below // 2, 1, bias=False),
        pool=nn.AvgPool2d(2),
    )


@network("densenet121", title="DenseNet-121", year=2016, source="huang-2016")
def densenet121() -> FeaturesAndClassifier:
    """Every layer reads all those before it in its block."""
    layers: dict[str, nn.Layer] = {
        "conv0": nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
        "norm0": nn.BatchNorm2d(64),
        "relu0": nn.ReLU(),
        "pool0": nn.MaxPool2d(3, stride=2, padding=1),
    }
    channels = 64
    for at, depth in enumerate(LAYERS, start=1):
        block = [_dense_layer(channels + GROWTH * number) for number in range(depth)]
        layers[f"denseblock{at}"] = nn.Sequential(
            **{f"denselayer{number}": layer for number, layer in enumerate(block, start=1)}
        )
        channels += GROWTH * depth
        if at < len(LAYERS):
            layers[f"transition{at}"] = _transition(channels)
            channels //= 2
    layers |= {"norm5": nn.BatchNorm2d(channels), "relu5": nn.ReLU()}
    classifier = nn.Sequential(
        avgpool=nn.AdaptiveAvgPool2d(1), flatten=nn.Flatten(), classifier=nn.Linear(channels, 1000)
    )
    return nn.Sequential(**layers), classifier
