"""ResNet (He, Zhang, Ren and Sun 2015)."""

from __future__ import annotations

from functools import partial

from mkdocs_cnn import layers as nn
from mkdocs_cnn.networks.network import FeaturesAndClassifier, network
from mkdocs_cnn.networks.parts import classifier, conv_bn, repeated, same_conv

BLOCKS = {  # in each of four stages: table 1 of the paper
    18: (2, 2, 2, 2),
    34: (3, 4, 6, 3),
    50: (3, 4, 6, 3),
    101: (3, 4, 23, 3),
    152: (3, 8, 36, 3),
}
WIDTHS = (64, 128, 256, 512)
EXPANSION = 4
"""Output channels of a bottleneck for each of its inner ones."""


def _shortcut(below: int, channels: int, stride: int) -> nn.Sequential | None:
    if below == channels and stride == 1:
        return None
    return conv_bn(below, channels, 1, stride=stride)


def _basic(width: int, below: int, stride: int) -> nn.Sequential:
    body = nn.Sequential(
        conv1=same_conv(below, width, 3, stride=stride),
        bn1=nn.BatchNorm2d(width),
        relu=nn.ReLU(),
        conv2=same_conv(width, width, 3),
        bn2=nn.BatchNorm2d(width),
    )
    return nn.Sequential(block=nn.Residual(body, _shortcut(below, width, stride)), relu=nn.ReLU())


def _bottleneck(width: int, stride_on_first: bool, below: int, stride: int) -> nn.Sequential:
    """1 x 1, 3 x 3, 1 x 1; the stride stands on the first of them or on the second."""
    channels = EXPANSION * width
    first, second = (stride, 1) if stride_on_first else (1, stride)
    body = nn.Sequential(
        conv1=same_conv(below, width, 1, stride=first),
        bn1=nn.BatchNorm2d(width),
        relu1=nn.ReLU(),
        conv2=same_conv(width, width, 3, stride=second),
        bn2=nn.BatchNorm2d(width),
        relu2=nn.ReLU(),
        conv3=same_conv(width, channels, 1),
        bn3=nn.BatchNorm2d(channels),
    )
    shortcut = _shortcut(below, channels, stride)
    return nn.Sequential(block=nn.Residual(body, shortcut), relu=nn.ReLU())


def _network(depth: int, *, stride_on_first: bool = False) -> FeaturesAndClassifier:
    layers: dict[str, nn.Layer] = {
        "conv1": same_conv(3, 64, 7, stride=2),
        "bn1": nn.BatchNorm2d(64),
        "relu": nn.ReLU(),
        "maxpool": nn.MaxPool2d(3, stride=2, padding=1),
    }
    below = 64
    for at, (width, blocks) in enumerate(zip(WIDTHS, BLOCKS[depth], strict=True), start=1):
        block, channels = partial(_basic, width), width
        if depth >= 50:
            block, channels = partial(_bottleneck, width, stride_on_first), EXPANSION * width
        stride = 1 if at == 1 else 2
        layers[f"layer{at}"] = nn.Sequential(*repeated(block, below, channels, stride, blocks))
        below = channels
    return nn.Sequential(**layers), classifier(below)


def _declare(depth: int) -> None:
    title = f"ResNet-{depth}"
    variant = "" if depth < 50 else "stride on the 3 × 3, as in torchvision"

    @network(f"resnet{depth}", title=title, year=2015, source="he-2015", variant=variant)
    def resnet() -> FeaturesAndClassifier:
        return _network(depth)

    if depth < 50:
        return
    first = "as first published: stride on the first 1 × 1"

    @network(f"resnet{depth}_as_published", title=title, year=2015, source="he-2015", variant=first)
    def as_published() -> FeaturesAndClassifier:
        return _network(depth, stride_on_first=True)


for _depth in BLOCKS:
    _declare(_depth)
