"""Figures of the first page."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.matrix import weight_identity
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.stage import Box, Stage, stage
from mkdocs_cnn.figures.parts.wiring import wiring
from mkdocs_cnn.layers import Conv2d

KERNEL = np.array([1, 2, 3])
BUMP = np.array([0, 0, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0])
SHIFT = 5


def _facts() -> Facts:
    """One small layer, and a signal and what the kernel makes of it, before and after a shift.

    Raises:
        ValueError: If the answer did more than move.
    """
    signals = BUMP, np.roll(BUMP, SHIFT)
    first, second = (
        cross_correlate2d(signal[None, None], KERNEL[None, None, None]).ravel()
        for signal in signals
    )
    moved = int(second.argmax() - first.argmax())
    if not np.array_equal(np.roll(first, moved), second):
        raise ValueError(f"the answer {second} is no shift of {first}")
    layer = Conv2d(1, 1, kernel_size=(1, len(KERNEL))).on(1, 1, 2 * len(KERNEL))
    return {"layer": layer, "signals": signals, "answers": (first, second), "answer_shift": moved}


@figure(
    "three-ideas",
    title="Three ideas in one screen",
    facts=_facts,
    caption="""A convolutional layer is three ideas. Sparse: each output reads {layer.fan_in} of the
        {layer.inputs} inputs. Shared: {layer.connections} connections use the same {layer.weights}
        weights at every position. Equivariant: shift the input by {SHIFT} and the output shifts by
        {answer_shift}.""",
    alt="""Three panels. In the first, {layer.connections} lines join {layer.outputs} outputs to
        {layer.fan_in} neighbouring inputs each, out of {layer.inputs}, and the lines of a dense
        layer lie faintly behind. In the second the same lines bear {layer.weights} strokes and
        colours that repeat at every output. In the third, bars show a bump and the answer to it,
        and below them the bump {SHIFT} places further right and the same answer {answer_shift}
        places further right.""",
    aspect=0.98,
)
def three_ideas(fig: Figure, look: Look, facts: Facts) -> None:
    """Few connections, the same weights everywhere, and shifts that pass through."""
    sheet, layer, palette = stage(fig, look), facts["layer"], look.palette
    each = layer.connections / layer.outputs
    serve = f"{layer.weights} weights serve\nall {layer.connections} connections"
    panels: list[tuple[str, str, str, Callable[[Stage, Box, Facts], None]]] = [
        ("sparse", f"each output reads\n{each} of {layer.inputs} inputs", palette.sparse, _sparse),
        ("shared", serve, palette.shared, _shared),
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
        draw(sheet, box, facts)
        sheet.heading(x, y, name, colour=colour, ha=ha)
        sheet.text(x, y + 0.8, says, small=True, ha=ha, va="top")


def _sparse(sheet: Stage, box: Box, facts: Facts) -> None:
    layer, palette = facts["layer"], sheet.look.palette
    behind = wiring(sheet, box, weight_identity(layer.dense))
    behind.connect(behind.pairs, palette.faint, width=0.8)
    diagram = wiring(sheet, box, weight_identity(layer))
    diagram.connect(diagram.pairs, palette.sparse, width=1.4)
    diagram.label()


def _shared(sheet: Stage, box: Box, facts: Facts) -> None:
    diagram = wiring(sheet, box, weight_identity(facts["layer"]))
    diagram.connect_by_weight()
    diagram.label()


def _equivariant(sheet: Stage, box: Box, facts: Facts) -> None:
    """Input and output side by side, before the shift above, after it below."""
    palette = sheet.look.palette
    half = (box.width - 1.6) / 2
    high = (box.height - 3.6) / 2
    sides = [
        ("input", facts["signals"], SHIFT, palette.muted),
        ("output", facts["answers"], facts["answer_shift"], palette.shared),
    ]
    for column, (name, rows, moved, colour) in enumerate(sides):
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
