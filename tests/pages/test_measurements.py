"""Measured numbers on pages."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mkdocs_cnn.arrays import declaration
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.pages import measurements
from mkdocs_cnn.registry import UnknownNameError


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def kept(cache: Cache) -> list[Path]:
    return sorted(cache.folder.glob("*.json"))


def test_a_measurement_gives_its_numbers_as_attributes(cache: Cache) -> None:
    found = measurements.numbers(cache, "break", {"by": [0, 2]})
    assert (found.differing, found.outputs, found.share) == (128, 1024, Fraction(4, 32))
    assert found.share.worked == "128 / 1,024 = 0.125"


def test_what_was_measured_is_not_measured_again(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = measurements.numbers(cache, "break", {"by": [0, 1]})
    monkeypatch.delattr(declaration, "measure")
    again = measurements.numbers(cache, "break", {"by": (0, 1)})
    assert vars(again) == vars(first)
    assert [again.share.worked, again.share.name] == [first.share.worked, first.share.name]
    with pytest.raises(ImportError):
        measurements.numbers(cache, "break", {"by": [0, 2]})


def test_a_number_that_changed_in_what_was_kept_is_seen(cache: Cache) -> None:
    measurements.numbers(cache, "break", {})
    (file,) = kept(cache)
    numbers = json.loads(file.read_text(encoding="utf-8"))
    numbers["differing"][0][0] = 129
    file.write_text(json.dumps(numbers), encoding="utf-8")
    assert measurements.numbers(cache, "break", {}).differing == 129


@pytest.mark.parametrize("changed", ["cache.sources_digest", "pages.measurements.versions"])
def test_other_sources_and_another_numpy_are_measured_anew(
    cache: Cache, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    measurements.numbers(cache, "break", {})
    monkeypatch.setattr(f"mkdocs_cnn.{changed}", lambda *_: "changed")
    measurements.numbers(cache, "break", {})
    assert len(kept(cache)) == 2


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("brake", {}, "no measurement named 'brake'; did you mean 'break'"),
        ("break", {"bye": [0, 1]}, "no argument 'bye'; did you mean 'by'"),
        ("break", {"by": object}, r"by must be two integers \(down, right\), not <class 'object'>"),
    ],
)
def test_a_mistake_is_made_again_every_time_and_never_kept(
    cache: Cache, name: str, parameters: dict[str, Any], message: str
) -> None:
    for _ in range(2):
        with pytest.raises((UnknownNameError, TypeError), match=message):
            measurements.numbers(cache, name, parameters)
    assert kept(cache) == []
