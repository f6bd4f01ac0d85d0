"""What papers say of ResNet, SqueezeNet, MobileNet, EfficientNet and ConvNeXt, and a library."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.totals import (
    convolution_macs,
    dense_macs,
    macs,
    parameters,
    placed,
    summed,
)
from mkdocs_cnn.book.sources import SOURCES
from mkdocs_cnn.claims.claim import Claim, Verdict
from mkdocs_cnn.layers.layer import Rows
from mkdocs_cnn.quantities.quantity import Quantity

HE, LIU = SOURCES["he-2015"], SOURCES["liu-2022"]
SANDLER, TAN, TORCHVISION = SOURCES["sandler-2018"], SOURCES["tan-2019"], SOURCES["torchvision"]
TABLE_1 = "FLOPs 1.8×10⁹ 3.6×10⁹ 3.8×10⁹ 7.6×10⁹ 11.3×10⁹"


def _without_projections(network: str) -> Quantity:
    """MACs without those convolutions that only fit the shortcuts to other sizes."""
    rows = placed(network).rows
    projections = summed(Rows(row for row in rows if "shortcut" in row.name), "macs", "MAC")
    named = projections.named("MACs on the shortcuts", symbol="N_shortcuts")
    return (macs(network) - named).named("MACs without projections")


CLAIMS = (
    Claim(
        "he-2015-resnet18-flops",
        TABLE_1,
        HE,
        "table 1, last row, 18-layer",
        states=Quantity(1_800_000_000, "MAC"),
        digits=2,
        recomputed=lambda: (macs("resnet18"), _without_projections("resnet18")),
        verdict=Verdict.ROUNDS,
        why="FLOPs here are multiply-adds, as the paper says. Without projections it is {1}.",
    ),
    Claim(
        "he-2015-plain34-flops",
        "Our 34-layer baseline has 3.6 billion FLOPs (multiply-adds)",
        HE,
        "section 3.3, plain network",
        states=Quantity(3_600_000_000, "MAC"),
        digits=2,
        recomputed=lambda: (
            _without_projections("resnet34"),
            macs("resnet34"),
        ),
        verdict=Verdict.ROUNDS,
        why=(
            "The plain network is ResNet-34 without its shortcuts. With projections on three of "
            "them, as libraries have it, it is {1}."
        ),
    ),
    Claim(
        "he-2015-resnet50-flops",
        "This model has 3.8 billion FLOPs.",
        HE,
        "section 4.1, 50-layer ResNet",
        states=Quantity(3_800_000_000, "MAC"),
        digits=2,
        recomputed=lambda: (macs("resnet50_as_published"), macs("resnet50")),
        verdict=Verdict.DIFFERS,
        why=(
            "FLOPs here are multiply-adds, and there are {0}: the number is cut, not rounded. "
            "Libraries put the stride of a block on its 3x3 convolution, and count {1}."
        ),
    ),
    Claim(
        "he-2015-resnet101-flops",
        TABLE_1,
        HE,
        "table 1, last row, 101-layer",
        states=Quantity(7_600_000_000, "MAC"),
        digits=2,
        recomputed=lambda: (macs("resnet101_as_published"), macs("resnet101")),
        verdict=Verdict.ROUNDS,
        why="With the stride on the 3x3 convolutions it is {1}.",
    ),
    Claim(
        "he-2015-resnet152-flops",
        "the 152-layer ResNet (11.3 billion FLOPs)",
        HE,
        "section 4.1, 101-layer and 152-layer ResNets",
        states=Quantity(11_300_000_000, "MAC"),
        digits=3,
        recomputed=lambda: (macs("resnet152_as_published"), macs("resnet152")),
        verdict=Verdict.ROUNDS,
        why="With the stride on the 3x3 convolutions it is {1}.",
    ),
    Claim(
        "he-2015-vgg16-flops",
        "still has lower complexity than VGG-16/19 nets (15.3/19.6 billion FLOPs)",
        HE,
        "section 4.1, 101-layer and 152-layer ResNets, VGG-16",
        states=Quantity(15_300_000_000, "MAC"),
        digits=3,
        recomputed=lambda: (macs("vgg16"), convolution_macs("vgg16"), dense_macs("vgg16")),
        verdict=Verdict.DIFFERS,
        why=(
            "{0} in all. The number given is that of the convolutions alone, {1}; the one that "
            "stands beside it, for VGG-19, has the dense layers in it."
        ),
    ),
    Claim(
        "he-2015-vgg19-flops",
        "still has lower complexity than VGG-16/19 nets (15.3/19.6 billion FLOPs)",
        HE,
        "section 4.1, 101-layer and 152-layer ResNets, VGG-19",
        states=Quantity(19_600_000_000, "MAC"),
        digits=3,
        recomputed=lambda: (macs("vgg19"), convolution_macs("vgg19")),
        verdict=Verdict.ROUNDS,
        why="The convolutions alone take {1}.",
    ),
    Claim(
        "iandola-2016-50-times",
        "SqueezeNet achieves AlexNet-level accuracy on ImageNet with 50x fewer parameters.",
        SOURCES["iandola-2016"],
        "abstract",
        states=Quantity(50),
        digits=1,
        recomputed=lambda: (
            (parameters("alexnet_two_gpus") / parameters("squeezenet1_0")).named(
                "times fewer parameters"
            ),
            parameters("alexnet_two_gpus"),
            parameters("squeezenet1_0"),
        ),
        verdict=Verdict.ROUNDS,
        why="{1} parameters against {2}. Counting says nothing of the accuracy.",
    ),
    Claim(
        "sandler-2018-macs",
        "has a computational cost of 300 million multiply-adds",
        SANDLER,
        "section 4, trade-off hyper parameters",
        states=Quantity(300_000_000, "MAC"),
        digits=2,
        recomputed=lambda: (macs("mobilenet_v2"),),
        verdict=Verdict.ROUNDS,
    ),
    Claim(
        "sandler-2018-parameters",
        "uses 3.4 million parameters",
        SANDLER,
        "section 4, trade-off hyper parameters",
        states=Quantity(3_400_000, "parameter"),
        digits=2,
        recomputed=lambda: (parameters("mobilenet_v2"), placed("mobilenet_v2").weights),
        verdict=Verdict.DIFFERS,
        why=(
            "Table 2 of the paper makes a network with {0} parameters. Without biases and "
            "normalisation it is {1} weights, which is still nearer to three and a half million."
        ),
    ),
    Claim(
        "tan-2019-parameters",
        "EfficientNet-B0 77.1% 93.3% 5.3M 1x 0.39B 1x",
        TAN,
        "table 2, column #Params",
        states=Quantity(5_300_000, "parameter"),
        digits=2,
        recomputed=lambda: (parameters("efficientnet_b0"),),
        verdict=Verdict.ROUNDS,
    ),
    Claim(
        "tan-2019-flops",
        "EfficientNet-B0 77.1% 93.3% 5.3M 1x 0.39B 1x",
        TAN,
        "table 2, column #FLOPs",
        states=Quantity(390_000_000, "MAC"),
        digits=2,
        recomputed=lambda: (macs("efficientnet_b0"),),
        verdict=Verdict.ROUNDS,
        why="FLOPs here are multiply-adds.",
    ),
    Claim(
        "liu-2022-parameters",
        "ConvNeXt-T 224² 29M 4.5G",
        LIU,
        "table 1, column #param.",
        states=Quantity(29_000_000, "parameter"),
        digits=2,
        recomputed=lambda: (parameters("convnext_tiny"),),
        verdict=Verdict.ROUNDS,
    ),
    Claim(
        "liu-2022-readme-parameters",
        "ConvNeXt-T 224x224 82.1 28M 4.5G",
        LIU,
        "README of the authors' code, column #params",
        states=Quantity(28_000_000, "parameter"),
        digits=2,
        recomputed=lambda: (parameters("convnext_tiny"),),
        verdict=Verdict.DIFFERS,
        why="{0}: here the number is cut, in the paper it is rounded.",
    ),
    Claim(
        "liu-2022-flops",
        "ConvNeXt-T 224x224 82.1 28M 4.5G",
        LIU,
        "README of the authors' code, column FLOPs",
        states=Quantity(4_500_000_000, "MAC"),
        digits=2,
        recomputed=lambda: (macs("convnext_tiny"),),
        verdict=Verdict.ROUNDS,
        why="FLOPs here are multiply-adds.",
    ),
    Claim(
        "torchvision-densenet121-parameters",
        '"num_params": 7978856',
        TORCHVISION,
        "densenet.py, DenseNet121_Weights.IMAGENET1K_V1",
        states=Quantity(7_978_856, "parameter"),
        recomputed=lambda: (parameters("densenet121"),),
        verdict=Verdict.EXACT,
    ),
    Claim(
        "torchvision-densenet121-ops",
        '"_ops": 2.834',
        TORCHVISION,
        "densenet.py, DenseNet121_Weights.IMAGENET1K_V1",
        states=Quantity(2_834_000_000, "MAC"),
        digits=4,
        recomputed=lambda: (macs("densenet121"),),
        verdict=Verdict.ROUNDS,
        why="The library says GFLOPS; what it counts are multiply-adds, in billions.",
    ),
)
