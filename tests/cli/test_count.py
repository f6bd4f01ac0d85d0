import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from mkdocs_cnn.cli import main
from mkdocs_cnn.networks import networks
from mkdocs_cnn.registry import use_content

LESSON = ("Conv2d(3, 6, kernel_size=5)", "--on", "3,32,32")
BLOCK = "Sequential(Conv2d(3, 8, 3), ReLU(), Residual(body=Conv2d(8, 8, 3, padding=1)))"
TALL = "Sequential(a=Conv2d(1, 1, (7, 5), stride=(2, 1), padding=(3, 1)), b=Flatten())"


def run(*arguments):
    return CliRunner().invoke(main, ["count", *arguments])


def lines(*arguments):
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def counted(*arguments):
    return json.loads("\n".join(lines(*arguments, "--json")))


def refused(*arguments):
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("mkdocs-cnn count: ")
    assert result.stderr.count("\n") == 1
    return result.stderr.removeprefix("mkdocs-cnn count: ").rstrip("\n")


# -- for people


def test_a_layer_is_shown_with_the_working_of_all_that_is_counted():
    assert lines(*LESSON) == [
        "Conv2d(3, 6, kernel_size=5) on 3 x 32 x 32",
        "",
        "NAME  KIND    OUTPUT       PARAMETERS     MACS  FIELD",
        "-     Conv2d  6 x 28 x 28         456  352,800  5/1",
        "",
        "output shape              6 x 28 x 28",
        "  output height           32 − 5 + 1 = 28",
        "  output width            32 − 5 + 1 = 28",
        "parameters                (5 · 5 · 3 + 1) · 6 = 456",
        "MACs                      6 · 28 · 28 · 5 · 5 · 3 = 352,800",
        "  output height           32 − 5 + 1 = 28",
        "  output width            32 − 5 + 1 = 28",
        "connections               6 · 28 · 28 · 5 · 5 · 3 = 352,800",
        "  output height           32 − 5 + 1 = 28",
        "  output width            32 − 5 + 1 = 28",
        "receptive field           5",
        "stride                    1",
        "memory of the parameters  4 · 456 = 1,824 bytes: 1.824 kB, 1.781 KiB",
    ]


def test_each_row_of_several_can_be_explained():
    assert lines(BLOCK, "--on", "3,18,18", "--explain")[2:12] == [
        "NAME  KIND    OUTPUT       PARAMETERS     MACS  FIELD",
        "0     Conv2d  8 x 16 x 16         224   55,296  3/1",
        "    parameters  (3 · 3 · 3 + 1) · 8 = 224",
        "    MACs        8 · 16 · 16 · 3 · 3 · 3 = 55,296",
        "1     ReLU    8 x 16 x 16           0        0  3/1",
        "2     Conv2d  8 x 16 x 16         584  147,456  5/1",
        "    parameters  (3 · 3 · 8 + 1) · 8 = 584",
        "    MACs        8 · 16 · 16 · 3 · 3 · 8 = 147,456",
        "",
        "output shape              8 x 16 x 16",
    ]


def test_a_single_layer_is_explained_already():
    assert lines(*LESSON, "--explain") == lines(*LESSON)


def test_a_total_opens_to_its_parts():
    said = lines("alexnet")
    at = said.index(next(line for line in said if line.startswith("parameters")))
    assert said[at].endswith(" + 37,752,832 + 16,781,312 + 4,097,000 = 61,100,840")
    assert said[at + 1].split(maxsplit=1) == ["conv1", "(11 · 11 · 3 + 1) · 64 = 23,296"]
    assert [line.split()[0] for line in said[at + 1 : at + 9]] == [
        *("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")
    ]


def test_only_what_has_a_working_is_a_step():
    steps = [line for line in lines("efficientnet_b0") if line.startswith("  ")]
    assert steps
    assert [step for step in steps if "=" not in step] == []


def test_a_network_is_shown_with_its_title_year_and_variant_on_its_usual_input():
    head = lines("resnet50_as_published")[0]
    assert head == (
        "ResNet-50 (2015; as first published: stride on the first 1 × 1) on 3 x 224 x 224"
    )
    assert lines("vgg16")[0] == "VGG-16 (2014) on 3 x 224 x 224"
    assert lines("lenet5")[0].endswith(" on 1 x 28 x 28")


def test_memory_is_in_powers_of_ten_and_of_two():
    (line,) = (line for line in lines("resnet50") if line.startswith("memory"))
    # 4 · 25557032 / 10**6 = 102.228128, and / 2**20 = 97.492…
    assert line.endswith("4 · 25,557,032 = 102,228,128 bytes: 102.2 MB, 97.49 MiB")


def test_axes_that_differ_are_said_apart():
    said = lines(TALL, "--on", "1,20,20")
    assert [row.split()[-1] for row in said[3:5]] == ["7x5/2x1", "25x22/2x1"]
    assert [line.split("  ")[0] for line in said if line.startswith(("receptive", "stride"))] == [
        "receptive field, height",
        "receptive field, width",
        "stride, height",
        "stride, width",
    ]


def test_a_vector_has_no_field():
    said = lines("Linear(84, 10)", "--on", "84")
    assert said[3].split() == ["-", "Linear", "10", "850", "840", "-"]
    assert [line.split()[-1] for line in said if line.startswith(("receptive", "stride"))] == [
        "-",
        "-",
    ]


def test_why_a_receptive_field_is_not_the_whole_truth_is_noted():
    assert lines("efficientnet_b0")[-1] == (
        "note: through a gate every output sees more of the input than its receptive field"
    )
    assert not any(line.startswith("note: ") for line in lines("resnet50"))


def test_layers_without_parameters_and_connections_can_be_left_out():
    everything, less = (
        [line.split()[:2] for line in lines("vgg16", *options)]
        for options in ([], ["--only-counted"])
    )
    free = {"ReLU", "Dropout", "Flatten"}
    assert less == [words for words in everything if len(words) < 2 or words[1] not in free]
    kinds = {row["kind"] for row in counted("vgg16", "--only-counted")["rows"]}
    assert kinds == {"Conv2d", "MaxPool2d", "AdaptiveAvgPool2d", "Linear"}


# -- for programs


@pytest.mark.parametrize(
    ("name", "parameters", "macs", "field"),
    [
        # parameters and multiply-adds as torchvision publishes them or as its models count,
        # receptive fields from table 1 of Araujo, Norris and Sim 2019
        ("alexnet", 61_100_840, 714_188_480, 195),
        ("vgg16", 138_357_544, 15_470_264_320, 212),
        ("resnet50", 25_557_032, 4_089_184_256, 427),
        ("resnet50_as_published", 25_557_032, 3_857_973_248, 483),
    ],
)
def test_published_networks_count_what_is_published(name, parameters, macs, field):
    said = counted(name)
    assert [said[what] for what in ("name", "parameters", "macs", "receptive_field")] == [
        *(name, parameters, macs, field)
    ]
    assert said["layer"] == f"networks['{name}']"


def test_a_layer_is_one_object():
    row = {
        "output_shape": [6, 28, 28],
        "parameters": 456,
        "weights": 450,
        "macs": 352_800,
        "connections": 352_800,
        "receptive_field": 5,
        "stride": 1,
        "padding": 0,
    }
    assert counted(*LESSON) == {
        "name": None,
        "layer": LESSON[0],
        "input_shape": [3, 32, 32],
        **row,
        "worked": {
            "parameters": "(5 · 5 · 3 + 1) · 6 = 456",
            "weights": "5 · 5 · 3 · 6 = 450",
            "macs": "6 · 28 · 28 · 5 · 5 · 3 = 352,800",
            "connections": "6 · 28 · 28 · 5 · 5 · 3 = 352,800",
            "receptive_field": "5",
            "stride": "1",
            "padding": "0",
        },
        "warnings": [],
        "rows": [{"name": "", "kind": "Conv2d", **row}],
    }


@pytest.mark.parametrize("name", networks)
def test_the_rows_add_up_to_the_totals(name):
    said = counted(name)
    for what in ("parameters", "weights", "macs", "connections"):
        assert sum(row[what] for row in said["rows"]) == said[what]


def test_what_differs_by_axis_is_a_list_and_what_a_vector_lacks_is_null():
    window, flat = counted(TALL, "--on", "1,20,20")["rows"]
    fields = ("receptive_field", "stride", "padding")
    assert [window[what] for what in fields] == [[7, 5], [2, 1], [3, 1]]
    assert flat["name"] == "b"
    vector = counted("Linear(84, 10)", "--on", "84")
    assert [vector[what] for what in fields] == [None] * 3
    assert [vector["worked"][what] for what in fields] == [None] * 3


def test_a_stride_that_is_a_fraction_is_a_number_too():
    said = counted("ConvTranspose2d(1, 1, 2, stride=2)", "--on", "1,4,4")
    assert said["stride"] == 0.5
    assert said["worked"]["stride"] == "1 / 2 = 0.5"


def test_where_outputs_see_differently_the_most_and_the_fewest_are_said():
    said = counted("ConvTranspose2d(1, 1, 3, stride=2)", "--on", "1,4,4")
    assert said["receptive_field"] == 2
    (warning,) = said["warnings"]
    assert warning == "along the height and the width outputs see from 1 to 2 inputs, by position"


def test_a_network_may_be_put_on_another_input():
    assert counted("resnet18", "--on", "3, 320, 256")["input_shape"] == [3, 320, 256]
    assert counted("resnet18", "--on", "3,320,256")["rows"][-1]["output_shape"] == [1000]


def test_layers_and_networks_of_a_sites_content_are_counted_too(tmp_path, monkeypatch):
    (tmp_path / "mkdocs.yml").write_text("extra: {mkdocs_cnn: {content: my_lecture}}")
    lecture = tmp_path / "my_lecture"
    lecture.mkdir()
    (lecture / "__init__.py").touch()
    (lecture / "layers.py").write_text(
        "from mkdocs_cnn import Linear\nclass Dense(Linear):\n    pass\n"
    )
    (lecture / "networks.py").write_text(
        "from mkdocs_cnn import Conv2d, Linear, Sequential\n"
        "from mkdocs_cnn.networks import network\n"
        "@network('tiny', title='Tiny', year=2024, input_shape=(1, 8, 8))\n"
        "def tiny():\n    return Sequential(Conv2d(1, 2, 3)), Sequential(Linear(2, 3))\n"
    )
    monkeypatch.chdir(tmp_path)
    try:
        assert counted("Sequential(Dense(84, 10))", "--on", "84")["parameters"] == 850
        assert counted("tiny")["parameters"] == (9 + 1) * 2 + (2 + 1) * 3
        assert refused("tinyy").startswith("no network named 'tinyy'; did you mean 'tiny'?")
        assert refused("Dense", "--on", "84").startswith("'Dense' (column 1) is a layer without")
    finally:
        use_content(())
        sys.path.remove(str(tmp_path))


# -- what is refused


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["resnet5"], "no network named 'resnet5'; did you mean 'resnet50'? (see mkdocs-cnn net"),
        (["ResNet-50"], "no network named 'ResNet-50'; did you mean 'resnet50'?"),
        (["ReLU", "--on", "3"], "'ReLU' (column 1) is a layer without its brackets"),
        ([""], "an empty text describes no layer; one is written as in Conv2d("),
        (["__import__('os')", "--on", "3"], "no layer named '__import__'"),
        (["Conv2d(3, 6, 5, strid=2)"], "Conv2d: no argument 'strid'; did you mean 'stride'?"),
        (["Conv2d(3, 6, 5)"], "a layer needs an input, channels first, as in --on 3,32,32"),
        (["Conv2d(3, 6, 5)", "--on", "3,32"], "Conv2d takes an input of 3 sizes"),
        (["Conv2d(3, 6, 5)", "--on", "1,32,32"], "input has 1 channel where the layer expects 3"),
        (["Conv2d(3, 6, 5)", "--on", "3,4,4"], "kernel extent 5 exceeds padded input 4 along the"),
        (["Conv2d(3, 6, 5)", "--on", "3,0,4"], "input height must be at least 1, not 0"),
        (["Conv2d(3, 6, 5)", "--on", "3,-1,4"], "input height must be at least 1, not -1"),
        (["vgg16", "--on", "3,20,20"], "pool5: kernel extent 2 exceeds padded input 1"),
        (["resnet50", "--on", "64,8,8"], "conv1: input has 64 channels where the layer expects 3"),
        (
            ["Sequential(a=Sequential(b=Conv2d(3, 6, 5), c=Conv2d(64, 6, 5)))", "--on", "3,32,32"],
            "a.c: input has 6 channels where the layer expects 64",
        ),
        *(
            ([what, "--on", on], "--on takes sizes joined by commas, channels first, as in 3,32,32")
            for what in ("vgg16", "ReLU()")
            for on in ("3,a,4", "3;4", "", "3,,4", "3.0,4", "３", "9" * 5000)
        ),
    ],
)
def test_a_mistake_is_one_line(arguments, message):
    assert refused(*arguments).startswith(message)


@pytest.mark.parametrize(
    ("what", "on", "taps"),
    [
        # As many windows reach out of the input as there is padding on both sides.
        ("Conv2d(1, 1, 1001, padding=500)", "1,1000000,1000000", "2,002,000"),
        ("MaxPool2d(4000, padding=2000, stride=1)", "1,8000,10000", "32,000,000"),
        ("MaxPool2d((2000000, 1), ceil_mode=True)", "1,3000000,4", "2,000,000"),
        ("ConvTranspose2d(1, 1, (2000, 1), padding=(1000, 0))", "1,5000,1", "4,000,000"),
        ("Conv1d(1, 1, 10000000, padding='same')", "1,10", "100,000,000"),
        ("Conv1d(1, 1, 1, padding=1000000)", "1,10", "2,000,000"),
        ("Sequential(AdaptiveAvgPool2d(9000000000))", "1,10,10", "18,000,000,000"),
        ("Residual(Sequential(Conv1d(1, 1, 1001, padding=500)))", "1,4000", "1,001,000"),
        (f"Sequential({'Conv1d(1, 1, 1001, padding=500), ' * 4})", "1,4000", "1,001,000"),
        (
            "Sequential(Conv1d(1, 1, 801, padding=400), Conv1d(1, 1, 803, padding=401))",
            "1,4000",
            "1,284,806",  # 640,800 + 644,006
        ),
    ],
)
def test_what_would_take_minutes_is_refused_at_once(what, on, taps):
    assert refused(what, "--on", on).startswith(f"{taps} taps along the axes, of windows that may")


def test_windows_without_padding_may_be_as_many_as_there_are():
    size = 10**14
    assert counted("Conv2d(1, 1, 3)", "--on", f"1,{size},{size}")["macs"] == 9 * (size - 2) ** 2


def test_windows_inside_a_padded_input_may_be_as_many_as_there_are():
    size = 10**14
    found = counted("Conv2d(1, 1, 3, padding=1)", "--on", f"1,{size},{size}")
    assert found["macs"] == 9 * size**2
    assert found["connections"] == (3 * size - 2) ** 2


def test_taps_lost_at_many_windows_are_told_in_a_few_words():
    said = lines("Conv1d(1, 1, 1, padding=200000)", "--on", "1,10")
    assert "  connections along the length  400,010 − 400,000 = 10" in said
    assert max(map(len, said)) < 100


def test_numbers_too_large_to_write_are_refused():
    pools = f"MaxPool2d(1, stride={10**24}), " * 200
    said = refused(f"Sequential({pools})", "--on", "1,1,1")
    assert said == "a number has more digits than can be written"


@pytest.mark.parametrize(
    ("what", "on"),
    [
        (f"Sequential({'MaxPool2d(1, stride=2), ' * 3000})", "1,1,1"),
        (f"Sequential({'MaxPool2d(1, stride=2), MaxPool2d(1, stride=3), ' * 1500})", "1,1,1"),
        (f"Sequential({'ReLU(),' * 14_000})", "1,1,1"),
        (f"{'Sequential(' * 49}ReLU(){')' * 49}", "1,1,1"),
        (f"{'Concat(ReLU(), ' * 49}ReLU(){')' * 49}", "1,1,1"),
        ("Conv1d(1, 1, 1, padding=200000)", "1,10"),
    ],
)
def test_whatever_is_asked_for_ends_without_a_traceback(what, on):
    result = run(what, "--on", on)
    assert result.exit_code in (0, 2)
    assert result.exit_code == 0 or result.stderr.count("\n") == 1


# -- end to end

COMMAND = Path(sys.executable).with_name("mkdocs-cnn")


@pytest.mark.parametrize(
    "what",
    [
        "(" * 10_000,
        "Dropout(" + "-" * 10_000 + "1)",
        "Conv2d(3, 6, 9**9**9)",
        "ReLU" + ".on" * 10_000,
        b"ReLU(\xed\xa0\x80)",
        "[" * 10_000,
        "Linear(" + "-" * 10_000,
        "Sequential(" * 10_000,
        "a" * 100_001,
        "Conv2d(3, 6, " + "9" * 5_000 + ")",
        "Conv2d(3, 6, 5",
        "Conv2d(３, 6, 5)",
        b"Conv2d(3, 6, \xff)",
        "__import__('os').abort()",
        "",
    ],
)
def test_hostile_input_is_one_line_of_a_real_process(what):
    done = subprocess.run(
        [COMMAND, "count", what, "--on", "3,32,32"], capture_output=True, timeout=30
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"mkdocs-cnn count: ")
    assert done.stderr.count(b"\n") == 1
    assert len(done.stderr) < 400


def test_a_terminal_that_lacks_a_sign_prints_a_question_mark():
    done = subprocess.run(
        [COMMAND, "count", *LESSON],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
    )
    assert b"  output height           32 ? 5 + 1 = 28\n" in done.stdout


def test_the_help_gives_examples_that_work():
    said = run("--help").stdout
    assert 'mkdocs-cnn count "Conv2d(3, 6, kernel_size=5)" --on 3,32,32' in said
    assert counted("resnet50", "--on", "3,320,320")["name"] == "resnet50"
