"""What the ledger says of shifts, against arrays that are shifted."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.ndimage import correlate

from mkdocs_cnn.book.claims.recomputing.lessons import EDGE_FILTER, EDGE_IMAGE
from mkdocs_cnn.claims import claims


@pytest.mark.parametrize(
    ("claim", "by_hand"),
    [
        ("part-5-translation-invariance", (30, 0, 0, 30, 2, 4)),
        ("ma-2025-definition", (0, 0, 1)),
        ("ma-2025-same-response", (30, 30)),
        ("ma-2025-two-words", (3, 3, 2, 4)),
        ("ma-2025-achieved-with-pooling", (Fraction(1, 3), Fraction(1, 7), 10, 10)),
        ("ma-2025-shift-figure", (2, 2)),
        ("notes-why-cost", (3, 2, 4, -4, -4)),
    ],
)
def test_numbers_that_occur_twice_stand_at_both_places(claim, by_hand):
    assert claims()[claim].numbers == by_hand


def noise(size=32):
    return np.random.default_rng(4).integers(0, 10**6, (size, size))


def differing(by, stride, mode):
    """The share of outputs of a 3 x 3 kernel at which shifting first and last disagree."""
    image, kernel = noise(), np.random.default_rng(5).integers(1, 10**6, (3, 3))
    first = correlate(np.roll(image, by, 1), kernel, mode=mode, cval=0)[::stride, ::stride]
    last = np.roll(correlate(image, kernel, mode=mode, cval=0)[::stride, ::stride], by // stride, 1)
    return Fraction(int((first != last).sum()), first.size)


def test_shares_that_differ_are_those_of_shifted_noise():
    measured = [differing(2, 1, "constant"), differing(1, 1, "constant")]
    measured += [differing(1, 2, "wrap"), differing(2, 1, "wrap")]
    assert claims()["ma-2025-commutes"].numbers == tuple(measured)
    even = differing(2, 2, "wrap")
    assert claims()["ma-2025-definition"].numbers == (0, even, measured[2])


def test_maxima_stay_about_as_often_as_those_of_noise():
    image = noise(1024)
    for found, (rows, columns) in zip(
        claims()["ma-2025-achieved-with-pooling"].numbers[:2], [(0, 1), (1, 1)], strict=True
    ):
        moved = np.roll(image, (rows, columns), (0, 1))
        before, after = (x.reshape(512, 2, 512, 2).max((1, 3)) for x in (image, moved))
        assert float((before == after).mean()) == pytest.approx(float(found), abs=0.005)


@pytest.mark.parametrize(("place", "moved"), [(2, 0), (3, 3)])
def test_the_mean_on_a_ring_is_that_of_the_rolled_image(place, moved):
    rolled = np.roll(np.array(EDGE_IMAGE), moved, axis=1)
    outputs = np.maximum(correlate(rolled, np.array(EDGE_FILTER), mode="wrap"), 0)
    assert claims()["ma-2025-achieved-with-pooling"].numbers[place] == outputs.mean()
