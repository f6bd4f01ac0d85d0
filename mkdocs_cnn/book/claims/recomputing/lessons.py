"""The layers on which the sources count, and the ledger's names for what is counted.

LESSON  32 x 32 x 3 to 28 x 28 x 6 with six 5 x 5 filters   (notes-why, part-5)
GRID    10 x 10 to 8 x 8 with one 3 x 3 filter              (answers-sparsity)
EDGE    6 x 6 to 4 x 4 with one 3 x 3 filter                (part-5)
TINY    3 x 3 to 2 x 2 with one 2 x 2 filter                (econometrician)
TAPS    320 wide, 280 high, to 319 x 280; two neighbours    (goodfellow-2016)
PHOTO   the same photograph to 318 x 278; one 3 x 3 filter  (ma-2025)
"""

from __future__ import annotations

from collections.abc import Callable

from mkdocs_cnn.layers import Conv2d, Placed, Sequential
from mkdocs_cnn.layers.shift_formulas import Shift, output_shift
from mkdocs_cnn.quantities.quantity import Quantity, quantity, total

LESSON = Conv2d(3, 6, kernel_size=5).on(3, 32, 32)
GRID = Conv2d(1, 1, kernel_size=3).on(1, 10, 10)
EDGE = Conv2d(1, 1, kernel_size=3).on(1, 6, 6)
TINY = Conv2d(1, 1, kernel_size=2).on(1, 3, 3)
TAPS = Conv2d(1, 1, kernel_size=(1, 2), bias=False).on(1, 280, 320)
PHOTO = Conv2d(1, 1, kernel_size=3, bias=False).on(1, 280, 320)

FLOAT32 = Quantity(4, "byte/weight", name="bytes of a float32")

EDGE_FILTER = ((1, 0, -1), (1, 0, -1), (1, 0, -1))  # finds vertical edges
EDGE_IMAGE = ((10, 10, 10, 0, 0, 0),) * 6  # bright on the left, dark on the right


COUNTS: dict[str, Callable[[Placed], Quantity]] = {
    "inputs": lambda layer: layer.inputs.named("inputs", symbol="m", unit="input"),
    "outputs": lambda layer: layer.outputs.named("outputs", symbol="n", unit="output"),
    "shared_weights": lambda layer: layer.weights.named("weights with sharing", symbol="N_shared"),
    "dense_parameters": lambda layer: layer.dense.parameters.named(
        "parameters of the dense layer", symbol="P_dense"
    ),
    # In a layer without padding.
    "inputs_per_output": lambda layer: (layer.connections / layer.outputs).named(
        "inputs that each output reads", symbol="r", unit="input"
    ),
    "connections_per_weight": lambda layer: (layer.connections / layer.weights).named(
        "connections for each weight", symbol="u", unit="connection"
    ),
    "positions": lambda layer: (layer.output_shape[1] * layer.output_shape[2]).named(
        "positions of the filter", symbol="n_pos", unit="position"
    ),
}


def counts(layer: Placed, *names: str) -> dict[str, Quantity]:
    """What is counted of a layer, by the names of `COUNTS` or of the layer's own attributes."""
    return {name: COUNTS[name](layer) if name in COUNTS else getattr(layer, name) for name in names}


def weights_and_factors(layer: Placed) -> dict[str, Quantity]:
    """From dense over unshared to shared weights, then the two factors and their product."""
    weights = ("dense_weights", "unshared_weights", "shared_weights")
    return counts(layer, *weights, "sparsity", "sharing", "reduction")


def pixels_seen(*strides: int) -> Quantity:
    """Pixels along an axis that an output sees behind 3 x 3 layers with these strides."""
    layers = Sequential(*(Conv2d(1, 1, kernel_size=3, stride=stride) for stride in strides))
    size = layers.on(1, 64, 64).receptive_field.size
    each = " then ".join(map(str, strides))
    return size.named(f"pixels seen, stride {each}", symbol="r")


def seen_by_depth(deepest: int) -> dict[str, Quantity]:
    """Pixels seen behind one 3 x 3 layer of stride 1, behind two, and so on, at most four."""
    depths = enumerate(("one", "two", "three", "four")[:deepest], start=1)
    return {number: pixels_seen(*[1] * depth) for depth, number in depths}


# -- the edge image, moved to the right


def edge_response(
    column: int, filter_rows: tuple[tuple[int, ...], ...] = EDGE_FILTER, *, shift: int = 0
) -> Quantity:
    """The output in a column, from 0 to 3, of the edge image's cross-correlation; rows are alike.

    The image is moved to the right by so many pixels; what comes in is bright. The filter's entries
    are 1, 0 and -1.
    """
    taps = [
        (sign, EDGE_IMAGE[row][max(column + across - shift, 0)])
        for row, signs in enumerate(filter_rows)
        for across, sign in enumerate(signs)
    ]
    bright = total(pixel for sign, pixel in taps if sign > 0)
    dark = total(pixel for sign, pixel in taps if sign < 0)
    name = f"output in column {column + 1}" + (f", image moved by {shift}" if shift else "")
    return (bright - dark).named(name, unit="grey level")


def half_turn(filter_rows: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
    """The filter turned by half a turn, with which cross-correlation is true convolution."""
    return tuple(tuple(reversed(row)) for row in reversed(filter_rows))


def edge_outputs(shift: int = 0) -> tuple[Quantity, ...]:
    """A row of outputs of the edge image, moved by so many pixels."""
    return tuple(edge_response(column, shift=shift) for column in range(int(EDGE.output_shape[2])))


def unmoved_outputs(shift: int) -> dict[str, Quantity]:
    """Outputs of a row that are as they were before the image moved, and outputs of a row."""
    before, after = edge_outputs(), edge_outputs(shift)
    return {
        "stay": _alike(before, after).named(
            "outputs of a row that stay as they are", unit="output"
        ),
        "row": quantity(len(before), "output", name="outputs of a row"),
    }


def moved_outputs(shift: int) -> dict[str, Quantity]:
    """Outputs of a row that were further left by as much; and those that were in sight there."""
    before, after = edge_outputs(), edge_outputs(shift)[shift:]
    along = _alike(before[: len(after)], after)
    return {
        "along": along.named("outputs of a row that move along", unit="output"),
        "in_sight": quantity(len(after), "output", name="outputs of a row that were in sight"),
    }


def _alike(before: tuple[Quantity, ...], after: tuple[Quantity, ...]) -> Quantity:
    return total(1 for one, other in zip(before, after, strict=True) if one == other)


def rows_moved(by: Shift, stride: int) -> Quantity:
    """Rows by which an output moves when the input moves by so many rows and columns."""
    return output_shift(by, stride)[0].named(f"rows by which the output moves, stride {stride}")


def columns_moved(by: Shift, stride: int) -> Quantity:
    """Columns by which an output moves."""
    columns = output_shift(by, stride)[1]
    return columns.named(f"columns by which the output moves, stride {stride}")


# Two texts retell one lecture, and count its filters alike.
FILTER_READS_ALL_CHANNELS = (
    "The image has three channels and a filter reads them all, so it has 5x5x3 weights and a bias, "
    "{colour} parameters. {grey} is right for an image of one channel."
)
SIX_FILTERS_READ_ALL_CHANNELS = (
    "Six filters on three channels have {colour} parameters. {grey} is right for one channel: it "
    "is the first layer of LeNet-5, which reads a grey image of the same height and width."
)


def filter_parameters(number: int) -> dict[str, Quantity]:
    """Parameters of so many 5 x 5 filters on a colour image, and on a grey one."""
    filters, symbol = ("one filter", "P_1") if number == 1 else ("six filters", "P_6")
    counts = {}
    for image, channels in (("colour", 3), ("grey", 1)):
        parameters = Conv2d(channels, number, kernel_size=5).on(channels, 32, 32).parameters
        name = f"parameters of {filters}, input of depth {channels}"
        counts[image] = parameters.named(name, symbol=symbol)
    return counts
