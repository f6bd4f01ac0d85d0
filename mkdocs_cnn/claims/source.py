"""The texts that can be quoted or cited, read from the BibTeX files of the content packages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs_cnn.fingerprint import module_path, sources_digest
from mkdocs_cnn.registry import Registry, as_written, content_packages, did_you_mean

if TYPE_CHECKING:  # the parser is loaded only where somebody asks for sources
    from bibtexparser.model import Field


@dataclass(frozen=True)
class Source:
    """A text that can be quoted or cited."""

    key: str  # its name in pages and in claims
    # "Family, Given", in the order of the text; none where the text names none.
    authors: tuple[str, ...]
    year: int | None  # of publication; None where unknown
    title: str  # as printed, or in brackets a description where the copy at hand has no title
    where: str  # the journal, volume and pages, or what kind of text it is
    url: str = ""  # a lasting address, or "" where none is known
    short_title: str = ""  # what citations call a text without an author

    @property
    def cited_as(self) -> str:
        """How a sentence cites it: "Goodfellow et al. 2016", "Dumoulin and Visin 2016"."""
        return f"{self._by} {self.year}" if self.year is not None else self._by

    @property
    def _by(self) -> str:
        families = [author.partition(",")[0] for author in self.authors]
        if not families:
            return f"“{self.short_title or self.title}”"
        return f"{families[0]} et al." if len(families) > 2 else " and ".join(families)


def sources() -> Registry[Source]:
    """All sources by key: the entries of the `references.bib` of every content package.

    Raises:
        ValueError: If an entry is malformed or lacks a field, or a key is declared twice; the
            message names file and line.
    """
    return _sources(content_packages(), sources_digest())


@cache
def _sources(packages: tuple[str, ...], _: str) -> Registry[Source]:
    registry: Registry[Source] = Registry("source")
    places: dict[str, str] = {}
    for package in packages:
        for place, source in _read(module_path(package).parent / "references.bib"):
            if source.key in places:
                raise ValueError(
                    f"source {source.key!r} is declared twice: at {places[source.key]} "
                    f"and at {place}"
                )
            places[source.key] = place
            registry.add(source.key, source)
    return registry


# -- BibTeX


def _read(file: Path) -> Iterator[tuple[str, Source]]:
    """The sources of a BibTeX file, each with its place; none where there is no file."""
    if not file.is_file():
        return
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.middlewares import NormalizeFieldKeys
    from bibtexparser.model import Entry, ParsingFailedBlock

    library = parse_string(
        file.read_text(encoding="utf-8"), append_middleware=[NormalizeFieldKeys()]
    )
    decode = _decoder()
    for block in library.blocks:
        place = f"{as_written(file)}:{(block.start_line or 0) + 1}"
        if isinstance(block, ParsingFailedBlock):
            reason = getattr(block.error, "abort_reason", block.error)
            raise ValueError(f"{place}: no valid BibTeX entry: {reason}")
        if isinstance(block, Entry):
            try:
                entry = {field.key: _value(field) for field in block.fields}
                source = _source(block.key, entry, decode)
            except ValueError as error:
                raise ValueError(f"{place}: source {block.key!r} {error}") from None
            yield place, source


def _value(field: Field) -> str:
    """The value of a field; an error if it runs on into the next, whose comma is missing."""
    value = str(field.value)
    if field.enclosing == "no-enclosing" and "=" in value:
        raise ValueError(f"has no comma behind the field {field.key!r}")
    return value


def _decoder() -> Callable[[str], str]:
    """What turns the LaTeX of a field into plain text."""
    from bibtexparser.library import Library
    from bibtexparser.middlewares import LatexDecodingMiddleware
    from bibtexparser.model import String

    middleware = LatexDecodingMiddleware()

    def decode(latex: str) -> str:
        text = re.sub(r"(?<!\\)%", r"\%", latex)  # no comment: BibTeX knows none in a value
        block = middleware.transform_string(String("", text), Library())
        if not isinstance(block, String):
            raise ValueError(f"has no readable LaTeX: {latex}")
        return " ".join(block.value.split())

    return decode


def _source(key: str, entry: Mapping[str, str], decode: Callable[[str], str]) -> Source:
    """The source of an entry, whose fields are as they are written: `decode` makes plain text.

    Addresses, in which % and ~ mean themselves, need none.
    """
    texts = {name: decode(text) for name, text in entry.items() if name not in _EXACT}
    year = texts.get("year", "")
    if year and not year.isdecimal():
        raise ValueError(f"has the year {year!r}, which is no number")
    if not texts.get("title"):
        raise ValueError(f"has no title{did_you_mean('title', texts)}")
    return Source(
        key,
        tuple(_authors(entry.get("author", ""), decode)),
        int(year) if year else None,
        texts["title"],
        _where(texts, entry),
        _address(entry),
        texts.get("shorttitle", ""),
    )


_EXACT = ("author", "url", "doi", "eprint")  # authors are told apart before they are decoded
_PLACES = ("howpublished", "journal", "booktitle", "publisher", "institution", "school")


def _authors(names: str, decode: Callable[[str], str]) -> Iterator[str]:
    """Each author of `LeCun, Yann and Léon Bottou`, as "Family, Given"."""
    from bibtexparser.middlewares.names import (
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    for name in split_multiple_persons_names(names):
        yield decode(parse_single_name_into_parts(name).merge_last_name_first)


def _where(texts: Mapping[str, str], entry: Mapping[str, str]) -> str:
    """Where it appeared: "Neural Computation 1(4), 541–551", "arXiv:1404.5997", "example.org"."""
    place = next((texts[name] for name in _PLACES if texts.get(name)), "")
    if volume := texts.get("volume"):
        place += f" {volume}" + (f"({texts['number']})" if "number" in texts else "")
    if not place and "eprint" in entry:
        place = f"arXiv:{entry['eprint']}"
    chapter = f"chapter {texts['chapter']}" if "chapter" in texts else ""
    printed = ", ".join(filter(None, (place, chapter, texts.get("pages"))))
    where = "; ".join(filter(None, (printed, texts.get("note"))))
    if not (where or _address(entry)):
        raise ValueError(f"does not say where it appeared: {', '.join(_PLACES)}, note or url")
    return where or urlsplit(_address(entry)).netloc


def _address(entry: Mapping[str, str]) -> str:
    """Its lasting address, or ""."""
    if doi := entry.get("doi"):
        return f"https://doi.org/{doi.removeprefix('https://doi.org/')}"
    if eprint := entry.get("eprint"):
        return f"https://arxiv.org/abs/{eprint}"
    return entry.get("url", "")
