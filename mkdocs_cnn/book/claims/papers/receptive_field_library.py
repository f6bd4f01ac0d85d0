"""A table of receptive fields that a library computes from TensorFlow graphs."""

from __future__ import annotations

from mkdocs_cnn.book.claims.recomputing.totals import briefly, receptive_field
from mkdocs_cnn.claims.claim import Claim
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity

AGREES = "Effective stride, {stride}, and effective padding, {padding}, agree too."
PADS_OTHERWISE = (
    "Size and effective stride, {stride}, agree. The effective padding does not, for at stride 2 "
    "TensorFlow's SAME puts less of it before the image than behind: ours is {padding}."
)


def _field(network: str) -> dict[str, Quantity]:
    field = networks[network].on().receptive_field
    return {
        "size": receptive_field(network),
        "stride": briefly(field.stride),
        "padding": briefly(field.padding),
    }


def _row(key: str, quote: str, network: str, size: int, why: str) -> Claim:
    """A row of the table: receptive field, effective stride and effective padding."""
    return Claim(
        f"receptive-field-library-{key}",
        quote,
        "pre-computed receptive fields, column receptive field",
        states=Quantity(size),
        recomputed=lambda: _field(network),
        why=why,
    )


CLAIMS = (
    _row("alexnet", "alexnet_v2 195 32 64", "alexnet_two_gpus", 195, AGREES),
    _row("vgg16", "vgg_16 212 32 90", "vgg16", 212, AGREES),
    _row("mobilenet", "mobilenet_v1 315 32 126", "mobilenet_v1", 315, PADS_OTHERWISE),
    _row("resnet50", "resnet_v1_50 483 32 239", "resnet50_as_published", 483, PADS_OTHERWISE),
    _row("resnet101", "resnet_v1_101 1027 32 511", "resnet101_as_published", 1027, PADS_OTHERWISE),
    _row("resnet152", "resnet_v1_152 1507 32 751", "resnet152_as_published", 1507, PADS_OTHERWISE),
)
