import doctest
import itertools
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from mkdocs_cnn import cli
from mkdocs_cnn.claims import claims
from mkdocs_cnn.cli import export as exporting
from mkdocs_cnn.figures.catalogue import catalogue
from mkdocs_cnn.figures.declaration import find_figure
from mkdocs_cnn.networks import networks
from mkdocs_cnn.pages.vocabulary import Vocabulary
from mkdocs_cnn.registry import use_content

ROW = "connections-dense-and-sparse"  # has kernel_size=3 and units=6
EDGE = "one-output-reads"  # has no parameter
README = Path(__file__).parents[2] / "README.md"
HEADS = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(cli.main, arguments)


def export(*arguments):
    result = run("figures", "export", *arguments)
    assert result.exit_code == 0, result.output
    return result


def written(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def opened(path):
    with Image.open(path) as image:
        image.load()
        return image


def raising(error):
    def fails(*_):
        raise error

    return fails


# -- lists


def test_every_figure_is_listed_with_its_title_and_defaults():
    head, *rows = run("figures", "list").stdout.splitlines()
    assert head.split() == ["NAME", "TITLE", "PARAMETERS"]
    assert [row.split()[0] for row in rows] == list(catalogue())
    for row, name in zip(rows, catalogue(), strict=True):
        assert find_figure(name).title in row
        assert all(f"{key}={value}" in row for key, value in find_figure(name).parameters.items())


def test_the_columns_of_a_list_begin_below_their_headings():
    head, *rows = run("figures", "list").stdout.splitlines()
    for row, name in zip(rows, catalogue(), strict=True):
        assert row.index(find_figure(name).title) == head.index("TITLE")


def test_programs_read_the_figures_as_json():
    listed = {entry["name"]: entry for entry in json.loads(run("figures", "list", "--json").stdout)}
    assert list(listed) == list(catalogue())
    assert listed[ROW] == {
        "name": ROW,
        "title": find_figure(ROW).title,
        "caption": find_figure(ROW).words("caption").text,
        "alt": find_figure(ROW).words("alt").text,
        "parameters": {"units": 6, "kernel_size": 3},
        "rests_on": [],
        "declared_at": catalogue()[ROW].place,
    }
    assert listed["overfitting"]["rests_on"] == ["overfitting"]


def test_every_claim_is_listed_with_its_source_and_verdict():
    head, *rows = run("claims", "list").stdout.splitlines()
    assert head.split() == ["NAME", "SOURCE", "VERDICT"]
    for row, claim in zip(rows, claims().values(), strict=True):
        assert row.split(maxsplit=2) == [claim.name, claim.source.key, claim.verdict.value]


def test_programs_read_the_claims_as_json():
    listed = json.loads(run("claims", "list", "--json").stdout)
    assert [(entry["name"], entry["quote"], entry["verdict"]) for entry in listed] == [
        (claim.name, claim.quote, claim.verdict.value) for claim in claims().values()
    ]


def test_every_network_is_listed_with_its_usual_input():
    head, *rows = run("networks", "list").stdout.splitlines()
    assert head.split() == ["NAME", "TITLE", "YEAR", "INPUT", "VARIANT"]
    assert [row.split()[0] for row in rows] == list(networks)
    (row,) = (row for row in rows if row.startswith("resnet50 "))
    assert re.split(" {2,}", row) == [
        "resnet50",
        "ResNet-50",
        "2015",
        "3 x 224 x 224",
        "stride on the 3 × 3, as in torchvision",
    ]


def test_programs_read_the_networks_as_json():
    listed = {one["name"]: one for one in json.loads(run("networks", "list", "--json").stdout)}
    assert list(listed) == list(networks)
    assert listed["lenet5"] == {
        "name": "lenet5",
        "title": "LeNet-5",
        "year": 1998,
        "variant": "as taught today: padding of 2, full second convolution, plain pooling",
        "source": "lecun-1998",
        "input_shape": [1, 28, 28],
    }


def test_the_version_is_the_package_s():
    assert run("--version").output.startswith("mkdocs-cnn, version ")


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["figures", "export", "no-such-figure"],
        ["networks", "list"],
        ["count", "resnet18"],
        ["count", "Conv2d(3, 6, 5)", "--on", "3,32,32", "--json"],
    ],
)
def test_only_drawing_loads_numpy_and_matplotlib(arguments):
    code = (
        "import contextlib, sys\n"
        "from mkdocs_cnn.cli import main\n"
        "with contextlib.suppress(SystemExit): main(sys.argv[1:])\n"
        "assert not {'matplotlib', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)


# -- export


def test_a_page_s_figure_is_written_in_every_format_and_theme(folder):
    result = export(EDGE)
    names = [
        f"{EDGE}.{theme}.{format_}" for theme in ("dark", "light") for format_ in sorted(HEADS)
    ]
    assert written(folder / "figures") == names
    assert result.stderr == "6 files in figures\n"
    for name in names:
        assert (folder / "figures" / name).read_bytes().startswith(HEADS[Path(name).suffix[1:]])


def test_a_slide_s_files_say_so_and_its_png_fills_the_screen(folder):
    export(EDGE, "--medium", "slide", "--format", "png", "--out", "out")
    assert written(folder / "out") == [f"{EDGE}.slide.dark.png", f"{EDGE}.slide.light.png"]
    for path in (folder / "out").iterdir():
        assert opened(path).size == (1920, 1080)


SLIDES = "figures export --medium slide --out slides"


def test_the_readme_s_slides_are_all_figures_in_all_themes_and_formats(folder, monkeypatch):
    # That each of ours can be drawn as a slide, tests/figures/test_style.py holds.
    three = dict(itertools.islice(catalogue().items(), 3))
    monkeypatch.setattr(exporting, "catalogue", lambda: three)
    assert SLIDES in commands()
    assert run(*shlex.split(SLIDES)).exit_code == 0
    names = itertools.product(three, ("light", "dark"), ("svg", "png", "pdf"))
    assert written(folder) == sorted(f"{name}.slide.{theme}.{kind}" for name, theme, kind in names)
    assert {opened(path).size for path in folder.rglob("*.png")} == {(1920, 1080)}


def test_lists_may_have_spaces_and_repetitions(folder):
    export(EDGE, EDGE, "--medium", "page, slide", "--theme", "dark,dark", "--format", "svg")
    assert written(folder) == [f"{EDGE}.dark.svg", f"{EDGE}.slide.dark.svg"]


@pytest.mark.parametrize(("options", "clearest"), [([], 255), (["--transparent"], 0)])
def test_only_a_transparent_figure_shows_what_is_behind_it(folder, options, clearest):
    export(EDGE, "--format", "png", "--theme", "dark", *options)
    alpha = opened(folder / "figures" / f"{EDGE}.dark.png").convert("RGBA").getchannel("A")
    assert alpha.getextrema() == (clearest, 255)


def test_a_setting_reaches_the_figures_that_have_the_parameter(folder):
    options = ["--theme", "light", "--format", "svg"]
    export(ROW, EDGE, *options, "--out", "default")
    export(ROW, EDGE, *options, "--out", "set", "--set", "kernel_size=5", "--set", "units=7")
    same = {
        name: (folder / "default" / name).read_bytes() == (folder / "set" / name).read_bytes()
        for name in written(folder / "default")
    }
    assert same == {f"{ROW}.light.svg": False, f"{EDGE}.light.svg": True}


def test_without_a_site_no_cache_is_left_behind(folder):
    export(EDGE, "--theme", "light", "--format", "svg")
    assert written(folder) == [f"{EDGE}.light.svg"]


def test_in_a_site_s_folder_the_site_s_cache_is_used(folder):
    (folder / "mkdocs.yml").write_text("site_name: A site\n")
    export(EDGE, "--theme", "light", "--format", "svg")
    (cached,) = (folder / ".cache" / "mkdocs_cnn").glob("*.svg")
    cached.write_bytes(b"kept")
    export(EDGE, "--theme", "light", "--format", "svg")
    assert (folder / "figures" / f"{EDGE}.light.svg").read_bytes() == b"kept"


@pytest.mark.parametrize(
    ("config", "variable", "place"),
    [
        ({"mkdocs.yml": "extra: {mkdocs_cnn: {cache: kept}}"}, "", "kept"),
        ({"mkdocs.yaml": "site_name: A site"}, "", ".cache/mkdocs_cnn"),
        ({"mkdocs.yml": "extra: {mkdocs_cnn: {cache: kept}}"}, "in/CI", "in/CI"),
        ({"mkdocs.yml": "extra: {mkdocs_cnn: {cache: false}}"}, "", None),
        ({}, "in/CI", "in/CI"),
        (
            {
                "base.yml": "extra: {mkdocs_cnn: {cache: kept}}",
                "mkdocs.yml": "INHERIT: base.yml\nextra: {mkdocs_cnn: {prefix: cnn_}}",
            },
            "",
            "kept",
        ),
    ],
)
def test_the_cache_is_where_the_site_or_the_environment_says(
    folder, monkeypatch, config, variable, place
):
    monkeypatch.setenv("MKDOCS_CNN_CACHE", variable)
    for name, text in config.items():
        (folder / name).write_text(text)
    export(EDGE, "--theme", "light", "--format", "svg")
    kept = {path.parent for path in folder.rglob("*.svg")} - {folder / "figures"}
    assert kept == ({folder / place} if place else set())


def test_where_nothing_can_be_kept_figures_are_drawn_all_the_same(folder):
    (folder / "mkdocs.yml").write_text("extra: {mkdocs_cnn: {cache: mkdocs.yml/below}}")
    export(EDGE, "--theme", "light", "--format", "svg")
    assert written(folder / "figures") == [f"{EDGE}.light.svg"]


# -- what is refused


@pytest.fixture
def site(folder, monkeypatch):
    (folder / "mkdocs.yml").write_text("extra: {mkdocs_cnn: {content: a_lecture}}")
    (folder / "a_lecture").mkdir()
    (folder / "a_lecture" / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield folder
    use_content(())


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import os\nbars = (\n", "SyntaxError: '(' was never closed"),
        ("\nfrom os import no_such_thing\n", "ImportError: cannot import name"),
        ("\nimport no_such_package\n", "ModuleNotFoundError: No module named 'no_such_package'"),
    ],
)
@pytest.mark.parametrize(
    ("room", "command"),
    [
        ("figures", "figures list"),
        ("figures", "figures export bars"),
        ("claims", "claims list"),
        ("networks", "networks list"),
        ("layers", "count Bars(3)"),
        ("networks", "count bars"),
    ],
)
def test_a_module_of_a_site_that_cannot_be_imported_is_one_line(site, room, command, code, error):
    declared = f"@{room.removesuffix('s')}('bars')\ndef bars(): ...\n"
    (site / "a_lecture" / f"{room}.py").write_text(code + declared)
    result = run(*command.split())
    assert result.exit_code == 2
    assert result.stderr.startswith(f"mkdocs-cnn: a_lecture/{room}.py:2: {error}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["list", "check", "run"])
def test_an_experiment_of_a_site_that_is_no_python_is_one_line(site, command):
    (site / "a_lecture" / "experiments.py").write_text("\nx = = 1\n")
    result = run("experiments", command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "mkdocs-cnn: a_lecture/experiments.py:2: SyntaxError: invalid syntax\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["one-output-read"],
            "no figure named 'one-output-read'; did you mean 'one-output-reads'?",
        ),
        ([EDGE, "--format", "svgg"], "no format named 'svgg'; did you mean 'svg'?"),
        ([EDGE, "--format", "gif"], "no format named 'gif' (see: svg, png, pdf)"),
        ([EDGE, "--format", ""], "no format named ''"),
        ([EDGE, "--theme", "drak"], "no theme named 'drak'; did you mean 'dark'?"),
        ([EDGE, "--medium", "page,slides"], "no medium named 'slides'; did you mean 'slide'?"),
        ([ROW, "--set", "kernal_size=5"], "parameter 'kernal_size'; did you mean 'kernel_size'?"),
        ([EDGE, "--set", "kernel_size=5"], "no chosen figure has a parameter 'kernel_size'"),
        ([ROW, "--set", "kernel_size=5.5"], "'5.5' is not a valid integer, as 3 is"),
        ([ROW, "--set", "kernel_size"], "--set takes PARAMETER=VALUE"),
        ([ROW, "--set", "=5"], "--set takes PARAMETER=VALUE"),
        ([EDGE, ROW, "--set", "kernel_size=0"], f"figure '{ROW}' with kernel_size=0: "),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(folder, arguments, message):
    result = run("figures", "export", *arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("mkdocs-cnn figures export: ")
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert written(folder) == []


@pytest.mark.parametrize("out", ["taken", "taken/below"])
def test_a_file_is_no_folder_to_write_to(folder, out):
    (folder / "taken").write_text("mine")
    result = run("figures", "export", EDGE, "--out", out)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"mkdocs-cnn figures export: --out {out}: ")
    assert result.stderr.endswith("taken is a file, not a folder\n")


def test_a_folder_without_permission_is_refused(folder, monkeypatch):
    monkeypatch.setattr(exporting.os, "access", lambda *_: False)
    result = run("figures", "export", EDGE, "--out", "out")
    assert (result.exit_code, written(folder)) == (2, [])
    assert "--out out: no permission to write in" in result.stderr


def test_a_disk_that_fails_is_one_line(folder, monkeypatch):
    full = OSError(28, "No space left on device", "figures/one")
    monkeypatch.setattr(exporting, "write_whole", raising(full))
    result = run("figures", "export", EDGE, "--theme", "light", "--format", "svg")
    assert result.exit_code == 1
    assert result.stderr == (
        "mkdocs-cnn figures export: cannot write figures/one: No space left on device\n"
    )


def test_an_interruption_leaves_no_file(folder, monkeypatch):
    monkeypatch.setattr(exporting.Drawing, "files", raising(KeyboardInterrupt()))
    result = run("figures", "export", EDGE)
    assert (result.exit_code, written(folder)) == (1, [])
    assert "Aborted!" in result.stderr


def test_a_drawing_that_fails_by_itself_shows_where(folder, monkeypatch):
    monkeypatch.setattr(exporting.Drawing, "files", raising(ValueError("no such colour")))
    result = run("figures", "export", EDGE)
    assert repr(result.exception) == "ValueError('no such colour')"


# -- end to end


def test_the_command_is_installed_and_quiet_where_nobody_watches(folder):
    command = Path(sys.executable).with_name("mkdocs-cnn")
    arguments = ["figures", "export", ROW, "--medium", "slide", "--theme", "light"]
    done = subprocess.run(
        [command, *arguments, "--set", "kernel_size=5", "--out", "deep/down"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
    assert done.stderr == "3 files in deep/down\n"
    assert written(folder / "deep" / "down") == [f"{ROW}.slide.light.{f}" for f in sorted(HEADS)]


# -- what the README shows


def commands():
    return re.findall(
        r"^mkdocs-cnn ((?:figures|claims|networks|count) .+)$",
        README.read_text(encoding="utf-8"),
        re.MULTILINE,
    )


@pytest.mark.parametrize("command", [one for one in commands() if one != SLIDES])
def test_a_command_of_the_readme_works(folder, command):
    result = run(*shlex.split(command))
    assert result.exit_code == 0, result.output


def test_the_readme_has_commands_to_try():
    assert len(commands()) >= 4


def test_the_readme_s_python_gives_what_it_says():
    assert doctest.testfile(str(README), module_relative=False, encoding="utf-8").failed == 0


def test_the_readme_names_every_macro_and_filter():
    said = README.read_text(encoding="utf-8")
    names = Vocabulary(None, None)
    called = set(re.findall(r"^\| `(\w+)[(\[]", said, re.MULTILINE))
    assert [name for name in names.macros() if name not in called] == []
    assert [name for name in names.filters() if f"`{name}`" not in said] == []
