"""Figures and explorers to one line of HTML."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from mkdocs_cnn.figures.rendering import FORMATS, Described
from mkdocs_cnn.figures.style import THEMES
from mkdocs_cnn.pages import html as render

_WIDTH = 560  # CSS pixels on a desk; a phone shows the figure as wide as the page


def figure(
    address: str, described: Described, root: str, show: render.Show, rests_on: str = ""
) -> str:
    """A figure in both themes, with its caption and its downloads.

    Args:
        address: Its name below `figures/`.
        described: Its words and proportions.
        root: The way to the site's root.
        show: Writes a number.
        rests_on: The ways to the experiments that it shows, as HTML.
    """
    place = f"{root}figures/{address}"
    images = "".join(_image(f"{place}.{theme}.svg", theme, described) for theme in THEMES)
    downloads = "".join(_downloads(place, theme, described.title) for theme in THEMES)
    said = f"{render.text(described.caption, show)}{rests_on}{downloads}"
    return (
        f'<figure class="cnn-figure" id="figure-{address}">{images}'
        f"<figcaption>{said}</figcaption></figure>"
    )


def named(name: str) -> str:
    """A figure's name, to stand above it in a list."""
    return f'<p class="cnn-figure-name"><code>{escape(name)}</code></p>'


def _image(source: str, theme: str, described: Described) -> str:
    return (
        # Material shows the one of the two whose address ends in the theme's name; the browser
        # knows the proportions before it loads, and does not load the one that is not shown.
        f'<img src="{source}#only-{theme}" alt="{escape(described.alt.text)}" width="{_WIDTH}" '
        f'height="{round(_WIDTH * described.aspect)}" loading="lazy" decoding="async">'
    )


def _downloads(place: str, theme: str, title: str) -> str:
    links = " ".join(
        f'<a href="{place}.{theme}.{format_}" download aria-label="{escape(title)} as '
        f'{format_.upper()}">{format_.upper()}</a>'
        for format_ in FORMATS
    )
    return f'<span class="cnn-downloads cnn-downloads--{theme}">{links}</span>'


EXPLORERS = "assets/mkdocs_cnn/explorers"


def explorer(name: str, settings: Mapping[str, int | str], still: str, root: str) -> str:
    """What stands still, in the element that brings it to life, and the element's script."""
    given = "".join(
        f' {key.replace("_", "-")}="{escape(str(value))}"' for key, value in settings.items()
    )
    return (
        f'<div class="cnn-explorer"><cnn-{name}{given}>{still}</cnn-{name}>'
        f'<script type="module" src="{root}{EXPLORERS}/{name}.js"></script></div>'
    )
