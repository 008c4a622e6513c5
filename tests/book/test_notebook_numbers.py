"""The notebooks count as the pages do: figures, tables and formulas, one by one."""

import pickle
import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from docutils.nodes import make_id

from framework_tabs.split import labels
from framework_tabs.split.outline import MATH
from framework_tabs.store import record

CAPTION = re.compile(r"^\*\*((?:Şekil|Tablo|Listeleme) \d+)\.\*\*", re.M)
TAG = re.compile(r"\\tag\{(\d+)\}")


@pytest.fixture(scope="module")
def environment(site):
    """What Sphinx knew of the book when it made the site."""
    folder = site.parent / ".doctrees"
    with open(folder / "environment.pickle", "rb") as file:
        return pickle.load(file)


def test_every_label_has_the_number_that_sphinx_gave_it(environment, book):
    known = environment.domaindata["std"]["anonlabels"]
    formulas = environment.domaindata["math"]["objects"]
    places = labels.book(book).places
    counted = {label: each for label, each in places.items() if each.number}
    assert len(counted) > 40
    for label, place in counted.items():
        own = make_id(f"equation-{label}") if place.kind == MATH else known[label][1]
        docname = (formulas if place.kind == MATH else known)[label][0]
        numbers = environment.toc_fignumbers[docname][place.kind]
        assert (place.page, place.number) == (docname, str(numbers[own][0])), label


def test_the_book_has_as_many_numbers_as_sphinx_counted(environment, book):
    pages = environment.toc_fignumbers.values()
    theirs = sum(len(numbers) for page in pages for numbers in page.values())
    assert sum(map(bool, labels.book(book).numbers.values())) == theirs


def test_captions_and_formulas_of_a_notebook_are_numbered_as_on_the_page(
    site, book, sources
):
    for chapter in sources:
        html = (site / chapter.source).with_suffix(".html").read_text("utf-8")
        page = BeautifulSoup(html, "html.parser")
        shown = {each.text.strip() for each in page.select(".caption-number")}
        formulas = {each.text.strip("()¶# \n") for each in page.select(".eqno")}
        found = set()
        for key in book.runners_of(chapter):
            path = record.path_for(book, key, chapter)
            cells = nbformat.read(path, as_version=4).cells
            text = "\n\n".join(c.source for c in cells if c.cell_type == "markdown")
            found |= set(CAPTION.findall(text))
            assert set(TAG.findall(text)) == formulas
        assert found == shown, chapter.source
