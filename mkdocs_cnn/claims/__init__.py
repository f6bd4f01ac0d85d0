"""What sources say, quoted, recomputed and judged: the claims of all content packages."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from mkdocs_cnn.claims.claim import Claim, Verdict, ledger
from mkdocs_cnn.claims.source import Source, sources
from mkdocs_cnn.fingerprint import sources_digest
from mkdocs_cnn.registry import Registry, content_packages, has_room

__all__ = ["Claim", "Source", "Verdict", "claims", "ledger", "sources"]


def claims() -> Registry[Claim]:
    """All claims by name, package by package, in the order in which each names them.

    Raises:
        ValueError: If two have the same name.
    """
    return _claims(content_packages(), sources_digest())


@cache
def _claims(packages: tuple[str, ...], _: str) -> Registry[Claim]:
    rooms = (f"{package}.claims" for package in packages if has_room(package, "claims"))
    return ledger(claim for room in rooms for claim in import_module(room).CLAIMS)
