"""Exact numbers shown short. Rounding is for display only, and happens here only."""

from __future__ import annotations

import math
from fractions import Fraction

Exact = int | Fraction


def significant(value: Exact, digits: int) -> Exact:
    """The value rounded to so many significant digits, halves away from zero."""
    if value == 0:
        return 0
    magnitude = abs(Fraction(value))
    exponent = 0  # of the leading digit
    while magnitude >= Fraction(10) ** (exponent + 1):
        exponent += 1
    while magnitude < Fraction(10) ** exponent:
        exponent -= 1
    unit = Fraction(10) ** (exponent - digits + 1)
    nearest = math.floor(magnitude / unit + Fraction(1, 2)) * unit
    nearest = nearest if value > 0 else -nearest
    return int(nearest) if nearest.denominator == 1 else nearest


def short(value: Exact, digits: int = 4) -> Exact:
    """A fraction with so many significant digits, or more where its whole part has more."""
    return significant(value, max(digits, len(str(abs(int(value))))))


_WORDS = {10**12: "trillion", 10**9: "billion", 10**6: "million"}
_BYTES = {10**18: "EB", 10**15: "PB", 10**12: "TB", 10**9: "GB", 10**6: "MB", 10**3: "kB"}
_BINARY_BYTES = {2**60: "EiB", 2**50: "PiB", 2**40: "TiB", 2**30: "GiB", 2**20: "MiB", 2**10: "KiB"}


def round_to_digits(value: Exact, unit: str = "", digits: int = 3, *, binary: bool = False) -> str:
    """The value as a reader takes it in: "14.5 million", "40.96", "23.8 TB", "528 MiB".

    Whole numbers below a million are shown as they are. It is rounded from the exact value, halves
    away from zero.

    Args:
        value: The exact value.
        unit: "byte" asks for kB, MB, GB (powers of 1000) instead of words.
        digits: Significant digits of a scaled number; a fraction below a million gets one more,
            and keeps its whole part.
        binary: Bytes in KiB, MiB, GiB (powers of 1024).

    Raises:
        ValueError: If anything but bytes is asked for in powers of 1024.
    """
    if binary and unit != "byte":
        raise ValueError(f"only bytes have binary multiples, not {unit or 'a pure number'}")
    scales = {} if -(10**6) < value < 10**6 else _WORDS
    if unit == "byte":
        scales = _BINARY_BYTES if binary else _BYTES
    for scale, word in scales.items():
        # Of 1,023 KiB, which are not yet 1 MiB, the whole part is kept.
        scaled = (short if binary else significant)(Fraction(value) / scale, digits)
        if not -1 < scaled < 1:
            return f"{_plain(scaled)} {word}"
    suffix = " B" if unit == "byte" else ""
    return f"{_plain(value if value.denominator == 1 else short(value, digits + 1))}{suffix}"


def _plain(value: Exact) -> str:
    # Rounded to significant digits, a number has a finite decimal, however small it is.
    return (as_decimal(value, most_places=400) or str(value)).replace("-", "−")


def plain(value: Exact) -> str:
    """The value as a page prints it: in full where four decimals are enough, else rounded."""
    return _plain(short(value) if as_decimal(value) is None else value)


def as_decimal(value: Exact, most_places: int = 4) -> str | None:
    """The exact value as a decimal with thousands separators; None where that takes more places."""
    if isinstance(value, int):
        return f"{value:,}"
    for places in range(most_places + 1):
        if 10**places % value.denominator == 0:
            whole, part = divmod(abs(value.numerator) * 10**places // value.denominator, 10**places)
            decimals = f".{part:0{places}d}" if places else ""
            return f"{'-' * (value < 0)}{whole:,}{decimals}"
    return None
