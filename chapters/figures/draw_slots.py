"""Draw ``slots.svg``: how long 400 notebooks take on some slots, and the least time.

The numbers are those of ``benchmarks/slots.py``, from benchmarks/results. Both axes are
logarithmic: slots to the right, minutes upwards. Below the line nothing can be: it is
the longest notebook, or all of them divided by the slots. No background, texts on
fills, as in ``draw_alexnet.py``.

Run ``python chapters/figures/draw_slots.py`` to write the file again.
"""

import json
import xml.etree.ElementTree as ET
from math import log2
from pathlib import Path

from drawing import add, number, picture, serialise, write

TARGET = Path(__file__).with_name("slots.svg")
RESULTS = TARGET.parents[2] / "benchmarks" / "results" / "slots.json"

OCTAVE_X, OCTAVE_Y = 104, 56  # pixels for a factor of two
STRIP_X, STRIP_Y, EDGE = 92, 64, 40

WAYS = {"cluster": "boşalan yere sıradaki", "shard": "önceden paylara ayrılmış"}
"""``cluster`` stands for ``execute --jobs`` too: what they differ by is not seen."""

STYLE = """
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
       "Noto Sans", Arial, sans-serif; font-size: 17px; text-anchor: middle;
       dominant-baseline: central; fill: #1b2430; }
.impossible { fill: #1f66ad; }
.limit { fill: #fff; font-weight: 700; }
.axis rect, .key rect { fill: #e8edf4; }
.axis line { stroke: #7b8aa0; }
.key rect { stroke: #7b8aa0; }
.key text { text-anchor: start; }
.cluster { fill: #ffd54a; stroke: #1b2430; stroke-width: 2; }
.shard { fill: #a84a12; stroke: #fff; stroke-width: 2; }
"""


def summary(found: dict) -> str:
    """What the picture shows, in words."""
    last = max(found, key=int)
    first = number(round(found["1"]["bound"] / 60))
    least = number(round(found[last]["bound"] / 60))
    share = number(round(found[last]["shard"] / 60))
    return (
        "Yatay eksen aynı anda çalışabilen defter sayısı, dikey eksen dakika; ikisi de "
        f"logaritmik. En kısa süre 1 işte {first}, {last} işte {least} dakikadır. "
        "Boşalan yere sıradaki defter verilince süre bu sınırdadır; önceden paylara "
        f"ayrılmış defterler {last} makinede {share} dakikada biter."
    )


class Plane:
    """Where slots and minutes lie; sizes follow from what is drawn."""

    def __init__(self, found: dict):
        self.slots = [int(each) for each in found]
        seconds = [each[way] for each in found.values() for way in ("bound", *WAYS)]
        self.top = 2 ** (log2(max(seconds) / 60) + 0.4)
        self.bottom = 2 ** (log2(min(seconds) / 60) - 1.2)
        self.floor = round(OCTAVE_Y * log2(self.top / self.bottom))
        self.width = round(STRIP_X + EDGE * 2 + OCTAVE_X * log2(max(self.slots)))
        self.height = self.floor + STRIP_Y

    def across(self, slots: int) -> float:
        """Pixels from the left."""
        return round(STRIP_X + EDGE + OCTAVE_X * log2(slots), 1)

    def down(self, seconds: float) -> float:
        """Pixels from the top."""
        return round(OCTAVE_Y * log2(self.top / (seconds / 60)), 1)


def draw_bound(svg: ET.Element, found: dict, plane: Plane) -> None:
    """The area of times that nothing can reach."""
    line = [
        (plane.across(int(n)), plane.down(each["bound"])) for n, each in found.items()
    ]
    left, right = (STRIP_X, line[0][1]), (plane.width, line[-1][1])
    corners = [left, *line, right, (plane.width, plane.floor), (STRIP_X, plane.floor)]
    points = " ".join(f"{x},{y}" for x, y in corners)
    add(svg, "polygon", class_="impossible", points=points)
    x, y = plane.across(2), plane.floor - 30
    add(svg, "text", "bundan kısası olamaz", class_="limit", x=x, y=y)


def draw_axes(svg: ET.Element, plane: Plane) -> None:
    """Strips with numbers to the left and below."""
    axis, floor = add(svg, "g", class_="axis"), plane.floor
    add(axis, "rect", x=0, y=0, width=STRIP_X, height=plane.height)
    wide = plane.width - STRIP_X
    add(axis, "rect", x=STRIP_X, y=floor, width=wide, height=STRIP_Y)
    for slots in plane.slots:
        add(axis, "text", str(slots), x=plane.across(slots), y=floor + 18)
    middle = round((STRIP_X + plane.width) / 2)
    add(axis, "text", "aynı anda çalışan defter", x=middle, y=floor + 44)
    minutes = 25
    while minutes < plane.top:
        add(axis, "text", number(minutes), x=STRIP_X - 26, y=plane.down(60 * minutes))
        minutes *= 2
    x, y = 22, round(floor / 2)
    turn = f"rotate(-90 {x} {y})"
    add(axis, "text", "süre (dakika)", x=x, y=y, transform=turn)


def mark(parent: ET.Element, way: str, x: float, y: float) -> None:
    """A point: round for one way, square for the other."""
    if way == "cluster":
        add(parent, "circle", class_=way, cx=x, cy=y, r=8)
    else:
        box = {"x": round(x - 7, 1), "y": round(y - 7, 1), "width": 14, "height": 14}
        add(parent, "rect", class_=way, **box)


def draw_key(svg: ET.Element, plane: Plane) -> None:
    """What the points stand for."""
    key = add(svg, "g", class_="key")
    left, width = plane.width - 296, 280
    add(key, "rect", x=left, y=16, width=width, height=76, rx=8)
    for row, (way, name) in enumerate(WAYS.items()):
        y = 38 + 32 * row
        mark(svg, way, left + 24, y)
        add(key, "text", name, x=left + 44, y=y)


def draw() -> str:
    """The whole picture as SVG text."""
    raw = json.loads(RESULTS.read_text(encoding="utf-8"))
    found, plane = raw["slots"], Plane(raw["slots"])
    title = f"{raw['notebooks']} defterin süresi"
    svg = picture(title, summary(found), STYLE, plane.width, plane.height)
    draw_bound(svg, found, plane)
    draw_axes(svg, plane)
    for way in reversed(WAYS):
        for slots, each in found.items():
            mark(svg, way, plane.across(int(slots)), plane.down(each[way]))
    draw_key(svg, plane)
    return serialise(svg)


if __name__ == "__main__":
    write(TARGET, draw())
