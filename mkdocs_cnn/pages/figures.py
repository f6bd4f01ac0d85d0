"""Figures and explorers to one line of HTML, and the addresses at which a site publishes them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

from mkdocs_cnn.figures.rendering import FORMATS, Described, Drawing
from mkdocs_cnn.figures.style import THEMES
from mkdocs_cnn.pages import html

_WIDTH = 560  # CSS pixels on a desk; a phone shows the figure as wide as the page


def figure(
    address: str, described: Described, root: str, show: html.Show, rests_on: str = ""
) -> str:
    """A figure in both themes, with its caption and its downloads.

    Its files are named after the address; `rests_on`, the ways to its experiments, is HTML.
    """
    place = f"{root}figures/{address}"
    images = "".join(_image(f"{place}.{theme}.svg", theme, described) for theme in THEMES)
    downloads = "".join(_downloads(place, theme, described.title) for theme in THEMES)
    caption = html.text(described.caption, show)
    return (
        f'<figure class="cnn-figure" id="figure-{address}">{images}'
        f"<figcaption>{caption}{rests_on}{downloads}</figcaption></figure>"
    )


def figure_name(name: str) -> str:
    """A figure's name, to stand above it in a list."""
    return f'<p class="cnn-figure-name"><code>{escape(name)}</code></p>'


def _image(source: str, theme: str, described: Described) -> str:
    return (
        # Material shows the one of the two whose address ends in the theme's name; the browser
        # knows the proportions before it loads, and does not load the one that is not shown.
        f'<img src="{source}#only-{theme}" alt="{escape(described.alt.text)}" width="{_WIDTH}" '
        f'height="{round(_WIDTH * described.aspect)}" loading="lazy" decoding="async">'
    )


def _downloads(place: str, theme: str, title: str) -> str:
    label = f'download aria-label="{escape(title)} as'
    links = " ".join(
        f'<a href="{place}.{theme}.{one}" {label} {one.upper()}">{one.upper()}</a>'
        for one in FORMATS
    )
    return f'<span class="cnn-downloads cnn-downloads--{theme}">{links}</span>'


EXPLORERS = "assets/mkdocs_cnn/explorers"


def explorer(name: str, settings: Mapping[str, int | str], still: str, root: str) -> str:
    """What stands still, in the element that brings it to life, and the element's script."""
    texts = {key.replace("_", "-"): escape(str(value)) for key, value in settings.items()}
    attributes = "".join(f' {key}="{text}"' for key, text in texts.items())
    return (
        f'<div class="cnn-explorer"><cnn-{name}{attributes}>{still}</cnn-{name}>'
        f'<script type="module" src="{root}{EXPLORERS}/{name}.js"></script></div>'
    )


# -- addresses

_ADDRESS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass
class PublishedFigure:
    """A drawing that has an address in the site.

    Files are by their place in the site; a list of all figures is not among the pages that show it.
    """

    drawing: Drawing
    files: dict[str, Path]
    pages: list[str] = field(default_factory=list)


class PublishedFigures:
    """The figures of one build, by address."""

    def __init__(self) -> None:
        self._published: dict[str, PublishedFigure] = {}

    def publish(self, drawing: Drawing, address: str, *, page: str | None) -> PublishedFigure:
        """Publish a drawing at an address, on behalf of a page (None: of a list of figures).

        Raises:
            ValueError: If another drawing has the address, or it is none.
        """
        if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
            raise ValueError(
                f"a figure's id is lower-case words joined by hyphens, not {address!r}"
            )
        if address not in self._published:
            files = {
                f"figures/{address}.{theme}.{format_}": path
                for (theme, format_), path in drawing.files().items()
            }
            self._published[address] = PublishedFigure(drawing, files)
        published = self._published[address]
        if published.drawing != drawing:
            pages = ", ".join(repr(url or "index") for url in published.pages)
            raise ValueError(
                f"figures/{address} is figure {published.drawing.name!r} with "
                f"{dict(published.drawing.parameters) or 'its defaults'} on page "
                f"{pages or 'with all figures'}; give this one an address of its own: id='…'"
            )
        if page is not None and page not in published.pages:
            published.pages.append(page)
        return published

    def index(self) -> list[dict[str, Any]]:
        """One entry of `figures/index.json` for each figure, by address."""
        return [
            {
                "name": published.drawing.name,
                "address": address,
                **_words(published.drawing),
                "page": next(iter(published.pages), None),
                "parameters": dict(published.drawing.parameters),
                "files": [
                    {"path": uri, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
                    for uri, path in published.files.items()
                ],
            }
            for address, published in sorted(self._published.items())
        ]


def _words(drawing: Drawing) -> dict[str, str]:
    """What the index says of a drawing."""

    def make() -> dict[str, str]:
        described = drawing.described()
        caption, alt = described.caption.text, described.alt.text
        return {"title": described.title, "caption": caption, "alt": alt}

    asked = "index", drawing.name, dict(drawing.parameters)
    words: dict[str, str] = drawing.cache.answer(*asked, make=make)
    return words
