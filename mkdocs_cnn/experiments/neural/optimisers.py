"""How gradients change weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from mkdocs_cnn.experiments.neural.layers import Array


class Optimiser(Protocol):
    """A rule for steps."""

    def start(self, weights: list[Array]) -> Any:
        """What it remembers between steps, before the first."""

    def step(self, weights: list[Array], gradients: list[Array], state: Any) -> None:
        """Change the weights in their places, and what is remembered."""


@dataclass(frozen=True)
class SGD:
    """Steps against the gradient, with momentum, as PyTorch takes them."""

    rate: float  # the learning rate
    momentum: float = 0.9  # the share of the last step that is taken again

    def start(self, weights: list[Array]) -> list[Array]:
        """The velocity of each weight."""
        return [np.zeros_like(weight) for weight in weights]

    def step(self, weights: list[Array], gradients: list[Array], state: list[Array]) -> None:
        """By velocity ← momentum · velocity + gradient; weight ← weight − rate · velocity."""
        for weight, gradient, velocity in zip(weights, gradients, state, strict=True):
            velocity *= self.momentum
            velocity += gradient
            weight -= self.rate * velocity


@dataclass
class Moments:
    """What Adam remembers."""

    steps: int  # how many steps were taken
    first: list[Array]  # running means of the gradients
    second: list[Array]  # running means of their squares


@dataclass(frozen=True)
class Adam:
    """Steps of about the same length in every weight (Kingma and Ba 2015)."""

    rate: float  # the learning rate
    beta1: float = 0.9  # how much of the mean gradient is kept
    beta2: float = 0.999  # how much of the mean square is kept
    epsilon: float = 1e-8  # keeps a weight without gradient where it is

    def start(self, weights: list[Array]) -> Moments:
        """No steps, and zeros."""
        first, second = ([np.zeros_like(weight) for weight in weights] for _ in range(2))
        return Moments(0, first, second)

    def step(self, weights: list[Array], gradients: list[Array], state: Moments) -> None:
        """The mean over the root of the mean square, both corrected for their start at zero."""
        state.steps += 1
        first_part = 1 - self.beta1**state.steps
        second_part = 1 - self.beta2**state.steps
        for weight, gradient, first, second in zip(
            weights, gradients, state.first, state.second, strict=True
        ):
            first += (1 - self.beta1) * (gradient - first)
            second += (1 - self.beta2) * (gradient**2 - second)
            scale = np.sqrt(second / second_part) + self.epsilon
            weight -= self.rate / first_part * first / scale
