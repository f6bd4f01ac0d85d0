from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import sem

from mkdocs_cnn.book.experiments.overfitting.run import OverfittingRun
from mkdocs_cnn.experiments.neural.families import FAMILIES
from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.figures.declaration import find_figure

NAME = "overfitting"
ASKED = {"test": 597, "train": 200}
LAST_TAPS = 22**2  # of the 24 · 24 taps of a padded 8 × 8 image, those that meet it

# Weights and biases by hand, from the number of hidden units or channels.
BY_HAND = {
    "dense": lambda w: 64 * w + w + 10 * w + 10,
    "local": lambda w: (LAST_TAPS + 64) * w + (LAST_TAPS * w + 64) * w + 160 * w + 10,
    "convolution": lambda w: 10 * w + (9 * w + 1) * w + 160 * w + 10,
}


def runs() -> tuple[OverfittingRun, ...]:
    return outcome(NAME).runs


def shares(part: str, family: str) -> Any:
    """The share of wrong answers: seed, width."""
    which = FAMILIES.index(family)
    return np.array([getattr(run, f"{part}_wrong")[which] for run in runs()]) / ASKED[part]


def curves(fig: Any) -> list[tuple[Any, str, str, Any]]:
    """Each curve with its panel, what it was asked, and its family."""
    return [
        (axes, part, family, container)
        for axes, part in zip(fig.axes, ("test", "train"), strict=True)
        for family, container in zip(FAMILIES, axes.containers, strict=True)
    ]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_each_curve_is_a_mean_over_seeds_with_two_standard_errors(drawn: Any, medium: str) -> None:
    for _, part, family, (line, _, (bars,)) in curves(drawn(NAME, medium)):
        values = shares(part, family)
        assert line.get_ydata() == pytest.approx(values.mean(axis=0))
        halves = np.diff([ends[:, 1] for ends in bars.get_segments()])[:, 0] / 2
        assert halves == pytest.approx(2 * sem(values))


def test_curves_stand_over_parameters_counted_by_hand(drawn: Any) -> None:
    widths = dict(zip(FAMILIES, outcome(NAME).settings.widths, strict=True))
    for _, _, family, (line, *_) in curves(drawn(NAME)):
        assert line.get_xdata().tolist() == [BY_HAND[family](width) for width in widths[family]]


def test_panels_say_which_digits_are_asked(drawn: Any) -> None:
    headings = [axes.get_title(loc="left") for axes in drawn(NAME).axes]
    assert headings == ["digits not seen before", "digits that were learned"]


def test_no_bar_leaves_its_panel(drawn: Any) -> None:
    for axes, part, family, _ in curves(drawn(NAME)):
        values = shares(part, family)
        bottom, top = axes.get_ylim()
        assert bottom < (values.mean(axis=0) - 2 * sem(values)).min()
        assert (values.mean(axis=0) + 2 * sem(values)).max() < top


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_curves_are_named_once(drawn: Any, medium: str) -> None:
    keys = [axes.get_legend() for axes in drawn(NAME, medium).axes if axes.get_legend()]
    (names,) = [[text.get_text() for text in legend.get_texts()] for legend in keys]
    assert names == ["dense", "locally connected", "convolution"]


def test_the_alt_text_has_the_ends_of_every_curve_and_what_was_not_learned() -> None:
    alt = find_figure(NAME).words("alt")
    ends = [
        number
        for which, family in enumerate(FAMILIES)
        for at in (0, -1)
        for number in (runs()[0].parameters[which][at], shares("test", family).mean(axis=0)[at])
    ]
    not_learned = shares("train", "dense").mean(axis=0)[0]
    assert [float(n) for n in alt.numbers] == pytest.approx([*ends, not_learned])


def test_only_the_smallest_dense_network_does_not_learn_its_digits() -> None:
    others = [shares("train", family)[:, int(family == "dense") :].max() for family in FAMILIES]
    most = round(200 * max(others))
    assert [float(n) for n in find_figure(NAME).words("caption").numbers] == [
        200,
        most,
        len(runs()),
    ]
    assert most <= 1
    assert shares("train", "dense")[:, 0].min() > 1 / 200


@pytest.mark.parametrize("family", FAMILIES)
def test_test_errors_fall_as_networks_grow_and_most_at_first(family: str) -> None:
    falls = -np.diff(shares("test", family).mean(axis=0))
    assert (falls > 0).all()
    assert falls[0] == max(falls)
