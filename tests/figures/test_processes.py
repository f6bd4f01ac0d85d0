from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mkdocs_cnn.figures import processes
from mkdocs_cnn.figures.processes import beside


@pytest.fixture
def safe(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a build; pytest itself may have threads."""
    monkeypatch.setattr(processes, "_is_safe", lambda: sys.platform == "linux")


linux = pytest.mark.skipif(sys.platform != "linux", reason="only there processes are copied")


@linux
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_every_work_is_done_by_a_process_of_its_own(tmp_path: Path, safe: None) -> None:
    paths = [tmp_path / name for name in "ab"]
    with beside((lambda path=path: path.write_text(str(os.getpid()))) for path in paths):
        assert True
    told = {path.read_text() for path in paths}
    assert len(told) == 2
    assert str(os.getpid()) not in told


@linux
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_work_that_fails_is_silent_and_what_is_done_here_is_not(
    safe: None, capfd: pytest.CaptureFixture[str]
) -> None:
    def failing() -> None:
        raise ValueError("there")

    with pytest.raises(KeyError, match="here"), beside([failing]):
        raise KeyError("here")
    assert capfd.readouterr().err == ""


def test_beside_other_threads_nothing_is_done(tmp_path: Path) -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    with beside([(tmp_path / "a").touch]):
        done.set()
    thread.join()
    assert not (tmp_path / "a").exists()


PROGRAM = """
import os, sys
from pathlib import Path
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.figures import processes, rendering
if sys.argv[2] == "alone":
    processes._is_safe = lambda: False
drawn = rendering.Drawing._drawn
def noting(self, theme, formats):
    Path(sys.argv[1], f"{theme}.pid").write_text(str(os.getpid()))
    return drawn(self, theme, formats)
rendering.Drawing._drawn = noting
rendering.Drawing("three-ideas", {}, Cache(Path(sys.argv[1]) / "cache")).files()
"""


def test_two_themes_are_drawn_by_two_processes_with_the_same_bytes(tmp_path: Path) -> None:
    for kind in ("alone", "beside"):
        (tmp_path / kind).mkdir()
        command = [sys.executable, "-c", PROGRAM, str(tmp_path / kind), kind]
        subprocess.run(command, check=True)
    alone, both = (
        {path.name: path.read_bytes() for path in (tmp_path / kind / "cache").iterdir()}
        for kind in ("alone", "beside")
    )
    assert len(both) >= 6
    assert alone == both
    processes = {path.read_text() for path in (tmp_path / "beside").glob("*.pid")}
    assert len(processes) == (2 if sys.platform == "linux" else 1)
    assert len({path.read_text() for path in (tmp_path / "alone").glob("*.pid")}) == 1
