"""A web page on a textbook's three motivations: sparse interactions and parameter sharing.

What it says of receptive fields and of cost is in `ma_2025_cost`, its section on equivariance in
`ma_2025_equivariance`.
"""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.growth import Growth
from mkdocs_cnn.book.claims.recomputing.lessons import (
    FLOAT32,
    LESSON,
    edge_outputs,
    inputs,
    output_moves,
    outputs_that_stay,
    positions,
    reads,
    seen,
    shared_weights,
    uses,
)
from mkdocs_cnn.book.claims.recomputing.results import (
    errors_by_parameters,
    fewer_parameters_overfit_less,
)
from mkdocs_cnn.book.sources import SOURCES
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.experiments.results import numbers_of
from mkdocs_cnn.layers import Conv2d, Linear, Placed, PlacedConv
from mkdocs_cnn.quantities.quantity import Quantity

SOURCE = SOURCES["ma-2025"]
M, N = ("inputs", int(LESSON.inputs)), ("outputs", int(LESSON.outputs))
K, N_LOCAL = ("kernel", 3), ("outputs", 8)  # rows of a kernel 3 wide, of a grid 8 wide


def _dense(in_features: int, out_features: int) -> Placed:
    return Linear(in_features, out_features).on(in_features)


def _local(kernel_rows: int, output_rows: int) -> PlacedConv:
    """One filter of so many rows and 3 columns, to so many rows and 8 columns of outputs."""
    layer = Conv2d(1, 1, (kernel_rows, 3))
    return layer.on(1, output_rows + kernel_rows - 1, 10)


def _macs_per_output(layer: Placed) -> Quantity:
    return (layer.macs / layer.outputs).named("MACs per output")


DENSE_WEIGHTS = Growth("dense weights", lambda m, n: _dense(m, n).weights, M, N)
DENSE_WORK = Growth("MACs per output", lambda m, n: _macs_per_output(_dense(m, n)), M, N)
LOCAL_WEIGHTS = Growth(
    "weights without sharing", lambda k, n: _local(k, n).unshared.weights, K, N_LOCAL
)
LOCAL_WORK = Growth("MACs per output", lambda k, n: _macs_per_output(_local(k, n)), K, N_LOCAL)
SHARED_WEIGHTS = Growth("shared weights", lambda k, n: _local(k, n).weights, K, N_LOCAL)


def _dense_macs() -> Quantity:
    return LESSON.dense.macs.named("MACs of the dense layer", symbol="N_dense")


def _fewer_macs() -> Quantity:
    factor = _dense_macs() / LESSON.macs
    return factor.named("times fewer MACs")


def _times_faster() -> tuple[Quantity, ...]:
    """How many times longer a dense matrix takes than a sparse one: to compute, and to learn."""
    timed = numbers_of("seconds-and-flops")
    names = ("dense_to_sparse", "learning_dense_to_sparse", "dense_to_sparse_macs")
    return (*(timed[name] for name in names), timed["sparse_passes_dense"])


CLAIMS = (
    Claim(
        "ma-2025-enforcing-invariance",
        "Same kernel used at all positions, enforcing translation invariance",
        SOURCE,
        "overview, point 2",
        holds=lambda: edge_outputs(1) == edge_outputs(),
        recomputed=lambda: outputs_that_stay(1),
        verdict=Verdict.DIFFERS,
        why=(
            "The wrong word: what one kernel at all positions enforces is equivariance, the next "
            "point of the same list. Invariant outputs would stay as they are; when an edge in "
            "6x6 pixels moves by one, {0} of {1} in a row do, and the others move along."
        ),
    ),
    Claim(
        "ma-2025-shifts-alike",
        "Translation equivariance: Shifting input shifts output by the same amount",
        SOURCE,
        "overview, point 3",
        holds=lambda: [step.value for step in output_moves((5, 3), 1)] == [5, 3],
        recomputed=lambda: (*output_moves((5, 3), 1), *output_moves((5, 3), 2)),
        verdict=Verdict.EXACT,
        why=(
            "At stride 1, which the text does not name: a shift by 5 rows and 3 columns shifts the "
            "output by {0} and {1}. At stride 2 it would be {2} and {3}."
        ),
    ),
    Claim(
        "ma-2025-unique-weights",
        "Each input-output pair has its own unique weight",
        SOURCE,
        "section 1, dense connections",
        holds=lambda: LESSON.dense.weights == LESSON.dense.connections,
        recomputed=lambda: (LESSON.dense_weights, LESSON.dense.connections),
        verdict=Verdict.EXACT,
        why="A dense layer has {1} connections and as many weights (32x32x3 to 28x28x6 units).",
    ),
    Claim(
        "ma-2025-dense-parameters",
        "Total parameters: O(m · n)",
        SOURCE,
        "section 1, dense connections",
        holds=lambda: DENSE_WEIGHTS.follows(2, 2),
        recomputed=lambda: DENSE_WEIGHTS.numbers,
        verdict=Verdict.EXACT,
        why="Twice the inputs or twice the outputs: twice the weights, {0} to {1}.",
    ),
    Claim(
        "ma-2025-dense-work",
        "Computational cost: O(m · n) operations per output",
        SOURCE,
        "section 1, dense connections",
        holds=lambda: DENSE_WORK.follows(2, 2),
        recomputed=lambda: (*DENSE_WORK.numbers, _dense_macs()),
        verdict=Verdict.DIFFERS,
        why=(
            "One output takes {0} multiply-adds, one for each input: {1} with twice the inputs, "
            "still {2} with twice the outputs. It grows as O(m); O(m · n) is how the cost of all "
            "outputs together grows, here {3}."
        ),
    ),
    Claim(
        "ma-2025-local-region",
        "Each output unit only interacts with a small local region of the input",
        SOURCE,
        "section 1, sparse interactions",
        holds=lambda: reads(LESSON) < inputs(LESSON),
        recomputed=lambda: (reads(LESSON), inputs(LESSON)),
        verdict=Verdict.EXACT,
        why="With 5x5 filters on a 32x32x3 image each output reads {0} of {1} inputs.",
    ),
    Claim(
        "ma-2025-sparse-parameters",
        "Total parameters: O(k · n)",
        SOURCE,
        "section 1, sparse interactions",
        holds=lambda: LOCAL_WEIGHTS.follows(2, 2),
        recomputed=lambda: LOCAL_WEIGHTS.numbers,
        verdict=Verdict.EXACT,
        why=(
            "Exact for sparsity alone: local windows whose weights are not shared, {0} of them "
            "for k = 3x3 and n = 8x8. Sharing then takes n away."
        ),
    ),
    Claim(
        "ma-2025-sparse-work",
        "Computational cost: O(k · n) operations per output",
        SOURCE,
        "section 1, sparse interactions",
        holds=lambda: LOCAL_WORK.follows(2, 2),
        recomputed=lambda: (*LOCAL_WORK.numbers, _local(3, 8).macs),
        verdict=Verdict.DIFFERS,
        why=(
            "One output takes {0} multiply-adds, one for each tap of a 3x3 kernel: {1} with twice "
            "the kernel, still {2} with twice the outputs. It grows as O(k); O(k · n) is how the "
            "cost of all outputs together grows, here {3} for n = 8x8."
        ),
    ),
    Claim(
        "ma-2025-less-memory",
        "Fewer parameters: Reduces memory requirements",
        SOURCE,
        "section 1, benefits, point 1",
        holds=lambda: LESSON.unshared_weights < LESSON.dense_weights,
        recomputed=lambda: (
            LESSON.unshared_weights,
            LESSON.dense_weights,
            LESSON.sparsity,
            (LESSON.dense_weights * FLOAT32).named("memory of the dense layer"),
            (LESSON.unshared_weights * FLOAT32).named("memory without sharing"),
        ),
        verdict=Verdict.EXACT,
        why="{1} weights become {0}, {2} times fewer, by sparsity alone.",
    ),
    Claim(
        "ma-2025-overfitting",
        "risk of overfitting",
        SOURCE,
        "section 1, benefits, point 1",
        holds=fewer_parameters_overfit_less,
        recomputed=errors_by_parameters,
        verdict=Verdict.DIFFERS,
        why=(
            "Not by their number. In our experiment a dense network of {0} parameters and one of "
            "{2} both fit all that they learn from, and on other digits the first errs on {1}, the "
            "second on {3}. So it is in the other families too."
        ),
    ),
    Claim(
        "ma-2025-less-computation",
        "Less computation",
        SOURCE,
        "section 1, benefits, point 2",
        holds=lambda: LESSON.macs < LESSON.dense.macs,
        recomputed=lambda: (_fewer_macs(), _dense_macs(), LESSON.macs),
        verdict=Verdict.EXACT,
        why="{1} multiply-adds become {2}, {0} times fewer, by sparsity alone.",
    ),
    Claim(
        "ma-2025-faster",
        "Faster training and inference",
        SOURCE,
        "section 1, benefits, point 2",
        holds=lambda: min(_times_faster()[:2]) > 1,
        recomputed=lambda: _times_faster(),
        verdict=Verdict.EXACT,
        why=(
            "Timed on one machine, 3x3 windows on 64x64 pixels: as a sparse matrix, without any "
            "sharing, the layer is {0} times faster than as a dense one, and a step of learning "
            "{1} times. It has {2} times fewer multiply-adds, and does not gain as much. On small "
            "images it gains nothing: it is ahead from a side of {3} pixels on."
        ),
    ),
    Claim(
        "ma-2025-deeper-layers",
        "Deeper layers expand the effective receptive field",
        SOURCE,
        "section 1, benefits, point 4",
        holds=lambda: seen(1) < seen(1, 1) < seen(1, 1, 1),
        recomputed=lambda: (seen(1), seen(1, 1), seen(1, 1, 1)),
        verdict=Verdict.EXACT,
        why=(
            "Through one 3x3 layer an output sees {0} pixels along each axis, through two {1}, "
            "through three {2}. That is the theoretical receptive field; the effective one "
            "(Luo et al. 2016) lies within it, and grows too, but more slowly."
        ),
    ),
    Claim(
        "ma-2025-indirectly",
        "units in deeper layers can indirectly connect to a larger region of the input",
        SOURCE,
        "section 1, key insight",
        holds=lambda: seen(1, 1, 1) > seen(1),
        recomputed=lambda: (seen(1, 1, 1), seen(1)),
        verdict=Verdict.EXACT,
        why=(
            "A unit of the third 3x3 layer reads {1} pixels along each axis of the layer below, "
            "and through it sees {0} of the input."
        ),
    ),
    Claim(
        "ma-2025-used-once",
        "In a traditional neural network, each weight is used exactly once",
        SOURCE,
        "section 2, dense layers",
        holds=lambda: uses(LESSON.dense) == 1,
        recomputed=lambda: (uses(LESSON.dense), LESSON.dense_weights),
        verdict=Verdict.EXACT,
        why="Each of {1} weights serves {0} connection, for one image and one pass.",
    ),
    Claim(
        "ma-2025-reused-everywhere",
        "the same set of parameters is reused at every location",
        SOURCE,
        "section 2, convolutional layers",
        holds=lambda: uses(LESSON) == positions(LESSON.output_shape).value,
        recomputed=lambda: (uses(LESSON), positions(LESSON.output_shape)),
        verdict=Verdict.EXACT,
        why="Without padding each weight serves {0} connections, one at each of {1} positions.",
    ),
    Claim(
        "ma-2025-dense-o-of-m",
        "Dense layer: O(m) parameters (one weight per input-output connection)",
        SOURCE,
        "section 2, parameter count reduction",
        holds=lambda: DENSE_WEIGHTS.follows(2, 1),
        recomputed=lambda: DENSE_WEIGHTS.numbers,
        verdict=Verdict.DIFFERS,
        why=(
            "One weight per connection is right, and there are m · n connections: twice the "
            "outputs take {0} weights to {2}, so it is O(m · n), as section 1 of the text says."
        ),
    ),
    Claim(
        "ma-2025-convolution-o-of-k",
        "Convolutional layer: O(k) parameters (only kernel weights)",
        SOURCE,
        "section 2, parameter count reduction",
        holds=lambda: SHARED_WEIGHTS.follows(2, 1),
        recomputed=lambda: (
            *SHARED_WEIGHTS.numbers,
            LESSON.parameters.named("parameters with channels and biases"),
        ),
        verdict=Verdict.EXACT,
        why=(
            "Exact for one channel and one filter: {0} weights, however many outputs there are. "
            "In general there are k weights for each pair of an input and an output channel, and "
            "a bias for each output channel: {3} for six 5x5 filters on three channels."
        ),
    ),
    Claim(
        "ma-2025-dramatically-fewer",
        "dramatically reducing the number of parameters compared to fully connected layers",
        SOURCE,
        "section 2, the figure on parameter sharing",
        holds=lambda: shared_weights(LESSON) < LESSON.unshared_weights,
        recomputed=lambda: (
            LESSON.reduction,
            LESSON.sharing,
            LESSON.sparsity,
            LESSON.dense_weights,
            shared_weights(LESSON),
        ),
        verdict=Verdict.EXACT,
        why=(
            "{3} weights against {4}, {0} times fewer. Of this sharing accounts for a factor of "
            "{1}; the other factor, {2}, comes from sparsity."
        ),
    ),
)
