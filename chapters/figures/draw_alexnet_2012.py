"""Draw ``alexnet_2012.svg``: the two streams of the original AlexNet, one a GPU.

A layer states what one GPU holds of it; every shape in the picture is computed from
that. No background, texts on fills, as in ``draw_alexnet.py``, whose helpers this uses.

Run ``python chapters/figures/draw_alexnet_2012.py`` to write the file again.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from draw_alexnet import (
    AXES,
    BOX,
    COLUMN,
    GUTTER,
    MARGIN,
    MAXIMUM,
    ROW,
    STYLE,
    TITLE,
    WIDTH,
    Dense,
    Flatten,
    Shape,
    Window,
    conv,
    draw_arrow,
    draw_box,
    draw_shape,
)
from drawing import add, number, picture, serialise, write

TARGET = Path(__file__).with_name("alexnet_2012.svg")
IMAGE = (3, 227, 227)
REACH = 80  # from the middle of a box to where a crossing line ends
COLUMNS = {"gpu1": MARGIN, "gpu2": MARGIN + COLUMN + GUTTER}

CROSSING = ".cross { stroke: #c2187a; stroke-width: 2.5; } .head { fill: #c2187a; }\n"

SUMMARY = (
    "Yan yana iki sütun, GPU 1 ve GPU 2; ikisi de aynı katmanlardan oluşur ve her "
    "katmanın yarısını tutar. Çapraz oklar, bir katmanın öbür GPU'nun çıktısını da "
    "okuduğu yerleri gösterir: üçüncü evrişim ve tam bağlı katmanlar. En altta iki "
    "sütunun ortak çıktı katmanı vardır."
)


class NormalisedPool(Window):
    """Pooling that local response normalisation comes before."""

    def lines(self) -> list[str]:
        """What the box says."""
        return [
            "Normalleştirme, havuzlama",
            f"havuzlama {self.size}×{self.size}, adım {self.stride}",
        ]


@dataclass(frozen=True)
class Step:
    """A row of the picture: a layer, and whether it reads both GPUs' maps."""

    layer: Window | Dense
    crosses: bool = False


NORMALISED = NormalisedPool("pool", "", size=3, stride=2)
STEPS = (
    Step(conv(11, 48, "ReLU", stride=4)),
    Step(NORMALISED),
    Step(conv(5, 128, "ReLU", padding=2)),
    Step(NORMALISED),
    Step(conv(3, 192, "ReLU", padding=1), crosses=True),
    Step(conv(3, 192, "ReLU", padding=1)),
    Step(conv(3, 128, "ReLU", padding=1)),
    Step(MAXIMUM),
    Step(Dense(2048, "ReLU, dropout 0,5"), crosses=True),
    Step(Dense(2048, "ReLU, dropout 0,5"), crosses=True),
)
OUTPUT = Dense(1000, "her sınıfa bir çıktı")


def draw_stream(svg: ET.Element, name: str, x: int) -> None:
    """One GPU: its half of every layer and the shape that half gives."""
    column = add(svg, "g", id=name, transform=f"translate({x} 0)")
    title = f"GPU {name[-1]}"
    add(column, "text", title, class_="title", x=COLUMN // 2, y=TITLE // 2)
    y, shape = TITLE, IMAGE
    draw_box(column, "data", ["Girdi görüntüsü", AXES], y)
    for row, step in enumerate(STEPS, start=1):
        top = TITLE + row * ROW
        draw_arrow(column, y + BOX, top)
        if step.crosses:
            draw_crossing(column, shape, top, 1 if name == "gpu1" else -1)
        draw_shape(column, shape, y)
        draw_box(column, step.layer.kind, step.layer.lines(), top)
        if isinstance(step.layer, Dense) and len(shape) == 3:
            shape = Flatten().output(shape)
        y, shape = top, step.layer.output(shape)
    draw_arrow(column, y + BOX, y + ROW)
    draw_shape(column, shape, y)


def draw_crossing(column: ET.Element, shape: Shape, top: int, side: int) -> None:
    """A line from this GPU's last shape to the other GPU's box at ``top``."""
    middle, pill = COLUMN // 2, pill_width(shape) // 2
    start = middle + side * pill
    end = middle + side * (COLUMN + GUTTER - REACH)
    group = add(column, "g", class_="crossing")
    line = {"x1": start, "y1": top - 26, "x2": end, "y2": top - 6}
    add(group, "line", class_="cross", **line)
    add(group, "path", class_="head", d=f"M{end - 6} {top - 9}h12l-6 9z")


def pill_width(shape: Shape) -> int:
    """How wide ``draw_shape`` draws this shape."""
    return 9 * len(" × ".join(map(number, shape))) + 20


def draw_output(svg: ET.Element) -> None:
    """The last layer reads both GPUs; the paper does not say where it lies."""
    middle, top = COLUMN + GUTTER // 2, TITLE + (len(STEPS) + 1) * ROW
    group = add(svg, "g", id="output", transform=f"translate({MARGIN} 0)")
    box = add(group, "g", class_=OUTPUT.kind)
    add(box, "rect", x=0, y=top, width=2 * COLUMN + GUTTER, height=BOX, rx=8)
    for line, style, offset in zip(
        OUTPUT.lines(), ("name", "detail"), (-11, 12), strict=True
    ):
        add(box, "text", line, class_=style, x=middle, y=top + BOX // 2 + offset)


def draw() -> str:
    """The whole picture as SVG text."""
    height = TITLE + (len(STEPS) + 1) * ROW + BOX + MARGIN
    svg = picture(
        "2012'deki AlexNet, iki GPU'da iki akış",
        SUMMARY,
        STYLE + CROSSING,
        WIDTH,
        height,
    )
    for name, x in COLUMNS.items():
        draw_stream(svg, name, x)
    draw_output(svg)
    return serialise(svg)


if __name__ == "__main__":
    write(TARGET, draw())
