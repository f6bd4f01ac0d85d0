"""The four routes to a cross-correlation: they agree with each other, with SciPy, with PyTorch."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from scipy.signal import correlate2d

from mkdocs_cnn.arrays.correlation import cross_correlate2d, cross_correlate2d_by_definition
from mkdocs_cnn.arrays.fourier import cross_correlate2d_by_fft
from mkdocs_cnn.arrays.matrix import as_matrix
from mkdocs_cnn.layers import Conv2d, PlacedConv

CASES, DEGENERATE = 400, 150  # draws, with the seed as their number


class Case(NamedTuple):
    """As in conftest.py."""

    placed: PlacedConv
    given: dict[str, Any]
    x: Any
    weight: Any
    bias: Any


def degenerate(seed: int) -> Case:
    """In turns one pixel, a window that is the whole image, and a stride beyond the kernel."""
    rng, arrays = random.Random(seed), np.random.default_rng(seed)
    groups, kernel = rng.choice([1, 2]), rng.choice([(1, 1), (2, 2), (3, 3), (2, 4), (4, 1)])
    given = {"groups": groups, "padding_mode": rng.choice(["zeros", "edge"])}
    size = kernel
    match seed % 3:
        case 0:
            size, given["padding"] = (1, 1), tuple(k - 1 for k in kernel)
        case 2:
            size = tuple(k + rng.randint(0, 5) for k in kernel)
            given["stride"] = tuple(k + rng.randint(1, 3) for k in kernel)
    inner, outer = (groups * rng.randint(1, 2) for _ in range(2))
    shapes = (inner, *size), (outer, inner // groups, *kernel), (outer,)
    placed = Conv2d(inner, outer, kernel, **given).on(inner, *size)
    return Case(placed, given, *(arrays.integers(-9, 10, shape) for shape in shapes))


@pytest.fixture(scope="session")
def cases(random_case: Callable[[int], Any]) -> list[Any]:
    return [*map(random_case, range(CASES)), *map(degenerate, range(DEGENERATE))]


def by_matrix(x: Any, weight: Any, bias: Any, **given: Any) -> Any:
    by_channel = (as_matrix(weight, x.shape, **given).values @ x.ravel()).reshape(len(weight), -1)
    shape = cross_correlate2d(x, weight, **given).shape
    return (by_channel + bias[:, None]).reshape(shape)


EXACT = [cross_correlate2d_by_definition, cross_correlate2d, by_matrix]
ROUTES = [*EXACT, cross_correlate2d_by_fft]


def fractions(seed: int, *arrays: Any) -> list[Any]:
    rng = np.random.default_rng(seed)
    return [rng.standard_normal(array.shape) for array in arrays]


# -- each other


def test_four_routes_give_the_same_from_integers(cases: list[Any]) -> None:
    for placed, given, *arrays in cases:
        by_definition, *others = (route(*arrays, **given) for route in EXACT)
        assert by_definition.shape == placed.output_shape
        for other in others:
            assert by_definition.dtype == other.dtype == np.int64
            assert np.array_equal(other, by_definition), (placed.layer, placed.input_shape)
        by_fft = cross_correlate2d_by_fft(*arrays, **given)
        assert (by_fft.shape, by_fft.dtype) == (by_definition.shape, np.float64)
        np.testing.assert_allclose(by_fft, by_definition, atol=1e-11)


def test_four_routes_give_the_same_from_fractions(cases: list[Any]) -> None:
    for seed, (_, given, *arrays) in enumerate(cases):
        by_definition, *others = (route(*fractions(seed, *arrays), **given) for route in ROUTES)
        for other in others:
            np.testing.assert_allclose(other, by_definition, atol=1e-12)


def test_the_cases_hold_every_degenerate_size(cases: list[Any]) -> None:
    found = dict.fromkeys(("one pixel", "all in one window", "even kernel", "gaps"), 0)
    for case in cases:
        axes = case.placed.axes
        found["one pixel"] += all(axis.size == 1 for axis in axes)
        found["all in one window"] += all(axis.extent == axis.size > 1 for axis in axes)
        found["even kernel"] += all(axis.kernel_size in (2, 4) for axis in axes)
        found["gaps"] += all(axis.stride > axis.extent for axis in axes)
    assert min(found.values()) >= 30, found


# -- SciPy and NumPy


def by_scipy(x: Any, weight: Any, bias: Any, placed: PlacedConv) -> Any:
    """SciPy on what NumPy pads, with the holes of a dilated kernel filled with zeros."""
    layer, axes = placed.layer, placed.axes
    sides = [(0, 0), *([int(side) for side in axis.padding] for axis in axes)]
    modes = {"zeros": "constant", "circular": "wrap"}
    padded = np.pad(x, sides, modes.get(layer.padding_mode, layer.padding_mode))
    spread = [int(axis.dilation) * (int(axis.kernel_size) - 1) + 1 for axis in axes]
    dilated = np.zeros((*weight.shape[:2], *spread), weight.dtype)
    dilated[:, :, :: int(axes[0].dilation), :: int(axes[1].dilation)] = weight
    depth, per_group = weight.shape[1], weight.shape[0] // layer.groups
    maps = []
    for out_channel, taps in enumerate(dilated):
        first = out_channel // per_group * depth
        channels = zip(padded[first : first + depth], taps, strict=True)
        full = sum(correlate2d(channel, kernel, "valid") for channel, kernel in channels)
        maps.append(full[:: int(axes[0].stride), :: int(axes[1].stride)] + bias[out_channel])
    return np.stack(maps)


@pytest.mark.parametrize("route", ROUTES)
def test_every_argument_means_what_scipy_and_numpy_make_of_it(
    route: Callable[..., Any], cases: list[Any]
) -> None:
    for placed, given, *arrays in cases:
        np.testing.assert_allclose(
            route(*arrays, **given),
            by_scipy(*arrays, placed),
            rtol=0,
            atol=0 if route in EXACT else 1e-11,
            err_msg=repr(placed.layer),
        )


# -- PyTorch, where installed

TORCH_PAD = {"circular": "circular", "reflect": "reflect", "edge": "replicate"}


@pytest.mark.parametrize("route", ROUTES)
def test_every_argument_means_what_pytorch_makes_of_it(
    route: Callable[..., Any], cases: list[Any]
) -> None:
    torch = pytest.importorskip("torch")
    for seed, (placed, given, *arrays) in enumerate(cases):
        x, weight, bias = fractions(seed, *arrays)
        down, across = (tuple(map(int, axis.padding)) for axis in placed.axes)
        mode = TORCH_PAD.get(given["padding_mode"], "constant")
        padded = torch.nn.functional.pad(torch.from_numpy(x)[None], (*across, *down), mode)
        options = {name: given.get(name, 1) for name in ("stride", "dilation", "groups")}
        expected = torch.nn.functional.conv2d(
            padded, torch.from_numpy(weight), torch.from_numpy(bias), **options
        )
        np.testing.assert_allclose(route(x, weight, bias, **given), expected[0], atol=1e-12)
