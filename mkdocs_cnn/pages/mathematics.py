"""Mathematics that an author writes: LaTeX to MathML at build time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from html import escape
from typing import Any

# A logger under "mkdocs" makes a warning count in a strict build.
log = logging.getLogger("mkdocs.mkdocs_cnn")


def _nowhere(source: str) -> str:
    return ""


# Markdown's formatters are not told the page they work for; a site that knows it puts here what
# says where a piece of source stands, as "page.md:7: ".
where: Callable[[str], str] = _nowhere


@cache
def _converter() -> Any:
    from math_core import LatexToMathML  # only pages with LaTeX need it

    return LatexToMathML(fancy_error=False)


def inline(source: str, language: str, css_class: str, md: Any) -> str:
    """A custom formatter for `pymdownx.inlinehilite`: LaTeX to MathML at build time."""
    return f'<span class="cnn-math">{_mathml(source, displaystyle=False)}</span>'


def block(source: str, language: str, css_class: str, options: Any, md: Any, **kwargs: Any) -> str:
    """A custom fence for `pymdownx.superfences`: LaTeX to MathML at build time."""
    return f'<div class="cnn-math cnn-math--block">{_mathml(source, displaystyle=True)}</div>'


def _mathml(latex: str, *, displaystyle: bool) -> str:
    from math_core import LatexError

    try:
        result: str = _converter().convert_with_local_state(latex, displaystyle=displaystyle)
    except LatexError as error:
        message = f"math: {error} in {latex!r}"
        log.warning("%s%s", where(latex), message)
        return f'<span class="mkdocs-cnn-error" role="alert">{escape(message)}</span>'
    return result
