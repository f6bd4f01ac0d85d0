"""Training: batches, steps, and a learning rate that is chosen on data that is not the test's.

>>> value, slope = cross_entropy(np.array([[0.0, 0.0]]), np.array([1]))
>>> round(value, 4), slope
(0.6931, array([[ 0.5, -0.5]]))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mkdocs_cnn.experiments.neural.layers import Array
from mkdocs_cnn.experiments.neural.network import Network, NetworkWeights
from mkdocs_cnn.experiments.neural.optimisers import Adam, Optimiser

Labels = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Examples:
    """What goes into a network, and what should come out."""

    x: Array  # `(n, …)`: the inputs
    y: Labels  # `(n,)`: their classes, counted from 0

    def __len__(self) -> int:
        """How many they are."""
        return len(self.y)

    def __getitem__(self, chosen: slice | Labels) -> Examples:
        """Some of them."""
        return Examples(self.x[chosen], self.y[chosen])


@dataclass(frozen=True)
class TrainingSettings:
    """How an experiment trains its networks; its own settings are added to these."""

    rates: tuple[float, ...] = (0.003, 0.01)  # the learning rates that are tried
    steps: int = 300  # how many steps are taken
    batch_size: int = 32  # how many examples a step sees
    validation: int = 200  # examples on which the learning rate is chosen
    test: int = 597  # examples on which the chosen network is tested


def cross_entropy(logits: Array, labels: Labels) -> tuple[float, Array]:
    """Minus the logarithm of the probability of the right answer, by softmax; the mean.

    In nats, with its gradient. Logits are `(n, classes)`, labels `(n,)` classes counted from 0.
    """
    shifted = logits - logits.max(axis=1, keepdims=True)  # or the exponential overflows
    powers = np.exp(shifted)
    sums = powers.sum(axis=1, keepdims=True)
    each = np.arange(len(labels))
    loss = np.log(sums[:, 0]) - shifted[each, labels]
    slope = powers / sums
    slope[each, labels] -= 1
    return float(loss.mean()), slope / len(labels)


def count_wrong(network: Network, weights: NetworkWeights, examples: Examples) -> int:
    """How many examples are given another class than theirs."""
    return int((network(weights, examples.x).argmax(axis=1) != examples.y).sum())


def batches(
    examples: int, batch_size: int, steps: int, rng: np.random.Generator
) -> Iterator[NDArray[np.intp]]:
    """Which of so many examples each step sees: all in random order, then again in another.

    Where they are fewer than a batch, a batch is all of them.
    """
    waiting = np.empty(0, dtype=np.intp)
    for _ in range(steps):
        while len(waiting) < min(batch_size, examples):
            waiting = np.concatenate([waiting, rng.permutation(examples)])
        now, waiting = waiting[:batch_size], waiting[batch_size:]
        yield now


def descend(
    network: Network,
    weights: NetworkWeights,
    seen: Iterable[Examples],
    optimiser: Optimiser,
    watch: Callable[[int, NetworkWeights], None] = lambda step, weights: None,
) -> None:
    """Change weights in their places, step by step, so that the cross-entropy falls.

    `seen` are the examples of each step. `watch` is called with the weights after 0, 1 … steps;
    they change afterwards, so it copies what it keeps.
    """
    flat = [weight for of_layer in weights for weight in of_layer]
    state = optimiser.start(flat)
    watch(0, weights)
    for step, batch in enumerate(seen, 1):
        out, pullback = network.forward(weights, batch.x)
        _, slope = cross_entropy(out, batch.y)
        gradients = [each for of_layer in pullback(slope)[1] for each in of_layer]
        optimiser.step(flat, gradients, state)
        watch(step, weights)


def train(
    network: Network,
    examples: Examples,
    settings: TrainingSettings,
    optimiser: Optimiser,
    rng: np.random.Generator,
) -> NetworkWeights:
    """The weights after training; `rng` gives the first ones and the order of the examples."""
    weights = network.initial(rng)
    order = batches(len(examples), settings.batch_size, settings.steps, rng)
    descend(network, weights, (examples[at] for at in order), optimiser)
    return weights


class Trained(NamedTuple):
    """A network that was trained with the rate that did best."""

    rate: float  # the learning rate
    weights: NetworkWeights  # the weights learned with it
    network: Network

    def wrong(self, examples: Examples) -> int:
        """How many examples it gives another class than theirs."""
        return count_wrong(self.network, self.weights, examples)


def train_with_best_rate(
    network: Network,
    examples: Examples,
    validation: Examples,
    settings: TrainingSettings,
    seed: Sequence[int],
) -> Trained:
    """The network trained by Adam with the learning rate that validates best.

    The seed gives the first weights and the order of the examples, the same for all rates.
    """

    def fit(rate: float) -> NetworkWeights:
        return train(network, examples, settings, Adam(rate), np.random.default_rng(seed))

    return best_of_rates(settings.rates, fit, network, validation)


def best_of_rates(
    rates: Sequence[float],
    fit: Callable[[float], NetworkWeights],
    network: Network,
    validation: Examples,
) -> Trained:
    """The network, `fit` with the learning rate that gets fewest validation examples wrong.

    Of rates that get equally many wrong, the one with the lowest cross-entropy is taken.
    """

    def judged(rate: float) -> tuple[int, float, Trained]:
        weights = fit(rate)
        out = network(weights, validation.x)
        missed = int((out.argmax(axis=1) != validation.y).sum())
        return missed, cross_entropy(out, validation.y)[0], Trained(rate, weights, network)

    return min(map(judged, rates), key=lambda of_rate: of_rate[:2])[2]
