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
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

from mkdocs_cnn.cache import write_whole
from mkdocs_cnn.experiments.catalogue import ExperimentDeclaration, catalogue, load_experiment
from mkdocs_cnn.experiments.declaration import FINDINGS
from mkdocs_cnn.fingerprint import digest
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.registry import clearer_error, declarations, did_you_mean, import_declared

COMMAND = "mkdocs-cnn experiments run"


class StaleError(Exception):
    """The result of an experiment is missing, or is not what its code would give."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(f"experiment {name!r} {why}; run: {COMMAND} {name}")


@dataclass(frozen=True)
class Outcome:
    """The result of an experiment."""

    name: str  # the experiment
    settings: Any  # the settings of all runs
    runs: tuple[Any, ...]  # the result of each seed, in order from seed 0
    seconds: float  # how long all runs took, in seconds of one core, added up
    machine: str  # where they ran
    versions: Mapping[str, str]  # of Python and of the distributions that they used


def outcome(name: str) -> Outcome:
    """The result of an experiment in the experiment's own classes; its module is imported.

    Raises:
        UnknownNameError: If there is no such experiment.
        StaleError: If its result is missing, or not what its code would give.
    """
    return _typed(name, seal(name))


def raw_outcome(name: str) -> Outcome:
    """The result of an experiment; its settings and runs have the same attributes but no class.

    Nothing is imported, so that a number can be had without NumPy. It fails as `outcome` does.
    """
    return _usable_result(catalogue()[name]).outcome


def numbers_of(name: str, **parameters: Any) -> Mapping[str, Quantity]:
    """The numbers that pages and claims take from an experiment, by name; without NumPy.

    The parameters are those of its findings.

    Raises:
        UnknownNameError: If there is no such experiment.
        StaleError: If its result is missing, or not what its code would give.
        TypeError: If its findings have no such parameter.
        ValueError: If it has no findings, or a parameter asks for what was not measured.
    """
    raw = raw_outcome(name)
    known = declarations("findings", "experiments")
    if name not in known:
        place = declarations("experiment", "experiments")[name].place
        near = did_you_mean(name, known.keys() - catalogue().keys())
        raise ValueError(
            f"{place}: experiment {name!r} has no findings{near or ';'} a function decorated with "
            f'@findings("{name}") takes from its runs what pages ask for'
        )
    function = import_declared(known[name], FINDINGS)
    try:
        return function(raw.runs, raw.settings, **parameters)
    except TypeError as error:
        raise clearer_error(error, function, parameters) from None


def problem_with(name: str, folder: Path | None = None) -> str:
    """Why the result of an experiment cannot be used, with the remedy; "" where it can."""
    try:
        _usable_result(catalogue()[name], folder)
    except StaleError as error:
        return str(error)
    return ""


def seal(name: str) -> str:
    """The fingerprint of the result of an experiment; fails as `raw_outcome` does."""
    return _usable_result(catalogue()[name]).seal


def result_path(declaration: ExperimentDeclaration, folder: Path | None = None) -> Path:
    """Where the result of an experiment is, or would be, in this folder or beside its code."""
    return declaration.result if folder is None else folder / f"{declaration.name}.json"


def write(
    declaration: ExperimentDeclaration, kept: Mapping[str, Any], folder: Path | None = None
) -> Path:
    """Write the result of an experiment, sealed with the fingerprint of what it holds."""
    content = {"experiment": declaration.name, "fingerprint": declaration.fingerprint, **kept}
    sealed = {**content, "seal": digest(content)}
    return write_whole(result_path(declaration, folder), (_text(sealed) + "\n").encode())


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


def _usable_result(declaration: ExperimentDeclaration, folder: Path | None = None) -> _Result:
    """The result of an experiment, read anew only where the file or what it rests on changed."""
    try:
        text = result_path(declaration, folder).read_bytes()
    except FileNotFoundError:
        raise StaleError(declaration.name, "has no result") from None
    return _check(declaration, declaration.fingerprint, text)


@cache
def _check(declaration: ExperimentDeclaration, fingerprint: str, text: bytes) -> _Result:
    kept = _parse(declaration.name, text)
    if kept.get("fingerprint") != fingerprint:
        raise StaleError(declaration.name, "has code or data that changed since it was run")
    sealed = kept.pop("seal", None)
    if sealed != digest(kept) or len(kept["runs"]) != declaration.seeds:
        raise StaleError(declaration.name, "has a result that was edited after it was run")
    parts = (kept["settings"], *kept["runs"])
    settings, *runs = (SimpleNamespace(**_frozen(part)) for part in parts)
    made_by = (kept[key] for key in ("seconds", "machine", "versions"))
    return _Result(str(sealed), Outcome(declaration.name, settings, tuple(runs), *made_by))


@cache
def _typed(name: str, seal: str) -> Outcome:
    # The seal is part of what is cached by: a result that was written anew is read anew.
    raw, experiment = raw_outcome(name), load_experiment(name)
    runs = tuple(experiment.result(**vars(run)) for run in raw.runs)
    return replace(raw, settings=experiment.settings, runs=runs)


def _parse(name: str, text: bytes) -> dict[str, Any]:
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
