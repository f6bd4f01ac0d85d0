"""What several tests of the core share: random convolutions, small enough for brute force."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from mkdocs_cnn.core.layers import Conv2d, PlacedConv


class Case(NamedTuple):
    """A small layer on a small image, and the same for the functions on arrays."""

    placed: PlacedConv
    given: dict[str, Any]  # the keyword arguments
    x: Any  # integers, as are the two that follow
    weight: Any
    bias: Any


@pytest.fixture(scope="session")
def random_case() -> Callable[[int], Case]:
    """A function from a seed to a case; every argument takes every kind of value."""

    def case(seed: int) -> Case:
        placed, given = _random_layer(random.Random(seed))
        layer, rng = placed.layer, np.random.default_rng(seed)
        filters = (layer.out_channels, layer.in_channels // layer.groups, *layer.kernel_size)
        shapes = (tuple(map(int, placed.input_shape)), filters, filters[:1])
        return Case(placed, given, *(rng.integers(-9, 10, shape) for shape in shapes))

    return case


def _random_layer(rng: random.Random) -> tuple[PlacedConv, dict[str, Any]]:
    kernel, dilation = ((rng.randint(1, 3), rng.randint(1, high)) for high in (3, 2))
    kernel = (kernel[0], rng.randint(1, 4))
    padding = rng.choice(
        [0, rng.randint(0, 2), (1, 2), ((0, 2), (1, 0)), ((2, 1), (0, 2)), "same", "valid"]
    )
    given: dict[str, Any] = {
        "stride": 1 if padding == "same" else (rng.randint(1, 3), rng.randint(1, 3)),
        "padding": padding,
        "dilation": dilation,
        "groups": rng.choice([1, 1, 2, 3]),
        "padding_mode": rng.choice(["zeros", "circular", "reflect", "edge"]),
    }
    groups = given["groups"]
    layer = Conv2d(groups * rng.randint(1, 2), groups * rng.randint(1, 2), kernel, **given)
    smallest = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    if given["padding_mode"] != "zeros":
        smallest = [max(size, 4) for size in smallest]
    return layer.on(layer.in_channels, *(size + rng.randint(0, 3) for size in smallest)), given
