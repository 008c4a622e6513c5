"""What pages say of themselves: description, Open Graph, structured data, addresses."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from tests.engine.fake_book import CHAPTERS, write_book

BASE = "https://ornek.org/kitap"
DESCRIPTION = "Ağı kuran bölüm: “<üç> çerçeve” & sekmeleri."
CITATION = """\
cff-version: 1.2.0
message: Böyle.
title: Küçük kitap
version: 1.2.3
date-released: 2026-11-24
authors: [{name: Yazarlar}]
license: MIT
keywords: [ağ]
"""


def built(root, **config):
    """Build a book with a described chapter and one that leaves it to its text."""
    texts = dict(CHAPTERS)
    texts["bir"] = texts["bir"].replace(
        "---\n", f"---\ndescription: '{DESCRIPTION}'\n", 1
    )
    texts["uzun"] = "# Uzun\n\n```{tip}\nKutu.\n```\n\n" + "Sözcük sözcük. " * 30 + "\n"
    texts["atif"] = "# Atıf\n\n```{citation}\n```\n"
    book = write_book(root / "b", texts, **config)
    (book.root / "CITATION.cff").write_text(CITATION, encoding="utf-8")
    Image.new("RGB", (1200, 630)).save(book.root / "resim.png")
    path = book.root / "_config.yml"
    text = path.read_text(encoding="utf-8")
    engine = "    framework_tabs:\n"
    assert engine in text
    text = text.replace(engine, engine + "      picture: resim.png\n")
    path.write_text(text, encoding="utf-8")
    assert book.answer().build(warningiserror=True) == (0, "")
    return book


@pytest.fixture(scope="module")
def at_home(tmp_path_factory):
    """A book whose site has no address yet."""
    return built(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A book whose site has an address."""
    return built(tmp_path_factory.mktemp("web"), html={"baseurl": BASE})


def head(book, name):
    return BeautifulSoup(book.page(name), "html.parser").head


def meta(head):
    """The page's meta elements by their name or property."""
    return {
        node.get("name") or node.get("property"): node.get("content")
        for node in head.find_all("meta")
    }


def data(head):
    return json.loads(head.find("script", type="application/ld+json").string)


def test_the_front_matter_describes_the_page(at_home):
    said = meta(head(at_home, "chapters/bir"))
    assert said["description"] == said["og:description"] == DESCRIPTION
    assert said["og:title"] == "Birinci bölüm"
    assert said["og:site_name"] == "Küçük kitap"
    assert (said["og:type"], said["og:locale"]) == ("article", "tr_TR")


def test_without_it_the_text_does_as_far_as_there_is_room(at_home):
    said = meta(head(at_home, "chapters/uzun"))["description"]
    assert said.startswith("Sözcük sözcük.") and said.endswith(" …")
    assert 100 < len(said) <= 160


def test_the_picture_goes_with_every_page(at_home, published):
    said = meta(head(at_home, "chapters/bir"))
    assert said["og:image"] == "../_static/resim.png"
    assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
    assert (at_home.site / "_static" / "resim.png").is_file()
    said = meta(head(published, "chapters/bir"))
    assert said["og:image"] == f"{BASE}/_static/resim.png"


def test_the_front_page_is_a_book_and_the_others_are_its_chapters(at_home):
    book = data(head(at_home, "index"))
    assert (book["@type"], book["name"]) == ("Book", "Küçük kitap")
    assert (book["inLanguage"], book["version"]) == ("tr", "1.2.3")
    assert book["datePublished"] == "2026-11-24"
    assert book["license"] == ["https://spdx.org/licenses/MIT"]
    chapter = data(head(at_home, "chapters/iki"))
    assert (chapter["@type"], chapter["position"]) == ("Chapter", 2)
    assert chapter["isPartOf"] == {"@type": "Book", "name": "Küçük kitap"}


def test_a_site_without_an_address_claims_none(at_home):
    page = head(at_home, "chapters/bir")
    assert "og:url" not in meta(page) and "url" not in data(page)
    assert not page.find("link", rel="canonical")
    assert not (at_home.site / "sitemap.xml").exists()


def test_with_an_address_pages_name_theirs_and_the_sitemap_lists_them(published):
    page = head(published, "chapters/bir")
    where = f"{BASE}/chapters/bir.html"
    assert meta(page)["og:url"] == data(page)["url"] == where
    (canonical,) = page.find_all("link", rel="canonical")
    assert canonical["href"] == where
    sitemap = (published.site / "sitemap.xml").read_text(encoding="utf-8")
    listed = re.findall("<loc>(.*?)</loc>", sitemap)
    names = ("index", *(f"chapters/{name}" for name in ("bir", "iki", "uzun", "atif")))
    assert listed == [f"{BASE}/{name}.html" for name in names]


def test_pages_without_a_source_are_not_described(at_home):
    assert "og:title" not in meta(head(at_home, "search"))


def test_the_directive_shows_how_to_cite(at_home):
    page = BeautifulSoup(at_home.page("chapters/atif"), "html.parser").find("article")
    assert (
        page.blockquote.get_text().strip()
        == "Yazarlar (2026). Küçük kitap (sürüm 1.2.3)."
    )
    record = page.find(class_="highlight-bibtex").get_text()
    assert "author = {{Yazarlar}}" in record and "@book{küçük2026," in record
