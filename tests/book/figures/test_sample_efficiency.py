from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import same_color
from scipy.stats import sem

from mkdocs_cnn.book.experiments.sample_efficiency.run import Settings
from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.style import THEMES

NAME, SHOWN = "sample-efficiency", "shuffled-digits"
NETWORKS, TASKS = Settings().networks, Settings().tasks
SIZES = (20, 50, 100, 200, 500, 1000)


@pytest.fixture(scope="module")
def wrong() -> Any:
    """The share of wrong answers: seed, task, network, size."""
    return np.array([run.wrong for run in outcome(NAME).runs]) / 597


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_each_curve_is_a_mean_over_seeds_with_two_standard_errors(
    drawn: Any, wrong: Any, medium: str
) -> None:
    panels = drawn(NAME, medium).axes
    for task, axes in enumerate(panels):
        for which, (line, _, (bars,)) in enumerate(axes.containers):
            values = wrong[:, task, which]
            assert line.get_xdata() == pytest.approx(SIZES)
            assert line.get_ydata() == pytest.approx(values.mean(axis=0))
            halves = np.diff([ends[:, 1] for ends in bars.get_segments()])[:, 0] / 2
            assert halves == pytest.approx(2 * sem(values))
    assert [len(axes.containers) for axes in panels] == [len(NETWORKS)] * len(TASKS)


def test_the_tasks_are_told_apart_and_in_order(drawn: Any) -> None:
    headings = [axes.get_title(loc="left") for axes in drawn(NAME).axes]
    assert headings == ["digits as they are", "the same, pixels shuffled"]
    assert TASKS == ("digits", "shuffled")


@pytest.mark.parametrize("theme", THEMES)
def test_curves_are_named_in_the_colour_of_their_family(drawn: Any, theme: str) -> None:
    palette = THEMES[theme]
    axes = drawn(NAME, theme=theme).axes[0]
    names = axes.get_legend().get_texts()
    lines = [container.lines[0] for container in axes.containers]
    wanted = (palette.dense, palette.sparse, palette.shared, palette.ring)
    for name, line, colour in zip(names, lines, wanted, strict=True):
        assert same_color(name.get_color(), colour)
        assert same_color(line.get_color(), colour)
    assert [name.get_text() for name in names] == [
        *("dense", "locally connected", "convolution", "pooled twice"),
    ]


def test_both_panels_have_one_logarithmic_scale_and_no_bar_leaves_it(
    drawn: Any, wrong: Any
) -> None:
    low, high = (wrong.mean(axis=0) + sign * 2 * sem(wrong) for sign in (-1, 1))
    for axes in drawn(NAME).axes:
        assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
        bottom, top = axes.get_ylim()
        assert bottom < low.min()
        assert high.max() < top
    assert len({axes.get_ylim() for axes in drawn(NAME).axes}) == 1


def test_the_caption_speaks_of_a_hundred_digits(wrong: Any) -> None:
    caption = find_figure(NAME).words("caption")
    at = wrong.mean(axis=0)[:, :, SIZES.index(100)]
    dense, convolution = NETWORKS.index("dense"), NETWORKS.index("convolution")
    said = [at[task, which] for task in (0, 1) for which in (dense, convolution)]
    assert [float(n) for n in caption.numbers] == pytest.approx([100, *said, len(wrong)])


def test_the_alt_text_has_the_ends_of_every_curve(wrong: Any) -> None:
    alt = find_figure(NAME).words("alt")
    ends = wrong.mean(axis=0)[:, :, [0, -1]]
    assert [float(n) for n in alt.numbers] == pytest.approx([SIZES[0], SIZES[-1], *ends.ravel()])


def test_curves_fall_as_the_alt_text_says(wrong: Any) -> None:
    assert "falling curves" in find_figure(NAME).words("alt").text
    assert (np.diff(wrong.mean(axis=0), axis=-1) < 0).all()


# -- what is shuffled


def shown(drawn: Any) -> list[Any]:
    """The pictures, row by row from the left."""
    (axes,) = drawn(SHOWN).axes
    places = [(image.get_extent()[3], image.get_extent()[0]) for image in axes.get_images()]
    assert places == sorted(places)
    return list(axes.get_images())


def test_each_digit_stands_above_the_same_ink_in_another_order(drawn: Any) -> None:
    pictures = [np.asarray(image.get_array()) for image in shown(drawn)]
    above, below = np.split(np.array(pictures, dtype=int).reshape(2 * 10, 64), 2)
    order = np.random.default_rng(outcome(NAME).settings.shuffle).permutation(64)
    assert np.array_equal(below, above[:, order])
    assert not np.array_equal(below, above)


def test_the_digits_are_those_of_scikit_learn_from_zero_to_nine(drawn: Any) -> None:
    from sklearn.datasets import load_digits

    theirs = load_digits()
    for digit, image in enumerate(shown(drawn)[:10]):
        picture = np.asarray(image.get_array())
        (place,) = np.flatnonzero((theirs.images == picture).all(axis=(1, 2)))
        assert theirs.target[place] == digit


def test_all_pictures_have_one_scale_of_grey(drawn: Any) -> None:
    images = shown(drawn)
    assert {image.get_clim() for image in images} == {(0, 16)}  # no ink, all ink
    assert {image.get_interpolation() for image in images} == {"none"}


def test_the_words_on_shuffled_digits() -> None:
    caption, alt = (find_figure(SHOWN).words(part) for part in ("caption", "alt"))
    assert [float(n) for n in caption.numbers] == [64]
    assert [float(n) for n in alt.numbers] == [10, 0, 9]
