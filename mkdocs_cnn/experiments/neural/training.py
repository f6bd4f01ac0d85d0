"""Training: batches, steps, and a learning rate that is chosen on data that is not the test's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mkdocs_cnn.experiments.neural.layers import Array
from mkdocs_cnn.experiments.neural.losses import Loss, cross_entropy
from mkdocs_cnn.experiments.neural.network import Network, NetworkWeights
from mkdocs_cnn.experiments.neural.optimisers import Optimiser

Labels = NDArray[Any]


def batches(
    examples: int, batch_size: int, steps: int, rng: np.random.Generator
) -> Iterator[NDArray[np.intp]]:
    """Which examples each step sees: all of them in random order, then again in another.

    Args:
        examples: How many there are; where fewer than a batch, a batch is all of them.
        batch_size: How many a step sees.
        steps: How many steps are taken.
        rng: Shuffles.
    """
    waiting = np.empty(0, dtype=np.intp)
    for _ in range(steps):
        while len(waiting) < min(batch_size, examples):
            waiting = np.concatenate([waiting, rng.permutation(examples)])
        now, waiting = waiting[:batch_size], waiting[batch_size:]
        yield now


def train(
    network: Network,
    x: Array,
    y: Labels,
    *,
    optimiser: Optimiser,
    steps: int,
    batch_size: int,
    rng: np.random.Generator,
    loss: Loss = cross_entropy,
    watch: Callable[[int, NetworkWeights], None] = lambda step, weights: None,
) -> NetworkWeights:
    """The weights of a network after some steps.

    Args:
        network: What learns.
        x: `(n, …)`: what goes in.
        y: `(n, …)`: what is wanted, as the loss takes it.
        optimiser: How gradients change weights.
        steps: How many steps are taken.
        batch_size: How many examples a step sees.
        rng: Gives the first weights and the order of the examples.
        loss: What outputs cost.
        watch: Is told the weights after 0, 1, 2 … steps. They change afterwards: it copies what
            it keeps.
    """
    weights = network.initial(rng)
    flat = [weight for of_layer in weights for weight in of_layer]
    state = optimiser.start(flat)
    watch(0, weights)
    for step, chosen in enumerate(batches(len(x), batch_size, steps, rng), 1):
        out, pullback = network.forward(weights, x[chosen])
        _, slope = loss(out, y[chosen])
        gradients = [each for of_layer in pullback(slope)[1] for each in of_layer]
        optimiser.step(flat, gradients, state)
        watch(step, weights)
    return weights


def wrong(network: Network, weights: NetworkWeights, x: Array, labels: Labels) -> int:
    """How many examples are given another class than theirs."""
    return int((network(weights, x).argmax(axis=1) != labels).sum())


class Trained(NamedTuple):
    """A network that was trained with the rate that did best.

    Attributes:
        rate: The learning rate.
        weights: What was learned with it.
        validation_wrong: How many examples for validation it gets wrong.
    """

    rate: float
    weights: NetworkWeights
    validation_wrong: int


def chosen_rate(
    rates: tuple[float, ...],
    fit: Callable[[float], NetworkWeights],
    network: Network,
    x: Array,
    labels: Labels,
) -> Trained:
    """The network trained with the learning rate that gets fewest validation examples wrong.

    Of rates that get equally many wrong, the one with the lowest cross-entropy is taken.

    Args:
        rates: Those that are tried.
        fit: Trains with a rate.
        network: What is trained.
        x: The examples for validation.
        labels: Their classes.
    """

    def judged(rate: float) -> tuple[int, float, Trained]:
        weights = fit(rate)
        out = network(weights, x)
        missed = int((out.argmax(axis=1) != labels).sum())
        return missed, cross_entropy(out, labels)[0], Trained(rate, weights, missed)

    return min(map(judged, rates), key=lambda found: found[:2])[2]
