"""What is recorded of a text that can be quoted or cited."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A text that can be quoted or cited.

    Args:
        key: Its name in pages and in claims.
        authors: "Family, Given", in the order of the text; none where the text names none.
        year: Of publication; None where unknown.
        title: As printed, or in brackets a description where the copy at hand has no title.
        where: The journal, volume and pages, or what kind of text it is.
        url: A lasting address, or "" where none is known.
        short_title: What citations call a text without an author.
    """

    key: str
    authors: tuple[str, ...]
    year: int | None
    title: str
    where: str
    url: str = ""
    short_title: str = ""

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
