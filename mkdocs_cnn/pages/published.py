"""The figures that a site publishes: one address for each, and an index of them all."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mkdocs_cnn.figures.rendering import Drawing
from mkdocs_cnn.fingerprint import digest, sources_digest

_ADDRESS = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass
class Published:
    """A drawing that has an address in the site.

    Attributes:
        drawing: What is drawn.
        files: The cached file by its place in the site.
        pages: The pages that show it; a list of all figures is not among them.
    """

    drawing: Drawing
    files: dict[str, Path]
    pages: list[str] = field(default_factory=list)


class PublishedFigures:
    """The figures of one build, by address."""

    def __init__(self) -> None:
        self._published: dict[str, Published] = {}

    def use(self, drawing: Drawing, address: str, *, page: str | None) -> Published:
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
            self._published[address] = Published(drawing, files)
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
    """What the index says of a drawing, remembered until a source of ours changes."""
    fingerprint = digest(sources_digest(), "index", drawing.name, dict(drawing.parameters))
    words: dict[str, str] = drawing.cache.remembered(fingerprint, lambda: _told(drawing))
    return words


def _told(drawing: Drawing) -> dict[str, str]:
    described = drawing.described()
    caption, alt = described.caption.text, described.alt.text
    return {"title": described.title, "caption": caption, "alt": alt}
