"""The drawing of the 2012 network agrees with the network of its chapter, in PyTorch.

The chapter's own cells count its parameters and fail if the sum is not the paper's.
"""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn
d2l = pytest.importorskip("d2l_shim.torch")

CHAPTER = Path(__file__).parents[2] / "chapters" / "alexnet_2012.md"
FIGURES = CHAPTER.parent / "figures"
SVG = "{http://www.w3.org/2000/svg}"
STREAMS = ("gpu1", "gpu2")


def cell_with(framework: str, text: str) -> str:
    """The one cell of a framework in the chapter that holds a text."""
    cells = re.findall(r"(?s)```\{code-cell\} ipython3\n(.*?)```", CHAPTER.read_text())
    tag = f":tags: [{framework}]\n"
    (cell,) = (c for c in cells if c.startswith(tag) and text in c)
    return cell.removeprefix(tag)


@pytest.fixture(scope="module")
def net() -> nn.Sequential:
    """The network as the chapter's cell builds it."""
    names = {"nn": nn, "ResponseNorm": lambda: nn.LocalResponseNorm(5)}
    exec(cell_with("pytorch", "nn.Conv2d(3, 96"), names)
    return names["net"]


@pytest.fixture(scope="module")
def columns() -> dict[str, ET.Element]:
    """The two streams of the picture."""
    root = ET.parse(FIGURES / "alexnet_2012.svg").getroot()
    return {name: root.find(f".//{SVG}g[@id='{name}']") for name in STREAMS}


def texts(column: ET.Element, kind: str) -> list[str]:
    """What the groups of a class say, from top to bottom."""
    groups = column.findall(f".//{SVG}g[@class='{kind}']")
    return [" | ".join(t.text for t in g.iter(f"{SVG}text")) for g in groups]


def drawn_shapes(column: ET.Element) -> list[tuple[int, ...]]:
    """ "48 × 55 × 55" -> (48, 55, 55)."""
    return [
        tuple(int(n.replace(".", "")) for n in text.split(" × "))
        for text in texts(column, "shape")
    ]


def test_two_drawn_streams_together_have_the_shapes_of_the_network(net, columns):
    shown = (nn.Conv2d, nn.MaxPool2d, nn.Linear)
    x = torch.zeros(1, 3, 227, 227)
    shapes = []
    with torch.no_grad():
        for layer in net.eval():
            x = layer(x)

            if isinstance(layer, shown):
                shapes.append(tuple(x.shape[1:]))
    *hidden, output = shapes
    for column in columns.values():
        (image, *drawn) = drawn_shapes(column)
        assert image == (3, 227, 227)
        assert [(2 * channels, *sides) for channels, *sides in drawn] == hidden
    assert output == (1000,)


def test_lines_cross_exactly_where_a_layer_reads_both_streams(net, columns):
    """Grouped convolutions stay on their GPU; the first one reads the image."""
    convolutions = [layer for layer in net if isinstance(layer, nn.Conv2d)]
    hidden = [layer for layer in net if isinstance(layer, nn.Linear)][:-1]
    reading_both = [c for c in convolutions[1:] if c.groups == 1] + hidden
    for column in columns.values():
        crossings = column.findall(f"{SVG}g[@class='crossing']")
        assert len(crossings) == len(reading_both)


def test_every_drawn_window_is_half_of_its_layer(net, columns):
    convolutions = [layer for layer in net if isinstance(layer, nn.Conv2d)]
    expected = [
        (c.kernel_size[0], c.out_channels // 2, c.stride[0], c.padding[0])
        for c in convolutions
    ]
    pattern = r"(\d+)×\1 evrişim, (\d+) kanal \| adım (\d+), dolgu (\d+)"
    for column in columns.values():
        drawn = [re.match(pattern, text).groups() for text in texts(column, "conv")]
        assert [tuple(map(int, numbers)) for numbers in drawn] == expected


def test_weight_decay_passes_through_the_momentum_as_in_the_paper():
    """Without a gradient (the input is zero) only v = 0.9 v - 0.0005 lr w is left."""
    names = {"nn": nn, "torch": torch, "as_batch": torch.tensor, "d2l": d2l}
    exec(cell_with("pytorch", "def trainer"), names)
    layer = nn.Linear(1, 2)
    weight, velocity = layer.weight.detach().clone(), 0
    step = names["trainer"](layer, lr=10)
    for _ in range(3):
        step([[0.0]], [1])
        velocity = 0.9 * velocity - 0.0005 * 10 * weight
        weight = weight + velocity
    assert torch.allclose(layer.weight, weight)
