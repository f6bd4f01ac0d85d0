from __future__ import annotations

import logging

import pytest
from bs4 import BeautifulSoup

from mkdocs_cnn.pages import html as render
from mkdocs_cnn.pages import mathematics as latex_module


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
        latex_module.math_inline(latex, "math", "math", None),
        latex_module.math_block(latex, "math", "math", {}, None, classes=[]),
    ):
        assert BeautifulSoup(html, "html.parser").select(elements)
        assert "mkdocs-cnn-error" not in html


def test_a_block_is_displayed_and_a_line_is_not() -> None:
    assert 'display="block"' in latex_module.math_block("x", "math", "math", {}, None)
    assert 'display="block"' not in latex_module.math_inline("x", "math", "math", None)


@pytest.mark.parametrize("latex", [r"\frac{1}", r"\nosuchcommand x", "{", "a }", r"\begin{x}"])
def test_latex_that_cannot_be_set_is_a_warning_and_a_box(
    latex: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "mkdocs"):
        html = latex_module.math_inline(latex, "math", "math", None)
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert caplog.records[0].name.startswith("mkdocs.")  # so that a strict build counts it
    box = BeautifulSoup(html, "html.parser").select_one(".mkdocs-cnn-error")
    assert box is not None
    assert box.get_text() == caplog.records[0].getMessage()
    assert box.get_text().endswith(f"in {latex!r}")


def test_a_warning_says_where_the_source_stands(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(latex_module, "where", lambda source: f"page.md:{len(source)}: ")
    with caplog.at_level(logging.WARNING, "mkdocs"):
        latex_module.math_inline("{", "math", "math", None)
    assert caplog.messages[0].startswith("page.md:1: math: ")


def test_the_formatters_stand_at_the_address_that_mkdocs_yml_names() -> None:
    assert render.math_inline is latex_module.math_inline
    assert render.math_block is latex_module.math_block
