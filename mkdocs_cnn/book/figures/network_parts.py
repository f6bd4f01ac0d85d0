"""The figure of the chapter on networks that shows one from the inside, part by part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.labels import text_width
from mkdocs_cnn.figures.parts.stage import Stage, stage
from mkdocs_cnn.layers import Placed
from mkdocs_cnn.layers.layer import Rows
from mkdocs_cnn.networks import PlacedNetwork, networks
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain, round_to_digits, significant
from mkdocs_cnn.quantities.sentences import fill

_MOST_PARTS = 19


class _Part(NamedTuple):
    """A part of a network: its name, what it is, and its share of the whole in per cent."""

    name: str
    kind: str
    parameters: Quantity
    macs: Quantity


def _part(name: str, rows: Placed | Rows, placed: PlacedNetwork, times: int = 1) -> _Part:
    counts = (rows.parameters, placed.parameters), (rows.macs, placed.macs)
    shares = (100 * (times * count) / whole for count, whole in counts)
    kinds = {row.kind for row in (rows if isinstance(rows, Rows) else rows.rows)}
    kind = next((kind for kind in ("Conv2d", "Linear") if kind in kinds), "")
    return _Part(name, kind, *(share.named("share in per cent", unit="") for share in shares))


def _parts(placed: PlacedNetwork) -> list[_Part]:
    """The parts that have parameters or work, along the network's depth; like neighbours as one.

    Raises:
        ValueError: If there are too many to be drawn.
    """
    parts = [
        _part(_shortened(name), part, placed, times)
        for name, part, times in placed.runs
        if part.parameters or part.macs
    ]
    if len(parts) > _MOST_PARTS:
        name = placed.layer.name
        raise ValueError(f"at most {_MOST_PARTS} parts can be drawn, not {len(parts)} ({name})")
    return parts


def _shortened(name: str) -> str:
    """A name that stands between two bars: "block8–12" for "block8 to block12, each"."""
    return re.sub(r"^(\D+)(\d+) to \1(\d+), each$", r"\1\2–\3", name)


def _sums(placed: PlacedNetwork) -> list[_Part]:
    """The shares of all convolutions, of all dense layers, and of what remains, if it is any."""
    rows = placed.rows
    kinds = {"convolutions": rows.only("Conv2d"), "dense layers": rows.only("Linear")}
    kinds["others"] = Rows(row for row in rows if row.kind not in ("Conv2d", "Linear"))
    return [
        _part(name, mine, placed) for name, mine in kinds.items() if mine.parameters or mine.macs
    ]


_WORK = (
    "{name} hold {parameters} per cent of the parameters and do {macs} per cent of the "
    "multiply-adds"
)
_SHARES = "{name} {parameters} per cent of the parameters, {macs} per cent of the MACs"


def _facts(*, network: str) -> Facts:
    """The network's parts, and the sums over each kind of layer."""
    placed = networks[network].on()
    parts, sums = _parts(placed), _sums(placed)
    return {
        "title": networks[network].title,
        "placed": placed,
        "parts": parts,
        "count": Quantity(len(parts), name="parts with parameters or work, counted"),
        "first": parts[0],
        "last": parts[-1],
        "heavy": max(parts, key=lambda part: part.parameters),
        "busy": max(parts, key=lambda part: part.macs),
        "sums": sums,
        "work": [fill(_WORK, part) for part in sums],
        "shares": [fill(_SHARES, part) for part in sums],
    }


@figure(
    "where-the-work-is",
    title="Where the weights are, and the work",
    facts=_facts,
    caption="""Where {title} has its {placed.parameters} parameters, to the left, and its
        {placed.macs} multiply-adds (MACs), to the right, along its depth from top to bottom. The
        {work:; the }.""",
    alt="""Bars back to back for the {count} parts of {title}, from {first.name} at the top to
        {last.name} at the bottom. To the left parameters: no bar is longer than {heavy.parameters}
        per cent, {heavy.name}. To the right MACs: no bar is longer than {busy.macs} per cent,
        {busy.name}. Below, sums: {shares:; }.""",
    aspect=1.12,
)
def where_the_work_is(fig: Figure, look: Look, facts: Facts, *, network: str = "vgg16") -> None:
    """Bars back to back, a row for each part, and the sums by kind below."""
    sheet, parts, sums = stage(fig, look), facts["parts"], facts["sums"]
    spine = _spine(sheet, parts, [part.name for part in (*parts, *sums)])
    _head(sheet, spine, facts["placed"])
    top, foot = 1.7 if look.wide else 3.6, 1.35 * len(sums) + (0.15 if look.wide else 0.9)
    height = (sheet.height - top - foot) / len(parts)
    bases = [[(x, top), (x, sheet.height - foot)] for x in (spine.left, spine.right)]
    sheet.lines(bases, look.palette.muted, width=0.6)
    for row, part in enumerate(parts):
        _row(sheet, top + (row + 0.5) * height, 0.62 * height, part, spine)
    for row, part in enumerate(sums):
        _sum(sheet, sheet.height - foot + 1.35 * row + 1.15, part, spine)


class _Spine(NamedTuple):
    """Where the bars to either side of the names begin, and how many ems stand for a per cent."""

    left: float
    right: float
    scale: float

    @property
    def middle(self) -> float:
        """The middle of the names."""
        return (self.left + self.right) / 2


_LABEL = 3.5  # ems beside the longest bar, for its share
_LEAST = 4.0, 8.0  # ems for the bars of a side and its heading, on a narrow and on a wide sheet


def _spine(sheet: Stage, parts: Sequence[_Part], names: Sequence[str]) -> _Spine:
    """Place the names so that the longest bars of both sides fill the sheet."""
    wide = max(text_width(name, sheet.look, bold=True) for name in names) + 1.2
    to_left = max(float(part.parameters) for part in parts)
    to_right = max(float(part.macs) for part in parts)
    room = sheet.width - wide - 2 * _LABEL
    least = _LEAST[sheet.look.wide]
    length = min(max(room * to_left / (to_left + to_right), least), room - least)
    scale = min(length / to_left, (room - length) / to_right)
    return _Spine(_LABEL + length, _LABEL + length + wide, scale)


def _head(sheet: Stage, spine: _Spine, placed: PlacedNetwork) -> None:
    """What the bars to either side are shares of; on a wide sheet, where rows are low, in short."""
    for name, count, x, ha in (
        ("parameters", placed.parameters, spine.left, "right"),
        ("MACs", placed.macs, spine.right, "left"),
    ):
        if sheet.look.wide:
            sheet.heading(x, 1.2, f"{round_to_digits(count.value)} {name}", ha=ha)
        else:
            sheet.heading(x, 1.5, name, ha=ha)
            sheet.text(x, 2.6, f"of {round_to_digits(count.value)}", small=True, ha=ha)


def _row(sheet: Stage, y: float, high: float, part: _Part, spine: _Spine) -> None:
    """One part's name, and a bar to either side with its share, if that is 1 per cent or more."""
    # A slide's rows are too low for underscores that hang down from a common line.
    drop, va = (0.0, "center") if sheet.look.wide else (0.3, "baseline")
    sheet.text(spine.middle, y + drop, part.name, small=True, va=va)
    to_left, to_right = (part.parameters, spine.left, -1), (part.macs, spine.right, 1)
    for share, start, side in (to_left, to_right):
        length, colour = side * spine.scale * float(share), _colour(sheet, part)
        bar = Rectangle((start, y - high / 2), length, high, color=colour, lw=0)
        sheet.axes.add_patch(bar)
        if share >= 1:
            end, ha = start + length + side * 0.4, "right" if side < 0 else "left"
            sheet.text(end, y + 0.3, _percent(share, 0), small=True, ha=ha, va="baseline")


def _sum(sheet: Stage, y: float, part: _Part, spine: _Spine) -> None:
    """The sum over a kind: its name, and its two shares, in its colour."""
    how: dict[str, Any] = {"bold": True, "colour": _colour(sheet, part), "va": "baseline"}
    sheet.text(spine.middle, y, part.name, small=True, **how)
    for share, x, ha in ((part.parameters, spine.left, "right"), (part.macs, spine.right, "left")):
        sheet.text(x, y, _percent(share, 1), ha=ha, **how)


def _colour(sheet: Stage, part: _Part) -> str:
    palette = sheet.look.palette
    return {"Conv2d": palette.shared, "Linear": palette.dense}.get(part.kind, palette.muted)


def _percent(share: Quantity, decimals: int) -> str:
    """With so many decimals; what is below one per cent with one digit more."""
    digits = len(str(int(share.value))) + decimals
    return f"{plain(significant(share.value, digits))}%"
