import pytest

from mkdocs_cnn.book.claims.recomputing.lessons import (
    EDGE,
    EDGE_FILTER,
    GRID,
    LESSON,
    PHOTO,
    TAPS,
    TINY,
    columns_moved,
    counts,
    edge_outputs,
    edge_response,
    filter_parameters,
    half_turn,
    moved_outputs,
    pixels_seen,
    rows_moved,
    unmoved_outputs,
    weights_and_factors,
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
    dense, unshared, shared, sparsity, sharing, reduction = weights_and_factors(layer).values()
    assert (dense, unshared, shared) == weights
    assert sparsity * sharing == reduction
    assert reduction * shared == dense


@pytest.mark.parametrize(
    ("layer", "read", "used"), [(LESSON, 75, 784), (GRID, 9, 64), (EDGE, 9, 16), (TINY, 4, 4)]
)
def test_outputs_read_a_window_and_weights_serve_every_position(layer, read, used):
    names = ("inputs_per_output", "connections_per_weight", "positions")
    assert tuple(counts(layer, *names).values()) == (read, used, used)


def test_the_edge_stands_in_the_middle_columns():
    assert [edge_response(column).value for column in range(4)] == [0, 30, 30, 0]


def test_true_convolution_turns_the_sign():
    turned = half_turn(EDGE_FILTER)
    assert [edge_response(column, turned).value for column in range(4)] == [0, -30, -30, 0]


def test_a_filter_is_half_turn_both_ways():
    assert half_turn(((1, 0, -1), (0, 0, 0), (0, 1, 0))) == ((0, 1, 0), (0, 0, 0), (-1, 0, 1))


@pytest.mark.parametrize(
    ("strides", "pixels"),
    [((1,), 3), ((1, 1), 5), ((1, 1, 1), 7), ((2, 1), 7), ((2, 1, 1), 11), ((2, 2, 1), 15)],
)
def test_layers_of_three_by_three_see_more_with_depth_and_stride(strides, pixels):
    assert pixels_seen(*strides) == pixels


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
    assert tuple(unmoved_outputs(moved).values()) == stay
    assert tuple(moved_outputs(moved).values()) == along


def test_an_output_moves_as_far_as_the_input_divided_by_the_stride():
    assert (rows_moved((5, 3), 1), columns_moved((5, 3), 1)) == (5, 3)
    assert (rows_moved((6, -4), 2), columns_moved((6, -4), 2)) == (3, -2)


def test_filters_have_a_weight_for_each_channel_and_a_bias():
    assert filter_parameters(1) == {"colour": 5 * 5 * 3 + 1, "grey": 5 * 5 + 1}
    assert filter_parameters(6) == {"colour": 456, "grey": 156}


def test_a_dense_layer_has_a_bias_for_each_output():
    names = ("dense_weights", "dense_parameters")
    assert tuple(counts(TINY, *names).values()) == (9 * 4, 9 * 4 + 4)
