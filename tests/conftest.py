"""What several test files share: this repository's own site, a browser, a file server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

pytest_plugins = ["drawn_figures", "explorer_pages", "random_layers"]  # in tests/fixtures

ROOT = Path(__file__).parent.parent
SOURCES = ("mkdocs.yml", "docs", "mkdocs_cnn", "scripts", "tests/author")
LONGEST = ("test_browser.py", "test_site.py", "test_macros.py", "test_cli.py", "test_author.py")

# Test processes use all cores already, and on arrays as small as ours threads only wait.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the texts are that our claims quote, for those who have them."""
    parser.addoption(
        "--texts",
        type=Path,
        metavar="FOLDER",
        help="hold quotations against the texts in this folder, files named NNN_….txt",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the files, the longest come first: all end together."""
    if hasattr(config, "workerinput"):
        turns = {name: turn for turn, name in enumerate(LONGEST)}
        items.sort(key=lambda item: turns.get(item.path.name, len(turns)))


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
def built_once(
    tmp_path_factory: pytest.TempPathFactory,
    copy_repository: Callable[[Path], Path],
    build_repository: Callable[..., Path],
) -> Callable[..., Path]:
    """A function that gives a copy with its site, built once for all test processes."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent

    def built(place: str, name: str, **variables: str) -> Path:
        folder = shared / place / name
        with FileLock(shared / f"{place}.lock"):
            if not (folder / "built").exists():
                shutil.rmtree(folder, ignore_errors=True)
                build_repository(copy_repository(folder), **variables)
                (folder / "built").touch()
        return folder

    return built


@pytest.fixture(scope="session")
def repository(built_once: Callable[..., Path]) -> Path:
    """A copy of this repository with its site; not to change."""
    return built_once("clone", "book")


@pytest.fixture(scope="session")
def site(repository: Path) -> Path:
    """This repository's site, built from a copy with an empty cache; not to change."""
    return repository / "site"


@pytest.fixture(scope="session")
def site_elsewhere(built_once: Callable[..., Path]) -> Path:
    """The same from a copy with another name, place, time and cache; not to change.

    A test holds that both are the same, so that one test process can use this one while another
    builds the other.
    """
    variables = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"}
    return built_once("elsewhere", "an other name", **variables) / "site"


QUIET = [  # without most of these a Chromium calls home
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The Chromium that is installed."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if path is None:
        pytest.fail("no Chromium found; CHROMIUM=/path/to/it says where it is")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(path), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served() -> Iterator[Callable[..., str]]:
    """A function that serves a folder below a prefix, as a plain file server does."""
    with ExitStack() as servers:

        def serve(folder: Path, prefix: str = "/") -> str:
            handler = partial(_Handler, directory=str(folder), prefix=prefix)
            server = servers.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), handler))
            servers.callback(server.shutdown)
            threading.Thread(target=server.serve_forever, daemon=True).start()
            return f"http://127.0.0.1:{server.server_port}{prefix}"

        yield serve


class _Handler(SimpleHTTPRequestHandler):
    """Below the prefix stands the site, elsewhere nothing."""

    def __init__(self, *arguments: Any, prefix: str, **keywords: Any) -> None:
        self.prefix = prefix
        super().__init__(*arguments, **keywords)

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.prefix):
            return str(Path(self.directory) / "nowhere")
        return super().translate_path("/" + path.removeprefix(self.prefix))

    def log_message(self, *_: object) -> None:
        pass
