"""Files that are found by the fingerprint of what they were made from.

A file that exists is valid: there is no manifest and no date to compare. It is written under
another name and renamed when it is whole, so that a build that was stopped leaves none half made.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Cache:
    """A folder of files named after their fingerprint.

    Args:
        folder: Made when the first file is written.
    """

    folder: Path

    def path(self, fingerprint: str, extension: str) -> Path:
        """Where the file with this fingerprint stands, or would."""
        return self.folder / f"{fingerprint}.{extension}"

    def holds(self, fingerprint: str, extension: str) -> bool:
        """Whether the file is there; an empty one is what a disk failure left of it."""
        path = self.path(fingerprint, extension)
        return path.exists() and path.stat().st_size > 0

    def remembered(self, fingerprint: str, make: Callable[[], Any]) -> Any:
        """The plain value kept under a fingerprint; it is made, and kept, where there is none.

        Args:
            fingerprint: Of everything that the value depends on.
            make: Makes the value, of what JSON can hold. If it fails, nothing is kept.
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
        return json.loads(self.path(fingerprint, "json").read_bytes())

    def write_json(self, fingerprint: str, value: Any) -> bytes:
        """Keep a plain value, of what JSON can hold; gives what is kept."""
        kept = json.dumps(value, ensure_ascii=False).encode()
        self.write(fingerprint, "json", kept)
        return kept

    def write(self, fingerprint: str, extension: str, content: bytes) -> Path:
        """Write a whole file, or none."""
        return write_whole(self.path(fingerprint, extension), content)


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file so that nobody ever sees half of it; its folder is made where needed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as part:
        try:
            part.write(content)
            part.close()
            Path(part.name).chmod(0o644)  # temporary files are private, published ones are not
            os.replace(part.name, path)  # noqa: PTH105  # atomic on every system
        except BaseException:
            Path(part.name).unlink(missing_ok=True)
            raise
    return path
