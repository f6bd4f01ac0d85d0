"""The results of experiments as they are kept: one JSON file each, in `results`.

    outcome("sample-efficiency").runs[0]

A result says what made it: the fingerprint of the code and data, settings, seeds, versions, machine
and seconds. One whose code has changed since, or that was edited by hand, is not used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs_cnn.cache import write_whole
from mkdocs_cnn.digest import digest
from mkdocs_cnn.experiments.catalogue import Known, catalogue, declared

RESULTS = Path(__file__).parent / "results"
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
    """What an experiment gave.

    Raises:
        UnknownNameError: If there is no such experiment.
        StaleError: If its result is missing, or not what its code would give.
    """
    return _read(name, seal(name), RESULTS)


@cache
def _read(name: str, seal: str, folder: Path) -> Outcome:
    # The seal is part of what is cached by: a result that was written anew is read anew.
    kept, known = _kept(name, folder), declared(name)
    return Outcome(
        name,
        known.settings,
        tuple(known.result(**_frozen(run)) for run in kept["runs"]),
        kept["seconds"],
        kept["machine"],
        kept["versions"],
    )


def trouble(name: str, folder: Path = RESULTS) -> str:
    """Why the result of an experiment cannot be used, with the remedy; "" where it can.

    Raises:
        UnknownNameError: If there is no such experiment.
    """
    try:
        _checked(catalogue()[name], folder)
    except StaleError as error:
        return str(error)
    return ""


def seal(name: str) -> str:
    """The fingerprint of the result of an experiment, which was found usable.

    Raises:
        UnknownNameError: If there is no such experiment.
        StaleError: If its result is missing, or not what its code would give.
    """
    return _checked(catalogue()[name], RESULTS)


def path(name: str, folder: Path = RESULTS) -> Path:
    """Where the result of an experiment stands, or would."""
    return folder / f"{name}.json"


def write(known: Known, kept: Mapping[str, Any], folder: Path = RESULTS) -> Path:
    """Write the result of an experiment, sealed with the fingerprint of what it holds."""
    content = {"experiment": known.name, "fingerprint": known.fingerprint, **kept}
    sealed = {**content, "seal": digest(content)}
    return write_whole(path(known.name, folder), (_text(sealed) + "\n").encode())


def plain(result: Any) -> dict[str, Any]:
    """A frozen dataclass as JSON holds it: its fields by name, tuples as lists.

    Raises:
        TypeError: If a field holds what JSON does not.
    """
    held: dict[str, Any] = json.loads(json.dumps(asdict(result), allow_nan=False))
    return held


def _checked(known: Known, folder: Path) -> str:
    """The seal of a usable result."""
    kept = _kept(known.name, folder)
    if kept.get("fingerprint") != known.fingerprint:
        raise StaleError(known.name, "has code or data that changed since it was run")
    sealed = kept.pop("seal", None)
    if sealed != digest(kept) or len(kept["runs"]) != known.seeds:
        raise StaleError(known.name, "has a result that was edited after it was run")
    return str(sealed)


def _kept(name: str, folder: Path) -> dict[str, Any]:
    try:
        kept = json.loads(path(name, folder).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StaleError(name, "has no result") from None
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
