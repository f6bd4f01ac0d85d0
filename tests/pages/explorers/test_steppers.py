"""What holds of both explorers that go step by step: how they stand on a page."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

import mkdocs_cnn

STILLS = {"vectorised-image": "vectorised-image", "learned-kernel": "kernel-forms"}
PAGES = {"index.md": "# None\n"} | {
    f"{name}.md": f'# One\n\n{{{{ explorer("{name}") }}}}\n' for name in STILLS
}

browser = pytest.mark.browser
each = pytest.mark.parametrize(("name", "still"), STILLS.items())


@pytest.fixture(scope="module")
def address(built, served):
    return served(built[0], "/a/prefix/")


@pytest.fixture
def opened(watched, address):
    def visit(name, *, ready=".cnn-stepper", **options):
        return watched(f"{address}{name}/", ready=ready, **options)

    return visit


@each
def test_the_script_is_only_where_the_explorer_is(built, name, still):
    script = f'<script type="module" src="../assets/mkdocs_cnn/explorers/{name}.js"></script>'
    for page in STILLS:
        html = (built[0] / page / "index.html").read_text(encoding="utf-8")
        assert (script in html) == (page == name)


def test_the_scripts_are_in_the_site_as_they_are_in_the_package(built):
    sources = list((Path(mkdocs_cnn.__file__).parent / "pages" / "explorers").glob("*.js"))
    assert len(sources) >= 2
    for source in sources:
        published = built[0] / "assets/mkdocs_cnn/explorers" / source.name
        assert published.read_bytes() == source.read_bytes()


@browser
@each
def test_the_still_figure_is_there_without_scripts_and_on_paper(opened, name, still):
    image, stepper = f"#figure-{still} > img[src*=light]", ".cnn-stepper"
    bare = opened(name, java_script_enabled=False, ready=image)
    assert bare.locator(image).is_visible()
    assert bare.locator(stepper).count() == 0
    tab = opened(name)
    assert tab.locator(stepper).is_visible()
    assert not tab.locator(image).is_visible()
    tab.emulate_media(media="print")
    assert tab.locator(image).is_visible()
    assert not tab.locator(stepper).is_visible()


@browser
@each
def test_what_follows_hardly_moves_when_the_explorer_comes(opened, name, still):
    bottom = "() => document.querySelector('.cnn-explorer').getBoundingClientRect().bottom"
    empty = {"body": "", "content_type": "text/javascript"}
    for width in (360, 390, 1280, 1440):
        tab = opened(name, viewport={"width": width, "height": 844})
        after = tab.evaluate(bottom)
        tab.wait_for_load_state("networkidle")  # what is still on its way would fail
        tab.route(f"**/{name}.js", lambda route: route.fulfill(**empty))
        tab.reload()
        assert tab.locator(".cnn-stepper").count() == 0
        assert tab.evaluate(bottom) == pytest.approx(after, abs=24), width


@browser
@each
def test_numbers_in_the_caption_open(opened, name, still):
    tab = opened(name)
    number = tab.locator(f"#figure-{still} figcaption button").first
    number.click()
    assert tab.locator(f"#{number.get_attribute('popovertarget')}").is_visible()


@browser
@each
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(opened, name, still, scheme, width):
    tab = opened(name, viewport={"width": width, "height": 844}, color_scheme=scheme)
    tab.locator(".cnn-stepper__buttons button").last.click()
    found = Axe().run(tab, context=".cnn-explorer").response["violations"]
    assert [violation["id"] for violation in found] == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


@browser
@each
@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_it_does_not_start_by_itself(opened, name, still, motion):
    tab = opened(name, reduced_motion=motion)
    first = tab.get_by_role("status").inner_text()
    tab.clock.run_for(60_000)
    assert tab.get_by_role("status").inner_text() == first


@browser
@each
def test_it_stops_when_less_motion_is_asked_for(opened, name, still):
    tab = opened(name)
    tab.get_by_role("button", name="Play").click()
    second = tab.get_by_role("status").inner_text()
    tab.emulate_media(reduced_motion="reduce")
    tab.get_by_role("button", name="Play", exact=True).wait_for()
    tab.clock.run_for(60_000)
    assert tab.get_by_role("status").inner_text() == second


@browser
@each
def test_nothing_is_read_out_step_by_step_while_it_plays(opened, name, still):
    tab = opened(name)
    status = tab.get_by_role("status")
    for button, spoken in (("Play", "off"), ("Pause", "polite")):
        tab.get_by_role("button", name=button).click()
        assert status.get_attribute("aria-live") == spoken
