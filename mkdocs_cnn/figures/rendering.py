"""Declared figures made into files, by way of the cache.

matplotlib is imported only when something has to be drawn.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.figures.catalogue import figure_code
from mkdocs_cnn.figures.declaration import Parameter, find_figure
from mkdocs_cnn.figures.processes import beside
from mkdocs_cnn.figures.style import MEDIA, THEMES, Look
from mkdocs_cnn.fingerprint import digest, versions
from mkdocs_cnn.quantities.quantity import from_plain, to_plain
from mkdocs_cnn.quantities.sentences import Words

FORMATS = ("svg", "png", "pdf")
_UNDATED = {"svg": {"Date": None}, "png": {}, "pdf": {"CreationDate": None}}


@dataclass(frozen=True)
class Described:
    """What `figure` declared of a figure, filled in, for the page that shows it."""

    title: str
    caption: Words
    alt: Words
    aspect: float


@dataclass(frozen=True)
class Drawing:
    """One figure with its parameters, to be had in every theme and format.

    Raises:
        UnknownNameError: If there is no such figure or medium.
    """

    name: str
    parameters: Mapping[str, Parameter]  # those that differ from the defaults
    cache: Cache  # where files are looked for, and kept
    medium: str = "page"  # or "slide"
    transparent: bool = False  # whether to leave out the theme's background

    def __post_init__(self) -> None:
        self._fingerprint  # noqa: B018  # a name that does not exist is an error here, not later
        MEDIA[self.medium]

    def described(self) -> Described:
        """The figure's words; from the cache where it has them.

        Raises:
            TypeError: If a parameter is unknown or of the wrong type.
            ValueError: If the parameters describe nothing that can be drawn.
        """
        kept = self.cache.remembered(digest(self._fingerprint, "words"), self._words)
        words = {
            part: Words(kept[part][0], *map(from_plain, kept[part][1]))
            for part in ("caption", "alt")
        }
        return Described(**{**kept, **words})

    def _words(self) -> dict[str, Any]:
        """Title and aspect, and of caption and alt text the template and its numbers."""
        figure = find_figure(self.name)
        facts = figure.known(figure.bound(self.parameters))
        kept: dict[str, Any] = {"title": figure.title, "aspect": figure.aspect}
        for part in ("caption", "alt"):
            words = figure.sentence(part, facts)
            kept[part] = [words.template, list(map(to_plain, words.numbers))]
        return kept

    def files(
        self, themes: Iterable[str] = tuple(THEMES), formats: Iterable[str] = FORMATS
    ) -> dict[tuple[str, str], Path]:
        """The files by (theme, format); what the cache does not hold is drawn.

        Raises:
            UnknownNameError: If there is no such theme or format.
            TypeError: If a parameter is unknown or of the wrong type.
            ValueError: If the parameters describe nothing that can be drawn.
        """
        wanted = list(itertools.product(themes, formats))
        missing = list(dict.fromkeys(theme for theme, _ in self._missing(wanted)))
        if len(missing) > 1:
            find_figure(self.name)  # imported once, for all processes
            with beside(partial(self._draw_missing, wanted, theme) for theme in missing[1:]):
                self._draw_missing(wanted, missing[0])
        for theme in missing:  # what is still missing, for whatever reason
            self._draw_missing(wanted, theme)
        return {one: self.cache.path(self._key(*one), one[1]) for one in wanted}

    def _missing(self, wanted: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [one for one in wanted if not self.cache.holds(self._key(*one), one[1])]

    def _draw_missing(self, wanted: Iterable[tuple[str, str]], theme: str) -> None:
        formats = [format_ for of, format_ in self._missing(wanted) if of == theme]
        for format_, content in self._drawn(theme, formats).items() if formats else ():
            self.cache.write(self._key(theme, format_), format_, content)

    @cached_property
    def _fingerprint(self) -> str:
        code, made_with = figure_code(self.name, self.cache), versions("matplotlib", "numpy")
        return digest(self.name, dict(self.parameters), code, made_with)

    def _key(self, theme: str, format_: str) -> str:
        return digest(self._fingerprint, theme, format_, self.medium, self.transparent)

    def _drawn(self, theme: str, formats: Iterable[str]) -> dict[str, bytes]:
        import matplotlib as mpl  # only now is it certain to be needed
        from matplotlib.figure import Figure

        figure, sheet = find_figure(self.name), MEDIA[self.medium]
        bound = figure.bound(self.parameters)
        size = (sheet.width, sheet.height or sheet.width * figure.aspect)
        look = Look(THEMES[theme], sheet, wide=size[0] > 1.5 * size[1])
        settings: Any = {**mpl.rcParamsDefault, **look.settings()}  # its keys are not literals
        with mpl.rc_context(settings):
            fig = Figure(figsize=size)
            figure.drawn_on(fig, look, bound)
            fig.draw_without_rendering()
            mpl.rcParams["figure.constrained_layout.use"] = False
            fig.set_layout_engine(None)  # laid out once, for every format alike
            return {format_: self._saved(fig, format_) for format_ in formats}

    def _saved(self, fig: Any, format_: str) -> bytes:
        file, dpi, metadata = io.BytesIO(), MEDIA[self.medium].dpi, _UNDATED[format_]
        how = {"metadata": metadata, "transparent": self.transparent}
        fig.savefig(file, format=format_, dpi=dpi, **how)
        return file.getvalue()
