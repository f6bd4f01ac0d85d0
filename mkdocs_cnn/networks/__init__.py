"""Published networks, as their papers draw them: `networks["resnet50"].on(3, 224, 224)`.

A network that torchvision has bears its name, and counts exactly what its model counts. Another
variant of it has a name of its own, such as "resnet50_as_published". Content packages may have
further networks, declared with `@network("name", …)` in their module `networks`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mkdocs_cnn.networks.network import DECLARED, Declared, Network, PlacedNetwork, network
from mkdocs_cnn.registry import UnknownNameError, declarations, import_declared, place_of, twice


def _declared() -> dict[str, Declared]:
    """All networks by name; their modules are imported when the first network is asked for."""
    from mkdocs_cnn.networks import (  # noqa: F401  # each declares its networks
        alexnet,
        convnext,
        densenet,
        efficientnet,
        googlenet,
        lenet,
        mobilenet,
        resnet,
        squeezenet,
        vgg,
    )

    ours = [module for module in DECLARED if module.startswith(f"{__name__}.")]
    known = {name: one for module in ours for name, one in DECLARED[module].items()}
    for name, declaration in declarations("network", "networks").items():
        if name in known:
            places = place_of(known[name].build), declaration.place
            raise twice(f"network {name!r} is declared", *places)
        known[name] = import_declared(declaration, DECLARED[declaration.module])
    return known


class Networks(Mapping[str, Network]):
    """The networks by name, in the order of their years; each is built when it is asked for."""

    def __getitem__(self, name: str) -> Network:
        """The network of this name.

        Raises:
            UnknownNameError: If there is none.
        """
        known = _declared()
        if name not in known:
            raise UnknownNameError("network", name, known)
        return known[name].network()

    def __contains__(self, name: object) -> bool:
        return name in _declared()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(known := _declared(), key=lambda name: known[name].year))

    def __len__(self) -> int:
        return len(_declared())


networks = Networks()

__all__ = ["Network", "PlacedNetwork", "network", "networks"]
