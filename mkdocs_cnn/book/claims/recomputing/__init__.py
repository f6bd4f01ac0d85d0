"""What several claims are recomputed with."""
