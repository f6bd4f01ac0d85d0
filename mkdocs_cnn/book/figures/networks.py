"""The figure of the chapter on networks that shows them all: parameters against multiply-adds."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import draw_marks, note, word_ticks
from mkdocs_cnn.figures.parts.labels import place_labels, text_width
from mkdocs_cnn.figures.parts.stage import Box, Point, size_in_ems
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import fill

# -- parameters against MACs

_KINDS = {
    "no shortcuts": (
        *("alexnet", "vgg11", "vgg16", "vgg19"),
        *("googlenet_as_published", "squeezenet1_0", "squeezenet1_1"),
    ),
    "shortcuts": ("resnet18", "resnet50", "resnet152", "densenet121"),
    "depthwise": ("mobilenet_v1", "mobilenet_v2", "efficientnet_b0", "convnext_tiny"),
}
"""Networks by what they are built with; the last ones have shortcuts too, some of them."""
_MARKS = {"no shortcuts": "o", "shortcuts": "s", "depthwise": "^"}
_APART = "lenet5"  # so small that with it on the axes the others would lie on a heap
_RATIOS = (10, 100, 1000)  # MACs per parameter


class _Network(NamedTuple):
    """A network as a point."""

    title: str
    kind: str
    parameters: Quantity
    macs: Quantity

    @property
    def ratio(self) -> Quantity:
        """How often it uses a parameter."""
        return (self.macs / self.parameters).named("MACs per parameter")

    @property
    def millions(self) -> list[Quantity]:
        """Parameters and MACs in millions."""
        counts = self.parameters, self.macs
        return [(n / 10**6).named(f"{n.name} in millions", unit="") for n in counts]


def _titled(name: str, kind: str) -> _Network:
    placed = networks[name].on()
    return _Network(networks[name].title, kind, placed.parameters, placed.macs)


def _facts() -> Facts:
    """All networks as points, and the one that lies apart."""
    points = [_titled(name, kind) for kind, names in _KINDS.items() for name in names]
    by_parameters = sorted(points, key=lambda one: one.parameters)
    return {
        "points": points,
        "apart": _titled(_APART, ""),
        "count": len(points),
        "shown": Quantity(len(points) + 1, name="networks shown, counted"),
        "seldom": min(points, key=lambda one: one.ratio),
        "often": max(points, key=lambda one: one.ratio),
        "places": [fill("{title} at {millions}", one) for one in by_parameters],
    }


@figure(
    "parameters-against-macs",
    title="Parameters against multiply-adds",
    facts=_facts,
    caption="""What {shown} networks have to store, their parameters, and the work that one image
        is, in multiply-adds (MACs), on logarithmic axes. On a thin line, networks use a parameter
        equally often: in {seldom.title} {seldom.ratio} times on average, as dense layers use each
        but once, in {often.title}, which has none, {often.ratio} times. Of the depthwise ones all
        but MobileNetV1 have shortcuts too.""",
    alt="""{count} points on logarithmic axes, parameters against MACs, both here in millions:
        {places:, }. An arrow points to {apart.title}, far below with {apart.parameters} parameters
        and {apart.macs} MACs. Thin lines mark {_RATIOS} MACs for each parameter.""",
    aspect=0.92,
)
def parameters_against_macs(fig: Figure, look: Look, facts: Facts) -> None:
    """Named points on log axes, by kind, over lines of equal MACs per parameter."""
    chart, points = _chart(fig, look), facts["points"]
    taken = [*_draw_ratios(chart), _name_kinds(chart), _name_apart(chart, facts["apart"])]
    _draw_points(chart, points)
    _name_points(chart, points, taken)


_LOW, _HIGH = (4.8e5, 1.5e8), (2e8, 4e10)  # parameters, MACs
_RADIUS = 0.29  # of a point, in ems


@dataclass(frozen=True)
class _Chart:
    """Axes whose place does not depend on what stands on them, measured in ems; y runs up."""

    axes: Axes  # logarithmic, parameters to the right and MACs upwards
    look: Look
    size: Point  # width and height in ems

    def place(self, parameters: float, macs: float) -> Point:
        """Where a point stands, in ems from the lower left corner."""
        ends = zip((parameters, macs), _LOW, _HIGH, strict=True)
        across, up = (math.log(value / low) / math.log(high / low) for value, low, high in ends)
        return self.size[0] * across, self.size[1] * up

    def text(self, x: float, y: float, words: str, **how: Any) -> None:
        """Write small words at a place in ems."""
        em = self.look.sheet.type_size
        how = {"xycoords": "axes fraction", "annotation_clip": False, "linespacing": 1.3, **how}
        note(self.axes, self.look, words, (0, 0), (x * em, y * em), **how)


def _chart(fig: Figure, look: Look) -> _Chart:
    width, height = size_in_ems(fig, look)
    left, right, below, above = 6.0, 2.4, 3.4, 2.0
    size = width - left - right, height - below - above
    axes = fig.add_axes((left / width, below / height, size[0] / width, size[1] / height))
    axes.set(xscale="log", yscale="log", xlim=(_LOW[0], _HIGH[0]), ylim=(_LOW[1], _HIGH[1]))
    word_ticks(axes.xaxis, [n * 10**6 for n in (1, 10, 100)])
    word_ticks(axes.yaxis, [n * 10**6 for n in (300, 1000, 3000, 10_000, 30_000)])
    axes.set_xlabel("parameters", fontsize=look.small)
    chart = _Chart(axes, look, size)
    chart.text(0, size[1] + 0.6, "MACs", color=look.palette.muted)
    return chart


def _draw_ratios(chart: _Chart) -> list[Box]:
    """A thin line for each number of MACs per parameter, named where it ends; the names' room."""
    ends, faint = (_LOW[0], _HIGH[0]), chart.look.palette.faint
    for ratio in _RATIOS:
        heights = [ratio * end for end in ends]
        chart.axes.plot(ends, heights, color=faint, lw=chart.look.line, zorder=1)
    return [_name_ratio(chart, ratio) for ratio in _RATIOS]


def _name_ratio(chart: _Chart, ratio: int) -> Box:
    """The number at the right end of its line, or in full where the line ends above."""
    muted = {"color": chart.look.palette.muted}
    x, y = chart.place(_HIGH[0], ratio * _HIGH[0])
    if y <= chart.size[1]:
        chart.text(x + 0.4, y, f"{ratio:,}", va="center_baseline", **muted)
        return Box(x + 0.4, y - 0.5, text_width(f"{ratio:,}", chart.look), 1)
    x, y = chart.place(_HIGH[1] / ratio, _HIGH[1])
    words = f"{ratio:,} MACs per parameter"
    chart.text(x + 0.5, y + 0.6, words, ha="right", **muted)
    width = text_width(words, chart.look)
    return Box(x + 0.5 - width, y + 0.6, width, 1)


def _name_kinds(chart: _Chart) -> Box:
    """What each mark means, below each other in the upper left corner; the room that it takes."""
    _, height = chart.size
    for row, kind in enumerate(_MARKS):
        y = height - 1.0 - 1.3 * row
        chart.text(1.6, y, kind, va="center", color=_colour(chart, kind), weight="bold")
        _mark(chart, kind, 0.9 / chart.size[0], y / height, transform=chart.axes.transAxes)
    widest = max(text_width(kind, chart.look, bold=True) for kind in _MARKS)
    return Box(0, height - 4.4, 2.0 + widest, 4.4)


def _name_apart(chart: _Chart, apart: _Network) -> Box:
    """What would lie far outside, and where; the room that it takes in the lower right corner."""
    counts = f"{apart.parameters:,} parameters", f"{apart.macs:,} MACs"
    lines = (f"↙ far off: {apart.title}", *counts)
    width = max(text_width(line, chart.look) for line in lines)
    left = chart.size[0] + 2.0 - width
    chart.text(left, 0.6, "\n".join(lines), va="bottom", color=_colour(chart, "no shortcuts"))
    return Box(left, 0, width, 4.2)


def _draw_points(chart: _Chart, points: list[_Network]) -> None:
    for kind in _MARKS:
        mine = [network for network in points if network.kind == kind]
        _mark(chart, kind, [float(n.parameters) for n in mine], [float(n.macs) for n in mine])


def _mark(chart: _Chart, kind: str, at: ArrayLike, heights: ArrayLike, **settings: Any) -> None:
    """Draw a kind's marks."""
    colour, diameter = _colour(chart, kind), 2 * _RADIUS * chart.look.sheet.type_size
    settings |= {"marker": _MARKS[kind], "edge": 0.4, "ms": diameter}
    draw_marks(chart.axes, chart.look, at, heights, colour, **settings)


def _colour(chart: _Chart, kind: str) -> str:
    palette = chart.look.palette
    return {"no shortcuts": palette.dense, "shortcuts": palette.sparse}.get(kind, palette.shared)


def _name_points(chart: _Chart, points: list[_Network], taken: list[Box]) -> None:
    """Each network's title near its point, joined to it by a line where it stands farther off."""
    places = [chart.place(float(n.parameters), float(n.macs)) for n in points]
    sizes = [(text_width(network.title, chart.look), 0.95) for network in points]
    within = Box(0.3, 0.3, chart.size[0] + 2.0, chart.size[1] - 0.3)
    boxes = place_labels(places, sizes, within, radius=_RADIUS, blocked=taken)
    for network, box in zip(points, boxes, strict=True):
        x, y = box.centre
        chart.text(x, y, network.title, ha="center", va="center")
