"""A new chapter: it builds as it stands, and the table of contents keeps its layout."""

import pytest
from bs4 import BeautifulSoup

from framework_tabs.__main__ import main
from framework_tabs.execute import command as execution
from framework_tabs.execute import verify
from framework_tabs.source import chapter
from tests.engine.fake_book import tab_sets, write_book

TOC = """\
# The order of the book.
format: jb-book
root: index
parts:
  - caption: Ana metin   # the chapters
    chapters:
      - file: chapters/bir
        sections:
          - file: chapters/uc

      # what comes after them
      - file: chapters/son
  - caption: Ekler
    chapters: [{file: chapters/iki}]
"""


@pytest.fixture
def book(tmp_path):
    """The small book of the other tests."""
    return write_book(tmp_path / "book")


def new(book, *arguments):
    """The exit status of the command ``new`` in a book."""
    return main(["new", *arguments, "--root", str(book.root)])


def contents(book):
    """The text of the table of contents."""
    return (book.root / "_toc.yml").read_text(encoding="utf-8")


def files(book):
    """Every file of the book with its bytes."""
    return {p: p.read_bytes() for p in book.root.rglob("*") if p.is_file()}


def test_a_new_chapter_runs_and_builds_without_a_change(tmp_path):
    book = write_book(tmp_path / "book", texts={})
    assert new(book, "ilk_ag", "--title", "AlexNet'in ilk ağı") == 0

    settings = book.settings
    found = chapter.read_all(settings)
    runners = list(settings.frameworks.values())
    assert execution.execute(found, runners, settings) == []

    assert verify.problems(found, settings) == []
    assert book.build(warningiserror=True) == (0, "")
    page = BeautifulSoup(book.page("chapters/ilk_ag"), "html.parser")
    assert page.h1.text.startswith("AlexNet’in ilk ağı")
    code, printed, prose = tab_sets(page)
    assert list(code) == list(printed) == list(prose) == list(settings.frameworks)
    for key, framework in settings.frameworks.items():
        assert f"Bu satırı {framework.label} defteri" in printed[key].text


def test_a_chapter_without_a_title_is_called_by_its_name_in_turkish(book):
    new(book, "ilk_deneme")
    source = (book.root / "chapters" / "ilk_deneme.md").read_text(encoding="utf-8")
    assert "\n(sec_ilk_deneme)=\n# İlk deneme\n" in source


def test_the_table_of_contents_gets_one_line_and_keeps_the_others(book):
    (book.root / "_toc.yml").write_text(TOC)
    assert new(book, "yeni") == 0
    # bir is the last of its list with cells of frameworks; its sections stay with it.
    after = "          - file: chapters/uc\n"
    assert contents(book) == TOC.replace(after, after + "      - file: chapters/yeni\n")


def test_a_table_without_chapters_gets_its_list(tmp_path):
    book = write_book(tmp_path / "book", texts={})
    (book.root / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    new(book, "bir")
    new(book, "iki")
    wanted = "format: jb-book\nroot: index\nchapters:\n"
    wanted += "- file: chapters/bir\n- file: chapters/iki\n"
    assert contents(book) == wanted


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("bir", "chapters/bir.md zaten var"),
        ("Büyük", "“Büyük” bölüm adı olamaz"),
        ("../disari", "“../disari” bölüm adı olamaz"),
        ("1984", "“1984” bölüm adı olamaz"),
    ],
)
def test_a_name_that_is_taken_or_none_changes_nothing(book, capsys, name, message):
    before = files(book)
    assert new(book, name) == 1
    assert capsys.readouterr().err.startswith(message)
    assert files(book) == before


@pytest.mark.parametrize(
    "toc", [None, "chapters: [{file: chapters/bir}]\n", "a: [", "- \n"]
)
def test_a_table_that_cannot_take_a_line_leaves_no_chapter(book, capsys, toc):
    path = book.root / "_toc.yml"
    path.unlink()
    if toc is not None:
        path.write_text(toc)
    before = files(book)
    assert new(book, "yeni") == 1
    assert capsys.readouterr().err.startswith("_toc.yml")
    assert files(book) == before


def test_a_table_that_cannot_be_written_leaves_no_chapter(book, capsys, monkeypatch):
    before = files(book)
    write = execution.notebooks.write

    def fail_for_toc(path, text):
        if path.name == "_toc.yml":
            raise OSError(28, "No space left on device")
        return write(path, text)

    monkeypatch.setattr("framework_tabs.source.scaffold.write", fail_for_toc)
    assert new(book, "yeni") == 1
    assert "Yer açın" in capsys.readouterr().err
    assert files(book) == before


def test_a_new_chapter_asks_for_the_kernel_of_the_book(book):
    path = book.root / "_config.yml"
    path.write_text(
        path.read_text().replace("label: MXNet", "label: Z\n          kernel: k")
    )
    assert new(book, "yeni") == 0
    source = (book.root / "chapters" / "yeni.md").read_text(encoding="utf-8")
    assert "kernelspec:\n  display_name: Z\n  name: k\n---\n" in source
