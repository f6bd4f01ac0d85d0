"""Pictures on a stage: photographs, what filters make of them, and maps of where things differ."""

from __future__ import annotations

from matplotlib import colormaps
from matplotlib.colors import Colormap, LinearSegmentedColormap

from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.figures.parts.stage import Box, Stage
from mkdocs_cnn.figures.style import Palette

# As many greys as are still told apart, an odd number, so that zero has the one in the middle.
# A picture with fewer greys makes a smaller file.
GREYS = colormaps["gray"].resampled(33)


def picture(
    sheet: Stage, box: Box, pixels: Array, limits: tuple[float, float], colours: Colormap = GREYS
) -> None:
    """Lay pixels into a box, each as one rectangle.

    Args:
        sheet: What is drawn on.
        box: Where; a picture of other proportions would be stretched.
        pixels: `(height, width)`.
        limits: What has the first colour, and what the last.
        colours: From one to the other; greys unless given.
    """
    low, high = limits
    sheet.axes.imshow(
        pixels,
        cmap=colours,
        vmin=low,
        vmax=high,
        extent=(box.x, box.right, box.bottom, box.y),
        aspect="auto",
        interpolation="none",
    )


def heat(palette: Palette) -> Colormap:
    """Colours for how much: the further from zero, the further from the surface; masked: faint."""
    ramp = LinearSegmentedColormap.from_list("heat", [palette.sparse, palette.ink], N=32)
    return ramp.with_extremes(bad=palette.faint)
