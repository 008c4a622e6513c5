"""The builder ``epub``: Sphinx's own, with the book's pages and a full description.

Sphinx packs the book and writes its contents. What differs: pages are made without a
theme, and carry nothing that only a browser uses; the cover is the book's; and readers'
programs are told which picture is the cover, and how the book can be read.
"""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.epub3 import Epub3Builder
from sphinx.config import Config
from sphinx.util.osutil import make_filename

from ..messages import N_, _
from ..render import citation
from ..templating import TEMPLATES, fill
from . import page_tree
from .cover import picture
from .unfold import code_colours, edition_name

COVER = "_static/cover.png"
COVER_PAGE = "epub-cover.html"
OPF = "http://www.idpf.org/2007/opf"
DC = "http://purl.org/dc/elements/1.1/"

SPECIAL = {"svg": "<svg", "mathml": "<math"}
"""What the description of an EPUB names, by the tag that it begins with in a page."""

ACCESSIBILITY = (
    ("schema:accessMode", "textual"),
    ("schema:accessMode", "visual"),
    ("schema:accessModeSufficient", "textual"),
    ("schema:accessibilityFeature", "alternativeText"),
    ("schema:accessibilityFeature", "MathML"),
    ("schema:accessibilityFeature", "structuralNavigation"),
    ("schema:accessibilityFeature", "tableOfContents"),
    ("schema:accessibilityHazard", "none"),
    (
        "schema:accessibilitySummary",
        N_(
            "All figures have a text that stands for them; headings and the list of "
            "contents suffice to find one's way."
        ),
    ),
)

DEFAULTS = {
    # The contents of a book with several parts are hidden from its front page.
    "epub_tocscope": "includehidden",
    "epub_tocdup": False,
    "epub_tocdepth": 2,
    "epub_show_urls": "no",
    "epub_use_index": False,
    "epub_cover": (COVER, COVER_PAGE),
}
"""Settings of Sphinx for which a book has no reason to choose."""


def set_defaults(app: Sphinx, config: Config) -> None:
    """Choose Sphinx's settings before it compares them with those of the last build.

    Jupyter Book calls the title of the book that of its pages.
    """
    cite = citation.read(Path(app.srcdir))
    config.version = config.version or cite.version or "0"
    config.epub_title = config.html_title
    config.epub_description = cite.abstract or config.html_title
    if config.epub_basename == make_filename(config.project):
        config.epub_basename = make_filename(config.html_title)
    for name, value in DEFAULTS.items():
        setattr(config, name, value)


class Ebook(Epub3Builder):
    """Writes the EPUB into the output folder."""

    @property
    def guide_titles(self) -> dict[str, str]:
        """What readers' programs call the parts of the book."""
        return {"toc": _("Contents"), "cover": _("Cover")}

    def init(self) -> None:
        """Name the file after the edition."""
        super().init()
        self.config.epub_basename = edition_name(self.app)

    def get_theme_config(self) -> tuple[str, dict]:
        """Return a theme that Sphinx has, as it wants one; no page is made with it."""
        return "epub", {}

    def init_highlighter(self) -> None:
        """Choose the colours of code."""
        self.highlighter = code_colours()
        self.dark_highlighter = None

    def handle_page(
        self, pagename, addctx, templatename="page.html", outfilename=None, **_
    ) -> None:
        """Write a page, or the cover's, as XHTML of its own."""
        template = "cover.xhtml" if templatename == COVER_PAGE else "page.xhtml"
        root = "../" * pagename.count("/")
        body = page_tree.xhtml(addctx.get("body", ""))
        text = fill(template, **{**addctx, "body": body}, root=root)
        target = Path(self.get_outfilename(pagename))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def write_domain_indices(self) -> None:
        """Leave out Sphinx's lists of modules."""

    def copy_static_files(self) -> None:
        """Put the style sheets and the cover where the pages look for them."""
        target = Path(self.outdir, "_static")
        target.mkdir(parents=True, exist_ok=True)
        sheet = (TEMPLATES / "ebook.css").read_text(encoding="utf-8")
        (target / "ebook.css").write_text(sheet, encoding="utf-8")
        colours = self.highlighter.get_stylesheet()
        (target / "pygments.css").write_text(colours, encoding="utf-8")
        work = Path(self.outdir).with_name("cover")
        Path(self.outdir, COVER).write_bytes(picture(self.app, work))

    def copy_image_files(self) -> None:
        """Copy the pictures, and mend what Matplotlib writes and EPUB forbids."""
        super().copy_image_files()
        for path in Path(self.outdir, self.imagedir).glob("*.svg"):
            text = path.read_text(encoding="utf-8")
            path.write_text(mended(text), encoding="utf-8")

    def toc_metadata(self, level, navpoints) -> dict:
        """Name the book in the old list of contents as in its description."""
        metadata = super().toc_metadata(level, navpoints)
        return metadata | {"uid": self.config.epub_identifier}

    def build_content(self) -> None:
        """Complete the description of the book that Sphinx wrote."""
        super().build_content()
        path = Path(self.outdir, "content.opf")
        ET.register_namespace("", OPF)
        ET.register_namespace("dc", DC)
        package = ET.parse(path)
        describe(package.getroot(), citation.read(Path(self.srcdir)))
        declare_content(package.getroot(), path.parent)
        package.write(path, encoding="utf-8", xml_declaration=True)


def declare_content(package: ET.Element, folder: Path) -> None:
    """Say of each page that has drawings or formulas in it, as EPUB demands."""
    for item in package.iter(f"{{{OPF}}}item"):
        page = folder / item.get("href", "")
        if not page.is_file() or page.suffix != ".xhtml":
            continue  # the list of contents is written later
        text = page.read_text(encoding="utf-8")
        found = {kind for kind, tag in SPECIAL.items() if tag in text}
        if found:
            properties = {*item.get("properties", "").split(), *found}
            item.set("properties", " ".join(sorted(properties)))


def mended(svg: str) -> str:
    """Return a drawing with every id once; no document type, no paths without a way.

    Matplotlib writes a space as such a path.
    """
    seen: set[str] = set()

    def once(match: re.Match) -> str:
        is_new = match[0] not in seen
        seen.add(match[0])
        return match[0] if is_new else ""

    svg = re.sub(r' id="[^"]*"', once, re.sub(r"<!DOCTYPE[^>]*>", "", svg))
    return re.sub(r"<path\b(?![^>]*\bd=)", '<path d="M0 0"', svg)


def describe(package: ET.Element, cite: citation.Citation) -> None:
    """Add subjects, the part of the cover, and how the book can be read."""
    metadata = package.find(f"{{{OPF}}}metadata")
    contributor = metadata.find(f"{{{DC}}}contributor")
    metadata.remove(contributor)
    for keyword in cite.keywords:
        ET.SubElement(metadata, f"{{{DC}}}subject").text = keyword
    for name, value in ACCESSIBILITY:
        ET.SubElement(metadata, f"{{{OPF}}}meta", property=name).text = _(value)
    for item in package.iter(f"{{{OPF}}}item"):
        if item.get("href") == COVER:
            item.set("properties", "cover-image")
