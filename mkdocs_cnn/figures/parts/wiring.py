"""A layer drawn as units and connections: inputs in a row below, outputs above."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.matrix import NO_WEIGHT
from mkdocs_cnn.figures.parts.stage import MOST_UNITS, STROKES, Box, Stage, check_drawable
from mkdocs_cnn.figures.parts.weights import subscript, weight_colours, weight_names
from mkdocs_cnn.layers import Conv2d, PlacedConv


def row_of_units(*, units: int, kernel_size: int) -> dict[str, PlacedConv]:
    """Facts of a figure that draws one convolution along a row of inputs: the "layer".

    Raises:
        ValueError: If there are more units than can be told apart.
    """
    check_drawable(MOST_UNITS, units=units, kernel_size=kernel_size)
    return {"layer": Conv2d(1, 1, kernel_size=(1, kernel_size)).on(1, 1, units)}


@dataclass(frozen=True)
class Wiring:
    """A layer drawn as units and connections: inputs in a row below, outputs above."""

    stage: Stage
    identity: Array  # (outputs, inputs): which weight a connection carries, or NO_WEIGHT
    inputs: Array  # (inputs, 2): the centres of the units
    outputs: Array  # (outputs, 2)

    @property
    def radius(self) -> float:
        """Of a unit, in ems; its neighbour keeps clear."""
        pitch = float(self.inputs[1, 0] - self.inputs[0, 0]) if len(self.inputs) > 1 else np.inf
        return min(0.4 * pitch, 1.15)

    @property
    def pairs(self) -> list[tuple[int, int]]:
        """The connections, as (output, input)."""
        return [(int(o), int(i)) for o, i in np.argwhere(self.identity != NO_WEIGHT)]

    def connect(self, pairs: Iterable[tuple[int, int]], colour: str, *, width: float = 1) -> None:
        """Draw these connections, all alike."""
        self.stage.lines([self._ends(*pair) for pair in pairs], colour, width=width)

    def connect_by_weight(self, *, letters_at: float | None = None, strokes: bool = True) -> None:
        """Draw every connection in its weight's colour.

        Args:
            letters_at: How far down from output to input the weights' letters stand, each in a
                gap of its line, from 0 to 1; None for no letters. Without room there are none.
            strokes: Whether weights differ by the stroke of their lines too.
        """
        count = int(self.identity.max()) + 1
        letters_at = letters_at if letters_at and self._has_room(letters_at) else None
        colours, names = weight_colours(self.stage.look, count), weight_names(count)
        for weight in range(count):
            segments: list[tuple[Array, Array]] = []
            for pair in (pair for pair in self.pairs if self.identity[pair] == weight):
                segments += self._line(*pair, letters_at)
                if letters_at is not None:
                    x, y = self._between(*pair, letters_at)
                    self.stage.text(x, y, names[weight], small=True, bold=True)
            stroke = STROKES[weight % len(STROKES)] if strokes else "solid"
            self.stage.lines(segments, colours[weight], width=1.5, stroke=stroke)

    def label(
        self, *, marked: Iterable[int] = (), colour: str = "", inputs: str = "x", outputs: str = "y"
    ) -> None:
        """Draw the units with their names: x₁, x₂ … below, y₁, y₂ … above.

        Args:
            marked: Outputs to be filled, and with them the inputs that they read.
            colour: What they are filled with.
            inputs: The letter of the inputs; "" for numbers alone.
            outputs: The letter of the outputs.
        """
        palette = self.stage.look.palette
        chosen = set(marked)
        read = {i for o, i in self.pairs if o in chosen}
        for letter, places, filled in (
            (inputs, self.inputs, read),
            (outputs, self.outputs, chosen),
        ):
            count = range(len(places))
            fills = [colour if i in filled else palette.surface for i in count]
            names = [subscript(letter, i + 1) if letter else str(i + 1) for i in count]
            names = names if self.radius > 0.65 else [""] * len(names)
            self.stage.units(places, names, fills, palette.muted, self.radius)

    def _ends(self, output: int, input_: int) -> tuple[Array, Array]:
        """Where the line leaves the discs."""
        top, bottom = self.outputs[output], self.inputs[input_]
        reach = (bottom - top) * self.radius / np.linalg.norm(bottom - top)
        return top + reach, bottom - reach

    def _between(self, output: int, input_: int, way: float) -> Array:
        between: Array = (1 - way) * self.outputs[output] + way * self.inputs[input_]
        return between

    def _has_room(self, letters_at: float) -> bool:
        """Whether letters so far down the lines stand clear of each other."""
        across = sorted(float(self._between(*pair, letters_at)[0]) for pair in self.pairs)
        return bool(np.diff(across, append=np.inf).min() > 0.65)

    def _line(
        self, output: int, input_: int, gap_at: float | None = None
    ) -> list[tuple[Array, Array]]:
        """The line, in two parts where a letter stands in it."""
        start, end = self._ends(output, input_)
        if gap_at is None:
            return [(start, end)]
        middle = self._between(output, input_, gap_at)
        gap = (end - start) * 0.62 / np.linalg.norm(end - start)
        return [(start, middle - gap), (middle + gap, end)]


def wiring(stage: Stage, box: Box, identity: Array, *, spread: float = 1) -> Wiring:
    """Place a layer's units in a box: inputs along its lower edge, outputs along its upper.

    `identity` is `(outputs, inputs)`, as `weight_identity` gives it; `spread` is the distance from
    output to output, in distances from input to input.
    """
    outputs, inputs = identity.shape
    pitch = box.width / inputs
    centre = box.centre[0]
    below = [(centre + (i - (inputs - 1) / 2) * pitch, box.bottom - 1.2) for i in range(inputs)]
    above = [
        (centre + (o - (outputs - 1) / 2) * pitch * spread, box.y + 1.2) for o in range(outputs)
    ]
    return Wiring(stage, identity, np.array(below), np.array(above))
