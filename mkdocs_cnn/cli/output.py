"""What all commands print: tables, JSON, and refusals of one line."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import IO, Any, SupportsInt, TypeVar

import click

T = TypeVar("T")

as_json_option = click.option("--json", "as_json", is_flag=True, help="For programs.")


class Failed(click.ClickException):
    """What was asked for could not be done; said in one line that names the command."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        context = click.get_current_context(silent=True)
        self.command = context.command_path if context else "mkdocs-cnn"

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the line, to standard error unless another file is given."""
        click.echo(f"{self.command}: {self.message}", file=file or sys.stderr)


class Refused(Failed):
    """What was asked for cannot be had; said before anything is written."""

    exit_code = 2


def survive_narrow_terminals() -> None:
    """Print `?` for what standard output has no code for, such as `−`, instead of failing."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def echo_json(content: Any) -> None:
    """Print a value for programs."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Collection[str] = ()
) -> list[str]:
    """The lines of a table, the head first.

    Columns with a heading in `right` end below each other, as numbers do.
    """
    lines = [head, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = [str.rjust if heading in right else str.ljust for heading in head]
    return [
        "  ".join(
            align(cell, width) for align, cell, width in zip(aligned, line, widths, strict=True)
        ).rstrip()
        for line in lines
    ]


def echo_list(
    as_json: bool,
    known: Iterable[T],
    described: Callable[[T], Mapping[str, Any]],
    head: Sequence[str],
    cells: Callable[[T], Sequence[str]],
    right: Collection[str] = (),
) -> None:
    """Print things for programs, each as an object, or for people, each as a row of a table."""
    if as_json:
        echo_json([described(one) for one in known])
    else:
        click.echo("\n".join(table(head, map(cells, known), right=right)))


def shape(sizes: Iterable[SupportsInt]) -> str:
    """Sizes as text: "3 x 32 x 32"."""
    return " x ".join(str(int(size)) for size in sizes)
