"""Figures of the chapter on equivariance: a photograph that is moved, or turned, and filtered."""

from __future__ import annotations

from functools import cache, partial
from typing import NamedTuple

from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.equivariance import Break, commutator, shift
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.rotation import lift, rotate, turn, turned_commutator
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.pictures import VERTICAL_EDGE, kernel_greys, picture
from mkdocs_cnn.figures.parts.stage import Box, Stage, stage
from mkdocs_cnn.quantities.quantity import Quantity, quantity
from mkdocs_cnn.quantities.rounding import plain

GREY_LIMITS = (0, 255)
EDGE_LIMITS = (-128, 128)
"""The responses that are drawn black and white; the few beyond are drawn so too."""


class Comparison(NamedTuple):
    """A comparison of both orders, in words."""

    orders: Break

    @property
    def unequal(self) -> Quantity:
        """The outputs that differ."""
        return quantity(self.orders.count, name="outputs that differ, counted")

    @property
    def outputs(self) -> Quantity:
        """All outputs."""
        return quantity(self.orders.map.size, name="outputs")

    @property
    def percent(self) -> Quantity:
        """The outputs that differ, of a hundred."""
        return 100 * self.unequal / self.outputs

    @property
    def counts(self) -> str:
        """How many of how many differ."""
        return f"{int(self.unequal):,} of {int(self.outputs):,}"


# -- both ways round the square

_Corners = tuple[Box, Box, Box, Box]

_edges = partial(cross_correlate2d, weight=VERTICAL_EDGE[None, None], padding=1)
_on_a_ring = partial(_edges, padding_mode="circular")


@cache
def _square(*, down: int, right: int) -> Facts:
    """The photograph, moved and filtered in both orders."""
    image = grey_photograph()
    comparison = Comparison(commutator(_on_a_ring, image, (down, right)))
    return {"photograph": image, "comparison": comparison}


@figure(
    "commuting-square",
    title="Both ways round the square",
    facts=_square,
    caption="""Two ways from the photograph to the picture at the lower right. Filtered first (f,
        vertical edges by a {VERTICAL_EDGE.shape: × } kernel), then moved (g, {down} pixels down and
        {right} to the right); or moved first, then filtered. Both end in the same picture:
        {comparison.unequal} of {comparison.outputs} outputs differ. What leaves at one border comes
        in at the other, so that there is no border; dotted lines show where the old ones lie.
        Photograph: Stéfan van der Walt, CC0.""",
    alt="""Four pictures of {photograph.shape[1]} × {photograph.shape[2]} at the corners of a
        square. Upper left, a grey photograph of a cat's face. An arrow f leads to the right, to its
        vertical edges, light and dark lines on grey. Arrows g lead down from both, to the same
        pictures moved {down} pixels down and {right} to the right; what left below and on the right
        stands above and on the left. An arrow f leads from the moved photograph to the moved edges
        as well. Below: {comparison.unequal} of {comparison.outputs} outputs differ.""",
    aspect=1.09,
)
def commuting_square(
    fig: Figure, look: Look, facts: Facts, *, down: int = 40, right: int = 60
) -> None:
    """Photograph, response, and both of them moved, joined by arrows."""
    sheet, image, orders = stage(fig, look), facts["photograph"], facts["comparison"].orders
    _, height, width = image.shape
    corners = _corners(sheet, height / width)
    pictures = [image, orders.output, shift(image, (down, right)), orders.moved_first]
    names = ["photograph x", "f(x)", "g(x)", "f(g(x))" + " = g(f(x))" * (not orders.count)]
    for place, (box, pixels, name) in enumerate(zip(corners, pictures, names, strict=True)):
        picture(sheet, box, pixels[0], EDGE_LIMITS if place % 2 else GREY_LIMITS)
        sheet.heading(box.centre[0], box.y - 0.6 if place < 2 else box.bottom + 1.3, name)
        if place >= 2:
            _seam(sheet, box, down / height % 1, right / width % 1)
    _arrows(sheet, corners)
    _legend(sheet, corners, f"g: {down} down, {right} right", facts["comparison"])


def _corners(sheet: Stage, ratio: float) -> _Corners:
    """Two pictures and two, with room for arrows between them; on a wide sheet on its right."""
    top, down, edge = 2.0, 3.0, 0.7
    if sheet.look.wide:
        across, width = 5.4, (sheet.height - top - down - 2.0) / 2 / ratio
    else:
        across, width = 3.6, (sheet.width - 2 * edge - 3.6) / 2
    height = width * ratio
    right = sheet.width - edge - width
    left = right - across - width
    first = Box(left, top, width, height)
    second, below = first._replace(x=right), top + height + down
    return first, second, first._replace(y=below), second._replace(y=below)


def _seam(sheet: Stage, box: Box, down: float, right: float) -> None:
    """Where the borders of the picture that was moved lie now."""
    y, x = box.y + down * box.height, box.x + right * box.width
    lines = [((box.x, y), (box.right, y)), ((x, box.y), (x, box.bottom))]
    sheet.lines(lines, sheet.look.palette.surface, width=1.4)
    sheet.lines(lines, sheet.look.palette.shared, width=1.4, stroke=(0, (1, 1)))


def _arrows(sheet: Stage, corners: _Corners) -> None:
    """Arrows f to the right and g down, each with its letter beside it."""
    above, beside, below, _ = corners
    colour = sheet.look.palette.shared
    for box in (above, below):
        left, right, y = box.right + 0.5, beside.x - 0.5, box.centre[1]
        sheet.arrow((left, y), (right, y), colour, width=1.4)
        sheet.text((left + right) / 2, y - 0.8, "f", colour=colour, bold=True)
    for box in (above, beside):
        x, top, foot = box.centre[0], box.bottom + 0.4, below.y - 0.4
        sheet.arrow((x, top), (x, foot), colour, width=1.4)
        sheet.text(x + 0.9, (top + foot) / 2, "g", colour=colour, bold=True)


def _legend(sheet: Stage, corners: _Corners, g: str, comparison: Comparison) -> None:
    """What the letters mean, and how the two ways compare; beside the square or below it."""
    f, counts = "f: vertical edges", comparison.counts
    if sheet.look.wide:
        lines, left, top = [f, g, ""], 1.0, corners[0].bottom - 2.2
        ends = [counts, "outputs differ"]
    else:
        lines, left, top = [f"{f};  {g}"], corners[0].x, corners[2].bottom + 3.2
        ends = [f"{counts} outputs differ"]
    for row, line in enumerate(lines + ends):
        sheet.text(left, top + 1.6 * row, line, ha="left", bold=line in ends)


# -- quarter turns

_CROP = slice(48, 160), slice(48, 160)  # the eye on the left, whose rim runs in all directions
_upright = partial(_edges, padding_mode="edge")
_lifted = partial(lift, weight=VERTICAL_EDGE[None, None], padding_mode="edge")
_LETTERS = "abcd"


def eye() -> Array:
    """The eye on the left of the photograph: `(1, 112, 112)` integers."""
    return grey_photograph()[:, *_CROP]


@cache
def _turned() -> Facts:
    """The eye, turned and filtered in both orders, by one kernel and by its four turns."""
    lifted = turned_commutator(_lifted, eye(), last=turn)
    return {
        "eye": eye(),
        "turns": lifted.output.shape[1],
        "upright": Comparison(turned_commutator(_upright, eye())),
        "lifted": Comparison(lifted),
    }


_Panel = tuple[str, Array, tuple[int, int]]  # what stands above a picture, the picture, its limits
_LEAD = 2.3  # ems for what stands above a picture


@figure(
    "rotations",
    title="Quarter turns",
    facts=_turned,
    caption="""A quarter turn to the left (g). One {VERTICAL_EDGE.shape: × } kernel for vertical
        edges (f) finds other edges in the turned eye: {upright.percent} % of the outputs differ
        from those that are filtered first and then turned. A lifting convolution uses the kernel in
        all {turns} quarter turns. When the eye turns, its maps turn and change places on a ring:
        {lifted.unequal} of {lifted.outputs} positions differ. Photograph: Stéfan van der Walt,
        CC0.""",
    alt="""First block, one kernel: a cat's eye, {eye.shape[1]} × {eye.shape[2]} pixels; the same
        turned by a quarter; the vertical edges of the first, turned; the vertical edges of the
        second, which are others: {upright.percent} % of the outputs differ. Second block, two rows
        of {turns} edge maps. Upper row, a to d: the eye's, by the kernel in its {turns} turns.
        Lower row: the turned eye's, which are d, a, b and c, turned: {lifted.unequal} of
        {lifted.outputs} positions differ.""",
    aspect=1.12,
)
def rotations(fig: Figure, look: Look, facts: Facts) -> None:
    """The eye and its edges by one kernel; below or beside them the maps of its four turns."""
    sheet, upright, lifted = stage(fig, look), facts["upright"], facts["lifted"]
    side = (sheet.width - 6.5) / 6 if look.wide else (sheet.width - 4.7) / 4
    first, second = _ordinary(facts["eye"], upright.orders), _four_turns(lifted.orders)
    at = Box(0.7 if look.wide else 2.2, 2.0, side, side)
    last = _block(sheet, at, "one kernel", first, columns=2 if look.wide else 4)
    _result(sheet, last, f"{plain(upright.percent.value)} % of outputs differ")
    at = Box(last.right + 2.6, at.y, side, side) if look.wide else at._replace(y=last.bottom + 4)
    last = _block(sheet, at, "its four quarter turns", second, columns=4)
    _result(sheet, last, f"{lifted.counts} positions differ")
    for row, name in enumerate(["of x", "of g(x)"]):
        sheet.upright(at.x - 1.0, at.y + _LEAD + side / 2 + row * (side + _LEAD), name)
    for turns in range(facts["turns"]):
        _kernel(sheet, at.x + turns * (side + 0.6) + side / 2 + 0.4, at.y + 0.5, turns)


def _ordinary(image: Array, orders: Break) -> list[_Panel]:
    """The eye, the eye turned, and what one kernel makes of them."""
    return [
        ("x", image[0], GREY_LIMITS),
        ("g(x)", rotate(image)[0], GREY_LIMITS),
        ("g(f(x))", orders.moved_last[0], EDGE_LIMITS),
        ("f(g(x))", orders.moved_first[0], EDGE_LIMITS),
    ]


def _four_turns(lifted: Break) -> list[_Panel]:
    """The four maps of the eye, then those of the turned eye: the same, turned and moved on."""
    names = [*_LETTERS, *(f"{_LETTERS[turns - 1]} turned" for turns in range(len(_LETTERS)))]
    maps = [*lifted.output[0], *lifted.moved_first[0]]
    return [(name, pixels, EDGE_LIMITS) for name, pixels in zip(names, maps, strict=True)]


def _block(sheet: Stage, at: Box, heading: str, panels: list[_Panel], *, columns: int) -> Box:
    """Rows of pictures, the first of which is to stand below `at`; what they fill together."""
    sheet.heading(at.x, at.y - 0.4, heading, ha="left")
    for place, (name, pixels, limits) in enumerate(panels):
        row, column = divmod(place, columns)
        x, y = at.x + column * (at.width + 0.6), at.y + row * (at.height + _LEAD) + _LEAD
        picture(sheet, at._replace(x=x, y=y), pixels, limits)
        aside = 1.3 if name in _LETTERS else 0  # there a kernel stands beside it
        sheet.text(x + at.width / 2 - aside, y - 1.0, name, small=True)
    rows = len(panels) // columns
    width, height = columns * (at.width + 0.6) - 0.6, rows * (at.height + _LEAD)
    return Box(at.x, at.y, width, height)


def _result(sheet: Stage, block: Box, words: str) -> None:
    sheet.text(block.x, block.bottom + 1.1, words, small=True, bold=True, ha="left")


def _kernel(sheet: Stage, x: float, y: float, turns: int) -> None:
    """The kernel after so many turns, small: light for 1, dark for −1, as they make the pixels."""
    sheet.cells(Box(x - 0.75, y, 1.5, 1.5), kernel_greys(rotate(VERTICAL_EDGE, turns)))
