from dataclasses import replace

import pytest

from mkdocs_cnn.claims import Claim, Verdict, ledger, sources
from mkdocs_cnn.quantities.quantity import Quantity

WEIGHTS = Quantity(14_450_688, "weight")


def claim(**changed):
    """A claim that states 14,450,688 weights, but for what is changed."""
    given = {
        "name": "a-claim",
        "quote": "so many weights",
        "source": sources()["part-5"],
        "locator": "section 1",
        "verdict": Verdict.EXACT,
        "states": WEIGHTS,
        "recomputed": lambda: (WEIGHTS,),
    }
    return Claim(**{**given, **changed})


@pytest.mark.parametrize(
    ("states", "digits", "verdict"),
    [
        (14_450_688, None, Verdict.EXACT),
        (14_450_688, 2, Verdict.EXACT),
        (14_000_000, 2, Verdict.ROUNDS),
        (14_500_000, 3, Verdict.ROUNDS),
        (10_000_000, 1, Verdict.ROUNDS),
        (14_000_000, None, Verdict.DIFFERS),
        (14_000_000, 3, Verdict.DIFFERS),
        (15_000_000, 2, Verdict.DIFFERS),
        (14_450_689, None, Verdict.DIFFERS),
    ],
)
def test_a_stated_number_is_held_to_the_digits_it_is_given_with(states, digits, verdict):
    assert claim(states=Quantity(states, "weight"), digits=digits).found() is verdict


@pytest.mark.parametrize(("holds", "verdict"), [(True, Verdict.EXACT), (False, Verdict.DIFFERS)])
def test_a_claim_without_a_number_holds_or_differs(holds, verdict):
    assert claim(states=None, holds=lambda: holds).found() is verdict


def test_a_claim_with_neither_is_not_computable():
    assert claim(states=None).found() is Verdict.NOT_COMPUTABLE


def test_only_the_first_recomputed_number_is_compared():
    assert claim(recomputed=lambda: (WEIGHTS, Quantity(1, "parameter"))).found() is Verdict.EXACT


def test_places_in_the_explanation_are_filled_by_number():
    numbers = (Quantity(3), Quantity(1000))
    told = claim(why="{1}, then {0}, then {1}", recomputed=lambda: numbers).explanation
    assert told.text == "1,000, then 3, then 1,000"
    assert told.numbers == (1000, 3, 1000)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"name": "Bad Name"}, "lower-case words joined by hyphens, not 'Bad Name'"),
        ({"quote": " "}, "claim 'a-claim' has no quote"),
        ({"locator": ""}, "claim 'a-claim' has no locator"),
        ({"verdict": Verdict.DIFFERS}, "claim 'a-claim' is 'differs' and does not say why"),
        ({"verdict": Verdict.NOT_COMPUTABLE}, "is 'not computable here' and does not say why"),
        ({"holds": lambda: True}, "claim 'a-claim' states 14450688 and has a condition too"),
        ({"states": None, "digits": 2}, "claim 'a-claim' has 2 digits of no stated number"),
    ],
)
def test_an_incomplete_claim_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        claim(**changed)


@pytest.mark.parametrize(
    ("recomputed", "message"),
    [
        ((), "states 14450688 and recomputes nothing"),
        ((Quantity(7, "MAC"),), "states 14450688 weight and recomputes 7 MAC"),
        ((Quantity(7),), r"recomputes 7 \(a pure number\)"),
    ],
)
def test_a_number_is_compared_with_its_own_unit_only(recomputed, message):
    with pytest.raises(ValueError, match=message):
        claim(recomputed=lambda: recomputed).found()


def test_an_explanation_cannot_use_a_number_that_is_not_there():
    with pytest.raises(ValueError, match="explains with number 1 and recomputes 1"):
        claim(why="{1}").explanation  # noqa: B018  # reading it is what fails


def test_a_ledger_refuses_duplicates():
    with pytest.raises(ValueError, match="there is a claim named 'a-claim' already"):
        ledger([claim(), replace(claim(), quote="other words")])
