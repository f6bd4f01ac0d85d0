"""A textbook's example of efficiency: edges of a photograph, by two taps or by a matrix."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import TAPS, counts
from mkdocs_cnn.claims.claim import Claim
from mkdocs_cnn.quantities.quantity import Quantity

CAPTION = "section 9.2, caption of figure 9.6"
ENTRIES = TAPS.dense_weights.named("entries of the matrix", unit="entry")


def operations() -> Quantity:
    """By convolution: two multiplications and one addition for each output."""
    multiplications = Quantity(int(TAPS.weights), "FLOP", name="multiplications per output")
    additions = (multiplications - Quantity(1, "FLOP")).named("additions per output")
    return (TAPS.outputs * (multiplications + additions)).named("operations of the convolution")


def matrix_operations() -> Quantity:
    """By a dense matrix: one multiplication and one addition for each entry."""
    return TAPS.dense.flops.named("operations with the dense matrix")


def times_fewer_operations() -> Quantity:
    """How many times fewer the convolution takes."""
    return (matrix_operations() / operations()).named("times fewer operations")


CLAIMS = (
    Claim(
        "goodfellow-2016-267-960",
        "319 × 280 × 3 = 267,960 floating point operations",
        CAPTION,
        states=Quantity(267_960, "FLOP"),
        recomputed=lambda: {"operations": operations(), "macs": TAPS.macs},
        why="Multiplications and additions counted singly; as multiply-adds they are {macs}.",
    ),
    Claim(
        "goodfellow-2016-eight-billion",
        "or over eight billion, entries in the matrix",
        CAPTION,
        holds=lambda entries: entries > 8 * 10**9,
        recomputed=lambda: {"entries": ENTRIES},
    ),
    Claim(
        "goodfellow-2016-four-billion",
        "making convolution four billion times more efficient for representing this transformation",
        CAPTION,
        states=Quantity(4 * 10**9),
        recomputed=lambda: counts(TAPS, "reduction", "sparsity", "sharing"),
        why="""Two numbers do for all entries of the matrix. Leaving out its zeros accounts for a
        factor of {sparsity}, sharing for {sharing}.""",
    ),
    Claim(
        "goodfellow-2016-sixteen-billion",
        "performs over sixteen billion floating point operations",
        CAPTION,
        holds=lambda operations: operations > 16 * 10**9,
        recomputed=lambda: {"operations": matrix_operations()},
    ),
    Claim(
        "goodfellow-2016-60-000",
        "making convolution roughly 60,000 times more efficient computationally",
        CAPTION,
        states=Quantity(60_000),
        recomputed=lambda: {
            "times": times_fewer_operations(),
            "matrix": matrix_operations(),
            "convolution": operations(),
        },
        why="""{matrix} operations against {convolution}: both count multiplications and additions
        singly, so like is compared with like.""",
    ),
)
