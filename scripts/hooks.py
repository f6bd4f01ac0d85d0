"""What MkDocs and Material leave undone: fresh code on reload, dated builds, a named dialog."""

import importlib
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

# A logger under "mkdocs" makes a warning count in a strict build.
log = logging.getLogger("mkdocs.hooks.site")

SEARCH_DIALOG = '<div class="md-search" data-md-component="search" role="dialog">'
NAMED_SEARCH_DIALOG = SEARCH_DIALOG.replace('role="dialog"', 'role="dialog" aria-label="Search"')


def on_serve(server: Any, /, **_: object) -> Any:
    """Begin every rebuild with our modules forgotten, so that it runs the code as it is now.

    An event of the build would come too late: mkdocs.yml itself names functions of ours, and
    they are imported as it is read.
    """
    # A .pyc file written by a rebuild would be a change, and cause the next one.
    sys.dont_write_bytecode = True
    server.builder = forgetting_our_modules(server.builder)
    return server


def forgetting_our_modules(build: Callable[[], None]) -> Callable[[], None]:
    """Wrap `build` so that it imports mkdocs_cnn anew."""

    def fresh_build() -> None:
        for name in [name for name in sys.modules if name.split(".")[0] == "mkdocs_cnn"]:
            del sys.modules[name]
        importlib.invalidate_caches()
        build()

    return fresh_build


def on_config(config: Any, /, **_: object) -> Any:
    """Date the build by its commit: the same commit gives the same bytes on any day."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", commit_time(Path(config.config_file_path).parent))
    return config


def commit_time(folder: Path) -> str:
    """Seconds since 1970 of the last commit in `folder`; "0" where git knows of none."""
    command = ["git", "-C", str(folder), "log", "-1", "--format=%ct"]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "0"


def on_post_page(output: str, /, *, page: Any, **_: object) -> str:
    """Mend Material's markup in a page."""
    return with_named_search_dialog(output, where=page.file.src_uri)


def on_post_template(output: str, /, *, template_name: str, **_: object) -> str:
    """Mend Material's markup in the page that stands in for missing ones."""
    if template_name != "404.html":
        return output
    return with_named_search_dialog(output, where=template_name)


def with_named_search_dialog(html: str, *, where: str) -> str:
    """Give the search dialog the accessible name that Material does not give it."""
    if SEARCH_DIALOG not in html:
        log.warning("%s: no %s; does scripts/hooks.py fit this Material?", where, SEARCH_DIALOG)
    return html.replace(SEARCH_DIALOG, NAMED_SEARCH_DIALOG)
