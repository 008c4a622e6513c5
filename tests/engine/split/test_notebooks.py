"""Split: what a framework's notebook holds, keeps and is called."""

import json
import os
import subprocess
import sys

import nbformat
import pytest
from tiny_book import THREE, TWO, cell, write_book

from framework_tabs import config, writing
from framework_tabs.source import chapter
from framework_tabs.source.cell import ChapterError
from framework_tabs.split import notebook as notebooks
from framework_tabs.store import files, record


def sources(book, framework: str) -> list[str]:
    """The sources of the code cells of a framework's notebook."""
    return [each.source for each in book.code(framework)]


def pretend_to_execute(book, framework: str = "a") -> None:
    """Give every code cell an output, as if it had been executed."""
    chapter = book.chapters[0]
    notebook = book.notebook(framework)
    code = [each for each in notebook.cells if each.cell_type == "code"]
    chain = record.code_chain(chapter, framework)
    for count, (each, (_, digest)) in enumerate(zip(code, chain, strict=True), 1):
        text = f"çıktı {count}\n"
        each.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)]
        each.execution_count = count
        record.mark_executed(each, digest)
    notebook.metadata[record.MARK]["run"] = {"key": "k"}
    writing.write(book.path(framework), files.dumps(notebook))


def statuses(book, framework: str = "a") -> list[str]:
    """The status of each code cell's stored outputs."""
    found = record.outputs(book.chapters[0], framework, book.settings)
    return [each.status for each in found]


def test_a_notebook_holds_its_frameworks_cells_and_the_common_ones(tmp_path):
    parts = cell("ortak"), "Söz.\n", cell("1", "a"), cell("2", "b"), cell("son")
    book = write_book(tmp_path, *parts, frameworks=TWO)
    assert book.split() == ["notebooks/a/x.ipynb", "notebooks/b/x.ipynb"]
    assert sources(book, "a") == ["ortak", "1", "son"]
    assert sources(book, "b") == ["ortak", "2", "son"]


def test_a_fourth_framework_is_one_entry_of_the_configuration(tmp_path):
    fourth = {**THREE, "jax": {"label": "JAX", "kernel": "başka"}}
    book = write_book(
        tmp_path, *(cell(f"import {key}", key) for key in fourth), frameworks=fourth
    )
    assert "notebooks/jax/x.ipynb" in book.split()
    assert sources(book, "jax") == ["import jax"]
    assert book.notebook("jax").metadata.kernelspec.name == "başka"


def test_a_notebook_is_valid_and_says_what_it_is(tmp_path):
    book = write_book(tmp_path, cell("1", "a", "hide-input"))
    book.split()
    notebook = json.loads(book.path().read_text(encoding="utf-8"))
    nbformat.validate(notebook)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert notebook["metadata"]["language_info"]["name"] == "python"
    assert notebook["metadata"]["framework_tabs"] == {
        "framework": "a",
        "source": "chapters/x.md",
    }
    assert notebook["cells"][1]["metadata"]["tags"] == ["a", "hide-input"]


def test_the_first_cell_has_the_title_and_names_the_source(tmp_path):
    book = write_book(tmp_path, "Söz.\n", cell("1"))
    book.split()
    first, prose = book.notebook().cells[:2]
    assert first.source.startswith("# Başlık\n")
    assert "`chapters/x.md`" in first.source and "A defteri" in first.source
    assert prose.source == "Söz."


def test_links_resolve_from_the_notebooks_folder(tmp_path):
    book = write_book(tmp_path, "![x](figures/x.svg)\n", cell("1"))
    (book.root / "chapters" / "figures").mkdir()
    (book.root / "chapters" / "figures" / "x.svg").touch()
    book.split()
    target = book.notebook().cells[1].source.partition("](")[2].rstrip(")")
    assert (book.path().parent / target).is_file()


def test_cell_ids_come_from_the_content(tmp_path):
    book = write_book(tmp_path, cell("x"), "Söz.\n", cell("x"), cell("y"))
    book.split()
    before = {each.source: each.id for each in book.notebook().cells}
    assert len({each.id for each in book.notebook().cells}) == 5
    book.write("Yeni.\n", cell("y"), "Söz.\n", cell("x"))
    book.split()
    after = {each.source: each.id for each in book.notebook().cells}
    assert {k: after[k] for k in ("y", "Söz.")} == {k: before[k] for k in ("y", "Söz.")}


def test_a_notebook_is_written_only_if_its_content_changes(tmp_path):
    book = write_book(tmp_path, cell("1", "a"), cell("1", "b"), frameworks=TWO)
    book.split()
    assert book.split() == []
    book.write(cell("1", "a"), cell("2", "b"))
    assert book.split() == ["notebooks/b/x.ipynb"]


def test_outputs_and_run_survive_a_change_of_prose(tmp_path):
    book = write_book(tmp_path, cell("1"), cell("2"))
    book.split()
    pretend_to_execute(book)
    book.write("Yeni söz.\n", cell("1"), "Daha.\n", cell("2"))
    assert book.split() == ["notebooks/a/x.ipynb"]
    assert book.printed() == "çıktı 1\nçıktı 2\n"
    assert [each.execution_count for each in book.code()] == [1, 2]
    assert book.notebook().metadata.framework_tabs.run == {"key": "k"}
    assert statuses(book) == ["fresh", "fresh"]


def test_a_changed_cell_outdates_itself_and_all_that_follow(tmp_path):
    book = write_book(tmp_path, cell("1"), cell("2"), cell("3"))
    book.split()
    pretend_to_execute(book)
    book.write(cell("1"), cell("değişti"), cell("3"))
    assert statuses(book) == ["fresh", "stale", "stale"]
    book.split()
    assert statuses(book) == ["fresh", "missing", "missing"]
    assert book.printed() == "çıktı 1\n"


def test_a_new_cell_at_the_end_leaves_the_others_fresh(tmp_path):
    book = write_book(tmp_path, cell("1"))
    book.split()
    pretend_to_execute(book)
    book.write(cell("1"), cell("2"))
    assert statuses(book) == ["fresh", "missing"]


def test_a_change_for_one_framework_leaves_the_other_fresh(tmp_path):
    book = write_book(tmp_path, cell("1", "a"), cell("1", "b"), frameworks=TWO)
    book.split()
    pretend_to_execute(book, "a")
    pretend_to_execute(book, "b")
    book.write(cell("1", "a"), cell("2", "b"))
    assert (statuses(book, "a"), statuses(book, "b")) == (["fresh"], ["stale"])


def test_an_output_changed_by_hand_is_stale(tmp_path):
    book = write_book(tmp_path, cell("1"))
    book.split()
    pretend_to_execute(book)
    text = book.path().read_text(encoding="utf-8")
    book.path().write_text(text.replace("çıktı 1", "çıktı 9"), encoding="utf-8")
    assert statuses(book) == ["stale"]


def test_without_a_notebook_all_outputs_are_missing(tmp_path):
    assert statuses(write_book(tmp_path, cell("1"), cell("2"))) == ["missing"] * 2


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"nbformat": 4}'])
def test_an_unreadable_notebook_counts_as_none(tmp_path, content):
    book = write_book(tmp_path, cell("1"))
    book.split()
    good = book.path().read_bytes()
    book.path().write_text(content)
    assert statuses(book) == ["missing"]
    book.split()
    assert book.path().read_bytes() == good


def test_the_notebook_of_a_removed_chapter_or_framework_is_found(tmp_path):
    book = write_book(tmp_path, cell("1"))
    book.write(cell("1"), name="y")
    book.split()
    book.source("y").unlink()
    (book.root / "notebooks" / "eski").mkdir()
    book.path("eski").write_text("{}")
    found = files.orphans(book.chapters, book.settings)
    assert found == [book.path("a", "y"), book.path("eski")]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_file_and_no_other(tmp_path, monkeypatch, step):
    path = tmp_path / "x.ipynb"
    writing.write(path, "eski")

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(OSError, match="No space"):
        writing.write(path, "yeni")
    assert path.read_text() == "eski"
    assert list(tmp_path.iterdir()) == [path]


def test_a_reference_to_another_chapter_leads_to_its_notebook(tmp_path):
    common = {"p": {"label": "P"}}
    book = write_book(tmp_path, frameworks=TWO, common=common)
    book.write(
        "(sec_b)=\n## İkinci\n",
        "```{figure} y.svg\n:name: fig_b\nYazı\n```\n",
        cell("1", "a"),
        cell("1", "b"),
        name="other",
    )
    book.write("(sec_c)=\n## Klasik\n", cell("1"), name="neutral")
    book.write("(sec_d)=\n## Sözlük\n", name="words")
    words = "{ref}`sec_b`, {numref}`fig_b`, {ref}`sec_c`, {ref}`sec_d`, {ref}`sec_x`.\n"
    book.write(words, cell("1", "a"), cell("1", "b"))
    book.split()
    assert (
        "[İkinci](other.ipynb), [Şekil 1](other.ipynb), [Klasik](../p/neutral.ipynb)"
        ", Sözlük, sec_x." in book.notebook("b").cells[1].source
    )


INCLUDED = "```{literalinclude} ../lib.py\n:pyobject: f\n```\n"


def test_included_code_is_in_the_notebook(tmp_path):
    book = write_book(tmp_path, INCLUDED, cell("1"))
    (tmp_path / "lib.py").write_text("import os\n\n\ndef f():\n    return 1\n")
    book.split()
    code = "```python\ndef f():\n    return 1\n```"
    assert code in [each.source for each in book.notebook().cells]


def test_a_part_of_a_function_can_be_included_without_its_indent(tmp_path):
    part = INCLUDED.replace(":pyobject: f", ":pyobject: f\n:start-at: x =\n:dedent: 4")
    book = write_book(tmp_path, part, cell("1"))
    (tmp_path / "lib.py").write_text("def f():\n    y = 1\n    x = 2\n    z = 3\n")
    book.split()
    code = "```python\nx = 2\nz = 3\n```"
    assert code in [each.source for each in book.notebook().cells]


def test_code_that_is_not_there_to_include_is_an_error_of_the_chapter(tmp_path):
    book = write_book(tmp_path, INCLUDED, cell("1"))
    with pytest.raises(ChapterError, match=r"chapters/x.md:\d+: .*lib\.py: No such"):
        book.split()
    (tmp_path / "lib.py").write_text("x = 1\n")
    with pytest.raises(ChapterError, match="lib.py içinde “f” yok"):
        book.split()


WITHOUT_SPHINX = """\
import sys
from framework_tabs import config
from framework_tabs.source import chapter
from framework_tabs.split import notebook
settings = config.load(sys.argv[1])
assert notebook.split(chapter.read_all(settings), settings)
sys.exit(any(name.partition(".")[0] == "sphinx" for name in sys.modules))
"""


def test_to_split_a_book_is_not_to_load_sphinx(tmp_path):
    prose = "```{note}\n{numref}`fig`\n```\n\n{{ x }}\n\n```{eval-rst}\nA\n```\n"
    write_book(tmp_path, INCLUDED, prose, cell("1"))
    (tmp_path / "lib.py").write_text("def f():\n    return 1\n")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: chapters/x\n")
    command = [sys.executable, "-c", WITHOUT_SPHINX, tmp_path]
    assert subprocess.run(command).returncode == 0


def test_with_a_repository_a_first_cell_installs_what_is_missing(tmp_path):
    book = write_book(tmp_path, cell("1"))
    frameworks = {"a": {"label": "A", "install": "kitap[a] @ git+{repository}"}}
    settings = config.Settings.from_mapping(
        book.root,
        {"frameworks": frameworks, "depends_on": ["chapters"]},
        {"url": "https://github.com/biri/kitap"},
    )
    (only,) = chapter.read_all(settings)

    notebook = notebooks.build(only, settings.frameworks["a"], settings)

    setup = next(c for c in notebook.cells if c.cell_type == "code")
    assert "if importlib.util.find_spec('chapters') is None:" in setup.source
    assert '%pip install --quiet "kitap[a] @ git+https://github.com/biri/kitap"' in (
        setup.source
    )
    assert [c.source for c in record.code_cells(notebook)] == ["1"]  # the chapter's


def test_without_a_repository_nothing_is_installed(tmp_path):
    book = write_book(tmp_path, cell("1"))
    book.split()
    assert "pip install" not in book.path().read_text(encoding="utf-8")
