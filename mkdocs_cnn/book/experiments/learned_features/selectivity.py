"""What the units of a layer answer to: how much to colour, how much to one direction of edges.

Both are numbers from 0 to 1 for each unit, and mean the same in every layer. Neither knows what a
unit is made of: it is shown pictures, and what it answers is all that counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mkdocs_cnn.book.experiments.inputs.patches import grey

Array = NDArray[Any]
Respond = Callable[[Array], Array]
"""Takes pictures `(n, 3, height, width)`, gives the answers of units `(n, units, …)`."""

# The three directions of colour, at right angles and equally long: grey, red against green, and
# both of them against blue.
AXES = np.sqrt(3) * np.array(
    [
        np.array([1, 1, 1]) / np.sqrt(3),
        np.array([1, -1, 0]) / np.sqrt(2),
        np.array([1, 1, -2]) / np.sqrt(6),
    ]
)
PERIODS = (4, 6, 9, 14)  # pixels from one bright stripe to the next
ORIENTATIONS, PHASES = 8, 8


def colour_content(respond: Respond, patches: Array) -> Array:
    """The share of each unit's variance that is due to colour.

    A unit answers to the patches, and to the same patches in grey. Let D be the variance of the
    difference between the two answers, G the variance of the answer to grey. The share is
    D / (D + G): 0 for a unit that does not see colour, 1 for one that sees nothing else.
    """
    coloured, without = respond(patches), respond(grey(patches))
    axes = (0, *range(2, coloured.ndim))
    due, rest = (coloured - without).var(axis=axes), without.var(axis=axes)
    share: Array = due / (due + rest)
    return share


def off_grey(kernels: Array) -> Array:
    """The share of each kernel's energy, `(units, 3, height, width)`, that lies off the grey axis.

    Two thirds for random kernels: of three directions of colour one is grey.
    """
    off = kernels - kernels.mean(axis=1, keepdims=True)
    share: Array = (off**2).sum(axis=(1, 2, 3)) / (kernels**2).sum(axis=(1, 2, 3))
    return share


def gratings(size: int) -> Array:
    """Stripes: `(axes of colour, periods, orientations, phases, 3, size, size)`, sizes in pixels.

    Each channel has the mean 0 over the phases, and each picture's three channels together have the
    same energy.
    """
    down, across = np.mgrid[:size, :size] - (size - 1) / 2
    angles = np.arange(ORIENTATIONS) * np.pi / ORIENTATIONS
    along = np.multiply.outer(np.cos(angles), across) + np.multiply.outer(np.sin(angles), down)
    turns = np.multiply.outer(1 / np.array(PERIODS), along)[:, :, None]
    turns = turns + (np.arange(PHASES) / PHASES)[:, None, None]
    stripes: Array = (
        AXES[:, None, None, None, :, None, None] * np.cos(2 * np.pi * turns)[:, :, :, None]
    )
    return stripes


class Tuning(NamedTuple):
    """What gratings say of each unit."""

    selectivity: Array  # how much it answers to one orientation above others, from 0 to 1
    axis: Array  # the axis of colour of the gratings that it answers to most: 0 for grey


def tuning(respond: Respond, size: int) -> Tuning:
    """How units answer to gratings that fill what they see.

    For each grating R is the root mean square over its phases of how far the answer is from that to
    a plain picture. Of the colours and periods we take those that a unit answers to most, summed
    over the orientations, so that it is judged by stripes that suit it. The selectivity is then the
    length of the mean direction, sum of R exp(2 i angle) over sum of R, known to physiologists as 1
    minus the circular variance. On pictures of this size, in pixels, a unit must give one answer.
    """
    stripes = gratings(size)
    kinds, pictures = stripes.shape[:4], stripes.reshape(-1, *stripes.shape[4:])
    plain = respond(np.zeros_like(pictures[:1])).reshape(1, -1)
    away = respond(pictures).reshape(len(pictures), -1) - plain
    answers = np.sqrt((away**2).reshape(*kinds, -1).mean(axis=3))
    answers = answers.reshape(-1, *answers.shape[2:])  # (colours and periods, orientations, units)
    best = answers.sum(axis=1).argmax(axis=0)
    units = np.arange(answers.shape[-1])
    suited = answers[best, :, units]
    directions = np.exp(2j * np.pi * np.arange(ORIENTATIONS) / ORIENTATIONS)
    return Tuning(np.abs(suited @ directions) / suited.sum(axis=1), best // len(PERIODS))
