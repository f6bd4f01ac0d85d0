"""What several test files share: this repository's own site, built from clean copies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = ("mkdocs.yml", "docs", "mkdocs_cnn", "scripts")


@pytest.fixture(scope="session")
def copy_repository() -> Callable[[Path], Path]:
    """A function that copies what a site is made of, without git and without a cache."""

    def copied(folder: Path) -> Path:
        folder.mkdir(parents=True)
        for name in SOURCES:
            source = ROOT / name
            if source.is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, folder / name, ignore=ignored)
            else:
                shutil.copy(source, folder / name)
        return folder

    return copied


@pytest.fixture(scope="session")
def build_repository() -> Callable[..., Path]:
    """A function that builds the site of a copy, strictly, with the copy's own code."""

    def built(folder: Path, *command: str, **variables: str) -> Path:
        # Python takes the package from the folder in which it is started.
        run = [sys.executable, *(command or ("-m", "mkdocs")), "build", "--strict"]
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **variables}
        environment.pop("SOURCE_DATE_EPOCH", None)
        done = subprocess.run(
            run, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return folder / "site"

    return built


@pytest.fixture(scope="session")
def repository(
    tmp_path_factory: pytest.TempPathFactory, copy_repository: Callable[[Path], Path]
) -> Path:
    """A copy of this repository."""
    return copy_repository(tmp_path_factory.mktemp("clone") / "book")


@pytest.fixture(scope="session")
def site(repository: Path, build_repository: Callable[..., Path]) -> Path:
    """This repository's site, built from a copy with an empty cache."""
    return build_repository(repository)
