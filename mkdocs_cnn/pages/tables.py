"""Tables as one line of HTML: of layers, of numbers, and of what breaks equivariance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from itertools import product
from typing import Any, get_args

from mkdocs_cnn.layers import Placed, Shape
from mkdocs_cnn.layers.arguments import PaddingMode
from mkdocs_cnn.layers.shift_formulas import whole_shift
from mkdocs_cnn.pages.html import Show, shape
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.registry import UnknownNameError

# -- the parts of any table, which hold HTML


def frame(headings: Iterable[str], bodies: str, caption: str = "", *, wide: bool = True) -> str:
    """A table in the frame in which it scrolls.

    Headings and caption are text ("" where there is none), `bodies` are its `<tbody>` elements; the
    cells of a wide one are set more closely.
    """
    cells = (f'<th scope="col">{escape(text)}</th>' if text else "<td></td>" for text in headings)
    head = "".join(cells)  # a heading may not be empty
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    return (
        f'<div class="cnn-table-frame"><table class="cnn-table{" cnn-table--wide" * wide}">{title}'
        f"<thead><tr>{head}</tr></thead>{bodies}</table></div>"
    )


def row(heading: str, cells: Iterable[str], css_class: str = "") -> str:
    """A row with its heading, as text, and its cells, as HTML."""
    data = "".join(f"<td>{cell}</td>" for cell in cells)
    attribute = f' class="{css_class}"' if css_class else ""
    return f'<tr{attribute}><th scope="row">{escape(heading)}</th>{data}</tr>'


# -- layers and numbers

COLUMNS = {
    "inputs": "Inputs",
    "outputs": "Outputs",
    "weights": "Weights",
    "parameters": "Parameters",
    "macs": "MACs",
    "connections": "Connections",
    "sparsity": "Saved by sparsity",
    "sharing": "Saved by sharing",
    "reduction": "Saved in all",
}


def table(rows: Mapping[str, Any], columns: Sequence[str], show: Show, *, caption: str) -> str:
    """A table of numbers that open, one row for each layer on its input.

    By its heading a row has a layer on its input, or a list of cells; columns are for layers the
    names of counts, as in `COLUMNS`, and for cells their headings.

    Raises:
        UnknownNameError: If a layer has no such count.
        TypeError: If the rows have no headings, or one is neither layer nor list.
        ValueError: If a row has more or fewer cells than there are columns.
    """
    if not isinstance(rows, Mapping):
        raise TypeError(f"rows are given by their headings, as in {{'dense': …}}, not {rows!r}")
    headings = [COLUMNS.get(column, str(column)) for column in columns]
    lines = (
        row(name, [_cell(value, show) for value in _values(name, line, columns)])
        for name, line in rows.items()
    )
    body = f"<tbody>{''.join(lines)}</tbody>"
    return frame(["", *headings], body, caption, wide=len(headings) > 2)


def _values(name: str, line: Any, columns: Sequence[str]) -> Sequence[Any]:
    """What stands in a row: the counts of a layer, or the cells as they are written."""
    if isinstance(line, Placed):
        for column in columns:
            if column not in COLUMNS:
                raise UnknownNameError("column", column, COLUMNS)
        return [getattr(line, column) for column in columns]
    if not isinstance(line, list | tuple):
        raise TypeError(
            f"row {name!r} takes a layer on an input, as in Conv2d(…).on(…), or a list of cells, "
            f"not {line!r}"
        )
    if len(line) != len(columns):
        raise ValueError(f"row {name!r} has {len(line)} cells for {len(columns)} columns")
    return line


def _cell(value: Any, show: Show) -> str:
    if isinstance(value, Quantity):
        return show(value)
    return shape(value, show) if isinstance(value, Shape) else escape(str(value))


# -- what breaks equivariance

_BREAKS = ("Padding", "Stride", "Layers", "Share that differs", "Predicted", "Norm")
_IMAGES = {"noise": "32 × 32 pixels of integer noise", "photograph": "the photograph in grey"}


def breaks_table(image: str, by: Sequence[int], show: Show) -> str:
    """What breaks equivariance and by how much: operations, paddings, strides and depths.

    The image, "noise" or "photograph", is shifted by so many pixels down and right.

    Raises:
        UnknownNameError: If there is no such image.
        TypeError: If the shift is no pair of integers.
    """
    from mkdocs_cnn.arrays.operations import OPERATIONS

    pixels = _IMAGES.get(image, image)
    caption = f"Windows of 3 × 3 on {pixels}, moved {_shift_in_words(by)} on a ring"
    bodies = (
        f'<tbody><tr><th scope="rowgroup" colspan="{len(_BREAKS)}">'
        f"<strong>{operation.capitalize()}</strong></th></tr>"
        f"{''.join(_break_rows(operation, image, by, show))}</tbody>"
        for operation in OPERATIONS
    )
    return frame(_BREAKS, "".join(bodies), caption)


def _break_rows(operation: str, image: str, by: Sequence[int], show: Show) -> Iterator[str]:
    from mkdocs_cnn.arrays.declaration import measure

    for mode, stride, depth in product(get_args(PaddingMode), (1, 2), (1, 2)):
        layers = {"operation": operation, "padding_mode": mode, "stride": stride, "depth": depth}
        numbers = measure("break", **layers, by=by, image=image)
        names = ("share", "predicted", "norm")
        measured = (show(numbers[name]) if name in numbers else "–" for name in names)
        yield row(mode, (str(stride), str(depth), *measured))


def _shift_in_words(by: Sequence[int]) -> str:
    """`2 columns right`, `1 row up and 3 columns left`."""
    down, right = whole_shift("by", by)
    axes = ((down, "row", ("down", "up")), (right, "column", ("right", "left")))
    parts = [
        f"{abs(steps)} {word}{'s' if abs(steps) > 1 else ''} {ways[steps < 0]}"
        for steps, word, ways in axes
        if steps
    ]
    return " and ".join(parts) or "by nothing"
