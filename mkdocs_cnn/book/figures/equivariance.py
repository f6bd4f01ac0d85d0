"""Figures of the chapter on equivariance: a photograph that is moved, or turned, and filtered."""

from __future__ import annotations

from functools import cache, partial
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.equivariance import Break, commutator, shift
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.rotation import lift, rotate, turn, turned_commutator
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.pixels import picture
from mkdocs_cnn.figures.parts.stage import Box, Point, Stage, stage
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.quantities.quantity import Quantity, quantity
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.quantities.sentences import Words

VERTICAL_EDGE = np.array([[1, 0, -1]] * 3)
GREY_LIMITS = (0, 255)
EDGE_LIMITS = (-128, 128)
"""The responses that are drawn black and white; the few beyond are drawn so too."""


def _differing(found: Break) -> tuple[Quantity, Quantity]:
    """The outputs that differ, and all of them."""
    return (
        quantity(found.count, name="outputs that differ, counted"),
        quantity(found.map.size, name="outputs"),
    )


# -- both ways round the square

_Corners = tuple[Box, Box, Box, Box]

_on_a_ring = partial(
    cross_correlate2d, weight=VERTICAL_EDGE[None, None], padding=1, padding_mode="circular"
)


@cache
def _square(down: int, right: int) -> Break:
    """The photograph, moved and filtered in both orders."""
    return commutator(_on_a_ring, grey_photograph(), (down, right))


def _square_caption(down: int, right: int) -> Words:
    count, outputs = _differing(_square(down, right))
    return Words(
        "Two ways from the photograph to the picture at the lower right. Filtered first (f, "
        "vertical edges by a {} × {} kernel), then moved (g, {} pixels down and {} to the right); "
        "or moved first, then filtered. Both end in the same picture: {} of {} outputs differ. "
        "What leaves at one border comes in at the other, so that there is no border; dotted lines "
        "show where the old ones lie. Photograph: Stéfan van der Walt, CC0.",
        *VERTICAL_EDGE.shape,
        down,
        right,
        count,
        outputs,
    )


def _square_alt(down: int, right: int) -> Words:
    count, outputs = _differing(_square(down, right))
    return Words(
        "Four pictures of {} × {} at the corners of a square. Upper left, a grey photograph of a "
        "cat's face. An arrow f leads to the right, to its vertical edges, light and dark lines on "
        "grey. Arrows g lead down from both, to the same pictures moved {} pixels down and {} to "
        "the right; what left below and on the right stands above and on the left. An arrow f "
        "leads from the moved photograph to the moved edges as well. Below: {} of {} outputs "
        "differ.",
        *grey_photograph().shape[1:],
        down,
        right,
        count,
        outputs,
    )


@figure(
    "commuting-square",
    title="Both ways round the square",
    caption=_square_caption,
    alt=_square_alt,
    aspect=1.09,
)
def commuting_square(fig: Figure, look: Look, *, down: int = 40, right: int = 60) -> None:
    """Photograph, response, and both of them moved, joined by arrows."""
    sheet, image, found = stage(fig, look), grey_photograph(), _square(down, right)
    corners = _corners(sheet, image.shape[1] / image.shape[2])
    moved = shift(image, (down, right))
    pictures = [image, found.output, moved, found.moved_first]
    names = ["photograph x", "f(x)", "g(x)", "f(g(x)) = g(f(x))"]
    if found.count:
        names[-1] = "f(g(x))"
    for place, (box, pixels, name) in enumerate(zip(corners, pictures, names, strict=True)):
        picture(sheet, box, pixels[0], EDGE_LIMITS if place % 2 else GREY_LIMITS)
        middle = box.centre[0]
        if place < 2:
            sheet.heading(middle, box.y - 0.6, name)
        else:
            sheet.heading(middle, box.bottom + 1.3, name)
            _seam(sheet, box, down / image.shape[1] % 1, right / image.shape[2] % 1)
    _arrows(sheet, corners)
    _legend(sheet, corners, down, right, found)


def _corners(sheet: Stage, ratio: float) -> _Corners:
    """Two pictures and two, with room for arrows between them; on a wide sheet on its right."""
    top, down, edge = 2.0, 3.0, 0.7
    across = 5.4 if sheet.look.wide else 3.6
    width = (
        (sheet.height - top - down - 2.0) / 2 / ratio
        if sheet.look.wide
        else (sheet.width - 2 * edge - across) / 2
    )
    height = width * ratio
    right = sheet.width - edge - width
    left = right - across - width
    first, second = (
        (Box(left, y, width, height), Box(right, y, width, height))
        for y in (top, top + height + down)
    )
    return (*first, *second)


def _seam(sheet: Stage, box: Box, down: float, right: float) -> None:
    """Where the borders of the picture that was moved lie now."""
    y, x = box.y + down * box.height, box.x + right * box.width
    lines = [((box.x, y), (box.right, y)), ((x, box.y), (x, box.bottom))]
    sheet.lines(lines, sheet.look.palette.surface, width=1.4)
    sheet.lines(lines, sheet.look.palette.shared, width=1.4, stroke=(0, (1, 1)))


def _arrows(sheet: Stage, corners: _Corners) -> None:
    """Arrows f to the right and g down, each with its letter beside it."""
    above, beside, below, _ = corners
    for box in (above, below):
        start, end = (box.right + 0.5, box.centre[1]), (beside.x - 0.5, box.centre[1])
        _arrow(sheet, start, end, "f", (0, -0.8))
    for box in (above, beside):
        start, end = (box.centre[0], box.bottom + 0.4), (box.centre[0], below.y - 0.4)
        _arrow(sheet, start, end, "g", (0.9, 0))


def _arrow(sheet: Stage, start: Point, end: Point, letter: str, aside: Point) -> None:
    colour = sheet.look.palette.shared
    sheet.arrow(start, end, colour, width=1.4)
    x, y = ((one + other) / 2 + by for one, other, by in zip(start, end, aside, strict=True))
    sheet.text(x, y, letter, colour=colour, bold=True)


def _legend(sheet: Stage, corners: _Corners, down: int, right: int, found: Break) -> None:
    """What the letters mean, and how the two ways compare; beside the square or below it."""
    count, outputs = (f"{int(number):,}" for number in _differing(found))
    f, g = "f: vertical edges", f"g: {down} down, {right} right"
    if sheet.look.wide:
        lines, left, top = [f, g, ""], 1.0, corners[0].bottom - 2.2
        ends = [f"{count} of {outputs}", "outputs differ"]
    else:
        lines, left, top = [f"{f};  {g}"], corners[0].x, corners[2].bottom + 3.2
        ends = [f"{count} of {outputs} outputs differ"]
    for row, line in enumerate(lines + ends):
        sheet.text(left, top + 1.6 * row, line, ha="left", bold=line in ends)


# -- quarter turns

_CROP = slice(48, 160), slice(48, 160)  # the eye on the left, whose rim runs in all directions
_upright = partial(
    cross_correlate2d, weight=VERTICAL_EDGE[None, None], padding=1, padding_mode="edge"
)
_lifted = partial(lift, weight=VERTICAL_EDGE[None, None], padding_mode="edge")
_LETTERS = "abcd"


def eye() -> Array:
    """The eye on the left of the photograph: `(1, 112, 112)` integers."""
    return grey_photograph()[:, *_CROP]


@cache
def _turned() -> tuple[Break, Break]:
    """The eye, turned and filtered in both orders, by one kernel and by its four turns."""
    return (
        turned_commutator(_upright, eye()),
        turned_commutator(_lifted, eye(), last=turn),
    )


def _percent(found: Break) -> Quantity:
    """The outputs that differ, of a hundred."""
    count, outputs = _differing(found)
    return 100 * count / outputs


def _rotations_caption() -> Words:
    upright, lifted = _turned()
    return Words(
        "A quarter turn to the left (g). One {} × {} kernel for vertical edges (f) finds other "
        "edges in the turned eye: {} % of the outputs differ from those that are filtered first "
        "and then turned. A lifting convolution uses the kernel in all {} quarter turns. When the "
        "eye turns, its maps turn and change places on a ring: {} of {} positions differ. "
        "Photograph: Stéfan van der Walt, CC0.",
        *VERTICAL_EDGE.shape,
        _percent(upright),
        lifted.output.shape[1],
        *_differing(lifted),
    )


def _rotations_alt() -> Words:
    upright, lifted = _turned()
    return Words(
        "First block, one kernel: a cat's eye, {} × {} pixels; the same turned by a quarter; the "
        "vertical edges of the first, turned; the vertical edges of the second, which are others: "
        "{} % of the outputs differ. Second block, two rows of {} edge maps. Upper row, a to d: "
        "the eye's, by the kernel in its {} turns. Lower row: the turned eye's, which are d, a, b "
        "and c, turned: {} of {} positions differ.",
        *eye().shape[1:],
        _percent(upright),
        lifted.output.shape[1],
        lifted.output.shape[1],
        *_differing(lifted),
    )


class _Panel(NamedTuple):
    """A picture with what stands above it."""

    name: str
    pixels: Array
    limits: tuple[int, int]


_LEAD = 2.3  # ems for what stands above a picture


@figure(
    "rotations",
    title="Quarter turns",
    caption=_rotations_caption,
    alt=_rotations_alt,
    aspect=1.12,
)
def rotations(fig: Figure, look: Look) -> None:
    """The eye and its edges by one kernel; below or beside them the maps of its four turns."""
    sheet, (upright, lifted) = stage(fig, look), _turned()
    side = (sheet.width - 6.5) / 6 if look.wide else (sheet.width - 4.7) / 4
    first, second = _ordinary(upright), _four_turns(lifted)
    at = Box(0.7 if look.wide else 2.2, 2.0, side, side)
    last = _block(sheet, at, "one kernel", first, columns=2 if look.wide else 4)
    _result(sheet, last, f"{plain(_percent(upright).value)} % of outputs differ")
    at = Box(last.right + 2.6, at.y, side, side) if look.wide else at._replace(y=last.bottom + 4)
    last = _block(sheet, at, "its four quarter turns", second, columns=4)
    count, positions = (f"{int(number):,}" for number in _differing(lifted))
    _result(sheet, last, f"{count} of {positions} positions differ")
    for row, name in enumerate(["of x", "of g(x)"]):
        sheet.upright(at.x - 1.0, at.y + _LEAD + side / 2 + row * (side + _LEAD), name)
    for turns in range(lifted.output.shape[1]):
        _kernel(sheet, at.x + turns * (side + 0.6) + side / 2 + 0.4, at.y + 0.5, turns)


def _ordinary(upright: Break) -> list[_Panel]:
    """The eye, the eye turned, and what one kernel makes of them."""
    return [
        _Panel("x", eye()[0], GREY_LIMITS),
        _Panel("g(x)", rotate(eye())[0], GREY_LIMITS),
        _Panel("g(f(x))", upright.moved_last[0], EDGE_LIMITS),
        _Panel("f(g(x))", upright.moved_first[0], EDGE_LIMITS),
    ]


def _four_turns(lifted: Break) -> list[_Panel]:
    """The four maps of the eye, then those of the turned eye: the same, turned and moved on."""
    names = [*_LETTERS, *(f"{_LETTERS[turns - 1]} turned" for turns in range(len(_LETTERS)))]
    maps = [*lifted.output[0], *lifted.moved_first[0]]
    return [_Panel(name, pixels, EDGE_LIMITS) for name, pixels in zip(names, maps, strict=True)]


def _block(sheet: Stage, at: Box, heading: str, panels: list[_Panel], *, columns: int) -> Box:
    """Rows of pictures, the first of which is to stand below `at`; what they fill together."""
    sheet.heading(at.x, at.y - 0.4, heading, ha="left")
    for place, (name, pixels, limits) in enumerate(panels):
        row, column = divmod(place, columns)
        x, y = at.x + column * (at.width + 0.6), at.y + row * (at.height + _LEAD) + _LEAD
        picture(sheet, Box(x, y, at.width, at.height), pixels, limits)
        aside = 1.3 if name in _LETTERS else 0  # there a kernel stands beside it
        sheet.text(x + at.width / 2 - aside, y - 1.0, name, small=True)
    rows = len(panels) // columns
    width, height = columns * (at.width + 0.6) - 0.6, rows * (at.height + _LEAD)
    return Box(at.x, at.y, width, height)


def _result(sheet: Stage, block: Box, words: str) -> None:
    sheet.text(block.x, block.bottom + 1.1, words, small=True, bold=True, ha="left")


def _kernel(sheet: Stage, x: float, y: float, turns: int) -> None:
    """The kernel after so many turns, small: light for 1, dark for −1, as they make the pixels."""
    greys = {-1: "#404040", 0: "#808080", 1: "#c8c8c8"}
    fills = [[greys[int(weight)] for weight in row] for row in rotate(VERTICAL_EDGE, turns)]
    sheet.cells(Box(x - 0.75, y, 1.5, 1.5), fills)
