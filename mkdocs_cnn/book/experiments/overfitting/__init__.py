"""The experiment `overfitting`: its run, its findings, its result."""
