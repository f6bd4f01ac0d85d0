"""An econometrician's account: a 3 x 3 image, a 2 x 2 filter; features that networks learn."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from mkdocs_cnn.book.claims.recomputing.lessons import TINY, counts
from mkdocs_cnn.book.claims.recomputing.results import PIXELS, some_of
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.experiments.results import numbers_of
from mkdocs_cnn.layers import Conv2d, Placed
from mkdocs_cnn.quantities.quantity import Quantity

MAPS = Conv2d(1, 64, kernel_size=2).on(1, 3, 3)
DENSE_TO_MAPS = MAPS.dense_weights.named("weights of a dense layer to all maps", symbol="N_maps")
MEANS = (1, 5, 22)  # over the last so many values: a day, a week and a month of trading
LAGS = range(1, max(MEANS) + 1)


def _connections_per_unit(layer: Placed, name: str) -> dict[str, Quantity]:
    each = layer.connections / layer.outputs
    return {"each": each.named(name, symbol="c", unit="connection")}


def means_with(lag: int) -> tuple[int, ...]:
    """The means that a lag is in."""
    return tuple(days for days in MEANS if lag <= days)


# -- learned features, against our own experiment

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


CLAIMS = (
    Claim(
        "econometrician-neighbours",
        "adjacent pixel-values are close to each other, often changing only gradually",
        "first paragraph",
        borne_out=lambda close, close_shuffled: close > Fraction(1, 2) > close_shuffled,
        recomputed=lambda: some_of(PIXELS, "close", "close_shuffled", "photographs"),
        why="""Measured on {photographs} photographs: of all pairs of neighbours {close} differ by
        at most 10 grey levels; when the pixels are shuffled, {close_shuffled}.""",
    ),
    Claim(
        "econometrician-autocorrelated",
        "a strong autocorrelated time series, just for spatial data rather than sequential data",
        "first paragraph",
        borne_out=lambda least: least > Fraction(1, 2),
        recomputed=lambda: {
            **some_of(PIXELS, "correlation", "least"),
            **some_of(PIXELS, "correlation", "series", prefix="far_", distance=60),
            **some_of(PIXELS, "farthest_from_zero"),
        },
        why="""Measured on photographs: neighbours have a correlation of {correlation}, {least} in
        the photograph where it is lowest. Shuffled pixels are nowhere further from zero than
        {farthest_from_zero}. The simplest such series, in which each value follows from the one
        before, has forgotten all but {far_series} after 60 steps; the photographs are still at
        {far_correlation}.""",
    ),
    Claim(
        "econometrician-four-units",
        "after vectorization we have a vector of 4 hidden units",
        "the worked example, before the animation",
        states=Quantity(4, "output"),
        recomputed=lambda: counts(TINY, "outputs"),
    ),
    Claim(
        "econometrician-nine-connections",
        "a fully connected layer would have 9 active weights",
        "sparsity of connections",
        states=Quantity(9, "connection"),
        recomputed=lambda: _connections_per_unit(TINY.dense, "connections to each dense unit"),
    ),
    Claim(
        "econometrician-four-connections",
        "here we only have 4 connecting weights",
        "sparsity of connections",
        states=Quantity(4, "connection"),
        recomputed=lambda: _connections_per_unit(TINY, "connections to each unit"),
    ),
    Claim(
        "econometrician-same-for-each-unit",
        "Those are the same parameters for each of the hidden units",
        "parameter sharing, first paragraph",
        holds=lambda connections_per_weight, outputs: connections_per_weight == outputs,
        recomputed=lambda: counts(TINY, "connections_per_weight", "outputs"),
        why="""Each weight serves {connections_per_weight} connections, one for each of the
        {outputs} hidden units.""",
    ),
    Claim(
        "econometrician-dense-36",
        "we can do away with estimating a fully connected layer (36 parameters)",
        "parameter sharing, second paragraph",
        states=Quantity(36, "weight"),
        recomputed=lambda: counts(TINY, "dense_weights", "dense_parameters"),
        why="""Exact for the weights; with a bias for each unit there are {dense_parameters}
        parameters.""",
    ),
    Claim(
        "econometrician-four-parameters",
        "Instead, we only estimate 4 parameters.",
        "parameter sharing, second paragraph",
        states=Quantity(4, "weight"),
        recomputed=lambda: counts(
            TINY, "shared_weights", "dense_weights", "unshared_weights", "sparsity", "sharing"
        ),
        why="""There are two steps, and the sentence names the second: sparsity takes
        {dense_weights} weights to {unshared_weights}, {sparsity} times fewer, and sharing takes
        these to {shared_weights}, {sharing} times fewer again.""",
    ),
    Claim(
        "econometrician-64-maps",
        "the reason for adding many (say 64) feature maps to retrieve the much-needed flexibility",
        "parameter sharing, second paragraph",
        recomputed=lambda: {
            **counts(MAPS, "shared_weights"),
            **counts(TINY, "dense_weights"),
            "dense_to_maps": DENSE_TO_MAPS,
            **counts(MAPS, "unshared_weights", "outputs"),
        },
        judged=Verdict.NOT_SHOWN,
        why="""The text gives no number. 64 maps have {shared_weights} weights, more than the
        {dense_weights} of the dense layer that they replace; a dense layer to the same {outputs}
        units would have {dense_to_maps}. Whether the model is then a good one, only an experiment
        can say.""",
    ),
    Claim(
        "econometrician-same-lags",
        "assign the same AR coefficient for different volatility lags",
        "footnote",
        holds=lambda coefficients, lags: coefficients.value < lags.value,
        recomputed=lambda: {
            "coefficients": Quantity(len({means_with(lag) for lag in LAGS}), "coefficient"),
            "lags": Quantity(len(LAGS), "lag"),
            **some_of("long-memory", "shared", "unrestricted", length=200),
        },
        why="""That model (Corsi 2009) forecasts from the last value and the means of the last 5 and
        22. Lags that are in the same means have the same coefficient: {coefficients} different ones
        for {lags} lags. Does it help? In a simulation with long memory, learned from 200 values,
        the squared error out of sample is {shared} with them, and {unrestricted} with a coefficient
        for each lag.""",
    ),
    # -- learned features
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
