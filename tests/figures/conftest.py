"""Figures drawn and laid out, but not saved: tests look at their artists."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.figures.drawing import Drawing

Draw = Callable[..., Figure]


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Draw:
    """Draw a figure: `drawn(name, medium="page", theme="light", **parameters)`."""

    @cache
    def draw(name: str, medium: str = "page", theme: str = "light", **parameters: Any) -> Figure:
        figures: list[Figure] = []

        def keep(_: Drawing, fig: Figure, format_: str) -> bytes:
            figures.append(fig)
            return format_.encode()

        with mock.patch.object(Drawing, "_saved", keep):
            empty = Cache(tmp_path_factory.mktemp("cache"))
            Drawing(name, parameters, empty, medium).files([theme], ["png"])
        return figures[0]

    return draw


@pytest.fixture(scope="session")
def texts() -> Callable[[Figure], list[tuple[Text, Any]]]:
    """The texts that really appear in a figure, each with its box in pixels."""

    @cache
    def appearing(fig: Figure) -> list[tuple[Text, Any]]:
        found: list[tuple[Text, Any]] = []
        original = Text.draw

        def draw(text: Text, renderer: Any) -> None:
            if text.get_visible() and text.get_text():
                found.append((text, Text.get_window_extent(text, renderer)))
            original(text, renderer)

        with mock.patch.object(Text, "draw", draw):
            fig.draw_without_rendering()
        return found

    return appearing


@pytest.fixture
def cache_folder(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")
