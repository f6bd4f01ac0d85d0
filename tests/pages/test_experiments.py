"""What pages say of experiments: their numbers, links and experiments."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup

from mkdocs_cnn.cache import Cache
from mkdocs_cnn.experiments import results as store
from mkdocs_cnn.experiments.catalogue import ExperimentDeclaration, catalogue
from mkdocs_cnn.experiments.results import Outcome, StaleError
from mkdocs_cnn.pages import experiments
from mkdocs_cnn.quantities.quantity import Quantity
from mkdocs_cnn.registry import Declaration, Registry, UnknownNameError


@dataclass(frozen=True)
class Settings:
    sides: int = 6
    most: tuple[int, ...] = (3, 50)


def findings(runs: Any, settings: Settings, *, throw: int = 0) -> dict[str, Quantity]:
    """The sum of one throw over the seeds."""
    return {"sum": sum((Quantity(run[throw]) for run in runs), Quantity(0)).named("sum")}


RESULT = Outcome("die", Settings(), ((1, 2), (3, 5)), 12.4, "an <old> abacus", {"numpy": "2.4"})


class Die(ExperimentDeclaration):
    """One without a module."""

    protocol = (
        "Whether `dice` are *quite* <fair>, 2 * 3 * 4.\n\n"
        "They are:\n\n- thrown,\n- seen,\n  and counted."
    )


@pytest.fixture
def die(monkeypatch: pytest.MonkeyPatch) -> None:
    known: Registry[ExperimentDeclaration] = Registry("experiment")
    known.add("die", Die("die", "A die & more", "mkdocs_cnn.experiments.die", 2))
    monkeypatch.setattr(experiments, "catalogue", lambda: known)
    for module in (experiments, store):
        monkeypatch.setattr(module, "raw_outcome", lambda name: RESULT)
    declared: Registry[Declaration] = Registry("findings")
    declared.add("die", Declaration("die", "mkdocs_cnn.nowhere", 1, {}))
    monkeypatch.setattr(store, "declarations", lambda *_: declared)
    monkeypatch.setattr(
        store, "import_declared", lambda declaration, things: things[declaration.name]
    )
    monkeypatch.setitem(store.FINDINGS, "die", findings)


@pytest.mark.usefixtures("die")
def test_an_experiments_numbers_are_attributes_and_can_be_computed_with(tmp_path: Path) -> None:
    for _ in ("found", "kept"):
        numbers = experiments.numbers(Cache(tmp_path), "die", {"throw": 1})
        assert (numbers.sum, numbers.seeds) == (7, 2)
        assert numbers.sum.worked == "2 + 5 = 7"
        assert numbers.seeds.unit == "seed"
        assert numbers.machine == "an <old> abacus"
    assert experiments.numbers(Cache(tmp_path), "die", {}).sum == 4


@pytest.mark.usefixtures("die")
def test_a_misspelt_argument_meets_its_neighbour(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="no argument 'thow'; did you mean 'throw'"):
        experiments.numbers(Cache(tmp_path), "die", {"thow": 1})
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("die")
def test_a_figure_leads_to_protocol_code_and_data() -> None:
    soup = BeautifulSoup(experiments.links(["die"], "../", "experiments/"), "html.parser")
    assert {a.text: a["href"] for a in soup("a")} == {
        "Protocol": "../experiments/#die",
        "Code": "../experiments/die.py.txt",
        "Data": "../experiments/die.json",
    }
    assert soup.a is not None
    assert soup.a["aria-label"] == "Protocol of the experiment: A die & more"
    assert experiments.links([], "../", "experiments/") == ""
    assert "Protocol" not in experiments.links(["die"], "../", None)


@pytest.mark.usefixtures("die")
def test_a_protocol_is_one_line_with_what_made_the_result() -> None:
    html = experiments.protocol("die", "./", lambda number, text="": text or str(number))
    assert "\n" not in html
    soup = BeautifulSoup(html, "html.parser")
    assert [p.text for p in soup("p")] == ["Whether dice are quite <fair>, 2 * 3 * 4.", "They are:"]
    assert [em.text for em in soup("em")] == ["quite"]
    assert [li.text for li in soup("li")] == ["thrown,", "seen, and counted."]
    facts = dict(zip((t.text for t in soup("dt")), (d.text for d in soup("dd")), strict=True))
    assert facts["Settings"] == "sides = 6, most = (3, 50)"
    assert (facts["Seeds"], facts["Run on"]) == ("2", "an <old> abacus")
    assert (facts["Seconds of one core"], facts["With"]) == ("12", "numpy 2.4")
    assert facts["Again"] == "mkdocs-cnn experiments run --again die"


def test_an_unknown_experiment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="no experiment named 'dye'"):
        experiments.numbers(Cache(tmp_path), "dye", {})


def test_a_stale_result_stops_the_page_and_names_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ExperimentDeclaration, "fingerprint", "other")
    for name in catalogue():
        with pytest.raises(StaleError, match=f"run: mkdocs-cnn experiments run {name}"):
            experiments.numbers(Cache(tmp_path), name, {})


@pytest.mark.parametrize("name", catalogue())
def test_what_is_published_of_every_experiment_is_there(name: str) -> None:
    files = dict(experiments.files([name]))
    assert list(files) == [f"experiments/{name}.py.txt", f"experiments/{name}.json"]
    assert all(path.is_file() for path in files.values())
    assert f'@experiment("{name}"' in next(iter(files.values())).read_text("utf-8").replace(
        "@experiment(\n    ", "@experiment("
    )
