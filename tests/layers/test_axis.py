from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.layers import Conv1d
from mkdocs_cnn.layers.arguments import PaddingMode
from mkdocs_cnn.layers.axis import Axis, input_index
from mkdocs_cnn.quantities.quantity import Quantity

MODES: list[PaddingMode] = ["zeros", "circular", "reflect", "edge"]
NUMPY_PAD = {"zeros": "constant", "circular": "wrap", "reflect": "reflect", "edge": "edge"}
NOTHING = -1


def axis(
    size: int,
    kernel_size: int,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    dilation: int = 1,
    mode: PaddingMode = "zeros",
    ceil_mode: bool = False,
) -> Axis:
    before, after = map(Quantity, padding)
    numbers = Quantity(size, symbol="H"), Quantity(kernel_size, symbol="k"), Quantity(stride)
    return Axis("height", *numbers, (before, after), Quantity(dilation), mode, ceil_mode)


def padded_indices(size: int, padding: tuple[int, int], mode: str) -> Any:
    """NumPy's word on which input stands at each position of the padded axis."""
    filling = {"constant_values": NOTHING} if mode == "zeros" else {}
    return np.pad(np.arange(size), padding, NUMPY_PAD[mode], **filling)


def windows(padded: Any, kernel_size: int, stride: int, dilation: int) -> list[list[int]]:
    """Every window that fits, by trying every start."""
    found = []
    for start in range(0, len(padded), stride):
        taps = [start + tap * dilation for tap in range(kernel_size)]
        if taps[-1] < len(padded):
            found.append([int(padded[tap]) for tap in taps])
    return found


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_padding_is_filled_as_numpy_fills_it(size: int, mode: PaddingMode) -> None:
    most = {"circular": size, "reflect": size - 1}.get(mode, 5)
    expected = padded_indices(size, (most, most), mode).tolist()
    found = [input_index(at, size, mode) for at in range(-most, size + most)]
    assert [NOTHING if index is None else index for index in found] == expected


def random_case(rng: random.Random) -> dict[str, Any]:
    case = {
        "kernel_size": rng.randint(1, 6),
        "stride": rng.randint(1, 5),
        "padding": (rng.randint(0, 4), rng.randint(0, 4)),
        "dilation": rng.randint(1, 4),
        "mode": rng.choice(MODES),
    }
    extent = case["dilation"] * (case["kernel_size"] - 1) + 1
    fills = {"circular": max(case["padding"]), "reflect": max(case["padding"]) + 1}
    smallest = max(1, extent - sum(case["padding"]), fills.get(case["mode"], 1))
    return {"size": smallest + rng.choice([0, 0, 1, 2, rng.randint(0, 20)]), **case}


def test_random_axes_agree_with_numpy_window_by_window() -> None:
    rng = random.Random(1)
    for _ in range(4000):
        case = random_case(rng)
        here = axis(**case)
        padded = padded_indices(case["size"], case["padding"], case["mode"])
        expected = windows(padded, case["kernel_size"], case["stride"], case["dilation"])
        assert here.output_size == len(expected), case
        for output, window in enumerate(expected):
            taps = [(tap, index) for tap, index in enumerate(window) if index != NOTHING]
            assert list(here.taps(output)) == taps, case
        reads = [set(window) - {NOTHING} for window in expected]
        assert list(here.reads()) == reads, case
        assert here.touching == sum(map(len, reads)), case


@pytest.mark.parametrize(
    ("size", "kernel_size", "stride", "padding", "dilation", "output_size"),
    [
        (32, 5, 1, (0, 0), 1, 28),
        (10, 3, 1, (0, 0), 1, 8),
        (1000, 5, 1, (0, 0), 1, 996),
        (320, 3, 1, (0, 0), 1, 318),
        (224, 7, 2, (3, 3), 1, 112),
        (227, 11, 4, (0, 0), 1, 55),
        (1, 1, 1, (0, 0), 1, 1),
        (5, 5, 1, (0, 0), 1, 1),
        (5, 2, 4, (0, 0), 1, 1),
        (6, 2, 4, (0, 0), 1, 2),
        (7, 3, 1, (0, 0), 3, 1),
        (5, 4, 1, (1, 2), 1, 5),
    ],
)
def test_sizes_of_the_literature_and_of_the_edges(
    size: int,
    kernel_size: int,
    stride: int,
    padding: tuple[int, int],
    dilation: int,
    output_size: int,
) -> None:
    assert axis(size, kernel_size, stride, padding, dilation).output_size == output_size


@pytest.mark.parametrize(
    ("quantity", "worked"),
    [
        (axis(32, 5).output_size, "32 − 5 + 1 = 28"),
        (axis(32, 5, stride=2).output_size, "⌊(32 − 5) / 2⌋ + 1 = 14"),
        (axis(32, 5, padding=(2, 2)).output_size, "32 + 2 · 2 − 5 + 1 = 32"),
        (axis(32, 4, padding=(1, 2)).output_size, "32 + 1 + 2 − 4 + 1 = 32"),
        (axis(32, 5, dilation=2).extent, "2 · (5 − 1) + 1 = 9"),
        (axis(32, 5).extent, "5"),
        (axis(32, 5).touching, "28 · 5 = 140"),
        (axis(4, 3, padding=(1, 1)).touching, "4 · 3 − 2 = 10"),
    ],
)
def test_the_working_is_that_of_the_textbook(quantity: Quantity, worked: str) -> None:
    assert quantity.worked == worked


def test_taps_that_fall_on_padding_are_a_step_of_their_own() -> None:
    touching = axis(4, 3, padding=(1, 1)).touching
    assert [step.name for step in touching.steps] == ["output height", "taps lost along the height"]


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (
            {"size": 5, "kernel_size": 4, "dilation": 2},
            r"kernel extent 7 exceeds padded input 5 along the height "
            r"\(size=5, padding=0, kernel_size=4, dilation=2\)",
        ),
        (
            {"size": 2, "kernel_size": 6, "padding": (1, 2)},
            r"kernel extent 6 exceeds padded input 5 along the height "
            r"\(size=2, padding=\(1, 2\), kernel_size=6, dilation=1\)",
        ),
        (
            {"size": 3, "kernel_size": 1, "padding": (3, 3), "mode": "reflect"},
            r"reflect padding 3 exceeds 2 along the height \(size=3\)",
        ),
        (
            {"size": 3, "kernel_size": 1, "padding": (0, 4), "mode": "circular"},
            r"circular padding \(0, 4\) exceeds 3 along the height \(size=3\)",
        ),
    ],
)
def test_a_window_that_does_not_fit_is_refused(case: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        axis(**case)


@pytest.mark.parametrize(
    ("mode", "padding"), [("reflect", (2, 2)), ("circular", (3, 3)), ("edge", (9, 9))]
)
def test_as_much_padding_as_the_input_can_fill_is_allowed(
    mode: PaddingMode, padding: tuple[int, int]
) -> None:
    assert axis(3, 1, padding=padding, mode=mode).output_size == 3 + sum(padding)


# -- ceil mode


def hanging_over(size: int, kernel_size: int, stride: int, before: int, after: int) -> list[int]:
    """Where windows begin, by PyTorch's rule: the last one may hang over the end.

    It must take in something that the one before left, and begin before the padding at the end.
    """
    found = [0]
    while found[-1] + kernel_size < before + size + after:
        found.append(found[-1] + stride)
    return [start for start in found if start < before + size]


def test_in_ceil_mode_windows_are_laid_until_nothing_is_left() -> None:
    rng = random.Random(2)
    for _ in range(2000):
        size, kernel, stride = rng.randint(1, 15), rng.randint(1, 6), rng.randint(1, 5)
        before, after = rng.randint(0, kernel // 2), rng.randint(0, kernel // 2)
        if size + before + after <= kernel - stride:
            continue
        here = axis(size, kernel, stride, (before, after), ceil_mode=True)
        expected = hanging_over(size, kernel, stride, before, after)
        assert here.output_size == len(expected), here
        reads = [
            {at - before for at in range(start, start + kernel) if 0 <= at - before < size}
            for start in expected
        ]
        assert list(here.reads()) == reads, here
        assert here.touching == sum(map(len, reads)), here
        assert here.lost == kernel * len(reads) - sum(map(len, reads)), here


def test_in_ceil_mode_a_window_may_hang_over_by_less_than_a_stride() -> None:
    assert axis(2, 4, stride=3, ceil_mode=True).output_size == 1
    with pytest.raises(ValueError, match="kernel extent 4 exceeds padded input 1"):
        axis(1, 4, stride=3, ceil_mode=True)


def test_the_border_is_where_windows_reach_out_of_the_input() -> None:
    rng = random.Random(3)
    for _ in range(2000):
        size, kernel, stride, dilation = (rng.randint(1, most) for most in (15, 6, 5, 3))
        before, after = rng.randint(0, 8), rng.randint(0, 8)
        extent = dilation * (kernel - 1) + 1
        if size + before + after < extent:
            continue
        here = axis(size, kernel, stride, (before, after), dilation)
        starts = range(-before, size + after - extent + 1, stride)
        reaching = [
            output for output, start in enumerate(starts) if start < 0 or start + extent > size
        ]
        assert [*here.border[0], *here.border[1]] == reaching, here


def test_a_window_reads_a_field() -> None:
    field = axis(20, 3, stride=2, padding=(4, 1), dilation=3).field
    assert (field.axis, field.size, field.stride, field.padding) == ("height", 7, 2, 4)


@pytest.mark.parametrize(
    ("kernel_size", "padding"), [(1, 13), (3, 12), (7, 40), (31, 15), (2, 900)]
)
def test_taps_lost_at_many_windows_are_those_that_fall_on_padding(
    kernel_size: int, padding: int
) -> None:
    axis = Conv1d(1, 1, kernel_size, padding=padding).on(1, 10).axes[0]
    starts = range(-padding, 10 + padding - kernel_size + 1)
    beside = [start + tap for start in starts for tap in range(kernel_size)]
    assert axis.lost == sum(not 0 <= place < 10 for place in beside)
    assert len(axis.lost.worked) < 300  # like with like
