"""Files that are found by the fingerprint of what they were made from.

A file that exists is valid: there is no manifest and no date to compare. It is written under
another name and renamed when it is whole, so that a build that was stopped leaves none half made.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import tempfile
import time
import weakref
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mkdocs_cnn.fingerprint import digest, sources_digest

log = logging.getLogger("mkdocs.mkdocs_cnn")

_DAY = 24 * 60 * 60  # seconds
_OURS = re.compile(r"\.?[0-9a-f]{32}\..+")  # with a dot in front of it, one that is half made


@dataclass(frozen=True)
class Cache:
    """A folder of files named after their fingerprint."""

    folder: Path  # made when the first file is written

    def answer(self, kind: str, *parameters: Any, make: Callable[[], Any]) -> Any:
        """The plain value that `make` gives, made once and then kept until a source changes.

        Besides our sources it depends on parameters of its kind. Where one of them is nothing that
        JSON can hold, the answer is made every time.
        """
        try:
            fingerprint = digest(sources_digest(), kind, parameters)
        except TypeError:
            return make()
        return self.remembered(fingerprint, make)

    def path(self, fingerprint: str, extension: str) -> Path:
        """Where the file with this fingerprint stands, or would."""
        return self.folder / f"{fingerprint}.{extension}"

    def holds(self, fingerprint: str, extension: str) -> bool:
        """Whether the file is there; an empty one is what a disk failure left of it."""
        path = self.path(fingerprint, extension)
        if not path.exists() or path.stat().st_size == 0:
            return False
        _mark_used(path)
        return True

    def remembered(self, fingerprint: str, make: Callable[[], Any]) -> Any:
        """The plain value kept under a fingerprint; it is made, and kept, where there is none.

        If it cannot be made, nothing is kept.
        """
        try:
            return self.read_json(fingerprint)
        except (FileNotFoundError, ValueError):  # none, or one that a disk failure cut short
            return json.loads(self.write_json(fingerprint, make()))

    def read_json(self, fingerprint: str) -> Any:
        """The plain value kept under a fingerprint.

        Raises:
            FileNotFoundError: If there is none.
            ValueError: If it was cut short, within a letter even.
        """
        path = self.path(fingerprint, "json")
        value = json.loads(path.read_bytes())
        _mark_used(path)
        return value

    def write_json(self, fingerprint: str, value: Any) -> bytes:
        """Keep a plain value, of what JSON can hold; returns what is kept."""
        kept = json.dumps(value, ensure_ascii=False).encode()
        self.write(fingerprint, "json", kept)
        return kept

    def write(self, fingerprint: str, extension: str, content: bytes) -> Path:
        """Write a whole file, or none."""
        return write_whole(self.path(fingerprint, extension), content)

    def is_writable(self) -> bool:
        """Whether a file can be written in the folder, which is made for that."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                return True
        except OSError:
            return False

    def prune(self, days: int = 30) -> None:
        """Delete the files that nobody has used for so many days; others' files are left alone."""
        for path in self.folder.glob("*"):
            with suppress(FileNotFoundError):  # another build deletes them, too
                if _OURS.fullmatch(path.name) and _age(path) > days * _DAY:
                    path.unlink()


def cache_folder(project: Path, setting: str | bool | None) -> Path | None:
    """The folder in which a site keeps things; None where it is to keep none.

    The project is the folder of its mkdocs.yml, from which others are seen; the setting is what
    that says of the cache. The variable MKDOCS_CNN_CACHE wins.
    """
    chosen = os.environ.get("MKDOCS_CNN_CACHE") or setting
    return None if chosen in (False, "false") else project / str(chosen or ".cache/mkdocs_cnn")


def open_cache(folder: Path | None) -> Cache:
    """The cache in a folder; without one that can be written, one that goes when it is let go."""
    if folder:
        if (cache := Cache(folder)).is_writable():
            return cache
        log.info("mkdocs_cnn: %s cannot be written: this build keeps nothing", folder)
    passing = Cache(Path(tempfile.mkdtemp(prefix="mkdocs_cnn-")))
    weakref.finalize(passing, shutil.rmtree, passing.folder, ignore_errors=True)
    return passing


def _age(path: Path) -> float:
    """Seconds since a file was made, or used on another day than that."""
    return time.time() - path.stat().st_mtime


def _mark_used(path: Path) -> None:
    """Date a file anew, once a day at most: a build that finds everything writes nothing."""
    with suppress(OSError):  # whoever may not write may still read
        if _age(path) > _DAY:
            os.utime(path)


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file so that nobody ever sees half of it; its folder is made where needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{path.name}."
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=prefix, delete=False) as part:
        try:
            part.write(content)
            part.close()
            Path(part.name).chmod(0o644)  # temporary files are private, published ones are not
            os.replace(part.name, path)  # noqa: PTH105  # atomic on every system
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return path
