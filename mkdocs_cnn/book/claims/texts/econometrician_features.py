"""What the econometrician's account says of learned features, against our own experiment."""

from __future__ import annotations

from collections.abc import Mapping

from mkdocs_cnn.book.sources import SOURCES
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.experiments.results import numbers_of
from mkdocs_cnn.layers import Conv2d
from mkdocs_cnn.quantities.quantity import Quantity

SOURCE = SOURCES["econometrician"]
PLACE = "hierarchical feature engineering"
TRUE, SHUFFLED = "true colours", "shuffled colours"
EARLY, LATER = 10, 50  # steps

# AlexNet's first two convolutions (Krizhevsky et al. 2012, figure 2).
FIRST = Conv2d(3, 96, kernel_size=11, stride=4, bias=False).on(3, 227, 227)
SIZE = 5
SECOND = Conv2d(96, 256, kernel_size=SIZE, padding=2, groups=2, bias=False).on(96, 27, 27)


def _at(task: str, layer: int = 1, step: int | None = None) -> Mapping[str, Quantity]:
    return numbers_of("learned-features", task=task, layer=layer, step=step)


def _more(numbers: Mapping[str, Quantity], key: str) -> bool:
    """Whether a difference is positive by more than its error bar."""
    return numbers[key] > numbers[f"{key}_bar"]


def _less(numbers: Mapping[str, Quantity], key: str) -> bool:
    return -numbers[key] > numbers[f"{key}_bar"]


def _orientation_before_colour() -> bool:
    """Whether early on the first layer is more oriented, and in the end less coloured."""
    return _more(_at(TRUE, step=EARLY), "orientation_change") and _less(_at(TRUE), "colour_change")


def _colour_rises_with_depth() -> bool:
    return all(_more(_at(task), "colour_rise") for task in (TRUE, SHUFFLED))


def _channels_read() -> Quantity:
    """Channels that a kernel of AlexNet's second layer reads."""
    weights = SECOND.weights / SECOND.output_shape[0]
    channels = weights / (Quantity(SIZE) * SIZE)
    return channels.named("channels of a second-layer kernel", unit="channel")


def _kernels() -> Quantity:
    return FIRST.output_shape[0].named("kernels of the first layer", unit="kernel")


FEATURES = (
    Claim(
        "econometrician-rows",
        "The bottom three rows are learned weights\\filters thereafter, taking their inputs from "
        "the top 3 among others.",
        SOURCE,
        PLACE,
        holds=lambda: _channels_read() == FIRST.input_shape[0],
        recomputed=lambda: (_kernels(), _channels_read()),
        verdict=Verdict.DIFFERS,
        why=(
            "All {0} kernels of the picture belong to the first layer, half of them learned on "
            "each of two GPUs (Krizhevsky et al. 2012). A kernel of the second layer has {1} "
            "channels, which are no colours: it cannot be drawn like that."
        ),
    ),
    Claim(
        "econometrician-colour",
        "the model first picks up orientation and edges, almost completely ignoring colors",
        SOURCE,
        PLACE,
        holds=_orientation_before_colour,
        recomputed=lambda: (
            _at(TRUE)["untrained_orientation"],
            _at(TRUE, step=LATER)["orientation"],
            _at(TRUE)["orientation"],
            _at(TRUE)["untrained_colour"],
            _at(TRUE)["colour"],
            _at(SHUFFLED, step=EARLY)["colour"],
            _at(SHUFFLED, step=LATER)["orientation"],
            _at(SHUFFLED)["orientation"],
        ),
        verdict=Verdict.DIFFERS,
        why=(
            "In our networks the first layer's orientation selectivity falls from {0} to {1} in "
            "fifty steps and is {2} in the end, and its colour content rises from {3} to {4}. "
            "Where colours are shuffled and tell nothing, brightness comes first (colour content "
            "{5} after ten steps) and orientation last: {6} after fifty steps, {7} in the end."
        ),
    ),
    Claim(
        "econometrician-later-layers",
        "are “allowed” to focus on more sophisticated features involving colors",
        SOURCE,
        PLACE,
        holds=_colour_rises_with_depth,
        recomputed=lambda: (
            _at(TRUE)["colour"],
            _at(TRUE, layer=3)["colour"],
            _at(SHUFFLED)["colour"],
            _at(SHUFFLED, layer=3)["colour"],
        ),
        verdict=Verdict.EXACT,
        why=(
            "Colour content rises with depth: from {0} in the first layer to {1} in the third, and "
            "from {2} to {3} where colours are shuffled. The first layer has its share all the "
            "same."
        ),
    ),
    Claim(
        "econometrician-starts-there",
        "because more images are recognized by the “primitive” set, so the network starts there",
        SOURCE,
        PLACE,
        recomputed=lambda: (
            _at(TRUE, step=EARLY)["grey_error"],
            _at(TRUE, step=EARLY)["colours_error"],
            _at(TRUE)["grey_error"],
            _at(TRUE)["colours_error"],
        ),
        verdict=Verdict.NOT_COMPUTABLE,
        why=(
            "A reason is not measured. What our networks start with is brightness: early on they "
            "name the wrong photograph for {0} of grey patches and for {1} of those with their "
            "colours alone, in the end for {2} and {3}."
        ),
    ),
)
