from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest

from mkdocs_cnn.layers import (
    AdaptiveAvgPool2d,
    AvgPool2d,
    Concat,
    Conv1d,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    Gate,
    Identity,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    Sigmoid,
    squeeze_excitation,
)
from mkdocs_cnn.layers.field_chain import chain_fields
from mkdocs_cnn.layers.receptive_field import (
    Field,
    ReceptiveField,
    identity,
    of_pattern,
    unite_fields,
)
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity


def clipped(seen: range, size: int) -> set[int]:
    return set(seen) & set(range(size))


# -- known values


def sizes_of(*layers: Layer, size: int = 64) -> list[int]:
    rows = Sequential(*layers).on(1, size, size).rows
    return [int(row.receptive_field.size) for row in rows]


THREE = Conv2d(1, 1, 3, padding=1)
HALVING = Conv2d(1, 1, 3, stride=2, padding=1)


@pytest.mark.parametrize(
    ("layers", "by_row", "of_last_map"),
    [
        ([THREE] * 5, [3, 5, 7, 9, 11], 11),
        ([HALVING, THREE, THREE], [3, 7, 11], 11),
        ([HALVING] * 4, [3, 7, 15, 31], 31),
        ([Conv2d(1, 1, 3, dilation=d) for d in (1, 2, 4, 8)], [3, 7, 15, 31], 31),
        ([THREE, MaxPool2d(2), THREE, MaxPool2d(2), THREE], [3, 4, 8, 10, 18], 18),
        ([THREE, AdaptiveAvgPool2d(1)], [3, 66], 66),
        ([AdaptiveAvgPool2d(1), Conv2d(1, 1, 1)], [64, 64], 64),
        ([THREE, ReLU(), Flatten(), Linear(4096, 2)], [3, 3, 66, 66], 3),
        ([Conv2d(1, 1, 3), Flatten(), Linear(3844, 2)], [3, 64, 64], 3),
        ([Conv2d(1, 1, 64), Flatten(), Linear(1, 2)], [64, 64, 64], 64),
        ([THREE, AdaptiveAvgPool2d(1), Flatten(), Linear(1, 2)], [3, 66, 66, 66], 3),
        ([THREE, AvgPool2d(64), Conv2d(1, 2, 1), Flatten()], [3, 66, 66, 66], 3),
    ],
)
def test_known_receptive_fields(layers: list[Layer], by_row: list[int], of_last_map: int) -> None:
    assert sizes_of(*layers) == by_row
    assert Sequential(*layers).on(1, 64, 64).receptive_field.size == of_last_map


def test_what_follows_a_classifier_sees_what_the_classifier_sees_however_it_is_nested() -> None:
    pooled = Sequential(THREE, THREE, AdaptiveAvgPool2d(1))
    classifier = Sequential(pooled, Flatten())
    for network in (
        Sequential(classifier, Linear(1, 2)),
        Sequential(THREE, THREE, AdaptiveAvgPool2d(1), Flatten(), Linear(1, 2)),
    ):
        placed = network.on(1, 64, 64)
        assert [int(row.receptive_field.size) for row in placed.rows] == [3, 5, 68, 68, 68]
        assert placed.receptive_field.size == 5


@pytest.mark.parametrize("name", networks)
def test_a_typed_network_sees_what_the_same_sees_by_its_name(name: str) -> None:
    network = networks[name]
    flat = Sequential(**dict([*network.features.parts, *network.classifier.parts]))
    nested = Sequential(network.features, Sequential(network.classifier))
    for typed in (flat, nested):
        assert (
            typed.on(*network.input_shape).receptive_field.fields
            == network.on().receptive_field.fields
        )


def test_a_sequence_sees_what_its_last_row_sees() -> None:
    rng = random.Random(5)
    for _ in range(150):
        windows = (
            Conv2d(
                1,
                1,
                (rng.randint(1, 3), rng.randint(1, 3)),
                stride=rng.randint(1, 2),
                padding=((rng.randint(0, 2), 0), (1, rng.randint(0, 1))),
                dilation=rng.randint(1, 2),
            )
            for _ in range(3)
        )
        deep = Sequential(ReLU(), Sequential(*windows), MaxPool2d(2), Identity()).on(1, 40, 40)
        for field, last in zip(
            deep.receptive_field.fields, deep.rows[-1].receptive_field.fields, strict=True
        ):
            assert field == last


def test_a_stride_between_like_windows_counts_though_their_inputs_are_alike() -> None:
    halving = Sequential(*[HALVING] * 3).on(1, 1, 1)
    (field, _), rows = halving.receptive_field.fields, halving.rows
    assert (field.size, field.stride, field.padding) == (15, 8, 7)
    assert rows[-1].receptive_field.fields[0] == field
    assert field.size.worked == "3 + (3 − 1) · 2 + (3 − 1) · 4 = 15"


def test_a_sequence_along_one_axis() -> None:
    placed = Sequential(*[Conv1d(1, 1, 3, dilation=d) for d in (1, 2, 4, 8)]).on(1, 31)
    (field,) = placed.receptive_field.fields
    assert (field.axis, field.size, placed.output_shape) == ("length", 31, (1, 1))


def test_flatten_sees_everything_whatever_went_before() -> None:
    for stride, padding in itertools.product((1, 2, 3), (0, 1, 2)):
        layer = Sequential(Conv2d(1, 1, 3, stride=stride, padding=padding), Flatten())
        for field in layer.on(1, 10, 10).rows[-1].receptive_field.fields:
            assert clipped(field.sees(0), 10) >= set(range(9)), layer  # a stride may leave the last


# -- workings


CHAIN = Sequential(first=HALVING, a=THREE, b=THREE, pool=MaxPool2d(2)).on(1, 16, 16)
RING = Field("height", Quantity(5), Quantity(1), Quantity(2))


@pytest.mark.parametrize(
    ("number", "worked"),
    [
        (CHAIN.receptive_field.size, "3 + 2 · (3 − 1) · 2 + (2 − 1) · 2 = 13"),
        (CHAIN.receptive_field.stride, "2 · 2 = 4"),
        (CHAIN.receptive_field.padding, "1 + 2 · 2 = 5"),
        (CHAIN.rows[1].receptive_field.size, "3 + (3 − 1) · 2 = 7"),
        (CHAIN.rows[1].receptive_field.padding, "1 + 2 = 3"),
        (CHAIN.rows[3].receptive_field.stride, "2 · 2 = 4"),
        (RING.then(RING).size, "5 + 5 − 1 = 9"),
        (Conv2d(1, 1, 3, dilation=4).on(1, 9, 9).receptive_field.size, "4 · (3 − 1) + 1 = 9"),
        (Conv2d(1, 1, 3).on(1, 9, 9).receptive_field.size, "3"),
    ],
)
def test_the_working_is_that_of_the_textbook(number: Quantity, worked: str) -> None:
    assert number.worked == worked


def test_the_sum_names_what_each_term_comes_from() -> None:
    # paddings of 1 are not written: 1 · 1 + 2 · 1 · 2
    size, stride, padding = (
        getattr(CHAIN.receptive_field, name) for name in ("size", "stride", "padding")
    )
    assert (size.name, size.symbol) == ("receptive field", "r")
    assert size.formula == "k_first + 2 (k_a…b − 1) j_a…b + (k_pool − 1) j_pool"
    assert (stride.symbol, stride.formula) == ("j", "s_first s_pool")
    assert (padding.symbol, padding.formula) == ("p", "j_first + 2 j_a…b")


def test_the_field_of_a_union_that_no_branch_has_is_worked() -> None:
    left = Field("width", Quantity(3), Quantity(1), Quantity(2))
    right = Field("width", Quantity(4), Quantity(1), Quantity(1))
    both, warnings = unite_fields([("left", left), ("right", right)])
    assert (both.size, both.stride, both.padding) == (5, 1, 2)
    assert both.size.worked == "4 − 1 + 2 = 5"
    assert warnings == (
        "branches 'left' and 'right' are misaligned along the width: centres -1 and 1/2",
    )


# -- fields by themselves


def test_a_field_steps_by_its_stride_from_before_its_padding() -> None:
    field = Field("height", Quantity(7), Quantity(2), Quantity(3))
    assert [list(field.sees(at)) for at in (0, 5)] == [list(range(-3, 4)), list(range(7, 14))]
    assert (field.centre, field.end) == (0, 4)


def test_outputs_between_two_inputs_see_by_their_position() -> None:
    field = of_pattern("height", Quantity(1) / 2, [range(-1, 1), range(2)])
    assert [list(field.sees(at)) for at in range(4)] == [[-1, 0], [0, 1], [0, 1], [1, 2]]
    assert (field.size, field.fewest, field.padding, field.centre) == (2, 2, 1, Fraction(-1, 4))


def test_a_pattern_is_kept_no_longer_than_it_takes_to_repeat() -> None:
    twice = of_pattern("height", Quantity(3) / 2, [range(2), range(1, 4), range(3, 5), range(4, 7)])
    assert twice.reads == (range(2), range(1, 4))
    even = of_pattern("height", Quantity(2), [range(-1, 2), range(1, 4), range(3, 6)])
    assert even == Field("height", Quantity(3), Quantity(2), Quantity(1))


def test_windows_of_windows_are_windows() -> None:
    rng = random.Random(6)
    for _ in range(200):
        first, second = (
            Field("height", *(Quantity(rng.randint(low, 5)) for low in (1, 1, 0))) for _ in range(2)
        )
        both = first.then(second)
        for output in range(3):
            seen = {at for middle in second.sees(output) for at in first.sees(middle)}
            stretch = both.sees(output)
            assert (min(seen), max(seen)) == (stretch[0], stretch[-1])
        chain = chain_fields("height", [("a", first, 1), ("b", second, 1)])
        assert chain == both


def test_a_chain_of_like_windows_is_one_behind_the_other() -> None:
    rng = random.Random(7)
    for _ in range(100):
        window = Field("height", *(Quantity(rng.randint(low, 3)) for low in (1, 1, 0)))
        times, one_by_one = rng.randint(0, 4), identity("height")
        for _ in range(times):
            one_by_one = one_by_one.then(window)
        assert chain_fields("height", [("like", window, times)]) == one_by_one


# -- warnings


def pair_of(first: Layer, second: Layer) -> tuple[str, ...]:
    return Concat(first, second).on(1, 8, 8).receptive_field.warnings


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Conv2d(1, 1, 1), THREE),
        (THREE, Conv2d(1, 1, 5, padding=2)),
        (Conv2d(1, 1, 5, padding=2), Conv2d(1, 1, 3, dilation=2, padding=2)),
        (Conv2d(1, 1, 1), MaxPool2d(3, stride=1, padding=1)),
        (HALVING, Conv2d(1, 1, 1, stride=2)),
    ],
)
def test_aligned_branches_carry_no_warning(first: Layer, second: Layer) -> None:
    assert pair_of(first, second) == pair_of(second, first) == ()


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            Conv2d(1, 1, 2, padding=((0, 1), (0, 1))),
            THREE,
            "branches '0' and '1' are misaligned along the {}: centres 1/2 and 0",
        ),
        (
            HALVING,
            MaxPool2d(2),
            "branches '0' and '1' are misaligned along the {}: centres 0 and 1/2",
        ),
        (
            Sequential(HALVING, Conv2d(1, 1, 1, padding=2)),
            Identity(),
            "branches '0' and '1' are misaligned along the {}: strides 2 and 1",
        ),
    ],
)
def test_misaligned_branches_carry_a_warning_that_names_them(
    first: Layer, second: Layer, message: str
) -> None:
    warnings = pair_of(first, second)
    assert {message.format("height"), message.format("width")} <= set(warnings)
    longer = Sequential(Concat(first, second), Conv2d(2, 1, 1)).on(1, 8, 8)
    assert longer.receptive_field.warnings == warnings
    assert longer.rows[-1].receptive_field.warnings == warnings


def test_vectors_are_never_misaligned() -> None:
    layer = Concat(Sequential(HALVING, Flatten()), Sequential(AdaptiveAvgPool2d(1), Flatten()))
    placed = layer.on(1, 8, 8)
    assert placed.receptive_field.warnings == ()
    assert all(clipped(f.sees(0), 8) == set(range(8)) for f in placed.receptive_field.fields)


def test_a_gate_sees_its_own_input_and_warns_of_the_rest() -> None:
    field = squeeze_excitation(4, 2).on(4, 8, 8).receptive_field
    assert (field.size, field.stride, field.padding) == (1, 1, 0)
    assert field.warnings == (
        "through a gate every output sees more of the input than its receptive field",
    )
    assert Gate(Sigmoid()).on(4, 8, 8).receptive_field.warnings == ()


def test_a_warning_is_given_once() -> None:
    twice = Sequential(squeeze_excitation(4, 2), squeeze_excitation(4, 3)).on(4, 8, 8)
    assert len(twice.receptive_field.warnings) == 1


# -- all axes at once


def test_what_axes_have_in_common_is_told() -> None:
    field = HALVING.on(1, 9, 7).receptive_field
    assert (field.size, field.stride, field.padding) == (3, 2, 1)


@pytest.mark.parametrize(
    ("layer", "name", "message"),
    [
        (Conv2d(1, 1, (3, 5)), "size", "no size common to its axes (height 3, width 5)"),
        (Conv2d(1, 1, 3, stride=(1, 2)), "stride", "no stride common to its axes (height 1, width"),
        (Conv2d(1, 1, 3, padding=(1, 0)), "padding", "no padding common to its axes (height 1, wi"),
        (Sequential(Flatten(), Linear(81, 2)), "size", None),
    ],
)
def test_what_axes_do_not_have_in_common_is_an_error_with_both(
    layer: Layer, name: str, message: str | None
) -> None:
    field = layer.on(1, 9, 9).receptive_field
    if message is None:
        assert getattr(field, name) == 9
        return
    with pytest.raises(ValueError) as error:  # noqa: PT011  # the message is compared
        getattr(field, name)
    assert str(error.value).startswith(f"the receptive field has {message}")


def test_a_vector_has_no_axes_to_see_along() -> None:
    with pytest.raises(ValueError, match=r"has no size common to its axes \(none\)"):
        _ = Linear(5, 2).on(5).receptive_field.size


def test_what_follows_a_vector_changes_no_field() -> None:
    field = ReceptiveField((RING,), ("first",))
    assert field.then(ReceptiveField((), ("second",))) == ReceptiveField(
        (RING,), ("first", "second")
    )


def test_a_pattern_of_too_many_outputs_is_an_estimate_and_says_so() -> None:
    doubling = [ConvTranspose2d(1, 1, 3, stride=2)] * 12
    field = Sequential(*doubling).on(1, 1, 1).receptive_field
    assert field.stride == Fraction(1, 2**12)
    assert field.warnings == (
        "along the height and the width the receptive field is an estimate: "
        "it repeats after too many outputs",
    )
    assert Sequential(*doubling[:11]).on(1, 1, 1).receptive_field.warnings == (
        "along the height and the width outputs see from 1 to 2 inputs, by position",
    )
