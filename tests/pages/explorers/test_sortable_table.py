"""The table that sorts: what a reader can do with it, and what is there without scripts."""

import shutil
from html import escape
from pathlib import Path

import material
import pytest
from axe_playwright_python.sync_playwright import Axe

import mkdocs_cnn
from mkdocs_cnn.pages.html import number
from mkdocs_cnn.quantities.quantity import quantity

pytestmark = pytest.mark.browser

PACKAGE = Path(mkdocs_cnn.__file__).parent / "pages"
THEME = Path(material.__file__).parent / "templates/assets/stylesheets"

# Two counts that are the same number to a browser that does not count exactly, two that are the
# same, one unknown; texts with and without accents, and a name that is too long for a phone.
BIG = 2**53
COLUMNS = ["Network", "Author", "Input", "Parameters", "MACs", "Top-1 error", "Year"]
ROWS = [
    ("ResNet-101", "Kaiming He", (224, 224, 3), 44_549_160, 7_801_405_440, "22.6", 2016),
    ("AlexNet", "Alex Krizhevsky", (227, 227, 3), 62_378_344, BIG, "–", 2012),
    ("ResNet-50", "Kaiming He", (224, 224, 3), 25_557_032, 4_089_184_256, "23.9", 2016),
    ("Électron", "Zoë Ångström", (32, 32, 1), 61_706, BIG + 1, "9.7", 1998),
    ("LeNet-5", "Yann LeCun", (32, 32, 1), 61_706, 416_520, "", 1998),
    ("Counterrevolutionarynet v2", "M. Sandler", (96, 96, 3), None, 300_774_272, "28.1", 2018),
]
KEYWORDS = {"LeNet-5": "digits MNIST"}
NAMES = [row[0] for row in ROWS]
CAPTION = "Six networks and what they cost"


class Numbers:
    """Writes numbers that open, and keeps what they open to."""

    def __init__(self):
        self.derivations = []

    def __call__(self, value):
        id_ = f"cnn-{len(self.derivations) + 1}"
        panel = f'<div popover class="cnn-derivation" id="{id_}"><p>{value:,} was given</p></div>'
        self.derivations.append(panel)
        return number(quantity(value), f"{value:,}", id_)


def cells(row, show):
    name, author, sizes, parameters, macs, error, year = row
    yield f'<th scope="row">{name}</th>'
    yield f'<td data-sort="{escape(author.split()[-1])}">{author}</td>'
    yield f"<td>{' × '.join(map(show, sizes))}</td>"
    yield f"<td>{show(parameters) if parameters else '–'}</td>"
    yield f"<td>{show(macs)}</td>"
    yield f"<td>{error}</td>"
    yield f"<td>{year}</td>"


def wide_table(show):
    head = "".join(f'<th scope="col">{column}</th>' for column in COLUMNS)
    body = "".join(
        f'<tr data-keywords="{KEYWORDS.get(row[0], "")}">{"".join(cells(row, show))}</tr>'
        for row in ROWS
    )
    return (
        f'<div class="cnn-table-frame"><table class="cnn-table cnn-table--wide">'
        f"<caption>{CAPTION}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


NARROW = (
    '<div class="cnn-table-frame"><table class="cnn-table cnn-table--wide"><thead>'
    '<tr><td></td><th scope="col">Seats</th></tr></thead><tbody>'
    '<tr><th scope="row">hall</th><td>9</td></tr><tr><th scope="row">attic</th><td>10</td></tr>'
    "</tbody></table></div>"
)


def page(body, scheme, numbers=()):
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tables</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="main.css">'
        '<link rel="stylesheet" href="palette.css"><link rel="stylesheet" href="mkdocs_cnn.css">'
        f'</head><body data-md-color-scheme="{scheme}"><main class="md-main">'
        '<article class="md-content__inner md-typeset"><h1>Tables</h1>'
        f'{body}<p id="after">What follows.</p></article></main>{"".join(numbers)}'
        '<script type="module" src="sortable-table.js"></script></body></html>'
    )


def sortable(table, label):
    return f'<cnn-sortable-table filter-label="{label}">{table}</cnn-sortable-table>'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pages in both themes, with the style sheets of package and theme."""
    folder = tmp_path_factory.mktemp("pages")
    for name in ("main", "palette"):
        (source,) = THEME.glob(f"{name}.*.min.css")
        shutil.copy(source, folder / f"{name}.css")
    for source in (PACKAGE / "assets/mkdocs_cnn.css", *(PACKAGE / "explorers").glob("*.js")):
        shutil.copy(source, folder)
    for scheme in ("default", "slate"):
        numbers = Numbers()
        wide = sortable(wide_table(numbers), "Find a network")
        (folder / f"{scheme}.html").write_text(
            page(wide, scheme, numbers.derivations), encoding="utf-8"
        )
    two = sortable(NARROW, "Find a room") + sortable(NARROW, "Find another")
    (folder / "two.html").write_text(page(two, "default"), encoding="utf-8")
    (folder / "bare.html").write_text(page(wide_table(str), "default"), encoding="utf-8")
    return folder


@pytest.fixture
def opened(watched, served, folder):
    address = served(folder, "/a/prefix/")

    def visit(name="default", width=390, *, ready=".cnn-table-filter", **options):
        viewport = {"width": width, "height": 844}
        page = f"{address}{name}.html"
        return watched(page, ready=ready, clock=False, viewport=viewport, **options)

    return visit


def names(tab):
    """The rows that are to be seen, from top to bottom."""
    return tab.locator("tbody th:visible").all_inner_texts()


def heading(tab, column):
    return tab.get_by_role("columnheader", name=column, exact=True)


def sort(tab, column):
    heading(tab, column).get_by_role("button").click()


def sorts(tab):
    """The columns that say they are sorted."""
    by = "all => all.map(th => [th.textContent, th.getAttribute('aria-sort')])"
    return dict(tab.locator("[aria-sort]").evaluate_all(by))


def status(tab):
    return tab.get_by_role("status").inner_text()


def field(tab):
    return tab.get_by_role("searchbox", name="Find a network")


# -- sorting

RESNETS, ELECTRON, COUNTER = ["ResNet-101", "ResNet-50"], "Électron", "Counterrevolutionarynet v2"
# By hand: what the first and the second click on a heading make of the rows.
ORDERS = {
    "Network": (
        "ascending",
        ["AlexNet", COUNTER, ELECTRON, "LeNet-5", "ResNet-50", "ResNet-101"],
        ["ResNet-101", "ResNet-50", "LeNet-5", ELECTRON, COUNTER, "AlexNet"],
    ),
    "Author": (  # by family name, as data-sort gives it
        "ascending",
        [ELECTRON, *RESNETS, "AlexNet", "LeNet-5", COUNTER],
        [COUNTER, "LeNet-5", "AlexNet", *RESNETS, ELECTRON],
    ),
    "Input": (
        "descending",
        ["AlexNet", *RESNETS, COUNTER, ELECTRON, "LeNet-5"],
        [ELECTRON, "LeNet-5", COUNTER, *RESNETS, "AlexNet"],
    ),
    "Parameters": (
        "descending",
        ["AlexNet", *RESNETS, ELECTRON, "LeNet-5", COUNTER],
        [ELECTRON, "LeNet-5", "ResNet-50", "ResNet-101", "AlexNet", COUNTER],
    ),
    "MACs": (
        "descending",
        [ELECTRON, "AlexNet", *RESNETS, COUNTER, "LeNet-5"],
        ["LeNet-5", COUNTER, "ResNet-50", "ResNet-101", "AlexNet", ELECTRON],
    ),
    "Top-1 error": (
        "descending",
        [COUNTER, "ResNet-50", "ResNet-101", ELECTRON, "AlexNet", "LeNet-5"],
        [ELECTRON, "ResNet-101", "ResNet-50", COUNTER, "AlexNet", "LeNet-5"],
    ),
    "Year": (
        "descending",
        [COUNTER, *RESNETS, "AlexNet", ELECTRON, "LeNet-5"],
        [ELECTRON, "LeNet-5", "AlexNet", *RESNETS, COUNTER],
    ),
}
OTHER = {"ascending": "descending", "descending": "ascending"}


@pytest.mark.parametrize("column", COLUMNS)
def test_a_heading_sorts_one_way_then_the_other_then_not(opened, column):
    tab = opened()
    direction, first, second = ORDERS[column]
    sort(tab, column)
    assert (names(tab), sorts(tab)) == (first, {column: direction})
    sort(tab, column)
    assert (names(tab), sorts(tab)) == (second, {column: OTHER[direction]})
    sort(tab, column)
    assert (names(tab), sorts(tab)) == (NAMES, {})


def test_another_heading_starts_afresh_from_the_order_of_the_author(opened):
    tab = opened()
    sort(tab, "Network")
    sort(tab, "Year")
    assert names(tab) == ORDERS["Year"][1]
    assert sorts(tab) == {"Year": "descending"}


def test_rows_move_whole(opened):
    tab = opened()
    before = {text.split("\t")[0]: text for text in tab.locator("tbody tr").all_inner_texts()}
    sort(tab, "MACs")
    for name, text in zip(
        ORDERS["MACs"][1], tab.locator("tbody tr").all_inner_texts(), strict=True
    ):
        assert text == before[name]


def test_an_arrow_shows_the_order_and_is_not_read_out(opened):
    tab = opened()
    button = heading(tab, "MACs").get_by_role("button")
    arrow = "e => getComputedStyle(e, '::before').content"
    shown = [button.evaluate(arrow)]
    for _ in range(2):
        button.click()
        shown.append(button.evaluate(arrow))
    assert shown == [f'"{arrow}\xa0" / ""' for arrow in "↕↓↑"]
    assert 'button "MACs"' in tab.locator("thead").aria_snapshot()


def test_headings_work_by_keyboard_and_keep_the_focus(opened):
    tab = opened()
    field(tab).focus()
    tab.keyboard.press("Tab")  # the frame, which scrolls
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    assert names(tab) == ORDERS["Network"][1]
    tab.keyboard.press("Space")
    assert names(tab) == ORDERS["Network"][2]
    assert tab.evaluate("document.activeElement.textContent") == "Network"


@pytest.mark.parametrize("width", [390, 1280])
def test_numbers_open_before_and_after_sorting_and_finding(opened, width):
    tab = opened(width=width)
    sort(tab, "MACs")
    field(tab).fill("electron")
    button = tab.get_by_role("button", name=f"{BIG + 1:,}", exact=True)
    panel = tab.locator(f"#{button.get_attribute('popovertarget')}")
    assert not panel.is_visible()
    button.click()
    assert panel.is_visible()
    assert panel.inner_text() == f"{BIG + 1:,} was given"


def test_a_first_heading_may_be_an_empty_cell(opened):
    tab = opened("two")
    first, second = tab.locator("cnn-sortable-table").all()
    assert first.locator("thead").get_by_role("button").all_inner_texts() == ["Seats"]
    first.get_by_role("button", name="Seats").click()
    assert first.locator("tbody th").all_inner_texts() == ["attic", "hall"]
    assert second.locator("tbody th").all_inner_texts() == ["hall", "attic"]


# -- finding


def test_what_is_typed_leaves_the_rows_that_contain_it(opened):
    tab = opened()
    assert status(tab) == "6 of 6 rows"
    for typed, left in {
        "res": RESNETS,
        "net": [],  # words are found by how they begin
        "50": ["ResNet-50"],
        "HE resnet": RESNETS,
        "electron": [ELECTRON],
        "angstrom": [ELECTRON],
        "mnist": ["LeNet-5"],  # a keyword, which is not to be seen
        "62,378": [],  # and rows by their words, not by their numbers
        "5Yann": [],  # no word runs on from one cell to the next
    }.items():
        field(tab).fill(typed)
        assert names(tab) == left
        assert status(tab) == (f"{len(left)} of 6 rows" if left else f"no row contains “{typed}”")


def test_escape_clears_what_is_typed(opened):
    tab = opened()
    field(tab).press_sequentially("vgg")
    assert names(tab) == []
    field(tab).press("Escape")
    assert field(tab).input_value() == ""
    assert (names(tab), status(tab)) == (NAMES, "6 of 6 rows")


def test_what_is_left_out_is_sorted_too(opened):
    tab = opened()
    field(tab).fill("resnet")
    sort(tab, "Network")
    assert names(tab) == ["ResNet-50", "ResNet-101"]
    field(tab).fill("")
    assert names(tab) == ORDERS["Network"][1]


def test_the_status_is_announced_politely(opened):
    tab = opened()
    assert tab.get_by_role("status").get_attribute("aria-live") in (None, "polite")
    assert tab.get_by_label("Find a network").get_attribute("type") == "search"


# -- without scripts, and on paper


def test_without_scripts_the_plain_table_is_there_and_scrolls(opened):
    tab = opened(java_script_enabled=False, ready="table")
    assert names(tab) == NAMES
    assert not tab.locator(".cnn-table-filter, .cnn-table__sort").count()
    assert tab.locator("thead th").all_inner_texts() == COLUMNS
    assert stays(tab)


def test_a_table_needs_no_element_around_it_to_scroll(opened):
    assert stays(opened("bare", ready="table"))


def test_on_paper_the_table_is_plain_and_whole(opened):
    tab = opened()
    field(tab).fill("resnet")
    sort(tab, "Year")
    tab.emulate_media(media="print")
    assert sorted(names(tab)) == sorted(NAMES)
    assert not tab.locator(".cnn-table-filter").is_visible()
    shown = "all => all.filter(e => getComputedStyle(e, '::before').display != 'none').length"
    assert tab.locator(".cnn-table__sort").evaluate_all(shown) == 0
    assert (
        tab.locator(".cnn-table-frame").evaluate("e => getComputedStyle(e).overflowX") == "visible"
    )


# -- the looks


def stays(tab):
    """Whether the first column stays at the left, opaque, while the others pass below it."""
    scroll = "frame => { frame.scrollLeft = 150; return frame.scrollLeft; }"
    frame = tab.locator(".cnn-table-frame")
    name, author = tab.locator("tbody tr").first.locator("th, td").all()[:2]
    before = author.bounding_box()["x"]
    assert frame.evaluate(scroll) == 150
    assert author.bounding_box()["x"] == before - 150
    alpha = "e => getComputedStyle(e).backgroundColor.startsWith('rgb(')"
    return name.bounding_box()["x"] == frame.bounding_box()["x"] and name.evaluate(alpha)


@pytest.mark.parametrize("scheme", ["default", "slate"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(opened, scheme, width):
    tab = opened(scheme, width)
    for typed in ("", "nowhere", "resnet"):
        field(tab).fill(typed)
        sort(tab, "Network")
        found = Axe().run(tab, context="cnn-sortable-table").response["violations"]
        assert [violation["id"] for violation in found] == []
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_on_a_phone_the_first_column_stays_and_takes_two_fifths_at_most(opened, scheme):
    tab = opened(scheme)
    frame = tab.locator(".cnn-table-frame").bounding_box()["width"]
    column = tab.locator("tbody th").first.bounding_box()["width"]
    assert 80 < column <= 0.4 * frame
    assert stays(tab)


# How far a pixel of a picture is from white, of 255.
DARKNESS = """async ([bytes, x]) => {
  const image = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
  const brush = new OffscreenCanvas(image.width, image.height).getContext("2d");
  brush.drawImage(image, 0, 0);
  return 255 - brush.getImageData(x, image.height >> 1, 1, 1).data[0];
}"""


def scrolled(tab, way):
    """The frame, scrolled that far and without its words."""
    tab.add_style_tag(content="table * { color: transparent !important; text-decoration: none }")
    frame = tab.locator(".cnn-table-frame")
    frame.evaluate("(frame, way) => { frame.scrollLeft = way; }", way)
    return frame


def darkness(frame, x):
    return frame.evaluate(f"(_, given) => ({DARKNESS})(given)", [list(frame.screenshot()), x])


def test_a_shade_marks_the_edge_until_the_end_is_reached(opened):
    tab = opened()
    right = int(tab.locator(".cnn-table-frame").bounding_box()["width"]) - 2
    assert darkness(scrolled(tab, 0), right) > 60
    assert darkness(scrolled(tab, 9999), right) < 3


@pytest.mark.parametrize("way", [0, 150])
def test_a_line_marks_below_what_the_other_columns_go(opened, way):
    tab = opened()
    column = int(tab.locator("tbody th").first.bounding_box()["width"])
    frame = scrolled(tab, way)
    assert max(darkness(frame, column - 1), darkness(frame, column)) > 30
    assert darkness(frame, column - 4) == 0


def test_the_caption_can_be_read_wherever_the_frame_is(opened):
    tab = opened()
    frame, caption = tab.locator(".cnn-table-frame"), tab.locator("caption")
    before = caption.bounding_box()
    frame.evaluate("frame => { frame.scrollLeft = 150; }")
    assert caption.bounding_box() == before
    assert before["width"] == frame.bounding_box()["width"]


def test_what_has_the_focus_is_not_below_the_first_column(opened):
    tab = opened()
    frame = tab.locator(".cnn-table-frame")
    frame.evaluate("frame => { frame.scrollLeft = 9999; }")
    for button in tab.locator("tbody tr").first.get_by_role("button").all():
        button.focus()
        column = tab.locator("tbody th").first.bounding_box()
        assert button.bounding_box()["x"] >= column["x"] + column["width"]


def test_sizes_stand_on_one_line(opened):
    tab = opened()
    size = tab.locator("tbody tr").first.locator("td").nth(1)
    tops = {button.bounding_box()["y"] for button in size.get_by_role("button").all()}
    assert len(tops) == 1


def test_headings_are_large_enough_for_a_finger(opened):
    for button in opened().locator(".cnn-table__sort").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 24


def test_numbers_stand_at_the_right_in_digits_of_one_width(opened):
    style = "e => [getComputedStyle(e).textAlign, getComputedStyle(e).fontVariantNumeric]"
    for cell in opened().locator("tbody td").all():
        assert cell.evaluate(style) == ["right", "tabular-nums"]


FRAME = "e => ['tabindex', 'role', 'aria-label'].map(name => e.getAttribute(name))"


def test_the_keyboard_reaches_the_frame_only_where_it_scrolls(opened):
    tab = opened()
    frame = tab.locator(".cnn-table-frame")
    assert frame.evaluate(FRAME) == ["0", "region", CAPTION]
    frame.focus()
    tab.keyboard.press("ArrowRight")
    tab.wait_for_function("document.querySelector('.cnn-table-frame').scrollLeft > 0")
    tab.set_viewport_size({"width": 1280, "height": 844})
    tab.wait_for_function("!document.querySelector('.cnn-table-frame').hasAttribute('role')")
    assert frame.evaluate(FRAME) == [None, None, None]
    narrow = opened("two").locator(".cnn-table-frame").first
    assert narrow.evaluate(FRAME) == [None, None, None]


@pytest.mark.parametrize("width", [390, 1280])
def test_what_follows_hardly_moves_when_the_controls_come(opened, width):
    tab = opened(width=width)
    top = "document.querySelector('#after').getBoundingClientRect().top"
    after = tab.evaluate(top)
    empty = {"body": "", "content_type": "text/javascript"}
    tab.route("**/sortable-table.js", lambda route: route.fulfill(**empty))
    tab.reload()
    assert not tab.locator(".cnn-table-filter").count()
    assert tab.evaluate(top) == pytest.approx(after, abs=4)
