from __future__ import annotations

from bs4 import BeautifulSoup

from mkdocs_cnn.figures.rendering import Described
from mkdocs_cnn.pages import figures as pictures
from mkdocs_cnn.pages import html as render
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.quantities.sentences import Words

VILE = "<i>&\"'"  # what HTML must not take for markup
DESCRIBED = Described(VILE, Words(f"{VILE} {{}}", 3), Words(f"{VILE} {{}}", 5), 0.5)


def show(number: Quantity) -> str:
    return render.number(number, plain(number.value), "cnn-1")


def test_a_figure_shows_one_image_a_theme_whose_room_is_known() -> None:
    soup = BeautifulSoup(pictures.figure("bars", DESCRIBED, "../", show), "html.parser")
    assert [image["src"] for image in soup.select("img")] == [
        "../figures/bars.light.svg#only-light",
        "../figures/bars.dark.svg#only-dark",
    ]
    for image in soup.select("img"):
        assert int(str(image["height"])) == round(int(str(image["width"])) * DESCRIBED.aspect)
        assert image["alt"] == f"{VILE} 5"
        assert image["loading"] == "lazy"


def test_a_figure_can_be_downloaded_in_every_theme_and_format() -> None:
    soup = BeautifulSoup(pictures.figure("bars", DESCRIBED, "", show), "html.parser")
    assert [link["href"] for link in soup.select("a[download]")] == [
        f"figures/bars.{theme}.{format_}"
        for theme in ("light", "dark")
        for format_ in ("svg", "png", "pdf")
    ]
    assert all(VILE in str(link["aria-label"]) for link in soup.select("a"))


def test_an_explorer_is_its_settings_around_the_figure_and_a_script_below_the_root() -> None:
    html = pictures.explorer("a-b", {"kernel_size": 2, "size": 3}, "<b>still</b>", "../../")
    soup = BeautifulSoup(html, "html.parser")
    element = soup.select_one("cnn-a-b")
    assert element is not None
    assert element.attrs == {"kernel-size": "2", "size": "3"}
    assert str(element.b) == "<b>still</b>"
    assert soup.script is not None
    assert soup.script["src"] == "../../assets/mkdocs_cnn/explorers/a-b.js"


def test_the_name_of_a_figure_is_text() -> None:
    assert BeautifulSoup(pictures.named(VILE), "html.parser").get_text() == VILE
