"""The experiment `long-memory`: its run, its findings, its result."""
