"""What the sources say, quoted, with the recomputation and the verdict; modules by source."""

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
        goodfellow_2016,
        howard_2017,
        ma_2025,
        ma_2025_cost,
        ma_2025_equivariance,
        networks_since_2015,
        networks_to_2014,
        notes_why,
        other_texts,
        part_5,
        receptive_field_library,
    )

    retold = (ma_2025, ma_2025_cost, ma_2025_equivariance)
    five_texts = (answers_sparsity, notes_why, part_5, econometrician, *retold)
    papers = (networks_to_2014, networks_since_2015, howard_2017, receptive_field_library)
    in_order = (*five_texts, goodfellow_2016, *papers, other_texts)
    return ledger(claim for module in in_order for claim in module.CLAIMS)
