"""The last of five blog posts: the same example, nine pixels out of 36, and a shifted cat."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import (
    COUNTS,
    EDGE,
    EDGE_FILTER,
    FILTER_READS_ALL_CHANNELS,
    FLOAT32,
    LESSON,
    SIX_FILTERS_READ_ALL_CHANNELS,
    columns_moved,
    counts,
    edge_response,
    filter_parameters,
    half_turn,
    unmoved_outputs,
)
from mkdocs_cnn.book.claims.recomputing.results import (
    convolution_changes_fewer_labels,
    some_of,
    training_set,
)
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.layers import Conv2d
from mkdocs_cnn.layers.shift_formulas import (
    share_of_maxima_kept,
    share_that_differs,
    share_that_sees_padding,
)
from mkdocs_cnn.quantities.quantity import Quantity, total

SHIFTED = "shifted-digits"
LARGE_GREY = Conv2d(1, 6, kernel_size=5).on(1, 1000, 1000)
LARGE_COLOUR = Conv2d(3, 6, kernel_size=5).on(3, 1000, 1000)
PIXELS_THAT_COUNT = total(1 for row in EDGE_FILTER for weight in row if weight).named(
    "pixels under a weight that is not zero", unit="input"
)


def _large() -> dict[str, Quantity]:
    """Weights and bytes of the dense matrix, grey and colour; then the convolution."""
    grey = LARGE_GREY.dense_weights.named("dense weights, one channel", symbol="N_grey")
    colour = LARGE_COLOUR.dense_weights.named("dense weights, three channels", symbol="N_rgb")
    return {
        "grey": grey,
        "grey_memory": (grey * FLOAT32).named("memory for one channel"),
        "colour": colour,
        "colour_memory": (colour * FLOAT32).named("memory for three channels"),
        "convolution": LARGE_COLOUR.parameters.named(
            "parameters of the convolution, three channels"
        ),
    }


def _early_and_late() -> dict[str, Quantity]:
    """Where shifting first and last disagree; where padding is seen; whose labels change."""
    ring = share_that_differs(32, 3, (0, 2), padding_mode="circular")
    padded = share_that_differs(32, 3, (0, 2))
    one, sixteen = (share_that_sees_padding(32, 3, depth=depth) for depth in (1, 16))
    return {
        "ring": ring.named("share of outputs that differ, on a ring"),
        "padded": padded.named("share of outputs that differ, zero padding"),
        "one_layer": one.named("share of outputs that see padding, 1 layer"),
        "sixteen_layers": sixteen.named("share of outputs that see padding, 16 layers"),
        **some_of(SHIFTED, "dense_changed", "places_changed", by=1),
    }


CLAIMS = (
    Claim(
        "part-5-output-shape",
        "we have a 28 by 28 by 6 dimensional output",
        "section 1",
        holds=lambda: tuple(map(int, LESSON.output_shape)) == (6, 28, 28),
        recomputed=lambda: {"height": LESSON.output_shape[1], "width": LESSON.output_shape[2]},
    ),
    Claim(
        "part-5-inputs",
        "32 by 32 by 3 is 3,072",
        "section 1",
        states=Quantity(3_072, "input"),
        recomputed=lambda: counts(LESSON, "inputs"),
    ),
    Claim(
        "part-5-outputs",
        "28 by 28 by 6is 4,704",
        "section 1",
        states=Quantity(4_704, "output"),
        recomputed=lambda: counts(LESSON, "outputs"),
    ),
    Claim(
        "part-5-14-million",
        "3,072 times 4,704 which is approximately 14 million",
        "section 1",
        states=Quantity(14_000_000, "weight"),
        recomputed=lambda: counts(LESSON, "dense_weights", "dense_parameters"),
        why="""Exactly {dense_weights} weights; with a bias for each output unit, {dense_parameters}
        parameters.""",
    ),
    Claim(
        "part-5-invisibly-large",
        "1,000 by 1,000 image, then the weight matrix will just become invisibly large",
        "section 1",
        recomputed=_large,
        judged=Verdict.IMPRECISE,
        why="""What is too large is a matter of judgement, and the text gives no number. With six
        5x5 filters the matrix between the same units would have {grey} weights for one channel and
        {colour} for three; the convolution on three channels still has {convolution}
        parameters.""",
    ),
    Claim(
        "part-5-26-per-filter",
        "there are 26 parameters per filter",
        "section 1, last sentence",
        states=Quantity(26, "parameter"),
        recomputed=lambda: filter_parameters(1),
        why=FILTER_READS_ALL_CHANNELS,
    ),
    Claim(
        "part-5-156",
        "the total number of parameters = 26 times 6 = 156 parameters",
        "section 1, last sentence",
        states=Quantity(156, "parameter"),
        recomputed=lambda: filter_parameters(6),
        why=SIX_FILTERS_READ_ALL_CHANNELS,
    ),
    Claim(
        "part-5-nine-parameters",
        "the same 9 parameters (the numbers on the 3 by 3 filter)",
        "section 2, first paragraph",
        states=Quantity(9, "weight"),
        recomputed=lambda: {
            "weights": EDGE.weights,
            "entries": EDGE.dense_weights.named("entries of the matrix", unit="entry"),
            "connections": EDGE.connections.named("entries on a connection", unit="entry"),
        },
        why="""Written as one matrix from all pixels to all outputs, the filter has {entries}
        entries; {connections} of them stand on a connection, and these hold only {weights}
        different weights.""",
    ),
    Claim(
        "part-5-16-outputs",
        "to compute all 16 of the outputs",
        "section 2, first paragraph",
        states=Quantity(16, "output"),
        recomputed=lambda: counts(EDGE, "outputs"),
    ),
    Claim(
        "part-5-zero",
        "if you look at the zero, this is computed via 3 by 3 convolution",
        "section 2, on sparse connections",
        states=Quantity(0, "grey level"),
        recomputed=lambda: {"first": edge_response(0), "last": edge_response(3)},
        why="""Zero stands where the window sees one brightness only: in the first and the last
        column of the output.""",
    ),
    Claim(
        "part-5-nine-of-36",
        "connected only to green-shaded 9 out of these 36 input features",
        "section 2, on sparse connections",
        states=Quantity(9, "input"),
        recomputed=lambda: {
            **counts(EDGE, "inputs_per_output", "inputs"),
            "count": PIXELS_THAT_COUNT,
        },
        why="""Each output reads {inputs_per_output} of {inputs} pixels. The middle column of this
        filter is zero, so {count} of the {inputs_per_output} can move it.""",
    ),
    Claim(
        "part-5-other-27",
        "the rest of the other 27 pixel values",
        "section 2, on sparse connections",
        states=Quantity(27, "input"),
        recomputed=lambda: {
            "others": (COUNTS["inputs"](EDGE) - COUNTS["inputs_per_output"](EDGE)).named(
                "pixels that an output does not read"
            )
        },
    ),
    Claim(
        "part-5-thirty",
        "the red-circled 30 at the output depends only on the 9 red shaded input features",
        "section 2, on sparse connections",
        states=Quantity(30, "grey level"),
        recomputed=lambda: {
            "correlation": edge_response(1),
            "convolution": edge_response(1, half_turn(EDGE_FILTER)).named(
                "by true convolution", unit="grey level"
            ),
        },
        why="""Exact for the cross-correlation, which is what the layer computes. Convolution as
        mathematics defines it turns the filter by half a turn first and gives {convolution}.""",
    ),
    training_set(
        "part-5",
        "allows it to be trained with smaller training sets and is less prone to overfitting",
        "section 2, on sparse connections, last sentence",
    ),
    Claim(
        "part-5-translation-invariance",
        "convolutional neural networks being very good at capturing translation invariance",
        "section 2, last paragraph but one",
        holds=lambda stay, row: stay == row,
        recomputed=lambda: {
            "second": edge_response(1),
            "second_moved": edge_response(1, shift=1),
            "fourth": edge_response(3),
            "fourth_moved": edge_response(3, shift=1),
            **unmoved_outputs(1),
        },
        why="""The wrong word for what a convolution does: its outputs move along, which is
        equivariance. With the edge of the example one pixel further right, column 2 of the output
        goes from {second} to {second_moved} and column 4 from {fourth} to {fourth_moved}. Invariant
        outputs would stay, and {stay} of {row} in a row do.""",
    ),
    Claim(
        "part-5-still-a-cat",
        "a picture of a cat shifted a couple of pixels to the right, is still pretty clearly a cat",
        "section 2, last paragraph but one",
        judged=Verdict.DEPENDS,
        why="""To us it is. Whether a network thinks so takes one that has been trained; some that
        are widely used change their answer (Azulay and Weiss 2019).""",
    ),
    Claim(
        "part-5-similar-features",
        "an image shifted a few pixels should result in pretty similar features",
        "section 2, last paragraph but one",
        holds=lambda stay, row: stay == row,
        recomputed=lambda: {**unmoved_outputs(2), "columns": columns_moved((0, 2), 1)},
        why="""The same features, but at other places: they have moved too, by {columns} columns for
        two pixels at stride 1. Compared place by place they are not similar: {stay} of {row}
        outputs in a row of the example stays as it is.""",
    ),
    Claim(
        "part-5-same-label",
        "should probably be assigned the same output label",
        "section 2, last paragraph but one",
        recomputed=lambda: {
            "maxima": share_of_maxima_kept(2, (0, 1)).named(
                "share of maxima over 2x2 pixels that stay"
            ),
            **some_of(SHIFTED, "dense_changed", "places_changed", "pooled_blur_changed", by=1),
        },
        judged=Verdict.DEPENDS,
        why="""What should be is not for us to compute. Convolution alone does not make it so: when
        independent pixels move by one, a share of {maxima} of the maxima over 2x2 stays. In our
        experiment with digits that moved by one pixel after training, a share of {dense_changed} of
        the dense network's labels changed, {places_changed} of a convolutional network's with max
        pooling, and {pooled_blur_changed} with blur pooling and a mean over all places.""",
    ),
    Claim(
        "part-5-learns-invariance",
        "helps a neural network automatically learn to be more robust or to better capture the "
        "desirable property of translation invariance",
        "section 2, last paragraph but one",
        borne_out=convolution_changes_fewer_labels,
        recomputed=_early_and_late,
        why="""What the same filter at all positions gives is equivariance, and it is built in, not
        learned: exact on a ring, where the share of outputs that differs is {ring}; with zero
        padding it is {padded} (3x3 on 32x32, shifted by two columns). In the late layers padding
        has come further: a share of {one_layer} sees it after one layer, {sixteen_layers} after 16.
        Networks with such filters are more robust, too: trained on digits in the middle, a dense
        network changes its answer for a share of {dense_changed} of the digits that moved by one
        pixel, a convolutional one with max pooling for {places_changed}.""",
    ),
)
