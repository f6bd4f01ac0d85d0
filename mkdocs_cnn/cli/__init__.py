"""The command `mkdocs-cnn`: counts, figures for slides and papers, the ledger, experiments.

Nothing here imports matplotlib or NumPy: help, counts and most refusals do without, and drawing
imports them when there is something to draw.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mkdocs_cnn.cli.count import count_layers
from mkdocs_cnn.cli.experiments import check_experiments, list_experiments, run_experiments
from mkdocs_cnn.cli.export import export_figures
from mkdocs_cnn.cli.listing import list_claims, list_figures, list_networks
from mkdocs_cnn.cli.output import Refused, survive_narrow_terminals
from mkdocs_cnn.cli.project import use_projects_content
from mkdocs_cnn.registry import place_in_content


class _Commands(click.Group):
    """Commands of which none ends in a traceback for what is wrong in a site's content."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command.

        Raises:
            Refused: If something is wrong in the site's content; it says file and line.
        """
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except (Exception, SystemExit) as error:
            said = error.msg if isinstance(error, SyntaxError) else " ".join(f"{error}".split())
            if place := place_in_content(error):
                raise Refused(f"{place}: {type(error).__name__}: {said}") from error
            if type(error) is ValueError and ".py:" in said:  # it names the place itself
                raise Refused(said) from error
            raise


@click.group("mkdocs-cnn", cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mkdocs-cnn", prog_name="mkdocs-cnn")
def main() -> None:
    """Counts, figures and recomputed claims that explain why convolutions.

    In the folder of a site, what its mkdocs.yml names as content is known to all commands.
    """
    survive_narrow_terminals()
    use_projects_content(Path.cwd())


_GROUPS = {
    "figures": (
        "The figures, to be listed and to be taken elsewhere.",
        [list_figures, export_figures],
    ),
    "claims": ("What the literature says, recomputed.", [list_claims]),
    "networks": ("The published networks that can be counted by name.", [list_networks]),
    "experiments": (
        "What was measured: run it again, or check that results fit the code.",
        [list_experiments, run_experiments, check_experiments],
    ),
}

main.add_command(count_layers)
for _name, (_help, _commands) in _GROUPS.items():
    main.add_command(click.Group(_name, _commands, help=_help))
