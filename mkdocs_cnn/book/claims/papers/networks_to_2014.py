"""What four papers say of their networks: LeNet-5, AlexNet, VGG, GoogLeNet."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import pixels_seen
from mkdocs_cnn.book.claims.recomputing.totals import (
    briefly,
    fewer_than_alexnet,
    macs,
    parameters,
    percent,
    sum_over,
)
from mkdocs_cnn.claims.claim import Claim
from mkdocs_cnn.layers import Conv2d, Linear
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity, total

FIXED = Linear(84, 10, bias=False).on(84)  # LeNet-5's output layer, which is not trained
STEM = Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False).on(3, 224, 224)


# -- LeNet-5


def _as_lecun_counts() -> dict[str, Quantity]:
    """Connections with one for each bias, then what they are made of."""
    network = networks["lenet5_1998"].on()
    touching = briefly(network.connections).named("connections between units", symbol="N_c")
    biased = briefly(network.activations)
    biases = biased.named("units with a bias", symbol="n", unit="connection")
    fixed = FIXED.connections.named("connections of the fixed output layer", symbol="N_out")
    return {
        "connections": (touching + biases + fixed).named("connections"),
        "touching": touching,
        "biases": biases,
        "fixed": fixed,
    }


# -- AlexNet


ALEXNET = networks["alexnet_two_gpus"].on()
WITH_WEIGHTS = ALEXNET.rows.only("Conv2d", "Linear")
NEURONS = sum_over(WITH_WEIGHTS, "outputs", "output").named("units of all layers with weights")


def _first_layer() -> dict[str, Quantity]:
    """Units of AlexNet's first layer, and what comes out if a map had 48 columns."""
    maps, height, width = ALEXNET.rows[0].placed.output_shape
    units = maps * height * width
    narrow = maps * height * Quantity(48, name="columns that the paper's number would need")
    return {
        "units": units.named("units of the first layer", unit="output"),
        "narrow": narrow.named("units with so few columns", unit="output"),
    }


# -- VGG


def _per_channel_pair(kernel_size: int, layers: int) -> Quantity:
    """Weights of so many layers for each pair of an input and an output channel."""
    one = Conv2d(1, 1, kernel_size, bias=False).on(1, 32, 32).weights
    weights = one if layers == 1 else layers * one
    size = f"{kernel_size}x{kernel_size}"
    return weights.named(f"weights with {size}, for each pair of channels", symbol=f"N_{size}")


WITH_7X7, WITH_3X3 = _per_channel_pair(7, 1), _per_channel_pair(3, 3)


def _vgg(letter: str, depth: int, millions: int) -> Claim:
    """A number of table 2, which gives parameters in millions."""
    return Claim(
        f"simonyan-2014-parameters-{letter.lower()}",
        "Number of parameters 133 133 134 138 144",
        f"table 2, in millions, network {letter} (VGG-{depth})",
        states=Quantity(millions * 10**6, "parameter"),
        recomputed=lambda: {"parameters": parameters(f"vgg{depth}")},
    )


# -- GoogLeNet


def _separated_weights() -> Quantity:
    """Weights of a 7 x 1 and a 1 x 7 kernel, to 64 maps each on three channels."""
    pair = total(Conv2d(3, 64, size, bias=False).on(3, 8, 8).weights for size in ((7, 1), (1, 7)))
    return pair.named("weights of 7x1 and 1x7 kernels", symbol="N_w", unit="weight")


def _separated_macs() -> Quantity:
    positions = (STEM.output_shape[1] * STEM.output_shape[2]).named("positions", unit="MAC/weight")
    return (_separated_weights() * positions).named("MACs of 7x1 and 1x7 kernels")


def _as_printed() -> Quantity:
    """MACs of GoogLeNet with what its table gives for the first layer."""
    first = STEM.macs.named("MACs of the first layer", symbol="N_1")
    printed = Quantity(34 * 10**6, "MAC", name="MACs of the first layer as printed")
    rest = macs("googlenet_as_published") - first
    return (rest + printed).named("MACs with the first layer as printed")


CLAIMS = (
    Claim(
        "lecun-1998-connections",
        "The network in figure 2 contains 340,908 connections",
        "section II",
        states=Quantity(340_908, "connection"),
        recomputed=_as_lecun_counts,
        why="""The paper counts a connection for each bias. Inputs and outputs touch {touching}
        times, {biases} units have a bias, and the output layer, whose weights are fixed, has
        {fixed} connections without.""",
    ),
    Claim(
        "lecun-1998-parameters",
        "only 60,000 trainable free parameters because of the weight sharing",
        "section II",
        states=Quantity(60_000, "parameter"),
        recomputed=lambda: {"paper": parameters("lenet5_1998"), "courses": parameters("lenet5")},
        why="A round number, and exact. The LeNet-5 that courses teach today has {courses}.",
    ),
    Claim(
        "krizhevsky-2012-parameters",
        "The neural network, which has 60 million parameters",
        "abstract",
        states=Quantity(60_000_000, "parameter"),
        digits=2,  # in whole millions
        recomputed=lambda: {
            "paper": parameters("alexnet_two_gpus"),
            "no_groups": parameters("alexnet_no_groups"),
            "libraries": parameters("alexnet"),
        },
        why="""Three networks bear the name. The one of the paper has {paper} parameters; without
        its two groups it would have {no_groups}, and the single tower of libraries has
        {libraries}.""",
    ),
    Claim(
        "krizhevsky-2012-neurons",
        "and 650,000 neurons",
        "abstract",
        states=Quantity(650_000, "output"),
        recomputed=lambda: {"units": NEURONS},
        why="The eight layers with weights have {units} units: the number is cut, not rounded.",
    ),
    Claim(
        "krizhevsky-2012-first-layer",
        "the number of neurons in the network’s remaining layers is given by 253,440",
        "caption of figure 2",
        states=Quantity(253_440, "output"),
        recomputed=_first_layer,
        why="""The first layer has maps of 55x55, as the same figure shows, and so {units} units.
        The number printed, {narrow}, is that of maps of 55x48.""",
    ),
    Claim(
        "krizhevsky-2012-other-layers",
        "186,624–64,896–64,896–43,264–4096–4096–1000",
        "caption of figure 2",
        holds=lambda: (
            [row.placed.outputs for row in WITH_WEIGHTS[1:]]
            == [186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]
        ),
        recomputed=lambda: {"units": NEURONS},
        why="All but the first are as counted; together the eight layers have {units} units.",
    ),
    Claim(
        "simonyan-2014-field-5",
        "a stack of two 3 × 3 conv. layers (without spatial pooling in between) has an effective "
        "receptive field of 5 × 5",
        "section 2.3",
        states=Quantity(5),
        recomputed=lambda: {"pixels": pixels_seen(1, 1)},
        why="The theoretical receptive field is meant.",
    ),
    Claim(
        "simonyan-2014-field-7",
        "three such layers have a 7 × 7 effective receptive field",
        "section 2.3",
        states=Quantity(7),
        recomputed=lambda: {"pixels": pixels_seen(1, 1, 1)},
    ),
    Claim(
        "simonyan-2014-27-c",
        "the stack is parametrised by 3(3²C²) = 27C² weights",
        "section 2.3",
        states=Quantity(27, "weight"),
        recomputed=lambda: {"weights": WITH_3X3},
    ),
    Claim(
        "simonyan-2014-49-c",
        "a single 7 × 7 conv. layer would require 7²C² = 49C² parameters",
        "section 2.3",
        states=Quantity(49, "weight"),
        recomputed=lambda: {"weights": WITH_7X7},
        why="Biases are left out, as in the sentence before.",
    ),
    Claim(
        "simonyan-2014-81-percent",
        "i.e. 81% more",
        "section 2.3",
        states=Quantity(81),
        recomputed=lambda: {
            "percent": percent(WITH_7X7 - WITH_3X3, WITH_3X3).named("per cent more weights"),
            "one": WITH_7X7,
            "three": WITH_3X3,
        },
    ),
    _vgg("A", 11, 133),
    _vgg("B", 13, 133),
    _vgg("D", 16, 138),
    _vgg("E", 19, 144),
    Claim(
        "szegedy-2014-12-times",
        "actually uses 12× fewer parameters than the winning architecture of Krizhevsky et al",
        "section 1, first paragraph",
        states=Quantity(12),
        recomputed=lambda: fewer_than_alexnet("googlenet_as_published"),
        why="{alexnet} parameters become {network}, which is {times} times fewer.",
    ),
    Claim(
        "szegedy-2014-1-5-billion",
        "a computational budget of 1.5 billion multiply-adds at inference time",
        "section 1, second paragraph",
        states=Quantity(1_500_000_000, "MAC"),
        recomputed=lambda: {"macs": macs("googlenet_as_published"), "as_printed": _as_printed()},
        why="""The network of the paper's table takes {macs}, of which the number is cut, not
        rounded. With what the table prints for the first layer, which is too little, it is
        {as_printed}.""",
    ),
    Claim(
        "szegedy-2014-first-layer-parameters",
        "convolution 7×7/2 112×112×64 1 2.7K 34M",
        "table 1, first row, column params",
        states=Quantity(2_700, "weight"),
        recomputed=lambda: {"weights": STEM.weights, "separated": _separated_weights()},
        why="""A 7x7 kernel on three channels, 64 times, has {weights} weights. {separated} is what
        a 7x1 and a 1x7 kernel would have together; the paper does not say so.""",
    ),
    Claim(
        "szegedy-2014-first-layer-operations",
        "convolution 7×7/2 112×112×64 1 2.7K 34M",
        "table 1, first row, column ops",
        states=Quantity(34_000_000, "MAC"),
        recomputed=lambda: {"macs": STEM.macs, "separated": _separated_macs()},
        why="It takes {macs} multiply-adds; a 7x1 and a 1x7 kernel would take {separated}.",
    ),
)
