import pytest

from mkdocs_cnn.book.claims.recomputing.lessons import (
    EDGE,
    EDGE_FILTER,
    GRID,
    LESSON,
    PHOTO,
    TAPS,
    TINY,
    chain,
    edge_outputs,
    edge_response,
    flipped,
    output_moves,
    outputs_that_move_along,
    outputs_that_stay,
    positions,
    reads,
    seen,
    uses,
)


@pytest.mark.parametrize(
    ("layer", "weights"),
    [
        (LESSON, (14_450_688, 352_800, 450)),
        (GRID, (6_400, 576, 9)),
        (EDGE, (576, 144, 9)),
        (TINY, (36, 16, 4)),
        (TAPS, (8_003_072_000, 178_640, 2)),
        (PHOTO, (7_920_998_400, 795_636, 9)),
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


@pytest.mark.parametrize(
    ("strides", "pixels"),
    [((1,), 3), ((1, 1), 5), ((1, 1, 1), 7), ((2, 1), 7), ((2, 1, 1), 11), ((2, 2, 1), 15)],
)
def test_layers_of_three_by_three_see_more_with_depth_and_stride(strides, pixels):
    assert seen(*strides) == pixels


@pytest.mark.parametrize(
    ("moved", "row", "stay", "along"),
    [
        (0, [0, 30, 30, 0], (4, 4), (4, 4)),
        (1, [0, 0, 30, 30], (2, 4), (3, 3)),
        (2, [0, 0, 0, 30], (1, 4), (2, 2)),
        (3, [0, 0, 0, 0], (2, 4), (1, 1)),
    ],
)
def test_the_edge_moves_along_and_does_not_stay(moved, row, stay, along):
    assert [output.value for output in edge_outputs(moved)] == row
    assert outputs_that_stay(moved) == stay
    assert outputs_that_move_along(moved) == along


def test_an_output_moves_as_far_as_the_input_divided_by_the_stride():
    assert output_moves((5, 3), 1) == (5, 3)
    assert output_moves((6, -4), 2) == (3, -2)
