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
CLASSES = 10


def network(family: str, width: int, *, size: int = 8) -> Network:
    """A network for grey images.

    Args:
        family: One of `FAMILIES`, or `POOLED_TWICE`.
        width: Hidden units of the dense network; channels of each hidden layer of the others.
        size: Height and width of the images, which the others halve.

    Raises:
        ValueError: If there is no such family.
    """
    match family:
        case "dense":
            return Network((Linear(size**2, width), ReLU(), Linear(width, CLASSES)))
        case "local" | "convolution":
            shared = family == "convolution"
            first = _window(shared, 1, width, size)
            second = _window(shared, width, width, size)
            head = Linear(width * (size // 2) ** 2, CLASSES)
            return Network((first, ReLU(), second, ReLU(), MaxPool2d(2), head))
        case "pooled-twice":
            first, second = _window(True, 1, width, size), _window(True, width, width, size // 2)
            head = Linear(width * (size // 4) ** 2, CLASSES)
            halves = first, ReLU(), MaxPool2d(2), second, ReLU(), MaxPool2d(2)
            return Network((*halves, head))
    raise ValueError(f"family must be one of {', '.join(FAMILIES)}, not {family!r}")


def _window(shared: bool, channels: int, filters: int, size: int) -> Layer:
    """Windows of 3 × 3, on images that keep their size."""
    if shared:
        return Conv2d(channels, filters, 3, padding=1)
    return LocallyConnected2d(channels, filters, (size, size), 3, padding=1)
