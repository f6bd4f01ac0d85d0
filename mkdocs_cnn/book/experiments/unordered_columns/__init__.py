"""The experiment `unordered-columns`: its run, its findings, its result."""
