"""The operations in NumPy, and what is measured of them: correlation, pooling, shifts, descent.

A content package declares what its pages measure with `measurement`.
"""

from mkdocs_cnn.arrays.measurement import measurement

__all__ = ["measurement"]
