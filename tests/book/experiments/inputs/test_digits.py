"""The digits: where they come from, and how they are dealt out."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.datasets import load_digits

from mkdocs_cnn.book.experiments.inputs.digits import digits, split
from mkdocs_cnn.book.experiments.sample_efficiency.run import Settings, shuffle_pixels
from mkdocs_cnn.experiments.neural.families import network


def test_they_are_those_of_scikit_learn() -> None:
    theirs = load_digits()
    ours = digits()
    assert ours.x.shape == (1797, 1, 8, 8)
    assert np.allclose((ours.x - ours.x.min()) * 16, theirs.images[:, None])
    assert ours.x.mean() == pytest.approx(0)
    assert np.array_equal(ours.y, theirs.target)


def test_the_three_parts_share_no_digit_and_leave_none_out() -> None:
    parts = split(3, Settings())
    sizes = [len(part) for part in (parts.train, parts.validation, parts.test)]
    assert sizes == [1000, 200, 597]
    places = [
        np.argwhere((digits().x == one).all(axis=(1, 2, 3))).ravel().tolist()
        for part in (parts.train, parts.validation, parts.test)
        for one in part.x
    ]
    dealt = sorted({place for same in places for place in same})
    assert dealt == list(range(1797))
    assert max(map(len, places)) == 1  # no digit is there twice, so none is in two parts


def test_labels_stay_with_their_digits() -> None:
    test = split(4, Settings()).test
    for one, label in zip(test.x[:40], test.y[:40], strict=True):
        (place,) = np.argwhere((digits().x == one).all(axis=(1, 2, 3))).ravel()
        assert digits().y[place] == label


def test_another_seed_deals_other_hands_and_the_same_seed_the_same() -> None:
    first, again, other = (split(seed, Settings()).test for seed in (1, 1, 2))
    assert np.array_equal(first.x, again.x)
    assert not np.array_equal(first.x, other.x)


def test_shuffling_moves_the_pixels_of_all_digits_alike() -> None:
    some = digits()[:50]
    moved = shuffle_pixels(some, 64)
    before, after = some.x.reshape(50, 64), moved.x.reshape(50, 64)
    order = [int(np.flatnonzero((before == column[:, None]).all(0))[0]) for column in after.T]
    assert np.array_equal(before[:, order], after)
    assert np.array_equal(np.sort(before, axis=1), np.sort(after, axis=1))
    assert np.array_equal(moved.y, some.y)
    steps = np.abs(np.diff(np.random.default_rng(64).permutation(64)))
    assert (steps == 1).sum() < 8  # neighbours are torn apart


# Weights and biases by hand. Of the 24 · 24 taps of a padded axis 22 · 22 meet an 8 × 8 image.
BY_HAND = {
    ("dense", 64): 64 * 64 + 64 + 64 * 10 + 10,
    ("local", 16): (22**2 + 64) * 16 + (22**2 * 16 + 64) * 16 + 256 * 10 + 10,
    ("convolution", 16): 10 * 16 + (9 * 16 + 1) * 16 + 256 * 10 + 10,
    ("pooled-twice", 16): 10 * 16 + (9 * 16 + 1) * 16 + 64 * 10 + 10,
}


@pytest.mark.parametrize(("family", "width"), BY_HAND)
def test_the_parameters_of_the_three_families(family: str, width: int) -> None:
    assert network(family, width).parameters == BY_HAND[family, width]


@pytest.mark.parametrize("family", Settings().networks)
def test_every_family_answers_with_ten_numbers(family: str) -> None:
    net = network(family, 4)
    assert net(net.initial(np.random.default_rng(0)), digits().x[:5]).shape == (5, 10)


def test_an_unknown_family_is_refused() -> None:
    with pytest.raises(ValueError, match="family must be one of dense, local, convolution"):
        network("recurrent", 4)
