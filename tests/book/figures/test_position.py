from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.colors import same_color
from scipy.stats import sem

from mkdocs_cnn.book.experiments.absolute_position import run as absolute_position
from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.style import THEMES

POSITION, COLUMNS = "absolute-position", "unordered-columns"


def shares(name: str) -> Any:
    """The shares of wrong answers, seeds first."""
    runs = outcome(name).runs
    return np.array([run.wrong for run in runs]) / runs[0].tested


def assert_bars(axes: Any, values: Any) -> None:
    """The bars are the means of these values over the seeds, from the top down."""
    assert [bar.get_width() for bar in axes.patches] == pytest.approx(values.mean(axis=0))
    assert all(bar.get_x() == 0 for bar in axes.patches)
    places = [bar.get_y() + bar.get_height() / 2 for bar in axes.patches]
    assert places == sorted(places, reverse=True)
    assert axes.get_yticks() == pytest.approx(places)
    (errors,) = axes.collections
    ends = np.array([segment[:, 0] for segment in errors.get_segments()])
    assert ends.mean(axis=1) == pytest.approx(values.mean(axis=0))
    assert np.ptp(ends, axis=1) / 2 == pytest.approx(2 * sem(values))


def assert_numbers(axes: Any, values: Any) -> None:
    """Each bar has its number right of it, behind its error bar."""
    numbers = [text for text in axes.texts if text.get_text().endswith("%")]
    for text, mean, half in zip(numbers, values.mean(axis=0), 2 * sem(values), strict=True):
        said = float(text.get_text().rstrip("%"))
        assert said == pytest.approx(100 * mean, rel=0.006)
        assert text.xy[0] == pytest.approx(mean + half)


# -- positions


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_bars_are_errors_after_the_largest_training_set(
    drawn: Any, texts: Any, medium: str
) -> None:
    fig = drawn(POSITION, medium)
    axes = fig.axes[1]
    assert_bars(axes, shares(POSITION)[:, :, -1])
    assert_numbers(axes, shares(POSITION)[:, :, -1])


def test_networks_on_canvases_are_as_large_as_by_hand() -> None:
    result = outcome(POSITION)
    sizes = result.settings.size, result.settings.channels
    by_hand = {
        "dense": 144 * 16 + 16 + 16 * 4 + 4,
        # Of 36 · 36 taps on padded axes 34 · 34 meet the canvas.
        "local": 34**2 * 8 + 144 * 8 + 8 * 36 * 4 + 4,
        "convolution-dense": 8 * (9 + 1) + 8 * 36 * 4 + 4,
        "zeros-pooled": 8 * (9 + 1) + 8 * (72 + 1) + 8 * 4 + 4,
        "ring-pooled": 8 * (9 + 1) + 8 * (72 + 1) + 8 * 4 + 4,
    }
    assert sizes == (12, 8)
    assert tuple(by_hand) == result.settings.networks
    assert result.runs[0].parameters == tuple(by_hand.values())


def test_names_stand_left_of_their_bars(drawn: Any) -> None:
    names = [label.get_text().split() for label in drawn(POSITION).axes[1].get_yticklabels()]
    assert [name[0].rstrip(",") for name in names] == [
        *("dense", "locally", "convolution", "convolution", "convolution"),
    ]
    assert [name[1].rstrip(",") for name in names[2:]] == ["dense", "zeros", "ring"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_family_has_its_colour(drawn: Any, theme: str) -> None:
    palette = THEMES[theme]
    bars = drawn(POSITION, theme=theme).axes[1].patches
    wanted = [palette.dense, palette.sparse, *[palette.shared] * 3]
    for bar, colour in zip(bars, wanted, strict=True):
        assert same_color(bar.get_facecolor(), colour)


def test_the_dashed_line_is_chance_and_a_ring_is_within_its_error_of_it(drawn: Any) -> None:
    (line,) = [one for one in drawn(POSITION).axes[1].lines if one.get_linestyle() == "--"]
    assert set(line.get_xdata()) == {0.75}
    ring = shares(POSITION)[:, -1]
    assert ring.mean(axis=0) == pytest.approx(0.75, abs=1.5 * 2 * sem(ring).max())


def test_the_canvas_is_cut_into_quarters_and_its_square_lies_in_one(drawn: Any) -> None:
    axes = drawn(POSITION).axes[0]
    canvas = np.asarray(axes.get_images()[0].get_array())
    across, down = axes.lines
    assert set(across.get_ydata()) == set(down.get_xdata()) == {5.5}
    assert canvas.shape == (12, 12)
    windows = np.lib.stride_tricks.sliding_window_view(canvas, (3, 3)).mean(axis=(2, 3))
    assert windows.max() > 0.7
    row, column = np.unravel_index(windows.argmax(), windows.shape)
    settings = outcome(POSITION).settings
    labels = absolute_position.canvases(settings, np.random.default_rng([0, 2]), 1).y
    assert labels[0] == 2 * (row + 1 > 5.5) + (column + 1 > 5.5)


def test_the_words_on_positions() -> None:
    means = shares(POSITION)[:, :, -1].mean(axis=0)
    caption, alt = (find_figure(POSITION).words(part) for part in ("caption", "alt"))
    assert [float(n) for n in caption.numbers] == [1000, 0.75, len(outcome(POSITION).runs)]
    assert [float(n) for n in alt.numbers] == pytest.approx([*means, 0.75])


# -- columns


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_each_table_has_a_panel_with_the_errors_of_all_networks(
    drawn: Any, texts: Any, medium: str
) -> None:
    fig = drawn(COLUMNS, medium)
    for table, axes in enumerate(fig.axes):
        assert_bars(axes, shares(COLUMNS)[:, table])
        assert_numbers(axes, shares(COLUMNS)[:, table])
    headings = [axes.get_title(loc="left").split(":")[0] for axes in fig.axes]
    assert tuple(headings) == outcome(COLUMNS).settings.tables
    assert len({axes.get_xlim() for axes in fig.axes}) == 1


def test_networks_on_tables_are_as_large_as_by_hand() -> None:
    windows = 8 * (3 + 1) + 8 * (24 + 1)
    by_hand = {
        "dense": 30 * 24 + 24 + 24 * 2 + 2,
        "convolution": windows + 8 * 26 * 2 + 2,
        "pooled": windows + 8 * 2 + 2,
    }
    assert tuple(by_hand) == outcome(COLUMNS).settings.networks
    assert outcome(COLUMNS).runs[0].parameters == tuple(by_hand.values())


def test_the_words_on_columns() -> None:
    caption, alt = (find_figure(COLUMNS).words(part) for part in ("caption", "alt"))
    means = shares(COLUMNS).mean(axis=0)
    said = [means[0, 2], means[0, 0], means[1, 2], means[1, 0]]
    assert [float(n) for n in caption.numbers] == pytest.approx([30, *said, 20])
    assert [float(n) for n in alt.numbers] == pytest.approx(means.ravel())
    # What the caption says in words: the one is ahead here, the other there, beyond the error bars.
    series, sums = shares(COLUMNS)[:, 0], shares(COLUMNS)[:, 1]
    for less, more in ((series[:, 2], series[:, 0]), (sums[:, 0], sums[:, 2])):
        assert (more - less).mean() > 2 * sem(more - less)
