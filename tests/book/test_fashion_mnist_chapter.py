"""The chapter on the data set: its picture of a header is a header."""

import re
import struct
import xml.etree.ElementTree as ET
from pathlib import Path

from d2l_shim import fashion_mnist

CHAPTERS = Path(__file__).parents[2] / "chapters"
SVG = "{http://www.w3.org/2000/svg}"


def test_the_drawn_bytes_are_the_header_of_the_official_training_images():
    root = ET.parse(CHAPTERS / "figures" / "idx.svg").getroot()
    bytes_of = {"magic": [], "count": [], "side": []}
    for group in root.iter(f"{SVG}g"):
        kind, *field = group.get("class").split()
        if kind == "byte" and field[0] in bytes_of:
            bytes_of[field[0]].append(group.find(f"{SVG}text").text)
    header = bytes.fromhex("".join(sum(bytes_of.values(), [])))
    train, _ = fashion_mnist.OFFICIAL_COUNTS
    assert struct.unpack(">4I", header) == (0x0803, train, 28, 28)


def test_the_table_lists_the_official_files():
    chapter = (CHAPTERS / "fashion_mnist.md").read_text(encoding="utf-8")
    table = chapter.partition(":name: tab_idx_files")[2].partition("```\n")[0]
    assert re.findall(r"^\| `(\S+)`", table, re.M) == list(fashion_mnist.SHA256)
