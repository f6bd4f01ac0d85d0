"""What all units of a network do at one time of its training, and what it gets wrong."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

from numpy.typing import NDArray

from mkdocs_cnn.book.experiments.inputs.patches import grey
from mkdocs_cnn.book.experiments.learned_features.selectivity import (
    colour_content,
    off_grey,
    tuning,
)
from mkdocs_cnn.book.experiments.learned_features.unit_responses import (
    convolve,
    depths,
    field,
    first_kernels,
)
from mkdocs_cnn.experiments.neural.network import Network, NetworkWeights
from mkdocs_cnn.experiments.neural.training import Examples, count_wrong

Array = NDArray[Any]


class Snapshot(NamedTuple):
    """What the units do at one time: an entry for each layer, and in it for each unit."""

    colour: list[Array]  # colour contents
    orientation: list[Array]  # orientation selectivities
    axis: list[Array]  # the axis of colour of the most effective gratings; 0 is grey
    off_grey: Array  # the share of each first kernel's energy off the grey axis
    wrong: tuple[int, ...]  # test patches wrong: as trained, in grey, colours alone


def snapshot(network: Network, weights: NetworkWeights, probe: Array, test: Examples) -> Snapshot:
    """What the units of a network do: colour content on the `probe`, patches in true colours.

    Test patches are as the task shows them, with the numbers of their photographs.
    """
    units = [partial(convolve, network, weights, depth=depth) for depth in depths(network)]
    tuned = [tuning(of, field(network, d)[0]) for d, of in zip(depths(network), units, strict=True)]
    shown = (test.x, grey(test.x), test.x - grey(test.x))
    return Snapshot(
        [colour_content(of, probe) for of in units],
        [each.selectivity for each in tuned],
        [each.axis for each in tuned],
        off_grey(first_kernels(network, weights)),
        tuple(count_wrong(network, weights, Examples(x, test.y)) for x in shown),
    )
