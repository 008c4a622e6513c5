"""Pages say where frameworks were run under different conditions."""

import pytest
import yaml
from bs4 import BeautifulSoup
from fake_book import CHAPTERS, chapter, stream, write_book
from nbformat import v4

from framework_tabs.render import conditions
from framework_tabs.store import record

SENTENCE = (
    "Çerçevelerin çıktıları farklı koşullarda üretildi: "
    "MXNet: BUDGET=cpu; PyTorch, TensorFlow: BUDGET=full."
)
TABLE = "```{results-table}\n:chapters: bir iki\n:value: test_accuracy\n```\n"
RUN = {
    "environment": {"BUDGET": "full"},
    "started": "2026-11-24T08:00:00+03:00",
    "seconds": 1.0,
    "python": "3.11.9",
    "machine": "H200",
    "packages": {"numpy": "1"},
}


def outputs(_, source):
    """Let every cell record a result."""
    if "=" in source:
        return [stream("x\n")]
    data = {"text/plain": "", record.MIME_TYPE: {"name": source, "test_accuracy": 0.5}}
    return [v4.new_output("display_data", data=data)]


@pytest.fixture
def book(tmp_path):
    """A book whose MXNet ran elsewhere, with a budget of its own."""
    texts = CHAPTERS | {"tablo": chapter("Tablo", TABLE)}
    book = write_book(tmp_path / "book", texts)
    path = book.root / "_config.yml"
    config = yaml.safe_load(path.read_text("utf-8"))
    engine = config["sphinx"]["config"]["framework_tabs"]
    engine |= {"environment": ["BUDGET"], "per_framework": ["BUDGET"]}
    path.write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    book.answer(outputs, RUN)
    for name in ("bir", "iki"):
        notebook = record.load(book.notebook("mxnet", name))
        run = notebook.metadata[record.MARK]["run"]
        run |= {"machine": "İşlemci", "environment": {"BUDGET": "cpu"}}
        book.notebook("mxnet", name).write_text(v4.writes(notebook) + "\n", "utf-8")
    return book


def test_a_page_a_table_and_the_list_of_runs_say_what_differs(book):
    assert book.build() == (0, "")

    page = BeautifulSoup(book.page("chapters/bir"), "html.parser")
    (note,) = page.select(".run-conditions")
    assert note.get_text() == SENTENCE
    assert note.find_previous_sibling().name == "h1"
    table = BeautifulSoup(book.page("chapters/tablo"), "html.parser")
    assert table.select_one(".run-conditions").get_text() == SENTENCE
    runs = BeautifulSoup(book.page("index"), "html.parser").select_one(".run-facts")
    facts = runs.get_text(" ", strip=True)
    assert "Makine MXNet: İşlemci; PyTorch, TensorFlow: H200" in facts
    assert "MXNet: BUDGET=cpu; PyTorch, TensorFlow: BUDGET=full" in facts


def test_nothing_is_said_of_notebooks_that_were_made_alike(book):
    assert note_on(book, "pytorch", "tensorflow") is None
    assert note_on(book, "mxnet", "pytorch") is not None


def note_on(book, *keys):
    """Return the note on a chapter, were these frameworks all."""
    found = [(key, book.notebook(key, "bir")) for key in keys]
    return conditions.note_on(found, book.settings)
