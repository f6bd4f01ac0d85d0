"""Every layer against PyTorch, where it is installed: shapes, parameters, MACs, refusals."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from mkdocs_cnn import layers as ours
from mkdocs_cnn.layers import Layer

torch = pytest.importorskip("torch")
nn = torch.nn
torch.set_num_threads(1)  # the arrays are small
pytestmark = pytest.mark.filterwarnings("ignore:Using padding=.same. with even kernel lengths")

CASES = 400
Counts = tuple[tuple[int, ...], int, int]


class Case(NamedTuple):
    """The same layer twice, not yet made, as either may refuse; and an input for it."""

    ours: Callable[[], Layer]
    theirs: Callable[[], Any]
    shape: tuple[int, ...]


def counted_by_us(case: Case) -> Counts | None:
    try:
        placed = case.ours().on(*case.shape)
    except ValueError:
        return None
    return tuple(map(int, placed.output_shape)), int(placed.parameters), int(placed.macs)


def counted_by_pytorch(case: Case) -> Counts | None:
    from torch.utils.flop_counter import FlopCounterMode

    try:
        module = case.theirs().eval()
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            result = module(torch.zeros(1, *case.shape))
    except (RuntimeError, ValueError):
        return None
    if not result.numel():
        return None  # some of its routes let a transposed convolution give nothing
    parameters = sum(parameter.numel() for parameter in module.parameters())
    return tuple(result.shape[1:]), parameters, counter.get_total_flops() // 2


# -- random layers, some of which cannot be


def pair(rng: random.Random, low: int, high: int) -> tuple[int, int]:
    return rng.randint(low, high), rng.randint(low, high)


def channels(rng: random.Random) -> tuple[int, int, int]:
    groups = rng.choice([1, 1, 2, 3, 4])
    inner, outer = (groups * rng.randint(1, 3) for _ in range(2))
    return inner, inner if groups == inner else outer + (rng.random() < 0.05), groups


THEIR_MODE = {"zeros": "zeros", "circular": "circular", "reflect": "reflect", "edge": "replicate"}
THEIR_PAD = {
    "zeros": "ZeroPad",
    "circular": "CircularPad",
    "reflect": "ReflectionPad",
    "edge": "ReplicationPad",
}


def conv(rng: random.Random, axes: int) -> Case:
    inner, outer, groups = channels(rng)
    kernel = tuple(rng.randint(1, 5) for _ in range(axes))
    padding: Any = rng.choice(["same", "valid", rng.randint(0, 3), [rng.randint(0, 3)] * axes])
    given: dict[str, Any] = {
        "stride": rng.choice([1, rng.randint(1, 3)]),
        "padding": padding,
        "dilation": rng.choice([1, rng.randint(1, 3)]),
        "groups": groups,
        "bias": rng.random() < 0.5,
    }
    mode = rng.choice(list(THEIR_MODE))
    shape = (inner + (rng.random() < 0.03), *(rng.randint(1, 12) for _ in range(axes)))
    kind = f"Conv{axes}d"
    return Case(
        lambda: getattr(ours, kind)(inner, outer, kernel, **given, padding_mode=mode),
        lambda: getattr(nn, kind)(inner, outer, kernel, **given, padding_mode=THEIR_MODE[mode]),
        shape,
    )


def conv_padded_by_side(rng: random.Random) -> Case:
    inner, outer, groups = channels(rng)
    kernel, dilation, stride = pair(rng, 1, 4), pair(rng, 1, 2), pair(rng, 1, 3)
    sides, mode = (pair(rng, 0, 3), pair(rng, 0, 3)), rng.choice(list(THEIR_MODE))
    given = {"stride": stride, "dilation": dilation, "groups": groups}
    pad = getattr(nn, f"{THEIR_PAD[mode]}2d")
    return Case(
        lambda: ours.Conv2d(inner, outer, kernel, padding=sides, padding_mode=mode, **given),
        lambda: nn.Sequential(
            pad((*sides[1], *sides[0])), nn.Conv2d(inner, outer, kernel, **given)
        ),
        (inner, *pair(rng, 1, 9)),
    )


def conv_transpose(rng: random.Random) -> Case:
    inner, outer, groups = channels(rng)
    kernel = pair(rng, 1, 4)
    given: dict[str, Any] = {
        "stride": pair(rng, 1, 3),
        "padding": pair(rng, 0, 3),
        "output_padding": pair(rng, 0, rng.choice([0, 1, 2])),
        "dilation": pair(rng, 1, 3),
        "groups": groups,
        "bias": rng.random() < 0.5,
    }
    return Case(
        lambda: ours.ConvTranspose2d(inner, outer, kernel, **given),
        lambda: nn.ConvTranspose2d(inner, outer, kernel, **given),
        (inner, *pair(rng, 1, 6)),
    )


def linear(rng: random.Random) -> Case:
    inner, outer, bias = rng.randint(1, 9), rng.randint(1, 9), rng.random() < 0.5
    sizes = [rng.randint(1, 5) for _ in range(rng.randint(0, 2))]
    return Case(
        lambda: ours.Linear(inner, outer, bias=bias),
        lambda: AtEachPosition(nn.Linear(inner, outer, bias=bias)),
        (inner + (rng.random() < 0.05), *sizes),
    )


class AtEachPosition(nn.Module):
    """A module that works on the last axis, put to work on the channels."""

    def __init__(self, module: Any) -> None:
        super().__init__()
        self.module = module

    def forward(self, x: Any) -> Any:
        return self.module(x.movedim(1, -1)).movedim(-1, 1)


def max_pool(rng: random.Random) -> Case:
    return pool(rng, "MaxPool2d", dilation=rng.choice([1, pair(rng, 1, 3)]))


def avg_pool(rng: random.Random) -> Case:
    return pool(rng, "AvgPool2d", count_include_pad=rng.random() < 0.5)


def pool(rng: random.Random, kind: str, **given: Any) -> Case:
    kernel = rng.choice([rng.randint(1, 4), pair(rng, 1, 5)])
    given["stride"] = rng.choice([None, rng.randint(1, 4), pair(rng, 1, 4)])
    given["padding"] = rng.choice([0, rng.randint(0, 2), pair(rng, 0, 3)])
    given["ceil_mode"] = rng.random() < 0.6
    return Case(
        lambda: getattr(ours, kind)(kernel, **given),
        lambda: getattr(nn, kind)(kernel, **given),
        (rng.randint(1, 3), *pair(rng, 1, 12)),
    )


def adaptive(rng: random.Random) -> Case:
    size = rng.choice([rng.randint(1, 9), pair(rng, 1, 9)])
    return Case(
        lambda: ours.AdaptiveAvgPool2d(size),
        lambda: nn.AdaptiveAvgPool2d(size),
        (rng.randint(1, 3), *pair(rng, 1, 12)),
    )


def batch_norm(rng: random.Random) -> Case:
    features, affine = rng.randint(1, 9), rng.random() < 0.7
    return Case(
        lambda: ours.BatchNorm2d(features, affine=affine),
        lambda: nn.BatchNorm2d(features, affine=affine),
        (features + (rng.random() < 0.1), *pair(rng, 1, 5)),
    )


def layer_norm(rng: random.Random) -> Case:
    shape = tuple(rng.randint(1, 6) for _ in range(rng.randint(1, 3)))
    given = {"elementwise_affine": rng.random() < 0.7, "bias": rng.random() < 0.5}
    if rng.random() < 0.5:
        together: Any = tuple(size + (rng.random() < 0.05) for size in shape)
        return Case(
            lambda: ours.LayerNorm(together, **given),
            lambda: nn.LayerNorm(together, **given),
            shape,
        )
    together = shape[0] + (rng.random() < 0.05)
    return Case(
        lambda: ours.LayerNorm(together, **given),
        lambda: AtEachPosition(nn.LayerNorm(together, **given)),
        shape,
    )


def free(rng: random.Random) -> Case:
    kinds = ("ReLU", "ReLU6", "SiLU", "GELU", "Sigmoid", "Tanh", "Identity", "Flatten")
    choices: list[tuple[str, dict[str, Any], dict[str, Any]]] = [(kind, {}, {}) for kind in kinds]
    choices += [("Softmax", {}, {"dim": 1}), ("LocalResponseNorm", *[{"size": 5}] * 2)]
    choices += [("Dropout", *[{"p": rng.choice([0, 0.1, 0.5, 1.0, 1.5, -0.1])}] * 2)]
    kind, given, theirs = rng.choice(choices)
    ranks = (2, 3) if kind == "LocalResponseNorm" else (1, 2, 3)
    return Case(
        lambda: getattr(ours, kind)(**given),
        lambda: getattr(nn, kind)(**theirs),
        tuple(rng.randint(1, 6) for _ in range(rng.choice(ranks))),
    )


# -- layers made of layers


class Joined(nn.Module):
    """What several modules make of the same input, joined by a function."""

    def __init__(self, join: Callable[..., Any], *modules: Any) -> None:
        super().__init__()
        self.join, self.branches = join, nn.ModuleList(modules)

    def forward(self, x: Any) -> Any:
        return self.join(*(branch(x) for branch in self.branches))


def add(first: Any, second: Any) -> Any:
    if first.shape != second.shape:  # PyTorch would repeat what is 1 wide
        raise ValueError(f"{first.shape} and {second.shape}")
    return first + second


def join(*parts: Any) -> Any:
    return torch.cat(parts, dim=1)


def squeeze_excitation(rng: random.Random) -> Case:
    inner, squeezed = rng.randint(1, 9), rng.randint(1, 4)
    return Case(
        lambda: ours.squeeze_excitation(inner, squeezed),
        lambda: Joined(
            torch.mul,
            nn.Identity(),
            nn.Sequential(
                nn.AdaptiveAvgPool2d(1),
                nn.Conv2d(inner, squeezed, 1),
                nn.ReLU(),
                nn.Conv2d(squeezed, inner, 1),
                nn.Sigmoid(),
            ),
        ),
        (inner, *pair(rng, 1, 6)),
    )


def network(rng: random.Random) -> Case:
    inner = rng.randint(1, 4)
    layer, module, _ = tree(rng, inner, depth=3)
    return Case(lambda: layer, lambda: module, (inner, *pair(rng, 3, 12)))


def tree(rng: random.Random, inner: int, depth: int) -> tuple[Layer, Any, int]:
    """A random network as our layer, as a module, and the channels that it gives."""
    kind = rng.choice(["sequence", "residual", "concat"]) if depth else "leaf"
    if kind == "residual":
        layer, module, outer = tree(rng, inner, depth - 1)
        if outer == inner:
            return ours.Residual(layer), Joined(add, module, nn.Identity()), inner
        shortcut = ours.Conv2d(inner, outer, 1), nn.Conv2d(inner, outer, 1)
        return ours.Residual(layer, shortcut[0]), Joined(add, module, shortcut[1]), outer
    if kind == "concat":
        branches = [tree(rng, inner, depth - 1) for _ in range(rng.randint(1, 3))]
        found, modules, outers = zip(*branches, strict=True)
        return ours.Concat(*found), Joined(join, *modules), sum(outers)
    if kind == "sequence":
        found, modules = [], []
        for _ in range(rng.randint(1, 3)):
            layer, module, inner = tree(rng, inner, depth - 1)
            found.append(layer)
            modules.append(module)
        return ours.Sequential(*found), nn.Sequential(*modules), inner
    return leaf(rng, inner)


def leaf(rng: random.Random, inner: int) -> tuple[Layer, Any, int]:
    outer, kernel, stride = rng.randint(1, 4), rng.choice([1, 3]), rng.choice([1, 1, 1, 1, 2])
    conv = {"stride": stride, "padding": kernel // 2}
    norm = (ours.BatchNorm2d(inner), nn.BatchNorm2d(inner), inner)
    pool = (ours.MaxPool2d(3, stride=1, padding=1), nn.MaxPool2d(3, stride=1, padding=1), inner)
    convolved = ours.Conv2d(inner, outer, kernel, **conv), nn.Conv2d(inner, outer, kernel, **conv)
    return rng.choice([norm, pool, (*convolved, outer), (*convolved, outer)])


KINDS = {  # and how many of the random cases PyTorch refuses at the least
    "Conv1d": (lambda rng: conv(rng, 1), 40),
    "Conv2d": (lambda rng: conv(rng, 2), 40),
    "Conv2d padded by side": (conv_padded_by_side, 40),
    "ConvTranspose2d": (conv_transpose, 40),
    "Linear": (linear, 5),
    "MaxPool2d": (max_pool, 40),
    "AvgPool2d": (avg_pool, 40),
    "AdaptiveAvgPool2d": (adaptive, 0),
    "BatchNorm2d": (batch_norm, 5),
    "LayerNorm": (layer_norm, 5),
    "free": (free, 5),
    "squeeze and excitation": (squeeze_excitation, 0),
    "network": (network, 5),
}


@pytest.mark.parametrize(("kind", "least_refused"), KINDS.values(), ids=KINDS)
def test_shapes_parameters_macs_and_refusals_are_pytorchs(
    kind: Callable[[random.Random], Case], least_refused: int
) -> None:
    rng, refused = random.Random(1), 0
    for number in range(CASES):
        case = kind(rng)
        expected = counted_by_pytorch(case)
        refused += expected is None
        assert counted_by_us(case) == expected, (number, case.theirs, case.shape)
    assert least_refused <= refused <= CASES - 150


LINEAR_MAPS = [name for name in KINDS if name.startswith(("Conv", "Linear", "A"))]


@pytest.mark.parametrize("kind", LINEAR_MAPS)
def test_connections_are_the_outputs_that_move_in_pytorch_when_an_input_does(
    kind: str,
) -> None:
    rng, compared = random.Random(2), 0
    while compared < 200:
        case = KINDS[kind][0](rng)
        if counted_by_pytorch(case) is None:
            continue
        module = case.theirs()
        for name, parameter in module.named_parameters():
            nn.init.constant_(parameter, 0 if name.endswith("bias") else 1)
        inputs = math.prod(case.shape)
        with torch.no_grad():
            moved = module(torch.eye(inputs).reshape(inputs, *case.shape)).count_nonzero()
        assert case.ours().on(*case.shape).connections == int(moved), (compared, case.shape)
        compared += 1
