"""Do first layers learn orientations and edges, and later ones colour? Does training, too?

Question. A network is said to pick up orientations and edges first and almost to ignore colours,
which deeper layers add: by depth, and because the network starts there. Is it so?

Data. Seven colour photographs under open licences, made smaller. Each is divided into squares. Half
of them, dealt out at random for each seed, are for training, a quarter for validation, a quarter
for testing. Patches are cut within a square, so that no pixel serves two purposes, and half of them
are mirrored. Pixels are standardised by one mean and one standard deviation for all photographs and
channels, which leaves grey grey.

Task. From which photograph is the patch? Nobody has to type a label for that. It is asked in two
ways:

- True colours: patches as they are.
- Shuffled colours: the red, green and blue of each patch in a random order, one order for all its
  pixels, in training and in testing. Shapes and brightness stay as they are, but a colour tells
  hardly anything.

If there is a general order of learning, it is the same in both.

Network. Three convolutions with ReLU, the mean of each channel over all places, and a linear layer.
Both tasks begin with the same random weights, those of the first layer at a tenth of the usual
size, so that what is seen in it later was learned there. Stochastic gradient descent with momentum,
on fresh patches at each step. Three learning rates are tried for a quarter of the steps; the one
with the fewest validation patches wrong is trained in full from the start. Sizes, steps and rates
were settled in trials with the first two seeds. In these a larger rate began well and later fell
apart; with first weights of the usual size the noise of the start covered most of what was learned,
and all of it in the first steps; and a third task, to say which way up a patch is, was hardly
learned in so few steps. These were left out.

Measures, for each unit of each layer, before its ReLU, at several times:

- Colour content: the unit answers to test patches in their true colours, and to the same in grey,
  where a pixel's three colours are replaced by their mean. With D the variance of the difference
  between the two answers and G that of the answer to grey, it is D / (D + G).
- Orientation selectivity: the unit answers to gratings that fill its receptive field, grey ones and
  such in opposed colours, of several widths, orientations and phases. R is the root mean square
  over the phases of how far an answer is from that to a plain picture. Of colours and widths we
  take those that the unit answers to most, so that each is judged by stripes that suit it. The
  selectivity is the length of the sum of R exp(2 i angle), divided by the sum of R.
- Preference for grey: whether that most effective grating is a grey one.
- Of the first layer's kernels also the share of their energy off the grey axis.

The network itself is tested in three ways: on test patches, on the same in grey, and on their
colours alone, with the brightness of every pixel made the same.

Control. The same network before training: random weights, the same patches.

Kept for pictures, for one seed that was chosen beforehand: the kernels of the first layer in 8
bits, and for every unit the places in the photographs, regions for training included, that excite
it most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from mkdocs_cnn.book.experiments.inputs.patches import (
    Regions,
    draw_patches,
    regions,
    shuffled_colours,
)
from mkdocs_cnn.book.experiments.inputs.photographs import PHOTOGRAPHS, photograph
from mkdocs_cnn.book.experiments.learned_features.snapshots import Snapshot, snapshot
from mkdocs_cnn.book.experiments.learned_features.unit_responses import (
    depths,
    exciting,
    field,
    first_kernels,
    quantise,
)
from mkdocs_cnn.experiments.declaration import experiment
from mkdocs_cnn.experiments.neural.layers import Array, Conv2d, Linear
from mkdocs_cnn.experiments.neural.network import Network, NetworkWeights
from mkdocs_cnn.experiments.neural.optimisers import SGD
from mkdocs_cnn.experiments.neural.training import Examples, count_wrong, descend
from mkdocs_cnn.experiments.neural.weightless import GlobalAvgPool2d, ReLU

DIGITS = 4  # of what is kept


@dataclass(frozen=True)
class Settings:
    """What the experiment is run with."""

    tasks: tuple[str, ...] = ("true colours", "shuffled colours")  # what patches look like
    square: int = 48  # side of the squares that photographs are divided into, in pixels
    patch: int = 27  # side of a patch, in pixels
    channels: tuple[int, ...] = (24, 24, 32)  # of each convolution
    kernel_sizes: tuple[int, ...] = (7, 3, 3)  # of each convolution
    strides: tuple[int, ...] = (2, 2, 1)  # of each convolution
    first_scale: float = 0.1  # what the first layer's weights are multiplied by before training
    rates: tuple[float, ...] = (0.0025, 0.005, 0.01)  # the learning rates that are tried
    momentum: float = 0.9  # of the descent
    trial_steps: int = 400  # steps with each rate before one is chosen
    # Steps after which is measured; the last ends the training.
    snapshots: tuple[int, ...] = (0, 5, 10, 20, 50, 100, 200, 400, 800, 1600)
    batch_size: int = 32  # patches to a step
    validated: int = 700  # patches for choosing the rate
    tested: int = 700  # patches for testing
    probed: int = 280  # test patches on which colour content is measured
    shown_seed: int = 0  # the seed of which kernels and places are kept
    shown_patches: int = 6  # places kept for each unit


@dataclass(frozen=True)
class LearnedFeaturesRun:
    """What one seed gives. Models are the untrained network and the tasks, in this order."""

    parameters: int  # of the network
    fields: tuple[tuple[int, int], ...]  # size and stride in pixels of each layer's field
    validation_wrong: tuple[tuple[int, ...], ...]  # patches wrong after the trial, by task and rate
    rates: tuple[float, ...]  # the rate chosen for each task
    # By task, way of showing (as trained, grey, colours alone) and snapshot: patches wrong, of
    # those tested.
    wrong: tuple[tuple[tuple[int, ...], ...], ...]
    # By task, layer and snapshot: the mean colour content of the units.
    colour: tuple[tuple[tuple[float, ...], ...], ...]
    # By task, layer and snapshot: their mean orientation selectivity.
    orientation: tuple[tuple[tuple[float, ...], ...], ...]
    # By task, layer and snapshot: how many units answer most to a grey grating.
    prefer_grey: tuple[tuple[tuple[int, ...], ...], ...]
    # By task and snapshot: the mean share of the first kernels' energy off grey.
    off_grey: tuple[tuple[float, ...], ...]
    unit_colour: tuple[tuple[tuple[float, ...], ...], ...]  # by model, layer and unit, at the end
    unit_orientation: tuple[tuple[tuple[float, ...], ...], ...]  # the same
    # By model, unit, channel, row and column: the first layer, 127 the largest weight of a kernel;
    # none for seeds that are not shown.
    kernels: tuple[Any, ...]
    # By model, layer, unit and rank: photograph, row and column of the patches that excite most;
    # none for seeds that are not shown.
    places: tuple[Any, ...]


class Scene(NamedTuple):
    """What a seed is trained and tested on."""

    photographs: tuple[Array, ...]  # standardised, each `(3, height, width)`
    squares: tuple[Regions, ...]  # of each photograph
    probe: Array  # test patches in their true colours, `(probed, 3, patch, patch)`


def network(settings: Settings) -> Network:
    """The network that learns, for the seven photographs."""
    layers: list[Any] = []
    sizes = (3, *settings.channels)
    for before, after, kernel, stride in zip(
        sizes[:-1], sizes[1:], settings.kernel_sizes, settings.strides, strict=True
    ):
        layers += [Conv2d(before, after, kernel, stride), ReLU()]
    return Network((*layers, GlobalAvgPool2d(), Linear(sizes[-1], len(PHOTOGRAPHS))))


def scene(settings: Settings, seed: int) -> Scene:
    """The photographs, who sees what of them, and the patches on which units are probed."""
    rng = np.random.default_rng([seed, 0])
    raw = [photograph(name) / 255 for name in PHOTOGRAPHS]
    pixels = np.concatenate([each.ravel() for each in raw])
    standardised = tuple((each - pixels.mean()) / pixels.std() for each in raw)
    squares = tuple(regions(each.shape[1], each.shape[2], settings.square, rng) for each in raw)
    seen = Scene(standardised, squares, np.empty(0))
    return seen._replace(probe=_patches(settings, seen, "test", settings.probed, rng)[0])


def _patches(
    settings: Settings, seen: Scene, part: str, count: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    squares = [getattr(each, part) for each in seen.squares]
    size = {"side": settings.square, "size": settings.patch}
    return draw_patches(seen.photographs, squares, count, **size, rng=rng)


class Course:
    """One task of one seed: the network on its way, always the same way for the same rate."""

    def __init__(self, settings: Settings, seed: int, task: int, seen: Scene) -> None:
        self.settings, self.seen, self.network = settings, seen, network(settings)
        self._shuffles = settings.tasks[task] == "shuffled colours"
        self._seed, self._keys = seed, [seed, 2 + task]

    def initial(self) -> NetworkWeights:
        """The weights before training, the same for all tasks of a seed."""
        first, *others = self.network.initial(np.random.default_rng([self._seed, 1]))
        weight, bias = first
        return ((weight * self.settings.first_scale, bias), *others)

    def patches(self, part: str, count: int, rng: np.random.Generator) -> Examples:
        """Patches of a part, "train", "validation" or "test", as the task shows them."""
        x, labels = _patches(self.settings, self.seen, part, count, rng)
        return Examples(shuffled_colours(x, rng) if self._shuffles else x, labels)

    def run(
        self,
        rate: float,
        steps: int,
        watch: Callable[[int, NetworkWeights], None] = lambda step, weights: None,
    ) -> NetworkWeights:
        """Train, with fresh patches at each step; `watch` is called as `descend` does."""
        rng, weights = np.random.default_rng([*self._keys, 0]), self.initial()
        batches = (self.patches("train", self.settings.batch_size, rng) for _ in range(steps))
        descend(self.network, weights, batches, SGD(rate, self.settings.momentum), watch)
        return weights

    def validation_wrong(self, rate: float) -> int:
        """Validation patches wrong after a trial with this rate."""
        weights = self.run(rate, self.settings.trial_steps)
        rng = np.random.default_rng([*self._keys, 1])
        patches = self.patches("validation", self.settings.validated, rng)
        return count_wrong(self.network, weights, patches)

    def snapshots(self, rate: float, at: Sequence[int]) -> tuple[list[Snapshot], NetworkWeights]:
        """What the units do after so many steps, and the weights after the last of them."""
        rng = np.random.default_rng([*self._keys, 2])
        test = self.patches("test", self.settings.tested, rng)
        taken: list[Snapshot] = []

        def watch(step: int, weights: NetworkWeights) -> None:
            if step in at:
                taken.append(snapshot(self.network, weights, self.seen.probe, test))

        weights = self.run(rate, max(at), watch)
        return taken, weights


@experiment(
    "learned-features",
    title="What convolutions learn from photographs: colour and orientation",
    seeds=10,
    reads=("photographs/*.png",),
    needs=("pillow",),
)
def learned_features(settings: Settings, seed: int) -> LearnedFeaturesRun:
    """Train the network on both tasks, and measure its units on the way."""
    seen = scene(settings, seed)
    courses = [Course(settings, seed, task, seen) for task in range(len(settings.tasks))]
    trials = [tuple(map(each.validation_wrong, settings.rates)) for each in courses]
    rates = [settings.rates[int(np.argmin(trial))] for trial in trials]
    trained = [
        each.snapshots(rate, settings.snapshots) for each, rate in zip(courses, rates, strict=True)
    ]
    ways = [way for way, _ in trained]
    ends = [ways[0][0], *(way[-1] for way in ways)]
    weights = [courses[0].initial(), *(learned for _, learned in trained)]
    net, shown = courses[0].network, weights if seed == settings.shown_seed else []
    return LearnedFeaturesRun(
        parameters=net.parameters,
        fields=tuple(field(net, depth) for depth in depths(net)),
        validation_wrong=tuple(trials),
        rates=tuple(rates),
        wrong=tuple(tuple(zip(*(at.wrong for at in way), strict=True)) for way in ways),
        colour=tuple(_by_layer(way, lambda at: map(_mean, at.colour)) for way in ways),
        orientation=tuple(_by_layer(way, lambda at: map(_mean, at.orientation)) for way in ways),
        prefer_grey=tuple(_by_layer(way, lambda at: map(_grey, at.axis)) for way in ways),
        off_grey=tuple(tuple(_mean(at.off_grey) for at in way) for way in ways),
        unit_colour=tuple(tuple(map(_rounded, at.colour)) for at in ends),
        unit_orientation=tuple(tuple(map(_rounded, at.orientation)) for at in ends),
        kernels=tuple(quantise(first_kernels(net, each)) for each in shown),
        places=tuple(
            exciting(net, each, seen.photographs, count=settings.shown_patches) for each in shown
        ),
    )


def _by_layer(
    way: Sequence[Snapshot], of: Callable[[Snapshot], Iterable[Any]]
) -> tuple[tuple[Any, ...], ...]:
    """Something of each layer at each time, the times of a layer together."""
    return tuple(zip(*map(of, way), strict=True))


def _mean(units: Array) -> float:
    return round(float(units.mean()), DIGITS)


def _grey(axis: Array) -> int:
    return int((axis == 0).sum())


def _rounded(units: Array) -> tuple[float, ...]:
    return tuple(round(float(each), DIGITS) for each in units)
