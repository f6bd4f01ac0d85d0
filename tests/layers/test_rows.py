from __future__ import annotations

from mkdocs_cnn.layers import (
    Concat,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
)

NETWORK = Sequential(
    stem=Sequential(conv=Conv2d(1, 4, 3), relu=ReLU()),
    pool=MaxPool2d(2),
    block=Residual(Sequential(conv1=Conv2d(4, 4, 3, padding=1), relu=ReLU()), Conv2d(4, 4, 1)),
    fork=Concat(one=Conv2d(4, 2, 1), three=Conv2d(4, 2, 3, padding=1)),
    flatten=Flatten(),
    fc=Linear(100, 10),
).on(1, 12, 12)

BY_HAND = [  # name, kind, output shape, parameters, receptive field
    ("stem.conv", "Conv2d", (4, 10, 10), 40, 3),
    ("stem.relu", "ReLU", (4, 10, 10), 0, 3),
    ("pool", "MaxPool2d", (4, 5, 5), 0, 4),
    ("block.conv1", "Conv2d", (4, 5, 5), 148, 8),
    ("block.relu", "ReLU", (4, 5, 5), 0, 8),
    ("block.shortcut", "Conv2d", (4, 5, 5), 20, 4),
    ("fork.one", "Conv2d", (2, 5, 5), 10, 8),
    ("fork.three", "Conv2d", (2, 5, 5), 74, 12),
    ("flatten", "Flatten", (100,), 0, 20),
    ("fc", "Linear", (10,), 1_010, 20),
]


def test_rows_are_the_layers_in_order_each_with_its_place_and_its_field() -> None:
    assert [
        (
            row.name,
            row.kind,
            row.placed.output_shape,
            row.placed.parameters,
            row.receptive_field.size,
        )
        for row in NETWORK.rows
    ] == BY_HAND


def test_a_row_knows_the_field_of_what_it_reads() -> None:
    assert [int(row.before.size) for row in NETWORK.rows] == [1, 3, 3, 4, 8, 4, 8, 8, 12, 20]


def test_a_row_shows_one_step_of_the_recurrence() -> None:
    pool, conv1 = (row.receptive_field for row in NETWORK.rows[2:4])
    assert (pool.size.worked, pool.stride.worked) == ("3 + 2 − 1 = 4", "2")
    assert conv1.size.worked == "4 + (3 − 1) · 2 = 8"
    assert conv1.size.formula == "r_in + (k_h − 1) j_in"


def test_a_single_layer_is_its_own_row() -> None:
    layer = Conv2d(3, 6, 5).on(3, 32, 32)
    (row,) = layer.rows
    assert (row.name, row.placed) == ("", layer)
    assert row.receptive_field == layer.receptive_field


def test_only_some_kinds_are_kept_in_order() -> None:
    rows = NETWORK.rows
    kept = rows.only("Linear", "MaxPool2d")
    assert [row.name for row in kept] == ["pool", "fc"]
    assert rows.only("GELU") == ()
    assert rows.only("Conv2d").parameters == 40 + 148 + 20 + 10 + 74


def test_totals_are_sums_that_name_how_many_layers() -> None:
    rows = NETWORK.rows
    by_hand = {
        "parameters": (1_302, "parameter", "parameters of 10 layers"),
        "weights": (36 + 144 + 16 + 8 + 72 + 1_000, "weight", "weights of 10 layers"),
        "macs": (3_600 + 25 * (144 + 16 + 8 + 72) + 1_000, "MAC", "MACs of 10 layers"),
        # a padded 3 x 3 window on 5 x 5 units touches 13 · 13 of them
        "connections": (
            3_600 + 400 + 16 * 169 + 400 + 200 + 8 * 169 + 1_000,
            "connection",
            "connections of 10 layers",
        ),
        "outputs": (800 + 100 * 4 + 50 * 2 + 100 + 10, "output", "outputs of 10 layers"),
    }
    for name, expected in by_hand.items():
        number = getattr(rows, name)
        assert (number, number.unit, number.name) == expected, name
