"""Learning a kernel: a cost, its gradient, and gradient descent.

Gradient descent finds a kernel from what it does to a single image:

    >>> path = learn(noise(np.random.default_rng(1), 1), VERTICAL_EDGE, steps=300)
    >>> [round(point.cost, 1) for point in path[:4]], bool(path[300].cost < 1e-9)
    ([32.7, 7.9, 3.3, 1.7], True)
    >>> np.rint(path[300].kernel[0, 0]).astype(int)
    array([[ 1,  0, -1],
           [ 1,  0, -1],
           [ 1,  0, -1]])
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.exact import Array, numbers
from mkdocs_cnn.arrays.gradients import unshared_gradient
from mkdocs_cnn.arrays.windows import placed_filters, unfold
from mkdocs_cnn.layers.arguments import whole

VERTICAL_EDGE: Array = np.array([[[[1, 0, -1]] * 3]])
"""The detector of vertical edges as a filter: `(1, 1, 3, 3)`."""


# -- the cost


class Loss(NamedTuple):
    """What an output costs, given what came out and what was wanted."""

    value: Callable[[Array, Array], Array]  # the loss of each output
    slope: Callable[[Array, Array], Array]  # its derivative with respect to what came out
    curvature: float  # the most that its second derivative can be


SQUARED_ERROR = Loss(lambda out, y: (out - y) ** 2 / 2, lambda out, y: out - y, 1)
"""Half the square of the error, so that the slope is the error itself."""

LOGISTIC = Loss(
    lambda out, y: np.logaddexp(0, out) - y * out,
    lambda out, y: (1 + np.tanh(out / 2)) / 2 - y,
    1 / 4,
)
"""For answers 0 and 1: minus the logarithm of the answer's probability; `out` is the log-odds."""


@dataclass(frozen=True, eq=False)
class Cost:
    """J = (1/m) Σ L: the losses of all outputs added, and their mean over m examples.

    It is a function of the kernel of a convolution with stride 1 and without padding, whose size
    follows from those of `x` and `y`. A kernel as large as the image is a dense layer.

    Raises:
        ValueError: If the shapes do not fit each other, or there is no example.
        TypeError: If an array holds what is no number.
    """

    x: Array  # what goes in: (m, in_channels, height, width)
    y: Array  # what is wanted: (m, out_channels, output_height, output_width)
    loss: Loss = SQUARED_ERROR  # L, of one output

    def __post_init__(self) -> None:
        for name in ("x", "y"):
            object.__setattr__(self, name, numbers(name, getattr(self, name)).astype(float))
        four_axes = self.x.ndim == self.y.ndim == 4
        if not (four_axes and len(self.x) == len(self.y) > 0 and min(self.kernel_shape) > 0):
            raise ValueError(
                "x and y must be (m, channels, height, width) with the same m, at least 1, and "
                f"outputs no larger than the inputs, not x {self.x.shape} and y {self.y.shape}"
            )

    @property
    def kernel_shape(self) -> tuple[int, int, int, int]:
        """`(out_channels, in_channels, kernel_height, kernel_width)`."""
        (_, into, height, width), (_, out, *output) = self.x.shape, self.y.shape
        return out, into, height - output[0] + 1, width - output[1] + 1

    @cached_property
    def equations(self) -> Array:
        """The windows that the outputs read: see the function of this name."""
        return equations(self.x, self.kernel_shape)

    @cached_property
    def curvature(self) -> Array:
        """The most that J curves as the filter of one output channel changes: `(taps, taps)`.

        It is the curvature of the loss times the mean of XᵀX over the examples, where X are the
        `equations` of one. For the squared error it is the Hessian everywhere.
        """
        x = self.equations
        squares: Array = np.einsum("mpi,mpj->ij", x, x)
        return self.loss.curvature * squares / len(x)

    @cached_property
    def largest_rate(self) -> float:
        """The learning rate above which gradient descent diverges: 2 / λ.

        λ is the largest eigenvalue of `curvature`. A step multiplies the error along its
        eigenvector by 1 − rate · λ, which is −1 at this rate. So it is for the squared error; for
        another loss every smaller rate is safe, and some larger ones may be.

        Raises:
            ValueError: If all inputs are 0, so that no rate is too large.
        """
        steepest = float(np.linalg.eigvalsh(self.curvature)[-1])
        if steepest <= 0:
            raise ValueError(f"x must not be 0 everywhere (shape {self.x.shape})")
        return 2 / steepest

    def at(self, kernel: ArrayLike) -> Point:
        """The cost at a kernel, and its slope there.

        Raises:
            ValueError: If the kernel has another shape than `kernel_shape`.
            TypeError: If it does not hold numbers.
        """
        return Point(self, numbers("kernel", kernel).astype(float))


@dataclass(frozen=True, eq=False)
class Point:
    """A kernel and what follows from it under a cost; made by `Cost.at`."""

    under: Cost
    kernel: Array  # (out_channels, in_channels, kernel_height, kernel_width)

    def __post_init__(self) -> None:
        if self.kernel.shape != self.under.kernel_shape:
            raise ValueError(
                f"kernel must have shape {self.under.kernel_shape}, not {self.kernel.shape}"
            )
        self.kernel.flags.writeable = False  # what follows from it is kept

    @cached_property
    def outputs(self) -> Array:
        """What comes out: `(m, out_channels, output_height, output_width)`."""
        filters = self.kernel.reshape(len(self.kernel), -1)
        result: Array = np.einsum("mpt,ot->mop", self.under.equations, filters)
        return result.reshape(self.under.y.shape)

    @cached_property
    def cost(self) -> float:
        """J."""
        return float(self.under.loss.value(self.outputs, self.under.y).sum() / len(self.outputs))

    @cached_property
    def upstream(self) -> Array:
        """The gradient of J with respect to the outputs, in their shape."""
        return self.under.loss.slope(self.outputs, self.under.y) / len(self.outputs)

    @cached_property
    def unshared_gradient(self) -> Array:
        """The parts of the gradient, position by position: see the function of this name."""
        return unshared_gradient(self.under.x, self.kernel, self.upstream)

    @cached_property
    def gradient(self) -> Array:
        """The gradient of J with respect to the kernel, in its shape.

        It is `shared_gradient(unshared_gradient)`, summed without keeping the parts.
        """
        slopes = self.upstream.reshape(*self.upstream.shape[:2], -1)
        result: Array = np.einsum("mpt,mop->ot", self.under.equations, slopes)
        return result.reshape(self.kernel.shape)

    def slope(self, direction: Array, *, step: float = 1e-4) -> float:
        """How fast J rises along a direction, measured: a small difference, divided by its step.

        It should be `(gradient * direction).sum()`.
        """
        ahead, behind = (self.under.at(self.kernel + by * direction) for by in (step, -step))
        return (ahead.cost - behind.cost) / (2 * step)


def equations(x: Array, kernel_shape: tuple[int, ...]) -> Array:
    """What the outputs of a convolution without padding say of a filter: one equation each.

    Of `x`, `(m, in_channels, height, width)`, it makes `(m, positions, taps)`: times a filter's
    `taps` weights, its outputs. The kernel's shape is as in `Point`.
    """
    placed = placed_filters(np.empty(kernel_shape), x.shape[1:])
    return unfold(x, placed)[:, 0].swapaxes(1, 2)


# -- descent


def descend(cost: Cost, kernel: ArrayLike, *, rate: float, steps: int) -> Iterator[Point]:
    """Gradient descent: from each kernel a step against the gradient, `rate` times as long.

    Of the `steps + 1` points the first is the kernel where it begins, in `cost.kernel_shape`.

    Raises:
        ValueError: If the kernel has another shape, or `steps` is negative.
        TypeError: If `steps` is not an integer, or the kernel does not hold numbers.
    """
    point = cost.at(kernel)
    yield point
    for _ in range(int(whole("steps", steps, at_least=0))):
        point = cost.at(point.kernel - rate * point.gradient)
        yield point


def learn(
    x: ArrayLike, wanted: ArrayLike = VERTICAL_EDGE, *, steps: int = 300, part: float = 0.5
) -> tuple[Point, ...]:
    """Learn a kernel from images and what it makes of them, beginning with zeros.

    Args:
        x: `(m, in_channels, height, width)`.
        wanted: The kernel that is to be found; nothing but its outputs is looked at.
        steps: How many steps to take; the kernel before the first and after each is returned.
        part: The learning rate, as a part of `Cost.largest_rate`. At a half, the error vanishes in
            the steepest direction at once and shrinks in the others; above 1 it grows.

    Raises:
        ValueError: If the shapes do not fit each other, or all of `x` is 0.
        TypeError: If `steps` is not an integer, or an array holds what is no number.
    """
    cost = Cost(numbers("x", x), cross_correlate2d(x, wanted))
    start = np.zeros(cost.kernel_shape)
    return tuple(descend(cost, start, rate=part * cost.largest_rate, steps=steps))


def noise(rng: np.random.Generator, examples: int, size: tuple[int, int] = (6, 6)) -> Array:
    """Images without structure, `(examples, 1, height, width)`: each pixel on its own, normal."""
    return rng.standard_normal((examples, 1, *size))
