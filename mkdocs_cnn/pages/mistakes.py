"""Mistakes in a page's template: reported with their line, shown as a box, and survived.

A guarded Jinja environment lets nothing that a page calls, adds or looks up stop the build. Every
mistake is reported once, with the line of the page it stands on, and turns into a `Mistake`: a
value that swallows whatever is done to it and prints as a visible box. So one build reports them
all.
"""

from __future__ import annotations

import functools
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from types import FrameType
from typing import Any, ClassVar, cast

from jinja2 import Environment, TemplateSyntaxError, Undefined, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from mkdocs_cnn.fingerprint import PACKAGE
from mkdocs_cnn.registry import UnknownNameError, clearer_error, did_you_mean, place_in_content

Report = Callable[[int | None, str], None]
Finalize = Callable[[Any], Any]
Function = Callable[..., Any]


class Mistake(Undefined):
    """What a page gets in place of a value that could not be had.

    Jinja makes one for every name or attribute that does not exist; it is reported when it is
    first used, so that tests (`is defined`) and defaults go on working. The environment makes
    one, reported already, for every call or sum that failed.
    """

    __slots__ = ("_message", "_place")

    environment: ClassVar[Guarded]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._message: str | None = None
        self._place = _Place.now()

    def report(self, message: str = "") -> Mistake:
        """Report it, unless it has been; returns the mistake itself."""
        if self._message is None:
            self._message = message or self._description()
            self.environment.report_at(self._place, self._message)
        return self

    def _description(self) -> str:
        """What is wrong, and which name was probably meant."""
        if self._undefined_hint:
            return self._undefined_hint
        name = self._undefined_name
        if self._undefined_obj is missing:
            return f"no name {name!r}" + did_you_mean(str(name), _names_in_sight())
        owner = self._undefined_obj
        if hasattr(type(owner), "__getattr__"):  # it says more than a name that is near
            try:
                getattr(owner, str(name))
            except AttributeError as error:
                return str(error)
        known = owner if isinstance(owner, Mapping) else dir(owner)
        public = [key for key in map(str, known) if not key.startswith("_")]
        return f"{type(owner).__name__} has no {name!r}" + did_you_mean(str(name), public)

    def _swallow(self, *_: Any, **__: Any) -> Any:
        return self.report()

    __call__ = __getitem__ = __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _swallow
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _swallow
    __mod__ = __rmod__ = __pow__ = __rpow__ = __neg__ = __pos__ = _swallow

    def __bool__(self) -> bool:
        """A mistake is false, and equal to nothing."""
        self.report()
        return False

    def __eq__(self, other: object) -> bool:
        return bool(self)

    def __ne__(self, other: object) -> bool:
        return not self

    __hash__ = Undefined.__hash__

    def __lt__(self, other: Any) -> bool:  # type: ignore[override]
        return bool(self)

    __le__ = __gt__ = __ge__ = __lt__  # type: ignore[assignment]

    def __len__(self) -> int:
        return int(bool(self))

    def __iter__(self) -> Iterator[Any]:
        return iter(range(len(self)))

    def __html__(self) -> str:
        """The box that stands on the page."""
        return box(str(self.report()._message))

    __str__ = __repr__ = __html__


def box(message: str) -> str:
    """A visible box with what is wrong, in one line of HTML that Markdown leaves as it is."""
    text = re.sub(r"[\\`*_\[\]]", lambda mark: f"&#{ord(mark.group())};", escape(message))
    return f'<span class="mkdocs-cnn-error" role="alert">{text}</span>'


class Guarded(Environment):
    """A Jinja environment in which a page's mistakes are reported and survived.

    It uses the hooks that Jinja's sandbox has for calls and operators; nothing is forbidden.
    """

    sandboxed = True
    intercepted_binops = frozenset(SandboxedEnvironment.default_binop_table)
    intercepted_unops = frozenset(SandboxedEnvironment.default_unop_table)

    report: Report
    write: Finalize
    stopped_by: BaseException | None = None

    def report_at(self, place: _Place, message: str) -> None:
        """Report a mistake with its place."""
        self.report(place.line, place.within + message)

    def call(self, context: Context, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Call what the page calls."""
        what = getattr(function, "__name__", "")
        # Jinja hands on its own variables, too: _loop_vars, _block_vars.
        typed = {name: value for name, value in kwargs.items() if name[:1] != "_"}

        def act() -> Any:
            try:
                return context.call(function, *args, **kwargs)
            except TypeError as error:
                raise clearer_error(error, function, typed) from None

        return self.attempt(what, [function, *args, *typed.values()], act)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look up `obj.attribute`."""
        # An attribute that is there and fails is to say why.
        look = getattr if hasattr(type(obj), attribute) else super().getattr
        return self._look_up(obj, attribute, lambda: look(obj, attribute))

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up `obj[argument]`."""
        look = super().getitem
        parts = argument if isinstance(argument, slice) else slice(argument)
        used = [parts.start, parts.stop, parts.step]
        return self._look_up(obj, "", lambda: look(obj, argument), used)

    def _look_up(
        self, obj: Any, what: str, act: Callable[[], Any], used: Iterable[Any] = ()
    ) -> Any:
        return obj if isinstance(obj, Mistake) else self.attempt(what, used, act)

    @staticmethod
    def concat(parts: Iterable[Any]) -> str:
        """Join what a page or a block prints; a mistake may stand where Jinja expects text."""
        return "".join(map(str, parts))

    def call_binop(self, context: Context, operator: str, *operands: Any) -> Any:
        """Compute `left operator right`."""
        compute = SandboxedEnvironment.default_binop_table[operator]
        return self.attempt("", operands, lambda: compute(*operands))

    def call_unop(self, context: Context, operator: str, operand: Any) -> Any:
        """Compute `operator operand`."""
        compute = SandboxedEnvironment.default_unop_table[operator]
        return self.attempt("", [operand], lambda: compute(operand))

    @pass_context  # keeps Jinja from asking before the page is rendered
    def show(self, context: Context, value: Any) -> Any:
        """What is printed for a value: Jinja's `finalize`."""
        result = self.attempt("", [value], lambda: self.write(value))
        return str(result) if isinstance(result, Mistake) else result

    def handle_exception(self, source: str | None = None) -> Any:
        """Report what stops a page altogether, such as a syntax error, and let it stop."""
        error = sys.exc_info()[1]
        # An error in an included file passes by twice.
        if error is not None and error is not self.stopped_by:
            self.stopped_by = error
            self.report_at(_Place.of(error), _description(error))
        return super().handle_exception(source)

    def attempt(self, what: str, used: Iterable[Any], act: Callable[[], Any]) -> Any:
        """What an act returns, or the mistake that stands in for it.

        `what` names what is tried ("" for an operator) on what is `used`; a mistake among that is
        the answer, and is not reported again.
        """
        for mistake in _mistakes_in(used):
            return mistake.report()
        try:
            return act()
        except (Exception, SystemExit) as error:  # whatever it is, the author has to know where
            message = f"{what}: {_description(error)}" if what else _description(error)
            return cast(Mistake, self.undefined(name="mistake")).report(message)


class _Functions(dict[str, Function]):
    """The filters or tests of a guarded environment; one that does not exist is a mistake, too."""

    def __init__(self, environment: Guarded, kind: str, functions: Mapping[str, Function]) -> None:
        super().__init__(functions)
        self._environment, self._kind = environment, kind

    def __getitem__(self, name: str) -> Function:
        known = super().get(name)
        function = known or functools.partial(self._unknown, name)

        @functools.wraps(known or self._unknown)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            used = () if name in _FOR_UNDEFINED else (*args, *kwargs.values())
            return self._environment.attempt(
                name if known else "", used, lambda: function(*args, **kwargs)
            )

        return guarded

    def get(self, name: str, default: Any = None) -> Any:
        """The filter or test of this name, or one that says that there is none."""
        return self[name]

    def _unknown(self, name: str, *_: Any, **__: Any) -> Any:
        raise UnknownNameError(self._kind, name, self)


# These are there to be given what is not there.
_FOR_UNDEFINED = ("default", "d", "defined", "undefined")


def guard(environment: Environment, report: Report, write: Finalize) -> None:
    """Make an environment that stands a guarded one.

    Pages compiled from here on are guarded: `report` is called with the line in the page (None
    where unknown) and what is wrong, and `write` says what to print for a value.
    """
    if isinstance(environment, Guarded):
        return
    # mkdocs-macros makes its environment itself and offers no other way to say which.
    environment.__class__ = Guarded
    guarded = cast(Guarded, environment)
    guarded.report, guarded.write = report, write
    guarded.finalize = guarded.show
    guarded.undefined = type("MistakeHere", (Mistake,), {"environment": guarded, "__slots__": ()})
    guarded.optimized = False  # what fails is to fail where it stands, not before
    for kind in ("filter", "test"):
        functions = getattr(guarded, f"{kind}s")
        setattr(guarded, f"{kind}s", _Functions(guarded, kind, functions))


def _description(error: BaseException) -> str:
    if isinstance(error, TemplateSyntaxError):
        return error.message or "syntax error"
    # What our own errors and these say stands for itself; of others the name says what they are.
    ours = type(error).__module__.partition(".")[0] == PACKAGE
    clear = ours or isinstance(error, ValueError | TypeError | ArithmeticError)
    plain = str(error) if clear else f"{type(error).__name__}: {error}".removesuffix(": ")
    place = place_in_content(error)
    return f"{plain} ({place})" if place else plain


def _mistakes_in(things: Iterable[Any]) -> Iterator[Mistake]:
    for thing in things:
        if isinstance(thing, Mistake):
            yield thing
        elif isinstance(thing, dict):
            yield from _mistakes_in(thing.values())
        elif isinstance(thing, list | tuple):
            yield from _mistakes_in(thing)


# -- places

Walk = Iterable[tuple[FrameType, int]]


class _Place:
    """A line of the page, and the line of the file that the page includes there.

    From the names of templates with the line that runs, the innermost first; the page has no name.
    """

    def __init__(self, lines: Iterable[tuple[str | None, int]]) -> None:
        self.line: int | None = None
        self.within = ""
        for name, line in lines:
            if name is None:
                self.line = line
                break
            self.within = self.within or f"{name}:{line}: "

    @classmethod
    def now(cls) -> _Place:
        return cls(_lines(traceback.walk_stack(sys._getframe())))

    @classmethod
    def of(cls, error: BaseException) -> _Place:
        if isinstance(error, TemplateSyntaxError):
            return cls([(error.name, error.lineno), *_lines(traceback.walk_stack(sys._getframe()))])
        return cls(_lines(reversed(list(traceback.walk_tb(error.__traceback__)))))


def _lines(frames: Walk) -> Iterator[tuple[str | None, int]]:
    for frame, line in frames:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            yield template.name, template.get_corresponding_lineno(line)


def _names_in_sight() -> list[str]:
    walk = traceback.walk_stack(sys._getframe())
    frame = next((frame for frame, _ in walk if "__jinja_template__" in frame.f_globals), None)
    if frame is None:
        return []
    context = frame.f_locals.get("context")
    sight = context.get_all() if isinstance(context, Context) else {}
    # Jinja's compiled code calls a name that the page sets "l_0_name".
    own = {name: value for name, value in frame.f_locals.items() if name.startswith("l_")}
    sight = sight | {name.split("_", 2)[2]: value for name, value in own.items()}
    return [name for name, value in sight.items() if value is not missing]
