"""What several networks are made of."""

from __future__ import annotations

from collections.abc import Callable

from mkdocs_cnn import layers as nn


def same_conv(
    below: int,
    channels: int,
    kernel_size: int,
    *,
    stride: int = 1,
    groups: int = 1,
    bias: bool = False,
) -> nn.Conv2d:
    """A convolution padded to keep the size."""
    padding = kernel_size // 2
    return nn.Conv2d(
        below, channels, kernel_size, stride=stride, padding=padding, groups=groups, bias=bias
    )


def conv_bn(
    below: int,
    channels: int,
    kernel_size: int,
    *,
    stride: int = 1,
    groups: int = 1,
    **activation: nn.Layer,
) -> nn.Sequential:
    """A convolution that keeps the size, batch normalisation, and an activation by its name."""
    conv = same_conv(below, channels, kernel_size, stride=stride, groups=groups)
    return nn.Sequential(conv=conv, bn=nn.BatchNorm2d(channels), **activation)


def inverted_residual(
    below: int,
    channels: int,
    kernel_size: int,
    *,
    stride: int,
    expansion: int,
    gate: Callable[[int], nn.Layer] | None = None,
    **activation: nn.Layer,
) -> nn.Layer:
    """Expand, filter each channel, weigh the channels if there is a gate, project.

    Args:
        below: Channels of the input.
        channels: Channels of the output.
        kernel_size: Of the depthwise convolution.
        stride: Of the depthwise convolution.
        expansion: Channels in between for each of the input.
        gate: Makes the layer that weighs so many channels.
        **activation: Behind every convolution but the last, with its name.
    """
    inner = expansion * below
    layers: dict[str, nn.Layer] = {}
    if expansion > 1:
        layers["expand"] = conv_bn(below, inner, 1, stride=1, groups=1, **activation)
    layers["depthwise"] = conv_bn(
        inner, inner, kernel_size, stride=stride, groups=inner, **activation
    )
    if gate:
        layers["se"] = gate(inner)
    project = nn.Conv2d(inner, channels, 1, bias=False)
    body = nn.Sequential(**layers, project=project, bn=nn.BatchNorm2d(channels))
    return nn.Residual(body) if stride == 1 and below == channels else body


def repeated(
    block: Callable[[int, int], nn.Layer], below: int, channels: int, stride: int, blocks: int
) -> list[nn.Layer]:
    """So many blocks, made from the channels of their input and their stride.

    The first changes channels and size, the others keep both.
    """
    return [block(below, stride), *[block(channels, 1)] * (blocks - 1)]


def classifier(channels: int, **dropout: nn.Layer) -> nn.Sequential:
    """The mean of each channel, and from those 1,000 classes."""
    return nn.Sequential(
        avgpool=nn.AdaptiveAvgPool2d(1),
        flatten=nn.Flatten(),
        **dropout,
        fc=nn.Linear(channels, 1000),
    )
