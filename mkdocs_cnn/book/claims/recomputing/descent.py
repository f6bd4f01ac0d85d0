"""A cost and its descent in exact fractions: two images in one row, a kernel of two weights.

The kernel (1, −1) has made the outputs that are wanted; descent begins at zero. The loss of an
example is half the sum of its squared errors, as in `arrays.descent`.

    >>> cost(START).worked, cost(kernel_after(1)).worked
    ('(2 + 4) / 2 = 3', '0.5 / 2 = 0.25')
"""

from __future__ import annotations

from fractions import Fraction

from mkdocs_cnn.layers.window_sum import window_sum
from mkdocs_cnn.quantities.quantity import Operand, Quantity, quantity, total

Kernel = tuple[Operand, Operand]

IMAGES = ((2, 0, 0), (0, 2, 0))
WANTED: Kernel = (1, -1)
START: Kernel = (0, 0)
RATE = Fraction(1, 4)


def outputs(image: tuple[int, ...], kernel: Kernel) -> tuple[Quantity, ...]:
    """What the kernel gives at each place of an image, without padding."""
    windows = (image[at : at + 2] for at in range(len(image) - 1))
    return tuple(window_sum([window], [kernel]) for window in windows)


def errors(kernel: Kernel) -> tuple[tuple[Quantity, ...], ...]:
    """What comes out less what is wanted, place by place, for each example."""
    return tuple(
        tuple(
            (out - wanted).named("error")
            for out, wanted in zip(outputs(image, kernel), outputs(image, WANTED), strict=True)
        )
        for image in IMAGES
    )


def losses(kernel: Kernel) -> tuple[Quantity, ...]:
    """L of each example: half the sum of the squared errors."""
    return tuple(
        (total(error**2 for error in of_one) / 2).named(f"loss of example {number}")
        for number, of_one in enumerate(errors(kernel), 1)
    )


def cost(kernel: Kernel) -> Quantity:
    """J: the mean loss of the examples."""
    return total(losses(kernel)) / len(IMAGES)


def slope(kernel: Kernel, tap: int) -> Quantity:
    """The derivative of J with respect to weight 0 or 1: its terms at all places, added.

    An output's error counts as often as the pixel that the weight meets there.
    """
    terms = (
        error * image[place + tap]
        for image, of_one in zip(IMAGES, errors(kernel), strict=True)
        for place, error in enumerate(of_one)
    )
    return total(terms) / len(IMAGES)


def slope_by_differences(kernel: Kernel, tap: int) -> Quantity:
    """The same from J at both sides of the weight. J is a square, so any distance is exact."""
    ahead, behind = (cost(_moved(kernel, tap, by)) for by in (1, -1))
    return (ahead.named("J, weight more by 1") - behind.named("J, weight less by 1")) / 2


def kernel_after(steps: int, rate: Fraction = RATE) -> Kernel:
    """The kernel after so many steps of gradient descent from zero."""
    kernel = START
    for _ in range(steps):
        first, second = (
            (kernel[tap] - rate * slope(kernel, tap)).named(f"weight {tap + 1}") for tap in (0, 1)
        )
        kernel = first, second
    return kernel


def _moved(kernel: Kernel, tap: int, by: int) -> Kernel:
    first, second = (quantity(weight) + by * (at == tap) for at, weight in enumerate(kernel))
    return first, second
