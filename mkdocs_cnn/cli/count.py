"""What a layer or a network costs and sees: the command `count`."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click

from mkdocs_cnn.cli.count_report import Report
from mkdocs_cnn.cli.output import Refused, as_json_option, echo_json
from mkdocs_cnn.layers import AdaptiveAvgPool2d, Layer, Placed, PlacedCombined, known_layers
from mkdocs_cnn.layers.axis import Axis
from mkdocs_cnn.layers.parsing import layer_from, quote
from mkdocs_cnn.networks import Network, networks
from mkdocs_cnn.registry import UnknownNameError

MOST_TAPS = 1_000_000  # of windows at a border, which are looked at one by one: three seconds

EXAMPLES = """\b
Examples:
  mkdocs-cnn count vgg16
  mkdocs-cnn count resnet50 --on 3,320,320 --json
  mkdocs-cnn count "Conv2d(3, 6, kernel_size=5)" --on 3,32,32
  mkdocs-cnn count "Sequential(Conv2d(3, 8, 3), ReLU(),
      Residual(body=Conv2d(8, 8, 3, padding=1)))" --on 3,18,18 --explain

"mkdocs-cnn networks list" prints the networks. A layer is written as on a page, with PyTorch's
names; it is read, not run.

FIELD is the receptive field and its stride on the input, as height x width where they differ; in
all, a network's is that of its last feature map. One multiply and one add are one MAC; biases are
not counted among the MACs, taps on padding are. Connections leave such taps out.
"""


def _sizes(_: click.Context, __: click.Parameter, text: str | None) -> tuple[int, ...]:
    if text is None:
        return ()
    sizes = text.split(",")
    # Longer numbers are no sizes, and Python refuses to read much longer ones.
    if not all(re.fullmatch(r"\s*-?[0-9]{1,15}\s*", size) for size in sizes):
        example = "channels first, as in 3,32,32"
        raise Refused(f"--on takes sizes joined by commas, {example}, not {quote(text)}")
    return tuple(map(int, sizes))


@click.command("count", short_help="What a layer or a network costs and sees.", epilog=EXAMPLES)
@click.argument("what")
@click.option(
    "--on",
    "sizes",
    metavar="SIZES",
    callback=_sizes,
    help="The input, channels first: 3,32,32. A network has its usual one.",
)
@as_json_option
@click.option(
    "--explain", is_flag=True, help="Show the working of each row's parameters and MACs, too."
)
@click.option(
    "--only-counted",
    is_flag=True,
    help="Leave out the rows of layers that have neither parameters nor connections, as ReLU.",
)
def count_layers(
    what: str, sizes: tuple[int, ...], as_json: bool, explain: bool, only_counted: bool
) -> None:
    """Count WHAT, the name of a network or a layer: layer by layer, then in all, with the working.

    All layers are listed, those at no cost too, for they have shapes and receptive fields.
    """
    try:
        report = _report(what, sizes, only_counted)
        if as_json:
            echo_json(report.as_object())
        else:
            click.echo("\n".join(report.lines(explain)))
    except RecursionError:
        raise Refused("too many layers stand one behind the other to show their working") from None
    except (ValueError, ArithmeticError) as error:
        if "integer string conversion" in str(error):
            raise Refused("a number has more digits than can be written") from None
        raise Refused(str(error)) from None


def _report(what: str, sizes: tuple[int, ...], only_counted: bool) -> Report:
    network = _network(what)
    layer = network or layer_from(what)
    if not (sizes or network):
        raise Refused("a layer needs an input, channels first, as in --on 3,32,32")
    placed = layer.on(*sizes)
    _check_taps(placed)
    return Report(placed, network, only_counted)


def _network(what: str) -> Network | None:
    """The network of this name; None for what is no name, or a layer's."""
    if not re.fullmatch(r"[\w.+-]{1,50}", what) or what in known_layers():
        return None
    if what not in networks:
        see = "see mkdocs-cnn networks list, or write a layer with its brackets"
        raise Refused(f"{UnknownNameError('network', what, networks)} ({see})")
    return networks[what]


def _check_taps(placed: Placed) -> None:
    """Refuse what would take minutes: a window at a border is counted tap by tap."""
    different = {id(layer): layer for layer in _leaves(placed)}
    taps = sum(map(_taps, different.values()))
    if taps > MOST_TAPS:
        raise Refused(
            f"{taps:,} taps along the axes, of windows that may lie on padding, are too many to "
            f"look at one by one (at most {MOST_TAPS:,})"
        )


def _leaves(placed: Placed) -> Iterator[Placed]:
    """The layers that it is made of; `rows` would begin to count."""
    if isinstance(placed, PlacedCombined):
        for _, part in placed.parts:
            yield from _leaves(part)
    else:
        yield placed


def _taps(placed: Placed) -> int:
    """Taps along all axes that counting connections looks at."""
    layer: Layer = placed.layer
    if isinstance(layer, AdaptiveAvgPool2d):  # its windows are written down, and then added up
        return sum(map(int, placed.output_shape[1:]))
    axes: tuple[Axis, ...] = getattr(placed, "axes", ())
    return sum(
        int(axis.kernel_size) * (outputs.stop - outputs.start)
        for axis in axes
        for outputs in axis.border
    )
