"""What a text says of small filters, computed again."""

from mkdocs_cnn import Conv2d, Quantity
from mkdocs_cnn.claims import Claim

FILTER = Conv2d(3, 1, kernel_size=3, bias=False).on(3, 8, 8)

CLAIMS = (
    Claim(
        "my-source-2026-27-weights",  # the source's key comes first
        "a small filter on a colour image has 27 weights",
        "page 3",
        states=Quantity(27, "weight"),
        recomputed=lambda: {"weights": FILTER.weights, "grey_weights": FILTER.weights / 3},
        why="It has {weights}; on a grey image it would have {grey_weights}.",
    ),
)
