"""The experiment `sample-efficiency`: its run, its findings, its result."""
