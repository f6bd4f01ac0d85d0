"""Experiments as they are run, killed, run again, checked and read, on one that throws a die."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mkdocs_cnn.experiments.catalogue import catalogue
from mkdocs_cnn.experiments.results import outcome, problem_with

COMMAND = "from mkdocs_cnn.cli import main; main(prog_name='mkdocs-cnn')"

EXPERIMENT = '''
"""Whether a die is fair.

It is thrown often.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dice.experiments.chance import throws
from mkdocs_cnn.experiments.experiment import experiment


@dataclass(frozen=True)
class Settings:
    """What is thrown."""

    sides: int = 6
    most: tuple[int, ...] = (3, 50)


@dataclass(frozen=True)
class Run:
    """What came up."""

    seen: tuple[tuple[int, ...], ...]
    mean: float


@experiment("die", title="A die", seeds=6, reads=("die.txt",), needs=("joblib",))
def die(settings: Settings, seed: int) -> Run:
    """Throw it."""
    log = Path("throws.log")
    with log.open("a") as file:
        file.write(f"{seed}\\n")
    if Path("slow").exists():
        time.sleep(0.7)
    rng = np.random.default_rng(seed)
    seen = tuple(throws(rng, settings.sides, n) for n in settings.most)
    return Run(seen, float(np.mean(seen[-1])))
'''

CHANCE = '''
"""Throws."""


def throws(rng, sides, n):
    """Throw a die n times."""
    return tuple(int(side) for side in rng.integers(1, sides + 1, n))
'''


@dataclass(frozen=True)
class Toy:
    """A site whose content package "dice" has one experiment, "die".

    Attributes:
        folder: The project's, where its commands run.
    """

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> Toy:
        """A fresh one."""
        files = {
            "mkdocs.yml": "site_name: Dice\nextra: {mkdocs_cnn: {content: [dice]}}\n",
            "dice/__init__.py": "",
            "dice/data/die.txt": "a cube",
            "dice/experiments/__init__.py": "",
            "dice/experiments/chance.py": CHANCE.lstrip(),
            "dice/experiments/die.py": EXPERIMENT.lstrip(),
        }
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        return cls(folder)

    @property
    def room(self) -> Path:
        """Its experiments."""
        return self.folder / "dice" / "experiments"

    @property
    def result(self) -> Path:
        """Where the result of its experiment stands, or would."""
        return self.room / "results" / "die.json"

    @property
    def thrown(self) -> list[int]:
        """The seeds that were begun, in order of their beginning."""
        log = self.folder / "throws.log"
        return [int(line) for line in log.read_text().split()] if log.exists() else []

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `mkdocs-cnn experiments` with these arguments, to its end."""
        return self.python("-c", COMMAND, "experiments", *arguments)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments to its end."""
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.folder, capture_output=True, text=True
        )

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace what stands once in a file of the package."""
        path = self.folder / "dice" / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy.made(tmp_path)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Toy:
    """One whose experiment was run; it is copied before it is changed."""
    toy = Toy.made(tmp_path_factory.mktemp("ran"))
    done = toy.command("run", "--jobs", "2", "die")
    assert done.returncode == 0, done.stderr
    return toy


@pytest.fixture
def copy(ran: Toy, tmp_path: Path) -> Toy:
    shutil.copytree(ran.folder, tmp_path / "copy")
    return Toy(tmp_path / "copy")


def result(toy: Toy) -> dict[str, Any]:
    return dict(json.loads(toy.result.read_text(encoding="utf-8")))


# -- running


def test_a_result_says_what_made_it(ran: Toy) -> None:
    kept = result(ran)
    assert kept["experiment"] == "die"
    assert kept["settings"] == {"sides": 6, "most": [3, 50]}
    assert kept["seeds"] == [0, 1, 2, 3, 4, 5]
    assert set(kept["versions"]) == {"python", "numpy", "joblib"}
    assert "cores" in kept["machine"]
    assert kept["seconds"] >= 0
    assert len(kept["runs"]) == 6


def test_each_seed_gives_its_own_numbers_in_their_order(ran: Toy) -> None:
    import numpy as np

    means = [run["mean"] for run in result(ran)["runs"]]
    assert len(set(means)) > 3
    for seed, run in enumerate(result(ran)["runs"]):
        rng = np.random.default_rng(seed)
        first, second = rng.integers(1, 7, 3).tolist(), rng.integers(1, 7, 50).tolist()
        assert run == {"seen": [first, second], "mean": sum(second) / 50}


def test_run_twice_it_gives_the_same_numbers(copy: Toy) -> None:
    first = result(copy)["runs"]
    assert copy.command("run", "--again", "--jobs", "1", "die").returncode == 0
    assert result(copy)["runs"] == first
    assert sorted(copy.thrown) == sorted([*range(6), *range(6)])


def test_what_is_up_to_date_is_left_alone(copy: Toy) -> None:
    before = copy.result.read_bytes()
    assert copy.command("run", "die").stdout == "die: up to date\n"
    assert copy.result.read_bytes() == before
    assert len(copy.thrown) == 6


def test_killed_half_way_it_goes_on_where_it_was(ran: Toy, toy: Toy) -> None:
    (toy.folder / "slow").touch()
    arguments = [sys.executable, "-c", COMMAND, "experiments", "run", "--jobs", "1", "die"]
    process = subprocess.Popen(arguments, cwd=toy.folder, stdout=subprocess.DEVNULL)
    kept = toy.folder / ".cache" / "mkdocs_cnn" / "experiments"
    end = time.monotonic() + 60
    while len(list(kept.glob("[!.]*.json"))) < 2 and time.monotonic() < end:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    finished = len(list(kept.glob("[!.]*.json")))
    assert 2 <= finished < 6
    assert not toy.result.exists()
    begun = toy.thrown
    (toy.folder / "slow").unlink()
    assert toy.command("run", "die").returncode == 0
    assert sorted(toy.thrown[len(begun) :]) == list(range(finished, 6))
    assert result(toy)["runs"] == result(ran)["runs"]
    assert not list(kept.glob("*.json"))


def test_a_cluster_takes_the_seeds_without_a_change_of_ours(ran: Toy, toy: Toy) -> None:
    program = """
from pathlib import Path
import joblib
from distributed import Client, LocalCluster
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.experiments.running import run
from mkdocs_cnn.registry import use_content

def threw():
    import sys
    return "dice.experiments.die" in sys.modules


if __name__ == "__main__":
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
        joblib.parallel_config(backend="dask"),
    ):
        use_content(["dice"], Path.cwd())
        run("die", kept=Cache(Path("kept")))
        print(sorted(client.run(threw).values()))
"""
    (toy.folder / "program.py").write_text(program, encoding="utf-8")
    done = toy.python("program.py")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[True, True]\n"  # both workers ran some
    assert result(toy)["runs"] == result(ran)["runs"]


def test_an_experiment_that_fails_says_why_and_leaves_what_was_there(copy: Toy) -> None:
    copy.edit(
        "experiments/die.py",
        "    rng = np",
        '    raise ValueError("the die is gone")\n    rng = np',
    )
    before = copy.result.read_bytes()
    done = copy.command("run", "die")
    assert done.returncode != 0
    assert "the die is gone" in done.stderr
    assert copy.result.read_bytes() == before


def test_a_result_that_json_cannot_hold_is_refused(copy: Toy) -> None:
    copy.edit("experiments/die.py", "float(np.mean(seen[-1]))", 'float("nan")')
    assert copy.command("run", "die").returncode != 0


def test_what_is_not_installed_is_named_with_the_remedy(copy: Toy) -> None:
    copy.edit("experiments/die.py", "import numpy as np", "import numpy as np\nimport dice_of_gold")
    done = copy.command("run", "die")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "mkdocs-cnn experiments run: No module named 'dice_of_gold'; "
        "install what experiments need: mkdocs-cnn[experiments]"
    )


# -- checking


def test_a_result_that_its_code_would_give_passes(ran: Toy) -> None:
    done = ran.command("check", "die")
    assert (done.returncode, done.stdout, done.stderr) == (0, "1 results are up to date\n", "")


EDITS = {
    "its own code": ("experiments/die.py", "sides: int = 6", "sides: int = 8"),
    "its declaration": ("experiments/die.py", "seeds=6", "seeds=7"),
    "code that it imports": ("experiments/chance.py", "sides + 1", "sides + 2"),
    "data that it reads": ("data/die.txt", "a cube", "a ball"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_to_what_it_rests_on_is_found_and_the_command_named(copy: Toy, edit: str) -> None:
    copy.edit(*EDITS[edit])
    done = copy.command("check", "die")
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == (
        "experiment 'die' has code or data that changed since it was run; "
        "run: mkdocs-cnn experiments run die"
    )


@pytest.mark.parametrize(
    "edit",
    [
        ("experiments/die.py", "Whether a die is fair.", "Whether a die is loaded."),
        ("experiments/die.py", "    log = Path", "    # where it falls\n    log = Path"),
        ("experiments/chance.py", "Throw a die n times.", "Throw it."),
    ],
)
def test_words_do_not_count(copy: Toy, edit: tuple[str, str, str]) -> None:
    copy.edit(*edit)
    assert copy.command("check", "die").returncode == 0


def test_a_missing_result_is_found(copy: Toy) -> None:
    copy.result.unlink()
    done = copy.command("check", "die")
    assert done.returncode == 1
    assert "experiment 'die' has no result; run: mkdocs-cnn experiments run die" in done.stderr


def test_a_number_that_was_typed_into_a_result_is_found(copy: Toy) -> None:
    kept = result(copy)
    mean = json.dumps(kept["runs"][0]["mean"])
    text = copy.result.read_text(encoding="utf-8")
    copy.result.write_text(text.replace(f'"mean": {mean}', '"mean": 3.5', 1), encoding="utf-8")
    done = copy.command("check", "die")
    assert done.returncode == 1
    assert "edited after it was run" in done.stderr


@pytest.mark.parametrize("text", ["", "{", "[]"])
def test_half_a_result_is_none(copy: Toy, text: str) -> None:
    copy.result.write_text(text, encoding="utf-8")
    done = copy.command("check", "die")
    assert done.returncode == 1
    assert "has a result that is no JSON" in done.stderr


def test_a_misspelt_experiment_meets_its_neighbour(ran: Toy) -> None:
    for command in ("run", "check"):
        done = ran.command(command, "dye")
        assert done.returncode == 2
        assert "no experiment named 'dye'; did you mean 'die'?" in done.stderr


def test_the_list_says_what_has_to_be_run(ran: Toy, copy: Toy) -> None:
    def line(toy: Toy) -> str:
        (found,) = [line for line in toy.command("list").stdout.splitlines() if line[:4] == "die "]
        return " ".join(found.split())

    assert line(ran) == "die A die 6 up to date"
    copy.result.unlink()
    assert line(copy) == "die A die 6 run it"
    everything = json.loads(ran.command("list", "--json").stdout)
    (listed,) = [one for one in everything if one["name"] == "die"]
    assert listed["protocol"] == "Whether a die is fair.\n\nIt is thrown often."
    assert (listed["seeds"], listed["trouble"]) == (6, "")


def test_knowing_of_experiments_takes_no_numpy(ran: Toy) -> None:
    program = (
        "import sys; from mkdocs_cnn.cli import main; "
        "main(['experiments', 'check', 'die'], standalone_mode=False); "
        "print(*{'numpy', 'joblib', 'matplotlib'} & sys.modules.keys())"
    )
    assert ran.python("-c", program).stdout == "1 results are up to date\n\n"


# -- ours


@pytest.mark.parametrize("name", catalogue())
def test_every_result_of_ours_is_what_its_code_would_give(name: str) -> None:
    assert problem_with(name) == ""


@pytest.mark.parametrize("name", catalogue())
def test_every_experiment_has_seeds_a_protocol_and_findings(name: str) -> None:
    declaration = catalogue()[name]
    # Nothing is left to chance over photographs: there each run is one of them.
    assert declaration.seeds >= 10 or name == "neighbouring-pixels"
    assert len(declaration.protocol.split()) > 80
    assert type(outcome(name).runs[0]).__dataclass_params__.frozen
