"""Are sparsity and sharing one reason or two? A student's question and its answers."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import (
    EDGE_FILTER,
    GRID,
    counts,
    weights_and_factors,
)
from mkdocs_cnn.book.claims.recomputing.results import PIXELS, some_of
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.layers import Conv2d, Linear, PlacedConv
from mkdocs_cnn.quantities.quantity import Quantity, total

SQUARE = Linear(100, 100).on(100)  # a 10 x 10 image to as many units
RING = Conv2d(  # a kernel as large as the image: all inputs, shared weights
    1, 1, kernel_size=10, padding=((4, 5), (4, 5)), padding_mode="circular"
).on(1, 10, 10)
RING_WEIGHTS = RING.weights.named("weights shared but not sparse", symbol="N_ring")


def _kernels(number: int = 200, *, kernel_size: int = 3, stride: int = 1) -> PlacedConv:
    """So many kernels on the grey 10 x 10 image."""
    return Conv2d(1, number, kernel_size, stride=stride).on(1, 10, 10)


def _zeros() -> Quantity:
    """Weights of the vertical-edge filter that are zero."""
    zeros = total(1 for row in EDGE_FILTER for weight in row if weight == 0)
    return zeros.named("weights that are zero", unit="weight")


def _one_kernel(channels: int) -> Quantity:
    parameters = Conv2d(channels, 1, kernel_size=3).on(channels, 10, 10).parameters
    plural = "channel" if channels == 1 else "channels"
    return parameters.named(f"parameters of one kernel, {channels} {plural}", symbol="P_1")


def _at_stride(stride: int) -> dict[str, Quantity]:
    numbers = counts(_kernels(stride=stride), "parameters", "outputs", "macs")
    return {
        f"{key}_{stride}": one.named(f"{one.name} at stride {stride}", symbol=f"{letter}_{stride}")
        for letter, (key, one) in zip("PnN", numbers.items(), strict=True)
    }


def _all_three_matter() -> bool:
    """Whether size, number and stride each change the parameters."""
    others = (_kernels(kernel_size=5), _kernels(100), _kernels(stride=2))
    return all(other.parameters != _kernels().parameters for other in others)


CLAIMS = (
    Claim(
        "answers-sparsity-redundant",
        "Isn't the second reason a bit redundant ?",
        "the question, last paragraph",
        recomputed=lambda: {**weights_and_factors(GRID), "ring": RING_WEIGHTS},
        judged=Verdict.ANSWERED,
        why="""A good question, and the answer is no. Each reason has a factor of its own, and the
        factors multiply: sparsity takes {dense_weights} weights to {unshared_weights}, {sparsity}
        times fewer; sharing takes these to {shared_weights}, {sharing} times fewer again;
        {reduction} times in all. Sharing without sparsity exists too: a kernel as large as the
        image, moved around a ring to as many outputs as there are pixels, has {ring} weights.""",
    ),
    Claim(
        "answers-sparsity-shared-weight",
        "one parameter may be shared by more than one input/connection",
        "first answer, point 1",
        holds=lambda connections_per_weight: connections_per_weight > 1,
        recomputed=lambda: counts(GRID, "connections_per_weight", "connections", "weights"),
        why="""In the 10x10 image with one 3x3 kernel, each of {weights} weights serves
        {connections_per_weight} connections.""",
    ),
    Claim(
        "answers-sparsity-non-zero",
        "Parameters shared are non-zero.",
        "first answer, point 1",
        holds=lambda zeros: zeros == 0,
        recomputed=lambda: {"zeros": _zeros(), "weights": GRID.weights},
        why="""Probably meant: a shared parameter exists, a missing one does not. A shared weight
        may have any value, zero included: {zeros} of the {weights} weights of the usual
        vertical-edge filter are zero. A connection that is missing is another matter: it has no
        weight at all, so training can never change it.""",
    ),
    Claim(
        "answers-sparsity-dense-10k",
        "So, total parm = 10K",
        "second answer, the dense network on the 10x10 image",
        states=Quantity(10_000, "weight"),
        recomputed=lambda: counts(SQUARE, "weights", "parameters"),
        why="""Exact for the weights. The same answer counts a bias for each kernel; with a bias for
        each unit the dense layer has {parameters} parameters.""",
    ),
    Claim(
        "answers-sparsity-per-kernel",
        "(3 * 3) + 1 per kernel = 10 per kernel",
        "second answer, last paragraph",
        states=Quantity(10, "parameter"),
        recomputed=lambda: {"grey": _one_kernel(1), "colour": _one_kernel(3)},
        why="""Exact for an image of one channel. A kernel has 3x3 weights for each channel that it
        reads, so on a colour image it has {colour}.""",
    ),
    Claim(
        "answers-sparsity-200-kernels",
        "Even with 200 kernels, it will be only 2K",
        "second answer, last sentence",
        states=Quantity(2_000, "parameter"),
        recomputed=lambda: counts(_kernels(), "parameters", "weights"),
    ),
    Claim(
        "answers-sparsity-like-with-like",
        "it will be only 2K as compared to 10K",
        "second answer, last sentence",
        states=Quantity(10_000, "weight"),
        recomputed=lambda: {
            **counts(_kernels(), "dense_weights", "outputs"),
            "small": SQUARE.weights.named("weights to as many units as pixels", symbol="N_small"),
            "units": SQUARE.outputs.named("units of that layer", symbol="n_small", unit="output"),
        },
        why="""Both numbers are right, but they belong to different layers: 200 kernels make
        {outputs} outputs, and {small} weights make only {units}. A dense layer to the same
        {outputs} outputs has {dense_weights} weights, so the saving is far larger than the answer
        says.""",
    ),
    Claim(
        "answers-sparsity-stride",
        "So, total parm(definitely size, number, and stride of the kernel will control it)",
        "second answer, the convolutional network",
        holds=_all_three_matter,
        recomputed=lambda: _at_stride(1) | _at_stride(2),
        why="""Size and number of the kernels do, the stride does not: 200 kernels of 3x3 have
        {parameters_1} parameters at stride 1 and {parameters_2} at stride 2. The stride changes the
        outputs, {outputs_1} against {outputs_2}, and with them the multiply-adds.""",
    ),
    Claim(
        "answers-sparsity-nearby-pixels",
        "a group of near-by pixels has better info than grouping distant pixels",
        "second answer, on sparsity",
        borne_out=lambda nearest_over_distant, photographs: nearest_over_distant == photographs,
        recomputed=lambda: {
            **some_of(PIXELS, "explained"),
            **some_of(PIXELS, "explained", prefix="far_", distance=16),
            **some_of(PIXELS, "nearest_over_distant", "photographs", "nearest_best"),
            **some_of(PIXELS, "explained_shuffled"),
        },
        why="""Measured on {photographs} photographs: the eight neighbours of a pixel together
        explain {explained} of its variance, eight pixels 16 away {far_explained}, and eight
        shuffled ones {explained_shuffled}. In {nearest_over_distant} of {photographs} the
        neighbours explain more than any eight at 8 pixels or further. They explain most of all
        distances in {nearest_best}: in the photograph of a palace eight pixels 2 away explain a
        little more.""",
    ),
    Claim(
        "answers-sparsity-few-inputs",
        "each output value depends on a small number of input values",
        "last answer, first sentence",
        holds=lambda inputs_per_output, inputs: inputs_per_output < inputs,
        recomputed=lambda: counts(GRID, "inputs_per_output", "inputs"),
        why="""With a 3x3 kernel on the 10x10 image each output reads {inputs_per_output} of
        {inputs} pixels.""",
    ),
)
