"""The theme in a small book: no content ends a build, whatever the builder."""

import base64
import io

import pytest
from bs4 import BeautifulSoup
from nbformat import v4
from PIL import Image

from book_theme import stylesheet
from tests.engine.fake_book import (
    EXTENSIONS,
    PROSE_TABS,
    cell,
    chapter,
    stream,
    three,
    write_book,
)

BROKEN = "<svg><!-- not all of a drawing"
CHAPTER = chapter(
    "Resimler",
    three("resim()"),
    PROSE_TABS,
    "![Çizim](cizim.svg) ![Nokta](nokta.png)\n",
    "![Bozuk](bozuk.svg)\n",
    cell("len(x)"),
)


def noise(side):
    """Return a picture that takes up more room than a file may have in its name."""
    image = Image.effect_noise((side, side), 90)
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


def shown(framework, source):
    """Put out a picture that lies in the HTML itself, and text elsewhere."""
    if "resim" not in source:
        return [stream("8\n")]
    data = base64.b64encode(noise(90)).decode()
    assert len(data) > 4096
    html = f'<img src="data:image/png;base64,{data}">'
    return [v4.new_output("display_data", {"text/html": html, "text/plain": "resim"})]


@pytest.fixture(scope="module", params=["html", "dirhtml"])
def pages(request, tmp_path_factory):
    """A site of every kind: its folder, and a function that returns the pages of it."""
    root = tmp_path_factory.mktemp("theme") / "kitap"
    book = write_book(root, {"resim": CHAPTER}, extensions=(*EXTENSIONS, "book_theme"))
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="70" height="9"/>'
    (root / "chapters" / "cizim.svg").write_text(drawing)
    (root / "chapters" / "bozuk.svg").write_text(BROKEN)
    (root / "chapters" / "nokta.png").write_bytes(noise(5))
    assert book.answer(shown).build(builder=request.param) == (0, "")
    is_folder = request.param == "dirhtml"

    def page(name):
        path = f"{name}/index.html" if is_folder else f"{name}.html"
        return (book.site / path), BeautifulSoup((book.site / path).read_text(), "lxml")

    return book.site, page


def test_a_large_picture_in_the_html_of_an_output_is_on_the_page(pages):
    _, page = pages[1]("chapters/resim")
    (picture, *_) = page.select(".cell_output img")
    assert picture["src"].startswith("data:image/png;base64,")


def test_pictures_get_their_sizes_unless_nobody_can_tell(pages):
    _, page = pages[1]("chapters/resim")
    sizes = {
        image["alt"]: (image.get("width"), image.get("height"))
        for image in page.select("article img[alt]")
    }
    assert sizes == {
        "Çizim": ("70", "9"),
        "Nokta": ("5", "5"),
        "Bozuk": (None, None),
    }


def test_every_page_finds_the_one_style_sheet(pages):
    site, page = pages
    path, soup = page("chapters/resim")
    linked = [link["href"] for link in soup.find_all("link", rel="stylesheet")]
    named = next(name for name in linked if stylesheet.NAME in name)
    sheet = (path.parent / named.partition("?")[0]).resolve()
    assert sheet == site / "_static" / stylesheet.NAME
    assert ".framework-tabs" in sheet.read_text(encoding="utf-8")
