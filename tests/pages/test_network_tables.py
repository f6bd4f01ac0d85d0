"""Tables of networks: held against torchvision's counts and against what the papers say."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup, Tag

from mkdocs_cnn import Conv2d, MaxPool2d, Sequential, networks
from mkdocs_cnn.pages import html as render
from mkdocs_cnn.pages import network_tables
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.quantities.rounding import plain


def show(number: Quantity, text: str = "") -> str:
    return render.number(number, text or plain(number.value), "cnn-111111111111")


def parsed(html: str) -> BeautifulSoup:
    assert "\n" not in html  # Markdown ends a block there
    return BeautifulSoup(html, "html.parser")


def cells(row: Tag) -> list[str]:
    return [cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])]


@pytest.fixture(scope="module")
def table() -> BeautifulSoup:
    cite = "<a>{}</a>".format
    return parsed(network_tables.all_networks(networks, show, cite, "../networks.csv"))


def test_every_network_has_a_row_in_the_order_of_the_years(table: BeautifulSoup) -> None:
    rows = table.select("tbody tr")
    assert [row["data-keywords"] for row in rows] == list(networks)
    years = [int(cells(row)[-2]) for row in rows]
    assert years == sorted(years)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        # parameters and MACs as torchvision counts them; shares by hand: 14,714,688 of VGG-16's
        # parameters and 15,346,630,656 of its MACs are convolutions'
        ("vgg16", "138,357,544 10.6 15,470,264,320 99.2 212 32 2014 simonyan-2014"),
        # 23,454,912 and 4,087,136,256 of ResNet-50's
        ("resnet50", "25,557,032 91.8 4,089,184,256 99.9 427 32 2015 he-2015"),
        ("squeezenet1_0", "1,248,424 100.0 818,924,576 100.0 155 16 2016 iandola-2016"),
    ],
)
def test_a_row_has_the_networks_totals_and_source(
    table: BeautifulSoup, name: str, row: str
) -> None:
    (found,) = table.select(f'tr[data-keywords="{name}"]')
    assert cells(found)[1:] == row.split()


def test_a_network_without_a_paper_cites_none() -> None:
    def cite(source: str) -> str:
        raise AssertionError(source)

    unpublished = {"mine": replace(networks["vgg16"], source="")}
    (row,) = parsed(network_tables.all_networks(unpublished, show, cite, "")).select("tbody tr")
    assert cells(row)[-1] == ""


def test_dense_layers_at_every_position_are_convolutions(table: BeautifulSoup) -> None:
    # Of ConvNeXt-T's parameters only 769,000 in its classifier and the normalisations' are not.
    (row,) = table.select('tr[data-keywords="convnext_tiny"]')
    placed = networks["convnext_tiny"].on()
    outside = 769_000 + int(placed.rows.only("LayerNorm", "Scale").parameters)
    assert cells(row)[2] == f"{100 * (1 - outside / 28_589_128):.1f}"


def test_numbers_open_and_a_variant_is_told(table: BeautifulSoup) -> None:
    (row,) = table.select('tr[data-keywords="resnet50_as_published"]')
    assert len(row.select("button.cnn-number")) == 6
    variant = row.select_one(".cnn-variant")
    assert variant is not None
    assert "first published" in variant.get_text()


def test_the_rows_lead_to_the_layers(table: BeautifulSoup) -> None:
    for link in table.select("tbody th a"):
        name = str(link["href"]).removeprefix("#network-")
        folded = parsed(network_tables.one_network(networks[name], show, "x.csv"))
        assert folded.select(f"details #network-{name}")  # within, so that following it unfolds


def test_the_file_of_all_networks_says_the_same_as_the_table() -> None:
    lines = list(csv.DictReader(io.StringIO(network_tables.networks_csv(networks))))
    vgg = next(line for line in lines if line["name"] == "vgg16")
    expected = {
        "title": "VGG-16",
        "year": "2014",
        "input_shape": "3x224x224",
        "parameters": "138357544",
        "macs": "15470264320",
        "receptive_field": "212",
        "stride": "32",
        "padding": "90",
    }
    assert [line["name"] for line in lines] == list(networks)
    assert {key: vgg[key] for key in expected} == expected


# -- one network


def part_rows(name: str) -> dict[str, list[str]]:
    html = network_tables.one_network(networks[name], show, "x.csv")
    return {cells(row)[0]: cells(row)[1:] for row in parsed(html).select("tbody tr")}


def test_the_parts_of_resnet_50_are_those_of_the_papers_table() -> None:
    rows = part_rows("resnet50")
    assert list(rows) == [
        *("conv1", "bn1", "maxpool", "layer1", "layer2", "layer3", "layer4", "avgpool", "fc"),
        "in all",
    ]
    assert rows["conv1"] == ["112 × 112 × 64", "9,408", "118,013,952", "7", "2"]
    assert rows["layer2"] == ["28 × 28 × 512", "1,219,584", "1,027,604,480", "91", "8"]
    assert rows["layer4"][-2:] == ["427", "32"]
    assert rows["fc"] == ["1000", "2,049,000", "2,048,000", "", ""]
    assert rows["in all"] == ["", "25,557,032", "4,089,184,256", "427", "32"]


@pytest.mark.parametrize("name", networks)
def test_the_parts_add_up_to_the_whole(name: str) -> None:
    rows = part_rows(name)
    whole = rows.pop("in all")
    times = {part: _times(part) for part in rows}
    for column in (1, 2):
        numbers = {part: int(row[column].replace(",", "")) for part, row in rows.items()}
        added = sum(times[part] * number for part, number in numbers.items())
        assert added == int(whole[column].replace(",", ""))


def _times(part: str) -> int:
    first, _, last = part.removesuffix(", each").partition(" to ")
    numbers = [int(found[0]) for name in (first, last) if (found := re.findall(r"\d+$", name))]
    return numbers[1] - numbers[0] + 1 if last else 1


def test_like_parts_behind_each_other_show_what_the_first_and_the_last_see() -> None:
    assert part_rows("mobilenet_v1")["block8 to block12, each"][-2:] == ["91 to 219", "16"]


def test_a_gate_that_sees_more_is_told_below_the_table() -> None:
    html = network_tables.one_network(networks["efficientnet_b0"], show, "x.csv")
    assert "through a gate every output sees more" in html
    assert "through a gate" not in network_tables.one_network(networks["vgg16"], show, "x.csv")


@pytest.mark.parametrize("name", ["vgg16", "densenet121", "lenet5_1998"])
def test_the_file_of_a_network_has_every_layer_and_adds_up(name: str) -> None:
    placed = networks[name].on()
    lines = list(csv.DictReader(io.StringIO(network_tables.layers_csv(placed))))
    assert [line["layer"] for line in lines] == [row.name for row in placed.rows]
    assert sum(int(line["parameters"]) for line in lines) == placed.parameters
    assert sum(int(line["macs"]) for line in lines) == placed.macs


# -- the field, step by step


def test_the_receptive_field_of_lenet_grows_step_by_step() -> None:
    layers = Sequential(Conv2d(1, 6, 5), MaxPool2d(2), Conv2d(6, 16, 5), MaxPool2d(2))
    rows = parsed(network_tables.field_steps(layers.on(1, 32, 32), show)).select("tbody tr")
    assert [cells(row) for row in rows] == [
        ["1. Conv2d", "5", "1", "5", "1"],
        ["2. MaxPool2d", "2", "2", "6", "2"],
        ["3. Conv2d", "5", "1", "14", "2"],
        ["4. MaxPool2d", "2", "2", "16", "4"],
    ]


def test_layers_that_add_nothing_to_the_field_are_left_out() -> None:
    html = network_tables.field_steps(networks["vgg16"].on().features, show)
    names = [cells(row)[0] for row in parsed(html).select("tbody tr")]
    assert len(names) == 13 + 5
    assert names[:3] == ["conv1_1, Conv2d", "conv1_2, Conv2d", "pool1, MaxPool2d"]


def test_a_field_whose_axes_differ_is_refused() -> None:
    with pytest.raises(ValueError, match="no size common to its axes"):
        network_tables.field_steps(Conv2d(1, 1, (3, 5)).on(1, 9, 9), show)
