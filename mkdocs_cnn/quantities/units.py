"""Units in words: "" is a pure number; "byte/weight" times "weight" is "byte"."""

from __future__ import annotations


def product_unit(*units: str) -> str:
    """The unit of a product of numbers with these units."""
    if not any(units):
        return ""
    above: list[str] = []
    below: list[str] = []
    for unit in units:
        numerator, denominator = _factors(unit)
        above += numerator
        below += denominator
    for factor in list(above):
        if factor in below:
            above.remove(factor)
            below.remove(factor)
    return "·".join(sorted(above)) + ("/" + "·".join(sorted(below)) if below else "")


def inverse_unit(unit: str) -> str:
    """The unit of one divided by a number with this unit."""
    above, below = _factors(unit)
    return "·".join(below) + ("/" + "·".join(above) if above else "")


def _factors(unit: str) -> tuple[list[str], list[str]]:
    above, _, below = unit.partition("/")
    return [part for part in above.split("·") if part], [part for part in below.split("·") if part]
