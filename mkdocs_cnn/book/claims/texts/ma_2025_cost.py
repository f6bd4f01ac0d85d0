"""The same web page on receptive fields, and on what an edge filter costs."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import (
    PHOTO,
    TAPS,
    counts,
    pixels_seen,
    seen_by_depth,
)
from mkdocs_cnn.book.claims.texts import goodfellow_2016
from mkdocs_cnn.claims.claim import Claim
from mkdocs_cnn.layers import Linear, PlacedConv
from mkdocs_cnn.quantities.quantity import Quantity

SAME_SIZE = Linear(320 * 280, 320 * 280, bias=False).on(320 * 280)


PHOTO_MACS = PHOTO.macs.named("MACs of the 3x3 kernel", symbol="N_3x3")
DENSE_MACS = PHOTO.dense.macs.named("MACs of the dense layer to the same outputs", symbol="N_dense")
TIMES_FEWER_MACS = (DENSE_MACS / PHOTO_MACS).named("times fewer MACs")
UNSHARED_MACS = PHOTO.unshared.macs.named("MACs without sharing", symbol="N_local")


def _unfolded() -> dict[str, Quantity]:
    """MACs of filter times unfolded image; values of that image; how many for each output."""
    window = Linear(PHOTO.fan_in, 1, bias=False).on(PHOTO.fan_in)
    patches = PHOTO.outputs.named("patches", symbol="n")
    return {
        "macs": (window.macs * patches).named("MACs with unfolded patches"),
        "values": (PHOTO.fan_in * patches).named("values of all unfolded patches", unit="value"),
        "each": PHOTO.fan_in.named("values for each output", unit="value"),
    }


def _output_size(layer: PlacedConv, kernel: str, prefix: str = "") -> dict[str, Quantity]:
    _, height, width = layer.output_shape
    return {
        f"{prefix}width": width.named(f"output width, {kernel}"),
        f"{prefix}height": height.named(f"output height, {kernel}"),
    }


CLAIMS = (
    # -- receptive fields
    Claim(
        "ma-2025-deeper-larger",
        "deeper layers have larger receptive fields than shallow layers",
        "section 2, receptive fields",
        holds=lambda one, two, three, four: one < two < three < four,
        recomputed=lambda: seen_by_depth(4),
        why="""Each further 3x3 layer adds two pixels along each axis: {one}, {two}, {three},
        {four}. A 1x1 layer would add none.""",
    ),
    Claim(
        "ma-2025-fields-3",
        "Layer 1: Each unit sees a small patch (e.g., 3×3 pixels)",
        "section 2, receptive fields",
        states=Quantity(3),
        recomputed=lambda: {"pixels": pixels_seen(1)},
    ),
    Claim(
        "ma-2025-fields-5-or-7",
        "Layer 2: Each unit sees a larger patch through composition (e.g., 5×5 or 7×7 pixels)",
        "section 2, receptive fields",
        holds=lambda unstrided, strided: (unstrided, strided) == (5, 7),
        recomputed=lambda: {"unstrided": pixels_seen(1, 1), "strided": pixels_seen(2, 1)},
        why="""Both occur: two layers of 3x3 see {unstrided} pixels along each axis at stride 1, and
        {strided} if the first of them has a stride of 2, a condition that the text does not
        name.""",
    ),
    Claim(
        "ma-2025-effective-field",
        "Layer 3: Even larger effective receptive field (e.g., 11×11 or more)",
        "section 2, receptive fields",
        holds=lambda unstrided: unstrided >= 11,
        recomputed=lambda: {
            "unstrided": pixels_seen(1, 1, 1),
            "strided": pixels_seen(2, 1, 1),
            "five_layers": pixels_seen(1, 1, 1, 1, 1),
        },
        why="""Three layers of 3x3 see {unstrided} pixels along each axis at stride 1, and {strided}
        if the first has a stride of 2; without strides, {five_layers} takes five layers. And it is
        the theoretical receptive field that is meant: the effective one is the smaller part of it
        that moves the output noticeably (Luo et al. 2016).""",
    ),
    # -- cost
    Claim(
        "ma-2025-output-319",
        "Output size: 319 × 280 (with valid padding)",
        "section 3, convolutional approach",
        holds=lambda height, width: (height, width) == (280, 319),
        recomputed=lambda: {
            **_output_size(PHOTO, "3x3 kernel"),
            **_output_size(TAPS, "kernel of two neighbours", prefix="other_"),
            **counts(PHOTO, "outputs"),
        },
        why="""A 3x3 kernel without padding takes away two rows and two columns: {width} × {height},
        or {outputs} outputs. {other_width} × {other_height} is left by a kernel of two neighbouring
        pixels, as in the textbook that the page retells (Goodfellow et al. 2016).""",
    ),
    Claim(
        "ma-2025-nine-each",
        "Operations per output: 3 × 3 = 9 multiply-adds",
        "section 3, convolutional approach",
        states=Quantity(9, "MAC"),
        recomputed=lambda: {"macs": (PHOTO.macs / PHOTO.outputs).named("MACs per output")},
    ),
    Claim(
        "ma-2025-total-operations",
        "Total operations: 319 × 280 × 3 ≈ 2.68 × 10⁵ operations",
        "section 3, convolutional approach",
        states=Quantity(268_000, "MAC"),
        recomputed=lambda: {"macs": PHOTO_MACS, "textbook": goodfellow_2016.operations()},
        why="""Nine multiply-adds for each output are {macs}. The three operations per output are
        the textbook's: two multiplications and one addition of a kernel of two pixels, {textbook}
        in all.""",
    ),
    Claim(
        "ma-2025-unfold",
        "Unfold each 3×3 patch into a vector",
        "section 3, dense matrix multiplication approach",
        holds=lambda macs, dense: macs == dense,
        recomputed=lambda: {**_unfolded(), **counts(PHOTO, "inputs"), "dense": DENSE_MACS},
        why="""That is not the dense method but a way to compute a convolution, known as im2col:
        {macs} multiply-adds as before, for {values} values instead of {inputs} pixels, {each} to
        each output. The dense layer to the same outputs takes {dense} multiply-adds.""",
    ),
    Claim(
        "ma-2025-dense-operations",
        "Total operations: 320 × 280 × 320 × 280 ≈ 8.03 × 10⁹ operations",
        "section 3, dense matrix multiplication approach",
        states=Quantity(8_030_000_000, "MAC"),
        recomputed=lambda: {
            "same_size": SAME_SIZE.macs.named(
                "MACs of the dense layer to as many outputs as pixels"
            ),
            "dense": DENSE_MACS,
        },
        why="To the outputs that the 3x3 kernel has, it would be {dense}.",
    ),
    Claim(
        "ma-2025-speed-up",
        "Convolution is roughly 30,000 times more efficient than implementing the same operation "
        "as a dense matrix multiplication!",
        "section 3, speedup factor",
        states=Quantity(30_000),
        recomputed=lambda: {
            "times": TIMES_FEWER_MACS,
            "dense": DENSE_MACS,
            "convolution": PHOTO_MACS,
            "two_pixel_times": goodfellow_2016.times_fewer_operations().named(
                "times fewer operations, two-pixel kernel"
            ),
        },
        why="""Like for like, {dense} multiply-adds become {convolution}, {times} times fewer. The
        quotient of the text has multiply-adds above, and below three single operations for each
        output of another kernel. For that kernel, like for like, it is {two_pixel_times}.""",
    ),
    Claim(
        "ma-2025-speed-up-from-sparsity",
        "Sparse connectivity: Each output only depends on a local patch",
        "section 3, where the speedup comes from, point 1",
        holds=lambda unshared, dense: unshared < dense,
        recomputed=lambda: {
            "dense": DENSE_MACS,
            "unshared": UNSHARED_MACS,
            "sparsity": PHOTO.sparsity,
        },
        why="From {dense} to {unshared} multiply-adds by sparsity alone: {sparsity} times fewer.",
    ),
    Claim(
        "ma-2025-speed-up-from-sharing",
        "Parameter sharing: Same kernel weights used at all positions",
        "section 3, where the speedup comes from, point 2",
        holds=lambda macs, unshared: macs < unshared,
        recomputed=lambda: {
            "macs": PHOTO_MACS,
            "unshared": UNSHARED_MACS,
            **counts(PHOTO, "unshared_weights", "weights"),
        },
        why="""True, but the text gives it as a reason for the speed-up, and sharing takes away no
        multiplication: with a weight of its own for every connection the layer has {unshared}
        multiply-adds too. What sharing saves is memory: {unshared_weights} weights become
        {weights}.""",
    ),
    Claim(
        "ma-2025-orders-of-magnitude",
        "convolutional layers (green) require orders of magnitude fewer operations than dense "
        "layers (red) for the same task on images",
        "section 3, the figure on cost",
        holds=lambda times: times >= 100,  # two orders at least, for the plural
        recomputed=lambda: {"times": TIMES_FEWER_MACS},
        why="""In the example {times} times fewer: the pixels of the image divided by the nine that
        an output reads.""",
    ),
)
