"""What the scripts ``draw_*.py`` share: an SVG picture, its elements, and its file.

A picture introduces itself in words and needs nothing from outside. What is in it is
the scripts' own business.
"""

import os
import xml.etree.ElementTree as ET
from pathlib import Path


def picture(title: str, summary: str, style: str, width: int, height: int):
    """Return an empty picture: ``summary`` says in words what it shows."""
    svg = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", lang="tr", role="img")
    svg.attrib |= {"viewBox": f"0 0 {width} {height}", "width": str(width)}
    svg.attrib |= {"height": str(height), "aria-labelledby": "title desc"}
    add(svg, "title", title, id="title")
    add(svg, "desc", summary, id="desc")
    add(svg, "style", style)
    return svg


def add(
    parent: ET.Element, tag: str, text: str | None = None, **attributes
) -> ET.Element:
    """Append an SVG element; ``class_`` stands for ``class``."""
    names = {key.rstrip("_"): str(value) for key, value in attributes.items()}
    element = ET.SubElement(parent, tag, names)
    element.text = text
    return element


def number(n: int) -> str:
    """4096 -> "4.096", as Turkish prose writes it."""
    return f"{n:,}".replace(",", ".")


def serialise(svg: ET.Element) -> str:
    """Indented text, one element a line, so that a change shows in a diff."""
    ET.indent(svg)
    return ET.tostring(svg, encoding="unicode") + "\n"


def write(target: Path, text: str) -> None:
    """Put a picture's text into its file at one stroke."""
    draft = target.with_suffix(".tmp")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, target)
