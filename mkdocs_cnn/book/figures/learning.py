"""Figures of the chapter on learning: a gradient is a sum, and sharing saves examples."""

from __future__ import annotations

from functools import cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.descent import VERTICAL_EDGE
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.gradients import shared_gradient, unshared_gradient
from mkdocs_cnn.book.figures.learned_kernel import integers, signed_cells, to_places
from mkdocs_cnn.book.measurements.examples_needed import (
    Each,
    Needed,
    examples_needed,
    expected_error,
    new_image_errors,
)
from mkdocs_cnn.figures.declaration import figure
from mkdocs_cnn.figures.parts.stage import STROKES, Box, Stage, Stroke, stage
from mkdocs_cnn.figures.style import Look
from mkdocs_cnn.layers import Conv2d
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.quantities.sentences import Words

# -- the gradient is a sum

_IMAGE_SEED, _BRIGHTEST = 3, 3
_WEIGHT = (0, 2)  # its row and column in the kernel


@cache
def _example() -> tuple[Array, Array, Array]:
    """Integers: an image, the errors of a kernel of zeros on it, and each place's gradient.

    With half the square as loss, the gradient with respect to an output is its error: what came
    out, here 0, less what was wanted.
    """
    x = np.random.default_rng(_IMAGE_SEED).integers(0, _BRIGHTEST, (1, 6, 6), endpoint=True)
    errors = -cross_correlate2d(x, VERTICAL_EDGE)
    return x[0], errors[0], unshared_gradient(x, np.zeros_like(VERTICAL_EDGE), errors)


def _parts() -> Array:
    """What each place contributes to the gradient of the weight."""
    parts: Array = _example()[2][(0, slice(None), slice(None), 0, *_WEIGHT)]
    return parts


def _gradient() -> Array:
    gradient: Array = shared_gradient(_example()[2])[0, 0]
    return gradient


def _total() -> Quantity:
    """The gradient of the weight as the sum over the rows of places."""
    sums = [Quantity(int(total)) for total in _parts().sum(axis=1)]
    return sum(sums[1:], sums[0]).named("gradient of the weight")


def _sum_caption() -> Words:
    return Words(
        "The gradient of one weight, counted by hand. At each of the {} × {} places the weight "
        "meets one pixel (outlined); the error there times that pixel is what the place "
        "contributes. All {} contributions add up to {}, the gradient of the weight. The kernel is "
        "still all zeros, so that the errors are minus the edge map.",
        *_parts().shape,
        _parts().size,
        _total(),
    )


def _sum_alt() -> Words:
    rows = "; ".join(", ".join("{}" for _ in row) for row in _parts())
    return Words(
        "An image of {} × {} integers, of which {} × {} are outlined, those at the top right. "
        f"Times {{}} × {{}} errors they give the contributions, row by row: {rows}. The rows add "
        "up to {}, {}, {} and {}, and these to {}. An arrow leads from there to the number at the "
        "top right of the gradient of all {} × {} weights.",
        *_example()[0].shape,
        *_parts().shape,
        *_parts().shape,
        *map(int, _parts().flat),
        *map(int, _parts().sum(axis=1)),
        _total(),
        *_gradient().shape,
    )


@figure(
    "gradient-is-a-sum",
    title="A shared weight's gradient is a sum",
    caption=_sum_caption,
    alt=_sum_alt,
    aspect=0.62,
)
def gradient_is_a_sum(fig: Figure, look: Look) -> None:
    """Pixels times errors, the products, their sums; below, the gradient of all weights."""
    sheet = stage(fig, look)
    scale = sheet.width / 32
    top, side = 2.4, 7.7 * scale
    image = Box(0.5 * scale, top, side, side)
    errors = Box(image.right + 1.7 * scale, top, side, side)
    products = Box(errors.right + 1.7 * scale, top, side, side)
    for box, name in ((image, "image"), (errors, "errors"), (products, "contributions")):
        sheet.text(box.centre[0], top - 0.6, name, bold=True, small=True, va="baseline")
    for sign, before in (("×", errors), ("=", products)):
        sheet.text(before.x - 0.85 * scale, before.centre[1], sign)
    x, wrong, _ = _example()
    _draw_image(sheet, image, x)
    for box, values in ((errors, wrong), (products, _parts())):
        signed_cells(sheet, box, values, float(np.abs(values).max()), integers(values))
    _draw_sums(sheet, products, sheet.width - 0.6 * scale)
    y = products.bottom + 2.6
    width, height = 7 * scale, sheet.height - y - 0.6
    _draw_gradient(sheet, Box(products.right - width - 1.6 * scale, y, width, height))
    end = products.right - 1.2 * scale, y + height / 6
    sheet.arrow((sheet.width - 2.8, products.bottom + 1.6), end, look.palette.ink)


def _draw_image(sheet: Stage, box: Box, x: Array) -> None:
    """All pixels, and an outline around those that the weight meets."""
    palette, size = sheet.look.palette, box.width / len(x)
    sheet.cells(box, [[palette.faint] * len(row) for row in x], integers(x))
    down, across = _parts().shape
    first = box.cell(*_WEIGHT, size)
    sheet.outline(Box(first.x, first.y, across * size, down * size), palette.ink, width=1.6)


def _draw_sums(sheet: Stage, products: Box, right: float) -> None:
    """The sum of each row beside it, and below a line the sum of these."""
    sums, size = _parts().sum(axis=1).tolist(), products.height / len(_parts())
    sheet.text(right, products.y - 0.6, "sums", bold=True, small=True, ha="right", va="baseline")
    for row, total in enumerate(sums):
        said = f"{total}".replace("-", "−")
        sheet.text(right, products.y + (row + 0.5) * size, said, small=True, ha="right")
    under = products.bottom + 0.3
    sheet.lines([[(right - 2.2, under), (right, under)]], sheet.look.palette.ink, width=0.8)
    sheet.text(right, under + 1, plain(_total().value), bold=True, ha="right")


def _draw_gradient(sheet: Stage, box: Box) -> None:
    """The gradient of all weights, an outline around the one that was summed up."""
    gradient = _gradient()
    signed_cells(sheet, box, gradient, float(np.abs(gradient).max()), integers(gradient))
    width, height = box.width / len(gradient), box.height / len(gradient)
    row, column = _WEIGHT
    own = Box(box.x + column * width, box.y + row * height, width, height)
    sheet.outline(own, sheet.look.palette.ink, width=1.6)
    says = "gradient\nof all weights"
    sheet.text(box.x - 0.8, box.centre[1], says, bold=True, small=True, ha="right")


# -- how many examples

_MOST_EXAMPLES, _SEED = 40, 1
_LAYER = Conv2d(1, 1, kernel_size=3, bias=False).on(1, 6, 6)


@cache
def _needed() -> Each[Needed]:
    return examples_needed(np.random.default_rng(_SEED))


@cache
def _errors() -> tuple[tuple[float, ...], ...]:
    """The error on new images after 1, 2 … examples, for each layer."""
    measured = new_image_errors(np.random.default_rng(_SEED), range(1, _MOST_EXAMPLES + 1))
    return tuple(zip(*measured.values(), strict=True))


def _expected() -> list[list[float]]:
    """The error to be expected after 0, 1, 2 … examples, for each layer."""
    # For each layer the unknowns of one system, and the equations that an example adds to it.
    window = int(_LAYER.fan_in)
    systems = [(int(_LAYER.inputs), 1), (window, 1), (window, int(_LAYER.outputs))]
    examples = range(_MOST_EXAMPLES + 1)
    return [[expected_error(unknowns, per * m) for m in examples] for unknowns, per in systems]


def _needed_caption() -> Words:
    return Words(
        "How wrong three layers are on new images after learning the vertical-edge kernel on {} × "
        "{} images by least squares, as a part of the error of always saying zero: dots measured, "
        "lines expected. A dense layer is right from {} examples on, a locally connected one from "
        "{}, a convolution after {}.",
        *_LAYER.input_shape[1:],
        *(needed.counted for needed in _needed()),
    )


def _needed_alt() -> Words:
    half = _needed().dense.measured // 2
    return Words(
        "Error on new images against the number of examples, from {} to {}. All lines begin at {}. "
        "Convolution is at {} from {} example on. Locally connected falls in a straight line to {} "
        "at {} examples, dense to {} at {}; at {} examples it is still at {}. The measured dots "
        "lie close to the lines.",
        0,
        _MOST_EXAMPLES,
        1,
        *(0, _needed().shared.measured),
        *(0, _needed().unshared.measured),
        *(0, _needed().dense.measured),
        half,
        to_places(_errors()[0][half - 1], 2, "error measured, rounded"),
    )


@figure(
    "examples-needed",
    title="Examples needed with and without sharing",
    caption=_needed_caption,
    alt=_needed_alt,
    aspect=0.8,
)
def examples_needed_by_layer(fig: Figure, look: Look) -> None:
    """Three lines that fall to zero, with the measured points on them."""
    palette, axes = look.palette, fig.add_subplot()
    names = ("dense", "locally connected", "convolution")
    colours = (palette.dense, palette.sparse, palette.shared)
    marks = zip(colours, ("^", "s", "o"), STROKES, strict=False)
    for how, line, dots in zip(marks, _expected(), _errors(), strict=True):
        _draw_errors(axes, look, how, line, dots)
    for name, colour, needed, place in zip(
        names, colours, _needed(), ((18.5, 0.6), (7.6, 0.34), (10.5, 0.1)), strict=True
    ):
        count = needed.measured
        says = f"{name}:\n{count} example{'s' * (count > 1)}"
        axes.text(*place, says, color=colour, weight="bold", size=look.small, va="center")
    axes.set(xlim=(0, _MOST_EXAMPLES), ylim=(0, 1))
    axes.set_xticks([int(needed.measured) for needed in _needed()] + [20])
    axes.grid(axis="y")
    axes.set_xlabel("examples learned from", fontsize=look.small)
    says = "error on new images (1: always saying zero)"
    axes.set_title(says, fontsize=look.small, loc="left", color=palette.muted)


def _draw_errors(
    axes: Axes,
    look: Look,
    how: tuple[str, str, Stroke],
    line: list[float],
    dots: tuple[float, ...],
) -> None:
    colour, mark, stroke = how
    axes.plot(line, color=colour, ls=stroke, lw=look.line)
    axes.plot(
        range(1, len(dots) + 1),
        dots,
        mark,
        color=colour,
        mec=look.palette.surface,
        mew=look.line * 0.3,
        ms=look.line * 3.6,
        clip_on=False,
    )
