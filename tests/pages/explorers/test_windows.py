"""The arithmetic in the browser gives what the package's own gives."""

import itertools
from pathlib import Path

import numpy as np
import pytest

import mkdocs_cnn
from mkdocs_cnn.arrays.matrix import NO_WEIGHT, weight_identity
from mkdocs_cnn.layers import Conv2d

pytestmark = pytest.mark.browser

SCRIPTS = Path(mkdocs_cnn.__file__).parent / "pages" / "explorers"
LAYERS = {"Linear": "dense", "LocallyConnected2d": "unshared", "Conv2d": None}

AXES = [
    {
        "size": size,
        "kernel_size": kernel,
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
    }
    for size, kernel, stride, padding, dilation in itertools.product(
        range(1, 8), range(1, 5), (1, 2, 3), ([0, 0], [1, 1], [2, 0], [1, 3]), (1, 2)
    )
]
# Two axes that differ: every axis meets one from the other end of the list.
PAIRS = list(zip(AXES[::3], reversed(AXES[::3]), strict=True))


@pytest.fixture(scope="module")
def run(browser, served):
    """Runs JavaScript on cases, with the module at hand as `windows`."""
    address = served(SCRIPTS)
    page = browser.new_page()
    page.goto(address)

    def each(body, cases):
        program = f"""async (cases) => {{
            const windows = await import("{address}windows.js");
            return cases.map((given) => {{ try {{ return {body} }} catch {{ return null }} }});
        }}"""
        return page.evaluate(program, cases)

    yield each
    page.close()


def placed(down, across):
    """The layer on its input; None where the window does not fit."""
    both = {
        key: (down[key], across[key]) for key in ("kernel_size", "stride", "padding", "dilation")
    }
    both["padding"] = tuple(map(tuple, both["padding"]))
    try:
        return Conv2d(1, 1, **both).on(1, down["size"], across["size"])
    except ValueError:
        return None


def expected(pairs, of):
    return [of(layer) if (layer := placed(*pair)) else None for pair in pairs]


def lone(axis):
    return axis, {"size": 1, "kernel_size": 1, "stride": 1, "padding": [0, 0], "dilation": 1}


def test_the_cases_have_windows_that_fit_and_windows_that_do_not():
    fitting = [placed(*lone(axis)) is not None for axis in AXES]
    assert len(AXES) > 600
    assert 50 < fitting.count(False) < 200


def test_as_many_windows_fit(run):
    wanted = expected(map(lone, AXES), lambda layer: int(layer.axes[0].output_size))
    assert run("windows.output_size(given)", AXES) == wanted


def test_every_window_reads_the_same_inputs_with_the_same_taps(run):
    wanted = expected(
        map(lone, AXES),
        lambda layer: [
            [list(tap) for tap in layer.axes[0].taps(output)]
            for output in range(int(layer.axes[0].output_size))
        ],
    )
    all_taps = (
        "[...Array(windows.output_size(given)).keys()].map((output) => windows.taps(given, output))"
    )
    assert run(all_taps, AXES) == wanted


@pytest.mark.parametrize("layer", LAYERS)
def test_the_same_weight_stands_between_the_same_units(run, layer):
    kind = LAYERS[layer]
    wanted = expected(
        PAIRS, lambda conv: weight_identity(getattr(conv, kind) if kind else conv).tolist()
    )
    assert run(f"windows.weight_identity('{layer}', ...given)", PAIRS) == wanted


def test_stride_padding_and_dilation_may_be_left_out(run):
    bare = {"size": 5, "kernel_size": 3}
    wanted = weight_identity(Conv2d(1, 1, kernel_size=3).on(1, 5, 5)).tolist()
    assert run("windows.weight_identity('Conv2d', ...given)", [[bare, bare]]) == [wanted]


def test_as_many_weights_are_used_by_the_first_outputs(run):
    layers = [layer for pair in PAIRS if (layer := placed(*pair))]
    identities = [weight_identity(each) for layer in layers for each in (layer, layer.unshared)]
    cases = [[identity, (len(identity) + 1) // 2] for identity in identities]
    wanted = [len(set(np.unique(rows[:first])) - {NO_WEIGHT}) for rows, first in cases]
    given = [[identity.tolist(), first] for identity, first in cases]
    assert run("windows.weights_used(...given)", given) == wanted
