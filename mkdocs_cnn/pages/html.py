"""Named things to one line of HTML.

Every function returns a single line, because Markdown ends a block, a list item or a table cell at
a line break. Wherever a number is to stand, the caller's `show` writes it: it knows the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape
from typing import Protocol

from mkdocs_cnn.layers import Placed, Shape
from mkdocs_cnn.quantities import notation
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import as_decimal, plain
from mkdocs_cnn.quantities.sentences import Words


class Show(Protocol):
    """Writes a number on a page; `text` stands for it if it is given."""

    def __call__(self, number: Quantity, text: str = "", /) -> str:
        """The number as HTML."""


# -- numbers


def data_value(quantity: Quantity) -> int | float:
    """The value as JSON and `<data value>` hold it: exact where it is whole."""
    return quantity.value if isinstance(quantity.value, int) else float(quantity.value)


def units(quantity: Quantity) -> str:
    """The unit in words, in the plural unless there is one: "weights", "entries", "ms"."""
    return quantity.unit if quantity.value == 1 else _plural(quantity.unit)


def number(quantity: Quantity, text: str, derivation_id: str) -> str:
    """A number that opens to its working: a button, so that keyboards and touch reach it."""
    return (
        f'<button type="button" class="cnn-number" popovertarget="{derivation_id}">'
        f'<data class="quantity" value="{data_value(quantity)}">{escape(text)}</data></button>'
    )


_NUMBER = re.compile(r'<button[^>]* popovertarget="(cnn-[0-9a-f]{12})"><data[^>]*>([^<]*)</data>')
_BUTTON = re.compile(_NUMBER.pattern + "</button>")
_MARKED = re.compile(f"(?:{_NUMBER.pattern}</button>)[.,;:!?)]+")


def numbers_in(html: str) -> list[tuple[str, str]]:
    """The numbers in a page, in order, as (what it opens to, how it is written)."""
    return [(id_, unescape(written)) for id_, written in _NUMBER.findall(html)]


def with_marks_kept(html: str) -> str:
    """The text with each number on one line with the marks that follow it, as words have them.

    A browser takes a button for a picture, behind which a line may end.
    """
    return _MARKED.sub(r'<span class="cnn-together">\g<0></span>', html)


def without_buttons(html: str) -> str:
    """The text with its numbers as plain text, for places outside the page that shows them."""
    return _BUTTON.sub(r"\2", html)


def derivation(quantity: Quantity) -> str:
    """What a number opens to: its name and unit, the formula, the worked line and the steps.

    It has no id yet, so that it is the same on every page.
    """
    name = quantity.name or ("computed here" if quantity.op else "a number of the example")
    heading = " ".join(filter(None, (plain(quantity.value), units(quantity))))
    return (
        '<div popover class="cnn-derivation" role="group" '
        f'aria-label="How {escape(heading)} was made">'
        f'<p class="cnn-derivation__name">{escape(name)}'
        f'<span class="cnn-derivation__value">{escape(heading)}</span></p>'
        f"{_working(quantity)}</div>"
    )


def with_id(derivation: str, derivation_id: str) -> str:
    """What a number opens to, where its buttons find it."""
    return derivation.replace(" role=", f' id="{derivation_id}" role=', 1)


MOST_STEPS = 12
"""Steps that unfold one by one. Where there are more, as in a whole network, they are listed."""


def _working(quantity: Quantity) -> str:
    if not quantity.op:
        said = "given, counted or measured" if quantity.name else "given, not computed"
        return f'<p class="cnn-derivation__worked">{said}</p>'
    worked = f'<p class="cnn-derivation__worked">{escape(quantity.worked)}</p>'
    if quantity.steps_below > MOST_STEPS:
        return worked + _listed(quantity.steps, _levels(quantity))
    steps = "".join(_step(step) for step in quantity.steps)
    # Of bare numbers the formula is the worked line over again.
    bare = quantity.formula == notation.working(quantity, notation.TEXT)
    definition = notation.definition(quantity, notation.MATHML)
    formula = "" if bare else f'<p class="cnn-derivation__formula">{definition}</p>'
    return f"{formula}{worked}{steps}"


def _levels(quantity: Quantity) -> int:
    """How many levels of steps can be listed: the first, and more while there is room."""
    levels, listed = 0, 0
    level = quantity.steps
    while level and (not levels or listed + len(level) <= MOST_STEPS):
        levels, listed = levels + 1, listed + len(level)
        level = tuple(step for above in level for step in above.steps)
    return levels


def _listed(steps: Iterable[Quantity], levels: int) -> str:
    lines = "".join(
        f"<li><b>{escape(step.name)}</b> {escape(step.worked)}"
        f"{_listed(step.steps, levels - 1) if levels > 1 else ''}</li>"
        for step in steps
        if "=" in step.worked  # after simplification some are a bare number
    )
    return f'<ul class="cnn-derivation__steps">{lines}</ul>' if lines else ""


def _step(step: Quantity) -> str:
    # The sizes of a layer are steps of nearly all that is counted of it. Steps that read alike may
    # rest on others: 28 · 28 · 6 on 32 − 5 + 1 = 28, or on 30 − 3 + 1 = 28.
    key = (step.name, step.symbol, step.worked, step.formula, *map(_step, step.steps))
    if key not in _STEPS:
        symbol = notation.symbol(step, notation.MATHML) if step.symbol else ""
        summary = f"{escape(step.name)} {symbol} = {escape(plain(step.value))}"
        _STEPS[key] = f"<details><summary>{summary}</summary>{_working(step)}</details>"
    return _STEPS[key]


_STEPS: dict[tuple[str, ...], str] = {}


def shape(sizes: Shape, show: Show) -> str:
    """Sizes as people write them: height × width × channels, a lone channel left out."""
    channels, *image = sizes
    lone = bool(image) and channels == 1
    return " × ".join(show(size) for size in [*image, *([] if lone else [channels])])


def text(words: Words, show: Show) -> str:
    """A sentence whose numbers open."""
    return "".join(escape(part) if isinstance(part, str) else show(part) for part in words.parts())


def formula(quantity: Quantity) -> str:
    """The formula, set as mathematics, to stand in a sentence."""
    # Within a span, for Markdown takes a line that begins with <math> for a block.
    return f'<span class="cnn-math">{notation.definition(quantity, notation.MATHML)}</span>'


# -- worked examples


def worked(placed: Placed, show: Show) -> str:
    """One layer on one input, step by step: what follows from what, with formula and numbers."""
    lines = "".join(_worked_line(title, number_, show) for title, number_ in _steps_of(placed))
    return (
        f'<div class="cnn-worked"><p class="cnn-worked__title"><code>{escape(repr(placed.layer))}'
        f"</code> on {shape(placed.input_shape, show)}</p><ol>{lines}</ol></div>"
    )


def _steps_of(placed: Placed) -> Iterable[tuple[str, Quantity]]:
    for size in placed.output_shape:
        if size.op:
            yield f"{size.name[0].upper()}{size.name[1:]}", size
    yield "Outputs", placed.outputs
    yield "Weights", placed.weights
    yield "Parameters: weights and biases", placed.parameters
    yield "Multiply-adds (MACs)", placed.macs
    yield "Connections", placed.connections
    yield "Dense layer between the same units: weights", placed.dense_weights
    yield "The same connections, unshared: weights", placed.unshared_weights
    if placed.connections:
        yield "Saved by sparsity", placed.sparsity
        yield "Saved again by sharing", placed.sharing


def _worked_line(title: str, quantity: Quantity, show: Show) -> str:
    definition = notation.definition(quantity, notation.MATHML)
    times = " times" if not quantity.unit and "factor" in quantity.name else ""
    return (
        f'<li><span class="cnn-worked__name">{escape(title)}</span>'
        f'<span class="cnn-worked__formula">{definition}</span>'
        f'<span class="cnn-worked__numbers">{worked_out(quantity, show)}{times}</span></li>'
    )


def worked_out(quantity: Quantity, show: Show) -> str:
    """The working with numbers and the result, which opens: `5 · 5 · 3 · 6 = 450`."""
    working = notation.working(quantity, notation.TEXT)
    equals = "=" if as_decimal(quantity.value) is not None else "≈"
    before = f"{escape(working)} {equals} " if working else ""
    return f"{before}<strong>{show(quantity)}</strong>"


_SYMBOLS = {"min", "kHz", "MHz", "GHz", "KiB", "MiB", "GiB", "TiB"}


def _plural(unit: str) -> str:
    """The plural of a unit in the singular; a symbol, a ratio or a plural stays as it is."""
    symbol = len(unit) <= 2 or unit in _SYMBOLS  # "s", "px", "kB": no word is as short
    if symbol or not unit[-1].isalpha() or "/" in unit or re.search(r"[^s]s$", unit):
        return unit
    if re.search(r"(s|x|z|ch|sh)$", unit):
        return f"{unit}es"
    return re.sub(r"([^aeiou])y$", r"\1ie", unit) + "s"
