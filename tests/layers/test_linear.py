from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.layers import Linear, Placed
from mkdocs_cnn.quantities.quantity import Quantity


def numbers(placed: Placed) -> tuple[int, ...]:
    counted = (placed.parameters, placed.weights, placed.macs, placed.connections)
    return tuple(
        int(number) for number in (*counted, placed.dense.weights, placed.unshared.weights)
    )


def test_a_dense_layer_from_100_to_100_units() -> None:
    assert numbers(Linear(100, 100).on(100)) == (10_100, 10_000, 10_000, 10_000, 10_000, 10_000)


@pytest.mark.parametrize("positions", [(), (4,), (3, 5)])
@pytest.mark.parametrize("bias", [True, False])
def test_a_linear_layer_counts_what_a_matrix_product_at_each_position_does(
    positions: tuple[int, ...], bias: bool
) -> None:
    inner, outer = 3, 2
    placed = Linear(inner, outer, bias=bias).on(inner, *positions)
    images = np.eye(inner * int(np.prod(positions))).reshape(-1, inner, *positions)
    moved = np.einsum("oi,ni...->no...", np.ones((outer, inner)), images)
    pairs = np.count_nonzero(moved)
    assert placed.output_shape == moved.shape[1:]
    assert placed.macs == placed.connections == placed.unshared.weights == pairs
    assert placed.weights == inner * outer
    assert placed.parameters == inner * outer + bias * outer
    assert placed.unshared.parameters == pairs + bias * moved[0].size
    assert placed.dense.weights == images[0].size * moved[0].size


def test_a_linear_layer_on_a_vector_shares_nothing_and_is_dense() -> None:
    placed = Linear(7, 5).on(7)
    assert placed.unshared is placed
    assert (placed.sparsity, placed.sharing, placed.fan_in) == (1, 1, 7)
    assert placed.receptive_field.fields == ()


def test_a_linear_layer_at_each_position_shares_and_sees_its_own_position() -> None:
    placed = Linear(7, 5).on(7, 4, 6)
    assert placed.sharing == placed.sparsity == 4 * 6
    field = placed.receptive_field
    assert (field.size, field.stride, field.padding) == (1, 1, 0)
    assert field.warnings == ()


@pytest.mark.parametrize(
    ("placed", "name", "worked", "formula"),
    [
        (Linear(100, 10).on(100), "parameters", "(100 + 1) · 10 = 1,010", "(m + 1) n"),
        (Linear(100, 10, bias=False).on(100), "parameters", "100 · 10 = 1,000", "m n"),
        (Linear(100, 10).on(100), "weights", "100 · 10 = 1,000", "m n"),
        (Linear(100, 10).on(100), "macs", "100 · 10 = 1,000", "m n"),
        (Linear(8, 10).on(8, 4), "macs", "4 · 8 · 10 = 320", "L C_in n"),
        (Linear(8, 10).on(8, 4, 6), "connections", "4 · 6 · 8 · 10 = 1,920", "H W C_in n"),
        (Linear(8, 10).on(8, 4, 6), "parameters", "(8 + 1) · 10 = 90", "(C_in + 1) n"),
        (Linear(8, 10).on(8, 4).unshared, "parameters", "320 + 40 = 360", "N_c + n"),
    ],
)
def test_the_working_is_that_of_the_textbook(
    placed: Placed, name: str, worked: str, formula: str
) -> None:
    number = getattr(placed, name)
    assert (number.worked, number.formula) == (worked, formula)


def test_a_size_with_a_working_keeps_it() -> None:
    pixels = (Quantity(28) * 28).named("pixels")
    assert Linear(pixels, 10).on(pixels).weights.worked == "784 · 10 = 7,840"
    assert Linear(pixels, 10).on(pixels).weights.steps[0].worked == "28 · 28 = 784"


@pytest.mark.parametrize(
    ("given", "input_shape", "error", "message"),
    [
        ((0, 5), (1,), ValueError, "in_features must be at least 1, not 0"),
        ((5, 2.0), (5,), TypeError, "out_features must be an integer, not float 2.0"),
        ((5, True), (5,), TypeError, "out_features must be an integer, not bool True"),
        (
            (5, 2),
            (6,),
            ValueError,
            "input has 6 features where the layer expects 5 (in_features=5, input=(6,))",
        ),
        (
            (5, 2),
            (5, 1, 1, 1),
            ValueError,
            "Linear takes an input of 1 size (features) or 2 sizes (channels, length) or 3 sizes "
            "(channels, height, width), not 4: (5, 1, 1, 1)",
        ),
    ],
)
def test_an_impossible_dense_layer_names_the_rule_and_every_value(
    given: tuple[Any, Any], input_shape: tuple[Any, ...], error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        Linear(*given).on(*input_shape)
    assert str(caught.value) == message
