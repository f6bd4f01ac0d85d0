"""Measured numbers on pages, and the table of what breaks equivariance."""

from __future__ import annotations

import json
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from mkdocs_cnn.arrays.operations import OPERATIONS
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.pages import html as render
from mkdocs_cnn.pages import measured
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.registry import UnknownNameError

# `mkdocs_cnn.arrays` has a function of the module's name.
measurements = import_module("mkdocs_cnn.arrays.measurement")


def show(number: Quantity, text: str = "") -> str:
    return render.number(number, text or plain(number.value), "cnn-1")


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def kept(cache: Cache) -> list[Path]:
    return sorted(cache.folder.glob("*.json"))


# -- by name


def test_a_measurement_gives_its_numbers_as_attributes(cache: Cache) -> None:
    found = measured.numbers(cache, "break", {"by": [0, 2]})
    assert (found.differing, found.outputs, found.share) == (128, 1024, Fraction(4, 32))
    assert found.share.worked == "128 / 1,024 = 0.125"


def test_what_was_measured_is_not_measured_again(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = measured.numbers(cache, "break", {"by": [0, 1]})
    monkeypatch.delattr(measurements, "measure")
    again = measured.numbers(cache, "break", {"by": (0, 1)})
    assert vars(again) == vars(first)
    assert [again.share.worked, again.share.name] == [first.share.worked, first.share.name]
    with pytest.raises(ImportError):
        measured.numbers(cache, "break", {"by": [0, 2]})


def test_a_number_that_changed_in_what_was_kept_is_seen(cache: Cache) -> None:
    measured.numbers(cache, "break", {})
    (file,) = kept(cache)
    numbers = json.loads(file.read_text(encoding="utf-8"))
    numbers["differing"][0][0] = 129
    file.write_text(json.dumps(numbers), encoding="utf-8")
    assert measured.numbers(cache, "break", {}).differing == 129


@pytest.mark.parametrize("changed", ["sources_digest", "versions"])
def test_other_sources_and_another_numpy_are_measured_anew(
    cache: Cache, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured.numbers(cache, "break", {})
    monkeypatch.setattr(measured, changed, lambda *_: "changed")
    measured.numbers(cache, "break", {})
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
            measured.numbers(cache, name, parameters)
    assert kept(cache) == []


# -- the table


def cells(row: Tag) -> list[str]:
    return [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]


@pytest.fixture(scope="module")
def table() -> BeautifulSoup:
    html = measured.breaks_table("noise", (0, 2), show)
    assert "\n" not in html  # Markdown ends a block there
    return BeautifulSoup(html, "html.parser")


def test_every_operation_has_its_group_of_rows(table: BeautifulSoup) -> None:
    groups = table.find_all("tbody")
    titles = [group.find("th", scope="rowgroup").get_text() for group in groups]
    assert titles == ["Convolution", "Max pooling", "Average pooling", "Blur pooling"]
    for group in groups:
        _, *rows = group.find_all("tr")
        settings = [tuple(cells(row)[:3]) for row in rows]
        assert len(set(settings)) == len(settings) == 4 * 2 * 2
        assert {setting[0] for setting in settings} == {"zeros", "circular", "reflect", "edge"}


def test_rows_have_as_many_cells_as_there_are_headings(table: BeautifulSoup) -> None:
    head, *rows = table.find_all("tr")
    for row in rows:
        width = sum(int(cell.get("colspan", 1)) for cell in row.find_all(["th", "td"]))
        assert width == len(cells(head)) == 6


@pytest.mark.parametrize(
    ("setting", "share"),
    [
        ("zeros 1 1", "0.125"),  # 4/32
        ("edge 1 2", "0.1875"),  # two columns at the right, four at the left
        ("circular 1 2", "0"),
        ("reflect 2 1", "0.125"),  # 2/16
        ("circular 2 1", "0"),
        ("circular 2 2", "1"),  # two pixels are half of two strides of two
    ],
)
def test_a_row_says_what_a_hand_counts(table: BeautifulSoup, setting: str, share: str) -> None:
    sums = [group for at, group in enumerate(table.find_all("tbody")) if at != 1]
    for group in sums:
        (row,) = (row for row in group.find_all("tr") if " ".join(cells(row)[:3]) == setting)
        assert cells(row)[3:5] == [share, share]
        assert (cells(row)[5] == "0") == (share == "0")


def test_every_row_of_the_table_is_the_measurement_of_its_setting(table: BeautifulSoup) -> None:
    for operation, group in zip(OPERATIONS, table.find_all("tbody"), strict=True):
        for row in group.find_all("tr")[1:]:
            mode, stride, depth, share, predicted, norm = cells(row)
            wanted = measurements.measure(
                "break",
                operation=operation,
                padding_mode=mode,
                stride=int(stride),
                depth=int(depth),
            )
            assert float(share) == pytest.approx(float(wanted["share"]), rel=1e-3)
            assert float(norm) == pytest.approx(float(wanted["norm"]), rel=0.005)
            assert (predicted == "–") == ("predicted" not in wanted)


def test_every_number_of_the_table_opens(table: BeautifulSoup) -> None:
    missing = sum(cells(row)[4:5] == ["–"] for row in table.find_all("tr"))
    assert missing == sum(cells(row)[:1] != ["circular"] for row in max_pooling(table)) + 1
    assert len(table.find_all("button")) == 3 * 64 - missing


def max_pooling(table: BeautifulSoup) -> list[Tag]:
    rows: list[Tag] = table.find_all("tbody")[1].find_all("tr")[1:]
    return rows


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ((0, 2), "Windows of 3 × 3 on 32 × 32 pixels of integer noise, moved 2 columns right"),
        ([-1, -4], "moved 1 row up and 4 columns left on a ring"),
        ((1, 0), "moved 1 row down on a ring"),
        ((0, 0), "moved by nothing on a ring"),
    ],
)
def test_the_caption_says_image_and_shift(by: Any, said: str) -> None:
    html = measured.breaks_table("noise", by, show)
    assert said in BeautifulSoup(html, "html.parser").caption.get_text()


@pytest.mark.parametrize(
    ("image", "by", "message"),
    [
        ("nose", (0, 2), "no image named 'nose'; did you mean 'noise'"),
        ("noise", 2, r"by must be two integers \(down, right\), not 2"),
    ],
)
def test_a_table_of_nothing_is_refused(image: str, by: Any, message: str) -> None:
    with pytest.raises((UnknownNameError, TypeError), match=message):
        measured.breaks_table(image, by, show)
