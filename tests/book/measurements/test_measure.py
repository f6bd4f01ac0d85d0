"""Measurements: held against hands, NumPy's own shifts, and what theory says of noise."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mkdocs_cnn.arrays.declaration import measure, measurements
from mkdocs_cnn.arrays.operations import OPERATIONS
from mkdocs_cnn.book.measurements.images import IMAGES, PATH
from mkdocs_cnn.quantities.quantity import from_plain, to_plain
from mkdocs_cnn.registry import UnknownNameError


def cat() -> Any:
    """The photograph in grey, by Pillow: it may differ from ours by one where it rounds."""
    return np.asarray(Image.open(PATH).convert("L")).astype(int)


@pytest.mark.parametrize("name", measurements())
def test_all_that_is_measured_is_named_exact_and_repeatable(name: str) -> None:
    found, again = measure(name), measure(name)
    assert found
    assert {key: to_plain(number) for key, number in found.items()} == {
        key: to_plain(number) for key, number in again.items()
    }
    for key, number in found.items():
        assert key.isidentifier()
        assert number.name
        back = from_plain(to_plain(number))
        assert (back.value, back.worked, back.name) == (number.value, number.worked, number.name)


@pytest.mark.parametrize("name", measurements())
def test_what_was_rounded_is_said_to_be_measured(name: str) -> None:
    for number in measure(name).values():
        rounded = isinstance(number.value, Fraction) and not number.op
        assert not rounded or number.name.startswith("measured: "), number.name


# -- breaks


@pytest.mark.parametrize(
    ("asked", "differing", "of", "worked"),
    [
        # On 32 × 32, a border of one column on either side of either way.
        ({"by": [0, 2]}, 4 * 32, 1024, "128 / 1,024 = 0.125"),
        ({"by": [0, 1]}, 3 * 32, 1024, "96 / 1,024 = 3/32 ≈ 0.09375"),
        ({"by": [2, 0], "padding_mode": "edge"}, 4 * 32, 1024, "128 / 1,024 = 0.125"),
        ({"by": [0, 2], "depth": 3, "padding_mode": "reflect"}, 8 * 32, 1024, "256 / 1,024 = 0.25"),
        ({"by": [0, 2], "padding_mode": "circular"}, 0, 1024, "0 / 1,024 = 0"),
        ({"by": [5, 3], "padding_mode": "circular", "depth": 4}, 0, 1024, "0 / 1,024 = 0"),
        ({"by": [0, 2], "padding_mode": "circular", "stride": 2}, 0, 256, "0 / 256 = 0"),
        ({"by": [0, 1], "padding_mode": "circular", "stride": 2}, 256, 256, "256 / 256 = 1"),
        ({"by": [0, 4], "size": 8}, 4 * 8, 64, "32 / 64 = 0.5"),
    ],
)
@pytest.mark.parametrize("operation", ["convolution", "average pooling", "blur pooling"])
def test_sums_break_where_a_hand_counts_it(
    operation: str, asked: dict[str, Any], differing: int, of: int, worked: str
) -> None:
    found = measure("break", operation=operation, **asked)
    assert (found["differing"], found["outputs"]) == (differing, of)
    assert found["share"].worked == worked
    assert found["predicted"] == found["share"]
    assert bool(found["norm"]) == bool(differing)


def test_maxima_on_a_border_are_not_predicted_but_on_a_ring_are() -> None:
    border = measure("break", operation="max pooling")
    assert "predicted" not in border
    assert 0 < border["differing"] < 128
    ring = measure("break", operation="max pooling", padding_mode="circular")
    assert ring["predicted"] == ring["differing"] == 0


def test_a_break_on_the_photograph_is_that_of_numpy() -> None:
    found = measure("break", operation="blur pooling", padding_mode="zeros", image="photograph")

    def blurred(x: Any) -> Any:
        for axis in (0, 1):
            wide = np.pad(x, [(1, 1) if a == axis else (0, 0) for a in (0, 1)])
            size = x.shape[axis]
            before, here, after = (wide.take(range(at, at + size), axis) for at in range(3))
            x = before + 2 * here + after
        return x

    image = cat()
    first, last = blurred(np.roll(image, 2, 1)), np.roll(blurred(image), 2, 1)
    assert found["outputs"] == 280 * 320
    assert found["differing"] == np.count_nonzero(first != last)
    norm = np.linalg.norm(first - last) / np.linalg.norm(blurred(image))
    assert float(found["norm"]) == pytest.approx(norm, rel=0.005)


def test_the_norms_of_a_stride_on_noise_are_those_of_theory() -> None:
    found = {name: float(number) for name, number in measure("blur").items()}
    # Uniform from 0 to 1: mean 1/2, variance 1/12. Neighbours differ by twice the variance; blurred
    # by (1, 2, 1)/4 along both axes, by (1/4 · 3/8) of it.
    assert found["plain_noise"] == pytest.approx(math.sqrt((2 / 12) / (1 / 4 + 1 / 12)), rel=0.01)
    blurred = math.sqrt((3 / 32 / 12) / (1 / 4 + 9 / 64 / 12))
    assert found["blur_noise"] == pytest.approx(blurred, rel=0.01)


def test_the_norm_of_a_plain_stride_on_the_photograph_is_that_of_its_neighbours() -> None:
    found, image = measure("blur"), cat()
    kept = image[::2, ::2]
    difference = np.linalg.norm(np.roll(image, 1, 1)[::2, ::2] - kept)
    assert float(found["plain_photograph"]) == pytest.approx(
        difference / np.linalg.norm(kept), rel=0.01
    )
    assert 0 < found["blur_photograph"] < found["plain_photograph"]


def test_a_shift_by_the_stride_breaks_nothing_blurred_or_not() -> None:
    assert set(measure("blur", by=[0, 2], size=32).values()) == {0}


# -- invariance


def test_a_third_of_the_maxima_stays_on_noise_and_less_on_the_photograph() -> None:
    found = measure("maxima")
    assert found["expected"] == Fraction(1, 3)
    deviation = math.sqrt(1 / 3 * 2 / 3 / 256**2)
    assert abs(found["kept_noise"].value - Fraction(1, 3)) < 3 * deviation
    image = cat()

    def pooled(x: Any) -> Any:
        return x.reshape(140, 2, 160, 2).max(axis=(1, 3))

    stays = np.count_nonzero(pooled(np.roll(image, 1, 1)) == pooled(image))
    assert found["kept_photograph"] == Fraction(int(stays), 140 * 160)
    assert found["kept_photograph"].worked.startswith(f"{stays:,} / 22,400 = ")
    assert found["kept_photograph"] < found["kept_noise"]


@pytest.mark.parametrize(
    ("kernel_size", "by", "chance"),
    [(2, [0, 2], "0"), (2, [1, 1], "1/7"), (3, [0, 1], "1/2"), (1, [0, 0], "1")],
)
def test_fewer_maxima_stay_where_fewer_pixels_are_shared(
    kernel_size: int, by: list[int], chance: str
) -> None:
    found = measure("maxima", kernel_size=kernel_size, by=by)
    assert found["expected"] == Fraction(chance)
    assert float(found["kept_noise"]) == pytest.approx(float(Fraction(chance)), abs=0.01)


@pytest.mark.parametrize("image", IMAGES)
def test_means_behind_a_ring_stay_and_behind_zeros_do_not(image: str) -> None:
    ring = measure("invariance", image=image)
    assert (ring["differing"], ring["outputs"], ring["share"]) == (0, 4, 0)
    zeros = measure("invariance", image=image, padding_mode="zeros", filters=6)
    assert (zeros["differing"], zeros["outputs"], zeros["share"]) == (6, 6, 1)


# -- rotation


@pytest.mark.parametrize("turns", [1, 2, 3])
@pytest.mark.parametrize("image", IMAGES)
def test_an_ordinary_kernel_does_not_turn_along_and_a_lifted_one_does(
    image: str, turns: int
) -> None:
    found = measure("rotation", image=image, quarter_turns=turns)
    assert found["ordinary_share"] > Fraction(9, 10)
    assert (found["lifted_differing"], found["lifted_share"]) == (0, 0)
    assert found["lifted_outputs"] == 4 * found["ordinary_outputs"].value


def test_edges_of_the_turned_photograph_are_those_of_numpy() -> None:
    found, square = measure("rotation"), cat()[:, 20:300]

    def edges(x: Any) -> Any:
        wide = np.pad(x, 1)
        rows = wide[:-2] + wide[1:-1] + wide[2:]
        return rows[:, :-2] - rows[:, 2:]

    differs = edges(np.rot90(square)) != np.rot90(edges(square))
    assert found["ordinary_outputs"] == 280**2
    assert found["ordinary_differing"] == np.count_nonzero(differs)


# -- learning


def edge_map(x: Any) -> Any:
    """Windows as rows, `(16, 9)`, and what a detector of vertical edges makes of them."""
    windows = np.lib.stride_tricks.sliding_window_view(x[0, 0], (3, 3)).reshape(-1, 9)
    return windows, windows @ np.array([1, 0, -1] * 3)


def test_a_kernel_is_learned_as_fast_as_its_equations_say() -> None:
    found = measure("learning")
    windows, wanted = edge_map(np.random.default_rng(1).standard_normal((1, 1, 6, 6)))
    largest = 2 / np.linalg.norm(windows, 2) ** 2
    weights, steps = np.zeros(9), 0
    while abs(weights - [1, 0, -1] * 3).max() >= 0.001:
        weights = weights - largest / 2 * windows.T @ (windows @ weights - wanted)
        steps += 1
    assert found["steps"] == steps
    told = {name: float(number) for name, number in found.items()}
    assert told["largest_rate"] == pytest.approx(largest, rel=0.005)
    assert told["rate"] == pytest.approx(largest / 2, rel=0.005)
    assert told["first_cost"] == pytest.approx((wanted**2).sum() / 2, rel=0.005)
    last = ((windows @ weights - wanted) ** 2).sum() / 2
    assert told["last_cost"] == pytest.approx(last, rel=0.005)
    assert told["error"] == pytest.approx(abs(weights - [1, 0, -1] * 3).max(), rel=0.005)


@pytest.mark.parametrize(("size", "inputs"), [([6, 6], 36), ([8, 8], 64), (5, 25)])
def test_as_many_examples_are_needed_as_each_output_has_unknowns(
    size: int | list[int], inputs: int
) -> None:
    found = measure("examples", size=size)
    for what in ("counted", "measured"):
        needed = [found[f"{layer}_{what}"] for layer in ("dense", "unshared", "shared")]
        assert needed == [inputs, 9, 1]


# -- matrices


def test_the_sparse_matrix_that_was_built_has_two_entries_for_each_output() -> None:
    found = measure("sparse-matrix")
    outputs, inputs = 280 * 319, 280 * 320
    assert (found["outputs"], found["inputs"]) == (outputs, inputs)
    assert found["entries"] == 2 * outputs == 178_640
    assert found["cells"] == outputs * inputs
    # A value and a column for each entry, and a start for each row and the end, none above 8 bytes.
    assert found["bytes"] <= 8 * (2 * 178_640 + outputs + 1)
    assert found["bytes"] >= 4 * (178_640 + outputs + 1)
    assert found["differing"] == 0


# -- mistakes


@pytest.mark.parametrize(
    ("name", "asked", "error", "message"),
    [
        ("brake", {}, UnknownNameError, "no measurement named 'brake'; did you mean 'break'?"),
        ("break", {"stide": 2}, TypeError, "no argument 'stide'; did you mean 'stride'?"),
        (
            "break",
            {"operation": "convolutions"},
            UnknownNameError,
            "no operation named 'convolutions'; did you mean 'convolution'?",
        ),
        (
            "break",
            {"image": "photo"},
            UnknownNameError,
            "no image named 'photo'; did you mean 'photograph'?",
        ),
        (
            "break",
            {"padding_mode": "zero"},
            ValueError,
            "padding_mode must be one of zeros, circular, reflect, edge, not 'zero'",
        ),
        ("break", {"stride": 0}, ValueError, "stride must be at least 1, not 0"),
        ("break", {"depth": 1.5}, TypeError, "depth must be an integer, not float 1.5"),
        ("break", {"by": 2}, TypeError, "by must be two integers (down, right), not 2"),
        (
            "break",
            {"stride": 2, "size": 9},
            ValueError,
            "size 9 is no multiple of the strides together, 2",
        ),
        (
            "break",
            {"image": "photograph", "size": 64},
            ValueError,
            "size is that of noise, and the photograph has its own; not 64",
        ),
        ("blur", {"size": 0}, ValueError, "size must be at least 1, not 0"),
        ("maxima", {"kernel_size": "2"}, TypeError, "kernel_size must be an integer, not str '2'"),
        ("invariance", {"filters": 0}, ValueError, "filters must be at least 1, not 0"),
        (
            "examples",
            {"size": [6, 6, 6]},
            ValueError,
            "size takes one number or one per axis (height, width), not [6, 6, 6]",
        ),
        ("learning", {"seed": -1}, ValueError, "seed must be at least 0, not -1"),
    ],
)
def test_what_cannot_be_measured_is_refused(
    name: str, asked: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        measure(name, **asked)
    assert str(caught.value) == message


def test_descent_that_does_not_arrive_says_how_far_it_came() -> None:
    with pytest.raises(ValueError, match=r"after 10 steps a weight is still off by 0\.\d+ \(rate="):
        measure("learning", at_most=10)
    with pytest.raises(ValueError, match=r"after 20 steps a weight is still off by \d\d"):
        measure("learning", percent=120, at_most=20)


def test_the_operations_are_named() -> None:
    assert OPERATIONS == ("convolution", "max pooling", "average pooling", "blur pooling")
