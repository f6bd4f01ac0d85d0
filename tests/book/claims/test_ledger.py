"""Every claim of the ledger: its verdict, its quotation, its numbers against the audit's."""

import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction

import pytest

from mkdocs_cnn.claims import Verdict, claims
from mkdocs_cnn.quantities.quantity import Quantity

NUMBERED = {  # in the folder that --texts names, the texts have these numbers
    "answers-sparsity": "000",
    "notes-why": "001",
    "part-5": "002",
    "econometrician": "003",
    "ma-2025": "004",
}
every_claim = pytest.mark.parametrize("claim", claims().values(), ids=list(claims()))
every_audited_claim = pytest.mark.parametrize(
    "claim", [claim for claim in claims().values() if claim.source.key in NUMBERED]
)

# Computed by hand from the texts, and typed here once: (claim, verdict, recomputed numbers).
BY_HAND = [
    ("answers-sparsity-redundant", "answered", (6400, 576, 9, 64, 100)),
    ("answers-sparsity-shared-weight", "right", (64, 576, 9)),
    ("answers-sparsity-non-zero", "wrong", (3, 9)),
    ("answers-sparsity-dense-10k", "right", (10_000, 10_100)),
    ("answers-sparsity-per-kernel", "right", (10, 28)),
    ("answers-sparsity-200-kernels", "right", (2_000,)),
    ("answers-sparsity-like-with-like", "wrong", (1_280_000, 12_800, 10_000, 100)),
    ("answers-sparsity-stride", "wrong", (2_000, 12_800, 3_200)),
    # Of what an experiment measured: what it gave when the verdict was reached.
    (
        "answers-sparsity-nearby-pixels",
        "borne out",
        (Fraction("0.956"), Fraction("0.477"), 7, 6),
    ),
    ("answers-sparsity-few-inputs", "right", (9, 100)),
    ("notes-why-14-million", "rounded", (14_450_688, 14_455_392)),
    ("notes-why-26-per-filter", "wrong", (76, 26)),
    ("notes-why-156", "wrong", (456, 156)),
    ("notes-why-two-reasons", "right", (14_450_688, 352_800, 450, 784)),
    ("notes-why-many-positions", "right", (784,)),
    ("notes-why-few-inputs", "right", (75, 3_072)),
    ("notes-why-training-set", "not borne out", (610, 38_410)),
    ("notes-why-cost", "right", (3, 2, 4, -4)),
    ("notes-why-descent", "right", (3, Fraction(1, 4), Fraction(1, 16), 19)),
    ("part-5-output-shape", "right", (28,)),
    ("part-5-inputs", "right", (3_072,)),
    ("part-5-outputs", "right", (4_704,)),
    ("part-5-14-million", "rounded", (14_450_688, 14_455_392)),
    (
        "part-5-invisibly-large",
        "imprecise",
        (5_952_096_000_000, 23_808_384_000_000, 17_856_288_000_000, 71_425_152_000_000, 456),
    ),
    ("part-5-26-per-filter", "wrong", (76, 26)),
    ("part-5-156", "wrong", (456, 156)),
    ("part-5-nine-parameters", "right", (9, 576, 144)),
    ("part-5-16-outputs", "right", (16,)),
    ("part-5-zero", "right", (0,)),
    ("part-5-nine-of-36", "right", (9, 36, 6)),
    ("part-5-other-27", "right", (27,)),
    ("part-5-thirty", "right", (30, -30)),
    ("part-5-training-set", "not borne out", (610, 38_410)),
    ("part-5-translation-invariance", "wrong", (30, 0, 2, 4)),
    ("part-5-still-a-cat", "depends", ()),
    ("part-5-similar-features", "wrong", (1, 4, 2)),
    (
        "part-5-same-label",
        "depends",
        (
            Fraction(1, 3),
            Fraction(6_782, 12_000),
            Fraction(4_262, 12_000),
            Fraction(642, 12_000),
        ),
    ),
    (
        "part-5-learns-invariance",
        "borne out",
        (
            0,
            Fraction(4, 32),
            Fraction(31, 256),
            1,
            Fraction(6_782, 12_000),
            Fraction(4_262, 12_000),
        ),
    ),
    ("econometrician-neighbours", "borne out", (7,)),
    ("econometrician-autocorrelated", "borne out", (Fraction("0.924"), Fraction("0.735"))),
    ("econometrician-four-units", "right", (4,)),
    ("econometrician-nine-connections", "right", (9,)),
    ("econometrician-four-connections", "right", (4,)),
    ("econometrician-same-for-each-unit", "right", (4,)),
    ("econometrician-dense-36", "right", (36, 40)),
    ("econometrician-four-parameters", "right", (4, 36, 16)),
    ("econometrician-64-maps", "not shown", (256, 36, 2_304)),
    ("econometrician-same-lags", "right", (3, 22)),
    ("econometrician-rows", "wrong", (96, 48)),
    (
        "econometrician-colour",
        "not borne out",
        tuple(map(Fraction, ("0.173", "0.032", "0.044", "0.252", "0.529", "0.147", "0.156"))),
    ),
    (
        "econometrician-later-layers",
        "borne out",
        tuple(map(Fraction, ("0.529", "0.805", "0.33", "0.451"))),
    ),
    (
        "econometrician-starts-there",
        "not shown",
        (Fraction(4841, 7000), Fraction(3420, 7000)),
    ),
    ("ma-2025-enforcing-invariance", "wrong", (2, 4)),
    ("ma-2025-shifts-alike", "right", (5, 3, Fraction(5, 2), Fraction(3, 2))),
    ("ma-2025-unique-weights", "right", (14_450_688,)),
    ("ma-2025-dense-parameters", "right", (14_450_688, 28_901_376)),
    ("ma-2025-dense-work", "wrong", (3_072, 6_144, 14_450_688)),
    ("ma-2025-local-region", "right", (75, 3_072)),
    ("ma-2025-sparse-parameters", "right", (576, 1_152)),
    ("ma-2025-sparse-work", "wrong", (9, 18, 576)),
    ("ma-2025-less-memory", "right", (352_800, 14_450_688, 57_802_752, 1_411_200)),
    ("ma-2025-overfitting", "not borne out", (610, 38_410)),
    ("ma-2025-less-computation", "right", (14_450_688, 352_800)),
    ("ma-2025-faster", "borne out", (Fraction(4096, 9),)),
    ("ma-2025-deeper-layers", "right", (3, 5, 7)),
    ("ma-2025-indirectly", "right", (7, 3)),
    ("ma-2025-used-once", "right", (1,)),
    ("ma-2025-reused-everywhere", "right", (784,)),
    ("ma-2025-dense-o-of-m", "wrong", (14_450_688, 28_901_376)),
    ("ma-2025-convolution-o-of-k", "right", (9, 18, 456)),
    ("ma-2025-dramatically-fewer", "right", (784, 450)),
    ("ma-2025-deeper-larger", "right", (3, 5, 7, 9)),
    ("ma-2025-fields-3", "right", (3,)),
    ("ma-2025-fields-5-or-7", "right", (5, 7)),
    ("ma-2025-effective-field", "wrong", (7, 11)),
    ("ma-2025-output-319", "wrong", (318, 278, 319, 280, 88_404)),
    ("ma-2025-nine-each", "right", (9,)),
    ("ma-2025-total-operations", "wrong", (795_636, 267_960)),
    ("ma-2025-unfold", "wrong", (795_636, 9, 89_600, 7_920_998_400)),
    ("ma-2025-dense-operations", "rounded", (8_028_160_000, 7_920_998_400)),
    (
        "ma-2025-speed-up",
        "wrong",
        (Fraction(89_600, 9), 7_920_998_400, 795_636, Fraction(179_200, 3)),
    ),
    ("ma-2025-speed-up-from-sparsity", "right", (7_920_998_400, 795_636, Fraction(89_600, 9))),
    ("ma-2025-speed-up-from-sharing", "wrong", (795_636, 9)),
    ("ma-2025-orders-of-magnitude", "right", (Fraction(89_600, 9),)),
    ("ma-2025-definition", "right", (0, 1)),
    ("ma-2025-commutes", "wrong", (Fraction(4, 32), Fraction(3, 32), 1, 0)),
    ("ma-2025-any-position", "wrong", (32, Fraction(1, 32), Fraction(1, 1_024))),
    ("ma-2025-fires-at", "right", (15, 23, Fraction(5, 2), Fraction(3, 2))),
    ("ma-2025-same-response", "right", (30,)),
    ("ma-2025-two-words", "right", (3, 2, 4)),
    ("ma-2025-output-shifts", "right", (1, Fraction(1, 2))),
    ("ma-2025-achieved-with-pooling", "wrong", (Fraction(1, 3), Fraction(1, 7), 10)),
    ("ma-2025-convolution-provides", "right", (Fraction(31, 256), Fraction(3, 4), 1)),
    ("ma-2025-approximate-invariance", "right", (0, Fraction(1, 3), Fraction(1, 2))),
    (
        "ma-2025-is-there-a-cat",
        "depends",
        (Fraction(4_262, 12_000), Fraction(3_251, 12_000), Fraction(642, 12_000)),
    ),
    ("ma-2025-shift-figure", "right", (2,)),
    ("goodfellow-2016-267-960", "right", (267_960, 178_640)),
    ("goodfellow-2016-eight-billion", "right", (8_003_072_000,)),
    ("goodfellow-2016-four-billion", "rounded", (4_001_536_000, 44_800, 89_320)),
    ("goodfellow-2016-sixteen-billion", "right", (16_006_144_000,)),
    ("goodfellow-2016-60-000", "rounded", (Fraction(179_200, 3), 16_006_144_000, 267_960)),
    ("lecun-1998-connections", "right", (340_908, 331_984, 8_084, 840)),
    ("lecun-1998-parameters", "right", (60_000, 61_706)),
    ("krizhevsky-2012-parameters", "cut", (60_965_224, 62_378_344, 61_100_840)),
    ("krizhevsky-2012-neurons", "cut", (659_272,)),
    ("krizhevsky-2012-first-layer", "wrong", (290_400, 253_440)),
    ("krizhevsky-2012-other-layers", "right", (659_272,)),
    ("simonyan-2014-field-5", "right", (5,)),
    ("simonyan-2014-field-7", "right", (7,)),
    ("simonyan-2014-27-c", "right", (27,)),
    ("simonyan-2014-49-c", "right", (49,)),
    ("simonyan-2014-81-percent", "rounded", (Fraction(2_200, 27), 49, 27)),
    ("simonyan-2014-parameters-a", "rounded", (132_863_336,)),
    ("simonyan-2014-parameters-b", "rounded", (133_047_848,)),
    ("simonyan-2014-parameters-d", "rounded", (138_357_544,)),
    ("simonyan-2014-parameters-e", "rounded", (143_667_240,)),
    (
        "szegedy-2014-12-times",
        "wrong",
        (Fraction(60_965_224, 6_998_552), 60_965_224, 6_998_552),
    ),
    ("szegedy-2014-1-5-billion", "cut", (1_582_671_872, 1_498_657_920)),
    ("szegedy-2014-first-layer-parameters", "wrong", (9_408, 2_688)),
    ("szegedy-2014-first-layer-operations", "wrong", (118_013_952, 33_718_272)),
    ("he-2015-resnet18-flops", "rounded", (1_814_073_344, 1_794_805_760)),
    ("he-2015-plain34-flops", "rounded", (3_644_493_824, 3_663_761_408)),
    ("he-2015-resnet50-flops", "cut", (3_857_973_248, 4_089_184_256)),
    ("he-2015-resnet101-flops", "rounded", (7_570_194_432, 7_801_405_440)),
    ("he-2015-resnet152-flops", "rounded", (11_282_415_616, 11_513_626_624)),
    ("he-2015-vgg16-flops", "wrong", (15_470_264_320, 15_346_630_656, 123_633_664)),
    ("he-2015-vgg19-flops", "rounded", (19_632_062_464, 19_508_428_800)),
    ("iandola-2016-50-times", "rounded", (Fraction(60_965_224, 1_248_424), 1_248_424)),
    ("sandler-2018-macs", "rounded", (300_774_272,)),
    ("sandler-2018-parameters", "wrong", (3_504_872, 3_469_760)),
    ("tan-2019-parameters", "rounded", (5_288_548,)),
    ("tan-2019-flops", "rounded", (385_814_752,)),
    ("liu-2022-parameters", "rounded", (28_589_128,)),
    ("liu-2022-readme-parameters", "cut", (28_589_128,)),
    ("liu-2022-flops", "rounded", (4_455_531_264,)),
    ("torchvision-densenet121-parameters", "right", (7_978_856,)),
    ("torchvision-densenet121-ops", "rounded", (2_834_161_664,)),
    ("howard-2017-8-to-9-times", "rounded", (Fraction(576, 73), Fraction(9_216, 1_033))),
    ("howard-2017-macs", "rounded", (568_740_352,)),
    ("howard-2017-parameters", "rounded", (4_231_976,)),
    ("howard-2017-full-macs", "wrong", (4_867_293_184, 4_866_269_184)),
    ("howard-2017-full-parameters", "rounded", (29_294_088,)),
    ("howard-2017-pointwise-macs", "rounded", (539_492_352, 568_740_352)),
    ("howard-2017-pointwise-parameters", "rounded", (3_139_584, 4_209_088)),
    ("howard-2017-first-layer-macs", "wrong", (10_838_016, 568_740_352)),
    ("receptive-field-library-alexnet", "right", (195, 32, 64)),
    ("receptive-field-library-vgg16", "right", (212, 32, 90)),
    ("receptive-field-library-mobilenet", "right", (315, 32, 157)),
    ("receptive-field-library-resnet50", "right", (483, 32, 241)),
    ("receptive-field-library-resnet101", "right", (1_027, 32, 513)),
    ("receptive-field-library-resnet152", "right", (1_507, 32, 753)),
    ("cs231n-vgg-values", "wrong", (15_237_608,)),
    ("cs231n-vgg-memory", "wrong", (60_950_432, Fraction(60_950_432, 2**20), 15_237_608)),
    ("cs231n-vgg-parameters", "rounded", (138_357_544,)),
    ("cs231n-googlenet-parameters", "wrong", (6_998_552, 6_624_904)),
    ("zhang-2023-two-delta", "wrong", (9, 4, 361, 324)),
    ("zhang-2023-1-gb", "wrong", (218_103_808, 54_525_952, 171_966_464)),
    ("zhang-2023-164-mb", "wrong", (171_966_464, 164, 42_991_616)),
    ("zhang-2023-81-mflops", "wrong", (85_983_232, 42_991_616)),
    ("zhang-2023-400-mb", "wrong", (411_041_792, 392, 102_760_448)),
    ("howard-2020-this-layer", "wrong", (14_112, 288)),
    ("howard-2020-next-layer", "wrong", (18_432, 1_152)),
    ("howard-2020-no-change", "wrong", (14_112, 18_432)),
    ("keras-vgg16-size", "wrong", (553_430_176, Fraction(553_430_176, 2**20))),
    ("keras-vgg16-parameters", "right", (138_357_544,)),
]
PLACE_OR_CITATION = re.compile(r"\{\w+\}|\([A-Z][^()]* \d{4}\)")


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
    assert replace(claim, states=off, digits=20, why="one off").verdict is Verdict.WRONG


@pytest.mark.parametrize(
    ("stated", "verdict"), [(456, Verdict.RIGHT), (457, Verdict.WRONG), (156, Verdict.WRONG)]
)
def test_the_verdict_follows_the_statement(stated, verdict):
    claim = replace(claims()["notes-why-156"], states=Quantity(stated, "parameter"))
    assert claim.verdict is verdict


@every_claim
def test_a_quote_is_short(claim):
    assert len(claim.quote) <= 220


@every_audited_claim
def test_a_quote_stands_in_its_source_word_for_word(claim, request):
    folder = request.config.getoption("--texts")
    if folder is None:
        pytest.skip("--texts does not say where the audited texts are")
    [file] = folder.glob(f"{NUMBERED[claim.source.key]}_*.txt")
    assert _words(claim.quote) in _words(file.read_text(encoding="utf-8"))


@every_claim
def test_explanations_are_plain_sentences_and_type_no_result(claim):
    assert not claim.why or claim.explanation.text.endswith(".")
    by_hand = PLACE_OR_CITATION.sub("", claim.why)
    assert set(re.findall(r"\d{3,}", by_hand)) <= {"200"}  # the kernels of the question


@every_claim
def test_numbers_are_named_and_told_apart(claim):
    names = [number.name for number in claim.numbers]
    assert all(names)
    assert len(set(names)) == len(names)


def test_no_two_claims_quote_the_same_words_of_the_same_place():
    quoted = [(claim.source.key, claim.locator, claim.quote) for claim in claims().values()]
    assert len(set(quoted)) == len(quoted)


@pytest.mark.parametrize("source", NUMBERED)
def test_every_audited_text_has_claims(source):
    assert any(claim.source.key == source for claim in claims().values())


def test_the_ledger_brings_in_no_arrays_drawing_or_templates():
    code = (
        "import sys; from mkdocs_cnn.claims import claims; [c.verdict for c in claims().values()];"
        "print({'numpy', 'matplotlib', 'jinja2', 'mkdocs'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"


def test_naming_a_source_loads_no_claims():
    code = (
        "import sys, mkdocs_cnn.claims; from mkdocs_cnn.claims import sources; sources();"
        "print('mkdocs_cnn.book.claims.texts.part_5' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"


TEX = {
    **dict.fromkeys((r"\(", r"\)", r"\[", r"\]", "$"), ""),
    **{r"\times": "×", r"\approx": "≈", "^5": "⁵", "^9": "⁹"},
    **{r"\mathcal{J}": "J", r"\mathcal{L}": "L", r"\frac{1}{m}": "(1/m) "},
    **{r"\sum_{i=1}^m": "Σᵢ₌₁ᵐ ", r"\hat{y}": "ŷ", "^{(i)}": "⁽ⁱ⁾"},
}


def _words(text):
    """The text without its markup's marks, every white space one blank."""
    for mark, meaning in TEX.items():
        text = text.replace(mark, meaning)
    return " ".join(re.sub(r"[*`]", "", text).split())
