"""What the pages of the book measure.

    >>> from mkdocs_cnn.arrays.declaration import measure
    >>> found = measure("break", operation="convolution", padding_mode="zeros", by=[0, 2])
    >>> found["differing"], found["share"].worked, found["predicted"].worked
    (128, '128 / 1,024 = 0.125', '(2 · 1 + 2 · 1) / 32 = 0.125')

Counts and shares are exact. Norms, costs and rates are rounded to three significant digits, and
their names begin with "measured". All is seeded: who asks the same gets the same.

Images are the "noise" and the "photograph" of `images.py`. They are moved on a ring: what leaves
on one side comes in on the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.declaration import measurement
from mkdocs_cnn.arrays.descent import VERTICAL_EDGE, Cost, Point, descend, noise
from mkdocs_cnn.arrays.equivariance import Break, Function, commutator, invariance
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.matrix import as_sparse_matrix
from mkdocs_cnn.arrays.operations import OPERATIONS, operations, stack
from mkdocs_cnn.arrays.pooling import global_avg_pool2d, max_pool2d
from mkdocs_cnn.arrays.rotation import lift, turn, turned_commutator
from mkdocs_cnn.book.measurements import images as specimens
from mkdocs_cnn.book.measurements.examples_needed import examples_needed
from mkdocs_cnn.experiments.statistics import measured
from mkdocs_cnn.layers.arguments import padding_mode as checked_mode
from mkdocs_cnn.layers.arguments import per_axis, whole
from mkdocs_cnn.layers.shift_formulas import (
    nearest_shift,
    share_of_maxima_kept,
    share_that_differs,
    whole_shift,
)
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.registry import UnknownNameError

Numbers = dict[str, Quantity]
Integers = Sequence[int]

# -- equivariance


@measurement("break")
def _break(
    *,
    operation: str = "convolution",
    padding_mode: str = "zeros",
    stride: int = 1,
    depth: int = 1,
    by: Integers = (0, 2),
    image: str = "noise",
    size: int | None = None,
) -> Numbers:
    """By how much like layers, one behind the other, break equivariance.

    Gives `differing`, `outputs`, `share` and `norm`, and `predicted`, the share by formula, where
    there is one. The output is moved by the whole shift that is nearest.
    """
    f, pixels = _operation(operation), specimens.image(image, size)
    moved, mode = whole_shift("by", by), checked_mode(padding_mode)
    step, layers = _count("stride", stride), _count("depth", depth)
    _, height, width = pixels.shape
    predicted = share_that_differs(
        (height, width), 3, moved, depth=layers, stride=step, padding_mode=mode
    )
    deep = stack(f, layers, stride=step, padding_mode=mode)
    numbers = _counts(commutator(deep, pixels, moved, out_by=nearest_shift(moved, step**layers)))
    # A maximum that lies on the border may lie in the window still: how often, no formula says.
    known = operation != "max pooling" or not predicted
    return {**numbers, "predicted": _named(predicted, "share by formula")} if known else numbers


@measurement("blur")
def _blur(*, by: Integers = (0, 1), size: int = 256) -> Numbers:
    """The norm of the break: every second pixel taken as it is, and after a blur, on a ring.

    Gives `plain_noise`, `blur_noise`, `plain_photograph` and `blur_photograph`.
    """
    moved = whole_shift("by", by)
    blurred = partial(_operation("blur pooling"), stride=2, padding_mode="circular")
    functions: dict[str, Function] = {"plain": lambda x: x[..., ::2, ::2], "blur": blurred}
    return {
        f"{name}_{image}": _norm(commutator(f, pixels, moved, out_by=nearest_shift(moved, 2)))
        for image, pixels in specimens.images(size).items()
        for name, f in functions.items()
    }


@measurement("maxima")
def _maxima(*, kernel_size: int = 2, by: Integers = (0, 1), size: int = 512) -> Numbers:
    """The share of max-pooled outputs, window beside window, that stay when the image moves.

    Gives `kept_noise` and `kept_photograph`, and `expected`, the chance for independent pixels.
    """
    window, moved = _count("kernel_size", kernel_size), whole_shift("by", by)
    pool = partial(max_pool2d, kernel_size=window)
    shares = {
        f"kept_{image}": _share(invariance(pool, pixels, moved).difference == 0, "stay")[2]
        for image, pixels in specimens.images(size).items()
    }
    chance = share_of_maxima_kept(window, moved)
    return {**shares, "expected": _named(chance, "chance that a maximum stays")}


@measurement("invariance")
def _invariance(
    *,
    padding_mode: str = "circular",
    filters: int = 4,
    by: Integers = (5, 3),
    image: str = "noise",
    size: int | None = None,
) -> Numbers:
    """The means of all channels behind a convolution that do not stay when the image moves.

    Gives `differing`, `outputs`, `share` and `norm`.
    """
    mode, weight = checked_mode(padding_mode), specimens.filters(filters)

    def means(x: Array) -> Array:
        return global_avg_pool2d(cross_correlate2d(x, weight, padding=1, padding_mode=mode))

    return _counts(invariance(means, specimens.image(image, size), whole_shift("by", by)))


@measurement("rotation")
def _rotation(
    *, quarter_turns: int = 1, image: str = "photograph", size: int | None = None
) -> Numbers:
    """By how much a detector of vertical edges breaks equivariance to turns, and lifted to four.

    Gives `differing`, `outputs`, `share` and `norm`, each as `ordinary_…` and as `lifted_…`. The
    image is turned to the left; of the photograph it is the square in the middle.
    """
    turns = int(whole("quarter_turns", quarter_turns, at_least=0))
    square = specimens.middle_square(specimens.image(image, size))
    edges = partial(cross_correlate2d, weight=VERTICAL_EDGE, padding="same")
    lifted = partial(lift, weight=VERTICAL_EDGE)
    breaks = {
        "ordinary": turned_commutator(edges, square, turns),
        "lifted": turned_commutator(lifted, square, turns, last=partial(turn, quarter_turns=turns)),
    }
    return {
        f"{kind}_{name}": number
        for kind, broken in breaks.items()
        for name, number in _counts(broken).items()
    }


# -- learning


@measurement("learning")
def _learning(
    *,
    examples: int = 1,
    size: int | Integers = (6, 6),
    percent: int = 50,
    at_most: int = 1000,
    seed: int = 1,
) -> Numbers:
    """How a detector of vertical edges is learned from normal noise, beginning with zeros.

    Gives `steps`, after which no weight is off by a thousandth or more, `error`, by how much the
    worst is then, `first_cost` and `last_cost`, `largest_rate`, beyond which descent diverges, and
    `rate`, which is `percent` of it.
    """
    images = _count("examples", examples)
    part = _count("percent", percent) / 100
    x = noise(_rng(seed), images, _sizes(size))
    cost = Cost(x, cross_correlate2d(x, VERTICAL_EDGE))
    rate = part * cost.largest_rate
    path = _path(cost, rate, _count("at_most", at_most))
    return {
        "steps": Quantity(len(path) - 1, "step", name="steps"),
        "error": measured(_kernel_error(path[-1]), "largest error of a weight"),
        "first_cost": measured(path[0].cost, "cost at the start"),
        "last_cost": measured(path[-1].cost, "cost at the end"),
        "largest_rate": measured(cost.largest_rate, "learning rate above which descent diverges"),
        "rate": measured(rate, "learning rate"),
    }


@measurement("examples")
def _examples(*, size: int | Integers = (6, 6), seed: int = 1) -> Numbers:
    """How many examples three layers need to learn a detector of vertical edges.

    Gives `counted` and `measured`, each as `dense_…`, `unshared_…` and `shared_…`.
    """
    layers = examples_needed(_rng(seed), size=_sizes(size))
    return {
        f"{layer}_{field}": number
        for layer, needed in layers._asdict().items()
        for field, number in (
            ("counted", needed.counted),
            ("measured", Quantity(needed.measured, "example", name="measured: examples needed")),
        )
    }


def _path(cost: Cost, rate: float, at_most: int) -> list[Point]:
    """Descent from zeros to the first kernel of which no weight is off by a thousandth."""
    path = []
    for point in descend(cost, np.zeros(cost.kernel_shape), rate=rate, steps=at_most):
        path.append(point)
        if _kernel_error(point) < 1 / 1000:
            return path
    raise ValueError(
        f"after {at_most} steps a weight is still off by {_kernel_error(path[-1]):.3g} "
        f"(rate={rate:.3g}, {cost.largest_rate:.3g} at most)"
    )


def _kernel_error(point: Point) -> float:
    return float(abs(point.kernel - VERTICAL_EDGE).max())


# -- matrices


@measurement("sparse-matrix")
def _sparse_matrix(*, image: str = "photograph", size: int | None = None) -> Numbers:
    """The kernel (−1, 1), which finds vertical edges, as a sparse matrix that was really built.

    Gives `inputs`, `outputs`, `cells` of the whole matrix, `entries` that are stored and the
    `bytes` that they take, and `differing` outputs between matrix and convolution.
    """
    pixels, weight = specimens.image(image, size), np.array([[[[-1, 1]]]])
    channels, height, width = pixels.shape
    matrix = as_sparse_matrix(weight, (channels, height, width))
    wrong = np.count_nonzero(matrix @ pixels.ravel() - cross_correlate2d(pixels, weight).ravel())
    outputs, inputs = matrix.shape
    rows, columns = Quantity(outputs, name="outputs"), Quantity(inputs, name="inputs")
    return {
        "inputs": columns,
        "outputs": rows,
        "cells": (rows * columns).named("cells of the whole matrix"),
        "entries": Quantity(matrix.entries, "entry", name="stored entries"),
        "bytes": Quantity(matrix.nbytes, "byte", name="bytes of the sparse matrix"),
        "differing": Quantity(int(wrong), name="outputs that differ"),
    }


# -- what is asked


def _count(name: str, number: int) -> int:
    return int(whole(name, number, at_least=1))


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(int(whole("seed", seed, at_least=0)))


def _operation(name: str) -> Callable[..., Array]:
    if name not in OPERATIONS:
        raise UnknownNameError("operation", name, OPERATIONS)
    return operations(specimens.filters(1))[name]


def _sizes(size: int | Integers) -> tuple[int, int]:
    height, width = per_axis("size", size)
    return int(height), int(width)


# -- as quantities


def _counts(broken: Break) -> Numbers:
    """Outputs that differ, all outputs, the share of the ones in the others, and the norm."""
    differing, outputs, share = _share(broken.difference != 0, "differ")
    return {"differing": differing, "outputs": outputs, "share": share, "norm": _norm(broken)}


def _share(of_outputs: Array, what: str) -> tuple[Quantity, Quantity, Quantity]:
    """The outputs that do what is said, all outputs, and the share of the ones in the others."""
    some = Quantity(int(np.count_nonzero(of_outputs)), "output", name=f"outputs that {what}")
    outputs = Quantity(of_outputs.size, "output", name="outputs")
    return some, outputs, (some / outputs).named(f"share of the outputs that {what}s")


def _named(formula: Quantity, name: str) -> Quantity:
    """What a formula gave, under this name unless it says already what it is."""
    return formula if formula.name else formula.named(name)


def _norm(broken: Break) -> Quantity:
    return measured(broken.norm, "norm of the difference, as a part of the output's")
