"""The explorer "vectorised-image": what it writes, and what a reader can do with it."""

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

import mkdocs_cnn
from mkdocs_cnn.arrays.matrix import NO_WEIGHT, weight_identity
from mkdocs_cnn.figures.declaration import declared
from mkdocs_cnn.figures.parts.stage import weight_colours, weight_names
from mkdocs_cnn.figures.style import MEDIA, THEMES, Look
from mkdocs_cnn.layers import Conv2d
from mkdocs_cnn.pages.vocabulary import EXPLORERS

NAME = "vectorised-image"
LAYER = Conv2d(1, 1, kernel_size=2).on(1, 3, 3)
LAYERS = {"own weights": LAYER.unshared, "shared weights": LAYER}
UNITS = range(int(LAYER.outputs))
PREFIX = "/a/prefix/"

CONFIG = """
site_name: Explorers
theme:
  name: material
  font: false
  palette:
    - {media: "(prefers-color-scheme: light)", scheme: default}
    - {media: "(prefers-color-scheme: dark)", scheme: slate}
plugins:
  - macros: {modules: [mkdocs_cnn.macros], on_undefined: strict}
"""
PAGES = {
    "index.md": f'# One\n\n{{{{ explorer("{NAME}") }}}}\n',
    "two.md": f"# Two\n\n{{{{ figure('{NAME}') }}}}\n\n"
    f'{{{{ explorer("{NAME}", id="one", size=4) }}}}\n\n'
    f'{{{{ explorer("{NAME}", id="other", size=4) }}}}\n',
    "wrong.md": '# Wrong\n\n{{ explorer("vectorized-image") }}\n',
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A built site, and what the build said."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "docs").mkdir()
    (folder / "mkdocs.yml").write_text(CONFIG, encoding="utf-8")
    for page, text in PAGES.items():
        (folder / "docs" / page).write_text(text, encoding="utf-8")
    build = [sys.executable, "-m", "mkdocs", "build"]
    said = subprocess.run(build, cwd=folder, capture_output=True, text=True, check=True)
    return folder / "site", said.stderr


@pytest.fixture(scope="module")
def site(built):
    return built[0]


def line_of(site, page, needle):
    html = (site / page).read_text(encoding="utf-8")
    (line,) = (line for line in html.splitlines() if needle in line)
    return line


# -- what the macro writes


def test_the_element_wraps_the_figure_in_one_line(site):
    figure = line_of(site, "two/index.html", f'id="figure-{NAME}"').replace("../", "./")
    plain = figure.partition("<figcaption>")[0]
    assert line_of(site, "index.html", '<div class="cnn-explorer">').startswith(
        f'<div class="cnn-explorer"><cnn-{NAME} size="3" kernel-size="2">{plain}<figcaption>'
    )


def test_the_script_is_only_where_an_explorer_is(site):
    script = f'<script type="module" src="{{}}assets/mkdocs_cnn/explorers/{NAME}.js"></script>'
    assert script.format("./") in (site / "index.html").read_text(encoding="utf-8")
    assert script.format("../") in (site / "two/index.html").read_text(encoding="utf-8")
    assert f"{NAME}.js" not in (site / "wrong/index.html").read_text(encoding="utf-8")


def test_the_scripts_are_in_the_site_as_they_are_in_the_package(site):
    sources = list((Path(mkdocs_cnn.__file__).parent / "pages" / "explorers").glob("*.js"))
    assert len(sources) >= 2
    for source in sources:
        published = site / "assets/mkdocs_cnn/explorers" / source.name
        assert published.read_bytes() == source.read_bytes()


def test_a_misspelt_explorer_meets_its_neighbour(built):
    site, said = built
    wrong = "explorer: no explorer named 'vectorized-image'; did you mean 'vectorised-image'?"
    assert f"wrong.md:3: {wrong}" in said
    assert "mkdocs-cnn-error" in (site / "wrong/index.html").read_text(encoding="utf-8")


def test_explorer_and_figure_have_the_same_parameters():
    for name, parameters in EXPLORERS.items():
        assert parameters == declared(name).parameters


def test_the_colours_are_those_of_the_figures():
    css = (Path(mkdocs_cnn.__file__).parent / "pages/assets/mkdocs_cnn.css").read_text(
        encoding="utf-8"
    )
    blocks = css.partition("/* Explorers")[2].split("}")
    for block, (theme, palette) in zip(blocks, THEMES.items(), strict=False):
        told = dict(line.strip(" ;").split(": ") for line in block.splitlines() if "--cnn" in line)
        ramp = weight_colours(Look(palette, MEDIA["page"], wide=False), 4)
        assert [told[f"--cnn-ramp-{n}"] for n in range(4)] == ramp, theme
        for name in ("ink", "muted", "faint", "dense", "sparse", "shared"):
            assert told[f"--cnn-{name}"] == getattr(palette, name), (theme, name)
        assert told["--cnn-sheet"].ljust(7, "f") == palette.surface


# -- what a reader can do


@pytest.fixture(scope="module")
def address(site, served):
    return served(site, PREFIX)


@pytest.fixture
def opened(browser, address):
    """Opens a page of the site; in the end no page may have complained or called out."""
    contexts, complaints = [], []

    def visit(page="", *, ready=".cnn-stepper", **options):
        context = browser.new_context(**{"viewport": {"width": 390, "height": 844}, **options})
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: complaints.append(message.text))
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("requestfailed", lambda request: complaints.append(request.url))
        tab.on("request", lambda request: complaints.extend(foreign(request.url)))
        tab.set_default_timeout(5000)
        tab.clock.install()
        tab.goto(address + page)
        tab.wait_for_selector(ready, state="attached")
        return tab

    def foreign(url):
        return [] if urlsplit(url).hostname in {"127.0.0.1", None} else [url]

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


browser = pytest.mark.browser


def press(part, *names):
    for name in names:
        part.get_by_role("button", name=name).click(force=True)  # also where it does nothing


def sentence(tab):
    return tab.get_by_role("status").first.inner_text()


def unit(tab):
    return int(sentence(tab).split()[1].removeprefix("f")) - 1


def tally(tab):
    return [int(count) for count in tab.locator(".cnn-stepper__tally dd").all_inner_texts()]


def matrix(tab):
    """The letters in the rows that are filled."""
    rows = tab.locator(".cnn-stepper__row:not([data-turn=future])").all()
    return [row.locator(".cnn-stepper__tile text").all_text_contents() for row in rows]


def letters(layer):
    names = weight_names(int(layer.weights))
    return [[names[w] for w in row if w != NO_WEIGHT] for row in weight_identity(layer)]


@browser
@pytest.mark.parametrize("choice", LAYERS)
def test_every_step_says_and_shows_what_the_package_computes(opened, choice):
    tab = opened()
    tab.get_by_label(choice).check()
    wanted, dense = letters(LAYERS[choice]), int(LAYER.inputs)
    reads = [[i + 1 for i, w in enumerate(row) if w != NO_WEIGHT] for row in weight_identity(LAYER)]
    for n in UNITS:
        pixels, weights = ", ".join(map(str, reads[n])), ", ".join(wanted[n])
        start = f"Unit f{n + 1} reads pixels {pixels} with weights {weights}: "
        assert sentence(tab).startswith(start)
        assert matrix(tab) == wanted[: n + 1]
        assert tally(tab) == [dense * (n + 1), 4 * (n + 1), 4]
        press(tab, "Next")
    assert tally(tab) == [LAYER.dense.weights, LAYER.unshared.weights, LAYER.weights]


@browser
def test_the_sentence_says_whose_the_weights_are(opened):
    tab = opened()
    assert sentence(tab).endswith(": the same four weights as every unit.")
    tab.get_by_label("own weights").check()
    assert sentence(tab).endswith(": its own, which no other unit uses.")


@browser
def test_buttons_and_arrows_go_forth_and_back_and_stop_at_the_ends(opened):
    tab = opened()
    press(tab, "Previous")
    assert unit(tab) == 0
    press(tab, "Next", "Next", "Previous")
    assert unit(tab) == 1
    for _ in UNITS:
        tab.keyboard.press("ArrowRight")
    assert unit(tab) == UNITS[-1]
    assert tab.get_by_role("button", name="Next").get_attribute("aria-disabled") == "true"
    tab.keyboard.press("ArrowLeft")
    assert unit(tab) == UNITS[-2]


@browser
def test_arrows_on_the_switch_move_the_switch(opened):
    tab = opened()
    tab.get_by_label("shared weights").focus()
    tab.keyboard.press("ArrowLeft")
    assert tab.get_by_label("own weights").is_checked()
    assert unit(tab) == 0


@browser
def test_play_runs_to_the_last_unit_and_may_be_paused(opened):
    tab = opened()
    press(tab, "Play")
    assert unit(tab) == 1
    press(tab, "Pause")
    tab.clock.run_for(60_000)
    assert unit(tab) == 1
    press(tab, "Play")
    tab.clock.run_for(60_000)
    assert unit(tab) == UNITS[-1]
    press(tab, "Play")  # once more, from the start
    assert unit(tab) == 0
    press(tab, "Next")  # the reader takes over
    tab.clock.run_for(60_000)
    assert unit(tab) == 1


@browser
def test_who_wants_less_motion_gets_slower_steps_and_no_transitions(opened):
    units = {}
    for motion in ("no-preference", "reduce"):
        tab = opened(reduced_motion=motion)
        press(tab, "Play")
        tab.clock.run_for(3000)
        moves = "(e) => [getComputedStyle(e).transitionDuration, document.getAnimations().length]"
        units[motion] = unit(tab), tab.locator(".cnn-stepper__window").evaluate(moves)[0]
    assert units == {"no-preference": (2, "0.4s"), "reduce": (1, "0s")}


@browser
def test_the_still_figure_is_there_without_scripts_and_on_paper(opened):
    still, stepper = f"#figure-{NAME} > img[src*=light]", ".cnn-stepper"
    bare = opened(java_script_enabled=False, ready=still)
    assert bare.locator(still).is_visible()
    assert bare.locator(stepper).count() == 0
    tab = opened()
    assert tab.locator(stepper).is_visible()
    assert not tab.locator(still).is_visible()
    tab.emulate_media(media="print")
    assert tab.locator(still).is_visible()
    assert not tab.locator(stepper).is_visible()


@browser
def test_what_follows_hardly_moves_when_the_explorer_comes(opened):
    bottom = "() => document.querySelector('.cnn-explorer').getBoundingClientRect().bottom"
    for width in (360, 1440):
        tab = opened(viewport={"width": width, "height": 844})
        after = tab.evaluate(bottom)
        tab.wait_for_load_state("networkidle")  # what is still on its way would fail
        tab.route(
            f"**/{NAME}.js", lambda route: route.fulfill(body="", content_type="text/javascript")
        )
        tab.reload()
        assert tab.locator(".cnn-stepper").count() == 0
        assert tab.evaluate(bottom) == pytest.approx(after, abs=24)


@browser
def test_numbers_in_the_caption_open(opened):
    tab = opened()
    number = tab.locator(f"#figure-{NAME} figcaption button").first
    number.click()
    assert tab.locator(f"#{number.get_attribute('popovertarget')}").is_visible()


@browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_nothing_and_nothing_sticks_out(opened, scheme, width):
    tab = opened(viewport={"width": width, "height": 844}, color_scheme=scheme)
    tab.get_by_label("own weights").check()
    found = Axe().run(tab, context=".cnn-explorer").response["violations"]
    assert [violation["id"] for violation in found] == []
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")


# Both colours as a canvas paints them, for every letter on a fill of its own.
PAINTED = """() => {
  const brush = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const painted = (colour) => {
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 1, 1);
    return [...brush.getImageData(0, 0, 1, 1).data.slice(0, 3)];
  };
  const own = ".cnn-stepper__tile, .cnn-stepper__unit[data-turn=present]";
  return [...document.querySelectorAll(own)].map((e) =>
    ["text", "rect, circle"].map((part) => painted(getComputedStyle(e.querySelector(part)).fill)));
}"""


def luminance(colour):
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return sum(part * c for part, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_letter_can_be_read_on_its_colour(opened, scheme):
    tab = opened(color_scheme=scheme)
    for choice in LAYERS:
        tab.get_by_label(choice).check()
        press(tab, *["Next"] * len(UNITS))
        painted = tab.evaluate(PAINTED)
        assert len(painted) > 20
        for text, fill in painted:
            dark, light = sorted(luminance([c / 255 for c in each]) for each in (text, fill))
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, fill)


@browser
def test_two_explorers_on_a_page_keep_to_themselves(opened):
    tab = opened("two/")
    first, second = tab.locator(".cnn-stepper").all()
    first.get_by_label("own weights").check()
    press(first, "Next")
    assert second.get_by_label("shared weights").is_checked()
    assert second.get_by_role("status").inner_text().startswith("Unit f1 reads pixels 1, 2, 5, 6 ")
    assert first.get_by_role("status").inner_text().startswith("Unit f2 reads pixels 2, 3, 6, 7 ")
