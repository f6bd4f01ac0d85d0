"""Which experiments there are and what each rests on, read from source.

Running one needs NumPy and more, knowing of it does not: a build whose figures are all in the cache
imports nothing of them. So declarations are read as they are written.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from mkdocs_cnn.experiments.declaration import EXPERIMENTS, Experiment
from mkdocs_cnn.fingerprint import code_digest, digest, module_path, source
from mkdocs_cnn.registry import (
    Declaration,
    Registry,
    content_packages,
    declarations,
    import_declared,
)


@dataclass(frozen=True)
class ExperimentDeclaration:
    """What the source says of an experiment: its full module, and the arguments of `experiment`."""

    name: str
    title: str
    module: str
    seeds: int
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    timed: bool = False

    @property
    def protocol(self) -> str:
        """What was decided before the result was known: the docstring of the module."""
        return ast.get_docstring(ast.parse(source(self.module))) or ""

    @property
    def code(self) -> Path:
        """The file of the module that declares it."""
        return module_path(self.module)

    @property
    def result(self) -> Path:
        """Where its result stands, or would.

        An experiment with a folder of its own, named after it, has it there: `result.json`.
        Otherwise it is in the folder `results` beside the module, under the experiment's name.
        """
        folder = self.code.parent
        if folder.name.replace("_", "-") == self.name:
            return folder / "result.json"
        return folder / "results" / f"{self.name}.json"

    @property
    def fingerprint(self) -> str:
        """Of the code that it rests on, the docstrings apart, and of the data that it reads.

        Raises:
            FileNotFoundError: If the package has no such data.
        """
        data = [
            (file.relative_to(self._data).as_posix(), sha256(file.read_bytes()).hexdigest())
            for pattern in self.reads
            for file in self._files(pattern)
        ]
        return digest(code_digest(self.module), data)

    def _files(self, pattern: str) -> list[Path]:
        files = sorted(self._data.glob(pattern))
        if not files:
            raise FileNotFoundError(
                f"experiment {self.name!r} reads {pattern!r}, but {self._data} holds none"
            )
        return files

    @property
    def _data(self) -> Path:
        """The folder `data` of the content package that it belongs to."""
        owners = [one for one in content_packages() if self.module.startswith(f"{one}.")]
        return module_path(max(owners, key=len)).parent / "data"


def catalogue() -> Registry[ExperimentDeclaration]:
    """Every experiment by name.

    Two of the same name, or one that is not declared as it must be, are a ValueError.
    """
    experiments: Registry[ExperimentDeclaration] = Registry("experiment")
    for one in declarations("experiment", "experiments").values():
        try:
            declaration = ExperimentDeclaration(one.name, module=one.module, **one.literals)
        except TypeError as error:
            said = str(error).partition(" ")[2]  # behind the name of the class
            raise ValueError(
                f"{one.place}: experiment {one.name!r} {said}; all arguments are written out"
            ) from None
        _check_signature(one)
        experiments.add(one.name, declaration)
    return experiments


def _check_signature(one: Declaration) -> None:
    """Refuse a function that does not say what it takes and returns, or returns a dict."""
    function = one.function
    arguments = [*function.args.posonlyargs, *function.args.args] if function else []
    returns = function.returns if function else None
    if not arguments or arguments[0].annotation is None or returns is None:
        raise ValueError(
            f"{one.place}: experiment {one.name!r} does not say what it takes and returns: "
            "def run(settings: Settings, seed: int) -> Run, both frozen dataclasses"
        )
    said = ast.unparse(returns).strip("'\"")
    if hasattr(builtins, said.partition("[")[0]):
        raise _unfit(one, said)


def _unfit(one: Declaration, returns: str) -> ValueError:
    return ValueError(
        f"{one.place}: experiment {one.name!r} returns {returns}; it must return a dataclass of "
        "its own, @dataclass(frozen=True), whose fields hold numbers, text and tuples of such"
    )


def load_experiment(name: str) -> Experiment:
    """The experiment of this name, to be run; its module is imported.

    Raises:
        ValueError: If what it returns is no frozen dataclass.
    """
    declaration = declarations("experiment", "experiments")[catalogue()[name].name]
    experiment = import_declared(declaration, EXPERIMENTS)
    parameters = getattr(experiment.result, "__dataclass_params__", None)
    if not (parameters and parameters.frozen):
        raise _unfit(declaration, getattr(experiment.result, "__name__", str(experiment.result)))
    return experiment
