"""Every claim of the ledger: its verdict, its quotation, its numbers against the audit's."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mkdocs_cnn.claims import SOURCES, Verdict, claims
from mkdocs_cnn.quantity import Quantity

TEXTS = Path(__file__).parents[2].parent / "shared" / "sources"
NUMBERED = {  # the texts are kept beside the repository, under these numbers
    "answers-sparsity": "000",
    "notes-why": "001",
    "part-5": "002",
    "econometrician": "003",
    "ma-2025": "004",
}
every_claim = pytest.mark.parametrize("claim", claims().values(), ids=list(claims()))

# Computed by hand from the texts, and typed here once: (claim, verdict, recomputed numbers).
BY_HAND = [
    ("answers-sparsity-redundant", "differs", (6400, 576, 9, 64, 100)),
    ("answers-sparsity-shared-weight", "exact", (64, 576, 9)),
    ("answers-sparsity-non-zero", "differs", (3, 9)),
    ("answers-sparsity-dense-10k", "exact", (10_000, 10_100)),
    ("answers-sparsity-per-kernel", "exact", (10, 28)),
    ("answers-sparsity-200-kernels", "exact", (2_000,)),
    ("answers-sparsity-like-with-like", "differs", (1_280_000, 12_800, 10_000, 100)),
    ("answers-sparsity-stride", "differs", (2_000, 12_800, 3_200)),
    ("answers-sparsity-nearby-pixels", "not computable here", ()),
    ("answers-sparsity-few-inputs", "exact", (9, 100)),
    ("notes-why-14-million", "rounds to it", (14_450_688, 14_455_392)),
    ("notes-why-26-per-filter", "differs", (76, 26)),
    ("notes-why-156", "differs", (456, 156)),
    ("notes-why-two-reasons", "exact", (14_450_688, 352_800, 450, 784)),
    ("notes-why-many-positions", "exact", (784,)),
    ("notes-why-few-inputs", "exact", (75, 3_072)),
    ("notes-why-training-set", "not computable here", ()),
    ("part-5-output-shape", "exact", (28,)),
    ("part-5-inputs", "exact", (3_072,)),
    ("part-5-outputs", "exact", (4_704,)),
    ("part-5-14-million", "rounds to it", (14_450_688, 14_455_392)),
    (
        "part-5-invisibly-large",
        "not computable here",
        (5_952_096_000_000, 23_808_384_000_000, 17_856_288_000_000, 71_425_152_000_000, 456),
    ),
    ("part-5-26-per-filter", "differs", (76, 26)),
    ("part-5-156", "differs", (456, 156)),
    ("part-5-nine-parameters", "exact", (9, 576, 144)),
    ("part-5-16-outputs", "exact", (16,)),
    ("part-5-zero", "exact", (0,)),
    ("part-5-nine-of-36", "exact", (9, 36, 6)),
    ("part-5-other-27", "exact", (27,)),
    ("part-5-thirty", "exact", (30, -30)),
    ("part-5-training-set", "not computable here", ()),
    ("econometrician-neighbours", "not computable here", ()),
    ("econometrician-four-units", "exact", (4,)),
    ("econometrician-nine-connections", "exact", (9,)),
    ("econometrician-four-connections", "exact", (4,)),
    ("econometrician-same-for-each-unit", "exact", (4,)),
    ("econometrician-dense-36", "exact", (36, 40)),
    ("econometrician-four-parameters", "exact", (4, 36, 16)),
    ("econometrician-64-maps", "not computable here", (256, 36, 2_304)),
    ("econometrician-colour", "not computable here", ()),
    ("ma-2025-unique-weights", "exact", (14_450_688,)),
    ("ma-2025-dense-parameters", "exact", (14_450_688, 28_901_376)),
    ("ma-2025-dense-work", "differs", (3_072, 6_144, 14_450_688)),
    ("ma-2025-local-region", "exact", (75, 3_072)),
    ("ma-2025-sparse-parameters", "exact", (576, 1_152)),
    ("ma-2025-sparse-work", "differs", (9, 18, 576)),
    ("ma-2025-less-memory", "exact", (352_800, 14_450_688, 57_802_752, 1_411_200)),
    ("ma-2025-overfitting", "not computable here", ()),
    ("ma-2025-less-computation", "exact", (14_450_688, 352_800)),
    ("ma-2025-faster", "not computable here", ()),
    ("ma-2025-used-once", "exact", (1,)),
    ("ma-2025-reused-everywhere", "exact", (784,)),
    ("ma-2025-dense-o-of-m", "differs", (14_450_688, 28_901_376)),
    ("ma-2025-convolution-o-of-k", "exact", (9, 18, 456)),
    ("ma-2025-dramatically-fewer", "exact", (784, 450)),
]


@every_claim
def test_the_recomputation_gives_the_verdict_expected(claim):
    assert claim.found() is claim.verdict


@pytest.mark.parametrize(("name", "verdict", "numbers"), BY_HAND, ids=[row[0] for row in BY_HAND])
def test_the_recomputation_agrees_with_the_audit_by_hand(name, verdict, numbers):
    claim = claims()[name]
    assert claim.verdict.value == verdict
    assert set(numbers) <= {number.value for number in claim.numbers}


def test_the_audit_by_hand_has_every_claim_in_the_ledgers_order():
    by_hand = [name for name, *_ in BY_HAND]
    assert by_hand == list(claims()), "give the claim its line in BY_HAND, at its place"


@pytest.mark.parametrize(
    ("claim", "index", "shown"),
    [
        ("answers-sparsity-redundant", 3, "100/9 ≈ 11.11"),
        ("answers-sparsity-redundant", 5, "≈ 711.1"),
        ("notes-why-two-reasons", 3, "= 40.96"),
        ("notes-why-156", 0, "(5 · 5 · 3 + 1) · 6 = 456"),
        ("ma-2025-dramatically-fewer", 0, "= 32,112.64"),
    ],
)
def test_recomputed_numbers_show_their_working(claim, index, shown):
    assert claims()[claim].numbers[index].worked.endswith(shown)


@pytest.mark.parametrize(
    "name", [name for name, claim in claims().items() if claim.states is not None]
)
def test_a_stated_number_one_off_would_differ(name):
    claim = claims()[name]
    off = Quantity(claim.numbers[0].value + 1, claim.states.unit)
    assert replace(claim, states=off, why="one off").found() is Verdict.DIFFERS


@pytest.mark.parametrize(
    ("stated", "verdict"), [(456, Verdict.EXACT), (457, Verdict.DIFFERS), (156, Verdict.DIFFERS)]
)
def test_the_verdict_follows_the_statement(stated, verdict):
    claim = replace(claims()["notes-why-156"], states=Quantity(stated, "parameter"))
    assert claim.found() is verdict


@every_claim
def test_a_quote_is_short_and_stands_in_its_source_word_for_word(claim):
    assert len(claim.quote) <= 220
    assert _words(claim.quote) in _words(_text(claim.source.key))


@every_claim
def test_a_claim_names_a_known_source_and_is_named_after_it(claim):
    assert SOURCES[claim.source.key] is claim.source
    assert claim.name.startswith(f"{claim.source.key}-")


@every_claim
def test_explanations_are_plain_sentences_and_type_no_result(claim):
    told = claim.explanation.text
    assert bool(told) >= (claim.verdict in (Verdict.DIFFERS, Verdict.NOT_COMPUTABLE))
    assert not told or told.endswith(".")
    by_hand = re.sub(r"\{\d+\}|\(Krizhevsky et al. \d+\)", "", claim.why)
    assert set(re.findall(r"\d{3,}", by_hand)) <= {"200"}  # the kernels of the question


@every_claim
def test_numbers_are_named_and_told_apart(claim):
    names = [number.name for number in claim.numbers]
    assert all(names)
    assert len(set(names)) == len(names)


def test_no_two_claims_share_a_quote():
    quotes = [claim.quote for claim in claims().values()]
    assert len(set(quotes)) == len(quotes)


@pytest.mark.parametrize("source", NUMBERED)
def test_every_audited_text_has_claims(source):
    assert any(claim.source.key == source for claim in claims().values())


def test_the_ledger_brings_in_no_arrays_drawing_or_templates():
    code = (
        "import sys; from mkdocs_cnn.claims import claims; [c.found() for c in claims().values()];"
        "print({'numpy', 'matplotlib', 'jinja2', 'mkdocs'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_naming_a_source_loads_no_claims():
    code = (
        "import sys, mkdocs_cnn.claims; from mkdocs_cnn.claims.sources import SOURCES;"
        "print('mkdocs_cnn.claims.part_5' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


def _text(source):
    found = sorted(TEXTS.glob(f"{NUMBERED[source]}_*.txt"))
    if not found:
        pytest.skip("the audited texts are not beside this copy of the repository")
    return found[0].read_text(encoding="utf-8")


def _words(text):
    """The text without its markup's marks, every white space one blank."""
    return " ".join(re.sub(r"[*`]", "", text).split())
