"""AlexNet (Krizhevsky, Sutskever and Hinton 2012), and its single tower (Krizhevsky 2014)."""

from __future__ import annotations

from mkdocs_cnn import layers as nn
from mkdocs_cnn.networks.network import network


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


def _of_2012(groups: int) -> tuple[nn.Sequential, nn.Sequential]:
    """The network of figure 2 of the paper; with two groups, one for each GPU."""
    features = nn.Sequential(
        conv1=nn.Conv2d(3, 96, kernel_size=11, stride=4),
        relu1=nn.ReLU(),
        norm1=nn.LocalResponseNorm(5),
        pool1=nn.MaxPool2d(3, stride=2),
        conv2=nn.Conv2d(96, 256, kernel_size=5, padding=2, groups=groups),
        relu2=nn.ReLU(),
        norm2=nn.LocalResponseNorm(5),
        pool2=nn.MaxPool2d(3, stride=2),
        conv3=nn.Conv2d(256, 384, kernel_size=3, padding=1),
        relu3=nn.ReLU(),
        conv4=nn.Conv2d(384, 384, kernel_size=3, padding=1, groups=groups),
        relu4=nn.ReLU(),
        conv5=nn.Conv2d(384, 256, kernel_size=3, padding=1, groups=groups),
        relu5=nn.ReLU(),
        pool5=nn.MaxPool2d(3, stride=2),
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
def alexnet_two_gpus() -> tuple[nn.Sequential, nn.Sequential]:
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
def alexnet_no_groups() -> tuple[nn.Sequential, nn.Sequential]:
    """The same layers on one GPU."""
    return _of_2012(groups=1)


@network(
    "alexnet",
    title="AlexNet",
    year=2014,
    source="krizhevsky-2014",
    variant="single tower, as in torchvision",
)
def alexnet() -> tuple[nn.Sequential, nn.Sequential]:
    """One tower with fewer filters in its first layers."""
    features = nn.Sequential(
        conv1=nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
        relu1=nn.ReLU(),
        pool1=nn.MaxPool2d(3, stride=2),
        conv2=nn.Conv2d(64, 192, kernel_size=5, padding=2),
        relu2=nn.ReLU(),
        pool2=nn.MaxPool2d(3, stride=2),
        conv3=nn.Conv2d(192, 384, kernel_size=3, padding=1),
        relu3=nn.ReLU(),
        conv4=nn.Conv2d(384, 256, kernel_size=3, padding=1),
        relu4=nn.ReLU(),
        conv5=nn.Conv2d(256, 256, kernel_size=3, padding=1),
        relu5=nn.ReLU(),
        pool5=nn.MaxPool2d(3, stride=2),
    )
    return features, _classifier(avgpool=nn.AdaptiveAvgPool2d(6))
