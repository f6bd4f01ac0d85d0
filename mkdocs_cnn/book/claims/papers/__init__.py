"""Claims of papers and libraries about networks."""
