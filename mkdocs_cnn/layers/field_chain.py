"""The receptive field of layers one behind the other, as one sum that shows where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mkdocs_cnn.layers.receptive_field import Field, named_field
from mkdocs_cnn.quantities.quantity import Quantity, product, total


def chain_fields(axis: str, windows: Iterable[tuple[str, Field, int]]) -> Field:
    """The field of windows one behind the other, as one sum: `1 + (k_1 - 1) j_1 + …`.

    Each window has a name, a field, and a number of times that it stands there.
    """
    sizes, strides, paddings = [Quantity(1)], [Quantity(1)], [Quantity(0)]
    stride_before = Quantity(1).value
    for name, window, times in _terms(windows):
        short = short_span(name)
        before = Quantity(stride_before, symbol=f"j_{short}", name=f"stride before {name}")
        if window.size != 1:
            size = window.size.named(f"window of {name}", symbol=f"k_{short}")
            sizes.append(times * (size - 1) * before)
        if window.padding:
            padding = window.padding.named(f"padding of {name}", symbol=f"p_{short}")
            paddings.append(times * padding * before)
        if window.stride != 1:
            strides.append(window.stride.named(f"stride of {name}", symbol=f"s_{short}"))
        stride_before *= window.stride.value
    return named_field(axis, total(sizes), product(strides), total(paddings))


def short_span(span: str) -> str:
    """A span of names as a subscript: "conv1…conv3" for "conv1 to conv3, each"."""
    return span.removesuffix(", each").replace(" to ", "…")


def _terms(windows: Iterable[tuple[str, Field, int]]) -> Iterator[tuple[str, Field, int]]:
    """Like windows as one term of the sum, where no stride lies between them."""
    names: list[str] = []
    like: list[Field] = []
    for name, window, times in windows:
        for _ in range(0 if window.is_identity else times):
            if like and not (window == like[-1] and window.stride == 1):
                yield _span(names), like[0], len(like)
                names, like = [], []
            names.append(name)
            like.append(window)
    if like:
        yield _span(names), like[0], len(like)


def _span(names: Sequence[str]) -> str:
    first, last = names[0].partition(" to ")[0], names[-1].rpartition(" to ")[2]
    last = last.removesuffix(", each")
    return first if first == last else f"{first} to {last}, each"
