"""What the paper on MobileNet says of its networks, with and without depthwise convolutions."""

from __future__ import annotations

from functools import cache

from mkdocs_cnn.book.claims.recomputing.totals import briefly, macs, parameters, percent, sum_over
from mkdocs_cnn.claims.claim import Claim
from mkdocs_cnn.layers import (
    AdaptiveAvgPool2d,
    BatchNorm2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    PlacedSequential,
    Sequential,
)
from mkdocs_cnn.layers.layer import Rows
from mkdocs_cnn.networks import networks
from mkdocs_cnn.networks.mobilenet import SEPARABLE
from mkdocs_cnn.quantities.quantity import Quantity

MOBILENET = "mobilenet_v1"
ROW_POINTWISE, ROW_FULL = "Conv 1 × 1 94.86% 74.59%", "Conv 3 × 3 1.19% 0.02%"


@cache
def _with_full_convolutions() -> PlacedSequential:
    """The paper's "Conv MobileNet": a 3 x 3 convolution for each depthwise separable block."""
    layers: list[Layer] = []
    below = 3
    for channels, stride in ((32, 2), *SEPARABLE):
        conv = Conv2d(below, channels, 3, stride=stride, padding=1, bias=False)
        layers.append(Sequential(conv=conv, bn=BatchNorm2d(channels)))
        below = channels
    classifier = (AdaptiveAvgPool2d(1), Flatten(), Linear(below, 1000))
    return Sequential(*layers, *classifier).on(3, 224, 224)


def _full(what: str) -> Quantity:
    count: Quantity = getattr(_with_full_convolutions(), what)
    return briefly(count).named(f"{count.name} of Conv MobileNet")


def _without_classifier() -> Quantity:
    last = _with_full_convolutions().rows[-1].placed.macs
    classifier = last.named("MACs of the last layer", symbol="N_fc")
    return (_full("macs") - classifier).named("MACs of its convolutions")


def _times_less(below: int, channels: int, size: int) -> Quantity:
    """How many times fewer MACs a depthwise separable 3 x 3 convolution takes."""
    full = Conv2d(below, channels, 3, padding=1).on(below, size, size).macs
    depthwise = Conv2d(below, below, 3, padding=1, groups=below).on(below, size, size).macs
    pointwise = Conv2d(below, channels, 1).on(below, size, size).macs
    return (full / (depthwise + pointwise)).named(f"times fewer MACs with {channels} filters")


def _rows(kernel_size: int) -> Rows:
    """MobileNet's convolutions with this kernel, without the depthwise ones."""
    layers = ((row, row.placed.layer) for row in networks[MOBILENET].on().rows.only("Conv2d"))
    wanted = (kernel_size, 1)
    return Rows(row for row, layer in layers if (layer.kernel_size, layer.groups) == wanted)


def _share(kernel_size: int, what: str, unit: str) -> dict[str, Quantity]:
    """Per cent of all MACs or weights that such convolutions have; then these, and all."""
    part = sum_over(_rows(kernel_size), what, unit)
    everything: Quantity = getattr(networks[MOBILENET].on(), what)
    named = part.named(f"{everything.name} of {kernel_size}x{kernel_size} convolutions")
    whole = briefly(everything).named(f"{everything.name} of MobileNet")
    return {"percent": percent(named, whole).named("per cent"), "part": named, "whole": whole}


CLAIMS = (
    Claim(
        "howard-2017-8-to-9-times",
        "uses between 8 to 9 times less computation than standard convolutions",
        "section 3.1",
        states=Quantity(8),
        recomputed=lambda: {"first": _times_less(32, 64, 112), "last": _times_less(1024, 1024, 7)},
        why="""From {first} times in the first block to {last} times in the last, as the factor
        depends on the number of filters; never quite 9, for that is what the window alone would
        save.""",
    ),
    Claim(
        "howard-2017-macs",
        "MobileNet 70.6% 569 4.2",
        "table 4, million mult-adds",
        states=Quantity(569_000_000, "MAC"),
        recomputed=lambda: {"macs": macs(MOBILENET)},
    ),
    Claim(
        "howard-2017-parameters",
        "MobileNet 70.6% 569 4.2",
        "table 4, million parameters",
        states=Quantity(4_200_000, "parameter"),
        recomputed=lambda: {"parameters": parameters(MOBILENET)},
    ),
    Claim(
        "howard-2017-full-macs",
        "Conv MobileNet 71.7% 4866 29.3",
        "table 4, million mult-adds",
        states=Quantity(4_866_000_000, "MAC"),
        recomputed=lambda: {"macs": _full("macs"), "convolutions": _without_classifier()},
        why="""By one million: with its last layer, as the MACs of MobileNet are given, it takes
        {macs}. The convolutions alone take {convolutions}.""",
    ),
    Claim(
        "howard-2017-full-parameters",
        "Conv MobileNet 71.7% 4866 29.3",
        "table 4, million parameters",
        states=Quantity(29_300_000, "parameter"),
        recomputed=lambda: {"parameters": _full("parameters")},
    ),
    Claim(
        "howard-2017-pointwise-macs",
        ROW_POINTWISE,
        "table 2, column mult-adds",
        states=Quantity(9_486) / 100,
        recomputed=lambda: _share(1, "macs", "MAC"),
    ),
    Claim(
        "howard-2017-pointwise-parameters",
        ROW_POINTWISE,
        "table 2, column parameters",
        states=Quantity(7_459) / 100,
        recomputed=lambda: _share(1, "weights", "weight"),
        why="The share of the weights; biases and normalisation are left out.",
    ),
    Claim(
        "howard-2017-first-layer-macs",
        ROW_FULL,
        "table 2, column mult-adds",
        states=Quantity(119) / 100,
        recomputed=lambda: _share(3, "macs", "MAC"),
        why="""{part} of {whole} multiply-adds. With two digits exchanged it would be right, and the
        four shares of the column would add up to a hundred.""",
    ),
)
