"""Draw ``cover.svg``: what flows through AlexNet, as the cover of the PDF and the EPUB.

Each block is the output of a layer: as high and as wide as its feature maps, as deep as
it has channels, both by the square root, so that the large ones leave room for the
small. The picture is decoration: it has no text, and it belongs on the cover's dark
ground.

Run ``python chapters/figures/draw_cover.py`` to write the file again.
"""

import xml.etree.ElementTree as ET
from math import sqrt
from pathlib import Path

from drawing import add, picture, serialise, write

TARGET = Path(__file__).with_name("cover.svg")

WIDTH, HEIGHT = 1700, 1760

# What flows: kind, channels, height and width, from the image to the first dense layer,
# whose many numbers leave the picture.
LAYERS = (
    ("data", 1, 224),
    ("conv", 96, 54),
    ("pool", 96, 26),
    ("conv", 256, 26),
    ("pool", 256, 12),
    ("conv", 384, 12),
    ("conv", 384, 12),
    ("conv", 256, 12),
    ("pool", 256, 5),
    ("dense", 4096, 1),
)

SIDE, DEPTH, GAP = 50, 10.5, 16
"""Pixels for the root of a feature map's side, and of its channels; between blocks."""

SLOPE = (0.78, -0.52)
"""Where depth leads: to the right and upwards."""

STYLE = """
path { stroke: #14253a; stroke-width: 2; stroke-linejoin: round; }
.data .front { fill: #dfe6ee; } .data .top { fill: #f4f7fa; }
.data .end { fill: #b3bfcd; }
.conv .front { fill: #2f7fcb; } .conv .top { fill: #6cabe6; }
.conv .end { fill: #1c5c9c; }
.pool .front { fill: #d9702f; } .pool .top { fill: #f0a46a; }
.pool .end { fill: #a84a12; }
.dense .front { fill: #8a55c4; } .dense .top { fill: #b48ce0; }
.dense .end { fill: #6a3a9f; }
"""

SUMMARY = (
    "Sol alttan sağ üste sıralanan bloklar: AlexNet'in girdisi ve katmanlarının "
    "çıktıları. Görüntü büyük ve incedir; katmanlar ilerledikçe blokların boyu "
    "küçülür, derinliği artar."
)


def size(channels: int, side: int) -> tuple[float, float]:
    """Return the side of a block's front and its depth, in pixels."""
    return SIDE * sqrt(side), DEPTH * sqrt(channels)


def outline(*points: tuple[float, float]) -> str:
    """Return a path through points, closed."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z"


def draw_block(svg: ET.Element, kind: str, x: float, y: float, side, depth) -> None:
    """Draw a block whose front has its lower left corner at (x, y)."""
    dx, dy = depth * SLOPE[0], depth * SLOPE[1]
    # Fronts are seen at an angle, so they are narrower than high.
    right, top = x + side * 0.30, y - side
    shear = side * -0.10
    group = add(svg, "g", class_=kind)
    low, high = y + shear, top + shear
    front = outline((x, y), (right, low), (right, high), (x, top))
    end = outline(
        (right, low), (right + dx, low + dy), (right + dx, high + dy), (right, high)
    )
    lid = outline((x, top), (right, high), (right + dx, high + dy), (x + dx, top + dy))
    for name, path in (("end", end), ("top", lid), ("front", front)):
        add(group, "path", class_=name, d=path)


def draw() -> str:
    """Return the whole picture as SVG text."""
    svg = picture("AlexNet'ten geçen veri", SUMMARY, STYLE, WIDTH, HEIGHT)
    blocks, x, middle = [], 110.0, HEIGHT - 690.0
    for kind, channels, side in LAYERS:
        front, depth = size(channels, side)
        blocks.append((kind, x, middle + front / 2, front, depth))
        x += front * 0.30 + depth * SLOPE[0] * 0.5 + GAP
        middle += depth * SLOPE[1] * 0.5 - 20
    for block in reversed(blocks):
        draw_block(svg, *block)
    return serialise(svg)


if __name__ == "__main__":
    write(TARGET, draw())
