from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.book.experiments.inputs.patches import draw_patches, grey, regions, shuffled_colours

SIDE, SIZE = 6, 4


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def numbered(height: int, width: int, first: int = 0) -> Any:
    """A picture in which each pixel's red has a number of its own."""
    red = first + np.arange(height * width).reshape(height, width)
    return np.stack([red, red + 0.25, red + 0.5]).astype(float)


def test_squares_tile_the_photograph_and_each_serves_one_purpose(rng: np.random.Generator) -> None:
    dealt = regions(26, 33, SIDE, rng)
    corners = [tuple(corner) for part in dealt for corner in part]
    assert sorted(corners) == [
        (row, column) for row in (0, 6, 12, 18) for column in range(0, 29, 6)
    ]
    assert [len(part) for part in dealt] == [10, 5, 5]


def test_another_seed_deals_the_squares_out_otherwise() -> None:
    first, second = (regions(26, 33, SIDE, np.random.default_rng(seed)).test for seed in (1, 2))
    assert first.tolist() != second.tolist()


def test_no_pixel_of_one_part_is_seen_in_another(rng: np.random.Generator) -> None:
    picture = numbered(26, 33)
    seen = []
    for part in regions(26, 33, SIDE, rng):
        patches, _ = draw_patches([picture], [part], 2000, side=SIDE, size=SIZE, rng=rng)
        seen.append(set(patches[:, 0].ravel().tolist()))
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert not seen[one] & seen[other]
    assert sum(map(len, seen)) == 20 * SIDE**2  # and every pixel of a square is seen


def test_a_patch_is_cut_from_its_photograph_as_it_is_or_mirrored(rng: np.random.Generator) -> None:
    pictures = [numbered(12, 18), numbered(18, 12, first=1000)]
    squares = [regions(*picture.shape[1:], SIDE, rng).train for picture in pictures]
    patches, labels = draw_patches(pictures, squares, 60, side=SIDE, size=SIZE, rng=rng)
    assert sorted(labels.tolist()) == [0] * 30 + [1] * 30
    mirrored = 0
    for patch, label in zip(patches, labels, strict=True):
        assert (patch[0].min() >= 1000) == bool(label)
        turned = patch[:, :, ::-1] if patch[0, 0, 0] > patch[0, 0, 1] else patch
        mirrored += patch[0, 0, 0] > patch[0, 0, 1]
        row, column = divmod(int(turned[0, 0, 0]) - 1000 * label, pictures[label].shape[2])
        wanted = pictures[label][:, row : row + SIZE, column : column + SIZE]
        assert np.array_equal(turned, wanted)
    assert 15 < mirrored < 45


def test_grey_is_the_mean_of_the_colours() -> None:
    patch = np.array([[[[30.0]], [[60.0]], [[0.0]]]])
    assert grey(patch).ravel().tolist() == [30, 30, 30]


def test_shuffled_colours_are_in_all_six_orders_and_keep_their_grey(
    rng: np.random.Generator,
) -> None:
    patches = np.repeat(numbered(3, 4)[None], 60, axis=0)
    shuffled = shuffled_colours(patches, rng)
    offsets = shuffled - patches[:, :1]
    assert all(len(np.unique(each)) == 1 for patch in offsets for each in patch)  # whole channels
    assert {tuple(each) for each in offsets[:, :, 0, 0]} == set(permutations((0, 0.25, 0.5)))
    assert np.allclose(grey(shuffled), grey(patches))
