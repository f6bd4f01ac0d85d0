"""The commands `experiments list`, `experiments run` and `experiments check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mkdocs_cnn.cache import Cache, cache_folder
from mkdocs_cnn.cli.output import Failed, Refused, as_json_option, echo_list
from mkdocs_cnn.cli.project import projects_cache
from mkdocs_cnn.experiments.catalogue import ExperimentDeclaration, catalogue
from mkdocs_cnn.experiments.results import problem_with
from mkdocs_cnn.experiments.running import FinishedSeeds, SeedRun, run
from mkdocs_cnn.registry import UnknownNameError


def _kept() -> Cache:
    """Where finished seeds are kept, by a site without a cache, too: they take minutes."""
    folder = projects_cache(Path()) or cache_folder(Path(), None) or Path()
    return Cache(folder / "experiments")


@click.command("list")
@as_json_option
def list_experiments(as_json: bool) -> None:
    """Every experiment: its name, its title, its seeds, whether its result is up to date."""
    echo_list(
        as_json,
        catalogue().values(),
        _described,
        ("NAME", "TITLE", "SEEDS", "RESULT"),
        lambda one: (one.name, one.title, str(one.seeds), _state(one.name)),
        right={"SEEDS"},
    )


_JOBS = "How many seeds run at once; as many as there are cores unless given."


@click.command("run")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--again", is_flag=True, help="Run those too whose results are up to date.")
@click.option("--jobs", type=click.IntRange(min=1), help=_JOBS)
def run_experiments(names: tuple[str, ...], again: bool, jobs: int | None) -> None:
    """Run these experiments, or all, and write their results beside their code.

    What is up to date is left alone. Finished seeds are kept in the cache until all of an
    experiment's are: what was stopped half-way goes on where it was.
    """
    for declaration in _chosen(names):
        if again:
            FinishedSeeds(declaration, _kept()).forget()
        if again or problem_with(declaration.name):
            _run(declaration, -1 if jobs is None else jobs)
        else:
            click.echo(f"{declaration.name}: up to date")


@click.command("check")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def check_experiments(names: tuple[str, ...]) -> None:
    """Whether the results of these experiments, or of all, are what their code would give.

    Nothing is run. It fails if a result is missing, if code or data that it rests on has changed
    since, or if it was edited by hand; docstrings and comments do not count.
    """
    chosen = _chosen(names)
    problems = [problem for one in chosen if (problem := problem_with(one.name))]
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise Failed(f"{len(problems)} of {len(chosen)} results cannot be used")
    click.echo(f"{len(chosen)} results are up to date")


def _run(declaration: ExperimentDeclaration, jobs: int) -> None:
    name = declaration.name
    with click.progressbar(length=declaration.seeds, label=name, show_pos=True) as progress:

        def advance(_: SeedRun) -> None:
            progress.update(1)

        try:
            written = run(name, kept=_kept(), jobs=jobs, on_seed=advance)
        except ModuleNotFoundError as error:
            remedy = "install what experiments need: mkdocs-cnn[experiments]"
            raise Failed(f"{error}; {remedy}") from None
        except OSError as error:
            raise Failed(f"the result of {name!r} cannot be written: {error}") from None
        except Exception as error:  # whatever the code of an author raises
            place = "; ".join(getattr(error, "__notes__", ()))
            if not place:
                raise
            raise Failed(f"{name}: {type(error).__name__}: {error} ({place})") from None
    click.echo(f"wrote {written}")


def _chosen(names: tuple[str, ...]) -> list[ExperimentDeclaration]:
    try:
        return [catalogue()[name] for name in names or catalogue()]
    except UnknownNameError as error:
        raise Refused(str(error)) from None


def _described(declaration: ExperimentDeclaration) -> dict[str, Any]:
    kept = ("name", "title", "seeds", "timed", "fingerprint", "protocol")
    return {
        **{key: getattr(declaration, key) for key in kept},
        "result": str(declaration.result),
        "trouble": problem_with(declaration.name),
    }


def _state(name: str) -> str:
    return "run it" if problem_with(name) else "up to date"
