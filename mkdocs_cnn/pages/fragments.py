"""HTML with computed numbers in it that need not be computed again.

What a macro shows is made once, as if it stood on a page of its own, and kept. A later build puts
it on its page: its numbers, kept as records, take their places among the page's others.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.pages.html import Show
from mkdocs_cnn.pages.numbers import NumbersOnPage, Record

Make = Callable[[Show], str]

_OPENED = re.compile(r'(?<= popovertarget="cnn-)\d+(?=")')


class Fragment(NamedTuple):
    """One line of HTML, and the numbers in it.

    Attributes:
        html: The line; its numbers open to cnn-1, cnn-2 and so on.
        numbers: The record of each, from cnn-1.
    """

    html: str
    numbers: list[Record]

    @classmethod
    def made(cls, make: Make) -> Fragment:
        """What `make` shows on a page of its own."""
        alone = NumbersOnPage("")
        return cls(make(alone.show), alone.records)

    @classmethod
    def remembered(cls, cache: Cache, fingerprint: str, make: Make) -> Fragment:
        """The fragment kept under a fingerprint; it is made, and kept, where there is none.

        Args:
            cache: Where it is looked for.
            fingerprint: Of everything that it depends on.
            make: Makes its HTML; is handed what writes a number. If it fails, nothing is kept.
        """
        html, numbers = cache.remembered(fingerprint, lambda: cls.made(make))
        return cls(html, [Record(*number) for number in numbers])

    def on(self, page: NumbersOnPage) -> str:
        """Its HTML with its numbers among those of this page."""
        ids = [page.opens(record) for record in self.numbers]
        return _OPENED.sub(
            lambda found: ids[int(found.group()) - 1].removeprefix("cnn-"), self.html
        )
