"""Draw ``idx.svg``: the first bytes of an IDX file of images, field by field.

The bytes in the picture are packed here from the numbers beside them, as they stand in
the official training file. No background, texts on fills, as in ``draw_alexnet.py``,
whose helpers this uses.

Run ``python chapters/figures/draw_idx.py`` to write the file again.
"""

import struct
import xml.etree.ElementTree as ET
from pathlib import Path

from draw_alexnet import STYLE
from drawing import add, number, picture, serialise, write

TARGET = Path(__file__).with_name("idx.svg")

# (kind, value, meaning); each is a 32-bit integer, most significant byte first
FIELDS = (
    ("magic", 2051, "2051: sihirli sayı"),
    ("count", 60_000, f"{number(60_000)} görüntü"),
    ("side", 28, "28 satır"),
    ("side", 28, "28 sütun"),
)
BYTES = 4

MARGIN, ROW, HEIGHT, GAP = 4, 50, 40, 8
OFFSET, BYTE, MEANING = 112, 50, 200
WIDTH = 2 * MARGIN + OFFSET + BYTES * (BYTE + GAP) + GAP + MEANING

FIELD_STYLE = """
.byte text { font-family: ui-monospace, Consolas, "DejaVu Sans Mono", monospace; }
.magic rect { fill: #1f66ad; }
.count rect { fill: #a84a12; }
.side rect { fill: #7340a8; }
.pixels rect { fill: #536175; }
"""

SUMMARY = (
    "Yukarıdan aşağıya beş satır. İlk dördü dörder baytlık alanlardır: 2051 sayısı, "
    "görüntü sayısı, satır sayısı, sütun sayısı. Onlardan sonra, on altıncı bayttan "
    "başlayarak, her biri bir bayt olan pikseller gelir."
)


def draw_row(svg: ET.Element, row: int, kind: str, cells: list[str], meaning: str):
    """One field: where it lies, its bytes, what it means."""
    y = MARGIN + row * ROW
    first = row * BYTES
    last = first + BYTES - 1
    offset = f"bayt {first}–{last}" if kind != "pixels" else f"bayt {first}…"
    draw_cell(svg, "shape", offset, MARGIN, y, OFFSET)
    x = MARGIN + OFFSET + GAP
    for cell in cells:
        draw_cell(svg, f"byte {kind}", cell, x, y, BYTE)
        x += BYTE + GAP
    draw_cell(svg, kind, meaning, x, y, MEANING)


def draw_cell(svg: ET.Element, kind: str, text: str, x: int, y: int, width: int):
    """A text on a rectangle."""
    group = add(svg, "g", class_=kind)
    add(group, "rect", x=x, y=y, width=width, height=HEIGHT, rx=6)
    add(group, "text", text, x=x + width / 2, y=y + HEIGHT / 2)


def draw() -> str:
    """The whole picture as SVG text."""
    height = 2 * MARGIN + len(FIELDS) * ROW + HEIGHT
    svg = picture(
        "IDX biçimindeki bir görüntü dosyasının ilk baytları",
        SUMMARY,
        STYLE + FIELD_STYLE,
        WIDTH,
        height,
    )
    for row, (kind, value, meaning) in enumerate(FIELDS):
        cells = [f"{byte:02x}" for byte in struct.pack(">I", value)]
        draw_row(svg, row, kind, cells, meaning)
    draw_row(svg, len(FIELDS), "pixels", ["00", "00", "00", "…"], "pikseller, 0–255")
    return serialise(svg)


if __name__ == "__main__":
    write(TARGET, draw())
