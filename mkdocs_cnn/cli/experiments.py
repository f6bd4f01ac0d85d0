"""The commands `experiments list`, `experiments run` and `experiments check`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.cli.output import Failed, Refused, as_json_option, echo_json, table
from mkdocs_cnn.experiments.catalogue import Known, catalogue
from mkdocs_cnn.experiments.results import trouble
from mkdocs_cnn.experiments.running import Done, Finished, run
from mkdocs_cnn.registry import UnknownNameError

_KEPT = Path(".cache") / "mkdocs_cnn" / "experiments"


@click.command("list")
@as_json_option
def list_experiments(as_json: bool) -> None:
    """Every experiment: its name, its title, its seeds, whether its result is up to date."""
    known = catalogue().values()
    if as_json:
        echo_json([_described(one) for one in known])
    else:
        rows = ((one.name, one.title, str(one.seeds), _state(one.name)) for one in known)
        click.echo("\n".join(table(("NAME", "TITLE", "SEEDS", "RESULT"), rows, right={"SEEDS"})))


@click.command("run")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--again", is_flag=True, help="Run those too whose results are up to date.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=None,
    help="How many seeds run at once; as many as there are cores unless given.",
)
def run_experiments(names: tuple[str, ...], again: bool, jobs: int | None) -> None:
    """Run these experiments, or all, and write their results beside their code.

    What is up to date is left alone. Finished seeds are kept below .cache/ until all of an
    experiment's are: what was stopped half-way goes on where it was.
    """
    for known in _chosen(names):
        if again:
            Finished(known, Cache(_KEPT)).forget()
        if again or trouble(known.name):
            _run(known, -1 if jobs is None else jobs)
        else:
            click.echo(f"{known.name}: up to date")


@click.command("check")
@click.argument("names", nargs=-1, metavar="[NAME]...")
def check_experiments(names: tuple[str, ...]) -> None:
    """Whether the results of these experiments, or of all, are what their code would give.

    Nothing is run. It fails if a result is missing, if code or data that it rests on has changed
    since, or if it was edited by hand; docstrings and comments do not count.
    """
    chosen = _chosen(names)
    found = [problem for known in chosen if (problem := trouble(known.name))]
    for problem in found:
        click.echo(problem, err=True)
    if found:
        raise Failed(f"{len(found)} of {len(chosen)} results cannot be used")
    click.echo(f"{len(chosen)} results are up to date")


def _run(known: Known, jobs: int) -> None:
    with click.progressbar(length=known.seeds, label=known.name, show_pos=True) as progress:

        def tell(_: Done) -> None:
            progress.update(1)

        try:
            written = run(known.name, kept=Cache(_KEPT), jobs=jobs, tell=tell)
        except ModuleNotFoundError as error:
            raise Failed(
                f"{error}; install what experiments need: mkdocs-cnn[experiments]"
            ) from None
        except OSError as error:
            raise Failed(f"the result of {known.name!r} cannot be written: {error}") from None
    click.echo(f"wrote {written}")


def _chosen(names: tuple[str, ...]) -> list[Known]:
    try:
        return [catalogue()[name] for name in names or catalogue()]
    except UnknownNameError as error:
        raise Refused(str(error)) from None


def _described(known: Known) -> dict[str, Any]:
    return {
        "name": known.name,
        "title": known.title,
        "seeds": known.seeds,
        "timed": known.timed,
        "fingerprint": known.fingerprint,
        "protocol": known.protocol,
        "result": str(known.result),
        "trouble": trouble(known.name),
    }


def _state(name: str) -> str:
    return "run it" if trouble(name) else "up to date"
