"""The results of experiments as they are kept: one JSON file each, beside the code.

    outcome("sample-efficiency").runs[0]

A result says what made it: the fingerprint of the code and data, settings, seeds, versions, machine
and seconds. One whose code has changed since, or that was edited by hand, is not used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from mkdocs_cnn.cache import write_whole
from mkdocs_cnn.experiments.catalogue import Known, catalogue, declared
from mkdocs_cnn.experiments.experiment import FINDINGS
from mkdocs_cnn.fingerprint import digest
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.registry import declarations, explained

COMMAND = "mkdocs-cnn experiments run"


class StaleError(Exception):
    """The result of an experiment is missing, or is not what its code would give."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"experiment {name!r} {why}; run: {COMMAND} {name}")


@dataclass(frozen=True)
class Outcome:
    """What an experiment gave.

    Attributes:
        name: The experiment.
        settings: The settings of all runs.
        runs: What each seed gave, in order from seed 0.
        seconds: How long all runs took, in seconds of one core, added up.
        machine: Where they ran.
        versions: Of Python and of the distributions that they used.
    """

    name: str
    settings: Any
    runs: tuple[Any, ...]
    seconds: float
    machine: str
    versions: Mapping[str, str]


def outcome(name: str) -> Outcome:
    """What an experiment gave, in the experiment's own classes; its module is imported.

    Raises:
        UnknownNameError: If there is no such experiment.
        StaleError: If its result is missing, or not what its code would give.
    """
    return _typed(name, seal(name))


def untyped(name: str) -> Outcome:
    """What an experiment gave, its settings and runs with the same attributes but of no class.

    Nothing is imported, so that a number of it can be had without NumPy.

    Raises:
        UnknownNameError: If there is no such experiment.
        StaleError: If its result is missing, or not what its code would give.
    """
    return _usable(catalogue()[name]).outcome


def found(name: str, **parameters: Any) -> Mapping[str, Quantity]:
    """The numbers that pages and claims take from an experiment, by name; without NumPy.

    Args:
        name: The experiment.
        parameters: Of its findings.

    Raises:
        UnknownNameError: If there is no such experiment.
        StaleError: If its result is missing, or not what its code would give.
        TypeError: If its findings have no such parameter.
        ValueError: If a parameter asks for what was not measured.
    """
    gave = untyped(name)
    import_module(declarations("findings", "experiments")[name].module)
    function = FINDINGS[name]
    try:
        return function(gave.runs, gave.settings, **parameters)
    except TypeError as error:
        raise explained(error, function, parameters) from None


def trouble(name: str, folder: Path | None = None) -> str:
    """Why the result of an experiment cannot be used, with the remedy; "" where it can.

    Raises:
        UnknownNameError: If there is no such experiment.
    """
    try:
        _usable(catalogue()[name], folder)
    except StaleError as error:
        return str(error)
    return ""


def seal(name: str) -> str:
    """The fingerprint of the result of an experiment, which was found usable.

    Raises:
        UnknownNameError: If there is no such experiment.
        StaleError: If its result is missing, or not what its code would give.
    """
    return _usable(catalogue()[name]).seal


def path(known: Known, folder: Path | None = None) -> Path:
    """Where the result of an experiment is, or would be, in this folder or beside its code."""
    return known.result if folder is None else folder / f"{known.name}.json"


def write(known: Known, kept: Mapping[str, Any], folder: Path | None = None) -> Path:
    """Write the result of an experiment, sealed with the fingerprint of what it holds."""
    content = {"experiment": known.name, "fingerprint": known.fingerprint, **kept}
    sealed = {**content, "seal": digest(content)}
    return write_whole(path(known, folder), (_text(sealed) + "\n").encode())


def plain(result: Any) -> dict[str, Any]:
    """A frozen dataclass as JSON holds it: its fields by name, tuples as lists.

    Raises:
        TypeError: If a field holds what JSON does not.
    """
    held: dict[str, Any] = json.loads(json.dumps(asdict(result), allow_nan=False))
    return held


class _Result(NamedTuple):
    """A result that can be used."""

    seal: str
    outcome: Outcome


def _usable(known: Known, folder: Path | None = None) -> _Result:
    """The result of an experiment, read anew only where the file or what it rests on changed."""
    try:
        text = path(known, folder).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StaleError(known.name, "has no result") from None
    except ValueError:
        raise StaleError(known.name, "has a result that is no JSON") from None
    return _checked(known, known.fingerprint, text)


@cache
def _checked(known: Known, fingerprint: str, text: str) -> _Result:
    kept = _parsed(known.name, text)
    if kept.get("fingerprint") != fingerprint:
        raise StaleError(known.name, "has code or data that changed since it was run")
    sealed = kept.pop("seal", None)
    if sealed != digest(kept) or len(kept["runs"]) != known.seeds:
        raise StaleError(known.name, "has a result that was edited after it was run")
    parts = (kept["settings"], *kept["runs"])
    settings, *runs = (SimpleNamespace(**_frozen(part)) for part in parts)
    told = (kept[key] for key in ("seconds", "machine", "versions"))
    return _Result(str(sealed), Outcome(known.name, settings, tuple(runs), *told))


@cache
def _typed(name: str, seal: str) -> Outcome:
    # The seal is part of what is cached by: a result that was written anew is read anew.
    gave, own = untyped(name), declared(name)
    runs = tuple(own.result(**vars(run)) for run in gave.runs)
    return replace(gave, settings=own.settings, runs=runs)


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        kept = json.loads(text)
    except ValueError:
        raise StaleError(name, "has a result that is no JSON") from None
    if not isinstance(kept, dict):
        raise StaleError(name, "has a result that is no JSON object")
    return kept


def _frozen(value: Any) -> Any:
    """What JSON holds, with tuples for its lists."""
    match value:
        case list():
            return tuple(map(_frozen, value))
        case dict():
            return {key: _frozen(held) for key, held in value.items()}
    return value


def _text(content: Mapping[str, Any]) -> str:
    """JSON with one line to a field, and one to each field of a run: a change reads well."""
    lines = []
    for key, value in content.items():
        if key == "runs":
            runs = ",\n  ".join(_run(run) for run in value)
            lines.append(f' "runs": [\n  {runs}\n ]')
        else:
            lines.append(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(lines) + "\n}"


def _run(run: Mapping[str, Any]) -> str:
    fields = ",\n   ".join(f"{json.dumps(key)}: {json.dumps(run[key])}" for key in run)
    return "{\n   " + fields + "\n  }"
