from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import mkdocs_cnn
from mkdocs_cnn.layers import LAYERS, Layer, known_layers
from mkdocs_cnn.layers.parsing import layer_from
from mkdocs_cnn.registry import use_content

IMPORTS = """
from dataclasses import dataclass
from functools import cached_property

from mkdocs_cnn.layers import Conv2d, Layer, Placed, Shape, count
from mkdocs_cnn.quantities.quantity import quantity
"""


def example() -> str:
    """The layer type that the docstring of `Layer` shows."""
    lines = (Layer.__doc__ or "").partition("        @dataclass")[1:]
    code = "\n".join(
        line for line in "".join(lines).splitlines() if line.startswith("        ") or not line
    )
    return IMPORTS + textwrap.dedent(code.replace("Quantity", "object"))


@pytest.fixture
def content(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Writes modules `layers` of content packages, and uses them until the test ends."""

    def use(**sources: str) -> None:
        for package, source in sources.items():
            (tmp_path / package).mkdir()
            (tmp_path / package / "__init__.py").touch()
            (tmp_path / package / "layers.py").write_text(source, encoding="utf-8")
        use_content(list(sources), tmp_path)

    yield use
    use_content(())
    sys.path.remove(str(tmp_path))


def test_without_content_the_layers_are_those_of_the_package() -> None:
    assert known_layers() == LAYERS


def test_every_layer_can_be_imported_from_the_top() -> None:
    for name, layer in LAYERS.items():
        assert getattr(mkdocs_cnn, name) is getattr(mkdocs_cnn.layers, name) is layer


def test_the_layer_in_the_docstring_counts_as_any_other(content: Callable[..., None]) -> None:
    content(my_lecture=example())
    assert set(known_layers()) == {*LAYERS, "LowRank"}
    layer = layer_from("LowRank(12, 10, rank=2)")
    assert repr(layer) == "LowRank(12, 10, rank=2)"
    thin = layer.on(12)
    assert (thin.output_shape, thin.weights, thin.macs, thin.connections) == ((10,), 44, 44, 120)
    assert thin.weights.worked == "(12 + 10) · 2 = 44"
    assert thin.weights.formula == "(m + n) r"
    assert (thin.dense_weights, thin.parameter_bytes) == (120, 176)
    assert layer_from("Sequential(ReLU(), LowRank(12, 10, 2))").on(12).parameters == 44
    with pytest.raises(ValueError, match="input has 9 channels where the layer expects 12"):
        layer.on(9)
    with pytest.raises(ValueError, match="no layer named 'LowRnk'; did you mean 'LowRank'"):
        layer_from("LowRnk(12, 10, 2)")


def test_only_public_layers_that_a_module_defines_itself_are_known(
    content: Callable[..., None],
) -> None:
    content(my_lecture=f"{IMPORTS}\nclass Mine(Conv2d): pass\nAlso = Mine\nclass _No(Mine): pass")
    assert set(known_layers()) == {*LAYERS, "Mine"}


@pytest.mark.parametrize(
    ("name", "packages", "first"),
    [
        ("ReLU", ["my_lecture"], r"\S*layers/weightless\.py:\d+"),
        ("Mine", ["my_lecture", "another"], r"\S*my_lecture/layers\.py:8"),
    ],
)
def test_a_name_is_given_once(
    content: Callable[..., None], name: str, packages: list[str], first: str
) -> None:
    content(**dict.fromkeys(packages, f"{IMPORTS}\nclass {name}(Layer): pass"))
    second = rf"\S*{packages[-1]}/layers\.py:8"
    with pytest.raises(
        ValueError, match=f"^layer '{name}' is defined twice: at {first} and at {second}$"
    ):
        known_layers()


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        (
            "Conv2d(3, 6, 5)",
            "weights",
            "Conv2d has no 'weights'; put it on an input first: .on(channels, height, width)",
        ),
        (
            "Conv1d(3, 6, 5)",
            "macs",
            "Conv1d has no 'macs'; put it on an input first: .on(channels, length)",
        ),
        ("Conv2d(3, 6, 5)", "strid", "Conv2d has no 'strid'; did you mean 'stride'?"),
    ],
)
def test_a_layer_without_an_input_says_what_it_lacks(text: str, name: str, message: str) -> None:
    with pytest.raises(AttributeError, match=f"^{re.escape(message)}$"):
        getattr(layer_from(text), name)
