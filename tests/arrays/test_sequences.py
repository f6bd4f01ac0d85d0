"""Cross-correlation and convolution of sequences."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from mkdocs_cnn.arrays.correlation import (
    convolve1d,
    cross_correlate1d,
    cross_correlate2d_by_definition,
)

MODES = ("zeros", "circular", "reflect", "edge")
BIG = 2**62


def random_sequence(seed: int) -> tuple[Any, ...]:
    """A sequence, filters, biases and keyword arguments."""
    rng = np.random.default_rng(seed)
    groups, kernel, dilation = (int(rng.integers(1, high)) for high in (4, 5, 3))
    padding: Any = [0, 2, (1,), ((0, 2),), ((3, 1),), "same", "valid"][rng.integers(7)]
    given = {
        "stride": 1 if padding == "same" else int(rng.integers(1, 5)),
        "padding": padding,
        "dilation": dilation,
        "groups": groups,
        "padding_mode": MODES[rng.integers(4)],
    }
    inner, outer = groups * rng.integers(1, 3), groups * rng.integers(1, 3)
    reach = dilation * (kernel - 1) + 1
    length = max(reach, 1 if given["padding_mode"] == "zeros" else 5) + rng.integers(4)
    shapes = (inner, length), (outer, inner // groups, kernel), (outer,)
    return *(rng.integers(-9, 10, shape) for shape in shapes), given


def with_a_height(given: dict[str, Any]) -> dict[str, Any]:
    """The same for an image of one row."""
    padding = given["padding"]
    if padding not in ("same", "valid"):
        padding = (0, padding[0] if isinstance(padding, tuple) else padding)
    stride, dilation = ((1, given[name]) for name in ("stride", "dilation"))
    return given | {"padding": padding, "stride": stride, "dilation": dilation}


def test_a_sequence_is_an_image_of_one_row() -> None:
    for seed in range(300):
        x, weight, bias, given = random_sequence(seed)
        image = cross_correlate2d_by_definition(
            x[:, None], weight[:, :, None], bias, **with_a_height(given)
        )
        result = cross_correlate1d(x, weight, bias, **given)
        assert result.dtype == np.int64
        assert np.array_equal(result, image[:, 0]), given


def test_one_channel_is_what_numpy_correlates_and_convolves() -> None:
    rng = np.random.default_rng(5)
    for _ in range(100):
        length = rng.integers(1, 9)
        x, weight = (
            rng.integers(-9, 10, (length,)),
            rng.integers(-9, 10, (rng.integers(1, length + 1),)),
        )
        arrays, full = (x[None], weight[None, None]), len(weight) - 1
        correlated = cross_correlate1d(*arrays, padding=full)
        assert np.array_equal(correlated[0], np.correlate(x, weight, "full"))
        assert np.array_equal(cross_correlate1d(*arrays)[0], np.correlate(x, weight, "valid"))
        assert np.array_equal(convolve1d(*arrays)[0], np.convolve(x, weight, "valid"))
        assert np.array_equal(convolve1d(*arrays, padding=full)[0], np.convolve(x, weight, "full"))


def test_sequences_are_what_pytorch_makes_of_them() -> None:
    torch = pytest.importorskip("torch")
    pads = {"circular": "circular", "reflect": "reflect", "edge": "replicate"}
    for seed in range(300):
        x, weight, bias, given = random_sequence(seed)
        kernel = given["dilation"] * (weight.shape[2] - 1)
        padding = {"valid": 0, "same": ((kernel // 2, kernel - kernel // 2),)}.get(
            given["padding"], given["padding"]
        )
        padding = padding[0] if isinstance(padding, tuple) else padding
        sides = padding if isinstance(padding, tuple) else (padding, padding)
        mode = pads.get(given["padding_mode"], "constant")
        padded = torch.nn.functional.pad(torch.from_numpy(x)[None].double(), sides, mode)
        expected = torch.nn.functional.conv1d(
            padded,
            torch.from_numpy(weight).double(),
            torch.from_numpy(bias).double(),
            **{name: given[name] for name in ("stride", "dilation", "groups")},
        )
        assert np.array_equal(cross_correlate1d(x, weight, bias, **given), expected[0])


def test_a_batch_of_sequences_is_its_sequences_one_by_one() -> None:
    for seed in range(20):
        x, weight, bias, given = random_sequence(seed)
        batch = np.stack([x, -x, x + 1])
        for route in (cross_correlate1d, convolve1d):
            expected = [route(sequence, weight, bias, **given) for sequence in batch]
            assert np.array_equal(route(batch, weight, bias, **given), expected)


@pytest.mark.parametrize("route", [cross_correlate1d, convolve1d])
@pytest.mark.parametrize(
    ("x", "weight", "given", "message"),
    [
        (
            np.ones(3),
            np.ones((1, 1, 2)),
            {},
            "x must be (channels, length) or (n, channels, length), not 1 axes: (3,)",
        ),
        (
            np.ones((1, 3)),
            np.ones((1, 2)),
            {},
            "weight must be (out_channels, in_channels // groups, kernel_length), "
            "not 2 axes: (1, 2)",
        ),
        (
            np.ones((1, 3)),
            np.ones((1, 1, 4)),
            {},
            "kernel extent 4 exceeds padded input 3 along the length "
            "(size=3, padding=0, kernel_size=4, dilation=1)",
        ),
        (
            np.ones((1, 3)),
            np.ones((1, 1, 2)),
            {"stride": (1, 1)},
            "stride takes one number or one per axis (length), not (1, 1)",
        ),
    ],
)
def test_sequences_that_do_not_fit_are_refused(
    route: Callable[..., Any], x: Any, weight: Any, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        route(x, weight, **given)


def test_sequences_stay_exact_beyond_64_bits() -> None:
    assert cross_correlate1d([[BIG, BIG]], [[[2, 2]]]).item() == 2**64
    assert convolve1d([[BIG, -BIG]], [[[2, 1]]], [-1]).item() == -BIG - 1


def test_convolution_commutes_and_cross_correlation_does_not() -> None:
    first, second = [1, 2, 3], [4, 5, 6]  # (1 + 2x + 3x²)(4 + 5x + 6x²)
    for a, b in ((first, second), (second, first)):
        assert convolve1d([a], [[b]], padding=2).tolist() == [[4, 13, 28, 27, 18]]
    assert cross_correlate1d([first], [[second]], padding=2).tolist() == [[6, 17, 32, 23, 12]]
    assert cross_correlate1d([second], [[first]], padding=2).tolist() == [[12, 23, 32, 17, 6]]
