"""Draw ``lenet.svg``: what flows through LeNet, from the image to ten numbers.

A feature map is a square as large as its numbers are many; in the vectors of the lower
row every small square is one number. Layers and shapes come from ``draw_alexnet``, so
that the two pictures cannot tell different things. No background, texts on fills of
their own: give the image the class ``dark-light``.

Run ``python chapters/figures/draw_lenet.py`` to write the file again. This is a
drawing, not a model.
"""

import xml.etree.ElementTree as ET
from pathlib import Path

from draw_alexnet import LENET, Dense, Flatten, Shape, Window
from drawing import add, number, picture, serialise, write

TARGET = Path(__file__).with_name("lenet.svg")

MARGIN, COLUMN, BOX, PILL = 6, 128, 72, 24
WIDTH = 2 * MARGIN + 5 * COLUMN
MAPS, VECTORS = 142, 104  # heights of the rows' drawings
ROWS = (8, 8 + BOX + MAPS + PILL + 48)  # tops of the two rows of layers
HEIGHT = ROWS[1] + BOX + VECTORS + PILL + MARGIN
PIXEL = 3  # side of one number of a feature map
CELL = 5  # side of one number of a vector
VECTOR_ROWS = {400: 20, 120: 12, 84: 12, 10: 10}

STYLE = """
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
       "Noto Sans", Arial, sans-serif; font-size: 17px; text-anchor: middle;
       dominant-baseline: central; fill: #fff; }
.name { font-weight: 700; }
.detail { font-size: 16px; }
.data rect { fill: #536175; }
.conv rect { fill: #1f66ad; }
.pool rect { fill: #a84a12; }
.dense rect { fill: #7340a8; }
.flow { stroke: #7b8aa0; stroke-width: 2.5; fill: none; }
.tip { fill: #7b8aa0; }
.map { stroke: #e8edf4; stroke-width: 0.8; }
.of-data { fill: #7b8aa0; }
.of-conv { fill: #3d8ad8; }
.of-pool { fill: #d97a3d; }
.of-dense { fill: #a677d6; }
.window { fill: none; stroke: #f5b400; stroke-width: 2; }
.ray { stroke: #f5b400; stroke-width: 1.5; stroke-dasharray: 4 3; }
.shape rect { fill: #e8edf4; stroke: #7b8aa0; }
.shape text { fill: #1b2430; }
"""

SUMMARY = (
    "LeNet'ten geçen sayılar, soldan sağa iki sırada. Üst sırada 28×28'lik girdi "
    "görüntüsü, 5×5 evrişimin verdiği 6 öznitelik haritası, bunların 14×14'e "
    "havuzlanmışı, ikinci evrişimin 10×10'luk 16 haritası ve 5×5'e havuzlanmışı "
    "üst üste kareler olarak durur. Alt sırada 400 sayıya düzleştirilmiş hâli ve tam "
    "bağlı katmanların 120, 84 ve 10 çıktısı küçük kareler olarak dizilidir."
)


def lines(layer: Window | Flatten | Dense) -> list[str]:
    """What a layer's box says, in words that fit a narrow box."""
    if isinstance(layer, Dense):
        last = layer.detail.startswith("her")
        return ["Tam bağlı", "sınıf puanları" if last else layer.detail]
    if isinstance(layer, Flatten):
        return ["Düzleştirme"]
    size = f"{layer.size}×{layer.size}"
    if layer.kind == "pool":
        return ["Ortalama", "havuzlama", f"{size}, adım {layer.stride}"]
    return [f"Evrişim {size}", f"dolgu {layer.padding}", layer.activation]


def draw_box(svg: ET.Element, kind: str, texts: list[str], middle: float, y: int):
    """A layer: its lines on the colour of its kind."""
    group = add(svg, "g", class_=kind)
    box = {"x": middle - COLUMN / 2 + 3, "width": COLUMN - 6, "height": BOX}
    add(group, "rect", y=y, rx=8, **box)
    for n, text in enumerate(texts):
        place = y + BOX / 2 + 21 * (n - (len(texts) - 1) / 2)
        style = "detail" if n else "name"
        add(group, "text", text, class_=style, x=middle, y=place)


def draw_shape(svg: ET.Element, shape: Shape, middle: float, y: float) -> None:
    """The shape of a layer's output on its own light fill."""
    text = " × ".join(map(number, shape))
    width = 9 * len(text) + 14
    group = add(svg, "g", class_="shape")
    rect = {"x": middle - width / 2, "width": width, "height": PILL, "rx": PILL / 2}
    add(group, "rect", y=y, **rect)
    add(group, "text", text, x=middle, y=y + PILL / 2)


def draw_maps(svg: ET.Element, kind: str, shape: Shape, middle: float, centre: float):
    """A stack of square feature maps; return left, top and side of the front one."""
    channels, side, _ = shape
    side, step = PIXEL * side, {1: 0, 6: 4, 16: 3}[channels]
    spread = step * (channels - 1)
    left, top = middle - (side + spread) / 2, centre - (side + spread) / 2
    for n in reversed(range(channels)):  # the front one last, at the lower left
        place = {"x": left + step * n, "y": top + spread - step * n}
        add(svg, "rect", class_=f"map of-{kind}", width=side, height=side, **place)
    return left, top + spread, side


def draw_vector(svg: ET.Element, kind: str, length: int, middle: float, centre: float):
    """A vector as a block of small squares, one a number; return half its width."""
    rows = VECTOR_ROWS[length]
    columns = length // rows
    left, top = middle - CELL * columns / 2, centre - CELL * rows / 2
    square = CELL - 1
    cells = (
        f"M{left + CELL * (n % columns):g} {top + CELL * (n // columns):g}"
        f"h{square}v{square}h-{square}z"
        for n in range(length)
    )
    add(svg, "path", class_=f"of-{kind}", d="".join(cells))
    return CELL * columns / 2


def draw_arrow(svg: ET.Element, start: float, end: float, y: float) -> None:
    """A line to the right."""
    add(svg, "line", class_="flow", x1=start, y1=y, x2=end - 6, y2=y)
    add(svg, "path", class_="tip", d=f"M{end - 9:g} {y - 6:g}v12l9 -6z")


def draw_window(svg: ET.Element, source: tuple, target: tuple) -> None:
    """The 5×5 window on the image, and the one number of the first map it gives."""
    (left, top, _), (map_left, map_top, _) = source, target
    size = 5 * PIXEL
    x, y = left + 19 * PIXEL, top + 6 * PIXEL
    to_x, to_y = map_left + 2 * PIXEL, map_top + 8 * PIXEL
    add(svg, "rect", class_="window", x=x, y=y, width=size, height=size)
    for corner in (y, y + size):
        add(svg, "line", class_="ray", x1=x + size, y1=corner, x2=to_x, y2=to_y)
    dot = {"x": to_x - 2, "y": to_y - 2, "width": 4, "height": 4}
    add(svg, "rect", class_="window", **dot)


def draw_feature_maps(svg: ET.Element, layers: tuple, shape: Shape) -> Shape:
    """The upper row: the image and the four layers that make maps."""
    top = ROWS[0]
    centre, fronts = top + BOX + MAPS / 2, []
    for n, layer in enumerate([None, *layers]):
        middle = MARGIN + COLUMN * (n + 0.5)
        kind, texts = ("data", ["Girdi", "görüntüsü"])
        if layer is not None:
            kind, texts, shape = layer.kind, lines(layer), layer.output(shape)
        draw_box(svg, kind, texts, middle, top)
        fronts.append(draw_maps(svg, kind, shape, middle, centre))
        draw_shape(svg, shape, middle, top + BOX + MAPS)
        if n > 1:
            draw_arrow(svg, middle - COLUMN / 2 - 10, middle - COLUMN / 2 + 12, centre)
    draw_window(svg, *fronts[:2])
    return shape


def draw_vectors(svg: ET.Element, layers: tuple, shape: Shape) -> None:
    """The lower row: the flattened maps and the fully connected layers."""
    top, pitch = ROWS[1], 5 * COLUMN / 4
    centre, edge = top + BOX + VECTORS / 2 + 2, None
    for n, layer in enumerate(layers):
        middle = MARGIN + pitch * (n + 0.5)
        shape = layer.output(shape)
        draw_box(svg, layer.kind, lines(layer), middle, top)
        half = draw_vector(svg, layer.kind, *shape, middle, centre)
        if edge is not None:
            draw_arrow(svg, edge + 14, middle - half - 14, centre)
        edge = middle + half
        draw_shape(svg, shape, middle, top + BOX + VECTORS + 4)


def draw_turn(svg: ET.Element) -> None:
    """The way from the end of the upper row to the beginning of the lower one."""
    start, end = MARGIN + 4.5 * COLUMN, MARGIN + 5 * COLUMN / 8
    top, bottom = ROWS[0] + BOX + MAPS + PILL, ROWS[1]
    level = (top + bottom) / 2
    path = f"M{start:g} {top}V{level:g}H{end:g}V{bottom - 6}"
    add(svg, "path", class_="flow", d=path)
    add(svg, "path", class_="tip", d=f"M{end - 6:g} {bottom - 9}h12l-6 9z")


def draw() -> str:
    """The whole picture as SVG text."""
    svg = picture("LeNet'ten geçen sayılar", SUMMARY, STYLE, WIDTH, HEIGHT)
    layers = [layer for layer in LENET.layers if layer is not None]
    windows = tuple(layer for layer in layers if isinstance(layer, Window))
    draw_turn(svg)
    shape = draw_feature_maps(svg, windows, LENET.image)
    draw_vectors(svg, tuple(layers[len(windows) :]), shape)
    return serialise(svg)


if __name__ == "__main__":
    write(TARGET, draw())
