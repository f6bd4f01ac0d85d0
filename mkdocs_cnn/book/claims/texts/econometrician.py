"""An econometrician's account: a 3 x 3 image, a 2 x 2 filter, four hidden units."""

from __future__ import annotations

from fractions import Fraction

from mkdocs_cnn.book.claims.recomputing.lessons import (
    TINY,
    connections_per_weight,
    dense_counts,
    outputs,
    shared_weights,
)
from mkdocs_cnn.book.claims.texts.econometrician_features import FEATURES
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.experiments.results import numbers_of
from mkdocs_cnn.layers import Conv2d, Placed
from mkdocs_cnn.quantities.quantity import Quantity

MAPS = Conv2d(1, 64, kernel_size=2).on(1, 3, 3)
MEANS = (1, 5, 22)  # over the last so many values: a day, a week and a month of trading
LAGS = range(1, max(MEANS) + 1)


def _connections_per_unit(layer: Placed, name: str) -> dict[str, Quantity]:
    each = layer.connections / layer.outputs
    return {"each": each.named(name, symbol="c", unit="connection")}


def _neighbours() -> dict[str, Quantity]:
    """The share of neighbouring pixels that are close, as they are and shuffled."""
    numbers = numbers_of("neighbouring-pixels")
    return {name: numbers[name] for name in ("close", "close_shuffled", "photographs")}


def _correlations() -> dict[str, Quantity]:
    near, far = numbers_of("neighbouring-pixels"), numbers_of("neighbouring-pixels", distance=60)
    return {
        "correlation": near["correlation"],
        "least": near["least"],
        "far_correlation": far["correlation"],
        "far_series": far["series"],
        "farthest_from_zero": near["farthest_from_zero"],
    }


def means_with(lag: int) -> tuple[int, ...]:
    """The means that a lag is in."""
    return tuple(days for days in MEANS if lag <= days)


def _coefficients() -> dict[str, Quantity]:
    """Different coefficients of Corsi's model, its lags, and what sharing them is worth."""
    different = len({means_with(lag) for lag in LAGS})
    memory = numbers_of("long-memory", length=200)
    return {
        "coefficients": Quantity(different, "coefficient", name="coefficients"),
        "lags": Quantity(len(LAGS), "lag", name="lags"),
        "shared": memory["shared"],
        "unrestricted": memory["unrestricted"],
    }


CLAIMS = (
    Claim(
        "econometrician-neighbours",
        "adjacent pixel-values are close to each other, often changing only gradually",
        "first paragraph",
        borne_out=lambda: _neighbours()["close"] > Fraction(1, 2) > _neighbours()["close_shuffled"],
        recomputed=_neighbours,
        why="""Measured on {photographs} photographs: of all pairs of neighbours {close} differ by
        at most 10 grey levels; when the pixels are shuffled, {close_shuffled}.""",
    ),
    Claim(
        "econometrician-autocorrelated",
        "a strong autocorrelated time series, just for spatial data rather than sequential data",
        "first paragraph",
        borne_out=lambda: _correlations()["least"] > Fraction(1, 2),
        recomputed=_correlations,
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
        recomputed=lambda: {"units": outputs(TINY)},
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
        holds=lambda: connections_per_weight(TINY) == outputs(TINY),
        recomputed=lambda: {"each": connections_per_weight(TINY), "units": outputs(TINY)},
        why="Each weight serves {each} connections, one for each of the {units} hidden units.",
    ),
    Claim(
        "econometrician-dense-36",
        "we can do away with estimating a fully connected layer (36 parameters)",
        "parameter sharing, second paragraph",
        states=Quantity(36, "weight"),
        recomputed=lambda: dense_counts(TINY),
        why="Exact for the weights; with a bias for each unit there are {parameters} parameters.",
    ),
    Claim(
        "econometrician-four-parameters",
        "Instead, we only estimate 4 parameters.",
        "parameter sharing, second paragraph",
        states=Quantity(4, "weight"),
        recomputed=lambda: {
            "shared": shared_weights(TINY),
            "dense": TINY.dense_weights,
            "unshared": TINY.unshared_weights,
            "sparsity": TINY.sparsity,
            "sharing": TINY.sharing,
        },
        why="""There are two steps, and the sentence names the second: sparsity takes {dense}
        weights to {unshared}, {sparsity} times fewer, and sharing takes these to {shared},
        {sharing} times fewer again.""",
    ),
    Claim(
        "econometrician-64-maps",
        "the reason for adding many (say 64) feature maps to retrieve the much-needed flexibility",
        "parameter sharing, second paragraph",
        recomputed=lambda: {
            "shared": shared_weights(MAPS),
            "dense": TINY.dense_weights,
            "dense_to_maps": MAPS.dense_weights.named(
                "weights of a dense layer to all maps", symbol="N_maps"
            ),
            "unshared": MAPS.unshared_weights,
            "units": outputs(MAPS),
        },
        judged=Verdict.NOT_SHOWN,
        why="""The text gives no number. 64 maps have {shared} weights, more than the {dense} of the
        dense layer that they replace; a dense layer to the same {units} units would have
        {dense_to_maps}. Whether the model is then a good one, only an experiment can say.""",
    ),
    Claim(
        "econometrician-same-lags",
        "assign the same AR coefficient for different volatility lags",
        "footnote",
        holds=lambda: _coefficients()["coefficients"].value < _coefficients()["lags"].value,
        recomputed=_coefficients,
        why="""That model (Corsi 2009) forecasts from the last value and the means of the last 5 and
        22. Lags that are in the same means have the same coefficient: {coefficients} different ones
        for {lags} lags. Does it help? In a simulation with long memory, learned from 200 values,
        the squared error out of sample is {shared} with them, and {unrestricted} with a coefficient
        for each lag.""",
    ),
    *FEATURES,
)
