"""Seconds: the same convolution in six ways, beside the multiply-adds that it takes.

The question. Multiply-adds (MACs), each of them two FLOPs, can be counted. How far do they predict
time? Which way of computing a convolution is the fastest, from which size of kernel on?

What is compared, on the grey photograph of 320 × 280 pixels, with one filter and no padding, all
in float32 and on one thread:

- dense: a matrix with a cell for every pair of input and output, times the image as a vector;
- sparse: the same with the connections alone (SciPy's CSR format);
- im2col: every window copied into a column, then one matrix product (NumPy);
- shifts: for every tap the whole image, shifted, times a weight, added up (NumPy);
- direct: SciPy's `correlate2d`, loops in C;
- FFT: SciPy's `fftconvolve`, there and back through the frequencies.

Kernels are k × k, k from 2 to 31 (for 1 × 1 `fftconvolve` transforms nothing). What would take
more than 500 million bytes for its matrix or columns is left out, and so is the dense matrix of
the whole photograph, which is far beyond that: it is timed on squares cut from the middle, 4 to
64 pixels a side, with 3 × 3 kernels, and all other ways with it.

A step of learning, on the largest square: the output, the gradient of every weight, and a step
against it; with the dense matrix, with the sparse one (each entry a weight of its own, so a
locally connected layer), and with the kernel.

Four layers of the chapter on efficiency, with channels, by im2col or as one matrix: 3 × 3 with 64
channels in and out on 56 × 56, 1 × 1 and depthwise 3 × 3 with 128 channels on 56 × 56, and a
dense one from 25,088 to 4,096.

MACs are those of the definition: one for each tap and output, and for the dense matrix one for
each cell. The FFT does fewer. For a step of learning output and gradient are counted.

What the clock runs over. One call, from image to output; matrices are built before. Each cell (a
way on a size) is called once to warm up and then five times, and the fastest of the five counts:
what it takes when nothing disturbs. Cells are timed in an order drawn by the seed, alone on the
machine. Ten seeds draw the weights too. What is shown is the median over them, where not the
fastest, and ratios are taken within each seed.

What this is not. The libraries of deep learning have faster code than this, and graphics
processors another balance of multiplying and reading. Another machine than the one that is named
with the result gives other ratios.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image

from mkdocs_cnn.book import data
from mkdocs_cnn.experiments.declaration import experiment

PHOTOGRAPH = data.FOLDER / "cat_320x280.png"

Array = NDArray[np.float32]
Call = Callable[[], Array]
Way = Callable[[Array, Array], Call]
Prepare = Callable[[np.random.Generator], Call]


@dataclass(frozen=True)
class Settings:
    """What is timed."""

    # The sides of the kernels on the whole photograph.
    kernel_sizes: tuple[int, ...] = (2, 3, 4, 5, 6, 7, 9, 11, 15, 21, 31)
    sides: tuple[int, ...] = (4, 8, 16, 32, 64)  # of the squares on which the dense matrix is timed
    calls: int = 5  # how many calls the fastest is taken of
    most_bytes: int = 500_000_000  # what needs more is left out


@dataclass(frozen=True)
class SecondsRun:
    """What one seed timed."""

    # For each cell the task ("photograph", "square", "learning" or "layer"), the way (or the
    # layer's name), the size (of the square where there is one, else the kernel's side), the MACs,
    # and the nanoseconds of the fastest call.
    timings: tuple[tuple[str, str, int, int, int], ...]


class Cell(NamedTuple):
    """One thing to be timed.

    Attributes:
        task, way, size, macs: As in `SecondsRun`.
        prepare: Makes the call to be timed, with weights from a generator.
    """

    task: str
    way: str
    size: int
    macs: int
    prepare: Prepare


@experiment(
    "seconds-and-flops",
    title="Seconds beside multiply-adds",
    seeds=10,
    reads=("cat_320x280.png",),
    needs=("scipy",),
    timed=True,
)
def seconds_and_flops(settings: Settings, seed: int) -> SecondsRun:
    """Time every cell once, in an order of the seed's own."""
    every = list(cells(settings))
    order = np.random.default_rng(seed).permutation(len(every)).tolist()
    took = {at: fastest(every[at], seed, settings.calls) for at in order}
    return SecondsRun(tuple((*cell[:4], took[at]) for at, cell in enumerate(every)))


def fastest(cell: Cell, seed: int, calls: int) -> int:
    """The nanoseconds of the fastest of some calls, after one that warms up."""
    call, took = cell.prepare(np.random.default_rng([seed, cell.size])), []
    for _ in range(1 + calls):
        start = perf_counter_ns()
        call()
        took.append(perf_counter_ns() - start)
    return min(took[1:])


# -- cells


def cells(settings: Settings) -> Iterator[Cell]:
    """Everything that is timed."""
    with Image.open(PHOTOGRAPH) as photograph:
        image = np.asarray(photograph.convert("L"), np.float32)
    for k in settings.kernel_sizes:
        yield from _ways("photograph", image, k, k, settings.most_bytes)
    for side in settings.sides:
        yield from _ways("square", middle(image, side), 3, side, settings.most_bytes)
    square = middle(image, max(settings.sides))
    for way, learn in LEARNING.items():
        count = 2 * macs(way, square.shape, 3)
        yield Cell("learning", way, len(square), count, _on(square, 3, learn))
    yield from layers()


def _ways(task: str, image: Array, k: int, size: int, most_bytes: int) -> Iterator[Cell]:
    for way, prepare in WAYS.items():
        if bytes_needed(way, image.shape, k) <= most_bytes:
            yield Cell(task, way, size, macs(way, image.shape, k), _on(image, k, prepare))


def _on(image: Array, k: int, way: Way) -> Prepare:
    return lambda rng: way(image, normal(rng, k, k))


def normal(rng: np.random.Generator, *shape: int) -> Array:
    """Weights drawn from the normal distribution."""
    return rng.standard_normal(shape, np.float32)


def middle(image: Array, side: int) -> Array:
    """The square in the middle of an image, or as near to it as pixels allow."""
    top, left = ((size - side) // 2 for size in image.shape)
    return image[top : top + side, left : left + side].copy()


def macs(way: str, shape: tuple[int, ...], k: int) -> int:
    """Multiply-adds for one output image, as the definition of the way takes them."""
    height, width = shape
    outputs = (height - k + 1) * (width - k + 1)
    return outputs * (height * width if way == "dense" else k * k)


def bytes_needed(way: str, shape: tuple[int, ...], k: int) -> int:
    """What the matrix takes, or the columns; nothing for a way that has neither."""
    each = {"dense": 4, "sparse": 4 + 4, "im2col": 4}  # a float32, and an int32 that says where
    return macs(way, shape, k) * each.get(way, 0)


# -- six ways: each takes an image and a kernel, prepares what it may, and returns the call


def dense(image: Array, kernel: Array) -> Call:
    """A matrix with every pair of output and input, times the image as a vector."""
    matrix = sparse_matrix(image.shape, kernel).toarray()
    shape = output_shape(image, kernel)
    return lambda: (matrix @ image.ravel()).reshape(shape)


def sparse(image: Array, kernel: Array) -> Call:
    """A matrix with the connections alone, times the image as a vector."""
    matrix, shape = sparse_matrix(image.shape, kernel), output_shape(image, kernel)
    return lambda: (matrix @ image.ravel()).reshape(shape)


def im2col(image: Array, kernel: Array) -> Call:
    """Every window copied into a column; the kernel times the columns."""
    k, shape = len(kernel), output_shape(image, kernel)

    def call() -> Array:
        columns = sliding_window_view(image, (k, k)).transpose(2, 3, 0, 1).reshape(k * k, -1)
        return (kernel.ravel() @ columns).reshape(shape)

    return call


def shifts(image: Array, kernel: Array) -> Call:
    """The image shifted by every tap, times its weight, added up."""
    height, width = output_shape(image, kernel)

    def call() -> Array:
        total = np.zeros((height, width), np.float32)
        for (down, right), weight in np.ndenumerate(kernel):
            total += weight * image[down : down + height, right : right + width]
        return total

    return call


def direct(image: Array, kernel: Array) -> Call:
    """SciPy's loops in C."""
    from scipy.signal import correlate2d

    return lambda: correlate2d(image, kernel, mode="valid")


def by_fft(image: Array, kernel: Array) -> Call:
    """There and back through the frequencies, the kernel turned, for SciPy's is a convolution."""
    from scipy.signal import fftconvolve

    return lambda: fftconvolve(image, kernel[::-1, ::-1], mode="valid")


WAYS: dict[str, Way] = {
    "dense": dense,
    "sparse": sparse,
    "im2col": im2col,
    "shifts": shifts,
    "direct": direct,
    "FFT": by_fft,
}


def output_shape(image: Array, kernel: Array) -> tuple[int, int]:
    """Rows and columns of places where the kernel fits."""
    return image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1


def sparse_matrix(shape: tuple[int, ...], kernel: Array) -> Any:
    """The cross-correlation with a kernel as a matrix `(outputs, inputs)` in CSR format."""
    from scipy.sparse import csr_array

    k, (height, width) = len(kernel), shape
    pixels = np.arange(height * width, dtype=np.int32).reshape(height, width)
    columns = sliding_window_view(pixels, (k, k)).reshape(-1)
    outputs = len(columns) // kernel.size
    starts = np.arange(outputs + 1, dtype=np.int32) * kernel.size
    entries = np.tile(kernel.ravel(), outputs), columns, starts
    return csr_array(entries, shape=(outputs, height * width))


# -- a step of learning: output, gradient of the weights, and a step against it

RATE = np.float32(1e-9)  # so small that weights stay finite


def learn_dense(image: Array, kernel: Array) -> Call:
    """With a weight for each pair of output and input. The call returns the weights."""
    x = image.ravel()
    matrix: Array = sparse_matrix(image.shape, kernel).toarray()

    def call() -> Array:
        slope = matrix @ x  # of half the sum of squares, as good as any
        np.subtract(matrix, np.outer(RATE * slope, x), out=matrix)
        return matrix

    return call


def learn_sparse(image: Array, kernel: Array) -> Call:
    """With a weight for each connection. The call returns the weights."""
    matrix, x = sparse_matrix(image.shape, kernel), image.ravel()
    weights: Array = matrix.data

    def call() -> Array:
        slope = matrix @ x
        np.subtract(weights, np.repeat(RATE * slope, kernel.size) * x[matrix.indices], out=weights)
        return weights

    return call


def learn_direct(image: Array, kernel: Array) -> Call:
    """With the kernel's weights, each used at every place. The call returns the weights."""
    from scipy.signal import correlate2d

    weights = kernel.copy()

    def call() -> Array:
        slope = correlate2d(image, weights, mode="valid")
        np.subtract(weights, RATE * correlate2d(image, slope, mode="valid"), out=weights)
        return weights

    return call


LEARNING: dict[str, Way] = {"dense": learn_dense, "sparse": learn_sparse, "direct": learn_direct}


def layers() -> Iterator[Cell]:
    """Four layers of a network, on one input of normal noise."""
    places = 56 * 56
    yield Cell("layer", "3 × 3", 3, places * 64 * 64 * 9, lambda rng: layer(rng, 64, 3))
    yield Cell("layer", "1 × 1", 1, places * 128 * 128, lambda rng: layer(rng, 128, 1))
    yield Cell("layer", "depthwise", 3, places * 128 * 9, lambda rng: depthwise(rng, 128))
    yield Cell("layer", "dense", 1, 25_088 * 4_096, lambda rng: linear(rng, 25_088, 4_096))


def layer(rng: np.random.Generator, channels: int, k: int, side: int = 56) -> Call:
    """A convolution from so many channels to as many, padded to keep its size, by im2col."""
    x, filters = normal(rng, channels, side, side), normal(rng, channels, channels * k * k)
    return lambda: (filters @ unfold(x, k).reshape(-1, side * side)).reshape(x.shape)


def depthwise(rng: np.random.Generator, channels: int, k: int = 3, side: int = 56) -> Call:
    """One window for each channel by itself, padded to keep its size, by im2col."""
    x, filters = normal(rng, channels, side, side), normal(rng, channels, 1, k * k)
    return lambda: (filters @ unfold(x, k)).reshape(x.shape)


def linear(rng: np.random.Generator, inputs: int, outputs: int) -> Call:
    """A dense layer: every pair of output and input."""
    x, matrix = normal(rng, inputs), normal(rng, outputs, inputs)
    return lambda: matrix @ x


def unfold(x: Array, k: int) -> Array:
    """Every window of an image with channels as a column, `(channels, k k, positions)`."""
    aside = ((k - 1) // 2,) * 2
    windows = sliding_window_view(np.pad(x, ((0, 0), aside, aside)), (k, k), axis=(1, 2))
    return windows.transpose(0, 3, 4, 1, 2).reshape(len(x), k * k, -1)
