"""What the sources say, quoted, with the recomputation and the verdict; one module per source."""

from __future__ import annotations

from functools import cache

from mkdocs_cnn.claims.claim import Claim, Verdict, ledger
from mkdocs_cnn.claims.sources import SOURCES, Source
from mkdocs_cnn.registry import Registry

__all__ = ["SOURCES", "Claim", "Source", "Verdict", "claims", "ledger"]


@cache
def claims() -> Registry[Claim]:
    """All claims by name, source by source, in the order in which the sources make them."""
    from mkdocs_cnn.claims import (  # naming a verdict or a source need not load the claims
        answers_sparsity,
        econometrician,
        ma_2025,
        notes_why,
        part_5,
    )

    in_order = (answers_sparsity, notes_why, part_5, econometrician, ma_2025)
    return ledger(claim for module in in_order for claim in module.CLAIMS)
