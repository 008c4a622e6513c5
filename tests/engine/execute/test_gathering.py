"""Gather: a complete set takes its place, and anything less changes nothing."""

import platform
import shutil
from itertools import permutations

import pytest
import yaml
from nbformat.v4 import new_output
from tiny_book import TWO, cell, write_book

from framework_tabs import writing
from framework_tabs.__main__ import main
from framework_tabs.execute import verify
from framework_tabs.store import files, own_code, record
from framework_tabs.store.fingerprint import Basis, Variable
from framework_tabs.store.record import MARK, code_cells

NAMES = ("x", "y")


@pytest.fixture
def book(tmp_path):
    """Two chapters in two frameworks, split and not executed."""
    (tmp_path / "kitap").mkdir()
    (tmp_path / "kitap" / "lib.py").write_text("x = 1\n")
    settings = {"frameworks": TWO, "depends_on": ["lib.py"], "environment": ["D", "B"]}
    parts = cell("print(1)", "a"), cell("print(2)", "b"), cell("3")
    book = write_book(tmp_path / "kitap", *parts, **settings)
    book.write(*parts, name="y")
    book.split()
    return book


def test_a_folder_that_is_not_there_is_named(book, capsys):
    assert main(["gather", "--root", str(book.root), str(book.root / "yok")]) == 1
    assert "yok: böyle bir klasör yok" in capsys.readouterr().err


def run_of(book, key, name, hour=8, **facts):
    """What a run on a machine with these facts records."""
    variables = {"D": Variable("../veri", "d1"), "B": Variable("full", "full")}
    basis = Basis(
        **{
            "kernel": "python3",
            "packages": {},
            "python": platform.python_version(),
            "depends_on": own_code.digest_of_all(
                book.settings.frameworks[key], book.settings
            ),
            **facts,
            "environment": variables | facts.get("environment", {}),
        }
    )
    chapter = next(each for each in book.chapters if each.name == name)
    code = record.code_chain(chapter, key)[-1][1]
    started = f"2026-11-28T{hour:02d}:00:00+03:00"
    return {**basis.record(code), "started": started, "seconds": 1, "machine": "M"}


def executed(book, folder, *which, said="", **facts):
    """A folder with all notebooks, of which a machine executed ``which``, as a/x."""
    if not folder.exists():
        shutil.copytree(book.root / "notebooks", folder / "notebooks")
    for place in which:
        key, name = place.split("/")
        path = folder / "notebooks" / key / f"{name}.ipynb"
        notebook = record.load(path)
        chapter = next(each for each in book.chapters if each.name == name)
        chain = record.code_chain(chapter, key)
        for each, (_, digest) in zip(code_cells(notebook), chain, strict=True):
            text = f"{place} {said}\n"
            each.outputs = [new_output("stream", name="stdout", text=text)]
            record.mark_executed(each, digest)
        notebook.metadata[MARK]["run"] = run_of(book, key, name, **facts)
        path.write_text(files.dumps(notebook), encoding="utf-8")
    return folder


ALL = [f"{key}/{name}" for key in TWO for name in NAMES]


def gather(book, *folders) -> int:
    """The exit status of the command."""
    return main(["gather", *map(str, folders), "--root", str(book.root)])


def content(book) -> dict:
    """Every file of the book's notebooks."""
    folder = book.root / "notebooks"
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(book, capsys, *folders) -> list[str]:
    """The lines that name the gaps; nothing has changed."""
    before = content(book)
    assert gather(book, *folders) == 1
    assert content(book) == before
    told, *gaps = capsys.readouterr().err.splitlines()
    assert "hiçbir dosya değiştirilmedi" in told
    return gaps


def test_the_shares_of_runners_are_merged_in_any_order(book, tmp_path, capsys):
    one = executed(book, tmp_path / "1", "a/x", "b/y")
    two = executed(book, tmp_path / "2", "a/y")
    three = executed(book, tmp_path / "3", "b/x")
    split, results = content(book), []
    for folders in permutations([one, two, three]):
        assert gather(book, *folders) == 0
        assert "Yazıldı: notebooks/b/y.ipynb" in capsys.readouterr().out
        results.append(content(book))
        for path, data in split.items():
            path.write_bytes(data)
    assert all(result == results[0] for result in results)
    assert gather(book, one, two, three) == 0
    assert verify.problems(book.chapters, book.settings) == []
    assert "b/y" in book.printed("b", "y")


def test_artifacts_may_lie_at_any_depth(book, tmp_path):
    executed(book, tmp_path / "indirilen" / "pay-1", "a/x", "a/y")
    executed(book, tmp_path / "indirilen" / "pay-2", "b/x", "b/y")
    assert gather(book, tmp_path / "indirilen") == 0


def test_a_missing_share_is_named_and_nothing_is_changed(book, tmp_path, capsys):
    folder = executed(book, tmp_path / "1", *ALL[:-1])
    (gap,) = refused(book, capsys, folder)
    assert gap.startswith("notebooks/b/y.ipynb: hiçbir klasörde çalıştırılmış olarak")


def test_an_older_run_does_not_fill_the_gap_of_a_newer_one(book, tmp_path, capsys):
    old = {"D": Variable("../veri", "d1"), "B": Variable("cpu", "cpu")}
    folder = executed(book, tmp_path / "1", *ALL, hour=7, environment=old)
    executed(book, folder, *ALL[:-1], hour=9)
    (gap,) = refused(book, capsys, folder)
    assert gap.startswith("notebooks/b/y.ipynb:") and "B (cpu)" in gap


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"packages": {"torch": "9"}}, "paketlerin sürümleri"),
        ({"python": "3.99.1"}, "Python sürümü (3.99.1"),
        ({"depends_on": "başka"}, "çağırdığı kod"),
        ({"environment": {"D": Variable("../veri", "d2")}}, "D (../veri)"),
        ({"environment": {"B": Variable(None, None)}}, "B (boş)"),
    ],
)
def test_notebooks_made_with_different_things_are_no_set(
    book, tmp_path, capsys, facts, told
):
    one = executed(book, tmp_path / "1", *ALL[1:], hour=9)
    two = executed(book, tmp_path / "2", "a/x", hour=8, **facts)
    (gap,) = refused(book, capsys, one, two)
    assert gap.startswith("notebooks/a/x.ipynb: ") and told in gap


def test_frameworks_that_differ_in_budget_are_no_set(book, tmp_path, capsys):
    folder = executed(book, tmp_path / "1", *ALL, hour=8)
    full = {"D": Variable("../veri", "d1"), "B": Variable("smoke", "smoke")}
    executed(book, folder, "b/x", "b/y", hour=9, environment=full)
    gaps = refused(book, capsys, folder)
    assert [gap.partition(":")[0] for gap in gaps] == [
        "notebooks/a/x.ipynb",
        "notebooks/a/y.ipynb",
    ]


def test_frameworks_may_differ_in_what_the_settings_allow(book, tmp_path, capsys):
    folder = executed(book, tmp_path / "1", *ALL, hour=8)
    smoke = {"B": Variable("smoke", "smoke")}
    executed(book, folder, "b/x", "b/y", hour=9, environment=smoke)
    allow(book, "B")
    assert gather(book, folder) == 0
    assert "Çerçeveden çerçeveye değişebilir: B" in capsys.readouterr().out
    executed(book, folder, "a/x", hour=10, environment=smoke)
    (gap,) = refused(book, capsys, folder)
    assert gap.startswith("notebooks/a/y.ipynb: ") and "B (full)" in gap


def test_frameworks_do_not_differ_in_anything_else(book, tmp_path, capsys):
    folder = executed(book, tmp_path / "1", *ALL, hour=8)
    other = {"D": Variable("../veri", "d2")}
    executed(book, folder, "b/x", "b/y", hour=9, environment=other)
    allow(book, "B")
    assert len(refused(book, capsys, folder)) == 2


def allow(book, *names):
    """Let frameworks differ in these variables."""
    path = book.root / "_config.yml"
    config = yaml.safe_load(path.read_text())
    config["sphinx"]["config"]["framework_tabs"]["per_framework"] = list(names)
    path.write_text(yaml.safe_dump(config, sort_keys=False))


def test_a_run_of_other_code_is_no_part_of_the_set(book, tmp_path, capsys):
    folder = executed(book, tmp_path / "1", *ALL)
    book.write(cell("print(9)", "a"), cell("print(2)", "b"), cell("3"))
    (gap,) = refused(book, capsys, folder)
    assert gap.startswith("notebooks/a/x.ipynb: ") and "kodu" in gap


def test_a_change_of_prose_since_the_run_is_no_hindrance(book, tmp_path):
    folder = executed(book, tmp_path / "1", *ALL)
    book.write("Söz.\n", cell("print(1)", "a"), cell("print(2)", "b"), cell("3"))
    assert gather(book, folder) == 0
    assert book.notebook().cells[1].source == "Söz."
    assert verify.problems(book.chapters, book.settings) == []


def test_an_output_changed_by_hand_or_an_error_is_no_result(book, tmp_path, capsys):
    folder = executed(book, tmp_path / "1", *ALL)
    path = folder / "notebooks/a/x.ipynb"
    path.write_text(path.read_text("utf-8").replace("a/x ", "yalan "), "utf-8")
    (gap,) = refused(book, capsys, folder)
    assert "çıktıları eksik, hatalı ya da sonradan değiştirilmiş" in gap
    executed(book, folder, "a/x")
    notebook = record.load(path)
    first = code_cells(notebook)[0]
    first.outputs = [new_output("error", ename="E", evalue="", traceback=[])]
    digest = first.metadata[MARK]["executed"]
    record.mark_executed(first, digest)
    path.write_text(files.dumps(notebook), "utf-8")
    assert refused(book, capsys, folder)


def test_a_truncated_notebook_counts_as_missing(book, tmp_path, capsys):
    folder = executed(book, tmp_path / "1", *ALL)
    path = folder / "notebooks/a/x.ipynb"
    path.write_bytes(path.read_bytes()[:-200])
    (gap,) = refused(book, capsys, folder)
    assert gap.startswith("notebooks/a/x.ipynb: hiçbir klasörde")


def test_the_newest_of_equal_runs_is_taken(book, tmp_path):
    old = executed(book, tmp_path / "1", *ALL, said="eski", hour=8)
    new = executed(book, tmp_path / "2", "a/x", said="yeni", hour=9)
    assert gather(book, new, old) == 0
    assert "yeni" in book.printed() and "eski" in book.printed("a", "y")


def test_a_disk_that_fills_up_leaves_the_book_as_it_was(book, tmp_path, monkeypatch):
    folder = executed(book, tmp_path / "1", *ALL)
    before, real, calls = content(book), writing._write_out, []

    def full(path, text):
        calls.append(path)
        if len(calls) == 3:
            raise OSError(28, "No space left on device")
        real(path, text)

    monkeypatch.setattr(writing, "_write_out", full)
    assert gather(book, folder) == 1
    assert content(book) == before
