"""Figures of the chapter on receptive fields: how much of what an output sees it feels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.effective_field import gradient_field, stack_kernel, variance, width
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import (
    draw_marks,
    label,
    name_axes,
    note,
    plain_ticks,
    to_places,
)
from mkdocs_cnn.figures.parts.stage import STROKES
from mkdocs_cnn.layers import Conv1d, Sequential
from mkdocs_cnn.quantities.quantity import Quantity

_TAPS = 3
_CHANNELS, _DRAWS = 4, 8  # of the random networks; more of either changes nothing to be seen
_SEED = 2016


@cache
def _measured(depth: int) -> Array:
    """The gradient of random networks with ReLUs, as a map."""
    rng = np.random.default_rng([_SEED, depth])
    return gradient_field(depth, _CHANNELS, rng, kernel_size=_TAPS, draws=_DRAWS)


@dataclass(frozen=True)
class Bell:
    """How far an output behind so many layers sees, and how much each input counts for it.

    A width is one standard deviation to each side, in inputs.
    """

    depth: int

    @cached_property
    def size(self) -> Quantity:
        """Inputs that the output can see."""
        layers = Sequential(*[Conv1d(1, 1, _TAPS)] * self.depth)
        return layers.on(1, self.depth * _TAPS).receptive_field.size

    @cached_property
    def taps(self) -> tuple[Fraction, ...]:
        """How much each input counts, where nothing stands between the layers, exactly."""
        return stack_kernel([1] * _TAPS, self.depth)

    @cached_property
    def profile(self) -> Array:
        """The gradient with ReLUs along an axis: the mean over both, and both directions."""
        field = _measured(self.depth)
        there: Array = field.sum(axis=0) + field.sum(axis=1)
        return (there + there[::-1]) / 4

    @cached_property
    def exact_width(self) -> float:
        """The width without ReLUs."""
        return 2 * math.sqrt(variance(self.taps))

    @cached_property
    def measured_width(self) -> float:
        """The width with ReLUs: the mean of both axes."""
        across, down = (2 * width(_measured(self.depth), axis=axis) for axis in (1, 0))
        return (across + down) / 2

    @property
    def exact(self) -> Quantity:
        """For words; a root is no fraction, so that the name has to tell its working."""
        name = f"two standard deviations, 2 √({variance(self.taps)}), rounded"
        return to_places(self.exact_width, 2, name)

    @property
    def measured(self) -> Quantity:
        """For words; other draws differ by a few parts in a hundred."""
        name = f"two standard deviations, measured: mean over {_DRAWS} networks of random weights"
        return to_places(self.measured_width, 1, name)


# -- profiles


def _profiles() -> Facts:
    return dict(zip(("first", "middle", "last"), map(Bell, (5, 10, 20)), strict=True))


@figure(
    "effective-receptive-field",
    title="The effective receptive field",
    facts=_profiles,
    caption="""How much each input counts for one output behind {first.depth}, {middle.depth} and
        {last.depth} layers of {_TAPS} taps, relative to the input that counts most. Bars: without
        ReLUs, exactly. Dots: the gradient with ReLUs at random weights, a mean over {_DRAWS}
        networks, both axes and both directions. From {first.depth} layers to {last.depth} the
        theoretical field (box) grows from {first.size} inputs to {last.size}, the bell of bars,
        measured one standard deviation to each side, which holds about two thirds of it, only from
        {first.exact} to {last.exact}.""",
    alt="""Panels for {first.depth}, {middle.depth} and {last.depth} layers on the same axis. Boxes
        {first.size}, {middle.size} and {last.size} inputs wide are the theoretical fields. In their
        middle stand bells of bars; measured one standard deviation to each side they are
        {first.exact}, {middle.exact} and {last.exact} inputs wide. Dots over them make bells that
        are wider, by the same measure {first.measured}, {middle.measured} and {last.measured}, and
        end long before the box does in the last panel.""",
    aspect=1.1,
)
def effective_receptive_field(fig: Figure, look: Look, facts: Facts) -> None:
    """Bells in boxes, one panel below the other, on one axis."""
    bells = [facts[name] for name in ("first", "middle", "last")]
    panels = fig.subplots(len(bells), sharex=True)
    for axes, bell in zip(panels, bells, strict=True):
        _draw_profile(axes, look, bell)
    right = int(bells[-1].size) / 2
    bars, dots = "bars: without ReLUs", "dots: with ReLUs,\nrandom weights"
    label(panels[0], look, (right, 0.95), bars, look.palette.sparse, "right", va="top")
    label(panels[0], look, (right, 0.6), dots, look.palette.shared, "right", va="top")
    panels[-1].set_xlabel("input, counted from the middle", fontsize=look.small)


def _draw_profile(axes: Axes, look: Look, bell: Bell) -> None:
    palette, size = look.palette, int(bell.size)
    at = np.arange(size) - size // 2
    exact, measured = np.array(bell.taps, dtype=float), bell.profile
    axes.bar(0, 1.12, width=size, facecolor=palette.faint, edgecolor=palette.muted, lw=look.line)
    axes.bar(at, exact / exact.max(), width=0.8, color=palette.sparse)
    heights, line = measured / measured.max(), look.line
    draw_marks(axes, look, at, heights, palette.shared, size=2.6, edge=0.3, ls="-", lw=line)
    axes.set_title(f"{bell.depth} layers see {size} inputs", fontweight="bold", loc="left")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


# -- the law

_DEPTHS, _NEAR = (1, 2, 5, 10, 20, 40), 10


def _law() -> Facts:
    bells = {depth: Bell(depth) for depth in _DEPTHS}
    near, last = bells[_NEAR], bells[_DEPTHS[-1]]
    wider = last.exact_width / near.exact_width
    return {
        "bells": list(bells.values()),
        "first": bells[_DEPTHS[0]],
        "near": near,
        "last": last,
        "deeper": Quantity(last.depth) / near.depth,
        "wider": to_places(wider, 2, "ratio of the widths, rounded"),
    }


@figure(
    "square-root-law",
    title="The effective field and the depth",
    facts=_law,
    caption="""Against depth, on logarithmic axes, the theoretical field grows as the depth, the
        effective one about as its root. From {near.depth} layers of {_TAPS} taps to {last.depth}
        the size goes from {near.size} to {last.size} inputs. The bell, measured one standard
        deviation to each side, which holds about two thirds of it, goes from {near.exact} to
        {last.exact} without ReLUs, and from {near.measured} to {last.measured} with ReLUs and
        random weights (means over {_DRAWS} networks).""",
    alt="""Three lines from {first.depth} layer to {last.depth} on logarithmic axes. The size of the
        theoretical field rises from {first.size} inputs to {last.size}. Half as steep, and
        straight, the width of the bell without ReLUs, one standard deviation to each side, rises
        from {first.exact} to {last.exact}; a step marks that {deeper} times the depth makes {wider}
        times the width. Above it the same width with ReLUs rises from {first.measured} to
        {last.measured}.""",
    aspect=0.95,
)
def square_root_law(fig: Figure, look: Look, facts: Facts) -> None:
    """Three lines on log axes, numbered where they end, and a step along the lowest."""
    palette, axes = look.palette, fig.add_subplot()
    ways = ("size", "measured_width", "exact_width")
    colours = (palette.muted, palette.shared, palette.sparse)
    for way, colour, marker, stroke in zip(ways, colours, "^so", STROKES, strict=False):
        heights = [float(getattr(bell, way)) for bell in facts["bells"]]
        axes.plot(_DEPTHS, heights, color=colour, ls=stroke)
        draw_marks(axes, look, _DEPTHS, heights, colour, marker=marker, clip_on=False)
        size, end = f"{heights[-1]:.3g}", (_DEPTHS[-1], heights[-1])
        style = {"color": colour, "weight": "bold", "va": "center_baseline"}
        note(axes, look, size, end, (look.line * 5, 0), **style)
    _draw_step(axes, look, facts["near"], facts["last"])
    axes.set(xscale="log", yscale="log", xlim=(0.9, _DEPTHS[-1] * 1.05), ylim=(1, 110))
    for axis, ticks in ((axes.xaxis, _DEPTHS), (axes.yaxis, (1, 2, 5, 10, 20, 50, 100))):
        plain_ticks(axis, ticks)
    axes.grid(axis="y")
    name_axes(axes, look, "layers n", "inputs (bells: one standard deviation to each side)")
    theory, with_relus = "theoretical size\n2n + 1", "bell with ReLUs,\nrandom weights"
    without = "bell without ReLUs\n2√(2n/3)"
    label(axes, look, (8, 21), theory, palette.muted, "right", va="bottom")
    label(axes, look, (40, 17), with_relus, palette.shared, "right", va="bottom")
    label(axes, look, (40, 3.4), without, palette.sparse, "right", va="top")


def _draw_step(axes: Axes, look: Look, one: Bell, other: Bell) -> None:
    """How much wider the exact bell gets over so much more depth, as two legs of a triangle."""
    near, far, low, high = one.depth, other.depth, one.exact_width, other.exact_width
    legs = [near, far, far], [low, low, high]
    axes.plot(*legs, color=look.palette.ink, lw=look.line * 0.8, zorder=1.5)
    for place, factor, shift, ha, va in (
        ((math.sqrt(near * far), low), far / near, (0, -2), "center", "top"),
        ((far, math.sqrt(low * high)), high / low, (5, 0), "left", "center_baseline"),
    ):
        right, up = (look.line * lines for lines in shift)
        note(axes, look, f"× {factor:.3g}", place, (right, up), ha=ha, va=va)
