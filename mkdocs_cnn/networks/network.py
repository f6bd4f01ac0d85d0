"""What a published network is, and how one is declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import NamedTuple

from mkdocs_cnn.layers.layer import Layer, Placed, nothing_between
from mkdocs_cnn.layers.receptive_field import ReceptiveField
from mkdocs_cnn.layers.sequential import PlacedSequential, Sequential
from mkdocs_cnn.quantities.quantity import Quantity


@dataclass(frozen=True, repr=False)
class Network(Layer):
    """A network with a name: its layers, where they come from, and its usual input."""

    name: str  # as torchvision calls it, where it has it
    title: str  # as people write it: "ResNet-50"
    year: int  # in which it was first published
    source: str  # key of the paper among the references; "" if there is none
    features: Sequential  # the layers up to the last feature map, with the paper's names
    classifier: Sequential  # what makes classes of the last feature map
    input_shape: tuple[int, ...]  # its usual input, channels first
    variant: str = ""  # what tells it from others of the same title

    def __repr__(self) -> str:
        return f"networks[{self.name!r}]"

    def on(self, *input_shape: int | Quantity) -> PlacedNetwork:
        """Put the network on an input of this shape, channels first; on its usual one if none.

        Raises:
            ValueError: If the input does not fit; the message says which layer finds out.
        """
        sizes = input_shape or self.input_shape
        features = self.features.on(*sizes)
        classifier = self.classifier.on(*map(int, features.output_shape))
        parts = (*features.parts, *classifier.parts)
        return PlacedNetwork(self, features.input_shape, parts, features)


@dataclass(frozen=True)
class PlacedNetwork(PlacedSequential):
    """A network on an input; its receptive field is that of its last feature map."""

    features: PlacedSequential  # the part up to the last feature map

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """What the units of the last feature map see of the input."""
        return self.features.receptive_field

    def parts_seen(self) -> Iterator[tuple[str, Placed, ReceptiveField, ReceptiveField]]:
        """The parts, like ones as one: name, part, and what the first and the last of them see."""
        last = nothing_between(self.input_shape)
        for name, part, times in self.runs:
            first = last = part.seen_behind(last)
            for _ in range(times - 1):
                last = part.seen_behind(last)
            yield name, part, first, last


FeaturesAndClassifier = tuple[Sequential, Sequential]
Builder = Callable[[], FeaturesAndClassifier]


class Declared(NamedTuple):
    """A network that has been declared."""

    year: int
    build: Builder  # the function that was decorated
    network: Callable[[], Network]  # makes the network, once


DECLARED: dict[str, dict[str, Declared]] = defaultdict(dict)
"""The networks whose modules were imported, by module and by name."""


def network(
    name: str,
    *,
    title: str,
    year: int,
    source: str = "",
    input_shape: tuple[int, ...] = (3, 224, 224),
    variant: str = "",
) -> Callable[[Builder], Builder]:
    """Declare the decorated function, which builds features and classifier, as a network.

    A content package has its own in its module `networks`. The arguments are those of `Network`;
    the name is written out, for it is read from the source.
    """

    def declare(build: Builder) -> Builder:
        @cache
        def built() -> Network:
            return Network(name, title, year, source, *build(), input_shape, variant)

        DECLARED[build.__module__][name] = Declared(year, build, built)
        return build

    return declare
