"""The experiment `learned-features`: its run, its findings, its result."""
