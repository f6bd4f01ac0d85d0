"""What the last feature map sees: by the recurrence, and by flipping one pixel at a time.

A receptive field does not depend on channels nor, as far as they let anything pass, on weights. So
the networks run with very few channels and with positive weights, and on a black image without
biases: its answer is exactly 0, and an output that is not 0 has been reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.layers import Concat, Conv2d, Layer, MaxPool2d, PlacedSequential, Sequential
from mkdocs_cnn.layers.receptive_field import Field, ReceptiveField
from mkdocs_cnn.networks import networks

Array = Any
Moved = Callable[..., Array]

CHANNELS: dict[str, int | None] = {  # for the others 2: AlexNet's groups and a LayerNorm need them
    "lenet5_1998": None,  # its third layer chooses channels by number
    "densenet121": 1,  # for each layer: its blocks add up to 24 of them
}
BLACK = {"shifts": False, "frozen": True}


def thin(name: str) -> dict[str, int | None]:
    return {"channels": CHANNELS.get(name, 2)}


def seen(field: Field, outputs: int, pixels: Iterable[int]) -> Array:
    """For each pixel and each output, whether the recurrence says that it is seen."""
    return np.array(
        [[pixel in field.sees(output) for output in range(outputs)] for pixel in pixels]
    )


def seen_on_image(
    field: ReceptiveField, outputs: tuple[int, ...], pixels: list[tuple[int, int]]
) -> Array:
    """The same along both axes of an image at once."""
    along = zip(field.fields, outputs, zip(*pixels, strict=True), strict=True)
    rows, columns = (seen(*axis) for axis in along)
    return rows[:, :, None] & columns[:, None, :]


# -- numbers of the literature

# Size and stride. AlexNet, VGG-16, MobileNetV1 and the ResNets with their stride on the first 1 x 1
# are in the table of Araujo, Norris and Sim 2019; the others follow by hand from the layers.
LITERATURE = {
    "lenet5": (16, 4),
    "alexnet_two_gpus": (195, 32),
    "alexnet_no_groups": (195, 32),
    "vgg16": (212, 32),
    "resnet18": (435, 32),
    "resnet50": (427, 32),
    "resnet50_as_published": (483, 32),
    "resnet101_as_published": (1027, 32),
    "resnet152_as_published": (1507, 32),
    "mobilenet_v1": (315, 32),
    "mobilenet_v2": (491, 32),
}


@pytest.mark.parametrize("name", LITERATURE)
def test_receptive_fields_are_those_of_the_literature(name: str) -> None:
    field = networks[name].on().receptive_field
    assert (field.size, field.stride) == LITERATURE[name]


# The same table. Its other networks pad unevenly, as TensorFlow does, so theirs differs.
@pytest.mark.parametrize(("name", "padding"), [("alexnet_two_gpus", 64), ("vgg16", 90)])
def test_paddings_are_those_of_the_literature(name: str, padding: int) -> None:
    assert networks[name].on().receptive_field.padding == padding


@pytest.mark.parametrize("name", networks)
def test_the_last_part_of_the_features_sees_what_the_network_sees(name: str) -> None:
    placed = networks[name].on()
    last, _, _ = placed.features.runs[-1]
    (seen_last,) = (last_ for part, _, _, last_ in placed.parts_seen() if part == last)
    for step_by_step, at_once in zip(seen_last.fields, placed.receptive_field.fields, strict=True):
        assert step_by_step == at_once


# Simonyan and Zisserman 2014, configuration D, by hand: 3 x 3 adds two strides, a pooling one.
VGG_16 = (
    *(3, 5, 6),
    *(10, 14, 16),
    *(24, 32, 40, 44),
    *(60, 76, 92, 100),
    *(132, 164, 196, 212),
)


def test_rows_see_what_they_see_where_they_stand() -> None:
    rows = networks["vgg16"].on().features.rows.only("Conv2d", "MaxPool2d")
    assert tuple(int(row.receptive_field.size) for row in rows) == VGG_16


@pytest.mark.parametrize("name", networks)
def test_no_row_of_the_features_sees_more_than_the_last_map_and_one_sees_as_much(name: str) -> None:
    features = networks[name].on().features
    outside_gates = [row for row in features.rows if ".se." not in row.name]
    widest = max(row.receptive_field.size for row in outside_gates)
    assert widest == features.receptive_field.size


# -- at the usual input

UNREAD = {"squeezenet1_0": 1, "squeezenet1_1": 1}
"""Rows and columns at the end of the usual input that no window of the first layer reaches."""


def dim(*shape: int) -> Array:
    """An image of noise, so dim that no activation is cut off."""
    return np.random.default_rng(2).uniform(0, 0.001, shape)


def spread(height: int, width: int) -> list[tuple[int, int]]:
    """Pixels: three corners, the middle, and two anywhere."""
    rng = np.random.default_rng(1)
    anywhere = [(int(rng.integers(height)), int(rng.integers(width))) for _ in range(2)]
    corners = [(0, 0), (0, width - 1), (height - 1, width - 1)]
    return [*corners, (height // 2, width // 2), *anywhere]


@pytest.mark.parametrize("name", networks)
def test_a_pixel_moves_the_outputs_that_see_it(name: str, moved: Moved) -> None:
    network = networks[name]
    pixels = spread(*(size - UNREAD.get(name, 0) for size in network.input_shape[1:]))
    moving = moved(network.features, np.zeros(network.input_shape), pixels, **BLACK, **thin(name))
    placed = network.on()
    assert moving.shape[1:] == placed.features.output_shape[1:]
    by_recurrence = seen_on_image(placed.receptive_field, moving.shape[1:], pixels)
    np.testing.assert_array_equal(moving, by_recurrence)


@pytest.mark.parametrize("name", UNREAD)
def test_a_pixel_that_no_window_reaches_moves_nothing(name: str, moved: Moved) -> None:
    network = networks[name]
    last = network.input_shape[1] - 1
    image = np.zeros(network.input_shape)
    assert not moved(network.features, image, [(0, last), (last, 0)], **BLACK, **thin(name)).any()


@pytest.mark.parametrize("name", networks)
def test_at_an_odd_size_with_biases_nothing_else_moves(name: str, moved: Moved) -> None:
    # Where windows do not come out even, the last rows are read by fewer outputs than on an image
    # without end; and what moves too little to be told from rounding seems to rest.
    network = networks[name]
    image = dim(network.input_shape[0], 93, 117)
    pixels = spread(*image.shape[1:])
    moving = moved(network.features, image, pixels, frozen=True, **thin(name))
    field = network.features.on(*image.shape).receptive_field
    assert moving.any()
    assert not (moving & ~seen_on_image(field, moving.shape[1:], pixels)).any()


# -- on a strip that is longer than what is seen


def on_strip(layers: Sequential, channels: int, width: int) -> PlacedSequential:
    """The layers on the flattest strip on which they can stand."""
    for height in range(1, 100):
        try:
            return layers.on(channels, height, width)
        except ValueError:
            continue
    raise AssertionError("no height fits")


def long_enough(layers: Sequential, channels: int) -> PlacedSequential:
    """The layers on a strip on which a pixel in the middle is seen from both of its sides."""
    field = on_strip(layers, channels, 1000).receptive_field.fields[1]
    return on_strip(layers, channels, 2 * int(field.size) + 4 * int(field.stride))


def middle(placed: PlacedSequential) -> list[tuple[int, int]]:
    """Neighbouring pixels, one for each phase of the stride: together they try every offset."""
    _, height, width = map(int, placed.input_shape)
    stride = int(placed.receptive_field.fields[1].stride)
    return [(height // 2, width // 2 + phase) for phase in range(stride)]


def along_strip(placed: PlacedSequential, moved: Moved, **options: Any) -> Array:
    """For each pixel of the middle and each column of the output, whether it moves."""
    image = np.zeros(tuple(map(int, placed.input_shape)))
    return moved(placed.layer, image, middle(placed), **BLACK, **options).any(axis=1)


def expected(field: Field, placed: PlacedSequential, outputs: int) -> Array:
    return seen(field, outputs, [column for _, column in middle(placed)])


@pytest.mark.parametrize("name", networks)
def test_fields_by_recurrence_are_fields_by_perturbation(name: str, moved: Moved) -> None:
    network = networks[name]
    placed = long_enough(network.features, network.input_shape[0])
    height, width = placed.receptive_field.fields
    moving = along_strip(placed, moved, **thin(name))
    by_recurrence = expected(width, placed, moving.shape[1])
    assert not by_recurrence[:, [0, -1]].any()  # both ends of the field are on the strip
    assert by_recurrence.sum() == width.size  # each offset is tried once
    # No network has holes: all of the stretch moves, not just its ends. Where a 1 x 1 of stride 2
    # passes over units, as in the first ResNets, their neighbours see the same pixels.
    np.testing.assert_array_equal(moving, by_recurrence)
    assert (height.size, height.stride, height.padding) == (width.size, width.stride, width.padding)


# -- through gates


def test_through_a_gate_every_output_sees_the_whole_image(moved: Moved) -> None:
    network = networks["efficientnet_b0"]
    placed = long_enough(network.features, 3)
    # A black image would stay black: what gates multiply would be 0.
    image = dim(*map(int, placed.input_shape))
    frozen, live = (
        moved(network.features, image, middle(placed), frozen=at_rest, **thin(network.name))
        for at_rest in (True, False)
    )
    assert live.all()
    field = placed.receptive_field
    assert not (frozen.any(axis=1) & ~expected(field.fields[1], placed, live.shape[2])).any()
    assert "through a gate every output sees more" in field.warnings[0]


@pytest.mark.parametrize("name", networks)
def test_only_efficientnet_warns(name: str) -> None:
    warned = bool(networks[name].on().receptive_field.warnings)
    assert warned == (name == "efficientnet_b0")


# -- what no published network does


def test_branches_that_look_to_different_sides_see_the_stretch_that_holds_both(
    moved: Moved,
) -> None:
    left = Conv2d(3, 2, 3, stride=2, padding=1)  # output i sees from 2i - 1 to 2i + 1
    right = MaxPool2d(3, stride=2, ceil_mode=True)  # and here from 2i to 2i + 2
    layers = Sequential(both=Concat(left=left, right=right), conv=Conv2d(5, 2, 3, padding=1))
    placed = layers.on(3, 8, 40)
    field = placed.receptive_field
    assert (field.size, field.stride, field.padding) == (8, 2, 3)
    moving = along_strip(placed, moved)
    np.testing.assert_array_equal(moving, expected(field.fields[1], placed, moving.shape[1]))
    assert "'left' and 'right' are misaligned along the width: centres 0 and 1" in field.warnings[1]


def test_a_field_with_holes_is_the_stretch_from_the_first_to_the_last_pixel_that_moves(
    moved: Moved,
) -> None:
    every_other = Conv2d(3, 2, 1, stride=2)
    placed = Sequential(every_other, Conv2d(2, 2, 3, padding=1)).on(3, 8, 40)
    field = placed.receptive_field.fields[1]
    moving = along_strip(placed, moved)
    offsets = [
        column - output * int(field.stride)
        for (_, column), outputs in zip(middle(placed), moving, strict=True)
        for output in np.flatnonzero(outputs)
    ]
    assert sorted(offsets) == [-2, 0, 2]
    assert field.sees(0) == range(-2, 3)


# -- a network that is not what it says


def changed(layer: Layer, place: str, **arguments: Any) -> Any:
    """The layers with other arguments for the one in this place."""
    if not place:
        return replace(layer, **arguments)  # type: ignore[type-var]  # every layer is a dataclass
    name, _, rest = place.partition(".")
    parts = dict(layer.parts)  # type: ignore[attr-defined]  # only these have places
    return type(layer)(**{**parts, name: changed(parts[name], rest, **arguments)})


@pytest.mark.parametrize(
    ("name", "place", "arguments"),
    [
        ("lenet5", "conv2", {"padding": 1}),
        ("alexnet", "conv1", {"padding": 1}),
        ("alexnet_two_gpus", "pool2", {"kernel_size": 2}),
        ("vgg16", "conv3_2", {"padding": 0}),
        ("googlenet", "inception4c.branch3.conv.conv", {"kernel_size": 5, "padding": 2}),
        ("resnet18", "maxpool", {"stride": 1}),
        ("resnet50", "layer3.1.block.body.conv2", {"kernel_size": 1, "padding": 0}),
        ("mobilenet_v2", "block14.depthwise.conv", {"stride": 1}),
        ("efficientnet_b0", "stage1.0.depthwise.conv", {"kernel_size": 5, "padding": 2}),
        ("squeezenet1_1", "pool5", {"padding": 1}),
    ],
)
def test_perturbation_finds_a_change_of_one_layer(
    name: str, place: str, arguments: dict[str, int], moved: Moved
) -> None:
    as_it_is = long_enough(networks[name].features, networks[name].input_shape[0])
    altered = changed(as_it_is.layer, place, **arguments)
    other = long_enough(altered, networks[name].input_shape[0])
    moving = along_strip(other, moved, **thin(name))
    for placed, agrees in ((other, True), (as_it_is, False)):
        field = placed.receptive_field.fields[1]
        assert np.array_equal(moving, expected(field, other, moving.shape[1])) == agrees
