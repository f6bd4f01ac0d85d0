import subprocess
import sys

import pytest

from mkdocs_cnn.book.experiments.learned_features.findings import findings
from mkdocs_cnn.experiments.catalogue import ExperimentDeclaration, catalogue
from mkdocs_cnn.experiments.results import StaleError, numbers_of, outcome, raw_outcome
from mkdocs_cnn.registry import UnknownNameError

NAME = "learned-features"


def test_numbers_are_found_without_the_classes_too():
    result = outcome(NAME)
    asked = {"task": "shuffled colours", "layer": 2, "step": 50}
    assert numbers_of(NAME, **asked) == findings(result.runs, result.settings, **asked)


def test_a_result_that_is_not_what_its_code_would_give_is_refused(monkeypatch):
    monkeypatch.setattr(ExperimentDeclaration, "fingerprint", "another")
    for ask in (numbers_of, outcome, raw_outcome):
        with pytest.raises(StaleError, match="run: mkdocs-cnn experiments run learned-features"):
            ask(NAME)


@pytest.mark.parametrize("name", catalogue())
def test_with_and_without_classes_a_result_says_the_same(name):
    typed, bare = outcome(name), raw_outcome(name)
    assert vars(typed.settings) == vars(bare.settings)
    assert [vars(run) for run in typed.runs] == [vars(run) for run in bare.runs]
    assert (typed.seconds, typed.machine, typed.versions) == (
        bare.seconds,
        bare.machine,
        bare.versions,
    )


def test_an_unknown_experiment_meets_its_neighbour():
    with pytest.raises(UnknownNameError, match="did you mean 'learned-features'"):
        numbers_of("learned-feature")


def test_finding_a_number_loads_no_arrays():
    code = (
        f"import sys; from mkdocs_cnn.experiments.results import numbers_of; numbers_of({NAME!r});"
        "print({'numpy', 'PIL', 'sklearn'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
