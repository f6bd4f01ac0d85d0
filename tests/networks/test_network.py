from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mkdocs_cnn.networks import networks
from mkdocs_cnn.registry import UnknownNameError, use_content


@pytest.mark.parametrize("name", networks)
def test_a_network_knows_its_name_and_its_source(name: str) -> None:
    found = networks[name]
    assert (found.name, repr(found)) == (name, f"networks[{name!r}]")
    assert re.fullmatch(r"[a-z]+-\d{4}", found.source)
    assert found.title
    assert 1998 <= found.year <= 2022


@pytest.mark.parametrize("name", networks)
def test_every_part_and_every_row_has_a_name_of_its_own(name: str) -> None:
    placed = networks[name].on()
    for names in ([part for part, _ in placed.parts], [row.name for row in placed.rows]):
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("name", networks)
def test_a_network_stands_on_its_usual_input_unless_told_otherwise(name: str) -> None:
    found = networks[name]
    usual, told = found.on(), found.on(*found.input_shape)
    assert usual.input_shape == told.input_shape == found.input_shape
    assert usual.parameters == told.parameters


def test_networks_are_listed_by_year_each_variant_by_its_title() -> None:
    years = [found.year for found in networks.values()]
    assert years == sorted(years)
    assert len(networks) == len(list(networks)) == 26
    said = [(found.title, found.variant) for found in networks.values()]
    assert len(set(said)) == len(said)


def test_a_network_is_built_once() -> None:
    assert networks["resnet18"] is networks["resnet18"]


@pytest.mark.parametrize(
    ("wrong", "near"),
    [("vgg-16", "vgg16"), ("mobilenetv2", "mobilenet_v2"), ("alexnet_two_gpu", "alexnet_two_gpus")],
)
def test_a_misspelt_name_meets_its_neighbour(wrong: str, near: str) -> None:
    message = f"no network named '{wrong}'; did you mean '{near}'?"
    with pytest.raises(UnknownNameError, match=f"^{re.escape(message)}$"):
        networks[wrong]
    assert wrong not in networks
    assert near in networks


# -- networks of content packages

ONE_LAYER = """
from mkdocs_cnn import Conv2d, Linear, Sequential
from mkdocs_cnn.networks import network


@network("{name}", title="Tiny", year=2009, input_shape=(1, 8, 8))
def tiny():
    return Sequential(conv=Conv2d(1, 2, {kernel})), Sequential(Linear(6, 3))
"""


@pytest.fixture
def content(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Writes modules `networks` of content packages, and uses them until the test ends."""

    def use(**sources: str) -> None:
        for package, source in sources.items():
            folder = tmp_path / package
            folder.mkdir(exist_ok=True)
            (folder / "__init__.py").touch()
            (folder / "networks.py").write_text(source, encoding="utf-8")
        use_content(list(sources), tmp_path)

    yield use
    use_content(())
    sys.path.remove(str(tmp_path))


def test_a_content_package_declares_networks_of_its_own(content: Callable[..., None]) -> None:
    content(my_lecture=ONE_LAYER.format(name="tiny", kernel=3))
    assert networks["tiny"].features.on(1, 8, 8).parameters == (9 + 1) * 2
    assert len(networks) == 27
    assert list(networks).index("tiny") == 2  # behind the two of 1998, for it is of 2009
    use_content(())
    assert "tiny" not in networks


def test_a_network_that_is_written_anew_is_built_anew(content: Callable[..., None]) -> None:
    for kernel in (3, 5):
        content(my_lecture=ONE_LAYER.format(name="tiny", kernel=kernel) + f"# {kernel}\n" * kernel)
        assert networks["tiny"].features.on(1, 8, 8).weights == 2 * kernel**2


@pytest.mark.parametrize(
    ("name", "packages", "first"),
    [
        ("vgg16", ["my_lecture"], r"\S*networks/vgg\.py:\d+"),
        ("tiny", ["my_lecture", "another"], r"\S*my_lecture/networks\.py:6"),
    ],
)
def test_a_name_is_given_once(
    content: Callable[..., None], name: str, packages: list[str], first: str
) -> None:
    content(**dict.fromkeys(packages, ONE_LAYER.format(name=name, kernel=3)))
    second = rf"\S*{packages[-1]}/networks\.py:6"
    with pytest.raises(
        ValueError, match=f"^network '{name}' is declared twice: at {first} and at {second}$"
    ):
        networks["resnet18"]


@pytest.mark.parametrize(
    ("name", "input_shape", "message"),
    [
        ("resnet50", (1, 224, 224), "conv1: input has 1 channel where the layer expects 3"),
        ("mobilenet_v1", (4, 224, 224), "conv1.conv: input has 4 channels"),
        ("vgg16", (3, 16, 16), "pool5: kernel extent 2 exceeds padded input 1 along the height"),
        ("lenet5_1998", (1, 36, 36), "f6: input has 480 features where the layer expects 120"),
        # The paper's input does not fit its first dense layer.
        ("alexnet_two_gpus", (3, 224, 224), "fc6: input has 6400 features where the layer expects"),
        ("densenet121", (3, 16, 64), "transition3.pool: kernel extent 2 exceeds padded input 1"),
    ],
)
def test_an_input_that_does_not_fit_is_reported_with_the_layer_that_finds_out(
    name: str, input_shape: tuple[int, ...], message: str
) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        networks[name].on(*input_shape)


def test_a_vector_is_no_image() -> None:
    with pytest.raises(ValueError, match=r"conv1: Conv2d takes an input of 3 sizes .*, not 1"):
        networks["resnet18"].on(224)
