"""What experiments gave, for claims: read without importing the experiment, which needs arrays."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from mkdocs_cnn.digest import PACKAGE
from mkdocs_cnn.experiments.store import path, seal
from mkdocs_cnn.quantity import Quantity


def found(name: str, **parameters: Any) -> Mapping[str, Quantity]:
    """The findings of an experiment.

    Args:
        name: The experiment.
        parameters: Of its findings.

    Raises:
        UnknownNameError: If there is no such experiment.
        StaleError: If its result is missing, or not what its code would give.
    """
    runs, settings = _kept(name, seal(name))
    module = import_module(f"{PACKAGE}.experiments.findings.{name.replace('-', '_')}")
    numbers: Mapping[str, Quantity] = module.findings(runs, settings, **parameters)
    return numbers


@cache
def _kept(name: str, seal: str) -> tuple[tuple[Any, ...], Any]:
    # The seal is part of what is cached by: a result that was written anew is read anew.
    kept = json.loads(path(name).read_text(encoding="utf-8"))
    runs = tuple(SimpleNamespace(**run) for run in kept["runs"])
    return runs, SimpleNamespace(**kept["settings"])
