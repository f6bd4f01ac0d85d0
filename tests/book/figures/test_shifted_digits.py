from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import sem

from mkdocs_cnn.book.experiments.shifted_digits.run import Settings
from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.figures.declaration import find_figure

NAME, NETWORKS = "shifted-digits", Settings().networks


@pytest.fixture(scope="module")
def wrong() -> Any:
    """The share of wrong answers: seed, network, shift."""
    runs = outcome(NAME).runs
    return np.array([run.wrong for run in runs]) / np.array([run.tested for run in runs])[0]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_each_curve_is_a_mean_over_seeds_with_two_standard_errors(
    drawn: Any, wrong: Any, medium: str
) -> None:
    containers = [one for axes in drawn(NAME, medium).axes for one in axes.containers]
    for which, (line, _, (bars,)) in enumerate(containers):
        assert line.get_xdata() == pytest.approx(range(7))
        assert line.get_ydata() == pytest.approx(wrong[:, which].mean(axis=0))
        halves = np.diff([ends[:, 1] for ends in bars.get_segments()])[:, 0] / 2
        assert halves == pytest.approx(2 * sem(wrong[:, which]))
    assert len(containers) == len(NETWORKS)


def test_networks_with_a_dense_head_are_apart_from_those_that_are_pooled(drawn: Any) -> None:
    first, second = drawn(NAME).axes
    named = [[one.get_label() for one in axes.containers] for axes in (first, second)]
    assert named == [["dense", "max pooling", "max + blur"], ["max pooling", "max + blur"]]
    assert [axes.get_title(loc="left") for axes in (first, second)] == [
        "a dense head",
        "global average pooling",
    ]
    assert [name.startswith("pooled") for name in NETWORKS] == [False] * 3 + [True] * 2
    assert [name.endswith("blur") for name in NETWORKS] == [False, False, True, False, True]


def test_panels_share_their_scale_and_no_curve_leaves_it(drawn: Any, wrong: Any) -> None:
    for axes in drawn(NAME).axes:
        assert axes.get_ylim() == (0, 1)
    assert (wrong.mean(axis=0) + 2 * sem(wrong) < 1).all()


def test_curves_of_a_panel_differ_without_their_colour(drawn: Any) -> None:
    for axes in drawn(NAME).axes:
        lines = [container.lines[0] for container in axes.containers]
        assert len({line.get_marker() for line in lines}) == len(lines)
        assert len({str(line._unscaled_dash_pattern) for line in lines}) == len(lines)


def test_the_caption_speaks_of_one_pixel_and_of_a_whole_stride(wrong: Any) -> None:
    numbers = [float(number) for number in find_figure(NAME).words("caption").numbers]
    mean = wrong.mean(axis=0)
    stride = 2 * 2  # two halvings
    assert numbers == pytest.approx([1, *mean[:, 1], stride, *mean[3:, stride], len(wrong)])


def test_the_alt_text_has_every_point(wrong: Any) -> None:
    alt = find_figure(NAME).words("alt")
    assert [float(number) for number in alt.numbers] == pytest.approx(
        [0, 6, *wrong.mean(axis=0).ravel()]
    )
    assert "with max pooling" in alt.text
