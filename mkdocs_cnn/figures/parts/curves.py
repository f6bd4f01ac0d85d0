"""Curves of means with error bars, as experiments give them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from mkdocs_cnn.figures.parts.stage import STROKES, Point
from mkdocs_cnn.figures.style import Look, Palette
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import round_to_digits

Numbers = Sequence[float]
Place = Literal["upper left", "upper right", "lower left", "lower right"]

_MOST = 8  # points of a curve of which each has room for a mark, and for caps on its error bar


class Curve(NamedTuple):
    """How one curve is drawn; it is known without its colour, too."""

    name: str  # what stands beside it
    colour: str
    marker: str  # the shape of its points
    stroke: int  # which of `STROKES`


def families(palette: Palette) -> Mapping[str, Curve]:
    """How families of networks are drawn, everywhere alike."""
    return {
        "dense": Curve("dense", palette.dense, "s", 1),
        "local": Curve("locally connected", palette.sparse, "^", 2),
        "convolution": Curve("convolution", palette.shared, "o", 0),
        "pooled-twice": Curve("pooled twice", palette.ring, "D", 3),
    }


def draw_curve(
    axes: Axes, look: Look, curve: Curve, at: Numbers, means: Numbers, bars: Numbers
) -> None:
    """A curve through means, with their error bars, half of whose lengths are `bars`."""
    thinned = -(-len(at) // _MOST)
    marks = {"marker": curve.marker, "markevery": thinned, "ms": look.line * 4}
    edge = {"mec": look.palette.surface, "mew": look.line * 0.4}
    line = {"color": curve.colour, "ls": STROKES[curve.stroke], "lw": look.line * 1.3}
    ends = {"elinewidth": look.line, "capsize": look.line * 2 if thinned == 1 else 0}
    how: dict[str, Any] = {**line, **ends, **marks, **edge}
    axes.errorbar(at, means, bars, label=curve.name, **how)


def draw_marks(
    axes: Axes,
    look: Look,
    at: ArrayLike,
    heights: ArrayLike,
    colour: str,
    *,
    marker: str = "o",
    size: float = 4,
    edge: float = 0,
    **settings: Any,
) -> None:
    """Marks of one shape at points; with `ls`, joined by a line.

    Their size and the width of an edge that sets them off are in `look.line`.
    """
    how = {"color": colour, "marker": marker, "ms": look.line * size, "ls": "none"}
    if edge:
        how |= {"mec": look.palette.surface, "mew": look.line * edge}
    axes.plot(at, heights, **{**how, **settings})


def label(
    axes: Axes, look: Look, place: Point, words: str, colour: str, ha: str = "left", **settings: Any
) -> None:
    """A curve's name at a place among its points, in its colour."""
    settings = {"va": "center", **settings}
    axes.text(*place, words, color=colour, weight="bold", size=look.small, ha=ha, **settings)


def name_curve(axes: Axes, look: Look, curve: Curve, place: Point, ha: str) -> None:
    """A curve's name at a place of the axes' own, from 0 to 1, in its colour."""
    label(axes, look, place, curve.name, curve.colour, ha, transform=axes.transAxes)


def panels(
    fig: Figure,
    look: Look,
    count: int,
    along: str = "",
    *,
    ratios: Numbers | None = None,
    **settings: Any,
) -> list[Axes]:
    """Axes side by side on a wide sheet, else one below the other.

    What runs `along` them all is named below. `ratios` are of their widths, or of their heights
    where they stand below each other; further settings are those of `Figure.subplots`.
    """
    grid, way = ((1, count), "width_ratios") if look.wide else ((count, 1), "height_ratios")
    settings |= {way: ratios, "squeeze": False}
    panels: list[Axes] = list(fig.subplots(*grid, **settings).flat)
    for axes in panels if look.wide else panels[-1:]:
        axes.set_xlabel(along, fontsize=look.small)
    return panels


def name_axes(axes: Axes, look: Look, across: str, up: str) -> None:
    """What runs across stands below the axes, what runs up above them."""
    axes.set_xlabel(across, fontsize=look.small)
    axes.set_title(up, fontsize=look.small, loc="left", color=look.palette.muted)


def key(axes: Axes, look: Look, place: Place) -> None:
    """Names of all curves with a piece of each; each name in its colour."""
    legend = axes.legend(loc=place, fontsize=look.small, handlelength=2.6, labelcolor="linecolor")
    for text in legend.get_texts():
        text.set_fontweight("bold")


def to_places(number: float, places: int, name: str) -> Quantity:
    """The number with so many decimals: what can be said of it; the name says what it is."""
    return Quantity(Fraction(f"{number:.{places}f}"), name=name)


def plain_ticks(axis: Axis, ticks: Sequence[float], *, percent: bool = False) -> None:
    """Ticks of a logarithmic axis as they are read: `1,000`, or `5%` for 0.05."""
    names = [f"{100 * tick:g}%" if percent else f"{tick:,g}" for tick in ticks]
    axis.set_ticks(ticks, names)
    axis.set_ticks([], minor=True)


def word_ticks(axis: Axis, ticks: Sequence[int]) -> None:
    """Ticks of a logarithmic axis in words: `3 million`."""
    axis.set_ticks(ticks, list(map(round_to_digits, ticks)))
    axis.set_ticks([], minor=True)


def powers(axis: Axis, highest: float) -> None:
    """Ticks of a logarithmic axis at 1, 1,000, 1 million … as far as they are needed, in words."""
    word_ticks(axis, [1000**n for n in range(6) if 1000**n <= highest])


def note(
    axes: Axes, look: Look, words: str, at: Point, shift: Point = (0, 0), **settings: Any
) -> None:
    """Write small words beside a point, shifted by so many points of type, right and up."""
    settings = {"size": look.small, **settings}
    axes.annotate(words, at, shift, textcoords="offset points", **settings)


def add_headings(axes: Axes, look: Look, heading: str, what: str) -> None:
    """A heading, and below it what is measured."""
    em, muted = look.sheet.type_size, look.palette.muted
    axes.set_title(heading, fontweight="bold", loc="left", pad=em * 1.7)
    note(axes, look, what, (0, 1), (0, em * 0.5), xycoords="axes fraction", color=muted)
