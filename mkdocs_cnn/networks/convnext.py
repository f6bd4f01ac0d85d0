"""ConvNeXt-Tiny (Liu et al. 2022)."""

from __future__ import annotations

from functools import cache

from mkdocs_cnn.layers.branches import Residual
from mkdocs_cnn.layers.convolution import Conv2d
from mkdocs_cnn.layers.layer import Layer
from mkdocs_cnn.layers.linear import Linear
from mkdocs_cnn.layers.normalisation import LayerNorm, Scale
from mkdocs_cnn.layers.pooling import AdaptiveAvgPool2d
from mkdocs_cnn.layers.sequential import Sequential
from mkdocs_cnn.layers.weightless import GELU, Flatten
from mkdocs_cnn.networks.network import network

STAGES = ((96, 3), (192, 3), (384, 9), (768, 3))
"""Channels and blocks: figure 1 and section 2 of the paper."""


@cache
def _block(channels: int) -> Residual:
    body = Sequential(
        dwconv=Conv2d(channels, channels, 7, padding=3, groups=channels),
        norm=LayerNorm(channels),
        pwconv1=Linear(channels, 4 * channels),
        gelu=GELU(),
        pwconv2=Linear(4 * channels, channels),
        layer_scale=Scale(channels),
    )
    return Residual(body)


@network("convnext_tiny", title="ConvNeXt-T", year=2022, source="liu-2022")
def convnext_tiny() -> tuple[Sequential, Sequential]:
    """A ResNet with the habits of a vision transformer."""
    layers: dict[str, Layer] = {"stem": Conv2d(3, 96, 4, stride=4), "stem_norm": LayerNorm(96)}
    below = 96
    for at, (channels, blocks) in enumerate(STAGES, start=1):
        if below != channels:
            layers[f"downsample{at}"] = Sequential(
                norm=LayerNorm(below), conv=Conv2d(below, channels, 2, stride=2)
            )
            below = channels
        layers[f"stage{at}"] = Sequential(*[_block(channels)] * blocks)
    classifier = Sequential(
        avgpool=AdaptiveAvgPool2d(1), norm=LayerNorm(768), flatten=Flatten(), fc=Linear(768, 1000)
    )
    return Sequential(**layers), classifier
