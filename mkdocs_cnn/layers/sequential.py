"""Layers made of layers: in sequence, added, joined, multiplied.

    >>> block = Residual(Sequential(Conv2d(8, 8, 3, padding=1), ReLU()))
    >>> block.on(8, 16, 16).parameters
    584
    >>> [row.name for row in Sequential(stem=Conv2d(3, 8, 3), block=block).on(3, 18, 18).rows]
    ['stem', 'block.0', 'block.1']

Whatever can be counted of a layer can be counted of these, and is the sum over their parts. Sizes
are handed on as bare numbers, so that the working of one part does not drag along all before it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache

from mkdocs_cnn.layers.branches import (
    PlacedConcat,
    PlacedGate,
    PlacedResidual,
    PlacedSequential,
)
from mkdocs_cnn.layers.convolution import Conv2d
from mkdocs_cnn.layers.layer import Layer, Placed, Shape
from mkdocs_cnn.layers.pooling import AdaptiveAvgPool2d
from mkdocs_cnn.layers.weightless import Identity, ReLU, Sigmoid
from mkdocs_cnn.quantities.quantity import Quantity

Part = tuple[str, Layer]


class MisplacedError(ValueError):
    """A part does not fit where it stands: "layer1.conv2: input has 64 channels where …".

    Attributes:
        place: The part's name, with those of what it is part of.
        reason: What is wrong with it there.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place, self.reason = place, reason


@dataclass(frozen=True, init=False, repr=False)
class _Combined(Layer):
    """Layers as one layer.

    Args:
        layers: In order; each gets its number as name.
        named: Further layers with their names.
    """

    parts: tuple[Part, ...]

    def __init__(self, /, *layers: Layer, **named: Layer) -> None:
        parts = (*((str(at), layer) for at, layer in enumerate(layers)), *named.items())
        object.__setattr__(self, "parts", parts)
        if not parts:
            raise ValueError(f"{type(self).__name__} takes at least one layer")
        for name, layer in parts:
            if not isinstance(layer, Layer):
                raise TypeError(
                    f"{type(self).__name__} is made of layers, not {type(layer).__name__} "
                    f"{layer!r} (part {name!r})"
                )

    def __repr__(self) -> str:
        said = (
            f"{layer!r}" if name.isdigit() else f"{name}={layer!r}" for name, layer in self.parts
        )
        return f"{type(self).__name__}({', '.join(said)})"


class Sequential(_Combined):
    """Layers one behind the other: each reads what the one before it gives.

    Args:
        layers: In order; each gets its number as name.
        named: Further layers with their names, as in `Sequential(conv1=…, relu=…)`.

    Raises:
        TypeError: If one is no layer.
        ValueError: If there is none.
    """

    def on(self, *input_shape: int | Quantity) -> PlacedSequential:
        """Put the layers on an input of this shape, channels first.

        Raises:
            MisplacedError: If a layer does not fit what the one before it gives; it says which.
        """
        shape = self._input(input_shape)
        placed, sizes = [], tuple(map(int, shape))
        for name, layer in self.parts:
            part = _on(name, layer, sizes)
            placed.append((name, part))
            sizes = tuple(map(int, part.output_shape))
        return PlacedSequential(self, shape, tuple(placed))


class Residual(_Combined):
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
        shape = self._input(input_shape)
        parts = _branches(self, shape)
        body, shortcut = (part.output_shape for _, part in parts)
        if body != shortcut:
            raise ValueError(
                f"cannot add outputs of different shapes: body {body}, shortcut {shortcut}"
            )
        return PlacedResidual(self, shape, parts)


class Concat(_Combined):
    """Branches that read the same input, their outputs joined channel behind channel.

    Args:
        layers: The branches; each gets its number as name.
        named: Further branches with their names.
    """

    def on(self, *input_shape: int | Quantity) -> PlacedConcat:
        """Put all branches on an input of this shape, channels first.

        Raises:
            ValueError: If their outputs differ in more than the channels.
        """
        shape = self._input(input_shape)
        parts = _branches(self, shape)
        shapes = {name: part.output_shape for name, part in parts}
        if len({sizes[1:] for sizes in shapes.values()}) > 1:
            said = ", ".join(f"{name} {sizes}" for name, sizes in shapes.items())
            raise ValueError(f"cannot join outputs that differ in more than channels: {said}")
        return PlacedConcat(self, shape, parts)


class Gate(_Combined):
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
        shape = self._input(input_shape)
        parts = _branches(self, shape)
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


# Networks repeat their blocks, and a block on the same input need not be counted twice.
# But layers that are equal may differ in how their numbers were made.
@lru_cache(maxsize=8192)
def _placed(layer: Layer, sizes: tuple[int, ...]) -> Placed:
    return layer.on(*sizes)


def _on(name: str, layer: Layer, sizes: tuple[int, ...]) -> Placed:
    try:
        return layer.on(*sizes) if _has_working(layer) else _placed(layer, sizes)
    except MisplacedError as inner:
        raise MisplacedError(f"{name}.{inner.place}", inner.reason) from None
    except ValueError as error:
        raise MisplacedError(name, str(error)) from None


def _has_working(given: object) -> bool:
    if isinstance(given, Quantity):
        return bool(given.op)
    if isinstance(given, Layer):
        return any(_has_working(getattr(given, field.name)) for field in fields(given))  # type: ignore[arg-type]  # every layer is a dataclass
    return isinstance(given, tuple) and any(map(_has_working, given))


def _branches(layer: _Combined, shape: Shape) -> tuple[tuple[str, Placed], ...]:
    sizes = tuple(map(int, shape))
    return tuple((name, _on(name, branch, sizes)) for name, branch in layer.parts)
