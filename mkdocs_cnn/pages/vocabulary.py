"""What pages call, whatever generates the site.

The claims are imported only where something has to be said of them that is not remembered.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, Protocol

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.claims import claims, sources
from mkdocs_cnn.figures.catalogue import explorers, figure_names, figure_rests_on
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.rendering import Drawing
from mkdocs_cnn.fingerprint import digest, sources_digest
from mkdocs_cnn.layers import Placed, Shape, known_layers
from mkdocs_cnn.layers.window_sum import window_sum
from mkdocs_cnn.networks import networks
from mkdocs_cnn.pages import (
    arguments,
    experiments,
    figures,
    html,
    measurements,
    network_tables,
    tables,
)
from mkdocs_cnn.pages import claims as quotations
from mkdocs_cnn.pages.measurements import NamedNumbers
from mkdocs_cnn.pages.numbers import NumbersOnPage, with_records
from mkdocs_cnn.quantities.quantity import Quantity, quantity
from mkdocs_cnn.quantities.rounding import round_to_digits
from mkdocs_cnn.registry import UnknownNameError

SCRIPTS = Path(__file__).parent / "explorers"

LISTINGS = ("references", "experiments")  # pages that a site may have, to which others lead


class Host(Protocol):
    """The site, as far as what pages call has to do with it."""

    @property
    def page(self) -> str:
        """The address of the present page below the site's root."""

    def address(self, listing: str) -> str | None:
        """The address of the page with the "references" or "experiments"; None where it is not."""

    def provide(self, uri: str, path: Path) -> None:
        """Publish a file at this address."""


class Vocabulary:
    """The macros and filters of one build of one site, whose answers a cache keeps."""

    def __init__(self, host: Host, cache: Cache) -> None:
        self._host = host
        self._cache = cache
        self.numbers = NumbersOnPage("")  # what the present page has shown so far
        self.published_figures = figures.PublishedFigures()  # of all pages so far

    def macros(self) -> dict[str, Any]:
        """What a page may call, or look into, by name."""
        results = self.measured, self.experiment, self.protocol
        pictures = self.figure, self.figures, self.explorer
        listings = self.worked, self.table, self.field, self.layers_of
        overviews = self.networks_table, self.breaks_table
        sayings = self.claim, self.claims, self.cite, self.references
        own = (*results, *pictures, *listings, *overviews, *sayings)
        return {
            **known_layers(),
            "networks": networks,
            "quantity": quantity,
            "window_sum": window_sum,
            **measurements.FORMULAS,
            **{macro.__name__: macro for macro in own},
        }

    def filters(self) -> dict[str, Callable[..., Any]]:
        """What a page may put behind a number, by name."""
        return {"about": self.about, "units": self.units, "formula": self.formula}

    # -- what a page prints

    def printed(self, value: Any) -> Any:
        """What stands on the page for a value: numbers open, the rest is Jinja's business."""
        if isinstance(value, Quantity):
            return self.numbers.show(value)
        return html.shape(value, self.numbers.show) if isinstance(value, Shape) else value

    def _answer(self, macro: str, *parameters: Any, make: Callable[[html.Show], str]) -> str:
        """What `make` writes, which is made once and then kept until a source of ours changes.

        `parameters` are all that the answer of the macro depends on besides our sources and the way
        from the page to the site's root and listings; `make` is handed what writes a number.
        """
        asked = "macro", macro, parameters, [self._root(), *map(self._host.address, LISTINGS)]
        text, records = self._cache.answer(*asked, make=lambda: with_records(make))
        self.numbers.add(records)
        return str(text)

    # -- figures

    def figure(self, name: str, *, id: str = "", **parameters: int | str) -> str:
        """A figure with caption and downloads, at `figures/<id or name>.<theme>.<format>`."""
        drawing = Drawing(name, arguments.plain(parameters), self._cache)
        return self._figure(drawing, id or name, self._host.page)

    def figures(self) -> str:
        """Every figure there is, each under the name by which it can be asked for."""
        return "".join(
            figures.figure_name(name) + self._figure(Drawing(name, {}, self._cache), name)
            for name in figure_names(self._cache)
        )

    def explorer(self, name: str, *, id: str = "", **parameters: int) -> str:
        """A figure that, where scripts run, the reader can step through or change."""
        figures_of = self._cache.answer("explorers", make=explorers)
        if name not in figures_of:
            raise UnknownNameError("explorer", name, figures_of)
        figure, plain = figures_of[name], arguments.plain(parameters)
        attributes = self._cache.answer(
            "explorer", figure, plain, make=lambda: find_figure(figure).attributes(plain)
        )
        return self._alive(name, attributes, self.figure(figure, id=id, **parameters))

    def _alive(self, element: str, settings: Mapping[str, int | str], still: str) -> str:
        """What stands still, in the element that brings it to life where scripts run."""
        for script in SCRIPTS.glob("*.js"):
            self._host.provide(f"{figures.EXPLORERS}/{script.name}", script)
        return figures.explorer(element, settings, still, self._root())

    def _figure(self, drawing: Drawing, address: str, page: str | None = None) -> str:
        drawing.described()  # what has no words is not published
        published = self.published_figures.publish(drawing, address, page=page)
        rests_on = figure_rests_on(drawing.name, self._cache)
        for uri, path in (*published.files.items(), *experiments.files(rests_on)):
            self._host.provide(uri, path)

        def make(show: html.Show) -> str:
            links = experiments.links(rests_on, self._root(), self._host.address("experiments"))
            return figures.figure(address, drawing.described(), self._root(), show, links)

        return self._answer("figure", address, drawing.name, drawing.parameters, make=make)

    # -- experiments

    def experiment(self, name: str, /, **parameters: Any) -> NamedNumbers:
        """Numbers that an experiment gave; each is an attribute."""
        return experiments.numbers(self._cache, name, arguments.plain(parameters))

    def protocol(self, name: str) -> str:
        """How an experiment was made, and how to repeat it."""
        protocol = self._answer(
            "protocol", name, make=lambda show: experiments.protocol(name, self._root(), show)
        )
        for uri, path in experiments.files([name]):
            self._host.provide(uri, path)
        return protocol

    # -- layers and numbers

    def measured(self, name: str, /, **parameters: Any) -> NamedNumbers:
        """Numbers that need arrays: measured once, then kept; each is an attribute."""
        return measurements.numbers(self._cache, name, arguments.plain(parameters))

    def breaks_table(self, image: str = "noise", by: Sequence[int] = (0, 2)) -> str:
        """What breaks equivariance, and by how much."""
        asked = image, arguments.plain(by)
        return self._answer(
            "breaks_table", *asked, make=lambda show: tables.breaks_table(*asked, show)
        )

    def worked(self, placed: Placed) -> str:
        """One layer on one input, step by step."""
        return html.worked(arguments.layer_on_input(placed), self.numbers.show)

    def table(self, rows: Mapping[str, Any], *columns: str, caption: str = "") -> str:
        """A table of layers or of numbers."""
        return tables.table(rows, columns, self.numbers.show, caption=caption)

    def field(self, placed: Placed) -> str:
        """How the receptive field grows, layer by layer."""
        return network_tables.field_steps(arguments.layer_on_input(placed), self.numbers.show)

    def networks_table(self) -> str:
        """All networks with their totals, to be sorted and filtered where scripts run."""
        file = self._file("networks.csv", lambda: network_tables.networks_csv(networks))

        def make(show: html.Show) -> str:
            return network_tables.all_networks(networks, show, self._source_link, file)

        table = self._answer("networks_table", make=make)
        return self._alive("sortable-table", {"filter-label": "Find a network"}, table)

    def layers_of(self, name: str) -> str:
        """A network part by part, folded, with a file of all its layers."""
        network = networks[name]
        file = self._file(f"networks/{name}.csv", lambda: network_tables.layers_csv(network.on()))
        return self._answer(
            "layers_of", name, make=lambda show: network_tables.one_network(network, show, file)
        )

    def _file(self, uri: str, make: Callable[[], str]) -> str:
        """The way to a text file that our sources alone decide; made, and kept, where needed."""
        fingerprint = digest(sources_digest(), "file", uri)
        extension = uri.rpartition(".")[2]
        if not self._cache.holds(fingerprint, extension):
            self._cache.write(fingerprint, extension, make().encode())
        self._host.provide(uri, self._cache.path(fingerprint, extension))
        return f"{self._root()}{uri}"

    def about(self, number: Quantity, *, digits: int = 3, binary: bool = False) -> str:
        """The number rounded for reading: "14.5 million"; bytes as "553 MB" or "528 MiB"."""
        arguments.number(number)
        return self.numbers.show(
            number, round_to_digits(number.value, number.unit, digits, binary=binary)
        )

    def units(self, number: Quantity) -> str:
        """The number with its unit: "456 parameters"."""
        return f"{self.numbers.show(arguments.number(number))} {escape(html.units(number))}"

    def formula(self, number: Quantity) -> str:
        """The number's formula, set as mathematics."""
        return html.formula(arguments.number(number))

    # -- what others say

    def claim(self, name: str) -> str:
        """What a source says, recomputed."""
        return self._answer("claim", name, make=lambda show: self._claim(name, show))

    def claims(self, source: str = "") -> str:
        """The ledger: every claim, or those of one source."""
        return self._answer("claims", source, make=lambda show: self._claims(source, show))

    def cite(self, key: str, locator: str = "") -> str:
        """A citation that leads to the list of references."""
        return self._answer(
            "cite", key, locator, make=lambda _: f"({self._source_link(key, locator)})"
        )

    def references(self) -> str:
        """The list of all sources."""
        return self._answer("references", make=lambda _: quotations.references(sources().values()))

    def _claim(self, name: str, show: html.Show) -> str:
        claim = claims()[name]
        return quotations.claim(claim, self._source_link(claim.source.key, claim.locator), show)

    def _claims(self, source: str, show: html.Show) -> str:
        wanted = sources()[source] if source else None
        chosen = [claim.name for claim in claims().values() if wanted in (None, claim.source)]
        return "".join(self._claim(name, show) for name in chosen)

    def _source_link(self, key: str, locator: str = "") -> str:
        page = self._host.address("references")
        address = "" if page is None else f"{self._root()}{page}#ref-{key}"
        return quotations.reference(sources()[key], locator, address)

    # -- ways from the present page

    def _root(self) -> str:
        """The way to the site's root, ending in a slash."""
        folder = posixpath.dirname(self._host.page)
        return posixpath.relpath(".", folder or ".") + "/"
