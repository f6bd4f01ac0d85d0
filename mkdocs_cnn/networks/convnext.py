"""ConvNeXt-Tiny (Liu et al. 2022)."""

from __future__ import annotations

from mkdocs_cnn import layers as nn
from mkdocs_cnn.networks.network import FeaturesAndClassifier, network

STAGES = ((96, 3), (192, 3), (384, 9), (768, 3))
"""Channels and blocks: figure 1 and section 2 of the paper."""


def _block(channels: int) -> nn.Residual:
    body = nn.Sequential(
        dwconv=nn.Conv2d(channels, channels, 7, padding=3, groups=channels),
        norm=nn.LayerNorm(channels),
        pwconv1=nn.Linear(channels, 4 * channels),
        gelu=nn.GELU(),
        pwconv2=nn.Linear(4 * channels, channels),
        layer_scale=nn.Scale(channels),
    )
    return nn.Residual(body)


@network("convnext_tiny", title="ConvNeXt-T", year=2022, source="liu-2022")
def convnext_tiny() -> FeaturesAndClassifier:
    """A ResNet with the habits of a vision transformer."""
    layers: dict[str, nn.Layer] = {
        "stem": nn.Conv2d(3, 96, 4, stride=4),
        "stem_norm": nn.LayerNorm(96),
    }
    below = 96
    for at, (channels, blocks) in enumerate(STAGES, start=1):
        if below != channels:
            layers[f"downsample{at}"] = nn.Sequential(
                norm=nn.LayerNorm(below), conv=nn.Conv2d(below, channels, 2, stride=2)
            )
            below = channels
        layers[f"stage{at}"] = nn.Sequential(*[_block(channels)] * blocks)
    classifier = nn.Sequential(
        avgpool=nn.AdaptiveAvgPool2d(1),
        norm=nn.LayerNorm(768),
        flatten=nn.Flatten(),
        fc=nn.Linear(768, 1000),
    )
    return nn.Sequential(**layers), classifier
