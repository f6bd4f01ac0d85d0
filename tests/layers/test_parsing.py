from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from mkdocs_cnn.layers import LAYERS, Layer, Linear, ReLU, Sequential
from mkdocs_cnn.layers.parsing import MOST_CHARACTERS, MOST_NESTED, layer_from, quote
from mkdocs_cnn.networks import networks

# As somebody may type it, and the arguments by which Python makes the same layer.
TYPED = [
    (
        "Conv1d(8, 4, 3, stride=2, padding=((1, 2),))",
        (8, 4, 3),
        {"stride": 2, "padding": ((1, 2),)},
    ),
    ("Conv2d(3, 6, kernel_size=5)", (3, 6, 5), {}),
    ("Conv2d(3,6,[5, 3],bias=False)", (3, 6, (5, 3)), {"bias": False}),
    (
        "Conv2d(4, 4, (3,3,), padding=\"same\", padding_mode='circular', groups=2, dilation=2)",
        (4, 4, (3, 3)),
        {"padding": "same", "padding_mode": "circular", "groups": 2, "dilation": 2},
    ),
    (
        "ConvTranspose2d(3, 6, 2, stride=2, output_padding=1)",
        (3, 6, 2),
        {"stride": 2, "output_padding": 1},
    ),
    ("LocallyConnected2d(3, 6, 5)", (3, 6, 5), {}),
    ("Linear(in_features=84, out_features=10)", (84, 10), {}),
    ("MaxPool2d(3, stride=None, ceil_mode=True)", (3,), {"ceil_mode": True}),
    ("AvgPool2d((2, 1))", ((2, 1),), {}),
    ("AdaptiveAvgPool2d(7)", (7,), {}),
    ("BatchNorm2d(8, affine=False)", (8,), {"affine": False}),
    ("LayerNorm([8, 4, 4], bias=False)", ((8, 4, 4),), {"bias": False}),
    ("LocalResponseNorm(5)", (5,), {}),
    ("Scale(8, bias=True)", (8,), {"bias": True}),
    ("Identity()", (), {}),
    ("ReLU( )", (), {}),
    ("ReLU6()", (), {}),
    ("SiLU()", (), {}),
    ("GELU()", (), {}),
    ("Sigmoid()", (), {}),
    ("Tanh()", (), {}),
    ("Softmax()", (), {}),
    ("Dropout(p=.25)", (0.25,), {}),
    ("Dropout(2.5e-1)", (0.25,), {}),
    ("Flatten()", (), {}),
    ("Select([0, 2,])", ((0, 2),), {}),
    ("Sequential(ReLU(), fc=Linear(4, 2))", (ReLU(),), {"fc": Linear(4, 2)}),
    ("Residual(body=ReLU(), shortcut=None)", (ReLU(),), {}),
    ("Concat(ReLU(), ReLU())", (ReLU(), ReLU()), {}),
    ("\n Gate (\n\t(ReLU()),\n)\n", (ReLU(),), {}),
]


NOTHING_READ = "is no layer, number, quoted text, True, False, None or list"


def refusal(text: str) -> str:
    with pytest.raises(ValueError) as error:  # noqa: PT011  # its message is what is looked at
        layer_from(text)
    assert type(error.value) is ValueError
    assert "\n" not in str(error.value)
    return str(error.value)


# -- what is read


@pytest.mark.parametrize(("text", "given", "named"), TYPED)
def test_what_is_typed_is_the_layer_that_python_makes(text: str, given: tuple, named: dict) -> None:
    kind = LAYERS[text.partition("(")[0].strip()]
    assert layer_from(text) == kind(*given, **named)


def test_every_layer_is_among_what_was_typed() -> None:
    assert {text.partition("(")[0].strip() for text, _, _ in TYPED} == set(LAYERS)


@pytest.mark.parametrize("text", [text for text, _, _ in TYPED])
def test_what_a_layer_prints_as_is_read_back(text: str) -> None:
    layer = layer_from(text)
    assert layer_from(repr(layer)) == layer


@pytest.mark.parametrize("name", networks)
def test_what_a_network_is_made_of_is_read_back(name: str) -> None:
    for part in (networks[name].features, networks[name].classifier):
        assert layer_from(repr(part)) == part


def test_numbers_are_python_s() -> None:
    numbers = ("0", "1", "1e-3", "0.5", "1.", "0x1")
    read = [layer_from(f"Dropout({number})").p for number in numbers]
    assert read == [0, 1, 0.001, 0.5, 1.0, 1]
    assert type(layer_from("Dropout(1)").p) is int


# -- what is not read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("__import__('os')", "no layer named '__import__'"),
        ("__import__('os').system('ls')", f"'.system' (column 17) {NOTHING_READ}"),
        ("Conv2D(3, 6, 5)", "no layer named 'Conv2D'; did you mean 'Conv2d'?"),
        ("layer(Conv2d)", "no layer named 'layer'"),
        ("True()", f"'True()' (column 1) {NOTHING_READ}"),
        ("nn.Conv2d(3, 6, 5)", "'nn.Conv2d' (column 1) is not known; did you mean 'Conv2d'?"),
        ("ReLU", "'ReLU' (column 1) is a layer without its brackets, as in ReLU(…)"),
        ("Sequential(ReLU)", "'ReLU' (column 12) is a layer without its brackets, as in ReLU(…)"),
        ("Conv2d(3, 6, 5, bias=true)", "'true' (column 22) is not known; did you mean 'True'?"),
        ("torch.nn.Conv2d(1, 1, 1)", f"'torch.nn.Conv2d' (column 1) {NOTHING_READ}"),
        ("Conv2d(3, 6, 5).on", f"'.on' (column 16) {NOTHING_READ}"),
        ("Conv2d(3, 6, 5)[0]", f"'Conv2d(3, 6, 5)[0]' (column 1) {NOTHING_READ}"),
        ("Conv2d(3, 6, 5)(1)", f"'Conv2d(3, 6, 5)(1)' (column 1) {NOTHING_READ}"),
        ("Conv2d(3, 6, 5) + 1", f"'Conv2d(3, 6, 5) + 1' (column 1) {NOTHING_READ}"),
        ("ReLU(), ReLU()", "'ReLU(), ReLU()' is no layer; one is written as in Conv2d(3, 6, k"),
        ("Conv2d(3, 6, 5))", "')' (column 16) closes no bracket"),
        ("Conv2d(3, 6, 2 + 3)", f"'2 + 3' (column 14) {NOTHING_READ}"),
        ("Conv2d(3, 6, 9**9**9)", f"'9**9**9' (column 14) {NOTHING_READ}"),
        ("Conv2d(3, 6, -True)", "'-True' (column 14) is no number"),
        ("Conv2d(3, 6, 5]", "']' (column 15) stands where ',' or ')' should"),
        ("Conv2d(3, 6, 5 if 1 else 3)", f"'if' (column 16) {NOTHING_READ}"),
        ("Select([0, 1)", "')' (column 13) stands where ',' or ']' should"),
        ("Conv2d(3, 6, 5", "'(3, 6, 5' (column 7) is never closed with ')'"),
        ("Select([0, 1", "'[0, 1' (column 8) is never closed with ']'"),
        ("Conv2d(3, 6, kernel_size=", "'(3, 6, kernel_size=' (column 7) is never closed with ')'"),
        ("Conv2d(1, 1, -------1)", f"'-------1' (column 14) {NOTHING_READ}"),
        ("Conv2d(1, 1, --------1)", "'1' (column 22) stands where a comma should"),
        ("Conv2d(3, 6, 3j)", "'3j' (column 14) is no number"),
        ("Dropout(1e999)", "'1e999' (column 9) is no number"),
        ("Sequential(a=ReLU(), a=ReLU())", "'a' (column 22) is given twice"),
        ("5", "'5' is no layer; one is written as in Conv2d(3, 6, kernel_size=5)"),
        ("[ReLU()]", "'[ReLU()]' is no layer; one is written as in Conv2d(3, 6, kernel_size=5)"),
        ("", "an empty text describes no layer; one is written as in Conv2d(3, 6, kernel_size=5)"),
        (
            "\n",
            "an empty text describes no layer; one is written as in Conv2d(3, 6, kernel_size=5)",
        ),
        ("Conv2d(3, 6, 5 for _ in x)", f"'for' (column 16) {NOTHING_READ}"),
    ],
)
def test_a_mistake_is_quoted_with_its_column(text: str, message: str) -> None:
    assert refusal(text).startswith(message)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Conv2d(3 6 5)", (8, 10)),
        ("ReLU(a=6, 5)", (11, 12)),
        ("Conv2d(3, 6, kernel_size=)", (14, 26)),
        ("Conv2d(3, 6, ,)", (14, 14)),
        ("Conv2d(3, 6, =5)", (14, 14)),
        ("Conv2d(3, 6, 5x)", (14, 15)),
        ("Conv2d(3, 6, 05)", (14, 15)),
        ("Conv2d(3, 6, (a=5))", (14, 16)),
        ("x = ReLU()", (3, 3)),
    ],
)
def test_what_is_no_python_is_refused_in_pythons_own_words(
    text: str, columns: tuple[int, int]
) -> None:
    said = re.fullmatch(r"'.+' \(column (\d+)\) cannot be read: .+", refusal(text))
    assert said
    first, last = columns  # versions of Python point at either end of what is wrong
    assert first <= int(said[1]) <= last


@pytest.mark.parametrize(
    "piece",
    [
        "lambda: 5",
        "k",
        "not 1",
        "--5",
        "+5",
        "~5",
        "*(5, 5)",
        "**{'a': 5}",
        "{5}",
        "{5: 5}",
        "f'{5}'",
        "b'5'",
        r"'\x35'",
        "'same",
        "...",
        "await x",
        "yield",
        "'é'",
        "'('",
        "lambda",
        "５",
        "−5",
        "\0",
        "\udcff",
        "# five",
    ],
)
def test_anything_else_of_python_is_refused_where_it_stands(piece: str) -> None:
    text = f"Conv2d(3, 6, {piece})"
    said, column, why = re.fullmatch(r"(.+) \(column (\d+)\) (.+)", refusal(text)).groups()
    assert why == NOTHING_READ
    assert 14 <= int(column) <= 16
    assert text[int(column) - 1 :].startswith(ast.literal_eval(said))


def test_nothing_is_run(tmp_path: Path) -> None:
    made = tmp_path / "made"
    for text in (f"open({str(made)!r}, 'w')", f"Conv2d(3, 6, open({str(made)!r}, 'w'))"):
        assert refusal(text) == "no layer named 'open'"
    assert not made.exists()


# -- what the layers refuse


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Conv2d(3, 6, 5, strid=2)", "Conv2d: no argument 'strid'; did you mean 'stride'?"),
        ("ReLU(inplace=True)", "ReLU: no argument 'inplace'"),
        ("ReLU(1)", "ReLU: takes none without a name, not 1"),
        (
            "BatchNorm2d(8, 0.1)",
            "BatchNorm2d: takes 1 (num_features) without a name, not 2; by name it takes affine",
        ),
        ("Conv2d(3, 6)", "Conv2d: missing a required argument: 'kernel_size'"),
        ("Linear(2, 3, in_features=2)", "Linear: multiple values for argument 'in_features'"),
        ("Conv2d(-3, 6, 5)", "Conv2d: in_channels must be at least 1, not -3"),
        ("Conv2d(3.0, 6, 5)", "Conv2d: in_channels must be an integer, not float 3.0"),
        ("Conv2d(True, 6, 5)", "Conv2d: in_channels must be an integer, not bool True"),
        ("ReLU(Conv2d(3, 6, 5, bias=1))", "Conv2d: bias must be True or False, not int 1"),
        ("Sequential()", "Sequential takes at least one layer"),
        ("Sequential(a=3)", "Sequential is made of layers, not int 3 (part 'a')"),
    ],
)
def test_what_a_layer_refuses_is_said_after_its_name(text: str, message: str) -> None:
    assert refusal(text) == message


def test_what_a_layer_says_of_a_long_argument_is_cut_off() -> None:
    said = refusal(f"Conv2d(3, 6, 5, padding={[1] * 3000})")
    assert len(said) < 600
    assert said.endswith("…")


# -- how much is read


def nested(depth: int) -> str:
    return "Sequential(" * (depth - 1) + "ReLU()" + ")" * (depth - 1)


def test_nesting_has_a_limit() -> None:
    layer: Layer = ReLU()
    for _ in range(MOST_NESTED - 1):
        layer = Sequential(layer)
    assert layer_from(nested(MOST_NESTED)) == layer
    assert refusal(nested(MOST_NESTED + 1)).endswith(" is nested more than 50 deep")


def test_siblings_do_not_nest() -> None:
    text = f"Sequential({', '.join(['Sequential(ReLU())'] * 100)})"
    assert len(layer_from(text).parts) == 100


def test_a_text_has_a_limit() -> None:
    longest = "ReLU()".ljust(MOST_CHARACTERS)
    assert layer_from(longest) == ReLU()
    assert refusal(longest + " ") == (
        "text of 100,001 characters where a layer takes at most 100,000"
    )


def test_a_number_has_a_limit() -> None:
    assert layer_from(f"Linear({10**24}, 1)").in_features == 10**24
    assert refusal(f"Linear({10**25}, 1)") == (
        "'10000000000000000000000000' (column 8) has 26 digits where a number has at most 25"
    )


@pytest.mark.parametrize("name", networks)
def test_the_limits_leave_room_for_networks(name: str) -> None:
    text = repr(networks[name].features)
    depth = most = 0
    for mark in text:
        depth += (mark in "([") - (mark in ")]")
        most = max(most, depth)
    assert len(text) < MOST_CHARACTERS / 4
    assert most < MOST_NESTED / 4


HOSTILE = [
    *(mark * count for mark in "([{-'\"\\.,=" for count in (10_000, 99_999)),
    *(
        word * 8_000
        for word in ("Sequential(", "ReLU(", "lambda: ", "not ", "f'{", "(1)**", "x if")
    ),
    *("ReLU" + mark * 30_000 for mark in ("()", "[0]", ".on")),
    "Sequential(" * 4_000 + ")" * 4_000,
    "Conv2d(" + "9" * 5_000 + ", 1, 1)",
    "Conv2d(" + "9" * 99_000 + "x",
    "Conv2d(1e" + "9" * 20 + ", 1, 1)",
    "a" * 10**6,
    "Conv2d(" * 10**5,
    "a" * 99_999,
    "Conv2d(1, 1, '" + "a" * 99_000,
    "Select([" + "1, " * 33_000,
    "Sequential(" + ", ".join(f"a{at}=ReLU()" for at in range(6_000)) + ", a0=ReLU())",
    "Conv2d(\0, 1, 1)",
    " " * 99_999,
    " " * 99_998 + "(",
    *(f"Conv2d(1, 1, {sign * 9_999}1)" for sign in ("-", "+", "not ", "- ")),
    *("[" * depth + "]" * depth for depth in (10_000, 49_999)),
    "Conv2d(1, 1, 9**9**9)",
    "Conv2d(1, 1, " + "9**" * 20_000 + "9)",
    "Conv2d(1, 1, " + "9-" * 20_000 + "9)",
    "Conv2d(1, 1, " + "x" + ".x" * 40_000 + ")",
    "x" + ".x" * 40_000 + "()",
    "Conv2d(1, 1, " + "'a' " * 20_000 + ")",
    "Conv2d(1, 1, 0x" + "f" * 90_000 + ")",
    "Conv2d(1, 1, \ud800)",
    "\ud800" * 50_000,
    "Conv2d(1, 1, '\0')",
    'f"' + "(" * 40_000 + '"',
    "'''a'b'''" + "(" * 40_000,
    # Nothing is wrong but at the end, so that a parser may try all ways there.
    *(f"{part * MOST_NESTED}1 1{')' * MOST_NESTED}" for part in ("f(a=", "f(1 1, ", "(1, ", "(-(")),
    f"{'f(a - (1, ' * 25}{'))' * 25} 1",
    f"{'[f(1)' * 50}{']' * 50}",
    f"{'(((((((1)(1)(1)(' * 6}",
]

PROGRAM = """
import json, sys, threading
from mkdocs_cnn.layers.parsing import layer_from

def read():
    for text in json.load(sys.stdin):
        try:
            layer_from(text)
        except ValueError as error:
            print(str(error))

threading.stack_size(256 * 1024)  # half of what some systems give a thread
thread = threading.Thread(target=read)
thread.start()
thread.join()
"""


def test_no_text_is_a_crash_or_a_long_wait() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(HOSTILE),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == len(HOSTILE)
    assert max(map(len, done.stdout.splitlines())) < 600


def test_a_long_piece_is_cut_off_where_it_is_quoted() -> None:
    assert quote("a" * 40) == f"'{'a' * 40}'"
    assert quote("a" * 41) == f"'{'a' * 39}…'"
