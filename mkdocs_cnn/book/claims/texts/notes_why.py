"""Lecture notes that ask why convolutions: 14 million weights against a few hundred; the cost."""

from __future__ import annotations

from fractions import Fraction

from mkdocs_cnn.book.claims.recomputing.descent import (
    START,
    after,
    cost,
    losses,
    slope,
    slope_by_differences,
)
from mkdocs_cnn.book.claims.recomputing.lessons import (
    FILTER_READS_ALL_CHANNELS,
    LESSON,
    SIX_FILTERS_READ_ALL_CHANNELS,
    chain,
    dense_parameters,
    inputs,
    positions,
    reads,
    uses,
)
from mkdocs_cnn.book.claims.recomputing.results import (
    errors_after_few,
    errors_by_parameters,
    fewer_examples,
    fewer_parameters_overfit_less,
)
from mkdocs_cnn.book.sources import SOURCES
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.layers import Conv2d
from mkdocs_cnn.quantities.quantity import Quantity

SOURCE = SOURCES["notes-why"]


def parameters_per_filter(channels: int) -> Quantity:
    """Parameters of one 5 x 5 filter that reads so many channels."""
    parameters = Conv2d(channels, 1, kernel_size=5).on(channels, 32, 32).parameters
    return parameters.named(f"parameters of one filter, input of depth {channels}", symbol="P_1")


def parameters_of_six(channels: int) -> Quantity:
    """Parameters of six 5 x 5 filters that read so many channels."""
    parameters = Conv2d(channels, 6, kernel_size=5).on(channels, 32, 32).parameters
    return parameters.named(f"parameters of six filters, input of depth {channels}", symbol="P_6")


def _cost_and_slope() -> tuple[Quantity, ...]:
    """J and its two losses at the start; its slope along the first weight, from two sides."""
    return (
        cost(START).named("J"),
        *losses(START),
        slope(START, 0).named("slope of J, added over all places"),
        slope_by_differences(START, 0).named("slope of J, from J at both sides"),
    )


def _descent() -> tuple[Quantity, ...]:
    """J at the start, after one step and two; after one step that is too long."""
    return (
        cost(START).named("J at the start"),
        cost(after(1)).named("J after 1 step"),
        cost(after(2)).named("J after 2 steps"),
        cost(after(1, rate=Fraction(1))).named("J after a step of four times the length"),
    )


CLAIMS = (
    Claim(
        "notes-why-14-million",
        "3,072 times 4,704 which is about 14 million",
        SOURCE,
        "the example of the 32x32x3 image",
        states=Quantity(14_000_000, "weight"),
        digits=2,
        recomputed=lambda: (LESSON.dense_weights, dense_parameters(LESSON)),
        verdict=Verdict.ROUNDS,
        why="Exactly {0} weights; with a bias for each output unit, {1} parameters.",
    ),
    Claim(
        "notes-why-26-per-filter",
        "there are 5x5=25 plus a bias parameter so you will have 26 parameters in each filter",
        SOURCE,
        "the example of the 32x32x3 image, after the first picture",
        states=Quantity(26, "parameter"),
        recomputed=lambda: (parameters_per_filter(3), parameters_per_filter(1)),
        verdict=Verdict.DIFFERS,
        why=FILTER_READS_ALL_CHANNELS,
    ),
    Claim(
        "notes-why-156",
        "there are 6 filters, so we get 156 parameters in 5x5x6 filter",
        SOURCE,
        "the example of the 32x32x3 image, after the first picture",
        states=Quantity(156, "parameter"),
        recomputed=lambda: (LESSON.parameters, parameters_of_six(1)),
        verdict=Verdict.DIFFERS,
        why=SIX_FILTERS_READ_ALL_CHANNELS,
    ),
    Claim(
        "notes-why-two-reasons",
        "The reason that a ConvNet has these small parameters is really two reasons.",
        SOURCE,
        "before the second picture",
        holds=lambda: LESSON.sparsity > 1 and LESSON.sharing > 1,
        recomputed=lambda: chain(LESSON),
        verdict=Verdict.EXACT,
        why=(
            "The number in the middle shows both: {0} weights become {1} because each output "
            "reads a small window, {3} times fewer, and {2} because all windows share their "
            "weights, {4} times fewer again."
        ),
    ),
    Claim(
        "notes-why-many-positions",
        "can use the same parameters in lots of different positions",
        SOURCE,
        "on parameter sharing, second paragraph",
        holds=lambda: uses(LESSON) == positions(LESSON.output_shape).value,
        recomputed=lambda: (positions(LESSON.output_shape), uses(LESSON)),
        verdict=Verdict.EXACT,
        why="In the example every filter is applied at {0} positions, with the same weights.",
    ),
    Claim(
        "notes-why-few-inputs",
        "each output value depends only on a small number of inputs",
        SOURCE,
        "on sparsity of connections, first sentence",
        holds=lambda: reads(LESSON) < inputs(LESSON),
        recomputed=lambda: (reads(LESSON), inputs(LESSON)),
        verdict=Verdict.EXACT,
        why="In the example each output reads {0} of the {1} inputs.",
    ),
    Claim(
        "notes-why-training-set",
        "allows it to be trained with smaller training cells and is less prone to be overfitting",
        SOURCE,
        "last paragraph before the summary",
        holds=lambda: fewer_examples() and fewer_parameters_overfit_less(),
        recomputed=lambda: (*errors_after_few(), *errors_by_parameters()),
        verdict=Verdict.DIFFERS,
        why=(
            "“Cells” is probably meant as “sets”. The first half holds for one of our two "
            "convolutions: after learning from {0} digits dense errs on {1} and convolution on "
            "{2}, but with shuffled pixels on {3} and {4}. The second does not: networks that all "
            "fit their digits err less the more parameters they have, dense ones on {6} with {5} "
            "and on {8} with {7}."
        ),
    ),
    Claim(
        "notes-why-cost",
        "Cost: J=(1/m) Σᵢ₌₁ᵐ L(ŷ⁽ⁱ⁾,y⁽ⁱ⁾)",
        SOURCE,
        "the summary",
        holds=lambda: all(slope(START, tap) == slope_by_differences(START, tap) for tap in (0, 1)),
        recomputed=_cost_and_slope,
        verdict=Verdict.EXACT,
        why=(
            "L is left open. With half the squared error, on two images of three pixels and a "
            "kernel of two weights at zero, J is the mean {0} of the losses {1} and {2}. A shared "
            "weight moves J at all its places, so the slope is a sum over them, {3}; J at both "
            "sides of the weight gives the same, {4}."
        ),
    ),
    Claim(
        "notes-why-descent",
        "Use gradient descent to optimize parameters to reduce J",
        SOURCE,
        "the summary",
        holds=lambda: cost(START) > cost(after(1)) > cost(after(2)),
        recomputed=_descent,
        verdict=Verdict.EXACT,
        why=(
            "If the steps are short enough. On the same two images, at a rate of 1/4, J falls "
            "from {0} to {1} and then {2}; a first step of four times the length takes it up to "
            "{3}."
        ),
    ),
)
