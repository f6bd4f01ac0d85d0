"""Figures of the chapter on receptive fields: how much of what an output sees it feels."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.effective_field import gradient_field, stack_kernel, variance, width
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.stage import STROKES, Stroke
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.layers import Conv1d, Sequential
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words

_TAPS = 3
_CHANNELS, _DRAWS = 4, 8  # of the random networks; more of either changes nothing to be seen
_SEED = 2016


def _size(depth: int) -> Quantity:
    """Inputs that a unit behind so many layers can see."""
    layers = Sequential(*[Conv1d(1, 1, _TAPS)] * depth)
    return layers.on(1, depth * _TAPS).receptive_field.size


def _taps(depth: int) -> tuple[Fraction, ...]:
    """How much each input counts, where nothing stands between the layers, exactly."""
    return stack_kernel([1] * _TAPS, depth)


@cache
def _measured(depth: int) -> Array:
    """The gradient of random networks with ReLUs, as a map."""
    rng = np.random.default_rng([_SEED, depth])
    return gradient_field(depth, _CHANNELS, rng, kernel_size=_TAPS, draws=_DRAWS)


def _measured_profile(depth: int) -> Array:
    """That gradient along an axis; the mean over both axes, and both directions of each."""
    field = _measured(depth)
    there = field.sum(axis=0) + field.sum(axis=1)
    profile: Array = (there + there[::-1]) / 4
    return profile


def _linear_width(depth: int) -> float:
    """One standard deviation of the exact kernel to each side, in inputs."""
    return 2 * math.sqrt(variance(_taps(depth)))


def _measured_width(depth: int) -> float:
    """One standard deviation of the gradient to each side, in inputs; the mean of both axes."""
    across, down = (2 * width(_measured(depth), axis=axis) for axis in (1, 0))
    return (across + down) / 2


def _to_places(number: float, places: int, name: str) -> Quantity:
    """The number with so many decimals: what can be said of it; the name says what it is."""
    return Quantity(Fraction(f"{number:.{places}f}"), name=name)


def _exact_said(*depths: int) -> Iterator[Quantity]:
    """The exact widths for words; a root is no fraction, so the name has to tell its working."""
    for depth in depths:
        root = f"2 √({variance(_taps(depth))})"
        name = f"two standard deviations, {root}, rounded"
        yield _to_places(_linear_width(depth), 2, name)


def _measured_said(*depths: int) -> Iterator[Quantity]:
    """The measured widths for words; other draws differ by a few parts in a hundred."""
    name = f"two standard deviations, measured: mean over {_DRAWS} networks of random weights"
    return (_to_places(_measured_width(depth), 1, name) for depth in depths)


# -- profiles

_PANELS = (5, 10, 20)


def _profiles_caption() -> Words:
    first, *_, last = _PANELS
    return Words(
        "How much each input counts for one output behind {}, {} and {} layers of {} taps, "
        "relative to the input that counts most. Bars: without ReLUs, exactly. Dots: the gradient "
        "with ReLUs at random weights, a mean over {} networks, both axes and both directions. "
        "From {} layers to {} the theoretical field (box) grows from {} inputs to {}, the bell of "
        "bars, measured one standard deviation to each side, which holds about two thirds of it, "
        "only from {} to {}.",
        *_PANELS,
        _TAPS,
        _DRAWS,
        first,
        last,
        _size(first),
        _size(last),
        *_exact_said(first, last),
    )


def _profiles_alt() -> Words:
    return Words(
        "Panels for {}, {} and {} layers on the same axis. Boxes {}, {} and {} inputs wide are the "
        "theoretical fields. In their middle stand bells of bars; measured one standard deviation "
        "to each side they are {}, {} and {} inputs wide. Dots over them make bells that are "
        "wider, by the same measure {}, {} and {}, and end long before the box does in the last "
        "panel.",
        *_PANELS,
        *map(_size, _PANELS),
        *_exact_said(*_PANELS),
        *_measured_said(*_PANELS),
    )


@figure(
    "effective-receptive-field",
    title="The effective receptive field",
    caption=_profiles_caption,
    alt=_profiles_alt,
    aspect=1.1,
)
def effective_receptive_field(fig: Figure, look: Look) -> None:
    """Bells in boxes, one panel below the other, on one axis."""
    panels = fig.subplots(len(_PANELS), sharex=True)
    for axes, depth in zip(panels, _PANELS, strict=True):
        _draw_profile(axes, look, depth)
    right = int(_size(_PANELS[-1])) / 2
    for y, name, colour in (
        (0.95, "bars: without ReLUs", look.palette.sparse),
        (0.6, "dots: with ReLUs,\nrandom weights", look.palette.shared),
    ):
        panels[0].text(
            right, y, name, color=colour, weight="bold", size=look.small, ha="right", va="top"
        )
    panels[-1].set_xlabel("input, counted from the middle", fontsize=look.small)


def _draw_profile(axes: Axes, look: Look, depth: int) -> None:
    palette, size = look.palette, int(_size(depth))
    at = np.arange(size) - size // 2
    exact, measured = np.array(_taps(depth), dtype=float), _measured_profile(depth)
    axes.bar(0, 1.12, width=size, facecolor=palette.faint, edgecolor=palette.muted, lw=look.line)
    axes.bar(at, exact / exact.max(), width=0.8, color=palette.sparse)
    axes.plot(
        at,
        measured / measured.max(),
        "o-",
        color=palette.shared,
        lw=look.line,
        ms=look.line * 2.6,
        mec=palette.surface,
        mew=look.line * 0.3,
    )
    says = f"{depth} layers see {size} inputs"
    axes.set_title(says, fontsize=look.sheet.type_size, fontweight="bold", loc="left")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


# -- the law

_DEPTHS, _NEAR = (1, 2, 5, 10, 20, 40), 10


def _law_caption() -> Words:
    near, far = _NEAR, _DEPTHS[-1]
    return Words(
        "Against depth, on logarithmic axes, the theoretical field grows as the depth, the "
        "effective one about as its root. From {} layers of {} taps to {} the size goes from {} "
        "to {} inputs. The bell, measured one standard deviation to each side, which holds about "
        "two thirds of it, goes from {} to {} without ReLUs, and from {} to {} with ReLUs and "
        "random weights (means over {} networks).",
        near,
        _TAPS,
        far,
        _size(near),
        _size(far),
        *_exact_said(near, far),
        *_measured_said(near, far),
        _DRAWS,
    )


def _law_alt() -> Words:
    first, last = _DEPTHS[0], _DEPTHS[-1]
    return Words(
        "Three lines from {} layer to {} on logarithmic axes. The size of the theoretical field "
        "rises from {} inputs to {}. Half as steep, and straight, the width of the bell without "
        "ReLUs, one standard deviation to each side, rises from {} to {}; a step marks that {} "
        "times the depth makes {} times the width. Above it the same width with ReLUs rises from "
        "{} to {}.",
        first,
        last,
        _size(first),
        _size(last),
        *_exact_said(first, last),
        Quantity(last) / _NEAR,
        _to_places(_linear_width(last) / _linear_width(_NEAR), 2, "ratio of the widths, rounded"),
        *_measured_said(first, last),
    )


@figure(
    "square-root-law",
    title="The effective field and the depth",
    caption=_law_caption,
    alt=_law_alt,
    aspect=0.95,
)
def square_root_law(fig: Figure, look: Look) -> None:
    """Three lines on log axes, numbered where they end, and a step along the lowest."""
    palette, axes = look.palette, fig.add_subplot()
    exact = [_linear_width(n) for n in _DEPTHS]
    _draw_law(axes, look, [float(_size(n)) for n in _DEPTHS], palette.muted, "^", STROKES[0])
    _draw_law(axes, look, [_measured_width(n) for n in _DEPTHS], palette.shared, "s", STROKES[1])
    _draw_law(axes, look, exact, palette.sparse, "o", STROKES[2])
    _draw_step(axes, look, _NEAR, _DEPTHS[-1])
    axes.set(xscale="log", yscale="log", xlim=(0.9, _DEPTHS[-1] * 1.05), ylim=(1, 110))
    for axis, ticks in ((axes.xaxis, _DEPTHS), (axes.yaxis, (1, 2, 5, 10, 20, 50, 100))):
        axis.set_ticks(ticks, [str(tick) for tick in ticks])
        axis.set_ticks([], minor=True)
    axes.grid(axis="y")
    axes.set_xlabel("layers n", fontsize=look.small)
    says = "inputs (bells: one standard deviation to each side)"
    axes.set_title(says, fontsize=look.small, loc="left", color=palette.muted)
    for x, y, name, colour, va in (
        (8, 21, "theoretical size\n2n + 1", palette.muted, "bottom"),
        (40, 17, "bell with ReLUs,\nrandom weights", palette.shared, "bottom"),
        (40, 3.4, "bell without ReLUs\n2√(2n/3)", palette.sparse, "top"),
    ):
        axes.text(x, y, name, color=colour, weight="bold", size=look.small, ha="right", va=va)


def _draw_law(
    axes: Axes, look: Look, heights: list[float], colour: str, marker: str, stroke: Stroke
) -> None:
    axes.plot(_DEPTHS, heights, color=colour, ls=stroke)
    axes.plot(_DEPTHS, heights, marker, color=colour, ms=look.line * 4, clip_on=False)
    axes.annotate(
        f"{heights[-1]:.3g}",
        (_DEPTHS[-1], heights[-1]),
        (look.line * 5, 0),
        textcoords="offset points",
        color=colour,
        weight="bold",
        size=look.small,
        va="center_baseline",
    )


def _draw_step(axes: Axes, look: Look, near: int, far: int) -> None:
    """How much wider the exact bell gets over so much more depth, as two legs of a triangle."""
    low, high = _linear_width(near), _linear_width(far)
    legs = [near, far, far], [low, low, high]
    axes.plot(*legs, color=look.palette.ink, lw=look.line * 0.8, zorder=1.5)
    for place, factor, shift, ha, va in (
        ((math.sqrt(near * far), low), far / near, (0, -2), "center", "top"),
        ((far, math.sqrt(low * high)), high / low, (5, 0), "left", "center_baseline"),
    ):
        axes.annotate(
            f"× {factor:.3g}",
            place,
            (look.line * shift[0], look.line * shift[1]),
            textcoords="offset points",
            size=look.small,
            ha=ha,
            va=va,
        )
