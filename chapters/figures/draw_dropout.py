"""Draw ``dropout.svg``: one network twice, whole and with dropped units.

The connections are computed from the units: whoever touches a dropped unit is left
out. No background, texts on fills of their own: give the image the class
``dark-light``.

Run ``python chapters/figures/draw_dropout.py`` to write the file again. This is a
drawing, not a model.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

from drawing import add, picture, serialise, write

TARGET = Path(__file__).with_name("dropout.svg")

LAYERS = ((4, "girdi"), (6, "gizli"), (6, "gizli"), (3, "çıktı"))
# (layer, unit): half of each hidden layer
DROPPED = {(1, 0), (1, 2), (1, 5), (2, 1), (2, 3), (2, 4)}

MARGIN, PANEL, GUTTER = 6, 282, 16
WIDTH = 2 * MARGIN + 2 * PANEL + GUTTER
TITLE, PITCH, RADIUS, PILL = 48, 46, 15, 26
STEP = 72  # from layer to layer
TALLEST = max(units for units, _ in LAYERS)
HEIGHT = TITLE + TALLEST * PITCH + PILL + MARGIN

STYLE = """
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
       "Noto Sans", Arial, sans-serif; font-size: 17px; text-anchor: middle;
       dominant-baseline: central; }
.title { font-size: 20px; font-weight: 700; fill: #6f7f95; }
.link { stroke: #7b8aa0; stroke-width: 1.3; }
.data { fill: #536175; }
.hidden { fill: #1f66ad; }
.result { fill: #7340a8; }
.dropped { fill: none; stroke: #7b8aa0; stroke-width: 1.6; stroke-dasharray: 4 3; }
.cross { stroke: #c2410c; stroke-width: 2.4; }
.shape rect { fill: #e8edf4; stroke: #7b8aa0; }
.shape text { fill: #1b2430; }
"""

SUMMARY = (
    "Aynı ağ iki kez: dört girdi, altışar birimli iki gizli katman, üç çıktı. Solda "
    "bütün birimler ve aralarındaki bütün bağlantılar vardır. Sağda gizli katmanların "
    "her birinde üç birim kapatılmıştır; bunlara giren ve onlardan çıkan bağlantılar "
    "yoktur."
)

Unit = tuple[int, int]


def place(unit: Unit) -> tuple[float, float]:
    """Where a unit stands in its panel."""
    layer, row = unit
    units, _ = LAYERS[layer]
    middle = TITLE + TALLEST * PITCH / 2
    left = (PANEL - STEP * (len(LAYERS) - 1)) / 2
    return left + STEP * layer, middle + PITCH * (row - (units - 1) / 2)


def units() -> Iterator[Unit]:
    """Every unit, layer by layer."""
    for layer, (count, _) in enumerate(LAYERS):
        yield from ((layer, row) for row in range(count))


def links(dropped: set[Unit]) -> Iterator[tuple[Unit, Unit]]:
    """Every connection of neighbouring layers whose two units are there."""
    present = [unit for unit in units() if unit not in dropped]
    for source in present:
        for target in present:
            if target[0] == source[0] + 1:
                yield source, target


def draw_unit(panel: ET.Element, unit: Unit, dropped: bool) -> None:
    """A disc, or a crossed-out ring if the unit is dropped."""
    x, y = place(unit)
    kinds = {0: "data", len(LAYERS) - 1: "result"}
    kind = "dropped" if dropped else kinds.get(unit[0], "hidden")
    add(panel, "circle", class_=kind, cx=x, cy=y, r=RADIUS)
    if dropped:
        d = 7
        cross = f"M{x - d} {y - d}L{x + d} {y + d}M{x - d} {y + d}L{x + d} {y - d}"
        add(panel, "path", class_="cross", d=cross)


def draw_names(panel: ET.Element) -> None:
    """The names of the layers below them."""
    for layer, (_, name) in enumerate(LAYERS):
        x, _ = place((layer, 0))
        y = TITLE + TALLEST * PITCH
        group = add(panel, "g", class_="shape")
        box = {"x": x - 32, "y": y, "width": 64, "height": PILL, "rx": PILL / 2}
        add(group, "rect", **box)
        add(group, "text", name, x=x, y=y + PILL / 2)


def draw_panel(svg: ET.Element, name: str, title: str, dropped: set[Unit], x: int):
    """One network below its title."""
    panel = add(svg, "g", id=name, transform=f"translate({x} 0)")
    add(panel, "text", title, class_="title", x=PANEL / 2, y=TITLE / 2)
    for source, target in links(dropped):
        (x1, y1), (x2, y2) = place(source), place(target)
        add(panel, "line", class_="link", x1=x1, y1=y1, x2=x2, y2=y2)
    for unit in units():
        draw_unit(panel, unit, unit in dropped)
    draw_names(panel)


def draw() -> str:
    """The whole picture as SVG text."""
    svg = picture(
        "Birimleri kapatılmış ve kapatılmamış ağ", SUMMARY, STYLE, WIDTH, HEIGHT
    )
    draw_panel(svg, "whole", "Tahminde: ağın tamamı", set(), MARGIN)
    right = MARGIN + PANEL + GUTTER
    draw_panel(svg, "thinned", "Eğitimin bir adımında", DROPPED, right)
    return serialise(svg)


if __name__ == "__main__":
    write(TARGET, draw())
