from dataclasses import replace

import pytest

from mkdocs_cnn.claims import sources
from mkdocs_cnn.networks import networks
from mkdocs_cnn.registry import UnknownNameError

AUDITED = ("answers-sparsity", "notes-why", "part-5", "econometrician", "ma-2025")
LIVING = ("torchvision", "receptive-field-library", "cs231n", "keras")
LITERATURE = [key for key in sources() if key not in AUDITED + LIVING]


@pytest.mark.parametrize(
    ("key", "cited_as"),
    [
        ("goodfellow-2016", "Goodfellow et al. 2016"),
        ("dumoulin-2016", "Dumoulin and Visin 2016"),
        ("fukushima-1980", "Fukushima 1980"),
        ("ma-2025", "Ma 2025"),
        ("notes-why", "“Why Convolutions”"),
        ("part-5", "“Part 5: Why Convolutions ?”"),
        ("cs231n", "“CS231n notes”"),
    ],
)
def test_a_source_is_cited_by_authors_and_year_or_else_by_title(key, cited_as):
    assert sources()[key].cited_as == cited_as


def test_a_title_with_a_known_year_is_cited_with_it():
    assert replace(sources()["notes-why"], year=2018).cited_as == "“Why Convolutions” 2018"


def test_no_two_sources_are_cited_alike():
    assert len({source.cited_as for source in sources().values()}) == len(sources())


@pytest.mark.parametrize("key", LITERATURE)
def test_literature_has_authors_a_year_a_place_and_an_address(key):
    source = sources()[key]
    assert source.authors
    assert all(", " in author for author in source.authors)
    assert source.year is not None
    assert key.endswith(str(source.year))
    assert source.where
    assert source.url.startswith("https://")


def test_literature_stands_in_order_of_its_years():
    years = [sources()[key].year for key in LITERATURE]
    assert years == sorted(years)


@pytest.mark.parametrize("network", networks.values(), ids=list(networks))
def test_the_paper_on_every_network_is_among_the_sources(network):
    assert sources()[network.source].year == network.year


@pytest.mark.parametrize("key", LIVING)
def test_a_page_that_changes_has_an_address_and_says_what_it_is(key):
    assert sources()[key].url.startswith("https://")
    assert sources()[key].where
    assert sources()[key].year is None


@pytest.mark.parametrize("key", AUDITED)
def test_an_audited_text_claims_no_address(key):
    assert sources()[key].url == ""


def test_a_misspelt_source_meets_its_neighbour():
    with pytest.raises(UnknownNameError, match="did you mean 'goodfellow-2016'"):
        sources()["goodfelow-2016"]
