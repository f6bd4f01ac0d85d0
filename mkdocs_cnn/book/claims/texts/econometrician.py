"""An econometrician's account: a 3 x 3 image, a 2 x 2 filter, four hidden units."""

from __future__ import annotations

from fractions import Fraction

from mkdocs_cnn.book.claims.recomputing.lessons import TINY, counts
from mkdocs_cnn.book.claims.recomputing.results import PIXELS, some_of
from mkdocs_cnn.book.claims.texts.econometrician_features import FEATURES
from mkdocs_cnn.claims.claim import Claim, Verdict
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
    *FEATURES,
)
