"""What pages and figures take from the seconds that convolutions took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from mkdocs_cnn import experiments
from mkdocs_cnn.experiments.statistics import measured
from mkdocs_cnn.quantities.quantity import Quantity

if TYPE_CHECKING:
    from mkdocs_cnn.book.experiments.seconds_and_flops.run import SecondsRun, Settings

Runs = Sequence["SecondsRun"]

# Ways and layers whose names are no attributes.
ATTRIBUTES = {"FFT": "fft", "3 × 3": "three", "1 × 1": "one"}
OFTEN = ("sparse", "im2col", "shifts", "direct", "FFT")
"""The ways that the whole photograph was filtered."""


class Timing(NamedTuple):
    """A cell: what was timed, and how long it took."""

    task: str  # "photograph", "square", "learning" or "layer"
    way: str  # how it was computed, or the layer's name
    size: int  # the kernel's side on the photograph, the square's on a square
    macs: int  # multiply-adds by definition
    nanoseconds: tuple[int, ...]  # of the fastest call, for each seed

    @property
    def seconds(self) -> float:
        """The median over the seeds."""
        return median(self.nanoseconds) / 1e9

    @property
    def fastest(self) -> float:
        """Of all seeds, in seconds."""
        return min(self.nanoseconds) / 1e9

    @property
    def per_billion(self) -> float:
        """Seconds for a billion multiply-adds, the median over the seeds."""
        return self.seconds / self.macs * 1e9


def timings(runs: Runs) -> list[Timing]:
    """Every cell with the times of all seeds."""
    cells = zip(*(run.timings for run in runs), strict=True)
    return [
        Timing(task, way, size, macs, tuple(seed[-1] for seed in seeds))
        for seeds in cells
        for task, way, size, macs, _ in seeds[:1]
    ]


def timed(found: Sequence[Timing], task: str, size: int | None = None) -> dict[str, Timing]:
    """The cells of a task on one size, by way; without a size those of all, the last of each way.

    Raises:
        ValueError: If nothing was timed on this size.
    """
    cells = [cell for cell in found if cell.task == task and size in (None, cell.size)]
    if not cells:
        sizes = sorted({cell.size for cell in found if cell.task == task})
        raise ValueError(f"on the {task} sizes {sizes} were timed, not {size}")
    return {cell.way: cell for cell in cells}


@experiments.findings("seconds-and-flops")
def findings(
    runs: Runs, settings: Settings, *, kernel_size: int = 3, side: int = 64
) -> dict[str, Quantity]:
    """The numbers of one kernel on the photograph, and of one square with 3 × 3.

    Gives for each way `photograph_…`, `square_…`, `learning_…` and `layer_…` in milliseconds, the
    same with `_per_billion`, seconds for a billion multiply-adds, and with `_fastest`; and
    `dense_to_sparse`, `dense_to_direct`, `learning_dense_to_sparse`, `learning_dense_to_direct`,
    times that dense takes longer, with the `…_macs` times it has more; `fft_passes_…` by way, the
    kernel size from which on the FFT is faster; `sparse_passes_dense`, the side from which on the
    sparse matrix is; `apart`, how many times longer the slowest way takes than the fastest, with
    as many multiply-adds, and `…_apart`, by how much a multiply-add of one way differs over all
    kernel sizes, and of all layers.

    Raises:
        ValueError: If this kernel size or this side was not timed.
    """
    found = timings(runs)
    square, learning = timed(found, "square", side), timed(found, "learning")
    return {
        **_times("photograph", timed(found, "photograph", kernel_size)),
        **_times("square", square),
        **_times("learning", learning),
        **_times("layer", timed(found, "layer")),
        **_ratios("", square),
        **_ratios("learning_", learning),
        **dict(_crossings(found)),
        **dict(_apart(found, kernel_size)),
    }


def _times(task: str, cells: dict[str, Timing]) -> dict[str, Quantity]:
    numbers = {}
    for way, cell in cells.items():
        name, key = f"{way}, {task}, {cell.size}", f"{task}_{ATTRIBUTES.get(way, way)}"
        numbers[key] = measured(cell.seconds * 1e3, f"{name}, median", "ms")
        numbers[f"{key}_fastest"] = measured(cell.fastest * 1e3, f"{name}, fastest", "ms")
        numbers[f"{key}_per_billion"] = measured(
            cell.per_billion, f"seconds for a billion multiply-adds: {name}", "s"
        )
        numbers[f"{key}_macs"] = Quantity(cell.macs, "MAC", name=f"multiply-adds, {name}")
    return numbers


def _ratios(prefix: str, cells: dict[str, Timing]) -> dict[str, Quantity]:
    numbers, dense = {}, cells["dense"]
    for way in ("sparse", "direct"):
        key, other = f"{prefix}dense_to_{way}", cells[way]
        numbers[key] = measured(ratio(dense, other), f"dense over {way}, {dense.task}")
        more = Quantity(dense.macs, "MAC") / Quantity(other.macs, "MAC")
        numbers[f"{key}_macs"] = more.named(f"multiply-adds, dense over {way}, {dense.task}")
    return numbers


def ratio(first: Timing, second: Timing) -> float:
    """How many times longer the first takes: the median of the ratios within each seed."""
    pairs = zip(first.nanoseconds, second.nanoseconds, strict=True)
    return median(one / other for one, other in pairs)


def passes(found: Sequence[Timing], task: str, way: str, other: str) -> int:
    """The size from which on a way is faster than another, by the median, up to the largest.

    Returns:
        The smallest such size that was timed; 0 if at the largest it is the slower one.
    """
    since = 0
    for size in sorted({cell.size for cell in found if cell.task == task}):
        cells = timed(found, task, size)
        if way in cells and other in cells:
            ahead = ratio(cells[way], cells[other]) < 1
            since = (since or size) if ahead else 0
    return since


def _crossings(found: Sequence[Timing]) -> Iterator[tuple[str, Quantity]]:
    for way in OFTEN[:-1]:
        size = passes(found, "photograph", "FFT", way)
        name = f"kernel size from which on the FFT is faster than {way}"
        yield f"fft_passes_{way}", Quantity(size, "pixel", name=name)
    side = passes(found, "square", "sparse", "dense")
    name = "side from which on the sparse matrix is faster than the dense one"
    yield "sparse_passes_dense", Quantity(side, "pixel", name=name)


def _apart(found: Sequence[Timing], kernel_size: int) -> Iterator[tuple[str, Quantity]]:
    same = [cell.seconds for cell in timed(found, "photograph", kernel_size).values()]
    name = f"the slowest way over the fastest, {kernel_size} × {kernel_size}"
    yield "apart", measured(max(same) / min(same), name)
    cells = [cell for cell in found if cell.task == "photograph"]
    groups = {way: [cell for cell in cells if cell.way == way] for way in OFTEN}
    groups["layers"] = [cell for cell in found if cell.task == "layer"]
    for key, group in groups.items():
        each = [cell.per_billion for cell in group]
        name = f"{key}: the most time for a multiply-add over the least"
        yield f"{ATTRIBUTES.get(key, key)}_apart", measured(max(each) / min(each), name)
