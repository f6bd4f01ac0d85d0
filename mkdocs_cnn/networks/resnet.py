"""ResNet (He, Zhang, Ren and Sun 2015)."""

from __future__ import annotations

from functools import cache

from mkdocs_cnn.layers.branches import Residual
from mkdocs_cnn.layers.convolution import Conv2d
from mkdocs_cnn.layers.layer import Layer
from mkdocs_cnn.layers.linear import Linear
from mkdocs_cnn.layers.normalisation import BatchNorm2d
from mkdocs_cnn.layers.pooling import AdaptiveAvgPool2d, MaxPool2d
from mkdocs_cnn.layers.sequential import Sequential
from mkdocs_cnn.layers.weightless import Flatten, ReLU
from mkdocs_cnn.networks.network import network

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


def _conv(below: int, channels: int, kernel_size: int, stride: int = 1) -> Conv2d:
    padding = kernel_size // 2
    return Conv2d(below, channels, kernel_size, stride=stride, padding=padding, bias=False)


def _shortcut(below: int, channels: int, stride: int) -> Sequential | None:
    if below == channels and stride == 1:
        return None
    return Sequential(conv=_conv(below, channels, 1, stride), bn=BatchNorm2d(channels))


@cache
def _basic(below: int, width: int, stride: int) -> Sequential:
    body = Sequential(
        conv1=_conv(below, width, 3, stride),
        bn1=BatchNorm2d(width),
        relu=ReLU(),
        conv2=_conv(width, width, 3),
        bn2=BatchNorm2d(width),
    )
    return Sequential(block=Residual(body, _shortcut(below, width, stride)), relu=ReLU())


@cache
def _bottleneck(below: int, width: int, strides: tuple[int, int]) -> Sequential:
    """1 x 1, 3 x 3, 1 x 1; the stride stands on the first of them or on the second."""
    channels = EXPANSION * width
    body = Sequential(
        conv1=_conv(below, width, 1, strides[0]),
        bn1=BatchNorm2d(width),
        relu1=ReLU(),
        conv2=_conv(width, width, 3, strides[1]),
        bn2=BatchNorm2d(width),
        relu2=ReLU(),
        conv3=_conv(width, channels, 1),
        bn3=BatchNorm2d(channels),
    )
    shortcut = _shortcut(below, channels, strides[0] * strides[1])
    return Sequential(block=Residual(body, shortcut), relu=ReLU())


def _stages(depth: int, *, stride_on_first: bool) -> dict[str, Layer]:
    stages: dict[str, Layer] = {}
    below = 64
    for at, (width, blocks) in enumerate(zip(WIDTHS, BLOCKS[depth], strict=True), start=1):
        stride = 1 if at == 1 else 2
        made: list[Layer] = []
        for step in [stride] + [1] * (blocks - 1):
            if depth < 50:
                made.append(_basic(below, width, step))
                below = width
            else:
                strides = (step, 1) if stride_on_first else (1, step)
                made.append(_bottleneck(below, width, strides))
                below = EXPANSION * width
        stages[f"layer{at}"] = Sequential(*made)
    return stages


def _network(depth: int, *, stride_on_first: bool = False) -> tuple[Sequential, Sequential]:
    features = Sequential(
        conv1=_conv(3, 64, 7, 2),
        bn1=BatchNorm2d(64),
        relu=ReLU(),
        maxpool=MaxPool2d(3, stride=2, padding=1),
        **_stages(depth, stride_on_first=stride_on_first),
    )
    channels = 512 if depth < 50 else EXPANSION * 512
    classifier = Sequential(
        avgpool=AdaptiveAvgPool2d(1), flatten=Flatten(), fc=Linear(channels, 1000)
    )
    return features, classifier


def _declare(depth: int) -> None:
    title = f"ResNet-{depth}"
    variant = "" if depth < 50 else "stride on the 3 × 3, as in torchvision"

    @network(f"resnet{depth}", title=title, year=2015, source="he-2015", variant=variant)
    def resnet() -> tuple[Sequential, Sequential]:
        return _network(depth)

    if depth < 50:
        return
    first = "as first published: stride on the first 1 × 1"

    @network(f"resnet{depth}_as_published", title=title, year=2015, source="he-2015", variant=first)
    def as_published() -> tuple[Sequential, Sequential]:
        return _network(depth, stride_on_first=True)


for _depth in BLOCKS:
    _declare(_depth)
