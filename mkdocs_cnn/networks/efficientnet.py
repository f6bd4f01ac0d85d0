"""EfficientNet-B0 (Tan and Le 2019)."""

from __future__ import annotations

from functools import partial

from mkdocs_cnn import layers as nn
from mkdocs_cnn.networks.network import FeaturesAndClassifier, network
from mkdocs_cnn.networks.parts import classifier, conv_bn, inverted_residual, repeated

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


@network("efficientnet_b0", title="EfficientNet-B0", year=2019, source="tan-2019")
def efficientnet_b0() -> FeaturesAndClassifier:
    """The network that the others of its family are scaled from."""
    silu, below = nn.SiLU(), 32
    layers: dict[str, nn.Layer] = {"stem": conv_bn(3, below, 3, stride=2, silu=silu)}
    for at, (expansion, kernel_size, stride, channels, blocks) in enumerate(STAGES, start=1):
        block = partial(_mbconv, channels, kernel_size, expansion)
        layers[f"stage{at}"] = nn.Sequential(*repeated(block, below, channels, stride, blocks))
        below = channels
    layers["head"] = conv_bn(below, 1280, 1, silu=silu)
    return nn.Sequential(**layers), classifier(1280, dropout=nn.Dropout(0.2))


def _mbconv(channels: int, kernel_size: int, expansion: int, below: int, stride: int) -> nn.Layer:
    silu = nn.SiLU()
    gate = partial(nn.squeeze_excitation, squeezed=below // 4, activation=silu)
    return inverted_residual(
        below, channels, kernel_size, stride=stride, expansion=expansion, gate=gate, silu=silu
    )
