from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.book.experiments.neighbouring_pixels.run import grey
from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.figures.declaration import find_figure

PAIRS, EIGHT = "correlation-by-distance", "explained-by-eight"
RUNS = outcome("neighbouring-pixels").runs


def lines(fig: Any) -> list[Any]:
    return [line.get_xydata() for line in fig.axes[0].lines]


def band(fig: Any) -> Any:
    vertices = fig.axes[0].collections[0].get_paths()[0].vertices
    return {
        x: (min(ys), max(ys))
        for x in set(vertices[:, 0])
        for ys in [[y for at, y in vertices if at == x]]
    }


def test_thin_lines_are_numpys_correlations_of_each_photograph(drawn: Any) -> None:
    thin = lines(drawn(PAIRS))[: len(RUNS)]
    for run, line in zip(RUNS, thin, strict=True):
        image = grey(run.photograph)
        assert line[:, 0].tolist() == list(range(61))
        for d in (1, 7, 60):
            across = np.corrcoef(image[:, d:].ravel(), image[:, :-d].ravel())[0, 1]
            down = np.corrcoef(image[d:].ravel(), image[:-d].ravel())[0, 1]
            assert line[d, 1] == pytest.approx((across + down) / 2, abs=2e-6)


def test_the_thick_line_is_their_mean_within_two_standard_errors(drawn: Any) -> None:
    fig = drawn(PAIRS)
    *thin, mean, series, shuffled = lines(fig)
    each = np.array([line[:, 1] for line in thin])
    assert mean[:, 1] == pytest.approx(each.mean(axis=0))
    half = 2 * each.std(axis=0, ddof=1) / len(each) ** 0.5
    for d in (1, 16, 60):
        low, high = band(fig)[d]
        assert (low, high) == pytest.approx((mean[d, 1] - half[d], mean[d, 1] + half[d]))
    assert series[:, 1] == pytest.approx((each[:, 1:2] ** np.arange(61)).mean(axis=0))
    assert shuffled[0, 1] == 1
    assert np.abs(shuffled[1:, 1]).max() < 0.005


def test_eight_pixels_explain_what_was_measured(drawn: Any) -> None:
    *thin, mean, shuffled = lines(drawn(EIGHT))
    distances = outcome("neighbouring-pixels").settings.groups
    for run, line in zip(RUNS, thin, strict=True):
        assert line.tolist() == [list(pair) for pair in zip(distances, run.explained, strict=True)]
    assert mean[:, 1] == pytest.approx(np.mean([run.explained for run in RUNS], axis=0))
    assert (shuffled[:, 1] < 0.005).all()


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize("name", [PAIRS, EIGHT])
def test_names_lie_on_the_sheet_and_on_no_thick_line(
    drawn: Any, texts: Any, name: str, medium: str
) -> None:
    fig = drawn(name, medium)
    axes = fig.axes[0]
    thick = [
        line for line in axes.lines if line.get_linewidth() > fig.axes[0].lines[0].get_linewidth()
    ]
    on = np.concatenate(
        [
            np.concatenate([np.linspace(a, b, 20) for a, b in pairwise(ends)])
            for line in thick
            for ends in [axes.transData.transform(line.get_xydata())]
        ]
    )
    named = [box for text, box in texts(fig) if text.get_weight() == "bold"]
    assert len(named) == len(thick)
    for box in named:
        assert box.count_contains(on) == 0
        assert fig.bbox.count_contains([box.min, box.max]) == 2


def test_words_say_what_is_drawn() -> None:
    caption = find_figure(PAIRS).words("caption")
    mean = np.mean([np.add(run.across, run.down) / 2 for run in RUNS], axis=0)
    assert [float(number) for number in caption.numbers] == pytest.approx(
        [7, mean[1], 60, np.mean([((r.across[1] + r.down[1]) / 2) ** 60 for r in RUNS]), mean[60]],
        rel=0.005,
    )
    alt = find_figure(PAIRS).words("alt").text
    assert f"{mean[8]:.3f} at 8" in alt
    assert "within 0.0235 of zero" in alt
    share = np.mean([run.explained for run in RUNS], axis=0)
    assert (
        f"The eight neighbours explain {share[0]:.3f}" in find_figure(EIGHT).words("caption").text
    )
    assert f"{share[-1]:.3f} at 60" in find_figure(EIGHT).words("alt").text
