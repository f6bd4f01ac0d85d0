"""The operations in NumPy, and what is measured of them: correlation, pooling, shifts, descent."""
