"""LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998)."""

from __future__ import annotations

from functools import partial

from mkdocs_cnn import layers as nn
from mkdocs_cnn.networks.network import FeaturesAndClassifier, network

C3_READS = (  # table I of the paper: which of six maps each of sixteen maps reads
    *(tuple(sorted((first + k) % 6 for k in range(3))) for first in range(6)),
    *(tuple(sorted((first + k) % 6 for k in range(4))) for first in range(6)),
    (0, 1, 3, 4),
    (1, 2, 4, 5),
    (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)


def _subsampling(channels: int) -> nn.Sequential:
    """Means of 2 x 2, each map with a coefficient and a bias of its own."""
    return nn.Sequential(mean=nn.AvgPool2d(2), scale=nn.Scale(channels, bias=True), tanh=nn.Tanh())


def _c3_map(channels: tuple[int, ...]) -> nn.Sequential:
    return nn.Sequential(
        select=nn.Select(channels), conv=nn.Conv2d(len(channels), 1, kernel_size=5)
    )


_lenet = partial(network, title="LeNet-5", year=1998, source="lecun-1998")


@_lenet(
    "lenet5_1998",
    input_shape=(1, 32, 32),
    variant="as published: trainable subsampling, sparse C3, without the fixed output layer",
)
def lenet5_1998() -> FeaturesAndClassifier:
    """The network of figure 2 of the paper, up to F6."""
    features = nn.Sequential(
        c1=nn.Conv2d(1, 6, kernel_size=5),
        tanh1=nn.Tanh(),
        s2=_subsampling(6),
        c3=nn.Concat(**{f"map{at}": _c3_map(reads) for at, reads in enumerate(C3_READS)}),
        tanh3=nn.Tanh(),
        s4=_subsampling(16),
        c5=nn.Conv2d(16, 120, kernel_size=5),
        tanh5=nn.Tanh(),
    )
    return features, nn.Sequential(flatten=nn.Flatten(), f6=nn.Linear(120, 84), tanh6=nn.Tanh())


@_lenet(
    "lenet5",
    input_shape=(1, 28, 28),
    variant="as taught today: padding of 2, full second convolution, plain pooling",
)
def lenet5() -> FeaturesAndClassifier:
    """The network that courses call LeNet."""
    features = nn.Sequential(
        conv1=nn.Conv2d(1, 6, kernel_size=5, padding=2),
        tanh1=nn.Tanh(),
        pool1=nn.AvgPool2d(2),
        conv2=nn.Conv2d(6, 16, kernel_size=5),
        tanh2=nn.Tanh(),
        pool2=nn.AvgPool2d(2),
    )
    classifier = nn.Sequential(
        flatten=nn.Flatten(),
        fc1=nn.Linear(400, 120),
        tanh3=nn.Tanh(),
        fc2=nn.Linear(120, 84),
        tanh4=nn.Tanh(),
        fc3=nn.Linear(84, 10),
    )
    return features, classifier
