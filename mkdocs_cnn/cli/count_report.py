"""A layer on an input as `count` prints it: as lines for people, as one object for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from mkdocs_cnn.cli.output import shape, table
from mkdocs_cnn.layers import Placed, Row, Rows
from mkdocs_cnn.layers.receptive_field import ReceptiveField
from mkdocs_cnn.networks import Network
from mkdocs_cnn.pages.html import data_value
from mkdocs_cnn.pages.network_tables import COUNTS, FIELD
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain, round_to_digits

HEAD = ("NAME", "KIND", "OUTPUT", "PARAMETERS", "MACS", "FIELD")

Line = tuple[str, str]
"""What is worked, and the working."""

T = TypeVar("T")


@dataclass(frozen=True)
class Report:
    """All that is printed of one layer or network."""

    placed: Placed
    network: Network | None = None
    only_counted: bool = False  # leave out rows with neither parameters nor connections

    @cached_property
    def rows(self) -> Rows:
        """The layers that are listed."""
        rows = self.placed.rows
        if not self.only_counted:
            return rows
        return Rows(row for row in rows if row.placed.parameters or row.placed.connections)

    # -- for programs

    def as_object(self) -> dict[str, Any]:
        """Everything as numbers, text and lists, which JSON can hold."""
        placed, field = self.placed, self.placed.receptive_field
        return {
            "name": self.network.name if self.network else None,
            "layer": repr(placed.layer),
            "input_shape": list(map(int, placed.input_shape)),
            **_numbers(placed, field),
            "worked": _facts(placed, field, lambda number: number.worked),
            "warnings": list(field.warnings),
            "rows": [
                {"name": row.name, "kind": row.kind, **_numbers(row.placed, row.receptive_field)}
                for row in self.rows
            ],
        }

    # -- for people

    def lines(self, explain: bool = False) -> Iterator[str]:
        """The layers one by one, the totals with their working, and what is to be noted."""
        yield self._heading
        yield ""
        yield from self._listed(explain and len(self.placed.rows) > 1)
        yield ""
        yield from _aligned(self._totals())
        for warning in self.placed.receptive_field.warnings:
            yield f"note: {warning}"

    @property
    def _heading(self) -> str:
        what, network = repr(self.placed.layer), self.network
        if network:
            remarks = "; ".join(filter(None, (str(network.year), network.variant)))
            what = f"{network.title} ({remarks})"
        return f"{what} on {shape(self.placed.input_shape)}"

    def _listed(self, explain: bool) -> Iterator[str]:
        head, *lines = table(HEAD, map(_cells, self.rows), right=("PARAMETERS", "MACS"))
        yield head
        for row, line in zip(self.rows, lines, strict=True):
            yield line
            counts = (("parameters", row.placed.parameters), ("MACs", row.placed.macs))
            worked = ((f"    {what}", number.worked) for what, number in counts if number)
            yield from _aligned(worked if explain else ())

    def _totals(self) -> Iterator[Line]:
        placed = self.placed
        yield "output shape", shape(placed.output_shape)
        yield from _steps(placed.output_shape)
        for what in ("parameters", "macs", "connections"):
            number: Quantity = getattr(placed, what)
            yield from _derived("MACs" if what == "macs" else what, number)
        for what in ("receptive_field", "stride"):
            yield from _derived_field(placed.receptive_field, what)
        yield "memory of the parameters", _memory(placed.parameter_bytes)


def _cells(row: Row) -> tuple[str, ...]:
    field = row.receptive_field
    return (
        row.name or "-",
        row.kind,
        shape(row.placed.output_shape),
        f"{row.placed.parameters:,}",
        f"{row.placed.macs:,}",
        f"{_sizes_text(field, 'size')}/{_sizes_text(field, 'stride')}" if field.fields else "-",
    )


def _sizes_text(field: ReceptiveField, what: str) -> str:
    """Sizes or strides in short: "5", or "7x5" where the axes differ."""
    sizes = _common([plain(number.value) for number in _along(field, what)])
    return sizes if isinstance(sizes, str) else "x".join(sizes or ())


def _derived(what: str, number: Quantity) -> Iterator[Line]:
    yield what, number.worked
    yield from _steps(number.steps)


def _steps(steps: Iterable[Quantity]) -> Iterator[Line]:
    for step in steps:
        if "=" in step.worked:  # a product with 1 has a working that shows nothing
            yield f"  {step.name}", step.worked


def _derived_field(field: ReceptiveField, label: str) -> Iterator[Line]:
    what, numbers = label.replace("_", " "), _along(field, FIELD[label])
    if not numbers:
        yield what, "-"
    elif len({number.worked for number in numbers}) == 1:
        yield from _derived(what, numbers[0])
    else:
        for axis, number in zip(field.fields, numbers, strict=True):
            yield from _derived(f"{what}, {axis.axis}", number)


def _memory(size: Quantity) -> str:
    value = int(size)
    scaled = (round_to_digits(value, "byte", digits=4, binary=binary) for binary in (False, True))
    return f"{size.worked} bytes: {', '.join(scaled)}"


def _aligned(lines: Iterable[Line]) -> Iterator[str]:
    pairs = list(lines)
    width = max((len(what) for what, _ in pairs), default=0)
    return (f"{what:{width}}  {worked}" for what, worked in pairs)


def _numbers(placed: Placed, field: ReceptiveField) -> dict[str, Any]:
    output_shape = list(map(int, placed.output_shape))
    return {"output_shape": output_shape, **_facts(placed, field, data_value)}


def _facts(
    placed: Placed, field: ReceptiveField, read: Callable[[Quantity], Any]
) -> dict[str, Any]:
    """What is read off each count, and off what is said of the receptive field."""
    of_field = {label: list(map(read, _along(field, what))) for label, what in FIELD.items()}
    counts = {what: read(getattr(placed, what)) for what in COUNTS}
    return counts | {label: _common(values) for label, values in of_field.items()}


def _along(field: ReceptiveField, what: str) -> list[Quantity]:
    """The size, stride or padding along each axis."""
    return [getattr(axis, what) for axis in field.fields]


def _common(values: list[T]) -> T | list[T] | None:
    """What the axes agree on; all of it where they differ; None where there is no axis."""
    return values[0] if len(set(values)) == 1 else values or None
