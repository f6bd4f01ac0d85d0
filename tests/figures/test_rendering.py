from __future__ import annotations

import itertools
import os
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.figures.rendering import FORMATS, Drawing
from mkdocs_cnn.figures.style import MEDIA
from mkdocs_cnn.registry import UnknownNameError

ALL = sorted(catalogue())
QUICK = "from-dense-to-shared"


def drawn_as(content: bytes = b"drawn") -> Any:
    """Every figure is drawn as these bytes."""

    def draw(_: Drawing, theme: str, formats: list[str]) -> dict[str, bytes]:
        return dict.fromkeys(formats, content)

    return mock.patch.object(Drawing, "_drawn", autospec=True, side_effect=draw)


# -- what is asked for


def test_an_unknown_figure_is_an_error_at_once(cache_folder: Cache) -> None:
    with pytest.raises(UnknownNameError, match="no figure named 'wieght-matrices'; did you mean"):
        Drawing("wieght-matrices", {}, cache_folder)


def test_an_unknown_medium_is_an_error_at_once(cache_folder: Cache) -> None:
    with pytest.raises(UnknownNameError, match="no medium named 'slides'; did you mean 'slide'"):
        Drawing(QUICK, {}, cache_folder, "slides")


def test_an_unknown_theme_is_an_error(cache_folder: Cache) -> None:
    with pytest.raises(UnknownNameError, match="no theme named 'drak'; did you mean 'dark'"):
        Drawing(QUICK, {}, cache_folder).files(["drak"])


@pytest.mark.parametrize(
    ("parameters", "error"),
    [({"size": "32"}, TypeError), ({"sise": 32}, TypeError), ({"kernel_size": 33}, ValueError)],
)
def test_a_figure_that_cannot_be_drawn_leaves_nothing(
    cache_folder: Cache, parameters: dict[str, Any], error: type[Exception]
) -> None:
    drawing = Drawing(QUICK, parameters, cache_folder)
    known_of_its_code = set(cache_folder.folder.iterdir())
    for attempt in (drawing.described, drawing.files):
        with pytest.raises(error):
            attempt()
    assert set(cache_folder.folder.iterdir()) == known_of_its_code


# -- the cache


def test_a_file_that_exists_is_not_drawn_again(cache_folder: Cache) -> None:
    with drawn_as(b"first"):
        first = Drawing(QUICK, {}, cache_folder).files(["light"], ["svg"])
    with drawn_as(b"again") as draw:
        both = Drawing(QUICK, {}, cache_folder).files(["light"], ["svg", "png"])
    assert [call.args[1:] for call in draw.call_args_list] == [("light", ["png"])]
    assert both["light", "svg"] == first["light", "svg"]
    assert both["light", "svg"].read_bytes() == b"first"


def test_whatever_changes_a_file_changes_its_name(cache_folder: Cache) -> None:
    variants = itertools.product(
        ["weight-matrices", "kernel-at-every-position"],
        [{}, {"units": 7}, {"kernel_size": 5}],
        MEDIA,
        [False, True],
    )
    with drawn_as():
        paths = [
            path
            for name, parameters, medium, transparent in variants
            for path in Drawing(name, parameters, cache_folder, medium, transparent)
            .files()
            .values()
        ]
    assert len(set(paths)) == len(paths) == 2 * 3 * 2 * 2 * (2 * 3)


def test_words_come_from_the_cache_as_they_went_in(cache_folder: Cache) -> None:
    fresh = Drawing(QUICK, {}, cache_folder).described()
    with mock.patch("mkdocs_cnn.figures.rendering.find_figure", side_effect=AssertionError):
        kept = Drawing(QUICK, {}, cache_folder).described()
    assert kept == fresh
    assert [n.worked for n in kept.alt.numbers] == [n.worked for n in fresh.alt.numbers]


WARM = """
import sys
from pathlib import Path
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.figures.rendering import Drawing
for name in sys.argv[2:]:
    drawing = Drawing(name, {}, Cache(Path(sys.argv[1])))
    assert drawing.described().alt.text and len(drawing.files()) == 6
print(*sorted({"numpy", "matplotlib"} & set(sys.modules)))
"""


def test_what_is_cached_is_had_without_numpy_and_matplotlib(cache_folder: Cache) -> None:
    with drawn_as():
        for name in ALL:
            Drawing(name, {}, cache_folder).described()
            Drawing(name, {}, cache_folder).files()
    assert run(WARM, str(cache_folder.folder), *ALL).strip() == ""


# -- the files


@pytest.fixture(scope="module")
def svg(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], bytes]:
    """A function that gives the SVG of a figure, drawn once."""
    once = Cache(tmp_path_factory.mktemp("once"))
    return lambda name: drawn_in(once, name)


def drawn_in(cache: Cache, name: str) -> bytes:
    return Drawing(name, {}, cache).files(["light"], ["svg"])["light", "svg"].read_bytes()


@pytest.mark.parametrize("name", ALL)
def test_the_same_drawing_twice_gives_the_same_bytes(
    svg: Callable[[str], bytes], cache_folder: Cache, name: str
) -> None:
    assert drawn_in(cache_folder, name) == svg(name)


EVERY_FORMAT = """
import sys
from pathlib import Path
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.figures.rendering import Drawing
Drawing(sys.argv[2], {}, Cache(Path(sys.argv[1]))).files(["light"])
"""


def test_another_process_on_another_day_gives_the_same_bytes(tmp_path: Path) -> None:
    here = Drawing(QUICK, {}, Cache(tmp_path / "here")).files(["light"])
    run(EVERY_FORMAT, str(tmp_path / "there"), QUICK, SOURCE_DATE_EPOCH="1", PYTHONHASHSEED="7")
    assert {format_ for _, format_ in here} == set(FORMATS)
    for path in here.values():
        assert (tmp_path / "there" / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_slide_is_1920_by_1080(cache_folder: Cache, theme: str) -> None:
    png = Drawing(QUICK, {}, cache_folder, "slide").files([theme], ["png"])[theme, "png"]
    assert struct.unpack(">II", png.read_bytes()[16:24]) == (1920, 1080)


@pytest.mark.parametrize("name", ALL)
def test_the_svg_of_a_page_is_light_enough_to_be_sent_with_it(
    svg: Callable[[str], bytes], name: str
) -> None:
    has_photograph = b"<image " in svg(name)
    assert len(svg(name)) < (400_000 if has_photograph else 80_000)


def test_a_transparent_figure_has_no_background(cache_folder: Cache) -> None:
    opaque, clear = (
        Drawing(QUICK, {}, cache_folder, transparent=transparent).files(["dark"], ["svg"])
        for transparent in (False, True)
    )
    surface = b"fill: #1e2129"
    assert surface in opaque["dark", "svg"].read_bytes().partition(b"axes_1")[0]
    assert surface not in clear["dark", "svg"].read_bytes().partition(b"axes_1")[0]


def run(script: str, *arguments: str, **environment: str) -> str:
    root = str(Path(__file__).parents[2])
    search = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": search, **environment},
    ).stdout
