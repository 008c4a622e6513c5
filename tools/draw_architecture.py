"""Draws ARCHITECTURE.svg: the packages and the engine's rooms, from the code's imports.

    .venv/bin/python tools/draw_architecture.py

An arrow leads from who imports to what is imported; its number says how many imports
there are. Which arrows are allowed is import-linter's business (``make lint``), which
reads the same graph.
"""

from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

import grimp

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "ARCHITECTURE.svg"

FLOW = "source store split execute merge render rebuild editions serve".split()
"""The rooms of ``framework_tabs`` from left to right."""
PACKAGES = (
    "sphinx_turkish",
    "api_tabs",
    "d2l_import",
    "book_theme",
    "architecture_explorer",
    "d2l_shim",
)

STEP, BOX, HEIGHT, TOP = 122, 96, 44, 190
WIDTH = STEP * len(FLOW) + 30


def arrows() -> Counter[tuple[str, str]]:
    """Count the imports between rooms, and between packages."""
    graph = grimp.build_graph("framework_tabs", *PACKAGES, cache_dir=None)
    found = Counter()
    for module in graph.modules:
        for other in graph.find_modules_directly_imported_by(module):
            pair = place(module), place(other)
            if pair[0] != pair[1]:
                found[pair] += 1
    return found


def place(module: str) -> str:
    """The room or the package that a module is in."""
    package, *inner = module.split(".")
    if package != "framework_tabs":
        return package
    return inner[0] if inner and inner[0] in FLOW else "framework_tabs"


def picture(found: Counter[tuple[str, str]]) -> str:
    """The drawing: rooms on a line, an arc for each pair of them, packages below."""
    shapes = []
    for (start, end), count in sorted(found.items()):
        if start in FLOW and end in FLOW:
            shapes.append(arc(start, end, count))
    shapes += [box(name, middle(name), TOP) for name in FLOW]
    for number, name in enumerate(PACKAGES):
        x = 15 + (WIDTH - 30) * (number + 0.5) / len(PACKAGES)
        shapes.append(box(name, x, TOP + 120, width=158))
        uses = sorted({end for start, end in found if start == name})
        text = f"uses {', '.join(uses)}" if uses else "uses no other package"
        shapes.append(note(text, x, TOP + 182))
    return "\n".join([HEAD, *shapes, "</svg>", ""])


HEAD = f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {TOP + 205}" role="img"
     width="{WIDTH}" height="{TOP + 205}" aria-labelledby="title desc">
<title id="title">The packages and the rooms of the engine</title>
<desc id="desc">Imports between the rooms of framework_tabs all point left.</desc>
<style>
  svg {{ background: #fff }}
  rect {{ fill: #f4f6fa; stroke: #33415c }}
  path {{ fill: none; stroke: #7286ab }}
  text {{ font: 14px sans-serif; fill: #1b2436; text-anchor: middle }}
  .note {{ font-size: 10px }}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"
  markerHeight="7" orient="auto">
  <path d="M0 0L8 4L0 8z" style="fill: #7286ab"/></marker>
</defs>"""


def middle(name: str) -> float:
    """Where the middle of a room's box is."""
    return 15 + STEP * (FLOW.index(name) + 0.5)


def box(name: str, x: float, y: float, width: float = BOX) -> str:
    """A box with its name."""
    return (
        f'<rect x="{x - width / 2:.0f}" y="{y}" width="{width}" height="{HEIGHT}" '
        f'rx="6"/>\n<text x="{x:.0f}" y="{y + 27}">{escape(name)}</text>'
    )


def arc(start: str, end: str, count: int) -> str:
    """An arrow above the boxes; the further it leads the higher it goes."""
    a, b = middle(start), middle(end)
    far = abs(FLOW.index(start) - FLOW.index(end))
    shift = 14 if a > b else -14
    height = TOP - 26 * far - 8
    return (
        f'<path d="M{a - shift:.0f} {TOP}C{a - shift:.0f} {height} {b + shift:.0f} '
        f'{height} {b + shift:.0f} {TOP - 2}" stroke-width="{1 + count**0.5 / 3:.1f}" '
        f'marker-end="url(#tip)"/>\n'
        f'<text class="note" x="{(a + b) / 2:.0f}" '
        f'y="{TOP - 0.75 * (TOP - height) - 3:.0f}">{count}</text>'
    )


def note(text: str, x: float, y: float) -> str:
    """Small text below a box, two names a line."""
    words, lines = text.split(", "), []
    while words:
        lines.append(", ".join(words[:3]) + ("," if words[3:] else ""))
        words = words[3:]
    return "\n".join(
        f'<text class="note" x="{x:.0f}" y="{y + 12 * n:.0f}">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )


if __name__ == "__main__":
    TARGET.write_text(picture(arrows()), encoding="utf-8")
