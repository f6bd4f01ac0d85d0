from dataclasses import replace
from fractions import Fraction

import pytest

from mkdocs_cnn.claims import Claim, Verdict, ledger, sources
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.registry import UnknownNameError

WEIGHTS = Quantity(14_450_688, "weight")


def claim(**changed):
    """A claim that states 14,450,688 weights, but for what is changed."""
    parts = {
        "name": "part-5-a-claim",
        "quote": "so many weights",
        "locator": "section 1",
        "states": WEIGHTS,
        "recomputed": lambda: {"weights": WEIGHTS},
        "why": "So it is.",
    }
    return Claim(**{**parts, **changed})


def verdict(stated, computed, digits=None):
    return claim(
        states=Quantity(stated), digits=digits, recomputed=lambda: {"one": Quantity(computed)}
    ).verdict


@pytest.mark.parametrize(
    ("stated", "computed", "expected"),
    [
        (14_450_688, 14_450_688, Verdict.RIGHT),
        (14_000_000, 14_450_688, Verdict.ROUNDED),
        (14_500_000, 14_450_688, Verdict.ROUNDED),
        (10_000_000, 14_450_688, Verdict.ROUNDED),
        (60_000_000, 60_965_224, Verdict.ROUNDED),
        (29_000_000, 28_589_128, Verdict.ROUNDED),
        (28_000_000, 28_589_128, Verdict.CUT),
        (14_400_000, 14_450_688, Verdict.CUT),
        (27_000_000, 28_589_128, Verdict.WRONG),
        (30_500_000, 28_589_128, Verdict.WRONG),
        (14_450_689, 14_450_688, Verdict.WRONG),
        (Fraction(119, 100), Fraction(1191, 1000), Verdict.ROUNDED),
        (Fraction(119, 100), Fraction(1199, 1000), Verdict.CUT),
        (Fraction(119, 100), Fraction(1201, 1000), Verdict.WRONG),
        (0, 0, Verdict.RIGHT),
        (0, Fraction(1, 2), Verdict.WRONG),
        (30, -35, Verdict.WRONG),
    ],
)
def test_a_stated_number_is_held_to_the_digits_that_it_has(stated, computed, expected):
    assert verdict(stated, computed) is expected


@pytest.mark.parametrize(
    ("digits", "expected"),
    [(None, Verdict.ROUNDED), (1, Verdict.ROUNDED), (2, Verdict.CUT), (3, Verdict.WRONG)],
)
def test_zeros_at_the_end_count_where_the_claim_says_so(digits, expected):
    assert verdict(60_000_000, 60_965_224, digits) is expected


@pytest.mark.parametrize(
    ("ground", "yes", "no"),
    [
        ("holds", Verdict.RIGHT, Verdict.WRONG),
        ("borne_out", Verdict.BORNE_OUT, Verdict.NOT_BORNE_OUT),
    ],
)
def test_a_condition_is_exact_or_rests_on_an_experiment(ground, yes, no):
    assert claim(states=None, **{ground: lambda: True}).verdict is yes
    assert claim(states=None, **{ground: lambda: False}).verdict is no


def test_a_condition_is_handed_the_numbers_that_it_names():
    numbers = {"few": Quantity(3), "many": Quantity(1000)}
    asked = claim(states=None, holds=lambda many, few: few < many, recomputed=lambda: numbers)
    assert asked.verdict is Verdict.RIGHT
    with pytest.raises(ValueError, match="'part-5-a-claim' recomputes no 'mny'; did you mean 'man"):
        replace(asked, holds=lambda mny: bool(mny)).verdict  # noqa: B018


def test_what_is_not_compared_is_judged():
    assert claim(states=None, judged=Verdict.DEPENDS).verdict is Verdict.DEPENDS


def test_only_the_first_recomputed_number_is_compared():
    numbers = {"weights": WEIGHTS, "biases": Quantity(1, "parameter")}
    assert claim(recomputed=lambda: numbers).verdict is Verdict.RIGHT


def test_the_explanation_has_the_recomputed_numbers_by_name():
    numbers = {"few": Quantity(3), "many": Quantity(1000)}
    explanation = claim(why="{many},\n    then {few}", recomputed=lambda: numbers).explanation
    assert explanation.text == "1,000, then 3"
    assert explanation.numbers == (1000, 3)


def test_a_number_without_a_name_is_called_as_the_claim_calls_it():
    numbers = {"grey_weights": Quantity(9), "colour": Quantity(27, name="weights")}
    named = claim(states=Quantity(9), recomputed=lambda: numbers).numbers
    assert [number.name for number in named] == ["grey weights", "weights"]


def test_an_unknown_number_in_an_explanation_meets_its_neighbour():
    with pytest.raises(
        LookupError, match=r"why of claim 'part-5-a-claim': .* 'weigths'; did you mean 'weights'"
    ):
        claim(why="{weigths}").explanation  # noqa: B018  # reading it is what fails


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "Bad Name"}, "lower-case words joined by hyphens, not 'Bad Name'"),
        ({"quote": " "}, "claim 'part-5-a-claim' has no quote"),
        ({"locator": ""}, "claim 'part-5-a-claim' has no locator"),
        ({"holds": lambda: True}, "takes one of states, holds, .*, and has states and holds"),
        ({"judged": Verdict.DEPENDS}, "takes one of .*, and has states and judged"),
        ({"states": None}, "takes one of .*, and has none"),
        ({"states": None, "judged": Verdict.WRONG}, "without a computation it is imprecise, dep"),
        ({"states": None, "digits": 2, "holds": lambda: True}, "has 2 digits of no stated number"),
    ],
)
def test_an_incomplete_claim_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        claim(**changed)


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"states": None, "judged": Verdict.NOT_SHOWN}, "not shown"),
        ({"states": None, "borne_out": lambda: False}, "not borne out"),
        ({"states": Quantity(7, "weight")}, "wrong"),
        ({"states": Quantity(14_400_000, "weight")}, "cut"),
    ],
)
def test_a_verdict_that_is_no_yes_says_why(changed, word):
    with pytest.raises(ValueError, match=f"'part-5-a-claim' is '{word}' and does not say why"):
        claim(why=" ", **changed).verdict  # noqa: B018


@pytest.mark.parametrize(
    ("recomputed", "message"),
    [
        ({}, "states 14450688 and recomputes nothing"),
        ({"macs": Quantity(7, "MAC")}, "states 14450688 weight and recomputes 7 MAC"),
        ({"pure": Quantity(7)}, r"recomputes 7 \(a pure number\)"),
    ],
)
def test_a_number_is_compared_with_its_own_unit_only(recomputed, message):
    with pytest.raises(ValueError, match=message):
        claim(recomputed=lambda: recomputed).verdict  # noqa: B018


def test_the_source_is_the_one_that_the_name_begins_with():
    assert claim().source is sources()["part-5"]
    with pytest.raises(UnknownNameError, match="no source of the claim named 'nobody-says-this'"):
        claim(name="nobody-says-this").source  # noqa: B018


def test_a_ledger_refuses_duplicates():
    with pytest.raises(ValueError, match="there is a claim named 'part-5-a-claim' already"):
        ledger([claim(), replace(claim(), quote="other words")])
