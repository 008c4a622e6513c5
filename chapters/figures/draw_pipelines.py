"""Draw ``pipelines.svg``: the classical pipeline beside the learned one.

Two columns of boxes, both from pixels to classes. Blue boxes are designed by people
and stay as they are; violet boxes are learned from the labels. No background, texts on
fills, as in ``draw_alexnet.py``, whose helpers this uses.

Run ``python chapters/figures/draw_pipelines.py`` to write the file again.
"""

import xml.etree.ElementTree as ET
from pathlib import Path

from draw_alexnet import (
    BOX,
    COLUMN,
    GUTTER,
    MARGIN,
    PILL,
    ROW,
    STYLE,
    TITLE,
    WIDTH,
    draw_arrow,
    draw_box,
    draw_shape,
)
from drawing import add, picture, serialise, write

TARGET = Path(__file__).with_name("pipelines.svg")

DESIGNED, LEARNED, DATA = "conv", "dense", "data"  # kinds of draw_alexnet's STYLE
IMAGE, CLASSES = (28, 28), (10,)

# (kind, what the box says, shape of what leaves it)
CLASSICAL = (
    (DATA, ["Pikseller", "28×28 gri görüntü"], IMAGE),
    (DESIGNED, ["Gradyanlar", "komşu piksellerin farkı"], (2, 28, 28)),
    (DESIGNED, ["Yön histogramları", "4×4 piksellik hücrelerde"], (7, 7, 9)),
    (DESIGNED, ["Normalleştirme", "2×2 hücrelik bloklarda"], (1296,)),
    (LEARNED, ["Doğrusal SVM", "her sınıfa bir şablon"], CLASSES),
)
NETWORK = (
    (DATA, ["Pikseller", "28×28 gri görüntü"], IMAGE),
    (LEARNED, ["Evrişim ve havuzlama", "5×5, 6 kanal"], (6, 14, 14)),
    (LEARNED, ["Evrişim ve havuzlama", "5×5, 16 kanal"], (16, 5, 5)),
    (LEARNED, ["İki tam bağlı katman", "120 ve 84 birim"], (84,)),
    (LEARNED, ["Tam bağlı çıktı katmanı", "her sınıfa bir çıktı"], CLASSES),
)
COLUMNS = (("hog", "HOG + SVM", CLASSICAL), ("lenet", "LeNet", NETWORK))
LEGEND = ((DESIGNED, "elle tasarlanır"), (LEARNED, "veriden öğrenilir"))

SUMMARY = (
    "İki sütun, yukarıdan aşağıya; ikisi de piksellerle başlar, on sınıfın puanıyla "
    "biter. Solda HOG ve doğrusal SVM: gradyanlar, yön histogramları ve normalleştirme "
    "elle tasarlanmıştır, yalnız SVM öğrenilir. Sağda LeNet: iki evrişim ve havuzlama, "
    "iki tam bağlı katman ve çıktı katmanının hepsi öğrenilir."
)


def draw_column(svg: ET.Element, name: str, title: str, steps: tuple, x: int) -> None:
    """A title, then each step, the shape that leaves it and an arrow to the next."""
    column = add(svg, "g", id=name, transform=f"translate({x} 0)")
    add(column, "text", title, class_="title", x=COLUMN // 2, y=TITLE // 2)
    for row, (kind, lines, shape) in enumerate(steps):
        y = TITLE + row * ROW
        if row + 1 < len(steps):
            draw_arrow(column, y + BOX, y + ROW)
        draw_shape(column, shape, y)
        draw_box(column, kind, lines, y)


def draw_legend(svg: ET.Element, y: int) -> None:
    """What the two colours mean, one under each column."""
    for number, (kind, text) in enumerate(LEGEND):
        group = add(svg, "g", class_=kind)
        x = MARGIN + number * (COLUMN + GUTTER)
        add(group, "rect", x=x, y=y, width=COLUMN, height=PILL + 6, rx=(PILL + 6) / 2)
        add(group, "text", text, x=x + COLUMN / 2, y=y + PILL / 2 + 3)


def draw() -> str:
    """The whole picture as SVG text."""
    legend = TITLE + len(CLASSICAL) * ROW + PILL // 2
    height = legend + PILL + 6 + MARGIN
    svg = picture(
        "Elle tasarlanan ve öğrenilen işlem hatları", SUMMARY, STYLE, WIDTH, height
    )
    for number, (name, title, steps) in enumerate(COLUMNS):
        draw_column(svg, name, title, steps, MARGIN + number * (COLUMN + GUTTER))
    draw_legend(svg, legend)
    return serialise(svg)


if __name__ == "__main__":
    write(TARGET, draw())
