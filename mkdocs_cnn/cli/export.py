"""Figures taken elsewhere: the command `figures export`."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from mkdocs_cnn.cache import open_cache, write_whole
from mkdocs_cnn.cli.listing import assignments
from mkdocs_cnn.cli.output import Failed, Refused
from mkdocs_cnn.cli.project import projects_cache
from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.figures.declaration import Parameter, find_figure
from mkdocs_cnn.figures.rendering import FORMATS, Drawing
from mkdocs_cnn.figures.style import MEDIA, THEMES
from mkdocs_cnn.registry import UnknownNameError, did_you_mean

# -- what is asked for, checked

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _some(kind: str, to: str, known: Collection[str], default: str, said: str) -> Decorator:
    """An option that takes names joined by commas, each of which must be known."""

    def names(_: click.Context, __: click.Parameter, given: str) -> tuple[str, ...]:
        return _distinct(kind, (name.strip() for name in given.split(",")), known)

    return click.option(
        f"--{kind}", to, default=default, show_default=True, callback=names, help=said
    )


def _figure_names(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    return _distinct("figure", given, catalogue()) or tuple(catalogue())


def _distinct(kind: str, names: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    distinct = tuple(dict.fromkeys(names))
    for name in distinct:
        if name not in known:
            choice = "mkdocs-cnn figures list" if kind == "figure" else ", ".join(known)
            raise Refused(f"{UnknownNameError(kind, name, known)} (see: {choice})")
    return distinct


def _pairs(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    for text in given:
        if not text.partition("=")[0] or "=" not in text:
            raise Refused(f"--set takes PARAMETER=VALUE, as in kernel_size=5, not {text!r}")
    return {key: value for key, _, value in (text.partition("=") for text in given)}


def _writable(_: click.Context, __: click.Parameter, folder: Path) -> Path:
    """The folder, which may have to be made."""
    try:
        there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    except OSError as error:
        raise Refused(f"--out {folder}: {error.strerror}") from error
    if not there.is_dir():
        raise Refused(f"--out {folder}: {there} is a file, not a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise Refused(f"--out {folder}: no permission to write in {there}")
    return folder


def _settings(names: Iterable[str], given: Mapping[str, str]) -> dict[str, dict[str, Parameter]]:
    """What `--set` gave, by figure: each figure takes what it has a parameter for."""
    chosen = [find_figure(name) for name in names] if given else []
    known = list(dict.fromkeys(key for figure in chosen for key in figure.parameters))
    for key in given:
        if key not in known:
            has = f"they have: {', '.join(known) or 'none'}"
            raise Refused(
                f"--set {key}: no chosen figure has a parameter {key!r}"
                f"{did_you_mean(key, known)} ({has})"
            )
    return {
        figure.name: {
            key: _parsed(f"{key} of figure {figure.name!r}", text, figure.parameters[key])
            for key, text in given.items()
            if key in figure.parameters
        }
        for figure in chosen
    }


def _parsed(what: str, text: str, default: Parameter) -> Parameter:
    """The text as a value of the default's type."""
    try:
        value: Parameter = click.types.convert_type(type(default)).convert(text, None, None)
    except click.BadParameter as error:
        raise Refused(f"--set {what}: {error.message.rstrip('.')}, as {default} is") from None
    return value


# -- drawn, then written

_MEDIA = "page, slide (16:9, large type, PNG of 1920 x 1080) or both."


@click.command("export")
@click.argument("names", nargs=-1, metavar="[NAME]...", callback=_figure_names)
@_some("format", "formats", FORMATS, ",".join(FORMATS), "Some of them, joined by commas.")
@_some("theme", "themes", THEMES, ",".join(THEMES), "One or both.")
@_some("medium", "media", MEDIA, "page", _MEDIA)
@click.option("--transparent", is_flag=True, help="Leave out the background.")
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="PARAMETER=VALUE",
    callback=_pairs,
    help="For each of the figures that has the parameter; may be repeated.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default="figures",
    show_default=True,
    callback=_writable,
    help="The folder to write to; made where needed.",
)
def export_figures(
    names: tuple[str, ...],
    formats: tuple[str, ...],
    themes: tuple[str, ...],
    media: tuple[str, ...],
    transparent: bool,
    given: dict[str, str],
    out: Path,
) -> None:
    """Write figures to files: those named, or all.

    A file is called NAME.THEME.FORMAT, or NAME.slide.THEME.FORMAT. Either all files are written
    or, when one cannot be drawn, none.
    """
    settings = _settings(names, given)
    cache = open_cache(projects_cache(Path()))
    drawings = [
        Drawing(name, settings.get(name, {}), cache, medium, transparent)
        for medium in media
        for name in names
    ]
    try:
        files = {out / name: path for name, path in _drawn(drawings, themes, formats)}
        for target, path in files.items():
            write_whole(target, path.read_bytes())
    except OSError as error:
        place = error.filename2 or error.filename
        raise Failed(f"cannot write {place}: {error.strerror}") from error
    click.echo(f"{len(files)} {'file' if len(files) == 1 else 'files'} in {out}", err=True)


def _drawn(
    drawings: Iterable[Drawing], themes: Iterable[str], formats: Iterable[str]
) -> Iterator[tuple[str, Path]]:
    """Each file's name and where it lies in the cache, with a progress bar for those who watch."""
    jobs = list(itertools.product(drawings, themes))
    with click.progressbar(
        jobs,
        label="Drawing",
        item_show_func=lambda job: f"{job[0].name}, {job[1]}" if job else None,
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as watched:
        for drawing, theme in watched:
            for (_, format_), path in _files(drawing, theme, formats).items():
                medium = "" if drawing.medium == "page" else f".{drawing.medium}"
                yield f"{drawing.name}{medium}.{theme}.{format_}", path


def _files(drawing: Drawing, theme: str, formats: Iterable[str]) -> dict[tuple[str, str], Path]:
    try:
        return drawing.files([theme], formats)
    except (TypeError, ValueError) as error:
        if not drawing.parameters:
            raise  # the drawing is at fault, and its author needs to see where
        asked = assignments(drawing.parameters)
        raise Refused(f"figure {drawing.name!r} with {asked}: {error}") from error
