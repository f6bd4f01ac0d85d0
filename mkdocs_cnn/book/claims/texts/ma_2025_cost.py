"""The same web page on receptive fields, and on what an edge filter costs."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import PHOTO, TAPS, inputs, outputs, seen
from mkdocs_cnn.book.claims.texts import goodfellow_2016
from mkdocs_cnn.book.sources import SOURCES
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.layers import Linear
from mkdocs_cnn.quantities.quantity import Quantity

SOURCE = SOURCES["ma-2025"]
SAME_SIZE = Linear(320 * 280, 320 * 280, bias=False).on(320 * 280)


def _photo_macs() -> Quantity:
    return PHOTO.macs.named("MACs of the 3x3 kernel", symbol="N_3x3")


def _like_for_like() -> Quantity:
    return PHOTO.dense.macs.named("MACs of the dense layer to the same outputs", symbol="N_dense")


def _fewer_macs() -> Quantity:
    return (_like_for_like() / _photo_macs()).named("times fewer MACs")


def _local_macs() -> Quantity:
    return PHOTO.unshared.macs.named("MACs without sharing", symbol="N_local")


def _unfolded() -> tuple[Quantity, Quantity, Quantity]:
    """MACs of filter times unfolded image; values of that image; how many for each output."""
    window = Linear(PHOTO.fan_in, 1, bias=False).on(PHOTO.fan_in)
    patches = PHOTO.outputs.named("patches", symbol="n")
    return (
        (window.macs * patches).named("MACs with unfolded patches"),
        (PHOTO.fan_in * patches).named("values of all unfolded patches", unit="value"),
        PHOTO.fan_in.named("values for each output", unit="value"),
    )


def _output_sizes() -> tuple[Quantity, ...]:
    """Width and height behind the 3 x 3 kernel, then behind the kernel of two neighbours."""
    (_, height, width), (_, other_height, other_width) = PHOTO.output_shape, TAPS.output_shape
    return (
        width.named("output width, 3x3 kernel"),
        height.named("output height, 3x3 kernel"),
        other_width.named("output width, kernel of two neighbours"),
        other_height.named("output height, kernel of two neighbours"),
    )


RECEPTIVE_FIELDS = (
    Claim(
        "ma-2025-deeper-larger",
        "deeper layers have larger receptive fields than shallow layers",
        SOURCE,
        "section 2, receptive fields",
        holds=lambda: seen(1) < seen(1, 1) < seen(1, 1, 1) < seen(1, 1, 1, 1),
        recomputed=lambda: (seen(1), seen(1, 1), seen(1, 1, 1), seen(1, 1, 1, 1)),
        verdict=Verdict.EXACT,
        why=(
            "Each further 3x3 layer adds two pixels along each axis: {0}, {1}, {2}, {3}. "
            "A 1x1 layer would add none."
        ),
    ),
    Claim(
        "ma-2025-fields-3",
        "Layer 1: Each unit sees a small patch (e.g., 3×3 pixels)",
        SOURCE,
        "section 2, receptive fields",
        states=Quantity(3),
        recomputed=lambda: (seen(1),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "ma-2025-fields-5-or-7",
        "Layer 2: Each unit sees a larger patch through composition (e.g., 5×5 or 7×7 pixels)",
        SOURCE,
        "section 2, receptive fields",
        holds=lambda: (seen(1, 1).value, seen(2, 1).value) == (5, 7),
        recomputed=lambda: (seen(1, 1), seen(2, 1)),
        verdict=Verdict.EXACT,
        why=(
            "Both occur: two layers of 3x3 see {0} pixels along each axis at stride 1, and {1} if "
            "the first of them has a stride of 2, a condition that the text does not name."
        ),
    ),
    Claim(
        "ma-2025-effective-field",
        "Layer 3: Even larger effective receptive field (e.g., 11×11 or more)",
        SOURCE,
        "section 2, receptive fields",
        holds=lambda: seen(1, 1, 1) >= 11,
        recomputed=lambda: (seen(1, 1, 1), seen(2, 1, 1), seen(1, 1, 1, 1, 1)),
        verdict=Verdict.DIFFERS,
        why=(
            "Three layers of 3x3 see {0} pixels along each axis at stride 1, and {1} if the first "
            "has a stride of 2; without strides, {2} takes five layers. And it is the theoretical "
            "receptive field that is meant: the effective one is the smaller part of it that "
            "moves the output noticeably (Luo et al. 2016)."
        ),
    ),
)

COST = (
    Claim(
        "ma-2025-output-319",
        "Output size: 319 × 280 (with valid padding)",
        SOURCE,
        "section 3, convolutional approach",
        holds=lambda: tuple(map(int, PHOTO.output_shape)) == (1, 280, 319),
        recomputed=lambda: (*_output_sizes(), outputs(PHOTO)),
        verdict=Verdict.DIFFERS,
        why=(
            "A 3x3 kernel without padding takes away two rows and two columns: {0} × {1}, or {4} "
            "outputs. {2} × {3} is left by a kernel of two neighbouring pixels, as in the "
            "textbook that the page retells (Goodfellow et al. 2016)."
        ),
    ),
    Claim(
        "ma-2025-nine-each",
        "Operations per output: 3 × 3 = 9 multiply-adds",
        SOURCE,
        "section 3, convolutional approach",
        states=Quantity(9, "MAC"),
        recomputed=lambda: ((PHOTO.macs / PHOTO.outputs).named("MACs per output"),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "ma-2025-total-operations",
        "Total operations: 319 × 280 × 3 ≈ 2.68 × 10⁵ operations",
        SOURCE,
        "section 3, convolutional approach",
        states=Quantity(268_000, "MAC"),
        digits=3,
        recomputed=lambda: (_photo_macs(), goodfellow_2016.operations()),
        verdict=Verdict.DIFFERS,
        why=(
            "Nine multiply-adds for each output are {0}. The three operations per output are the "
            "textbook's: two multiplications and one addition of a kernel of two pixels, {1} in "
            "all."
        ),
    ),
    Claim(
        "ma-2025-unfold",
        "Unfold each 3×3 patch into a vector",
        SOURCE,
        "section 3, dense matrix multiplication approach",
        holds=lambda: _unfolded()[0] == _like_for_like(),
        recomputed=lambda: (*_unfolded(), inputs(PHOTO), _like_for_like()),
        verdict=Verdict.DIFFERS,
        why=(
            "That is not the dense method but a way to compute a convolution, known as im2col: "
            "{0} multiply-adds as before, for {1} values instead of {3} pixels, {2} to each "
            "output. The dense layer to the same outputs takes {4} multiply-adds."
        ),
    ),
    Claim(
        "ma-2025-dense-operations",
        "Total operations: 320 × 280 × 320 × 280 ≈ 8.03 × 10⁹ operations",
        SOURCE,
        "section 3, dense matrix multiplication approach",
        states=Quantity(8_030_000_000, "MAC"),
        digits=3,
        recomputed=lambda: (
            SAME_SIZE.macs.named("MACs of the dense layer to as many outputs as pixels"),
            _like_for_like(),
        ),
        verdict=Verdict.ROUNDS,
        why="To the outputs that the 3x3 kernel has, it would be {1}.",
    ),
    Claim(
        "ma-2025-speed-up",
        "Convolution is roughly 30,000 times more efficient than implementing the same operation "
        "as a dense matrix multiplication!",
        SOURCE,
        "section 3, speedup factor",
        states=Quantity(30_000),
        digits=1,
        recomputed=lambda: (
            _fewer_macs(),
            _like_for_like(),
            _photo_macs(),
            goodfellow_2016.fewer_operations().named("times fewer operations, two-pixel kernel"),
        ),
        verdict=Verdict.DIFFERS,
        why=(
            "Like for like, {1} multiply-adds become {2}, {0} times fewer. The quotient of the "
            "text has multiply-adds above, and below three single operations for each output of "
            "another kernel. For that kernel, like for like, it is {3}."
        ),
    ),
    Claim(
        "ma-2025-speed-up-from-sparsity",
        "Sparse connectivity: Each output only depends on a local patch",
        SOURCE,
        "section 3, where the speedup comes from, point 1",
        holds=lambda: _local_macs() < _like_for_like(),
        recomputed=lambda: (_like_for_like(), _local_macs(), PHOTO.sparsity),
        verdict=Verdict.EXACT,
        why="From {0} to {1} multiply-adds by sparsity alone: {2} times fewer.",
    ),
    Claim(
        "ma-2025-speed-up-from-sharing",
        "Parameter sharing: Same kernel weights used at all positions",
        SOURCE,
        "section 3, where the speedup comes from, point 2",
        holds=lambda: _photo_macs() < _local_macs(),
        recomputed=lambda: (_photo_macs(), _local_macs(), PHOTO.unshared_weights, PHOTO.weights),
        verdict=Verdict.DIFFERS,
        why=(
            "True, but the text gives it as a reason for the speed-up, and sharing takes away no "
            "multiplication: with a weight of its own for every connection "
            "the layer has {1} multiply-adds too. What sharing saves is memory: {2} weights "
            "become {3}."
        ),
    ),
    Claim(
        "ma-2025-orders-of-magnitude",
        "convolutional layers (green) require orders of magnitude fewer operations than dense "
        "layers (red) for the same task on images",
        SOURCE,
        "section 3, the figure on cost",
        holds=lambda: _fewer_macs() >= 100,  # two orders at least, for the plural
        recomputed=lambda: (_fewer_macs(),),
        verdict=Verdict.EXACT,
        why=(
            "In the example {0} times fewer: the pixels of the image divided by the nine that an "
            "output reads."
        ),
    ),
)

CLAIMS = (*RECEPTIVE_FIELDS, *COST)
