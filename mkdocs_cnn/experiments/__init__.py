"""Seeded experiments, run on demand; the committed result of each stands beside its code.

A content package declares its own with `experiment`, and what pages take from it with `findings`.
"""

from mkdocs_cnn.experiments.experiment import experiment, findings

__all__ = ["experiment", "findings"]
