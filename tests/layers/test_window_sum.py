"""One window, by hand."""

import numpy as np
import pytest

from mkdocs_cnn.layers.window_sum import window_sum

EDGE = [[1, 0, -1]] * 3
BRIGHT, ACROSS = [[10, 10, 10]] * 3, [[10, 10, 0]] * 3


@pytest.mark.parametrize(
    ("pixels", "weights", "expected"),
    [
        (BRIGHT, EDGE, 0),
        (ACROSS, EDGE, 30),
        (ACROSS, [row[::-1] for row in EDGE[::-1]], -30),  # true convolution turns the filter
    ],
)
def test_the_edge_filter_gives_what_the_lecture_says(
    pixels: list[list[int]], weights: list[list[int]], expected: int
) -> None:
    assert window_sum(pixels, weights) == expected


def test_a_window_sums_products_as_numpy_does() -> None:
    rng = np.random.default_rng(3)
    for _ in range(100):
        shape = rng.integers(1, 5, 2)
        pixels, weights = rng.integers(-9, 10, (2, *shape))
        assert window_sum(pixels.tolist(), weights.tolist()) == int((pixels * weights).sum())


def test_the_working_leaves_out_what_is_multiplied_by_nothing() -> None:
    assert window_sum([[10, 10, 4]], [[1, 0, -1]]).worked == "10 + 4 · (−1) = 6"


def test_a_window_and_a_kernel_of_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"rows of \[2\] pixels, \[3\] weights"):
        window_sum([[1, 2]], [[1, 2, 3]])
