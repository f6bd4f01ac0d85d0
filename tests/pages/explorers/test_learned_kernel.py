"""The explorer "learned-kernel": what it writes, its arithmetic, what a reader can do with it."""

import json
import math
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from explorer_pages import PAINTED, contrast, press
from matplotlib.colors import to_hex

from mkdocs_cnn.arrays.descent import learn, noise
from mkdocs_cnn.book.figures.learned_kernel import cost_said, frames, signed_colour
from mkdocs_cnn.figures.style import THEMES

NAME, STILL = "learned-kernel", "kernel-forms"
PREFIX = "/a/prefix/"
PATH = learn(noise(np.random.default_rng(1), 1), steps=300)
STEPS = json.loads(frames()["steps"])
LAST = len(STEPS) - 1

PAGES = {
    "index.md": f'# One\n\n{{{{ explorer("{NAME}") }}}}\n',
    "two.md": f'# Two\n\n{{{{ explorer("{NAME}", id="other") }}}}\n',
    "wrong.md": '# Wrong\n\n{{ explorer("lerned-kernel") }}\n\n'
    f'{{{{ explorer("{NAME}", id="third", size=3) }}}}\n',
}


@pytest.fixture(scope="module")
def site(built):
    return built[0]


def element(site, page):
    html = BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")
    return html.find(f"cnn-{NAME}")


# -- what the macro writes


@pytest.mark.parametrize(("page", "address"), [("", STILL), ("two/", "other")])
def test_the_element_wraps_the_still_figure_and_bears_the_frames(site, page, address):
    film = element(site, f"{page}index.html")
    assert film.figure["id"] == f"figure-{address}"
    assert film.attrs == frames()
    assert (site / f"figures/{address}.light.svg").exists()


def test_a_misspelt_name_or_a_parameter_is_a_warning_with_page_and_line(built):
    wrong = "explorer: no explorer named 'lerned-kernel'; did you mean 'learned-kernel'?"
    assert f"wrong.md:3: {wrong}" in built[1]
    assert f"wrong.md:5: explorer: figure '{STILL}' has no parameter 'size'" in built[1]


# -- arithmetic

browser = pytest.mark.browser


@pytest.fixture(scope="module")
def address(site, served):
    return served(site, PREFIX)


@pytest.fixture(scope="module")
def run(browser, address):
    """Runs JavaScript on cases, with the script's functions at hand as `film` and `dom`."""
    page = browser.new_page()
    page.goto(address)

    def each(body, cases):
        scripts = f"{address}assets/mkdocs_cnn/explorers"
        program = f"""async (cases) => {{
            const film = await import("{scripts}/{NAME}.js");
            const dom = await import("{scripts}/dom.js");
            return cases.map((given) => {body});
        }}"""
        return page.evaluate(program, cases)

    yield each
    page.close()


RNG = np.random.default_rng(7)
COSTS = (10.0 ** RNG.uniform(-12, 3, 400)).tolist()
WEIGHTS = RNG.normal(0, 1, 200).round(4).tolist()


@browser
def test_costs_are_said_as_in_the_figure(run):
    assert run("film.cost_said(given)", COSTS) == [cost_said(cost) for cost in COSTS]


@browser
def test_weights_have_two_decimals_and_a_true_minus_unless_they_are_zero(run):
    known = {0.7026: "0.70", -0.2762: "−0.28", -0.0004: "0.00", 0: "0.00", 1.0749: "1.07"}
    assert run("film.weight_said(given)", list(known)) == list(known.values())
    said = run("film.weight_said(given)", WEIGHTS)
    values = [float(text.replace("−", "-")) for text in said]
    assert values == pytest.approx(WEIGHTS, abs=0.005001)
    assert "−0.00" not in said


@browser
def test_colours_are_as_full_as_in_the_figure(run):
    for most in (1, 2.5):
        wanted = [[np.sign(w), min(abs(w) / most, 1)] for w in WEIGHTS]
        assert run(f"film.shade(given, {most})", WEIGHTS) == pytest.approx(np.array(wanted))


@browser
def test_costs_stand_at_their_logarithm(run):
    wanted = [(math.log10(cost) + 12) / 15 for cost in COSTS]
    assert run("film.height_of(given, [-12, 3])", COSTS) == pytest.approx(wanted)
    assert run("film.decades(given)", [[32.7, 1.07e-10], [0.5], [1, 10]]) == [
        [-10, 2],
        [-1, 0],
        [0, 1],
    ]


@browser
def test_frames_end_at_both_ends(run):
    cases = [(frame, by, 5) for frame in range(5) for by in (-7, -1, 0, 1, 7)]
    wanted = [sorted([0, frame + by, frames_ - 1])[1] for frame, by, frames_ in cases]
    assert run("dom.step_after(...given)", cases) == wanted


# -- what a reader can do


@pytest.fixture
def opened(watched, address):
    def visit(**options):
        return watched(address, ready=".cnn-forming", **options)

    return visit


def slider(tab):
    return tab.get_by_role("slider", name="Step of gradient descent")


def frame(tab):
    """The frame that is shown; slider, sentence and picture must agree on it."""
    shown = int(slider(tab).input_value())
    said = f"step {STEPS[shown]}: cost {cost_said(PATH[STEPS[shown]].cost)}"
    assert slider(tab).get_attribute("aria-valuetext") == said
    assert tab.get_by_role("status").inner_text() == said.capitalize()
    picture = tab.locator(".cnn-forming svg").get_attribute("aria-label")
    assert picture.startswith(f"Kernel at {said}; its weights ")
    return shown


def weights(tab):
    said = tab.locator(".cnn-stepper__tile text").all_text_contents()
    return [float(text.replace("−", "-")) for text in said]


@browser
def test_every_frame_shows_and_says_what_the_package_learns(opened):
    tab = opened()
    for n, step in enumerate(STEPS):
        assert frame(tab) == n
        kernel = PATH[step].kernel.ravel()
        assert weights(tab)[:9] == pytest.approx(kernel, abs=0.00511)
        assert weights(tab)[9:] == [1, 0, -1] * 3
        press(tab, "Step forward")
    assert frame(tab) == LAST


@browser
def test_the_dot_runs_along_the_curve(opened):
    tab = opened(reduced_motion="reduce")
    points = tab.locator(".cnn-forming__curve").get_attribute("points").split()
    assert len(points) == len(STEPS)
    for n in (0, 5, LAST):
        slider(tab).fill(str(n))
        moved = tab.locator(".cnn-forming__dot").evaluate("(e) => e.style.transform")
        place = [float(number) for number in re.findall(r"[\d.]+", moved)]
        assert place == pytest.approx([float(part) for part in points[n].split(",")], abs=0.01)
    heights = [float(point.split(",")[1]) for point in points]
    logs = [-math.log10(PATH[step].cost) for step in STEPS]
    assert np.corrcoef(heights, logs)[0, 1] == pytest.approx(1)


@browser
def test_buttons_and_arrows_go_forth_and_back_and_stop_at_the_ends(opened):
    tab = opened()
    back = tab.get_by_role("button", name="Step back")
    assert back.get_attribute("aria-disabled") == "true"
    press(tab, "Step back")
    assert frame(tab) == 0
    press(tab, "Step forward", "Step forward", "Step back")
    assert frame(tab) == 1
    assert back.get_attribute("aria-disabled") == "false"
    for _ in STEPS:
        tab.keyboard.press("ArrowRight")
    assert frame(tab) == LAST
    forward = tab.get_by_role("button", name="Step forward")
    assert forward.get_attribute("aria-disabled") == "true"
    tab.keyboard.press("ArrowLeft")
    assert frame(tab) == LAST - 1


@browser
def test_all_controls_are_reached_with_the_tab_key_and_work_with_the_keyboard(opened):
    tab = opened()
    slider(tab).focus()
    tab.keyboard.press("ArrowRight")
    assert frame(tab) == 1  # one step, not two
    tab.keyboard.press("End")
    assert frame(tab) == LAST
    tab.keyboard.press("Home")
    assert frame(tab) == 0
    reached = []
    for _ in range(3):
        tab.keyboard.press("Tab")
        reached.append(tab.evaluate("document.activeElement.textContent"))
    assert reached == ["Step back", "Play", "Step forward"]
    tab.keyboard.press("Enter")
    assert frame(tab) == 1
    tab.keyboard.press("Shift+Tab")
    tab.keyboard.press("Space")
    assert tab.evaluate("document.activeElement.textContent") == "Pause"


@browser
def test_play_runs_to_the_last_frame_and_may_be_paused(opened):
    tab = opened()
    press(tab, "Play")
    assert frame(tab) == 1
    tab.clock.run_for(1100)
    assert frame(tab) == 3
    press(tab, "Pause")
    tab.clock.run_for(60_000)
    assert frame(tab) == 3
    press(tab, "Play")
    tab.clock.run_for(60_000)
    assert frame(tab) == LAST
    press(tab, "Play")  # once more, from the start
    assert frame(tab) == 0
    slider(tab).fill("7")  # the reader takes over
    tab.clock.run_for(60_000)
    assert frame(tab) == 7


@browser
def test_what_the_slider_says_is_not_read_out_twice(opened):
    tab = opened()
    live = tab.get_by_role("status")
    for move in ("End", "ArrowLeft"):  # on the slider, whose own value is read out
        press(tab, "Step back")
        assert live.get_attribute("aria-live") == "polite"
        slider(tab).press(move)
        assert live.get_attribute("aria-live") == "off"


@browser
def test_who_wants_less_motion_gets_slower_frames_and_no_transitions(opened):
    found = {}
    for motion in ("no-preference", "reduce"):
        tab = opened(reduced_motion=motion)
        press(tab, "Play")
        tab.clock.run_for(1520)
        moves = "(e) => getComputedStyle(e).transitionDuration"
        parts = (".cnn-forming__dot", ".cnn-stepper__tile rect")
        found[motion] = frame(tab), *(tab.locator(part).first.evaluate(moves) for part in parts)
    assert found == {"no-preference": (4, "0.3s", "0.3s"), "reduce": (1, "0s", "0s")}


@browser
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_no_number_leaves_its_cell_and_none_is_small(opened, width):
    tab = opened(viewport={"width": width, "height": 844})
    slider(tab).fill("6")
    boxes = """() => [...document.querySelectorAll(".cnn-stepper__tile")].map((tile) => {
      const box = (name) => tile.querySelector(name).getBoundingClientRect();
      const [cell, text] = [box("rect"), box("text")];
      return [text.left - cell.left, cell.right - text.right, text.height];
    })"""
    for left, right, height in tab.evaluate(boxes):
        assert min(left, right) > 0
        assert height >= 12


@browser
@pytest.mark.parametrize(("scheme", "palette"), [*THEMES.items()])
def test_cells_have_the_colours_of_the_figure_and_numbers_can_be_read_on_them(
    opened, scheme, palette
):
    tab = opened(color_scheme=scheme, reduced_motion="reduce")
    for n in (0, 1, 6, 12, LAST):
        slider(tab).fill(str(n))
        wanted = [signed_colour(palette, w, 1) for w in PATH[STEPS[n]].kernel.flat]
        painted = tab.evaluate(PAINTED, ".cnn-stepper__tile")
        for (text, fill), colour in zip(painted[:9], wanted, strict=True):
            near = [int(to_hex(c)[i : i + 2], 16) for c in (fill, colour) for i in (1, 3, 5)]
            assert near[:3] == pytest.approx(near[3:], abs=2)
            assert contrast(text, fill) >= 4.5, (text, fill)
