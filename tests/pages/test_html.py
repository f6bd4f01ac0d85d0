from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from bs4 import BeautifulSoup

from mkdocs_cnn import Conv2d, Linear, networks
from mkdocs_cnn.claims import claims
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.claims.source import Source, sources
from mkdocs_cnn.figures.rendering import Described
from mkdocs_cnn.layers import Shape
from mkdocs_cnn.pages import (
    claims as quotations,
)
from mkdocs_cnn.pages import (
    figures as pictures,
)
from mkdocs_cnn.pages import (
    html as render,
)
from mkdocs_cnn.pages import (
    mathematics as latex,
)
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.quantities.sentences import Words
from mkdocs_cnn.registry import UnknownNameError

LESSON = Conv2d(3, 6, kernel_size=5).on(3, 32, 32)
STRIDED = Conv2d(3, 6, kernel_size=5, stride=2, padding=2).on(3, 32, 32)
VILE = "<i>&\"'"  # what HTML must not take for markup
NAMED = (Quantity(2, symbol=VILE) * 3).named(VILE, symbol=VILE, unit=VILE)
SOURCE = Source("key", (f"{VILE}, A.",), 2020, VILE, VILE, f"https://a.example/?{VILE}")
CLAIM = Claim(
    "part-5-a-claim",
    VILE,
    VILE,
    judged=Verdict.NOT_SHOWN,
    why=f"{VILE} {{named}}",
    recomputed=lambda: {"named": NAMED},
)
DESCRIBED = Described(VILE, Words(f"{VILE} {{}}", 3), Words(f"{VILE} {{}}", 5), 0.5)


def show(number: Quantity, text: str = "") -> str:
    return render.number(number, text or plain(number.value), "cnn-1")


class Tags(HTMLParser):
    """Whether every element that is opened is closed, in order."""

    VOID = ("img", "br", "hr", "input", "meta", "link")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert all(re.fullmatch("[a-z-]+", name) for name, _ in attributes), attributes
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


RENDERED = {
    "number": lambda: render.number(NAMED, VILE, "cnn-1"),
    "derivation of a number": lambda: render.derivation(NAMED),
    "derivation with steps": lambda: render.derivation(STRIDED.dense.parameters),
    "derivation of what is given": lambda: render.derivation(Quantity(3)),
    "shape": lambda: render.shape(LESSON.output_shape, show),
    "text": lambda: render.text(Words(f"{VILE} {{}} {VILE}", 3), show),
    "formula": lambda: render.formula(LESSON.parameters),
    "worked convolution": lambda: render.worked(STRIDED, show),
    "worked dense layer": lambda: render.worked(Linear(3, 4).on(3), show),
    "table of layers": lambda: render.table(
        {VILE: LESSON}, list(render.COLUMNS), show, caption=VILE
    ),
    "table of cells": lambda: render.table({"a": [1, VILE, LESSON.macs]}, "123", show, caption=""),
    "figure": lambda: pictures.figure("bars", DESCRIBED, "../", show),
    "claim": lambda: quotations.claim(CLAIM, "Someone, section 1", show),
    "reference": lambda: quotations.reference(SOURCE, VILE, f"refs/{VILE}"),
    "reference without a page": lambda: quotations.reference(SOURCE, "", ""),
    "list of references": lambda: quotations.references([SOURCE, *sources().values()]),
    "mathematics in a line": lambda: latex.math_inline(r"\frac{a < b}{2}", "math", "math", None),
    "mathematics in a block": lambda: latex.math_block("a\n<\nb", "math", "math", {}, None),
} | {
    f"claim {name}": lambda claim=claim: quotations.claim(claim, "Someone", show)
    for name, claim in claims().items()
}


@pytest.mark.parametrize("rendered", RENDERED.values(), ids=RENDERED)
def test_everything_is_one_line_of_closed_elements_without_foreign_markup(
    rendered: Callable[[], str],
) -> None:
    html = rendered()
    assert "\n" not in html
    assert Tags(html).open == []
    assert "<i>" not in html.lower()
    assert "{{" not in html


# -- numbers


def test_a_number_is_a_button_that_says_its_value() -> None:
    assert render.number(Quantity(456), "456", "cnn-3") == (
        '<button type="button" class="cnn-number" popovertarget="cnn-3">'
        '<data class="quantity" value="456">456</data></button>'
    )


def test_numbers_are_found_again_in_a_page() -> None:
    html = f"a {render.number(Quantity(1), 'a < b', 'cnn-2')} b {show(Quantity(2))}"
    assert render.numbers_in(html) == [("cnn-2", "a < b"), ("cnn-1", "2")]


def test_marks_behind_a_number_stay_with_it() -> None:
    one, two = show(Quantity(1)), show(Quantity(2))
    kept = render.with_marks_kept(f"{one}, {two}). {one} and")
    together = '<span class="cnn-together">'
    assert kept == f"{together}{one},</span> {together}{two}).</span> {one} and"


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [(1, "weight", "weight"), (2, "weight", "weights"), (0, "MAC", "MACs"), (5, "", ""),
     (4, "byte/weight", "byte/weight"), (2, "class", "classes"), (2, "box", "boxes"),
     (2, "entry", "entries"), (2, "array", "arrays"), (2, "branch", "branches"),
     (2, "grey level", "grey levels"), (3, "weights", "weights"), (2, "px", "px"), (2, "%", "%"),
     (3, "ms", "ms"), (3, "s", "s"), (1, "entry", "entry"), (3, "GB", "GB")],
)  # fmt: skip
def test_units_agree_with_their_number(value: int, unit: str, words: str) -> None:
    assert render.units(Quantity(value, unit)) == words


def test_a_number_opens_to_its_name_formula_working_and_steps() -> None:
    html = render.with_id(render.derivation(STRIDED.outputs), "cnn-7")
    soup = BeautifulSoup(html, "html.parser")
    panel = soup.select_one("div#cnn-7[popover]")
    assert panel is not None
    assert panel["aria-label"] == "How 1,536 was made"
    assert panel.select_one(".cnn-derivation__name").get_text(" ") == "outputs 1,536"
    assert panel.select_one(".cnn-derivation__formula math") is not None
    assert panel.select_one(".cnn-derivation__worked").get_text() == "6 · 16 · 16 = 1,536"
    summaries = [summary.get_text() for summary in panel.select("details > summary")]
    assert summaries[0].startswith("output height")
    assert summaries[0].endswith("= 16")
    assert "⌊(32 + 2 · 2 − 5) / 2⌋ + 1 = 16" in panel.get_text()


def test_steps_that_read_alike_open_to_their_own_working() -> None:
    # By hand: 32 − 5 + 1 = 28 and 30 − 3 + 1 = 28, so that both have 6 · 28 · 28 outputs.
    for kernel_size, size, own, other in [(5, 32, "32 − 5", "30 − 3"), (3, 30, "30 − 3", "32 − 5")]:
        placed = Conv2d(3, 6, kernel_size=kernel_size).on(3, size, size)
        for number in (placed.outputs, placed.dense.weights):
            text = BeautifulSoup(render.derivation(number), "html.parser").get_text()
            assert f"{own} + 1 = 28" in text
            assert f"{other} + 1 = 28" not in text


def test_an_id_is_given_once_and_to_the_outermost_element() -> None:
    html = render.with_id(render.derivation(Quantity(3, unit=' role="x"')), "cnn-9")
    assert html.startswith('<div popover class="cnn-derivation" id="cnn-9" role="group" ')
    assert html.count("cnn-9") == 1


def test_a_number_that_was_given_says_so() -> None:
    assert "given, not computed" in render.derivation(Quantity(3))


@pytest.mark.parametrize(
    ("sizes", "text"),
    [((6, 28, 28), "28 × 28 × 6"), ((1, 10, 12), "10 × 12"), ((100,), "100"), ((1,), "1")],
)
def test_sizes_are_written_as_people_write_them(sizes: tuple[int, ...], text: str) -> None:
    shape = Shape(map(Quantity, sizes))
    assert BeautifulSoup(render.shape(shape, show), "html.parser").get_text() == text


# -- mathematics


def test_a_formula_is_mathml() -> None:
    html = render.formula(LESSON.parameters)
    assert html.startswith('<span class="cnn-math"><math')
    assert BeautifulSoup(html, "html.parser").select("math msub mi")


# -- worked examples and tables


def test_a_worked_example_goes_from_sizes_to_savings() -> None:
    soup = BeautifulSoup(render.worked(LESSON, show), "html.parser")
    lines = [item.get_text(" ", strip=True) for item in soup.select("li")]
    assert lines[0].startswith("Output height")
    assert lines[0].endswith("32 − 5 + 1 = 28")
    for working in [
        "(5 · 5 · 3 + 1) · 6 = 456",
        "= 352,800",
        "3,072 · 4,704 = 14,450,688",
        "= 40.96 times",
        "= 784 times",
    ]:
        assert any(line.endswith(working) for line in lines), working
    assert all(item.select(".cnn-worked__formula math") for item in soup.select("li"))


def test_a_table_has_a_heading_for_every_row_and_column() -> None:
    rows = {"ours": LESSON, "its dense layer": LESSON.dense}
    html = render.table(rows, ["weights", "output_shape"][:1], show, caption="Weights")
    soup = BeautifulSoup(html, "html.parser")
    assert [th.get_text() for th in soup.select('th[scope="col"]')] == ["Weights"]
    assert [th.get_text() for th in soup.select('th[scope="row"]')] == list(rows)
    assert [td.get_text() for td in soup.select("tbody td")] == ["450", "14,450,688"]
    assert soup.caption is not None
    assert all(th.get_text() for th in soup.select("th"))  # a heading may not be empty


def test_a_table_takes_numbers_shapes_and_words() -> None:
    html = render.table({"a": [LESSON.macs, LESSON.input_shape, "b"]}, "xyz", show, caption="")
    soup = BeautifulSoup(html, "html.parser")
    assert [td.get_text() for td in soup.select("tbody td")] == ["352,800", "32 × 32 × 3", "b"]
    assert soup.caption is None


def test_a_column_that_no_layer_has_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="no column named 'wieghts'; did you mean 'weights'"):
        render.table({"a": LESSON}, ["wieghts"], show, caption="")


@pytest.mark.parametrize("cells", [[], [1], [1, 2, 3]])
def test_a_row_has_a_cell_for_every_column(cells: list[int]) -> None:
    with pytest.raises(ValueError, match=f"row 'a' has {len(cells)} cells for 2 columns"):
        render.table({"a": cells}, ["x", "y"], show, caption="")


# -- what others say


def test_a_claim_shows_quote_verdict_recomputation_and_reason() -> None:
    soup = BeautifulSoup(quotations.claim(CLAIM, "Someone, section 1", show), "html.parser")
    assert soup.blockquote is not None
    assert soup.blockquote.p.get_text() == f"“{VILE}”"
    assert soup.cite.get_text() == "Someone, section 1"
    assert soup.select_one(".cnn-claim__verdict").get_text() == "not shown"
    assert soup.li.get_text() == f"{VILE}: 2 · 3 = 6"
    assert soup.select_one(".cnn-claim__why").get_text() == f"{VILE} 6"


@pytest.mark.parametrize(
    ("locator", "address", "html"),
    [
        ("", "", "Goodfellow et al. 2016"),
        ("section 9.2", "", "Goodfellow et al. 2016, section 9.2"),
        (
            "page 3",
            "r/#a",
            '<a class="cnn-reference" href="r/#a">Goodfellow et al. 2016</a>, page 3',
        ),
    ],
)
def test_a_reference_leads_to_the_list_where_there_is_one(
    locator: str, address: str, html: str
) -> None:
    assert quotations.reference(sources()["goodfellow-2016"], locator, address) == html


def test_every_reference_is_an_anchor() -> None:
    soup = BeautifulSoup(quotations.references(sources().values()), "html.parser")
    assert [item["id"] for item in soup.select("li")] == [f"ref-{key}" for key in sources()]
    assert "Goodfellow, Ian; Bengio, Yoshua; Courville, Aaron (2016). Deep Learning. " in (
        soup.get_text()
    )


# -- long derivations


def opened(number: Quantity) -> BeautifulSoup:
    return BeautifulSoup(render.derivation(number), "html.parser")


def test_the_steps_of_one_layer_unfold() -> None:
    found = opened(LESSON.macs)
    assert [step.get_text().split()[0] for step in found.select("details > summary")] == [
        "output",
        "output",
    ]
    assert not found.select("li")


def test_the_many_steps_of_a_network_are_listed_level_by_level() -> None:
    found = opened(networks["resnet50"].on().parts[4][1].parameters)  # its first stage
    assert not found.select("details, math")
    lines = [line.get_text(" ", strip=True) for line in found.select("li")]
    assert lines[0].startswith("0 58,112 + 16,896 = 75,008 body 4,096 + 128 + 36,864 ")
    assert lines[1] == "body 4,096 + 128 + 36,864 + 128 + 16,384 + 512 = 58,112"
    assert any(line.startswith("1 to 2, each 16,384 + 128 + 36,864 ") for line in lines)


@pytest.mark.parametrize("name", ["densenet121", "resnet152", "efficientnet_b0", "vgg19"])
def test_what_a_whole_network_opens_to_stays_short(name: str) -> None:
    placed = networks[name].on()
    for number in (placed.parameters, placed.macs, placed.receptive_field.size):
        assert len(opened(number).select("li")) <= max(render.MOST_STEPS, len(number.steps))
        assert len(render.derivation(number)) < 8000


def test_a_step_that_is_a_bare_number_is_not_listed() -> None:
    assert all(" = " in line.get_text() for line in opened(RF).select("li"))
    assert opened(RF).select("li")


RF = networks["resnet50"].on().receptive_field.size
