from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mkdocs_cnn.cache import Cache, write_whole


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "deep" / "cache")


def read(cache: Cache, fingerprint: str, extension: str) -> bytes | None:
    path = cache.path(fingerprint, extension)
    return path.read_bytes() if path.exists() else None


def test_nothing_is_made_before_something_is_written(cache: Cache) -> None:
    assert read(cache, "abc", "svg") is None
    assert not cache.folder.exists()


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"\x00\r\n\xff" * 100_000])
def test_what_is_written_is_read(cache: Cache, content: bytes) -> None:
    assert cache.write("abc", "svg", content) == cache.folder / "abc.svg"
    assert read(cache, "abc", "svg") == content


def test_a_file_is_found_by_fingerprint_and_extension(cache: Cache) -> None:
    cache.write("abc", "svg", b"one")
    assert read(cache, "abc", "png") is None
    assert read(cache, "abd", "svg") is None


def test_a_second_write_replaces_the_first(cache: Cache) -> None:
    cache.write("abc", "svg", b"long ago")
    cache.write("abc", "svg", b"now")
    assert read(cache, "abc", "svg") == b"now"
    assert [path.name for path in cache.folder.iterdir()] == ["abc.svg"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_a_file_may_be_read_by_everyone(tmp_path: Path) -> None:
    # A web server that is another user serves what a build copied with its permissions.
    assert stat.S_IMODE(write_whole(tmp_path / "a.svg", b"").stat().st_mode) == 0o644


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError("disk full"), MemoryError])
def test_a_write_that_is_stopped_leaves_nothing(
    cache: Cache, monkeypatch: pytest.MonkeyPatch, stop: BaseException
) -> None:
    def stopped(*_: object) -> None:
        raise stop

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(BaseException):  # noqa: B017, PT011  # whichever it was
        cache.write("abc", "svg", b"half")
    assert list(cache.folder.iterdir()) == []


def test_a_write_that_is_stopped_keeps_what_was_there(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    cache.write("abc", "svg", b"whole")
    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        cache.write("abc", "svg", b"half")
    assert read(cache, "abc", "svg") == b"whole"


KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from mkdocs_cnn.cache import Cache
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
Cache(Path(sys.argv[1])).write("abc", "svg", b"x" * 10_000_000)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_process_that_is_killed_leaves_no_file_of_that_name(cache: Cache) -> None:
    command = [sys.executable, "-c", KILLED_WHILE_WRITING, str(cache.folder)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert read(cache, "abc", "svg") is None


def test_writers_at_the_same_time_leave_one_whole_file(cache: Cache) -> None:
    contents = [bytes([n]) * 300_000 for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda content: cache.write("abc", "svg", content), contents))
    assert read(cache, "abc", "svg") in contents
    assert len(list(cache.folder.iterdir())) == 1


@pytest.mark.parametrize("left", [b"", b'{"cut": '])
def test_what_a_disk_failure_left_is_made_again(tmp_path: Path, left: bytes) -> None:
    cache = Cache(tmp_path)
    cache.write("key", "json", left)
    assert cache.remembered("key", lambda: {"made": 1}) == {"made": 1}
    assert cache.remembered("key", lambda: {"made": 2}) == {"made": 1}


def test_an_empty_file_is_not_held(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    assert not cache.holds("key", "svg")
    cache.write("key", "svg", b"")
    assert not cache.holds("key", "svg")
    cache.write("key", "svg", b"<svg/>")
    assert cache.holds("key", "svg")


@pytest.mark.parametrize("kept", range(1, len('["5 · 5"]'.encode())))
def test_an_entry_cut_short_anywhere_is_made_again(cache: Cache, kept: int) -> None:
    whole = cache.write("abc", "json", '["5 · 5"]'.encode())
    whole.write_bytes(whole.read_bytes()[:kept])
    assert cache.remembered("abc", lambda: ["anew"]) == ["anew"]
    assert cache.remembered("abc", lambda: ["never"]) == ["anew"]
