"""Receptive fields against real networks: change one pixel, and see which outputs move."""

from __future__ import annotations

import itertools
import math
import random
from fractions import Fraction
from typing import Any

import numpy as np

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Concat,
    Conv2d,
    Layer,
    MaxPool2d,
    Residual,
    Sequential,
)

# -- real networks, of one channel, run on images; every layer grows with its inputs


def run(layer: Any, images: Any, rng: np.random.Generator) -> Any:
    """The network on `(n, channels, height, width)`, with positive weights."""
    match layer:
        case Conv2d():
            weight = rng.uniform(0.5, 1.5, (1, images.shape[1], *layer.kernel_size))
            given = {name: getattr(layer, name) for name in ("stride", "padding", "dilation")}
            return cross_correlate2d(images, weight, **given)
        case MaxPool2d() | AvgPool2d():
            return pooled(layer, images)
        case Sequential():
            for _, part in layer.parts:
                images = run(part, images, rng)
            return images
        case Residual():
            return sum(run(part, images, rng) for _, part in layer.parts)
        case Concat():
            return np.concatenate([run(part, images, rng) for _, part in layer.parts], axis=1)
    return images


def pooled(layer: Any, images: Any) -> Any:
    largest = isinstance(layer, MaxPool2d)
    (top, left), extents = layer.padding, layer.kernel_size
    sides = [(0, 0), (0, 0), (top, top), (left, left)]
    padded = np.pad(images, sides, constant_values=-np.inf if largest else 0)
    sizes = zip(padded.shape[2:], extents, layer.stride, strict=True)
    rows, columns = (range(0, size - extent + 1, stride) for size, extent, stride in sizes)
    result = np.empty((*images.shape[:2], len(rows), len(columns)))
    for (i, row), (j, column) in itertools.product(enumerate(rows), enumerate(columns)):
        window = padded[:, :, row : row + extents[0], column : column + extents[1]]
        result[:, :, i, j] = (np.max if largest else np.sum)(window, axis=(2, 3))
    return result


def moved(layer: Layer, sizes: tuple[int, int], seed: int) -> Any:
    """`(height, width, output_height, output_width)`: which outputs move with which input."""
    image = np.random.default_rng(seed).uniform(0, 1, sizes)
    flipped = image + 1e6 * np.eye(math.prod(sizes)).reshape(-1, *sizes)
    images = np.concatenate([image[None], flipped])[:, None]
    outputs = run(layer, images, np.random.default_rng(seed))
    differs = (np.abs(outputs[1:] - outputs[:1]) > 1e-3).any(axis=1)
    return differs.reshape(*sizes, *outputs.shape[2:])


def each(rng: random.Random, flat: bool, low: int, high: int) -> tuple[int, int]:
    return (rng.randint(low, high) if not flat else low), rng.randint(low, high)


def tidy(rng: random.Random, flat: bool) -> Layer:
    """A window without holes, of which every padding lies within the first window."""
    kernel = each(rng, flat, 1, 4)
    padding = tuple(rng.randint(0, (k - 1) // 2) for k in kernel)
    given: dict[str, Any] = {"padding": padding, "stride": (1, 1)}
    if rng.random() < 0.6:
        return Conv2d(1, 1, kernel, **given)
    return rng.choice([MaxPool2d, AvgPool2d])(kernel, **given)


def wild(rng: random.Random, flat: bool) -> Layer:
    kernel, stride = each(rng, flat, 1, 3), each(rng, flat, 1, 3)
    if rng.random() < 0.6:
        sides = tuple((0, 0) if flat and axis == 0 else each(rng, False, 0, 2) for axis in (0, 1))
        return Conv2d(1, 1, kernel, stride=stride, padding=sides, dilation=each(rng, flat, 1, 3))
    padding = tuple(rng.randint(0, k // 2) for k in kernel)
    return rng.choice([MaxPool2d, AvgPool2d])(kernel, stride=stride, padding=padding)


def random_network(rng: random.Random, window: Any) -> tuple[Layer, tuple[int, int]]:
    """Up to four windows one behind the other, on an image or on a sequence."""
    while True:
        flat = rng.random() < 0.4
        sizes = (1, 22) if flat else (rng.randint(5, 9), rng.randint(5, 9))
        layer = Sequential(*(window(rng, flat) for _ in range(rng.randint(1, 4))))
        try:
            layer.on(1, *sizes)
        except ValueError:
            continue
        return layer, sizes


def clipped(seen: range, size: int) -> set[int]:
    return set(seen) & set(range(size))


def reads(moving: Any, at: tuple[int, ...]) -> set[tuple[int, ...]]:
    """The inputs with which an output moves."""
    return set(map(tuple, np.argwhere(moving[..., *at]).tolist()))


def block(fields: Any, at: tuple[int, ...], sizes: tuple[int, int]) -> set[tuple[int, ...]]:
    """The inputs in the field of an output."""
    along = zip(fields, at, sizes, strict=True)
    return set(itertools.product(*(clipped(field.sees(i), size) for field, i, size in along)))


def test_without_holes_an_output_moves_with_just_those_inputs_that_its_field_sees() -> None:
    rng = random.Random(1)
    for seed in range(120):
        layer, sizes = random_network(rng, tidy)
        fields = layer.on(1, *sizes).receptive_field.fields
        moving = moved(layer, sizes, seed)
        for at in np.ndindex(moving.shape[2:]):
            assert reads(moving, at) == block(fields, at, sizes), layer


def test_with_holes_the_field_is_the_hull_of_the_inputs_that_an_output_moves_with() -> None:
    rng, inside = random.Random(2), 0
    for seed in range(250):
        layer, sizes = random_network(rng, wild)
        fields = layer.on(1, *sizes).receptive_field.fields
        moving = moved(layer, sizes, seed)
        for at in np.ndindex(moving.shape[2:]):
            found = np.argwhere(moving[..., *at])
            seen = [field.sees(output) for field, output in zip(fields, at, strict=True)]
            for axis, stretch in enumerate(seen):
                assert set(found[:, axis]) <= set(stretch), (layer, sizes)
            if all(s[0] >= 0 and s[-1] < size for s, size in zip(seen, sizes, strict=True)):
                hull = [(s[0], s[-1]) for s in seen]
                assert list(zip(found.min(axis=0), found.max(axis=0), strict=True)) == hull, layer
                inside += 1
    assert inside > 300


def aligned_branches(rng: random.Random, channels: int) -> tuple[Layer, int]:
    kernels = rng.sample([1, 3, 5], 2)
    branches = [Conv2d(channels, 1, (k, k), padding=(k // 2, k // 2)) for k in kernels]
    return (Residual(*branches), 1) if rng.random() < 0.5 else (Concat(*branches), 2)


def test_branches_see_what_either_of_them_sees() -> None:
    rng, sizes = random.Random(3), (9, 8)
    for seed in range(80):
        channels, parts = 1, []
        for _ in range(rng.randint(1, 3)):
            part, channels = aligned_branches(rng, channels)
            parts.append(part)
        layer = Sequential(*parts)
        field = layer.on(1, *sizes).receptive_field
        assert field.warnings == ()
        moving = moved(layer, sizes, seed)
        for at in np.ndindex(moving.shape[2:]):
            assert reads(moving, at) == block(field.fields, at, sizes), layer


def test_misaligned_branches_see_less_than_the_field_that_holds_them() -> None:
    rng = random.Random(4)
    for seed in range(60):
        sides = [((rng.randint(0, 3), 0), (rng.randint(0, 3), 0)) for _ in range(2)]
        kernels = [tuple(before + 1 for before, _ in both) for both in sides]
        layer = Concat(*[Conv2d(1, 1, k, padding=p) for k, p in zip(kernels, sides, strict=True)])
        fields = layer.on(1, 6, 6).receptive_field.fields
        moving = moved(layer, (6, 6), seed)
        for at in np.ndindex(moving.shape[2:]):
            found = np.argwhere(moving[..., *at])
            for axis, field in enumerate(fields):
                seen = sorted(clipped(field.sees(at[axis]), 6))
                assert (found[:, axis].min(), found[:, axis].max()) == (seen[0], seen[-1])


def test_adaptive_pooling_reads_within_its_field() -> None:
    for size, outputs in itertools.product(range(1, 13), range(1, 13)):
        placed = AdaptiveAvgPool2d((outputs, 1)).on(1, size, 3)
        field = placed.receptive_field.fields[0]
        stretches = [
            (Fraction(i * size, outputs), Fraction((i + 1) * size, outputs)) for i in range(outputs)
        ]
        windows = [
            {j for j in range(size) if first < j + 1 and j < last} for first, last in stretches
        ]
        assert field.size == max(map(len, windows))
        for output, window in enumerate(windows):
            assert window <= set(field.sees(output)), (size, outputs)
            if size % outputs == 0:
                assert window == set(field.sees(output))
        uneven = len(set(map(len, windows))) > 1
        assert bool(placed.receptive_field.warnings) == uneven
