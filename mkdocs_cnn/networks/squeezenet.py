"""SqueezeNet 1.0 (Iandola et al. 2016) and the cheaper 1.1 that its authors published since."""

from __future__ import annotations

from mkdocs_cnn import layers as nn
from mkdocs_cnn.networks.network import FeaturesAndClassifier, network

# Squeezed channels, 16 more in every second module; each expansion has four times as many.
FIRES = {f"fire{at}": 16 * (at // 2) for at in range(2, 10)}


def _fire(below: int, squeezed: int) -> nn.Sequential:
    return nn.Sequential(
        squeeze=nn.Conv2d(below, squeezed, 1),
        relu=nn.ReLU(),
        expand=nn.Concat(expand1x1=_expand(squeezed, 1), expand3x3=_expand(squeezed, 3)),
    )


def _expand(squeezed: int, kernel_size: int) -> nn.Sequential:
    conv = nn.Conv2d(squeezed, 4 * squeezed, kernel_size, padding=kernel_size // 2)
    return nn.Sequential(conv=conv, relu=nn.ReLU())


def _network(
    channels: int, kernel_size: int, pools_before: dict[str, str]
) -> FeaturesAndClassifier:
    """The layers: channels and kernel of the first, and the pooling before some fire modules."""
    layers: dict[str, nn.Layer] = {
        "conv1": nn.Conv2d(3, channels, kernel_size, stride=2),
        "relu1": nn.ReLU(),
    }
    below = channels
    for name, squeezed in FIRES.items():
        if name in pools_before:
            layers[pools_before[name]] = nn.MaxPool2d(3, stride=2, ceil_mode=True)
        layers[name] = _fire(below, squeezed)
        below = 8 * squeezed
    classifier = nn.Sequential(
        dropout=nn.Dropout(),
        conv10=nn.Conv2d(below, 1000, 1),
        relu10=nn.ReLU(),
        avgpool=nn.AdaptiveAvgPool2d(1),
        flatten=nn.Flatten(),
    )
    return nn.Sequential(**layers), classifier


@network("squeezenet1_0", title="SqueezeNet 1.0", year=2016, source="iandola-2016")
def squeezenet1_0() -> FeaturesAndClassifier:
    """The network of table 1 of the paper."""
    return _network(96, 7, {"fire2": "pool1", "fire5": "pool4", "fire9": "pool8"})


@network("squeezenet1_1", title="SqueezeNet 1.1", year=2016, source="iandola-2016")
def squeezenet1_1() -> FeaturesAndClassifier:
    """A smaller first filter, and pooling earlier."""
    return _network(64, 3, {"fire2": "pool1", "fire4": "pool3", "fire6": "pool5"})
