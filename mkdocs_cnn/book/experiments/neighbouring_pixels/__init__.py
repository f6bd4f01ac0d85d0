"""The experiment `neighbouring-pixels`: its run, its findings, its result."""
