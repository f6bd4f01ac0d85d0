"""What there is: the commands `figures list`, `claims list` and `networks list`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from mkdocs_cnn.cli.output import as_json_option, echo_list, shape
from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.figures.declaration import FigureDeclaration, Parameter, find_figure
from mkdocs_cnn.networks import networks

if TYPE_CHECKING:  # figures need none
    from mkdocs_cnn.claims import Claim


@click.command("list")
@as_json_option
def list_figures(as_json: bool) -> None:
    """Every figure: its name, its title, its parameters with their defaults.

    For programs there are its caption and its alt text, too.
    """
    echo_list(
        as_json,
        map(find_figure, catalogue()),
        _figure,
        ("NAME", "TITLE", "PARAMETERS"),
        lambda one: (one.name, one.title, assignments(one.parameters)),
    )


@click.command("list")
@as_json_option
def list_claims(as_json: bool) -> None:
    """Every claim: its name, its source, the verdict on it."""
    from mkdocs_cnn.claims import claims  # figures need none

    echo_list(
        as_json,
        claims().values(),
        _claim,
        ("NAME", "SOURCE", "VERDICT"),
        lambda one: (one.name, one.source.key, one.verdict.value),
    )


@click.command("list")
@as_json_option
def list_networks(as_json: bool) -> None:
    """Every network: its name, title and year, its variant, its usual input."""
    echo_list(
        as_json,
        networks.values(),
        lambda one: {key: getattr(one, key) for key in NETWORK},
        ("NAME", "TITLE", "YEAR", "INPUT", "VARIANT"),
        lambda one: (one.name, one.title, str(one.year), shape(one.input_shape), one.variant),
    )


NETWORK = ("name", "title", "year", "variant", "source", "input_shape")


def _claim(claim: Claim) -> dict[str, str]:
    return {
        "name": claim.name,
        "source": claim.source.key,
        "locator": claim.locator,
        "quote": claim.quote,
        "verdict": claim.verdict.value,
        "why": claim.explanation.text,
    }


def _figure(figure: FigureDeclaration) -> dict[str, Any]:
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
