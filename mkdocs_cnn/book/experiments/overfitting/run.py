"""Do fewer parameters overfit less?

Three families of networks learn handwritten digits of 8 × 8 pixels from the same small training
set: dense ones with one hidden layer, locally connected ones, and convolutional ones. Each family
is trained in several widths, from a few hundred parameters to tens of thousands. A network overfits
as far as it does better on the digits that it was trained on than on others, so both errors are
reported, for each family and width, beside the number of parameters.

For each seed the digits are dealt out anew: some for the test, some for validation, and the
training set from the rest. A network is trained with each of two learning rates; the one that
gets fewest of the validation digits wrong is tested, once. Steps, batches and the optimiser (Adam)
are the same for all, and nothing else keeps a network from fitting its training set: no decay of
weights, no dropout, no early end. Parameters are counted with biases; a weight that only ever meets
padding is none.

The digits are scikit-learn's copy of those of Alpaydin and Kaynak (UCI Machine Learning Repository,
CC BY 4.0).
"""

from __future__ import annotations

from dataclasses import dataclass

from mkdocs_cnn.book.experiments.inputs.digits import split
from mkdocs_cnn.experiments.declaration import experiment
from mkdocs_cnn.experiments.neural.families import FAMILIES, network
from mkdocs_cnn.experiments.neural.training import TrainingSettings, train_with_best_rate

Table = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Settings(TrainingSettings):
    """What is compared."""

    families: tuple[str, ...] = FAMILIES  # names of the families of networks
    # Of the networks, for each family.
    widths: Table = ((4, 8, 16, 32, 64, 128, 256, 512), (1, 2, 4, 8, 16), (2, 4, 8, 16, 32))
    digits: int = 200  # how many there are to learn from


@dataclass(frozen=True)
class Cell:
    """One network that was trained and tested."""

    train_wrong: int  # digits of the training set that it got wrong
    test_wrong: int  # test digits that it got wrong
    rate: float  # the learning rate that was chosen


@dataclass(frozen=True)
class OverfittingRun:
    """What one seed gave, by family and width."""

    train_wrong: Table  # digits of the training set that were answered wrongly
    test_wrong: Table  # test digits that were answered wrongly
    rates: tuple[tuple[float, ...], ...]  # the learning rates that were chosen
    parameters: Table  # of each network


@experiment(
    "overfitting", title="Overfitting by number of parameters", seeds=10, needs=("scikit-learn",)
)
def overfitting(settings: Settings, seed: int) -> OverfittingRun:
    """Train every network of every family, with one seed."""
    cells = [
        [cell(settings, seed, family, width) for width in widths]
        for family, widths in zip(settings.families, settings.widths, strict=True)
    ]
    return OverfittingRun(
        tuple(tuple(one.train_wrong for one in row) for row in cells),
        tuple(tuple(one.test_wrong for one in row) for row in cells),
        tuple(tuple(one.rate for one in row) for row in cells),
        tuple(
            tuple(network(family, width).parameters for width in widths)
            for family, widths in zip(settings.families, settings.widths, strict=True)
        ),
    )


def cell(settings: Settings, seed: int, family: str, width: int) -> Cell:
    """One network, trained with the rate that validates best, and tested."""
    dealt = split(seed, settings)
    examples = dealt.train[: settings.digits]
    net, key = network(family, width), [seed, 2, settings.families.index(family), width]
    best = train_with_best_rate(net, examples, dealt.validation, settings, key)
    return Cell(best.wrong(examples), best.wrong(dealt.test), best.rate)
