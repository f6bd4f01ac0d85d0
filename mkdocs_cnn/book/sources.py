"""The texts that the book audits, and the literature that it cites, by key."""

from __future__ import annotations

from mkdocs_cnn.book.audited import AUDITED, LIVING
from mkdocs_cnn.book.literature import LITERATURE
from mkdocs_cnn.claims.source import Source
from mkdocs_cnn.registry import Registry

__all__ = ["SOURCES", "Source"]


def _by_key(*sources: Source) -> Registry[Source]:
    registry: Registry[Source] = Registry("source")
    for source in sources:
        registry.add(source.key, source)
    return registry


SOURCES = _by_key(*AUDITED, *LIVING, *LITERATURE)
