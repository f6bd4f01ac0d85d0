"""Lecture notes that ask why convolutions: 14 million weights against a few hundred; the cost."""

from __future__ import annotations

from fractions import Fraction

from mkdocs_cnn.book.claims.recomputing.descent import (
    START,
    cost,
    kernel_after,
    losses,
    slope,
    slope_by_differences,
)
from mkdocs_cnn.book.claims.recomputing.lessons import (
    FILTER_READS_ALL_CHANNELS,
    LESSON,
    SIX_FILTERS_READ_ALL_CHANNELS,
    counts,
    filter_parameters,
    weights_and_factors,
)
from mkdocs_cnn.book.claims.recomputing.results import training_set
from mkdocs_cnn.claims.claim import Claim
from mkdocs_cnn.quantities.quantity import Quantity

TOO_FAR = kernel_after(1, rate=Fraction(1))

CLAIMS = (
    Claim(
        "notes-why-14-million",
        "3,072 times 4,704 which is about 14 million",
        "the example of the 32x32x3 image",
        states=Quantity(14_000_000, "weight"),
        recomputed=lambda: counts(LESSON, "dense_weights", "dense_parameters"),
        why="""Exactly {dense_weights} weights; with a bias for each output unit, {dense_parameters}
        parameters.""",
    ),
    Claim(
        "notes-why-26-per-filter",
        "there are 5x5=25 plus a bias parameter so you will have 26 parameters in each filter",
        "the example of the 32x32x3 image, after the first picture",
        states=Quantity(26, "parameter"),
        recomputed=lambda: filter_parameters(1),
        why=FILTER_READS_ALL_CHANNELS,
    ),
    Claim(
        "notes-why-156",
        "there are 6 filters, so we get 156 parameters in 5x5x6 filter",
        "the example of the 32x32x3 image, after the first picture",
        states=Quantity(156, "parameter"),
        recomputed=lambda: filter_parameters(6),
        why=SIX_FILTERS_READ_ALL_CHANNELS,
    ),
    Claim(
        "notes-why-two-reasons",
        "The reason that a ConvNet has these small parameters is really two reasons.",
        "before the second picture",
        holds=lambda sparsity, sharing: sparsity > 1 and sharing > 1,
        recomputed=lambda: weights_and_factors(LESSON),
        why="""The number in the middle shows both: {dense_weights} weights become
        {unshared_weights} because each output reads a small window, {sparsity} times fewer, and
        {shared_weights} because all windows share their weights, {sharing} times fewer again.""",
    ),
    Claim(
        "notes-why-many-positions",
        "can use the same parameters in lots of different positions",
        "on parameter sharing, second paragraph",
        holds=lambda positions, connections_per_weight: positions == connections_per_weight,
        recomputed=lambda: counts(LESSON, "positions", "connections_per_weight"),
        why="""In the example every filter is applied at {positions} positions, with the same
        weights.""",
    ),
    Claim(
        "notes-why-few-inputs",
        "each output value depends only on a small number of inputs",
        "on sparsity of connections, first sentence",
        holds=lambda inputs_per_output, inputs: inputs_per_output < inputs,
        recomputed=lambda: counts(LESSON, "inputs_per_output", "inputs"),
        why="In the example each output reads {inputs_per_output} of the {inputs} inputs.",
    ),
    training_set(
        "notes-why",
        "allows it to be trained with smaller training cells and is less prone to be overfitting",
        "last paragraph before the summary",
        misprint="“Cells” is probably meant as “sets”. ",
    ),
    Claim(
        "notes-why-cost",
        "Cost: J=(1/m) Σᵢ₌₁ᵐ L(ŷ⁽ⁱ⁾,y⁽ⁱ⁾)",
        "the summary",
        holds=lambda: all(slope(START, tap) == slope_by_differences(START, tap) for tap in (0, 1)),
        recomputed=lambda: {
            "cost": cost(START).named("J"),
            "first": losses(START)[0],
            "second": losses(START)[1],
            "slope": slope(START, 0).named("slope of J, added over all places"),
            "differences": slope_by_differences(START, 0).named("slope of J, from J at both sides"),
        },
        why="""L is left open. With half the squared error, on two images of three pixels and a
        kernel of two weights at zero, J is the mean {cost} of the losses {first} and {second}. A
        shared weight moves J at all its places, so the slope is a sum over them, {slope}; J at both
        sides of the weight gives the same, {differences}.""",
    ),
    Claim(
        "notes-why-descent",
        "Use gradient descent to optimize parameters to reduce J",
        "the summary",
        holds=lambda start, one, two: start > one > two,
        recomputed=lambda: {
            "start": cost(START).named("J at the start"),
            "one": cost(kernel_after(1)).named("J after 1 step"),
            "two": cost(kernel_after(2)).named("J after 2 steps"),
            "too_long": cost(TOO_FAR).named("J after a step of four times the length"),
        },
        why="""If the steps are short enough. On the same two images, at a rate of 1/4, J falls from
        {start} to {one} and then {two}; a first step of four times the length takes it up to
        {too_long}.""",
    ),
)
