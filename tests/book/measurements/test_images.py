from __future__ import annotations

import numpy as np
import pytest

from mkdocs_cnn.book.measurements.images import (
    filters,
    grey_photograph,
    image,
    images,
    middle_square,
)


def test_no_two_pixels_of_the_noise_are_equal_and_all_of_the_range_is_used() -> None:
    pixels = image("noise")
    assert pixels.shape == (1, 32, 32)
    assert len(np.unique(pixels)) == 1024
    assert 0 <= pixels.min() < 2**22
    assert 2**30 - 2**22 < pixels.max() < 2**30


def test_the_same_name_gives_the_same_image_of_the_size_that_is_asked() -> None:
    assert np.array_equal(image("noise", 8), image("noise", 8))
    assert image("noise", 8).shape == (1, 8, 8)
    assert {name: pixels.shape for name, pixels in images(16).items()} == {
        "noise": (1, 16, 16),
        "photograph": (1, 280, 320),
    }


def test_the_photograph_is_not_to_be_written_on() -> None:
    assert np.array_equal(image("photograph"), grey_photograph())
    with pytest.raises(ValueError, match="read-only"):
        image("photograph")[0, 0, 0] = 0


def test_the_middle_square_leaves_as_much_on_either_side() -> None:
    wide = np.arange(2 * 6).reshape(1, 2, 6)
    assert middle_square(wide).tolist() == [[[2, 3], [8, 9]]]
    assert middle_square(wide.swapaxes(1, 2)).tolist() == [[[2, 8], [3, 9]]]
    assert middle_square(wide[:, :, :2]).tolist() == [[[0, 1], [6, 7]]]


def test_filters_are_whole_numbers_from_one_to_nine() -> None:
    weight = filters(200)
    assert weight.shape == (200, 1, 3, 3)
    assert set(weight.flat) == set(range(1, 10))
