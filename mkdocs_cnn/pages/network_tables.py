"""Networks as tables: all of them with their totals, one part by part, each layer as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape

from mkdocs_cnn.layers.layer import Placed, Row, Rows, Shape
from mkdocs_cnn.layers.receptive_field import ReceptiveField
from mkdocs_cnn.networks import Network, PlacedNetwork
from mkdocs_cnn.pages.html import Show, shape
from mkdocs_cnn.pages.tables import frame, row
from mkdocs_cnn.quantities.quantity import Quantity

Cite = Callable[[str], str]

_TOTALS = ("Parameters", "Parameters in convolutions, %", "MACs", "MACs in convolutions, %")
_SEES = ("Receptive field", "Jump")
_PARTS = ("Output", "Parameters", "MACs", *_SEES)


def all_networks(networks: Mapping[str, Network], show: Show, cite: Cite, file: str) -> str:
    """One row for each network: its totals, what of them lies in convolutions, what it sees.

    `cite` writes the reference to a source, by its key; the same table as CSV is at `file`.
    """
    rows = "".join(_network_row(network, show, cite) for network in networks.values())
    caption = f"{len(networks)} networks on their usual inputs"
    headings = ("Network", *_TOTALS, *_SEES, "Year", "Source")
    return frame(headings, f"<tbody>{rows}</tbody>", caption) + _download(file, "all networks")


def _network_row(network: Network, show: Show, cite: Cite) -> str:
    placed = network.on()
    variant = f'<span class="cnn-variant">{escape(network.variant)}</span>'
    cells = [
        *_total_and_share(placed, "parameters", show),
        *_total_and_share(placed, "macs", show),
        *_field_cells(placed.receptive_field, show),
        str(network.year),
        cite(network.source) if network.source else "",
    ]
    return (
        f'<tr data-keywords="{network.name}"><th scope="row"><a href="#network-{network.name}">'
        f"{escape(network.title)}</a>{variant if network.variant else ''}</th>"
        f"{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    )


def _total_and_share(placed: PlacedNetwork, what: str, show: Show) -> tuple[str, str]:
    """A count in all, and how much of it lies in convolutional layers, of a hundred."""
    said = "MACs" if what == "macs" else what
    within: Quantity = getattr(_convolutions(placed.rows), what)
    whole: Quantity = getattr(placed, what)
    in_all = Quantity(whole.value, whole.unit, name=f"{said} in all")  # it opens beside this one
    share = (100 * within / in_all).named(f"{said} in convolutions, of a hundred")
    return show(whole), show(share, f"{float(share):.1f}")


def _convolutions(rows: Rows) -> Rows:
    """The convolutional layers; a dense one at every position of an image is such a layer, too."""
    at_positions = (one for one in rows.only("Linear") if len(one.placed.input_shape) > 1)
    return Rows([*rows.only("Conv2d"), *at_positions])


# -- one network


def one_network(network: Network, show: Show, file: str) -> str:
    """A network part by part, folded; what is counted of a part opens to its layers.

    All its layers as CSV are at `file`.
    """
    placed = network.on()
    rows = "".join(_part_rows(placed, show))
    totals = show(placed.parameters), show(placed.macs)
    foot = row("in all", ("", *totals, *_field_cells(placed.receptive_field, show)), "cnn-total")
    title = network.title + (f": {network.variant}" if network.variant else "")
    notes = "".join(f"<p>{escape(said)}.</p>" for said in placed.receptive_field.warnings)
    caption = f"{title}, on an input of {_plain_shape(placed.input_shape)}"
    body = f"<tbody>{rows}{foot}</tbody>"
    return (
        f'<details class="cnn-layers"><summary>{escape(title)}</summary>'
        f'<div id="network-{network.name}">{frame(("Part", *_PARTS), body, caption)}'
        f"{notes}{_download(file, f'all layers of {network.title}')}</div></details>"
    )


def _part_rows(placed: PlacedNetwork, show: Show) -> Iterator[str]:
    features = dict(placed.features.parts)
    for name, part, first, last in placed.parts_seen():
        if not part.parameters and not part.connections:
            continue
        field = _range_cells(first, last, show) if name.split()[0] in features else ("", "")
        cells = (_plain_shape(part.output_shape), show(part.parameters), show(part.macs), *field)
        yield row(name, cells)


def field_steps(placed: Placed, show: Show) -> str:
    """How the receptive field grows, layer by layer; what adds nothing is left out.

    Raises:
        ValueError: If the axes differ.
    """
    body = f"<tbody>{''.join(_field_rows(placed, show))}</tbody>"
    headings = ("Layer", "Window", "Stride", "Receptive field", "Jump")
    return frame(headings, body, "The receptive field, step by step")


def _field_rows(placed: Placed, show: Show) -> Iterator[str]:
    for layer in placed.rows:
        window = layer.placed.receptive_field
        if not window.fields or all(field.is_identity for field in window.fields):
            continue
        cells = (show(window.size), show(window.stride), *_field_cells(layer.receptive_field, show))
        yield row(_layer_name(layer), cells)


def _layer_name(layer: Row) -> str:
    """A layer's name with its kind; one without a name by its place, counted from 1."""
    if layer.name.isdigit():
        return f"{int(layer.name) + 1}. {layer.kind}"
    return f"{layer.name}, {layer.kind}" if layer.name else layer.kind


def _range_cells(first: ReceptiveField, last: ReceptiveField, show: Show) -> tuple[str, str]:
    """What like parts that stand one behind the other see, from the first to the last."""
    size, jump = _field_cells(last, show)
    return (size if first.size == last.size else f"{show(first.size)} to {size}", jump)


def _field_cells(field: ReceptiveField, show: Show) -> tuple[str, str]:
    return (show(field.size), show(field.stride)) if field.fields else ("", "")


def _download(file: str, what: str) -> str:
    link = f'<a href="{file}" download aria-label="{escape(what)} as CSV">CSV</a>'
    return f'<p class="cnn-downloads">{link}</p>'


def _plain_shape(sizes: Shape) -> str:
    return shape(sizes, lambda size, text="": str(size))


# -- files


COUNTS = ("parameters", "weights", "macs", "connections")
FIELD = {"receptive_field": "size", "stride": "stride", "padding": "padding"}
"""What is said of a receptive field, and what it is called there."""


def networks_csv(networks: Mapping[str, Network]) -> str:
    """All networks with their totals, one a line."""
    facts = ("name", "title", "variant", "year", "source")
    lines = []
    for network in networks.values():
        placed = network.on()
        counts = _counts(placed, placed.receptive_field)
        own = (getattr(network, fact) for fact in facts)
        lines.append([*own, _times(placed.input_shape), *counts])
    return _csv([(*facts, "input_shape", *COUNTS, *FIELD), *lines])


def layers_csv(placed: Placed) -> str:
    """All layers of a network, one a line."""
    lines = []
    for one in placed.rows:
        counts = _counts(one.placed, one.receptive_field)
        lines.append([one.name, one.kind, _times(one.placed.output_shape), *counts])
    return _csv([("layer", "kind", "output_shape", *COUNTS, *FIELD), *lines])


def _counts(placed: Placed, field: ReceptiveField) -> Iterator[str]:
    yield from (str(getattr(placed, column)) for column in COUNTS)
    yield from (str(getattr(field, what)) if field.fields else "" for what in FIELD.values())


def _times(sizes: Shape) -> str:
    return "x".join(map(str, sizes))


def _csv(lines: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()
