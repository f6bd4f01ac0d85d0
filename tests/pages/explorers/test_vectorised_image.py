"""The explorer "vectorised-image": what it writes, and what a reader can do with it."""

from pathlib import Path

import pytest
from explorer_pages import PAINTED, contrast, press

import mkdocs_cnn
from mkdocs_cnn.arrays.matrix import NO_WEIGHT, weight_identity
from mkdocs_cnn.figures.parts.weights import weight_colours, weight_names
from mkdocs_cnn.figures.style import MEDIA, THEMES, Look
from mkdocs_cnn.layers import Conv2d

NAME = "vectorised-image"
LAYER = Conv2d(1, 1, kernel_size=2).on(1, 3, 3)
LAYERS = {"own weights": LAYER.unshared, "shared weights": LAYER}
UNITS = range(int(LAYER.outputs))
PREFIX = "/a/prefix/"

PAGES = {
    "index.md": f'# One\n\n{{{{ explorer("{NAME}") }}}}\n',
    "two.md": f"# Two\n\n{{{{ figure('{NAME}') }}}}\n\n"
    f'{{{{ explorer("{NAME}", id="one", size=4) }}}}\n\n'
    f'{{{{ explorer("{NAME}", id="other", size=4) }}}}\n',
    "wrong.md": '# Wrong\n\n{{ explorer("vectorized-image") }}\n',
}


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


def test_a_misspelt_explorer_meets_its_neighbour(built):
    site, said = built
    wrong = "explorer: no explorer named 'vectorized-image'; did you mean 'vectorised-image'?"
    assert f"wrong.md:3: {wrong}" in said
    assert "mkdocs-cnn-error" in (site / "wrong/index.html").read_text(encoding="utf-8")


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
def opened(watched, address):
    def visit(page="", **options):
        return watched(address + page, ready=".cnn-stepper", **options)

    return visit


browser = pytest.mark.browser


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
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_letter_can_be_read_on_its_colour(opened, scheme):
    tab = opened(color_scheme=scheme)
    for choice in LAYERS:
        tab.get_by_label(choice).check()
        press(tab, *["Next"] * len(UNITS))
        own = ".cnn-stepper__tile, .cnn-stepper__unit[data-turn=present]"
        painted = tab.evaluate(PAINTED, own)
        assert len(painted) > 20
        for text, fill in painted:
            assert contrast(text, fill) >= 4.5, (text, fill)


@browser
def test_two_explorers_on_a_page_keep_to_themselves(opened):
    tab = opened("two/")
    first, second = tab.locator(".cnn-stepper").all()
    first.get_by_label("own weights").check()
    press(first, "Next")
    assert second.get_by_label("shared weights").is_checked()
    assert second.get_by_role("status").inner_text().startswith("Unit f1 reads pixels 1, 2, 5, 6 ")
    assert first.get_by_role("status").inner_text().startswith("Unit f2 reads pixels 2, 3, 6, 7 ")
