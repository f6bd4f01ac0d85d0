"""Units in words: "" is a pure number; "byte/weight" times "weight" is "byte"."""

from __future__ import annotations


def product_unit(*units: str) -> str:
    """The unit of a product of numbers with these units."""
    if not any(units):
        return ""
    factors = [_factors(unit) for unit in units]
    above = [factor for numerator, _ in factors for factor in numerator]
    below = [factor for _, denominator in factors for factor in denominator]
    for factor in list(above):
        if factor in below:
            above.remove(factor)
            below.remove(factor)
    return _written(sorted(above), sorted(below))


def quotient_unit(above: str, below: str) -> str:
    """The unit of a number with one unit divided by a number with another."""
    numerator, denominator = _factors(below)
    return product_unit(above, _written(denominator, numerator))


def _factors(unit: str) -> tuple[list[str], list[str]]:
    above, _, below = unit.partition("/")
    return [part for part in above.split("·") if part], [part for part in below.split("·") if part]


def _written(above: list[str], below: list[str]) -> str:
    return "·".join(above) + ("/" + "·".join(below) if below else "")
