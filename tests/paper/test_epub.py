"""The book as an EPUB: accepted by epubcheck, complete, and described in Turkish."""

import re
import xml.etree.ElementTree as ET
import zipfile

import pytest

from framework_tabs import config
from framework_tabs.source import chapter as chapters
from tests.epubcheck import complaints

SPACES = {
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "html": "http://www.w3.org/1999/xhtml",
}


@pytest.fixture(scope="module")
def path(make_book):
    """The EPUB of all frameworks."""
    return make_book("epub", name="alexnet.epub")


@pytest.fixture(scope="module")
def epub(path):
    """What is packed in it."""
    with zipfile.ZipFile(path) as archive:
        yield archive


@pytest.fixture(scope="module")
def package(epub):
    """Its description of itself."""
    return ET.fromstring(epub.read("content.opf"))


def test_epubcheck_finds_nothing(path):
    assert complaints(path) == ""


def test_it_says_in_turkish_what_it_is(package):
    def said(name):
        return [node.text for node in package.iterfind(f".//dc:{name}", SPACES)]

    assert said("title") == ["AlexNet: Derin Evrişimli Sinir Ağları"]
    assert said("creator") == ["AlexNet kitabının yazarları"]
    assert said("language") == ["tr"]
    assert "AlexNet" in said("subject")
    assert "Türkçe defter kitabı" in said("description")[0]
    assert "unknown" not in ET.tostring(package, encoding="unicode")


def test_its_cover_is_a_picture_of_its_own(package, epub):
    (cover,) = package.iterfind(".//opf:item[@properties='cover-image']", SPACES)
    assert epub.read(cover.get("href")).startswith(b"\x89PNG")


def test_its_contents_list_every_page_in_order(root, epub):
    nav = ET.fromstring(epub.read("nav.xhtml"))
    links = [a.get("href") for a in nav.iterfind(".//html:a", SPACES)]
    pages = [link for link in links if "#" not in link]
    assert nav.find(".//html:h1", SPACES).text == "İçindekiler"
    files = re.findall(r"file: (\S+)", (root / "_toc.yml").read_text())
    assert pages == ["chapters/index.xhtml", *(f"{name}.xhtml" for name in files)]


def test_it_has_the_code_of_every_framework(root, epub):
    book = config.load(root)
    for each in chapters.read_all(book):
        page = ET.fromstring(epub.read(f"chapters/{each.name}.xhtml"))
        text = "".join("".join(page.itertext()).split())
        for cell in each.code_cells:
            if "remove-cell" not in cell.metadata.get("tags", []):
                assert "".join(cell.source.split()) in text


def test_nothing_in_it_comes_from_elsewhere_or_needs_a_browser(epub):
    names = epub.namelist()
    assert not [n for n in names if n.endswith((".js", ".html", ".ipynb"))]
    for name in names:
        if name.endswith((".xhtml", ".css")):
            text = epub.read(name).decode()
            assert not re.search(r"src=\"https?:|url\(\s*['\"]?https?:|<script", text)


def test_formulas_are_mathml_and_their_pages_are_declared(epub, package):
    items = package.iterfind(".//opf:item[@media-type='application/xhtml+xml']", SPACES)
    for item in items:
        has = b"<math" in epub.read(item.get("href"))
        assert has == ("mathml" in item.get("properties", "").split()), item.get("href")
    page = ET.fromstring(epub.read("chapters/dropout.xhtml"))
    assert page.find(".//{http://www.w3.org/1998/Math/MathML}mfrac") is not None
