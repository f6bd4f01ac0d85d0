from __future__ import annotations

import random
from typing import Any

import pytest

from mkdocs_cnn.layers import (
    LAYERS,
    AdaptiveAvgPool2d,
    AvgPool2d,
    BatchNorm2d,
    Concat,
    Conv1d,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    Gate,
    Identity,
    Layer,
    LayerNorm,
    Linear,
    LocallyConnected2d,
    MaxPool2d,
    ReLU,
    Residual,
    Select,
    Sequential,
    Sigmoid,
    squeeze_excitation,
)
from mkdocs_cnn.layers.sequential import MisplacedError
from mkdocs_cnn.quantities.quantity import Quantity

Tree = tuple[Layer, list[str], int]


def tree(rng: random.Random, channels: int, depth: int) -> Tree:
    """A random network, the names of its rows by hand, and the channels that it gives."""
    kinds = [sequence, residual, concat, gate] if depth else [leaf]
    return rng.choice(kinds)(rng, channels, depth - 1)


def leaf(rng: random.Random, channels: int, _: int) -> Tree:
    outer, kernel = rng.randint(1, 4), rng.choice([1, 3, 5])
    layer, given = rng.choice(
        [
            (Conv2d(channels, outer, kernel, padding="same"), outer),
            (LocallyConnected2d(channels, outer, kernel, padding=kernel // 2, bias=False), outer),
            (ConvTranspose2d(channels, outer, kernel, padding=kernel // 2), outer),
            (MaxPool2d(3, stride=1, padding=1), channels),
            (BatchNorm2d(channels), channels),
            (Linear(channels, outer), outer),
            (ReLU(), channels),
        ]
    )
    return layer, [""], given


def below(name: str, names: list[str]) -> list[str]:
    return [f"{name}.{inner}".strip(".") for inner in names]


def sequence(rng: random.Random, channels: int, depth: int) -> Tree:
    parts, names = [], []
    for at in range(rng.randint(1, 4)):
        part, inner, channels = tree(rng, channels, depth)
        parts.append(part)
        names += below(str(at), inner)
    return Sequential(*parts), names, channels


def residual(rng: random.Random, channels: int, depth: int) -> Tree:
    body, names, outer = tree(rng, channels, depth)
    if outer == channels and rng.random() < 0.7:
        return Residual(body), names, outer
    shortcut = Conv2d(channels, outer, 1, bias=False)
    return Residual(body, shortcut), [*names, "shortcut"], outer


def concat(rng: random.Random, channels: int, depth: int) -> Tree:
    labels = ["left", "right", "middle"][: rng.randint(1, 3)]
    branches = {label: tree(rng, channels, depth) for label in labels}
    names = [name for label in labels for name in below(label, branches[label][1])]
    layers = {label: branch[0] for label, branch in branches.items()}
    return Concat(**layers), names, sum(branch[2] for branch in branches.values())


def gate(rng: random.Random, channels: int, _: int) -> Tree:
    names = ["avgpool", "fc1", "activation", "fc2", "scale_activation"]
    return squeeze_excitation(channels, rng.randint(1, 3)), names, channels


# -- sums


COUNTS = ("parameters", "weights", "macs", "connections")


def test_the_counts_of_a_network_are_the_sums_over_its_rows() -> None:
    rng = random.Random(1)
    for _ in range(150):
        channels = rng.randint(1, 4)
        layer, names, outer = tree(rng, channels, 3)
        placed = layer.on(channels, 6, 5)
        rows = placed.rows
        assert [row.name for row in rows] == names, layer
        assert placed.output_shape == (outer, 6, 5), layer
        for count in (*COUNTS, "activations"):
            each = sum(int(getattr(row.placed, count)) for row in rows)
            assert getattr(placed, count) == each, (layer, count)
            assert getattr(placed, count).unit == getattr(rows[0].placed, count).unit
        for count in COUNTS:
            assert getattr(rows, count) == getattr(placed, count), (layer, count)


def test_every_row_counts_what_its_layer_counts_on_that_input() -> None:
    rng = random.Random(2)
    for _ in range(50):
        layer, *_ = tree(rng, 3, 3)
        for row in layer.on(3, 6, 5).rows:
            alone = row.placed.layer.on(*map(int, row.placed.input_shape))
            assert [getattr(row.placed, count) for count in COUNTS] == [
                getattr(alone, count) for count in COUNTS
            ]
            assert row.placed.output_shape == alone.output_shape


BOTTLENECK = Sequential(
    conv1=Conv2d(256, 64, 1, bias=False),
    bn1=BatchNorm2d(64),
    conv2=Conv2d(64, 64, 3, padding=1, bias=False),
    bn2=BatchNorm2d(64),
    conv3=Conv2d(64, 256, 1, bias=False),
    bn3=BatchNorm2d(256),
)
PROJECTION = Sequential(conv=Conv2d(256, 256, 1, bias=False), bn=BatchNorm2d(256))


def test_resnets_bottleneck_has_as_many_parameters_as_torchvision_says() -> None:
    assert Residual(BOTTLENECK).on(256, 56, 56).parameters == 70_400
    assert Residual(BOTTLENECK, PROJECTION).on(256, 56, 56).parameters == 70_400 + 65_536 + 512


def test_like_parts_that_follow_each_other_share_a_term() -> None:
    stage = Sequential(
        Conv2d(3, 256, 1), Residual(BOTTLENECK), Residual(BOTTLENECK), ReLU(), Residual(BOTTLENECK)
    ).on(3, 56, 56)
    parameters = stage.parameters
    assert parameters.worked == "1,024 + 2 · 70,400 + 70,400 = 212,224"
    assert [step.name for step in parameters.steps] == ["0", "1 to 2, each", "4"]
    assert (parameters.name, stage.macs.name) == ("parameters", "MACs")


def test_equal_parts_on_different_inputs_have_terms_of_their_own() -> None:
    shrinking = Sequential(*[Conv2d(1, 1, 3)] * 3).on(1, 9, 9)
    assert shrinking.macs.worked == "441 + 225 + 81 = 747"
    assert shrinking.parameters.worked == "10 + 10 + 10 = 30"


def test_what_has_none_says_so() -> None:
    nothing = Sequential(ReLU(), MaxPool2d(2)).on(3, 8, 8)
    assert (nothing.parameters.worked, nothing.parameters.unit) == ("0", "parameter")
    assert (nothing.macs.worked, nothing.macs.unit) == ("0", "MAC")


def test_channels_of_branches_are_joined() -> None:
    placed = Concat(Conv2d(3, 4, 1), b=Conv2d(3, 5, 1), c=Identity()).on(3, 6, 6)
    assert placed.output_shape == (12, 6, 6)
    assert placed.output_shape[0].worked == "4 + 5 + 3 = 12"


def test_vectors_are_joined_too() -> None:
    joined = Concat(Linear(5, 3), Sequential(Linear(5, 4), ReLU())).on(5)
    assert (joined.output_shape, joined.parameters) == ((7,), 18 + 24)


def test_sizes_are_handed_on_as_bare_numbers() -> None:
    placed = Sequential(Conv2d(3, 6, 5), Conv2d(6, 6, 5)).on(3, 32, 32)
    assert placed.output_shape[1].worked == "28 − 5 + 1 = 24"
    assert placed.output_shape[1].steps == ()


@pytest.mark.parametrize(
    ("channels", "squeezed", "parameters", "macs"),
    [
        (64, 4, 64 * 4 + 4 + 4 * 64 + 64, 2 * 64 * 4),  # the paper's, with biases
        (16, 8, 16 * 8 + 8 + 8 * 16 + 16, 2 * 16 * 8),  # MobileNetV3's first
    ],
)
def test_squeeze_and_excitation_is_two_dense_layers_on_the_means(
    channels: int, squeezed: int, parameters: int, macs: int
) -> None:
    placed = squeeze_excitation(channels, squeezed).on(channels, 14, 14)
    assert (placed.parameters, placed.macs) == (parameters, macs)
    assert placed.connections == channels * 14 * 14 + macs
    assert placed.output_shape == (channels, 14, 14)
    kinds = ["AdaptiveAvgPool2d", "Conv2d", "ReLU", "Conv2d", "Sigmoid"]
    assert [row.kind for row in placed.rows] == kinds


def test_the_activation_between_squeeze_and_excitation_can_be_another() -> None:
    kinds = [row.kind for row in squeeze_excitation(8, 2, Dropout()).on(8, 4, 4).rows]
    assert kinds[2] == "Dropout"


@pytest.mark.parametrize("branch", [Sequential(AdaptiveAvgPool2d(1), Sigmoid()), Sigmoid()])
def test_a_gate_takes_a_value_for_each_channel_or_for_each_value(branch: Layer) -> None:
    assert Gate(branch).on(3, 8, 8).output_shape == (3, 8, 8)


# -- memory


def test_equal_layers_of_different_kinds_are_kept_apart() -> None:
    part = Conv2d(3, 3, 3, padding=1)
    for kind, channels in [(Sequential, 3), (Concat, 6), (Sequential, 3)] * 2:
        inner = kind(part, part)
        assert Sequential(inner).on(3, 8, 8).output_shape == (channels, 8, 8)


def test_lists_are_as_good_as_tuples() -> None:
    one, pair, both = [3, 3], [1, 1], [[1, 1], [1, 1]]
    network = Sequential(
        Conv2d(3, 4, one, stride=pair, padding=both, dilation=pair),
        LocallyConnected2d(4, 4, one, padding=pair),
        ConvTranspose2d(4, 4, one, stride=pair, padding=pair, output_padding=[0, 0], dilation=pair),
        MaxPool2d(one, stride=pair, padding=pair, dilation=pair),
        AvgPool2d(one, stride=pair, padding=pair),
        LayerNorm([4, 8, 8]),
        Select([0, 2]),
        AdaptiveAvgPool2d([2, 2]),
        Flatten(),
    )
    assert network.on(3, 8, 8).output_shape == (8,)
    assert eval(repr(network)) == network
    assert Sequential(Conv1d(3, 4, [3], padding=[[1, 1]])).on(3, 8).output_shape == (4, 8)


@pytest.mark.parametrize("order", [1, -1])
def test_a_number_keeps_its_own_working_where_an_equal_layer_went_before(order: int) -> None:
    plain = Residual(Conv2d(7, 7, 3, padding=1)), "(3 · 3 · 7 + 1) · 7 = 448"
    filters = Quantity(2) * 3 + 1
    worked = Residual(Conv2d(7, filters, 3, padding=1)), "(3 · 3 · 7 + 1) · (2 · 3 + 1) = 448"
    assert plain[0] == worked[0]
    for layer, expected in [plain, worked][::order]:
        (row,) = Sequential(layer).on(7, 5, 5).rows
        assert row.placed.parameters.worked == expected


# -- calls


@pytest.mark.parametrize(
    ("layer", "text"),
    [
        (Sequential(ReLU(), last=Flatten()), "Sequential(ReLU(), last=Flatten())"),
        (Residual(ReLU()), "Residual(body=ReLU(), shortcut=Identity())"),
        (Gate(Sigmoid()), "Gate(branch=Sigmoid())"),
        (Concat(a=Conv2d(1, 2, 1), b=ReLU()), "Concat(a=Conv2d(1, 2, kernel_size=1), b=ReLU())"),
    ],
)
def test_a_layer_shows_the_call_that_makes_it(layer: Layer, text: str) -> None:
    assert repr(layer) == text


def test_the_call_that_a_network_shows_makes_it_again() -> None:
    rng = random.Random(3)
    for _ in range(100):
        layer, *_ = tree(rng, 3, 3)
        again = eval(repr(layer), dict(LAYERS))
        assert again == layer
        assert hash(again) == hash(layer)


# -- mistakes


DEEP = Sequential(
    stem=Conv2d(3, 8, 3),
    layer1=Sequential(conv1=Conv2d(8, 8, 3), conv2=Conv2d(64, 8, 3)),
)


@pytest.mark.parametrize(
    ("layer", "shape", "message"),
    [
        (
            DEEP,
            (3, 9, 9),
            "layer1.conv2: input has 8 channels where the layer expects 64 "
            "(in_channels=64, input=(8, 5, 5))",
        ),
        (
            DEEP,
            (1, 9, 9),
            "stem: input has 1 channel where the layer expects 3 (in_channels=3, input=(1, 9, 9))",
        ),
        (
            DEEP,
            (3, 4, 9),
            "layer1.conv1: kernel extent 3 exceeds padded input 2 along the height "
            "(size=2, padding=0, kernel_size=3, dilation=1)",
        ),
        (
            Sequential(block=Residual(Sequential(Conv2d(3, 3, 3)))),
            (3, 9, 9),
            "block: cannot add outputs of different shapes: body (3, 7, 7), shortcut (3, 9, 9)",
        ),
        (
            Sequential(block=Residual(ReLU(), shortcut=Conv2d(1, 3, 1))),
            (3, 9, 9),
            "block.shortcut: input has 3 channels where the layer expects 1 "
            "(in_channels=1, input=(3, 9, 9))",
        ),
        (
            Sequential(Concat(a=Conv2d(3, 4, 3), b=Conv2d(3, 4, 1))),
            (3, 9, 9),
            "0: cannot join outputs that differ in more than channels: a (4, 7, 7), b (4, 9, 9)",
        ),
        (
            Sequential(ReLU(), Gate(AdaptiveAvgPool2d(2))),
            (3, 9, 9),
            "1: cannot multiply an input of (3, 9, 9) by (3, 2, 2)",
        ),
        (
            Sequential(ReLU(), Flatten(), fc=Linear(5, 2)),
            (3, 2, 2),
            "fc: input has 12 features where the layer expects 5 (in_features=5, input=(12,))",
        ),
    ],
)
def test_a_part_that_does_not_fit_is_named_with_all_that_it_is_part_of(
    layer: Layer, shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(MisplacedError) as error:
        layer.on(*shape)
    assert str(error.value) == message
    place, _, reason = message.partition(": ")
    assert (error.value.place, error.value.reason) == (place, reason)


@pytest.mark.parametrize(
    ("layer", "message"),
    [
        (
            Residual(Conv2d(3, 4, 1)),
            "cannot add outputs of different shapes: body (4, 9, 9), shortcut (3, 9, 9)",
        ),
        (
            Residual(Conv2d(3, 3, 2), Conv2d(3, 3, 1, stride=2)),
            "cannot add outputs of different shapes: body (3, 8, 8), shortcut (3, 5, 5)",
        ),
        (
            Concat(Flatten(), ReLU()),
            "cannot join outputs that differ in more than channels: 0 (243,), 1 (3, 9, 9)",
        ),
        (Gate(Conv2d(3, 1, 1)), "cannot multiply an input of (3, 9, 9) by (1, 9, 9)"),
    ],
)
def test_branches_that_do_not_fit_each_other_are_refused(layer: Layer, message: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the whole message is compared
        layer.on(3, 9, 9)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Sequential(), ValueError, "Sequential takes at least one layer"),
        (lambda: Concat(), ValueError, "Concat takes at least one layer"),
        (
            lambda: Sequential(ReLU(), 3),
            TypeError,
            "Sequential is made of layers, not int 3 (part '1')",
        ),
        (
            lambda: Concat(a=ReLU),
            TypeError,
            f"Concat is made of layers, not ABCMeta {ReLU!r} (part 'a')",
        ),
        (
            lambda: Gate(None),
            TypeError,
            "Gate is made of layers, not NoneType None (part 'branch')",
        ),
        (
            lambda: Sequential(ReLU()).on(1, 2, 3, 4),
            ValueError,
            "Sequential takes an input of 1 size (features) or 2 sizes (channels, length) or "
            "3 sizes (channels, height, width), not 4: (1, 2, 3, 4)",
        ),
    ],
)
def test_what_is_no_layer_is_refused(make: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error) as caught:
        make()
    assert str(caught.value) == message
