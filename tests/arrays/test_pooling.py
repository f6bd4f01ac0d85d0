from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest

from mkdocs_cnn.arrays.pooling import avg_pool2d, blur_pool2d, global_avg_pool2d, max_pool2d
from mkdocs_cnn.layers import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d
from mkdocs_cnn.layers.axis import input_index

CASES = 400
MODES = ("zeros", "circular", "reflect", "edge")


class Case(NamedTuple):
    """A small image of integers, and the arguments of both kinds of pooling but their own."""

    x: Any
    kernel: tuple[int, int]
    given: dict[str, Any]
    rng: random.Random

    @property
    def stride(self) -> tuple[int, int]:
        return self.given["stride"] or self.kernel


def case(seed: int, *, modes: tuple[str, ...] = MODES) -> Case:
    """Sizes from 1 on, kernels as large as the image or larger, strides beyond the kernel."""
    rng = random.Random(seed)
    kernel = rng.randint(1, 4), rng.randint(1, 4)
    mode = rng.choice(modes)
    padding = tuple(rng.randint(0, k // 2) for k in kernel)
    least = 1 if mode == "zeros" else 3
    size = [max(least, k - 2 * p) + rng.randint(0, 5) for k, p in zip(kernel, padding, strict=True)]
    x = np.random.default_rng(seed).integers(-9, 10, (rng.randint(1, 3), *size))
    stride = rng.choice([None, (rng.randint(1, 5), rng.randint(1, 5))])
    given = {"stride": stride, "padding": padding, "ceil_mode": rng.random() < 0.5}
    return Case(x, kernel, given | {"padding_mode": mode}, rng)


def windows(case: Case, channel: int, row: int, column: int, dilation: tuple[int, int]) -> Any:
    """One window's values by plain loops; None for a padding zero; nothing beyond the padding."""
    along = []
    for axis, at in enumerate((row, column)):
        size, padding = case.x.shape[1 + axis], case.given["padding"][axis]
        start = at * case.stride[axis] - padding
        taps = (start + dilation[axis] * tap for tap in range(case.kernel[axis]))
        kept = [tap for tap in taps if tap < size + padding]
        along.append([input_index(tap, size, case.given["padding_mode"]) for tap in kept])
    for y in along[0]:
        for x in along[1]:
            yield None if None in (y, x) else int(case.x[channel, y, x])


def filled(shape: tuple[int, ...], value: Callable[..., Any]) -> Any:
    result = np.empty(shape, object)
    for at in np.ndindex(shape):
        result[at] = value(*at)
    return result


# -- plain loops as oracle


def test_the_largest_is_what_plain_loops_find() -> None:
    dilated = 0
    for seed in range(CASES):
        drawn = case(seed)
        dilation = drawn.rng.randint(1, 2), drawn.rng.randint(1, 2)
        try:
            found = max_pool2d(drawn.x, drawn.kernel, dilation=dilation, **drawn.given)
        except ValueError:  # a dilated kernel may not fit
            continue
        dilated += max(dilation) > 1

        def largest(*at: int, drawn: Case = drawn, dilation: Any = dilation) -> int:
            return max(value for value in windows(drawn, *at, dilation) if value is not None)

        assert found.dtype == np.int64
        assert np.array_equal(found, filled(found.shape, largest)), drawn
    assert dilated >= 100


def test_the_mean_is_what_plain_loops_find() -> None:
    for seed in range(CASES):
        drawn = case(seed)
        include = drawn.given["padding_mode"] != "zeros" or drawn.rng.random() < 0.5
        given = drawn.given | {"count_include_pad": include}
        exact = avg_pool2d(drawn.x.astype(object), drawn.kernel, **given)

        def mean(*at: int, drawn: Case = drawn, include: bool = include) -> Fraction:
            values = list(windows(drawn, *at, (1, 1)))
            kept = [value or 0 for value in values if include or value is not None]
            return Fraction(sum(kept), len(kept))

        assert np.array_equal(exact, filled(exact.shape, mean)), drawn
        assert all(isinstance(value, Fraction) for value in exact.flat)
        rounded = avg_pool2d(drawn.x, drawn.kernel, **given)
        assert rounded.dtype == np.float64
        np.testing.assert_array_max_ulp(rounded, exact.astype(float), 1)


def test_shapes_are_those_of_the_layers() -> None:
    for seed in range(CASES):
        x, kernel, given, _ = case(seed, modes=("zeros",))
        sizes = {name: given[name] for name in ("stride", "padding", "ceil_mode")}
        largest = MaxPool2d(kernel_size=kernel, **sizes).on(*x.shape)
        assert max_pool2d(x, kernel, **given).shape == largest.output_shape
        mean = AvgPool2d(kernel_size=kernel, **sizes).on(*x.shape)
        assert avg_pool2d(x, kernel, **given).shape == mean.output_shape


# -- PyTorch as oracle, where installed


def test_the_largest_is_pytorchs() -> None:
    torch = pytest.importorskip("torch")
    compared = 0
    for seed in range(2 * CASES):
        x, kernel, given, rng = case(seed, modes=("zeros",))
        given |= {"dilation": (rng.randint(1, 2), rng.randint(1, 2))}
        del given["padding_mode"]
        values = np.random.default_rng(seed).standard_normal((2, *x.shape))
        try:
            expected = torch.nn.functional.max_pool2d(torch.from_numpy(values), kernel, **given)
        except RuntimeError:
            expected = None
        if expected is None or expected.isinf().any():  # the largest of nothing
            with pytest.raises(ValueError, match=r"exceeds padded input|reads no input"):
                max_pool2d(values, kernel, **given)
            continue
        compared += 1
        assert np.array_equal(max_pool2d(values, kernel, **given), expected)
    assert compared >= CASES


def test_the_mean_is_pytorchs() -> None:
    torch = pytest.importorskip("torch")
    for seed in range(CASES):
        x, kernel, given, rng = case(seed, modes=("zeros",))
        given |= {"count_include_pad": rng.random() < 0.5}
        del given["padding_mode"]
        values = np.random.default_rng(seed).standard_normal((2, *x.shape))
        tensor = torch.from_numpy(values)
        expected = torch.nn.functional.avg_pool2d(tensor, kernel, **given)
        np.testing.assert_allclose(avg_pool2d(values, kernel, **given), expected, atol=1e-14)
        overall = torch.nn.functional.adaptive_avg_pool2d(tensor, 1)
        np.testing.assert_allclose(global_avg_pool2d(values), overall, atol=1e-14)


@pytest.mark.parametrize("kernel", [(1, 1), (1, 2, 1), (1, 3, 3, 1), (1, 4, 6, 4, 1)])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize(
    ("mode", "pad"), [("circular", "circular"), ("reflect", "reflect"), ("edge", "replicate")]
)
def test_a_blur_is_pytorchs_by_channel_convolution(
    kernel: tuple[int, ...], stride: int, mode: Any, pad: str
) -> None:
    torch = pytest.importorskip("torch")
    x = torch.randn(2, 3, 7, 6, generator=torch.Generator().manual_seed(1)).double()
    weights = torch.tensor(kernel).double()
    square = (torch.outer(weights, weights) / weights.sum() ** 2).expand(3, 1, -1, -1)
    sides = (int((len(kernel) - 1) / 2), math.ceil((len(kernel) - 1) / 2)) * 2  # as Zhang's code
    padded = torch.nn.functional.pad(x, sides, pad)
    expected = torch.nn.functional.conv2d(padded, square, stride=stride, groups=3)
    found = blur_pool2d(x.numpy(), stride=stride, kernel=kernel, padding_mode=mode)
    np.testing.assert_allclose(found, expected, atol=1e-14)


# -- by hand

IMAGE = np.array([[[1, 2, 5, 0], [3, 4, 1, 2], [9, 0, 0, 7], [1, 2, 3, 6]]])


def test_four_windows_of_the_lessons_kind() -> None:
    assert max_pool2d(IMAGE, 2).tolist() == [[[4, 5], [9, 7]]]
    assert avg_pool2d(IMAGE, 2).tolist() == [[[2.5, 2.0], [3.0, 4.0]]]
    assert global_avg_pool2d(IMAGE).tolist() == [[[46 / 16]]]


def test_on_a_ring_a_window_reads_the_other_end() -> None:
    ring = {"stride": 1, "padding": "same", "padding_mode": "circular"}
    assert max_pool2d(IMAGE, (1, 2), **ring)[0, 0].tolist() == [2, 5, 5, 1]
    assert avg_pool2d(IMAGE, (1, 2), **ring)[0, 0].tolist() == [1.5, 3.5, 2.5, 0.5]
    around = max_pool2d(IMAGE[:, :1], 1, padding=((0, 0), (3, 1)), padding_mode="circular")
    assert around.tolist() == [[[2, 5, 0, 1, 2, 5, 0, 1]]]  # values may be more than half a kernel
    assert blur_pool2d(IMAGE[:, :1], stride=1, kernel=(1, 1), padding_mode="edge").tolist() == [
        [[1.5, 3.5, 2.5, 0.0]]
    ]
    blurred = blur_pool2d(IMAGE[:, :1, :], stride=(1, 2), padding_mode="edge")
    assert blurred.tolist() == [[[(1 + 2 + 2) / 4, (2 + 10 + 0) / 4]]]


def test_a_blur_on_a_ring_moves_with_the_image_and_keeps_its_mean() -> None:
    x = np.random.default_rng(1).integers(0, 256, (2, 8, 8)).astype(object)
    given: Any = {"stride": 1, "padding_mode": "circular"}
    there = blur_pool2d(np.roll(x, (3, 5), (1, 2)), **given)
    assert np.array_equal(there, np.roll(blur_pool2d(x, **given), (3, 5), (1, 2)))
    assert np.array_equal(global_avg_pool2d(there), global_avg_pool2d(x))


@pytest.mark.parametrize("size", [2, 3, 7, 8])
@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("kernel", [(1,), (1, 1), (1, 2, 1), (1, 3, 3, 1)])
def test_a_blur_leaves_one_output_for_each_step(
    size: int, stride: int, kernel: tuple[int, ...]
) -> None:
    blurred = blur_pool2d(
        np.ones((3, size, size), int), stride=stride, kernel=kernel, padding_mode="circular"
    )
    assert blurred.shape == (3, -(-size // stride), -(-size // stride))
    assert (blurred == 1).all()


def test_the_mean_of_all_windows_is_that_of_the_adaptive_layer() -> None:
    x = np.arange(24).reshape(2, 3, 4)
    assert global_avg_pool2d(x).shape == AdaptiveAvgPool2d(1).on(*x.shape).output_shape
    assert global_avg_pool2d(x).ravel().tolist() == [5.5, 17.5]
    assert global_avg_pool2d(x.astype(object)).ravel().tolist() == [
        Fraction(11, 2),
        Fraction(35, 2),
    ]


def test_a_batch_is_its_images_one_by_one() -> None:
    batch = np.random.default_rng(2).integers(-9, 10, (3, 2, 5, 6))
    for pool in (lambda x: max_pool2d(x, 2), lambda x: avg_pool2d(x, 3, ceil_mode=True)):
        assert np.array_equal(pool(batch), [pool(image) for image in batch])
    for whole in (blur_pool2d, global_avg_pool2d):
        assert np.array_equal(whole(batch), [whole(image) for image in batch])
    assert max_pool2d(batch[:0], 2).shape == (0, 2, 2, 3)
    assert avg_pool2d(batch[:0], 2).shape == (0, 2, 2, 3)


# -- types


@pytest.mark.parametrize("dtype", ["uint8", "int64", "bool", "float32", "float64", "object"])
def test_the_largest_keeps_the_type_and_means_become_floats(dtype: str) -> None:
    x = np.ones((1, 3, 3), dtype)
    for padding in (0, 1):
        assert max_pool2d(x, 2, padding=padding).dtype == dtype
        assert max_pool2d(x, 2, padding=padding).all()
    mean = dtype if dtype in ("float32", "object") else "float64"
    for found in (avg_pool2d(x, 2), blur_pool2d(x), global_avg_pool2d(x)):
        assert found.dtype == mean
        assert (found == 1).all()


def test_the_largest_of_negative_numbers_is_no_padding() -> None:
    for dtype in ("int8", "float64", "object"):
        x = np.full((1, 2, 2), -128).astype(dtype)
        assert (max_pool2d(x, 2, padding=1, stride=1) == -128).all()


def test_sums_of_integers_do_not_overflow() -> None:
    bytes_, big = np.full((1, 4, 4), 255, np.uint8), np.full((1, 4, 4), 2**62)
    for pool in (lambda x: avg_pool2d(x, 4), blur_pool2d, global_avg_pool2d):
        assert (pool(bytes_) == 255).all()
        assert (pool(big) == 2.0**62).all()
        assert (pool(big.astype(object) + 1) == 2**62 + 1).all()


def test_a_nan_wins() -> None:
    assert np.isnan(max_pool2d([[[1.0, np.nan], [3.0, 2.0]]], 2)).all()


def test_what_is_given_is_not_changed() -> None:
    x = np.ones((1, 2, 2))
    for pool in (max_pool2d, avg_pool2d):
        pool(x, 1)[:] = 0
    blur_pool2d(x, stride=1, kernel=(1,))[:] = 0
    global_avg_pool2d(x[:, :1, :1])[:] = 0
    assert x.all()


# -- bad input


@pytest.mark.parametrize("pool", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize(
    ("shape", "kernel", "given", "error", "message"),
    [
        ((3, 3), 2, {}, ValueError, "not 2 axes: (3, 3)"),
        ((1, 0, 3), 2, {}, ValueError, "input height must be at least 1, not 0"),
        ((1, 3, 3), 0, {}, ValueError, "kernel_size along the height must be at least 1, not 0"),
        ((1, 3, 3), 2.0, {}, TypeError, "must be an integer, not float 2.0"),
        (
            (1, 3, 3),
            2,
            {"stride": 0},
            ValueError,
            "stride along the height must be at least 1, not 0",
        ),
        (
            (1, 3, 3),
            4,
            {},
            ValueError,
            "kernel extent 4 exceeds padded input 3 along the height "
            "(size=3, padding=0, kernel_size=4, dilation=1)",
        ),
        (
            (1, 5, 5),
            3,
            {"padding": ((0, 0), (0, 2))},
            ValueError,
            "padding 2 along the width exceeds half the kernel size 3",
        ),
        ((1, 5, 5), 2, {"padding": "same"}, ValueError, "padding 'same' needs stride 1, not 2"),
        (
            (1, 2, 2),
            3,
            {"padding": 3, "padding_mode": "circular"},
            ValueError,
            "circular padding 3 exceeds 2 along the height (size=2)",
        ),
        ((1, 3, 3), 2, {"padding_mode": "wrap"}, ValueError, "circular, reflect, edge, not 'wrap'"),
        ((1, 3, 3), 2, {"ceil_mode": 1}, TypeError, "ceil_mode must be True or False, not int 1"),
    ],
)
def test_windows_that_do_not_fit_are_refused(
    pool: Callable[..., Any],
    shape: tuple[int, ...],
    kernel: Any,
    given: dict[str, Any],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=f"{re.escape(message)}$"):
        pool(np.ones(shape), kernel, **given)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: max_pool2d(np.ones((1, 2, 2)), 2, padding=1, dilation=3),
            ValueError,
            "a window reads no input along the height "
            "(size=2, kernel_size=2, padding=(1, 1), dilation=3)",
        ),
        (
            lambda: max_pool2d(np.ones((1, 2, 2), complex), 2),
            TypeError,
            "x must hold numbers that have an order, not dtype complex128",
        ),
        (
            lambda: avg_pool2d(np.ones((1, 2, 2)), 2, count_include_pad=0),  # type: ignore[arg-type]
            TypeError,
            "count_include_pad must be True or False, not int 0",
        ),
        (
            lambda: avg_pool2d(
                np.ones((1, 2, 2)), 2, count_include_pad=False, padding_mode="circular"
            ),
            ValueError,
            "count_include_pad=False needs padding_mode 'zeros', not 'circular': "
            "other padding holds values",
        ),
        (
            lambda: blur_pool2d(np.ones((1, 4, 4)), kernel=(0, 0)),
            ValueError,
            "kernel must have a sum above 0, not (0, 0)",
        ),
        (
            lambda: blur_pool2d(np.ones((1, 4, 4)), kernel=(1, -2, 1)),
            ValueError,
            "kernel weight must be at least 0, not -2",
        ),
        (
            lambda: blur_pool2d(np.ones((1, 1, 4))),
            ValueError,
            "reflect padding 1 exceeds 0 along the height (size=1)",
        ),
        (
            lambda: global_avg_pool2d(np.ones((1, 0, 4))),
            ValueError,
            "input height must be at least 1, not 0",
        ),
        (lambda: global_avg_pool2d(np.ones((4, 4))), ValueError, "not 2 axes: (4, 4)"),
        (
            lambda: global_avg_pool2d([[["a"]]]),
            TypeError,
            "x must hold numbers, not dtype <U1",
        ),
    ],
)
def test_what_has_no_answer_is_refused(
    call: Callable[[], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"{re.escape(message)}$"):
        call()
