from __future__ import annotations

from statistics import median
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_hex

from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.figures.declaration import find_figure

KERNELS, MACS = "seconds-by-kernel-size", "seconds-by-macs"
RESULT = outcome("seconds-and-flops")
CELLS = [
    (*seeds[0][:4], median(seed[4] for seed in seeds))
    for seeds in zip(*(run.timings for run in RESULT.runs), strict=True)
]


def test_each_line_is_the_median_of_its_way(drawn: Any) -> None:
    axes = drawn(KERNELS).axes[0]
    names = [text.get_text() for text in axes.texts]
    assert names == ["sparse", "im2col", "shifts", "direct", "FFT"]
    for way, line in zip(names, axes.lines, strict=True):
        cells = [cell for cell in CELLS if cell[:2] == ("photograph", way)]
        wanted = [[k, nanoseconds / 1e6] for *_, k, _, nanoseconds in cells]
        assert line.get_xydata() == pytest.approx(np.array(wanted))


def test_ways_differ_in_line_or_mark(drawn: Any) -> None:
    assert len({line.get_marker() for line in drawn(KERNELS).axes[0].lines}) == 5


def test_every_cell_is_a_mark_at_its_multiply_adds(drawn: Any) -> None:
    axes = drawn(MACS).axes[0]
    marks = [
        tuple(xy) for line in axes.lines if line.get_marker() != "None" for xy in line.get_xydata()
    ]
    wanted = [(macs, nanoseconds / 1e9) for *_, macs, nanoseconds in CELLS]
    assert np.array(sorted(marks)) == pytest.approx(np.array(sorted(wanted)))
    low, high = axes.get_xlim()
    assert all(low < macs < high for macs, _ in wanted)
    low, high = axes.get_ylim()
    assert all(low < seconds < high for _, seconds in wanted)


def test_slanting_lines_are_constant_speeds_and_bear_them(drawn: Any) -> None:
    axes = drawn(MACS).axes[0]
    slanting = [line.get_xydata() for line in axes.lines if line.get_marker() == "None"][:5]
    rates = [seconds / macs * 1e9 for line in slanting for macs, seconds in line]
    assert rates == pytest.approx(np.repeat([0.01, 0.1, 1, 10, 100], 2))
    said = {text.get_text(): text.get_position() for text in axes.texts}
    for rate, word in ((100, "100 s"), (10, "10 s"), (1, "1 s")):
        x, y = said[word]
        assert x == pytest.approx(0.8 * y / rate * 1e9)  # close to the line, on its left
    for rate, word in ((0.1, "0.1 s"), (0.01, "0.01 s")):
        x, y = said[word]
        assert y / rate * 1e9 < x < 1.5 * y / rate * 1e9  # close to the line, on its right


def test_rings_are_the_layers_and_have_their_names(drawn: Any) -> None:
    axes = drawn(MACS).axes[0]
    rings = [line for line in axes.lines if line.get_marker() == "o" and line.get_linewidth() != 0]
    rings = [line for line in rings if to_hex(line.get_markerfacecolor()) == "#ffffff"]
    layers = [cell for cell in CELLS if cell[0] == "layer"]
    assert [tuple(ring.get_xydata()[0]) for ring in rings] == [
        pytest.approx((macs, nanoseconds / 1e9)) for *_, macs, nanoseconds in layers
    ]
    assert {name for _, name, *_ in layers} <= {text.get_text() for text in axes.texts}


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_texts_lie_on_the_sheet_and_not_on_each_other(drawn: Any, texts: Any, medium: str) -> None:
    fig = drawn(MACS, medium)
    every = texts(fig)
    for text, box in every:
        assert fig.bbox.count_contains([box.min, box.max]) == 2, text
        assert sum(box.overlaps(other) for _, other in every) == 1, text


def test_words_say_what_was_timed() -> None:
    caption = find_figure(KERNELS).words("caption")
    sizes = sorted({cell[2] for cell in CELLS if cell[0] == "photograph"})
    times = {(way, k): t for task, way, k, _, t in CELLS if task == "photograph"}
    for way, number in zip(
        ("direct", "sparse", "shifts", "im2col"), caption.numbers[1:], strict=False
    ):
        both = [k for k in sizes if (way, k) in times]
        behind = [k for k in both if times["FFT", k] >= times[way, k]]
        first = next((k for k in both if k > max(behind, default=0)), 0)
        assert number == pytest.approx(first, abs=4)  # the ratio's median is not the medians' ratio
    assert caption.numbers[0] == max(caption.numbers[1:5])
    said = find_figure(MACS).words("caption")
    three = [t for (_, k), t in times.items() if k == 3]
    assert said.numbers[0] == 795_636
    assert float(said.numbers[3]) == pytest.approx(max(three) / min(three), rel=0.01)
    alt = find_figure(MACS).words("alt")
    assert alt.numbers[:3] == (len(CELLS), min(c[3] for c in CELLS), max(c[3] for c in CELLS))
