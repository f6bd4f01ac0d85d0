from fractions import Fraction

import pytest

from mkdocs_cnn.book.claims.recomputing.totals import (
    briefly,
    convolution_macs,
    dense_macs,
    in_mebibytes,
    macs,
    parameters,
    percent,
    receptive_field,
    sum_over,
)
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity


def test_a_brief_number_keeps_its_sum_and_drops_what_its_parts_rest_on():
    whole = networks["vgg16"].on().macs
    assert briefly(whole).worked == whole.worked
    assert briefly(whole).formula == whole.formula
    assert whole.steps
    assert not briefly(whole).steps


def test_a_number_that_was_given_is_brief_already():
    assert briefly(Quantity(3, "weight")).worked == "3"


@pytest.mark.parametrize(
    ("count", "value", "name"),
    [
        (parameters, 138_357_544, "parameters of VGG-16"),
        (macs, 15_470_264_320, "MACs of VGG-16"),
        (dense_macs, 123_633_664, "MACs of the dense layers of VGG-16"),
        (convolution_macs, 15_346_630_656, "MACs of the convolutions of VGG-16"),
        (receptive_field, 212, "receptive field of VGG-16"),
    ],
)
def test_totals_say_of_what_they_are(count, value, name):
    assert count("vgg16") == value
    assert count("vgg16").name == name


def test_a_variant_is_named_in_its_total():
    assert "without the two groups" in parameters("alexnet_no_groups").name


def test_a_sum_over_layers_has_a_term_for_each():
    dense = sum_over(networks["vgg16"].on().rows.only("Linear"), "macs", "MAC")
    assert dense.worked == "102,760,448 + 16,777,216 + 4,096,000 = 123,633,664"
    assert dense.unit == "MAC"


def test_a_share_and_a_size_are_pure_numbers():
    share = percent(Quantity(1, "MAC"), Quantity(8, "MAC"))
    assert (share.value, share.unit) == (Fraction(25, 2), "")
    size = in_mebibytes(Quantity(3 * 2**19, "byte", name="memory"))
    assert (size.value, size.unit, size.name) == (Fraction(3, 2), "", "memory in MiB")
