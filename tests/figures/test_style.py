"""Colours and type: what every figure owes its reader, whoever that is and whatever the screen."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.figures.parts.stage import label_colour
from mkdocs_cnn.figures.parts.weights import weight_colours
from mkdocs_cnn.figures.style import MEDIA, THEMES, Look

ALL = sorted(catalogue())
IDEAS = ("dense", "sparse", "shared", "ring")

# G. M. Machado, M. M. Oliveira, L. A. F. Fernandes (2009), severity 1.0, on linear RGB.
VISION = {
    "normal": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}
# B. Ottosson (2020), "A perceptual color space for image processing".
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> Any:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""
    darker, lighter = sorted(float(linear(c) @ (0.2126, 0.7152, 0.0722)) for c in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def seen(colour: str, vision: str) -> Any:
    """Where the colour stands in OKLab, where distances are what the eye makes of them."""
    light = np.clip(VISION[vision] @ linear(colour), 0, 1)
    return TO_OKLAB @ np.cbrt(TO_CONES @ light)


def look(theme: str, medium: str = "page") -> Look:
    return Look(THEMES[theme], MEDIA[medium], wide=False)


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("role", ["ink", "muted", *IDEAS])
def test_text_can_be_read_on_the_surface(theme: str, role: str) -> None:
    assert contrast(getattr(THEMES[theme], role), THEMES[theme].surface) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("count", [3, 4, 36])
def test_the_lines_of_weights_stand_out_from_the_surface(theme: str, count: int) -> None:
    for colour in weight_colours(look(theme), count):
        assert contrast(colour, THEMES[theme].surface) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_labels_can_be_read_on_any_cell(theme: str) -> None:
    palette = THEMES[theme]
    for cell in [*weight_colours(look(theme), 200), palette.faint, palette.surface, palette.muted]:
        assert contrast(label_colour(cell), cell) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("pair", list(itertools.combinations(IDEAS, 2)), ids="-".join)
def test_ideas_differ_in_every_eye(theme: str, vision: str, pair: tuple[str, str]) -> None:
    one, other = (seen(getattr(THEMES[theme], idea), vision) for idea in pair)
    assert np.linalg.norm(one - other) >= 0.1


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("vision", VISION)
def test_the_weights_of_a_small_kernel_differ_in_every_eye(theme: str, vision: str) -> None:
    colours = [seen(colour, vision) for colour in weight_colours(look(theme), 4)]
    for one, other in itertools.combinations(colours, 2):
        assert np.linalg.norm(one - other) >= 0.07


@pytest.mark.parametrize("theme", THEMES)
def test_the_weights_of_a_dense_layer_have_a_colour_each(theme: str) -> None:
    assert len(set(weight_colours(look(theme), 36))) == 36


def test_type_is_large_enough() -> None:
    phone = 358 / MEDIA["page"].width / 72  # pixels a point, where a phone is 390 pixels wide
    assert look("light", "page").small * phone >= 9
    assert look("light", "slide").small >= 18


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("name", ALL)
def test_no_type_is_smaller_than_small(drawn: Any, texts: Any, name: str, medium: str) -> None:
    allowed = look("light", medium).small - 1e-9
    assert not [text for text, _ in texts(drawn(name, medium)) if text.get_fontsize() < allowed]


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("name", ALL)
def test_no_text_is_cut_off(drawn: Any, texts: Any, name: str, medium: str) -> None:
    fig = drawn(name, medium)
    for text, box in texts(fig):
        assert box.x0 >= 0, text
        assert box.y0 >= 0, text
        assert box.x1 <= fig.bbox.width, text
        assert box.y1 <= fig.bbox.height, text


def assert_no_overlap(found: list[tuple[Any, Any]]) -> None:
    for (one, here), (other, there) in itertools.combinations(found, 2):
        across = min(here.x1, there.x1) - max(here.x0, there.x0)
        down = min(here.y1, there.y1) - max(here.y0, there.y0)
        assert min(across, down) <= 0.5, (one, other)


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize("name", ALL)
def test_no_two_texts_overlap(drawn: Any, texts: Any, name: str, medium: str) -> None:
    assert_no_overlap(texts(drawn(name, medium)))


@pytest.mark.parametrize("medium", MEDIA)
@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("connections-dense-and-sparse", {"units": 16, "kernel_size": 5}),
        ("kernel-at-every-position", {"units": 8, "kernel_size": 5}),
        ("vectorised-image", {"size": 4, "kernel_size": 3}),
        ("weight-matrices", {"units": 9, "kernel_size": 4}),
        ("from-dense-to-shared", {"in_channels": 64, "out_channels": 64, "size": 224}),
        ("weights-by-image-size", {"largest": 224}),
    ],
)
def test_no_two_texts_overlap_with_other_parameters(
    drawn: Any, texts: Any, name: str, parameters: dict[str, int], medium: str
) -> None:
    assert_no_overlap(texts(drawn(name, medium, **parameters)))


@pytest.mark.parametrize("name", ALL)
def test_themes_differ_in_colour_only(drawn: Any, texts: Any, name: str) -> None:
    light, dark = (texts(drawn(name, "page", theme)) for theme in ("light", "dark"))
    for (one, here), (other, there) in zip(light, dark, strict=True):
        assert one.get_text() == other.get_text()
        assert np.allclose(here.extents, there.extents)
