"""Receptive fields held against flipped pixels, on random networks.

The law: an output far enough from the border changes with the first and the last input of its
field, and with none outside; the size is the most inputs from first to last of any such output.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.layers import (
    AdaptiveAvgPool2d,
    Concat,
    Conv2d,
    ConvTranspose2d,
    Identity,
    Layer,
    MaxPool2d,
    Residual,
    Sequential,
)

Array = Any
Flip = Callable[[Array], Array]  # (pixels, inputs) to (pixels, outputs): what each pixel changes
Part = tuple[Layer, Flip]


# Layers along the height only, each with a function of ours that follows a change through it.


def convolution(rng: random.Random) -> Part:
    kernel, stride, dilation = rng.randint(1, 4), rng.choice((1, 1, 2, 3)), rng.choice((1, 1, 2, 3))
    before, after = rng.randint(0, 3), rng.randint(0, 3)
    sizes = {"stride": (stride, 1), "padding": ((before, after), (0, 0)), "dilation": (dilation, 1)}

    def flip(changed: Array) -> Array:
        padded = np.pad(changed, ((0, 0), (before, after)))
        outputs = (padded.shape[1] - dilation * (kernel - 1) - 1) // stride + 1
        reads = [padded[:, t * dilation :][:, ::stride][:, :outputs] for t in range(kernel)]
        return np.any(reads, axis=0)

    return Conv2d(1, 1, (kernel, 1), **sizes), flip


def transposed(rng: random.Random) -> Part:
    kernel, stride, dilation = rng.randint(1, 5), rng.choice((1, 2, 2, 3, 4)), rng.choice((1, 1, 2))
    padding, more = rng.randint(0, 2), rng.randint(0, max(stride, dilation) - 1)
    sizes = {"stride": (stride, 1), "padding": (padding, 0), "dilation": (dilation, 1)}

    def flip(changed: Array) -> Array:
        pixels, inputs = changed.shape
        size = (inputs - 1) * stride + dilation * (kernel - 1) + 1 + more
        whole = np.zeros((pixels, size), bool)
        for tap in range(kernel):
            whole[:, tap * dilation :][:, : (inputs - 1) * stride + 1 : stride] |= changed
        return whole[:, padding : size - padding]

    return ConvTranspose2d(1, 1, (kernel, 1), output_padding=(more, 0), **sizes), flip


def pooling(rng: random.Random) -> Part:
    kernel, stride, ceil = rng.randint(1, 3), rng.randint(1, 3), rng.random() < 0.5
    padding = rng.randint(0, kernel // 2)

    def flip(changed: Array) -> Array:
        padded = np.pad(changed, ((0, 0), (padding, padding)))
        size = padded.shape[1]
        last = (size - kernel) // stride * stride
        if ceil and size - kernel > last and last + stride < size - padding:
            last += stride  # a window that hangs over, and begins before the padding at the end
        starts = range(0, last + 1, stride)
        return np.stack([padded[:, at : at + kernel].any(axis=1) for at in starts], axis=1)

    given = {"stride": (stride, 1), "padding": (padding, 0), "ceil_mode": ceil}
    return MaxPool2d((kernel, 1), **given), flip


def two_sizes(rng: random.Random) -> Part:
    """Branches of which one goes down and up again, as in a U-Net."""
    (side, flip_side), factor = convolution_that_keeps(rng), rng.choice((2, 2, 4))
    down, up = MaxPool2d((factor, 1)), ConvTranspose2d(1, 1, (factor, 1), stride=(factor, 1))
    inner, flip_inner = convolution_that_keeps(rng)

    def flip(changed: Array) -> Array:
        changed = np.repeat(changed, factor, axis=1)
        pooled = changed.reshape(len(changed), -1, factor).any(axis=2)
        return flip_side(changed) | np.repeat(flip_inner(pooled), factor, axis=1)

    even = ConvTranspose2d(1, 1, (factor, 1), stride=(factor, 1))  # to a size that can be divided
    return Sequential(even, Residual(Sequential(down, inner, up), side)), flip


def two_windows(rng: random.Random) -> Part:
    """Branches joined, and one weight between their channels."""
    (first, flip_first), (second, flip_second) = (convolution_that_keeps(rng) for _ in range(2))
    joined = Sequential(Concat(first, Sequential(Identity(), second)), Conv2d(2, 1, 1))
    return joined, lambda changed: flip_first(changed) | flip_second(changed)


def convolution_that_keeps(rng: random.Random) -> Part:
    kernel, dilation = rng.randint(1, 4), rng.choice((1, 2))
    whole = dilation * (kernel - 1)
    before = rng.randint(0, whole)

    def flip(changed: Array) -> Array:
        padded = np.pad(changed, ((0, 0), (before, whole - before)))
        reads = [padded[:, t * dilation :][:, : changed.shape[1]] for t in range(kernel)]
        return np.any(reads, axis=0)

    given = {"padding": ((before, whole - before), (0, 0)), "dilation": (dilation, 1)}
    return Conv2d(1, 1, (kernel, 1), **given), flip


KINDS = (convolution, convolution, transposed, transposed, pooling, two_sizes, two_windows)


def random_network(rng: random.Random) -> tuple[Sequential, list[Flip]]:
    parts = [rng.choice(KINDS)(rng) for _ in range(rng.randint(1, 4))]
    layers = [layer for layer, _ in parts]
    # Sequences within sequences are followed as a whole; what they see must not depend on that.
    cut = rng.randint(0, len(layers))
    nested = Sequential(*([Sequential(*layers[:cut])] if cut else []), *layers[cut:])
    return nested, [flip for _, flip in parts]


def reached(flips: list[Flip], inputs: int) -> Array:
    """For each input and each output, whether flipping the one changes the other."""
    changed = np.eye(inputs, dtype=bool)
    for flip in flips:
        changed = flip(changed)
    return changed


def inner(field: Any, outputs: int, inputs: int) -> Iterator[int]:
    """The outputs whose fields keep away from the border by as much as they see."""
    margin = int(field.size) + 2 * len(field.reads) + 8
    for output in range(outputs):
        seen = field.sees(output)
        place = round(output * field.stride.value)
        if margin <= place < inputs - margin and (
            not seen or (margin <= seen[0] and seen[-1] < inputs - margin)
        ):
            yield output


@pytest.mark.parametrize("seed", range(320))
def test_flipping_pixels_finds_the_field_that_is_computed(seed: int) -> None:
    rng = random.Random(seed)
    network, flips = random_network(rng)
    inputs = 60
    field = network.on(1, inputs, 1).receptive_field.fields[0]
    while True:
        placed = network.on(1, inputs, 1)
        outputs = int(placed.output_shape[1])
        far = list(inner(field, outputs, inputs))
        if len({output % len(field.reads) for output in far}) == len(field.reads):
            break
        inputs *= 2
    changes = reached(flips, inputs)
    assert changes.shape == (inputs, outputs)
    found = {output: np.flatnonzero(changes[:, output]) for output in far}
    for output, pixels in found.items():
        seen = field.sees(output)
        assert bool(seen) == (len(pixels) > 0), network
        assert not seen or (seen[0], seen[-1]) == (pixels[0], pixels[-1]), (network, output)
    spans = [pixels[-1] - pixels[0] + 1 if len(pixels) else 0 for pixels in found.values()]
    assert (field.size, field.fewest) == (max(spans), min(spans)), network
    turn = len(field.reads)
    for output in set(found) & {output - turn for output in found}:
        if len(found[output]):
            moved = found[output + turn] - found[output]
            assert set(moved) == {field.stride * turn}, network
    start = next((reads[0] for reads in field.reads if reads), 0)
    assert field.padding == -start


def test_without_the_windows_of_a_transposed_layer_the_recurrence_is_wrong() -> None:
    """The negative: a pattern taken for even finds another size."""
    layers = Sequential(ConvTranspose2d(1, 1, 5, stride=3, padding=1), Conv2d(1, 1, 3, padding=1))
    field = layers.on(1, 9, 9).receptive_field
    window, behind = (part.receptive_field.fields[0] for _, part in layers.on(1, 9, 9).parts)
    recurrence = window.size + (behind.size - 1) * window.stride
    assert (field.size, recurrence) == (3, Fraction(8, 3))


def test_adaptive_windows_of_two_sizes_are_followed() -> None:
    field = AdaptiveAvgPool2d((4, 1)).on(1, 10, 1).receptive_field.fields[0]
    assert [field.sees(output) for output in range(4)] == [
        range(3),
        range(2, 5),
        range(5, 8),
        range(7, 10),
    ]
