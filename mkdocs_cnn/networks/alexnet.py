"""AlexNet (Krizhevsky, Sutskever and Hinton 2012), and its single tower (Krizhevsky 2014)."""

from __future__ import annotations

from mkdocs_cnn.layers.convolution import Conv2d
from mkdocs_cnn.layers.layer import Layer
from mkdocs_cnn.layers.linear import Linear
from mkdocs_cnn.layers.pooling import AdaptiveAvgPool2d, MaxPool2d
from mkdocs_cnn.layers.sequential import Sequential
from mkdocs_cnn.layers.weightless import Dropout, Flatten, LocalResponseNorm, ReLU
from mkdocs_cnn.networks.network import network


def _classifier(**before: Layer) -> Sequential:
    return Sequential(
        **before,
        flatten=Flatten(),
        dropout6=Dropout(),
        fc6=Linear(9216, 4096),
        relu6=ReLU(),
        dropout7=Dropout(),
        fc7=Linear(4096, 4096),
        relu7=ReLU(),
        fc8=Linear(4096, 1000),
    )


def _of_2012(groups: int) -> tuple[Sequential, Sequential]:
    """The network of figure 2 of the paper; with two groups, one for each GPU."""
    features = Sequential(
        conv1=Conv2d(3, 96, kernel_size=11, stride=4),
        relu1=ReLU(),
        norm1=LocalResponseNorm(5),
        pool1=MaxPool2d(3, stride=2),
        conv2=Conv2d(96, 256, kernel_size=5, padding=2, groups=groups),
        relu2=ReLU(),
        norm2=LocalResponseNorm(5),
        pool2=MaxPool2d(3, stride=2),
        conv3=Conv2d(256, 384, kernel_size=3, padding=1),
        relu3=ReLU(),
        conv4=Conv2d(384, 384, kernel_size=3, padding=1, groups=groups),
        relu4=ReLU(),
        conv5=Conv2d(384, 256, kernel_size=3, padding=1, groups=groups),
        relu5=ReLU(),
        pool5=MaxPool2d(3, stride=2),
    )
    return features, _classifier()


# The paper says 224; its sizes come out with 227.
@network(
    "alexnet_two_gpus",
    title="AlexNet",
    year=2012,
    source="krizhevsky-2012",
    input_shape=(3, 227, 227),
    variant="as published: two groups, one for each GPU",
)
def alexnet_two_gpus() -> tuple[Sequential, Sequential]:
    """The network that won in 2012."""
    return _of_2012(groups=2)


@network(
    "alexnet_no_groups",
    title="AlexNet",
    year=2012,
    source="krizhevsky-2012",
    input_shape=(3, 227, 227),
    variant="without the two groups",
)
def alexnet_no_groups() -> tuple[Sequential, Sequential]:
    """The same layers on one GPU."""
    return _of_2012(groups=1)


@network(
    "alexnet",
    title="AlexNet",
    year=2014,
    source="krizhevsky-2014",
    variant="single tower, as in torchvision",
)
def alexnet() -> tuple[Sequential, Sequential]:
    """One tower with fewer filters in its first layers."""
    features = Sequential(
        conv1=Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
        relu1=ReLU(),
        pool1=MaxPool2d(3, stride=2),
        conv2=Conv2d(64, 192, kernel_size=5, padding=2),
        relu2=ReLU(),
        pool2=MaxPool2d(3, stride=2),
        conv3=Conv2d(192, 384, kernel_size=3, padding=1),
        relu3=ReLU(),
        conv4=Conv2d(384, 256, kernel_size=3, padding=1),
        relu4=ReLU(),
        conv5=Conv2d(256, 256, kernel_size=3, padding=1),
        relu5=ReLU(),
        pool5=MaxPool2d(3, stride=2),
    )
    return features, _classifier(avgpool=AdaptiveAvgPool2d(6))
