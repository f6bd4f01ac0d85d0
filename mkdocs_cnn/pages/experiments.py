"""Experiments on pages: the numbers that they gave, and what was decided before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.experiments.catalogue import ExperimentDeclaration, catalogue
from mkdocs_cnn.experiments.results import COMMAND, Outcome, numbers_of, raw_outcome
from mkdocs_cnn.pages.html import Show
from mkdocs_cnn.pages.measurements import NamedNumbers
from mkdocs_cnn.quantities.quantity import Quantity, to_plain

FOLDER = "experiments"  # of the site, where code and results are to be had


def numbers(cache: Cache, name: str, parameters: Mapping[str, Any]) -> NamedNumbers:
    """The numbers that an experiment gave, as attributes; kept until a source of ours changes.

    Besides its own there are `seeds` and the text `machine`.

    Fails as `numbers_of` does.
    """
    kept = cache.answer("findings", name, parameters, make=lambda: _findings(name, parameters))
    return NamedNumbers.from_plain(kept)


def _findings(name: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    result = raw_outcome(name)
    quantities = {"seeds": _seeds(result), **numbers_of(name, **parameters)}
    plain = {key: to_plain(quantity) for key, quantity in quantities.items()}
    return {"machine": result.machine, **plain}


def _seeds(result: Outcome) -> Quantity:
    return Quantity(len(result.runs), "seed", name="seeds")


def files(names: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """The code and the result of experiments: where a site publishes each, and where it is."""
    for name in names:
        known = catalogue()[name]
        yield f"{FOLDER}/{name}.py.txt", known.code
        yield f"{FOLDER}/{name}.json", known.result


def links(names: Iterable[str], root: str, page: str | None) -> str:
    """The ways from a figure to the protocols (on `page`, if a site has it), code and results."""
    return "".join(
        '<span class="cnn-experiment-links">'
        f"Experiment: {_links(catalogue()[name], root, page)}</span>"
        for name in names
    )


def _links(known: ExperimentDeclaration, root: str, page: str | None) -> str:
    about = escape(known.title)
    ways = {
        **({} if page is None else {"Protocol": f"{root}{page}#{known.name}"}),
        "Code": f"{root}{FOLDER}/{known.name}.py.txt",
        "Data": f"{root}{FOLDER}/{known.name}.json",
    }
    return " ".join(
        f'<a href="{address}" aria-label="{what} of the experiment: {about}">{what}</a>'
        for what, address in ways.items()
    )


def protocol(name: str, root: str, show: Show) -> str:
    """What was decided before the result was known, how to repeat it, and what made the result."""
    known, result = catalogue()[name], raw_outcome(name)
    facts = "".join(
        f"<dt>{term}</dt><dd>{fact}</dd>" for term, fact in _facts(known, result, root, show)
    )
    return f'<div class="cnn-protocol">{paragraphs(known.protocol)}<dl>{facts}</dl></div>'


def _facts(
    known: ExperimentDeclaration, result: Outcome, root: str, show: Show
) -> Iterator[tuple[str, str]]:
    settings = vars(result.settings).items()
    settings_text = ", ".join(f"{key} = {_setting(value)}" for key, value in settings)
    versions = ", ".join(f"{package} {version}" for package, version in result.versions.items())
    seconds = Quantity(round(result.seconds), "second", name=f"seconds that {known.name} took")
    yield "Settings", f"<code>{escape(settings_text)}</code>"
    yield "Seeds", show(_seeds(result))
    yield "Run on", escape(result.machine)
    yield "With", escape(versions)
    yield "Seconds of one core", show(seconds)
    yield "Again", f"<code>{COMMAND} --again {known.name}</code>"
    yield "To be had", _links(known, root, None)


def _setting(value: Any) -> str:
    return "(" + ", ".join(map(_setting, value)) + ")" if isinstance(value, tuple) else str(value)


def paragraphs(text: str) -> str:
    """A docstring as one line of HTML: paragraphs, lists of lines that begin with `- `.

    Within them `code` and *emphasis*.
    """
    return "".join(map(_block, re.split(r"\n\s*\n", text.strip())))


def _block(block: str) -> str:
    if not block.startswith("- "):
        return f"<p>{_inline(block)}</p>"
    items = re.split(r"^- ", block, flags=re.MULTILINE)[1:]
    return "<ul>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + "</ul>"


def _inline(text: str) -> str:
    line = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(" ".join(text.split())))
    return re.sub(r"\*(\w[^*]*)\*", r"<em>\1</em>", line)
