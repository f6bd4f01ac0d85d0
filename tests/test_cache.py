from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
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


# -- answers


def test_an_answer_is_made_once_for_each_kind_and_its_parameters(cache: Cache) -> None:
    asked = [("kind", 1), ("kind", 2), ("other", 1), ("kind", (1, 2)), ("kind", 1, 2)]
    for number, one in enumerate(asked):
        assert cache.answer(*one, make=lambda number=number: number) == number
    assert [cache.answer(*one, make=lambda: "never") for one in asked] == [0, 1, 2, 3, 4]


def test_an_answer_is_made_again_when_a_source_has_changed(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cache.answer("kind", make=lambda: "before") == "before"
    monkeypatch.setattr("mkdocs_cnn.cache.sources_digest", lambda: "edited")
    assert cache.answer("kind", make=lambda: "after") == "after"


def test_an_answer_to_what_json_cannot_hold_is_made_every_time(cache: Cache) -> None:
    assert [cache.answer("kind", object(), make=lambda n=n: n) for n in (1, 2)] == [1, 2]
    assert not cache.folder.exists()


@pytest.mark.parametrize("parameter", [1, object()], ids=["plain", "not plain"])
def test_a_failure_is_never_kept_and_fails_again(cache: Cache, parameter: object) -> None:
    def fails() -> None:
        raise TypeError("takes a layer")

    for _ in range(2):
        with pytest.raises(TypeError, match="takes a layer"):
            cache.answer("kind", parameter, make=fails)
    assert not cache.folder.exists()


# -- what nobody uses any more

DAY = 24 * 60 * 60
KEY = "0123456789abcdef" * 2


def dated(path: Path, days: float) -> Path:
    """The file, as if it had been written so many days ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    then = time.time() - days * DAY
    os.utime(path, (then, then))
    return path


def test_what_no_build_of_the_last_30_days_has_used_is_deleted(cache: Cache) -> None:
    for days in (0, 1, 29.9, 30.1, 400):
        dated(cache.folder / f"{KEY[:-4]}{days * 10:04.0f}.svg", days)
    dated(cache.folder / f".{KEY}.svg.k3fz", 31)  # a write that was killed
    cache.prune()
    assert sorted(path.stem[-4:] for path in cache.folder.iterdir()) == ["0000", "0010", "0299"]


@pytest.mark.parametrize("extension", ["json", "svg"])
def test_what_is_used_stays(cache: Cache, extension: str) -> None:
    path = cache.write(KEY, extension, b"1")
    dated(path, 40)
    used = cache.holds(KEY, "svg") if extension == "svg" else cache.remembered(KEY, lambda: 2)
    assert used == 1
    cache.prune()
    assert path.exists()


def test_a_file_that_was_used_today_is_not_written_to_again(cache: Cache) -> None:
    path = dated(cache.write(KEY, "svg", b"1"), 0.9)
    before = path.stat().st_mtime_ns
    assert cache.holds(KEY, "svg")
    assert path.stat().st_mtime_ns == before


def test_files_of_others_are_never_deleted(cache: Cache) -> None:
    for name in ("index.md", KEY, f"{KEY[:-1]}.svg", f"my-{KEY}.svg", f"{KEY}s/kept.svg"):
        dated(cache.folder / name, 400)
    before = sorted(cache.folder.rglob("*"))
    cache.prune()
    assert sorted(cache.folder.rglob("*")) == before
