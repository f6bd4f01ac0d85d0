"""A lecture on averages."""
