"""The figure of the chapter on receptive fields that shows those of known networks."""

from __future__ import annotations

from typing import Any, NamedTuple

from matplotlib.figure import Figure

from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import plain_ticks
from mkdocs_cnn.networks import Network, networks
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.sentences import fill

_KNOWN = (
    *("lenet5", "alexnet", "vgg16", "googlenet_as_published"),
    *("resnet18", "resnet50", "resnet101", "densenet121"),
    *("mobilenet_v1", "mobilenet_v2", "efficientnet_b0", "convnext_tiny"),
)
_USUAL = 224  # pixels along a side


class _Known(NamedTuple):
    """A network, and what a unit of its last feature map sees."""

    network: Network
    size: Quantity
    gated: bool

    @property
    def side(self) -> int:
        """Of its usual input, in pixels."""
        return self.network.input_shape[-1]


def _facts() -> Facts:
    """The networks by their receptive fields, the largest first."""
    fields = ((networks[name], networks[name].on().receptive_field) for name in _KNOWN)
    unsorted = (_Known(network, field.size, bool(field.warnings)) for network, field in fields)
    known = sorted(unsorted, key=lambda one: one.size, reverse=True)
    further = sum(one.size > one.side for one in known)
    return {
        "known": known,
        "count": len(known),
        "further": Quantity(further, name="fields larger than the input, counted"),
        "last": known[-1],
        "fields": [fill("{network.title} {size}", one) for one in known],
    }


@figure(
    "receptive-fields-of-networks",
    title="Receptive fields of known networks",
    facts=_facts,
    caption="""How far a unit of the last feature map sees along a side of the image. {further} of
        these {count} networks see further than the {_USUAL} pixels of their usual input: at least
        the hatched part of such a field is padding. The network at the bottom reads {last.side}
        pixels. An asterisk marks gates, through which every unit sees the whole image besides.""",
    alt="""{count} bars from the longest to the shortest: {fields:, }. A line marks the input of
        {_USUAL} pixels; the {further} bars that cross it are hatched from there on.""",
    aspect=1.05,
)
def receptive_fields_of_networks(fig: Figure, look: Look, facts: Facts) -> None:
    """Horizontal bars, each as long as a field; what exceeds the input is hatched."""
    palette, known, axes = look.palette, facts["known"], fig.add_subplot()
    for row, one in enumerate(known):
        seen, inside = int(one.size), min(int(one.size), one.side)
        axes.barh(row, inside, height=0.62, color=palette.sparse)
        if seen > inside:
            hatch = "/" * round(30 / look.sheet.type_size)  # as dense as the type is small
            how: dict[str, Any] = {"hatch": hatch, "hatch_linewidth": look.line * 0.7}
            axes.barh(row, seen - inside, 0.62, inside, fc="none", ec=palette.sparse, **how)
        axes.vlines(one.side, row - 0.5, row + 0.5, color=palette.ink, lw=look.line * 1.4)
        place = max(seen, one.side) + 30, row
        axes.text(*place, _length(one), weight="bold", va="center_baseline", size=look.small)
    axes.text(_USUAL, -0.7, f"{_USUAL} pixels, the usual input", size=look.small, va="bottom")
    axes.set_yticks(range(len(known)), [one.network.title for one in known], color=palette.ink)
    axes.set(xlim=(0, 2400), ylim=(len(known) - 0.4, -0.6))
    axes.tick_params(axis="y", length=0)
    plain_ticks(axes.xaxis, (0, 500, 1000, 1500, 2000))
    axes.set_xlabel("side of the receptive field, pixels", fontsize=look.small)


def _length(known: _Known) -> str:
    """What stands at the end of a bar."""
    elsewhere = f" of its {known.side}" if known.side != _USUAL else ""
    return f"{known.size:,}{'*' * known.gated}{elsewhere}"
