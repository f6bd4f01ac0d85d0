"""Measured numbers on pages, each an attribute of what a page asked for by name.

NumPy is imported only where something has to be measured that is not kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.fingerprint import versions
from mkdocs_cnn.layers.shift_formulas import (
    output_shift,
    share_of_maxima_kept,
    share_that_differs,
    share_that_sees_padding,
)
from mkdocs_cnn.quantities.quantity import from_plain, to_plain

# What pages may call to predict what is measured.
FORMULAS = {
    formula.__name__: formula
    for formula in (output_shift, share_that_differs, share_that_sees_padding, share_of_maxima_kept)
}


class NamedNumbers(SimpleNamespace):
    """The numbers of a measurement or of an experiment, as attributes."""

    @classmethod
    def from_plain(cls, kept: Mapping[str, Any]) -> NamedNumbers:
        """What JSON has kept: quantities as they were, text as it is."""
        read = {key: one if isinstance(one, str) else from_plain(one) for key, one in kept.items()}
        return cls(**read)


def numbers(cache: Cache, name: str, parameters: Mapping[str, Any]) -> NamedNumbers:
    """The numbers that a measurement gives, measured once and then kept."""

    def make() -> dict[str, Any]:
        from mkdocs_cnn.arrays.declaration import measure

        return {key: to_plain(number) for key, number in measure(name, **parameters).items()}

    kept = cache.answer("measured", versions("numpy"), name, parameters, make=make)
    return NamedNumbers.from_plain(kept)
