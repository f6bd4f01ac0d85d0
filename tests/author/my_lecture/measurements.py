"""What the pages of the lecture measure."""

from __future__ import annotations

import numpy as np

from mkdocs_cnn import Quantity
from mkdocs_cnn.arrays import measurement
from mkdocs_cnn.arrays.pooling import avg_pool2d


@measurement("spread-of-averages")
def spread_of_averages(
    *, kernel_size: int = 2, size: int = 240, seed: int = 1
) -> dict[str, Quantity]:
    """The spread of noise averaged over windows side by side, as a share of its own."""
    noise = np.random.default_rng(seed).standard_normal((1, size, size))
    share = avg_pool2d(noise, kernel_size).std() / noise.std()
    thousandths = Quantity(round(1000 * share))
    return {"share": (thousandths / 1000).named("share of the spread, measured")}
