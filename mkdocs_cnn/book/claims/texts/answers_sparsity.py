"""Are sparsity and sharing one reason or two? A student's question and its answers."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import (
    EDGE_FILTER,
    GRID,
    chain,
    inputs,
    outputs,
    reads,
    uses,
)
from mkdocs_cnn.book.sources import SOURCES
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.experiments.results import numbers_of
from mkdocs_cnn.layers import Conv2d, Linear, PlacedConv
from mkdocs_cnn.quantities.quantity import Quantity, total

SOURCE = SOURCES["answers-sparsity"]
SQUARE = Linear(100, 100).on(100)  # a 10 x 10 image to as many units
RING = Conv2d(  # a kernel as large as the image: all inputs, shared weights
    1, 1, kernel_size=10, padding=((4, 5), (4, 5)), padding_mode="circular"
).on(1, 10, 10)


def _kernels(number: int = 200, *, kernel_size: int = 3, stride: int = 1) -> PlacedConv:
    """So many kernels on the grey 10 x 10 image."""
    return Conv2d(1, number, kernel_size, stride=stride).on(1, 10, 10)


def _zeros() -> Quantity:
    """Weights of the vertical-edge filter that are zero."""
    zeros = total(1 for row in EDGE_FILTER for weight in row if weight == 0)
    return zeros.named("weights that are zero", unit="weight")


def _per_kernel(channels: int) -> Quantity:
    parameters = Conv2d(channels, 1, kernel_size=3).on(channels, 10, 10).parameters
    plural = "channel" if channels == 1 else "channels"
    return parameters.named(f"parameters of one kernel, {channels} {plural}", symbol="P_1")


def _at_stride(stride: int) -> tuple[Quantity, Quantity, Quantity]:
    layer = _kernels(stride=stride)
    return (
        layer.parameters.named(f"parameters at stride {stride}", symbol=f"P_{stride}"),
        outputs(layer).named(f"outputs at stride {stride}", symbol=f"n_{stride}"),
        layer.macs.named(f"MACs at stride {stride}", symbol=f"N_{stride}"),
    )


def _all_three_matter() -> bool:
    """Whether size, number and stride each change the parameters."""
    others = (_kernels(kernel_size=5), _kernels(100), _kernels(stride=2))
    return all(other.parameters != _kernels().parameters for other in others)


CLAIMS = (
    Claim(
        "answers-sparsity-redundant",
        "Isn't the second reason a bit redundant ?",
        SOURCE,
        "the question, last paragraph",
        holds=lambda: GRID.sparsity == 1,
        recomputed=lambda: (
            *chain(GRID),
            RING.weights.named("weights shared but not sparse", symbol="N_ring"),
        ),
        verdict=Verdict.DIFFERS,
        why=(
            "A good question, and the answer is no. "
            "Each reason has a factor of its own, and the factors multiply: sparsity takes {0} "
            "weights to {1}, {3} times fewer; sharing takes these to {2}, {4} times fewer again; "
            "{5} times in all. Sharing without sparsity exists too: a kernel as large as the "
            "image, moved around a ring to as many outputs as there are pixels, has {6} weights."
        ),
    ),
    Claim(
        "answers-sparsity-shared-weight",
        "one parameter may be shared by more than one input/connection",
        SOURCE,
        "first answer, point 1",
        holds=lambda: uses(GRID) > 1,
        recomputed=lambda: (uses(GRID), GRID.connections, GRID.weights),
        verdict=Verdict.EXACT,
        why="In the 10x10 image with one 3x3 kernel, each of {2} weights serves {0} connections.",
    ),
    Claim(
        "answers-sparsity-non-zero",
        "Parameters shared are non-zero.",
        SOURCE,
        "first answer, point 1",
        holds=lambda: _zeros() == 0,
        recomputed=lambda: (_zeros(), GRID.weights),
        verdict=Verdict.DIFFERS,
        why=(
            "Probably meant: a shared parameter exists, a missing one does not. "
            "A shared weight may have any value, zero included: {0} of the {1} weights of the "
            "usual vertical-edge filter are zero. A connection that is missing is another matter: "
            "it has no weight at all, so training can never change it."
        ),
    ),
    Claim(
        "answers-sparsity-dense-10k",
        "So, total parm = 10K",
        SOURCE,
        "second answer, the dense network on the 10x10 image",
        states=Quantity(10_000, "weight"),
        recomputed=lambda: (SQUARE.weights, SQUARE.parameters),
        verdict=Verdict.EXACT,
        why=(
            "Exact for the weights. The same answer counts a bias for each kernel; with a bias "
            "for each unit the dense layer has {1} parameters."
        ),
    ),
    Claim(
        "answers-sparsity-per-kernel",
        "(3 * 3) + 1 per kernel = 10 per kernel",
        SOURCE,
        "second answer, last paragraph",
        states=Quantity(10, "parameter"),
        recomputed=lambda: (_per_kernel(1), _per_kernel(3)),
        verdict=Verdict.EXACT,
        why=(
            "Exact for an image of one channel. A kernel has 3x3 weights for each channel that "
            "it reads, so on a colour image it has {1}."
        ),
    ),
    Claim(
        "answers-sparsity-200-kernels",
        "Even with 200 kernels, it will be only 2K",
        SOURCE,
        "second answer, last sentence",
        states=Quantity(2_000, "parameter"),
        recomputed=lambda: (_kernels().parameters, _kernels().weights),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "answers-sparsity-like-with-like",
        "it will be only 2K as compared to 10K",
        SOURCE,
        "second answer, last sentence",
        states=Quantity(10_000, "weight"),
        recomputed=lambda: (
            _kernels().dense_weights,
            outputs(_kernels()),
            SQUARE.weights.named("weights to as many units as pixels", symbol="N_small"),
            outputs(SQUARE).named("units of that layer", symbol="n_small"),
        ),
        verdict=Verdict.DIFFERS,
        why=(
            "Both numbers are right, but they belong to different layers: 200 kernels make {1} "
            "outputs, and {2} weights make only {3}. A dense layer to the same {1} outputs has "
            "{0} weights, so the saving is far larger than the answer says."
        ),
    ),
    Claim(
        "answers-sparsity-stride",
        "So, total parm(definitely size, number, and stride of the kernel will control it)",
        SOURCE,
        "second answer, the convolutional network",
        holds=_all_three_matter,
        recomputed=lambda: (*_at_stride(1), *_at_stride(2)),
        verdict=Verdict.DIFFERS,
        why=(
            "Size and number of the kernels do, the stride does not: 200 kernels of 3x3 have {0} "
            "parameters at stride 1 and {3} at stride 2. The stride changes the outputs, {1} "
            "against {4}, and with them the multiply-adds."
        ),
    ),
    Claim(
        "answers-sparsity-nearby-pixels",
        "a group of near-by pixels has better info than grouping distant pixels",
        SOURCE,
        "second answer, on sparsity",
        holds=lambda: (
            numbers_of("neighbouring-pixels")["nearest_over_distant"]
            == numbers_of("neighbouring-pixels")["photographs"]
        ),
        recomputed=lambda: (
            *(numbers_of("neighbouring-pixels", distance=d)["explained"] for d in (1, 16)),
            *(
                numbers_of("neighbouring-pixels")[name]
                for name in ("nearest_over_distant", "photographs", "nearest_best")
            ),
            numbers_of("neighbouring-pixels")["explained_shuffled"],
        ),
        verdict=Verdict.EXACT,
        why=(
            "Measured on {3} photographs: the eight neighbours of a pixel together explain {0} of "
            "its variance, eight pixels 16 away {1}, and eight shuffled ones {5}. In {2} of {3} "
            "the neighbours explain more than any eight at 8 pixels or further. They explain most "
            "of all distances in {4}: in the photograph of a palace eight pixels 2 away explain a "
            "little more."
        ),
    ),
    Claim(
        "answers-sparsity-few-inputs",
        "each output value depends on a small number of input values",
        SOURCE,
        "last answer, first sentence",
        holds=lambda: reads(GRID) < inputs(GRID),
        recomputed=lambda: (reads(GRID), inputs(GRID)),
        verdict=Verdict.EXACT,
        why="With a 3x3 kernel on the 10x10 image each output reads {0} of {1} pixels.",
    ),
)
