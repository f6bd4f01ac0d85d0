"""Layers made of layers, and the simplest of those: one behind the other.

Whatever can be counted of a layer can be counted of these, and is the sum over their parts. Sizes
are handed on as bare numbers, so that the working of one part does not drag along all before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from itertools import groupby

from mkdocs_cnn.layers.field_chain import chain_fields, short_span
from mkdocs_cnn.layers.layer import Layer, Leaf, Placed, Shape, nothing_between
from mkdocs_cnn.layers.receptive_field import ReceptiveField
from mkdocs_cnn.quantities.quantity import Quantity, product, total

Part = tuple[str, Layer]


class MisplacedError(ValueError):
    """A part does not fit where it stands: "layer1.conv2: input has 64 channels where …".

    The place is the part's name, with those of what it is part of.
    """

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place, self.reason = place, reason


@dataclass(frozen=True, init=False, repr=False)
class Combined(Layer):
    """Layers as one layer.

    Args:
        layers: In order; each gets its number as name.
        named: Further layers with their names.

    Raises:
        TypeError: If one is no layer.
        ValueError: If there is none.
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
        parts = (("" if name.isdigit() else f"{name}=") + repr(layer) for name, layer in self.parts)
        return f"{type(self).__name__}({', '.join(parts)})"


def _sum(what: str, symbol: str, unit: str) -> cached_property[Quantity]:
    """A count of layers as one: the sum over the parts."""

    def summed(self: PlacedCombined) -> Quantity:
        terms = []
        for name, part, times in self.runs:
            number: Quantity = getattr(part, what)
            if number:
                named = number.named(name, symbol=f"{symbol[0]}_{short_span(name)}")
                terms.append(times * named if times > 1 else named)
        number = total(terms) if terms else Quantity(0, unit)
        name = "MACs" if what == "macs" else what.replace("_", " ")
        return number.named(name, symbol=symbol)

    return cached_property(summed)


@dataclass(frozen=True)
class PlacedCombined(Placed):
    """Layers as one on an input; every count is the sum over the parts.

    Additions of branches are not counted as multiply-adds, and bytes are moved by each part by
    itself.
    """

    parts: tuple[tuple[str, Placed], ...]  # with their names

    weights = _sum("weights", "N_w", "weight")
    parameters = _sum("parameters", "N_p", "parameter")
    macs = _sum("macs", "N_mac", "MAC")
    connections = _sum("connections", "N_c", "connection")
    activations = _sum("activations", "N_a", "activation")
    bytes_moved = _sum("bytes_moved", "B", "byte")

    @cached_property
    def runs(self) -> list[tuple[str, Placed, int]]:
        """The parts, like ones that follow each other as one: name, part, how many."""
        return _runs(self.parts)


def _runs(parts: Iterable[tuple[str, Placed]]) -> list[tuple[str, Placed, int]]:
    runs = []
    for _, group in groupby(parts, key=lambda part: id(part[1])):
        names, placed = zip(*group, strict=True)
        span = names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}, each"
        runs.append((span, placed[0], len(names)))
    return runs


class Sequential(Combined):
    """Layers one behind the other: each reads what the one before it gives.

    They are named by their numbers, or as in `Sequential(conv1=…, relu=…)`.
    """

    def on(self, *input_shape: int | Quantity) -> PlacedSequential:
        """Put the layers on an input of this shape, channels first.

        Raises:
            MisplacedError: If a layer does not fit what the one before it gives; it says which.
        """
        shape = self.check_input(input_shape)
        placed, sizes = [], tuple(map(int, shape))
        for name, layer in self.parts:
            part = put_part(name, layer, sizes)
            placed.append((name, part))
            sizes = tuple(map(int, part.output_shape))
        return PlacedSequential(self, shape, tuple(placed))


@dataclass(frozen=True)
class PlacedSequential(PlacedCombined):
    """A `Sequential` on an input."""

    @property
    def output_shape(self) -> Shape:
        """Sizes of the last part's output."""
        return self.parts[-1][1].output_shape

    @cached_property
    def receptive_field(self) -> ReceptiveField:
        """What the outputs of the last feature map see of the input.

        Where the sequence ends in a classifier, that is the map which is flattened, or pooled to
        one position and flattened then.
        """
        start = nothing_between(self.input_shape)
        windows = [(name, part.receptive_field, n) for name, part, n in _runs(self._maps)]
        if not all(window.is_even for _, window, _ in windows):
            return _seen_behind(start, self._maps)
        telling = [(name, field, n) for name, field, n in windows if field.fields]
        fields = tuple(
            chain_fields(axis.axis, [(name, field.fields[at], n) for name, field, n in telling])
            for at, axis in enumerate(start.fields)
        )
        reasons = dict.fromkeys(reason for _, field, _ in windows for reason in field.reasons)
        return ReceptiveField(fields, tuple(reasons))

    def seen_behind(self, before: ReceptiveField) -> ReceptiveField:
        """What its outputs see of an input of which its own inputs see this."""
        # As one window, where that is exact and holds all parts: its working is one step then.
        if before.is_even and self._maps == self.parts:
            return super().seen_behind(before)
        return _seen_behind(before, self.parts)

    @cached_property
    def _chain(self) -> list[tuple[str, Placed]]:
        """The parts, and those of parts that are sequences themselves."""
        chain: list[tuple[str, Placed]] = []
        for name, part in self.parts:
            inner = part._chain if isinstance(part, PlacedSequential) else [("", part)]
            chain += [(join_names(name, own), layer) for own, layer in inner]
        return chain

    @cached_property
    def _maps(self) -> tuple[tuple[str, Placed], ...]:
        """The parts that make feature maps: those before the classifier, if there are any."""
        left = _length_of_maps([layer for _, layer in self._chain]) or len(self._chain)
        maps: list[tuple[str, Placed]] = []
        for name, part in self.parts:
            inner = part._chain if isinstance(part, PlacedSequential) else [("", part)]
            if len(inner) > left:
                maps += [(join_names(name, own), layer) for own, layer in inner[:left]]
                break
            maps.append((name, part))
            left -= len(inner)
        return tuple(maps)

    def leaves(self, name: str, before: ReceptiveField) -> Iterator[Leaf]:
        """The layers of all parts, in order."""
        for own, part in self.parts:
            yield from part.leaves(join_names(name, own), before)
            before = part.seen_behind(before)


def _seen_behind(before: ReceptiveField, parts: Iterable[tuple[str, Placed]]) -> ReceptiveField:
    for _, part in parts:
        before = part.seen_behind(before)
    return before


def _length_of_maps(layers: Sequence[Placed]) -> int:
    """How many layers come before the one that flattens, and before a pooling of all positions.

    Between the two there may be layers that work on what was pooled.
    """
    flat = next((at for at, layer in enumerate(layers) if layer.flattens), len(layers))
    if flat == len(layers):
        return flat
    for at in reversed(range(flat)):
        if product(layers[at].output_shape[1:]) > 1:
            break
        if layers[at].pools_all:
            return at
    return flat


# Networks repeat their blocks, and a block on the same input need not be counted twice.
# But layers that are equal may differ in how their numbers were made.
@lru_cache(maxsize=8192)
def _put(layer: Layer, sizes: tuple[int, ...]) -> Placed:
    return layer.on(*sizes)


def put_part(name: str, layer: Layer, sizes: tuple[int, ...]) -> Placed:
    """Put the part of this name on an input.

    Raises:
        MisplacedError: If it does not fit.
    """
    try:
        return layer.on(*sizes) if _has_working(layer) else _put(layer, sizes)
    except MisplacedError as inner:
        raise MisplacedError(f"{name}.{inner.place}", inner.reason) from None
    except ValueError as error:
        raise MisplacedError(name, str(error)) from None


def _has_working(argument: object) -> bool:
    if isinstance(argument, Quantity):
        return bool(argument.op)
    if isinstance(argument, Layer):
        return any(_has_working(getattr(argument, field.name)) for field in fields(argument))  # type: ignore[arg-type]  # every layer is a dataclass
    return isinstance(argument, tuple) and any(map(_has_working, argument))


def join_names(*names: str) -> str:
    """The place of a part: "layer1.conv2"; an empty name is left out."""
    return ".".join(filter(None, names))
