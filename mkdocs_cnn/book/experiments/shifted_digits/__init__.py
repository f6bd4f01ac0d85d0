"""The experiment `shifted-digits`: its run, its findings, its result."""
