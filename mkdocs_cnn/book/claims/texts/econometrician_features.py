"""What the econometrician's account says of learned features, against our own experiment."""

from __future__ import annotations

from collections.abc import Mapping

from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.experiments.results import numbers_of
from mkdocs_cnn.layers import Conv2d
from mkdocs_cnn.quantities.quantity import Quantity

PLACE = "hierarchical feature engineering"
TRUE, SHUFFLED = "true colours", "shuffled colours"
EARLY, LATER = 10, 50  # steps

# AlexNet's first two convolutions (Krizhevsky et al. 2012, figure 2).
FIRST = Conv2d(3, 96, kernel_size=11, stride=4, bias=False).on(3, 227, 227)
SIZE = 5
SECOND = Conv2d(96, 256, kernel_size=SIZE, padding=2, groups=2, bias=False).on(96, 27, 27)
CHANNELS_READ = SECOND.weights / SECOND.output_shape[0] / (Quantity(SIZE) * SIZE)


def _at(task: str, **parameters: int) -> Mapping[str, Quantity]:
    return numbers_of("learned-features", task=task, **parameters)


def _rises(numbers: Mapping[str, Quantity], key: str, sign: int = 1) -> bool:
    """Whether a difference is positive by more than its error bar; with the sign −1, negative."""
    return sign * numbers[key] > numbers[f"{key}_bar"]


def _orientation_before_colour() -> bool:
    """Whether early on the first layer is more oriented, and in the end less coloured."""
    early, late = _at(TRUE, step=EARLY), _at(TRUE)
    return _rises(early, "orientation_change") and _rises(late, "colour_change", -1)


def _colour_rises_with_depth() -> bool:
    return all(_rises(_at(task), "colour_rise") for task in (TRUE, SHUFFLED))


FEATURES = (
    Claim(
        "econometrician-rows",
        "The bottom three rows are learned weights\\filters thereafter, taking their inputs from "
        "the top 3 among others.",
        PLACE,
        holds=lambda channels: channels == FIRST.input_shape[0],
        recomputed=lambda: {
            "kernels": FIRST.output_shape[0].named("kernels of the first layer", unit="kernel"),
            "channels": CHANNELS_READ.named("channels of a second-layer kernel", unit="channel"),
        },
        why="""All {kernels} kernels of the picture belong to the first layer, half of them learned
        on each of two GPUs (Krizhevsky et al. 2012). A kernel of the second layer has {channels}
        channels, which are no colours: it cannot be drawn like that.""",
    ),
    Claim(
        "econometrician-colour",
        "the model first picks up orientation and edges, almost completely ignoring colors",
        PLACE,
        borne_out=_orientation_before_colour,
        recomputed=lambda: {
            "untrained_orientation": _at(TRUE)["untrained_orientation"],
            "later_orientation": _at(TRUE, step=LATER)["orientation"],
            "orientation": _at(TRUE)["orientation"],
            "untrained_colour": _at(TRUE)["untrained_colour"],
            "colour": _at(TRUE)["colour"],
            "shuffled_early_colour": _at(SHUFFLED, step=EARLY)["colour"],
            "shuffled_later_orientation": _at(SHUFFLED, step=LATER)["orientation"],
            "shuffled_orientation": _at(SHUFFLED)["orientation"],
        },
        why="""In our networks the first layer's orientation selectivity falls from
        {untrained_orientation} to {later_orientation} in fifty steps and is {orientation} in the
        end, and its colour content rises from {untrained_colour} to {colour}. Where colours are
        shuffled and tell nothing, brightness comes first (colour content {shuffled_early_colour}
        after ten steps) and orientation last: {shuffled_later_orientation} after fifty steps,
        {shuffled_orientation} in the end.""",
    ),
    Claim(
        "econometrician-later-layers",
        "are “allowed” to focus on more sophisticated features involving colors",
        PLACE,
        borne_out=_colour_rises_with_depth,
        recomputed=lambda: {
            "first": _at(TRUE)["colour"],
            "third": _at(TRUE, layer=3)["colour"],
            "shuffled_first": _at(SHUFFLED)["colour"],
            "shuffled_third": _at(SHUFFLED, layer=3)["colour"],
        },
        why="""Colour content rises with depth: from {first} in the first layer to {third} in the
        third, and from {shuffled_first} to {shuffled_third} where colours are shuffled. The first
        layer has its share all the same.""",
    ),
    Claim(
        "econometrician-starts-there",
        "because more images are recognized by the “primitive” set, so the network starts there",
        PLACE,
        recomputed=lambda: {
            "early_grey": _at(TRUE, step=EARLY)["grey_error"],
            "early_colours": _at(TRUE, step=EARLY)["colours_error"],
            "grey": _at(TRUE)["grey_error"],
            "colours": _at(TRUE)["colours_error"],
        },
        judged=Verdict.NOT_SHOWN,
        why="""A reason is not measured. What our networks start with is brightness: early on they
        name the wrong photograph for {early_grey} of grey patches and for {early_colours} of those
        with their colours alone, in the end for {grey} and {colours}.""",
    ),
)
