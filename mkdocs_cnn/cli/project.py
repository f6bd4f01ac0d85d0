"""The site in whose folder the command is called: its content and its cache."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from mkdocs_cnn.cache import cache_folder
from mkdocs_cnn.cli.output import Refused
from mkdocs_cnn.registry import use_content

CONFIGS = ("mkdocs.yml", "mkdocs.yaml")


def use_projects_content(folder: Path) -> None:
    """Take for content what the site in this folder names, if there is one.

    Raises:
        Refused: If its configuration cannot be read, or names a package that is not there.
    """
    if config := _config(folder):
        content = _setting(_read(config), "content") or []
        try:
            use_content([content] if isinstance(content, str) else content, folder)
        except ModuleNotFoundError as error:
            raise Refused(f"{config.name}: extra: mkdocs_cnn: content: {error}") from None


def projects_cache(folder: Path) -> Path | None:
    """Where the site in this folder keeps things; None where it keeps none, or is none."""
    config = _config(folder)
    return cache_folder(folder, _setting(_read(config), "cache") if config else False)


def _config(folder: Path) -> Path | None:
    return next(filter(Path.is_file, (folder / name for name in CONFIGS)), None)


def _setting(settings: Any, name: str) -> Any:
    """What a configuration says below `extra: mkdocs_cnn`; None where it says nothing."""
    for key in ("extra", "mkdocs_cnn", name):
        settings = settings.get(key) if isinstance(settings, dict) else None
    return settings


def _read(config: Path) -> Any:
    """A configuration with what it inherits; what its tags stand for is not looked up."""
    try:
        settings = yaml.load(config.read_text(encoding="utf-8"), _Loader)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise Refused(f"{config.name} cannot be read: {error}") from None
    parent = settings.get("INHERIT") if isinstance(settings, dict) else None
    if isinstance(parent, str) and (config.parent / parent).is_file():
        return _merged(_read(config.parent / parent), settings)
    return settings


def _merged(inherited: Any, own: Any) -> Any:
    """Settings within settings, as MkDocs merges them."""
    if not (isinstance(inherited, dict) and isinstance(own, dict)):
        return own
    return inherited | {key: _merged(inherited.get(key), value) for key, value in own.items()}


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # it has no types
    """Reads plain YAML, and nothing for `!!python/name:…` or `!ENV`, which MkDocs allows."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)
