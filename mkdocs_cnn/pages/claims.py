"""What others say to one line of HTML: claims with their verdicts, citations, the references."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from mkdocs_cnn.pages import html as render

if TYPE_CHECKING:  # whoever hands over a claim has imported it
    from mkdocs_cnn.claims import Claim, Source


def claim(claim: Claim, reference: str, show: render.Show) -> str:
    """A claim: the quotation, what it comes to when it is computed, and the verdict.

    The reference, where it is said, is HTML.
    """
    verdict = claim.verdict.value
    numbers = "".join(
        f"<li>{escape(number.name)}: {render.worked_out(number, show)}</li>"
        for number in claim.numbers
    )
    said = render.text(claim.explanation, show) if claim.why else ""
    why = f'<p class="cnn-claim__why">{said}</p>' if said else ""
    return (
        f'<div class="cnn-claim cnn-claim--{verdict.replace(" ", "-")}" id="claim-{claim.name}">'
        f"<blockquote><p>“{escape(claim.quote)}”</p><cite>{reference}</cite></blockquote>"
        f'<p class="cnn-claim__verdict">{escape(verdict)}</p>'
        f"{f'<ul>{numbers}</ul>' if numbers else ''}{why}</div>"
    )


def reference(source: Source, locator: str, address: str) -> str:
    """Who says it and where, leading to the list of references where there is one."""
    if not isinstance(locator, str):
        raise TypeError(f"a locator is text, such as 'section 9.2', not {locator!r}")
    said = escape(source.cited_as)
    link = f'<a class="cnn-reference" href="{escape(address)}">{said}</a>' if address else said
    return f"{link}, {escape(locator)}" if locator else link


def references(sources: Iterable[Source]) -> str:
    """The list of references, each an anchor for its citations."""
    return f'<ul class="cnn-references">{"".join(map(_entry, sources))}</ul>'


def _entry(source: Source) -> str:
    by = "; ".join(source.authors)
    head = " ".join(filter(None, (by, f"({source.year})" if source.year else ""))).strip()
    stop = "" if source.title.endswith("?") else "."
    title = f'<a href="{escape(source.url)}">{escape(source.title)}</a>' if source.url else ""
    return (
        f'<li id="ref-{source.key}">{escape(head)}{". " if head else ""}'
        f"<em>{title or escape(source.title)}</em>{stop} "
        f"{escape(source.where)}.</li>"
    )
