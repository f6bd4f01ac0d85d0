"""The same web page on equivariance: where its equation holds, and what breaks it by how much.

A sentence is read of stride 1 and of outputs that no padding reaches, unless it speaks of every
output or of a whole network.
"""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import (
    EDGE_FILTER,
    EDGE_IMAGE,
    edge_outputs,
    edge_response,
    output_moves,
    outputs_that_move_along,
    outputs_that_stay,
)
from mkdocs_cnn.book.claims.recomputing.results import moved_by_one
from mkdocs_cnn.book.claims.recomputing.totals import briefly, placed
from mkdocs_cnn.book.sources import SOURCES
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.layers.arguments import PaddingMode
from mkdocs_cnn.layers.shift_formulas import (
    output_shift,
    share_of_maxima_kept,
    share_that_differs,
    share_that_sees_padding,
)
from mkdocs_cnn.layers.window_sum import window_sum
from mkdocs_cnn.quantities.quantity import Quantity, quantity, total

SOURCE = SOURCES["ma-2025"]


def _differing(columns: int, stride: int = 1, padding_mode: PaddingMode = "zeros") -> Quantity:
    """Outputs of 3x3 on 32x32 at which shifting first and shifting last disagree."""
    share = share_that_differs(32, 3, (0, columns), stride=stride, padding_mode=padding_mode)
    where = "on a ring" if padding_mode == "circular" else "zero padding"
    return share.named(f"share that differs, {where}, stride {stride}, shift {columns}")


def _on_a_ring(columns: int, stride: int = 1) -> Quantity:
    return _differing(columns, stride, "circular")


def _sees_padding(layers: int) -> Quantity:
    share = share_that_sees_padding(32, 3, depth=layers)
    return share.named(f"share of outputs that see padding, behind {layers}")


def _kept(window: int, down: int = 0) -> Quantity:
    """Maxima that stay as they are if independent pixels move to the right by one."""
    share = share_of_maxima_kept(window, (down, 1))
    moved = ", moved down too" if down else ""
    return share.named(f"share of maxima that stay, {window}x{window}{moved}")


def _places() -> tuple[Quantity, Quantity]:
    """Row and column at which the edge is found in the shifted image, at stride 1."""
    down, right = output_shift((5, 3), 1)
    return (quantity(10) + down).named("row"), (quantity(20) + right).named("column")


def _last_map() -> tuple[Quantity, Quantity, Quantity]:
    """VGG-16's last feature map: its stride, the shift of it by one pixel, the whole shifts."""
    stride = briefly(placed("vgg16").receptive_field.stride).named("stride of VGG-16", symbol="S")
    return (
        stride,
        (1 / stride).named("shift of its last feature map, image shifted by 1"),
        (1 / stride**2).named("share of shifts that it follows by whole outputs"),
    )


def _global_mean(moved: int) -> Quantity:
    """The mean of all rectified outputs of the edge filter, with the edge image on a ring."""
    row = EDGE_IMAGE[0]
    windows = [[row[(at + tap - moved) % len(row)] for tap in (-1, 0, 1)] for at in range(len(row))]
    outputs = (window_sum([window] * 3, EDGE_FILTER).named("output") for window in windows)
    mean = total(max(output, quantity(0)) for output in outputs) / len(row)
    return mean.named(f"mean of all outputs, image moved by {moved}", unit="grey level")


def _all_move_along(moved: int) -> bool:
    found, in_sight = outputs_that_move_along(moved)
    return found == in_sight


EQUIVARIANCE = (
    Claim(
        "ma-2025-definition",
        "if the input is shifted, the output shifts by the same amount while preserving its "
        "structure",
        SOURCE,
        "section 4, definition",
        holds=lambda: not any(_on_a_ring(columns) for columns in (1, 2)),
        recomputed=lambda: (_on_a_ring(1), _on_a_ring(2, 2), _on_a_ring(1, 2)),
        verdict=Verdict.EXACT,
        why=(
            "At stride 1, and on a ring all of it: the share of outputs that differs is {0}. At "
            "stride 2 it is {1} for an even shift, but {2} for an odd one, for the outputs have no "
            "half place to move to."
        ),
    ),
    Claim(
        "ma-2025-commutes",
        "convolution satisfies: f(g(x)) = g(f(x))",
        SOURCE,
        "section 4, definition, the equation",
        holds=lambda: not any((_differing(2), _differing(1), _on_a_ring(1, 2))),
        recomputed=lambda: (_differing(2), _differing(1), _on_a_ring(1, 2), _on_a_ring(2)),
        verdict=Verdict.DIFFERS,
        why=(
            "An equation speaks of every output and every shift. It is exact at stride 1 on a "
            "ring, where the share of outputs that differs is {3}, and away from the border. With "
            "zero padding, 3x3 on 32x32, that share is {0} for a shift by two columns and {1} for "
            "one; with a stride of 2 it is {2} for an odd shift, and pooling has a stride too."
        ),
    ),
    Claim(
        "ma-2025-any-position",
        "the network detects the same pattern regardless of its position in the input",
        SOURCE,
        "section 4, what this means",
        holds=lambda: all(isinstance(part.value, int) for part in _last_map()),
        recomputed=_last_map,
        verdict=Verdict.DIFFERS,
        why=(
            "A layer of stride 1 does, away from the border; a network has strides and pooling. "
            "The outputs of VGG-16's last feature map are {0} pixels apart, so an image shifted by "
            "one pixel would have to move them by {1}, and of all shifts down and right a share of "
            "{2} moves them by whole places. The others change the responses (Zhang 2019)."
        ),
    ),
    Claim(
        "ma-2025-fires-at",
        "The edge detector will fire at position (10+5, 20+3) = (15, 23) in the shifted image",
        SOURCE,
        "section 4, example",
        holds=lambda: [place.value for place in _places()] == [15, 23],
        recomputed=lambda: (*_places(), *output_moves((5, 3), 2)),
        verdict=Verdict.EXACT,
        why=(
            "At stride 1. At stride 2 the output would have to move by {2} rows and {3} columns, "
            "and there is no half of a pixel."
        ),
    ),
    Claim(
        "ma-2025-same-response",
        "The response is the same, just shifted by the same amount.",
        SOURCE,
        "section 4, after the example",
        holds=lambda: _all_move_along(1),
        recomputed=lambda: (edge_response(2), edge_response(3, moved=1)),
        verdict=Verdict.EXACT,
        why=(
            "Away from the border and at stride 1. An edge in 6x6 pixels gives {0} in column 3 of "
            "the output; moved by one, it gives {1} in column 4."
        ),
    ),
)

INVARIANCE = (
    Claim(
        "ma-2025-two-words",
        "Translation equivariance is different from translation invariance",
        SOURCE,
        "section 4, contrast with invariance",
        holds=lambda: _all_move_along(1) and edge_outputs(1) != edge_outputs(),
        recomputed=lambda: (*outputs_that_move_along(1), *outputs_that_stay(1)),
        verdict=Verdict.EXACT,
        why=(
            "When the edge in 6x6 pixels moves by one, {0} of {1} outputs that can be followed in "
            "a row have moved along, but {2} of {3} stay as they were. The overview of the text "
            "calls the one by the name of the other."
        ),
    ),
    Claim(
        "ma-2025-output-shifts",
        "Equivariance: Output shifts when input shifts (CNNs with convolution)",
        SOURCE,
        "section 4, contrast with invariance, point 1",
        holds=lambda: [step.value for step in output_moves((0, 1), 1)] == [0, 1],
        recomputed=lambda: (output_moves((0, 1), 1)[1], output_moves((0, 1), 2)[1]),
        verdict=Verdict.EXACT,
        why=(
            "At stride 1 by {0} output for each pixel. At stride 2 it would be {1}, which is why "
            "a whole network, with its strides and pooling, is equivariant only nearly."
        ),
    ),
    Claim(
        "ma-2025-achieved-with-pooling",
        "Invariance: Output stays the same when input shifts (achieved with pooling)",
        SOURCE,
        "section 4, contrast with invariance, point 2",
        holds=lambda: _kept(2) == 1,
        recomputed=lambda: (_kept(2), _kept(2, down=1), _global_mean(0), _global_mean(3)),
        verdict=Verdict.DIFFERS,
        why=(
            "Not by the usual pooling: of the maxima over 2x2 independent pixels a share of {0} "
            "stays when the image moves by one column, and {1} when it moves by one row too. "
            "Pooling over the whole map achieves it: behind the edge filter and a ReLU, on a ring, "
            "the mean of all outputs is {2} before a shift by three and {3} after."
        ),
    ),
    Claim(
        "ma-2025-convolution-provides",
        "Convolutional layers provide equivariance.",
        SOURCE,
        "section 4, last paragraph",
        holds=lambda: not any(_on_a_ring(columns) for columns in (1, 2)),
        recomputed=lambda: (_sees_padding(1), _sees_padding(8), _sees_padding(16)),
        verdict=Verdict.EXACT,
        why=(
            "At stride 1, where no padding is seen. It comes further in with every layer: of 32x32 "
            "outputs a share of {0} sees it behind one layer of 3x3, {1} behind 8, and {2} behind "
            "16."
        ),
    ),
    Claim(
        "ma-2025-approximate-invariance",
        "Adding pooling layers creates approximate invariance",
        SOURCE,
        "section 4, last paragraph",
        holds=lambda: _kept(1) == 0 and 0 < _kept(2) < _kept(3) < 1,
        recomputed=lambda: (_kept(1), _kept(2), _kept(3)),
        verdict=Verdict.EXACT,
        why=(
            "Approximate is the word, and no more: when independent pixels move by one, the share "
            "of outputs that stays is {0} without pooling, {1} with maxima over 2x2, and {2} with "
            "3x3."
        ),
    ),
    Claim(
        "ma-2025-is-there-a-cat",
        "useful for classification tasks where we care about “is there a cat?” but not “where "
        "exactly is the cat?”",
        SOURCE,
        "section 4, last paragraph",
        recomputed=lambda: moved_by_one("places", "pooled", "pooled-blur"),
        verdict=Verdict.NOT_COMPUTABLE,
        why=(
            "It depends on what is pooled. Trained on digits in the middle and tested on digits "
            "moved by one pixel, a network that keeps all places apart behind its two max-pooling "
            "layers gives another answer for a share of {0}; one that ends in a mean over all "
            "places for {1}; and if it blurs before each stride, too (Zhang 2019), for {2}."
        ),
    ),
    Claim(
        "ma-2025-shift-figure",
        "when the input is shifted (top), the output feature map shifts by the same amount "
        "(bottom), preserving the detection pattern",
        SOURCE,
        "section 4, the figure",
        holds=lambda: _all_move_along(1) and _all_move_along(2),
        recomputed=lambda: outputs_that_move_along(2),
        verdict=Verdict.EXACT,
        why=(
            "At stride 1 and away from the border. When the edge in 6x6 pixels moves by two, {0} "
            "of {1} outputs that can be followed in a row have moved by two."
        ),
    ),
)

CLAIMS = (*EQUIVARIANCE, *INVARIANCE)
