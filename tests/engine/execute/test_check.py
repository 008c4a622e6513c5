"""Check: every difference between a chapter and its notebooks has a name."""

import pytest
from tiny_book import TWO, cell, write_book

from framework_tabs.execute import verify
from framework_tabs.store import files, own_code, record

LIB = "def f():\n    return 1\n\n\ndef g():\n    return 3\n"


@pytest.fixture
def book(tmp_path):
    """An executed book whose cells call a library."""
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "__init__.py").write_text(LIB)
    parts = "Söz.\n", cell("import lib; lib.f()"), cell("print(2)")
    book = write_book(tmp_path, *parts, depends_on=["lib"])
    assert book.execute() == []
    return book


def problems(book) -> list[str]:
    """What ``check`` finds wrong."""
    return verify.problems(book.chapters, book.settings)


def notices(book) -> list[str]:
    """What ``check`` remarks."""
    return verify.notices(book.chapters, book.settings)


def edit(book, change) -> None:
    """Change the stored notebook as another program would."""
    notebook = book.notebook()
    change(notebook)
    book.path().write_text(files.dumps(notebook), encoding="utf-8")


def test_executed_notebooks_have_no_problem_and_need_no_remark(book):
    assert (problems(book), notices(book)) == ([], [])


def test_a_missing_notebook_is_named(book):
    book.path().unlink()
    (problem,) = problems(book)
    assert problem.startswith("notebooks/a/x.ipynb: defter yok")


def test_a_notebook_that_was_never_executed_lacks_its_outputs(tmp_path):
    book = write_book(tmp_path, cell("1", "a"), cell("2", "b"), frameworks=TWO)
    book.split()
    line = book.line("```{code-cell}")
    assert problems(book)[0] == (
        f"notebooks/a/x.ipynb: kod hücresi 1/1 (chapters/x.md:{line}): çıktısı yok; "
        "execute çalıştırın."
    )
    assert len(problems(book)) == 2


def test_a_changed_line_of_code_is_found_until_it_is_executed(book):
    book.write("Söz.\n", cell("import lib; lib.f()"), cell("print(3)"))
    found = "\n".join(problems(book))
    assert "hücre 4: içeriği kaynaktan farklı; split çalıştırın." in found
    assert f"2/2 (chapters/x.md:{book.line('print(3)') - 1}): çıktısı eski" in found
    book.split()
    (problem,) = problems(book)
    assert "kod hücresi 2/2" in problem and "çıktısı yok" in problem
    book.execute()
    assert problems(book) == []


def test_a_changed_line_of_prose_is_found_until_it_is_split(book):
    book.write("Yeni.\n", cell("import lib; lib.f()"), cell("print(2)"))
    assert problems(book) == [
        "notebooks/a/x.ipynb: hücre 2: içeriği kaynaktan farklı; split çalıştırın."
    ]
    book.split()
    assert problems(book) == []


def test_a_cell_more_or_less_in_the_source_is_found(book):
    book.write("Söz.\n", cell("import lib; lib.f()"), cell("print(2)"), "Son.\n")
    assert "hücre 4: ardından gelmesi gereken hücre" in problems(book)[0]
    book.write(cell("import lib; lib.f()"), cell("print(2)"))
    assert "hücre 2: kaynakta yok" in problems(book)[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda nb: nb.cells[3].metadata.update(tags=["x"]), "hücre 4: etiketleri"),
        (lambda nb: nb.cells[3].update(id="x"), "hücre 4: etiketleri ya da kimliği"),
        (lambda nb: nb.metadata.kernelspec.update(name="x"), "üst bilgisi"),
        (lambda nb: nb.cells[3].outputs.clear(), "kod hücresi 2/2"),
        (lambda nb: nb.cells[3].outputs[0].update(text="9\n"), "kod hücresi 2/2"),
        (lambda nb: nb.cells[3].metadata.pop("framework_tabs"), "çıktısı yok"),
        (lambda nb: nb.cells.pop(3), "hücre 3: ardından"),
    ],
)
def test_a_notebook_changed_by_hand_is_found(book, change, told):
    edit(book, change)
    assert told in problems(book)[0]


def test_a_notebook_in_another_layout_is_found(book):
    book.path().write_bytes(book.path().read_bytes() + b"\n")
    assert problems(book) == [
        "notebooks/a/x.ipynb: dosya split çıktısından farklı; split çalıştırın."
    ]


def test_a_broken_notebook_is_found(book):
    book.path().write_text("{")
    assert any("çıktısı yok" in problem for problem in problems(book))


def test_a_notebook_without_a_chapter_is_found(book):
    book.path("a", "eski").write_text("{}")
    assert (
        "notebooks/a/eski.ipynb: bu deftere karşılık gelen bölüm yok"
        in (problems(book)[0])
    )


def depends_on(book, name: str) -> str:
    """The digest of all code that a chapter's cells may call."""
    chapter = next(each for each in book.chapters if each.name == name)
    sources = record.sources(chapter, "a")
    return own_code.digest_of_all(book.settings.frameworks["a"], book.settings, sources)


def forget_what_ran(notebook) -> None:
    """Let a notebook's run be as those are of which it is not known what they used."""
    del notebook.metadata.framework_tabs.run["ran"]
    notebook.metadata.framework_tabs.run.depends_on = ""


def test_a_changed_function_that_ran_is_remarked_by_name_and_no_problem(book):
    (book.root / "lib" / "__init__.py").write_text("# yorum\n" + LIB)
    assert notices(book) == []
    (book.root / "lib" / "__init__.py").write_text(LIB.replace("return 1", "return 2"))
    assert problems(book) == []
    (notice,) = notices(book)
    assert notice.startswith("notebooks/a/x.ipynb: ")
    assert "(lib/__init__.py: f " in notice


def test_a_change_of_a_function_that_did_not_run_is_none(book):
    (book.root / "lib" / "__init__.py").write_text(LIB.replace("return 3", "return 4"))
    assert (problems(book), notices(book)) == ([], [])


def test_a_run_that_does_not_say_what_it_used_rests_on_all_code(book):
    edit(book, forget_what_ran)
    (notice,) = notices(book)
    assert notice.startswith("notebooks/a/x.ipynb: çalıştırıldığından beri")


def test_a_change_of_an_ignored_file_is_remarked_where_it_is_imported(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "extra.py").write_text("y = 1\n")
    ignoring = {"a": {"label": "A", "ignores": ["lib/extra.py"]}}
    book = write_book(tmp_path, frameworks=ignoring, depends_on=["lib"])
    book.write(cell("from lib import extra", "a"), name="uses")
    book.write(cell("print(1)", "a"), name="without")
    assert book.execute() == [] and notices(book) == []
    for name in ("uses", "without"):
        notebook = book.notebook("a", name)
        del notebook.metadata.framework_tabs.run["ran"]
        notebook.metadata.framework_tabs.run.depends_on = depends_on(book, name)
        book.path("a", name).write_text(files.dumps(notebook), encoding="utf-8")
    assert notices(book) == []
    (tmp_path / "lib" / "extra.py").write_text("y = 2\n")
    (notice,) = notices(book)
    assert notice.startswith("notebooks/a/uses.ipynb")


def test_a_run_of_another_python_is_not_compared(book):
    (book.root / "lib" / "__init__.py").write_text(LIB.replace("1", "2"))
    edit(book, lambda nb: nb.metadata.framework_tabs.run.update(python="3.99.0"))
    assert notices(book) == []
