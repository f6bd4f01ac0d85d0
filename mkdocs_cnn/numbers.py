"""The numbers that one page shows, in order: what they open to, and what is published of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mkdocs_cnn import render
from mkdocs_cnn.quantity import Quantity
from mkdocs_cnn.rounding import plain


class NumbersOnPage:
    """The numbers of one page.

    Args:
        page: The page's address below the site's root.
    """

    def __init__(self, page: str) -> None:
        self._page = page
        self._ids: dict[tuple[str, ...], str] = {}
        self._numbers: dict[str, Quantity] = {}
        self._in_order: list[tuple[Quantity, str]] = []

    def show(self, number: Quantity, text: str = "") -> str:
        """The number as HTML that opens to its working; `text` stands for it if it is given."""
        # The same number made in the same way opens to the same working wherever it stands.
        key = (number.name, number.unit, number.worked, number.formula)
        derivation_id = self._ids.setdefault(key, f"cnn-{len(self._ids) + 1}")
        self._numbers.setdefault(derivation_id, number)
        return render.number(number, text or plain(number.value), derivation_id)

    def end(self, markdown: str) -> str:
        """The page's text with what its numbers open to at its end.

        A page may compute a number and print it later, twice or never: which numbers it shows,
        and in which order, is read from what it has become.
        """
        numbers = self._numbers
        found = [(id_, text) for id_, text in render.numbers_in(markdown) if id_ in numbers]
        self._in_order = [(numbers[id_], text) for id_, text in found]
        block = "".join(render.derivation(numbers[id_], id_) for id_ in dict(found))
        # The search index has the numbers where they stand, not a second time.
        section = f'<section class="cnn-derivations" data-search-exclude>{block}</section>'
        return f"{markdown}\n\n{section}\n" if block else markdown

    def entries(self) -> Iterator[dict[str, Any]]:
        """One entry of `numbers.json` for each number shown, in order."""
        for order, (number, text) in enumerate(self._in_order, start=1):
            yield {
                "page": self._page,
                "order": order,
                "value": render.data_value(number),
                "exact": str(number.value),
                "text": text,
                "unit": render.units(number),
                "name": number.name,
                "symbol": number.symbol,
                "formula": number.formula,
                "worked": number.worked,
            }
