"""The numbers that one page shows, in order: what they open to, and what is published of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from mkdocs_cnn.pages import html as render
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain

# What is in it is not for the search: that has the numbers where they stand.
_BEGINS, _ENDS = '<section class="cnn-derivations" data-search-exclude>', "</section>"
_PLACE = _BEGINS + _ENDS

# Other plugins print pages anew: without quotes, with ="" behind a bare name, with more classes.
_PRINTED_PLACE = re.compile(
    r"(<section\b[^<>]*\bclass=[^<>]*\bcnn-derivations\b[^<>]*>)\s*(</section\s*>)", re.IGNORECASE
)


class Record(NamedTuple):
    """All that a site says of a number, as plain values that JSON can keep.

    Attributes:
        value: As JSON and `<data value>` hold it.
        exact: In digits; a fraction as "1/3".
        unit: In words: "weights".
        name: What prose calls it.
        symbol: How formulas write it.
        formula: The working with symbols, as plain text.
        worked: The working with numbers, as plain text.
        derivation: What it opens to, as HTML without an id.
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
            value=render.data_value(number),
            exact=str(number.value),
            unit=render.units(number),
            name=number.name,
            symbol=number.symbol,
            formula=number.formula,
            worked=number.worked,
            derivation=render.derivation(number),
        )


class NumbersOnPage:
    """The numbers of one page.

    Args:
        page: The page's address below the site's root.
    """

    def __init__(self, page: str) -> None:
        self._page = page
        self._ids: dict[Record, str] = {}
        self._in_order: list[tuple[Record, str]] = []

    def show(self, number: Quantity, text: str = "") -> str:
        """The number as HTML that opens to its working; `text` stands for it if it is given."""
        return render.number(number, text or plain(number.value), self.opens(Record.of(number)))

    def opens(self, record: Record) -> str:
        """The id of what this number opens to: one for all numbers of the page that are alike."""
        return self._ids.setdefault(record, f"cnn-{len(self._ids) + 1}")

    @property
    def records(self) -> list[Record]:
        """The numbers by id, from cnn-1."""
        return list(self._ids)

    def end(self, markdown: str) -> str:
        """The page's text with an empty place at its end for what its numbers open to.

        A page may compute a number and print it later, twice or never: which numbers it shows,
        and in which order, is read from what it has become.
        """
        records = {id_: record for record, id_ in self._ids.items()}
        self._in_order = [
            (records[id_], text) for id_, text in render.numbers_in(markdown) if id_ in records
        ]
        text = render.with_marks_kept(markdown)
        return f"{text}\n\n{_PLACE}\n" if self._in_order else text

    def filled(self, html: str) -> str:
        """The finished page with what its numbers open to in the place that is kept for it.

        It is most of the page, and neither Markdown nor the search need read it.

        Raises:
            ValueError: If the place is not there.
        """
        if not self._in_order:
            return html
        place = _PRINTED_PLACE.search(html)
        if place is None:
            raise ValueError(
                f"the numbers of this page open to nothing: {_PLACE}, an empty section that is "
                "filled when the page is finished, is not there any more; a plugin or a hook that "
                "rewrites pages must leave it in"
            )
        shown = dict.fromkeys(record for record, _ in self._in_order)
        block = "".join(render.with_id(record.derivation, self._ids[record]) for record in shown)
        return f"{html[: place.end(1)]}{block}{html[place.start(2) :]}"

    def entries(self) -> Iterator[dict[str, Any]]:
        """One entry of `numbers.json` for each number shown, in order."""
        for order, (record, text) in enumerate(self._in_order, start=1):
            yield {
                "page": self._page,
                "order": order,
                "value": record.value,
                "exact": record.exact,
                "text": text,
                "unit": record.unit,
                "name": record.name,
                "symbol": record.symbol,
                "formula": record.formula,
                "worked": record.worked,
            }
