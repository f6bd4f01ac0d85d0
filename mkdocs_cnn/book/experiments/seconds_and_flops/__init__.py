"""The experiment `seconds-and-flops`: its run, its findings, its result."""
