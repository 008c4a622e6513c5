"""The builder ``paper``: the whole book as one PDF.

Sphinx renders every page by itself, as it does for the site, so that figures, tables
and references bear the same numbers. ``joined`` makes one document of the pages, and
``typesetting`` a PDF of that.
"""

from pathlib import Path

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config
from sphinx.util import logging

from .._compat import base_render_priority
from ..messages import _
from ..render import math
from ..templating import fill
from . import join
from .cover import imprint, lay_out
from .typesetting import typeset
from .unfold import code_colours, edition_name

LOGGER = logging.getLogger(__name__)


def show_pictures(app: Sphinx, config: Config) -> None:
    """Choose among outputs for paper as for e-readers; myst-nb goes by names."""
    order = base_render_priority()["epub"]
    config.nb_mime_priority_overrides = [
        *config.nb_mime_priority_overrides,
        *((Paper.name, mime, place) for mime, place in order.items()),
    ]


class Paper(StandaloneHTMLBuilder):
    """Writes the PDF into the output folder, and the HTML it was made from."""

    name = "paper"
    search = False
    copysource = False
    add_permalinks = False
    embedded = True
    download_support = False
    html_scaled_image_link = False
    supported_remote_images = False
    math_renderer_name = math.RENDERER
    # The pages are collected in this process.
    allow_parallel = False

    def init(self) -> None:
        """Bring the renderer of formulas."""
        super().init()
        math.register(self.app)

    def get_theme_config(self) -> tuple[str, dict]:
        """Return a theme that Sphinx has, as it wants one; no page is made with it."""
        return "epub", {}

    def init_highlighter(self) -> None:
        """Choose the colours of code."""
        self.highlighter = code_colours()
        self.dark_highlighter = None

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Return the name of a page, all in one folder, where the pictures are."""
        return f"{_flat(docname)}.html"

    def copy_assets(self) -> None:
        """Leave out what only a browser would load.

        The folder for it must be there: myst-nb writes into it in the end.
        """
        Path(self.outdir, "_static").mkdir(parents=True, exist_ok=True)

    def prepare_writing(self, docnames: set[str]) -> None:
        """Make room for the pages."""
        super().prepare_writing(docnames)
        self.bodies: dict[str, str] = {}

    def handle_page(self, pagename: str, addctx: dict, *args, **kwargs) -> None:
        """Keep the body of a page."""
        self.bodies[pagename] = addctx["body"]

    def finish(self) -> None:
        """Join the pages in the order of the contents, and typeset them."""
        folder = Path(self.outdir)
        self.copy_image_files()
        self._set_drawings()
        lay_out(self.app, folder)
        style = self.highlighter.get_stylesheet()
        (folder / "pygments.css").write_text(style, encoding="utf-8")
        page = folder / "book.html"
        page.write_text(self._book(), encoding="utf-8")
        target = folder / f"{edition_name(self.app)}.pdf"
        target.write_bytes(typeset(page))

    def _set_drawings(self) -> None:
        """Give drawings that ask for the system's type the book's own."""
        for path in Path(self.outdir, self.imagedir).glob("*.svg"):
            text = path.read_text(encoding="utf-8")
            text = text.replace("system-ui", '"Source Sans", system-ui')
            path.write_text(text, encoding="utf-8")

    def _book(self) -> str:
        """Return the whole book as one HTML document."""
        parts = self._parts()
        order = self.env.collect_relations()
        pages = {name: join.article(_flat(name), self.bodies[name]) for name in order}
        for name, page in pages.items():
            if page.find("section") is None:
                told = _("the page has no title; begin it with a line “# …”.")
                LOGGER.warning(told, location=name)
        return fill(
            "book.html",
            imprint=imprint(self.app),
            contents=[join.entry(p, parts.get(name, "")) for name, p in pages.items()],
            pages=[join.html(page) for page in pages.values()],
        )

    def _parts(self) -> dict[str, str]:
        """Return the headings of the parts by the page that each begins with."""
        root = self.env.get_doctree(self.config.root_doc)
        return {
            toctree["entries"][0][1]: toctree["caption"]
            for toctree in root.findall(addnodes.toctree)
            if toctree.get("caption")
        }


def _flat(docname: str) -> str:
    return docname.replace("/", "-")
