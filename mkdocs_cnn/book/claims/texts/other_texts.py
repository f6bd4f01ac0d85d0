"""Numbers in texts that many read: a course's notes, two books, a library's documentation."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import FLOAT32, counts
from mkdocs_cnn.book.claims.recomputing.totals import in_mebibytes, parameters, sum_over
from mkdocs_cnn.claims.claim import Claim
from mkdocs_cnn.layers import Conv2d, Linear
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity, total

MEGABYTE = 10**6
VGG16 = networks["vgg16"].on()
FIRST_CONV = Conv2d(4, 8, 3, stride=2, padding=1).on(4, 14, 14)  # of the notebook's two layers
NEXT_CONV = Conv2d(8, 16, 3, stride=2, padding=1).on(8, 7, 7)


def _bytes(size: Quantity) -> dict[str, Quantity]:
    return {"bytes": size, "mebibytes": in_mebibytes(size)}


# -- CS231n


def _vgg_values() -> Quantity:
    """The input of VGG-16 and the outputs of all layers that the notes list."""
    layers = sum_over(VGG16.rows.only("Conv2d", "MaxPool2d", "Linear"), "outputs", "value")
    image = VGG16.inputs.named("input", symbol="m", unit="value")
    return (image + layers).named("values of the input and all outputs")


def _vgg_memory() -> Quantity:
    values = _vgg_values().named("values", unit="value")
    size = values * Quantity(4, "byte/value", name="bytes of a float32")
    return size.named("memory of these values")


# -- Dive into Deep Learning


def _two_layers(inputs: int, network: str) -> Quantity:
    """Weights of dense layers from so many features to 4096 and again to 4096."""
    pair = (Linear(features, 4096).on(features).weights for features in (inputs, 4096))
    return total(pair).named(f"weights of two layers, {network}", symbol="N_w", unit="weight")


BOOK_LAYERS = _two_layers(6400, "the book's network")
ORIGINAL_LAYERS = _two_layers(9216, "AlexNet of 2012")
VGG11_MATRIX = (
    Linear(25_088, 4_096, bias=False)
    .on(25_088)
    .weights.named("weights of VGG-11's first dense layer")
)
FLOPS = Quantity(2, "FLOP/weight", name="FLOPs for each weight") * BOOK_LAYERS


def _memory(weights: Quantity) -> Quantity:
    name = weights.name.removeprefix("weights of ")
    return (weights * FLOAT32).named(f"memory of {name}")


def _window(delta: int) -> Quantity:
    """Weights of a window that reaches so many pixels to each side."""
    layer = Conv2d(1, 1, 2 * delta + 1, bias=False).on(1, 32, 32)
    return layer.weights.named(f"weights of a window that reaches {delta} to each side")


def _window_as_written(delta: int) -> Quantity:
    reach = Quantity(delta, symbol="Δ", name="Δ")
    return (4 * reach * reach).named(f"4 Δ Δ for Δ = {delta}", unit="weight")


CLAIMS = (
    Claim(
        "cs231n-vgg-values",
        "TOTAL memory: 24M",
        "VGGNet in detail",
        states=Quantity(24_000_000, "value"),
        recomputed=lambda: {"values": _vgg_values()},
        why="The rows above this line are right; added up they give {values}.",
    ),
    Claim(
        "cs231n-vgg-memory",
        "24M * 4 bytes ~= 93MB / image (only forward! ~*2 for bwd)",
        "VGGNet in detail",
        states=Quantity(93 * MEGABYTE, "byte"),
        recomputed=lambda: {**_bytes(_vgg_memory()), "values": _vgg_values()},
        why="""The page's own rows add up to {values} values, the image included. In float32 that is
        {bytes} bytes, or {mebibytes} MiB.""",
    ),
    Claim(
        "cs231n-vgg-parameters",
        "TOTAL params: 138M parameters",
        "VGGNet in detail",
        states=Quantity(138_000_000, "parameter"),
        recomputed=lambda: {"parameters": parameters("vgg16")},
    ),
    Claim(
        "cs231n-googlenet-parameters",
        "dramatically reduced the number of parameters in the network (4M, compared to AlexNet "
        "with 60M)",
        "case studies, GoogLeNet",
        states=Quantity(4_000_000, "parameter"),
        recomputed=lambda: {
            "paper": parameters("googlenet_as_published"),
            "torchvision": parameters("googlenet"),
        },
        why="The network of the paper has {paper}, the one in torchvision {torchvision}.",
    ),
    Claim(
        "zhang-2023-two-delta",
        "This reduces the number of parameters from 4 × 10⁶ to 4 Δ²",
        "section 7.1, locality",
        holds=lambda: all(_window(delta) == _window_as_written(delta) for delta in range(1, 10)),
        recomputed=lambda: {
            "one": _window(1),
            "one_as_written": _window_as_written(1),
            "nine": _window(9),
            "nine_as_written": _window_as_written(9),
        },
        why="""The sum runs from −Δ to Δ in both directions, which is 2Δ + 1 pixels and not 2Δ:
        {one} weights, not {one_as_written}, for Δ = 1, and {nine}, not {nine_as_written}, for Δ =
        9.""",
    ),
    Claim(
        "zhang-2023-1-gb",
        "These layers require nearly 1GB model parameters.",
        "section 8.1, AlexNet, on two huge layers with 4096 outputs",
        states=Quantity(1_000 * MEGABYTE, "byte"),
        recomputed=lambda: {
            "original": _memory(ORIGINAL_LAYERS),
            "weights": ORIGINAL_LAYERS,
            "book": _memory(BOOK_LAYERS),
        },
        why="""The two layers of the original network have {weights} weights, {original} bytes in
        float32. Those of the smaller network that the book then builds take {book} bytes.""",
    ),
    Claim(
        "zhang-2023-164-mb",
        "This corresponds to 164 MB of memory",
        "section 8.1, AlexNet, discussion",
        states=Quantity(164 * MEGABYTE, "byte"),
        recomputed=lambda: _bytes(_memory(BOOK_LAYERS)) | {"weights": BOOK_LAYERS},
        why="""{weights} weights in float32 are {bytes} bytes. The number is right, and exact, in
        MiB, each of 2²⁰ bytes: {mebibytes}.""",
    ),
    Claim(
        "zhang-2023-81-mflops",
        "and 81 MFLOPs of computation",
        "section 8.1, AlexNet, discussion",
        states=Quantity(81_000_000, "FLOP"),
        recomputed=lambda: {
            "flops": FLOPS.named("FLOPs of two layers, the book's network"),
            "weights": BOOK_LAYERS,
        },
        why="A multiplication and an addition for each of {weights} weights are {flops}.",
    ),
    Claim(
        "zhang-2023-400-mb",
        "occupying almost 400MB of RAM in single precision (FP32)",
        "section 8.3, network in network",
        holds=lambda bytes: bytes < 400 * MEGABYTE,
        recomputed=lambda: _bytes(_memory(VGG11_MATRIX)) | {"weights": VGG11_MATRIX},
        why="""{weights} weights are {bytes} bytes, which is more. In MiB the sentence is right:
        {mebibytes}.""",
    ),
    Claim(
        "howard-2020-this-layer",
        "196*288=56_448 multiplications at this layer",
        "chapter 13, understanding convolution arithmetic",
        states=Quantity(56_448, "MAC"),
        recomputed=lambda: counts(FIRST_CONV, "macs", "weights"),
        why="""The stride is 2, so from 14x14 the layer makes 7x7 outputs, and each of {weights}
        weights is used as often: {macs} multiplications. The book multiplies by the size of the
        input.""",
    ),
    Claim(
        "howard-2020-next-layer",
        "The next layer will have 7*7*(1168-16)=56_448 multiplications.",
        "chapter 13, understanding convolution arithmetic",
        states=Quantity(56_448, "MAC"),
        recomputed=lambda: counts(NEXT_CONV, "macs", "weights"),
        why="From 7x7 it makes 4x4 outputs: {macs} multiplications with {weights} weights.",
    ),
    Claim(
        "howard-2020-no-change",
        "resulting in no overall change in the amount of computation",
        "chapter 13, understanding convolution arithmetic",
        holds=lambda this_layer, next_layer: this_layer == next_layer,
        recomputed=lambda: {
            "this_layer": FIRST_CONV.macs.named("MACs of this layer"),
            "next_layer": NEXT_CONV.macs.named("MACs of the next layer"),
        },
        why="""{this_layer} multiplications become {next_layer}. Half the height, half the width and
        twice the channels on both sides would leave the work as it is, but 7 has no half: the next
        outputs are 4x4.""",
    ),
    Claim(
        "keras-vgg16-size",
        "VGG16 528 MB 0.713 0.901 138,357,544",
        "table of models, column size",
        states=Quantity(528 * MEGABYTE, "byte"),
        recomputed=lambda: _bytes(VGG16.parameter_bytes.named("memory of VGG-16's parameters")),
        why="In float32 the parameters take {bytes} bytes. The table counts in MiB: {mebibytes}.",
    ),
    Claim(
        "keras-vgg16-parameters",
        "VGG16 528 MB 0.713 0.901 138,357,544",
        "table of models, column parameters",
        states=Quantity(138_357_544, "parameter"),
        recomputed=lambda: {"parameters": parameters("vgg16")},
    ),
)
