"""What there is: the commands `figures list`, `claims list` and `networks list`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from mkdocs_cnn.cli.output import as_json_option, echo_json, shape, table
from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.figures.declaration import FigureDeclaration, Parameter, declared
from mkdocs_cnn.networks import networks


@click.command("list")
@as_json_option
def list_figures(as_json: bool) -> None:
    """Every figure: its name, its title, its parameters with their defaults.

    For programs there are its caption and its alt text, too.
    """
    known = [declared(name) for name in catalogue()]
    if as_json:
        echo_json([_described(one) for one in known])
    else:
        rows = ((one.name, one.title, assignments(one.parameters)) for one in known)
        _echo(table(("NAME", "TITLE", "PARAMETERS"), rows))


@click.command("list")
@as_json_option
def list_claims(as_json: bool) -> None:
    """Every claim: its name, its source, the verdict on it."""
    from mkdocs_cnn.claims import claims  # figures need none

    known = claims().values()
    if as_json:
        echo_json(
            [
                {
                    "name": one.name,
                    "source": one.source.key,
                    "locator": one.locator,
                    "quote": one.quote,
                    "verdict": one.verdict.value,
                    "why": one.explanation.text,
                }
                for one in known
            ]
        )
    else:
        rows = ((one.name, one.source.key, one.verdict.value) for one in known)
        _echo(table(("NAME", "SOURCE", "VERDICT"), rows))


@click.command("list")
@as_json_option
def list_networks(as_json: bool) -> None:
    """Every network: its name, title and year, its variant, its usual input."""
    known = networks.values()
    if as_json:
        echo_json(
            [
                {
                    "name": one.name,
                    "title": one.title,
                    "year": one.year,
                    "variant": one.variant,
                    "source": one.source,
                    "input_shape": list(one.input_shape),
                }
                for one in known
            ]
        )
    else:
        rows = (
            (one.name, one.title, str(one.year), shape(one.input_shape), one.variant)
            for one in known
        )
        _echo(table(("NAME", "TITLE", "YEAR", "INPUT", "VARIANT"), rows))


def _described(figure: FigureDeclaration) -> dict[str, Any]:
    return {
        "name": figure.name,
        "title": figure.title,
        "caption": figure.words("caption").text,
        "alt": figure.words("alt").text,
        "parameters": dict(figure.parameters),
        "rests_on": list(figure.rests_on),
        "declared_at": catalogue()[figure.name].place,
    }


def assignments(parameters: Mapping[str, Parameter]) -> str:
    """Parameters as they are given on the command line: "units=6 kernel_size=3"."""
    return " ".join(f"{key}={value}" for key, value in parameters.items())


def _echo(lines: list[str]) -> None:
    click.echo("\n".join(lines))
