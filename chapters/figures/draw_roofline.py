"""Draw ``roofline.svg``: what limits three layers of AlexNet on one processor.

The axes are logarithmic: FLOP per byte to the right, TFLOP/s upwards. The roof rises
with the bandwidth of the memory and is cut off by the peak of the arithmetic; both are
the H100's from the hardware table of the AlexNet chapter. A layer stands on the roof
above its intensity, which is computed from its sizes. No background, texts on fills,
as in ``draw_alexnet.py``, whose helpers this uses.

Run ``python chapters/figures/draw_roofline.py`` to write the file again. This is the
idea of the roofline; the layers that were measured are plotted in the chapter itself.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from math import log2
from pathlib import Path

from drawing import add, picture, serialise, write

TARGET = Path(__file__).with_name("roofline.svg")

PEAK, BANDWIDTH = 67, 3.35  # TFLOP/s and TB/s
RIDGE = PEAK / BANDWIDTH  # FLOP per byte

LEFT, RIGHT = 0.25, 1024  # FLOP per byte
BOTTOM, TOP = 0.5, 128  # TFLOP/s
OCTAVE_X, OCTAVE_Y = 54, 44  # pixels for a factor of two
STRIP_X, STRIP_Y = 78, 64  # pixels for the numbers and names of the axes
HEIGHT = round(OCTAVE_Y * log2(TOP / BOTTOM)) + STRIP_Y
WIDTH = round(OCTAVE_X * log2(RIGHT / LEFT)) + STRIP_X

STYLE = """
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
       "Noto Sans", Arial, sans-serif; font-size: 17px; text-anchor: middle;
       dominant-baseline: central; fill: #fff; }
.memory polygon { fill: #1f66ad; }
.arithmetic polygon { fill: #a84a12; }
.limit { font-weight: 700; }
.roof { fill: none; stroke: #7b8aa0; stroke-width: 5; stroke-linejoin: round; }
.axis rect, .layer rect { fill: #e8edf4; }
.layer rect { stroke: #7b8aa0; }
.axis text, .layer text { fill: #1b2430; }
.axis line { stroke: #7b8aa0; }
.layer line { stroke: #b9c3d1; stroke-width: 2; stroke-dasharray: 3 5; }
.layer circle { fill: #ffd54a; stroke: #1b2430; stroke-width: 2; }
"""


@dataclass(frozen=True)
class Layer:
    """A point on the roof: a layer at a batch size, and where its name stands."""

    name: str
    batch: int
    weights: int
    inputs: int  # numbers that come in, for one image
    outputs: int
    positions: int = 1  # how often an image uses each weight
    drop: int = 96  # pixels from the point down to its name

    @property
    def intensity(self) -> float:
        """FLOP per byte if each float32 number passes the memory bus once."""
        operations = 2 * self.batch * self.positions * self.weights
        numbers = self.weights + self.batch * (self.inputs + self.outputs)
        return operations / (4 * numbers)

    @property
    def label(self) -> list[str]:
        """Name, batch size and intensity, in two lines."""
        return [
            f"{self.name}, yığın {self.batch}",
            f"{turkish(self.intensity)} FLOP/bayt",
        ]


LAYERS = (
    Layer("tam bağlı 1", 1, 6400 * 4096, 6400, 4096, drop=-92),
    Layer("tam bağlı 1", 128, 6400 * 4096, 6400, 4096, drop=170),
    Layer("evrişim 2", 1, 96 * 256 * 25, 96 * 26 * 26, 256 * 26 * 26, 26 * 26, drop=84),
)

SUMMARY = (
    "Yatay eksen FLOP/bayt, dikey eksen TFLOP/s; ikisi de logaritmik. Çatı, bellek "
    "bant genişliğiyle yükselir ve tepe hızında düzleşir. Yığın 1'deki tam bağlı "
    "katman eğik kısımda, yığın 128'deki tam bağlı katman ile evrişim düz kısımdadır."
)


def turkish(x: float) -> str:
    """243.4 -> "243", 0.499 -> "0,5"."""
    return f"{x:.0f}" if x >= 10 else f"{x:.2g}".replace(".", ",")


def across(intensity: float) -> float:
    """Pixels from the left."""
    return round(STRIP_X + OCTAVE_X * log2(intensity / LEFT), 1)


def down(rate: float) -> float:
    """Pixels from the top, for TFLOP/s."""
    return round(OCTAVE_Y * log2(TOP / rate), 1)


def attainable(intensity: float) -> float:
    """The roof, in TFLOP/s."""
    return min(PEAK, BANDWIDTH * intensity)


def points(*pairs: tuple[float, float]) -> str:
    """(FLOP per byte, TFLOP/s), ... as an SVG list of pixels."""
    return " ".join(f"{across(x)},{down(y)}" for x, y in pairs)


def draw_regions(svg: ET.Element) -> None:
    """The two areas under the roof, and the roof."""
    start, ridge, end = (LEFT, attainable(LEFT)), (RIDGE, PEAK), (RIGHT, PEAK)
    memory = add(svg, "g", class_="memory")
    corners = points((LEFT, BOTTOM), start, ridge, (RIDGE, BOTTOM))
    add(memory, "polygon", points=corners)
    arithmetic = add(svg, "g", class_="arithmetic")
    corners = points((RIDGE, BOTTOM), ridge, end, (RIGHT, BOTTOM))
    add(arithmetic, "polygon", points=corners)
    add(svg, "polyline", class_="roof", points=points(start, ridge, end))


def draw_limits(svg: ET.Element) -> None:
    """What limits the speed, written at the foot of each area."""
    y = down(BOTTOM) - 24
    names = ("bellek bant genişliği sınırlar", LEFT), ("hesap gücü sınırlar", RIGHT)
    for text, edge in names:
        middle = (across(edge) + across(RIDGE)) / 2
        add(svg, "text", text, class_="limit", x=round(middle, 1), y=y)


def draw_axes(svg: ET.Element) -> None:
    """Strips with numbers to the left and below."""
    axis, floor = add(svg, "g", class_="axis"), down(BOTTOM)
    add(axis, "rect", x=0, y=0, width=STRIP_X, height=HEIGHT)
    add(axis, "rect", x=STRIP_X, y=floor, width=WIDTH - STRIP_X, height=STRIP_Y)
    for value in (0.5, 1, 4, 16, 64, 256):
        add(axis, "text", turkish(value), x=across(value), y=floor + 18)
    middle = round((STRIP_X + WIDTH) / 2)
    add(axis, "text", "yoğunluk (FLOP/bayt)", x=middle, y=floor + 44)
    for value in (1, 2, 4, 8, 16, 32, 64):
        add(axis, "text", turkish(value), x=STRIP_X - 20, y=down(value))
    x, y = 22, round(floor / 2)
    turn = f"rotate(-90 {x} {y})"
    add(axis, "text", "hız (TFLOP/s)", x=x, y=y, transform=turn)


def draw_layer(svg: ET.Element, layer: Layer) -> None:
    """A point on the roof and, under or over it, its name."""
    group = add(svg, "g", class_="layer")
    x, y = across(layer.intensity), down(attainable(layer.intensity))
    add(group, "line", x1=x, y1=y, x2=x, y2=y + layer.drop)
    add(group, "circle", cx=x, cy=y, r=8)
    width, height = 8 * max(map(len, layer.label)) + 20, 48
    first = STRIP_X if layer.intensity < RIDGE else across(RIDGE)
    left = min(max(x - width / 2, first + 6), WIDTH - width - 6)
    middle = y + layer.drop
    box = {"x": round(left, 1), "y": round(middle - height / 2, 1)}
    add(group, "rect", **box, width=width, height=height, rx=8)
    for line, offset in zip(layer.label, (-11, 11), strict=True):
        text = {"x": round(left + width / 2, 1), "y": round(middle + offset, 1)}
        add(group, "text", line, **text)


def draw() -> str:
    """The whole picture as SVG text."""
    svg = picture("H100 için çatı modeli", SUMMARY, STYLE, WIDTH, HEIGHT)
    draw_regions(svg)
    draw_limits(svg)
    draw_axes(svg)
    for layer in LAYERS:
        draw_layer(svg, layer)
    return serialise(svg)


if __name__ == "__main__":
    write(TARGET, draw())
