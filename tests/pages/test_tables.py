"""Tables of layers and of numbers, and the table of what breaks equivariance."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from mkdocs_cnn import Conv2d
from mkdocs_cnn.arrays.declaration import measure
from mkdocs_cnn.arrays.operations import OPERATIONS
from mkdocs_cnn.pages import html as render
from mkdocs_cnn.pages import tables
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain
from mkdocs_cnn.registry import UnknownNameError

LESSON = Conv2d(3, 6, kernel_size=5).on(3, 32, 32)


def show(number: Quantity, text: str = "") -> str:
    return render.number(number, text or plain(number.value), "cnn-111111111111")


def test_a_table_has_a_heading_for_every_row_and_column() -> None:
    rows = {"ours": LESSON, "its dense layer": LESSON.dense}
    html = tables.table(rows, ["weights", "output_shape"][:1], show, caption="Weights")
    soup = BeautifulSoup(html, "html.parser")
    assert [th.get_text() for th in soup.select('th[scope="col"]')] == ["Weights"]
    assert [th.get_text() for th in soup.select('th[scope="row"]')] == list(rows)
    assert [td.get_text() for td in soup.select("tbody td")] == ["450", "14,450,688"]
    assert soup.caption is not None
    assert all(th.get_text() for th in soup.select("th"))  # a heading may not be empty


def test_a_table_takes_numbers_shapes_and_words() -> None:
    html = tables.table({"a": [LESSON.macs, LESSON.input_shape, "b"]}, "xyz", show, caption="")
    soup = BeautifulSoup(html, "html.parser")
    assert [td.get_text() for td in soup.select("tbody td")] == ["352,800", "32 × 32 × 3", "b"]
    assert soup.caption is None


def test_a_column_that_no_layer_has_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="no column named 'wieghts'; did you mean 'weights'"):
        tables.table({"a": LESSON}, ["wieghts"], show, caption="")


@pytest.mark.parametrize("cells", [[], [1], [1, 2, 3]])
def test_a_row_has_a_cell_for_every_column(cells: list[int]) -> None:
    with pytest.raises(ValueError, match=f"row 'a' has {len(cells)} cells for 2 columns"):
        tables.table({"a": cells}, ["x", "y"], show, caption="")


# -- what breaks equivariance


def cells(row: Tag) -> list[str]:
    return [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]


@pytest.fixture(scope="module")
def table() -> BeautifulSoup:
    html = tables.breaks_table("noise", (0, 2), show)
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
            wanted = measure(
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
    html = tables.breaks_table("noise", by, show)
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
        tables.breaks_table(image, by, show)
