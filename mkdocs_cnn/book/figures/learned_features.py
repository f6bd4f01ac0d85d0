"""Figures of the chapter on learned features: kernels as colours, and the patches that excite."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.book.experiments.inputs.photographs import PHOTOGRAPHS, photograph
from mkdocs_cnn.book.experiments.learned_features.findings import findings
from mkdocs_cnn.book.experiments.learned_features.run import LearnedFeaturesRun
from mkdocs_cnn.experiments.results import Outcome
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.pictures import picture
from mkdocs_cnn.figures.parts.stage import Box, Stage, stage
from mkdocs_cnn.quantities.sentences import fill

_OPAQUE, _LARGEST = 255, 127  # a picture's opacity; a kernel's largest weight as it is kept


def _shown(outcome: Outcome) -> LearnedFeaturesRun:
    """The run of which kernels and places are kept."""
    run: LearnedFeaturesRun = outcome.runs[outcome.settings.shown_seed]
    return run


def _models(outcome: Outcome) -> tuple[str, ...]:
    """The networks of a seed by name: before training, and after each task."""
    return ("untrained", *outcome.settings.tasks)


def by_colour(content: Sequence[float]) -> list[int]:
    """The units of a layer, counted from 0, from the least colour content to the most."""
    return sorted(range(len(content)), key=content.__getitem__)


def mosaic(tiles: Sequence[Array], columns: int, gap: int, group: int = 1) -> Array:
    """Tiles of one size in rows, on a transparent ground.

    Args:
        tiles: Each `(height, width, 3)`, from 0 to 255.
        columns: Tiles in a row.
        gap: Between tiles, in pixels.
        group: So many tiles stand together; between groups are five gaps.

    Returns:
        `(height, width, 4)`: red, green, blue and opacity.
    """
    height, width = tiles[0].shape[:2]
    lefts = [n * (width + gap) + n // group * (group > 1) * 4 * gap for n in range(columns)]
    rows = -(-len(tiles) // columns)
    whole = np.zeros((rows * (height + gap) - gap, lefts[-1] + width, 4), np.uint8)
    for n, tile in enumerate(tiles):
        top, left = n // columns * (height + gap), lefts[n % columns]
        whole[top : top + height, left : left + width, :3] = tile
        whole[top : top + height, left : left + width, 3] = _OPAQUE
    return whole


def lay(sheet: Stage, place: tuple[float, float], pixels: Array, scale: float) -> Box:
    """Draw a picture, `(height, width, 4)`, with its upper left corner at a place in ems.

    The scale is in ems to a pixel. Returns what it fills.
    """
    height, width = pixels.shape[:2]
    box = Box(*place, width * scale, height * scale)
    picture(sheet, box, pixels)
    return box


# -- kernels of the first layer

_ACROSS = 12  # kernels in a row


def kernel_tile(kernel: Array) -> Array:
    """A kernel as colours: zero is middle grey, the largest weight full or no colour.

    Args:
        kernel: `(3, height, width)`, from −127 to 127.
    """
    return (kernel.transpose(1, 2, 0) + _LARGEST + 1).astype(np.uint8)


def _kernels(outcome: Outcome) -> Facts:
    """The kernels of one network as tiles, and the mean colour content over all seeds."""
    run, settings, names = _shown(outcome), outcome.settings, _models(outcome)
    true, shuffled = (findings(outcome.runs, settings, task=task) for task in settings.tasks)
    panels = {}
    for name, kernels, colours in zip(names, run.kernels, run.unit_colour, strict=True):
        tiles = [kernel_tile(np.array(kernel)) for kernel in kernels]
        panels[name] = [tiles[unit] for unit in by_colour(colours[0])]
    return {"kernels": len(tiles), "true": true, "shuffled": shuffled, "panels": panels}


@figure(
    "first-kernels",
    title="First-layer kernels, untrained and trained",
    facts=_kernels,
    caption="""The {kernels} first-layer kernels of one network, each a square of
        {settings.kernel_sizes[0]} × {settings.kernel_sizes[0]} pixels with a red, a green and a
        blue weight, as colours: before training, after telling photographs apart in true colours,
        and after the same with shuffled colours. In each panel sorted from the least colour content
        to the most. Over {seeds} seeds their mean colour content is {true[untrained_colour]} before
        training, {true[colour]} after true colours and {shuffled[colour]} after shuffled ones.""",
    alt="""Three panels of {kernels} small coloured squares. Untrained: coloured noise. True
        colours: noise with patches of one colour, the last ones of strong colours. Shuffled
        colours: among the first some grey stripes and edges, among the last some colours.""",
    aspect=0.72,
    rests_on=("learned-features",),
)
def first_kernels(fig: Figure, look: Look, facts: Facts) -> None:
    """A panel of tiles for each network."""
    sheet = stage(fig, look)
    across = _ACROSS // 2 if look.wide else _ACROSS
    panels = [mosaic(tiles, across, gap=1) for tiles in facts["panels"].values()]
    height, width = panels[0].shape[:2]
    side, top = 0.6, 1.9
    columns = len(panels) if look.wide else 1
    pitch = (sheet.width - side) / columns
    scale = min((pitch - side) / width, (sheet.height / (4 - columns) - top - 0.4) / height)
    for n, (panel, name) in enumerate(zip(panels, facts["panels"], strict=True)):
        left, row = side + (n % columns) * pitch, n // columns
        y = row * (height * scale + top + 0.4) + top
        sheet.heading(left, y - 0.6, name, ha="left")
        lay(sheet, (left, y), panel, scale)


# -- the patches that excite each unit most

_STRIPS, _ROWS = (8, 5, 3), (2, 3, 4)  # units in a row, and rows of units, by layer
_PATCHES = 4  # of a unit
_GAP = 1  # pixels


@cache
def _pictures() -> tuple[Array, ...]:
    return tuple(photograph(name).transpose(1, 2, 0) for name in PHOTOGRAPHS)


def shown_units(run: LearnedFeaturesRun, model: int, layer: int) -> list[int]:
    """The units there is room for, at equal steps from the least colour content to the most."""
    ordered = by_colour(run.unit_colour[model][layer])
    steps = np.linspace(0, len(ordered) - 1, _STRIPS[layer] * _ROWS[layer])
    return [ordered[round(float(step))] for step in steps]


def patches(run: LearnedFeaturesRun, model: int, layer: int) -> list[Array]:
    """The patches that excite those units most, unit by unit: each `(size, size, 3)`."""
    size = run.fields[layer][0]
    return [
        _pictures()[n][row : row + size, column : column + size]
        for unit in shown_units(run, model, layer)
        for n, row, column in run.places[model][layer][unit][:_PATCHES]
    ]


_SEEN = {
    "untrained": (
        "Nearly all are strong edges of dark and light, often of several directions in a group."
    ),
    "true colours": (
        "Some groups are edges of dark and light, many plain areas of one colour, in layer {last} "
        "most often the dark green behind the flower."
    ),
    "shuffled colours": (
        "Most groups are edges of dark and light, in layer {last} corners, roofs and leaves too; "
        "few are plain."
    ),
}


def _exciting(outcome: Outcome, *, task: str) -> Facts:
    """The patches of each layer of one network, after a task or untrained.

    Raises:
        ValueError: If there is no such network.
    """
    run, names = _shown(outcome), _models(outcome)
    if task not in names:
        raise ValueError(f"task must be one of {', '.join(names)}, not {task!r}")
    layers = range(len(run.fields))
    return {
        "sizes": [size for size, _ in run.fields],
        "layers": [layer + 1 for layer in layers],
        "groups": [_STRIPS[layer] * _ROWS[layer] for layer in layers],
        "trained": task if task == "untrained" else f"trained on {task}",
        "seen": fill(_SEEN[task], {"last": len(layers)}),
        "patches": [patches(run, names.index(task), layer) for layer in layers],
    }


@figure(
    "exciting-patches",
    title="The patches that excite units most",
    facts=_exciting,
    caption="""The {_PATCHES} patches that excite a unit most, side by side, cut at what the unit
        sees: {sizes} pixels in layers {layers}. One network, {trained}; units at equal steps from
        the least colour content, at the upper left, to the most. No two patches of a unit overlap.
        Photographs: NASA, SpaceX, Stéfan van der Walt and Rachel Michetti (public domain),
        danielbuechele and vultilion (CC BY).""",
    alt="""Three blocks of small pieces of photographs in groups of {_PATCHES}: {groups[0]} groups
        of {sizes[0]} × {sizes[0]} pixels, {groups[1]} of {sizes[1]} × {sizes[1]}, {groups[2]} of
        {sizes[2]} × {sizes[2]}. {seen}""",
    aspect=0.7,
    rests_on=("learned-features",),
)
def exciting_patches(fig: Figure, look: Look, facts: Facts, *, task: str = "true colours") -> None:
    """A block for each layer, at one scale."""
    sheet = stage(fig, look)
    blocks = [
        mosaic(tiles, _PATCHES * strips, _GAP, group=_PATCHES)
        for tiles, strips in zip(facts["patches"], _STRIPS, strict=True)
    ]
    side, top = 0.5, 1.9
    rows = sum(len(block) for block in blocks)
    across = max(block.shape[1] for block in blocks)
    scale = min((sheet.width - 2 * side) / across, (sheet.height - 3 * (top + 0.3)) / rows)
    left, y = (sheet.width - across * scale) / 2, top
    for layer, size, block in zip(facts["layers"], facts["sizes"], blocks, strict=True):
        sheet.heading(left, y - 0.55, f"layer {layer}: {size} × {size} pixels", ha="left")
        y = lay(sheet, (left, y), block, scale).bottom + top + 0.3
