from __future__ import annotations

import logging

import pytest
from bs4 import BeautifulSoup

from mkdocs_cnn.pages import mathematics


@pytest.mark.parametrize(
    ("latex", "elements"),
    [
        ("k_h k_w", "math msub"),
        (r"\frac{m}{k}", "math mfrac"),
        (r"\left\lfloor \frac{n}{2} \right\rfloor", "math mo"),
        (r"\sum_{i=1}^{n} x_i", "math mo"),
        (r"\text{inputs} \cdot n", "math mtext"),
    ],
)
def test_latex_becomes_mathml(latex: str, elements: str) -> None:
    for html in (
        mathematics.inline(latex, "math", "math", None),
        mathematics.block(latex, "math", "math", {}, None, classes=[]),
    ):
        assert BeautifulSoup(html, "html.parser").select(elements)
        assert "mkdocs-cnn-error" not in html


def test_a_block_is_displayed_and_a_line_is_not() -> None:
    assert 'display="block"' in mathematics.block("x", "math", "math", {}, None)
    assert 'display="block"' not in mathematics.inline("x", "math", "math", None)


@pytest.mark.parametrize("latex", [r"\frac{1}", r"\nosuchcommand x", "{", "a }", r"\begin{x}"])
def test_latex_that_cannot_be_set_is_a_warning_and_a_box(
    latex: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "mkdocs"):
        html = mathematics.inline(latex, "math", "math", None)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert caplog.records[0].name.startswith("mkdocs.")  # so that a strict build counts it
    box = BeautifulSoup(html, "html.parser").select_one(".mkdocs-cnn-error")
    assert box is not None
    assert box.get_text() == caplog.records[0].getMessage()
    assert box.get_text().endswith(f"in {latex!r}")


def test_a_warning_says_where_the_source_stands(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(mathematics, "where", lambda source: f"page.md:{len(source)}: ")
    with caplog.at_level(logging.WARNING, "mkdocs"):
        mathematics.inline("{", "math", "math", None)
    assert caplog.messages[0].startswith("page.md:1: math: ")
