"""What papers say of ResNet, SqueezeNet, MobileNet, EfficientNet and ConvNeXt, and a library."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.totals import (
    convolution_macs,
    dense_macs,
    fewer_than_alexnet,
    macs,
    parameters,
    sum_over,
)
from mkdocs_cnn.claims.claim import Claim
from mkdocs_cnn.layers.layer import Rows
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity

TABLE_1 = "FLOPs 1.8×10⁹ 3.6×10⁹ 3.8×10⁹ 7.6×10⁹ 11.3×10⁹"
VGGS = "still has lower complexity than VGG-16/19 nets (15.3/19.6 billion FLOPs)"


def _without_projections(network: str) -> Quantity:
    """MACs without those convolutions that only fit the shortcuts to other sizes."""
    rows = networks[network].on().rows
    projections = sum_over(Rows(row for row in rows if "shortcut" in row.name), "macs", "MAC")
    named = projections.named("MACs on the shortcuts", symbol="N_shortcuts")
    return (macs(network) - named).named("MACs without projections")


def _paper_and_libraries(network: str) -> dict[str, Quantity]:
    return {"paper": macs(f"{network}_as_published"), "libraries": macs(network)}


CLAIMS = (
    Claim(
        "he-2015-resnet18-flops",
        TABLE_1,
        "table 1, last row, 18-layer",
        states=Quantity(1_800_000_000, "MAC"),
        recomputed=lambda: {
            "macs": macs("resnet18"),
            "without_projections": _without_projections("resnet18"),
        },
        why="""FLOPs here are multiply-adds, as the paper says. Without projections it is
        {without_projections}.""",
    ),
    Claim(
        "he-2015-plain34-flops",
        "Our 34-layer baseline has 3.6 billion FLOPs (multiply-adds)",
        "section 3.3, plain network",
        states=Quantity(3_600_000_000, "MAC"),
        recomputed=lambda: {
            "plain": _without_projections("resnet34"),
            "with_projections": macs("resnet34"),
        },
        why="""The plain network is ResNet-34 without its shortcuts. With projections on three of
        them, as libraries have it, it is {with_projections}.""",
    ),
    Claim(
        "he-2015-resnet50-flops",
        "This model has 3.8 billion FLOPs.",
        "section 4.1, 50-layer ResNet",
        states=Quantity(3_800_000_000, "MAC"),
        recomputed=lambda: _paper_and_libraries("resnet50"),
        why="""FLOPs here are multiply-adds, and there are {paper}: the number is cut, not rounded.
        Libraries put the stride of a block on its 3x3 convolution, and count {libraries}.""",
    ),
    Claim(
        "he-2015-resnet101-flops",
        TABLE_1,
        "table 1, last row, 101-layer",
        states=Quantity(7_600_000_000, "MAC"),
        recomputed=lambda: _paper_and_libraries("resnet101"),
        why="With the stride on the 3x3 convolutions it is {libraries}.",
    ),
    Claim(
        "he-2015-resnet152-flops",
        "the 152-layer ResNet (11.3 billion FLOPs)",
        "section 4.1, 101-layer and 152-layer ResNets",
        states=Quantity(11_300_000_000, "MAC"),
        recomputed=lambda: _paper_and_libraries("resnet152"),
        why="With the stride on the 3x3 convolutions it is {libraries}.",
    ),
    Claim(
        "he-2015-vgg16-flops",
        VGGS,
        "section 4.1, 101-layer and 152-layer ResNets, VGG-16",
        states=Quantity(15_300_000_000, "MAC"),
        recomputed=lambda: {
            "macs": macs("vgg16"),
            "convolutions": convolution_macs("vgg16"),
            "dense": dense_macs("vgg16"),
        },
        why="""{macs} in all. The number given is that of the convolutions alone, {convolutions};
        the one that stands beside it, for VGG-19, has the dense layers in it.""",
    ),
    Claim(
        "he-2015-vgg19-flops",
        VGGS,
        "section 4.1, 101-layer and 152-layer ResNets, VGG-19",
        states=Quantity(19_600_000_000, "MAC"),
        recomputed=lambda: {"macs": macs("vgg19"), "convolutions": convolution_macs("vgg19")},
        why="The convolutions alone take {convolutions}.",
    ),
    Claim(
        "iandola-2016-50-times",
        "SqueezeNet achieves AlexNet-level accuracy on ImageNet with 50x fewer parameters.",
        "abstract",
        states=Quantity(50),
        recomputed=lambda: fewer_than_alexnet("squeezenet1_0"),
        why="{alexnet} parameters against {network}. Counting says nothing of the accuracy.",
    ),
    Claim(
        "sandler-2018-macs",
        "has a computational cost of 300 million multiply-adds",
        "section 4, trade-off hyper parameters",
        states=Quantity(300_000_000, "MAC"),
        recomputed=lambda: {"macs": macs("mobilenet_v2")},
    ),
    Claim(
        "sandler-2018-parameters",
        "uses 3.4 million parameters",
        "section 4, trade-off hyper parameters",
        states=Quantity(3_400_000, "parameter"),
        recomputed=lambda: {
            "parameters": parameters("mobilenet_v2"),
            "weights": networks["mobilenet_v2"].on().weights,
        },
        why="""Table 2 of the paper makes a network with {parameters} parameters. Without biases and
        normalisation it is {weights} weights, which is still nearer to three and a half
        million.""",
    ),
    Claim(
        "tan-2019-parameters",
        "EfficientNet-B0 77.1% 93.3% 5.3M 1x 0.39B 1x",
        "table 2, column #Params",
        states=Quantity(5_300_000, "parameter"),
        recomputed=lambda: {"parameters": parameters("efficientnet_b0")},
    ),
    Claim(
        "tan-2019-flops",
        "EfficientNet-B0 77.1% 93.3% 5.3M 1x 0.39B 1x",
        "table 2, column #FLOPs",
        states=Quantity(390_000_000, "MAC"),
        recomputed=lambda: {"macs": macs("efficientnet_b0")},
        why="FLOPs here are multiply-adds.",
    ),
    Claim(
        "liu-2022-parameters",
        "ConvNeXt-T 224² 29M 4.5G",
        "table 1, column #param.",
        states=Quantity(29_000_000, "parameter"),
        recomputed=lambda: {"parameters": parameters("convnext_tiny")},
    ),
    Claim(
        "liu-2022-readme-parameters",
        "ConvNeXt-T 224x224 82.1 28M 4.5G",
        "README of the authors' code, column #params",
        states=Quantity(28_000_000, "parameter"),
        recomputed=lambda: {"parameters": parameters("convnext_tiny")},
        why="{parameters}: here the number is cut, in the paper it is rounded.",
    ),
    Claim(
        "liu-2022-flops",
        "ConvNeXt-T 224x224 82.1 28M 4.5G",
        "README of the authors' code, column FLOPs",
        states=Quantity(4_500_000_000, "MAC"),
        recomputed=lambda: {"macs": macs("convnext_tiny")},
        why="FLOPs here are multiply-adds.",
    ),
    Claim(
        "torchvision-densenet121-parameters",
        '"num_params": 7978856',
        "densenet.py, DenseNet121_Weights.IMAGENET1K_V1",
        states=Quantity(7_978_856, "parameter"),
        recomputed=lambda: {"parameters": parameters("densenet121")},
    ),
    Claim(
        "torchvision-densenet121-ops",
        '"_ops": 2.834',
        "densenet.py, DenseNet121_Weights.IMAGENET1K_V1",
        states=Quantity(2_834_000_000, "MAC"),
        recomputed=lambda: {"macs": macs("densenet121")},
        why="The library says GFLOPS; what it counts are multiply-adds, in billions.",
    ),
)
