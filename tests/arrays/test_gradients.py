from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.arrays.correlation import (
    cross_correlate1d,
    cross_correlate2d,
    cross_correlate2d_by_definition,
)
from mkdocs_cnn.arrays.gradients import gradients
from mkdocs_cnn.arrays.matrix import as_matrix

CASES = 400


def upstream(seed: int, placed: Any) -> Any:
    return np.random.default_rng(-seed % 2**32).integers(
        -9, 10, tuple(map(int, placed.output_shape))
    )


# -- the matrix as oracle


def test_the_input_s_is_the_transpose_of_the_matrix_times_upstream(
    random_case: Callable[[int], Any],
) -> None:
    for seed in range(CASES):
        placed, given, x, weight, _ = random_case(seed)
        rates = upstream(seed, placed)
        found = gradients(x, weight, rates, **given).x
        assert (found.shape, found.dtype) == (x.shape, np.int64)
        expected = as_matrix(weight, x.shape, **given).values.T @ rates.ravel()
        assert np.array_equal(found.ravel(), expected), placed.layer


def test_a_weight_s_is_the_sum_over_the_entries_that_it_stands_in(
    random_case: Callable[[int], Any],
) -> None:
    for seed in range(CASES):
        placed, given, x, weight, _ = random_case(seed)
        if given["padding_mode"] != "zeros":
            continue  # there, padding makes several weights fall on one entry
        rates = upstream(seed, placed)
        identity = as_matrix(weight, x.shape, **given).identity
        products = np.outer(rates.ravel(), x.ravel())  # what each entry of the matrix changes
        expected = [products[identity == which].sum() for which in range(weight.size)]
        found = gradients(x, weight, rates, **given).weight
        assert (found.shape, found.dtype) == (weight.shape, np.int64)
        assert found.ravel().tolist() == expected, placed.layer


# -- differences as oracle: the sum is linear in each argument, so they are exact, however large


def test_each_gradient_is_the_difference_that_a_step_of_one_makes(
    random_case: Callable[[int], Any],
) -> None:
    for seed in range(100):
        placed, given, *arrays = random_case(seed)
        rates = upstream(seed, placed)
        found = gradients(*arrays[:2], rates, **given)
        before = (rates * cross_correlate2d_by_definition(*arrays, **given)).sum()
        for which, array in enumerate(arrays):
            at = np.unravel_index(seed % array.size, array.shape)
            stepped = [given_array.copy() for given_array in arrays]
            stepped[which][at] += 1
            after = (rates * cross_correlate2d_by_definition(*stepped, **given)).sum()
            assert after - before == found[which][at], (placed.layer, which)


def test_finite_differences_in_random_directions_agree(random_case: Callable[[int], Any]) -> None:
    for seed in range(CASES):
        placed, given, *arrays = random_case(seed)
        rng = np.random.default_rng(seed)
        arrays = [rng.standard_normal(array.shape) for array in arrays]
        rates = rng.standard_normal(tuple(map(int, placed.output_shape)))
        found = gradients(*arrays[:2], rates, **given)
        for which, gradient in enumerate(found):
            step = 1e-3 * rng.standard_normal(gradient.shape)
            ahead, behind = arrays.copy(), arrays.copy()
            ahead[which], behind[which] = arrays[which] + step, arrays[which] - step
            difference = cross_correlate2d(*ahead, **given) - cross_correlate2d(*behind, **given)
            assert (rates * difference).sum() / 2 == pytest.approx(
                (gradient * step).sum(), abs=1e-9
            )


# -- PyTorch as oracle, where installed

TORCH_PAD = {"circular": "circular", "reflect": "reflect", "edge": "replicate"}


def by_pytorch(
    torch: Any, arrays: list[Any], rates: Any, given: dict[str, Any], sides: Any, conv: Any
) -> list[Any]:
    x, weight, bias = tensors = [torch.from_numpy(array).requires_grad_() for array in arrays]
    mode = TORCH_PAD.get(given["padding_mode"], "constant")
    padded = torch.nn.functional.pad(x, sides, mode)
    options = {name: given[name] for name in ("stride", "dilation", "groups")}
    conv(padded, weight, bias, **options).backward(torch.from_numpy(rates))
    return [tensor.grad.numpy() for tensor in tensors]


def test_gradients_of_a_batch_are_pytorchs(random_case: Callable[[int], Any]) -> None:
    torch = pytest.importorskip("torch")
    for seed in range(CASES):
        placed, given, *arrays = random_case(seed)
        rng = np.random.default_rng(seed)
        shapes = (2, *arrays[0].shape), arrays[1].shape, arrays[2].shape
        x, weight, bias = (rng.standard_normal(shape) for shape in shapes)
        rates = rng.standard_normal((2, *map(int, placed.output_shape)))
        down, across = (tuple(map(int, axis.padding)) for axis in placed.axes)
        expected = by_pytorch(
            torch,
            [x, weight, bias],
            rates,
            given,
            (*across, *down),
            torch.nn.functional.conv2d,
        )
        for ours, theirs in zip(gradients(x, weight, rates, **given), expected, strict=True):
            np.testing.assert_allclose(ours, theirs, atol=1e-10)


@pytest.mark.parametrize("mode", ["zeros", *TORCH_PAD])
@pytest.mark.parametrize("groups", [1, 2])
def test_gradients_of_sequences_are_pytorchs(mode: Any, groups: int) -> None:
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(1)
    arrays = [rng.standard_normal(shape) for shape in ((3, 4, 9), (6, 4 // groups, 3), 6)]
    given: Any = {"stride": 2, "dilation": 2, "groups": groups, "padding_mode": mode}
    rates = rng.standard_normal((3, 6, 4))
    expected = by_pytorch(torch, arrays, rates, given, (2, 1), torch.nn.functional.conv1d)
    found = gradients(*arrays[:2], rates, **given, padding=((2, 1),))
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-10)


# -- by hand


def test_sequences_have_gradients_by_differences_too() -> None:
    x, weight = np.array([[2, 3, 5]]), np.array([[[1, 4]]])
    rates = np.array([[1, 10, 100, 1000]])
    found = gradients(x, weight, rates, padding=1, padding_mode="edge")
    # It reads 2 2 3 5 5: the outer two are the border's copies.
    assert found.weight.tolist() == [[[2 + 20 + 300 + 5000, 2 + 30 + 500 + 5000]]]
    assert found.x.tolist() == [[1 + 4 + 10, 40 + 100, 400 + 1000 + 4000]]
    assert found.bias.tolist() == [1111]
    assert (rates * cross_correlate1d(x, weight, padding=1, padding_mode="edge")).sum() == (
        (found.weight * weight).sum()
    )


def test_a_batch_adds_up_for_weights_and_biases_and_not_for_inputs(
    random_case: Callable[[int], Any],
) -> None:
    for seed in range(50):
        placed, given, x, weight, _ = random_case(seed)
        rates = upstream(seed, placed)
        images, slopes = np.stack([x, x + 1, -x]), np.stack([rates, -rates, rates + 2])
        batch = gradients(images, weight, slopes, **given)
        each = [
            gradients(*pair, **given) for pair in zip(images, [weight] * 3, slopes, strict=True)
        ]
        assert np.array_equal(batch.x, [found.x for found in each])
        assert np.array_equal(batch.weight, sum(found.weight for found in each))
        assert np.array_equal(batch.bias, sum(found.bias for found in each))


def test_no_images_have_gradients_of_zero() -> None:
    found = gradients(np.ones((0, 2, 3, 3)), np.ones((4, 2, 2, 2)), np.ones((0, 4, 2, 2)))
    assert found.x.shape == (0, 2, 3, 3)
    assert not found.weight.any()
    assert (found.weight.shape, found.bias.tolist()) == ((4, 2, 2, 2), [0, 0, 0, 0])


# -- types


@pytest.mark.parametrize(
    ("x", "weight", "rates", "types"),
    [
        ("uint8", "int8", "bool", ["int64", "int64", "int64"]),
        ("float32", "float32", "float32", ["float32", "float32", "float32"]),
        ("float64", "float32", "float32", ["float32", "float64", "float32"]),
        ("int64", "float32", "int8", ["float32", "int64", "int64"]),
        ("object", "int8", "int8", ["int64", "object", "int64"]),
    ],
)
def test_each_gradient_has_the_type_of_what_it_is_made_of(
    x: str, weight: str, rates: str, types: list[str]
) -> None:
    found = gradients(
        np.ones((1, 2, 2), x), np.ones((1, 1, 1, 1), weight), np.ones((1, 2, 2), rates)
    )
    assert [gradient.dtype for gradient in found] == types
    assert [gradient.tolist() for gradient in found] == [[[[1, 1]] * 2], [[[[4]]]], [4]]


BIG = 2**62


def test_sums_beyond_64_bits_are_exact() -> None:
    found = gradients([[[BIG, BIG]]], [[[[3 * BIG]]]], [[[BIG, BIG]]])
    assert found.weight.item() == 2 * BIG**2
    assert found.bias.item() == 2 * BIG
    assert found.x.tolist() == [[[3 * BIG**2] * 2]]
    assert gradients([[[1, 1]]], [[[[1]]]], [[[BIG, BIG]]]).weight.item() == 2 * BIG


def test_what_copies_of_one_pixel_gather_is_exact() -> None:
    found = gradients(
        [[[7]]], np.full((1, 1, 1, 3), BIG), [[[1]]], padding=(0, 1), padding_mode="edge"
    )
    assert found.x.item() == 3 * BIG
    found = gradients([[[7]]], [[[[1]]]], [[[BIG] * 3]], padding=(0, 1), padding_mode="edge")
    assert found.x.item() == 3 * BIG


def test_what_is_given_is_not_changed() -> None:
    arrays = np.ones((1, 2, 2)), np.ones((1, 1, 1, 1)), np.ones((1, 2, 2))
    for gradient in gradients(*arrays):
        gradient[:] = 0
    assert all(array.all() for array in arrays)


# -- bad input


@pytest.mark.parametrize(
    ("x", "weight", "rates", "message"),
    [
        (
            (1, 3, 3),
            (1, 1, 2, 2),
            (1, 3, 3),
            "upstream must have the shape of the output (1, 2, 2), not (1, 3, 3)",
        ),
        (
            (5, 1, 3, 3),
            (1, 1, 2, 2),
            (1, 2, 2),
            "upstream must have the shape of the output (5, 1, 2, 2), not (1, 2, 2)",
        ),
        ((1, 3), (1, 1, 2), (2,), "upstream must have the shape of the output (1, 2), not (2,)"),
        ((3, 3), (1, 1, 2, 2), (1, 2, 2), "not 2 axes: (3, 3)"),
        ((1, 3, 3), (2, 2), (1, 2, 2), "not 2 axes: (2, 2)"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    x: tuple[int, ...], weight: tuple[int, ...], rates: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=f"{re.escape(message)}$"):
        gradients(np.ones(x), np.ones(weight), np.ones(rates))
