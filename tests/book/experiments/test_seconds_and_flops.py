from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.book.experiments.seconds_and_flops import findings as found
from mkdocs_cnn.book.experiments.seconds_and_flops.run import (
    LEARNING,
    PHOTOGRAPH,
    RATE,
    WAYS,
    Cell,
    SecondsRun,
    Settings,
    bytes_needed,
    cells,
    depthwise,
    fastest,
    layer,
    linear,
    macs,
    middle,
    normal,
    sparse_matrix,
)
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.layers import Conv2d, Linear

NAME = "seconds-and-flops"


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


# -- what is timed is what core computes


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("height", "width", "k"), [(9, 12, 3), (8, 8, 2), (7, 11, 7), (6, 5, 1)])
def test_every_way_is_the_cross_correlation(way: str, height: int, width: int, k: int) -> None:
    image, kernel = normal(rng(), height, width), normal(rng(), k, k)
    before = image.copy()
    call = WAYS[way](image, kernel)
    wanted = cross_correlate2d(image[None].astype(float), kernel[None, None].astype(float))[0]
    for output in (call(), call()):
        assert output.dtype == np.float32
        assert output == pytest.approx(wanted, abs=1e-5)
    assert (image == before).all()


def test_the_sparse_matrix_stores_the_connections_alone() -> None:
    matrix = sparse_matrix((5, 6), normal(rng(), 3, 3))
    assert matrix.shape == (12, 30)
    assert matrix.nnz == Conv2d(1, 1, 3).on(1, 5, 6).connections
    assert matrix.has_sorted_indices
    assert matrix.indices.dtype == np.int32


@pytest.mark.parametrize(("channels", "k"), [(3, 3), (4, 1)])
def test_a_layer_is_the_cross_correlation_with_channels(channels: int, k: int) -> None:
    call, again = layer(rng(), channels, k, side=6), rng()
    x = normal(again, channels, 6, 6)
    filters = normal(again, channels, channels * k * k).reshape(channels, channels, k, k)
    assert call() == pytest.approx(cross_correlate2d(x, filters, padding=k // 2), abs=1e-4)


def test_a_depthwise_layer_is_the_cross_correlation_in_as_many_groups() -> None:
    call, again = depthwise(rng(), 4, side=6), rng()
    x, filters = normal(again, 4, 6, 6), normal(again, 4, 1, 9).reshape(4, 1, 3, 3)
    assert call() == pytest.approx(cross_correlate2d(x, filters, padding=1, groups=4), abs=1e-4)


def test_a_linear_layer_is_a_matrix_times_a_vector() -> None:
    call, again = linear(rng(), 7, 5), rng()
    x = normal(again, 7)
    assert call() == pytest.approx(np.einsum("oi,i->o", normal(again, 5, 7), x), abs=1e-5)


@pytest.mark.parametrize("way", LEARNING)
def test_a_step_of_learning_goes_against_the_gradient_of_half_the_square(way: str) -> None:
    image, kernel = normal(rng(), 6, 7) * 1e4, normal(rng(), 3, 3)
    outputs = cross_correlate2d(image[None].astype(float), kernel[None, None].astype(float))[0]
    matrix = sparse_matrix(image.shape, kernel).toarray().astype(float)
    whole = np.outer(outputs.ravel(), image.ravel().astype(float))
    weights, gradient = {
        "dense": (matrix, whole),
        "sparse": (matrix[matrix != 0], whole[matrix != 0]),
        "direct": (
            kernel.astype(float),
            [[(outputs * image[y : y + 4, x : x + 5]).sum() for x in range(3)] for y in range(3)],
        ),
    }[way]
    learned = LEARNING[way](image, kernel)()
    step = float(RATE) * np.array(gradient)
    assert np.abs(step).max() > 0.1
    assert learned == pytest.approx(weights - step, abs=1e-5)


def test_the_gradient_of_the_kernel_is_the_slope_of_its_loss() -> None:
    image, kernel = normal(rng(), 6, 7) * 1e4, normal(rng(), 3, 3)

    def loss(weights: Any) -> float:
        out = cross_correlate2d(image[None].astype(float), weights[None, None].astype(float))
        return float((out**2).sum() / 2)

    learned = LEARNING["direct"](image, kernel)()
    moves = np.eye(9).reshape(9, 3, 3) * 0.1
    slopes = [(loss(kernel + move) - loss(kernel - move)) / 0.2 for move in moves]
    assert ((kernel - learned) / RATE).ravel() == pytest.approx(slopes, rel=1e-3, abs=1e4)


# -- what is counted


@pytest.mark.parametrize(("height", "width", "k"), [(280, 320, 3), (64, 64, 3), (9, 5, 4)])
def test_multiply_adds_are_those_that_layers_count(height: int, width: int, k: int) -> None:
    placed = Conv2d(1, 1, k).on(1, height, width)
    for way in ("sparse", "im2col", "shifts", "direct", "FFT"):
        assert macs(way, (height, width), k) == placed.macs
    assert macs("dense", (height, width), k) == placed.dense.macs


def test_bytes_are_those_of_the_arrays() -> None:
    image, kernel = normal(rng(), 9, 12), normal(rng(), 3, 3)
    matrix = sparse_matrix(image.shape, kernel)
    assert bytes_needed("dense", image.shape, 3) == matrix.toarray().nbytes
    assert bytes_needed("sparse", image.shape, 3) == matrix.data.nbytes + matrix.indices.nbytes
    assert bytes_needed("im2col", image.shape, 3) == 9 * 70 * 4
    assert bytes_needed("FFT", image.shape, 3) == 0


def test_nothing_is_timed_that_needs_too_many_bytes() -> None:
    settings = Settings()
    planned = {(cell.task, cell.way, cell.size) for cell in cells(settings)}
    assert not [one for one in planned if one[:2] == ("photograph", "dense")]
    assert bytes_needed("dense", (280, 320), 3) == 31_683_993_600
    assert ("photograph", "sparse", 21) in planned
    assert ("photograph", "sparse", 31) not in planned  # 557,380,000 bytes
    assert ("photograph", "im2col", 31) in planned


def test_layers_have_the_multiply_adds_of_the_chapter() -> None:
    counted = {cell.way: cell.macs for cell in cells(Settings()) if cell.task == "layer"}
    assert counted == {
        "3 × 3": Conv2d(64, 64, 3, padding=1).on(64, 56, 56).macs,
        "1 × 1": Conv2d(128, 128, 1).on(128, 56, 56).macs,
        "depthwise": Conv2d(128, 128, 3, padding=1, groups=128).on(128, 56, 56).macs,
        "dense": Linear(25_088, 4_096).on(25_088).macs,
    }


def test_the_photograph_is_the_grey_one_and_the_square_its_middle() -> None:
    with Image.open(PHOTOGRAPH) as file:
        image = np.asarray(file.convert("L"), np.float32)
    grey = grey_photograph()[0]
    assert image == pytest.approx(grey, abs=1)
    assert middle(image, 64) == pytest.approx(grey[108:172, 128:192], abs=1)


# -- the clock


def test_the_fastest_call_counts_and_the_first_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0, 1, 10, 19, 20, 27, 30, 38])  # 1 to warm up, then 9, 7, 8
    monkeypatch.setattr(
        "mkdocs_cnn.book.experiments.seconds_and_flops.run.perf_counter_ns", lambda: next(clock)
    )
    calls = []

    def prepare(rng: np.random.Generator) -> Any:
        return lambda: calls.append(1)

    assert fastest(Cell("square", "dense", 8, 1, prepare), 0, calls=3) == 7
    assert len(calls) == 4


def test_the_result_has_every_cell_of_every_seed() -> None:
    result = outcome(NAME)
    planned = [cell[:4] for cell in cells(result.settings)]
    for run in result.runs:
        assert [timing[:4] for timing in run.timings] == planned
        assert all(timing[4] > 0 for timing in run.timings)


def test_the_clock_ticks_here_too() -> None:
    small = next(cell for cell in cells(Settings()) if cell[:3] == ("square", "direct", 16))
    assert 0 < fastest(small, 0, calls=2) < 1_000_000_000


# -- findings


def made(*times: int) -> SecondsRun:
    told = (
        ("photograph", "direct", 2, 100),
        ("photograph", "FFT", 2, 100),
        ("photograph", "direct", 3, 200),
        ("photograph", "FFT", 3, 200),
        ("square", "dense", 64, 4000),
        ("square", "sparse", 64, 40),
        ("square", "direct", 64, 40),
        ("learning", "dense", 64, 8000),
        ("learning", "sparse", 64, 80),
        ("learning", "direct", 64, 80),
        ("layer", "3 × 3", 3, 1000),
        ("layer", "1 × 1", 1, 500),
    )
    return SecondsRun(tuple((*cell, time) for cell, time in zip(told, times, strict=True)))


RUNS = tuple(
    made(*(time * 1000 for time in times))
    for times in (
        (10, 20, 30, 20, 900, 30, 90, 2000, 10, 20, 50, 100),
        (12, 22, 36, 22, 1000, 20, 90, 2200, 11, 20, 50, 100),
        (14, 24, 33, 24, 1100, 10, 90, 2100, 10, 21, 50, 100),
    )
)


def small(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setattr(found, "OFTEN", ("direct", "FFT"))
    return found.findings(RUNS, Settings(), kernel_size=3)


def test_times_are_medians_over_the_seeds_and_the_fastest(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = small(monkeypatch)
    assert numbers["photograph_direct"] == Fraction(33, 1000)
    assert numbers["photograph_direct"].unit == "ms"
    assert numbers["photograph_direct_fastest"] == Fraction(3, 100)
    assert numbers["photograph_direct_per_billion"] == 165  # 33 microseconds for 200
    assert numbers["photograph_direct_macs"] == 200


def test_ratios_are_taken_within_each_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = small(monkeypatch)
    assert numbers["dense_to_sparse"] == 50  # of 30, 50 and 110
    assert numbers["dense_to_sparse_macs"] == 100
    assert numbers["learning_dense_to_direct"] == 100  # of 100, 110 and 100
    assert numbers["apart"] == Fraction(3, 2)  # 33 to 22
    assert numbers["direct_apart"] == pytest.approx(1.375, abs=0.006)  # 165 to 120
    assert numbers["layers_apart"] == 4  # 0.2 to 0.05


def test_a_way_passes_another_where_it_stays_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = small(monkeypatch)
    assert numbers["fft_passes_direct"] == 3
    assert numbers["sparse_passes_dense"] == 64
    assert found.passes(found.timings(RUNS), "square", "dense", "sparse") == 0


def test_a_way_that_falls_behind_again_has_not_passed() -> None:
    ahead = [("square", way, 4, 1, time) for way, time in (("dense", 2), ("sparse", 1))]
    behind = [("square", way, 8, 1, time) for way, time in (("dense", 1), ("sparse", 2))]
    cells = found.timings([SecondsRun((*ahead, *behind))])
    assert found.passes(cells, "square", "sparse", "dense") == 0
    assert found.passes(cells, "square", "dense", "sparse") == 8


def test_a_size_that_was_not_timed_is_refused() -> None:
    with pytest.raises(ValueError, match=r"on the photograph sizes \[2, 3\] were timed, not 4"):
        found.findings(RUNS, Settings(), kernel_size=4)
