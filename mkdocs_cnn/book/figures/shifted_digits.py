"""The figure on digits that have moved since training."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.book.experiments.shifted_digits import findings as found
from mkdocs_cnn.experiments.results import Outcome, outcome
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.curves import Curve, draw_curve, headed, key
from mkdocs_cnn.figures.style import Look, Palette
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import Words

_STRIDE = 4  # of the last feature map, behind two halvings
_NAMES = ("dense", "places", "places_blur", "pooled", "pooled_blur")


def _outcome() -> Outcome:
    return outcome("shifted-digits")


def _found(by: int) -> dict[str, Quantity]:
    gave = _outcome()
    return dict(found.findings(gave.runs, gave.settings, by=by))


def _caption() -> Words:
    one, stride = _found(1), _found(_STRIDE)
    return Words(
        "Test errors on digits that were in the middle in training and have moved since. Moved by "
        "{} pixel, a dense network errs on {}, a convolutional one with a dense head on {}, with "
        "blur pooling on {}. With global average pooling it is {}, and {} with blur pooling; moved "
        "by {} pixels, a whole stride, {} and {}. Bars: two standard errors of the mean over {} "
        "seeds.",
        1,
        *(one[name] for name in _NAMES),
        _STRIDE,
        stride["pooled"],
        stride["pooled_blur"],
        len(_outcome().runs),
    )


def _alt() -> Words:
    at = [_found(by) for by in _outcome().settings.shifts]
    each = ", ".join("{}" for _ in at)
    return Words(
        "Two panels of test error over shifts from {} to {} pixels. "
        f"Dense head: the dense network {each}; convolution with max pooling {each}; with max and "
        f"blur pooling {each}. Global average pooling: with max pooling {each}; with max and blur "
        f"pooling {each}.",
        _outcome().settings.shifts[0],
        _outcome().settings.shifts[-1],
        *(found_[name] for name in _NAMES for found_ in at),
    )


@figure(
    "shifted-digits",
    title="Digits that have moved since training",
    caption=_caption,
    alt=_alt,
    aspect=1.5,
    rests_on=("shifted-digits",),
)
def shifted_digits(fig: Figure, look: Look) -> None:
    """Test error against distance, one panel for each way to end, one curve for each network."""
    grid = (1, 2) if look.wide else (2, 1)
    panels = fig.subplots(*grid, sharex=True, sharey=True, squeeze=False).ravel()
    panels[0].set_ylim(0, 1)
    panels[0].set_yticks([n / 4 for n in range(5)], [f"{25 * n}%" for n in range(5)])
    for axes, (heading, curves) in zip(panels, _panels(look.palette).items(), strict=True):
        _draw(axes, look, curves)
        along = "moved by so many pixels" if look.wide or axes is panels[-1] else ""
        headed(axes, look, heading, "test error", along)
    key(panels[0], look, "lower right")
    key(panels[1], look, "upper right")


def _panels(palette: Palette) -> Mapping[str, Mapping[str, Curve]]:
    """The curves of each panel, by heading and network."""
    plain = Curve("max pooling", palette.shared, "D", 2)
    blurred = Curve("max + blur", palette.shared, "o", 0)
    dense = Curve("dense", palette.dense, "s", 1)
    return {
        "a dense head": {"dense": dense, "places": plain, "places-blur": blurred},
        "global average pooling": {"pooled": plain, "pooled-blur": blurred},
    }


def _draw(axes: Axes, look: Look, curves: Mapping[str, Curve]) -> None:
    gave = _outcome()
    for name, curve in curves.items():
        errors = found.errors(gave.runs, gave.settings, name)
        draw_curve(axes, look, curve, gave.settings.shifts, *errors)
    axes.set_xticks(gave.settings.shifts)
    axes.grid(axis="y")
