"""Figures of the first page."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.matrix import weight_identity
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.stage import Box, Stage, stage
from mkdocs_cnn.figures.parts.wiring import wiring
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.layers import Conv2d, PlacedConv
from mkdocs_cnn.quantities.sentences import Words

KERNEL = np.array([1, 2, 3])
BUMP = np.array([0, 0, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0])
SHIFT = 5


class Shifted(NamedTuple):
    """A signal and what the kernel makes of it, before and after a shift of the signal."""

    signals: tuple[Array, Array]
    answers: tuple[Array, Array]

    @property
    def answer_shift(self) -> int:
        """How far the answer moved; an error if it did more than move."""
        first, second = self.answers
        moved = int(second.argmax() - first.argmax())
        if not np.array_equal(np.roll(first, moved), second):
            raise ValueError(f"the answer {second} is no shift of {first}")
        return moved


def _shifted() -> Shifted:
    signals = BUMP, np.roll(BUMP, SHIFT)
    first, second = (cross_correlate2d(s[None, None], KERNEL[None, None, None]) for s in signals)
    return Shifted(signals, (first.ravel(), second.ravel()))


def _layer() -> PlacedConv:
    return Conv2d(1, 1, kernel_size=(1, len(KERNEL))).on(1, 1, 2 * len(KERNEL))


def _caption() -> Words:
    layer = _layer()
    return Words(
        "A convolutional layer is three ideas. Sparse: each output reads {} of the {} inputs. "
        "Shared: {} connections use the same {} weights at every position. Equivariant: shift the "
        "input by {} and the output shifts by {}.",
        layer.fan_in,
        layer.inputs,
        layer.connections,
        layer.weights,
        SHIFT,
        _shifted().answer_shift,
    )


def _alt() -> Words:
    layer = _layer()
    return Words(
        "Three panels. In the first, {} lines join {} outputs to {} neighbouring inputs each, out "
        "of {}, and the lines of a dense layer lie faintly behind. In the second the same lines "
        "bear {} strokes and colours that repeat at every output. In the third, bars show a bump "
        "and the answer to it, and below them the bump {} places further right and the same "
        "answer {} places further right.",
        layer.connections,
        layer.outputs,
        layer.fan_in,
        layer.inputs,
        layer.weights,
        SHIFT,
        _shifted().answer_shift,
    )


@figure("three-ideas", title="Three ideas in one screen", caption=_caption, alt=_alt, aspect=0.98)
def three_ideas(fig: Figure, look: Look) -> None:
    """Few connections, the same weights everywhere, and shifts that pass through."""
    sheet, layer, palette = stage(fig, look), _layer(), look.palette
    each = layer.connections / layer.outputs
    panels: list[tuple[str, str, str, Callable[[Stage, Box], None]]] = [
        ("sparse", f"each output reads\n{each} of {layer.inputs} inputs", palette.sparse, _sparse),
        (
            "shared",
            f"{layer.weights} weights serve\nall {layer.connections} connections",
            palette.shared,
            _shared,
        ),
        ("equivariant", "shift the input,\nthe output shifts along", palette.ink, _equivariant),
    ]
    for place, (name, says, colour, draw) in enumerate(panels):
        if look.wide:
            width = sheet.width / 3
            box = Box(place * width + 0.7, 8, width - 1.4, 11.5)
            x, y, ha = box.centre[0], 3.5, "center"
        else:
            height = sheet.height / 3
            box = Box(0.7, place * height + 0.7, 17, height - 1.4)
            x, y, ha = box.right + 1.5, box.centre[1] - 1.4, "left"
        draw(sheet, box)
        sheet.heading(x, y, name, colour=colour, ha=ha)
        sheet.text(x, y + 0.8, says, small=True, ha=ha, va="top")


def _sparse(sheet: Stage, box: Box) -> None:
    layer, palette = _layer(), sheet.look.palette
    behind = wiring(sheet, box, weight_identity(layer.dense))
    behind.connect(behind.pairs, palette.faint, width=0.8)
    diagram = wiring(sheet, box, weight_identity(layer))
    diagram.connect(diagram.pairs, palette.sparse, width=1.4)
    diagram.label()


def _shared(sheet: Stage, box: Box) -> None:
    diagram = wiring(sheet, box, weight_identity(_layer()))
    diagram.connect_by_weight()
    diagram.label()


def _equivariant(sheet: Stage, box: Box) -> None:
    """Input and output side by side, before the shift above, after it below."""
    shifted, palette = _shifted(), sheet.look.palette
    half = (box.width - 1.6) / 2
    high = (box.height - 3.6) / 2
    for column, (name, rows, moved, colour) in enumerate(
        [
            ("input", shifted.signals, SHIFT, palette.muted),
            ("output", shifted.answers, shifted.answer_shift, palette.shared),
        ]
    ):
        x = box.x + column * (half + 1.6)
        sheet.text(x + half / 2, box.y + 0.3, name, small=True)
        places = [Box(x, box.y + 1.4 + row * (high + 1.8), half, high) for row in (0, 1)]
        for place, values in zip(places, rows, strict=True):
            sheet.bars(place, values / values.max(), colour)
        start = x + (int(rows[0].argmax()) + 0.5) * half / len(rows[0])
        y = places[0].bottom + 0.9
        end = start + moved * half / len(rows[0])
        sheet.arrow((start, y), (end, y), palette.ink)
        sheet.text(end + 0.4, y, f"+{moved}", small=True, ha="left")
