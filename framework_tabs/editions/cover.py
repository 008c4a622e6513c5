"""The cover: what stands on it, and its picture for e-readers.

The drawing is the book's own (``cover`` in the settings); title, authors, frameworks
and date are set in type around it.
"""

import io
import shutil
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from babel.dates import format_date
from babel.lists import format_list
from sphinx.application import Sphinx

from ..merge.page_facts import settings_of
from ..messages import locale
from ..render import citation
from ..templating import TEMPLATES, fill
from .unfold import shown_frameworks

WIDTH = 1600
"""Pixels of the picture; e-readers enlarge nothing."""

NO_DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'

POINTS = 170 / 25.4 * 72
"""The width of the page in ``cover.css``."""


@dataclass(frozen=True)
class Imprint:
    """What the cover and the page behind it say of an edition."""

    title: str
    subtitle: str
    author: str
    frameworks: tuple[str, ...]
    is_complete: bool
    cite: citation.Citation

    @property
    def full_title(self) -> str:
        """The title with what the cover sets below it."""
        return ": ".join(filter(None, (self.title, self.subtitle)))

    @property
    def edition(self) -> str:
        """The frameworks as a reader lists them: MXNet, PyTorch and TensorFlow."""
        return format_list(self.frameworks, locale=locale())

    @property
    def month(self) -> str:
        """When the version appeared: November 2026."""
        day = self.cite.released
        return format_date(day, "LLLL yyyy", locale=locale()) if day else ""

    @property
    def day(self) -> str:
        """The same to the day: November 24, 2026."""
        day = self.cite.released
        return format_date(day, "long", locale=locale()) if day else ""


def imprint(app: Sphinx) -> Imprint:
    """Return what is to be said of the edition that ``app`` builds."""
    title, _, subtitle = app.config.html_title.partition(": ")
    shown = shown_frameworks(app)
    return Imprint(
        title=title,
        subtitle=subtitle,
        author=app.config.author,
        frameworks=tuple(each.label for each in shown.values()),
        is_complete=len(shown) == len(settings_of(app).frameworks),
        cite=citation.read(Path(app.srcdir)),
    )


def lay_out(app: Sphinx, folder: Path) -> None:
    """Put what the style sheets ask for into ``folder``: fonts and the drawing."""
    import matplotlib  # has the typeface of code; the site needs none of them

    fonts = folder / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    for package in ("font_source_serif_pro", "font_source_sans_pro"):
        with as_file(files(package) / "files") as source:
            for font in source.glob("*.ttf"):
                shutil.copyfile(font, fonts / font.name)
    for font in Path(matplotlib.get_data_path(), "fonts", "ttf").glob("DejaVuSansM*"):
        shutil.copyfile(font, fonts / font.name)
    for sheet in TEMPLATES.glob("*.css"):
        (folder / sheet.name).write_text(fill(sheet.name), encoding="utf-8")
    drawing = settings_of(app).cover
    art = drawing.read_text(encoding="utf-8") if drawing else NO_DRAWING
    (folder / "cover.svg").write_text(art, encoding="utf-8")


def picture(app: Sphinx, folder: Path) -> bytes:
    """Return the cover as a PNG; ``folder`` is where it may lay its parts."""
    import pypdfium2

    from .typesetting import typeset

    lay_out(app, folder)
    page = folder / "cover.html"
    page.write_text(fill("cover.html", imprint=imprint(app)), encoding="utf-8")
    pdf = pypdfium2.PdfDocument(typeset(page))
    image = pdf[0].render(scale=WIDTH / POINTS).to_pil()
    target = io.BytesIO()
    image.save(target, "PNG", optimize=True)
    return target.getvalue()
