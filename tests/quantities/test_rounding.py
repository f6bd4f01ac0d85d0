from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest

from mkdocs_cnn.quantities.rounding import as_decimal, plain, round_to_digits, short, significant


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (Fraction(0), "0"),
        (1, "1"),
        (Fraction(1), "1"),
        (-1, "−1"),
        (456, "456"),
        (352_800, "352,800"),
        (999_499, "999,499"),
        (999_950, "999,950"),
        (999_999, "999,999"),
        (1_000_000, "1 million"),
        (1_000_001, "1 million"),
        (1_004_999, "1 million"),
        (1_005_000, "1.01 million"),
        (14_450_688, "14.5 million"),
        (-14_450_688, "−14.5 million"),
        (-352_800, "−352,800"),
        (-999_999, "−999,999"),
        (99_949_999, "99.9 million"),
        (99_950_000, "100 million"),
        (999_499_999, "999 million"),
        (999_500_000, "1 billion"),
        (-999_500_000, "−1 billion"),
        (7_920_998_400, "7.92 billion"),
        (999_500_000_000, "1 trillion"),
        (5_952_096_000_000, "5.95 trillion"),
        (17_856_288_000_000, "17.9 trillion"),
        (10**60, "1" + ",000" * 16 + " trillion"),
        (Fraction(1024, 25), "40.96"),
        (Fraction(-1024, 25), "−40.96"),
        (Fraction(1, 3), "0.3333"),
        (Fraction(2, 3), "0.6667"),
        (Fraction(-2, 3), "−0.6667"),
        (Fraction(1, 30_000), "0.00003333"),
        (Fraction(1, 10**12), "0.000000000001"),
        (Fraction(1, 3 * 10**20), "0.000000000000000000003333"),
        (Fraction(1, 2), "0.5"),
        (Fraction(99_995, 10_000), "10"),
        (Fraction(99_994, 10_000), "9.999"),
        (Fraction(7_920_998_400, 795_636), "9,956"),
        (Fraction(16_006_144_000, 267_960), "59,733"),
        (Fraction(1_999_999, 2), "1,000,000"),
        (Fraction(2_999_999, 2), "1.5 million"),
    ],
)
def test_a_number_is_shown_as_a_reader_takes_it_in(value: int | Fraction, shown: str) -> None:
    assert round_to_digits(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0 B"),
        (1, "1 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (1001, "1 kB"),
        (-1000, "−1 kB"),
        (1005, "1.01 kB"),
        (999_499, "999 kB"),
        (999_500, "1 MB"),
        (999_999, "1 MB"),
        (218_103_808, "218 MB"),
        (999_500_000, "1 GB"),
        (23_808_384_000_000, "23.8 TB"),
        (71_425_152_000_000, "71.4 TB"),
        (10**15, "1 PB"),
        (10**18, "1 EB"),
        (10**21, "1,000 EB"),
        (Fraction(1, 8), "0.125 B"),
        (Fraction(1999, 2), "1 kB"),
        (Fraction(1998, 2), "999 B"),
    ],
)
def test_bytes_are_shown_in_powers_of_a_thousand(value: int | Fraction, shown: str) -> None:
    assert round_to_digits(value, unit="byte") == shown


@pytest.mark.parametrize(
    ("digits", "shown"), [(1, "10 million"), (2, "14 million"), (5, "14.451 million")]
)
def test_the_number_of_digits_can_be_chosen(digits: int, shown: str) -> None:
    assert round_to_digits(14_450_688, digits=digits) == shown


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (25, 1, 30),
        (35, 1, 40),
        (-25, 1, -30),
        (24, 1, 20),
        (Fraction(5, 2), 1, 3),
        (Fraction(-5, 2), 1, -3),
        (Fraction(1, 8), 2, Fraction(13, 100)),
        (Fraction(-1, 8), 2, Fraction(-13, 100)),
        (995, 2, 1000),
        (994, 2, 990),
        (0, 3, 0),
    ],
)
def test_halves_are_rounded_away_from_zero(
    value: int | Fraction, digits: int, expected: int | Fraction
) -> None:
    assert significant(value, digits) == expected


def test_significant_digits_are_those_of_the_decimal_module() -> None:
    rng = random.Random(5)
    for _ in range(3000):
        digits = rng.randint(1, 6)
        value = rng.randint(-(10 ** rng.randint(1, 20)), 10 ** rng.randint(1, 20))
        places = rng.randint(0, 12)
        context = Context(prec=digits, rounding=ROUND_HALF_UP)
        expected = Fraction(context.create_decimal(Decimal(value).scaleb(-places)))
        assert significant(Fraction(value, 10**places), digits) == expected


@pytest.mark.parametrize(
    "value", [1, Fraction(10**6, 3), Fraction(1, 7), -(10**40), Fraction(22, 7)]
)
def test_rounding_again_changes_nothing(value: int | Fraction) -> None:
    once = significant(value, 3)
    assert significant(once, 3) == once
    assert type(once) is (int if once.denominator == 1 else Fraction)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Fraction(1, 3), Fraction(3333, 10_000)),
        (Fraction(179_200, 3), 59_733),
        (Fraction(-179_200, 3), -59_733),
        (Fraction(1024, 25), Fraction(1024, 25)),
        (Fraction(1), 1),
        (0, 0),
    ],
)
def test_a_short_number_keeps_its_whole_part(
    value: int | Fraction, expected: int | Fraction
) -> None:
    assert short(value) == expected


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (-5, "-5"),
        (14_450_688, "14,450,688"),
        (Fraction(1024, 25), "40.96"),
        (Fraction(-1, 2), "-0.5"),
        (Fraction(-12_345, 10), "-1,234.5"),
        (Fraction(1, 10_000), "0.0001"),
        (Fraction(1, 100_000), None),
        (Fraction(1, 3), None),
        (Fraction(1001, 1000), "1.001"),
    ],
)
def test_a_decimal_is_exact_or_not_there(value: int | Fraction, shown: str | None) -> None:
    assert as_decimal(value) == shown


def test_decimals_are_read_back_as_the_value() -> None:
    rng = random.Random(6)
    for _ in range(2000):
        value = Fraction(rng.randint(-(10**9), 10**9), 10 ** rng.randint(0, 4))
        shown = as_decimal(value)
        assert shown is not None
        assert Fraction(shown.replace(",", "")) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (14_450_688, "14,450,688"),
        (-3, "−3"),
        (Fraction(1024, 25), "40.96"),
        (Fraction(1, 3), "0.3333"),
        (Fraction(179_200, 3), "59,733"),
        (Fraction(-1, 30_000), "−0.00003333"),
    ],
)
def test_a_page_prints_whole_numbers_in_full_and_fractions_short(
    value: int | Fraction, shown: str
) -> None:
    assert plain(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0 B"),
        (1_023, "1,023 B"),
        (1_024, "1 KiB"),
        (1_536, "1.5 KiB"),
        (1_023 * 1_024, "1,023 KiB"),
        (2**20 - 1, "1 MiB"),
        (2**20, "1 MiB"),
        (138_357_544 * 4, "528 MiB"),  # VGG-16 in the table of Keras
        (25_557_032 * 4, "97.5 MiB"),
        (-(2**30), "−1 GiB"),
        (2**40, "1 TiB"),
    ],
)
def test_bytes_are_counted_in_powers_of_1024_where_asked(value: int, shown: str) -> None:
    assert round_to_digits(value, "byte", binary=True) == shown


def test_the_two_kinds_of_megabyte_differ_by_a_twentieth() -> None:
    size = 138_357_544 * 4
    assert (round_to_digits(size, "byte"), round_to_digits(size, "byte", binary=True)) == (
        "553 MB",
        "528 MiB",
    )


@pytest.mark.parametrize("unit", ["", "weight"])
def test_only_bytes_have_binary_multiples(unit: str) -> None:
    with pytest.raises(ValueError, match="only bytes have binary multiples"):
        round_to_digits(1024, unit, binary=True)
