"""The command: exit status and messages."""

import subprocess
import sys
from pathlib import Path

import pytest
from tiny_book import TWO, cell, write_book

from framework_tabs.__main__ import main

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def book(tmp_path):
    """Two chapters for two frameworks."""
    book = write_book(tmp_path, cell("1", "a"), cell("2", "b"), frameworks=TWO)
    book.write(cell("3"), name="y")
    return book


def run(book, *arguments: str) -> int:
    """The exit status of the command for this book."""
    return main([*arguments, "--root", str(book.root)])


def test_it_starts_without_the_grammar_that_nobody_asks_for():
    code = "import framework_tabs.__main__, sys; print('lark' in sys.modules)"
    command = [sys.executable, "-c", code]
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    assert made.stdout == "False\n"


def test_split_execute_and_check_in_turn(book, capsys):
    assert run(book, "split") == 0
    assert "Yazıldı: notebooks/b/x.ipynb" in capsys.readouterr().out
    assert run(book, "check") == 1
    assert "notebooks/a/x.ipynb: kod hücresi 1/1" in capsys.readouterr().err
    assert run(book, "execute") == 0
    assert run(book, "check") == 0
    assert "çıktıları tam" in capsys.readouterr().out


def test_execute_takes_chapters_and_frameworks(book):
    assert run(book, "execute", "chapters/x.md", "--framework", "b") == 0
    assert book.path("b", "x").exists()
    assert not book.path("a", "x").exists() and not book.path("b", "y").exists()


def test_shares_of_the_notebooks_are_executed_one_by_one(book, tmp_path):
    written = []
    for number in (1, 2, 3):
        options = "--shard", f"{number}/3", "--cache", str(tmp_path / "önbellek")
        assert run(book, "execute", *options) == 0
        written.append(len(list(book.root.glob("notebooks/*/*.ipynb"))))
    assert written == [2, 3, 4]
    assert run(book, "check") == 0
    assert list((tmp_path / "önbellek").rglob("*.json"))
    assert not (book.root / "_build" / ".framework_tabs_cache").exists()


@pytest.mark.parametrize(
    "options",
    [["--shard", "3/2"], ["--shard", "0/2"], ["--shard", "2"], ["--jobs", "0"]],
)
def test_a_share_or_a_number_that_there_is_not_is_a_wrong_call(book, capsys, options):
    with pytest.raises(SystemExit) as end:
        run(book, "execute", *options)
    assert end.value.code == 2
    assert capsys.readouterr().err.startswith("Komut anlaşılamadı: ")


def test_a_failed_execution_is_a_failed_command(book, capsys):
    book.write(cell("1 / 0"), name="y")
    assert run(book, "execute", "y", "--framework", "a") == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("chapters/y.md:")


def test_split_reports_a_notebook_without_a_chapter(book, capsys):
    run(book, "split")
    book.source("y").unlink()
    assert run(book, "split") == 0
    assert "silinebilir: notebooks/a/y.ipynb" in capsys.readouterr().out
    assert run(book, "execute") == 0
    assert "silinebilir: notebooks/a/y.ipynb" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["execute", "yok"], "“yok” adlı bölüm yok. Olanlar: x, y."),
        (["execute", "--framework", "c"], "“c” adlı çerçeve yok. Olanlar: a, b."),
    ],
)
def test_an_unknown_chapter_or_framework_is_named(book, capsys, arguments, message):
    assert run(book, *arguments) == 1
    assert message in capsys.readouterr().err


def test_a_malformed_chapter_stops_every_command(book, capsys):
    book.write(cell("1", "a"))
    for command in ("split", "execute", "check"):
        assert run(book, command) == 1
        line = book.line("```{code-cell}")
        assert capsys.readouterr().err.startswith(f"chapters/x.md:{line}: ")
    assert not (book.root / "notebooks").exists()


def test_a_wrong_setting_or_folder_is_named(book, capsys, tmp_path, monkeypatch):
    (book.root / "_config.yml").write_text("a: 1\n")
    assert run(book, "check") == 1
    assert "framework_tabs.frameworks" in capsys.readouterr().err
    monkeypatch.setenv("LANGUAGE", "tr")
    assert main(["check", "--root", str(tmp_path / "yok")]) == 1
    assert "bulunamadı" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(book, capsys):
    (book.root / "notebooks").write_text("")
    assert run(book, "split") == 1
    assert "notebooks" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--help"], ["execute", "--help"]])
@pytest.mark.parametrize(
    ("language", "own", "other"),
    [
        ("tr", "kullanım: seçenekler: çıkar", "usage: options: shows positional"),
        ("en", "usage: options: exits", "kullanım: seçenekler: çıkar positional"),
    ],
)
def test_help_is_in_the_language_of_the_book(
    book, capsys, arguments, language, own, other
):
    config = book.root / "_config.yml"
    config.write_text(
        config.read_text().replace("language: tr", f"language: {language}")
    )
    with pytest.raises(SystemExit) as end:
        run(book, *arguments)
    shown = set(capsys.readouterr().out.split())
    assert end.value.code == 0
    assert set(own.split()) <= shown
    assert not set(other.split()) & shown


def test_without_a_server_for_live_pages_the_message_says_how_to_get_one(
    book, capsys, monkeypatch
):
    (book.root / "index.html").touch()
    monkeypatch.setitem(sys.modules, "jupyter_server", None)
    assert run(book, "live", str(book.root)) == 1
    assert "pip install jupyter-server\n" in capsys.readouterr().err


def test_a_wrong_call_points_to_the_help():
    command = [sys.executable, "-m", "framework_tabs", "yap"]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert result.returncode == 2
    assert result.stderr.startswith("Komut anlaşılamadı: yap\nkullanım: ")
