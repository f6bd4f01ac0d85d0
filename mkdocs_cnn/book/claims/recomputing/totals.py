"""Totals of the published networks, with as much of their working as a claim needs."""

from __future__ import annotations

from dataclasses import replace

from mkdocs_cnn.layers.layer import Rows
from mkdocs_cnn.networks import PlacedNetwork, networks
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


def placed(network: str) -> PlacedNetwork:
    """The network of this name on its usual input."""
    return networks[network].on()


def parameters(network: str) -> Quantity:
    """Parameters of a network."""
    return briefly(placed(network).parameters).named(f"parameters of {_told(network)}")


def macs(network: str) -> Quantity:
    """Multiply-adds of a network."""
    return briefly(placed(network).macs).named(f"MACs of {_told(network)}")


def receptive_field(network: str) -> Quantity:
    """Pixels along an axis that a unit of the last feature map can see."""
    size = briefly(placed(network).receptive_field.size)
    return size.named(f"receptive field of {_told(network)}")


def summed(rows: Rows, what: str, unit: str) -> Quantity:
    """The sum over some layers of a network, layer by layer.

    Args:
        rows: The layers.
        what: "macs", "weights", "outputs" or another count.
        unit: What is counted.
    """
    counted: list[tuple[str, Quantity]] = [(row.name, getattr(row.placed, what)) for row in rows]
    return total(number.named(name, symbol=f"N_{name}", unit=unit) for name, number in counted)


def dense_macs(network: str) -> Quantity:
    """Multiply-adds of a network's dense layers."""
    counted = summed(placed(network).rows.only("Linear"), "macs", "MAC")
    return counted.named(f"MACs of the dense layers of {_told(network)}")


def convolution_macs(network: str) -> Quantity:
    """Multiply-adds of a network's convolutions: of all but its dense layers."""
    difference = macs(network) - dense_macs(network)
    return difference.named(f"MACs of the convolutions of {_told(network)}")


def percent(part: Quantity, whole: Quantity) -> Quantity:
    """A share in percent, as a pure number."""
    return 100 * part / whole


def in_mebibytes(size: Quantity) -> Quantity:
    """A size in units of 1024 x 1024 bytes, as a pure number."""
    return (size / MEBIBYTE).named(f"{size.name} in MiB")


def _told(network: str) -> str:
    known = networks[network]
    return f"{known.title} ({known.variant})" if known.variant else known.title
