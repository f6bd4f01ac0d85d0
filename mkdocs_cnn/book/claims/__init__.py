"""What the sources say, recomputed: `CLAIMS`, source by source, in the order of each text."""

from __future__ import annotations

from mkdocs_cnn.book.claims.papers import (
    howard_2017,
    networks_since_2015,
    networks_to_2014,
    receptive_field_library,
)
from mkdocs_cnn.book.claims.texts import (
    answers_sparsity,
    econometrician,
    goodfellow_2016,
    ma_2025,
    ma_2025_cost,
    ma_2025_equivariance,
    notes_why,
    other_texts,
    part_5,
)

_RETOLD = (ma_2025, ma_2025_cost, ma_2025_equivariance)
_FIVE_TEXTS = (answers_sparsity, notes_why, part_5, econometrician, *_RETOLD)
_PAPERS = (networks_to_2014, networks_since_2015, howard_2017, receptive_field_library)

CLAIMS = tuple(
    claim
    for module in (*_FIVE_TEXTS, goodfellow_2016, *_PAPERS, other_texts)
    for claim in module.CLAIMS
)
