"""Figures of the chapter on convolution: edges, the kernel's turn, what fills the padding."""

from __future__ import annotations

from typing import get_args

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import convolve2d, cross_correlate2d
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.windows import padded
from mkdocs_cnn.book.figures.sparse_interactions import EDGE_IMAGE, VERTICAL_EDGE
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.grey_pictures import (
    picture_of_kernel,
    scale_of_greys,
    shades,
    signed,
)
from mkdocs_cnn.figures.parts.pixels import picture
from mkdocs_cnn.figures.parts.stage import Box, Point, Stage, stage
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.layers import Conv1d, Conv2d, PlacedConv
from mkdocs_cnn.layers.arguments import PaddingMode
from mkdocs_cnn.quantities.sentences import Words

# -- vertical and horizontal edges on the photograph

HORIZONTAL_EDGE = VERTICAL_EDGE.T
FILTERS = {"vertical edges": VERTICAL_EDGE, "horizontal edges": HORIZONTAL_EDGE}
LIMIT = 96
"""The output that is drawn white; its opposite is drawn black."""


def _one_filter() -> PlacedConv:
    return Conv2d(1, 1, VERTICAL_EDGE.shape, bias=False).on(*grey_photograph().shape)


def _directions_caption() -> Words:
    return Words(
        "A photograph and what two filters of {} × {} make of it, on the same scale of greys. The "
        "first takes the right from the left: it answers along the sides of the nose and hardly "
        "to the whiskers, which lie flat. The second is the first laid on its side and takes the "
        "lower from the upper: it answers to the whiskers and the eyelids. "
        "Photograph: Stéfan van der Walt, CC0.",
        *VERTICAL_EDGE.shape,
    )


def _directions_alt() -> Words:
    layer = _one_filter()
    return Words(
        "Three pictures. The first, {} × {}, is a grey photograph of a cat's face. The other two "
        "are {} × {}, mid-grey where nothing changes. One belongs to a kernel whose {} rows are "
        "{}, {} and {}: light and dark lines run up and down, along the nose and the left and "
        "right rims of the eyes. The other belongs to a kernel whose rows are all {}, all {} and "
        "all {}: the lines run across, along the whiskers, the eyelids and the tip of the nose. A "
        "bar shows the greys from {} or less, black, to {} or more, white.",
        *layer.input_shape[1:],
        *layer.output_shape[1:],
        len(VERTICAL_EDGE),
        *map(int, VERTICAL_EDGE[0]),
        *map(int, HORIZONTAL_EDGE[:, 0]),
        -LIMIT,
        LIMIT,
    )


@figure(
    "vertical-and-horizontal",
    title="Vertical and horizontal edges",
    caption=_directions_caption,
    alt=_directions_alt,
    aspect=1.05,
)
def vertical_and_horizontal(fig: Figure, look: Look) -> None:
    """The photograph and its edges in two directions, with both kernels and the greys."""
    sheet, image = stage(fig, look), grey_photograph()
    boxes, kernels, bar = _places(sheet, image.shape[1] / image.shape[2])
    _titled(sheet, boxes[0], image[0], (0, 255), "photograph")
    for (name, kernel), box, centre in zip(FILTERS.items(), boxes[1:], kernels, strict=True):
        edges = cross_correlate2d(image, kernel[None, None])[0]
        _titled(sheet, box, edges, (-LIMIT, LIMIT), name)
        drawn = picture_of_kernel(sheet, centre, kernel)
        if not look.wide:  # there each stands below its picture
            sheet.text(centre[0], drawn.y - 0.9, name.removesuffix(" edges"), small=True)
    scale_of_greys(sheet, bar, LIMIT, "output")


def _places(sheet: Stage, ratio: float) -> tuple[list[Box], list[Point], Box]:
    """Three pictures, two kernels (their centres) and the greys.

    On a wide sheet the pictures stand in a row, else two and two with the kernels in the gap.
    """
    columns, gap = (3 if sheet.look.wide else 2), 1.0
    width = (sheet.width - gap * (columns + 1)) / columns
    left = [gap + column * (width + gap) for column in range(columns)]
    if sheet.look.wide:
        boxes = [Box(x, 3.0, width, width * ratio) for x in left]
        down = boxes[0].bottom + 4.9
        kernels = [(box.centre[0], down) for box in boxes[1:]]
        return boxes, kernels, Box(left[0] + 0.8, down - 0.4, width - 1.6, 0.9)
    rows = (2.2, 2.2 + width * ratio + 3.8)
    boxes = [Box(left[c], rows[r], width, width * ratio) for r, c in ((0, 0), (1, 0), (1, 1))]
    kernels = [(left[1] + part * width, rows[0] + 3.9) for part in (0.26, 0.72)]
    return boxes, kernels, Box(left[1] + 0.8, boxes[0].bottom - 2.8, width - 1.6, 0.9)


def _titled(sheet: Stage, box: Box, pixels: Array, limits: tuple[int, int], name: str) -> None:
    """A picture with its heading above and its size below."""
    picture(sheet, box, pixels, limits)
    sheet.heading(box.centre[0], box.y - 0.6, name)
    sheet.text(box.centre[0], box.bottom + 1, " × ".join(map(str, pixels.shape)), small=True)


# -- the kernel as it is, and turned by half a turn

TURNED = np.rot90(VERTICAL_EDGE, 2)


def _edge_outputs() -> tuple[Array, Array]:
    """What cross-correlation and convolution make of the edge image."""
    image, kernel = EDGE_IMAGE[None], VERTICAL_EDGE[None, None]
    return cross_correlate2d(image, kernel)[0], convolve2d(image, kernel)[0]


def _row(array: Array) -> list[int]:
    return [int(value) for value in array[0]]


def _turned_caption() -> Words:
    correlated, convolved = (_row(output) for output in _edge_outputs())
    return Words(
        "Cross-correlation lays the kernel on the image as it is; mathematics' convolution first "
        "turns it by half a turn. The outlined weight goes from one corner to the opposite one. "
        "This kernel changes its sign by the turn, and so does the answer to the edge: {} becomes "
        "{}. A layer called a convolution computes the upper row.",
        max(correlated),
        min(convolved),
    )


def _turned_alt() -> Words:
    outputs = [_row(output) for output in _edge_outputs()]
    image, kernel, turned = _row(EDGE_IMAGE), _row(VERTICAL_EDGE), _row(TURNED)
    listed = ["{}, " * (len(row) - 2) + "{} and {}" for row in outputs]
    return Words(
        "An image of {} × {} pixels, {} in the left half and {} in the right, taken in two ways. "
        "Cross-correlation with a kernel whose columns are {}, {} and {} gives {} × {} outputs, "
        f"every row {listed[0]}. Convolution turns the kernel so that its columns are {{}}, {{}} "
        f"and {{}}, and every row of its output is {listed[1]}. An outline marks a corner weight: "
        "top left before the turn, bottom right after it.",
        *EDGE_IMAGE.shape,
        image[0],
        image[-1],
        *kernel,
        *_edge_outputs()[0].shape,
        *outputs[0],
        *turned,
        *outputs[1],
    )


@figure(
    "kernel-turned",
    title="Cross-correlation and convolution",
    caption=_turned_caption,
    alt=_turned_alt,
    aspect=0.76,
)
def kernel_turned(fig: Figure, look: Look) -> None:
    """One image; two kernels, the second the first after half a turn; two outputs."""
    sheet, outputs = stage(fig, look), _edge_outputs()
    gap, head = 2.0, 2.2
    across = sum(len(array[0]) for array in (EDGE_IMAGE, VERTICAL_EDGE, outputs[0]))
    size = min((sheet.width - 1 - 2 * gap) / across, (sheet.height / 2 - head - 1.2) / 4)
    left = (sheet.width - across * size - 2 * gap) / 2
    block = head + len(outputs[0]) * size
    top = (sheet.height - 2 * block - 0.6) / 2
    image = _matrix(sheet, (left, top + block + 0.3 + head / 2), EDGE_IMAGE, size, (0, 10))
    sheet.heading(image.centre[0], image.y - 0.6, "image")
    rows = (
        ("cross-correlation", VERTICAL_EDGE, "as it is", "⋆", (0, 0)),
        ("convolution", TURNED, "after half a turn", "∗", (2, 2)),
    )
    for at, ((name, kernel, how, sign, corner), output) in enumerate(
        zip(rows, outputs, strict=True)
    ):
        y = top + at * (block + 0.6) + head
        middle = y + len(output) * size / 2
        kernel_box = _matrix(sheet, (image.right + gap, middle), kernel, size, (-1, 1))
        output_box = _matrix(sheet, (kernel_box.right + gap, middle), output, size, (-30, 30))
        sheet.heading((kernel_box.x + output_box.right) / 2, y - 0.6, name)
        sheet.text(kernel_box.centre[0], kernel_box.bottom + 0.75, how, small=True)
        sheet.outline(kernel_box.cell(*corner, size).inset(0.1), look.palette.shared, width=1.7)
        for before, written in ((kernel_box, sign), (output_box, "=")):
            sheet.text(before.x - gap / 2, middle, written, scale=1.6)


def _matrix(
    sheet: Stage, left_middle: Point, array: Array, size: float, limits: tuple[int, int]
) -> Box:
    """A matrix with its numbers, from the middle of its left edge."""
    height, width = (length * size for length in array.shape)
    box = Box(left_middle[0], left_middle[1] - height / 2, width, height)
    sheet.cells(box, shades(sheet.look, array, *limits), signed(array))
    return box


# -- what fills the padding

MODES: tuple[PaddingMode, ...] = get_args(PaddingMode)
PADDING, ROW_PADDING = 24, 2
EYE = (slice(70, 150), slice(56, 152))
"""Rows and columns of the photograph: the left eye."""
ROW = np.array([1, 2, 3])


def padded_eye(mode: PaddingMode) -> Array:
    """The eye with its padding: `(height, width)`."""
    eye = grey_photograph()[:, *EYE]
    axes = Conv2d(1, 1, 1, padding=PADDING, padding_mode=mode).on(*eye.shape).axes
    with_padding: Array = padded(eye[None], axes)[0, 0]
    return with_padding


def padded_row(mode: PaddingMode) -> Array:
    """A row of three numbers with its padding."""
    axes = Conv1d(1, 1, 1, padding=ROW_PADDING, padding_mode=mode).on(1, len(ROW)).axes
    with_padding: Array = padded(ROW[None, None], axes)[0, 0]
    return with_padding


def _padding_caption() -> Words:
    return Words(
        "Four ways to fill a padding of {} pixels around an image of {} × {}, which is outlined, "
        "and of {} numbers around the row {}, {}, {}. Zeros are black. Circular padding goes on at "
        "the opposite side, as on a ring. Reflect sets a mirror on the outermost pixels, which are "
        "not repeated. Edge repeats them. Photograph: Stéfan van der Walt, CC0.",
        PADDING,
        *_eye_shape(),
        ROW_PADDING,
        *map(int, ROW),
    )


def _eye_shape() -> tuple[int, int]:
    rows, columns = EYE
    return rows.stop - rows.start, columns.stop - columns.start


def _padding_alt() -> Words:
    rows = [[int(value) for value in padded_row(mode)] for mode in MODES]
    listed = [", ".join("{}" for _ in row) for row in rows]
    return Words(
        "A cat's eye, {} × {} pixels and outlined, padded by {} pixels in four ways. Zeros: a "
        f"black frame; below it the row {listed[0]}. Circular: parts of the eye's other side "
        f"appear around it; {listed[1]}. Reflect: the surroundings are mirrored at the outline; "
        f"{listed[2]}. Edge: the pixels of the outline are drawn out into stripes; {listed[3]}.",
        *_eye_shape(),
        PADDING,
        *(value for row in rows for value in row),
    )


@figure(
    "padding-modes",
    title="What fills the padding",
    caption=_padding_caption,
    alt=_padding_alt,
    aspect=1.15,
)
def padding_modes(fig: Figure, look: Look) -> None:
    """The same patch and the same row of numbers in four frames."""
    sheet, gap = stage(fig, look), 1.4
    columns = 4 if look.wide else 2
    width = (sheet.width - gap * (columns + 1)) / columns
    pictures = {mode: padded_eye(mode) for mode in MODES}
    height, pixels = pictures["zeros"].shape
    cell = min(1.7, width / (len(ROW) + 2 * ROW_PADDING))
    block = 2.2 + width * height / pixels + 0.9 + cell
    top = (sheet.height - len(MODES) // columns * (block + 0.7) + 0.7) / 2
    for at, (mode, picture_) in enumerate(pictures.items()):
        x = gap + at % columns * (width + gap)
        y = top + at // columns * (block + 0.7) + 2.2
        box = Box(x, y, width, width * height / pixels)
        picture(sheet, box, picture_, (0, 255))
        sheet.heading(box.centre[0], y - 0.6, mode)
        sheet.outline(box.inset(PADDING * width / pixels), look.palette.shared, width=1.5)
        _row_of_numbers(sheet, (box.centre[0], box.bottom + 0.9), padded_row(mode), cell)


def _row_of_numbers(sheet: Stage, top: Point, row: Array, cell: float) -> None:
    box = Box(top[0] - len(row) * cell / 2, top[1], len(row) * cell, cell)
    sheet.cells(box, shades(sheet.look, row[None], 0, int(ROW.max())), signed(row[None]))
    given = Box(box.x + ROW_PADDING * cell, box.y, len(ROW) * cell, cell)
    sheet.outline(given.inset(0.05), sheet.look.palette.shared, width=1.5)
