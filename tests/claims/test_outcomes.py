import subprocess
import sys

import pytest

from mkdocs_cnn.claims import outcomes
from mkdocs_cnn.experiments.findings.learned_features import findings
from mkdocs_cnn.experiments.store import StaleError, outcome
from mkdocs_cnn.registry import UnknownNameError

NAME = "learned-features"


def test_claims_find_the_numbers_that_pages_find():
    gave = outcome(NAME)
    asked = {"task": "shuffled colours", "layer": 2, "step": 50}
    assert outcomes.found(NAME, **asked) == findings(gave.runs, gave.settings, **asked)


def test_a_result_that_is_not_what_its_code_would_give_is_refused(monkeypatch):
    def stale(name):
        raise StaleError(name, "has no result")

    monkeypatch.setattr(outcomes, "seal", stale)
    with pytest.raises(StaleError, match="run: mkdocs-cnn experiments run learned-features"):
        outcomes.found(NAME)


def test_an_unknown_experiment_meets_its_neighbour():
    with pytest.raises(UnknownNameError, match="did you mean 'learned-features'"):
        outcomes.found("learned-feature")


def test_finding_a_number_loads_no_arrays():
    code = (
        f"import sys; from mkdocs_cnn.claims.outcomes import found; found({NAME!r});"
        "print({'numpy', 'PIL', 'sklearn'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
