"""Figures of the chapter on efficiency: edges on a photograph, and what finding them costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import ScaledTranslation

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.stage import (
    POINTS_PER_INCH,
    STROKES,
    Box,
    Stage,
    Stroke,
    check_drawable,
    stage,
)
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.layers import Conv2d, Placed, PlacedConv
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain, rounded
from mkdocs_cnn.quantities.sentences import Words


def _filter(height: int, width: int) -> PlacedConv:
    """One filter of this size, without bias, on the photograph."""
    return Conv2d(1, 1, (height, width), bias=False).on(*grey_photograph().shape)


# -- edges on a photograph

LEFT_NEIGHBOUR = np.array([[-1, 1]])
VERTICAL_EDGE = np.array([[1, 0, -1]] * 3)
LIMIT = 64
"""The response that is drawn white; its opposite is drawn black."""
# As many greys as are still told apart, an odd number, so that zero has the one in the middle.
# A picture with fewer greys makes a smaller file.
_GREYS = colormaps["gray"].resampled(33)


def response(kernel: Array) -> Array:
    """What the kernel makes of the photograph: `(output_height, output_width)`, integers."""
    edges: Array = cross_correlate2d(grey_photograph(), kernel[None, None])[0]
    return edges


def _edges_caption() -> Words:
    taps, window = _filter(*LEFT_NEIGHBOUR.shape), _filter(*VERTICAL_EDGE.shape)
    return Words(
        "A photograph of {} × {} pixels and what two kernels make of it, on the same scale of "
        "greys. The first takes from each pixel its neighbour on the left and leaves {} × {} "
        "outputs. The second takes the right from the left in {} rows at once and leaves {} × {}; "
        "it answers more strongly, and with the opposite sign. Photograph: Stéfan van der Walt, "
        "CC0.",
        *taps.input_shape[1:],
        *taps.output_shape[1:],
        len(VERTICAL_EDGE),
        *window.output_shape[1:],
    )


def _edges_alt() -> Words:
    taps, window = _filter(*LEFT_NEIGHBOUR.shape), _filter(*VERTICAL_EDGE.shape)
    return Words(
        "Three pictures. The first, {} × {}, is a grey photograph of a cat's face. The second, "
        "{} × {}, belongs to a kernel of {} and {}: mid-grey where nothing changes, with fine "
        "light and dark lines at the whiskers, the fur and the rims of the eyes. The third, "
        "{} × {}, belongs to a kernel whose {} rows are {}, {} and {}: the same lines, broader and "
        "much stronger, dark where those were light. A bar shows the greys from {} or less, black, "
        "to {} or more, white.",
        *taps.input_shape[1:],
        *taps.output_shape[1:],
        *map(int, LEFT_NEIGHBOUR[0]),
        *window.output_shape[1:],
        len(VERTICAL_EDGE),
        *map(int, VERTICAL_EDGE[0]),
        -LIMIT,
        LIMIT,
    )


class _Places(NamedTuple):
    """Where the three pictures, the two kernels (their centres) and the scale of greys stand."""

    pictures: tuple[Box, Box, Box]
    kernels: tuple[tuple[float, float], tuple[float, float]]
    scale: Box


@figure(
    "edges-on-photograph",
    title="Edges on a photograph",
    caption=_edges_caption,
    alt=_edges_alt,
    aspect=1.05,
)
def edges_on_photograph(fig: Figure, look: Look) -> None:
    """The photograph and its two responses, with the kernels and one scale of greys."""
    sheet, image = stage(fig, look), grey_photograph()[0]
    places = _places(sheet, image.shape[0] / image.shape[1])
    names = ["two taps", " × ".join(map(str, VERTICAL_EDGE.shape))]
    _picture(sheet, places.pictures[0], image, (0, 255), "photograph", "pixels")
    for kernel, name, box, centre in zip(
        [LEFT_NEIGHBOUR, VERTICAL_EDGE], names, places.pictures[1:], places.kernels, strict=True
    ):
        _picture(sheet, box, response(kernel), (-LIMIT, LIMIT), name, "outputs")
        _kernel(sheet, centre, kernel, "" if look.wide else name)
    _scale(sheet, places.scale)


def _places(sheet: Stage, ratio: float) -> _Places:
    """Three pictures in a row on a wide sheet, else two and two with the kernels in the gap."""
    columns = 3 if sheet.look.wide else 2
    gap = 1.0
    width = (sheet.width - gap * (columns + 1)) / columns
    left = [gap + column * (width + gap) for column in range(columns)]
    if sheet.look.wide:
        first, second, third = (Box(x, 3.0, width, width * ratio) for x in left)
        down = second.bottom + 4.9
        kernels = (second.centre[0], down), (third.centre[0], down)
        scale = Box(first.x + 0.8, down - 0.4, width - 1.6, 0.9)
    else:
        rows = (2.2, 2.2 + width * ratio + 3.8)
        first, second, third = (
            Box(left[column], rows[row], width, width * ratio)
            for row, column in ((0, 0), (1, 0), (1, 1))
        )
        down = first.y + 3.7
        kernels = (left[1] + 0.26 * width, down), (left[1] + 0.72 * width, down)
        scale = Box(left[1] + 0.8, first.bottom - 2.8, width - 1.6, 0.9)
    return _Places((first, second, third), kernels, scale)


def _picture(
    sheet: Stage, box: Box, pixels: Array, limits: tuple[int, int], name: str, unit: str
) -> None:
    """Pixels in a box, with a heading above and their number below."""
    low, high = limits
    sheet.axes.imshow(
        pixels,
        cmap=_GREYS,
        vmin=low,
        vmax=high,
        extent=(box.x, box.right, box.bottom, box.y),
        aspect="auto",
        interpolation="none",
    )
    height, width = pixels.shape
    sheet.heading(box.centre[0], box.y - 0.6, name)
    sheet.text(box.centre[0], box.bottom + 1, f"{height} × {width} {unit}", small=True)


def _kernel(sheet: Stage, centre: tuple[float, float], kernel: Array, name: str) -> None:
    """The kernel's weights, each as dark or light as it makes a pixel's part of the response."""
    side = 1.75
    height, width = (length * side for length in kernel.shape)
    box = Box(centre[0] - width / 2, centre[1] - height / 2, width, height)
    greys = {-1: "#404040", 0: "#808080", 1: "#c8c8c8"}
    fills = [[greys[int(weight)] for weight in row] for row in kernel]
    labels = [[str(weight).replace("-", "−") for weight in row] for row in kernel]
    sheet.cells(box, fills, labels)
    if name:
        sheet.text(centre[0], centre[1] - 1.5 * side - 0.9, name, small=True)


def _scale(sheet: Stage, box: Box) -> None:
    """A bar with all greys, and what the first, the middle and the last of them mean."""
    greys = np.arange(_GREYS.N)[None]
    ends = (box.x, box.right, box.bottom, box.y)
    sheet.axes.imshow(greys, cmap=_GREYS, extent=ends, aspect="auto", interpolation="none")
    sheet.outline(box.inset(-0.06), sheet.look.palette.muted, width=0.6)
    means = (f"≤ {plain(-LIMIT)}", "0", f"≥ {plain(LIMIT)}")
    for x, meaning in zip((box.x, box.centre[0], box.right), means, strict=True):
        sheet.text(x, box.bottom + 0.9, meaning, small=True)
    sheet.text(box.centre[0], box.y - 0.9, "output", small=True)


# -- what it costs

_MOST_TAPS = 11  # along a side: with more, the first step is too low for its label


def _drawable(kernel_height: int, kernel_width: int) -> PlacedConv:
    check_drawable(_MOST_TAPS, kernel_height=kernel_height, kernel_width=kernel_width)
    return _filter(kernel_height, kernel_width)


def _cost_caption(kernel_height: int, kernel_width: int) -> Words:
    layer = _drawable(kernel_height, kernel_width)
    return Words(
        "One {} × {} filter on the photograph, done in three ways. Reading only windows divides "
        "weights and multiply-adds alike, by {}. Sharing divides the weights once more, by {}, and "
        "saves not one multiply-add: {} remain. The axis is logarithmic.",
        kernel_height,
        kernel_width,
        layer.sparsity,
        layer.sharing,
        layer.macs,
    )


def _cost_alt(kernel_height: int, kernel_width: int) -> Words:
    layer = _drawable(kernel_height, kernel_width)
    return Words(
        "Two lines on a logarithmic axis, one for weights and one for multiply-adds (MACs), from "
        "dense by way of locally connected to convolution. At first they fall as one, by a factor "
        "of {}: from {} weights ({} bytes) and {} MACs to {} weights ({} bytes) and {} MACs. Then "
        "they part. The weights fall by a factor of {} to {} ({} bytes), the MACs stay at {}.",
        layer.sparsity,
        *(layer.dense.weights, layer.dense.parameter_bytes, layer.dense.macs),
        *(layer.unshared.weights, layer.unshared.parameter_bytes, layer.unshared.macs),
        *(layer.sharing, layer.weights, layer.parameter_bytes, layer.macs),
    )


@figure(
    "cost-on-photograph",
    title="What a filter costs, in two currencies",
    caption=_cost_caption,
    alt=_cost_alt,
    aspect=1.0,
)
def cost_on_photograph(
    fig: Figure, look: Look, *, kernel_height: int = 3, kernel_width: int = 3
) -> None:
    """Weights and MACs of three layers as two lines that run together and then part."""
    layer, axes = _drawable(kernel_height, kernel_width), fig.add_subplot()
    ways: tuple[Placed, ...] = (layer.dense, layer.unshared, layer)
    axes.set(yscale="log", xlim=(-0.25, 2.25), ylim=(0.05, float(layer.dense.macs) * 60))
    _draw_line(axes, look, [way.weights for way in ways], look.palette.ink, STROKES[0], -1)
    _draw_line(axes, look, [way.macs for way in ways], look.palette.muted, STROKES[1], 1)
    _draw_points(axes, look, ways)
    _say_counts(axes, look, ways)
    _say_factors(axes, look, layer)
    ticks = [1000**n for n in range(5) if 1000**n <= layer.dense.macs]
    axes.set_yticks(ticks, [rounded(tick) for tick in ticks])
    axes.set_yticks([], minor=True)


def _draw_line(
    axes: Axes, look: Look, counts: list[Quantity], colour: str, stroke: Stroke, side: int
) -> None:
    """A line through three counts; before the second, where both are equal, to one side."""
    shift = side * look.line * 1.1 / POINTS_PER_INCH
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
        axes.plot([at] * len(heights), heights, "o", color=colour, ms=look.line * 6.5)
    axes.set_xticks(range(len(ways)), ["dense", "locally\nconnected", "convolution"])
    for label, colour in zip(axes.get_xticklabels(), colours, strict=True):
        label.set(color=colour, weight="bold", size=look.sheet.type_size)
    axes.tick_params(axis="x", length=0)


def _say_counts(axes: Axes, look: Look, ways: Sequence[Placed]) -> None:
    """The counts beside their points, where no line passes."""
    dense, unshared, shared = ways
    both = f"{_weights(dense)}\n{_macs(dense)}"
    narrow = f"{_weights(unshared)}\n{_macs(unshared)}".replace(", ", "\n", 1)
    for at, height, said, shift, ha, va in (
        (0, dense.macs, both, (0.7, 0.2), "left", "bottom"),
        (1, unshared.macs, narrow, (-0.2, -0.8), "right", "top"),
        (2, shared.macs, _macs(shared), (0.6, 0.8), "right", "bottom"),
        (2, shared.weights, _weights(shared), (0.6, -0.8), "right", "top"),
    ):
        _say(axes, look, (at, float(height)), said, shift, ha=ha, va=va)


def _weights(placed: Placed) -> str:
    """How many there are, and their bytes in float32."""
    count, size = placed.weights.value, placed.parameter_bytes.value
    return f"{rounded(count)} weight{'s' * (count != 1)}, {rounded(size, 'byte')}"


def _macs(placed: Placed) -> str:
    return f"{rounded(placed.macs.value)} MACs"


def _say_factors(axes: Axes, look: Look, layer: PlacedConv) -> None:
    """What each step divides by, to the right of its line."""
    palette, between = look.palette, " " if look.wide else "\n"
    dense, unshared, shared = (float(way.weights) for way in (layer.dense, layer.unshared, layer))
    for at, heights, factor, why, colour in (
        (0.5, (dense, unshared), layer.sparsity, "sparsity", palette.sparse),
        (1.5, (unshared, shared), layer.sharing, "sharing", palette.shared),
    ):
        middle = at, (heights[0] * heights[1]) ** 0.5
        said = f"÷ {plain(factor.value)}{between}{why}"
        _say(axes, look, middle, said, (0.6, 0.6), color=colour, weight="bold")


def _say(
    axes: Axes,
    look: Look,
    at: tuple[float, float],
    said: str,
    shift: tuple[float, float],
    **how: Any,
) -> None:
    """Words beside a point, so many ems to the right and upwards."""
    right, up = (ems * look.sheet.type_size for ems in shift)
    settings = {"size": look.small, "linespacing": 1.3, **how}
    axes.annotate(said, at, (right, up), textcoords="offset points", **settings)
