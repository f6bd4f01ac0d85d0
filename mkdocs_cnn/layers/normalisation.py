"""Layers that scale and shift: parameters without connections."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import ClassVar

from mkdocs_cnn.layers.arguments import whole
from mkdocs_cnn.layers.layer import CheckedLayer, Placed, count
from mkdocs_cnn.layers.weightless import PlacedWeightless
from mkdocs_cnn.quantities.quantity import Quantity, product


@dataclass(frozen=True, repr=False)
class _PerChannel(CheckedLayer):
    num_features: int
    _: KW_ONLY

    together: ClassVar = 1  # of the input's sizes: each channel has parameters of its own

    def on(self, *input_shape: int | Quantity) -> Placed:
        """Put the layer on an input with these channels."""
        return PlacedNormalisation(self, self.check_input(input_shape, "num_features"))


@dataclass(frozen=True)
class PlacedNormalisation(PlacedWeightless):
    """A layer on an input that has parameters for each channel, or for each value."""

    @cached_property
    def parameters(self) -> Quantity:
        """As many for each channel, or for each value that is normalised together."""
        together = self.input_shape[: self.layer.together]
        return count(self.layer.parameters_each * product(together), "parameter")


@dataclass(frozen=True, repr=False, kw_only=True)
class BatchNorm2d(_PerChannel):
    """Each channel brought to mean 0 and variance 1, then scaled and shifted.

    The running mean and variance are not learnt by gradient, and are no parameters.

    Args:
        num_features: Channels.
        affine: Whether there are a scale and a shift.
    """

    affine: bool = True

    ranks: ClassVar = (3,)

    @property
    def parameters_each(self) -> int:
        """A scale and a shift, or none."""
        return 2 if self.affine else 0


@dataclass(frozen=True, repr=False, kw_only=True)
class Scale(_PerChannel):
    """Each channel times a parameter of its own: LeNet-5's coefficients, ConvNeXt's layer scale.

    Args:
        num_features: Channels.
        bias: Whether a bias is added too.
    """

    bias: bool = False

    @property
    def parameters_each(self) -> int:
        """A factor, and a bias if there is one."""
        return 1 + int(self.bias)


@dataclass(frozen=True, repr=False)
class LayerNorm(CheckedLayer):
    """Values brought to mean 0 and variance 1 together, then each scaled and shifted.

    Args:
        normalized_shape: The sizes that belong together: all of the input's, or one number, the
            channels, and then each position is normalised by itself.
        elementwise_affine: Whether there is a scale for each value.
        bias: Whether there is a shift, too.
    """

    normalized_shape: int | tuple[int, ...]
    _: KW_ONLY
    elementwise_affine: bool = True
    bias: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        for size in self.sizes:
            whole("normalized_shape", size)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The sizes that are normalised together."""
        shape = self.normalized_shape
        return shape if isinstance(shape, tuple) else (shape,)

    @property
    def parameters_each(self) -> int:
        """Parameters of each value that is normalised."""
        return int(self.elementwise_affine) * (1 + int(self.bias))

    @property
    def together(self) -> int:
        """How many sizes of the input are normalised together."""
        return len(self.sizes)

    def on(self, *input_shape: int | Quantity) -> PlacedNormalisation:
        """Put the layer on an input, channels first.

        Raises:
            ValueError: If `normalized_shape` is neither the input's shape nor its channels.
        """
        shape = self.check_input(input_shape)
        if self.sizes not in (tuple(shape), tuple(shape[:1])):
            raise ValueError(
                f"normalized_shape must be the input's channels or its whole shape, "
                f"not {self.normalized_shape} (input={shape})"
            )
        return PlacedNormalisation(self, shape)
