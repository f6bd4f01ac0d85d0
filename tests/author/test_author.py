"""A new author's site: the wheel, a folder with pages, and a content package of its own.

The site stands in tests/author and is shown on the page "Write your own book".
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COMMAND = ("-c", "from mkdocs_cnn.cli import main; main(prog_name='mkdocs-cnn')")
MKDOCS = ("-m", "mkdocs")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the package as the wheel installs it."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    shutil.unpack_archive(wheel, folder / "packages", "zip")
    return folder / "packages"


@dataclass(frozen=True)
class Author:
    """Somebody with a site and an environment that has the wheel.

    Attributes:
        folder: The site's.
        packages: Where the wheel is installed.
    """

    folder: Path
    packages: Path

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.packages), "NO_MKDOCS_2_WARNING": "1"}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments in the site's folder."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def build(self) -> subprocess.CompletedProcess[str]:
        """Build the site, strictly."""
        return self.run(*MKDOCS, "build", "--strict")

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace what stands once in a file of the site."""
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, (file, old)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def page(self, path: str = "index.html") -> BeautifulSoup:
        html = (self.folder / "site" / path).read_text(encoding="utf-8")
        return BeautifulSoup(html, "html.parser")

    def cached(self) -> dict[str, int]:
        """The pictures in the cache, with the times at which they were written."""
        kept = (self.folder / ".cache" / "mkdocs_cnn").glob("*.*")
        return {path.name: path.stat().st_ino for path in kept if path.suffix != ".json"}


@pytest.fixture(scope="module")
def author(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Author:
    """One whose site is built; not to change."""
    folder = tmp_path_factory.mktemp("author") / "site"
    ignored = shutil.ignore_patterns("__pycache__", "test_*.py")
    shutil.copytree(HERE, folder, ignore=ignored)
    new = Author(folder, installed)
    ran = new.run(*COMMAND, "experiments", "run", "repeated-averages")
    assert ran.returncode == 0, ran.stderr
    done = new.build()
    assert done.returncode == 0, done.stdout + done.stderr
    return new


@pytest.fixture
def copy(author: Author, tmp_path: Path) -> Author:
    """A copy of the site with its cache, to change."""
    shutil.copytree(author.folder, tmp_path / "copy")
    return Author(tmp_path / "copy", author.packages)


def warnings(done: subprocess.CompletedProcess[str]) -> list[str]:
    return re.findall(r"^WARNING -  (.*)$", done.stdout + done.stderr, flags=re.MULTILINE)


# -- what is declared is on the page


def test_the_wheel_says_that_it_is_typed(installed: Path) -> None:
    assert (installed / "mkdocs_cnn" / "py.typed").is_file()


def test_the_page_shows_what_the_package_declares(author: Author) -> None:
    text = " ".join(author.page().article.get_text().split())
    assert (
        "of 1,024 inputs and as many outputs has 1,048,576 weights. Of rank 8 it has 16,384."
        in text
    )
    assert "windows of 1, 2, 3 and 4 pixels a side, noise keeps 1, 0.5, 0.3333 and 0.25 of" in text
    assert "network of this lecture has 2,610 parameters" in text


@pytest.mark.parametrize(
    ("name", "law"),
    [
        ("share of the spread, measured", 1 / 3),
        # The weights of two averages in a row are 1, 2, 3, 2, 1 ninths along each axis.
        ("share of the spread that is kept", (1 + 4 + 9 + 4 + 1) / 81),
    ],
)
def test_what_is_measured_and_what_an_experiment_found_agree_with_the_law(
    author: Author, name: str, law: float
) -> None:
    numbers = json.loads((author.folder / "site" / "numbers.json").read_text(encoding="utf-8"))
    (value,) = {one["value"] for one in numbers if one["name"] == name}
    assert value == pytest.approx(law, rel=0.03)


def test_figures_have_both_themes_and_all_downloads(author: Author) -> None:
    for name in ("averages", "larger-windows"):
        for theme in ("light", "dark"):
            for format_ in ("svg", "png", "pdf"):
                assert (
                    (author.folder / "site" / "figures" / f"{name}.{theme}.{format_}")
                    .stat()
                    .st_size
                )


def test_the_claim_and_its_source_are_shown(author: Author) -> None:
    assert author.page().select_one("#claim-my-source-2026-27-weights")
    assert author.page().select_one("#ref-my-source-2026")


def test_a_file_of_an_experiment_can_be_had(author: Author) -> None:
    result = author.folder / "my_lecture" / "results" / "repeated-averages.json"
    assert json.loads(result.read_text(encoding="utf-8"))["seeds"] == [0, 1, 2, 3, 4]


# -- the command line knows it too


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("figures", "list"), "averages"),
        (("claims", "list"), "my-source-2026-27-weights"),
        (("networks", "list"), "two_layers"),
        (("experiments", "check", "repeated-averages"), "1 results are up to date"),
        (("count", "two_layers"), "2,610"),
        (("count", "LowRankLinear(64, 64, rank=2)", "--on", "64"), "256"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_commands_know_the_content_of_the_site(
    author: Author, arguments: tuple[str, ...], says: str
) -> None:
    done = author.run(*COMMAND, *arguments)
    assert done.returncode == 0, done.stderr
    assert says in done.stdout


def test_a_figure_is_exported_as_a_slide(copy: Author) -> None:
    done = copy.run(
        *COMMAND, "figures", "export", "averages", "--medium", "slide", "--format", "png",
        "--theme", "dark", "--set", "largest=3", "--out", "slides",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (copy.folder / "slides" / "averages.slide.dark.png").stat().st_size


# -- edits


def test_an_edit_redraws_the_figures_of_its_module_and_no_other(copy: Author) -> None:
    with (copy.folder / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write('\n{{ figure("three-ideas") }}\n')
    assert copy.build().returncode == 0
    before = copy.cached()
    assert len(before) == 18
    copy.edit("my_lecture/figures.py", "axes.set_xticks(facts.windows)", "axes.set_xticks([1, 2])")
    assert copy.build().returncode == 0
    after = copy.cached()
    assert {name: after[name] for name in before} == before
    assert len(after) == len(before) + 12


def test_an_edited_experiment_fails_the_build_and_the_command_is_named(copy: Author) -> None:
    copy.edit("my_lecture/experiments.py", "layers: int = 3", "layers: int = 4")
    done = copy.build()
    assert done.returncode == 1
    (warning,) = warnings(done)
    assert warning.startswith("index.md:15: experiment: experiment 'repeated-averages' has code")
    assert warning.endswith("run: mkdocs-cnn experiments run repeated-averages")


@contextmanager
def served(author: Author, port: int) -> Iterator[str]:
    command = [sys.executable, *MKDOCS, "serve", "-a", f"127.0.0.1:{port}"]
    process = subprocess.Popen(
        command, cwd=author.folder, env=author.environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


def waits_for(address: str, text: str) -> bool:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if text in answer.read().decode():
                    return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


def test_an_edit_of_the_package_is_seen_while_the_site_is_served(copy: Author) -> None:
    with served(copy, 8700 + os.getpid() % 1000) as address:
        assert waits_for(address, "pixels a side, noise keeps")
        copy.edit(
            "my_lecture/figures.py", "pixels a side, noise keeps", "pixels along, noise retains"
        )
        assert waits_for(address, "pixels along, noise retains")


# -- mistakes


def test_mistakes_in_the_package_and_on_a_page_are_all_named_with_file_and_line(
    copy: Author,
) -> None:
    copy.edit("my_lecture/figures.py", "float(share) for share", "share.half for share")
    copy.edit("my_lecture/measurements.py", "noise.std()\n", "noise.sdt()\n")
    copy.edit("docs/index.md", "| units }}", "| unist }}")
    done = copy.build()
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    found = warnings(done)
    assert len(found) == 4  # the figure stands on the page twice
    assert any(
        re.match(r"index\.md:8: figure: .*'half'.*my_lecture/figures\.py:\d+", one) for one in found
    )
    assert any(
        re.match(r"index\.md:12: measured: .*'sdt'.*my_lecture/measurements\.py:\d+", one)
        for one in found
    )
    assert any(one.startswith("index.md:19: no filter named 'unist'") for one in found)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("my_lecture/layers.py", "class LowRankLinear(Layer)", "class Conv2d(Layer)",
         r"layer 'Conv2d' is defined twice: at .* and at my_lecture/layers\.py:\d+"),
        ("my_lecture/figures.py", "{windows} pixels a", "{widnows} pixels a",
         r"no fact named 'widnows'; did you mean 'windows'\?.*figures\.py, line \d+"),
        ("my_lecture/figures.py", '"averages",\n    title', '"three-ideas",\n    title',
         r"is declared twice: at .*figures/index\.py:\d+ and at my_lecture/figures\.py:\d+"),
        ("my_lecture/figures.py", "def averages_facts(", "def averages_facts((",
         r"my_lecture/figures\.py:\d+"),
        ("mkdocs.yml", "content: [my_lecture]", "content: [my_lectrue]", "no package 'my_lectrue'"),
        ("my_lecture/figures.py", "of its spread.", "of its spread}.",
         r"caption of figure 'averages': .*; a brace that .* is written twice .figures\.py, line "),
        ("my_lecture/figures.py", "return Averages(", "Averages(",
         r"facts of figure 'averages' return None \(figures\.py, line \d+\)"),
        ("my_lecture/figures.py", "largest: int = 4", "largest: int = 4, wide: int = 1",
         r"facts of figure 'averages': .*'wide' \(figures\.py, line \d+\)"),
        ("my_lecture/measurements.py", '@measurement("spread-of-averages")', "@measurement",
         r"my_lecture/measurements\.py:12: the name of a measurement is written out"),
        ("my_lecture/measurements.py", '{"share": (', '{"half": 0.5, "share": (',
         r"returns float 0\.5 for 'half', not a quantity, .*my_lecture/measurements\.py:\d+"),
        ("my_lecture/measurements.py", 'return {"share"', 'x = {"share"',
         r"returns NoneType, not quantities by name \(my_lecture/measurements\.py:\d+"),
    ],
    ids=[
        "our layer",
        "fact", "name taken", "syntax", "package", "brace", "no facts", "facts' parameters",
        "bare decorator", "float", "nothing measured",
    ],
)  # fmt: skip
def test_a_mistake_says_where_it_is(copy: Author, file: str, old: str, new: str, says: str) -> None:
    copy.edit(file, old, new)
    done = copy.build()
    assert done.returncode == 1
    assert re.search(says, done.stdout + done.stderr), done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_an_experiment_that_fails_says_where(copy: Author) -> None:
    copy.edit("my_lecture/experiments.py", "round(1000 * image.std() / noise.std())", "image.std()")
    run = (*COMMAND, "experiments", "run", "repeated-averages", "--jobs", "2")
    copy.edit("my_lecture/experiments.py", "image = (rows", "image = (row")
    done = copy.run(*run)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert re.search(
        r"repeated-averages: NameError: .*'row'.*\(my_lecture/experiments\.py:45\)", done.stderr
    )
    copy.edit("my_lecture/experiments.py", "image = (row ", "image = (rows ")
    copy.edit("my_lecture/experiments.py", "shares.append(image.std())", "shares.append(image)")
    done = copy.run(*run)
    assert done.returncode == 1
    assert re.search(r"TypeError: .*ndarray.* \(my_lecture/experiments\.py:\d+\)", done.stderr)


@pytest.mark.parametrize(
    ("file", "old", "new", "command", "says"),
    [
        ("my_lecture/figures.py", "def averages_facts(", "def averages_facts((", "figures list",
         r"my_lecture/figures\.py:\d+: SyntaxError: "),
        ("my_lecture/experiments.py", ", seeds=5", "", "experiments list",
         r"my_lecture/experiments\.py:34: experiment 'repeated-averages' .*'seeds'"),
        ("my_lecture/claims.py", "FILTER.weights, ", "FILTER.wieghts, ", "claims list",
         r"my_lecture/claims\.py:14: AttributeError: "),
    ],
    ids=["syntax", "no seeds", "claim"],
)  # fmt: skip
def test_commands_say_where_a_mistake_is(
    copy: Author, file: str, old: str, new: str, command: str, says: str
) -> None:
    copy.edit(file, old, new)
    done = copy.run(*COMMAND, *command.split())
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert re.search(says, done.stderr), done.stderr
