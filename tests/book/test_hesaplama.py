"""The chapter on memory and time: its drawing and its numbers are computed ones."""

import ast
import re
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from tests.book.test_figures import alexnet  # noqa: E402

CHAPTERS = Path(__file__).parents[2] / "chapters"
TEXT = (CHAPTERS / "hesaplama.md").read_text(encoding="utf-8")
# A layer of the drawing and where it stands in the network.
DRAWN = {"evrişim 2": 3, "tam bağlı 1": 14}


@pytest.fixture(scope="module")
def script(figure_script) -> dict:
    """The names of the script that draws the roofline."""
    return figure_script("draw_roofline")


def table_of_hardware() -> dict[str, tuple[float, float]]:
    """Processor -> (FLOP/s, bytes/s), as the table of the AlexNet chapter says."""
    chapter = (CHAPTERS / "alexnet.md").read_text(encoding="utf-8")
    table = chapter.partition(":name: tab_hardware")[2].partition("```\n")[0]
    row = r"^\| (?P<name>.+?), .*?\| [\d.]+ \| (?P<peak>[\d,]+) \| (?P<rate>[\d.]+) \|$"
    return {
        found["name"]: (
            float(found["peak"].replace(",", ".")) * 1e12,
            float(found["rate"].replace(".", "")) * 1e9,
        )
        for found in re.finditer(row, table, re.M)
    }


def test_the_roof_is_that_of_the_h100_in_the_table_of_hardware(script):
    drawn = script["PEAK"] * 1e12, script["BANDWIDTH"] * 1e12
    assert drawn == pytest.approx(table_of_hardware()["NVIDIA H100 SXM"])


def test_a_drawn_layer_has_the_sizes_of_that_layer_in_the_network(script):
    x, sizes = torch.zeros(1, 1, 224, 224), []
    with torch.no_grad():
        for layer in alexnet():
            inputs, x = x.numel(), layer(x)
            weights = getattr(layer, "weight", torch.zeros(0)).numel()
            sizes.append((weights, inputs, x.numel(), x[0, 0].numel()))
    for layer in script["LAYERS"]:
        drawn = (layer.weights, layer.inputs, layer.outputs, layer.positions)
        assert drawn == sizes[DRAWN[layer.name]]


def test_the_processors_of_the_cell_are_those_of_the_table():
    cell = re.search(r"^hardware = (\{.*?^\})", TEXT, re.M | re.S)[1]
    cell = re.sub(r"#.*", "", cell)
    table = list(table_of_hardware().items())
    for (name, rates), (row, expected) in zip(
        ast.literal_eval(cell).items(), table, strict=True
    ):
        assert row.endswith(name.partition(",")[0])
        assert rates == pytest.approx(expected)


def test_the_megabytes_in_the_text_are_those_of_the_networks():
    dense = (6400 + 1) * 4096 + (4096 + 1) * 4096
    assert f"{4 * dense / 1e6:.0f} MB" in TEXT
    assert f"{4 * 60_965_224 / 1e6:.0f} MB" in TEXT  # the network of 2012
