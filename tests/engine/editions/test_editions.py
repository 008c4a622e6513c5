"""Making a PDF or an EPUB: names, messages, and what happens when it fails."""

import sys

import pytest
from pypdf import PdfReader

from framework_tabs.__main__ import main
from framework_tabs.editions import command as editions
from framework_tabs.editions import typesetting
from tests.engine.fake_book import write_book


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of two chapters that has been executed."""
    return write_book(tmp_path_factory.mktemp("book") / "b").answer()


@pytest.fixture(scope="module")
def made(book):
    """The book as a PDF, in one framework."""
    return editions.make(book.settings, "pdf", ["pytorch"])


def run(book, *arguments):
    return main([*arguments, "--root", str(book.root)])


def test_the_file_is_named_after_the_book_and_its_frameworks(book, made):
    assert made == book.root / "_build" / "pdf" / "Kkkitap-pytorch.pdf"
    titles = [
        mark.title for mark in PdfReader(made).outline if not isinstance(mark, list)
    ]
    assert titles == ["İçindekiler", "Kitap", "Birinci bölüm", "İkinci bölüm"]


def test_an_unknown_framework_is_answered_with_those_there_are(book, capsys):
    assert run(book, "pdf", "--framework", "caffe") == 1
    message = "“caffe” adlı çerçeve yok. Olanlar: mxnet, pytorch, tensorflow."
    assert message in capsys.readouterr().err


def test_a_failure_leaves_the_last_file_and_names_the_next_step(book, made, capsys):
    before = made.read_bytes()
    chapter = book.root / "chapters" / "iki.md"
    text = chapter.read_text(encoding="utf-8")
    chapter.write_text(text + "\nBkz. {ref}`yok`.\n", encoding="utf-8")
    for _ in range(2):  # the second time its warnings would not come by themselves
        assert run(book, "pdf", "--framework", "pytorch") == 1
        assert "PDF oluşturulamadı. Yukarıdaki uyarıları" in capsys.readouterr().err
    chapter.write_text(text, encoding="utf-8")
    assert made.read_bytes() == before


def test_an_interruption_leaves_the_last_file(book, made, capsys, monkeypatch):
    before = made.read_bytes()

    def interrupted(settings, kind, keys, output, pages):
        output.mkdir(parents=True)
        (output / made.name).write_bytes(b"half")
        return KeyboardInterrupt()

    monkeypatch.setattr(editions, "_run_sphinx", interrupted)
    assert run(book, "pdf", "--framework", "pytorch") == 1
    assert "Kesildi" in capsys.readouterr().err
    assert made.read_bytes() == before


def test_without_pango_the_message_says_how_to_get_it(book, capsys, monkeypatch):
    def check():
        raise typesetting.PangoMissing(typesetting.HOW_TO_GET_PANGO)

    monkeypatch.setattr(typesetting, "check", check)
    assert run(book, "epub") == 1
    assert "apt install libpango" in capsys.readouterr().err


def test_without_the_packages_for_paper_the_message_says_how_to_get_them(
    book, capsys, monkeypatch
):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    assert run(book, "pdf") == 1
    assert "pip install weasyprint" in capsys.readouterr().err
