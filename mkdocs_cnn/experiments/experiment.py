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
is written before the result is seen, and pages show it. Every edit to this module makes all
results stale: what reads, keeps and checks them stands elsewhere.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

Run = TypeVar("Run")


@dataclass(frozen=True)
class Declared:
    """An experiment as it was declared.

    Attributes:
        name: Lower-case words joined by hyphens; its name in pages, commands and files.
        title: A few words for lists.
        seeds: How many times it is run, with the seeds 0, 1, 2 and so on.
        run: What is run: takes settings and a seed, gives a frozen dataclass.
        settings: The settings with which it is run.
        result: The class of what one run gives. Its fields hold numbers, strings, and tuples of
            such: what JSON can hold.
    """

    name: str
    title: str
    seeds: int
    run: Callable[[Any, int], Any]
    settings: Any
    result: type


EXPERIMENTS: dict[str, Declared] = {}  # those whose modules were imported, by name


def experiment(
    name: str,
    *,
    title: str,
    seeds: int,
    reads: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    timed: bool = False,
) -> Callable[[Callable[[Any, int], Run]], Callable[[Any, int], Run]]:
    """Declare the decorated function as an experiment.

    All arguments are written out: they are read from the source, which is not imported to learn
    what experiments there are.

    Args:
        name: Lower-case words joined by hyphens: the module's name, with hyphens.
        title: A few words for lists.
        seeds: How many seeds it is run with, from 0.
        reads: Files in the package's folder `data` that the result rests on.
        needs: Distributions besides NumPy whose versions are kept with the result.
        timed: Whether it measures seconds, so that its runs need the machine to themselves and
            differ from one time to the next.

    Raises:
        ValueError: If the name is not that of the module.
    """

    def declare(run: Callable[[Any, int], Run]) -> Callable[[Any, int], Run]:
        module = run.__module__.rpartition(".")[2]
        if module.replace("_", "-") != name:
            raise ValueError(
                f"experiment {name!r} must stand in a module of its name, not {module}"
            )
        hints = get_type_hints(run)
        settings = hints[next(iter(inspect.signature(run).parameters))]()
        EXPERIMENTS[name] = Declared(name, title, seeds, run, settings, hints["return"])
        return run

    return declare
