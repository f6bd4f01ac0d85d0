"""Figures of the chapter that asks whether sparsity and sharing are two reasons or one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.matrix import weight_identity
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import (
    draw_marks,
    families,
    name_axes,
    note,
    plain_ticks,
    powers,
)
from mkdocs_cnn.figures.parts.stage import MOST_UNITS, Box, Stage, check_drawable, stage
from mkdocs_cnn.figures.parts.weights import weight_cells, weight_numbers
from mkdocs_cnn.layers import Conv2d, Placed, PlacedConv
from mkdocs_cnn.quantities.rounding import plain, round_to_digits

# -- the 2 x 2


class Ring(NamedTuple):
    """The four layers between the same units on a ring, by name."""

    dense: Placed
    circulant: PlacedConv
    local: Placed
    convolution: PlacedConv


def _ring(*, units: int, kernel_size: int) -> Ring:
    check_drawable(MOST_UNITS, units=units)  # the kernel is never larger
    if kernel_size > units:
        raise ValueError(f"kernel_size {kernel_size} exceeds the ring of {units} units")
    convolution, circulant = (
        Conv2d(1, 1, kernel_size=(1, taps), padding="same", padding_mode="circular").on(1, 1, units)
        for taps in (kernel_size, units)
    )
    return Ring(convolution.dense, circulant, convolution.unshared, convolution)


@figure(
    "weight-matrices",
    title="All or local inputs, own or shared weights",
    facts=_ring,
    caption="""Four layers between the same {dense.inputs} inputs and {dense.outputs} outputs on a
        ring, as weight matrices; entries with the same number are the same weight. Connecting only
        neighbours takes {dense.weights} weights to {local.weights}, sharing alone takes them to
        {circulant.weights}, both together to {convolution.weights}: two ideas, not one.""",
    alt="""Four matrices of {dense.outputs} × {dense.inputs} entries in two rows and two columns.
        All inputs, own weights: all {dense.weights} entries differ. All inputs, shared weights:
        every entry is filled, and {circulant.weights} weights repeat along the diagonals. Local
        inputs, own weights: {local.weights} entries in a band are filled, all different. Local
        inputs, shared weights: the same band holds {convolution.weights} weights, one on each
        diagonal.""",
    aspect=1.16,
)
def weight_matrices(
    fig: Figure, look: Look, ring: Ring, *, units: int = 6, kernel_size: int = 3
) -> None:
    """The weight matrices of the four layers, entries coloured by weight."""
    sheet, palette = stage(fig, look), look.palette
    panels = [
        ("dense", ring.dense, palette.dense),
        ("circulant", ring.circulant, palette.ring),
        ("locally connected", ring.local, palette.sparse),
        ("convolution", ring.convolution, palette.shared),
    ]
    places = Box(2.2, 2.4, sheet.width - 2.2, sheet.height - 2.4).grid(2, 2)
    for column, name in enumerate(["own weights", "shared weights"]):
        sheet.heading(places[0, column].centre[0], 1.5, name)
    for row, name in enumerate(["all inputs", "local inputs"]):
        sheet.upright(1.2, places[row, 0].centre[1], name)
    for box, (name, placed, colour) in zip(places.values(), panels, strict=True):
        _panel(sheet, box, name, placed, colour)


def _panel(sheet: Stage, box: Box, name: str, placed: Placed, colour: str) -> None:
    """A matrix with its name and count: beside it on a wide sheet, else above it."""
    count = f"{placed.weights} weights"
    if sheet.look.wide:
        side = box.height - 0.9
        matrix = Box(box.x + 0.3, box.y + 0.3, side, side)
        x, y = matrix.right + 0.8, matrix.centre[1]
        sheet.heading(x, y - 0.3, name.replace(" ", "\n"), colour=colour, ha="left")
        sheet.text(x, y + 0.3, count, ha="left", va="top")
    else:
        side = min(box.width - 1, box.height - 3.7)
        matrix = Box(box.centre[0] - side / 2, box.y + 2.8, side, side)
        sheet.heading(box.centre[0], box.y + 0.8, name, colour=colour)
        sheet.text(box.centre[0], box.y + 1.8, count, small=True)
    identity, weights = weight_identity(placed), int(placed.weights)
    has_room = side / len(identity) > max(1.2, 0.75 * len(str(weights)))
    weight_cells(sheet, matrix, identity, weight_numbers(weights) if has_room else None)


# -- from the dense layer to the convolution


# Nothing is drawn for each pixel, but the taps along an axis are counted one by one.
_MOST_SIZE, _MOST_CHANNELS, _MOST_TAPS = 3000, 1000, 100


def _lesson(in_channels: int, out_channels: int, kernel_size: int, size: int) -> PlacedConv:
    check_drawable(_MOST_SIZE, size=size)
    check_drawable(_MOST_CHANNELS, in_channels=in_channels, out_channels=out_channels)
    check_drawable(_MOST_TAPS, kernel_size=kernel_size)
    return Conv2d(in_channels, out_channels, kernel_size=kernel_size).on(in_channels, size, size)


def _steps(**lesson: int) -> Facts:
    return {"layer": _lesson(**lesson)}


@figure(
    "from-dense-to-shared",
    title="From dense to shared weights",
    facts=_steps,
    caption="""From {layer.dense.weights} weights to {layer.weights} in two steps: reading only
        {kernel_size} × {kernel_size} windows divides them by {layer.sparsity}, sharing one set of
        weights among all positions divides what is left by {layer.sharing}. The axis is
        logarithmic, so that the length of a step shows its factor.""",
    alt="""Three bars on a logarithmic axis for a layer from {layer.input_shape[1]} ×
        {layer.input_shape[2]} × {layer.input_shape[0]} inputs to {layer.output_shape[1]} ×
        {layer.output_shape[2]} × {layer.output_shape[0]} outputs: dense, {layer.dense.weights}
        weights; locally connected, {layer.unshared.weights} weights, fewer by a factor of
        {layer.sparsity}; convolution, {layer.weights} weights, fewer again by a factor of
        {layer.sharing}.""",
    aspect=0.72,
)
def from_dense_to_shared(
    fig: Figure,
    look: Look,
    facts: Facts,
    *,
    in_channels: int = 3,
    out_channels: int = 6,
    kernel_size: int = 5,
    size: int = 32,
) -> None:
    """Three bars on a log axis, and the factors between them."""
    layer, palette, axes = facts["layer"], look.palette, fig.add_subplot()
    counts = [int(placed.weights) for placed in (layer.dense, layer.unshared, layer)]
    lengths = [float(count) for count in counts]  # for matplotlib takes 64 bits and no more
    curves = list(families(palette).values())[:3]
    axes.barh(range(3), lengths, height=0.5, color=[one.colour for one in curves], left=0)
    axes.set(xscale="log", xlim=(1, lengths[0] * 1.6), ylim=(2.4, -0.75))
    for row, (one, count) in enumerate(zip(curves, counts, strict=True)):
        axes.text(1, row - 0.33, one.name, color=one.colour, fontweight="bold", va="bottom")
        axes.text(1.25, row, f"{count:,}", color=palette.surface, fontweight="bold", va="center")
    _step(axes, look, 1, lengths, f"÷ {plain(layer.sparsity.value)}", "sparsity", palette.sparse)
    _step(axes, look, 2, lengths, f"÷ {plain(layer.sharing.value)}", "sharing", palette.shared)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    powers(axes.xaxis, counts[0])
    axes.set_xlabel("weights", fontsize=look.small)


def _step(
    axes: Axes, look: Look, row: int, lengths: list[float], factor: str, why: str, colour: str
) -> None:
    """An arrow from the end of the bar above back to this one's: its factor above, why below."""
    high, low = lengths[row - 1 : row + 1]
    arrow = {"arrowstyle": "->", "color": colour, "lw": look.line, "shrinkA": 0, "shrinkB": 1}
    axes.annotate("", (low, row), (high, row), arrowprops=arrow)
    axes.vlines(high, row - 0.75, row + 0.12, color=look.palette.muted, lw=look.line * 0.6)
    middle = (low * high) ** 0.5
    axes.text(middle, row - 0.06, factor, color=colour, ha="center", va="bottom", weight="bold")
    axes.text(middle, row + 0.06, why, color=colour, ha="center", va="top", size=look.small)


# -- growth with the size of the image


def _growth(*, in_channels: int, out_channels: int, kernel_size: int, largest: int) -> Facts:
    """Weights of three layers for images of several sizes, from small to large."""
    check_drawable(_MOST_SIZE, largest=largest)
    check_drawable(_MOST_TAPS, kernel_size=kernel_size)
    smallest = max(8, kernel_size)
    if largest <= smallest:
        raise ValueError(f"largest {largest} must exceed the smallest size {smallest}")
    sizes = [int(size) for size in np.unique(np.geomspace(smallest, largest, 16).round())]
    layers = [_lesson(in_channels, out_channels, kernel_size, size) for size in sizes]
    return {"sizes": sizes, "layers": layers, "first": layers[0], "last": layers[-1]}


@figure(
    "weights-by-image-size",
    title="Weights by image size",
    facts=_growth,
    caption="""Weights of {out_channels} filters of {kernel_size} × {kernel_size} on a square image.
        A dense layer grows with the fourth power of the side, to {last.dense.weights} at {largest}
        × {largest}; without sharing the weights grow with the square, to {last.unshared.weights};
        shared, they are {last.weights} at every size.""",
    alt="""Three lines on logarithmic axes, weights against the side of the image from {sizes[0]} to
        {largest} pixels: dense rises steeply from {first.dense.weights} to {last.dense.weights},
        locally connected less steeply from {first.unshared.weights} to {last.unshared.weights},
        convolution stays level at {last.weights}.""",
    aspect=0.9,
)
def weights_by_image_size(
    fig: Figure,
    look: Look,
    facts: Facts,
    *,
    in_channels: int = 1,
    out_channels: int = 6,
    kernel_size: int = 5,
    largest: int = 1000,
) -> None:
    """Three lines on log axes, named and numbered where they end."""
    sizes, palette, axes = facts["sizes"], look.palette, fig.add_subplot()
    by_size = ((one.dense.weights, one.unshared.weights, one.weights) for one in facts["layers"])
    curves = list(families(palette).values())[:3]
    for (name, colour, *_), counts in zip(curves, zip(*by_size, strict=True), strict=True):
        last = float(counts[-1])
        axes.plot(sizes, [float(count) for count in counts], color=colour, lw=look.line * 1.8)
        draw_marks(axes, look, [largest], [last], colour, clip_on=False)
        words, shift = (
            f"{name}\n{round_to_digits(counts[-1].value)}",
            (-look.line * 5, look.line * 4),
        )
        note(axes, look, words, (largest, last), shift, color=colour, weight="bold", ha="right")
    axes.set(xscale="log", yscale="log", xlim=(sizes[0], largest * 1.06))
    powers(axes.yaxis, int(facts["last"].dense.weights))
    axes.set_ylim(bottom=int(facts["first"].weights) / 10)
    ticks = [size for size in (10, 30, 100, 300, 1000, 3000) if sizes[0] <= size <= largest]
    plain_ticks(axes.xaxis, ticks)
    axes.grid(axis="y")
    name_axes(axes, look, "side of the image, pixels", "weights")
