"""Numbers that remember how they were made, and how they are written.

Each module imports only those named before it: `units`, `rounding`, `expression` (what arithmetic
records, and its tree), `notation` (the tree as text or MathML), `quantity`, `sentences`.
"""
