"""The built site in a real browser, at two widths, in both themes, with and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parent.parent
NAMES = sorted(path.stem for path in (ROOT / "docs").glob("*.md"))
URLS = ["" if name == "index" else f"{name}/" for name in NAMES]
PHONE, DESK = (390, 844), (1440, 900)
VIEWS = [(size, theme) for size in (PHONE, DESK) for theme in ("light", "dark")]
SCHEMES = {"light": "default", "dark": "slate"}
TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}
SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""
SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
  await Promise.all([...document.images].filter(image => image.offsetParent && !image.complete)
    .map(image => new Promise(done => image.onload = image.onerror = done)));
  await new Promise(requestAnimationFrame);
}"""


@pytest.fixture(scope="module")
def home(site_elsewhere: Path, served: Callable[..., str]) -> str:
    return served(site_elsewhere)


@pytest.fixture(scope="module")
def home_below_a_prefix(site_elsewhere: Path, served: Callable[..., str]) -> str:
    return served(site_elsewhere, "/book/")


@pytest.fixture(scope="module")
def homes(home: str, home_below_a_prefix: str) -> dict[int, str]:
    """Where the site stands, by width: on a phone alone on its host, at the desk below a prefix."""
    return {PHONE[0]: home, DESK[0]: home_below_a_prefix}


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    opened: list[BrowserContext] = []

    def context(size: tuple[int, int] = DESK, **settings: Any) -> BrowserContext:
        viewport: Any = {"width": size[0], "height": size[1]}
        opened.append(browser.new_context(viewport=viewport, **settings))
        opened[-1].set_default_timeout(5000)
        return opened[-1]

    yield context
    for context_ in opened:
        context_.close()


class Visit:
    """A page in the browser, and everything that went wrong on it."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page = context.new_page()
        self.wrong: list[str] = []
        self.requested: list[str] = []
        host = urlsplit(address).netloc
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on(
            "console",
            lambda said: said.type in ("error", "warning") and self.wrong.append(said.text),
        )
        self.page.on("request", lambda request: self._asks(request.url, host))
        self.page.on(
            "response",
            lambda answer: (
                answer.status >= 400 and self.wrong.append(f"{answer.status} {answer.url}")
            ),
        )
        self.page.add_init_script(SHIFTS)
        self.page.goto(address)

    def _asks(self, address: str, host: str) -> None:
        self.requested.append(address)
        if urlsplit(address).netloc not in (host, ""):
            self.wrong.append(f"asks another host: {address}")


# Axe looks at nothing within a closed popover, but walks through all of it: of `networks/` that is
# five sixths of the page. What might be named from elsewhere, by its id, stays.
CLOSED = "[popover]:not(:popover-open, :has([id]))"
SET_ASIDE = f"""() => {{
  window.aside = [...document.querySelectorAll("{CLOSED}")].map(panel => {{
    const within = new DocumentFragment();
    within.append(...panel.childNodes);
    return [panel, within];
  }});
}}"""
PUT_BACK = "() => window.aside.forEach(([panel, within]) => panel.append(within))"


def violations(page: Page, within: str = "html", *, contrast: bool = True) -> list[str]:
    """What axe finds. Contrast is most of its work, and a matter of the theme, not of the width."""
    page.evaluate(SET_ASIDE)
    options = {"rules": {"color-contrast": {"enabled": contrast}}}
    found = Axe().run(page, within, options).response["violations"]
    page.evaluate(PUT_BACK)
    return [
        f"{violation['id']}: {node['html']} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]


# -- every page


@dataclass(frozen=True)
class View:
    """A window of a width and a theme that has been to the site before."""

    width: int
    theme: str
    home: str
    context: BrowserContext


@pytest.fixture(scope="module", params=VIEWS, ids=lambda view: f"{view[0][0]}-{view[1]}")
def view(request: pytest.FixtureRequest, browser: Browser, homes: dict[int, str]) -> Iterator[View]:
    (width, height), theme = request.param
    viewport: Any = {"width": width, "height": height}
    context = browser.new_context(viewport=viewport, color_scheme=theme)
    # At the first visit Material finds out the theme late, and an image of the other may load.
    first = Visit(context, homes[width]).page
    first.wait_for_function("Object.keys(localStorage).some(key => key.endsWith('__palette'))")
    yield View(width, theme, homes[width], context)
    context.close()


@pytest.mark.parametrize("url", URLS, ids=NAMES)
def test_a_page_is_quiet_fits_and_is_accessible(view: View, url: str) -> None:
    visit = Visit(view.context, view.home + url)
    page = visit.page
    page.evaluate(SCROLL)
    other = ".light.svg" if view.theme == "dark" else ".dark.svg"
    assert visit.wrong == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("shifted") < 0.05
    assert page.evaluate(
        "[...document.images].every(image => !image.offsetParent || image.naturalWidth > 0)"
    )
    assert not [address for address in visit.requested if other in address]
    assert violations(page, contrast=view.width == DESK[0]) == []
    page.close()


def test_mathematics_is_displayed(contexts: Callable[..., BrowserContext], home: str) -> None:
    page = Visit(contexts(), home + "sparse-interactions/").page
    boxes = [math.bounding_box() for math in page.locator("article > * math:visible").all()]
    assert len(boxes) > 3
    assert all(box and box["width"] > 4 and box["height"] > 4 for box in boxes)
    # A formula that is laid out sets its subscripts smaller; one that is not, shows plain text.
    sizes = page.evaluate(
        "[...document.querySelectorAll('article math msub')].map(sub => [...sub.children]"
        ".map(part => parseFloat(getComputedStyle(part).fontSize)))"
    )
    assert sizes
    assert all(below < base for base, below in sizes)


# -- numbers


def number_on(page: Page, value: int) -> tuple[Locator, Locator]:
    """The first number of this value in the text, and what it opens to."""
    button = page.locator(f"article button.cnn-number:has(data[value='{value}'])").first
    return button, page.locator(f"[id='{button.get_attribute('popovertarget')}']")


def shows_working(panel: Locator) -> bool:
    box, view = panel.bounding_box(), panel.page.viewport_size
    assert box is not None
    assert view is not None
    assert panel.locator("> .cnn-derivation__worked").is_visible()
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    inside = 0 <= box["x"] <= box["x"] + box["width"] <= view["width"]
    return inside and 0 <= box["y"] <= box["y"] + box["height"] <= view["height"]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_number_opens_and_closes_by_keyboard(
    contexts: Callable[..., BrowserContext], home: str, scripts: bool
) -> None:
    page = Visit(contexts(java_script_enabled=scripts), home).page
    focused = page.locator("button.cnn-number:focus")
    for _ in range(60):
        page.keyboard.press("Tab")
        if focused.count():
            break
    panel = page.locator(f"[id='{focused.get_attribute('popovertarget')}']")
    assert not panel.is_visible()
    page.keyboard.press("Enter")
    assert shows_working(panel)
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert focused.get_attribute("popovertarget") == panel.get_attribute("id")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
def test_a_number_opens_by_mouse_and_closes_elsewhere(
    contexts: Callable[..., BrowserContext], home: str, size: tuple[int, int], scripts: bool
) -> None:
    page = Visit(contexts(size, java_script_enabled=scripts), home).page
    button, panel = number_on(page, 456)
    button.click()
    assert shows_working(panel)
    assert "(5 · 5 · 3 + 1) · 6 = 456" in panel.inner_text()
    page.locator("h1").click(position={"x": 2, "y": 2})
    assert not panel.is_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_number_opens_by_touch(
    contexts: Callable[..., BrowserContext], home: str, scripts: bool
) -> None:
    touch = {"has_touch": True, "is_mobile": True, "java_script_enabled": scripts}
    page = Visit(contexts(PHONE, **touch), home).page
    button, panel = number_on(page, 456)
    button.tap()
    assert shows_working(panel)


def test_a_step_opens_within_what_a_number_opens_to(
    contexts: Callable[..., BrowserContext], home: str
) -> None:
    page = Visit(contexts(), home).page
    button, panel = number_on(page, 14_450_688)
    button.click()
    step = panel.locator("> details").first
    assert not step.locator("> .cnn-derivation__worked").is_visible()
    step.locator("> summary").click()
    assert step.locator("> .cnn-derivation__worked").is_visible()


@pytest.mark.parametrize(("size", "theme"), VIEWS)
def test_what_a_number_opens_to_is_accessible_and_in_view(
    contexts: Callable[..., BrowserContext], home: str, size: tuple[int, int], theme: str
) -> None:
    page = Visit(contexts(size, color_scheme=theme), home + "sparse-or-shared/").page
    for place in ("td", "p"):
        button = page.locator(f"article {place} button.cnn-number:visible").last
        button.scroll_into_view_if_needed()
        button.focus()
        page.keyboard.press("Enter")
        panel = page.locator(f"[id='{button.get_attribute('popovertarget')}']")
        assert shows_working(panel)
        assert violations(page, ":popover-open") == []
        page.keyboard.press("Escape")


# -- figures


def displayed(page: Page) -> set[str]:
    """The themes of the images that are to be seen."""
    sources = page.eval_on_selector_all(
        ".cnn-figure img", "all => all.filter(one => one.offsetParent).map(one => one.src)"
    )
    return {source.partition("#only-")[2] for source in sources}


def offered(page: Page) -> list[str]:
    """The files that may be downloaded, as far as they are to be seen."""
    links = page.eval_on_selector_all(
        ".cnn-downloads a", "all => all.filter(one => one.offsetParent).map(one => one.href)"
    )
    return [link.rpartition("/")[2] for link in links]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["390", "1440"])
def test_the_theme_switch_swaps_the_figures_and_their_downloads(
    contexts: Callable[..., BrowserContext], home: str, size: tuple[int, int]
) -> None:
    visit = Visit(contexts(size, color_scheme="light"), home + "sparse-interactions/")
    page = visit.page
    page.evaluate(SCROLL)
    light = offered(page)
    assert len(light) == 3 * page.locator(".cnn-figure").count()
    assert all(".light." in name for name in light)
    assert displayed(page) == {"light"}
    assert not any(".dark.svg" in address for address in visit.requested)
    page.evaluate("scrollTo(0, 0)")
    page.locator("label[title='Switch to dark mode']").click()
    page.evaluate(SCROLL)
    assert displayed(page) == {"dark"}
    assert any(".dark.svg" in address for address in visit.requested)
    assert offered(page) == [name.replace(".light.", ".dark.") for name in light]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_paper_has_the_light_picture_and_dark_ink(
    contexts: Callable[..., BrowserContext], home: str, theme: str
) -> None:
    page = Visit(contexts(color_scheme=theme), home + "parameter-sharing/").page
    page.wait_for_selector(f"body[data-md-color-scheme={SCHEMES[theme]}]")
    page.emulate_media(media="print")
    assert displayed(page) == {"light"}
    on_white = "body { background: #fff !important }"
    page.add_style_tag(content=on_white)
    assert violations(page) == []


def test_a_link_keeps_its_underline_when_it_had_the_focus(
    contexts: Callable[..., BrowserContext], home: str
) -> None:
    page = Visit(contexts(), home).page
    line = "link => getComputedStyle(link).textDecorationLine"
    links = page.locator("article :is(p, td) a:not(.headerlink)").all()
    assert len(links) > 5
    for link in links:
        assert link.evaluate(line) == "underline"
        link.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        assert link.evaluate("link => link.matches('.focus-visible:focus')")
        page.keyboard.press("Tab")
        assert link.evaluate(line) == "underline"


def test_without_scripts_figures_show_one_theme_and_numbers_are_readable(
    contexts: Callable[..., BrowserContext], home: str
) -> None:
    page = Visit(contexts(java_script_enabled=False), home).page
    assert displayed(page) == {"light"}
    assert number_on(page, 14_450_688)[0].inner_text() == "14,450,688"
    assert not page.locator("[popover]:visible").count()


def test_every_download_answers_with_its_type(
    contexts: Callable[..., BrowserContext], home: str
) -> None:
    page = Visit(contexts(), home + "figures/").page
    links = page.eval_on_selector_all("a[download]", "all => all.map(link => link.href)")
    assert len(links) >= 6 * page.locator(".cnn-figure").count() > 0
    for link in links:
        answer = page.request.get(link)
        assert answer.status == 200, link
        assert answer.headers["content-type"] == TYPES[link.rpartition(".")[2]]


def test_a_download_is_saved_under_its_name(
    contexts: Callable[..., BrowserContext], home: str
) -> None:
    page = Visit(contexts(), home + "figures/").page
    link = page.locator("a[download]:visible").first
    with page.expect_download() as download:
        link.click()
    address = str(link.get_attribute("href"))
    assert download.value.suggested_filename == address.rpartition("/")[2]


# -- networks


@pytest.fixture
def networks_page(contexts: Callable[..., BrowserContext], home: str) -> Callable[..., Page]:
    def opened(size: tuple[int, int], **settings: Any) -> Page:
        return Visit(contexts(size, **settings), home + "networks/").page

    return opened


def names(page: Page) -> list[str]:
    rows = page.locator("cnn-sortable-table tbody tr:visible th a")
    return [text.strip() for text in rows.all_inner_texts()]


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_networks_are_sorted_and_found(
    networks_page: Callable[..., Page], size: tuple[int, int]
) -> None:
    page = networks_page(size)
    page.locator("cnn-sortable-table").get_by_role("button", name="MACs", exact=True).click()
    assert names(page)[:2] == ["VGG-19", "VGG-16"]
    assert names(page)[-1] == "LeNet-5"
    page.get_by_label("Find a network").fill("published resnet")
    assert names(page) == ["ResNet-152", "ResNet-101", "ResNet-50"]
    page.get_by_label("Find a network").press("Escape")
    assert len(names(page)) > 20


def test_a_total_opens_to_its_parts_after_sorting(networks_page: Callable[..., Page]) -> None:
    page = networks_page(PHONE)
    page.locator("cnn-sortable-table").get_by_role("button", name="Parameters", exact=True).click()
    page.locator('tr[data-keywords="resnet50"]').get_by_role("button", name="25,557,032").click()
    popover = page.locator(".cnn-derivation:popover-open")
    assert "9,408 + 128 + 215,808" in popover.inner_text()
    assert "layer1 75,008 + 2 · 70,400 = 215,808" in popover.inner_text()


def test_a_row_leads_to_its_layers_and_unfolds_them(networks_page: Callable[..., Page]) -> None:
    page = networks_page(DESK)
    layers = page.locator("#network-vgg16")
    assert not layers.is_visible()
    page.locator('tr[data-keywords="vgg16"] th a').click()
    layers.wait_for(state="visible")
    row = layers.get_by_role("row").filter(has_text="conv1_2")
    assert row.get_by_role("cell").all_inner_texts()[1:3] == ["36,928", "1,849,688,064"]


def test_an_unfolded_table_is_accessible_and_fits(view: View) -> None:
    page = Visit(view.context, view.home + "networks/#network-resnet50").page
    page.locator("#network-resnet50").wait_for(state="visible")
    assert violations(page, contrast=view.width == DESK[0]) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_the_networks_are_a_plain_table_that_unfolds(
    networks_page: Callable[..., Page],
) -> None:
    page = networks_page(PHONE, java_script_enabled=False)
    assert page.get_by_label("Find a network").count() == 0
    assert len(names(page)) > 20
    page.get_by_text("VGG-11", exact=True).last.click()
    assert page.locator("#network-vgg11").is_visible()
