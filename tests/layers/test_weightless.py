from __future__ import annotations

import math
from typing import Any

import pytest

from mkdocs_cnn.layers import (
    GELU,
    Dropout,
    Flatten,
    Identity,
    Layer,
    LocalResponseNorm,
    ReLU,
    ReLU6,
    Select,
    Sequential,
    Sigmoid,
    SiLU,
    Softmax,
    Tanh,
)

ACTIVATIONS = (ReLU(), ReLU6(), SiLU(), GELU(), Sigmoid(), Tanh(), Softmax())
UNIT_BY_UNIT = (*ACTIVATIONS, Identity(), Dropout(), Dropout(0.2), LocalResponseNorm(5))
FREE = (*UNIT_BY_UNIT, Flatten(), Select((0, 1)))
SHAPES = ((6,), (6, 5), (6, 5, 4))


@pytest.mark.parametrize("layer", FREE, ids=repr)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_free_costs_nothing(layer: Layer, shape: tuple[int, ...]) -> None:
    placed = layer.on(*shape)
    counts = {
        "weights": "weight",
        "parameters": "parameter",
        "macs": "MAC",
        "connections": "connection",
        "activations": "activation",
        "bytes_moved": "byte",
        "parameter_bytes": "byte",
        "activation_bytes": "byte",
        "flops": "FLOP",
    }
    for name, unit in counts.items():
        number = getattr(placed, name)
        assert (number, number.unit) == (0, unit), name


@pytest.mark.parametrize("layer", UNIT_BY_UNIT, ids=repr)
@pytest.mark.parametrize("shape", SHAPES)
def test_what_works_unit_by_unit_keeps_the_shape_and_sees_one_position(
    layer: Layer, shape: tuple[int, ...]
) -> None:
    placed = layer.on(*shape)
    assert placed.output_shape == shape
    assert placed.inputs == placed.outputs == math.prod(shape)
    assert len(placed.receptive_field.fields) == len(shape) - 1
    assert all(field.is_identity for field in placed.receptive_field.fields)


@pytest.mark.parametrize("shape", SHAPES)
def test_flatten_makes_one_vector_of_all_values(shape: tuple[int, ...]) -> None:
    assert Flatten().on(*shape).output_shape == (math.prod(shape),)


def test_the_features_of_a_flattened_image_have_a_working() -> None:
    (features,) = Flatten().on(16, 5, 5).output_shape
    assert (features.worked, features.formula) == ("16 · 5 · 5 = 400", "C_in H W")


def test_a_flattened_image_sees_all_of_it() -> None:
    fields = Flatten().on(16, 5, 7).receptive_field.fields
    assert [list(field.sees(0)) for field in fields] == [list(range(5)), list(range(7))]
    assert Flatten().on(16).receptive_field.fields == ()


@pytest.mark.parametrize(("channels", "count"), [((0,), 1), ([5, 0, 2], 3), ((1, 1), 2)])
@pytest.mark.parametrize("shape", SHAPES)
def test_select_keeps_as_many_channels_as_it_names(
    channels: Any, count: int, shape: tuple[int, ...]
) -> None:
    assert Select(channels).on(*shape).output_shape == (count, *shape[1:])


def test_layers_of_different_kinds_are_different() -> None:
    assert len(set(ACTIVATIONS)) == len(ACTIVATIONS)
    assert Dropout() != Dropout(0.2)
    assert Dropout() == Dropout(0.5)


def test_what_is_placed_is_what_was_given_and_not_a_layer_with_the_same_hash() -> None:
    assert hash(ReLU()) == hash(GELU())
    for layer in (*ACTIVATIONS, *reversed(ACTIVATIONS)):
        (row,) = Sequential(layer).on(3, 4, 4).rows
        assert row.kind == type(layer).__name__


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (ReLU(), "ReLU()"),
        (Dropout(), "Dropout()"),
        (Dropout(0.2), "Dropout(p=0.2)"),
        (LocalResponseNorm(5), "LocalResponseNorm(size=5)"),
        (Flatten(), "Flatten()"),
        (Select([2, 0]), "Select(channels=(2, 0))"),
    ],
)
def test_a_layer_shows_the_call_that_makes_it(layer: Layer, text: str) -> None:
    assert repr(layer) == text
    assert eval(text) == layer
    assert hash(eval(text)) == hash(layer)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Dropout(1.5), ValueError, "p must be between 0 and 1, not 1.5"),
        (lambda: Dropout(-0.1), ValueError, "p must be between 0 and 1, not -0.1"),
        (lambda: Dropout(math.nan), ValueError, "p must be between 0 and 1, not nan"),
        (lambda: Dropout("0.5"), TypeError, "p must be a number, not str '0.5'"),
        (lambda: Dropout(True), TypeError, "p must be a number, not bool True"),
        (lambda: LocalResponseNorm(0), ValueError, "size must be at least 1, not 0"),
        (lambda: LocalResponseNorm(2.0), TypeError, "size must be an integer, not float 2.0"),
        (lambda: Select(()), ValueError, "channels must name at least one channel"),
        (lambda: Select((0, -1)), ValueError, "channels must be at least 0, not -1"),
        (lambda: Select((0, 1.0)), TypeError, "channels must be an integer, not float 1.0"),
        (
            lambda: Select(3),
            TypeError,
            "channels must be a tuple or list of integers, not int 3",
        ),
        (lambda: Select((0, 6)).on(6, 5), ValueError, "no channel 6 among 6, counted from 0"),
        (
            lambda: ReLU().on(1, 6, 5, 4),
            ValueError,
            "ReLU takes an input of 1 size (features) or 2 sizes (channels, length) or 3 sizes "
            "(channels, height, width), not 4: (1, 6, 5, 4)",
        ),
        (lambda: Flatten().on(6, 0), ValueError, "input length must be at least 1, not 0"),
    ],
)
def test_an_impossible_layer_names_the_rule_and_every_value(
    make: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value) == message


@pytest.mark.parametrize("p", [0, 1, 0.0, 1.0])
def test_dropout_of_nothing_and_of_everything_is_allowed(p: float) -> None:
    assert Dropout(p).on(6).output_shape == (6,)
