"""MobileNetV1 (Howard et al. 2017) and MobileNetV2 (Sandler et al. 2018), width 1."""

from __future__ import annotations

from functools import cache

from mkdocs_cnn.layers.branches import Residual
from mkdocs_cnn.layers.convolution import Conv2d
from mkdocs_cnn.layers.layer import Layer
from mkdocs_cnn.layers.linear import Linear
from mkdocs_cnn.layers.normalisation import BatchNorm2d
from mkdocs_cnn.layers.pooling import AdaptiveAvgPool2d
from mkdocs_cnn.layers.sequential import Sequential
from mkdocs_cnn.layers.weightless import Dropout, Flatten, ReLU, ReLU6
from mkdocs_cnn.networks.network import network

# Table 1 of the first paper: output channels and stride of each depthwise separable block.
SEPARABLE = (
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    *((512, 1),) * 5,
    (1024, 2),
    (1024, 1),
)
# Table 2 of the second paper: expansion, output channels, blocks, stride of the first block.
INVERTED = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def _conv(
    below: int, channels: int, kernel_size: int, activation: Layer, stride: int = 1, groups: int = 1
) -> Sequential:
    conv = Conv2d(
        below,
        channels,
        kernel_size,
        stride=stride,
        padding=kernel_size // 2,
        groups=groups,
        bias=False,
    )
    return Sequential(conv=conv, bn=BatchNorm2d(channels), relu=activation)


@cache
def _separable(below: int, channels: int, stride: int) -> Sequential:
    return Sequential(
        depthwise=_conv(below, below, 3, ReLU(), stride, groups=below),
        pointwise=_conv(below, channels, 1, ReLU()),
    )


@network("mobilenet_v1", title="MobileNetV1", year=2017, source="howard-2017")
def mobilenet_v1() -> tuple[Sequential, Sequential]:
    """One convolution, then thirteen depthwise separable ones."""
    layers: dict[str, Layer] = {"conv1": _conv(3, 32, 3, ReLU(), stride=2)}
    below = 32
    for at, (channels, stride) in enumerate(SEPARABLE, start=2):
        layers[f"block{at}"] = _separable(below, channels, stride)
        below = channels
    classifier = Sequential(avgpool=AdaptiveAvgPool2d(1), flatten=Flatten(), fc=Linear(below, 1000))
    return Sequential(**layers), classifier


@cache
def _inverted(below: int, channels: int, stride: int, expansion: int) -> Layer:
    inner = expansion * below
    expand = {"expand": _conv(below, inner, 1, ReLU6())} if expansion > 1 else {}
    body = Sequential(
        **expand,
        depthwise=_conv(inner, inner, 3, ReLU6(), stride, groups=inner),
        project=Conv2d(inner, channels, 1, bias=False),
        bn=BatchNorm2d(channels),
    )
    return Residual(body) if stride == 1 and below == channels else body


@network("mobilenet_v2", title="MobileNetV2", year=2018, source="sandler-2018")
def mobilenet_v2() -> tuple[Sequential, Sequential]:
    """Blocks that widen, filter each channel, and narrow again."""
    layers: dict[str, Layer] = {"conv1": _conv(3, 32, 3, ReLU6(), stride=2)}
    below, at = 32, 1
    for expansion, channels, blocks, stride in INVERTED:
        for step in [stride] + [1] * (blocks - 1):
            layers[f"block{at}"] = _inverted(below, channels, step, expansion)
            below, at = channels, at + 1
    layers["conv2"] = _conv(below, 1280, 1, ReLU6())
    classifier = Sequential(
        avgpool=AdaptiveAvgPool2d(1),
        flatten=Flatten(),
        dropout=Dropout(0.2),
        fc=Linear(1280, 1000),
    )
    return Sequential(**layers), classifier
