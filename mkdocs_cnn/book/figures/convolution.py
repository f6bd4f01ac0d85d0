"""Figures of the chapter on convolution: edges, the kernel's turn, what fills the padding."""

from __future__ import annotations

from typing import get_args

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import convolve2d, cross_correlate2d
from mkdocs_cnn.arrays.windows import pad
from mkdocs_cnn.book.figures.sparse_interactions import EDGE_IMAGE
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.pictures import (
    VERTICAL_EDGE,
    Filtered,
    filtered_photograph,
    matrix,
    picture,
)
from mkdocs_cnn.figures.parts.stage import Box, Point, Stage, stage
from mkdocs_cnn.layers import Conv1d, Conv2d
from mkdocs_cnn.layers.arguments import PaddingMode

# -- vertical and horizontal edges on the photograph

HORIZONTAL_EDGE = VERTICAL_EDGE.T
LIMITS = (-96, 96)
"""The outputs that are drawn black and white."""
FILTERS = {"vertical edges": VERTICAL_EDGE, "horizontal edges": HORIZONTAL_EDGE}


def _directions() -> Facts:
    """A photograph, either filter as a layer on it, their weights, and what they make of it."""
    image = grey_photograph()
    return {
        "photograph": image[0],
        "layer": Conv2d(1, 1, VERTICAL_EDGE.shape, bias=False).on(*image.shape),
        "columns": VERTICAL_EDGE[0].tolist(),
        "rows": HORIZONTAL_EDGE[:, 0].tolist(),
        "outputs": [cross_correlate2d(image, k[None, None])[0] for k in FILTERS.values()],
    }


@figure(
    "vertical-and-horizontal",
    title="Vertical and horizontal edges",
    facts=_directions,
    caption="""A photograph and what two filters of {layer.layer.kernel_size: × } make of it, on the
        same scale of greys. The first takes the right from the left: it answers along the sides of
        the nose and hardly to the whiskers, which lie flat. The second is the first laid on its
        side and takes the lower from the upper: it answers to the whiskers and the eyelids.
        Photograph: Stéfan van der Walt, CC0.""",
    alt="""Three pictures. The first, {layer.input_shape[1]} × {layer.input_shape[2]}, is a grey
        photograph of a cat's face. The other two are {layer.output_shape[1]} ×
        {layer.output_shape[2]}, mid-grey where nothing changes. One belongs to a kernel whose
        {layer.layer.kernel_size[0]} rows are {columns}: light and dark lines run up and down, along
        the nose and the left and right rims of the eyes. The other belongs to a kernel whose rows
        are all {rows[0]}, all {rows[1]} and all {rows[2]}: the lines run across, along the
        whiskers, the eyelids and the tip of the nose. A bar shows the greys from {LIMITS[0]} or
        less, black, to {LIMITS[1]} or more, white.""",
    aspect=1.05,
)
def vertical_and_horizontal(fig: Figure, look: Look, facts: Facts) -> None:
    """The photograph and its edges in two directions, with both kernels and the greys."""
    filters = [
        Filtered(name, name.removesuffix(" edges"), kernel, outputs)
        for (name, kernel), outputs in zip(FILTERS.items(), facts["outputs"], strict=True)
    ]
    filtered_photograph(stage(fig, look), facts["photograph"], filters, LIMITS, drop=3.9)


# -- the kernel as it is, and turned by half a turn

TURNED = np.rot90(VERTICAL_EDGE, 2)


def _turned() -> Facts:
    """What both operations make of an image with an edge, and any row of each of these arrays."""
    image, kernel = EDGE_IMAGE[None], VERTICAL_EDGE[None, None]
    correlated, convolved = cross_correlate2d(image, kernel)[0], convolve2d(image, kernel)[0]
    return {
        "outputs": (correlated, convolved),
        "answers": (int(correlated.max()), int(convolved.min())),
        "image_row": EDGE_IMAGE[0].tolist(),
        "kernel_row": VERTICAL_EDGE[0].tolist(),
        "turned_row": TURNED[0].tolist(),
        "correlated_row": correlated[0].tolist(),
        "convolved_row": convolved[0].tolist(),
    }


@figure(
    "kernel-turned",
    title="Cross-correlation and convolution",
    facts=_turned,
    caption="""Cross-correlation lays the kernel on the image as it is; mathematics' convolution
        first turns it by half a turn. The outlined weight goes from one corner to the opposite one.
        This kernel changes its sign by the turn, and so does the answer to the edge: {answers[0]}
        becomes {answers[1]}. A layer called a convolution computes the upper row.""",
    alt="""An image of {EDGE_IMAGE.shape: × } pixels, {image_row[0]} in the left half and
        {image_row[5]} in the right, taken in two ways. Cross-correlation with a kernel whose
        columns are {kernel_row} gives {outputs[0].shape: × } outputs, every row {correlated_row}.
        Convolution turns the kernel so that its columns are {turned_row}, and every row of its
        output is {convolved_row}. An outline marks a corner weight: top left before the turn,
        bottom right after it.""",
    aspect=0.76,
)
def kernel_turned(fig: Figure, look: Look, facts: Facts) -> None:
    """One image; two kernels, the second the first after half a turn; two outputs."""
    sheet, outputs = stage(fig, look), facts["outputs"]
    gap, head = 2.0, 2.2
    across = sum(len(array[0]) for array in (EDGE_IMAGE, VERTICAL_EDGE, outputs[0]))
    size = min((sheet.width - 1 - 2 * gap) / across, (sheet.height / 2 - head - 1.2) / 4)
    left = (sheet.width - across * size - 2 * gap) / 2
    block = head + len(outputs[0]) * size
    top = (sheet.height - 2 * block - 0.6) / 2
    image = matrix(sheet, (left, top + block + 0.3 + head / 2), EDGE_IMAGE, size, (0, 10))
    sheet.heading(image.centre[0], image.y - 0.6, "image")
    rows = (
        ("cross-correlation", VERTICAL_EDGE, "as it is", "⋆", (0, 0)),
        ("convolution", TURNED, "after half a turn", "∗", (2, 2)),
    )
    for at, (name, kernel, how, sign, corner) in enumerate(rows):
        output, y = outputs[at], top + at * (block + 0.6) + head
        middle = y + len(output) * size / 2
        kernel_box = matrix(sheet, (image.right + gap, middle), kernel, size, (-1, 1))
        output_box = matrix(sheet, (kernel_box.right + gap, middle), output, size, (-30, 30))
        sheet.heading((kernel_box.x + output_box.right) / 2, y - 0.6, name)
        sheet.text(kernel_box.centre[0], kernel_box.bottom + 0.75, how, small=True)
        sheet.outline(kernel_box.cell(*corner, size).inset(0.1), look.palette.shared, width=1.7)
        for before, written in ((kernel_box, sign), (output_box, "=")):
            sheet.text(before.x - gap / 2, middle, written, scale=1.6)


# -- what fills the padding

MODES: tuple[PaddingMode, ...] = get_args(PaddingMode)
PADDING, ROW_PADDING = 24, 2
EYE = (slice(70, 150), slice(56, 152))
"""Rows and columns of the photograph: the left eye."""
ROW = [1, 2, 3]


def _padded() -> Facts:
    """What is padded, by how much, and with what result: pictures and rows by mode."""
    eye = grey_photograph()[0][EYE]
    pictures, rows = {}, {}
    for mode in MODES:
        around_eye = Conv2d(1, 1, 1, padding=PADDING, padding_mode=mode).on(1, *eye.shape)
        around_row = Conv1d(1, 1, 1, padding=ROW_PADDING, padding_mode=mode).on(1, len(ROW))
        pictures[mode] = pad(eye[None, None], around_eye.axes)[0, 0]
        rows[mode] = pad(np.array([[ROW]]), around_row.axes)[0, 0].tolist()
    return {"eye": eye, "pictures": pictures, "rows": rows}


@figure(
    "padding-modes",
    title="What fills the padding",
    facts=_padded,
    caption="""Four ways to fill a padding of {PADDING} pixels around an image of {eye.shape: × },
        which is outlined, and of {ROW_PADDING} numbers around the row {ROW:, }. Zeros are black.
        Circular padding goes on at the opposite side, as on a ring. Reflect sets a mirror on the
        outermost pixels, which are not repeated. Edge repeats them. Photograph: Stéfan van der
        Walt, CC0.""",
    alt="""A cat's eye, {eye.shape: × } pixels and outlined, padded by {PADDING} pixels in four
        ways. Zeros: a black frame; below it the row {rows[zeros]:, }. Circular: parts of the eye's
        other side appear around it; {rows[circular]:, }. Reflect: the surroundings are mirrored at
        the outline; {rows[reflect]:, }. Edge: the pixels of the outline are drawn out into stripes;
        {rows[edge]:, }.""",
    aspect=1.15,
)
def padding_modes(fig: Figure, look: Look, facts: Facts) -> None:
    """The same patch and the same row of numbers in four frames."""
    sheet, gap = stage(fig, look), 1.4
    columns = 4 if look.wide else 2
    width = (sheet.width - gap * (columns + 1)) / columns
    height, pixels = facts["pictures"]["zeros"].shape
    cell = min(1.7, width / (len(ROW) + 2 * ROW_PADDING))
    block = 2.2 + width * height / pixels + 0.9 + cell
    top = (sheet.height - len(MODES) // columns * (block + 0.7) + 0.7) / 2
    for at, (mode, picture_) in enumerate(facts["pictures"].items()):
        down, across = divmod(at, columns)
        y = top + down * (block + 0.7) + 2.2
        box = Box(gap + across * (width + gap), y, width, width * height / pixels)
        picture(sheet, box, picture_)
        sheet.heading(box.centre[0], y - 0.6, mode)
        sheet.outline(box.inset(PADDING * width / pixels), look.palette.shared, width=1.5)
        _row_of_numbers(sheet, (box.centre[0], box.bottom + 0.9), facts["rows"][mode], cell)


def _row_of_numbers(sheet: Stage, top: Point, row: list[int], cell: float) -> None:
    corner = top[0] - len(row) * cell / 2, top[1] + cell / 2
    box = matrix(sheet, corner, np.array([row]), cell, (0, max(ROW)))
    inner = Box(box.x + ROW_PADDING * cell, box.y, len(ROW) * cell, cell)
    sheet.outline(inner.inset(0.05), sheet.look.palette.shared, width=1.5)
