from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import pytest

from mkdocs_cnn import Conv2d, networks
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.pages import network_tables, tables, vocabulary
from mkdocs_cnn.pages.html import Show
from mkdocs_cnn.pages.vocabulary import Vocabulary
from mkdocs_cnn.registry import UnknownNameError


@dataclass
class Site:
    """A site generator of which a page asks little."""

    page: str = ""
    references: str | None = "refs/"
    provided: dict[str, Path] = field(default_factory=dict)

    def address(self, listing: str) -> str | None:
        return self.references if listing == "references" else None

    def provide(self, uri: str, path: Path) -> None:
        self.provided[uri] = path


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def kept(cache: Cache) -> int:
    return len(list(cache.folder.glob("*.json"))) if cache.folder.exists() else 0


SAYINGS = {
    "claim": ("part-5-other-27",),
    "claims": ("part-5",),
    "cite": ("goodfellow-2016", "section 9.2"),
    "references": (),
}


@pytest.mark.parametrize("macro", SAYINGS)
def test_what_is_remembered_is_what_was_said(
    cache: Cache, macro: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = Vocabulary(Site(), cache)
    said = first.macros()[macro](*SAYINGS[macro])
    for part in ("_claim", "_claims", "_source_link"):
        monkeypatch.delattr(Vocabulary, part)
    monkeypatch.delattr(vocabulary, "sources")
    again = Vocabulary(Site(), cache)
    assert again.macros()[macro](*SAYINGS[macro]) == said
    for page in (first.numbers, again.numbers):
        page.end(said)
    assert again.numbers.derivations() == first.numbers.derivations()
    assert kept(cache) == 1


@pytest.mark.parametrize(
    ("page", "references", "way"),
    [
        ("", "refs/", 'href="./refs/#ref-part-5"'),
        ("deep/down/", "refs/", 'href="../../refs/#ref-part-5"'),
        ("", "refs.html", 'href="./refs.html#ref-part-5"'),
        ("", "", 'href="./#ref-part-5"'),
        ("", None, "<cite>“Part 5: Why Convolutions ?”, "),
    ],
)
def test_a_page_elsewhere_is_given_its_own_way_to_the_references(
    cache: Cache, page: str, references: str | None, way: str
) -> None:
    Vocabulary(Site("some/where/"), cache).claim("part-5-other-27")
    assert way in Vocabulary(Site(page, references), cache).claim("part-5-other-27")


@pytest.mark.parametrize(
    ("macro", "arguments", "message"),
    [
        ("claim", ["part-5-other-72"], "no claim named 'part-5-other-72'; did you mean"),
        ("claims", ["part-6"], "no source named 'part-6'; did you mean 'part-5'"),
        ("cite", ["goodfelow-2016"], "no source named 'goodfelow-2016'; did you mean"),
        ("cite", ["goodfellow-2016", 3], "a locator is text, such as 'section 9.2', not 3"),
        ("claim", [Conv2d(1, 1, 1)], r"no claim named Conv2d\(1, 1, kernel_size=1\)"),
    ],
)
def test_a_mistake_is_made_again_every_time_and_never_kept(
    cache: Cache, macro: str, arguments: list[object], message: str
) -> None:
    for _ in range(2):
        with pytest.raises((UnknownNameError, TypeError), match=message):
            Vocabulary(Site(), cache).macros()[macro](*arguments)
    assert kept(cache) == 0


def test_a_source_that_changed_makes_all_anew(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mkdocs_cnn.cache.sources_digest", lambda: "before")
    before = Vocabulary(Site(), cache).claim("part-5-other-27")
    monkeypatch.setattr(Vocabulary, "_claim", lambda self, name, show: "after the change")
    assert Vocabulary(Site(), cache).claim("part-5-other-27") == before
    monkeypatch.setattr("mkdocs_cnn.cache.sources_digest", lambda: "after")
    assert Vocabulary(Site(), cache).claim("part-5-other-27") == "after the change"


def test_macros_and_arguments_are_kept_apart(cache: Cache) -> None:
    known = Vocabulary(Site(), cache)
    answers = [known.cite("goodfellow-2016", locator) for locator in ("", "page 1", "page 2")]
    answers += [known.claims(source) for source in ("part-5", "notes-why", "")]
    assert len(set(answers)) == len(answers) == kept(cache)


def test_what_one_macro_remembers_is_no_answer_of_another(cache: Cache) -> None:
    known = Vocabulary(Site(), cache)
    assert known.claims("part-5")
    with pytest.raises(UnknownNameError, match="no claim named 'part-5'"):
        known.claim("part-5")


def test_an_answer_to_what_is_not_plain_is_not_remembered(cache: Cache) -> None:
    def make(show: Show) -> str:
        return show(Conv2d(3, 6, kernel_size=5).on(3, 32, 32).weights)

    known = Vocabulary(Site(), cache)
    assert ">450</data>" in known._answer("layer", Conv2d(3, 6, 5), make=make)
    assert kept(cache) == 0


WARM = """
import sys
from pathlib import Path
from types import SimpleNamespace
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.pages.vocabulary import Vocabulary

known = Vocabulary(SimpleNamespace(page="", address=lambda listing: None), Cache(Path(sys.argv[1])))
known.claims("part-5"), known.claim("part-5-other-27"), known.references()
known.cite("goodfellow-2016", "section 9.2")
print(*[name for name in sys.modules if name.startswith("mkdocs_cnn.book")])
"""


def test_what_is_remembered_needs_no_claims(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WARM, str(tmp_path)]
    cold, warm = (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    )
    assert "mkdocs_cnn.book.claims.texts.part_5" in cold
    assert warm == []


CITES = """
import sys
from pathlib import Path
from types import SimpleNamespace
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.pages.vocabulary import Vocabulary

known = Vocabulary(SimpleNamespace(page="", address=lambda listing: None), Cache(Path(sys.argv[1])))
print(known.cite("goodfellow-2016"))
"""


def test_an_edit_of_a_source_is_seen_on_the_page(tmp_path: Path) -> None:
    package = Path(vocabulary.__file__).parents[1]
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(package, tmp_path / "mkdocs_cnn", ignore=ignored)

    def cited() -> str:
        command = [sys.executable, "-B", "-c", CITES, str(tmp_path / "cache")]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
        return done.stdout

    assert cited() == cited() == "(Goodfellow et al. 2016)\n"
    edited = tmp_path / "mkdocs_cnn" / "pages" / "claims.py"
    text = edited.read_text(encoding="utf-8")
    edited.write_text(text.replace("source.cited_as", "source.cited_as.upper()"), encoding="utf-8")
    assert cited() == "(GOODFELLOW ET AL. 2016)\n"


# -- networks


@pytest.mark.parametrize(
    ("macro", "arguments", "part"),
    [("networks_table", (), "all_networks"), ("layers_of", ("vgg16",), "one_network")],
)
def test_networks_are_counted_once_and_then_remembered(
    cache: Cache,
    macro: str,
    arguments: tuple[str, ...],
    part: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = Vocabulary(Site(), cache).macros()[macro](*arguments)
    assert "138,357,544" in said
    monkeypatch.delattr(network_tables, part)
    assert Vocabulary(Site(), cache).macros()[macro](*arguments) == said


def test_files_of_networks_are_provided_where_pages_lead_to_them(cache: Cache) -> None:
    for _ in ("made", "kept"):
        site = Site("deep/page/")
        page = Vocabulary(site, cache)
        assert 'href="../../networks.csv"' in page.networks_table()
        assert 'href="../../networks/vgg16.csv"' in page.layers_of("vgg16")
        texts = {
            uri: path.read_text() for uri, path in site.provided.items() if uri.endswith("csv")
        }
        assert list(texts) == ["networks.csv", "networks/vgg16.csv"]
        assert "vgg16,VGG-16,,2014,simonyan-2014,3x224x224,138357544," in texts["networks.csv"]
        assert "conv1_1,Conv2d,64x224x224,1792,1728,86704128," in texts["networks/vgg16.csv"]


def test_the_table_of_networks_stands_within_the_element_that_sorts_it(cache: Cache) -> None:
    site = Site()
    html = Vocabulary(site, cache).networks_table()
    assert '<cnn-sortable-table filter-label="Find a network"><div class="cnn-table-frame">' in html
    assert 'src="./assets/mkdocs_cnn/explorers/sortable-table.js"' in html
    assert "assets/mkdocs_cnn/explorers/order.js" in site.provided


def test_a_network_that_does_not_exist_meets_its_neighbour(cache: Cache) -> None:
    with pytest.raises(UnknownNameError, match="no network named 'vgg-16'; did you mean 'vgg16'"):
        Vocabulary(Site(), cache).layers_of("vgg-16")
    assert not cache.folder.exists()


def test_bytes_are_rounded_to_mb_or_to_mib(cache: Cache) -> None:
    size = networks["vgg16"].on().parameter_bytes
    page = Vocabulary(Site(), cache)
    assert ">553 MB<" in page.about(size)
    assert ">528 MiB<" in page.about(size, binary=True)


# -- measured numbers

MEASURES = """
import sys
from pathlib import Path
from types import SimpleNamespace
from mkdocs_cnn.cache import Cache
from mkdocs_cnn.pages.vocabulary import Vocabulary

known = Vocabulary(SimpleNamespace(page="", address=lambda listing: None), Cache(Path(sys.argv[1])))
macros = known.macros()
macros["measured"]("break", by=[0, 2], padding_mode="zeros").share
macros["measured"]("rotation", size=8, image="noise").lifted_differing
macros["breaks_table"]()
macros["share_that_differs"](32, 3, (0, 2))
print(*({"numpy", "PIL"} & sys.modules.keys()))
"""


def test_what_was_measured_needs_no_numpy(tmp_path: Path) -> None:
    command = [sys.executable, "-c", MEASURES, str(tmp_path)]
    cold, warm = (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        for _ in range(2)
    )
    assert set(cold) == {"numpy", "PIL"}
    assert warm == []


def test_a_page_is_given_measured_numbers_and_what_formulas_say_of_them(cache: Cache) -> None:
    macros = Vocabulary(Site(), cache).macros()
    lesson = Conv2d(1, 1, 3, padding=1).on(1, 32, 32)
    # Numbers of a layer are taken as the integers that they are.
    broken = macros["measured"]("break", by=[0, lesson.output_shape[0]], size=lesson.inputs // 32)
    assert kept(cache) == 1
    assert broken.share == macros["share_that_differs"](32, 3, (0, 1)) == Fraction(3, 32)
    assert macros["share_that_sees_padding"](32, 3, depth=4) == Fraction(7, 16)
    assert macros["share_of_maxima_kept"](2, (0, 1)) == Fraction(1, 3)
    assert macros["output_shift"]((5, 3), 2) == (Fraction(5, 2), Fraction(3, 2))


def test_the_table_of_breaks_is_measured_once_and_then_remembered(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Vocabulary(Site(), cache).macros()["breaks_table"]()
    assert ">0.125</data>" in said
    monkeypatch.delattr(tables, "breaks_table")
    assert Vocabulary(Site(), cache).macros()["breaks_table"](by=[0, 2]) == said
    with pytest.raises(AttributeError):
        Vocabulary(Site(), cache).macros()["breaks_table"](by=[0, 1])
