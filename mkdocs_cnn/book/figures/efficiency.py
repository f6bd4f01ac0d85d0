"""Figures of the chapter on efficiency: edges on a photograph, and what finding them costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import draw_marks, note, powers
from mkdocs_cnn.figures.parts.pictures import VERTICAL_EDGE, Filtered, filtered_photograph
from mkdocs_cnn.figures.parts.stage import STROKES, Point, Stroke, check_drawable, stage
from mkdocs_cnn.layers import Conv2d, Placed, PlacedConv
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain, round_to_digits


def _filter(height: int, width: int) -> PlacedConv:
    """One filter of this size, without bias, on the photograph."""
    return Conv2d(1, 1, (height, width), bias=False).on(*grey_photograph().shape)


# -- edges on a photograph

LEFT_NEIGHBOUR = np.array([[-1, 1]])
LIMITS = (-64, 64)
"""The outputs that are drawn black and white."""


def _edges() -> Facts:
    """A photograph, two kernels as layers on it, and what both make of it."""
    image, kernels = grey_photograph(), (LEFT_NEIGHBOUR, VERTICAL_EDGE)
    return {
        "photograph": image[0],
        "taps": _filter(*LEFT_NEIGHBOUR.shape),
        "window": _filter(*VERTICAL_EDGE.shape),
        "outputs": [cross_correlate2d(image, kernel[None, None])[0] for kernel in kernels],
        "two_taps": LEFT_NEIGHBOUR[0].tolist(),
        "window_row": VERTICAL_EDGE[0].tolist(),
    }


@figure(
    "edges-on-photograph",
    title="Edges on a photograph",
    facts=_edges,
    caption="""A photograph of {taps.input_shape[1]} × {taps.input_shape[2]} pixels and what two
        kernels make of it, on the same scale of greys. The first takes from each pixel its
        neighbour on the left and leaves {taps.output_shape[1]} × {taps.output_shape[2]} outputs.
        The second takes the right from the left in {VERTICAL_EDGE.shape[0]} rows at once and leaves
        {window.output_shape[1]} × {window.output_shape[2]}; it answers more strongly, and with the
        opposite sign. Photograph: Stéfan van der Walt, CC0.""",
    alt="""Three pictures. The first, {taps.input_shape[1]} × {taps.input_shape[2]}, is a grey
        photograph of a cat's face. The second, {taps.output_shape[1]} × {taps.output_shape[2]},
        belongs to a kernel of {two_taps}: mid-grey where nothing changes, with fine light and dark
        lines at the whiskers, the fur and the rims of the eyes. The third, {window.output_shape[1]}
        × {window.output_shape[2]}, belongs to a kernel whose {VERTICAL_EDGE.shape[0]} rows are
        {window_row}: the same lines, broader and much stronger, dark where those were light. A bar
        shows the greys from {LIMITS[0]} or less, black, to {LIMITS[1]} or more, white.""",
    aspect=1.05,
)
def edges_on_photograph(fig: Figure, look: Look, facts: Facts) -> None:
    """The photograph and its two responses, with the kernels and one scale of greys."""
    size, (first, second) = " × ".join(map(str, VERTICAL_EDGE.shape)), facts["outputs"]
    filters = [
        Filtered("two taps", "two taps", LEFT_NEIGHBOUR, first),
        Filtered(size, size, VERTICAL_EDGE, second),
    ]
    sheet, units = stage(fig, look), ("pixels", "outputs")
    filtered_photograph(sheet, facts["photograph"], filters, LIMITS, units=units, drop=3.7)


# -- what it costs

_MOST_TAPS = 11  # along a side: with more, the first step is too low for its label


def _cost(*, kernel_height: int, kernel_width: int) -> Facts:
    """One filter on the photograph."""
    check_drawable(_MOST_TAPS, kernel_height=kernel_height, kernel_width=kernel_width)
    return {"layer": _filter(kernel_height, kernel_width)}


@figure(
    "cost-on-photograph",
    title="What a filter costs, in two currencies",
    facts=_cost,
    caption="""One {kernel_height} × {kernel_width} filter on the photograph, done in three ways.
        Reading only windows divides weights and multiply-adds alike, by {layer.sparsity}. Sharing
        divides the weights once more, by {layer.sharing}, and saves not one multiply-add:
        {layer.macs} remain. The axis is logarithmic.""",
    alt="""Two lines on a logarithmic axis, one for weights and one for multiply-adds (MACs), from
        dense by way of locally connected to convolution. At first they fall as one, by a factor of
        {layer.sparsity}: from {layer.dense.weights} weights ({layer.dense.parameter_bytes} bytes)
        and {layer.dense.macs} MACs to {layer.unshared.weights} weights
        ({layer.unshared.parameter_bytes} bytes) and {layer.unshared.macs} MACs. Then they part. The
        weights fall by a factor of {layer.sharing} to {layer.weights} ({layer.parameter_bytes}
        bytes), the MACs stay at {layer.macs}.""",
    aspect=1.0,
)
def cost_on_photograph(
    fig: Figure, look: Look, facts: Facts, *, kernel_height: int = 3, kernel_width: int = 3
) -> None:
    """Weights and MACs of three layers as two lines that run together and then part."""
    layer, axes = facts["layer"], fig.add_subplot()
    ways = (layer.dense, layer.unshared, layer)
    axes.set(yscale="log", xlim=(-0.25, 2.25), ylim=(0.05, float(layer.dense.macs) * 60))
    _draw_line(axes, look, [way.weights for way in ways], look.palette.ink, STROKES[0], -1)
    _draw_line(axes, look, [way.macs for way in ways], look.palette.muted, STROKES[1], 1)
    _draw_points(axes, look, ways)
    _write_counts(axes, look, ways)
    _write_factors(axes, look, layer)
    powers(axes.yaxis, int(layer.dense.macs))


def _draw_line(
    axes: Axes, look: Look, counts: list[Quantity], colour: str, stroke: Stroke, side: int
) -> None:
    """A line through three counts; before the second, where both are equal, to one side."""
    shift = side * look.line * 1.1 / 72  # inches
    beside = ScaledTranslation(shift, shift, axes.figure.dpi_scale_trans)
    heights = [float(count) for count in counts]
    style: dict[str, Any] = {"color": colour, "lw": look.line * 1.5, "ls": stroke}
    axes.plot([0, 1], heights[:2], transform=axes.transData + beside, **style)
    axes.plot([1, 2], heights[1:], **style)


def _draw_points(axes: Axes, look: Look, ways: Sequence[Placed]) -> None:
    """Each count as a point in its layer's colour, the layer's name below."""
    palette = look.palette
    colours = (palette.dense, palette.sparse, palette.shared)
    for at, (way, colour) in enumerate(zip(ways, colours, strict=True)):
        heights = sorted({float(way.weights), float(way.macs)})
        draw_marks(axes, look, [at] * len(heights), heights, colour, size=6.5)
    axes.set_xticks(range(len(ways)), ["dense", "locally\nconnected", "convolution"])
    for label, colour in zip(axes.get_xticklabels(), colours, strict=True):
        label.set(color=colour, weight="bold", size=look.sheet.type_size)
    axes.tick_params(axis="x", length=0)


def _write_counts(axes: Axes, look: Look, ways: Sequence[Placed]) -> None:
    """The counts beside their points, where no line passes."""
    dense, unshared, shared = ways
    both = f"{_weights(dense)}\n{_macs(dense)}"
    narrow = f"{_weights(unshared)}\n{_macs(unshared)}".replace(", ", "\n", 1)
    for at, height, words, shift, ha, va in (
        (0, dense.macs, both, (0.7, 0.2), "left", "bottom"),
        (1, unshared.macs, narrow, (-0.2, -0.8), "right", "top"),
        (2, shared.macs, _macs(shared), (0.6, 0.8), "right", "bottom"),
        (2, shared.weights, _weights(shared), (0.6, -0.8), "right", "top"),
    ):
        _write(axes, look, (at, float(height)), words, shift, ha=ha, va=va)


def _weights(placed: Placed) -> str:
    """How many there are, and their bytes in float32."""
    count, size = placed.weights.value, placed.parameter_bytes.value
    return f"{round_to_digits(count)} weight{'s' * (count != 1)}, {round_to_digits(size, 'byte')}"


def _macs(placed: Placed) -> str:
    return f"{round_to_digits(placed.macs.value)} MACs"


def _write_factors(axes: Axes, look: Look, layer: PlacedConv) -> None:
    """What each step divides by, to the right of its line."""
    palette, between = look.palette, " " if look.wide else "\n"
    dense, unshared, shared = (float(way.weights) for way in (layer.dense, layer.unshared, layer))
    for at, heights, factor, why, colour in (
        (0.5, (dense, unshared), layer.sparsity, "sparsity", palette.sparse),
        (1.5, (unshared, shared), layer.sharing, "sharing", palette.shared),
    ):
        middle = at, (heights[0] * heights[1]) ** 0.5
        words = f"÷ {plain(factor.value)}{between}{why}"
        _write(axes, look, middle, words, (0.6, 0.6), color=colour, weight="bold")


def _write(axes: Axes, look: Look, at: Point, words: str, shift: Point, **how: Any) -> None:
    """Words beside a point, so many ems to the right and upwards."""
    right, up = (ems * look.sheet.type_size for ems in shift)
    note(axes, look, words, at, (right, up), linespacing=1.3, **how)
