"""The same web page on equivariance: where its equation holds, and what breaks it by how much.

A sentence is read of stride 1 and of outputs that no padding reaches, unless it speaks of every
output or of a whole network.
"""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import (
    EDGE_FILTER,
    EDGE_IMAGE,
    columns_moved,
    edge_response,
    moved_outputs,
    rows_moved,
    unmoved_outputs,
)
from mkdocs_cnn.book.claims.recomputing.results import some_of
from mkdocs_cnn.book.claims.recomputing.totals import briefly
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.layers.arguments import PaddingMode
from mkdocs_cnn.layers.shift_formulas import (
    output_shift,
    share_of_maxima_kept,
    share_that_differs,
    share_that_sees_padding,
)
from mkdocs_cnn.layers.window_sum import window_sum
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity, quantity, total


def _differing(columns: int, stride: int = 1, padding_mode: PaddingMode = "zeros") -> Quantity:
    """Outputs of 3x3 on 32x32 at which shifting first and shifting last disagree."""
    share = share_that_differs(32, 3, (0, columns), stride=stride, padding_mode=padding_mode)
    where = "on a ring" if padding_mode == "circular" else "zero padding"
    return share.named(f"share that differs, {where}, stride {stride}, shift {columns}")


def _differing_on_a_ring(columns: int, stride: int = 1) -> Quantity:
    return _differing(columns, stride, "circular")


def _equivariant_on_a_ring() -> bool:
    return not any(_differing_on_a_ring(columns) for columns in (1, 2))


def _sees_padding(layers: int) -> Quantity:
    share = share_that_sees_padding(32, 3, depth=layers)
    return share.named(f"share of outputs that see padding, behind {layers}")


def _maxima_kept(window: int, down: int = 0) -> Quantity:
    """Maxima that stay as they are if independent pixels move to the right by one."""
    share = share_of_maxima_kept(window, (down, 1))
    where = ", moved down too" if down else ""
    return share.named(f"share of maxima that stay, {window}x{window}{where}")


def _last_map() -> dict[str, Quantity]:
    """VGG-16's last feature map: its stride, the shift of it by one pixel, the whole shifts."""
    field = networks["vgg16"].on().receptive_field
    stride = briefly(field.stride).named("stride of VGG-16", symbol="S")
    return {
        "stride": stride,
        "shift": (1 / stride).named("shift of its last feature map, image shifted by 1"),
        "whole": (1 / stride**2).named("share of shifts that it follows by whole outputs"),
    }


def _global_mean(shift: int) -> Quantity:
    """The mean of all rectified outputs of the edge filter, with the edge image on a ring."""
    row = EDGE_IMAGE[0]
    windows = [[row[(at + tap - shift) % len(row)] for tap in (-1, 0, 1)] for at in range(len(row))]
    outputs = (window_sum([window] * 3, EDGE_FILTER).named("output") for window in windows)
    mean = total(max(output, quantity(0)) for output in outputs) / len(row)
    return mean.named(f"mean of all outputs, image moved by {shift}", unit="grey level")


def _all_move_along(shift: int) -> bool:
    outputs = moved_outputs(shift)
    return outputs["along"] == outputs["in_sight"]


CLAIMS = (
    # -- equivariance
    Claim(
        "ma-2025-definition",
        "if the input is shifted, the output shifts by the same amount while preserving its "
        "structure",
        "section 4, definition",
        holds=_equivariant_on_a_ring,
        recomputed=lambda: {
            "unstrided": _differing_on_a_ring(1),
            "even": _differing_on_a_ring(2, 2),
            "odd": _differing_on_a_ring(1, 2),
        },
        why="""At stride 1, and on a ring all of it: the share of outputs that differs is
        {unstrided}. At stride 2 it is {even} for an even shift, but {odd} for an odd one, for the
        outputs have no half place to move to.""",
    ),
    Claim(
        "ma-2025-commutes",
        "convolution satisfies: f(g(x)) = g(f(x))",
        "section 4, definition, the equation",
        holds=lambda two_columns, one_column, strided: not (two_columns or one_column or strided),
        recomputed=lambda: {
            "two_columns": _differing(2),
            "one_column": _differing(1),
            "strided": _differing_on_a_ring(1, 2),
            "ring": _differing_on_a_ring(2),
        },
        why="""An equation speaks of every output and every shift. It is exact at stride 1 on a
        ring, where the share of outputs that differs is {ring}, and away from the border. With zero
        padding, 3x3 on 32x32, that share is {two_columns} for a shift by two columns and
        {one_column} for one; with a stride of 2 it is {strided} for an odd shift, and pooling has a
        stride too.""",
    ),
    Claim(
        "ma-2025-any-position",
        "the network detects the same pattern regardless of its position in the input",
        "section 4, what this means",
        holds=lambda shift, whole: all(isinstance(part.value, int) for part in (shift, whole)),
        recomputed=_last_map,
        why="""A layer of stride 1 does, away from the border; a network has strides and pooling.
        The outputs of VGG-16's last feature map are {stride} pixels apart, so an image shifted by
        one pixel would have to move them by {shift}, and of all shifts down and right a share of
        {whole} moves them by whole places. The others change the responses (Zhang 2019).""",
    ),
    Claim(
        "ma-2025-fires-at",
        "The edge detector will fire at position (10+5, 20+3) = (15, 23) in the shifted image",
        "section 4, example",
        holds=lambda row, column: (row, column) == (15, 23),
        recomputed=lambda: {
            "row": 10 + output_shift((5, 3), 1)[0],
            "column": 20 + output_shift((5, 3), 1)[1],
            "rows": rows_moved((5, 3), 2),
            "columns": columns_moved((5, 3), 2),
        },
        why="""At stride 1. At stride 2 the output would have to move by {rows} rows and {columns}
        columns, and there is no half of a pixel.""",
    ),
    Claim(
        "ma-2025-same-response",
        "The response is the same, just shifted by the same amount.",
        "section 4, after the example",
        holds=lambda: _all_move_along(1),
        recomputed=lambda: {"before": edge_response(2), "after": edge_response(3, shift=1)},
        why="""Away from the border and at stride 1. An edge in 6x6 pixels gives {before} in column
        3 of the output; moved by one, it gives {after} in column 4.""",
    ),
    # -- invariance
    Claim(
        "ma-2025-two-words",
        "Translation equivariance is different from translation invariance",
        "section 4, contrast with invariance",
        holds=lambda along, in_sight, stay, row: along == in_sight and stay < row,
        recomputed=lambda: moved_outputs(1) | unmoved_outputs(1),
        why="""When the edge in 6x6 pixels moves by one, {along} of {in_sight} outputs that can be
        followed in a row have moved along, but {stay} of {row} stay as they were. The overview of
        the text calls the one by the name of the other.""",
    ),
    Claim(
        "ma-2025-output-shifts",
        "Equivariance: Output shifts when input shifts (CNNs with convolution)",
        "section 4, contrast with invariance, point 1",
        holds=lambda unstrided: rows_moved((0, 1), 1) == 0 and unstrided == 1,
        recomputed=lambda: {
            "unstrided": columns_moved((0, 1), 1),
            "strided": columns_moved((0, 1), 2),
        },
        why="""At stride 1 by {unstrided} output for each pixel. At stride 2 it would be {strided},
        which is why a whole network, with its strides and pooling, is equivariant only nearly.""",
    ),
    Claim(
        "ma-2025-achieved-with-pooling",
        "Invariance: Output stays the same when input shifts (achieved with pooling)",
        "section 4, contrast with invariance, point 2",
        holds=lambda column: column == 1,
        recomputed=lambda: {
            "column": _maxima_kept(2),
            "row_too": _maxima_kept(2, down=1),
            "mean_before": _global_mean(0),
            "mean_after": _global_mean(3),
        },
        why="""Not by the usual pooling: of the maxima over 2x2 independent pixels a share of
        {column} stays when the image moves by one column, and {row_too} when it moves by one row
        too. Pooling over the whole map achieves it: behind the edge filter and a ReLU, on a ring,
        the mean of all outputs is {mean_before} before a shift by three and {mean_after} after.""",
    ),
    Claim(
        "ma-2025-convolution-provides",
        "Convolutional layers provide equivariance.",
        "section 4, last paragraph",
        holds=_equivariant_on_a_ring,
        recomputed=lambda: {
            "one": _sees_padding(1),
            "eight": _sees_padding(8),
            "sixteen": _sees_padding(16),
        },
        why="""At stride 1, where no padding is seen. It comes further in with every layer: of 32x32
        outputs a share of {one} sees it behind one layer of 3x3, {eight} behind 8, and {sixteen}
        behind 16.""",
    ),
    Claim(
        "ma-2025-approximate-invariance",
        "Adding pooling layers creates approximate invariance",
        "section 4, last paragraph",
        holds=lambda unpooled, two, three: unpooled == 0 < two < three < 1,
        recomputed=lambda: {
            "unpooled": _maxima_kept(1),
            "two": _maxima_kept(2),
            "three": _maxima_kept(3),
        },
        why="""Approximate is the word, and no more: when independent pixels move by one, the share
        of outputs that stays is {unpooled} without pooling, {two} with maxima over 2x2, and {three}
        with 3x3.""",
    ),
    Claim(
        "ma-2025-is-there-a-cat",
        "useful for classification tasks where we care about “is there a cat?” but not “where "
        "exactly is the cat?”",
        "section 4, last paragraph",
        recomputed=lambda: some_of(
            "shifted-digits", "places_changed", "pooled_changed", "pooled_blur_changed", by=1
        ),
        judged=Verdict.DEPENDS,
        why="""It depends on what is pooled. Trained on digits in the middle and tested on digits
        moved by one pixel, a network that keeps all places apart behind its two max-pooling layers
        gives another answer for a share of {places_changed}; one that ends in a mean over all
        places for {pooled_changed}; and if it blurs before each stride, too (Zhang 2019), for
        {pooled_blur_changed}.""",
    ),
    Claim(
        "ma-2025-shift-figure",
        "when the input is shifted (top), the output feature map shifts by the same amount "
        "(bottom), preserving the detection pattern",
        "section 4, the figure",
        holds=lambda: _all_move_along(1) and _all_move_along(2),
        recomputed=lambda: moved_outputs(2),
        why="""At stride 1 and away from the border. When the edge in 6x6 pixels moves by two,
        {along} of {in_sight} outputs that can be followed in a row have moved by two.""",
    ),
)
