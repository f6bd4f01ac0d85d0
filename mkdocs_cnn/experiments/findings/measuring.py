"""What was measured as a quantity: rounded, so that it says no more than it knows.

>>> str(measured(0.123456, "share"))
'123/1000'
"""

from __future__ import annotations

from fractions import Fraction

from mkdocs_cnn.quantity import Quantity
from mkdocs_cnn.rounding import significant


def measured(value: float, name: str, unit: str = "", *, digits: int = 3) -> Quantity:
    """A float that was measured, to so many significant digits; its name says what it is."""
    return Quantity(significant(Fraction(value), digits), unit, name=f"measured: {name}")
