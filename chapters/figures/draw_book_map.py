"""Draw ``book_map.svg``: which chapter rests on which, for the front page.

Rows follow the order of the contents. The picture has no background: each text lies on
a fill of its own, so it reads in light and in dark mode (class ``dark-light``).

Run ``python chapters/figures/draw_book_map.py`` to write the file again.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from drawing import add, picture, serialise, write

TARGET = Path(__file__).with_name("book_map.svg")

WIDTH, BOX_WIDTH, BOX, GAP, MARGIN = 760, 144, 56, 44, 4
ROW = BOX + GAP

STYLE = """
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
       "Noto Sans", Arial, sans-serif; font-size: 15px; font-weight: 600;
       text-anchor: middle; dominant-baseline: central; fill: #fff; }
.data rect { fill: #536175; }
.before rect { fill: #a84a12; }
.tool rect { fill: #7340a8; }
.network rect { fill: #1f66ad; }
.flow { stroke: #7b8aa0; stroke-width: 2.5; fill: none; }
.tip { fill: #7b8aa0; }
"""

SUMMARY = (
    "Yukarıdan aşağıya: Fashion-MNIST; altında elle tasarlanmış öznitelikler, LeNet, "
    "dropout ve görüntü artırma; bunların altında AlexNet; en altta AlexNet'ten çıkan "
    "beş bölüm: 2012'deki özgün ağ, bellek ve zaman, birden çok GPU ile eğitim, ağın "
    "gördükleri ve çözümler."
)


@dataclass(frozen=True)
class Box:
    """A chapter: its file, what the box says, and the chapters that it rests on."""

    chapter: str
    kind: str
    lines: tuple[str, ...]
    rests_on: tuple[str, ...] = ()


ROWS = (
    (Box("fashion_mnist", "data", ("Fashion-MNIST",)),),
    (
        Box(
            "klasik",
            "before",
            ("Elle tasarlanmış", "öznitelikler"),
            ("fashion_mnist",),
        ),
        Box("lenet", "network", ("LeNet",), ("fashion_mnist",)),
        Box("dropout", "tool", ("Dropout",), ("fashion_mnist",)),
        Box("goruntu_artirma", "tool", ("Görüntü", "artırma"), ("fashion_mnist",)),
    ),
    (
        Box(
            "alexnet",
            "network",
            ("AlexNet",),
            ("klasik", "lenet", "dropout", "goruntu_artirma"),
        ),
    ),
    (
        Box("alexnet_2012", "network", ("2012'deki", "özgün ağ"), ("alexnet",)),
        Box("hesaplama", "tool", ("Bellek ve zaman",), ("alexnet",)),
        Box("coklu_gpu", "tool", ("Birden çok GPU", "ile eğitim"), ("alexnet",)),
        Box("filtreler", "tool", ("Ağ ne görüyor?",), ("alexnet",)),
        Box("cozumler", "tool", ("Çözümler",), ("alexnet",)),
    ),
)


def centre(row: int, place: int) -> tuple[float, int]:
    """Return where the middle of a box's upper edge lies."""
    count = len(ROWS[row])
    return WIDTH * (2 * place + 1) / (2 * count), MARGIN + row * ROW


def places() -> dict[str, tuple[float, int]]:
    """Return that point for every chapter."""
    return {
        box.chapter: centre(row, place)
        for row, boxes in enumerate(ROWS)
        for place, box in enumerate(boxes)
    }


def draw_box(svg: ET.Element, box: Box, x: float, y: int) -> None:
    """Draw a chapter: one or two lines of text on the colour of its kind."""
    group = add(svg, "g", class_=box.kind, id=box.chapter)
    left = x - BOX_WIDTH / 2
    add(group, "rect", x=left, y=y, width=BOX_WIDTH, height=BOX, rx=8)
    offsets = [0] if len(box.lines) == 1 else [-11, 11]
    for line, offset in zip(box.lines, offsets, strict=True):
        add(group, "text", line, x=x, y=y + BOX // 2 + offset)


def draw_arrow(svg: ET.Element, start: tuple, end: tuple) -> None:
    """Draw a smooth line from the lower edge of a box to the upper edge of another."""
    (x1, top), (x2, y2) = start, end
    y1 = top + BOX
    bend = (y1 + y2) / 2
    path = f"M{x1} {y1}C{x1} {bend} {x2} {bend} {x2} {y2 - 8}"
    add(svg, "path", class_="flow", d=path)
    add(svg, "path", class_="tip", d=f"M{x2 - 6} {y2 - 10}h12l-6 10z")


def draw() -> str:
    """Return the whole picture as SVG text."""
    height = 2 * MARGIN + len(ROWS) * ROW - GAP
    svg = picture("Kitabın yol haritası", SUMMARY, STYLE, WIDTH, height)
    found = places()
    boxes = [box for row in ROWS for box in row]
    for box in boxes:
        for name in box.rests_on:
            draw_arrow(svg, found[name], found[box.chapter])
    for box in boxes:
        draw_box(svg, box, *found[box.chapter])
    return serialise(svg)


if __name__ == "__main__":
    write(TARGET, draw())
