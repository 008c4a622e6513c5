"""Draw ``alexnet.svg``: LeNet beside AlexNet, layer by layer, for the chapter.

A layer states only what its author chooses (window, stride, padding, channels);
every output shape in the picture is computed from that. The picture has no
background: each text lies on a fill of its own, so it reads in light and in dark
mode (give the image the class ``dark-light``).

Run ``python chapters/figures/draw_alexnet.py`` to write the file again. This is
a drawing, not a model: nothing here is trained or imported by the chapter.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from drawing import add, number, picture, serialise, write

TARGET = Path(__file__).with_name("alexnet.svg")

AXES = "kanal × yükseklik × genişlik"

Shape = tuple[int, ...]  # (channels, height, width), or (features,) once flattened

COLUMN, GUTTER, MARGIN = 272, 12, 4
WIDTH = 2 * MARGIN + 2 * COLUMN + GUTTER
TITLE, BOX, GAP, PILL = 44, 52, 38, 24
ROW = BOX + GAP

STYLE = """
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
       "Noto Sans", Arial, sans-serif; font-size: 17px; text-anchor: middle;
       dominant-baseline: central; fill: #fff; }
.title { font-size: 24px; font-weight: 700; fill: #6f7f95; }
.name { font-weight: 700; }
.data rect { fill: #536175; }
.conv rect { fill: #1f66ad; }
.pool rect { fill: #a84a12; }
.dense rect { fill: #7340a8; }
.flow { stroke: #7b8aa0; stroke-width: 2.5; }
.tip { fill: #7b8aa0; }
.shape rect { fill: #e8edf4; stroke: #7b8aa0; }
.shape text { fill: #1b2430; }
"""

SUMMARY = (
    "İki sütun, yukarıdan aşağıya. Solda LeNet: iki evrişim, iki ortalama havuzlama, "
    "üç tam bağlı katman. Sağda AlexNet: beş evrişim, üç maksimum havuzlama, üç tam "
    "bağlı katman. Her katmanın altında çıktısının şekli yazılıdır."
)


@dataclass(frozen=True)
class Window:
    """A layer that slides a square window over (channels, height, width)."""

    kind: str  # "conv" or "pool"
    label: str
    size: int
    stride: int = 1
    padding: int = 0
    channels: int | None = None  # None: as many as come in
    activation: str = ""

    def output(self, shape: Shape) -> Shape:
        """Shape after the layer; an incomplete last window is left out (floor)."""
        channels, *sides = shape
        slid = ((n + 2 * self.padding - self.size) // self.stride + 1 for n in sides)
        return (self.channels or channels, *slid)

    def lines(self) -> list[str]:
        """What the box says."""
        name = f"{self.size}×{self.size} {self.label}"
        if self.channels:
            name += f", {self.channels} kanal"
        detail = f"adım {self.stride}, dolgu {self.padding}"
        return [name, f"{detail}, {self.activation}" if self.activation else detail]


@dataclass(frozen=True)
class Flatten:
    """(channels, height, width) to (features,)."""

    kind = "data"

    def output(self, shape: Shape) -> Shape:
        """One axis that holds every number of the image."""
        channels, height, width = shape
        return (channels * height * width,)

    def lines(self) -> list[str]:
        """What the box says."""
        return ["Düzleştirme"]


@dataclass(frozen=True)
class Dense:
    """A fully connected layer."""

    units: int
    detail: str
    kind = "dense"

    def output(self, shape: Shape) -> Shape:
        """One number for each unit; the input must be flat."""
        (_,) = shape
        return (self.units,)

    def lines(self) -> list[str]:
        """What the box says."""
        return [f"Tam bağlı, {number(self.units)} birim", self.detail]


@dataclass(frozen=True)
class Network:
    """A column of the picture. ``None`` leaves a row empty, so that rows compare."""

    name: str
    image: Shape
    layers: tuple[Window | Flatten | Dense | None, ...]


def conv(
    size: int, channels: int, activation: str, stride: int = 1, padding: int = 0
) -> Window:
    """A convolution followed by its activation."""
    return Window("conv", "evrişim", size, stride, padding, channels, activation)


AVERAGE = Window("pool", "ortalama havuzlama", size=2, stride=2)
MAXIMUM = Window("pool", "maksimum havuzlama", size=3, stride=2)
CLASSES = Dense(10, "her sınıfa bir çıktı")

LENET = Network(
    "LeNet",
    (1, 28, 28),
    (
        conv(5, 6, "sigmoid", padding=2),
        AVERAGE,
        conv(5, 16, "sigmoid"),
        AVERAGE,
        None,
        None,
        None,
        None,
        Flatten(),
        Dense(120, "sigmoid"),
        Dense(84, "sigmoid"),
        CLASSES,
    ),
)
ALEXNET = Network(
    "AlexNet",
    (1, 224, 224),
    (
        conv(11, 96, "ReLU", stride=4),
        MAXIMUM,
        conv(5, 256, "ReLU", padding=2),
        MAXIMUM,
        conv(3, 384, "ReLU", padding=1),
        conv(3, 384, "ReLU", padding=1),
        conv(3, 256, "ReLU", padding=1),
        MAXIMUM,
        Flatten(),
        Dense(4096, "ReLU, dropout 0,5"),
        Dense(4096, "ReLU, dropout 0,5"),
        CLASSES,
    ),
)


def draw_box(column: ET.Element, kind: str, lines: list[str], y: int) -> None:
    """A layer: one or two lines of text on the colour of its kind."""
    group = add(column, "g", class_=kind)
    add(group, "rect", x=0, y=y, width=COLUMN, height=BOX, rx=8)
    middle = COLUMN // 2
    offsets = [0] if len(lines) == 1 else [-11, 12]
    for style, line, offset in zip(("name", "detail"), lines, offsets, strict=False):
        add(group, "text", line, class_=style, x=middle, y=y + BOX // 2 + offset)


def draw_pill(parent: ET.Element, text: str, x: int, y: int, kind: str) -> None:
    """A shape on its own light fill, centred at x, y."""
    group = add(parent, "g", class_=kind)
    width = 9 * len(text) + 20
    box = {"x": x - width / 2, "y": y - PILL / 2, "width": width, "height": PILL}
    add(group, "rect", **box, rx=PILL / 2)
    add(group, "text", text, x=x, y=y)


def draw_arrow(column: ET.Element, start: int, end: int) -> None:
    """A line down to the top of the next box."""
    x = COLUMN // 2
    add(column, "line", class_="flow", x1=x, y1=start, x2=x, y2=end - 6)
    add(column, "path", class_="tip", d=f"M{x - 6} {end - 9}h12l-6 9z")


def draw_network(svg: ET.Element, network: Network, x: int) -> None:
    """One column: title, input image, then each layer and the shape it gives."""
    column = add(svg, "g", id=network.name.lower(), transform=f"translate({x} 0)")
    add(column, "text", network.name, class_="title", x=COLUMN // 2, y=TITLE // 2)
    y, shape = TITLE, network.image
    draw_box(column, "data", ["Girdi görüntüsü", AXES], y)
    for row, layer in enumerate(network.layers, start=1):
        if layer is None:
            continue
        top = TITLE + row * ROW
        draw_arrow(column, y + BOX, top)
        draw_shape(column, shape, y)
        draw_box(column, layer.kind, layer.lines(), top)
        y, shape = top, layer.output(shape)
    draw_shape(column, shape, y)


def draw_shape(column: ET.Element, shape: Shape, box_top: int) -> None:
    """The shape that leaves the box at ``box_top``."""
    text = " × ".join(map(number, shape))
    draw_pill(column, text, COLUMN // 2, box_top + BOX + PILL // 2, "shape")


def draw() -> str:
    """The whole picture as SVG text."""
    height = TITLE + len(ALEXNET.layers) * ROW + BOX + PILL + MARGIN
    svg = picture("LeNet ve AlexNet mimarileri", SUMMARY, STYLE, WIDTH, height)
    draw_network(svg, LENET, MARGIN)
    draw_network(svg, ALEXNET, MARGIN + COLUMN + GUTTER)
    return serialise(svg)


if __name__ == "__main__":
    write(TARGET, draw())
