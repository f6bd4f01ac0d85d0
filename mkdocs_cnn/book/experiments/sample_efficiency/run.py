"""Does a convolution need fewer examples, and what becomes of that when the pixels are shuffled?

Networks learn to tell handwritten digits of 8 × 8 pixels from training sets of different
sizes. The dense network joins every pixel to every hidden unit. The locally connected one has two
layers of windows of 3 × 3, max pooling behind them, and a weight for every connection. The
convolutional one has the same connections and shares the weights between positions. Depth, pooling
and widths were chosen among a handful of networks, on four seeds that are not reported, by the
errors on validation digits after learning from all training digits.

A fourth network is the runner-up of that choice: a convolution that pools twice, behind each of its
layers. It was the first we tried. It is kept because it did worse with few digits than we had
expected of a convolution, and that says something about pooling.

All learn the same task twice: from the digits as they are, and from digits whose pixels were
put in another order, the same order for all digits and all seeds. Nothing is lost by that: who
knows the order can undo it. Only the neighbourhood of the pixels is gone.

For each seed the digits are dealt out anew: some for the test, some for validation, the rest for
training. A training set of a hundred is the first hundred of these, the same for all networks and
both tasks. A network is trained with each of two learning rates, from the same first weights; the
one that gets fewest of the validation digits wrong is tested, once. Steps, batches and the
optimiser (Adam) are the same for all. Validation uses more digits than the smaller training sets
have. That is more than one would have in practice; it keeps an unlucky rate from deciding the
comparison.

What is reported is how many test digits are answered wrongly, for each task, network and size of
the training set. The digits are scikit-learn's copy of those of Alpaydin and Kaynak (UCI Machine
Learning Repository, CC BY 4.0).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mkdocs_cnn.book.experiments.inputs.digits import split
from mkdocs_cnn.experiments.declaration import experiment
from mkdocs_cnn.experiments.neural.families import FAMILIES, POOLED_TWICE, network
from mkdocs_cnn.experiments.neural.layers import Array
from mkdocs_cnn.experiments.neural.training import Examples, TrainingSettings, train_with_best_rate


@dataclass(frozen=True)
class Settings(TrainingSettings):
    """What is compared."""

    tasks: tuple[str, ...] = ("digits", "shuffled")  # digits as they are, and with shuffled pixels
    networks: tuple[str, ...] = (*FAMILIES, POOLED_TWICE)
    sizes: tuple[int, ...] = (20, 50, 100, 200, 500, 1000)  # how many digits to learn from
    widths: tuple[int, ...] = (64, 16, 16, 16)  # of the networks, in their order
    shuffle: int = 64  # the seed of the order into which pixels are shuffled


@dataclass(frozen=True)
class Cell:
    """One network that was trained and tested."""

    wrong: int  # test digits that it got wrong
    rate: float  # the learning rate that was chosen


@dataclass(frozen=True)
class SampleEfficiencyRun:
    """What one seed gave, by task, network and size of the training set."""

    wrong: tuple[tuple[tuple[int, ...], ...], ...]  # test digits that were answered wrongly
    rates: tuple[tuple[tuple[float, ...], ...], ...]  # the learning rates that were chosen
    tested: int  # how many digits were asked
    parameters: tuple[int, ...]  # of each network
    # Of seed 0, to be looked at: the first test digit of each class, and the same shuffled, as ink
    # from 0 to 16, row by row.
    shown: tuple[tuple[tuple[int, ...], ...], ...]


@experiment(
    "sample-efficiency",
    title="Sample efficiency, and shuffled pixels",
    seeds=10,
    needs=("scikit-learn",),
)
def sample_efficiency(settings: Settings, seed: int) -> SampleEfficiencyRun:
    """Train every network on every task and size, with one seed."""
    cells = [
        [
            [cell(settings, seed, task, family, size) for size in settings.sizes]
            for family in settings.networks
        ]
        for task in settings.tasks
    ]
    return SampleEfficiencyRun(
        tuple(tuple(tuple(one.wrong for one in row) for row in table) for table in cells),
        tuple(tuple(tuple(one.rate for one in row) for row in table) for table in cells),
        settings.test,
        tuple(
            network(family, width).parameters
            for family, width in zip(settings.networks, settings.widths, strict=True)
        ),
        () if seed else pick_examples_to_show(settings),
    )


def cell(settings: Settings, seed: int, task: str, family: str, size: int) -> Cell:
    """One network, trained on so many digits with the rate that validates best, and tested."""
    dealt = split(seed, settings)
    examples, validation, test = (
        part if task == "digits" else shuffle_pixels(part, settings.shuffle)
        for part in (dealt.train[:size], dealt.validation, dealt.test)
    )
    which = settings.networks.index(family)
    net = network(family, settings.widths[which])
    best = train_with_best_rate(net, examples, validation, settings, [seed, 1, which, size])
    return Cell(best.wrong(test), best.rate)


def pick_examples_to_show(settings: Settings) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Some digits of seed 0 as they are, and the same shuffled."""
    test = split(0, settings).test
    first = test[np.unique(test.y, return_index=True)[1]]
    ink = (
        np.rint(16 * (x - x.min())).astype(int).reshape(len(x), -1).tolist()
        for x in (first.x, shuffle_pixels(first, settings.shuffle).x)
    )
    return tuple(tuple(map(tuple, pictures)) for pictures in ink)


def shuffle_pixels(digits: Examples, seed: int) -> Examples:
    """The digits with their pixels in another order, which the seed alone decides."""
    n, channels, height, width = digits.x.shape
    order = np.random.default_rng(seed).permutation(height * width)
    flat: Array = digits.x.reshape(n, channels, -1)[..., order]
    return Examples(flat.reshape(digits.x.shape), digits.y)
