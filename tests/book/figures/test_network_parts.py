from __future__ import annotations

from typing import Any

import pytest
from matplotlib.colors import to_hex

from mkdocs_cnn.book.figures import network_parts as module
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.style import THEMES
from mkdocs_cnn.registry import UnknownNameError

NAME = "where-the-work-is"

# VGG-16 from table 1 of the paper: channels in and out and the side of the map, then dense layers.
CONVOLUTIONS = [
    (3, 64, 224),
    (64, 64, 224),
    (64, 128, 112),
    (128, 128, 112),
    (128, 256, 56),
    (256, 256, 56),
    (256, 256, 56),
    (256, 512, 28),
    (512, 512, 28),
    (512, 512, 28),
    *[(512, 512, 14)] * 3,
]
DENSE = [(7 * 7 * 512, 4096), (4096, 4096), (4096, 1000)]
PARAMETERS = [9 * i * o + o for i, o, _ in CONVOLUTIONS] + [i * o + o for i, o in DENSE]
MACS = [9 * i * o * side**2 for i, o, side in CONVOLUTIONS] + [i * o for i, o in DENSE]


def shares(counts: list[int]) -> list[float]:
    """In per cent."""
    return [100 * count / sum(counts) for count in counts]


def bars(fig: Any) -> tuple[list[Any], list[Any]]:
    """Those to the left and those to the right, from top to bottom."""
    patches = list(fig.axes[0].patches)
    return patches[::2], patches[1::2]


def test_the_oracle_adds_up_to_the_published_counts() -> None:
    assert sum(PARAMETERS) == 138_357_544
    assert sum(MACS) == 15_470_264_320


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_bars_are_as_long_as_the_shares_on_one_scale(drawn: Any, medium: str) -> None:
    left, right = bars(drawn(NAME, medium))
    scale = abs(left[13].get_width()) / shares(PARAMETERS)[13]
    assert [-bar.get_width() / scale for bar in left] == pytest.approx(shares(PARAMETERS))
    assert [bar.get_width() / scale for bar in right] == pytest.approx(shares(MACS))


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_bars_start_from_one_line_on_either_side_of_the_names(
    drawn: Any, texts: Any, medium: str
) -> None:
    fig = drawn(NAME, medium)
    left, right = bars(fig)
    ((start,), (end,)) = ({bar.get_x() for bar in side} for side in (left, right))
    to_data = fig.axes[0].transData.inverted().transform
    for text, box in texts(fig):
        if text.get_text().startswith(("conv", "fc", "dense")):
            assert start < to_data((box.x0, box.y0))[0] < to_data((box.x1, box.y0))[0] < end


def test_rows_go_down_the_network_and_bear_their_names(drawn: Any, texts: Any) -> None:
    fig = drawn(NAME)
    names = [t.get_text() for t, _ in texts(fig) if t.get_text().startswith(("conv", "fc"))]
    assert names[:3] == ["conv1_1", "conv1_2", "conv2_1"]
    assert names[12:16] == ["conv5_3", "fc6", "fc7", "fc8"]
    left, right = bars(fig)
    heights = [bar.get_y() for bar in left]
    assert heights == sorted(heights)
    assert heights == [bar.get_y() for bar in right]


def test_dense_layers_and_convolutions_differ_in_colour(drawn: Any) -> None:
    left, right = bars(drawn(NAME))
    light = THEMES["light"]
    for side in (left, right):
        colours = [to_hex(bar.get_facecolor()) for bar in side]
        assert colours == [light.shared] * 13 + [light.dense] * 3


def test_shares_of_one_per_cent_and_more_are_written_and_the_sums(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(NAME))]
    written = [words for words in said if words.endswith("%")]
    assert written == [
        *("12%", "6%", "12%", "6%", "12%", "12%", "6%"),
        *("2%", "12%", "2%", "12%", *["2%", "3%"] * 3, "74%", "12%", "3%"),
        *("10.6%", "99.2%", "89.4%", "0.8%"),
    ]
    assert {"of 138 million", "of 15.5 billion"} < set(said)
    said = [text.get_text() for text, _ in texts(drawn(NAME, "slide"))]
    assert {"138 million parameters", "15.5 billion MACs"} < set(said)


def test_parts_alike_that_follow_each_other_are_one_bar(drawn: Any, texts: Any) -> None:
    fig = drawn(NAME, network="mobilenet_v1")
    said = [text.get_text() for text, _ in texts(fig)]
    assert "block8–12" in said
    left, right = bars(fig)
    # Five blocks of 512 channels on 14 x 14; with scale and shift after each of the two layers.
    parameters = 5 * (9 * 512 + 512 * 512 + 4 * 512)
    macs = 5 * 196 * (9 * 512 + 512 * 512)
    row = max(range(len(right)), key=lambda at: right[at].get_width())
    assert -left[row].get_width() / right[row].get_width() == pytest.approx(
        (parameters / 4_231_976) / (macs / 568_740_352)
    )


def test_what_is_neither_convolution_nor_dense_is_summed_too(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(NAME, network="resnet50"))]
    assert "others" in said
    # 53,120 scales and shifts of batch normalisation, 2,049,000 parameters of the last layer.
    assert f"{100 * 53_120 / 25_557_032:.2f}%" in said
    assert "8%" in said
    assert "others" not in [text.get_text() for text, _ in texts(drawn(NAME))]


def test_a_network_of_too_many_parts_is_refused(
    drawn: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_PARTS", 15)
    with pytest.raises(ValueError, match=r"^at most 15 parts can be drawn, not 16 \(vgg16\)$"):
        find_figure(NAME).words("alt", {"network": "vgg16"})


def test_an_unknown_network_meets_its_neighbour(drawn: Any) -> None:
    with pytest.raises(UnknownNameError, match="no network named 'vgg116'; did you mean 'vgg1"):
        drawn(NAME, network="vgg116")


def test_the_words_of_the_parts() -> None:
    figure = find_figure(NAME)
    dense, macs = sum(PARAMETERS[13:]), sum(MACS[13:])
    sums = [
        *(100 * (sum(PARAMETERS) - dense) / sum(PARAMETERS), 100 * (sum(MACS) - macs) / sum(MACS)),
        *(100 * dense / sum(PARAMETERS), 100 * macs / sum(MACS)),
    ]
    caption = [float(number) for number in figure.words("caption", figure.parameters).numbers]
    assert caption == pytest.approx([sum(PARAMETERS), sum(MACS), *sums])
    alt = figure.words("alt", figure.parameters)
    assert [float(number) for number in alt.numbers] == pytest.approx(
        [16, shares(PARAMETERS)[13], shares(MACS)[1], *sums]
    )
    assert "of VGG-16, from conv1_1 at the top to fc8 at the bottom" in alt.template
    assert "per cent, fc6." in alt.template
    assert "per cent, conv1_2." in alt.template


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("block8 to block12, each", "block8–12"),
        ("conv1_1", "conv1_1"),
        ("a to b, each", "a to b, each"),
    ],
)
def test_the_name_of_a_run_is_shortened(name: str, short: str) -> None:
    assert module._shortened(name) == short
