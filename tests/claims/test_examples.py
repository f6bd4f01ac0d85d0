import pytest

from mkdocs_cnn.claims.examples import (
    EDGE,
    EDGE_FILTER,
    GRID,
    LESSON,
    TINY,
    chain,
    edge_response,
    flipped,
    positions,
    reads,
    uses,
)


@pytest.mark.parametrize(
    ("layer", "weights"),
    [
        (LESSON, (14_450_688, 352_800, 450)),
        (GRID, (6_400, 576, 9)),
        (EDGE, (576, 144, 9)),
        (TINY, (36, 16, 4)),
    ],
)
def test_each_chain_has_its_middle(layer, weights):
    dense, unshared, shared, sparsity, sharing, reduction = chain(layer)
    assert (dense, unshared, shared) == weights
    assert sparsity * sharing == reduction
    assert reduction * shared == dense


@pytest.mark.parametrize(
    ("layer", "read", "used"), [(LESSON, 75, 784), (GRID, 9, 64), (EDGE, 9, 16), (TINY, 4, 4)]
)
def test_outputs_read_a_window_and_weights_serve_every_position(layer, read, used):
    assert reads(layer) == read
    assert uses(layer) == positions(layer.output_shape) == used


def test_the_edge_stands_in_the_middle_columns():
    assert [edge_response(column).value for column in range(4)] == [0, 30, 30, 0]


def test_true_convolution_turns_the_sign():
    turned = flipped(EDGE_FILTER)
    assert [edge_response(column, turned).value for column in range(4)] == [0, -30, -30, 0]


def test_a_filter_is_flipped_both_ways():
    assert flipped(((1, 0, -1), (0, 0, 0), (0, 1, 0))) == ((0, 1, 0), (0, 0, 0), (-1, 0, 1))
