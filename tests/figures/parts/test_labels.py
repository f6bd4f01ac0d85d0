from __future__ import annotations

import itertools
import math

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from mkdocs_cnn.figures.parts.labels import _chosen, distance, overlap, place_labels, text_width
from mkdocs_cnn.figures.parts.stage import Box, Point
from mkdocs_cnn.figures.style import MEDIA, THEMES, Look

SHEET = Box(0, 0, 20, 20)
RADIUS = 0.3


def placed(*points: Point, width: float = 3, blocked: tuple[Box, ...] = ()) -> list[Box]:
    sizes = [(width, 1.0)] * len(points)
    return place_labels(points, sizes, SHEET, radius=RADIUS, blocked=blocked)


def test_a_lone_name_stands_to_the_right_at_half_height() -> None:
    (box,) = placed((10, 10))
    assert box == pytest.approx((10 + RADIUS + 0.25, 9.5, 3, 1))


def test_at_the_right_edge_it_stands_to_the_left() -> None:
    (box,) = placed((19, 10))
    assert box == pytest.approx((19 - RADIUS - 0.25 - 3, 9.5, 3, 1))


def test_between_two_walls_it_stands_above() -> None:
    (box,) = placed((10, 10), blocked=(Box(11, 8, 1, 4), Box(8, 8, 1, 4)), width=1.5)
    assert box == pytest.approx((9.25, 10 + RADIUS + 0.25, 1.5, 1))


def test_a_crowd_keeps_clear_of_each_other_and_of_all_points() -> None:
    points = [(8.0 + x, 9.0 + y) for x, y in ((0, 0), (1, 1), (1.5, -1), (3, 0.4), (9, 9))]
    boxes = placed(*points)
    for one, other in itertools.combinations(boxes, 2):
        assert not overlap(one, other)
    for box, (at, point) in itertools.product(boxes, enumerate(points)):
        assert distance(box, point) >= RADIUS
        if boxes[at] is not box:
            own = points[boxes.index(box)]
            assert distance(box, own) + 0.2 <= distance(box, point)


def test_an_early_choice_is_undone_if_it_leaves_no_room_for_a_later_name() -> None:
    everywhere, aside = Box(0, 0, 9, 9), Box(20, 0, 1, 1)
    first, second = Box(0, 0, 1, 1), Box(5, 5, 1, 1)
    assert _chosen([[everywhere, aside], [first, second]], []) == [aside, first]
    assert _chosen([[everywhere], [first, second]], []) is None


def test_the_same_points_give_the_same_boxes() -> None:
    points = [(5.0, 5.0), (6.0, 5.5), (5.5, 6.0)]
    assert placed(*points) == placed(*points)


def test_a_point_without_room_is_an_error() -> None:
    with pytest.raises(ValueError, match="there is no room for the names of all 2 points"):
        placed((10, 10), (1, 1), blocked=(Box(8, 8, 4, 4),))


def test_overlap_is_more_than_touching() -> None:
    assert overlap(Box(0, 0, 2, 2), Box(1, 1, 2, 2))
    assert not overlap(Box(0, 0, 2, 2), Box(2, 0, 2, 2))
    assert not overlap(Box(0, 0, 2, 2), Box(0, 2, 2, 2))


@pytest.mark.parametrize(
    ("point", "far"),
    [((1, 1), 0), ((3, 1), 1), ((1, -2), 2), ((5, 6), 5), ((-1, -1), math.sqrt(2))],
)
def test_the_distance_of_a_point_from_a_box(point: Point, far: float) -> None:
    assert distance(Box(0, 0, 2, 2), point) == pytest.approx(far)


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("bold", [False, True])
def test_the_width_of_words_is_that_of_their_drawing(medium: str, bold: bool) -> None:
    look = Look(THEMES["light"], MEDIA[medium], wide=False)
    fig = Figure(dpi=600)
    weight = "bold" if bold else "normal"
    text = fig.text(0, 0, "EfficientNet-B0", size=look.small, weight=weight, family="DejaVu Sans")
    drawn = text.get_window_extent(FigureCanvasAgg(fig).get_renderer()).width
    ems = drawn / 600 * 72 / look.sheet.type_size
    assert text_width("EfficientNet-B0", look, bold=bold) == pytest.approx(ems, rel=0.03)
