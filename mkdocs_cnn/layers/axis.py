"""One axis of a layer: how many outputs it has, and how many inputs each of them touches."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from mkdocs_cnn.layers.arguments import IMAGE_AXES, Padding, PaddingMode, Pair, per_axis, sides
from mkdocs_cnn.layers.layer import Placed
from mkdocs_cnn.layers.receptive_field import Field, ReceptiveField
from mkdocs_cnn.quantities.quantity import Quantity, total


def input_index(position: int, size: int, mode: PaddingMode) -> int | None:
    """The input that stands at a position of the padded axis, counted from the first real input.

    In the padding, before 0 and after the last input, that depends on the mode: "zeros" (none
    stands there), "circular" (the axis is a ring), "reflect" (mirrored, the border not repeated) or
    "edge" (the border repeated).
    """
    if 0 <= position < size:
        return position
    if mode == "zeros":
        return None
    if mode == "circular":
        return position % size
    if mode == "edge":
        return min(max(position, 0), size - 1)
    period = max(2 * (size - 1), 1)
    folded = position % period
    return min(folded, period - folded)


def named_output(size: Quantity, axis: str) -> Quantity:
    """The size of an output along an axis under its usual name: "output height", `H_out`."""
    return size.named(f"output {axis}", symbol=f"{axis[0].upper()}_out")


# Windows at the border whose lost taps are added one by one; more than these, like with like.
_MOST_TERMS = 24


@dataclass(frozen=True)
class Axis:
    """One axis of a sliding window on an input.

    Raises:
        ValueError: If the window does not fit, or the padding cannot be filled from the input.
    """

    name: str  # "height", "width" or "length", for derivations and errors
    size: Quantity  # inputs along the axis
    kernel_size: Quantity  # taps of the window along the axis
    stride: Quantity  # inputs from one window to the next
    padding: tuple[Quantity, Quantity]  # inputs added before and after
    dilation: Quantity  # inputs from one tap to the next
    mode: PaddingMode = "zeros"  # what stands in the padding
    # Whether a last window may hang over the end, as pooling layers allow: it must begin on an
    # input or on the padding before them.
    ceil_mode: bool = False

    def __post_init__(self) -> None:
        fits = self.output_size >= 1 if self.ceil_mode else self.extent <= self._padded_size
        if not fits:
            raise ValueError(
                f"kernel extent {self.extent} exceeds padded input {self._padded_size} along the "
                f"{self.name} (size={self.size}, padding={self._padding_typed}, "
                f"kernel_size={self.kernel_size}, dilation={self.dilation})"
            )
        # One turn of the ring, and one fold of the mirror, are all that an input has to give.
        most = {"circular": self.size.value, "reflect": self.size.value - 1}.get(self.mode)
        if most is not None and max(self.padding) > most:
            raise ValueError(
                f"{self.mode} padding {self._padding_typed} exceeds {most} along the {self.name} "
                f"(size={self.size})"
            )

    @property
    def _padding_typed(self) -> object:
        before, after = self.padding
        return before if before == after else (before, after)

    @cached_property
    def extent(self) -> Quantity:
        """Inputs from the first to the last tap of one window, both counted."""
        if self.dilation == 1:
            return self.kernel_size
        extent = self.dilation * (self.kernel_size - 1) + 1
        return extent.named(f"effective kernel {self.name}", symbol=f"e_{self.name[0]}")

    @cached_property
    def _padded_size(self) -> Quantity:
        before, after = self.padding
        both = 2 * before if before == after else before + after
        return self.size + both

    @cached_property
    def output_size(self) -> Quantity:
        """Windows that fit along the axis: ⌊(size + padding − extent) / stride⌋ + 1."""
        room = self._padded_size - self.extent
        if self.ceil_mode:
            room = room + self.stride - 1
        size = room // self.stride + 1
        if self.ceil_mode and (size - 1) * self.stride >= self.size + self.padding[0]:
            size = size - 1  # that window would begin behind the last input
        return named_output(size, self.name)

    @cached_property
    def field(self) -> Field:
        """What one output reads of the axis: the window as a receptive field."""
        first, extent, dilation = -int(self.padding[0]), int(self.extent), int(self.dilation)
        taps = () if extent == self.kernel_size else (range(first, first + extent, dilation),)
        return Field(self.name, self.extent, self.stride, self.padding[0], taps)

    @cached_property
    def touching(self) -> Quantity:
        """Pairs of an output and an input along the axis that touch.

        A window at the border loses the taps that fall on padding zeros; in the other padding
        modes it loses the taps that fall on an input which it reads already.
        """
        pairs = self.output_size * self.kernel_size - self.lost
        return pairs.named(f"connections along the {self.name}", symbol=f"T_{self.name[0]}")

    @cached_property
    def lost(self) -> Quantity:
        """Taps that make no connection, over all outputs of the axis."""
        if not any(self.padding) and not self.ceil_mode:
            return Quantity(0)
        outputs = chain(*self.border)
        each = [int(self.kernel_size) - len(self._reads(output)) for output in outputs]
        lost: list[Quantity] = [Quantity(taps) for taps in each if taps]
        if len(lost) > _MOST_TERMS:
            lost = [times * Quantity(taps) for taps, times in Counter(filter(None, each)).items()]
        taps = total(lost)
        return taps.named(f"taps lost along the {self.name}", symbol=f"L_{self.name[0]}")

    @cached_property
    def border(self) -> tuple[range, range]:
        """The outputs whose windows reach out of the input, at its start and at its end.

        All other windows read an input with every tap, each another one.
        """
        size, outputs, before = (
            int(number) for number in (self.size, self.output_size, self.padding[0])
        )
        inside = -(-before // int(self.stride))  # the first window that begins on an input
        beyond = (before + size - int(self.extent)) // int(self.stride) + 1  # ends behind the last
        start = min(inside, outputs)
        return range(start), range(min(max(start, beyond), outputs), outputs)

    def reads(self) -> Iterator[set[int]]:
        """For each output in turn, the inputs that its window reads."""
        return map(self._reads, range(int(self.output_size)))

    def _reads(self, output: int) -> set[int]:
        return {index for _, index in self.taps(output)}

    def taps(self, output: int) -> Iterator[tuple[int, int]]:
        """The taps of one output's window that stand on an input, as (tap, input index)."""
        start = output * int(self.stride) - int(self.padding[0])
        for tap in range(int(self.kernel_size)):
            index = input_index(start + tap * int(self.dilation), int(self.size), self.mode)
            if index is not None:
                yield tap, index


def window_axes(
    sizes: Sequence[Quantity],
    kernel_size: Pair,
    stride: Pair,
    padding: Padding,
    dilation: Pair,
    mode: PaddingMode = "zeros",
    ceil_mode: bool = False,
    names: tuple[str, ...] = IMAGE_AXES,
) -> tuple[Axis, ...]:
    """The axes of a window on an input of these sizes, from what was typed for the window.

    It raises as `per_axis`, `sides` and `Axis` do.
    """
    parts = zip(
        names,
        sizes,
        per_axis("kernel_size", kernel_size, names),
        per_axis("stride", stride, names),
        sides(padding, kernel_size, stride, dilation, names),
        per_axis("dilation", dilation, names),
        strict=True,
    )
    return tuple(
        Axis(name, size, taps, step, both, apart, mode, ceil_mode)
        for name, size, taps, step, both, apart in parts
    )


@dataclass(frozen=True)
class PlacedWindow(Placed):
    """A layer on an input that reads windows of it."""

    def __post_init__(self) -> None:
        self.axes  # noqa: B018  # a window that does not fit is an error here, not later

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """The axes, height before width."""
        axes: tuple[Axis, ...] = self.layer.axes(*self.input_shape[1:])
        return axes

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """The window, by size, stride and padding along each axis."""
        return ReceptiveField(tuple(axis.field for axis in self.axes))
