"""Figures: drawn once for every theme and medium, named, with words that are computed.

A content package declares its own with `figure`, and draws with the colours and sizes of a `Look`.
"""

from mkdocs_cnn.figures.declaration import Facts, figure
from mkdocs_cnn.figures.style import Look

__all__ = ["Facts", "Look", "figure"]
