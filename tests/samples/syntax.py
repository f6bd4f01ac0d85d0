"""Syntax that Python's versions print differently; its fingerprint is fixed in test_digest.py."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator


class Empty:
    pass


class Point:
    """A docstring, which does not count."""

    x: int = 0


def no_arguments() -> None: ...


def every_argument(a, /, b=1, *rest: int, c, d=None, **more) -> Callable[[], int]:
    no_arguments()
    print(*rest, sep="", **more)
    return lambda: a


def matched(value: object) -> object:
    match value:
        case Point(x=0) | -1:
            return 1.5e300
        case [first, *_]:
            return first
        case {"key": found, **others}:
            return found, others
        case _:
            return ...


def written(value: float, width: int, names: dict[str, str]) -> str:
    return f"{value!r:>{width}} {value = } {names['a']} {{}} {f'{width}'} × 🫨 {value:{width}}x"


async def later() -> None:
    async with contextlib.AsyncExitStack() as stack:
        await stack.aclose()
    try:
        raise ValueError from None
    except* ValueError:
        pass


def indices(values: list[int]) -> Iterator[int]:
    values[1:] = []
    yield values[-1]
    yield from {n: n for n in values if n if not n}
