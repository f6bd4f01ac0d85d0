"""What a figure is: a drawing function with a name, words, parameters and facts.

    def bars_facts(*, n: int) -> Facts:
        return {"heights": list(range(1, n + 1))}

    @figure("bars", title="Bars", facts=bars_facts, caption="{n} bars.", alt="Bars of {heights}.")
    def bars(fig: Figure, look: Look, facts: Facts, *, n: int = 3) -> None: ...

The facts are computed once from the parameters, and shared by caption, alt text and drawing. The
function draws on the `matplotlib.figure.Figure` that it is handed. It decides neither size nor type
nor theme: those are the renderer's, so that one drawing serves page, download and slide.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.quantities.sentences import Words, fill
from mkdocs_cnn.registry import did_you_mean, import_declared

if TYPE_CHECKING:  # matplotlib is loaded only where something is drawn
    from matplotlib.figure import Figure

    from mkdocs_cnn.figures.style import Look

Facts = Mapping[str, Any]
"""Facts by name."""
Parameter = int | str
Template = str | Callable[[Any], str]
"""A sentence with places for facts, or a function that makes one of the facts."""


@dataclass(frozen=True)
class FigureDeclaration:
    """A figure as it was declared, with what `figure` takes."""

    name: str
    title: str
    caption: Template
    alt: Template
    aspect: float
    draw: Callable[..., None]
    parameters: Mapping[str, Parameter]  # its defaults; their types are what it accepts
    facts: Callable[..., Any] | None = None
    rests_on: tuple[str, ...] = ()
    frames: Callable[[], Mapping[str, Any]] | None = None

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

    def known(self, parameters: Mapping[str, Parameter]) -> Any:
        """The facts for these parameters, which are all of them; those by name are completed.

        Raises:
            TypeError: If they take other parameters than the drawing, or return nothing.
        """
        constants = {key: value for key, value in self.draw.__globals__.items() if key.isupper()}
        known = {**constants, **parameters}
        if self.facts is None:
            return known
        outcomes = list(map(outcome, self.rests_on))
        if len(outcomes) == 1:
            known |= {"settings": outcomes[0].settings, "seeds": len(outcomes[0].runs)}
        try:
            facts = self.facts(*outcomes, **parameters)
        except TypeError as error:
            if error.__traceback__ and error.__traceback__.tb_next:  # it arose within the function
                raise
            raise TypeError(f"facts of figure {self.name!r}: {error} ({self._place})") from None
        if facts is None:
            raise TypeError(f"facts of figure {self.name!r} return None ({self._place})")
        return {**known, **facts} if isinstance(facts, Mapping) else facts

    def sentence(self, part: str, facts: Any) -> Words:
        """The "caption" or the "alt" text with these facts.

        Raises:
            LookupError: If it names a fact that is not there.
            ValueError: If it has a brace too many or too few.
        """
        template: Template = getattr(self, part)
        text = template(facts) if callable(template) else template
        try:
            return fill(_FOLD.sub(" ", text), facts)
        except ValueError as error:
            remedy = "a brace that stands for itself is written twice"
            message = f"{part} of figure {self.name!r}: {error}; {remedy} ({self._place})"
            raise ValueError(message) from None
        except (LookupError, TypeError) as error:
            raise type(error)(f"{part} of figure {self.name!r}: {error} ({self._place})") from None

    @property
    def _place(self) -> str:
        """Where the drawing function begins: "figures.py, line 12"."""
        code = self.draw.__code__
        return f"{Path(code.co_filename).name}, line {code.co_firstlineno}"

    def words(self, part: str, parameters: Mapping[str, Parameter] | None = None) -> Words:
        """The "caption" or the "alt" text for these parameters; the others have their defaults."""
        return self.sentence(part, self.known(self.bound(parameters or {})))

    def attributes(self, parameters: Mapping[str, Parameter]) -> Mapping[str, Any]:
        """The attributes of the element that brings it to life: its frames, or its parameters."""
        return self.frames() if self.frames else self.bound(parameters)

    def drawn_on(self, fig: Figure, look: Look, parameters: Mapping[str, Parameter]) -> None:
        """Draw it with these parameters, which are all of them."""
        facts = () if self.facts is None else (self.known(parameters),)
        self.draw(fig, look, *facts, **parameters)


FIGURES: dict[str, FigureDeclaration] = {}  # those whose modules were imported, by name
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FOLD = re.compile(r"\s*\n\s*")


def figure(
    name: str,
    *,
    title: str,
    caption: Template,
    alt: Template,
    aspect: float = 0.75,
    facts: Callable[..., Any] | None = None,
    rests_on: tuple[str, ...] = (),
    explorer: str = "",
    frames: Callable[[], Mapping[str, Any]] | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare the decorated drawing function as a figure.

    Args:
        name: Lower-case words joined by hyphens, written out: it is read from the source.
        title: A few words for lists.
        caption: A sentence or two that can be read alone, with `{name}` for each fact; or a
            function that makes such a template of the facts. A line break and the indent behind
            it count as one space.
        alt: What is to be seen, numbers included; a template like the caption.
        aspect: Height over width on a page.
        facts: Computes what caption, alt text and drawing say: a function of the parameters that
            returns facts by name, or an object with attributes. It is handed, first, the outcomes
            of the experiments that the figure rests on. With it, the drawing function takes the
            facts behind its look. Facts by name need not repeat the parameters, the constants of
            the drawing function's module (names in capitals), nor, if it rests on one experiment,
            that one's `settings` and its number of `seeds`.
        rests_on: The experiments whose results it shows, written out: they are read from the
            source, so that another result makes another figure.
        explorer: The element that brings the figure to life where scripts run, written out.
        frames: What the explorer plays: its attributes by name, of what JSON can hold. Without it,
            the explorer has the figure's parameters for attributes.

    Raises:
        ValueError: If the name is not of that form.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"a figure's name is lower-case words joined by hyphens, not {name!r}")

    def declare(draw: Callable[..., None]) -> Callable[..., None]:
        keywords = inspect.signature(draw).parameters.values()
        defaults = {p.name: p.default for p in keywords if p.kind is p.KEYWORD_ONLY}
        FIGURES[name] = FigureDeclaration(
            name, title, caption, alt, aspect, draw, defaults, facts, rests_on, frames
        )
        return draw

    return declare


def find_figure(name: str) -> FigureDeclaration:
    """The figure of this name; its module is imported.

    Raises:
        UnknownNameError: If there is none.
    """
    return import_declared(catalogue()[name], FIGURES)
