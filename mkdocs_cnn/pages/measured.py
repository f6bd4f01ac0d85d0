"""Measured numbers on pages: by name, and the table of what breaks equivariance.

NumPy is imported only where something has to be measured that is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import product
from types import SimpleNamespace
from typing import Any, get_args

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.fingerprint import digest, sources_digest, versions
from mkdocs_cnn.layers.arguments import PaddingMode
from mkdocs_cnn.layers.shift_formulas import (
    output_shift,
    share_of_maxima_kept,
    share_that_differs,
    share_that_sees_padding,
    whole_shift,
)
from mkdocs_cnn.pages.html import Show
from mkdocs_cnn.quantities.quantity import Quantity, from_plain, to_plain

# What pages may call to predict what is measured.
FORMULAS = {
    formula.__name__: formula
    for formula in (output_shift, share_that_differs, share_that_sees_padding, share_of_maxima_kept)
}


class Measured(SimpleNamespace):
    """The numbers that a measurement or an experiment gave, as attributes."""


def numbers(cache: Cache, name: str, parameters: Mapping[str, Any]) -> Measured:
    """The numbers that a measurement gives, measured once and then kept.

    Args:
        cache: Where they are looked for.
        name: The measurement, declared by a content package.
        parameters: Its arguments; what is not plain is refused by the measurement.
    """
    try:
        known = digest(sources_digest(), versions("numpy"), "measured", name, parameters)
    except TypeError:
        return told(_taken(name, parameters))
    return told(cache.remembered(known, lambda: _taken(name, parameters)))


def _taken(name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    from mkdocs_cnn.arrays.measurement import measure

    found = measure(name, **parameters)
    return {key: to_plain(number) for key, number in found.items()}


def told(kept: Mapping[str, Any]) -> Measured:
    """What was kept: quantities as they were, text as it is."""
    return Measured(
        **{key: held if isinstance(held, str) else from_plain(held) for key, held in kept.items()}
    )


# -- the table

Row = Mapping[str, Quantity]

_HEADINGS = ("Padding", "Stride", "Layers", "Share that differs", "Predicted", "Norm")


def breaks_table(image: str, by: Sequence[int], show: Show) -> str:
    """What breaks equivariance and by how much: operations, paddings, strides and depths.

    Args:
        image: "noise" or "photograph".
        by: The shift of the image, pixels down and right.
        show: Writes a number.

    Raises:
        UnknownNameError: If there is no such image.
        TypeError: If the shift is no pair of integers.
    """
    from mkdocs_cnn.arrays.operations import OPERATIONS

    head = "".join(f'<th scope="col">{heading}</th>' for heading in _HEADINGS)
    caption = f"Windows of 3 × 3 on {_ON.get(image, image)}, moved {_in_words(by)} on a ring"
    groups = "".join(_group(operation, image, by, show) for operation in OPERATIONS)
    return (
        '<div class="cnn-table-frame"><table class="cnn-table cnn-table--wide">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>{groups}</table></div>"
    )


_ON = {"noise": "32 × 32 pixels of integer noise", "photograph": "the photograph in grey"}


def _group(operation: str, image: str, by: Sequence[int], show: Show) -> str:
    title = (
        f'<tr><th scope="rowgroup" colspan="{len(_HEADINGS)}">'
        f"<strong>{operation.capitalize()}</strong></th></tr>"
    )
    return f"<tbody>{title}{''.join(_rows(operation, image, by, show))}</tbody>"


def _rows(operation: str, image: str, by: Sequence[int], show: Show) -> Iterator[str]:
    from mkdocs_cnn.arrays.measurement import measure

    for mode, stride, depth in product(get_args(PaddingMode), (1, 2), (1, 2)):
        found = measure(
            "break",
            operation=operation,
            padding_mode=mode,
            stride=stride,
            depth=depth,
            by=by,
            image=image,
        )
        yield _row(mode, (str(stride), str(depth), *_cells(found, show)))


def _cells(found: Row, show: Show) -> Iterator[str]:
    """The share, what a formula says of it, and the norm."""
    for name in ("share", "predicted", "norm"):
        yield show(found[name]) if name in found else "–"


def _row(heading: str, cells: Iterable[str]) -> str:
    inner = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr><th scope="row">{heading}</th>{inner}</tr>'


def _in_words(by: Sequence[int]) -> str:
    """`2 columns right`, `1 row up and 3 columns left`."""
    down, right = whole_shift("by", by)
    parts = [
        f"{abs(steps)} {word}{'s' if abs(steps) > 1 else ''} {ways[steps < 0]}"
        for steps, word, ways in (
            (down, "row", ("down", "up")),
            (right, "column", ("right", "left")),
        )
        if steps
    ]
    return " and ".join(parts) or "by nothing"
