"""An econometrician's account: a 3 x 3 image, a 2 x 2 filter, four hidden units."""

from __future__ import annotations

from fractions import Fraction

from mkdocs_cnn.book.claims.recomputing.lessons import (
    TINY,
    dense_parameters,
    outputs,
    shared_weights,
    uses,
)
from mkdocs_cnn.book.claims.texts.econometrician_features import FEATURES
from mkdocs_cnn.book.sources import SOURCES
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.experiments.results import numbers_of
from mkdocs_cnn.layers import Conv2d, Placed
from mkdocs_cnn.quantities.quantity import Quantity

SOURCE = SOURCES["econometrician"]
MAPS = Conv2d(1, 64, kernel_size=2).on(1, 3, 3)


def _per_unit(layer: Placed, name: str) -> Quantity:
    """Connections that lead to each output."""
    each = layer.connections / layer.outputs
    return each.named(name, symbol="c", unit="connection")


def _close(name: str) -> Quantity:
    return numbers_of("neighbouring-pixels")[name]


MEANS = (1, 5, 22)  # over the last so many values: a day, a week and a month of trading
LAGS = range(1, max(MEANS) + 1)


def means_with(lag: int) -> tuple[int, ...]:
    """The means that a lag is in."""
    return tuple(days for days in MEANS if lag <= days)


CLAIMS = (
    Claim(
        "econometrician-neighbours",
        "adjacent pixel-values are close to each other, often changing only gradually",
        SOURCE,
        "first paragraph",
        holds=lambda: _close("close") > Fraction(1, 2) > _close("close_shuffled"),
        recomputed=lambda: (
            _close("close"),
            _close("close_shuffled"),
            _close("photographs"),
        ),
        verdict=Verdict.EXACT,
        why=(
            "Measured on {2} photographs: of all pairs of neighbours {0} differ by at most 10 grey "
            "levels; when the pixels are shuffled, {1}."
        ),
    ),
    Claim(
        "econometrician-autocorrelated",
        "a strong autocorrelated time series, just for spatial data rather than sequential data",
        SOURCE,
        "first paragraph",
        holds=lambda: numbers_of("neighbouring-pixels")["least"] > Fraction(1, 2),
        recomputed=lambda: (
            *(numbers_of("neighbouring-pixels")[name] for name in ("correlation", "least")),
            *(
                numbers_of("neighbouring-pixels", distance=60)[name]
                for name in ("correlation", "series")
            ),
            numbers_of("neighbouring-pixels")["farthest_from_zero"],
        ),
        verdict=Verdict.EXACT,
        why=(
            "Measured on photographs: neighbours have a correlation of {0}, {1} in the photograph "
            "where it is lowest. Shuffled pixels are nowhere further from zero than {4}. The "
            "simplest such series, in which each value follows from the one before, has forgotten "
            "all but {3} after 60 steps; the photographs are still at {2}."
        ),
    ),
    Claim(
        "econometrician-four-units",
        "after vectorization we have a vector of 4 hidden units",
        SOURCE,
        "the worked example, before the animation",
        states=Quantity(4, "output"),
        recomputed=lambda: (outputs(TINY),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "econometrician-nine-connections",
        "a fully connected layer would have 9 active weights",
        SOURCE,
        "sparsity of connections",
        states=Quantity(9, "connection"),
        recomputed=lambda: (_per_unit(TINY.dense, "connections to each dense unit"),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "econometrician-four-connections",
        "here we only have 4 connecting weights",
        SOURCE,
        "sparsity of connections",
        states=Quantity(4, "connection"),
        recomputed=lambda: (_per_unit(TINY, "connections to each unit"),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "econometrician-same-for-each-unit",
        "Those are the same parameters for each of the hidden units",
        SOURCE,
        "parameter sharing, first paragraph",
        holds=lambda: uses(TINY) == outputs(TINY),
        recomputed=lambda: (uses(TINY), outputs(TINY)),
        verdict=Verdict.EXACT,
        why="Each weight serves {0} connections, one for each of the {1} hidden units.",
    ),
    Claim(
        "econometrician-dense-36",
        "we can do away with estimating a fully connected layer (36 parameters)",
        SOURCE,
        "parameter sharing, second paragraph",
        states=Quantity(36, "weight"),
        recomputed=lambda: (TINY.dense_weights, dense_parameters(TINY)),
        verdict=Verdict.EXACT,
        why="Exact for the weights; with a bias for each unit there are {1} parameters.",
    ),
    Claim(
        "econometrician-four-parameters",
        "Instead, we only estimate 4 parameters.",
        SOURCE,
        "parameter sharing, second paragraph",
        states=Quantity(4, "weight"),
        recomputed=lambda: (
            shared_weights(TINY),
            TINY.dense_weights,
            TINY.unshared_weights,
            TINY.sparsity,
            TINY.sharing,
        ),
        verdict=Verdict.EXACT,
        why=(
            "There are two steps, and the sentence names the second: sparsity takes {1} weights to "
            "{2}, {3} times fewer, and sharing takes these to {0}, {4} times fewer again."
        ),
    ),
    Claim(
        "econometrician-64-maps",
        "the reason for adding many (say 64) feature maps to retrieve the much-needed flexibility",
        SOURCE,
        "parameter sharing, second paragraph",
        recomputed=lambda: (
            shared_weights(MAPS),
            TINY.dense_weights,
            MAPS.dense_weights.named("weights of a dense layer to all maps", symbol="N_maps"),
            MAPS.unshared_weights,
            outputs(MAPS),
        ),
        verdict=Verdict.NOT_COMPUTABLE,
        why=(
            "The text gives no number. 64 maps have {0} weights, more than the {1} of the dense "
            "layer that they replace; a dense layer to the same {4} units would have {2}. Whether "
            "the model is then a good one, only an experiment can say."
        ),
    ),
    Claim(
        "econometrician-same-lags",
        "assign the same AR coefficient for different volatility lags",
        SOURCE,
        "footnote",
        holds=lambda: len({means_with(lag) for lag in LAGS}) < len(LAGS),
        recomputed=lambda: (
            Quantity(len({means_with(lag) for lag in LAGS}), "coefficient", name="coefficients"),
            Quantity(len(LAGS), "lag", name="lags"),
            *(numbers_of("long-memory", length=200)[name] for name in ("shared", "unrestricted")),
        ),
        verdict=Verdict.EXACT,
        why=(
            "That model (Corsi 2009) forecasts from the last value and the means of the last 5 and "
            "22. Lags that are in the same means have the same coefficient: {0} different ones for "
            "{1} lags. Does it help? In a simulation with long memory, learned from 200 values, "
            "the squared error out of sample is {2} with them, and {3} with a coefficient for each "
            "lag."
        ),
    ),
    *FEATURES,
)
