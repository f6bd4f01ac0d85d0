"""What figures share: a sheet measured in ems, with cells and bars on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, Rectangle

from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.figures.style import Look

Cells = Sequence[Sequence[str]]
Point = tuple[float, float]
Stroke = str | tuple[int, tuple[float, ...]]

POINTS_PER_INCH = 72
MOST_UNITS = 60
"""Units in a row, or rows of a matrix, that can still be told apart."""
STROKES: tuple[Stroke, ...] = ("solid", (0, (3, 1.5)), (0, (1, 1.1)), (0, (5, 1.3, 1, 1.3)))
"""Lines that differ without their colour: the first four weights have one each."""


# -- what can be drawn


def check_drawable(most: int, **parameters: int) -> None:
    """Check that these parameters are small enough for their figure, before anything is counted.

    Raises:
        ValueError: If one exceeds the most that can be told apart, or counted while one waits.
    """
    for name, value in parameters.items():
        if value > most:
            raise ValueError(f"{name} must be at most {most} to be drawn, not {value}")


# -- the sheet


def label_colour(background: str) -> str:
    """White where it can be read on the background (at 4.5 to 1 or better), else black."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(background)
    ]
    luminance = float(np.dot((0.2126, 0.7152, 0.0722), linear))
    return "#ffffff" if 1.05 / (luminance + 0.05) >= 4.5 else "#000000"


class Box(NamedTuple):
    """A rectangle on the stage, in ems; y runs down."""

    x: float
    y: float
    width: float
    height: float

    @classmethod
    def around(cls, centre: Point, width: float, height: float) -> Box:
        """The box of this size about a point."""
        return cls(centre[0] - width / 2, centre[1] - height / 2, width, height)

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """The point in its middle."""
        return (self.x + self.width / 2, self.y + self.height / 2)

    def grid(self, rows: int, columns: int) -> dict[tuple[int, int], Box]:
        """Its cells by row and column, row by row, that fill it."""
        width, height = self.width / columns, self.height / rows
        return {
            (row, column): Box(self.x + column * width, self.y + row * height, width, height)
            for row, column in product(range(rows), range(columns))
        }

    def cell(self, row: int, column: int, size: float) -> Box:
        """One of its cells of this size, or, counted from its corner, one outside it."""
        return Box(self.x + column * size, self.y + row * size, size, size)

    def inset(self, margin: float) -> Box:
        """The box that lies within it by this margin on every side."""
        x, y, width, height = self
        return Box(x + margin, y + margin, width - 2 * margin, height - 2 * margin)


@dataclass(frozen=True)
class Stage:
    """A whole sheet to draw on, measured in ems: the height of its ordinary type. y runs down."""

    axes: Axes  # they fill the figure
    look: Look
    width: float
    height: float

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        colour: str = "",
        small: bool = False,
        bold: bool = False,
        scale: float = 1,
        ha: str = "center",
        va: str = "center",
    ) -> None:
        """Write words, in the theme's ink unless another colour is given."""
        size = scale * (self.look.small if small else self.look.sheet.type_size)
        how: dict[str, Any] = {"size": size, "weight": "bold" if bold else "normal"}
        how |= {"color": colour or self.look.palette.ink, "linespacing": 1.35}
        self.axes.text(x, y, words, ha=ha, va=va, **how)

    def heading(
        self, x: float, y: float, words: str, *, colour: str = "", ha: str = "center"
    ) -> None:
        """Write a panel's heading, standing on the line y."""
        self.text(x, y, words, colour=colour, bold=True, ha=ha, va="baseline")

    def upright(self, x: float, y: float, words: str) -> None:
        """Write a row's heading, turned to run upwards."""
        self.axes.text(x, y, words, weight="bold", rotation="vertical", ha="center", va="center")

    def lines(
        self, segments: Sequence[Any], colour: str, *, width: float = 1, stroke: Stroke = "solid"
    ) -> None:
        """Draw straight lines, each given by its two ends; the width is in `look.line`."""
        how: dict[str, Any] = {"linewidths": width * self.look.line, "linestyles": [stroke]}
        lines = LineCollection(segments, colors=colour, clip_on=False, **how)
        self.axes.add_collection(lines, autolim=False)

    def fill(self, boxes: Iterable[Box], colours: str | Sequence[str], **settings: Any) -> None:
        """Fill boxes, without edges unless the settings say otherwise."""
        settings = {"edgecolors": "none", "clip_on": False, **settings}
        filled = PolyCollection(list(map(corners, boxes)), facecolors=colours, **settings)
        self.axes.add_collection(filled, autolim=False)

    def cells(self, box: Box, colours: Cells, labels: Cells | None = None) -> None:
        """Fill a box with the cells of a matrix, each with its colour and its label."""
        boxes, fills = list(box.grid(len(colours), len(colours[0])).values()), list(chain(*colours))
        gap = 0.03 * min(boxes[0][2:])
        self.fill([cell.inset(gap) for cell in boxes], fills, zorder=1)
        for cell, fill, label in zip(boxes, fills, chain(*labels or ()), strict=False):
            if label:
                self.text(*cell.centre, label, colour=label_colour(fill), small=True)

    def bars(self, box: Box, heights: Iterable[float], colour: str) -> None:
        """Stand bars side by side in a box, on a thin line; the tallest possible is 1."""
        values = list(heights)
        step = box.width / len(values)
        upright = [
            Box(box.x + (i + 0.1) * step, box.bottom - high, 0.8 * step, high)
            for i, high in enumerate(value * box.height for value in values)
            if high
        ]
        self.fill(upright, colour, zorder=2, clip_on=True)
        ground = [[(box.x, box.bottom), (box.right, box.bottom)]]
        self.lines(ground, self.look.palette.muted, width=0.6)

    def axes_in(self, fig: Figure, box: Box) -> Axes:
        """Axes of a curve that fill a box of this stage, which fills the figure."""
        left, low = box.x / self.width, 1 - box.bottom / self.height
        return fig.add_axes((left, low, box.width / self.width, box.height / self.height))

    def outline(self, box: Box, colour: str, *, width: float = 1, stroke: Stroke = "solid") -> None:
        """Draw the edge of a box, kept clear of what is below it."""
        clear = (self.look.palette.surface, 2 * width, "solid")
        for edge, points, kind in (clear, (colour, width, stroke)):
            how: dict[str, Any] = {"lw": points * self.look.line, "ls": kind, "zorder": 3}
            self.axes.add_patch(Rectangle(box[:2], *box[2:], fill=False, ec=edge, **how))

    def arrow(self, start: Point, end: Point, colour: str, *, width: float = 1) -> None:
        """Draw an arrow with a slim head."""
        head = "->,head_length=0.3,head_width=0.18"
        size, line = self.look.sheet.type_size, width * self.look.line
        how: dict[str, Any] = {"mutation_scale": size, "shrinkA": 0, "shrinkB": 0}
        arrow = FancyArrowPatch(start, end, arrowstyle=head, color=colour, lw=line, **how)
        self.axes.add_patch(arrow)

    def units(
        self, places: Array, labels: Sequence[str], fills: Sequence[str], edge: str, radius: float
    ) -> None:
        """Draw units as discs with their names in them."""
        how: dict[str, Any] = {"edgecolors": edge, "linewidths": self.look.line * 0.9, "zorder": 3}
        area = (2 * radius * self.look.sheet.type_size) ** 2
        self.axes.scatter(places[:, 0], places[:, 1], s=area, c=list(fills), **how)
        for (x, y), label, fill in zip(places, labels, fills, strict=True):
            # Type is centred by its box: names with a subscript would sit too high.
            if label:
                self.text(x, y + 0.06, label, colour=label_colour(fill), small=True)


def size_in_ems(fig: Figure, look: Look) -> tuple[float, float]:
    """Width and height of a figure that is laid out by hand."""
    fig.set_layout_engine("none")
    em = look.sheet.type_size / POINTS_PER_INCH
    width, height = (float(inches) / em for inches in fig.get_size_inches())
    return width, height


def stage(fig: Figure, look: Look) -> Stage:
    """The whole figure as one stage; what stands on it is placed by hand."""
    width, height = size_in_ems(fig, look)
    axes = fig.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.axis("off")
    return Stage(axes, look, width, height)


def corners(box: Box) -> list[Point]:
    """The four corners of a box, in drawing order."""
    return [(box.x, box.y), (box.right, box.y), (box.right, box.bottom), (box.x, box.bottom)]
