from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from scipy.signal import correlate2d

from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.parts.pictures import VERTICAL_EDGE
from mkdocs_cnn.figures.rendering import Drawing

EDGES, COST = "edges-on-photograph", "cost-on-photograph"

# -- edges on a photograph


@pytest.fixture(scope="module")
def grey() -> Any:
    return grey_photograph()[0]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_pictures_are_the_photograph_and_the_two_responses(
    drawn: Any, grey: Any, medium: str
) -> None:
    first, second, third, _ = drawn(EDGES, medium).axes[0].get_images()
    assert np.array_equal(first.get_array(), grey)
    assert np.array_equal(second.get_array(), np.diff(grey, axis=1))
    assert third.get_array().shape == (278, 318)
    assert np.array_equal(third.get_array(), correlate2d(grey, VERTICAL_EDGE, mode="valid"))


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_pictures_have_the_photographs_proportions(drawn: Any, medium: str) -> None:
    *pictures, _ = drawn(EDGES, medium).axes[0].get_images()
    boxes = [picture.get_window_extent() for picture in pictures]
    assert [box.height / box.width for box in boxes] == pytest.approx([280 / 320] * 3)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_both_responses_have_one_scale_on_which_zero_is_mid_grey(drawn: Any, theme: str) -> None:
    _, *responses, scale = drawn(EDGES, "page", theme).axes[0].get_images()
    for picture in responses:
        assert picture.get_clim() == (-64, 64)
        black, middle, white = picture.to_rgba(np.array([[-64.0, 0.0, 64.0]]))[0]
        assert black.tolist() == [0, 0, 0, 1]
        assert middle.tolist() == [0.5, 0.5, 0.5, 1]
        assert white.tolist() == [1, 1, 1, 1]
    greys = scale.to_rgba(scale.get_array())[0]
    assert np.array_equal(greys[:, 0], np.linspace(0, 1, 33))


def test_few_outputs_are_beyond_the_scale(grey: Any) -> None:
    assert (abs(np.diff(grey, axis=1)) > 64).mean() < 0.002
    assert 0.09 < (abs(correlate2d(grey, VERTICAL_EDGE, mode="valid")) > 64).mean() < 0.1


def test_the_second_kernel_answers_more_strongly_and_with_the_opposite_sign(grey: Any) -> None:
    first = np.diff(grey, axis=1)[1:-1, :-1]
    second = correlate2d(grey, VERTICAL_EDGE, mode="valid")
    assert np.corrcoef(first.ravel(), second.ravel())[0, 1] < -0.6
    assert np.std(second) > 3 * np.std(first)


def test_sizes_stand_below_the_pictures_and_weights_in_the_kernels(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(EDGES))]
    for size in ("280 × 320 pixels", "280 × 319 outputs", "278 × 318 outputs"):
        assert size in said
    cells = [words for words in said if words in {"1", "0", "−1"}]
    assert cells == ["−1", "1", *["1", "0", "−1"] * 3, "0"]  # the last stands at the scale
    assert {"≤ −64", "≥ 64"} < set(said)


def test_a_weight_is_dark_if_it_makes_outputs_dark(drawn: Any) -> None:
    two_taps, window = (
        kernel.get_facecolors()[:, 0]
        for kernel in drawn(EDGES).axes[0].collections
        if isinstance(kernel, PolyCollection)
    )
    assert two_taps[0] < 0.5 < two_taps[1]
    assert (window.reshape(3, 3) == window[:3]).all()
    assert window[0] > window[1] > window[2]


def test_the_words_of_the_edges_name_the_photographer() -> None:
    figure = find_figure(EDGES)
    caption = figure.words("caption")
    assert caption.numbers == (280, 320, 280, 319, 3, 278, 318)
    assert caption.text.endswith("Photograph: Stéfan van der Walt, CC0.")
    numbers = figure.words("alt").numbers
    assert numbers == (280, 320, 280, 319, -1, 1, 278, 318, 3, 1, 0, -1, -64, 64)


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_the_pictures_make_no_large_file(cache_folder: Cache, medium: str) -> None:
    files = Drawing(EDGES, {}, cache_folder, medium).files(["light"], ["svg"])
    assert files["light", "svg"].stat().st_size < 300_000


# -- what it costs

BY_HAND = {  # outputs times inputs, outputs times taps, taps
    (3, 3): (88_404 * 89_600, 795_636, 9),
    (1, 2): (89_320 * 89_600, 178_640, 2),
    (1, 1): (89_600 * 89_600, 89_600, 1),
    (11, 11): (270 * 310 * 89_600, 270 * 310 * 121, 121),
}


def cost(drawn: Any, height: int, width: int, medium: str = "page") -> Any:
    return drawn(COST, medium, kernel_height=height, kernel_width=width)


@pytest.mark.parametrize(("kernel", "counts"), BY_HAND.items())
def test_weights_fall_twice_and_multiply_adds_once(
    drawn: Any, kernel: tuple[int, int], counts: tuple[int, int, int]
) -> None:
    lines = [line.get_xydata().tolist() for line in cost(drawn, *kernel).axes[0].lines]
    dense, local, shared = counts
    weights, macs = lines[:2], lines[2:4]
    assert weights == [[[0, dense], [1, local]], [[1, local], [2, shared]]]
    assert macs == [[[0, dense], [1, local]], [[1, local], [2, local]]]
    points = lines[4:]
    assert points == [[[0, dense]], [[1, local]], [[2, shared], [2, local]]]


def test_the_two_lines_differ_in_stroke(drawn: Any) -> None:
    lines = drawn(COST).axes[0].lines[:4]
    weights, _, macs, _ = (str(line._unscaled_dash_pattern) for line in lines)
    assert weights != macs


def test_the_numbers_stand_at_the_points(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(drawn(COST))]
    for words in (
        "7.92 billion weights, 31.7 GB\n7.92 billion MACs",
        "795,636 weights\n3.18 MB\n795,636 MACs",
        "795,636 MACs",
        "9 weights, 36 B",
        "÷ 9,956\nsparsity",
        "÷ 88,404\nsharing",
    ):
        assert words in said


def test_two_taps_are_counted_as_well(drawn: Any, texts: Any) -> None:
    said = [text.get_text() for text, _ in texts(cost(drawn, 1, 2))]
    assert "178,640 weights\n715 kB\n178,640 MACs" in said
    assert "2 weights, 8 B" in said
    assert "÷ 44,800\nsparsity" in said
    assert "1 weight, 4 B" in [text.get_text() for text, _ in texts(cost(drawn, 1, 1))]


@pytest.mark.parametrize("medium", ["page", "slide"])
@pytest.mark.parametrize("kernel", BY_HAND)
def test_no_text_lies_on_another_or_on_a_line(
    drawn: Any, texts: Any, kernel: tuple[int, int], medium: str
) -> None:
    fig = cost(drawn, *kernel, medium)
    boxes = [box for _, box in texts(fig)]
    for here, there in itertools.combinations(boxes, 2):
        assert not here.shrunk(0.98, 0.98).overlaps(there.shrunk(0.98, 0.98))
    axes = fig.axes[0]
    for line in axes.lines[:4]:
        (x0, y0), (x1, y1) = line.get_transform().transform(line.get_xydata())
        for way in np.linspace(0, 1, 500):
            point = x0 + way * (x1 - x0), y0 + way * (y1 - y0)
            assert not any(box.contains(*point) for box in boxes)


@pytest.mark.parametrize("parameter", ["kernel_height", "kernel_width"])
def test_a_kernel_that_saves_little_is_refused(parameter: str) -> None:
    with pytest.raises(ValueError, match=f"^{parameter} must be at most 11 to be drawn, not 12$"):
        find_figure(COST).words("caption", {parameter: 12})


def test_the_words_of_the_cost() -> None:
    figure = find_figure(COST)
    caption = figure.words("caption")
    three = 3, 3
    assert caption.numbers == (*three, caption.numbers[2], 88_404, 795_636)
    assert caption.numbers[2].value == pytest.approx(9_955.5556, abs=1e-4)
    dense = 7_920_998_400
    assert figure.words("alt").numbers[1:] == (
        *(dense, 4 * dense, dense, 795_636, 3_182_544, 795_636),
        *(88_404, 9, 36, 795_636),
    )
