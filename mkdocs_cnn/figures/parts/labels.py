"""Names beside points, placed so that none covers another or a point."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

from mkdocs_cnn.figures.parts.stage import Box, Point
from mkdocs_cnn.figures.style import Look

_DISTANCES = (0.25, 0.5, 0.8)  # ems from a mark to its name
_CLEARER = 0.2  # ems by which a name is nearer to its own point than to any other


def text_width(words: str, look: Look, *, bold: bool = False) -> float:
    """How wide small type sets these words, in ems of ordinary type."""
    type_ = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal")
    path = TextPath((0, 0), words, size=look.small / look.sheet.type_size, prop=type_)
    return float(path.get_extents().width)


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return across > 0 and down > 0


def distance(box: Box, point: Point) -> float:
    """How far a point is from a box; 0 inside."""
    across = max(box.x - point[0], 0.0, point[0] - box.right)
    down = max(box.y - point[1], 0.0, point[1] - box.bottom)
    return math.hypot(across, down)


def place_labels(
    points: Sequence[Point],
    sizes: Sequence[tuple[float, float]],
    within: Box,
    *,
    radius: float,
    blocked: Sequence[Box] = (),
) -> list[Box]:
    """A box for each point's name, near to it and clearly nearer than to any other point.

    The same points give the same boxes. To the right is best, then to the left, above and below;
    farther away is worse.

    Args:
        points: In ems.
        sizes: Width and height of each name, in ems.
        within: What no name leaves.
        radius: Of a point's mark.
        blocked: What no name covers besides names and marks.

    Raises:
        ValueError: If the names do not all find room.
    """
    marks = [Box(x - radius, y - radius, 2 * radius, 2 * radius) for x, y in points]
    choices = []
    for at, (point, size) in enumerate(zip(points, sizes, strict=True)):
        others = [other for n, other in enumerate(points) if n != at]
        places = _places(point, size, radius)
        fitting = [p for p in places if _inside(p, within) and _is_of(p, point, others)]
        choices.append([p for p in fitting if not _covers(p, [*marks, *blocked])])
    # Who has the fewest places chooses first; where that leads nowhere, the last choice is undone.
    order = sorted(range(len(points)), key=lambda at: len(choices[at]))
    boxes = _chosen([choices[at] for at in order], [])
    if boxes is None:
        raise ValueError(f"there is no room for the names of all {len(points)} points")
    return [place for _, place in sorted(zip(order, boxes, strict=True))]


def _chosen(choices: Sequence[Sequence[Box]], boxes: list[Box]) -> list[Box] | None:
    """One box from each list so that none covers another; None if that cannot be."""
    if len(boxes) == len(choices):
        return boxes
    free = (box for box in choices[len(boxes)] if not _covers(box, boxes))
    attempts = (_chosen(choices, [*boxes, box]) for box in free)
    return next((attempt for attempt in attempts if attempt is not None), None)


def _places(point: Point, size: tuple[float, float], radius: float) -> Iterator[Box]:
    """Where a name may stand, the best places first."""
    (x, y), (width, height) = point, size
    for away in (radius + gap for gap in _DISTANCES):
        level, left, right = y - height / 2, x - away - width, x + away
        above, below = y + away, y - away - height
        for corner in (
            *((right, level), (left, level)),
            *((x - width / 2, above), (x - width / 2, below)),
            *((x - radius, above), (x + radius - width, above)),
            *((x - radius, below), (x + radius - width, below)),
        ):
            yield Box(*corner, width, height)


def _is_of(box: Box, point: Point, others: Sequence[Point]) -> bool:
    own = distance(box, point) + _CLEARER
    return all(distance(box, other) >= own for other in others)


def _inside(box: Box, within: Box) -> bool:
    across = within.x <= box.x and box.right <= within.right
    return across and within.y <= box.y and box.bottom <= within.bottom


def _covers(box: Box, others: Sequence[Box]) -> bool:
    return any(overlap(box, other) for other in others)
