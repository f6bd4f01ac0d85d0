from __future__ import annotations

from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex

from mkdocs_cnn.book.figures.cheaper_convolutions import _separable
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.style import THEMES

STACKED, SEPARABLE = "stacked-kernels", "depthwise-separable-cost"

# -- small kernels, stacked


def rings(fig: Any) -> list[list[int]]:
    """How many cells of each tint the two nests of windows have, from the inside."""
    nests = [c for c in fig.axes[0].collections if isinstance(c, PolyCollection)]
    return [
        sorted(Counter(to_hex(face) for face in nest.get_facecolors()).values()) for nest in nests
    ]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("medium", ["page", "slide"])
def test_windows_lie_in_each_other(drawn: Any, medium: str, theme: str) -> None:
    assert rings(drawn(STACKED, medium, theme)) == [
        [1, 3**2 - 1, 5**2 - 3**2],
        [1, 3**2 - 1, 5**2 - 3**2, 7**2 - 5**2],
    ]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_cells_have_one_size_in_both_nests(drawn: Any, medium: str) -> None:
    nests = [c for c in drawn(STACKED, medium).axes[0].collections if isinstance(c, PolyCollection)]
    sizes = {tuple(path.get_extents().size.round(6)) for nest in nests for path in nest.get_paths()}
    assert len(sizes) == 1
    ((width, height),) = sizes
    assert width == height


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_bars_are_as_long_as_the_costs(drawn: Any, medium: str) -> None:
    bars = drawn(STACKED, medium).axes[0].patches
    scale = bars[0].get_width() / 18
    assert [bar.get_width() / scale for bar in bars] == pytest.approx([18, 25, 27, 49])
    assert [to_hex(bar.get_facecolor()) for bar in bars] == [
        THEMES["light"].shared,
        THEMES["light"].muted,
    ] * 2


def test_the_bars_are_named_and_numbered(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(STACKED))]
    assert [words for words in said if "C²" in words] == ["18 C²", "25 C²", "27 C²", "49 C²"]
    names = [words for words in said if words.startswith(("two", "three", "one "))]
    assert names == ["one output sees", "two 3 × 3", "one 5 × 5", "three 3 × 3", "one 7 × 7"]


def test_the_windows_bear_their_sizes(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(STACKED))]
    digits = [words for words in said if words.isdigit()]
    assert digits == ["5", "5", "3", "3", "7", "7", "5", "5", "3", "3"]


def test_the_words_of_the_stacks() -> None:
    figure = find_figure(STACKED)
    assert figure.words("caption").numbers == (3, 3, 5, 5, 7, 7, 18, 25, 27, 49)
    assert figure.words("alt").numbers == (
        *(3, 3, 5, 5, 3, 3, 18, 5, 5, 25),
        *(7, 7, 27, 3, 3, 49, 7, 7),
    )


def test_the_costs_open_to_a_working_with_channels() -> None:
    caption = find_figure(STACKED).words("caption")
    assert caption.numbers[-1].formula == "N_w / C^2"
    assert caption.numbers[-1].worked == "200,704 / 64^2 = 49"


# -- depthwise separable


def curves(fig: Any) -> list[Any]:
    """The three curves; behind each comes its limit."""
    return [line.get_xydata() for line in fig.axes[0].lines[:6:2]]


def test_the_curves_are_one_in_channels_plus_one_in_the_window(drawn: Any) -> None:
    for kernel_size, curve in zip((3, 5, 7), curves(drawn(SEPARABLE)), strict=True):
        assert (curve[0, 0], curve[-1, 0]) == (8, 1024)
        for channels, cost in curve:
            assert cost == pytest.approx(1 / channels + 1 / kernel_size**2)


def test_each_limit_is_drawn_and_named(drawn: Any, texts: Any) -> None:
    fig = drawn(SEPARABLE)
    limits = [set(line.get_ydata()) for line in fig.axes[0].lines[1:6:2]]
    assert limits == [{1 / 9}, {1 / 25}, {1 / 49}]
    said = [text.get_text() for text, _ in texts(fig)]
    assert {"3 × 3: 1/9", "5 × 5: 1/25", "7 × 7: 1/49"} < set(said)


def test_curves_differ_in_stroke(drawn: Any) -> None:
    lines = drawn(SEPARABLE).axes[0].lines[:6:2]
    assert len({str(line._unscaled_dash_pattern) for line in lines}) == 3


# Howard et al. (2017), table 1: output channels of the depthwise separable layers.
TABLE_1 = [64, 128, 128, 256, 256, 512, *[512] * 5, 1024, 1024]


def test_the_blocks_are_those_of_the_papers_table() -> None:
    blocks = _separable()["blocks"]
    assert [block.channels for block in blocks] == TABLE_1
    for block in blocks:
        assert block.cost.value == Fraction(1, block.channels) + Fraction(1, 9)


def test_each_width_of_block_is_a_point_on_the_first_curve(drawn: Any, texts: Any) -> None:
    fig = drawn(SEPARABLE)
    points = fig.axes[0].lines[6].get_xydata()
    assert points[:, 0].tolist() == sorted(set(TABLE_1))
    assert points[:, 1] == pytest.approx([1 / n + 1 / 9 for n in sorted(set(TABLE_1))])
    said = [text.get_text() for text, _ in texts(fig)]
    assert [words for words in said if words in {"7.89", "8.41", "8.69", "8.84", "8.92"}] == [
        *("7.89", "8.41", "8.69", "8.84", "8.92")
    ]


def test_the_words_of_the_separable() -> None:
    figure = find_figure(SEPARABLE)
    caption = figure.words("caption")
    assert [float(number) for number in caption.numbers] == pytest.approx(
        [13, 576 / 73, 9216 / 1033, 3, 3]
    )
    alt = [number.value for number in figure.words("alt").numbers]
    assert alt[:2] == [8, 1024]
    assert alt[2:17] == [
        value
        for k in (3, 5, 7)
        for value in (
            *(k, k),
            *(Fraction(1, n) + Fraction(1, k * k) for n in (8, 1024)),
            Fraction(1, k * k),
        )
    ]
    assert alt[17:] == [Fraction(576, 73), 64, Fraction(9216, 1033), 1024]
