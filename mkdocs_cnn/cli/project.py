"""The site in whose folder the command is called: which content it names in `mkdocs.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from mkdocs_cnn.cli.output import Refused
from mkdocs_cnn.registry import use_content

CONFIGS = ("mkdocs.yml", "mkdocs.yaml")


def use_projects_content(folder: Path) -> None:
    """Take for content what the site in this folder names, if there is one.

    Raises:
        Refused: If its configuration cannot be read, or names a package that is not there.
    """
    for config in filter(Path.is_file, (folder / name for name in CONFIGS)):
        settings = _read(config)
        try:
            use_content(_content(settings), folder)
        except ModuleNotFoundError as error:
            raise Refused(f"{config.name}: extra: mkdocs_cnn: content: {error}") from None
        return


def _content(settings: Any) -> list[str]:
    """The packages that a configuration names."""
    for key in ("extra", "mkdocs_cnn", "content"):
        settings = settings.get(key) if isinstance(settings, dict) else None
    return [settings] if isinstance(settings, str) else list(settings or [])


def _read(config: Path) -> dict[str, Any]:
    """A configuration with what it inherits; what its tags stand for is not looked up."""
    try:
        settings = yaml.load(config.read_text(encoding="utf-8"), _Loader) or {}
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise Refused(f"{config.name} cannot be read: {error}") from None
    parent = settings.get("INHERIT") if isinstance(settings, dict) else None
    if isinstance(parent, str) and (config.parent / parent).is_file():
        inherited = _read(config.parent / parent)
        return settings if _content(settings) else {**settings, "extra": inherited.get("extra")}
    return dict(settings)


class _Loader(yaml.SafeLoader):  # type: ignore[misc]  # it has no types
    """Reads plain YAML, and nothing for `!!python/name:…` or `!ENV`, which MkDocs allows."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)
