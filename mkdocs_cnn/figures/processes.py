"""Work done in processes of its own, beside this one, where that is safe."""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

Work = Callable[[], object]


@contextmanager
def beside(works: Iterable[Work]) -> Iterator[None]:
    """Do each work in a process of its own, and wait for all of them at the end.

    Where that is not safe none is done, and none that fails says so: whoever needs a result looks
    whether it is there, and does the work himself if not.

    Args:
        works: Leave their results where this process finds them, in files.
    """
    processes = _begun(works) if _is_safe() else []
    try:
        yield
    finally:
        for process in processes:
            process.join()


def _is_safe() -> bool:
    """Whether a copy of this process, with all that it has imported, can go on by itself.

    A thread's lock would stay locked in the copy, and not every system takes the copying well.
    """
    return sys.platform == "linux" and threading.active_count() == 1


def _begun(works: Iterable[Work]) -> list[multiprocessing.process.BaseProcess]:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_quietly, args=(work,)) for work in works]
    for process in processes:
        process.start()
    return list(processes)


def _quietly(work: Work) -> None:
    with suppress(Exception):
        work()
