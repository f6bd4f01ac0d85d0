"""Trained on digits in the middle: what does a network make of digits that have moved?

Digits of 8 × 8 pixels lie on a larger canvas. In training they lie in its middle, always. In the
test they are moved by zero to six pixels up, down, left and right; a digit never leaves the canvas.
Nothing but its place changes.

Five networks are compared. The dense one joins every pixel to hidden units. The others have two
convolutions of 3 × 3, each with its size halved behind it, and differ in two ways. Halving is max
pooling in steps of two; or max pooling in steps of one and then blur pooling in steps of two (Zhang
2019). And behind them is a dense layer that sees every place apart; or the mean of each channel
over all places (global average pooling) and then a dense layer.

For each seed the digits are dealt out anew for training, validation and test. A network is trained
with each of two learning rates; the one that gets fewest of the validation digits wrong, which lie
in the middle too, is tested, once. Steps, batches and the optimiser (Adam) are the same for all.
The number of steps was chosen on a seed that is not reported, so that the slowest learners, those
with pooling and blur, come near their best.

What is reported, for each network and distance, over the four directions: how many test digits are
answered wrongly, and how many are answered otherwise than the same digit in the middle. The digits
are scikit-learn's copy of those of Alpaydin and Kaynak (UCI Machine Learning Repository,
CC BY 4.0).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mkdocs_cnn.book.experiments.inputs.digits import split
from mkdocs_cnn.experiments.declaration import experiment
from mkdocs_cnn.experiments.neural.families import CLASSES, dense
from mkdocs_cnn.experiments.neural.layers import Array, Conv2d, Layer, Linear
from mkdocs_cnn.experiments.neural.network import Network
from mkdocs_cnn.experiments.neural.training import Examples, TrainingSettings, train_with_best_rate
from mkdocs_cnn.experiments.neural.weightless import BlurPool2d, GlobalAvgPool2d, MaxPool2d, ReLU

DIRECTIONS = ((1, 0), (-1, 0), (0, 1), (0, -1))


@dataclass(frozen=True)
class Settings(TrainingSettings):
    """What is compared."""

    networks: tuple[str, ...] = ("dense", "places", "places-blur", "pooled", "pooled-blur")
    canvas: int = 20  # its height and width: the digit and the farthest shift on each side
    shifts: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)  # by how many pixels; the first is 0
    units: int = 64  # hidden units of the dense network
    channels: tuple[int, int] = (8, 24)  # of the two convolutions
    learned: int = 1000  # digits to learn from
    rates: tuple[float, ...] = (0.01, 0.03)
    steps: int = 600
    test: int = 300


@dataclass(frozen=True)
class ShiftedDigitsRun:
    """What one seed gave, by network and shift."""

    wrong: tuple[tuple[int, ...], ...]  # test digits answered wrongly, over the four directions
    changed: tuple[tuple[int, ...], ...]  # those that were answered otherwise than in the middle
    tested: int  # how many were asked at each shift: the test digits, in four directions
    parameters: tuple[int, ...]  # of each network


@experiment(
    "shifted-digits",
    title="Digits that have moved since training",
    seeds=10,
    needs=("scikit-learn",),
)
def shifted_digits(settings: Settings, seed: int) -> ShiftedDigitsRun:
    """Train every network, and ask it about digits at every distance, with one seed."""
    answers = [cell(settings, seed, name, settings.shifts) for name in settings.networks]
    return ShiftedDigitsRun(
        tuple(one.wrong for one in answers),
        tuple(one.changed for one in answers),
        settings.test * len(DIRECTIONS),
        tuple(network(settings, name).parameters for name in settings.networks),
    )


@dataclass(frozen=True)
class Answers:
    """What one network answers, shift by shift, over the four directions."""

    wrong: tuple[int, ...]  # how many answers are wrong
    changed: tuple[int, ...]  # how many are other than in the middle


def cell(settings: Settings, seed: int, name: str, shifts: tuple[int, ...]) -> Answers:
    """One network, trained in the middle with the rate that validates best, and asked elsewhere."""
    dealt = split(seed, settings)
    examples, validation = (
        Examples(place_on_canvas(part.x, settings.canvas), part.y)
        for part in (dealt.train[: settings.learned], dealt.validation)
    )
    net, key = network(settings, name), [seed, 3, settings.networks.index(name)]
    best = train_with_best_rate(net, examples, validation, settings, key)

    def answers(by: tuple[int, int]) -> NDArray[Any]:
        given: NDArray[Any] = net(
            best.weights, place_on_canvas(dealt.test.x, settings.canvas, by)
        ).argmax(1)
        return given

    middle = answers((0, 0))
    at = [[answers((down * s, right * s)) for down, right in DIRECTIONS] for s in shifts]
    return Answers(
        tuple(int((np.stack(given) != dealt.test.y).sum()) for given in at),
        tuple(int((np.stack(given) != middle).sum()) for given in at),
    )


def place_on_canvas(x: Array, canvas: int, by: tuple[int, int] = (0, 0)) -> Array:
    """Digits on a larger canvas of paper, moved from its middle by so many pixels down and right.

    They are `(n, 1, height, width)`; their lowest value is paper. The canvas is square.

    Raises:
        ValueError: If a digit would leave the canvas.
    """
    size = x.shape[2]
    row, column = ((canvas - size) // 2 + step for step in by)
    if not (min(row, column) >= 0 and max(row, column) + size <= canvas):
        raise ValueError(f"a digit of {size} pixels moved by {by} leaves a canvas of {canvas}")
    canvases = np.full((len(x), 1, canvas, canvas), x.min())
    canvases[:, :, row : row + size, column : column + size] = x
    return canvases


def network(settings: Settings, name: str) -> Network:
    """One of the networks that are compared, by its name."""
    if name == "dense":
        return dense(settings.canvas**2, settings.units, CLASSES)
    first, second = settings.channels
    blurred = name.endswith("blur")
    halves = _half(1, first, blurred) + _half(first, second, blurred)
    if name.startswith("pooled"):
        return Network((*halves, GlobalAvgPool2d(), Linear(second, CLASSES)))
    return Network((*halves, Linear(second * (settings.canvas // 4) ** 2, CLASSES)))


def _half(into: int, out: int, blurred: bool) -> tuple[Layer, ...]:
    """A convolution, and its size halved behind it."""
    convolution = Conv2d(into, out, 3, padding=1)
    if blurred:
        return convolution, ReLU(), MaxPool2d(2, 1), BlurPool2d()
    return convolution, ReLU(), MaxPool2d(2)
