"""Running experiments: the seeds in parallel, each kept as soon as it is done.

joblib fans out, so that its backends serve: on a cluster,

    with joblib.parallel_config(backend="dask"):
        run("sample-efficiency", kept=Cache(Path(".cache/experiments")))

What the workers give comes back here and is written here; they need not share a disk.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from time import thread_time
from typing import Any, NamedTuple

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.experiments.catalogue import Known, catalogue, declared
from mkdocs_cnn.experiments.results import plain, write
from mkdocs_cnn.fingerprint import digest
from mkdocs_cnn.registry import Content, content, use_content


class Done(NamedTuple):
    """One seed's run.

    Attributes:
        seed: The seed.
        seconds: How long it took, in seconds of one core.
        result: What it gave, as JSON holds it.
    """

    seed: int
    seconds: float
    result: dict[str, Any]


def run(
    name: str,
    *,
    kept: Cache,
    jobs: int | None = None,
    results: Path | None = None,
    tell: Callable[[Done], None] = lambda done: None,
) -> Path:
    """Run an experiment with all its seeds, and write its result.

    Args:
        name: The experiment.
        kept: Where finished seeds are kept until all are; those found there are not run again.
        jobs: How many seeds run at once; None for what joblib's configuration says. What measures
            seconds runs alone.
        results: The folder to write to, if it is not the one with the code.
        tell: Is told of each finished seed, those that were found too.

    Returns:
        The file with the result.

    Raises:
        UnknownNameError: If there is no such experiment.
        TypeError: If a run gives what JSON cannot hold.
        ModuleNotFoundError: If a package that it needs is not installed.
    """
    known, place = catalogue()[name], Finished(catalogue()[name], kept)
    done = {one.seed: one for one in place.found()}
    for one in done.values():
        tell(one)
    missing = [seed for seed in range(known.seeds) if seed not in done]
    for one in _each(name, missing, 1 if known.timed else jobs):
        place.keep(one)
        done[one.seed] = one
        tell(one)
    written = write(known, _content(known, [done[seed] for seed in sorted(done)]), results)
    place.forget()
    return written


def one_seed(name: str, seed: int, known_content: Content | None = None) -> Done:
    """Run an experiment with one seed, on one thread.

    More threads add in another order: a result would depend on how many runs share the machine.

    Args:
        name: The experiment.
        seed: The seed.
        known_content: Where the experiment is found, if this is another process than the caller's.
    """
    from threadpoolctl import threadpool_limits

    if known_content and known_content != content():
        use_content(*known_content)
    known = declared(name)
    with threadpool_limits(limits=1):
        start = thread_time()  # what else the machine does meanwhile does not count
        result = plain(known.run(known.settings, seed))
        return Done(seed, round(thread_time() - start, 3), result)


def _each(name: str, seeds: list[int], jobs: int | None) -> Iterator[Done]:
    """The runs as they end, in whatever order."""
    from joblib import Parallel, delayed

    parallel = Parallel(
        n_jobs=jobs, return_as="generator_unordered", batch_size=1, pre_dispatch="n_jobs"
    )
    yield from parallel(delayed(one_seed)(name, seed, content()) for seed in seeds)


class Finished:
    """The finished seeds of an experiment that is not finished.

    Args:
        known: The experiment.
        kept: Where they are.
    """

    def __init__(self, known: Known, kept: Cache) -> None:
        self._known, self._kept = known, kept
        self._fingerprint = known.fingerprint

    def found(self) -> Iterator[Done]:
        """Those that an earlier call of `run` left, with the code as it is now."""
        for seed in range(self._known.seeds):
            # One that a disk failure cut short is run again.
            with suppress(FileNotFoundError, ValueError):
                yield Done(*self._kept.read_json(self._name(seed)))

    def keep(self, done: Done) -> None:
        """Keep one."""
        self._kept.write_json(self._name(done.seed), done)

    def forget(self) -> None:
        """Drop them all."""
        for seed in range(self._known.seeds):
            self._kept.path(self._name(seed), "json").unlink(missing_ok=True)

    def _name(self, seed: int) -> str:
        return digest("run", self._known.name, self._fingerprint, seed)


def _content(known: Known, runs: list[Done]) -> dict[str, Any]:
    return {
        "settings": plain(declared(known.name).settings),
        "seeds": [one.seed for one in runs],
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in ("numpy", *known.needs)},
        },
        "machine": machine(),
        "seconds": round(sum(one.seconds for one in runs), 3),
        "runs": [one.result for one in runs],
    }


def machine() -> str:
    """What this machine is: its processor, cores and system."""
    import joblib

    return f"{_processor()}, {joblib.cpu_count()} cores, {platform.system()} {platform.machine()}"


def _processor() -> str:
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"
