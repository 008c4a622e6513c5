"""Mends the HTML that Sphinx and its extensions write.

Images get their size, so that nothing jumps when they come; English labels and roles
that browsers no longer know go. All that is done in the finished HTML, in which the
images of outputs stand, too; a size given to Sphinx would become a style, which the
policy of the site forbids.
"""

import re
from functools import cache
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image
from sphinx.application import Sphinx

IMAGE = re.compile(r'<img\b(?=[^>]*\ssrc="(?P<src>[^"]+)")(?P<rest>[^>]*)>')
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.I)
"""How the address of a picture begins that is no file of the site."""
DAMAGED = (ElementTree.ParseError, Image.DecompressionBombError)
UNITS = {"": 1, "px": 1, "pt": 4 / 3}
NEEDLESS = (
    ' aria-label="Toggle hidden content"',  # on a summary that says it in Turkish
    ' role="doc-biblioentry"',  # withdrawn from ARIA
    ' role="list"',  # around those, which are no list items
)


def drop_needless(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Take attributes out of a page that only do harm."""
    for attribute in NEEDLESS:
        context["body"] = context.get("body", "").replace(attribute, "")


def add_sizes(app: Sphinx, pagename, templatename, context, doctree) -> None:
    """Write width and height into the images of a page; later ones load when needed."""
    if "body" not in context:
        return
    page = Path(app.builder.get_outfilename(pagename)).parent
    images = _sources(app)
    count = 0

    def sized(match: re.Match) -> str:
        nonlocal count
        count += 1
        source = unescape(match["src"])
        if " width=" in match["rest"] or SCHEME.match(source):
            return match[0]
        path = page / source
        size = _size(images.get(path.name, path))
        if size is None:
            return match[0]
        wait = ' loading="lazy"' if count > 1 else ""
        return f'<img width="{size[0]}" height="{size[1]}"{wait}{match["rest"]}>'

    context["body"] = IMAGE.sub(sized, context["body"])


def _sources(app: Sphinx) -> dict[str, Path]:
    """Return where the images are that Sphinx copies when all pages are written."""
    return {
        name: Path(app.srcdir, source) for source, (_, name) in app.env.images.items()
    }


@cache
def _size(path: Path) -> tuple[int, int] | None:
    """Return width and height in CSS pixels; None for what has none or is broken."""
    try:
        if path.suffix == ".svg":
            return _svg_size(ElementTree.parse(path).getroot())
        with Image.open(path) as image:
            return image.size
    except (OSError, ValueError, *DAMAGED):
        return None


def _svg_size(root: ElementTree.Element) -> tuple[int, int] | None:
    lengths = [_pixels(root.get(name, "")) for name in ("width", "height")]
    if None in lengths:
        lengths = [float(n) for n in root.get("viewBox", "").split()[2:]]
    if len(lengths) != 2:
        return None
    width, height = map(round, lengths)
    return width, height


def _pixels(length: str) -> float | None:
    found = re.fullmatch(r"([\d.]+)(px|pt|)", length)
    return float(found[1]) * UNITS[found[2]] if found else None
