"""A web page on a textbook's three motivations: sparse interactions and parameter sharing.

What it says of receptive fields and of cost is in `ma_2025_cost`, its section on equivariance in
`ma_2025_equivariance`.
"""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.growth import Growth
from mkdocs_cnn.book.claims.recomputing.lessons import (
    FLOAT32,
    LESSON,
    columns_moved,
    counts,
    pixels_seen,
    rows_moved,
    seen_by_depth,
    unmoved_outputs,
)
from mkdocs_cnn.book.claims.recomputing.results import (
    errors_by_parameters,
    fewer_parameters_overfit_less,
    some_of,
)
from mkdocs_cnn.claims.claim import Claim
from mkdocs_cnn.layers import Conv2d, Linear, Placed, PlacedConv
from mkdocs_cnn.quantities.quantity import Quantity

M, N = ("inputs", int(LESSON.inputs)), ("outputs", int(LESSON.outputs))
K, N_LOCAL = ("kernel", 3), ("outputs", 8)  # rows of a kernel 3 wide, of a grid 8 wide
SECONDS = "seconds-and-flops"


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
DENSE_MACS = LESSON.dense.macs.named("MACs of the dense layer", symbol="N_dense")


CLAIMS = (
    Claim(
        "ma-2025-enforcing-invariance",
        "Same kernel used at all positions, enforcing translation invariance",
        "overview, point 2",
        holds=lambda stay, row: stay == row,
        recomputed=lambda: unmoved_outputs(1),
        why="""The wrong word: what one kernel at all positions enforces is equivariance, the next
        point of the same list. Invariant outputs would stay as they are; when an edge in 6x6 pixels
        moves by one, {stay} of {row} in a row do, and the others move along.""",
    ),
    Claim(
        "ma-2025-shifts-alike",
        "Translation equivariance: Shifting input shifts output by the same amount",
        "overview, point 3",
        holds=lambda rows, columns: (rows, columns) == (5, 3),
        recomputed=lambda: {
            "rows": rows_moved((5, 3), 1),
            "columns": columns_moved((5, 3), 1),
            "rows_strided": rows_moved((5, 3), 2),
            "columns_strided": columns_moved((5, 3), 2),
        },
        why="""At stride 1, which the text does not name: a shift by 5 rows and 3 columns shifts the
        output by {rows} and {columns}. At stride 2 it would be {rows_strided} and
        {columns_strided}.""",
    ),
    Claim(
        "ma-2025-unique-weights",
        "Each input-output pair has its own unique weight",
        "section 1, dense connections",
        holds=lambda weights, connections: weights == connections,
        recomputed=lambda: {
            "weights": LESSON.dense_weights,
            "connections": LESSON.dense.connections,
        },
        why="""A dense layer has {connections} connections and as many weights (32x32x3 to 28x28x6
        units).""",
    ),
    Claim(
        "ma-2025-dense-parameters",
        "Total parameters: O(m · n)",
        "section 1, dense connections",
        holds=lambda: DENSE_WEIGHTS.follows(2, 2),
        recomputed=lambda: DENSE_WEIGHTS.facts,
        why="Twice the inputs or twice the outputs: twice the weights, {count} to {twice_inputs}.",
    ),
    Claim(
        "ma-2025-dense-work",
        "Computational cost: O(m · n) operations per output",
        "section 1, dense connections",
        holds=lambda: DENSE_WORK.follows(2, 2),
        recomputed=lambda: {**DENSE_WORK.facts, "all_outputs": DENSE_MACS},
        why="""One output takes {count} multiply-adds, one for each input: {twice_inputs} with twice
        the inputs, still {twice_outputs} with twice the outputs. It grows as O(m); O(m · n) is how
        the cost of all outputs together grows, here {all_outputs}.""",
    ),
    Claim(
        "ma-2025-local-region",
        "Each output unit only interacts with a small local region of the input",
        "section 1, sparse interactions",
        holds=lambda inputs_per_output, inputs: inputs_per_output < inputs,
        recomputed=lambda: counts(LESSON, "inputs_per_output", "inputs"),
        why="""With 5x5 filters on a 32x32x3 image each output reads {inputs_per_output} of {inputs}
        inputs.""",
    ),
    Claim(
        "ma-2025-sparse-parameters",
        "Total parameters: O(k · n)",
        "section 1, sparse interactions",
        holds=lambda: LOCAL_WEIGHTS.follows(2, 2),
        recomputed=lambda: LOCAL_WEIGHTS.facts,
        why="""Exact for sparsity alone: local windows whose weights are not shared, {count} of them
        for k = 3x3 and n = 8x8. Sharing then takes n away.""",
    ),
    Claim(
        "ma-2025-sparse-work",
        "Computational cost: O(k · n) operations per output",
        "section 1, sparse interactions",
        holds=lambda: LOCAL_WORK.follows(2, 2),
        recomputed=lambda: {**LOCAL_WORK.facts, "all_outputs": _local(3, 8).macs},
        why="""One output takes {count} multiply-adds, one for each tap of a 3x3 kernel:
        {twice_kernel} with twice the kernel, still {twice_outputs} with twice the outputs. It grows
        as O(k); O(k · n) is how the cost of all outputs together grows, here {all_outputs} for n =
        8x8.""",
    ),
    Claim(
        "ma-2025-less-memory",
        "Fewer parameters: Reduces memory requirements",
        "section 1, benefits, point 1",
        holds=lambda unshared_weights, dense_weights: unshared_weights < dense_weights,
        recomputed=lambda: {
            **counts(LESSON, "unshared_weights", "dense_weights", "sparsity"),
            "dense_memory": (LESSON.dense_weights * FLOAT32).named("memory of the dense layer"),
            "unshared_memory": (LESSON.unshared_weights * FLOAT32).named("memory without sharing"),
        },
        why="""{dense_weights} weights become {unshared_weights}, {sparsity} times fewer, by
        sparsity alone.""",
    ),
    Claim(
        "ma-2025-overfitting",
        "risk of overfitting",
        "section 1, benefits, point 1",
        borne_out=fewer_parameters_overfit_less,
        recomputed=errors_by_parameters,
        why="""Not by their number. In our experiment a dense network of {small_parameters}
        parameters and one of {large_parameters} both fit all that they learn from, and on other
        digits the first errs on {small_error}, the second on {large_error}. So it is in the other
        families too.""",
    ),
    Claim(
        "ma-2025-less-computation",
        "Less computation",
        "section 1, benefits, point 2",
        holds=lambda sparse, dense: sparse < dense,
        recomputed=lambda: {
            "times": (DENSE_MACS / LESSON.macs).named("times fewer MACs"),
            "dense": DENSE_MACS,
            "sparse": LESSON.macs,
        },
        why="{dense} multiply-adds become {sparse}, {times} times fewer, by sparsity alone.",
    ),
    Claim(
        "ma-2025-faster",
        "Faster training and inference",
        "section 1, benefits, point 2",
        borne_out=lambda dense_to_sparse, learning_dense_to_sparse: (
            min(dense_to_sparse, learning_dense_to_sparse) > 1
        ),
        recomputed=lambda: {
            **some_of(SECONDS, "dense_to_sparse", "learning_dense_to_sparse"),
            **some_of(SECONDS, "dense_to_sparse_macs", "sparse_passes_dense"),
        },
        why="""Timed on one machine, 3x3 windows on 64x64 pixels: as a sparse matrix, without any
        sharing, the layer is {dense_to_sparse} times faster than as a dense one, and a step of
        learning {learning_dense_to_sparse} times. It has {dense_to_sparse_macs} times fewer
        multiply-adds, and does not gain as much. On small images it gains nothing: it is ahead from
        a side of {sparse_passes_dense} pixels on.""",
    ),
    Claim(
        "ma-2025-deeper-layers",
        "Deeper layers expand the effective receptive field",
        "section 1, benefits, point 4",
        holds=lambda one, two, three: one < two < three,
        recomputed=lambda: seen_by_depth(3),
        why="""Through one 3x3 layer an output sees {one} pixels along each axis, through two {two},
        through three {three}. That is the theoretical receptive field; the effective one (Luo et
        al. 2016) lies within it, and grows too, but more slowly.""",
    ),
    Claim(
        "ma-2025-indirectly",
        "units in deeper layers can indirectly connect to a larger region of the input",
        "section 1, key insight",
        holds=lambda three, one: three > one,
        recomputed=lambda: {"three": pixels_seen(1, 1, 1), "one": pixels_seen(1)},
        why="""A unit of the third 3x3 layer reads {one} pixels along each axis of the layer below,
        and through it sees {three} of the input.""",
    ),
    Claim(
        "ma-2025-used-once",
        "In a traditional neural network, each weight is used exactly once",
        "section 2, dense layers",
        holds=lambda connections_per_weight: connections_per_weight == 1,
        recomputed=lambda: {
            **counts(LESSON.dense, "connections_per_weight"),
            **counts(LESSON, "dense_weights"),
        },
        why="""Each of {dense_weights} weights serves {connections_per_weight} connection, for one
        image and one pass.""",
    ),
    Claim(
        "ma-2025-reused-everywhere",
        "the same set of parameters is reused at every location",
        "section 2, convolutional layers",
        holds=lambda connections_per_weight, positions: connections_per_weight == positions,
        recomputed=lambda: counts(LESSON, "connections_per_weight", "positions"),
        why="""Without padding each weight serves {connections_per_weight} connections, one at each
        of {positions} positions.""",
    ),
    Claim(
        "ma-2025-dense-o-of-m",
        "Dense layer: O(m) parameters (one weight per input-output connection)",
        "section 2, parameter count reduction",
        holds=lambda: DENSE_WEIGHTS.follows(2, 1),
        recomputed=lambda: DENSE_WEIGHTS.facts,
        why="""One weight per connection is right, and there are m · n connections: twice the
        outputs take {count} weights to {twice_outputs}, so it is O(m · n), as section 1 of the text
        says.""",
    ),
    Claim(
        "ma-2025-convolution-o-of-k",
        "Convolutional layer: O(k) parameters (only kernel weights)",
        "section 2, parameter count reduction",
        holds=lambda: SHARED_WEIGHTS.follows(2, 1),
        recomputed=lambda: {
            **SHARED_WEIGHTS.facts,
            "lesson": LESSON.parameters.named("parameters with channels and biases"),
        },
        why="""Exact for one channel and one filter: {count} weights, however many outputs there
        are. In general there are k weights for each pair of an input and an output channel, and a
        bias for each output channel: {lesson} for six 5x5 filters on three channels.""",
    ),
    Claim(
        "ma-2025-dramatically-fewer",
        "dramatically reducing the number of parameters compared to fully connected layers",
        "section 2, the figure on parameter sharing",
        holds=lambda shared_weights, dense_weights: shared_weights < dense_weights,
        recomputed=lambda: counts(
            LESSON, "reduction", "sharing", "sparsity", "dense_weights", "shared_weights"
        ),
        why="""{dense_weights} weights against {shared_weights}, {reduction} times fewer. Of this
        sharing accounts for a factor of {sharing}; the other factor, {sparsity}, comes from
        sparsity.""",
    ),
)
