"""Answers to exercises: folded on the page, plain in the notebook."""

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document

from framework_tabs.messages import speak
from framework_tabs.render.answers import Answers
from framework_tabs.store import record
from tests.engine.fake_book import (
    LABELS,
    cell,
    chapter,
    stream,
    tab_sets,
    three,
    write_book,
)

EXERCISES = chapter(
    "Çözümler",
    "Önce kendiniz deneyin; {ref}`ilk yanıt <coz_ilk>` aşağıda.\n",
    "## Birinci soru\n",
    "Dönem sayısını artırın.\n",
    "(coz_ilk)=\n### Yanıt\n",
    "Eğitim sürer.\n",
    three("eğit(ağ)"),
    "Eğri de yükselir.\n",
    "```{table} Ölçülenler\n:name: tab_olcum\n\n| a | b |\n| - | - |\n| 1 | 2 |\n```\n",
    "## İkinci soru\n",
    "Ağı küçültün; {numref}`tab_olcum` yardımcı olur.\n",
    "### Yanıt\n",
    cell("küçült()"),
    "### Yanıtlar ve sorular\n",
    "Burası bir yanıt değil.\n",
)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of one chapter with two exercises."""
    book = write_book(tmp_path_factory.mktemp("book") / "b", {"cozumler": EXERCISES})
    book.answer(lambda key, _: [stream(f"{key} dedi\n")])
    assert book.build(warningiserror=True) == (0, "")
    return book


@pytest.fixture
def page(book):
    """The whole page, side bars included."""
    return BeautifulSoup(book.page("chapters/cozumler"), "html.parser")


def answers(page):
    return page.find("article").find_all("details", class_="answer")


def text(node):
    return " ".join(node.get_text().split())


def test_every_answer_is_closed_until_a_reader_opens_it(page):
    assert len(answers(page)) == 2
    assert not any(answer.has_attr("open") for answer in answers(page))
    assert {text(answer.summary) for answer in answers(page)} == {"Yanıtı göster"}


def test_text_cells_and_outputs_up_to_the_next_heading_are_in_the_answer(page):
    first, second = map(text, answers(page))

    for part in ("Eğitim sürer.", "eğit(ağ) # mxnet", "mxnet dedi", "Eğri de yük"):
        assert part in first
    assert "İkinci soru" not in first
    assert "küçült()" in second
    assert "Burası bir yanıt değil." not in second


def test_questions_stay_in_sight(page):
    for answer in answers(page):
        answer.extract()
    left = text(page.find("article"))

    assert "Dönem sayısını artırın." in left
    assert "eğit(ağ)" not in left


def test_tabs_in_an_answer_belong_to_the_page_s_framework_tabs(page):
    assert [list(tabs) for tabs in tab_sets(answers(page)[0])] == [list(LABELS)]


def test_the_list_of_sections_shows_questions_and_no_answer(page):
    listed = [text(link) for link in page.select(".bd-toc-nav a, .page-toc a")]

    assert "Birinci soru" in listed
    assert "Yanıt" not in listed
    assert "Yanıtlar ve sorular" in listed


def test_a_reference_leads_to_an_answer_by_its_label(page):
    link = page.find("article").find("a", string="ilk yanıt")

    target = page.find(id=link["href"].removeprefix("#"))

    assert answers(page)[0] in (target, target.parent)


def test_a_table_in_an_answer_keeps_its_number_and_can_be_referred_to(page):
    assert "Tablo 1 Ölçülenler" in text(answers(page)[0])
    assert text(page.select_one('a.reference[href="#tab-olcum"]')) == "Tablo 1"


def test_a_notebook_shows_the_answers_as_they_are_written(book):
    notebook = record.load(book.notebook("pytorch", "cozumler"))
    prose = [c.source for c in notebook.cells if c.cell_type == "markdown"]

    assert any("### Yanıt\n\nEğitim sürer." in source for source in prose)


@pytest.mark.parametrize(
    ("language", "heading", "classes", "expected"),
    [
        ("tr", "Yanıt", [], True),
        ("tr", "Answer", [], False),
        ("en", "Answer", [], True),
        ("en", "Because", ["answer"], True),
        ("en", "Because", [], False),
    ],
)
def test_an_answer_has_the_book_s_word_for_it_or_the_class(
    language, heading, classes, expected
):
    speak(language)
    section = nodes.section("", nodes.title("", heading), classes=classes)
    document = new_document("page")
    document += section
    transform = Answers(document)
    transform.apply()
    assert bool(list(document.findall(nodes.rubric))) == expected
