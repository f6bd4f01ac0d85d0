"""Seeded experiments, run on demand; their committed results stand beside them in `results`."""
