"""MobileNetV1 (Howard et al. 2017) and MobileNetV2 (Sandler et al. 2018), width 1."""

from __future__ import annotations

from functools import partial

from mkdocs_cnn import layers as nn
from mkdocs_cnn.networks.network import FeaturesAndClassifier, network
from mkdocs_cnn.networks.parts import classifier, conv_bn, inverted_residual, repeated

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


@network("mobilenet_v1", title="MobileNetV1", year=2017, source="howard-2017")
def mobilenet_v1() -> FeaturesAndClassifier:
    """One convolution, then thirteen depthwise separable ones."""
    relu, below = nn.ReLU(), 32
    layers: dict[str, nn.Layer] = {"conv1": conv_bn(3, below, 3, stride=2, relu=relu)}
    for at, (channels, stride) in enumerate(SEPARABLE, start=2):
        layers[f"block{at}"] = nn.Sequential(
            depthwise=conv_bn(below, below, 3, stride=stride, groups=below, relu=relu),
            pointwise=conv_bn(below, channels, 1, relu=relu),
        )
        below = channels
    return nn.Sequential(**layers), classifier(below)


@network("mobilenet_v2", title="MobileNetV2", year=2018, source="sandler-2018")
def mobilenet_v2() -> FeaturesAndClassifier:
    """Blocks that widen, filter each channel, and narrow again."""
    relu, below = nn.ReLU6(), 32
    blocks: list[nn.Layer] = []
    for expansion, channels, depth, stride in INVERTED:
        block = partial(_inverted, channels, expansion)
        blocks += repeated(block, below, channels, stride, depth)
        below = channels
    features = nn.Sequential(
        conv1=conv_bn(3, 32, 3, stride=2, relu=relu),
        **{f"block{at}": block for at, block in enumerate(blocks, start=1)},
        conv2=conv_bn(below, 1280, 1, relu=relu),
    )
    return features, classifier(1280, dropout=nn.Dropout(0.2))


def _inverted(channels: int, expansion: int, below: int, stride: int) -> nn.Layer:
    return inverted_residual(
        below, channels, 3, stride=stride, expansion=expansion, relu=nn.ReLU6()
    )
