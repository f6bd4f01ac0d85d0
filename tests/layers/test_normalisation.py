from __future__ import annotations

from typing import Any

import pytest

from mkdocs_cnn.layers import BatchNorm2d, Layer, LayerNorm, Scale


@pytest.mark.parametrize(
    ("layer", "shape", "parameters"),
    [
        (BatchNorm2d(64), (64, 8, 8), 128),
        (BatchNorm2d(64, affine=False), (64, 8, 8), 0),
        (Scale(6), (6, 14, 14), 6),
        (Scale(6, bias=True), (6, 14, 14), 12),
        (Scale(6, bias=True), (6,), 12),
        (LayerNorm(96), (96, 8, 8), 192),  # each position by itself
        (LayerNorm(96), (96,), 192),
        (LayerNorm((96,)), (96, 7), 192),
        (LayerNorm((4, 3, 2)), (4, 3, 2), 48),  # all values together
        (LayerNorm([4, 3]), (4, 3), 24),
        (LayerNorm((4, 3, 2), bias=False), (4, 3, 2), 24),
        (LayerNorm(96, bias=False), (96, 8, 8), 96),
        (LayerNorm(96, elementwise_affine=False), (96, 8, 8), 0),
    ],
)
def test_what_is_normalised_has_a_scale_and_a_shift_and_nothing_else(
    layer: Layer, shape: tuple[int, ...], parameters: int
) -> None:
    placed = layer.on(*shape)
    assert placed.parameters == parameters
    assert placed.parameter_bytes == 4 * parameters
    assert placed.parameters.unit == "parameter"
    assert placed.output_shape == shape
    assert placed.weights == placed.macs == placed.connections == placed.activations == 0
    assert all(field.is_identity for field in placed.receptive_field.fields)


@pytest.mark.parametrize(
    ("layer", "shape", "worked", "formula"),
    [
        (BatchNorm2d(64), (64, 8, 8), "2 · 64 = 128", "2 C_in"),
        (Scale(6), (6, 14, 14), "6", "C_in"),
        (Scale(6, bias=True), (6, 14, 14), "2 · 6 = 12", "2 C_in"),
        (LayerNorm(96), (96, 8, 8), "2 · 96 = 192", "2 C_in"),
        (LayerNorm(96), (96,), "2 · 96 = 192", "2 m"),
        (LayerNorm((4, 3, 2)), (4, 3, 2), "2 · 4 · 3 · 2 = 48", "2 C_in H W"),
    ],
)
def test_the_working_is_that_of_the_textbook(
    layer: Layer, shape: tuple[int, ...], worked: str, formula: str
) -> None:
    parameters = layer.on(*shape).parameters
    assert (parameters.worked, parameters.formula) == (worked, formula)


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (BatchNorm2d(64), "BatchNorm2d(num_features=64)"),
        (BatchNorm2d(64, affine=False), "BatchNorm2d(num_features=64, affine=False)"),
        (Scale(6, bias=True), "Scale(num_features=6, bias=True)"),
        (LayerNorm([4, 3]), "LayerNorm(normalized_shape=(4, 3))"),
        (LayerNorm(4, bias=False), "LayerNorm(normalized_shape=4, bias=False)"),
    ],
)
def test_a_layer_shows_the_call_that_makes_it(layer: Layer, text: str) -> None:
    assert repr(layer) == text
    assert eval(text) == layer
    assert hash(eval(text)) == hash(layer)


@pytest.mark.parametrize("kind", [BatchNorm2d, Scale, LayerNorm])
def test_all_but_the_sizes_are_given_by_name(kind: Any) -> None:
    with pytest.raises(TypeError, match="takes 2 positional arguments but 3 were given"):
        kind(64, False)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: BatchNorm2d(64).on(32, 8, 8),
            ValueError,
            "input has 32 channels where the layer expects 64 (num_features=64, input=(32, 8, 8))",
        ),
        (
            lambda: Scale(64).on(1),
            ValueError,
            "input has 1 channel where the layer expects 64 (num_features=64, input=(1,))",
        ),
        (
            lambda: BatchNorm2d(64).on(64, 8),
            ValueError,
            "BatchNorm2d takes an input of 3 sizes (channels, height, width), not 2: (64, 8)",
        ),
        (lambda: BatchNorm2d(0), ValueError, "num_features must be at least 1, not 0"),
        (lambda: Scale(6.0), TypeError, "num_features must be an integer, not float 6.0"),
        (
            lambda: BatchNorm2d(6, affine=1),
            TypeError,
            "affine must be True or False, not int 1",
        ),
        (lambda: Scale(6, bias=None), TypeError, "bias must be True or False, not NoneType None"),
        (
            lambda: LayerNorm((3, 2)).on(4, 3, 2),
            ValueError,
            "normalized_shape must be the input's channels or its whole shape, not (3, 2) "
            "(input=(4, 3, 2))",
        ),
        (
            lambda: LayerNorm(2).on(4, 3, 2),
            ValueError,
            "normalized_shape must be the input's channels or its whole shape, not 2 "
            "(input=(4, 3, 2))",
        ),
        (lambda: LayerNorm((4, 0)), ValueError, "normalized_shape must be at least 1, not 0"),
        (lambda: LayerNorm("4"), TypeError, "normalized_shape must be an integer, not str '4'"),
        (
            lambda: LayerNorm(4, elementwise_affine=1),
            TypeError,
            "elementwise_affine must be True or False, not int 1",
        ),
        (lambda: LayerNorm(4, bias=0), TypeError, "bias must be True or False, not int 0"),
    ],
)
def test_an_impossible_layer_names_the_rule_and_every_value(
    make: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value) == message
