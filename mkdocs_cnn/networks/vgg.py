"""VGG (Simonyan and Zisserman 2014): configurations A, B, D and E of table 1."""

from __future__ import annotations

from mkdocs_cnn import layers as nn
from mkdocs_cnn.networks.network import FeaturesAndClassifier, network

CHANNELS = (64, 128, 256, 512, 512)
CONVOLUTIONS = {  # before each pooling
    11: (1, 1, 2, 2, 2),
    13: (2, 2, 2, 2, 2),
    16: (2, 2, 3, 3, 3),
    19: (2, 2, 4, 4, 4),
}


def _features(convolutions: tuple[int, ...]) -> nn.Sequential:
    layers: dict[str, nn.Layer] = {}
    below = 3
    for block, (channels, depth) in enumerate(zip(CHANNELS, convolutions, strict=True), start=1):
        for at in range(1, depth + 1):
            layers[f"conv{block}_{at}"] = nn.Conv2d(below, channels, kernel_size=3, padding=1)
            layers[f"relu{block}_{at}"] = nn.ReLU()
            below = channels
        layers[f"pool{block}"] = nn.MaxPool2d(2)
    return nn.Sequential(**layers)


def _classifier() -> nn.Sequential:
    return nn.Sequential(
        avgpool=nn.AdaptiveAvgPool2d(7),
        flatten=nn.Flatten(),
        fc6=nn.Linear(512 * 7 * 7, 4096),
        relu6=nn.ReLU(),
        dropout6=nn.Dropout(),
        fc7=nn.Linear(4096, 4096),
        relu7=nn.ReLU(),
        dropout7=nn.Dropout(),
        fc8=nn.Linear(4096, 1000),
    )


def _declare(depth: int) -> None:
    @network(f"vgg{depth}", title=f"VGG-{depth}", year=2014, source="simonyan-2014")
    def vgg() -> FeaturesAndClassifier:
        return _features(CONVOLUTIONS[depth]), _classifier()


for _depth in CONVOLUTIONS:
    _declare(_depth)
