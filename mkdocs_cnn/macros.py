"""The pluglet for mkdocs-macros: the only module that knows the site generator.

    plugins:
      - macros:
          modules: [mkdocs_cnn.macros]

A page writes `{% set lesson = Conv2d(3, 6, kernel_size=5).on(3, 32, 32) %}` and then
`{{ lesson.dense.weights }}`: it types inputs, never results.
"""

from __future__ import annotations

import json
import operator
import posixpath
from collections.abc import Callable, Mapping
from html import escape
from logging import WARNING
from pathlib import Path
from typing import Any

from mkdocs_cnn import quotations, render
from mkdocs_cnn.cache import Cache, write_whole
from mkdocs_cnn.claims import claims as all_claims
from mkdocs_cnn.claims.sources import SOURCES, Source
from mkdocs_cnn.core.layers import Conv2d, Linear, LocallyConnected2d, Placed, Shape
from mkdocs_cnn.core.window import window_sum
from mkdocs_cnn.figures.catalogue import figure_names
from mkdocs_cnn.figures.drawing import Drawing
from mkdocs_cnn.guard import guard
from mkdocs_cnn.numbers import NumbersOnPage
from mkdocs_cnn.published import PublishedFigures
from mkdocs_cnn.quantity import Quantity, quantity
from mkdocs_cnn.registry import Registry
from mkdocs_cnn.rounding import rounded

ASSETS = Path(__file__).parent / "assets"
STYLE = "assets/mkdocs_cnn/mkdocs_cnn.css"
SCRIPTS = Path(__file__).parent / "explorers"
LAYERS = (Conv2d, LocallyConnected2d, Linear)

# The parameters of each explorer, which are those of the figure of the same name.
EXPLORERS: Registry[Mapping[str, int]] = Registry("explorer")
EXPLORERS.add("vectorised-image", {"size": 3, "kernel_size": 2})


def define_env(env: Any) -> None:
    """Give the site's pages the names of this package; mkdocs-macros calls this once a build.

    Raises:
        PluginError: If the site has given one of the names to something else.
    """
    site = Site(env)
    env.mkdocs_cnn = site
    for name, function in site.own_macros.items():
        if name in env.macros or name in env.variables:
            raise _taken(name)
        env.macro(function, name)
    for name, function in site.own_filters.items():
        # The filters of an earlier build of the same configuration are still there.
        if getattr(env.filters.get(name), "__module__", __name__) != __name__:
            raise _taken(name)
        env.filter(function, name)
    if STYLE not in env.conf["extra_css"]:
        env.conf["extra_css"].insert(0, STYLE)  # first, so that the site's own styles win


def on_pre_page_macros(env: Any) -> None:
    """Begin a page: its numbers are counted from one."""
    env.mkdocs_cnn.begin_page()


def on_post_page_macros(env: Any) -> None:
    """End a page: what its numbers open to stands at its end."""
    env.mkdocs_cnn.end_page()


def on_post_build(env: Any) -> None:
    """Publish every number and every figure of the site as JSON."""
    env.mkdocs_cnn.publish(Path(env.conf["site_dir"]))


class Site:
    """One build of one site: what its pages have shown so far.

    Args:
        env: mkdocs-macros' environment.
    """

    def __init__(self, env: Any) -> None:
        self._env = env
        self.settings = _settings((env.conf["extra"] or {}).get("mkdocs_cnn") or {})
        self.numbers = NumbersOnPage("")
        self._cache = Cache(Path(env.project_dir) / ".cache" / "mkdocs_cnn")
        self._figures = PublishedFigures()
        self._pages: dict[str, NumbersOnPage] = {}
        self._provided: set[str] = set()
        self._reported: set[str] = set()
        prefix = self.settings.get("prefix") or ""
        self.own_macros = {prefix + name: macro for name, macro in self.macros().items()}
        self.own_filters = {prefix + name: filter_ for name, filter_ in self.filters().items()}

    # -- what pages call

    def macros(self) -> dict[str, Callable[..., Any]]:
        """What a page may call, by name."""
        return {
            **{layer.__name__: layer for layer in LAYERS},
            "quantity": quantity,
            "window_sum": window_sum,
            "figure": self.figure,
            "figures": self.figures,
            "explorer": self.explorer,
            "worked": self.worked,
            "table": self.table,
            "claim": self.claim,
            "claims": self.claims,
            "cite": self.cite,
            "references": self.references,
        }

    def filters(self) -> dict[str, Callable[..., Any]]:
        """What a page may put behind a number, by name."""
        return {"about": self.about, "units": self.units, "formula": self.formula}

    def figure(self, name: str, *, id: str = "", **parameters: int | str) -> str:
        """A figure with caption and downloads, at `figures/<id or name>.<theme>.<format>`."""
        plain = {key: _plain(value) for key, value in parameters.items()}
        return self._figure(Drawing(name, plain, self._cache), id or name, self._env.page.url)

    def figures(self) -> str:
        """Every figure there is, each under the name by which it can be asked for."""
        return "".join(
            render.named(name) + self._figure(Drawing(name, {}, self._cache), name)
            for name in figure_names(self._cache)
        )

    def explorer(self, name: str, *, id: str = "", **parameters: int) -> str:
        """A figure that, where scripts run, the reader can step through or change."""
        settings = {**EXPLORERS[name], **parameters}
        figure = self.figure(name, id=id, **parameters)
        for script in SCRIPTS.glob("*.js"):
            self._provide(f"{render.EXPLORERS}/{script.name}", script)
        return render.explorer(name, settings, figure, self._root())

    def _figure(self, drawing: Drawing, address: str, page: str | None = None) -> str:
        published = self._figures.use(drawing, address, page=page)
        for uri, path in published.files.items():
            self._provide(uri, path)
        return render.figure(address, published.described, self._root(), self.show)

    def worked(self, placed: Placed) -> str:
        """One layer on one input, step by step."""
        return render.worked(_placed(placed), self.show)

    def table(self, rows: Mapping[str, Any], *columns: str, caption: str = "") -> str:
        """A table of layers or of numbers."""
        return render.table(rows, columns, self.show, caption=caption)

    def claim(self, name: str) -> str:
        """What a source says, recomputed."""
        claim = all_claims()[name]
        return quotations.claim(claim, self._reference(claim.source, claim.locator), self.show)

    def claims(self, source: str = "") -> str:
        """The ledger: every claim, or those of one source."""
        wanted = SOURCES[source] if source else None
        chosen = [claim for claim in all_claims().values() if wanted in (None, claim.source)]
        return "".join(self.claim(claim.name) for claim in chosen)

    def cite(self, key: str, locator: str = "") -> str:
        """A citation that leads to the list of references."""
        return f"({self._reference(SOURCES[key], locator)})"

    def references(self) -> str:
        """The list of all sources."""
        return quotations.references(SOURCES.values())

    def about(self, number: Quantity) -> str:
        """The number rounded for reading: "14.5 million"."""
        known = _quantity(number)
        return self.numbers.show(known, rounded(known.value, known.unit))

    def units(self, number: Quantity) -> str:
        """The number with its unit: "456 parameters"."""
        return f"{self.show(_quantity(number))} {escape(render.units(number))}"

    def formula(self, number: Quantity) -> str:
        """The number's formula, set as mathematics."""
        return render.formula(_quantity(number))

    # -- what the build does around them

    def show(self, number: Quantity) -> str:
        """A number on the present page that opens to its working."""
        return self.numbers.show(number)

    def begin_page(self) -> None:
        """Count the numbers of the next page from one, and watch over its mistakes."""
        page = self._env.page
        self.numbers = self._pages[page.url] = NumbersOnPage(page.url)
        self._provide(STYLE, ASSETS / "mkdocs_cnn.css")
        self._refuse_overwritten()
        render.where = self._where
        if self._env.config["on_error_fail"]:  # mkdocs-macros stops at the first mistake
            self._env.env.finalize = self._shown
        else:
            guard(self._env.env, self._report, self._shown)
        for name in self.own_macros.keys() & page.meta.keys():
            self._report(None, f"front matter sets {name!r}, which is a macro; {_REMEDY}")

    def end_page(self) -> None:
        """Put what the page's numbers open to at its end, and see that its title is plain text."""
        page = self._env.page
        if render.numbers_in(page.title or ""):
            # Every page's navigation has this title, and a number opens on its own page only.
            page.title = render.without_buttons(page.title)
        self._env.markdown = self.numbers.end(self._env.markdown)

    def publish(self, site_dir: Path) -> None:
        """Write `numbers.json` and `figures/index.json`.

        Raises:
            PluginError: In a strict build so quiet that MkDocs does not count the mistakes.
        """
        if self._env.conf["strict"] and self._reported and not render.log.isEnabledFor(WARNING):
            raise _plugin_error("\n".join(["mkdocs_cnn: mistakes in pages", *self._reported]))
        if len(self._pages) < len(self._env.variables["files"].documentation_pages()):
            render.log.info("not all pages were built: numbers.json and figures/ stay as they are")
            return
        numbers = [entry for url in sorted(self._pages) for entry in self._pages[url].entries()]
        _write_json(site_dir / "numbers.json", numbers)
        _write_json(site_dir / "figures" / "index.json", self._figures.index())

    def _shown(self, value: Any) -> Any:
        if isinstance(value, Quantity):
            return self.show(value)
        return render.shape(value, self.show) if isinstance(value, Shape) else value

    def _where(self, source: str) -> str:
        file = self._env.page.file
        before, found, _ = file.content_string.partition(source)
        line = f":{before.count(chr(10)) + 1}" if found else ""
        return f"{file.src_uri}{line}: "

    def _report(self, line: int | None, message: str) -> None:
        page = self._env.page
        # The template begins below the front matter, which MkDocs has taken off.
        above = page.file.content_string.count("\n") - (page.markdown or "").count("\n")
        place = f"{page.file.src_uri}:{line + max(above, 0)}" if line else page.file.src_uri
        warning = f"{place}: {message}"
        if warning not in self._reported:  # a loop makes the same mistake every time round
            self._reported.add(warning)
            render.log.warning("%s", warning)

    def _refuse_overwritten(self) -> None:
        env = self._env
        for own, theirs in ((self.own_macros, env.macros), (self.own_filters, env.filters)):
            for name, function in own.items():
                if theirs[name] is not function:
                    raise _taken(name)
        for name in self.own_macros:
            if name in env.variables:
                raise _taken(name)

    def _provide(self, uri: str, path: Path) -> None:
        from mkdocs.structure.files import File  # other generators lack it

        if uri not in self._provided:
            self._provided.add(uri)
            file = File.generated(self._env.conf, uri, abs_src_path=str(path))
            self._env.variables["files"].append(file)

    def _root(self) -> str:
        """The way from the present page to the site's root, ending in a slash."""
        folder = posixpath.dirname(self._env.page.url)
        return posixpath.relpath(".", folder or ".") + "/"

    def _reference(self, source: Source, locator: str) -> str:
        page = self.settings.get("references", "references.md")
        known = self._env.variables["files"].get_file_from_path(page)
        address = f"{self._root()}{known.url}#ref-{source.key}" if known else ""
        return quotations.reference(source, locator, address)


def _placed(placed: object) -> Placed:
    if isinstance(placed, Placed):
        return placed
    raise TypeError(f"takes a layer on an input, as in Conv2d(…).on(…), not {placed!r}")


def _plain(parameter: Any) -> Any:
    return operator.index(parameter) if isinstance(parameter, Quantity) else parameter


def _quantity(number: object) -> Quantity:
    if isinstance(number, Quantity):
        return number
    raise TypeError(f"takes a computed number, not {type(number).__name__} {number!r}")


_REMEDY = (
    "rename that, or set a prefix for all names of mkdocs_cnn in mkdocs.yml: "
    "extra: {mkdocs_cnn: {prefix: cnn_}}"
)


def _settings(given: Any) -> Mapping[str, Any]:
    """What mkdocs.yml says below `extra: mkdocs_cnn`, checked."""
    prefix = (given.get("prefix") or "") if isinstance(given, Mapping) else None
    known = isinstance(given, Mapping) and given.keys() <= {"prefix", "references"}
    if known and (prefix == "" or str(prefix).isidentifier()):
        return dict(given)
    raise _plugin_error(
        "mkdocs_cnn: extra: mkdocs_cnn takes settings such as {prefix: cnn_, references: "
        f"references.md}}, where the prefix begins a name, not {given!r}"
    )


def _taken(name: str) -> Exception:
    return _plugin_error(
        f"mkdocs_cnn: the name {name!r} is taken by this site (in extra, or by another macro); "
        + _REMEDY
    )


def _plugin_error(message: str) -> Exception:
    from mkdocs.exceptions import PluginError  # other generators lack it

    return PluginError(message)  # MkDocs prints it without a traceback


def _write_json(path: Path, content: object) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    write_whole(path, text.encode())
