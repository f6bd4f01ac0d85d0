from __future__ import annotations

import itertools
from typing import Any

import pytest
from matplotlib.colors import to_hex

from mkdocs_cnn.book.figures.networks import _KINDS
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.parts.labels import distance
from mkdocs_cnn.figures.parts.stage import Box
from mkdocs_cnn.figures.style import THEMES
from mkdocs_cnn.networks import networks

NAME = "parameters-against-macs"

# Parameters and billions of multiply-adds, as torchvision's documentation gives them for its
# weights (num_params, GFLOPS). Two it does not have: of GoogLeNet as published these are Caffe's
# parameters and the work by the paper's table, of MobileNetV1 TensorFlow's and the paper's.
NO_SHORTCUTS, SHORTCUTS, DEPTHWISE = "o", "s", "^"
PUBLISHED = {
    "AlexNet": (NO_SHORTCUTS, 61_100_840, 0.71),
    "VGG-11": (NO_SHORTCUTS, 132_863_336, 7.61),
    "VGG-16": (NO_SHORTCUTS, 138_357_544, 15.47),
    "VGG-19": (NO_SHORTCUTS, 143_667_240, 19.63),
    "GoogLeNet": (NO_SHORTCUTS, 6_998_552, 1.58),
    "SqueezeNet 1.0": (NO_SHORTCUTS, 1_248_424, 0.82),
    "SqueezeNet 1.1": (NO_SHORTCUTS, 1_235_496, 0.35),
    "ResNet-18": (SHORTCUTS, 11_689_512, 1.81),
    "ResNet-50": (SHORTCUTS, 25_557_032, 4.09),
    "ResNet-152": (SHORTCUTS, 60_192_808, 11.51),
    "DenseNet-121": (SHORTCUTS, 7_978_856, 2.83),
    "MobileNetV1": (DEPTHWISE, 4_231_976, 0.57),
    "MobileNetV2": (DEPTHWISE, 3_504_872, 0.30),
    "EfficientNet-B0": (DEPTHWISE, 5_288_548, 0.39),
    "ConvNeXt-T": (DEPTHWISE, 28_589_128, 4.46),
}


# Szegedy et al. (2014), table 1: input and output channels of the branches, side of the map.
INCEPTION = [
    (28, 192, 64, 96, 128, 16, 32, 32),
    (28, 256, 128, 128, 192, 32, 96, 64),
    (14, 480, 192, 96, 208, 16, 48, 64),
    (14, 512, 160, 112, 224, 24, 64, 64),
    (14, 512, 128, 128, 256, 24, 64, 64),
    (14, 512, 112, 144, 288, 32, 64, 64),
    (14, 528, 256, 160, 320, 32, 128, 128),
    (7, 832, 256, 160, 320, 32, 128, 128),
    (7, 832, 384, 192, 384, 48, 128, 128),
]


def test_the_work_of_googlenet_is_that_of_the_papers_table() -> None:
    macs = 112**2 * 49 * 3 * 64 + 56**2 * (64 * 64 + 9 * 64 * 192) + 1024 * 1000
    for side, below, ones, before3, threes, before5, fives, pooled in INCEPTION:
        squeezed = below * (ones + before3 + before5 + pooled)
        macs += side**2 * (squeezed + 9 * before3 * threes + 25 * before5 * fives)
    assert round(macs / 1e9, 2) == PUBLISHED["GoogLeNet"][2]


def points(fig: Any) -> list[tuple[str, float, float]]:
    """Every point of the chart: its mark, parameters, MACs."""
    marked = [line for line in fig.axes[0].lines if line.get_marker() in "os^"]
    own = [line for line in marked if line.get_transform() == fig.axes[0].transData]
    return [(line.get_marker(), x, y) for line in own for x, y in line.get_xydata()]


def named(fig: Any, texts: Any) -> dict[str, Box]:
    """The box of each network's name, in pixels."""
    said = {text.get_text(): box for text, box in texts(fig)}
    return {
        name: Box(box.x0, box.y0, box.width, box.height)
        for name, box in said.items()
        if name in PUBLISHED
    }


def test_each_network_is_a_point_where_the_published_counts_say(drawn: Any) -> None:
    rounded = [(mark, x, round(y / 1e9, 2)) for mark, x, y in points(drawn(NAME))]
    assert sorted(rounded) == sorted(PUBLISHED.values())


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_each_name_is_nearest_to_its_own_point(drawn: Any, texts: Any, medium: str) -> None:
    fig = drawn(NAME, medium)
    to_pixels = fig.axes[0].transData.transform
    where = {parameters: tuple(to_pixels((parameters, y))) for _, parameters, y in points(fig)}
    boxes = named(fig, texts)
    assert set(boxes) == set(PUBLISHED)
    for name, box in boxes.items():
        nearest = min(where, key=lambda parameters: distance(box, where[parameters]))
        assert nearest == PUBLISHED[name][1], name


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_no_text_covers_a_point(drawn: Any, texts: Any, medium: str) -> None:
    fig = drawn(NAME, medium)
    pixels = fig.dpi / 72
    to_pixels = fig.axes[0].transData.transform
    radius = next(line for line in fig.axes[0].lines if line.get_marker() == "o")
    for (_, x, y), (text, box) in itertools.product(points(fig), texts(fig)):
        far = distance(Box(box.x0, box.y0, box.width, box.height), tuple(to_pixels((x, y))))
        assert far >= radius.get_markersize() * pixels / 2, text


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_points_stand_clear_of_each_other(drawn: Any, medium: str) -> None:
    fig = drawn(NAME, medium)
    to_pixels = fig.axes[0].transData.transform
    size = next(line for line in fig.axes[0].lines if line.get_marker() == "o").get_markersize()
    for (_, *one), (_, *other) in itertools.combinations(points(fig), 2):
        apart = abs(to_pixels(one) - to_pixels(other)).max()
        assert apart > 0.75 * size * fig.dpi / 72


def test_thin_lines_join_equal_macs_per_parameter(drawn: Any, texts: Any) -> None:
    fig = drawn(NAME)
    ratios = set()
    for line in fig.axes[0].lines:
        if to_hex(line.get_color()) == THEMES["light"].faint:
            (first, second) = [y / x for x, y in line.get_xydata()]
            assert first == pytest.approx(second)
            ratios.add(round(first))
    assert ratios == {10, 100, 1000}
    said = {text.get_text() for text, _ in texts(fig)}
    assert {"10", "100", "1,000 MACs per parameter"} < said


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_names_of_the_lines_stand_where_they_end(drawn: Any, texts: Any, medium: str) -> None:
    fig = drawn(NAME, medium)
    axes, em = fig.axes[0], fig.dpi / 72 * texts(fig)[0][0].get_fontsize()
    boxes = {text.get_text(): box for text, box in texts(fig)}
    right, top = axes.get_xlim()[1], axes.get_ylim()[1]
    for ratio in (10, 100):
        _, y = axes.transData.transform((right, ratio * right))
        assert abs((boxes[str(ratio)].y0 + boxes[str(ratio)].y1) / 2 - y) < 0.4 * em
    x, _ = axes.transData.transform((top / 1000, top))
    assert abs(boxes["1,000 MACs per parameter"].x1 - x) < em


def test_the_smallest_network_is_told_of_outside(drawn: Any, texts: Any) -> None:
    fig = drawn(NAME)
    said = [text.get_text() for text, _ in texts(fig)]
    assert "↙ far off: LeNet-5\n61,706 parameters\n416,520 MACs" in said
    assert fig.axes[0].get_xlim()[0] > 61_706
    assert fig.axes[0].get_ylim()[0] > 416_520


def test_the_marks_are_explained(drawn: Any, texts: Any) -> None:
    fig = drawn(NAME)
    boxes = {text.get_text(): box for text, box in texts(fig)}
    marks = [line for line in fig.axes[0].lines if line.get_transform() == fig.axes[0].transAxes]
    explained = {}
    for mark in marks:
        ((x, y),) = fig.axes[0].transAxes.transform(mark.get_xydata())
        row = [
            name
            for name in ("no shortcuts", "shortcuts", "depthwise")
            if boxes[name].y0 < y < boxes[name].y1 and boxes[name].x0 > x
        ]
        explained[mark.get_marker()] = row
    assert explained == {"o": ["no shortcuts"], "s": ["shortcuts"], "^": ["depthwise"]}


@pytest.mark.parametrize("name", list(itertools.chain.from_iterable(_KINDS.values())))
def test_the_depthwise_are_those_with_a_depthwise_layer(name: str) -> None:
    convolutions = [row.placed.layer for row in networks[name].on().rows.only("Conv2d")]
    depthwise = any(layer.groups == layer.in_channels > 1 for layer in convolutions)
    assert depthwise == (name in _KINDS["depthwise"])


@pytest.mark.parametrize(
    ("name", "has"),
    [
        ("resnet50", True),
        ("mobilenet_v2", True),
        ("efficientnet_b0", True),
        ("convnext_tiny", True),
        ("mobilenet_v1", False),
        ("vgg16", False),
        ("squeezenet1_0", False),
        ("googlenet_as_published", False),
    ],
)
def test_who_has_shortcuts(name: str, has: bool) -> None:
    assert ("Residual(" in repr(networks[name].features)) == has


def test_the_words_of_the_chart() -> None:
    figure = find_figure(NAME)
    caption = figure.words("caption")
    assert caption.numbers[0] == 16
    assert [float(number) for number in caption.numbers[1:]] == pytest.approx(
        [714_188_480 / 61_100_840, 818_924_576 / 1_248_424]
    )
    alt = figure.words("alt").text
    assert alt.startswith("15 points")
    for words in (
        "SqueezeNet 1.1 at 1.235 and",
        "VGG-16 at 138.4 and 15,470",
        "AlexNet at 61.1 and 7",
    ):
        assert words in alt
    assert "LeNet-5, far below with 61,706 parameters and 416,520 MACs" in alt
    assert all(f"{name} " in alt for name in PUBLISHED)


def test_millions_open_to_the_count_that_they_shorten() -> None:
    numbers = find_figure(NAME).words("alt").numbers[1:-5]
    by_parameters = sorted(PUBLISHED.values(), key=lambda one: one[1])
    assert [(n.name, float(n), n.unit) for n in numbers[::2]] == [
        ("parameters in millions", parameters / 1e6, "") for _, parameters, _ in by_parameters
    ]
    assert [round(float(macs) / 1000, 2) for macs in numbers[1::2]] == [
        macs for *_, macs in by_parameters
    ]
    assert numbers[0].worked.startswith("1,235,496 / 1,000,000 =")
