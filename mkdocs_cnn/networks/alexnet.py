"""AlexNet (Krizhevsky, Sutskever and Hinton 2012), and its single tower (Krizhevsky 2014)."""

from __future__ import annotations

from functools import partial

from mkdocs_cnn import layers as nn
from mkdocs_cnn.networks.network import FeaturesAndClassifier, network


def _classifier(**before: nn.Layer) -> nn.Sequential:
    return nn.Sequential(
        **before,
        flatten=nn.Flatten(),
        dropout6=nn.Dropout(),
        fc6=nn.Linear(9216, 4096),
        relu6=nn.ReLU(),
        dropout7=nn.Dropout(),
        fc7=nn.Linear(4096, 4096),
        relu7=nn.ReLU(),
        fc8=nn.Linear(4096, 1000),
    )


def _features(*convolutions: nn.Conv2d, norm: nn.Layer | None = None) -> nn.Sequential:
    """Convolutions with what stands behind each; `norm` behind the first two, if it is given."""
    layers: dict[str, nn.Layer] = {}
    for at, convolution in enumerate(convolutions, start=1):
        layers |= {f"conv{at}": convolution, f"relu{at}": nn.ReLU()}
        if norm and at <= 2:
            layers[f"norm{at}"] = norm
        if at in (1, 2, 5):
            layers[f"pool{at}"] = nn.MaxPool2d(3, stride=2)
    return nn.Sequential(**layers)


def _as_published(groups: int) -> FeaturesAndClassifier:
    """The network of figure 2 of the paper; with two groups, one for each GPU."""
    features = _features(
        nn.Conv2d(3, 96, kernel_size=11, stride=4),
        nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=groups),
        nn.Conv2d(256, 384, kernel_size=3, padding=1),
        nn.Conv2d(384, 384, kernel_size=3, padding=1, groups=groups),
        nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=groups),
        norm=nn.LocalResponseNorm(5),
    )
    return features, _classifier()


# The paper says 224; its sizes come out with 227.
_of_2012 = partial(
    network, title="AlexNet", year=2012, source="krizhevsky-2012", input_shape=(3, 227, 227)
)


@_of_2012("alexnet_two_gpus", variant="as published: two groups, one for each GPU")
def alexnet_two_gpus() -> FeaturesAndClassifier:
    """The network that won in 2012."""
    return _as_published(groups=2)


@_of_2012("alexnet_no_groups", variant="without the two groups")
def alexnet_no_groups() -> FeaturesAndClassifier:
    """The same layers on one GPU."""
    return _as_published(groups=1)


@network(
    "alexnet",
    title="AlexNet",
    year=2014,
    source="krizhevsky-2014",
    variant="single tower, as in torchvision",
)
def alexnet() -> FeaturesAndClassifier:
    """One tower with fewer filters in its first layers."""
    features = _features(
        nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
        nn.Conv2d(64, 192, kernel_size=5, padding=2),
        nn.Conv2d(192, 384, kernel_size=3, padding=1),
        nn.Conv2d(384, 256, kernel_size=3, padding=1),
        nn.Conv2d(256, 256, kernel_size=3, padding=1),
    )
    return features, _classifier(avgpool=nn.AdaptiveAvgPool2d(6))
