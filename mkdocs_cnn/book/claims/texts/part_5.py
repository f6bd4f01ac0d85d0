"""The last of five blog posts: the same example, nine pixels out of 36, and a shifted cat."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import (
    EDGE,
    EDGE_FILTER,
    FILTER_READS_ALL_CHANNELS,
    FLOAT32,
    LESSON,
    SIX_FILTERS_READ_ALL_CHANNELS,
    dense_parameters,
    edge_outputs,
    edge_response,
    flipped,
    inputs,
    output_moves,
    outputs,
    outputs_that_stay,
    reads,
)
from mkdocs_cnn.book.claims.recomputing.results import (
    convolution_changes_fewer_labels,
    errors_after_few,
    errors_by_parameters,
    fewer_examples,
    fewer_parameters_overfit_less,
    moved_by_one,
)
from mkdocs_cnn.book.claims.texts.notes_why import parameters_of_six, parameters_per_filter
from mkdocs_cnn.book.sources import SOURCES
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.layers import Conv2d
from mkdocs_cnn.layers.shift_formulas import (
    share_of_maxima_kept,
    share_that_differs,
    share_that_sees_padding,
)
from mkdocs_cnn.quantities.quantity import Quantity, total

SOURCE = SOURCES["part-5"]
LARGE_GREY = Conv2d(1, 6, kernel_size=5).on(1, 1000, 1000)
LARGE_COLOUR = Conv2d(3, 6, kernel_size=5).on(3, 1000, 1000)


def _large() -> tuple[Quantity, ...]:
    """Weights and bytes of the dense matrix, grey and colour; then the convolution."""
    grey = LARGE_GREY.dense_weights.named("dense weights, one channel", symbol="N_grey")
    colour = LARGE_COLOUR.dense_weights.named("dense weights, three channels", symbol="N_rgb")
    return (
        grey,
        (grey * FLOAT32).named("memory for one channel"),
        colour,
        (colour * FLOAT32).named("memory for three channels"),
        LARGE_COLOUR.parameters.named("parameters of the convolution, three channels"),
    )


def _other_pixels() -> Quantity:
    return (inputs(EDGE) - reads(EDGE)).named("pixels that an output does not read", unit="input")


def _pixels_that_count() -> Quantity:
    """Pixels of a window under a filter weight that is not zero."""
    telling = total(1 for row in EDGE_FILTER for weight in row if weight)
    return telling.named("pixels under a weight that is not zero", unit="input")


def _as_matrix() -> tuple[Quantity, Quantity, Quantity]:
    """The convolution as one matrix: its entries, those on a connection, the distinct weights."""
    return (
        EDGE.dense_weights.named("entries of the matrix", unit="entry"),
        EDGE.connections.named("entries on a connection", unit="entry"),
        EDGE.weights,
    )


def _one_pixel_on() -> tuple[Quantity, ...]:
    """What leaves and what enters the row of outputs; outputs that stay, and all."""
    leaving, entering = (1, 3)
    return (
        edge_response(leaving),
        edge_response(leaving, moved=1),
        edge_response(entering),
        edge_response(entering, moved=1),
        *outputs_that_stay(1),
    )


def _early_and_late() -> tuple[Quantity, ...]:
    """Where shifting first and last disagree; where padding is seen; whose labels change."""
    ring = share_that_differs(32, 3, (0, 2), padding_mode="circular")
    return (
        ring.named("share of outputs that differ, on a ring"),
        share_that_differs(32, 3, (0, 2)).named("share of outputs that differ, zero padding"),
        share_that_sees_padding(32, 3).named("share of outputs that see padding, 1 layer"),
        share_that_sees_padding(32, 3, depth=16).named(
            "share of outputs that see padding, 16 layers"
        ),
        *moved_by_one("dense", "places"),
    )


CLAIMS = (
    Claim(
        "part-5-output-shape",
        "we have a 28 by 28 by 6 dimensional output",
        SOURCE,
        "section 1",
        holds=lambda: tuple(map(int, LESSON.output_shape)) == (6, 28, 28),
        recomputed=lambda: (LESSON.output_shape[1], LESSON.output_shape[2]),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "part-5-inputs",
        "32 by 32 by 3 is 3,072",
        SOURCE,
        "section 1",
        states=Quantity(3_072, "input"),
        recomputed=lambda: (inputs(LESSON),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "part-5-outputs",
        "28 by 28 by 6is 4,704",
        SOURCE,
        "section 1",
        states=Quantity(4_704, "output"),
        recomputed=lambda: (outputs(LESSON),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "part-5-14-million",
        "3,072 times 4,704 which is approximately 14 million",
        SOURCE,
        "section 1",
        states=Quantity(14_000_000, "weight"),
        digits=2,
        recomputed=lambda: (LESSON.dense_weights, dense_parameters(LESSON)),
        verdict=Verdict.ROUNDS,
        why="Exactly {0} weights; with a bias for each output unit, {1} parameters.",
    ),
    Claim(
        "part-5-invisibly-large",
        "1,000 by 1,000 image, then the weight matrix will just become invisibly large",
        SOURCE,
        "section 1",
        recomputed=_large,
        verdict=Verdict.NOT_COMPUTABLE,
        why=(
            "What is too large is a matter of judgement, and the text gives no number. With six "
            "5x5 filters the matrix between the same units "
            "would have {0} weights for one channel and {2} for three; the convolution on three "
            "channels still has {4} parameters."
        ),
    ),
    Claim(
        "part-5-26-per-filter",
        "there are 26 parameters per filter",
        SOURCE,
        "section 1, last sentence",
        states=Quantity(26, "parameter"),
        recomputed=lambda: (parameters_per_filter(3), parameters_per_filter(1)),
        verdict=Verdict.DIFFERS,
        why=FILTER_READS_ALL_CHANNELS,
    ),
    Claim(
        "part-5-156",
        "the total number of parameters = 26 times 6 = 156 parameters",
        SOURCE,
        "section 1, last sentence",
        states=Quantity(156, "parameter"),
        recomputed=lambda: (LESSON.parameters, parameters_of_six(1)),
        verdict=Verdict.DIFFERS,
        why=SIX_FILTERS_READ_ALL_CHANNELS,
    ),
    Claim(
        "part-5-nine-parameters",
        "the same 9 parameters (the numbers on the 3 by 3 filter)",
        SOURCE,
        "section 2, first paragraph",
        states=Quantity(9, "weight"),
        recomputed=lambda: (EDGE.weights, *_as_matrix()[:2]),
        verdict=Verdict.EXACT,
        why=(
            "Written as one matrix from all pixels to all outputs, the filter has {1} entries; "
            "{2} of them stand on a connection, and these hold only {0} different weights."
        ),
    ),
    Claim(
        "part-5-16-outputs",
        "to compute all 16 of the outputs",
        SOURCE,
        "section 2, first paragraph",
        states=Quantity(16, "output"),
        recomputed=lambda: (outputs(EDGE),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "part-5-zero",
        "if you look at the zero, this is computed via 3 by 3 convolution",
        SOURCE,
        "section 2, on sparse connections",
        states=Quantity(0, "grey level"),
        recomputed=lambda: (edge_response(0), edge_response(3)),
        verdict=Verdict.EXACT,
        why=(
            "Zero stands where the window sees one brightness only: in the first and the last "
            "column of the output."
        ),
    ),
    Claim(
        "part-5-nine-of-36",
        "connected only to green-shaded 9 out of these 36 input features",
        SOURCE,
        "section 2, on sparse connections",
        states=Quantity(9, "input"),
        recomputed=lambda: (reads(EDGE), inputs(EDGE), _pixels_that_count()),
        verdict=Verdict.EXACT,
        why=(
            "Each output reads {0} of {1} pixels. The middle column of this filter is zero, so "
            "{2} of the {0} can move it."
        ),
    ),
    Claim(
        "part-5-other-27",
        "the rest of the other 27 pixel values",
        SOURCE,
        "section 2, on sparse connections",
        states=Quantity(27, "input"),
        recomputed=lambda: (_other_pixels(),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "part-5-thirty",
        "the red-circled 30 at the output depends only on the 9 red shaded input features",
        SOURCE,
        "section 2, on sparse connections",
        states=Quantity(30, "grey level"),
        recomputed=lambda: (
            edge_response(1),
            edge_response(1, flipped(EDGE_FILTER)).named("by true convolution", unit="grey level"),
        ),
        verdict=Verdict.EXACT,
        why=(
            "Exact for the cross-correlation, which is what the layer computes. Convolution as "
            "mathematics defines it turns the filter by half a turn first and gives {1}."
        ),
    ),
    Claim(
        "part-5-training-set",
        "allows it to be trained with smaller training sets and is less prone to overfitting",
        SOURCE,
        "section 2, on sparse connections, last sentence",
        holds=lambda: fewer_examples() and fewer_parameters_overfit_less(),
        recomputed=lambda: (*errors_after_few(), *errors_by_parameters()),
        verdict=Verdict.DIFFERS,
        why=(
            "The first half holds for one of our two convolutions: after learning from {0} digits "
            "dense errs on {1} and convolution on {2}, but with shuffled pixels on {3} and {4}. "
            "The second does not: networks that all fit their digits err less the more parameters "
            "they have, dense ones on {6} with {5} and on {8} with {7}."
        ),
    ),
    Claim(
        "part-5-translation-invariance",
        "convolutional neural networks being very good at capturing translation invariance",
        SOURCE,
        "section 2, last paragraph but one",
        holds=lambda: edge_outputs(1) == edge_outputs(),
        recomputed=_one_pixel_on,
        verdict=Verdict.DIFFERS,
        why=(
            "The wrong word for what a convolution does: its outputs move along, which is "
            "equivariance. With the edge of the example one pixel further right, column 2 of the "
            "output goes from {0} to {1} and column 4 from {2} to {3}. Invariant outputs would "
            "stay, and {4} of {5} in a row do."
        ),
    ),
    Claim(
        "part-5-still-a-cat",
        "a picture of a cat shifted a couple of pixels to the right, is still pretty clearly a cat",
        SOURCE,
        "section 2, last paragraph but one",
        verdict=Verdict.NOT_COMPUTABLE,
        why=(
            "To us it is. Whether a network thinks so takes one that has been trained; some that "
            "are widely used change their answer (Azulay and Weiss 2019)."
        ),
    ),
    Claim(
        "part-5-similar-features",
        "an image shifted a few pixels should result in pretty similar features",
        SOURCE,
        "section 2, last paragraph but one",
        holds=lambda: edge_outputs(2) == edge_outputs(),
        recomputed=lambda: (*outputs_that_stay(2), output_moves((0, 2), 1)[1]),
        verdict=Verdict.DIFFERS,
        why=(
            "The same features, but at other places: they have moved too, by {2} columns for two "
            "pixels at stride 1. Compared place by place they are not similar: {0} of {1} outputs "
            "in a row of the example stays as it is."
        ),
    ),
    Claim(
        "part-5-same-label",
        "should probably be assigned the same output label",
        SOURCE,
        "section 2, last paragraph but one",
        recomputed=lambda: (
            share_of_maxima_kept(2, (0, 1)).named("share of maxima over 2x2 pixels that stay"),
            *moved_by_one("dense", "places", "pooled-blur"),
        ),
        verdict=Verdict.NOT_COMPUTABLE,
        why=(
            "What should be is not for us to compute. Convolution alone does not make it so: when "
            "independent pixels move by one, a share of {0} of the maxima over 2x2 stays. In our "
            "experiment with digits that moved by one pixel after training, a share of {1} of the "
            "dense network's labels changed, {2} of a convolutional network's with max pooling, "
            "and {3} with blur pooling and a mean over all places."
        ),
    ),
    Claim(
        "part-5-learns-invariance",
        "helps a neural network automatically learn to be more robust or to better capture the "
        "desirable property of translation invariance",
        SOURCE,
        "section 2, last paragraph but one",
        recomputed=_early_and_late,
        holds=convolution_changes_fewer_labels,
        verdict=Verdict.EXACT,
        why=(
            "What the same filter at all positions gives is equivariance, and it is built in, not "
            "learned: exact on a ring, where the share of outputs that differs is {0}; with zero "
            "padding it is {1} (3x3 on 32x32, shifted by two columns). In the late layers padding "
            "has come further: a share of {2} sees it after one layer, {3} after 16. Networks "
            "with such filters are more robust, too: trained on digits in the middle, a "
            "dense network changes its answer for a share of {4} of the digits that moved by one "
            "pixel, a convolutional one with max pooling for {5}."
        ),
    ),
)
