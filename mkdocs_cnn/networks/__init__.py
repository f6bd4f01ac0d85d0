"""Published networks, as their papers draw them: `networks["resnet50"].on(3, 224, 224)`.

A network that torchvision has bears its name, and counts exactly what its model counts. Another
variant of it has a name of its own, such as "resnet50_as_published".
"""

from __future__ import annotations

from mkdocs_cnn.networks.network import Network, Networks, PlacedNetwork

networks = Networks()

__all__ = ["Network", "PlacedNetwork", "networks"]
