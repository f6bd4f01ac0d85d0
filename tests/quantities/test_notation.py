"""What is printed is evaluated again, by a reader of mathematics that shares no code with ours."""

from __future__ import annotations

import ast
import html
import math
import random
import re
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from mkdocs_cnn import Conv2d, Linear, LocallyConnected2d, Quantity
from mkdocs_cnn.layers import Placed
from mkdocs_cnn.quantities.notation import MATHML, TEXT, definition, formula, symbol, worked

Bound = dict[str, Fraction]

# -- an independent evaluator: the text becomes Python's syntax, its tree is evaluated exactly

_TOKEN = re.compile(
    r"(?P<number>\d[\d,]*(?:\.\d+)?)|(?P<name>[^\W\d]\w*)|(?P<sign>[−+·/^()⌊⌋])|\s+"
)
_PYTHON = {"−": "-", "·": "*", "^": "**", "⌊": "floor(", "⌋": ")"}


def evaluate(text: str, bound: Bound | None = None) -> Fraction:
    """The value of one side of an equation; things side by side are multiplied."""
    bound = dict(bound or {})
    source: list[str] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        assert token, f"cannot read {text[position:]!r} in {text!r}"
        position = token.end()
        part = token.group().strip()
        if token["number"]:
            part = f"_{len(bound)}"
            bound[part] = Fraction(token["number"].replace(",", ""))
        if source and (token["number"] or token["name"] or part in ("(", "⌊")):
            before = source[-1]
            if before[-1].isalnum() or before[-1] == ")":
                source.append("*")
        if part:
            source.append(_PYTHON.get(part, part))
    return _value(ast.parse(" ".join(source), mode="eval").body, bound)


def _value(node: ast.expr, bound: Bound) -> Fraction:
    match node:
        case ast.Name(name):
            return bound[name]
        case ast.UnaryOp(ast.USub(), operand):
            return -_value(operand, bound)
        case ast.Call(ast.Name("floor"), [inner]):
            return Fraction(math.floor(_value(inner, bound)))
        case ast.BinOp(left, operation, right):
            return _OPERATIONS[type(operation)](_value(left, bound), _value(right, bound))
    raise AssertionError(f"not arithmetic: {ast.dump(node)}")


_OPERATIONS = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a ** int(b),
}


def assert_line_is_true(line: str, value: int | Fraction) -> None:
    """`working = result ≈ rounded result`: both sides are the value, the last is near it."""
    exact, _, about = line.partition(" ≈ ")
    for side in exact.split(" = "):
        assert evaluate(side) == value, line
    if about:
        assert abs(evaluate(about) / value - 1) < Fraction(1, 1000), line


# -- MathML, written as it would be read aloud


def mathml_as_text(element: ElementTree.Element) -> str:
    parts = [mathml_as_text(child) for child in element]
    match element.tag:
        case "mn" | "mi" | "mtext" | "mo":
            assert not parts
            return (element.text or "").replace("\N{INVISIBLE TIMES}", " ")
        case "mfrac":
            top, bottom = parts
            return f"(({top}) / ({bottom}))"
        case "msup":
            base, exponent = parts
            return f"{base}^({exponent})"
        case "msub":
            letter, subscript = parts
            return f"{letter}_{subscript}"
        case "mrow" | "math":
            return "".join(parts)
    raise AssertionError(f"no part of MathML Core that we write: {element.tag}")


def words(text: str) -> list[str]:
    """Numbers and symbols in reading order, without signs and brackets."""
    return re.findall(r"[\w.,]+", text)


def assert_notations_agree(quantity: Quantity) -> None:
    """The working in MathML says the same as its text, and says it truly."""
    assert_line_is_true(quantity.worked, quantity.value)
    mathml = mathml_as_text(ElementTree.fromstring(worked(quantity, MATHML)))
    assert words(mathml) == words(quantity.worked)
    exact = mathml.partition("≈")[0]
    assert {evaluate(side) for side in exact.split("=")} == {quantity.value}


def assert_formulas_are_true(quantity: Quantity, bound: Bound) -> None:
    """The formula with the symbols' values put in is the value, in both notations."""
    mathml = mathml_as_text(ElementTree.fromstring(formula(quantity, MATHML)))
    assert words(mathml) == words(quantity.formula)
    for line in (quantity.formula, mathml):
        assert evaluate(line, bound) == quantity.value, line


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(5 · 5 · 3 + 1) · 6", 456),
        ("352,800", 352_800),
        ("⌊(32 − 5) / 2⌋ + 1", 14),
        ("⌊−7 / 2⌋", -4),
        ("−2^2", -4),
        ("(−2)^2", 4),
        ("2 · (−3)", -6),
        ("7 − (2 − 5) − 1", 9),
        ("40.96", Fraction(1024, 25)),
        ("12 / 2 · 3", 18),
        ("12 / (2 · 3)", 2),
    ],
)
def test_the_evaluator_reads_mathematics(text: str, value: int) -> None:
    assert evaluate(text) == value


def test_the_evaluator_multiplies_what_stands_side_by_side() -> None:
    bound = {"k_h": Fraction(5), "C_in": Fraction(3), "C_out": Fraction(6)}
    assert evaluate("(2 k_h C_in + 1) C_out ⌊k_h / 2⌋ (k_h)", bound) == 31 * 6 * 2 * 5


# -- random expressions


class Maker:
    """Random expressions: the quantity, what Python says it is, and what its symbols stand for."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.bound: Bound = {}

    def expression(self, depth: int) -> tuple[Quantity, Fraction]:
        if depth == 0 or self.rng.random() < 0.15:
            return self.leaf()
        number, value = self.operation(depth)
        if self.rng.random() < 0.15:
            number = number.named("a step", symbol=self.symbol(value))
        return number, value

    def leaf(self) -> tuple[Quantity, Fraction]:
        value = Fraction(self.rng.choice([0, 1, 1, 2, 3, 7, 10, 1234, 10**7, -1, -2, -5]))
        if self.rng.random() < 0.15:
            value /= self.rng.choice([2, 3, 7, 100, 30_000])
        named = self.rng.random() < 0.5
        return Quantity(value, symbol=self.symbol(value) if named else ""), value

    def symbol(self, value: Fraction) -> str:
        name = self.rng.choice(["x", "C_in", "k_h", "É_1"]) + f"{len(self.bound)}"
        self.bound[name] = value
        return name

    def operation(self, depth: int) -> tuple[Quantity, Fraction]:
        a, x = self.expression(depth - 1)
        b, y = self.expression(depth - 1)
        match self.rng.choice(["+", "+", "-", "-", "*", "*", "/", "//", "**", "floor", "neg"]):
            case "+":
                return a + b, x + y
            case "-":
                return a - b, x - y
            case "*":
                return a * b, x * y
            case "/" if y:
                return a / b, x / y
            case "//" if y:
                return a // b, Fraction(x // y)
            case "floor":
                return math.floor(a), Fraction(math.floor(x))
            case "neg":
                return -a, -x
        exponent = self.rng.randint(0, 3)
        return a**exponent, x**exponent


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_random_expressions_are_printed_truly_in_both_notations(depth: int) -> None:
    for seed in range(700):
        maker = Maker(seed)
        quantity, value = maker.expression(depth)
        assert quantity.value == value
        assert_notations_agree(quantity)
        assert_formulas_are_true(quantity, maker.bound)
        for step in quantity.steps:
            assert_line_is_true(step.worked, step.value)


# -- random layers

MODES = ("zeros", "circular", "reflect", "edge")


def random_window(rng: random.Random) -> Placed:
    """A `Conv2d` or `LocallyConnected2d` on an image, its arguments in every form they may have."""
    groups = rng.choice([1, 1, 1, 2, 3])
    kernel, dilation, stride, padding = (
        (rng.randint(low, high), rng.randint(low, high))
        for low, high in ((1, 5), (1, 3), (1, 3), (0, 3))
    )
    typed = rng.choice([padding, padding[0], (padding, padding), "same", "valid"])
    layer = rng.choice([Conv2d, LocallyConnected2d])(
        groups * rng.randint(1, 5),
        groups * rng.randint(1, 5),
        kernel_size=rng.choice([kernel, kernel[0]]),
        stride=1 if typed == "same" else rng.choice([stride, stride[0]]),
        padding=typed,
        dilation=rng.choice([dilation, dilation[0], 1]),
        groups=groups,
        bias=rng.random() < 0.7,
        padding_mode=rng.choice(MODES),
    )
    return layer.on(layer.in_channels, rng.randint(14, 60), rng.randint(14, 60))


def counts(placed: Placed) -> list[Quantity]:
    units = [placed.weights, placed.parameters, placed.macs, placed.connections]
    ratios = [placed.sparsity, placed.sharing, placed.reduction]
    return [*units, placed.inputs, placed.outputs, *placed.output_shape, *ratios]


def with_steps(quantities: list[Quantity]) -> list[Quantity]:
    """These and the steps that they rest on, and the steps of those."""
    found: dict[str, Quantity] = {}
    waiting = list(quantities)
    while waiting:
        quantity = waiting.pop()
        if quantity.worked not in found:
            found[quantity.worked] = quantity
            waiting += quantity.steps
    return list(found.values())


def test_every_line_of_random_layers_is_true() -> None:
    rng = random.Random(1)
    for _ in range(2000):
        placed = random_window(rng)
        for quantity in with_steps(counts(placed)):
            assert_line_is_true(quantity.worked, quantity.value)


def test_both_notations_of_random_layers_agree() -> None:
    rng = random.Random(7)
    for _ in range(150):
        placed = random_window(rng)
        for layer in (placed, placed.dense, placed.unshared):
            for quantity in counts(layer):
                assert_notations_agree(quantity)


def test_every_line_of_random_linear_layers_is_true() -> None:
    rng = random.Random(11)
    for _ in range(1000):
        m, n, bias = rng.randint(1, 5000), rng.randint(1, 5000), rng.random() < 0.5
        placed = Linear(m, n, bias=bias).on(m)
        assert placed.parameters == m * n + n * bias
        for quantity in counts(placed):
            assert_line_is_true(quantity.worked, quantity.value)
        assert_formulas_are_true(placed.parameters, {"m": Fraction(m), "n": Fraction(n)})


def symbols_of(placed: Placed) -> Bound:
    """What every symbol stands for, from the layer's arguments and its axes' step sizes."""
    layer, (down, across) = placed.layer, placed.axes
    bound = {
        "C_in": layer.in_channels,
        "C_out": layer.out_channels,
        "g": layer.groups,
        "H": placed.input_shape[1],
        "W": placed.input_shape[2],
        "H_out": placed.output_shape[1],
        "W_out": placed.output_shape[2],
        "p_top": down.padding[0],
        "p_bottom": down.padding[1],
        "p_left": across.padding[0],
        "p_right": across.padding[1],
        "T_h": down.touching,
        "T_w": across.touching,
    }
    for axis, side in ((down, "h"), (across, "w")):
        bound |= {f"k_{side}": axis.kernel_size, f"s_{side}": axis.stride}
        bound |= {f"p_{side}": axis.padding[0], f"d_{side}": axis.dilation}
        bound |= {f"e_{side}": (axis.kernel_size - 1) * axis.dilation + 1}
    return {name: Fraction(int(number)) for name, number in bound.items()}


def test_formulas_of_random_layers_are_true_of_their_symbols() -> None:
    rng = random.Random(3)
    for _ in range(500):
        placed = random_window(rng)
        bound = symbols_of(placed)
        for quantity in (placed.parameters, placed.weights, placed.macs, placed.connections):
            if quantity.unit == "parameter" and isinstance(placed.layer, LocallyConnected2d):
                bound["n"] = Fraction(int(placed.outputs))
            assert_formulas_are_true(quantity, bound)
        for size in placed.output_shape[1:]:
            assert_formulas_are_true(size, bound)


# -- golden lines

LESSON = Conv2d(3, 6, kernel_size=5).on(3, 32, 32)
STRIDED = Conv2d(3, 6, kernel_size=5, stride=2, padding=3, dilation=2, groups=3).on(3, 32, 32)


@pytest.mark.parametrize(
    ("quantity", "worked", "formula"),
    [
        (LESSON.parameters, "(5 · 5 · 3 + 1) · 6 = 456", "(k_h k_w C_in + 1) C_out"),
        (LESSON.weights, "5 · 5 · 3 · 6 = 450", "k_h k_w C_in C_out"),
        (
            LESSON.macs,
            "6 · 28 · 28 · 5 · 5 · 3 = 352,800",
            "C_out H_out W_out k_h k_w C_in",
        ),
        (LESSON.output_shape[1], "32 − 5 + 1 = 28", "H − k_h + 1"),
        (LESSON.dense.weights, "3,072 · 4,704 = 14,450,688", "m n"),
        (LESSON.dense.parameters, "(3,072 + 1) · 4,704 = 14,455,392", "(m + 1) n"),
        (LESSON.sparsity, "14,450,688 / 352,800 = 40.96", "N_dense / N_unshared"),
        (LESSON.sharing, "352,800 / 450 = 784", "N_unshared / N_w"),
        (LESSON.input_shape[1], "32", "H"),
        (
            STRIDED.output_shape[2],
            "⌊(32 + 2 · 3 − 9) / 2⌋ + 1 = 15",
            "⌊(W + 2 p_w − e_w) / s_w⌋ + 1",
        ),
    ],
)
def test_a_line_reads_as_a_teacher_would_write_it(
    quantity: Quantity, worked: str, formula: str
) -> None:
    assert (quantity.worked, quantity.formula) == (worked, formula)


def test_mathml_of_the_lesson() -> None:
    assert worked(LESSON.output_shape[1], MATHML) == (
        "<math><mn>32</mn><mo>−</mo><mn>5</mn><mo>+</mo><mn>1</mn><mo>=</mo><mn>28</mn></math>"
    )
    assert formula(LESSON.output_shape[1], MATHML) == (
        "<math><mi>H</mi><mo>−</mo><msub><mi>k</mi><mi>h</mi></msub><mo>+</mo><mn>1</mn></math>"
    )


def test_mathml_escapes_what_xml_would_read_as_markup() -> None:
    sizes = Quantity(2, symbol="a<b_&") * Quantity(3, name="this & that")
    text = "".join(ElementTree.fromstring(formula(sizes, MATHML)).itertext())
    assert "a<b" in text
    assert "this & that" in text


# -- brackets and signs

X, Y, Z = (
    Quantity(number, symbol=name) for number, name in ((7, "x"), (2, "y"), (Fraction(1, 3), "z"))
)


@pytest.mark.parametrize(
    ("quantity", "worked", "formula"),
    [
        (X - (Y - 5), "7 − (2 − 5) = 10", "x − (y − 5)"),
        (X - Y - 5, "7 − 2 − 5 = 0", "x − y − 5"),
        (X + (Y - 5), "7 + 2 − 5 = 4", "x + y − 5"),
        ((X + Y) * 3, "(7 + 2) · 3 = 27", "(x + y) · 3"),
        (3 * (X + Y), "3 · (7 + 2) = 27", "3 (x + y)"),
        (X / (Y * 5), "7 / (2 · 5) = 0.7", "x / (y · 5)"),
        (X * Y / 5, "7 · 2 / 5 = 2.8", "x y / 5"),
        (X / Y * 5, "7 / 2 · 5 = 17.5", "x / y · 5"),
        (X * (Y / 5), "7 · (2 / 5) = 2.8", "x (y / 5)"),
        (X / (Y / 5), "7 / (2 / 5) = 17.5", "x / (y / 5)"),
        ((X + Y) ** 2, "(7 + 2)^2 = 81", "(x + y)^2"),
        ((X**2) ** 3, "(7^2)^3 = 117,649", "(x^2)^3"),
        (2**X, "2^7 = 128", "2^x"),
        (X * Y**2, "7 · 2^2 = 28", "x y^2"),
        (X * Quantity(2) ** 3, "7 · 2^3 = 56", "x · 2^3"),
        (-X, "−7", "−x"),
        (X * -Y, "7 · (−2) = −14", "x (−y)"),
        (X + Quantity(-3), "7 + (−3) = 4", "x + (−3)"),
        (X - Quantity(-3), "7 − (−3) = 10", "x − (−3)"),
        (Quantity(-3) * X, "−3 · 7 = −21", "−3 x"),
        (X + Quantity(-3) * Y, "7 + (−3) · 2 = 1", "x + (−3) y"),
        (Quantity(-3) + X, "−3 + 7 = 4", "−3 + x"),
        (Quantity(-3) ** 2, "(−3)^2 = 9", "(−3)^2"),
        (X * Z, "7 · (1/3) = 7/3 ≈ 2.333", "x z"),
        (X * Quantity(Fraction(1, 2)), "7 · 0.5 = 3.5", "x · 0.5"),
        (Quantity(2) * (Quantity(1) / 3), "2 · (1 / 3) = 2/3 ≈ 0.6667", "2 · (1 / 3)"),
        (Quantity(1) / 30_000, "1 / 30,000 ≈ 0.00003333", "1 / 30,000"),
        (Quantity(179_200) / 3, "179,200 / 3 ≈ 59,733", "179,200 / 3"),
        (Z + 0, "1/3 ≈ 0.3333", "z"),
    ],
)
def test_brackets_stand_where_they_are_needed_and_nowhere_else(
    quantity: Quantity, worked: str, formula: str
) -> None:
    assert (quantity.worked, quantity.formula) == (worked, formula)


def tall(top: str, bottom: str) -> str:
    return f"<mfrac><mrow>{top}</mrow><mrow>{bottom}</mrow></mfrac>"


def squared(base: str) -> str:
    return f"<msup><mrow>{base}</mrow><mrow><mn>2</mn></mrow></msup>"


def bracketed(inner: str) -> str:
    return f"<mrow><mo>(</mo>{inner}<mo>)</mo></mrow>"


ONE, TWO, THIRD = "<mn>1</mn>", "<mn>2</mn>", tall("<mn>1</mn>", "<mn>3</mn>")


@pytest.mark.parametrize(
    ("quantity", "mathml"),
    [
        (X / (Y + 1), tall("<mi>x</mi>", f"<mi>y</mi><mo>+</mo>{ONE}")),
        (X / (Y / 2), tall("<mi>x</mi>", tall("<mi>y</mi>", TWO))),
        ((X / Y) ** 2, squared(bracketed(tall("<mi>x</mi>", "<mi>y</mi>")))),
        (Quantity(Fraction(1, 3)) ** 2, squared(bracketed(THIRD))),
        (X * (Y / 2), f"<mi>x</mi><mo>\N{INVISIBLE TIMES}</mo>{tall('<mi>y</mi>', TWO)}"),
        (X - (Y - 1), f"<mi>x</mi><mo>−</mo>{bracketed(f'<mi>y</mi><mo>−</mo>{ONE}')}"),
        (Quantity(2) * (Quantity(1) / 3), f"{TWO}<mo>·</mo>{THIRD}"),  # no mixed number
    ],
)
def test_tall_fractions_need_fewer_brackets(quantity: Quantity, mathml: str) -> None:
    assert html.unescape(formula(quantity, MATHML)) == f"<math>{mathml}</math>"


@pytest.mark.parametrize(
    ("quantity", "line"),
    [
        (LESSON.output_shape[1], "H_out = H − k_h + 1"),
        (X * Y, "x y"),
        (X, "x"),
        ((X * Y).named("area"), "x y"),
    ],
)
def test_a_definition_says_first_what_it_defines(quantity: Quantity, line: str) -> None:
    assert definition(quantity, TEXT) == line
    mathml = ElementTree.fromstring(definition(quantity, MATHML))
    assert words(mathml_as_text(mathml)) == words(line)


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (LESSON.weights, ("N_w", "<math><msub><mi>N</mi><mi>w</mi></msub></math>")),
        (Quantity(3, name="bytes each"), ("bytes each", "<math><mtext>bytes each</mtext></math>")),
        (Quantity(3), ("3", "<math><mn>3</mn></math>")),
    ],
)
def test_a_quantity_is_called_by_its_symbol_its_name_or_its_value(
    quantity: Quantity, expected: tuple[str, str]
) -> None:
    assert (symbol(quantity, TEXT), symbol(quantity, MATHML)) == expected
