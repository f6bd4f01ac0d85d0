"""Layers made of branches that read the same input: added, joined, multiplied.

>>> block = Residual(Sequential(Conv2d(8, 8, 3, padding=1), ReLU()))
>>> block.on(8, 16, 16).parameters
584
>>> [row.name for row in Sequential(stem=Conv2d(3, 8, 3), block=block).on(3, 18, 18).rows]
['stem', 'block.0', 'block.1']
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from mkdocs_cnn.layers.convolution import Conv2d
from mkdocs_cnn.layers.layer import Layer, Leaf, Placed, Shape, nothing_between
from mkdocs_cnn.layers.pooling import AdaptiveAvgPool2d
from mkdocs_cnn.layers.receptive_field import ReceptiveField, unite_fields
from mkdocs_cnn.layers.sequential import Combined, PlacedCombined, Sequential, join_names, put_part
from mkdocs_cnn.layers.weightless import Identity, ReLU, Sigmoid
from mkdocs_cnn.quantities.quantity import Quantity, total


class Residual(Combined):
    """A residual block: what its body gives is added to its input.

    Args:
        body: The layers that the shortcut passes by.
        shortcut: What the input passes through instead; nothing, unless sizes change.
    """

    def __init__(self, body: Layer, shortcut: Layer | None = None) -> None:
        super().__init__(body=body, shortcut=Identity() if shortcut is None else shortcut)

    def on(self, *input_shape: int | Quantity) -> PlacedResidual:
        """Put both branches on an input of this shape, channels first.

        Raises:
            ValueError: If their outputs differ in shape.
        """
        shape, parts = _branches(self, input_shape)
        body, shortcut = (part.output_shape for _, part in parts)
        if body != shortcut:
            shapes = f"body {body}, shortcut {shortcut}"
            raise ValueError(f"cannot add outputs of different shapes: {shapes}")
        return PlacedResidual(self, shape, parts)


class Concat(Combined):
    """Branches that read the same input, their outputs joined channel behind channel.

    A branch without a name gets its number for one.
    """

    def on(self, *input_shape: int | Quantity) -> PlacedConcat:
        """Put all branches on an input of this shape, channels first.

        Raises:
            ValueError: If their outputs differ in more than the channels.
        """
        shape, parts = _branches(self, input_shape)
        shapes = {name: part.output_shape for name, part in parts}
        if len({sizes[1:] for sizes in shapes.values()}) > 1:
            text = ", ".join(f"{name} {sizes}" for name, sizes in shapes.items())
            raise ValueError(f"cannot join outputs that differ in more than channels: {text}")
        return PlacedConcat(self, shape, parts)


class Gate(Combined):
    """The input times what a branch makes of it, channel by channel or value by value.

    Args:
        branch: Gives one value for each channel, or for each value.
    """

    def __init__(self, branch: Layer) -> None:
        super().__init__(branch=branch)

    def on(self, *input_shape: int | Quantity) -> PlacedGate:
        """Put the branch on an input of this shape, channels first.

        Raises:
            ValueError: If its output fits neither the input's channels nor the input.
        """
        shape, parts = _branches(self, input_shape)
        ((_, branch),) = parts
        per_channel = Shape([shape[0], *(Quantity(1) for _ in shape[1:])])
        if branch.output_shape not in (per_channel, shape):
            raise ValueError(f"cannot multiply an input of {shape} by {branch.output_shape}")
        return PlacedGate(self, shape, parts)


def squeeze_excitation(channels: int, squeezed: int, activation: Layer | None = None) -> Gate:
    """Squeeze-and-excitation: channels are weighed by what the whole image says of them.

    Hu, Shen and Sun 2018, with two 1 x 1 convolutions as in torchvision.

    Args:
        channels: Of the input.
        squeezed: Channels in between.
        activation: Behind the first convolution; `ReLU` unless another is given.
    """
    return Gate(
        Sequential(
            avgpool=AdaptiveAvgPool2d(1),
            fc1=Conv2d(channels, squeezed, 1),
            activation=activation or ReLU(),
            fc2=Conv2d(squeezed, channels, 1),
            scale_activation=Sigmoid(),
        )
    )


Branches = tuple[Shape, tuple[tuple[str, Placed], ...]]
"""The shape of the input, and each branch on it with its name."""


def _branches(layer: Combined, input_shape: tuple[int | Quantity, ...]) -> Branches:
    shape = layer.check_input(input_shape)
    sizes = tuple(map(int, shape))
    return shape, tuple((name, put_part(name, branch, sizes)) for name, branch in layer.parts)


@dataclass(frozen=True)
class _PlacedBranches(PlacedCombined):
    """Branches that read the same input."""

    def leaves(self, name: str, before: ReceptiveField) -> Iterator[Leaf]:
        """The layers of all branches, branch by branch."""
        for own, part in self.parts:
            yield from part.leaves(join_names(name, own), before)

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """The smallest field that holds those of all branches."""
        start = nothing_between(self.input_shape)
        flat = len(self.output_shape) == 1  # then what is joined is more than the last map of each
        return self._unite(
            [
                (name, part.seen_behind(start) if flat else part.receptive_field)
                for name, part in self.parts
            ]
        )

    def seen_behind(self, before: ReceptiveField) -> ReceptiveField:
        """What its outputs see of an input of which its own inputs see this."""
        if before.is_even:
            return super().seen_behind(before)
        return self._unite([(name, part.seen_behind(before)) for name, part in self.parts])

    def _unite(self, branches: list[tuple[str, ReceptiveField]]) -> ReceptiveField:
        fields, reasons = [], [reason for _, field in branches for reason in field.reasons]
        for at in range(len(branches[0][1].fields)):
            both, misaligned = unite_fields([(name, field.fields[at]) for name, field in branches])
            fields.append(both)
            if len(self.output_shape) > 1:  # the units of a vector have no places to be compared
                reasons += misaligned
        return ReceptiveField(tuple(fields), tuple(dict.fromkeys(reasons)))


@dataclass(frozen=True)
class PlacedResidual(_PlacedBranches):
    """A `Residual` on an input."""

    @property
    def output_shape(self) -> Shape:
        """Sizes of either branch's output."""
        return self.parts[0][1].output_shape

    def leaves(self, name: str, before: ReceptiveField) -> Iterator[Leaf]:
        """The layers of the body under the block's own name, then those of the shortcut."""
        (_, body), (own, shortcut) = self.parts
        yield from body.leaves(name, before)
        if not isinstance(shortcut.layer, Identity):
            yield from shortcut.leaves(join_names(name, own), before)


@dataclass(frozen=True)
class PlacedConcat(_PlacedBranches):
    """A `Concat` on an input."""

    @cached_property
    def output_shape(self) -> Shape:
        """Sizes of the output: the channels of all branches."""
        shapes = {name: part.output_shape for name, part in self.parts}
        channels = total(shape[0].named(f"channels of {name}") for name, shape in shapes.items())
        named = channels.named("output channels", symbol="C_out")
        return Shape([named, *self.parts[0][1].output_shape[1:]])


@dataclass(frozen=True)
class PlacedGate(_PlacedBranches):
    """A `Gate` on an input."""

    @property
    def output_shape(self) -> Shape:
        """Sizes of the output: those of the input."""
        return self.input_shape

    def leaves(self, name: str, before: ReceptiveField) -> Iterator[Leaf]:
        """The layers of the branch, under the gate's own name."""
        ((_, branch),) = self.parts
        yield from branch.leaves(name, before)

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """What is multiplied: each output sees its own input. The gate itself is left out."""
        branch = self.parts[0][1].receptive_field
        beyond = any(not field.is_identity for field in branch.fields)
        reason = "through a gate every output sees more of the input than its receptive field"
        own = nothing_between(self.input_shape).fields
        return ReceptiveField(own, (*branch.reasons, *([reason] if beyond else [])))

    def seen_behind(self, before: ReceptiveField) -> ReceptiveField:
        """What each output sees where it stands; the gate itself is left out."""
        return before.then(self.receptive_field)
