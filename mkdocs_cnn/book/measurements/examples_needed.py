"""How many examples a layer needs before it does the right thing on images it has never seen.

An example gives one equation for each output of a layer; each weight is an unknown. A dense layer
has as many unknowns for each output as there are inputs, and an example gives it one equation for
them. A convolution has a few unknowns for all its outputs together:

    >>> needed = examples_needed(np.random.default_rng(1))
    >>> needed.dense.measured, needed.unshared.measured, needed.shared.measured
    (36, 9, 1)
    >>> needed.dense.counted.worked, needed.shared.counted.worked
    ('⌊(576 + 16 − 1) / 16⌋ = 36', '⌊(9 + 16 − 1) / 16⌋ = 1')
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.descent import VERTICAL_EDGE, equations, noise
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.windows import as_filters, placed_filters
from mkdocs_cnn.layers.arguments import whole
from mkdocs_cnn.layers.layer import Placed
from mkdocs_cnn.quantities.quantity import Quantity

T = TypeVar("T")


class Each(NamedTuple, Generic[T]):
    """One thing for each of three layers between the same units."""

    dense: T  # every output reads all inputs, with weights of its own
    unshared: T  # every output reads its window, with weights of its own
    shared: T  # every output reads its window, all with the same weights: the convolution


class Needed(NamedTuple):
    """Examples that a layer needs."""

    counted: Quantity  # with fewer it has more unknowns than equations
    measured: int  # the fewest with which it was right on new images


def fewest_examples(placed: Placed) -> Quantity:
    """The examples without which a layer has more unknowns than equations.

    Each weight is an unknown, and each output of each example an equation. Biases are left out.
    """
    unknowns = placed.weights.named("weights", symbol="N_w", unit="")
    fewest = (unknowns + placed.outputs - 1) // placed.outputs  # rounded up
    return fewest.named("examples needed", symbol="m_min", unit="example")


def examples_needed(
    rng: np.random.Generator,
    *,
    wanted: ArrayLike = VERTICAL_EDGE,
    size: tuple[int, int] = (6, 6),
    tolerance: float = 1e-9,
) -> Each[Needed]:
    """How many examples each of three layers needs to learn a kernel: counted, and measured.

    A layer is right if its error on new images is below the tolerance. The other arguments are
    those of `new_image_errors`.

    Raises:
        ValueError: If the kernel does not fit the images, or no layer can be so exact.
        TypeError: If a size is not an integer, or the kernel does not hold numbers.
    """
    convolution = placed_filters(as_filters(wanted), (1, *size))
    layers = Each[Placed](convolution.dense, convolution.unshared, convolution)
    counted = [fewest_examples(layer) for layer in layers]
    errors = new_image_errors(rng, range(1, int(max(counted)) + 1), wanted=wanted, size=size)
    curves = zip(*errors.values(), strict=True)
    measured = [_first_below(tolerance, curve) for curve in curves]
    return Each(*map(Needed, counted, measured))


def _first_below(tolerance: float, curve: tuple[float, ...]) -> int:
    for examples, error in enumerate(curve, start=1):
        if error < tolerance:
            return examples
    raise ValueError(
        f"no error is below the tolerance {tolerance}: the least with up to {len(curve)} examples "
        f"is {min(curve)}"
    )


def new_image_errors(
    rng: np.random.Generator,
    examples: Iterable[int],
    *,
    wanted: ArrayLike = VERTICAL_EDGE,
    size: tuple[int, int] = (6, 6),
    sigma: float = 0,
    new: int = 500,
) -> dict[int, Each[float]]:
    """How wrong each of three layers is on new images, by the examples that it learned from.

    All learn what a kernel does from the same images of `noise`, by least squares; of the weights
    that fit equally well they take the smallest, to which gradient descent from zero leads too.
    `expected_error` says what to expect.

    Args:
        rng: Where the images come from.
        examples: The numbers of examples to learn from.
        wanted: The kernel, `(out_channels, 1, kernel_height, kernel_width)`.
        size: Height and width of the images.
        sigma: Standard deviation of noise in the outputs that are learned from.
        new: How many images to measure the error on.

    Returns:
        For each number of examples the squared error of each layer, as a part of that of a layer
        that always says 0.

    Raises:
        ValueError: If a number of examples is less than 1, or the kernel does not fit the images.
        TypeError: If a number of examples is no integer, or the kernel does not hold numbers.
    """
    counts = [int(whole("examples", count, at_least=1)) for count in examples]
    kernel, most = as_filters(wanted), max(counts, default=1)
    new_x, x = noise(rng, new, size), noise(rng, most, size)
    y, new_y = cross_correlate2d(x, kernel), cross_correlate2d(new_x, kernel)
    y = y + sigma * rng.standard_normal(y.shape)
    learned = {
        layer: [_solved(*layer(x[:m], y[:m], kernel.shape)) for m in counts] for layer in _LAYERS
    }
    errors = [_errors(learned[layer], *layer(new_x, new_y, kernel.shape)) for layer in _LAYERS]
    return {m: Each(*each) for m, *each in zip(counts, *errors, strict=True)}


def expected_error(unknowns: int, equations: int, *, noise: float = 0) -> float:
    """The error on new images that least squares leaves on average, if inputs are normal noise.

    Fewer equations than unknowns leave the part that they say nothing of. Noise is learned too:
    least where there are far more equations than unknowns, or far fewer, and beyond all bounds
    where they are as many (the mean of an inverse Wishart matrix).

    Args:
        unknowns: Weights to be determined, at least 1.
        equations: Independent ones, all in these unknowns. Windows that overlap are not quite that.
        noise: Variance of the noise in the outputs, as a part of that of the outputs.

    Returns:
        The squared error, as a part of that of a layer that always says 0.
    """
    untold = max(0, 1 - equations / unknowns)
    if not noise:
        return untold
    between = abs(unknowns - equations) - 1
    return untold + noise * min(unknowns, equations) / between if between > 0 else math.inf


def _solved(rows: Array, values: Array) -> Array:
    """The smallest of the weights for which `rows @ weights` comes closest to the values."""
    result: Array = np.linalg.pinv(rows, rcond=1e-12) @ values
    return result


def _errors(learned: list[Array], rows: Array, values: Array) -> list[float]:
    unit = float((values**2).sum())
    return [float(((rows @ weights - values) ** 2).sum()) / unit for weights in learned]


# -- a layer as linear equations: (systems, equations, unknowns), (systems, equations, outputs)

System = Callable[[Array, Array, tuple[int, ...]], tuple[Array, Array]]


def _dense(x: Array, y: Array, _: tuple[int, ...]) -> tuple[Array, Array]:
    """One system: an equation for each example, in a weight for each input, for every output."""
    return x.reshape(1, len(x), -1), y.reshape(1, len(y), -1)


def _unshared(x: Array, y: Array, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """A system for each position: an equation for each example, in its weights."""
    values = y.reshape(*y.shape[:2], -1)
    return equations(x, shape).swapaxes(0, 1), values.transpose(2, 0, 1)


def _shared(x: Array, y: Array, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """One system: an equation for each position in each example, in the same weights for all."""
    rows, values = _unshared(x, y, shape)
    return rows.reshape(1, -1, rows.shape[-1]), values.reshape(1, -1, values.shape[-1])


_LAYERS: Each[System] = Each(_dense, _unshared, _shared)
