"""The pluglet for mkdocs-macros: the only module that knows the site generator.

    plugins:
      - macros:
          modules: [mkdocs_cnn.macros]

A page writes `{% set lesson = Conv2d(3, 6, kernel_size=5).on(3, 32, 32) %}` and then
`{{ lesson.dense.weights }}`: it types inputs, never results.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from logging import WARNING
from pathlib import Path
from typing import Any

from mkdocs_cnn.cache import cache_folder, open_cache, write_whole
from mkdocs_cnn.pages import html, mathematics
from mkdocs_cnn.pages.mathematics import log
from mkdocs_cnn.pages.mistakes import guard
from mkdocs_cnn.pages.numbers import SECTION, NumbersOnPage
from mkdocs_cnn.pages.vocabulary import LISTINGS, Vocabulary
from mkdocs_cnn.registry import content_folders, place_in_content, use_content

ASSETS = Path(__file__).parent / "pages" / "assets"
STYLE = "assets/mkdocs_cnn/mkdocs_cnn.css"
_OURS = Vocabulary.__module__


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
        if getattr(env.filters.get(name), "__module__", _OURS) != _OURS:
            raise _taken(name)
        env.filter(function, name)
    if STYLE not in env.conf["extra_css"]:
        env.conf["extra_css"].insert(0, STYLE)  # first, so that the site's own styles win
    _listen(env, "page_context", site.add_derivations)
    _listen(env, "post_page", site.check_derivations)


def _listen(env: Any, event: str, listener: Callable[..., Any]) -> None:
    """Call a listener at an event of MkDocs, after those of all plugins and hooks."""
    listeners = env.conf["plugins"].events[event]
    # Those of an earlier build of the same configuration are still there.
    listeners[:] = [other for other in listeners if getattr(other, "__module__", "") != __name__]
    listeners.append(listener)


def on_pre_page_macros(env: Any) -> None:
    """Begin a page: its numbers are counted from one."""
    env.mkdocs_cnn.begin_page()


def on_post_page_macros(env: Any) -> None:
    """End a page: which numbers it shows is known now."""
    env.mkdocs_cnn.end_page()


def on_post_build(env: Any) -> None:
    """Publish every number and every figure of the site as JSON."""
    env.mkdocs_cnn.publish(Path(env.conf["site_dir"]))


class Site:
    """One build of one site, with mkdocs-macros' environment: what its pages have shown so far."""

    def __init__(self, env: Any) -> None:
        self._env = env
        self.settings = _settings((env.conf["extra"] or {}).get("mkdocs_cnn") or {})
        self._use_content()
        folder = cache_folder(Path(env.project_dir), self.settings.get("cache"))
        self._cache = open_cache(folder)
        self._vocabulary = Vocabulary(self, self._cache)
        self._pages: dict[str, NumbersOnPage] = {}  # by the page's address
        self._provided: set[str] = set()
        self._reported: set[str] = set()
        prefix = self.settings.get("prefix") or ""
        try:
            macros, filters = self._vocabulary.macros(), self._vocabulary.filters()
        except (Exception, SystemExit) as error:  # whatever the layers of an author raise
            place = place_in_content(error)
            if not place and type(error) is not ValueError:  # ours, and those name the place
                raise
            where = f" ({place})" if place else ""
            raise _plugin_error(f"mkdocs_cnn: {type(error).__name__}: {error}{where}") from None
        self.own_macros = {prefix + name: macro for name, macro in macros.items()}
        self.own_filters = {prefix + name: filter_ for name, filter_ in filters.items()}

    def _use_content(self) -> None:
        """Take the packages that mkdocs.yml names for content, and serve them again when edited."""
        packages = self.settings.get("content") or []
        folder = Path(self._env.project_dir)
        try:
            use_content([packages] if isinstance(packages, str) else packages, folder)
        except ModuleNotFoundError as error:
            raise _plugin_error(f"mkdocs_cnn: extra: mkdocs_cnn: content: {error}") from None
        if packages:
            # A .pyc file in a folder that is watched would be a change, and cause another build.
            sys.dont_write_bytecode = True
        watched = self._env.conf.get("watch", [])
        watched += [str(place) for place in content_folders() if str(place) not in watched]

    # -- what the vocabulary asks of the site

    @property
    def page(self) -> str:
        """The address of the present page below the site's root."""
        return str(self._env.page.url)

    def address(self, listing: str) -> str | None:
        """The address of the page with the "references" or "experiments"; None where it is not."""
        page = self.settings.get(listing, f"{listing}.md")
        known = self._env.variables["files"].get_file_from_path(page)
        return known.url if known else None

    def provide(self, uri: str, path: Path) -> None:
        """Publish a file at this address."""
        from mkdocs.structure.files import File  # other generators lack it

        if uri not in self._provided:
            self._provided.add(uri)
            file = File.generated(self._env.conf, uri, abs_src_path=str(path))
            self._env.variables["files"].append(file)

    # -- what the build does around pages

    def begin_page(self) -> None:
        """Count the numbers of the next page from one, and watch over its mistakes."""
        page = self._env.page
        self._vocabulary.numbers = self._pages[page.url] = NumbersOnPage(page.url)
        self.provide(STYLE, ASSETS / "mkdocs_cnn.css")
        self._refuse_overwritten()
        mathematics.where = self._where
        if self._env.config["on_error_fail"]:  # mkdocs-macros stops at the first mistake
            self._env.env.finalize = self._vocabulary.printed
        else:
            guard(self._env.env, self._report, self._vocabulary.printed)
        for name in self.own_macros.keys() & page.meta.keys():
            self._report(None, f"front matter sets {name!r}, which is a macro; {_REMEDY}")

    def end_page(self) -> None:
        """Note which numbers the page shows; see that its title is plain text."""
        page = self._env.page
        if html.numbers_in(page.title or ""):
            # Every page's navigation has this title, and a number opens on its own page only.
            page.title = html.without_buttons(page.title)
        self._env.markdown = self._vocabulary.numbers.end(self._env.markdown)

    def add_derivations(self, context: Any, *, page: Any, **_: Any) -> None:
        """Put what a page's numbers open to at the end of its HTML.

        It is most of the page. Markdown need not parse it, and the search, which reads pages at
        this event, not index it; but whatever rewrites finished pages finds it in its place.
        """
        if page.url in self._pages and (section := self._pages[page.url].derivations()):
            page.content = f"{page.content}\n{section}"

    def check_derivations(self, output: str, *, page: Any, **_: Any) -> None:
        """See that the numbers of a finished page open."""
        if "cnn-number" in output and "cnn-derivations" not in output:
            message = (
                "%s: the numbers of this page open to nothing: %s, which holds their workings, is "
                "not there any more; a plugin or a hook that rewrites pages must leave it in"
            )
            log.warning(message, page.file.src_uri, SECTION)

    def publish(self, site_dir: Path) -> None:
        """Write `numbers.json` and the figures' index, and delete what the cache holds in vain.

        Raises:
            PluginError: In a strict build so quiet that MkDocs does not count the mistakes.
        """
        if self._env.conf["strict"] and self._reported and not log.isEnabledFor(WARNING):
            raise _plugin_error("\n".join(["mkdocs_cnn: mistakes in pages", *self._reported]))
        if len(self._pages) < len(self._env.variables["files"].documentation_pages()):
            log.info("not all pages were built: numbers.json and figures/ stay as they are")
            return
        entries = [entry for url in sorted(self._pages) for entry in self._pages[url].entries()]
        _write_json(site_dir / "numbers.json", entries)
        _write_json(site_dir / "figures" / "index.json", self._vocabulary.published_figures.index())
        self._cache.prune()

    def _where(self, source: str) -> str:
        file = self._env.page.file
        before, match, _ = file.content_string.partition(source)
        line = f":{before.count(chr(10)) + 1}" if match else ""
        return f"{file.src_uri}{line}: "

    def _report(self, line: int | None, message: str) -> None:
        page = self._env.page
        # The template begins below the front matter, which MkDocs has taken off.
        above = page.file.content_string.count("\n") - (page.markdown or "").count("\n")
        place = f"{page.file.src_uri}:{line + max(above, 0)}" if line else page.file.src_uri
        warning = f"{place}: {message}"
        if warning not in self._reported:  # a loop makes the same mistake every time round
            self._reported.add(warning)
            log.warning("%s", warning)

    def _refuse_overwritten(self) -> None:
        env = self._env
        for own, theirs in ((self.own_macros, env.macros), (self.own_filters, env.filters)):
            for name, function in own.items():
                if theirs[name] is not function:
                    raise _taken(name)
        for name in self.own_macros:
            if name in env.variables:
                raise _taken(name)


_REMEDY = (
    "rename that, or set a prefix for all names of mkdocs_cnn in mkdocs.yml: "
    "extra: {mkdocs_cnn: {prefix: cnn_}}"
)


def _settings(extra: Any) -> Mapping[str, Any]:
    """What mkdocs.yml says below `extra: mkdocs_cnn`, checked."""
    if isinstance(extra, Mapping) and extra.keys() <= {"prefix", "content", "cache", *LISTINGS}:
        prefix, cache = extra.get("prefix") or "", extra.get("cache") or ""
        if (prefix == "" or str(prefix).isidentifier()) and isinstance(cache, str):
            return dict(extra)
    raise _plugin_error(
        "mkdocs_cnn: extra: mkdocs_cnn takes settings such as {prefix: cnn_, references: "
        "references.md, cache: ../cache}, where the prefix begins a name and cache is a folder or "
        f"false, not {extra!r}"
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
    write_whole(path, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
