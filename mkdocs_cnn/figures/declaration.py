"""What a figure is: a drawing function with a name, words and parameters.

    @figure("bars", title="Weights", caption=lambda n: Words("{} bars.", n), alt=…)
    def bars(fig: Figure, look: Look, *, n: int = 3) -> None: ...

The function draws on the `matplotlib.figure.Figure` it is handed. It decides neither size nor
type nor theme: those are the renderer's, so that one drawing serves page, download and slide.
"""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.quantities.sentences import Words
from mkdocs_cnn.registry import did_you_mean

Parameter = int | str
Said = str | Words
Sayer = Callable[..., Said] | str


@dataclass(frozen=True)
class Declared:
    """A figure as it was declared.

    Attributes:
        name: Lower-case words joined by hyphens; its address and its name in pages.
        title: A few words for lists.
        caption: What to make of it; can be read alone. A string, or a function of the parameters.
        alt: What is to be seen, numbers included. A string, or a function of the parameters.
        aspect: Height over width on a page.
        draw: The drawing function.
        parameters: The defaults of its parameters; their types are what it accepts.
    """

    name: str
    title: str
    caption: Sayer
    alt: Sayer
    aspect: float
    draw: Callable[..., None]
    parameters: Mapping[str, Parameter]

    def bound(self, given: Mapping[str, Parameter]) -> dict[str, Parameter]:
        """All parameters, given or default.

        Raises:
            TypeError: If one is unknown or of another type than its default.
        """
        for key, value in given.items():
            if key not in self.parameters:
                known = ", ".join(self.parameters) or "none"
                raise TypeError(
                    f"figure {self.name!r} has no parameter {key!r}"
                    f"{did_you_mean(key, self.parameters)} (it has: {known})"
                )
            wanted = type(self.parameters[key])
            if type(value) is not wanted:
                raise TypeError(
                    f"{key} of figure {self.name!r} must be {wanted.__name__}, "
                    f"not {type(value).__name__} {value!r}"
                )
        return {**self.parameters, **given}


FIGURES: dict[str, Declared] = {}  # those whose modules were imported, by name
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def figure(
    name: str,
    *,
    title: str,
    caption: Sayer,
    alt: Sayer,
    aspect: float = 0.75,
    rests_on: tuple[str, ...] = (),
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare the decorated drawing function as a figure.

    Args:
        name: Lower-case words joined by hyphens, written out: it is read from the source.
        title: A few words for lists.
        caption: A sentence or two that can be read alone, or a function of the parameters.
        alt: What is to be seen, numbers included, or a function of the parameters.
        aspect: Height over width on a page.
        rests_on: The experiments whose results it shows, written out: they are read from the
            source, so that another result makes another figure.

    Raises:
        ValueError: If the name is not of that form.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"a figure's name is lower-case words joined by hyphens, not {name!r}")

    def declare(draw: Callable[..., None]) -> Callable[..., None]:
        keywords = inspect.signature(draw).parameters.values()
        defaults = {p.name: p.default for p in keywords if p.kind is p.KEYWORD_ONLY}
        FIGURES[name] = Declared(name, title, caption, alt, aspect, draw, defaults)
        return draw

    return declare


def declared(name: str) -> Declared:
    """The figure of this name; its module is imported.

    Raises:
        UnknownNameError: If there is none.
    """
    importlib.import_module(catalogue()[name].module)
    return FIGURES[name]


def say(sayer: Sayer, parameters: Mapping[str, Any]) -> Words:
    """The words for these parameters."""
    said = sayer(**parameters) if callable(sayer) else sayer
    return said if isinstance(said, Words) else Words(said)
