"""Layers that make no connection between units: they work on each unit, or only reorder them.

They have no weights and no multiply-adds, as the words are used here: a weight stands on a
connection. Some have parameters all the same, such as a normalisation's scale and shift.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from mkdocs_cnn.layers.arguments import whole
from mkdocs_cnn.layers.layer import CheckedLayer, Placed, Shape, count
from mkdocs_cnn.layers.receptive_field import Field, ReceptiveField
from mkdocs_cnn.quantities.quantity import Quantity, product


def _none(unit: str) -> cached_property[Quantity]:
    return cached_property(lambda _: count(Quantity(0), unit))


@dataclass(frozen=True)
class PlacedWeightless(Placed):
    """A layer without weights on an input: it counts 0 of everything, and the shape stays.

    A kind of such layers says otherwise where it is otherwise.
    """

    @property
    def output_shape(self) -> Shape:
        """Sizes of the output: those of the input."""
        return self.input_shape

    weights = _none("weight")
    macs = _none("MAC")  # what it does besides is not counted as multiply-adds

    @cached_property
    def parameters(self) -> Quantity:
        """None."""
        return count(Quantity(0), "parameter")

    @cached_property
    def connections(self) -> Quantity:
        """None between different units."""
        return count(Quantity(0), "connection")

    # It can work in place: no value is its own, and no byte is moved for its sake.
    activations = _none("activation")
    bytes_moved = cached_property(lambda _: Quantity(0, "byte", "B", "bytes moved"))


@dataclass(frozen=True, repr=False)
class _Weightless(CheckedLayer):
    def on(self, *input_shape: int | Quantity) -> Placed:
        """Put the layer on an input of any shape, channels first."""
        return PlacedWeightless(self, self.check_input(input_shape))


class Identity(_Weightless):
    """Nothing happens: the shortcut of a residual block."""


class ReLU(_Weightless):
    """The larger of the value and 0."""


class ReLU6(_Weightless):
    """`ReLU`, cut off at 6."""


class SiLU(_Weightless):
    """The value times its sigmoid; also called swish."""


class GELU(_Weightless):
    """The value times the normal distribution function at it."""


class Sigmoid(_Weightless):
    """The logistic function."""


class Tanh(_Weightless):
    """The hyperbolic tangent."""


class Softmax(_Weightless):
    """Exponentials, divided by their sum over the channels."""


@dataclass(frozen=True, repr=False)
class Dropout(_Weightless):
    """Values set to 0 at random while training.

    Args:
        p: The probability of it.
    """

    p: float = 0.5

    def __post_init__(self) -> None:
        if isinstance(self.p, bool) or not isinstance(self.p, int | float):
            raise TypeError(f"p must be a number, not {type(self.p).__name__} {self.p!r}")
        if not 0 <= self.p <= 1:
            raise ValueError(f"p must be between 0 and 1, not {self.p}")


@dataclass(frozen=True, repr=False)
class LocalResponseNorm(_Weightless):
    """Each value divided by a power of the squares at its position in neighbouring channels.

    Args:
        size: How many channels are neighbours.
    """

    size: int


# -- other shapes


class Flatten(_Weightless):
    """All values as one vector."""

    def on(self, *input_shape: int | Quantity) -> PlacedFlatten:
        """Put the layer on an input of any shape, channels first."""
        return PlacedFlatten(self, self.check_input(input_shape))


@dataclass(frozen=True)
class PlacedFlatten(PlacedWeightless):
    """A `Flatten` layer on an input."""

    @cached_property
    def output_shape(self) -> Shape:
        """One size: all values of the input."""
        return Shape([product(self.input_shape).named("features", symbol="m")])

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """The whole input: a vector's place in the image is all of it."""
        axes = zip(super().receptive_field.fields, self.input_shape[1:], strict=True)
        fields = (Field(one.axis, size, one.stride, one.padding) for one, size in axes)
        return ReceptiveField(tuple(fields))


@dataclass(frozen=True, repr=False)
class Select(CheckedLayer):
    """Some of the input's channels, by number.

    Args:
        channels: Which, counted from 0.
    """

    channels: tuple[int, ...]

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.channels, tuple):
            raise TypeError(
                "channels must be a tuple or list of integers, "
                f"not {type(self.channels).__name__} {self.channels!r}"
            )
        if not self.channels:
            raise ValueError("channels must name at least one channel")
        for channel in self.channels:
            whole("channels", channel, at_least=0)

    def on(self, *input_shape: int | Quantity) -> PlacedSelect:
        """Put the layer on an input, channels first.

        Raises:
            ValueError: If a channel does not exist.
        """
        shape = self.check_input(input_shape)
        if max(self.channels) >= shape[0]:
            raise ValueError(f"no channel {max(self.channels)} among {shape[0]}, counted from 0")
        return PlacedSelect(self, shape)


@dataclass(frozen=True)
class PlacedSelect(PlacedWeightless):
    """A `Select` layer on an input."""

    @cached_property
    def output_shape(self) -> Shape:
        """As many channels as were selected."""
        return Shape([Quantity(len(self.layer.channels)), *self.input_shape[1:]])
