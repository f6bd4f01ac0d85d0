from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_hex

from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.style import THEMES


def colours(fig: Any, theme: str) -> list[list[str]]:
    """The colours of each matrix's filled cells."""
    empty = THEMES[theme].faint
    matrices = [c for c in fig.axes[0].collections if isinstance(c, PolyCollection)]
    return [
        [to_hex(face) for face in matrix.get_facecolors() if to_hex(face) != empty]
        for matrix in matrices
    ]


# -- the 2 x 2


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("medium", ["page", "slide"])
def test_a_matrix_has_as_many_colours_as_weights(drawn: Any, medium: str, theme: str) -> None:
    filled = colours(drawn("weight-matrices", medium, theme), theme)
    assert [len(cells) for cells in filled] == [36, 36, 18, 18]
    assert [len(set(cells)) for cells in filled] == [36, 6, 18, 3]


def test_other_sizes_count_too(drawn: Any) -> None:
    filled = colours(drawn("weight-matrices", units=8, kernel_size=5), "light")
    assert [len(set(cells)) for cells in filled] == [64, 8, 40, 5]


def test_the_panels_say_their_counts(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn("weight-matrices"))]
    counts = [words for words in said if re.fullmatch(r"\d+ weights", words)]
    assert counts == ["36 weights", "6 weights", "18 weights", "3 weights"]


def test_the_numbers_in_the_cells_name_the_weights(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn("weight-matrices"))]
    cells = [int(words) for words in said if words.isdigit()]
    assert cells[:36] == list(range(1, 37))
    assert sorted(cells[36:72]) == sorted(list(range(1, 7)) * 6)
    assert cells[72:90] == list(range(1, 19))
    assert cells[90:] == [2, 3, 1, 1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3, 3, 1, 2]


def test_where_there_is_no_room_the_cells_have_no_numbers(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn("weight-matrices", units=16))]
    assert not any(words.isdigit() for words in said)


def test_the_ring_must_hold_the_kernel(drawn: Any) -> None:
    with pytest.raises(ValueError, match="kernel_size 7 exceeds the ring of 6 units"):
        drawn("weight-matrices", kernel_size=7)


def test_the_words_of_the_four_cells() -> None:
    figure = find_figure("weight-matrices")
    assert figure.words("caption").numbers == (6, 6, 36, 18, 6, 3)
    assert figure.words("alt").numbers == (6, 6, 36, 6, 18, 3)


# -- the bars


@pytest.mark.parametrize(
    ("parameters", "counts", "factors"),
    [
        ({}, [14_450_688, 352_800, 450], ["÷ 40.96", "÷ 784"]),
        (
            {"in_channels": 1, "out_channels": 1, "kernel_size": 3, "size": 10},
            [6_400, 576, 9],
            ["÷ 11.11", "÷ 64"],
        ),
    ],
)
def test_the_bars_are_as_long_as_the_counts(
    drawn: Any, texts: Any, parameters: dict[str, int], counts: list[int], factors: list[str]
) -> None:
    fig = drawn("from-dense-to-shared", **parameters)
    assert [bar.get_width() for bar in fig.axes[0].patches[:3]] == counts
    said = [text.get_text() for text, _ in texts(fig)]
    assert [words for words in said if "÷" in words] == factors
    assert [words for words in said if words in {f"{count:,}" for count in counts}] == [
        f"{count:,}" for count in counts
    ]


def test_the_words_of_the_bars_are_those_of_the_audit() -> None:
    figure = find_figure("from-dense-to-shared")
    caption = figure.words("caption")
    assert caption.numbers[:2] == (14_450_688, 450)
    assert [float(number) for number in caption.numbers[-2:]] == [40.96, 784]
    text = figure.words("alt").text
    for said in ("32 × 32 × 3", "28 × 28 × 6", "14,450,688", "352,800", "40.96", "450", "784"):
        assert said in text


# -- the growth


def test_the_lines_end_at_the_numbers_of_the_audit(drawn: Any, texts: Any) -> None:
    fig = drawn("weights-by-image-size")
    ends = [line.get_xydata()[-1].tolist() for line in fig.axes[0].lines[::2]]
    assert ends == [[1000, 5_952_096_000_000], [1000, 148_802_400], [1000, 150]]
    said = " ".join(text.get_text() for text, _ in texts(fig))
    for label in ("dense\n5.95 trillion", "locally connected\n149 million", "convolution\n150"):
        assert label in said


def test_dense_grows_with_the_fourth_power_and_shared_not_at_all(drawn: Any) -> None:
    dense, unshared, shared = (
        np.log10(line.get_xydata()[-2:])
        for line in drawn("weights-by-image-size").axes[0].lines[::2]
    )
    slopes = [np.diff(ends[:, 1])[0] / np.diff(ends[:, 0])[0] for ends in (dense, unshared, shared)]
    assert slopes == pytest.approx([4, 2, 0], abs=0.05)


def test_the_largest_size_must_be_larger_than_the_smallest(drawn: Any) -> None:
    with pytest.raises(ValueError, match="largest 8 must exceed the smallest size 8"):
        drawn("weights-by-image-size", largest=8)


def test_the_words_of_the_growth() -> None:
    figure = find_figure("weights-by-image-size")
    text = figure.words("alt").text
    assert "from 8 to 1,000 pixels" in text
    assert "dense rises steeply from 6,144 to 5,952,096,000,000" in text
    assert "less steeply from 2,400 to 148,802,400" in text
    assert "level at 150" in text
