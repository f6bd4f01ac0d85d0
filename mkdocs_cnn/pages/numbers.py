"""The numbers that one page shows, in order: what they open to, and what is published of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mkdocs_cnn.fingerprint import digest
from mkdocs_cnn.pages import html
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain

# Searches need not read it: they have the numbers where they stand.
SECTION = '<section class="cnn-derivations" data-search-exclude>'


class Record(NamedTuple):
    """All that a site says of a number, as plain values that JSON can keep.

    The value is as JSON and `<data value>` hold it, `exact` in digits (a fraction as "1/3"), the
    unit in words. Formula and working are plain text, the derivation is HTML without an id.
    """

    value: int | float
    exact: str
    unit: str
    name: str
    symbol: str
    formula: str
    worked: str
    derivation: str

    @classmethod
    def of(cls, number: Quantity) -> Record:
        """What there is to say of this number."""
        return cls(
            value=html.data_value(number),
            exact=str(number.value),
            unit=html.units(number),
            name=number.name,
            symbol=number.symbol,
            formula=number.formula,
            worked=number.worked,
            derivation=html.derivation(number),
        )

    @property
    def id(self) -> str:
        """The id of what the number opens to, the same on every page."""
        return f"cnn-{digest(self)[:12]}"


class NumbersOnPage:
    """The numbers of one page, at an address below the site's root."""

    def __init__(self, page: str) -> None:
        self._page = page
        self.records: dict[str, Record] = {}  # all computed here, by the id of what each opens to
        self._in_order: list[tuple[str, str]] = []  # an id, and how the number is written

    def show(self, number: Quantity, text: str = "") -> str:
        """The number as HTML that opens to its working; `text` stands for it if it is given."""
        record = Record.of(number)
        self.records[record.id] = record
        return html.number(number, text or plain(number.value), record.id)

    def add(self, kept: Mapping[str, Iterable[Any]]) -> None:
        """Add the numbers of HTML that was kept, by their ids as JSON gives them back."""
        self.records.update({id_: Record(*fields) for id_, fields in kept.items()})

    def end(self, markdown: str) -> str:
        """The page's text, in which each number stays on one line with the marks behind it.

        A page may compute a number and print it later, twice or never: which numbers it shows,
        and in which order, is read from what it has become.
        """
        self._in_order = [found for found in html.numbers_in(markdown) if found[0] in self.records]
        return html.with_marks_kept(markdown)

    def derivations(self) -> str:
        """What the numbers of the page open to, each once; "" where it shows none."""
        shown = dict.fromkeys(id_ for id_, _ in self._in_order)
        panels = "".join(html.with_id(self.records[id_].derivation, id_) for id_ in shown)
        return f"{SECTION}{panels}</section>" if panels else ""

    def entries(self) -> Iterator[dict[str, Any]]:
        """One entry of `numbers.json` for each number shown, in order."""
        for order, (id_, text) in enumerate(self._in_order, start=1):
            facts = self.records[id_]._asdict()
            del facts["derivation"]
            yield {"page": self._page, "order": order, "text": text, **facts}


def with_records(make: Callable[[html.Show], str]) -> tuple[str, dict[str, Record]]:
    """HTML as a cache can keep it: beside it stand the records of its numbers, by their ids."""
    page = NumbersOnPage("")
    return make(page.show), page.records
