"""Draw ``parallelism.svg``: data and model parallelism, each with two workers.

On the left each worker has the whole network and half of the batch, on the right the
whole batch and half of each layer. What travels between the workers is pink. No
background, texts on fills of their own: give the image the class ``dark-light``.

Run ``python chapters/figures/draw_parallelism.py`` to write the file again.
"""

import xml.etree.ElementTree as ET
from pathlib import Path

from drawing import add, picture, serialise, write

TARGET = Path(__file__).with_name("parallelism.svg")

MARGIN, PANEL, GUTTER = 6, 330, 28
WIDTH = 2 * MARGIN + 2 * PANEL + GUTTER
COLUMN, BOX, ROW = 148, 44, 76
TITLE, NAMES = 40, 30
TOP = TITLE + NAMES
LAYERS = ("evrişim 1", "evrişim 2", "tam bağlı")
HEIGHT = TOP + (len(LAYERS) + 1) * ROW + BOX + MARGIN

STYLE = """
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
       "Noto Sans", Arial, sans-serif; font-size: 15px; text-anchor: middle;
       dominant-baseline: central; }
.title { font-size: 18px; font-weight: 700; fill: #6f7f95; }
.worker { font-weight: 600; fill: #6f7f95; }
.box text { font-weight: 600; fill: #fff; }
.data rect { fill: #536175; }
.layer rect { fill: #1f66ad; }
.flow { stroke: #7b8aa0; stroke-width: 2.5; }
.tip { fill: #7b8aa0; }
.cross { stroke: #c2187a; stroke-width: 2.5; }
.head { fill: #c2187a; }
.exchange rect { fill: #c2187a; }
"""

SUMMARY = (
    "İki çizim, her birinde iki işçi. Solda veri paralelliği: işçi 1 yığının ilk, işçi "
    "2 ikinci yarısını okur; ikisinde de ağın tamamı vardır, gradyanlar toplanır. "
    "Sağda model paralelliği: iki işçi de bütün yığını okur, her birinde her katmanın "
    "yarısı vardır; çapraz oklar, katmanların çıktılarının değiş tokuş edildiğini "
    "gösterir."
)


def column(worker: int) -> float:
    """The middle of a worker's column in its panel."""
    return COLUMN / 2 if worker == 0 else PANEL - COLUMN / 2


def draw_box(
    panel: ET.Element, kind: str, text: str, middle: float, y: float, width: float
) -> None:
    """A box with one line of text."""
    group = add(panel, "g", class_=f"box {kind}")
    add(group, "rect", x=middle - width / 2, y=y, width=width, height=BOX, rx=8)
    add(group, "text", text, x=middle, y=y + BOX / 2)


def draw_down(panel: ET.Element, x: float, y: float) -> None:
    """An arrow from the box that begins at ``y`` to the next one below."""
    start, end = y + BOX, y + ROW
    add(panel, "line", class_="flow", x1=x, y1=start, x2=x, y2=end - 8)
    add(panel, "path", class_="tip", d=f"M{x - 6} {end - 10}h12l-6 9z")


def draw_worker(panel: ET.Element, worker: int, data: str, part: str, width: int):
    """One worker: what it reads, and its layers below."""
    x = column(worker)
    add(panel, "text", f"İşçi {worker + 1}", class_="worker", x=x, y=TITLE + NAMES / 2)
    draw_box(panel, "data", data, x, TOP, COLUMN)
    for row, layer in enumerate(LAYERS, start=1):
        draw_down(panel, x, TOP + (row - 1) * ROW)
        draw_box(panel, "layer", f"{part}{layer}", x, TOP + row * ROW, width)


def draw_gradients(panel: ET.Element) -> None:
    """Below the workers: their gradients meet in one sum, which both get."""
    y = TOP + (len(LAYERS) + 1) * ROW
    draw_box(panel, "exchange", "gradyanların toplamı", PANEL / 2, y, PANEL)
    for worker in (0, 1):
        x, top = column(worker), y - ROW + BOX
        add(panel, "line", class_="cross", x1=x, y1=top + 8, x2=x, y2=y - 8)
        add(panel, "path", class_="head", d=f"M{x - 6} {top + 10}h12l-6 -9z")
        add(panel, "path", class_="head", d=f"M{x - 6} {y - 10}h12l-6 9z")


def draw_crossings(panel: ET.Element) -> None:
    """Between the workers: each layer but the first reads the other half as well."""
    for row in range(2, len(LAYERS) + 1):
        y = TOP + row * ROW
        for worker, side in ((0, 1), (1, -1)):
            x1 = column(worker) + side * COLUMN / 4
            x2 = column(1 - worker) - side * COLUMN / 3
            line = {"x1": x1, "y1": y - ROW + BOX, "x2": x2, "y2": y - 8}
            add(panel, "line", class_="cross", **line)
            add(panel, "path", class_="head", d=f"M{x2 - 6} {y - 10}h12l-6 9z")


def draw_panel(svg: ET.Element, name: str, title: str, x: int) -> ET.Element:
    """An empty panel below its title."""
    panel = add(svg, "g", id=name, transform=f"translate({x} 0)")
    add(panel, "text", title, class_="title", x=PANEL / 2, y=TITLE / 2)
    return panel


def draw() -> str:
    """The whole picture as SVG text."""
    svg = picture(
        "Veri paralelliği ve model paralelliği", SUMMARY, STYLE, WIDTH, HEIGHT
    )
    data = draw_panel(svg, "data", "Veri paralelliği", MARGIN)
    for worker, half in enumerate(("yığının 1. yarısı", "yığının 2. yarısı")):
        draw_worker(data, worker, half, "", COLUMN)
    draw_gradients(data)
    model = draw_panel(svg, "model", "Model paralelliği", MARGIN + PANEL + GUTTER)
    for worker in (0, 1):
        draw_worker(model, worker, "yığının tamamı", "½ ", COLUMN)
    draw_crossings(model)
    return serialise(svg)


if __name__ == "__main__":
    write(TARGET, draw())
