"""Networks for small images: dense, locally connected and convolutional.

The last two have the same connections. They differ in whether the weights are shared. A fourth is a
convolutional one that pools behind each convolution and so forgets more of where things are.
"""

from __future__ import annotations

from mkdocs_cnn.experiments.neural.layers import Conv2d, Layer, Linear, LocallyConnected2d
from mkdocs_cnn.experiments.neural.network import Network
from mkdocs_cnn.experiments.neural.weightless import MaxPool2d, ReLU

FAMILIES = ("dense", "local", "convolution")
POOLED_TWICE = "pooled-twice"
SIZE, CLASSES = 8, 10


def dense(inputs: int, hidden: int, classes: int) -> Network:
    """Every input joined to every hidden unit, and every hidden unit to every class."""
    return Network((Linear(inputs, hidden), ReLU(), Linear(hidden, classes)))


def network(family: str, width: int) -> Network:
    """A network of `FAMILIES`, or `POOLED_TWICE`, for grey images of 8 × 8 pixels.

    The width is the hidden units of the dense network, or the channels of each hidden layer.

    Raises:
        ValueError: If there is no such family.
    """
    first: Layer
    second: Layer
    match family:
        case "dense":
            return dense(SIZE**2, width, CLASSES)
        case "local":
            first, second = (
                LocallyConnected2d(channels, width, (SIZE, SIZE), 3, padding=1)
                for channels in (1, width)
            )
        case "convolution" | "pooled-twice":
            first, second = (Conv2d(channels, width, 3, padding=1) for channels in (1, width))
        case _:
            raise ValueError(f"family must be one of {', '.join(FAMILIES)}, not {family!r}")
    halve = MaxPool2d(2)
    if family == POOLED_TWICE:
        head = Linear(width * (SIZE // 4) ** 2, CLASSES)
        return Network((first, ReLU(), halve, second, ReLU(), halve, head))
    head = Linear(width * (SIZE // 2) ** 2, CLASSES)
    return Network((first, ReLU(), second, ReLU(), halve, head))
