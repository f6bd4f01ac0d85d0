"""LeNet-5 (LeCun, Bottou, Bengio and Haffner 1998)."""

from __future__ import annotations

from mkdocs_cnn.layers.branches import Concat
from mkdocs_cnn.layers.convolution import Conv2d
from mkdocs_cnn.layers.linear import Linear
from mkdocs_cnn.layers.normalisation import Scale
from mkdocs_cnn.layers.pooling import AvgPool2d
from mkdocs_cnn.layers.sequential import Sequential
from mkdocs_cnn.layers.weightless import Flatten, Select, Tanh
from mkdocs_cnn.networks.network import network

C3_READS = (  # table I of the paper: which of six maps each of sixteen maps reads
    *(tuple(sorted((first + k) % 6 for k in range(3))) for first in range(6)),
    *(tuple(sorted((first + k) % 6 for k in range(4))) for first in range(6)),
    (0, 1, 3, 4),
    (1, 2, 4, 5),
    (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)


def _subsampling(channels: int) -> Sequential:
    """Means of 2 x 2, each map with a coefficient and a bias of its own."""
    return Sequential(mean=AvgPool2d(2), scale=Scale(channels, bias=True), tanh=Tanh())


def _c3_map(channels: tuple[int, ...]) -> Sequential:
    return Sequential(select=Select(channels), conv=Conv2d(len(channels), 1, kernel_size=5))


@network(
    "lenet5_1998",
    title="LeNet-5",
    year=1998,
    source="lecun-1998",
    input_shape=(1, 32, 32),
    variant="as published: trainable subsampling, sparse C3, without the fixed output layer",
)
def lenet5_1998() -> tuple[Sequential, Sequential]:
    """The network of figure 2 of the paper, up to F6."""
    features = Sequential(
        c1=Conv2d(1, 6, kernel_size=5),
        tanh1=Tanh(),
        s2=_subsampling(6),
        c3=Concat(**{f"map{at}": _c3_map(reads) for at, reads in enumerate(C3_READS)}),
        tanh3=Tanh(),
        s4=_subsampling(16),
        c5=Conv2d(16, 120, kernel_size=5),
        tanh5=Tanh(),
    )
    return features, Sequential(flatten=Flatten(), f6=Linear(120, 84), tanh6=Tanh())


@network(
    "lenet5",
    title="LeNet-5",
    year=1998,
    source="lecun-1998",
    input_shape=(1, 28, 28),
    variant="as taught today: padding of 2, full second convolution, plain pooling",
)
def lenet5() -> tuple[Sequential, Sequential]:
    """The network that courses call LeNet."""
    features = Sequential(
        conv1=Conv2d(1, 6, kernel_size=5, padding=2),
        tanh1=Tanh(),
        pool1=AvgPool2d(2),
        conv2=Conv2d(6, 16, kernel_size=5),
        tanh2=Tanh(),
        pool2=AvgPool2d(2),
    )
    classifier = Sequential(
        flatten=Flatten(),
        fc1=Linear(400, 120),
        tanh3=Tanh(),
        fc2=Linear(120, 84),
        tanh4=Tanh(),
        fc3=Linear(84, 10),
    )
    return features, classifier
