"""Sources and claims of a content package on disk, as an author of another site has them."""

from pathlib import Path

import pytest

from mkdocs_cnn.claims import Verdict, claims, sources
from mkdocs_cnn.registry import use_content

BOOK = r"""
Notes between entries are comments.

@inproceedings{smith-2024,
  Author = {Jos{\'e} van der Berg and Smith, Anna and {The Archive}},
  title = {{CNN}s \& their
    uses},
  booktitle = {Proceedings of Things},
  volume = {7},
  pages = {1--9},
  year = 2024,
  url = {https://a.example/b~c%20d},
}
@article{doe-2020, author={Doe, J.}, title="On weights", journal=Weights, number=3, volume=2,
  year=2020, doi={10.1000/1}}
@misc{roe-2021, author={Roe, R.}, title={50% less, 50\% more}, year={2021}, eprint={2101.00001}}
@misc{page, title={A page}, url={https://example.org/a}}
@misc{notes, title={Notes}, note={Lecture notes}}
"""
CLAIMS = """
from mkdocs_cnn.claims import Claim
from mkdocs_cnn.layers import Conv2d
from mkdocs_cnn.quantities.quantity import Quantity

LAYER = Conv2d(1, 2, 3).on(1, 8, 8)

CLAIMS = (
    Claim(
        "smith-2024-parameters", "19 parameters", "page 3", states=Quantity(19, "parameter"),
        recomputed=lambda: {"parameters": LAYER.parameters}, why="There are {parameters}.",
    ),
    Claim(
        "goodfellow-2016-nine", "nine taps", "page 1", states=Quantity(9),
        recomputed=lambda: {"taps": Quantity(9)},
    ),
)
"""


@pytest.fixture
def package(tmp_path: Path):
    """Makes a content package of these files and takes it for the site's; puts all back after."""

    def make(name: str, **files: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        for stem, text in files.items():
            (folder / stem.replace("_bib", ".bib").replace("_py", ".py")).write_text(text)
        names.append(name)
        use_content(names, tmp_path)
        return folder

    names: list[str] = []
    yield make
    use_content(())


def test_the_sources_of_a_second_package_come_after_ours(package) -> None:
    ours = list(sources())
    package("lecture_sources", references_bib=BOOK)
    assert list(sources()) == [*ours, "smith-2024", "doe-2020", "roe-2021", "page", "notes"]


def test_an_entry_as_other_programs_write_it_is_read(package) -> None:
    package("lecture_entries", references_bib=BOOK)
    smith, doe, roe = (sources()[key] for key in ("smith-2024", "doe-2020", "roe-2021"))
    assert smith.authors == ("van der Berg, José", "Smith, Anna", "The Archive")
    assert smith.cited_as == "van der Berg et al. 2024"
    assert smith.title == "CNNs & their uses"
    assert smith.where == "Proceedings of Things 7, 1–9"
    assert smith.url == "https://a.example/b~c%20d"
    assert (doe.where, doe.url) == ("Weights 2(3)", "https://doi.org/10.1000/1")
    assert roe.title == "50% less, 50% more"
    assert (roe.where, roe.url) == ("arXiv:2101.00001", "https://arxiv.org/abs/2101.00001")
    assert (sources()["page"].where, sources()["notes"].where) == ("example.org", "Lecture notes")


def test_the_claims_of_a_second_package_find_their_sources(package) -> None:
    package("lecture_claims", references_bib=BOOK, claims_py=CLAIMS)
    claim = claims()["smith-2024-parameters"]
    assert claim.source is sources()["smith-2024"]
    assert claim.verdict is Verdict.WRONG
    assert claim.explanation.text == "There are 20."
    assert claims()["goodfellow-2016-nine"].source.title == "Deep Learning"


def test_without_the_package_its_sources_are_gone(package) -> None:
    package("lecture_gone", references_bib=BOOK)
    use_content(())
    assert "smith-2024" not in sources()


def test_a_key_that_two_files_declare_is_refused_with_both_places(package) -> None:
    package("lecture_one", references_bib=BOOK)
    package("lecture_two", references_bib="\n@misc{smith-2024, title={X}, howpublished={Y}}")
    with pytest.raises(
        ValueError,
        match=r"'smith-2024' is declared twice: at .*one/references.bib:4 and at .*two/.*.bib:2",
    ):
        sources()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("@misc{a-1, title={X}, howpublished={Y}", ":3: no valid BibTeX entry: Unexpectedly re"),
        (
            "@misc{a-1, title={X} note={Y}}",
            ":3: source 'a-1' has no comma behind the field 'title'",
        ),
        (
            '@misc{a-1, title="X" note="Y"}',
            ":3: source 'a-1' has no comma behind the field 'title'",
        ),
        ("@misc{a-1, year=2020 note={Y}}", ":3: source 'a-1' has no comma behind the field 'year'"),
        ("@misc{a-1, title={X}, title={Y}}", ":3: no valid BibTeX entry: Duplicate field"),
        (
            "@misc{a-1, title={X}, year=2020}",
            ":3: source 'a-1' does not say where it appeared: howpublished, journal, .* or url",
        ),
        (
            "@misc{a-1, titel={X}, howpublished={Y}}",
            ":3: source 'a-1' has no title; did you mean 'titel'",
        ),
        (
            "@misc{a-1, title={X}, howpublished={Y}, year={in press}}",
            ":3: source 'a-1' has the year 'in press', which is no number",
        ),
        ("@misc{a-1, title={X}, howpublished={Y}}\n@misc{a-1, title={Z}}", ":4: no valid .* 'a-1'"),
    ],
)
def test_a_mistake_in_an_entry_is_named_with_file_and_line(package, entry, message) -> None:
    package("lecture_mistake", references_bib=f"A comment.\n\n{entry}")
    with pytest.raises(ValueError, match=rf"lecture_mistake/references\.bib{message}"):
        sources()
