"""The drawn figures tell the truth: their numbers are those of the real networks.

What a picture looks like is for eyes; these tests read its text.
"""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch")
nn = torch.nn

FIGURES = Path(__file__).parents[2] / "chapters" / "figures"
SCRIPTS = sorted(path.stem for path in FIGURES.glob("draw_*.py"))
SVG = "{http://www.w3.org/2000/svg}"


def lenet() -> nn.Sequential:
    """LeNet as *Dive into Deep Learning* writes it."""
    return nn.Sequential(
        nn.LazyConv2d(6, kernel_size=5, padding=2),
        nn.Sigmoid(),
        nn.AvgPool2d(kernel_size=2, stride=2),
        nn.LazyConv2d(16, kernel_size=5),
        nn.Sigmoid(),
        nn.AvgPool2d(kernel_size=2, stride=2),
        nn.Flatten(),
        nn.LazyLinear(120),
        nn.Sigmoid(),
        nn.LazyLinear(84),
        nn.Sigmoid(),
        nn.LazyLinear(10),
    )


def alexnet(first_padding: int = 0) -> nn.Sequential:
    """The streamlined AlexNet; PyTorch's habit is a padding of 1 in the first layer."""
    return nn.Sequential(
        nn.LazyConv2d(96, kernel_size=11, stride=4, padding=first_padding),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.LazyConv2d(256, kernel_size=5, padding=2),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.LazyConv2d(384, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.LazyConv2d(384, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.LazyConv2d(256, kernel_size=3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(kernel_size=3, stride=2),
        nn.Flatten(),
        nn.LazyLinear(4096),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.LazyLinear(4096),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.LazyLinear(10),
    )


NETWORKS = {"lenet": (lenet(), 28), "alexnet": (alexnet(), 224)}


def texts(network: str, kind: str) -> list[str]:
    """What the column of a network says in elements (or groups) of a class."""
    root = ET.parse(FIGURES / "alexnet.svg").getroot()
    column = root.find(f".//{SVG}g[@id='{network}']")
    groups = column.findall(f".//{SVG}g[@class='{kind}']")
    return [" | ".join(t.text for t in g.iter(f"{SVG}text")) for g in groups]


def drawn_shapes(network: str) -> list[tuple[int, ...]]:
    """ "96 × 54 × 54" -> (96, 54, 54), from top to bottom."""
    return [
        tuple(int(n.replace(".", "")) for n in text.split(" × "))
        for text in texts(network, "shape")
    ]


def torch_shapes(net: nn.Sequential, side: int) -> list[tuple[int, ...]]:
    """The input's shape, then what each layer gives; activations change nothing."""
    x = torch.zeros(1, 1, side, side)
    shapes = [tuple(x.shape[1:])]
    with torch.no_grad():
        for layer in net:
            x = layer(x)
            if not isinstance(layer, nn.ReLU | nn.Sigmoid | nn.Dropout):
                shapes.append(tuple(x.shape[1:]))
    return shapes


def described(layer: nn.Module) -> str:
    """A convolution or a pooling in the words of the picture."""
    size, stride, padding = (
        value if isinstance(value, int) else value[0]
        for value in (layer.kernel_size, layer.stride, layer.padding)
    )
    channels = getattr(layer, "out_channels", None)
    return f"{size}×{size}, {channels} kanal, adım {stride}, dolgu {padding}"


def read_window(text: str) -> str:
    """The same words, picked from what a box says."""
    size, stride, padding = re.search(
        r"^(\d+)×\1 .*adım (\d+), dolgu (\d+)", text
    ).groups()
    channels = re.search(r"(\d+) kanal", text)
    return (
        f"{size}×{size}, {channels and channels[1]} kanal, "
        f"adım {stride}, dolgu {padding}"
    )


@pytest.mark.parametrize("name", SCRIPTS)
def test_the_committed_picture_is_what_its_script_draws(name, figure_script):
    script = figure_script(name)
    assert script["TARGET"] == FIGURES / f"{name.removeprefix('draw_')}.svg"
    assert script["TARGET"].read_text(encoding="utf-8") == script["draw"]()


def test_every_drawn_picture_has_a_script():
    drawn = {path.stem for path in FIGURES.glob("*.svg")} - {"favicon"}
    assert {name.removeprefix("draw_") for name in SCRIPTS} == drawn


@pytest.mark.parametrize("network", NETWORKS)
def test_every_drawn_shape_is_the_shape_that_pytorch_gives(network):
    net, side = NETWORKS[network]
    assert drawn_shapes(network) == torch_shapes(net, side)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(
    ("kind", "layers"),
    [("conv", (nn.Conv2d,)), ("pool", (nn.AvgPool2d, nn.MaxPool2d))],
)
def test_every_window_says_the_size_stride_and_padding_of_its_layer(
    network, kind, layers
):
    net, _ = NETWORKS[network]
    expected = [described(layer) for layer in net if isinstance(layer, layers)]
    assert [read_window(text) for text in texts(network, kind)] == expected


def test_a_first_padding_of_one_leaves_the_shapes_of_the_picture_unchanged():
    assert drawn_shapes("alexnet") == torch_shapes(alexnet(first_padding=1), 224)


def test_the_picture_introduces_itself_in_words_and_needs_nothing_from_outside():
    source = (FIGURES / "alexnet.svg").read_text(encoding="utf-8")
    root = ET.fromstring(source)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text
    assert "AlexNet" in root.find(f"{SVG}desc").text
    assert not re.search(r"href|@import|url\(", source)


@pytest.fixture(scope="module")
def filters_script(figure_script) -> dict:
    """The names of the script that trains and draws the filters."""
    return figure_script("train_filters")


def test_a_filter_is_white_at_its_largest_weight_black_at_its_negative_grey_at_zero(
    filters_script,
):
    weights = np.zeros((11, 11), dtype=np.float32)
    weights[0, :2] = 0.002, -0.002  # scaled to its own largest weight, however small
    pixels = np.asarray(filters_script["tile"](weights))[:, :, 0]
    zoom, frame = filters_script["ZOOM"], filters_script["FRAME"]
    assert [pixels[frame, frame + n * zoom] for n in range(3)] == [255, 0, 128]


def test_the_picture_of_the_filters_shows_all_96_on_a_transparent_ground(
    filters_script,
):
    tile = filters_script["tile"](np.ones((11, 11), dtype=np.float32))
    opaque = np.asarray(Image.open(FIGURES / "filters.png"))[:, :, 1] == 255
    assert opaque.sum() == 96 * tile.width * tile.height
    assert not opaque[:, tile.width].any()


def test_the_facts_of_the_filters_are_those_of_the_script_and_of_a_net_that_learned(
    filters_script,
):
    facts = json.loads((FIGURES / "filters.json").read_text(encoding="utf-8"))
    for name in ("SEED", "EPOCHS"):
        assert facts[name.lower()] == filters_script[name]
    assert facts["optimiser"] == {"name": "SGD", **filters_script["OPTIMISER"]}
    assert facts["loss_per_epoch"][-1] < facts["loss_per_epoch"][0]
    assert facts["test_accuracy"] > 0.5  # ten classes: chance is 0.1


def test_the_caption_of_the_filters_states_the_run_they_come_from():
    """Numbers in the text are those of ``filters.json``, in Turkish spelling."""
    run = json.loads((FIGURES / "filters.json").read_text(encoding="utf-8"))
    chapter = (FIGURES.parent / "alexnet.md").read_text(encoding="utf-8")
    caption = chapter.partition(":name: fig_filters")[2].partition("```")[0]
    training, test = (
        f"{run[f'{part}_images']:,}".replace(",", ".") for part in ("training", "test")
    )
    accuracy = f"{run['test_accuracy']:.2f}".replace(".", ",")
    assert f"{training} {run['data']} görüntüsüyle {run['epochs']} dönem" in caption
    assert f"{test} test görüntüsündeki doğruluğu {accuracy}" in caption
