"""Figures of the chapter on learning: a gradient is a sum, and sharing saves examples."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.descent import VERTICAL_EDGE
from mkdocs_cnn.arrays.exact import Array
from mkdocs_cnn.arrays.gradients import shared_gradient, unshared_gradient
from mkdocs_cnn.book.figures.learned_kernel import signed_cells
from mkdocs_cnn.book.measurements.examples_needed import (
    examples_needed,
    expected_error,
    new_image_errors,
)
from mkdocs_cnn.figures import Facts, Look, figure
from mkdocs_cnn.figures.parts.curves import draw_marks, label, name_axes, to_places
from mkdocs_cnn.figures.parts.pictures import with_signs
from mkdocs_cnn.figures.parts.stage import STROKES, Box, Stage, stage
from mkdocs_cnn.layers import Conv2d
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.quantities.sentences import fill

# -- the gradient is a sum

_IMAGE_SEED, _BRIGHTEST = 3, 3
_WEIGHT = (0, 2)  # its row and column in the kernel


def _sum() -> Facts:
    """Integers: an image, the errors of a kernel of zeros on it, and the gradient, place by place.

    With half the square as loss, the gradient with respect to an output is its error: what came
    out, here 0, less what was wanted. `parts` is what each place contributes to the gradient of the
    weight.
    """
    image = np.random.default_rng(_IMAGE_SEED).integers(0, _BRIGHTEST, (1, 6, 6), endpoint=True)
    errors = -cross_correlate2d(image, VERTICAL_EDGE)
    by_place = unshared_gradient(image, np.zeros_like(VERTICAL_EDGE), errors)
    parts = by_place[(0, slice(None), slice(None), 0, *_WEIGHT)]
    sums = [int(total) for total in parts.sum(axis=1)]
    first, *rest = map(Quantity, sums)
    return {
        "image": image[0],
        "errors": errors[0],
        "parts": parts,
        "places": parts.size,
        "rows": [fill("{row:, }", {"row": row}) for row in parts.tolist()],
        "sums": sums,
        "total": sum(rest, first).named("gradient of the weight"),
        "gradient": shared_gradient(by_place)[0, 0],
    }


@figure(
    "gradient-is-a-sum",
    title="A shared weight's gradient is a sum",
    facts=_sum,
    caption="""The gradient of one weight, counted by hand. At each of the {parts.shape: × } places
        the weight meets one pixel (outlined); the error there times that pixel is what the place
        contributes. All {places} contributions add up to {total}, the gradient of the weight. The
        kernel is still all zeros, so that the errors are minus the edge map.""",
    alt="""An image of {image.shape: × } integers, of which {parts.shape: × } are outlined, those at
        the top right. Times {errors.shape: × } errors they give the contributions, row by row:
        {rows:; }. The rows add up to {sums}, and these to {total}. An arrow leads from there to the
        number at the top right of the gradient of all {gradient.shape: × } weights.""",
    aspect=0.62,
)
def gradient_is_a_sum(fig: Figure, look: Look, facts: Facts) -> None:
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
    _draw_image(sheet, image, facts["image"], facts["parts"].shape)
    for box, values in ((errors, facts["errors"]), (products, facts["parts"])):
        signed_cells(sheet, box, values)
    _draw_sums(sheet, products, sheet.width - 0.6 * scale, facts)
    y = products.bottom + 2.6
    width, height = 7 * scale, sheet.height - y - 0.6
    below = Box(products.right - width - 1.6 * scale, y, width, height)
    _draw_gradient(sheet, below, facts["gradient"])
    end = products.right - 1.2 * scale, y + height / 6
    sheet.arrow((sheet.width - 2.8, products.bottom + 1.6), end, look.palette.ink)


def _draw_image(sheet: Stage, box: Box, x: Array, places: tuple[int, int]) -> None:
    """All pixels, and an outline around those that the weight meets."""
    palette, size = sheet.look.palette, box.width / len(x)
    sheet.cells(box, [[palette.faint] * len(row) for row in x], with_signs(x))
    down, across = places
    first = box.cell(*_WEIGHT, size)
    sheet.outline(Box(first.x, first.y, across * size, down * size), palette.ink, width=1.6)


def _draw_sums(sheet: Stage, products: Box, right: float, facts: Facts) -> None:
    """The sum of each row beside it, and below a line the sum of these."""
    sums, size = facts["sums"], products.height / len(facts["sums"])
    sheet.text(right, products.y - 0.6, "sums", bold=True, small=True, ha="right", va="baseline")
    for row, total in enumerate(sums):
        sheet.text(right, products.y + (row + 0.5) * size, plain(total), small=True, ha="right")
    under = products.bottom + 0.3
    sheet.lines([[(right - 2.2, under), (right, under)]], sheet.look.palette.ink, width=0.8)
    sheet.text(right, under + 1, plain(facts["total"].value), bold=True, ha="right")


def _draw_gradient(sheet: Stage, box: Box, gradient: Array) -> None:
    """The gradient of all weights, an outline around the one that was summed up."""
    signed_cells(sheet, box, gradient)
    own = box.grid(*gradient.shape)[_WEIGHT]
    sheet.outline(own, sheet.look.palette.ink, width=1.6)
    words = "gradient\nof all weights"
    sheet.text(box.x - 0.8, box.centre[1], words, bold=True, small=True, ha="right")


# -- how many examples

_MOST_EXAMPLES, _SEED = 40, 1
_LAYER = Conv2d(1, 1, kernel_size=3, bias=False).on(1, 6, 6)


def _examples() -> Facts:
    """The examples that three layers need, and their errors by number of examples."""
    needed = examples_needed(np.random.default_rng(_SEED))
    examples = range(_MOST_EXAMPLES + 1)
    measured = new_image_errors(np.random.default_rng(_SEED), examples[1:])
    errors = list(zip(*measured.values(), strict=True))  # layer, examples
    # For each layer the unknowns of one system, and the equations that an example adds to it.
    window = int(_LAYER.fan_in)
    systems = [(int(_LAYER.inputs), 1), (window, 1), (window, int(_LAYER.outputs))]
    half = needed.dense.measured // 2
    return {
        "size": _LAYER.input_shape[1:],
        "needed": needed,
        "half": half,
        "error_at_half": to_places(errors[0][half - 1], 2, "error measured, rounded"),
        "measured": errors,
        "expected": [[expected_error(n, per * m) for m in examples] for n, per in systems],
    }


@figure(
    "examples-needed",
    title="Examples needed with and without sharing",
    facts=_examples,
    caption="""How wrong three layers are on new images after learning the vertical-edge kernel on
        {size: × } images by least squares, as a part of the error of always saying zero: dots
        measured, lines expected. A dense layer is right from {needed.dense.counted} examples on, a
        locally connected one from {needed.unshared.counted}, a convolution after
        {needed.shared.counted}.""",
    alt="""Error on new images against the number of examples, from {0} to {_MOST_EXAMPLES}. All
        lines begin at {1}. Convolution is at {0} from {needed.shared.measured} example on. Locally
        connected falls in a straight line to {0} at {needed.unshared.measured} examples, dense to
        {0} at {needed.dense.measured}; at {half} examples it is still at {error_at_half}. The
        measured dots lie close to the lines.""",
    aspect=0.8,
)
def examples_needed_by_layer(fig: Figure, look: Look, facts: Facts) -> None:
    """Three lines that fall to zero, with the measured points on them."""
    palette, axes, needed = look.palette, fig.add_subplot(), facts["needed"]
    names = ("dense", "locally connected", "convolution")
    colours = (palette.dense, palette.sparse, palette.shared)
    for at, (line, dots) in enumerate(zip(facts["expected"], facts["measured"], strict=True)):
        axes.plot(line, color=colours[at], ls=STROKES[at], lw=look.line)
        how: dict[str, Any] = {"marker": "^so"[at], "size": 3.6, "edge": 0.3, "clip_on": False}
        draw_marks(axes, look, range(1, len(dots) + 1), dots, colours[at], **how)
    counts, places = [each.measured for each in needed], ((18.5, 0.6), (7.6, 0.34), (10.5, 0.1))
    for name, colour, count, place in zip(names, colours, counts, places, strict=True):
        label(axes, look, place, f"{name}:\n{count} example{'s' * (count > 1)}", colour)
    axes.set(xlim=(0, _MOST_EXAMPLES), ylim=(0, 1))
    axes.set_xticks([*counts, 20])
    axes.grid(axis="y")
    name_axes(axes, look, "examples learned from", "error on new images (1: always saying zero)")
