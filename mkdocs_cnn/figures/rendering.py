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
from mkdocs_cnn.figures.declaration import Parameter, declared
from mkdocs_cnn.figures.processes import beside
from mkdocs_cnn.figures.style import MEDIA, THEMES, Look
from mkdocs_cnn.fingerprint import digest, versions
from mkdocs_cnn.quantities.quantity import from_plain, to_plain
from mkdocs_cnn.quantities.sentences import Words

FORMATS = ("svg", "png", "pdf")
_UNDATED = {"svg": {"Date": None}, "png": {}, "pdf": {"CreationDate": None}}


@dataclass(frozen=True)
class Described:
    """A figure's words and proportions, for the page that shows it.

    Attributes:
        title: A few words for lists.
        caption: To stand below it.
        alt: To be read in its place.
        aspect: Height over width on a page.
    """

    title: str
    caption: Words
    alt: Words
    aspect: float


@dataclass(frozen=True)
class Drawing:
    """One figure with its parameters, to be had in every theme and format.

    Args:
        name: The figure's name.
        parameters: Those that differ from the defaults.
        cache: Where files are looked for, and kept.
        medium: "page" or "slide".
        transparent: Whether to leave out the theme's background.

    Raises:
        UnknownNameError: If there is no such figure or medium.
    """

    name: str
    parameters: Mapping[str, Parameter]
    cache: Cache
    medium: str = "page"
    transparent: bool = False

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
        return _from_plain(kept)

    def _words(self) -> dict[str, Any]:
        figure = declared(self.name)
        bound = figure.bound(self.parameters)
        facts = figure.known(bound)
        caption, alt = (figure.sentence(part, facts) for part in ("caption", "alt"))
        return _to_plain(Described(figure.title, caption, alt, figure.aspect))

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
            declared(self.name)  # imported once, for all processes
            with beside(partial(self._draw_missing, wanted, theme) for theme in missing[1:]):
                self._draw_missing(wanted, missing[0])
        for theme in missing:  # what is still missing, for whatever reason
            self._draw_missing(wanted, theme)
        return {(theme, format_): self._path(theme, format_) for theme, format_ in wanted}

    def _missing(self, wanted: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        return [
            (theme, format_)
            for theme, format_ in wanted
            if not self.cache.holds(self._key(theme, format_), format_)
        ]

    def _draw_missing(self, wanted: Iterable[tuple[str, str]], theme: str) -> None:
        formats = [format_ for of, format_ in self._missing(wanted) if of == theme]
        for format_, content in self._drawn(theme, formats).items() if formats else ():
            self.cache.write(self._key(theme, format_), format_, content)

    @cached_property
    def _fingerprint(self) -> str:
        code = figure_code(self.name, self.cache)
        made_with = versions("matplotlib", "numpy")
        return digest(self.name, dict(self.parameters), code, made_with)

    def _key(self, theme: str, format_: str) -> str:
        return digest(self._fingerprint, theme, format_, self.medium, self.transparent)

    def _path(self, theme: str, format_: str) -> Path:
        return self.cache.path(self._key(theme, format_), format_)

    def _drawn(self, theme: str, formats: Iterable[str]) -> dict[str, bytes]:
        import matplotlib as mpl  # only now is it certain to be needed
        from matplotlib.figure import Figure

        figure = declared(self.name)
        bound = figure.bound(self.parameters)
        sheet = MEDIA[self.medium]
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
        file = io.BytesIO()
        fig.savefig(
            file,
            format=format_,
            dpi=MEDIA[self.medium].dpi,
            metadata=_UNDATED[format_],
            transparent=self.transparent,
        )
        return file.getvalue()


def _to_plain(words: Described) -> dict[str, Any]:
    said = {
        key: [value.template, [to_plain(number) for number in value.numbers]]
        for key, value in (("caption", words.caption), ("alt", words.alt))
    }
    return {"title": words.title, "aspect": words.aspect, **said}


def _from_plain(kept: Mapping[str, Any]) -> Described:
    caption, alt = (
        Words(kept[key][0], *(from_plain(number) for number in kept[key][1]))
        for key in ("caption", "alt")
    )
    return Described(kept["title"], caption, alt, kept["aspect"])
