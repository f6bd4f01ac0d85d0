from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from mkdocs_cnn.book.experiments.inputs.photographs import FOLDER, PHOTOGRAPHS
from mkdocs_cnn.book.figures.learned_features import by_colour, mosaic, patches, shown_units
from mkdocs_cnn.experiments.results import outcome
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.figures.parts.stage import Box

KERNELS, PATCHES = "first-kernels", "exciting-patches"
MODELS = ("untrained", "true colours", "shuffled colours")


@pytest.fixture(scope="module")
def run() -> Any:
    result = outcome("learned-features")
    return result.runs[result.settings.shown_seed]


# -- mosaics


def test_tiles_stand_in_rows_with_transparent_gaps() -> None:
    tiles = [np.full((2, 3, 3), n, np.uint8) for n in range(1, 6)]
    whole = mosaic(tiles, columns=3, gap=1)
    assert whole.shape == (5, 11, 4)
    values = [[0 if not pixel[3] else pixel[0] for pixel in row] for row in whole.tolist()]
    first = [1, 1, 1, 0, 2, 2, 2, 0, 3, 3, 3]
    second = [4, 4, 4, 0, 5, 5, 5, 0, 0, 0, 0]
    assert values == [first, first, [0] * 11, second, second]


def test_groups_stand_further_apart() -> None:
    tiles = [np.full((1, 1, 3), 9, np.uint8)] * 4
    opaque = mosaic(tiles, columns=4, gap=1, group=2)[0, :, 3] > 0
    assert np.flatnonzero(opaque).tolist() == [0, 2, 8, 10]


# -- kernels


def tiles_of(image: Any, size: int, columns: int) -> list[Any]:
    """The tiles of a mosaic with gaps of one pixel, row by row."""
    pixels = np.asarray(image.get_array())
    return [
        pixels[top : top + size, left : left + size]
        for top in range(0, pixels.shape[0], size + 1)
        for left in range(0, columns * (size + 1), size + 1)
    ]


@pytest.mark.parametrize(("medium", "columns"), [("page", 12), ("slide", 6)])
def test_tiles_are_the_kernels_from_the_least_colour_content_to_the_most(
    drawn: Any, run: Any, medium: str, columns: int
) -> None:
    for model, image in enumerate(drawn(KERNELS, medium).axes[0].images):
        content = run.unit_colour[model][0]
        order = sorted(range(24), key=lambda unit: content[unit])
        for tile, unit in zip(tiles_of(image, 7, columns), order, strict=True):
            weights = np.array(run.kernels[model][unit]).transpose(1, 2, 0)
            assert (tile[..., :3].astype(int) - 128 == weights).all()
            assert (tile[..., 3] == 255).all()


def test_the_largest_weight_of_every_kernel_is_full_or_no_colour(drawn: Any) -> None:
    for image in drawn(KERNELS).axes[0].images:
        for tile in tiles_of(image, 7, 12):
            colours = tile[..., :3]
            assert colours.max() == 255 or colours.min() == 1


# -- patches


@pytest.mark.parametrize("task", MODELS)
def test_patches_are_cut_from_the_files_at_the_places_kept(run: Any, task: str) -> None:
    model = MODELS.index(task)
    pictures = []
    for name in PHOTOGRAPHS:
        with Image.open(FOLDER / f"{name}.png") as image:
            pictures.append(image.copy())
    for layer, (size, _) in enumerate(run.fields):
        wanted = [
            np.asarray(pictures[n].crop((column, row, column + size, row + size)))
            for unit in shown_units(run, model, layer)
            for n, row, column in run.places[model][layer][unit][:4]
        ]
        found = patches(run, model, layer)
        assert len(found) == len(wanted)
        assert all(np.array_equal(a, b) for a, b in zip(found, wanted, strict=True))


def test_units_are_shown_from_the_least_colour_content_to_the_most(run: Any) -> None:
    for model in range(3):
        for layer in range(3):
            content = run.unit_colour[model][layer]
            shown = [content[unit] for unit in shown_units(run, model, layer)]
            assert shown == sorted(shown)
            assert (shown[0], shown[-1]) == (min(content), max(content))
            assert len(set(shown_units(run, model, layer))) == len(shown)
            assert by_colour(content)[0] == shown_units(run, model, layer)[0]


@pytest.mark.parametrize("medium", ["page", "slide"])
def test_all_layers_are_shown_at_one_scale_and_none_leaves_the_sheet(
    drawn: Any, run: Any, medium: str
) -> None:
    axes = drawn(PATCHES, medium).axes[0]
    (_, right), (bottom, _) = axes.get_xlim(), axes.get_ylim()
    scales = []
    for image in axes.images:
        x, end, low, y = image.get_extent()
        height, width = image.get_array().shape[:2]
        scales += [(end - x) / width, (low - y) / height]
        assert Box(x, y, end - x, low - y).x >= 0
        assert end <= right
        assert low <= bottom
    assert scales == pytest.approx([scales[0]] * 6)


def test_a_network_that_there_is_not_is_refused(drawn: Any) -> None:
    with pytest.raises(ValueError, match="task must be one of untrained, true colours"):
        drawn(PATCHES, task="colours")


# -- words


def test_the_words_of_the_kernels(run: Any) -> None:
    caption = find_figure(KERNELS).words("caption")
    result = outcome("learned-features")
    means = [
        np.mean([each.colour[task][0][at] for each in result.runs])
        for task, at in ((0, 0), (0, -1), (1, -1))
    ]
    assert [float(n) for n in caption.numbers[:4]] == [24, 7, 7, 10]
    assert [float(n) for n in caption.numbers[4:]] == pytest.approx(means, abs=0.0005001)


@pytest.mark.parametrize("task", MODELS)
def test_the_words_of_the_patches(run: Any, task: str) -> None:
    figure = find_figure(PATCHES)
    caption, alt = (figure.words(part, {"task": task}) for part in ("caption", "alt"))
    assert [n.value for n in caption.numbers] == [4, 7, 11, 19, 1, 2, 3]
    last = [] if task == "untrained" else [3]
    assert [n.value for n in alt.numbers] == [4, 16, 7, 7, 15, 11, 11, 12, 19, 19, *last]
    assert task in caption.text
