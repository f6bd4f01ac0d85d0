"""What four papers say of their networks: LeNet-5, AlexNet, VGG, GoogLeNet."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.lessons import seen
from mkdocs_cnn.book.claims.recomputing.totals import (
    briefly,
    macs,
    parameters,
    percent,
    placed,
    summed,
)
from mkdocs_cnn.book.sources import SOURCES
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.layers import Conv2d, Linear
from mkdocs_cnn.quantities.quantity import Quantity, total

LECUN, KRIZHEVSKY = SOURCES["lecun-1998"], SOURCES["krizhevsky-2012"]
SIMONYAN, SZEGEDY = SOURCES["simonyan-2014"], SOURCES["szegedy-2014"]
FIXED = Linear(84, 10, bias=False).on(84)  # LeNet-5's output layer, which is not trained
STEM = Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False).on(3, 224, 224)


# -- LeNet-5


def _as_lecun_counts() -> tuple[Quantity, ...]:
    """Connections with one for each bias, then what they are made of."""
    network = placed("lenet5_1998")
    touching = briefly(network.connections).named("connections between units", symbol="N_c")
    biased = briefly(network.activations)
    biases = biased.named("units with a bias", symbol="n", unit="connection")
    fixed = FIXED.connections.named("connections of the fixed output layer", symbol="N_out")
    return (touching + biases + fixed).named("connections"), touching, biases, fixed


# -- AlexNet


def _neurons() -> tuple[int, ...]:
    """Units of each layer with weights, from the first on."""
    layers = placed("alexnet_two_gpus").rows.only("Conv2d", "Linear")
    return tuple(int(row.placed.outputs) for row in layers)


def _first_layer() -> tuple[Quantity, Quantity]:
    """Units of AlexNet's first layer, and what comes out if a map had 48 columns."""
    maps, height, width = placed("alexnet_two_gpus").rows[0].placed.output_shape
    units = maps * height * width
    narrow = maps * height * Quantity(48, name="columns that the paper's number would need")
    return (
        units.named("units of the first layer", unit="output"),
        narrow.named("units with so few columns", unit="output"),
    )


def _all_neurons() -> Quantity:
    rows = placed("alexnet_two_gpus").rows.only("Conv2d", "Linear")
    return summed(rows, "outputs", "output").named("units of all layers with weights")


# -- VGG


def _per_channel_pair(kernel_size: int, layers: int) -> Quantity:
    """Weights of so many layers for each pair of an input and an output channel."""
    one = Conv2d(1, 1, kernel_size, bias=False).on(1, 32, 32).weights
    counted = one if layers == 1 else layers * one
    size = f"{kernel_size}x{kernel_size}"
    return counted.named(f"weights with {size}, for each pair of channels", symbol=f"N_{size}")


def _more() -> tuple[Quantity, Quantity, Quantity]:
    one, three = _per_channel_pair(7, 1), _per_channel_pair(3, 3)
    return percent(one - three, three).named("per cent more weights"), one, three


def _vgg(letter: str, depth: int, millions: int) -> Claim:
    """A number of table 2, which gives parameters in millions."""
    return Claim(
        f"simonyan-2014-parameters-{letter.lower()}",
        "Number of parameters 133 133 134 138 144",
        SIMONYAN,
        f"table 2, in millions, network {letter} (VGG-{depth})",
        states=Quantity(millions * 10**6, "parameter"),
        digits=3,
        recomputed=lambda: (parameters(f"vgg{depth}"),),
        verdict=Verdict.ROUNDS,
    )


# -- GoogLeNet


def _fewer_than_alexnet() -> tuple[Quantity, Quantity, Quantity]:
    before, after = parameters("alexnet_two_gpus"), parameters("googlenet_as_published")
    return (before / after).named("times fewer parameters"), before, after


def _separated() -> tuple[Quantity, Quantity]:
    """Weights and MACs of a 7 x 1 and a 1 x 7 kernel, to 64 maps each on three channels."""
    pair = total(Conv2d(3, 64, size, bias=False).on(3, 8, 8).weights for size in ((7, 1), (1, 7)))
    weights = pair.named("weights of 7x1 and 1x7 kernels", symbol="N_w", unit="weight")
    positions = (STEM.output_shape[1] * STEM.output_shape[2]).named("positions", unit="MAC/weight")
    return weights, (weights * positions).named("MACs of 7x1 and 1x7 kernels")


def _budget() -> tuple[Quantity, Quantity]:
    """MACs of GoogLeNet, and with what its table gives for the first layer."""
    counted = macs("googlenet_as_published")
    first = STEM.macs.named("MACs of the first layer", symbol="N_1")
    as_printed = Quantity(34 * 10**6, "MAC", name="MACs of the first layer as printed")
    return counted, (counted - first + as_printed).named("MACs with the first layer as printed")


CLAIMS = (
    Claim(
        "lecun-1998-connections",
        "The network in figure 2 contains 340,908 connections",
        LECUN,
        "section II",
        states=Quantity(340_908, "connection"),
        recomputed=_as_lecun_counts,
        verdict=Verdict.EXACT,
        why=(
            "The paper counts a connection for each bias. Inputs and outputs touch {1} times, {2} "
            "units have a bias, and the output layer, whose weights are fixed, has {3} "
            "connections without."
        ),
    ),
    Claim(
        "lecun-1998-parameters",
        "only 60,000 trainable free parameters because of the weight sharing",
        LECUN,
        "section II",
        states=Quantity(60_000, "parameter"),
        recomputed=lambda: (parameters("lenet5_1998"), parameters("lenet5")),
        verdict=Verdict.EXACT,
        why="A round number, and exact. The LeNet-5 that courses teach today has {1}.",
    ),
    Claim(
        "krizhevsky-2012-parameters",
        "The neural network, which has 60 million parameters",
        KRIZHEVSKY,
        "abstract",
        states=Quantity(60_000_000, "parameter"),
        digits=1,
        recomputed=lambda: (
            parameters("alexnet_two_gpus"),
            parameters("alexnet_no_groups"),
            parameters("alexnet"),
        ),
        verdict=Verdict.ROUNDS,
        why=(
            "Three networks bear the name. The one of the paper has {0} parameters; without its "
            "two groups it would have {1}, and the single tower of libraries has {2}."
        ),
    ),
    Claim(
        "krizhevsky-2012-neurons",
        "and 650,000 neurons",
        KRIZHEVSKY,
        "abstract",
        states=Quantity(650_000, "output"),
        digits=2,
        recomputed=lambda: (_all_neurons(),),
        verdict=Verdict.DIFFERS,
        why="The eight layers with weights have {0} units.",
    ),
    Claim(
        "krizhevsky-2012-first-layer",
        "the number of neurons in the network’s remaining layers is given by 253,440",
        KRIZHEVSKY,
        "caption of figure 2",
        states=Quantity(253_440, "output"),
        recomputed=_first_layer,
        verdict=Verdict.DIFFERS,
        why=(
            "The first layer has maps of 55x55, as the same figure shows, and so {0} units. The "
            "number printed, {1}, is that of maps of 55x48."
        ),
    ),
    Claim(
        "krizhevsky-2012-other-layers",
        "186,624–64,896–64,896–43,264–4096–4096–1000",
        KRIZHEVSKY,
        "caption of figure 2",
        holds=lambda: _neurons()[1:] == (186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000),
        recomputed=lambda: (_all_neurons(),),
        verdict=Verdict.EXACT,
        why="All but the first are as counted; together the eight layers have {0} units.",
    ),
    Claim(
        "simonyan-2014-field-5",
        "a stack of two 3 × 3 conv. layers (without spatial pooling in between) has an effective "
        "receptive field of 5 × 5",
        SIMONYAN,
        "section 2.3",
        states=Quantity(5),
        recomputed=lambda: (seen(1, 1),),
        verdict=Verdict.EXACT,
        why="The theoretical receptive field is meant.",
    ),
    Claim(
        "simonyan-2014-field-7",
        "three such layers have a 7 × 7 effective receptive field",
        SIMONYAN,
        "section 2.3",
        states=Quantity(7),
        recomputed=lambda: (seen(1, 1, 1),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "simonyan-2014-27-c",
        "the stack is parametrised by 3(3²C²) = 27C² weights",
        SIMONYAN,
        "section 2.3",
        states=Quantity(27, "weight"),
        recomputed=lambda: (_per_channel_pair(3, 3),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "simonyan-2014-49-c",
        "a single 7 × 7 conv. layer would require 7²C² = 49C² parameters",
        SIMONYAN,
        "section 2.3",
        states=Quantity(49, "weight"),
        recomputed=lambda: (_per_channel_pair(7, 1),),
        verdict=Verdict.EXACT,
        why="Biases are left out, as in the sentence before.",
    ),
    Claim(
        "simonyan-2014-81-percent",
        "i.e. 81% more",
        SIMONYAN,
        "section 2.3",
        states=Quantity(81),
        digits=2,
        recomputed=_more,
        verdict=Verdict.ROUNDS,
    ),
    _vgg("A", 11, 133),
    _vgg("B", 13, 133),
    _vgg("D", 16, 138),
    _vgg("E", 19, 144),
    Claim(
        "szegedy-2014-12-times",
        "actually uses 12× fewer parameters than the winning architecture of Krizhevsky et al",
        SZEGEDY,
        "section 1, first paragraph",
        states=Quantity(12),
        digits=2,
        recomputed=_fewer_than_alexnet,
        verdict=Verdict.DIFFERS,
        why="{1} parameters become {2}, which is {0} times fewer.",
    ),
    Claim(
        "szegedy-2014-1-5-billion",
        "a computational budget of 1.5 billion multiply-adds at inference time",
        SZEGEDY,
        "section 1, second paragraph",
        states=Quantity(1_500_000_000, "MAC"),
        digits=2,
        recomputed=_budget,
        verdict=Verdict.DIFFERS,
        why=(
            "The network of the paper's table takes {0}. With what the table prints for the first "
            "layer, which is too little, it is {1}."
        ),
    ),
    Claim(
        "szegedy-2014-first-layer-parameters",
        "convolution 7×7/2 112×112×64 1 2.7K 34M",
        SZEGEDY,
        "table 1, first row, column params",
        states=Quantity(2_700, "weight"),
        digits=2,
        recomputed=lambda: (STEM.weights, _separated()[0]),
        verdict=Verdict.DIFFERS,
        why=(
            "A 7x7 kernel on three channels, 64 times, has {0} weights. {1} is what a 7x1 and a "
            "1x7 kernel would have together; the paper does not say so."
        ),
    ),
    Claim(
        "szegedy-2014-first-layer-operations",
        "convolution 7×7/2 112×112×64 1 2.7K 34M",
        SZEGEDY,
        "table 1, first row, column ops",
        states=Quantity(34_000_000, "MAC"),
        digits=2,
        recomputed=lambda: (STEM.macs, _separated()[1]),
        verdict=Verdict.DIFFERS,
        why="It takes {0} multiply-adds; a 7x1 and a 1x7 kernel would take {1}.",
    ),
)
