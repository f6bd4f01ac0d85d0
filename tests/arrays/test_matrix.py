from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from scipy.signal import correlate2d

from mkdocs_cnn.arrays.correlation import cross_correlate2d, cross_correlate2d_by_definition
from mkdocs_cnn.arrays.matrix import (
    NO_WEIGHT,
    SEVERAL,
    SparseMatrix,
    as_matrix,
    as_sparse_matrix,
    weight_identity,
)
from mkdocs_cnn.book.measurements.images import grey_photograph
from mkdocs_cnn.layers import Conv1d, Conv2d, Linear, Placed, PlacedConv
from mkdocs_cnn.quantities.quantity import Quantity

# -- the explicit matrix is the layer, entry by entry

SLOW = 10_000  # multiply-adds; more than half of the layers are smaller


def test_the_matrix_gives_the_integers_of_the_definition(random_case: Callable[[int], Any]) -> None:
    for seed in range(400):
        placed, given, x, weight, _ = random_case(seed)
        by_definition = cross_correlate2d_by_definition(x, weight, **given)
        product = as_matrix(weight, x.shape, **given).values @ x.ravel()
        assert np.array_equal(product, by_definition.ravel()), (placed.layer, x.shape)


def through_the_standard_basis(placed: PlacedConv, given: dict[str, Any], weight: Any) -> Any:
    """What every single input does to every output: columns, one for each input."""
    size = math.prod(map(int, placed.input_shape))
    basis = np.eye(size).reshape(size, *map(int, placed.input_shape))
    return cross_correlate2d_by_definition(basis, weight, **given).reshape(size, -1).T


def test_the_standard_basis_finds_as_many_connections_as_are_counted(
    random_case: Callable[[int], Any],
) -> None:
    for seed in range(600):
        placed, given, _, weight, _ = random_case(seed)
        if placed.inputs * placed.macs > SLOW:
            continue
        weight = np.random.default_rng(seed).uniform(1, 2, weight.shape)
        matrix = through_the_standard_basis(placed, given, weight)
        found = np.count_nonzero(matrix)
        assert found == placed.connections == placed.unshared.weights, placed.layer
        assert matrix.size == placed.dense.weights
        explicit = as_matrix(weight, placed.input_shape, **given)
        np.testing.assert_allclose(matrix, explicit.values, atol=1e-12)
        assert np.array_equal(matrix != 0, explicit.identity != NO_WEIGHT)
        if given["padding"] in (0, "valid"):
            assert found == placed.macs


# -- which weight stands where


def different(identity: Any) -> int:
    return len(set(identity.ravel().tolist()) - {NO_WEIGHT})


def test_there_are_as_many_different_numbers_as_weights(random_case: Callable[[int], Any]) -> None:
    for seed in range(300):
        placed, given, *_ = random_case(seed)
        own = different(weight_identity(placed.unshared))
        assert (
            own
            == placed.unshared.weights
            == np.count_nonzero(weight_identity(placed.unshared) != NO_WEIGHT)
        )
        if given["padding"] in (0, "valid"):
            assert different(weight_identity(placed)) == placed.weights
    for inputs, outputs in ((1, 1), (3, 5), (7, 2)):
        dense = Linear(inputs, outputs).on(inputs)
        assert different(weight_identity(dense)) == dense.weights


def test_identity_names_the_weight_that_stands_in_each_entry(
    random_case: Callable[[int], Any],
) -> None:
    for seed in range(300):
        placed, given, _, weight, _ = random_case(seed)
        weight = np.random.default_rng(seed).uniform(1, 2, weight.shape)
        values, identity = as_matrix(weight, placed.input_shape, **given)
        single = identity >= 0
        assert np.array_equal(values[single], weight.ravel()[identity[single]])
        assert not values[identity == NO_WEIGHT].any()
        assert (values[identity == SEVERAL] > 2).all()
        assert np.array_equal(identity, weight_identity(placed))


@pytest.mark.parametrize(
    ("placed", "entries", "taps", "distinct"),
    [
        (Conv2d(1, 1, kernel_size=3).on(1, 6, 6), 576, 144, 9),
        (Conv2d(1, 1, kernel_size=2).on(1, 3, 3), 36, 16, 4),
        (Conv2d(1, 1, kernel_size=3).on(1, 10, 10), 6400, 576, 9),
        (Conv2d(1, 1, kernel_size=3).on(1, 10, 10).unshared, 6400, 576, 576),
        (Conv2d(1, 1, kernel_size=3).on(1, 10, 10).dense, 6400, 6400, 6400),
        (
            Conv2d(1, 1, kernel_size=10, padding="same", padding_mode="circular").on(1, 10, 10),
            10_000,
            10_000,
            100,
        ),
    ],
)
def test_the_four_matrices_of_the_two_by_two(
    placed: Placed, entries: int, taps: int, distinct: int
) -> None:
    identity = weight_identity(placed)
    assert identity.size == entries
    assert np.count_nonzero(identity != NO_WEIGHT) == taps == placed.connections
    assert different(identity) == distinct == placed.weights


def test_each_row_of_a_circulant_matrix_holds_every_weight_once() -> None:
    ring = Conv2d(1, 1, kernel_size=4, padding="same", padding_mode="circular").on(1, 4, 4)
    identity = weight_identity(ring)
    for line in (*identity, *identity.T):
        assert sorted(line) == list(range(16))


def test_a_padding_that_is_read_twice_is_marked() -> None:
    matrix = as_matrix(np.array([[[[1, 2, 4]]]]), (1, 1, 3), padding=(0, 1), padding_mode="edge")
    assert matrix.values.tolist() == [[3, 4, 0], [1, 2, 4], [0, 1, 6]]
    assert matrix.identity.tolist() == [[SEVERAL, 2, NO_WEIGHT], [0, 1, 2], [NO_WEIGHT, 0, SEVERAL]]


def test_the_sequence_has_the_matrix_of_an_image_of_one_row() -> None:
    across = Conv1d(4, 6, kernel_size=3, stride=2, padding=2, dilation=2, groups=2).on(4, 9)
    row = Conv2d(4, 6, kernel_size=(1, 3), stride=2, padding=(0, 2), dilation=(1, 2), groups=2).on(
        4, 1, 9
    )
    assert np.array_equal(weight_identity(across), weight_identity(row))


def test_a_linear_layer_at_each_position_is_a_convolution_of_one_pixel() -> None:
    everywhere, pixel = Linear(3, 5).on(3, 2, 4), Conv2d(3, 5, kernel_size=1).on(3, 2, 4)
    assert np.array_equal(weight_identity(everywhere), weight_identity(pixel))


def test_a_layer_without_a_matrix_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^object has no weight matrix$"):
        weight_identity(type("Pool", (), {"layer": object()})())


def test_each_output_of_the_edge_image_reads_9_pixels_and_6_move_it() -> None:
    matrix = as_matrix([[[[1, 0, -1]] * 3]], (1, 6, 6))
    assert set(np.count_nonzero(matrix.identity != NO_WEIGHT, axis=1)) == {9}
    assert set(np.count_nonzero(matrix.values, axis=1)) == {6}


def test_bytes_do_not_overflow_in_a_matrix() -> None:
    x, weight = np.full((1, 3, 3), 255, np.uint8), np.full((1, 1, 3, 3), -128, np.int8)
    assert (as_matrix(weight, (1, 3, 3)).values @ x.ravel()).item() == -128 * 255 * 9


def test_a_matrix_is_exact_beyond_64_bits() -> None:
    weight = np.array([2**63 + 5], np.uint64)[None, None, None]
    assert as_matrix(weight, (1, 1, 1)).values.item() == 2**63 + 5
    small = as_matrix(np.ones((1, 1, 1, 1), np.uint64), (1, 1, 1))
    assert small.values.dtype == np.int64


@pytest.mark.parametrize("route", [as_matrix, as_sparse_matrix])
@pytest.mark.parametrize(
    ("weight", "input_shape", "error", "message"),
    [
        (np.ones(3), (1, 3, 3), ValueError, "not 1 axes: (3,)"),
        (np.ones((1, 1, 2, 2)), (3, 3), ValueError, "not 2: (3, 3)"),
        (
            np.ones((1, 1, 2, 2)),
            9,
            TypeError,
            "input_shape must be (in_channels, height, width), not int 9",
        ),
        (np.ones((1, 1, 2, 2)), (1, -3, 3), ValueError, "input height must be at least 1, not -3"),
        (
            np.ones((1, 1, 2, 2)),
            (1, 3.0, 3),
            TypeError,
            "input height must be an integer, not float 3.0",
        ),
    ],
)
def test_a_matrix_that_cannot_be_is_refused(
    route: Callable[..., Any],
    weight: Any,
    input_shape: Any,
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error) as caught:
        route(weight, input_shape)
    assert str(caught.value).endswith(message)


# -- sparse: SciPy as oracle


def by_definition(placed: PlacedConv, weight: Any) -> Any:
    """SciPy's matrix, of one triple for each output and tap; NumPy says what padding repeats."""
    layer, shape = placed.layer, tuple(map(int, placed.input_shape))
    sides = [(0, 0), *([int(side) for side in axis.padding] for axis in placed.axes)]
    pixels = np.arange(math.prod(shape)).reshape(shape)
    zeros = {"mode": "constant", "constant_values": -1}
    mode = {"circular": "wrap"}.get(layer.padding_mode, layer.padding_mode)
    padded = np.pad(pixels, sides, **(zeros if mode == "zeros" else {"mode": mode}))
    out_shape, (down, across) = tuple(map(int, placed.output_shape)), placed.axes
    per_group = out_shape[0] // layer.groups
    triples = []
    for row, (out_channel, y, x) in enumerate(np.ndindex(out_shape)):
        for channel, tap_y, tap_x in np.ndindex(weight.shape[1:]):
            pixel = padded[
                out_channel // per_group * weight.shape[1] + channel,
                y * int(down.stride) + tap_y * int(down.dilation),
                x * int(across.stride) + tap_x * int(across.dilation),
            ]
            if pixel >= 0:
                triples.append((weight[out_channel, channel, tap_y, tap_x], row, pixel))
    values, rows, columns = np.array(triples, int).reshape(-1, 3).T
    size = (math.prod(out_shape), math.prod(shape))
    return sparse.coo_matrix((values, (rows, columns)), size).tocsr()  # adds what meets in a cell


def assert_the_same(matrix: SparseMatrix, expected: Any) -> None:
    expected.sort_indices()
    assert matrix.shape == expected.shape
    assert np.array_equal(matrix.values, expected.data)
    assert np.array_equal(matrix.columns, expected.indices)
    assert np.array_equal(matrix.row_starts, expected.indptr)


def test_the_sparse_matrix_is_scipys_of_the_definition(random_case: Callable[[int], Any]) -> None:
    for seed in range(300):
        placed, given, x, weight, _ = random_case(seed)
        matrix = as_sparse_matrix(weight, x.shape, **given)
        expected = by_definition(placed, weight)
        assert_the_same(matrix, expected)
        assert matrix.values.dtype == np.int64
        product = matrix @ x.ravel()
        assert product.dtype == np.int64
        assert np.array_equal(product, expected @ x.ravel())
        assert np.array_equal(product, cross_correlate2d(x, weight, **given).ravel())
        assert matrix.entries == placed.connections


def test_fractions_of_weights_and_pixels_keep_their_precision(
    random_case: Callable[[int], Any],
) -> None:
    for seed in range(100):
        _, given, x, weight, _ = random_case(seed)
        rng = np.random.default_rng(seed)
        x, weight = rng.standard_normal(x.shape), rng.standard_normal(weight.shape)
        product = as_sparse_matrix(weight, x.shape, **given) @ x.ravel()
        expected = cross_correlate2d(x, weight, **given).ravel()
        np.testing.assert_allclose(product, expected, atol=1e-12)


# -- sparse: the photograph in full


def test_the_edges_of_the_photograph_take_178640_entries() -> None:
    grey = grey_photograph()
    matrix = as_sparse_matrix([[[[-1, 1]]]], grey.shape)
    assert (matrix.entries, matrix.shape) == (178_640, (89_320, 89_600))
    assert matrix.nbytes == 178_640 * (8 + 4) + 89_321 * 4
    a_row = sparse.diags_array([-1, 1], offsets=[0, 1], shape=(319, 320), dtype=int)
    assert_the_same(matrix, sparse.kron(sparse.eye_array(280, dtype=int), a_row, "csr"))
    edges = matrix @ grey.ravel()
    assert edges.dtype == np.int64
    assert np.array_equal(edges.reshape(280, 319), np.diff(grey[0]))


def test_a_kernel_of_3_by_3_takes_795636_entries_on_the_photograph() -> None:
    grey, kernel = grey_photograph(), np.arange(-4, 5).reshape(3, 3)
    matrix = as_sparse_matrix(kernel[None, None], grey.shape)
    assert (matrix.entries, matrix.shape) == (795_636, (88_404, 89_600))
    expected = correlate2d(grey[0], kernel, "valid")
    assert np.array_equal((matrix @ grey.ravel()).reshape(278, 318), expected)


# -- sparse: by hand


def test_a_weight_of_zero_is_stored_for_its_pixel_is_touched() -> None:
    matrix = as_sparse_matrix([[[[2, 0, -1]]]], (1, 1, 4))
    assert matrix.values.tolist() == [2, 0, -1, 2, 0, -1]
    assert matrix.columns.tolist() == [0, 1, 2, 1, 2, 3]
    assert matrix.row_starts.tolist() == [0, 3, 6]


def test_weights_that_meet_in_a_cell_are_one_entry() -> None:
    matrix = as_sparse_matrix([[[[1, 2, 4]]]], (1, 1, 3), padding=(0, 1), padding_mode="edge")
    assert matrix.values.tolist() == [3, 4, 1, 2, 4, 1, 6]
    cancelled = as_sparse_matrix([[[[1, -1, 4]]]], (1, 1, 3), padding=(0, 1), padding_mode="edge")
    assert cancelled.values.tolist() == [0, 4, 1, -1, 4, 1, 3]


@pytest.mark.parametrize(
    ("width", "padding", "row_starts"), [(1, 2, [0, 0, 0, 1, 1, 1]), (2, 1, [0, 0, 1, 2, 2])]
)
def test_an_output_that_reads_padding_alone_has_an_empty_row_and_is_0(
    width: int, padding: int, row_starts: list[int]
) -> None:
    matrix = as_sparse_matrix([[[[3]]]], (1, 1, width), padding=(0, padding))
    assert matrix.row_starts.tolist() == row_starts
    assert np.array_equal(matrix @ np.full(width, 5), 15 * np.diff(row_starts))


def test_a_matrix_without_entries_gives_zeros() -> None:
    far = as_sparse_matrix([[[[7]]]], (1, 1, 1), stride=3, padding=((0, 0), (1, 0)))
    assert (far.entries, (far @ [5]).tolist()) == (0, [0])


BIG = 2**62


@pytest.mark.parametrize(
    ("weight", "vector", "expected"),
    [
        ([1, 1], [BIG, BIG], 2**63),
        ([1, 1], [BIG - 1, BIG], 2**63 - 1),
        ([-1, 0], [-(2**63), 0], 2**63),
        (np.array([2**63 + 5, 1], np.uint64), [1, 1], 2**63 + 6),
        (np.array([-128, 0], np.int8), np.array([255, 9], np.uint8), -128 * 255),
        ([True, True], [True, True], 2),
        (np.array([Quantity(3), Quantity(4)]), [1, 2], 11),
    ],
)
def test_products_of_integers_are_exact(weight: Any, vector: Any, expected: int) -> None:
    matrix = as_sparse_matrix(np.asarray(weight)[None, None, None], (1, 1, 2))
    assert (matrix @ vector).tolist() == [expected]


def test_sums_of_weights_in_one_cell_are_exact() -> None:
    weight = np.full((1, 1, 1, 3), BIG)
    matrix = as_sparse_matrix(weight, (1, 1, 1), padding=(0, 1), padding_mode="edge")
    assert matrix.values.tolist() == [3 * BIG]


@pytest.mark.parametrize(
    ("vector", "error", "message"),
    [
        (
            [1, 2, 3],
            ValueError,
            "vector must have one value for each of the 4 columns, not shape (3,)",
        ),
        ([[1, 2, 3, 4]], ValueError, "of the 4 columns, not shape (1, 4)"),
        (["a"] * 4, TypeError, "vector must hold numbers, not dtype <U1"),
    ],
)
def test_a_vector_that_does_not_fit_is_refused(
    vector: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        as_sparse_matrix([[[[1, 1]]]], (1, 1, 4)) @ vector
    assert str(caught.value).endswith(message)
