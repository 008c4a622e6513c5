"""What a reader sees at an address where there is no page."""

import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from tests.book.reader import FRONT_PAGE
from tests.engine.fake_book import REPOSITORY, write_book


@pytest.mark.parametrize("where", ["yok.html", "chapters/eski/daha/derin.html"])
def test_it_is_whole_at_any_depth_and_leads_back(visit, address, where):
    page = visit(FRONT_PAGE)
    answer = page.goto(address + where, wait_until="networkidle")
    assert answer.status == 404
    assert page.locator("h1").inner_text() == "Sayfa bulunamadı"
    errors = [each for each in page.errors if where not in each]  # but the 404 itself
    assert errors == []
    assert page.evaluate("document.fonts.check('16px Literata')")
    page.locator("article").get_by_role("link", name="ilk sayfadan").click()
    page.wait_for_url(address + FRONT_PAGE)


def test_its_chapters_and_its_search_work_from_where_it_is_shown(visit, address):
    page = visit(FRONT_PAGE)
    page.goto(f"{address}yok/yok.html")
    page.locator("article input[type=search]").fill("katman")
    page.keyboard.press("Enter")
    page.locator("#search-results li").first.wait_for()
    page.goto(f"{address}yok/yok.html")
    page.get_by_role("link", name="Sözlük").first.click()
    page.wait_for_url("**/chapters/sozluk.html")


def test_below_another_address_all_its_links_begin_there(tmp_path):
    book = write_book(tmp_path / "b", html={"baseurl": "https://ornek.org/kitap/"})
    path = book.root / "_config.yml"
    extensions = "local_extensions:\n"
    theme = f"{extensions}    book_theme: {REPOSITORY}\n"
    text = path.read_text(encoding="utf-8")
    assert extensions in text
    path.write_text(text.replace(extensions, theme), encoding="utf-8")
    assert book.answer().build(warningiserror=True) == (0, "")

    page = BeautifulSoup(book.page("404"), "html.parser")
    links = {
        node[name]
        for name in ("href", "src", "action")
        for node in page.select(f"[{name}]")
        if not re.match(r"#|https?:", node[name])
    }
    assert {"/kitap/chapters/bir.html", "/kitap/_static/site.css"} <= links
    assert page.html["data-content_root"] == "/kitap/"
    for link in links:
        assert link.startswith("/kitap/")
        assert (book.site / urlsplit(link).path.removeprefix("/kitap/")).exists(), link
