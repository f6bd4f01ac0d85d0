"""One output of a cross-correlation, with its working: small enough to follow by hand."""

from __future__ import annotations

from collections.abc import Sequence

from mkdocs_cnn.quantities.quantity import Operand, Quantity, quantity, total

Grid = Sequence[Sequence[Operand]]


def window_sum(pixels: Grid, weights: Grid) -> Quantity:
    """The sum of pixel times weight over one window: what one output unit computes.

        >>> window_sum([[10, 10, 4]], [[1, 0, -1]]).worked
        '10 + 4 · (−1) = 6'

    Both are rows: of the image below the window, and of the kernel.

    Raises:
        ValueError: If the two differ in shape.
        TypeError: If an entry is not exact.
    """
    sizes = [[len(row) for row in grid] for grid in (pixels, weights)]
    if sizes[0] != sizes[1]:
        raise ValueError(f"window and kernel differ: rows of {sizes[0]} pixels, {sizes[1]} weights")
    return total(
        quantity(pixel) * quantity(weight)
        for pixel_row, weight_row in zip(pixels, weights, strict=True)
        for pixel, weight in zip(pixel_row, weight_row, strict=True)
    )
