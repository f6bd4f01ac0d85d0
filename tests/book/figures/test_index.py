from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from matplotlib.collections import LineCollection, PolyCollection

from mkdocs_cnn.book.figures import index
from mkdocs_cnn.figures.declaration import find_figure


def of(fig: Any, kind: type) -> list[Any]:
    return [c for c in fig.axes[0].collections if type(c) is kind]


def test_the_connections_are_those_of_the_layers(drawn: Any) -> None:
    dense, sparse, *weights = of(drawn("three-ideas"), LineCollection)[:5]
    assert len(dense.get_segments()) == 24
    assert len(sparse.get_segments()) == 12
    assert [len(weight.get_segments()) for weight in weights] == [4, 4, 4]


def test_the_output_shifts_with_the_input(drawn: Any) -> None:
    before_in, after_in, before_out, after_out = of(drawn("three-ideas"), PolyCollection)
    steps = []
    for before, after in ((before_in, after_in), (before_out, after_out)):
        first, second = (
            np.array([path.vertices[:4].mean(axis=0) for path in bars.get_paths()])
            for bars in (before, after)
        )
        moved = second - first
        assert np.allclose(moved, moved[0])  # the bump moves as it is
        steps.append(moved[0, 0])
    width_in, width_out = (
        np.ptp(bars.get_paths()[0].vertices[:, 0]) / 0.8 for bars in (before_in, before_out)
    )
    assert steps[0] / width_in == pytest.approx(5)
    assert steps[1] / width_out == pytest.approx(5)


def test_an_answer_that_does_more_than_move_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert index._facts()["answer_shift"] == 5
    monkeypatch.setattr(index, "SHIFT", 9)  # so far that the bump leaves on the right
    with pytest.raises(ValueError, match="is no shift of"):
        index._facts()


def test_the_caption_counts() -> None:
    caption = find_figure("three-ideas").words("caption")
    assert caption.numbers == (3, 6, 12, 3, 5, 5)
