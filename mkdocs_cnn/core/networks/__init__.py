"""Published networks, as their papers draw them: `networks["resnet50"].on(3, 224, 224)`.

A network that torchvision has bears its name, and counts exactly what its model counts. Another
variant of it has a name of its own, such as "resnet50_as_published".
"""

from __future__ import annotations

from mkdocs_cnn.core.networks import (  # each module declares its networks; in order of publication
    alexnet,  # noqa: F401
    convnext,  # noqa: F401
    densenet,  # noqa: F401
    efficientnet,  # noqa: F401
    googlenet,  # noqa: F401
    lenet,  # noqa: F401
    mobilenet,  # noqa: F401
    resnet,  # noqa: F401
    squeezenet,  # noqa: F401
    vgg,  # noqa: F401
)  # isort: skip
from mkdocs_cnn.core.networks.network import Network, Networks, PlacedNetwork

networks = Networks()

__all__ = ["Network", "PlacedNetwork", "networks"]
