"""Real builds of small sites, through the real plugin, each in a process of its own."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

CONFIG = """
site_name: A site
theme: {{name: material, font: false}}
use_directory_urls: {directory_urls}
plugins:
  - search
  - macros:
      modules: [mkdocs_cnn.macros]
      on_undefined: strict
      on_error_fail: {on_error_fail}
      j2_comment_start_string: "<#"
      j2_comment_end_string: "#>"
{plugins}
markdown_extensions:
  - admonition
  - attr_list
  - md_in_html
  - tables
  - toc
  - pymdownx.inlinehilite:
      custom_inline:
        - {{name: math, class: math, format: !!python/name:mkdocs_cnn.pages.mathematics.inline ""}}
extra: {extra}
hooks: {hooks}
"""
LESSON = "{% set lesson = Conv2d(3, 6, kernel_size=5).on(3, 32, 32) %}\n"


@dataclass(frozen=True)
class Built:
    """What a build answered, and where it is."""

    code: int
    log: str
    folder: Path

    @property
    def warnings(self) -> list[str]:
        return re.findall(r"^WARNING -  (.*)$", self.log, flags=re.MULTILINE)

    def page(self, path: str) -> BeautifulSoup:
        html = (self.folder / "site" / path).read_text(encoding="utf-8")
        return BeautifulSoup(html, "html.parser")

    def json(self, path: str) -> Any:
        return json.loads((self.folder / "site" / path).read_text(encoding="utf-8"))


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def build(
    folder: Path,
    pages: Mapping[str, str],
    *arguments: str,
    directory_urls: bool = True,
    on_error_fail: bool = False,
    extra: str = "{}",
    files: Mapping[str, str] | None = None,
    plugins: str = "",
    **variables: str,
) -> Built:
    """Build a site of these pages; `files` are others beside mkdocs.yml, `plugins` beside ours."""
    files = files or {}
    config = CONFIG.format(
        directory_urls=str(directory_urls).lower(),
        on_error_fail=str(on_error_fail).lower(),
        extra=extra,
        plugins=plugins,
        hooks=[name for name in files if name.endswith("hook.py")],
    )
    docs = {f"docs/{name}": text for name, text in pages.items()}
    write(folder, {"mkdocs.yml": config, **files, **docs})
    command = [sys.executable, "-m", "mkdocs", "build", *arguments]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", **variables}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return Built(done.returncode, done.stdout + done.stderr, folder)


# -- a site without mistakes

WELL = {
    "index.md": LESSON
    + """
# Home {{ lesson.macs }}

It has {{ lesson.parameters }} parameters, again {{ lesson.parameters }},
{{ lesson.weights | units }}, and its dense layer {{ lesson.dense.weights | about }}.

{{ lesson.dense.weights }} stands first in its paragraph;
{{ lesson.parameters | formula }} is a formula.

- in a list {{ lesson.sparsity }}

    {{ figure("one-output-reads") }}

| in a table | |
| --- | --- |
| {{ lesson.sharing }} | {{ lesson.parameters | about }} |

!!! note "Admonition"

    {{ worked(lesson) }}

    {{ table({"a": lesson}, "weights", "macs", caption="Some counts") }}

{{ cite("goodfellow-2016", "section 9.2") }} and {{ claim("part-5-other-27") }}
""",
    "deep/down/page.md": """
# Deep

{{ figure("one-output-reads") }}

{{ figure("vectorised-image", id="larger", size=4) }}

{{ figure("vectorised-image") }} {{ cite("goodfellow-2016") }}
""",
    "plain.md": "---\nrender_macros: false\n---\n# Plain\n\nNot: `{% raw %}` and `{{ nothing }}`\n",
    "references.md": "# References\n\n{{ references() }}\n",
}
LISTS_MODULES = """
import sys
from pathlib import Path

def on_post_build(config, **_):
    Path(config.config_file_path).with_name("modules.txt").write_text(" ".join(sys.modules))
"""


@pytest.fixture(scope="module")
def well(tmp_path_factory: pytest.TempPathFactory) -> Built:
    folder = tmp_path_factory.mktemp("well")
    return build(folder, WELL, "--strict", files={"hook.py": LISTS_MODULES})


@pytest.fixture(scope="module")
def warm(well: Built, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The same site again, elsewhere, with its cache and with addresses of the other kind."""
    folder = tmp_path_factory.mktemp("warm") / "site"
    shutil.copytree(well.folder / ".cache", folder / ".cache")
    files = {"hook.py": LISTS_MODULES}
    return build(folder, WELL, "--strict", directory_urls=False, files=files)


@pytest.fixture(scope="module")
def home(well: Built) -> BeautifulSoup:
    return well.page("index.html")


def data(soup: BeautifulSoup | Tag) -> list[str]:
    return [str(tag["value"]) for tag in soup.select("data.quantity")]


def test_a_site_without_mistakes_passes_a_strict_build(well: Built, warm: Built) -> None:
    assert (well.code, well.warnings) == (0, [])
    assert (warm.code, warm.warnings) == (0, [])


def test_every_number_opens_to_a_working_on_its_page(home: BeautifulSoup) -> None:
    targets = [button["popovertarget"] for button in home.select("article button:has(data)")]
    assert len(targets) == len(home.select("data.quantity")) > 20
    for target in targets:
        assert len(home.select(f'[popover][id="{target}"]')) == 1


def test_each_working_stands_once_however_often_its_number_is_shown(home: BeautifulSoup) -> None:
    parameters = home.select('p:-soup-contains("parameters, again") data')
    assert [tag["value"] for tag in parameters] == ["456", "456", "450", "14450688"]
    ids = [tag.parent["popovertarget"] for tag in parameters]
    assert ids[0] == ids[1]
    assert home.select_one(f"[id={ids[0]}] .cnn-derivation__worked").text.endswith(" = 456")
    assert str(home).count('<p class="cnn-derivation__worked">(5 · 5 · 3 + 1) · 6 = 456</p>') == 1


@pytest.mark.parametrize(
    ("selector", "values"),
    [
        ("article > p:first-of-type data", ["456", "456", "450", "14450688"]),
        ("article li > data, article li > p data, article li > button data", ["40.96"]),
        ("td data", ["784", "456"]),
        (".admonition table.cnn-table data", ["450", "352800"]),
    ],
)
def test_numbers_stand_where_the_page_has_them(
    home: BeautifulSoup, selector: str, values: list[str]
) -> None:
    found = [tag["value"] for tag in home.select(selector)]
    assert found[: len(values)] == values


def test_a_paragraph_may_begin_with_a_number(home: BeautifulSoup) -> None:
    paragraph = home.select_one('p:-soup-contains("stands first")')
    assert paragraph.get_text().startswith("14,450,688 stands first in its paragraph;")
    assert paragraph.select("math msub")


def test_what_macros_give_stays_inside_lists_and_admonitions(home: BeautifulSoup) -> None:
    assert home.select("article ul > li figure.cnn-figure figcaption data")
    assert home.select(".admonition .cnn-worked li data")
    assert home.select(".admonition .cnn-table caption")
    assert "<p>Some counts" not in str(home)


def test_a_number_in_a_heading_is_shown_once(home: BeautifulSoup) -> None:
    assert data(home.h1) == ["352800"]
    assert home.h1["id"] == "home-352800"
    assert not home.select("nav data")


def test_claims_and_citations_lead_to_the_list_of_references(home: BeautifulSoup) -> None:
    links = [str(link["href"]) for link in home.select("a.cnn-reference")]
    assert links == ["./references/#ref-goodfellow-2016", "./references/#ref-part-5"]


def test_a_page_whose_macros_are_off_is_left_alone(well: Built) -> None:
    codes = well.page("plain/index.html").select("article code")
    assert [code.get_text() for code in codes] == ["{% raw %}", "{{ nothing }}"]


def test_numbers_json_lists_every_number_by_page_and_order(well: Built) -> None:
    listed = well.json("numbers.json")
    for url in ("", "deep/down/page/"):
        entries = [entry for entry in listed if entry["page"] == url]
        assert [str(entry["value"]) for entry in entries] == data(well.page(f"{url}index.html"))
        assert [entry["order"] for entry in entries] == list(range(1, len(entries) + 1))
    assert {entry["page"] for entry in listed} == {"", "deep/down/page/"}
    assert listed[1]["worked"] == "(5 · 5 · 3 + 1) · 6 = 456"
    assert (listed[1]["unit"], listed[1]["formula"]) == ("parameters", "(k_h k_w C_in + 1) C_out")


def test_the_index_of_figures_names_files_that_are_there(well: Built) -> None:
    index = well.json("figures/index.json")
    assert [(entry["address"], entry["page"], entry["parameters"]) for entry in index] == [
        ("larger", "deep/down/page/", {"size": 4}),
        ("one-output-reads", "", {}),
        ("vectorised-image", "deep/down/page/", {}),
    ]
    for entry in index:
        assert len(entry["files"]) == 6
        assert all(entry[key] for key in ("name", "title", "caption", "alt"))
        for file in entry["files"]:
            content = (well.folder / "site" / file["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file["sha256"]


@pytest.mark.parametrize("page", ["index.html", "deep/down/page{}", "references{}"])
@pytest.mark.parametrize("kind", ["well", "warm"])
def test_links_of_macros_lead_to_files_in_both_kinds_of_addresses(
    request: pytest.FixtureRequest, kind: str, page: str
) -> None:
    site: Built = request.getfixturevalue(kind)
    path = page.format("/index.html" if kind == "well" else ".html")
    soup, place = site.page(path), (site.folder / "site" / path).parent
    tags = [*soup.select("article img, article a[download], article a.cnn-reference")]
    addresses = [str(tag.get("src") or tag.get("href")) for tag in tags]
    for address in addresses:
        target = place / address.partition("#")[0]
        assert (target / "index.html" if target.is_dir() else target).is_file(), address
    assert addresses or page.startswith("references")


def test_the_style_comes_before_the_sites_own_and_is_there(well: Built) -> None:
    styles = [str(link["href"]) for link in well.page("404.html").select("link[rel=stylesheet]")]
    assert "/assets/mkdocs_cnn/mkdocs_cnn.css" in styles
    assert (well.folder / "site/assets/mkdocs_cnn/mkdocs_cnn.css").is_file()


def test_the_search_index_has_numbers_where_they_stand_and_no_workings(well: Built) -> None:
    texts = [entry["text"] for entry in well.json("search/search_index.json")["docs"]]
    home = " ".join(texts)
    assert home.count("stands first in its paragraph") == 1
    assert home.count("14,450,688 stands first") == 1
    assert "cnn-derivation" not in home
    assert "given, not computed" not in home
    assert "popover" not in home


def test_a_warm_build_imports_neither_numpy_nor_matplotlib(well: Built, warm: Built) -> None:
    cold, again = ((site.folder / "modules.txt").read_text().split() for site in (well, warm))
    assert {"numpy", "matplotlib", "mkdocs_cnn.macros"} <= set(cold)
    assert "mkdocs_cnn.macros" in again
    assert not {"numpy", "matplotlib", "mkdocs_cnn.figures.parts.stage"} & set(again)


def test_a_build_that_remembers_all_imports_no_claims_and_gives_the_same_bytes(
    well: Built, tmp_path: Path
) -> None:
    shutil.copytree(well.folder / ".cache", tmp_path / ".cache")
    again = build(tmp_path, WELL, "--strict", files={"hook.py": LISTS_MODULES})
    modules = (tmp_path / "modules.txt").read_text().split()
    assert [name for name in modules if name.startswith("mkdocs_cnn.book")] == []
    for path in ("index.html", "references/index.html", "numbers.json", "figures/index.json"):
        here, there = again.folder / "site" / path, well.folder / "site" / path
        assert here.read_bytes() == there.read_bytes()


TWICE = """
import hashlib, sys
from pathlib import Path
from mkdocs.commands.build import build
from mkdocs.config import load_config

def built():
    config = load_config(str(Path("mkdocs.yml").resolve()), strict=True)
    config.plugins.on_startup(command="serve", dirty=False)
    for _ in "once", "again with the same configuration":
        build(config)
    site = Path(config.site_dir)
    assert (site / "index.html").read_text().count('class="cnn-derivations"') == 1
    files = sorted(path for path in site.rglob("*") if path.is_file() and path.suffix != ".gz")
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

first = built()
assert len(first) > 10 and first == built()
for name in [name for name in sys.modules if name.split(".")[0] == "mkdocs_cnn"]:
    del sys.modules[name]
assert first == built()
"""


def test_a_process_that_serves_builds_again_to_the_same_bytes(warm: Built) -> None:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
    command = [sys.executable, "-c", TWICE]
    done = subprocess.run(
        command, cwd=warm.folder, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


# -- mistakes

FIVE_MISTAKES = {
    "index.md": "---\ntitle: Home\ntags:\n  - a\n---\n\n# Home\n\n"
    + LESSON
    + "It has {{ leson.weights }}.\n",
    "one.md": "# One\n\n{{ Conv2d(3, 6, kernel_size=5).on(1, 32, 32).macs }}\n\n"
    "Before.\n\n{{ figure('one-output-read') }}\n\nAfter.\n",
    "two.md": "---\nrender: x\n---\n# Two\n\n"
    "- {{ table({'a': Conv2d(1, 1, 1).on(1, 2, 2)}, 'wieghts') }}\n"
    "- {{ Conv2d(3, 6, kernel_size=5, strid=2) }}\n- an end {{ 2 + 2 }}\n",
}
WARNINGS = [
    "index.md:10: no name 'leson'; did you mean 'lesson'?",
    "one.md:3: on: input has 1 channel where the layer expects 3 "
    "(in_channels=3, input=(1, 32, 32))",
    "one.md:7: figure: no figure named 'one-output-read'; did you mean 'one-output-reads'?",
    "two.md:6: table: no column named 'wieghts'; did you mean 'weights'?",
    "two.md:7: Conv2d: no argument 'strid'; did you mean 'stride'?",
]


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("five"), FIVE_MISTAKES, "--strict")


def test_five_mistakes_on_three_pages_are_all_named_with_page_and_line(five: Built) -> None:
    assert five.code != 0
    assert five.warnings == WARNINGS
    assert "5 warnings" in five.log


UNUSUAL = {
    "index.md": "# First {{ quantity(3, 'apple') }} *here*\n\n{{ quantity(5, '<b>') | units }}\n",
    "blocks.md": "# Blocks\n\n{% filter uper %}x{% endfilter %}\n\n"
    "{% call nope() %}x{% endcall %}\n\n{{ {'x': 1}[nothing] }}\n\nThe end.\n",
    "front.md": "---\ntable: 3\n---\n# Front\n",
    "types.md": "# Types\n\n{{ figure('one-output-reads', id=3) }}\n\n"
    "{{ cite('goodfellow-2016', 3) }}\n\n{{ table([1], 'weights') }}\n\n"
    "{{ table({'a': 5}, 'weights') }}\n\n{{ quantity(3, 4) }}\n",
}


@pytest.fixture(scope="module")
def unusual(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("unusual"), UNUSUAL)


def test_a_number_in_a_title_is_plain_text_in_the_navigation(unusual: Built) -> None:
    assert unusual.page("index.html").select("h1 .cnn-number")
    for page in ("blocks/index.html", "front/index.html"):
        navigation = unusual.page(page).select_one("nav.md-nav--primary")
        assert navigation is not None
        assert "First 3" in navigation.get_text()
        assert not navigation.select("button, data")


def test_a_unit_is_text_and_not_markup(unusual: Built) -> None:
    assert "5 <b>" in unusual.page("index.html").get_text()


def test_what_is_odd_is_named_and_the_build_goes_on(unusual: Built) -> None:
    assert unusual.code == 0
    assert [warning for warning in unusual.warnings if "Traceback" in warning] == []
    found = [warning.partition(": ")[0] for warning in sorted(unusual.warnings)]
    assert found == ["blocks.md:3", "blocks.md:5", "blocks.md:7", "front.md"] + [
        f"types.md:{line}" for line in (11, 3, 5, 7, 9)
    ]
    assert "The end." in unusual.page("blocks/index.html").get_text()


@pytest.mark.parametrize(
    "setting", ["{prefix: 3}", "{prefix: c-}", "yes", "[prefix]", "{prefx: cnn_}", "{cache: true}"]
)
def test_settings_that_make_no_names_are_refused(tmp_path: Path, setting: str) -> None:
    built = build(tmp_path, {"index.md": "# A"}, extra=f"{{mkdocs_cnn: {setting}}}")
    assert built.code != 0
    assert "Traceback" not in built.log
    assert "mkdocs_cnn takes settings such as" in built.log


def test_a_quiet_strict_build_fails_too_and_says_why(tmp_path: Path) -> None:
    built = build(tmp_path, {"index.md": "# A\n\n{{ nope }}\n"}, "--strict", "--quiet")
    assert built.code != 0
    assert "index.md:3: no name 'nope'" in built.log


def test_a_build_of_some_pages_leaves_what_was_published(tmp_path: Path) -> None:
    first = build(tmp_path, {"index.md": "# A {{ quantity(3) }}", "other.md": "# B"})
    numbers = first.json("numbers.json")
    again = build(tmp_path, {"other.md": "# B, edited"}, "--dirty")
    assert (again.code, again.json("numbers.json")) == (0, numbers)


def test_latex_that_cannot_be_set_is_named_with_page_and_line(tmp_path: Path) -> None:
    page = "---\ntitle: Home\n---\n# Home\n\n`#!math k_h`\n\nAnd `#!math \\frac{1` too.\n"
    built = build(tmp_path, {"index.md": page}, "--strict")
    assert built.code != 0
    (warning,) = built.warnings
    assert warning.startswith("index.md:8: math: ")


def test_a_mistake_is_a_visible_box_and_the_rest_of_the_page_is_there(
    five: Built, tmp_path: Path
) -> None:
    lax = build(tmp_path, FIVE_MISTAKES)
    assert (lax.code, lax.warnings) == (0, five.warnings)
    boxes = {
        page: [box.get_text() for box in lax.page(page).select("article .mkdocs-cnn-error")]
        for page in ("index.html", "one/index.html", "two/index.html")
    }
    said = [re.sub(r"^\S+ ", "", warning) for warning in lax.warnings]
    assert list(boxes.values()) == [said[:1], said[1:3], said[3:]]
    text = lax.page("one/index.html").article.get_text()
    assert "Before." in text
    assert "After." in text
    assert lax.page("two/index.html").select("article li")[2].get_text() == "an end 4"
    assert not list((tmp_path / ".cache/mkdocs_cnn").iterdir())


OTHER_MISTAKES = {
    "index.md": "# Home\n\n{{ figure('vectorised-image') }}\n\n{{ figure('vectorised-image') }}\n\n"
    "{{ figure('vectorised-image', size=4) }}\n\n{{ figure('vectorised-image', id='../x') }}\n",
    "fails.md": "# Fails\n\n{{ figure('vectorised-image', id='fails', kernel_size=9) }}\n\n"
    "{{ figure('vectorised-image', id='fails', kernel_sise=2) }}\n\n"
    "{{ figure('vectorised-image', id='fails', kernel_size='2') }}\n",
    "macros.md": "# Macros\n\n{{ claim('part-5-other-72') }} {{ cite('goodfelow-2016') }}\n"
    "{{ claims('part-6') }} {{ worked(3) }} {{ 3 | about }} {{ 3 | abuot }}\n",
    "loop.md": "# Loop\n\n{% for n in [1, 2, 3] %}\n{{ mispelt }}\n{% endfor %}\n",
    "stops.md": "---\na: 1\n---\n# Stops\n\n{% for n in %}\n",
}


def test_every_other_mistake_is_named_too_and_no_failure_is_kept(tmp_path: Path) -> None:
    done = build(tmp_path, OTHER_MISTAKES, "--strict")
    assert done.code != 0
    for expected in [
        r"index.md:7: figure: figures/vectorised-image is figure 'vectorised-image' with its "
        r"defaults on page 'index'; give this one an address of its own: id='…'",
        r"index.md:9: figure: a figure's id is lower-case words .*, not '../x'",
        r"fails.md:3: figure: .*\b9\b.*",
        r"fails.md:5: figure: .* has no parameter 'kernel_sise'; did you mean 'kernel_size'\?.*",
        r"fails.md:7: figure: kernel_size of figure 'vectorised-image' must be int, not str '2'",
        r"macros.md:3: claim: no claim named 'part-5-other-72'; did you mean 'part-5-other-27'\?",
        r"macros.md:3: cite: no source named 'goodfelow-2016'; did you mean 'goodfellow-2016'\?",
        r"macros.md:4: claims: no source named 'part-6'; did you mean 'part-5'\?",
        r"macros.md:4: worked: takes a layer on an input, as in Conv2d\(…\).on\(…\), not 3",
        r"macros.md:4: about: takes a computed number, not int 3",
        r"macros.md:4: no filter named 'abuot'; did you mean 'about'\?",
        r"loop.md:4: no name 'mispelt'",
        r"stops.md:6: Expected an expression.*",
    ]:
        matching = [warning for warning in done.warnings if re.fullmatch(expected, warning)]
        assert len(matching) == 1, (expected, done.log)
    kept = sorted(path.suffix for path in (tmp_path / ".cache" / "mkdocs_cnn").iterdir())
    drawn = [suffix for suffix in kept if suffix != ".json"]
    assert drawn == [".pdf", ".pdf", ".png", ".png", ".svg", ".svg"]  # the one that can be drawn


# -- names that are taken

REMEDY = r"rename that, or set a prefix for all names .* extra: \{mkdocs_cnn: \{prefix: cnn_\}\}"
PAGE = {"index.md": "# Home\n\nText.\n"}


@pytest.mark.parametrize(
    ("extra", "main", "name"),
    [
        ("{figure: 3}", "", "figure"),
        ("{}", "@env.macro\n    def table(): return 'mine'", "table"),
        ("{}", "@env.filter\n    def units(x): return 'mine'", "units"),
        ("{}", "env.variables['cite'] = 3", "cite"),
    ],
    ids=["extra", "macro", "filter", "variable"],
)
def test_a_name_that_the_site_has_taken_is_refused_with_the_remedy(
    tmp_path: Path, extra: str, main: str, name: str
) -> None:
    files = {"main.py": f"def define_env(env):\n    {main}\n"} if main else {}
    done = build(tmp_path, PAGE, extra=extra, files=files)
    assert done.code != 0
    assert re.search(f"ERROR .*the name '{name}' is taken by this site.*{REMEDY}", done.log)
    assert "Traceback" not in done.log


def test_with_a_prefix_both_names_work(tmp_path: Path) -> None:
    pages = {
        "index.md": "# Home\n\n{{ figure }} {{ table() }} {{ 3 | units }}\n\n"
        "{{ cnn_Conv2d(3, 6, kernel_size=5).on(3, 32, 32).macs | cnn_units }}\n\n"
        "{{ cnn_cite('goodfellow-2016') }}\n"
    }
    main = (
        "    @env.macro\n    def table(): return 'mine'\n    env.filter(lambda x: 'three', 'units')"
    )
    extra = "{figure: 3, mkdocs_cnn: {prefix: cnn_}}"
    files = {"main.py": f"def define_env(env):\n{main}\n"}
    done = build(tmp_path, pages, "--strict", extra=extra, files=files)
    assert (done.code, done.warnings) == (0, [])
    paragraphs = [tag.get_text() for tag in done.page("index.html").select("article > p")]
    assert paragraphs[:2] == ["3 mine three", "352,800 MACs"]
    assert paragraphs[2] == "(Goodfellow et al. 2016)"  # and no link: there is no references.md


# -- mkdocs-macros' own way with errors


def test_on_error_fail_stops_at_the_first_mistake(tmp_path: Path) -> None:
    done = build(tmp_path, FIVE_MISTAKES, on_error_fail=True)
    assert done.code == 100
    assert "'leson' is undefined" in done.log
    assert "one.md" not in done.log


def test_on_error_fail_leaves_a_site_without_mistakes_as_it_is(tmp_path: Path) -> None:
    done = build(tmp_path, {"index.md": LESSON + "# A\n\n{{ lesson.macs }}\n"}, on_error_fail=True)
    assert done.code == 0
    assert data(done.page("index.html")) == ["352800"]


def test_with_a_site_folder_elsewhere_everything_is_written_there(
    tmp_path: Path, well: Built
) -> None:
    shutil.copytree(well.folder / ".cache", tmp_path / ".cache")
    done = build(tmp_path, WELL, "--strict", "--site-dir", str(tmp_path / "elsewhere"))
    assert done.code == 0
    for name in ("numbers.json", "figures/index.json", "figures/larger.light.svg"):
        here, there = tmp_path / "elsewhere" / name, well.folder / "site" / name
        assert here.read_bytes() == there.read_bytes()
    assert not (tmp_path / "site").exists()


# -- where the cache is

LESSON_PAGE = {"index.md": LESSON + "# A\n\n{{ lesson.macs }} {{ cite('goodfellow-2016') }}\n"}


def kept(folder: Path) -> int:
    return len(list(folder.glob("*.json")))


@pytest.mark.parametrize(
    ("cache", "variable", "place"),
    [
        ("", "", ".cache/mkdocs_cnn"),
        ("../kept", "", "../kept"),
        ("../kept", "in/CI", "in/CI"),
        ("false", "in/CI", "in/CI"),
        ("false", "", None),
        ("../kept", "false", None),
    ],
)
def test_the_cache_is_where_the_site_or_the_environment_says(
    tmp_path: Path, cache: str, variable: str, place: str | None
) -> None:
    project = tmp_path / "project"
    extra = f"{{mkdocs_cnn: {{cache: {cache or 'null'}}}}}"
    done = build(project, LESSON_PAGE, "--strict", extra=extra, MKDOCS_CNN_CACHE=variable)
    assert (done.code, done.warnings) == (0, [])
    places = {
        path.parent.resolve() for path in tmp_path.rglob("*.json") if "site" not in path.parts
    }
    assert places == ({(project / place).resolve()} if place else set())


def test_where_nothing_can_be_kept_the_build_says_so_once_and_goes_on(tmp_path: Path) -> None:
    write(tmp_path, {"file": ""})
    extra = "{mkdocs_cnn: {cache: file/cache}}"
    done = build(tmp_path, WELL, "--strict", extra=extra)
    assert (done.code, done.warnings) == (0, [])
    assert done.log.count("file/cache cannot be written: this build keeps nothing") == 1
    assert (tmp_path / "site/figures/larger.light.svg").is_file()


READ_ONLY = """
import tempfile

def refuse(*_, dir=None, **__):
    raise PermissionError(13, "read-only", dir)

tempfile.TemporaryFile = refuse
"""


def test_a_project_that_can_only_be_read_is_built(tmp_path: Path) -> None:
    done = build(tmp_path, LESSON_PAGE, "--strict", files={"hook.py": READ_ONLY})
    assert (done.code, done.warnings) == (0, [])
    assert done.log.count("cannot be written") == 1
    assert kept(tmp_path / ".cache/mkdocs_cnn") == 0
    assert data(done.page("index.html")) == ["352800"]


def test_a_whole_build_deletes_what_has_not_been_used_for_long(tmp_path: Path) -> None:
    build(tmp_path, LESSON_PAGE, "--strict")
    folder = tmp_path / ".cache/mkdocs_cnn"
    used, unused = kept(folder), folder / f"{'0' * 32}.svg"
    unused.touch()
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    build(tmp_path, LESSON_PAGE, "--strict")
    assert not unused.exists()
    assert kept(folder) == used


# -- what others do to a finished page

MINIFIES = """
import htmlmin

def on_post_page(output, **_):  # as mkdocs-minify-plugin does
    return htmlmin.minify(output, remove_optional_attribute_quotes=True, pre_attr="pre")
"""
PARSES = """
from bs4 import BeautifulSoup

def on_post_page(output, **_):
    return str(BeautifulSoup(output, "html.parser"))
"""
LOSES = """
import re

def on_post_page(output, **_):
    return re.sub("<section class=.cnn-derivations.*?</section>", "", output)
"""


@pytest.mark.parametrize(
    ("hook", "plugins"),
    [(MINIFIES, ""), (PARSES, ""), ("", "  - glightbox")],
    ids=["htmlmin", "BeautifulSoup", "glightbox"],
)
def test_numbers_open_on_a_page_that_was_printed_anew(
    tmp_path: Path, well: Built, hook: str, plugins: str
) -> None:
    shutil.copytree(well.folder / ".cache", tmp_path / ".cache")
    done = build(tmp_path, WELL, "--strict", files={"hook.py": hook}, plugins=plugins)
    assert (done.code, done.warnings) == (0, [])
    page = done.page("index.html")
    opened = [button["popovertarget"] for button in page.select(".cnn-number")]
    assert len(opened) == len(well.page("index.html").select(".cnn-number"))
    assert {panel["id"] for panel in page.select(".cnn-derivation")} == set(opened)
    assert page.select_one("[popover] .cnn-derivation__worked").text.endswith(" = 352,800")


def test_a_page_that_cannot_be_finished_is_named_with_the_remedy(tmp_path: Path) -> None:
    pages = {**LESSON_PAGE, "b.md": "# B\n"}
    done = build(tmp_path, pages, "--strict", files={"hook.py": LOSES})
    assert done.code == 1
    assert "Traceback" not in done.log
    (warning,) = done.warnings
    assert warning.startswith("index.md: the numbers of this page open to nothing")
    assert "must leave it in" in warning
