"""LeNet's picture and page agree with the network and with the shim's source."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
nn = torch.nn

ROOT = Path(__file__).parents[2]
CHAPTER = ROOT / "chapters" / "lenet.md"
FIGURES = ROOT / "chapters" / "figures"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def net() -> nn.Sequential:
    """The network as the chapter's own PyTorch cell builds it."""
    cells = re.findall(
        r"(?s)\n:tags: \[pytorch\]\n(.*?)```", CHAPTER.read_text("utf-8")
    )
    (cell,) = (cell for cell in cells if "net = nn.Sequential" in cell)
    names = {"nn": nn}
    exec(cell, names)
    return names["net"]


@pytest.fixture(scope="module")
def picture() -> ET.Element:
    """The root of the picture."""
    return ET.parse(FIGURES / "lenet.svg").getroot()


def outputs(net: nn.Sequential) -> list[tuple[int, ...]]:
    """The image's shape, then those that windows, flattening and dense layers give."""
    X = torch.zeros(1, 1, 28, 28)
    shapes = [tuple(X.shape[1:])]
    for layer in net:
        X = layer(X)
        if not isinstance(layer, nn.Sigmoid):
            shapes.append(tuple(X.shape[1:]))
    return shapes


def test_every_drawn_shape_is_the_shape_that_pytorch_gives(picture, net):
    groups = picture.findall(f"{SVG}g[@class='shape']")
    texts = [group.find(f"{SVG}text").text for group in groups]
    drawn = [tuple(map(int, text.split(" × "))) for text in texts]
    assert drawn == outputs(net)


def test_as_many_feature_maps_and_small_squares_are_drawn_as_there_are(picture, net):
    shapes = outputs(net)
    maps = [r for r in picture.iter(f"{SVG}rect") if "map" in r.get("class", "")]
    assert len(maps) == sum(shape[0] for shape in shapes if len(shape) == 3)
    vectors = [p for p in picture.iter(f"{SVG}path") if "of-" in p.get("class", "")]
    squares = [path.get("d").count("z") for path in vectors]
    assert squares == [shape[0] for shape in shapes if len(shape) == 1]


def test_a_feature_map_is_as_large_as_it_is_in_the_network(picture, net):
    maps = [r for r in picture.iter(f"{SVG}rect") if "map" in r.get("class", "")]
    stacks = [shape for shape in outputs(net) if len(shape) == 3]
    sides = [side for channels, side, _ in stacks for _ in range(channels)]
    image = float(maps[0].get("width"))
    assert [28 * float(r.get("width")) / image for r in maps] == sides


@pytest.mark.parametrize("framework", ["mxnet", "torch", "tensorflow"])
def test_the_pieces_of_train_ch6_on_the_page_leave_nothing_out(framework):
    """Shown together they are the whole body: nothing of the training is hidden."""
    source = (ROOT / "d2l_shim" / framework / "trainer.py").read_text(encoding="utf-8")
    function = re.search(r'(?s)\ndef train_ch6.*?"""\n.*?(?=\n\S)', source)[0]
    body = function.split('"""\n')[1]
    pieces = re.findall(
        rf"{framework}/trainer.py\n:pyobject: train_ch6\n((?::.*\n)+)",
        CHAPTER.read_text(encoding="utf-8"),
    )
    options = [dict(re.findall(r":([\w-]+): \"?(.*?)\"?\n", piece)) for piece in pieces]
    first, second = options
    assert body.strip().startswith(first["start-at"])
    assert first["end-before"] == second["start-at"]
    assert body.count(second["start-at"]) == 1
    assert "end-before" not in second
