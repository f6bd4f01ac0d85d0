"""Totals of the published networks, with as much of their working as a claim needs."""

from __future__ import annotations

from dataclasses import replace

from mkdocs_cnn.layers.layer import Rows
from mkdocs_cnn.networks import networks
from mkdocs_cnn.quantities.quantity import Quantity, total

MEBIBYTE = Quantity(2**20, "byte", name="bytes of a MiB")


def briefly(number: Quantity) -> Quantity:
    """The same number with one level of its working: the sum over the parts, not each part's own.

    A network's whole working is long, and a ledger shows many networks.
    """
    operands = (_bare(part) if part.is_step else briefly(part) for part in number.operands)
    return replace(number, operands=tuple(operands))


def _bare(step: Quantity) -> Quantity:
    return replace(step, op="", operands=())


def parameters(network: str) -> Quantity:
    """Parameters of a network."""
    return briefly(networks[network].on().parameters).named(f"parameters of {_title(network)}")


def macs(network: str) -> Quantity:
    """Multiply-adds of a network."""
    return briefly(networks[network].on().macs).named(f"MACs of {_title(network)}")


def receptive_field(network: str) -> Quantity:
    """Pixels along an axis that a unit of the last feature map can see."""
    size = briefly(networks[network].on().receptive_field.size)
    return size.named(f"receptive field of {_title(network)}")


def sum_over(rows: Rows, what: str, unit: str) -> Quantity:
    """The sum over some layers, layer by layer, of a count: "macs", "weights", "outputs"."""
    counts: list[tuple[str, Quantity]] = [(row.name, getattr(row.placed, what)) for row in rows]
    return total(number.named(name, symbol=f"N_{name}", unit=unit) for name, number in counts)


def dense_macs(network: str) -> Quantity:
    """Multiply-adds of a network's dense layers."""
    count = sum_over(networks[network].on().rows.only("Linear"), "macs", "MAC")
    return count.named(f"MACs of the dense layers of {_title(network)}")


def convolution_macs(network: str) -> Quantity:
    """Multiply-adds of a network's convolutions: of all but its dense layers."""
    difference = macs(network) - dense_macs(network)
    return difference.named(f"MACs of the convolutions of {_title(network)}")


def fewer_than_alexnet(network: str) -> dict[str, Quantity]:
    """How many times fewer parameters a network has than AlexNet, and the parameters of both."""
    before, after = parameters("alexnet_two_gpus"), parameters(network)
    times = (before / after).named("times fewer parameters")
    return {"times": times, "alexnet": before, "network": after}


def percent(part: Quantity, whole: Quantity) -> Quantity:
    """A share in percent, as a pure number."""
    return 100 * part / whole


def in_mebibytes(size: Quantity) -> Quantity:
    """A size in units of 1024 x 1024 bytes, as a pure number."""
    return (size / MEBIBYTE).named(f"{size.name} in MiB")


def _title(network: str) -> str:
    one = networks[network]
    return f"{one.title} ({one.variant})" if one.variant else one.title
