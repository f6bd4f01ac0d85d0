from __future__ import annotations

from typing import Any

import pytest

from mkdocs_cnn.figures.declaration import find_figure

NAME = "receptive-fields-of-networks"


def seen(*windows: tuple[int, int]) -> int:
    """How far windows, each of a size and a stride, see (Araujo, Norris and Sim 2019)."""
    size, stride = 1, 1
    for kernel_size, step in windows:
        size, stride = size + (kernel_size - 1) * stride, stride * step
    return size


def halved(count: int, kernel_size: int, *, by: tuple[int, int] = (2, 2)) -> Any:
    """So many windows of stride 1, behind one that halves."""
    return [by, *[(kernel_size, 1)] * count]


def threes(count: int) -> Any:
    """The same with windows of 3, the halving one too."""
    return halved(count, 3, by=(3, 2))


# From the tables of the papers, layer by layer.
BY_HAND = {
    "DenseNet-121": seen(
        (7, 2), *halved(6, 3, by=(3, 2)), *halved(12, 3), *halved(24, 3), *halved(16, 3)
    ),
    "ConvNeXt-T": seen(*halved(3, 7, by=(4, 4)), *halved(3, 7), *halved(9, 7), *halved(3, 7)),
    "ResNet-101": seen((7, 2), *threes(3), *threes(3), *threes(22), *threes(2)),
    "EfficientNet-B0": seen(
        *threes(1),
        *threes(1),
        *halved(1, 5, by=(5, 2)),
        *threes(2),
        *[(5, 1)] * 3,
        *halved(3, 5, by=(5, 2)),
        (3, 1),
    ),
    "GoogLeNet": seen(
        (7, 2),
        *threes(1),
        *halved(2, 5, by=(3, 2)),
        *halved(5, 5, by=(3, 2)),
        *halved(2, 5, by=(3, 2)),
    ),
    "MobileNetV2": seen(*threes(1), *threes(1), *threes(2), *threes(6), *threes(3)),
    "ResNet-18": seen((7, 2), *threes(4), *threes(3), *threes(3), *threes(3)),
    "ResNet-50": seen((7, 2), *threes(3), *threes(3), *threes(5), *threes(2)),
    "MobileNetV1": 315,  # these three are in the paper's table
    "VGG-16": 212,
    "AlexNet": 195,
    "LeNet-5": seen((5, 1), (2, 2), (5, 1), (2, 2)),
}


def bars(fig: Any) -> dict[str, tuple[float, float]]:
    """The plain and the hatched part of each bar, by the network's name."""
    names = [label.get_text() for label in fig.axes[0].get_yticklabels()]
    parts: dict[str, list[float]] = {name: [0, 0] for name in names}
    for bar in fig.axes[0].patches:
        name = names[round(bar.get_y() + bar.get_height() / 2)]
        hatched = bool(bar.get_hatch())
        assert bar.get_x() == (parts[name][0] if hatched else 0)
        parts[name][hatched] += bar.get_width()
    return {name: (plain, hatched) for name, (plain, hatched) in parts.items()}


def test_bars_are_as_long_as_the_fields_the_longest_first(drawn: Any) -> None:
    drawn_bars = bars(drawn(NAME))
    assert {name: sum(parts) for name, parts in drawn_bars.items()} == BY_HAND
    lengths = [sum(parts) for parts in drawn_bars.values()]
    assert lengths == sorted(lengths, reverse=True)


def test_what_exceeds_the_input_is_hatched(drawn: Any) -> None:
    for name, (plain, hatched) in bars(drawn(NAME)).items():
        side = 28 if name == "LeNet-5" else 224
        assert (plain, hatched) == (min(BY_HAND[name], side), max(BY_HAND[name] - side, 0))


def test_the_line_stands_at_each_networks_input(drawn: Any) -> None:
    fig = drawn(NAME)
    names = [label.get_text() for label in fig.axes[0].get_yticklabels()]
    marks = {}
    for mark in fig.axes[0].collections:
        (segment,) = mark.get_segments()
        assert segment[0, 0] == segment[1, 0]
        marks[names[round(segment[:, 1].mean())]] = segment[0, 0]
    assert marks == {name: 28 if name == "LeNet-5" else 224 for name in BY_HAND}


def test_the_sizes_are_written_and_gates_marked(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(NAME))]
    for name, size in BY_HAND.items():
        mark = {"EfficientNet-B0": "*", "LeNet-5": " of its 28"}.get(name, "")
        assert f"{size:,}{mark}" in said
    assert "224 pixels, the usual input" in said


def test_the_words_of_the_networks() -> None:
    figure = find_figure(NAME)
    caption = figure.words("caption")
    assert caption.numbers == (9, 12, 224, 28)
    assert "at the bottom reads 28 pixels" in caption.text
    alt = figure.words("alt")
    assert alt.numbers == (12, *sorted(BY_HAND.values(), reverse=True), 224, 9)
    for name, size in BY_HAND.items():
        assert f"{name} {size:,}" in alt.text


@pytest.mark.parametrize(("name", "size"), [("ResNet-50", 427), ("DenseNet-121", 2071)])
def test_the_recurrence_by_hand(name: str, size: int) -> None:
    assert BY_HAND[name] == size
