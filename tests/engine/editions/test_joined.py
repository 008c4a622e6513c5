"""Pages of the book as one document: anchors, links, notes and contents."""

import pytest

from framework_tabs.editions import join

PAGE = """
<section id="giris">
<span id="sec-giris"></span><h1>Giriş: <code>d2l</code></h1>
<p>Önce <a class="reference internal" href="#ilk">ilk bölüme</a>, sonra
<a class="reference internal" href="b.html">ikinci sayfaya</a> ve
(<a class="reference internal" href="b.html#sec-son">sonuna</a>) bakın.</p>
<section id="ilk"><h2>İlk bölüm</h2>
<p>Makale <a class="reference external" href="https://ornek.org/m">burada</a>, kitap
<a class="reference external" href="https://d2l.ai">d2l.ai</a> adresindedir.
<a class="reference internal" href="b.html#t"><span class="std-term">Terim</span></a>
<a class="reference internal" href="b.html#id3" title="Yazar. Makale. 2012.">Y12</a></p>
<table><tbody><tr><td><p><a href="b.html">B</a></p></td></tr></tbody></table>
</section>
<section id="a"><h2>A</h2></section>
</section>
"""


@pytest.fixture
def page():
    """A page with links of every kind."""
    return join.article("a", PAGE)


def links(page, css_class):
    return [a.text for a in page.iter("a") if a.get("class") == css_class]


def test_anchors_bear_the_name_of_their_page_and_links_follow_them(page):
    anchors = {node.get("id") for node in page.iter() if node.get("id")}
    assert anchors == {"a", "a--giris", "a--sec-giris", "a--ilk", "a--a"}
    targets = [a.get("href") for a in page.iter("a")]
    assert targets[:3] == ["#a--ilk", "#b", "#b--sec-son"]
    assert "https://ornek.org/m" in targets


def test_a_picture_without_words_has_one_in_the_end():
    page = join.article("a", '<img src="x.png" alt="X"><img src="y.png" alt="">')
    first, second = page.iter("img")
    assert first.get("alt") == "X" and second.get("alt")


def test_a_page_without_a_title_is_in_the_contents_under_its_name():
    assert join.entry(join.article("a", "<p>Söz.</p>")) == join.Entry("a", "a")


def test_a_link_to_another_page_of_the_book_is_marked_for_its_number(page):
    assert links(page, "page-ref") == ["ikinci sayfaya"]


def test_in_brackets_the_number_needs_none_of_its_own(page):
    assert links(page, "page-ref inner") == ["sonuna"]


def test_terms_citations_and_tables_are_left_without_numbers(page):
    marked = [a for a in page.iter("a") if "page-ref" in a.get("class", "")]
    assert [a.text for a in marked] == ["ikinci sayfaya", "sonuna"]


def test_an_address_that_the_text_does_not_say_becomes_a_note(page):
    (note,) = [node for node in page.iter("span") if node.get("class") == "address"]
    assert (note.text, note.tail) == ("https://ornek.org/m", ", kitap\n")


def test_the_contents_list_titles_but_not_the_letters_of_a_glossary(page):
    entry = join.entry(page, "Ekler")
    assert (entry.anchor, entry.title, entry.part) == ("a", "Giriş: d2l", "Ekler")
    assert [(s.anchor, s.title) for s in entry.sections] == [("a--ilk", "İlk bölüm")]


def test_html_that_is_not_xml_is_read_as_a_browser_does():
    page = join.article("b", "<p>One<br>two&nbsp;<img src=x.png alt=X> <p>half")
    assert join.html(page) == (
        '<article id="b"><p>One<br>two\xa0<img src="x.png" alt="X"> </p>'
        "<p>half</p></article>"
    )
