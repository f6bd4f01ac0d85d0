"""Rows are sorted and found in the browser as Python sorts and finds them."""

import random
import re
import unicodedata
from fractions import Fraction
from pathlib import Path

import pytest

import mkdocs_cnn

pytestmark = pytest.mark.browser

SCRIPTS = Path(mkdocs_cnn.__file__).parent / "pages" / "explorers"
RNG = random.Random(20)
BIG = 2**53  # from here on a browser's ordinary numbers leave out every other integer
BLANKS = ["", " ", "–", "—", "-", "\n– "]
DIRECTIONS = ["ascending", "descending"]


@pytest.fixture(scope="module")
def run(browser, served):
    """Runs JavaScript on cases, with the module at hand as `order`."""
    address = served(SCRIPTS)
    page = browser.new_page()
    page.goto(address)

    def each(body, cases):
        program = f"""async (cases) => {{
            const order = await import("{address}order.js");
            const places = ({{ cells, direction }}) =>
                order.sorted_order(cells.map(order.cell_key), direction);
            return cases.map((given) => {body});
        }}"""
        return page.evaluate(program, cases)

    yield each
    page.close()


def by_python(cells, keys, direction):
    """Where the cells go: Python's stable sort, and what has no key behind, as it was."""
    filled = [place for place, key in enumerate(keys) if key is not None]
    blank = [place for place, key in enumerate(keys) if key is None]
    reverse = direction == "descending"
    return sorted(filled, key=lambda place: keys[place], reverse=reverse) + blank


# Each of these makes a cell and its key, as Python compares it.


def integer(rng):
    value = rng.choice([rng.randint(-9, 9), BIG + rng.randint(-2, 4), rng.getrandbits(90)])
    return {"values": [str(value)], "text": "shown otherwise"}, (value,)


def ratio(rng):
    value = rng.choice([rng.randint(-20, 20) / 4, rng.random() * 1e-6, rng.random() * 1e20])
    return {"values": [repr(value)]}, (Fraction(value),)


def either(rng):
    """A float or an integer next to it: they differ only if they are compared exactly."""
    value = float(BIG + rng.randrange(0, 4, 2))
    return rng.choice(
        [
            ({"values": [f"{value:.1f}"]}, (Fraction(value),)),
            ({"values": [str(BIG + (n := rng.randrange(4)))]}, (BIG + n,)),
        ]
    )


def sizes(rng):
    value = tuple(rng.choice([1, 3, 28, 224, 227]) for _ in range(rng.randint(1, 3)))
    return {"values": list(map(str, value)), "text": " × ".join(map(str, value))}, value


def written(rng):
    value = rng.choice([rng.randint(-2000, 2000), rng.randint(0, 10**18)])
    text = f" {value:,} ".replace("-", rng.choice("-−"))
    return rng.choice([{"text": text}, {"data_sort": str(value), "text": "zzz"}]), (value,)


def natural(rng):
    """A text as people sort it: blanks before numbers, numbers by size, then letters."""
    word = "".join(rng.choice("abc xyz0123456789") for _ in range(rng.randint(1, 7)))
    text = f"n{' '.join(word.split())}".rstrip()
    tokens = re.findall(r"\d+|\D", text)
    key = [(1, int(t)) if t.isdigit() else (0, 0) if t == " " else (2, ord(t)) for t in tokens]
    return rng.choice([{"text": f" {text}\n"}, {"data_sort": text, "text": "9"}]), tuple(key)


def with_blanks(make):
    def cell(rng):
        blank = {"text": rng.choice(BLANKS)}, None
        return blank if rng.random() < 0.2 else make(rng)

    return cell


KINDS = [integer, ratio, either, sizes, written, natural, *map(with_blanks, (integer, natural))]


@pytest.mark.parametrize("make", KINDS)
def test_columns_are_sorted_as_python_sorts_them(run, make):
    columns = [[make(RNG) for _ in range(RNG.randint(0, 25))] for _ in range(120)]
    cases, wanted = [], []
    for direction in DIRECTIONS:
        for column in columns:
            cells, keys = zip(*column, strict=True) if column else ((), ())
            cases.append({"cells": cells, "direction": direction})
            wanted.append(by_python(cells, keys, direction))
    assert run("places(given)", cases) == wanted


def test_the_cases_have_ties_and_integers_that_a_double_cannot_hold():
    keys = [integer(RNG)[1][0] for _ in range(500)]
    assert len(set(keys)) < len(keys) - 100
    assert sum(int(float(key)) != key for key in keys) > 100


def test_no_direction_leaves_every_row_where_it_was(run):
    cells = [{"text": text} for text in ["3", "", "1", "b", "2", "a", "–"]]
    case = {"cells": cells, "direction": None}
    assert run("places(given)", [case]) == [list(range(len(cells)))]


def test_numbers_come_before_texts_and_blanks_last(run):
    cells = [{"text": text} for text in ["b", "–", "7", "", "a", "10"]]
    cases = [{"cells": cells, "direction": direction} for direction in DIRECTIONS]
    assert run("places(given)", cases) == [[2, 5, 4, 0, 1, 3], [0, 4, 5, 2, 1, 3]]


def test_a_quantity_decides_before_data_sort_and_that_before_the_text(run):
    cells = [
        {"values": ["1"], "data_sort": "9", "text": "9"},
        {"values": [], "data_sort": "2", "text": "0"},
        {"values": [], "data_sort": None, "text": "3"},
        {"values": [], "data_sort": "", "text": "0"},
        {"values": ["nan"], "data_sort": "4", "text": "0"},
    ]
    case = {"cells": cells, "direction": "ascending"}
    assert run("places(given)", [case]) == [[0, 1, 2, 4, 3]]


def test_a_text_is_a_number_where_python_reads_it_as_one(run):
    texts = ["12", "-3.5", "+4", ".5", "5.", "1e3", "2E-4", "1,234", "12,345,678.5", "−7"]
    others = ["1,23", "1,2345", "0x10", "1e", "five", "5 x", "1.2.3", "", "Infinity", "NaN"]
    wanted = [float(text.replace(",", "").replace("−", "-")) for text in texts]
    assert run("Number(order.number_in(given))", texts) == wanted
    assert run("order.number_in(given)", others) == [None] * len(others)


def test_whole_numbers_are_read_exactly(run):
    values = [str(RNG.randint(-(10**40), 10**40)) for _ in range(50)]
    assert run("order.number_in(given).toString()", values) == values


def test_a_column_is_numeric_if_all_that_is_in_it_is_a_number(run):
    columns = {("1", "–", "2,000"): True, ("1", "x"): False, ("", "–"): False, (): False}
    cases = [[{"text": text} for text in column] for column in columns]
    assert run("order.is_numeric(given.map(order.cell_key))", cases) == list(columns.values())


def test_three_clicks_come_round(run):
    down, up = "descending", "ascending"
    cases = [[d, numeric] for numeric in (True, False) for d in (None, up, down)]
    assert run("order.next_direction(...given)", cases) == [down, None, up, up, down, None]


def folded(text):
    bare = (c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c)[0] != "M")
    return "".join(bare).lower()


def words(text):
    return [word for word in re.split(r"[\W_]+", folded(text)) if word]


def test_rows_are_found_by_the_beginnings_of_words_whatever_their_case_and_accents(run):
    parts = ["Zoë", "ångström", "ResNet", "50", "VGG-16", "naïve", "İstanbul", "ﬁne", "Ünit", "o"]
    typed_parts = [
        *parts,
        "zoe",
        "ANGSTROM",
        "res",
        "net",
        "unit",
        "vgg",
        "fine",
        "absent",
        "e\u0301",
    ]
    cases = [
        [
            " ".join(RNG.choices(parts, k=4)),
            "  ".join(RNG.choices(typed_parts, k=RNG.randint(0, 2))),
        ]
        for _ in range(600)
    ]
    wanted = [
        all(any(word.startswith(sought) for word in words(text)) for sought in words(typed))
        for text, typed in cases
    ]
    assert 200 < sum(wanted) < 500
    assert run("order.contains_all(...given)", cases) == wanted


def test_what_is_found_by_hand(run):
    cases = {
        ("Zoë Ångström", "ANGSTROM zoe"): True,
        ("Zoe Angstrom", "å"): True,
        ("ResNet-50", "50 res"): True,
        ("ResNet-50", "net"): False,
        ("ResNet-50", "0"): False,
        ("ResNet-50 25", "5025"): False,
        ("the 3 × 3 of torchvision", "3×3"): True,
        ("anything", "   "): True,
    }
    assert run("order.contains_all(...given)", list(map(list, cases))) == list(cases.values())


def test_the_status_counts_or_repeats_what_is_not_there(run):
    cases = {
        (3, 12, "net"): "3 of 12 rows",
        (12, 12, ""): "12 of 12 rows",
        (0, 12, " a b "): "no row contains “a b”",
        (0, 0, ""): "0 of 0 rows",
    }
    assert run("order.rows_left(...given)", list(map(list, cases))) == list(cases.values())
