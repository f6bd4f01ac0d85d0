import pytest

from mkdocs_cnn.book.claims.recomputing.growth import Growth
from mkdocs_cnn.quantities.quantity import quantity


def growth(count):
    return Growth("things", lambda m, n: quantity(count(m, n)), ("rows", 5), ("columns", 7))


@pytest.mark.parametrize(
    ("count", "factors"),
    [
        (lambda m, n: m * n, (2, 2)),
        (lambda m, n: 3 * m, (2, 1)),
        (lambda m, n: n, (1, 2)),
        (lambda m, n: m * m * n, (4, 2)),
        (lambda m, n: 9, (1, 1)),
    ],
)
def test_doubling_each_size_tells_the_law(count, factors):
    assert growth(count).follows(*factors)
    assert not growth(count).follows(factors[0] + 1, factors[1])
    assert not growth(count).follows(factors[0], factors[1] + 1)


def test_facts_say_which_size_was_doubled():
    facts = growth(lambda m, n: m * n * n).facts
    assert [(key, number.name, number.value) for key, number in facts.items()] == [
        ("count", "things", 245),
        ("twice_rows", "things, twice the rows", 490),
        ("twice_columns", "things, twice the columns", 980),
    ]
