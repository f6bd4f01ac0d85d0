"""EfficientNet-B0 (Tan and Le 2019)."""

from __future__ import annotations

from functools import cache

from mkdocs_cnn.layers.branches import Residual, squeeze_excitation
from mkdocs_cnn.layers.convolution import Conv2d
from mkdocs_cnn.layers.layer import Layer
from mkdocs_cnn.layers.linear import Linear
from mkdocs_cnn.layers.normalisation import BatchNorm2d
from mkdocs_cnn.layers.pooling import AdaptiveAvgPool2d
from mkdocs_cnn.layers.sequential import Sequential
from mkdocs_cnn.layers.weightless import Dropout, Flatten, SiLU
from mkdocs_cnn.networks.network import network

# Table 1 of the paper: expansion, kernel size, stride of the first block, channels, blocks.
STAGES = (
    (1, 3, 1, 16, 1),
    (6, 3, 2, 24, 2),
    (6, 5, 2, 40, 2),
    (6, 3, 2, 80, 3),
    (6, 5, 1, 112, 3),
    (6, 5, 2, 192, 4),
    (6, 3, 1, 320, 1),
)


def _conv(below: int, channels: int, kernel_size: int, stride: int = 1, groups: int = 1) -> Layer:
    padding = kernel_size // 2
    conv = Conv2d(
        below, channels, kernel_size, stride=stride, padding=padding, groups=groups, bias=False
    )
    return Sequential(conv=conv, bn=BatchNorm2d(channels), silu=SiLU())


@cache
def _mbconv(below: int, channels: int, kernel_size: int, stride: int, expansion: int) -> Layer:
    """Expand, filter each channel, weigh the channels, project."""
    inner = expansion * below
    expand = {"expand": _conv(below, inner, 1)} if expansion > 1 else {}
    body = Sequential(
        **expand,
        depthwise=_conv(inner, inner, kernel_size, stride, groups=inner),
        se=squeeze_excitation(inner, below // 4, SiLU()),
        project=Conv2d(inner, channels, 1, bias=False),
        bn=BatchNorm2d(channels),
    )
    return Residual(body) if stride == 1 and below == channels else body


@network("efficientnet_b0", title="EfficientNet-B0", year=2019, source="tan-2019")
def efficientnet_b0() -> tuple[Sequential, Sequential]:
    """The network that the others of its family are scaled from."""
    layers: dict[str, Layer] = {"stem": _conv(3, 32, 3, stride=2)}
    below = 32
    for at, (expansion, kernel_size, stride, channels, blocks) in enumerate(STAGES, start=1):
        made = []
        for step in [stride] + [1] * (blocks - 1):
            made.append(_mbconv(below, channels, kernel_size, step, expansion))
            below = channels
        layers[f"stage{at}"] = Sequential(*made)
    layers["head"] = _conv(below, 1280, 1)
    classifier = Sequential(
        avgpool=AdaptiveAvgPool2d(1),
        flatten=Flatten(),
        dropout=Dropout(0.2),
        fc=Linear(1280, 1000),
    )
    return Sequential(**layers), classifier
