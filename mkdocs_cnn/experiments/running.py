"""Running experiments: the seeds in parallel, each kept as soon as it is done.

joblib fans out, so that its backends serve: on a cluster,

    with joblib.parallel_config(backend="dask"):
        run("sample-efficiency", kept=Cache(Path(".cache/experiments")))

Results of the workers come back to this process, which writes them; no disk need be shared.
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
from mkdocs_cnn.experiments.catalogue import ExperimentDeclaration, catalogue, load_experiment
from mkdocs_cnn.experiments.results import plain, write
from mkdocs_cnn.fingerprint import digest
from mkdocs_cnn.registry import Content, content, place_in_content, place_of, use_content


class SeedRun(NamedTuple):
    """What an experiment gives with one seed.

    The seconds are of one core; the result is as JSON holds it.
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
    on_seed: Callable[[SeedRun], None] = lambda one: None,
) -> Path:
    """Run an experiment with all its seeds, and write its result.

    Finished seeds are `kept` until all are; those found there are not run again. So many `jobs` run
    at once, or as joblib's configuration says; what measures seconds runs alone. `results` is the
    folder to write to, if it is not the one with the code. `on_seed` is called with each finished
    seed, those that were kept too.

    Returns:
        The file with the result.

    Raises:
        UnknownNameError: If there is no such experiment.
        TypeError: If a run gives what JSON cannot hold.
        ModuleNotFoundError: If a package that it needs is not installed.
    """
    declaration = catalogue()[name]
    load_experiment(name)  # where it cannot be imported, its error says so; other processes' do not
    finished = FinishedSeeds(declaration, kept)
    done = {one.seed: one for one in finished.load()}
    for one in done.values():
        on_seed(one)
    missing = [seed for seed in range(declaration.seeds) if seed not in done]
    for one in _each(name, missing, 1 if declaration.timed else jobs):
        finished.keep(one)
        done[one.seed] = one
        on_seed(one)
    written = write(
        declaration, _content(declaration, [done[seed] for seed in sorted(done)]), results
    )
    finished.forget()
    return written


def one_seed(name: str, seed: int, site_content: Content | None = None) -> SeedRun:
    """Run an experiment with one seed, on one thread.

    More threads add in another order: a result would depend on how many runs share the machine.

    Another process than the caller's is told the content packages.
    """
    from threadpoolctl import threadpool_limits

    if site_content and site_content != content():
        use_content(*site_content)
    place = ""
    try:
        experiment = load_experiment(name)
        place = place_of(experiment.run)
        with threadpool_limits(limits=1):
            start = thread_time()  # what else the machine does meanwhile does not count
            result = plain(experiment.run(experiment.settings, seed))
            return SeedRun(seed, round(thread_time() - start, 3), result)
    except (Exception, SystemExit) as error:
        # A note goes along to the process that asked; the traceback does not, and an exit ends it.
        ending = isinstance(error, SystemExit)
        failure = RuntimeError(f"it calls sys.exit({error})") if ending else error
        failure.add_note(place_in_content(error) or place)
        raise failure from None


def _each(name: str, seeds: list[int], jobs: int | None) -> Iterator[SeedRun]:
    """The runs as they end, in whatever order."""
    from joblib import Parallel, delayed

    parallel = Parallel(
        n_jobs=jobs, return_as="generator_unordered", batch_size=1, pre_dispatch="n_jobs"
    )
    yield from parallel(delayed(one_seed)(name, seed, content()) for seed in seeds)


class FinishedSeeds:
    """The finished seeds of an experiment that is not finished."""

    def __init__(self, declaration: ExperimentDeclaration, cache: Cache) -> None:
        self._declaration, self._cache = declaration, cache
        self._fingerprint = declaration.fingerprint

    def load(self) -> Iterator[SeedRun]:
        """Those that an earlier call of `run` left, with the code as it is now."""
        for seed in range(self._declaration.seeds):
            # One that a disk failure cut short is run again.
            with suppress(FileNotFoundError, ValueError):
                yield SeedRun(*self._cache.read_json(self._name(seed)))

    def keep(self, done: SeedRun) -> None:
        """Keep one."""
        self._cache.write_json(self._name(done.seed), done)

    def forget(self) -> None:
        """Drop them all."""
        for seed in range(self._declaration.seeds):
            self._cache.path(self._name(seed), "json").unlink(missing_ok=True)

    def _name(self, seed: int) -> str:
        return digest("run", self._declaration.name, self._fingerprint, seed)


def _content(declaration: ExperimentDeclaration, runs: list[SeedRun]) -> dict[str, Any]:
    return {
        "settings": plain(load_experiment(declaration.name).settings),
        "seeds": [one.seed for one in runs],
        "versions": {
            "python": platform.python_version(),
            **{package: version(package) for package in ("numpy", *declaration.needs)},
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
