"""The experiment `absolute-position`: its run, its findings, its result."""
