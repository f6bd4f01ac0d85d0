from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from scipy.signal import fftconvolve

from mkdocs_cnn.arrays.correlation import cross_correlate2d
from mkdocs_cnn.arrays.fourier import cross_correlate2d_by_fft
from mkdocs_cnn.book.measurements.images import grey_photograph

# Its agreement with the other routes, SciPy and PyTorch is in test_routes.py.


def test_a_large_kernel_on_the_photograph_is_what_scipy_makes_of_it() -> None:
    grey, kernel = grey_photograph(), np.random.default_rng(1).standard_normal((101, 64))
    result = cross_correlate2d_by_fft(grey, kernel[None, None])
    expected = fftconvolve(grey[0], kernel[::-1, ::-1], "valid")
    np.testing.assert_allclose(result[0], expected, atol=1e-8)


def test_on_a_ring_frequencies_multiply() -> None:
    rng = np.random.default_rng(2)
    x, weight = rng.standard_normal((5, 8)), rng.standard_normal((3, 4))
    result = cross_correlate2d_by_fft(
        x[None], weight[None, None], padding="same", padding_mode="circular"
    )[0]
    spectrum = np.fft.fft2(x) * np.fft.fft2(weight, x.shape).conj()
    shifted = np.roll(np.fft.ifft2(spectrum).real, (1, 1), (0, 1))  # the window begins 1 before
    np.testing.assert_allclose(result, shifted, atol=1e-12)


def test_a_batch_is_its_images_one_by_one() -> None:
    rng = np.random.default_rng(3)
    x, weight, bias = (rng.standard_normal(shape) for shape in ((3, 4, 5, 6), (2, 2, 3, 3), 2))
    given: Any = {"groups": 2, "padding": 1, "stride": 2}
    expected = [cross_correlate2d(image, weight, bias, **given) for image in x]
    result = cross_correlate2d_by_fft(x, weight, bias, **given)
    np.testing.assert_allclose(result, expected, atol=1e-12)
    assert cross_correlate2d_by_fft(x[:0], weight, bias, **given).shape == (0, 2, 3, 3)


@pytest.mark.parametrize(
    ("x", "weight", "dtype"),
    [
        ("uint8", "int8", "float64"),
        ("bool", "bool", "float64"),
        ("float32", "float32", "float32"),
        ("float32", "int8", "float32"),
        ("float64", "float32", "float64"),
        ("object", "int8", "float64"),
    ],
)
def test_the_answer_is_in_floats(x: str, weight: str, dtype: str) -> None:
    result = cross_correlate2d_by_fft(np.ones((1, 3, 3), x), np.ones((1, 1, 2, 2), weight))
    assert result.dtype == dtype
    np.testing.assert_allclose(result, np.full((1, 2, 2), 4), rtol=1e-6)


def test_fractions_and_large_integers_become_floats() -> None:
    result = cross_correlate2d_by_fft([[[Fraction(1, 3), 2**70]]], [[[[1, 1]]]])
    np.testing.assert_allclose(result, [[[2.0**70]]])


def test_bytes_do_not_overflow() -> None:
    x, weight = np.full((1, 3, 3), 255, np.uint8), np.full((1, 1, 3, 3), -128, np.int8)
    np.testing.assert_allclose(cross_correlate2d_by_fft(x, weight), [[[-128 * 255 * 9]]])


def test_what_is_given_is_not_changed() -> None:
    x, weight, bias = np.ones((1, 3, 3)), np.ones((1, 1, 2, 2)), np.ones(1)
    cross_correlate2d_by_fft(x, weight, bias)[:] = 0
    assert all(array.all() for array in (x, weight, bias))


@pytest.mark.parametrize(
    ("x", "weight", "error", "message"),
    [
        (
            np.ones((1, 3, 3), complex),
            np.ones((1, 1, 2, 2)),
            TypeError,
            "the fast Fourier transform takes real numbers here, not dtype complex128",
        ),
        (
            np.ones((1, 3, 3)),
            np.ones((1, 1, 4, 2)),
            ValueError,
            "kernel extent 4 exceeds padded input 3 along the height "
            "(size=3, padding=0, kernel_size=4, dilation=1)",
        ),
        (np.ones((3, 3)), np.ones((1, 1, 2, 2)), ValueError, "not 2 axes: (3, 3)"),
    ],
)
def test_what_has_no_answer_is_refused(
    x: Any, weight: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as caught:
        cross_correlate2d_by_fft(x, weight)
    assert str(caught.value).endswith(message)
