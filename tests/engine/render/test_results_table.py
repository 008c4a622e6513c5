"""The table of results: what the notebooks hold, chapter by chapter."""

import pytest
from bs4 import BeautifulSoup
from fake_book import cell, chapter, says_who, three, write_book
from nbformat import v4

from d2l_shim import results as shim_results
from framework_tabs.render import results_table
from framework_tabs.store import record

TABLE = """```{results-table} Doğruluk
:name: tab_sonuc
:chapters: klasik ağ
:value: test_accuracy
```

{numref}`tab_sonuc`
"""
TEXTS = {
    "klasik": chapter("Klasik yöntemler", cell("svm()")),
    "ağ": chapter("Ağlar", three("eğit()"), cell("sonra()")),
    "sonuç": chapter("Sonuç", TABLE),
}
COMMON = {"python": {"label": "Python", "packages": ["numpy"]}}
ACCURACIES = {"mxnet": 0.8125, "pytorch": 0.9, "tensorflow": 1 / 3, "python": 0.75}


def result(name: str, **values):
    """Return the output that recording a result leaves."""
    data = {"text/plain": name, record.MIME_TYPE: {"name": name, **values}}
    return v4.new_output("display_data", data=data)


def outputs(framework: str, source: str) -> list:
    """Record an accuracy where something is trained."""
    if source.startswith("svm"):
        return [result("SVM", test_accuracy=ACCURACIES[framework])]
    if source.startswith("eğit"):
        hasty = result("Ağ", test_accuracy=0.1)
        final = result("Ağ", test_accuracy=ACCURACIES[framework], parameters=61_706)
        return [hasty, final, result("Hız", seconds=3.0)]
    return says_who(framework, source)


@pytest.fixture
def book(tmp_path):
    """A book with the results of a neutral chapter and of one with frameworks."""
    book = write_book(tmp_path / "book", TEXTS, common=COMMON)
    return book.answer(outputs)


def rows(book) -> list:
    """Return the rows of the table on the page of results."""
    page = BeautifulSoup(book.page("chapters/sonuç"), "html.parser")
    table = page.select_one("table.results-table")
    return [
        [each.get_text(" ", strip=True) for each in row.find_all(["th", "td"])]
        for row in table.find_all("tr")
    ]


def test_each_result_has_a_row_and_each_framework_a_column(book):
    assert book.build() == (0, "")

    assert rows(book) == [
        ["Yöntem", "Bölüm", "MXNet", "PyTorch", "TensorFlow"],
        ["SVM", "Klasik yöntemler", "0,750"],
        ["Ağ", "Ağlar", "0,812", "0,900", "0,333"],
    ]


def test_a_result_without_a_framework_stands_below_all_of_them(book):
    book.build()

    page = BeautifulSoup(book.page("chapters/sonuç"), "html.parser")
    wide = page.select("table.results-table td[colspan]")
    assert [(cell["colspan"], cell.get_text(strip=True)) for cell in wide] == [
        ("3", "0,750")
    ]


def test_the_table_has_a_caption_and_a_number_to_refer_to(book):
    book.build()

    page = BeautifulSoup(book.page("chapters/sonuç"), "html.parser")
    assert "Tablo 1 Doğruluk" in page.find("caption").get_text()
    assert page.select_one('p > a[href="#tab-sonuc"]').get_text() == "Tablo 1"


def test_a_new_result_is_on_the_page_at_the_next_build(book):
    book.build()
    path = book.notebook("python", "klasik")
    notebook = path.read_text(encoding="utf-8")
    path.write_text(notebook.replace("0.75", "0.76"), encoding="utf-8")
    book.build()

    assert rows(book)[1][2] == "0,760"


def test_a_table_without_results_is_a_warning(tmp_path):
    book = write_book(tmp_path / "book", TEXTS, common=COMMON).answer()
    _, warnings = book.build()

    assert "klasik, ağ bölümlerinde “test_accuracy” değeri" in warnings


def test_the_shim_records_what_the_table_reads():
    assert shim_results.MIME_TYPE == record.MIME_TYPE
    assert shim_results.VALUES.keys() == results_table.FORMATS.keys()


def test_a_page_that_there_is_not_is_an_error_at_its_line(book):
    path = book.root / "chapters" / "sonuç.md"
    path.write_text(path.read_text().replace("klasik ağ", "klasik yok"))
    warnings = book.build()[1]
    assert "sonuç.md:13: ERROR: results-table: “yok” adında" in warnings
