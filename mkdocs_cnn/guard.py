"""Mistakes in a page's template: reported with their line, shown as a box, and survived.

A guarded Jinja environment lets nothing that a page calls, adds or looks up stop the build. Every
mistake is reported once, with the line of the page it stands on, and turns into a `Mistake`: a value
that swallows whatever is done to it and prints as a visible box. So one build reports them all.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterable, Iterator
from html import escape
from types import FrameType, TracebackType
from typing import Any, cast

from jinja2 import Environment, TemplateSyntaxError, Undefined
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from mkdocs_cnn.registry import did_you_mean

Report = Callable[[int | None, str], None]
Finalize = Callable[[Any], Any]


class Mistake(Undefined):
    """What a page gets in place of a value that could not be had.

    Jinja makes one for every name or attribute that does not exist; it is reported when it is
    first used, so that tests (`is defined`) and defaults go on working. The environment makes
    one, reported already, for every call or sum that failed.
    """

    __slots__ = ("message",)

    message: str | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.message = None

    def describe(self, frame: FrameType) -> str:
        """What is wrong, and which name was probably meant."""
        if self._undefined_obj is missing:
            return f"no name {self._undefined_name!r}" + did_you_mean(
                str(self._undefined_name), _names_in_sight(frame)
            )
        known = [name for name in dir(self._undefined_obj) if not name.startswith("_")]
        what = type(self._undefined_obj).__name__
        return f"{what} has no {self._undefined_name!r}" + did_you_mean(
            str(self._undefined_name), known
        )

    def __getattr__(self, name: str) -> Any:
        """Whatever is looked up in a mistake is the same mistake."""
        if name[:2] == "__":
            raise AttributeError(name)
        return self

    def _swallow(self, *_: Any, **__: Any) -> Any:
        return self

    __call__ = __getitem__ = _swallow
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _swallow
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _swallow
    __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = __pos__ = _swallow

    def __lt__(self, other: Any) -> bool:  # type: ignore[override]
        """Comparisons with a mistake are false."""
        return False

    __le__ = __gt__ = __ge__ = __lt__  # type: ignore[assignment]

    def __html__(self) -> str:
        """The box that stands on the page."""
        return box(self.message or "")

    def __str__(self) -> str:
        """The box that stands on the page."""
        return self.__html__()


def box(message: str) -> str:
    """A visible box with what is wrong, in one line of HTML."""
    return f'<span class="mkdocs-cnn-error" role="alert">{escape(message)}</span>'


class Guarded(Environment):
    """A Jinja environment in which a page's mistakes are reported and survived.

    It uses the hooks that Jinja's sandbox has for calls and operators; nothing is forbidden.
    """

    sandboxed = True
    intercepted_binops = frozenset(SandboxedEnvironment.default_binop_table)
    intercepted_unops = frozenset(SandboxedEnvironment.default_unop_table)

    report: Report
    shown: Finalize

    def call(self, context: Context, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Call what the page calls."""
        used = [function, *args, *kwargs.values()]
        what = getattr(function, "__name__", "")
        return self._tried(what, used, lambda: context.call(function, *args, **kwargs))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Compute `left operator right`."""
        compute = SandboxedEnvironment.default_binop_table[operator]
        return self._tried("", [left, right], lambda: compute(left, right))

    def call_unop(self, context: Context, operator: str, arg: Any) -> Any:
        """Compute `operator arg`."""
        compute = SandboxedEnvironment.default_unop_table[operator]
        return self._tried("", [arg], lambda: compute(arg))

    def show(self, value: Any) -> Any:
        """What is printed for a value: Jinja's `finalize`."""
        if isinstance(value, Mistake):
            return str(self._reported(value))
        result = self._tried("", [], lambda: self.shown(value))
        return str(result) if isinstance(result, Mistake) else result

    def handle_exception(self, source: str | None = None) -> Any:
        """Report what stops a page altogether, such as a syntax error, and let it stop."""
        _, error, traceback = sys.exc_info()
        if isinstance(error, TemplateSyntaxError):
            self.report(error.lineno, error.message or "syntax error")
        elif error is not None:
            self.report(_line_of(traceback), _said(error))
        return super().handle_exception(source)

    def _tried(self, what: str, used: Iterable[Any], attempt: Callable[[], Any]) -> Any:
        for value in used:
            if isinstance(value, Mistake):  # one mistake is reported once, where it began
                return self._reported(value)
        try:
            return attempt()
        except Exception as error:  # noqa: BLE001  # whatever it is, the author is told where
            message = f"{what}: {_said(error)}" if what else _said(error)
            return self._failed(message)

    def _failed(self, message: str) -> Mistake:
        mistake = Mistake(name="mistake")
        frame = _template_frame()
        self._tell(mistake, frame, message)
        return mistake

    def _reported(self, mistake: Mistake) -> Mistake:
        if mistake.message is None:
            frame = _template_frame()
            self._tell(mistake, frame, mistake.describe(frame))
        return mistake

    def _tell(self, mistake: Mistake, frame: FrameType, message: str) -> None:
        mistake.message = message
        self.report(_line(frame), message)


def guard(environment: Environment, report: Report, shown: Finalize) -> None:
    """Make an environment that stands a guarded one.

    Args:
        environment: As mkdocs-macros made it; pages compiled from here on are guarded.
        report: Called with the line in the template (None where unknown) and what is wrong.
        shown: What to print for a value.
    """
    # mkdocs-macros makes its environment itself and offers no other way to say which.
    environment.__class__ = Guarded
    guarded = cast(Guarded, environment)
    guarded.report, guarded.shown = report, shown
    guarded.finalize, guarded.undefined = guarded.show, Mistake
    for name, filter_ in guarded.filters.items():
        guarded.filters[name] = _guarded_filter(guarded, name, filter_)


def _guarded_filter(
    environment: Guarded, name: str, filter_: Callable[..., Any]
) -> Callable[..., Any]:
    original = getattr(filter_, "__wrapped__", filter_)  # the pages share one environment

    @functools.wraps(original)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        used = () if name in _FOR_UNDEFINED else (*args, *kwargs.values())
        return environment._tried(name, used, lambda: original(*args, **kwargs))

    return guarded


_FOR_UNDEFINED = ("default", "d")  # these two filters are there to be given what is not there


def _said(error: BaseException) -> str:
    expected = (ValueError, TypeError, LookupError, ArithmeticError)
    return str(error) if isinstance(error, expected) else f"{type(error).__name__}: {error}"


def _frames() -> Iterator[FrameType]:
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back


def _template_frame() -> FrameType:
    for frame in _frames():
        if "__jinja_template__" in frame.f_globals:
            return frame
    raise RuntimeError("no template is being rendered")


def _line(frame: FrameType) -> int | None:
    template = frame.f_globals.get("__jinja_template__")
    return template.get_corresponding_lineno(frame.f_lineno) if template else None


def _line_of(traceback: TracebackType | None) -> int | None:
    line = None
    while traceback is not None:
        template = traceback.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            line = template.get_corresponding_lineno(traceback.tb_lineno)
        traceback = traceback.tb_next
    return line


def _names_in_sight(frame: FrameType) -> list[str]:
    context = frame.f_locals.get("context")
    # Jinja's compiled code calls a name that the page sets "l_0_name".
    local = {
        name.split("_", 2)[2]: value
        for name, value in frame.f_locals.items()
        if name.startswith("l_")
    }
    everywhere = context.get_all() if isinstance(context, Context) else {}
    sight = {**everywhere, **local}
    return [name for name, value in sight.items() if value is not missing]
