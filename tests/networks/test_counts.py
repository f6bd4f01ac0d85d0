"""What is counted of the networks, against the literature, torchvision and arrays that run them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.networks import networks

# -- numbers of torchvision

# Parameters, and multiply-adds of convolutions and dense layers on 3 x 224 x 224: counted by hooks
# in torchvision 0.29.1 with torch 2.14.1, GoogLeNet without its auxiliary classifiers.
TORCHVISION = {
    "alexnet": (61_100_840, 714_188_480),
    "vgg11": (132_863_336, 7_609_090_048),
    "vgg13": (133_047_848, 11_308_466_176),
    "vgg16": (138_357_544, 15_470_264_320),
    "vgg19": (143_667_240, 19_632_062_464),
    "googlenet": (6_624_904, 1_498_376_192),
    "resnet18": (11_689_512, 1_814_073_344),
    "resnet34": (21_797_672, 3_663_761_408),
    "resnet50": (25_557_032, 4_089_184_256),
    "resnet101": (44_549_160, 7_801_405_440),
    "resnet152": (60_192_808, 11_513_626_624),
    "densenet121": (7_978_856, 2_834_161_664),
    "squeezenet1_0": (1_248_424, 818_924_576),
    "squeezenet1_1": (1_235_496, 349_151_936),
    "mobilenet_v2": (3_504_872, 300_774_272),
    "efficientnet_b0": (5_288_548, 385_814_752),
    "convnext_tiny": (28_589_128, 4_455_531_264),
}

Counted = tuple[str, tuple[int, ...], int, int]  # kind, shape of the output, parameters, MACs
KINDS = ("Conv2d", "Linear", "BatchNorm2d", "LayerNorm")


@pytest.mark.parametrize("name", TORCHVISION)
def test_counts_are_those_of_torchvision(name: str) -> None:
    placed = networks[name].on(3, 224, 224)
    assert (placed.parameters, placed.macs) == TORCHVISION[name]


@pytest.mark.parametrize("name", TORCHVISION)
@pytest.mark.parametrize("size", [(224, 224), (193, 257)])
def test_layers_are_those_of_torchvision_one_by_one(name: str, size: tuple[int, int]) -> None:
    placed = networks[name].on(3, *size)
    rows = [
        (
            row.kind,
            tuple(map(int, row.placed.output_shape)),
            int(row.placed.parameters),
            int(row.placed.macs),
        )
        for row in placed.rows.only(*KINDS)
    ]
    assert rows == executed(name, size)


def executed(name: str, size: tuple[int, int]) -> list[Counted]:
    """The layers of torchvision's network in the order in which it runs them."""
    torch = pytest.importorskip("torch")
    models = pytest.importorskip("torchvision").models
    given = {"aux_logits": False, "init_weights": False} if name == "googlenet" else {}
    found: list[Counted] = []
    with torch.device("meta"):  # shapes without values
        model = models.get_model(name, weights=None, **given).eval()
        for module in model.modules():
            module.register_forward_hook(
                lambda module, _, output: found.extend(hooked(torch.nn, module, output))
            )
        model(torch.empty(1, 3, *size))
    return found


def hooked(nn: Any, module: Any, output: Any) -> list[Counted]:
    """The module that has run as a row, if it is of one of the kinds."""
    for kind in KINDS:
        if isinstance(module, getattr(nn, kind)):
            parameters = sum(weights.numel() for weights in module.parameters())
            multiplied = kind in ("Conv2d", "Linear")
            macs = output.numel() * module.weight[0].numel() if multiplied else 0
            return [(kind, channels_first(nn, module, output), parameters, macs)]
    return []


def channels_first(nn: Any, module: Any, output: Any) -> tuple[int, ...]:
    """The shape of the output without the batch; ConvNeXt's blocks have their channels last."""
    shape = tuple(output.shape[1:])
    last = len(shape) == 3 and type(module) in (nn.Linear, nn.LayerNorm)
    return (shape[-1], *shape[:-1]) if last else shape


# -- numbers of the literature


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        # LeCun et al. 1998, section II: 60,000. The other: 156 + 2,416 + 48,120 + 10,164 + 850.
        ("lenet5_1998", {"parameters": 60_000}),
        ("lenet5", {"parameters": 61_706, "macs": 416_520}),
        # Recounts of figure 2 of Krizhevsky et al. 2012, with its two groups and without.
        ("alexnet_two_gpus", {"parameters": 60_965_224, "macs": 724_406_816}),
        ("alexnet_no_groups", {"parameters": 62_378_344, "macs": 1_135_256_096}),
        # Caffe's and Keras's GoogLeNet without auxiliary classifiers; 8,280 of them biases.
        ("googlenet_as_published", {"parameters": 6_998_552, "weights": 6_990_272}),
        ("resnet50_as_published", {"parameters": 25_557_032, "macs": 3_857_973_248}),
        # TensorFlow's MobileNetV1; the paper says 4.2 million and 569 million.
        (
            "mobilenet_v1",
            {"parameters": 4_231_976, "weights": 4_209_088, "macs": 568_740_352},
        ),
        # Table 1 of Iandola et al. 2016, before compression.
        ("squeezenet1_0", {"parameters": 1_248_424}),
    ],
)
def test_counts_are_those_of_the_literature(name: str, counts: dict[str, int]) -> None:
    placed = networks[name].on()
    assert {what: getattr(placed, what) for what in counts} == counts


@pytest.mark.parametrize(
    ("name", "what", "millions", "digits"),
    [
        ("vgg11", "parameters", 133, 0),  # table 2
        ("vgg13", "parameters", 133, 0),
        ("vgg16", "parameters", 138, 0),
        ("vgg19", "parameters", 144, 0),
        ("vgg19", "macs", 19_600, -2),  # He et al. 2015, section 3.3
        ("resnet18", "macs", 1_800, -2),  # table 1
        ("resnet101_as_published", "macs", 7_600, -2),
        ("resnet152_as_published", "macs", 11_300, -2),
        ("mobilenet_v1", "parameters", 4.2, 1),  # table 4
        ("mobilenet_v1", "macs", 569, 0),
        ("efficientnet_b0", "parameters", 5.3, 1),  # table 2
        ("efficientnet_b0", "macs", 390, -1),
        ("convnext_tiny", "parameters", 29, 0),  # table 1
        ("convnext_tiny", "macs", 4_500, -2),
    ],
)
def test_counts_round_to_those_of_the_papers(
    name: str, what: str, millions: float, digits: int
) -> None:
    counted = int(getattr(networks[name].on(), what))
    assert round(counted / 1_000_000, digits) == millions


# Section II.B of LeCun et al. 1998: parameters, and connections. They count a bias as one.
LENET_5 = {
    "c1": (156, 122_304),
    "s2": (12, 5_880),
    "c3": (1_516, 151_600),
    "s4": (32, 2_000),
    "c5": (48_120, 48_120),
    "f6": (10_164, 10_164),
}


@pytest.mark.parametrize("name", LENET_5)
def test_layers_of_lenet_5_are_those_of_its_paper(name: str) -> None:
    part = dict(networks["lenet5_1998"].on().parts)[name]
    connections = int(part.connections) + int(part.outputs)
    assert (part.parameters, connections) == LENET_5[name]


def test_lenet_5_has_the_connections_of_its_paper_with_those_of_its_fixed_output() -> None:
    placed = networks["lenet5_1998"].on()
    biases = sum(int(part.outputs) for name, part in placed.parts if name in LENET_5)
    assert int(placed.connections) + biases + 84 * 10 == 340_908


def test_units_of_alexnet_are_those_of_its_figure_2_but_for_the_first_layer() -> None:
    rows = networks["alexnet_two_gpus"].on().rows.only("Conv2d", "Linear")
    units = [int(row.placed.outputs) for row in rows]
    assert units == [290_400, 186_624, 64_896, 64_896, 43_264, 4_096, 4_096, 1_000]
    # The caption has 253,440 for the first, which its own 55 x 55 x 96 does not give.
    assert 55 * 55 * 96 == 290_400
    assert 55 * 48 * 96 == 253_440


# -- arrays that run them


SMALL = [  # of less than 30 million parameters
    name for name in networks if not name.startswith(("alexnet", "vgg", "resnet101", "resnet152"))
]


@pytest.mark.parametrize("name", SMALL)
def test_arrays_that_run_a_network_hold_and_multiply_what_is_counted(
    name: str, machine: Any
) -> None:
    network = networks[name]
    shape = network.input_shape if name.startswith("lenet") else (3, 40, 60)
    running = machine(np.random.default_rng(0))
    maps = running.run(network.features, np.ones((1, *shape)))
    answer = running.run(network.classifier, maps)
    placed = network.on(*shape)
    assert maps.shape[1:] == placed.features.output_shape
    assert answer.shape == (1, *placed.output_shape, 1, 1)
    assert (running.parameters, running.macs) == (placed.parameters, placed.macs)


# -- totals


@pytest.mark.parametrize("name", networks)
@pytest.mark.parametrize("what", ["parameters", "weights", "macs", "connections", "activations"])
def test_a_total_is_the_sum_of_its_rows(name: str, what: str) -> None:
    placed = networks[name].on()
    total = getattr(placed, what)
    assert total > 0
    assert total == sum(int(getattr(row.placed, what)) for row in placed.rows)
    if what != "activations":
        assert total == getattr(placed.rows, what)


@pytest.mark.parametrize("name", networks)
def test_features_and_classifier_are_the_whole_network(name: str) -> None:
    placed = networks[name].on()
    features = placed.features
    classifier = placed.layer.classifier.on(*features.output_shape)
    for what in ("parameters", "macs", "connections"):
        both = getattr(features, what) + getattr(classifier, what)
        assert both == getattr(placed, what)
