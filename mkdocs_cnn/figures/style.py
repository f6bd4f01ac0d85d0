"""How figures look: one palette, one type, two themes, two media.

Each idea keeps its colour through the whole book. The colours stay apart for colour-blind readers
(blue, orange, grey and a purple of quite another lightness; no red against green) and stand 4.5 to
1 or better against the surface, so that a word may have its idea's colour. The ramp that tells
weights apart ends before its lines would fade into the surface.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mkdocs_cnn.registry import Registry


@dataclass(frozen=True)
class Palette:
    """The colours of a theme."""

    ink: str  # text and outlines
    muted: str  # what matters less: axes, labels of axes
    faint: str  # grids and empty cells
    surface: str  # behind it all
    dense: str  # fully connected layers
    sparse: str  # local connections, each with a weight of its own
    shared: str  # shared weights: convolution
    ring: str  # sharing without sparsity
    ramp: tuple[str, float, float]  # colours of weights: a map's name, and from where to where


THEMES: Registry[Palette] = Registry("theme")
THEMES.add(
    "light",
    Palette(
        ink="#1f2430",
        muted="#5b6270",
        faint="#e3e6ec",
        surface="#ffffff",
        dense="#6f7683",
        sparse="#1668b0",
        shared="#bd5500",
        ring="#6a1b70",
        ramp=("plasma", 0.0, 0.62),
    ),
)
THEMES.add(
    "dark",
    Palette(
        ink="#e8eaf0",
        muted="#a9b0bf",
        faint="#363b48",
        surface="#1e2129",
        dense="#949baa",
        sparse="#3f9bf0",
        shared="#ffa04d",
        ring="#f0b3e6",
        ramp=("plasma", 0.45, 1.0),
    ),
)


@dataclass(frozen=True)
class Sheet:
    """The size of what is drawn on, and of the type on it."""

    width: float  # inches
    height: float | None  # inches; None where the figure's own aspect decides
    type_size: float  # points of ordinary text
    line: float  # points of an ordinary line
    dpi: int  # dots per inch of the PNG


MEDIA: Registry[Sheet] = Registry("medium")
# A phone shows a page's figure 358 pixels wide: type of 9.5 points is then 11 pixels high.
MEDIA.add("page", Sheet(width=4.2, height=None, type_size=9.5, line=1.2, dpi=288))
MEDIA.add("slide", Sheet(width=40 / 3, height=7.5, type_size=24, line=3, dpi=144))


@dataclass(frozen=True)
class Look:
    """What a drawing function is told about the sheet it draws on."""

    palette: Palette  # the theme's colours
    sheet: Sheet  # the medium's sizes
    wide: bool  # whether panels stand better side by side than in a column or a square

    @property
    def line(self) -> float:
        """Points of an ordinary line."""
        return self.sheet.line

    @property
    def small(self) -> float:
        """Points of the smallest type allowed: labels in cells and on axes."""
        return self.sheet.type_size * 0.84

    def settings(self) -> dict[str, Any]:
        """The settings of matplotlib for this look."""
        palette, sheet, thin = self.palette, self.sheet, self.line * 0.6
        ticks = {
            "color": palette.muted,
            "labelsize": self.small,
            "major.width": thin,
            "major.size": self.line * 3,
            "major.pad": self.line * 3,
        }
        return {
            **{f"{axis}tick.{of}": value for axis in "xy" for of, value in ticks.items()},
            "font.family": "DejaVu Sans",  # comes with matplotlib: the same on every machine
            "font.size": sheet.type_size,
            "axes.titlesize": sheet.type_size,
            "text.color": palette.ink,
            "axes.labelcolor": palette.ink,
            "axes.edgecolor": palette.muted,
            "axes.facecolor": "none",
            "axes.linewidth": thin,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.labelpad": self.line * 4,
            "lines.linewidth": self.line * 1.4,
            "patch.linewidth": thin,
            "grid.color": palette.faint,
            "grid.linewidth": thin,
            "legend.frameon": False,
            "figure.facecolor": palette.surface,
            # The same drawing gives the same bytes, and type does not change in office programs.
            "svg.hashsalt": "mkdocs_cnn",
            "svg.fonttype": "path",
            "pdf.fonttype": 3,
            "figure.constrained_layout.use": True,
            "figure.constrained_layout.w_pad": sheet.type_size / 72 / 2,
            "figure.constrained_layout.h_pad": sheet.type_size / 72 / 2,
        }
