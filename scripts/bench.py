"""Time builds of this site, cold, warm and with every macro's answer pasted in; and counting.

`bench.py [ROUNDS]` builds copies of the site in turns, each in a process of its own, and compares
the shortest times. Pasted is what the build would be without this package: MkDocs and Material
over pages that hold the macros' output as text, with the figures' files beside them.

Counting is everything about every network and every layer of it, in a process that has done nothing
yet.

Cross-correlating is two of ResNet's layers in float32, by im2col and by PyTorch, where that is
installed, in turns and on one thread each.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
BOUNDS = {"cold": 6.0, "warm": 1.3}  # times the build of the pasted pages
COUNTING_BOUND = 1.0  # seconds for all networks

COUNTS = """
import time
began = time.perf_counter()
from mkdocs_cnn import networks
COUNTED = ("parameters", "weights", "macs", "connections", "activations", "receptive_field")
layers = 0
for network in networks.values():
    placed = network.on()
    for counted in (placed, *placed.rows):
        [getattr(counted, what) for what in COUNTED]
    layers += len(placed.rows)
print(time.perf_counter() - began, len(networks), layers)
"""

CORRELATION_BOUND = 3.0  # times PyTorch, for the layers marked as held to it
CORRELATIONS = """
import time
try:
    import torch
except ModuleNotFoundError:
    raise SystemExit
import numpy as np
from mkdocs_cnn.arrays.correlation import cross_correlate2d
torch.set_num_threads(1)
LAYERS = (  # input, weight, stride, padding, whether held to the bound
    ((64, 56, 56), (64, 64, 3, 3), 1, 1, 1),
    ((3, 224, 224), (64, 3, 7, 7), 2, 3, 0),
)

def seconds(function, *arrays):
    began = time.perf_counter()
    function(*arrays, stride=stride, padding=padding)
    return time.perf_counter() - began

for shape, kernel, stride, padding, held in LAYERS:
    rng = np.random.default_rng(1)
    arrays = [rng.standard_normal(size, np.float32) for size in (shape, kernel)]
    tensors = [torch.from_numpy(array) for array in arrays]
    with torch.no_grad():
        taken = [
            (seconds(cross_correlate2d, *arrays), seconds(torch.nn.functional.conv2d, *tensors))
            for _ in range(50)
        ]
    name = f"{kernel[1]}->{kernel[0]},{kernel[2]}x{kernel[3]},{shape[1]}x{shape[2]}"
    print(name, held, *map(min, zip(*taken)))
"""
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

SAVES_PAGES = """
import json
from pathlib import Path
from mkdocs.plugins import event_priority

@event_priority(-100)
def on_page_markdown(markdown, page, config, **_):
    site = Path(config.config_file_path).resolve().parent.parent / "pasted"
    path = site / "docs" / page.file.src_uri
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"---\\n{json.dumps(page.meta)}\\n---\\n{markdown}", encoding="utf-8")
"""
SAVING = """
INHERIT: mkdocs.yml
hooks: [scripts/hooks.py, saves_pages.py]
"""
PASTED = """
INHERIT: ../computed/mkdocs.yml
plugins: [search]
hooks: [../computed/scripts/hooks.py]
watch: []
extra_css: [assets/mkdocs_cnn/mkdocs_cnn.css, stylesheets/site.css]
"""
DERIVATIONS = re.compile('<section class="cnn-derivations"[^>]*>.*?</section>')
BEFORE = re.compile(r'\n+(?=<section class="cnn-derivations")')
GENERATED = (
    "figures",
    "networks",
    "networks.csv",
    "assets/mkdocs_cnn",
    "numbers.json",
    "stylesheets",
)


def prepare(folder: Path) -> None:
    """Make the two sites: `computed`, a copy of this repository's, and `pasted`."""
    computed, pasted = folder / "computed", folder / "pasted"
    for name in ("docs", "mkdocs_cnn", "scripts"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, computed / name, ignore=ignored)
    shutil.copy(ROOT / "mkdocs.yml", computed)
    (computed / "saves_pages.py").write_text(SAVES_PAGES, encoding="utf-8")
    (computed / "saving.yml").write_text(SAVING, encoding="utf-8")
    build(computed, "--config-file", "saving.yml")
    for name in GENERATED:
        source, target = computed / "site" / name, pasted / "docs" / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("index.html"))
        else:
            shutil.copy(source, target)
    for page in (pasted / "docs").rglob("*.md"):
        paste_derivations(page, computed / "site" / page.relative_to(pasted / "docs"))
    (pasted / "mkdocs.yml").write_text(PASTED, encoding="utf-8")
    build(pasted)
    for page in (computed / "site").rglob("*.html"):
        same = pasted / "site" / page.relative_to(computed / "site")
        # Markdown leaves an empty line between two blocks of HTML.
        texts = (BEFORE.sub("", path.read_text(encoding="utf-8")) for path in (page, same))
        if len(set(texts)) > 1:
            sys.exit(f"bench: {same.relative_to(folder)} differs from {page.relative_to(folder)}")


def paste_derivations(page: Path, built: Path) -> None:
    """Put what numbers open to, which a build adds to the page's HTML, into the page's text."""
    index = built.name == "index.md"
    html = built.with_suffix(".html") if index else built.with_suffix("") / "index.html"
    found = DERIVATIONS.search(html.read_text(encoding="utf-8"))
    if found:
        text = page.read_text(encoding="utf-8")
        page.write_text(f"{text}\n\n{found[0]}\n", encoding="utf-8")


def build(folder: Path, *arguments: str) -> float:
    """Build the site in this folder with the code in it; the seconds that it takes."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", *arguments]
    subprocess.run(command, cwd=folder, check=True)
    return time.perf_counter() - began


def measure(folder: Path, rounds: int) -> dict[str, float]:
    """The shortest time of each kind of build, taken in turns."""
    times: dict[str, list[float]] = {"cold": [], "warm": [], "pasted": []}
    for _ in range(rounds):
        shutil.rmtree(folder / "computed" / ".cache", ignore_errors=True)
        times["cold"].append(build(folder / "computed"))
        times["warm"].append(build(folder / "computed"))
        times["pasted"].append(build(folder / "pasted"))
    return {kind: min(taken) for kind, taken in times.items()}


def counted(rounds: int) -> tuple[float, str]:
    """The shortest time of counting all networks, and how many networks and layers they are."""
    command = [sys.executable, "-c", COUNTS]
    printed = [
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
        for _ in range(rounds)
    ]
    _, networks, layers = printed[0]
    return min(float(seconds) for seconds, *_ in printed), f"{networks} networks, {layers} layers"


def correlated() -> list[tuple[str, bool, float, float]]:
    """Each layer, whether it is held to the bound, our seconds and PyTorch's; [] without it."""
    command = [sys.executable, "-c", CORRELATIONS]
    program = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True, env=os.environ | ONE_THREAD
    )
    lines = map(str.split, program.stdout.splitlines())
    return [(name, held == "1", float(ours), float(theirs)) for name, held, ours, theirs in lines]


def slow_correlations() -> bool:
    """Print what cross-correlating takes; whether a layer is above the bound."""
    layers = correlated()
    if not layers:
        print("cross-correlation: PyTorch is not installed, so there is nothing to compare with")
    slow = False
    for name, held, ours, theirs in layers:
        ratio = ours / theirs
        says = "above" if ratio > CORRELATION_BOUND else "within"
        bound = f", {says} the bound {CORRELATION_BOUND}" if held else ""
        print(f"{name}: {1000 * ours:.2f} ms = {ratio:.2f} times PyTorch{bound}")
        slow = slow or (held and ratio > CORRELATION_BOUND)
    return slow


def main(arguments: list[str]) -> int:
    """Print the times and their ratios; 1 if one is above its bound."""
    rounds = int(arguments[0]) if arguments else 5
    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        shortest = measure(Path(folder), rounds)
    print(f"shortest of {rounds}: pasted {shortest['pasted']:.2f} s")
    slow = False
    for kind, bound in BOUNDS.items():
        ratio = shortest[kind] / shortest["pasted"]
        slow = slow or ratio > bound
        says = "above" if ratio > bound else "within"
        print(f"{kind} {shortest[kind]:.2f} s = {ratio:.2f} times pasted, {says} the bound {bound}")
    seconds, what = counted(rounds)
    says = "above" if seconds > COUNTING_BOUND else "within"
    print(f"counting {what}: {seconds:.2f} s, {says} the bound {COUNTING_BOUND}")
    return int(slow_correlations() or slow or seconds > COUNTING_BOUND)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
