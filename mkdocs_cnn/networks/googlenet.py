"""GoogLeNet (Szegedy et al. 2014), without its auxiliary classifiers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from mkdocs_cnn import layers as nn
from mkdocs_cnn.networks.network import FeaturesAndClassifier, network
from mkdocs_cnn.networks.parts import classifier, conv_bn, same_conv

# Table 1 of the paper: input channels; 1x1; 3x3 reduce, 3x3; 5x5 reduce, 5x5; pool projection.
INCEPTIONS = {
    "inception3a": (192, 64, 96, 128, 16, 32, 32),
    "inception3b": (256, 128, 128, 192, 32, 96, 64),
    "inception4a": (480, 192, 96, 208, 16, 48, 64),
    "inception4b": (512, 160, 112, 224, 24, 64, 64),
    "inception4c": (512, 128, 128, 256, 24, 64, 64),
    "inception4d": (512, 112, 144, 288, 32, 64, 64),
    "inception4e": (528, 256, 160, 320, 32, 128, 128),
    "inception5a": (832, 256, 160, 320, 32, 128, 128),
    "inception5b": (832, 384, 192, 384, 48, 128, 128),
}

Convolution = Callable[..., nn.Sequential]


def _with_bias(below: int, channels: int, kernel_size: int, *, stride: int = 1) -> nn.Sequential:
    conv = same_conv(below, channels, kernel_size, stride=stride, bias=True)
    return nn.Sequential(conv=conv, relu=nn.ReLU())


def _inception(name: str, conv: Convolution, largest: int) -> nn.Concat:
    below, one, reduce3, three, reduce5, five, projection = INCEPTIONS[name]
    return nn.Concat(
        branch1=conv(below, one, 1),
        branch2=nn.Sequential(reduce=conv(below, reduce3, 1), conv=conv(reduce3, three, 3)),
        branch3=nn.Sequential(reduce=conv(below, reduce5, 1), conv=conv(reduce5, five, largest)),
        branch4=nn.Sequential(
            pool=nn.MaxPool2d(3, stride=1, padding=1), projection=conv(below, projection, 1)
        ),
    )


def _network(
    conv: Convolution, *, largest: int, pool4: int, norm: nn.Layer | None = None
) -> FeaturesAndClassifier:
    """The layers.

    The largest kernel is that of each module's third branch, `pool4` the last pooling between
    modules; a norm stands behind the first pooling and before the second.
    """
    modules = {name: _inception(name, conv, largest) for name in INCEPTIONS}
    layers: dict[str, nn.Layer | None] = {
        "conv1": conv(3, 64, 7, stride=2),
        "maxpool1": _pool(3),
        "norm1": norm,
        "conv2": conv(64, 64, 1),
        "conv3": conv(64, 192, 3),
        "norm2": norm,
        "maxpool2": _pool(3),
        **{name: module for name, module in modules.items() if name[9] == "3"},
        "maxpool3": _pool(3),
        **{name: module for name, module in modules.items() if name[9] == "4"},
        "maxpool4": _pool(pool4),
        **{name: module for name, module in modules.items() if name[9] == "5"},
    }
    features = {name: layer for name, layer in layers.items() if layer is not None}
    return nn.Sequential(**features), classifier(1024, dropout=nn.Dropout(0.4))


def _pool(kernel_size: int) -> nn.MaxPool2d:
    return nn.MaxPool2d(kernel_size, stride=2, ceil_mode=True)


_googlenet = partial(network, title="GoogLeNet", year=2014, source="szegedy-2014")


@_googlenet(
    "googlenet_as_published", variant="as published: 5 × 5 branches, biases, no batch normalisation"
)
def googlenet_as_published() -> FeaturesAndClassifier:
    """The network of table 1 of the paper."""
    return _network(_with_bias, largest=5, pool4=3, norm=nn.LocalResponseNorm(5))


@_googlenet(
    "googlenet", variant="as in torchvision: batch normalisation, 3 × 3 where the paper has 5 × 5"
)
def googlenet() -> FeaturesAndClassifier:
    """The network as torchvision has it."""
    return _network(partial(conv_bn, relu=nn.ReLU()), largest=3, pool4=2)
