"""What an experiment is: a pure function of settings and a seed, with a name.

    @dataclass(frozen=True)
    class Settings:
        sizes: tuple[int, ...] = (10, 100, 1000)

    @dataclass(frozen=True)
    class Run:
        wrong: tuple[int, ...]

    @experiment("sample-efficiency", title="…", seeds=10, reads=("digits",))
    def sample_efficiency(settings: Settings, seed: int) -> Run: ...

Its module's docstring is its protocol: what is asked, what is compared, how each choice is made. It
is written before the result is seen, and pages show it. What pages take from the result is declared
beside it, best in a module that needs no NumPy:

    @findings("sample-efficiency")
    def errors(runs: Runs, settings: Settings, *, digits: int = 100) -> dict[str, Quantity]: ...

Every edit to this module makes all results stale: what reads, keeps and checks them is elsewhere.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

Run = TypeVar("Run")


@dataclass(frozen=True)
class Experiment:
    """An experiment that can be run."""

    run: Callable[[Any, int], Any]  # takes settings and a seed, and returns a frozen dataclass
    settings: Any  # the settings with which it is run
    # The class that a run returns. Its fields hold numbers, strings, and tuples of such: what JSON
    # can hold.
    result: type


EXPERIMENTS: dict[str, Experiment] = {}  # those whose modules were imported, by name


def experiment(
    name: str,
    *,
    title: str,
    seeds: int,
    reads: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    timed: bool = False,
) -> Callable[[Callable[[Any, int], Run]], Callable[[Any, int], Run]]:
    """Declare the decorated function as an experiment; its content package has it in `experiments`.

    All arguments are written out: they are read from the source, which is not imported to learn
    what experiments there are.

    Args:
        name: Lower-case words joined by hyphens.
        title: A few words for lists.
        seeds: How many seeds it is run with, from 0.
        reads: Files in the package's folder `data` that the result rests on; `*` stands for any
            letters, as in "photographs/*.png".
        needs: Distributions besides NumPy whose versions are kept with the result.
        timed: Whether it measures seconds, so that its runs need the machine to themselves and
            differ from one time to the next.
    """

    def declare(run: Callable[[Any, int], Run]) -> Callable[[Any, int], Run]:
        hints = get_type_hints(run)
        settings = hints[next(iter(inspect.signature(run).parameters))]()
        EXPERIMENTS[name] = Experiment(run, settings, hints["return"])
        return run

    return declare


Findings = TypeVar("Findings", bound=Callable[..., Mapping[str, Any]])
# Those whose modules were imported, by the experiment's name.
FINDINGS: dict[str, Callable[..., Mapping[str, Any]]] = {}


def findings(experiment: str) -> Callable[[Findings], Findings]:
    """Declare the decorated function as what pages take from the result of an experiment.

    The function is handed the runs, in order from seed 0, and the settings, and may take parameters
    that a page chooses. It returns quantities by name.

    Args:
        experiment: The name of the experiment, written out.
    """

    def declare(function: Findings) -> Findings:
        FINDINGS[experiment] = function
        return function

    return declare
